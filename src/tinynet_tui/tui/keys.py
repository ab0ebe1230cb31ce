"""A key that was pressed, looked up in a table of keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from textual.events import Key

Entry = TypeVar("Entry")


def entry_of(event: Key, table: Mapping[str, Entry]) -> Entry | None:
    """What a key stands for: by its name, or by what it types."""
    return table.get(event.key) or table.get(event.character or "")


def no_key(event: Key) -> str:
    """What there is to say of a key that stands for nothing."""
    key = event.character if event.is_printable else event.key
    return f"The key {key} does nothing here. ? lists the keys."
