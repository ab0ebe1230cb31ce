"""Names of rooms and of people in a class, as others may see them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import partial
from itertools import count

_LONGEST = 24
_ROOM = re.compile(r"[a-z0-9._][a-z0-9._-]{0,23}")
_RESERVED = frozenset({"lead", "desk", "follow", "serve", "replay", "everyone", "all", "teacher"})
"""Words that stand for something else where a name could stand."""

_UNSEEN = "\u115f\u1160"
"""Fillers of Hangul: the letters of Unicode that nobody sees."""
_OF_FILES = (".lock", ".kept", ".new")
"""Endings of the files beside the socket of a room."""


def room_fault(name: str) -> str | None:
    """Why a room cannot be called so, in words, or None."""
    if _ROOM.fullmatch(name) and name.strip(".") and not name.endswith(_OF_FILES):
        return None
    return f"must be a name of 1 to {_LONGEST} of a-z, 0-9, - _ and ., such as class or room-7"


def shown_name(name: str) -> str:
    """A person's name as it may be shown to others: harmless signs alone, and never empty.

    Example:
        >>> shown_name("Ada\\x1b[2J Lovelace"), shown_name("lead"), shown_name("")
        ('Ada2J Lovelace', 'lead 1', 'guest')
    """
    cleaned = cleaned_name(name)
    if not any(map(str.isalnum, cleaned)):
        return "guest"
    return f"{cleaned} 1" if cleaned.casefold() in _RESERVED else cleaned


def cleaned_name(name: str) -> str:
    """What is left of a name without signs that may not be shown; "" where that is nothing."""
    signs = unicodedata.normalize("NFKC", name)
    kept = "".join(sign for sign in signs if (sign.isalnum() or sign in " ._-'") and sign not in _UNSEEN)
    return " ".join(kept.split())[:_LONGEST].strip()


def free_name(name: str, is_taken: Callable[[str], bool]) -> str:
    """A name that nobody has: the one wished for, or the same with a number."""
    return next(found for found in map(partial(numbered, name), count(1)) if not is_taken(found))


def numbered(name: str, number: int) -> str:
    """The name of one of those who wish for the same, counted from 1."""
    ending = f" {number}"
    return name if number == 1 else name[: _LONGEST - len(ending)].rstrip() + ending
