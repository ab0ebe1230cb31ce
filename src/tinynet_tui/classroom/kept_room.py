"""A room as it is kept beside its socket, so that a leader who was cut off goes on where the class was."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path

import msgspec

from tinynet_tui.classroom.room import Person, Room
from tinynet_tui.session.saved_session import DAMAGED, StateFault, decoded, encoded
from tinynet_tui.session.session import Session

_LARGEST = 32 << 20
"""Bytes of a kept room: its place, and those of a question, with lessons of any size, and many answers."""


def keep_room(path: Path, room: Room) -> None:
    """Write a room. It outlives the leader, but is not waited for until it is on the disk.

    Raises: OSError when it cannot be written, or is too large to be read; what was there is then untouched.
    """
    text = msgspec.json.encode(room)
    if len(text) > _LARGEST:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    unfinished = path.with_name(f"{path.name}.new")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(text)
    os.replace(unfinished, path)


def kept_place(session: Session) -> bytes:
    """A session as it is kept for a leader who comes back: with what they have predicted."""
    return encoded(replace(session.bare, tour=None))


def kept_room(path: Path) -> tuple[Room, Session] | None:
    """(the room that was kept, with everyone away; the session at its place).

    None where there is none that can be used.
    """
    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST + 1)
        room = msgspec.json.decode(text, type=Room)
        session = decoded(room.place)
    except (OSError, *DAMAGED, StateFault):
        return None
    # Until when somebody was kept is of a clock that a new start of the machine begins anew.
    people: tuple[Person, ...] = tuple(
        replace(person, doing="away", pinned_until=None) for person in room.people
    )
    again = replace(room, people=people, lent_to=None, teacher_is_away=False, pinned_until=None)
    return None if room.has_ended else (again, session)
