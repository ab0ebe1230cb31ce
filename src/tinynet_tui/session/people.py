"""The people who share an account: their names, and the files that are kept for each."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

TOUR_STATE = "tour"
"""The kind of the file that keeps a tour: it is taken up where it was left, whatever was done elsewhere."""
_LONGEST = 64
"""Characters of a name."""
_LONGEST_IN_FILE = 120
"""Characters of a name as it stands in a file's name, of which a disk takes 255 in all."""
_BETWEEN = " .'_-"
"""Signs that names have between their letters."""
_OF_NAMES = ("L", "M", "Nd")
"""Categories of Unicode: letters of any script, the marks on them, digits."""


def person_called(text: str) -> str:
    """The name of a person as it was typed, without blanks around it.

    Raises: ValueError when it is none, with the reason in words.
    """
    name = unicodedata.normalize("NFC", " ".join(text.split(" ")).strip())
    if not 0 < len(name) <= _LONGEST or not all(map(_is_of_names, name)) or not any(map(str.isalnum, name)):
        raise ValueError(
            f"must be a name of 1 to {_LONGEST} letters, digits, spaces and . ' _ -, such as Ada"
        )
    return name


def _is_of_names(character: str) -> bool:
    return character in _BETWEEN or unicodedata.category(character).startswith(_OF_NAMES)


def state_file_name(person: str, kind: str = "session", ending: str = ".json") -> str:
    """The name of a person's file of some kind; "" is the user of an account that is not shared.

    It is plain ASCII, and the same for a name in capitals: every disk tells the same people apart. Nothing
    else makes two names one: Weiß is not Weiss.

    Example:
        >>> state_file_name("Ada Lovelace"), state_file_name("Åsa")
        ('session-ada%20lovelace.json', 'session-%C3%A5sa.json')
    """
    if not person:
        return f"{kind}{ending}"
    from hashlib import sha256
    from urllib.parse import quote

    known_as = unicodedata.normalize("NFC", person.lower())
    name = quote(known_as)
    if len(name) > _LONGEST_IN_FILE:
        name = f"{name[:_LONGEST_IN_FILE]}~{sha256(known_as.encode()).hexdigest()[:32]}"
    return f"{kind}-{name}{ending}"


def state_path(person: str = "", kind: str = "session", ending: str = ".json") -> Path | None:
    """Where a file of this user's is kept, or of one person of an account that is shared.

    None for a user without a home directory.
    """
    from platformdirs import user_state_path

    return _file_in(user_state_path, state_file_name(person, kind, ending))


def settings_path() -> Path | None:
    """Where this user's settings are read from; None for a user without a home directory."""
    from platformdirs import user_config_path

    return _file_in(user_config_path, "settings.toml")


def _file_in(folder_for: Callable[..., Path], name: str) -> Path | None:
    try:
        path = folder_for("tinynet-tui", appauthor=False) / name
    except RuntimeError:
        return None
    return path if path.is_absolute() else None  # as older versions of platformdirs say the same
