"""A room as it is kept beside its socket, so that a leader who was cut off goes on where the class was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec

from tinynet_tui.classroom.room import Person, Room
from tinynet_tui.safety.whole_files import replace_file

_LARGEST = 8 << 20
"""Bytes of a kept room: a lesson of any size, and some thousand people and answers."""


def keep_room(path: Path, room: Room) -> None:
    """Write a room.

    Raises: OSError when it cannot be written; what was there before is then untouched.
    """
    replace_file(path, msgspec.json.encode(room))


def kept_room(path: Path) -> Room | None:
    """The room that was kept, with everyone away; None where there is none that can be used."""
    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST + 1)
        room = msgspec.json.decode(text, type=Room)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    people: tuple[Person, ...] = tuple(replace(person, doing="away") for person in room.people)
    return None if room.has_ended else replace(room, people=people, lent_to=None, teacher_is_away=False)
