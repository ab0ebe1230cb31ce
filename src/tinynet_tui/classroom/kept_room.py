"""A room as it is kept beside its socket, so that a leader who was cut off goes on where the class was."""

from __future__ import annotations

import errno
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import msgspec

from tinynet_tui.classroom.room import Person, Room
from tinynet_tui.session.saved_session import DAMAGED, StateFault, decoded, encoded
from tinynet_tui.session.session import Session

T = TypeVar("T", Room, Person)
_LARGEST = 32 << 20
"""Bytes of a kept room: its place, and those of a question, with lessons of any size, and many answers."""


def keep_room(path: Path, room: Room) -> None:
    """Write a room. It outlives the leader, but is not waited for until it is on the disk.

    Raises: OSError when it cannot be written, or is too large to be read; what was there is then untouched.
    """
    text = msgspec.json.encode(_by_clock(room, time.time() - time.monotonic()))
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
    room = _by_clock(room, time.monotonic() - time.time())
    people = tuple(replace(person, doing="away") for person in room.people)
    again = replace(room, people=people, lent_to=None, teacher_is_away=False)
    return None if room.has_ended else (again, session)


def _by_clock(room: Room, ahead: float) -> Room:
    """A room by another clock: a file's is that of the day, since the room's begins anew with the machine.

    ahead: seconds by which that clock is ahead.
    """

    def by_clock(kept: T) -> T:
        until = kept.pinned_until
        return kept if until is None else replace(kept, pinned_until=until + ahead)

    return replace(by_clock(room), people=tuple(map(by_clock, room.people)))
