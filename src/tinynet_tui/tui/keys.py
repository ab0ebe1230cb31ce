"""A key that was pressed, looked up in a table of keys."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import TypeVar

from textual.events import Key

Entry = TypeVar("Entry")


def entry_of(event: Key, table: Mapping[str, Entry]) -> Entry | None:
    """What a key stands for: by its name, or by what it types."""
    return table.get(event.key) or table.get(event.character or "")


def no_key(event: Key) -> str:
    """What there is to say of a key that stands for nothing."""
    character = event.character or ""
    key = character if event.is_printable else event.key
    if character.isalpha() and not unicodedata.name(character, "").startswith("LATIN"):
        return f"{key} does nothing here: switch the keyboard to Latin letters."
    return f"{key} does nothing here: ? lists all keys."
