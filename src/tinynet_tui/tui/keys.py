"""What is said of a key that does nothing."""

from __future__ import annotations

import unicodedata

from textual.events import Key

from tinynet_tui.session.commands import key_of


def no_key(event: Key) -> str:
    """What there is to say of a key that stands for nothing."""
    character = event.character or ""
    key = character if event.is_printable else event.key
    if character.isalpha() and not unicodedata.name(character, "").startswith("LATIN"):
        return f"{key} does nothing here: switch the keyboard to Latin letters."
    return f"{key} does nothing here: {key_of('help')} lists all keys."
