"""The people who share an account, each with a state file of their own."""

from __future__ import annotations

import unicodedata

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


def state_file_name(person: str) -> str:
    """The name of a person's state file; "" is the user of an account that is not shared.

    It is plain ASCII, and the same for a name in capitals: every disk tells the same people apart. Nothing
    else makes two names one: Weiß is not Weiss.

    Example:
        >>> state_file_name("Ada Lovelace"), state_file_name("Åsa")
        ('session-ada%20lovelace.json', 'session-%C3%A5sa.json')
    """
    if not person:
        return "session.json"
    from hashlib import sha256
    from urllib.parse import quote

    known_as = unicodedata.normalize("NFC", person.lower())
    name = quote(known_as)
    if len(name) > _LONGEST_IN_FILE:
        name = f"{name[:_LONGEST_IN_FILE]}~{sha256(known_as.encode()).hexdigest()[:32]}"
    return f"session-{name}.json"
