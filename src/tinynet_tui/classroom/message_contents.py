"""What is in the messages of `messages` that are JSON: what followers and a leader tell each other."""

from __future__ import annotations

from functools import lru_cache
from itertools import chain
from typing import Any
from zlib import crc32

import msgspec

from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.theme import Colours, OwnPaints, Palette, paint_faults
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.session.commands import STEPS_ALONE
from tinynet_tui.session.keys import OwnKeys
from tinynet_tui.session.own_key_faults import key_faults
from tinynet_tui.session.saved_session import encoded
from tinynet_tui.session.session import Edit, Session

VERSION = 1
"""Of all that is said here."""
LONGEST_ASIDE = 60
"""Characters of what a leader does that is not shown."""


class Hello(msgspec.Struct, frozen=True):
    """What a follower says first."""

    version: int
    name: str
    colours: Colours
    ascii: bool
    palette: Palette
    is_desk: bool = False
    """Whether it is the teacher's private view that is wanted."""
    is_alone: bool = False
    """Whether it is the app of one who steps by themselves, and goes on with that."""
    own: dict[str, str | int] = {}
    """What they have chosen for their own screen; see `shared_screens.Own`."""
    keys: OwnKeys = ()
    """Their own keys."""
    paints: OwnPaints = ()
    """Their own colours."""
    letters: bool = False
    """Whether letters of any script are shown where signs are ASCII."""
    leader: str = ""
    """What the class that they have left calls its leader."""
    is_over: bool = False
    """Whether that one has ended."""
    forgets: bool = False
    """Whether nothing is left of what was tried before under their name."""

    @property
    def look(self) -> Look:
        """How to write for them, with their keys."""
        return Look(self.ascii, self.letters, own_keys=self.chosen_keys)

    @property
    def chosen_keys(self) -> OwnKeys:
        """Their own keys; none where they cannot be used."""
        return self.keys if _can_be_used(self.keys, ()) else ()

    @property
    def chosen_paints(self) -> OwnPaints:
        """Their own colours; none where they cannot be used."""
        return self.paints if _can_be_used((), self.paints) else ()


def who_is_gone(teacher: str, hello: Hello) -> str:
    """What a follower's terminal says of a leader who is not there."""
    return hello.look.named(f"{teacher} is not there")


def lost_rows(teacher: str, room: str, hello: Hello) -> str:
    """What a follower's terminal says while there is no leader, as `thin_client` takes it."""
    look, gone = hello.look, "\v"
    wait = look.say(f"{room} goes on when they are back")
    steps = (f"\t{look.say(look.keys.filled(step))}\t" for step in STEPS_ALONE)
    # Without a leader nobody has the palette: where no key can be told, that one steps is not, either.
    long, short = steps if look.keys.first("next") and not hello.is_desk else ("", "")
    leaves = look.say(f"{look.keys.of('quit')} leaves")
    rows = ((gone, wait, long), (gone, wait, short), (gone, f"{room} waits", short), (gone, short))
    title = f"\n\n {room}{look.apart}{gone}" if hello.is_desk else ""
    said = "\n".join(f" {look.apart.join((*filter(None, row), leaves))}" for row in rows) + title
    return f"{who_is_gone(teacher, hello)}\r{said}"


@lru_cache(maxsize=256)
def _can_be_used(keys: OwnKeys, paints: OwnPaints) -> bool:
    return next(chain(key_faults(keys), paint_faults(paints)), None) is None


class OwnAppNews(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a follower's own app says: only what has changed."""

    at: str | None = None
    """Where its user is: "2.18"."""
    hand: bool | None = None
    is_too_small: bool | None = None
    """Whether their window is."""
    aside: str | None = None
    """What they do while they lead that is not shown, in words after their name."""
    page: dict[str, Any] | None = None
    """The page of experiments that they look at then, as `PageNews` has it; an empty one is none."""
    practised: tuple[tuple[str, bool], ...] | None = None
    """(the kind of step, whether it was right at once) of each answer in practice."""


class ClassNow(msgspec.Struct, frozen=True):
    """What a follower's own app is told."""

    leader: str
    update: int
    step: int
    here: int
    """How many follow, the leader not counted."""
    numbers: int
    """What the numbers that the class works with can be told by: see `numbers_of`."""
    leads: bool
    """Whether this follower has been lent the lead."""
    hand: bool
    """Whether this follower's hand is up."""
    asks: bool
    """Whether the class is asked something, and answers are taken."""
    is_away: bool
    """Whether the teacher's connection is gone."""
    pinned: int = 0
    """Seconds for which this follower is still kept with the class."""
    lesson: int = 0
    """What its lesson can be told by."""


@lru_cache(maxsize=64)
def _checksum(lesson: Lesson, edits: tuple[Edit, ...], seed: int | None) -> int:
    return crc32(repr((lesson, edits, seed)).encode())


def numbers_of(session: Session) -> int:
    """What is the same for two sessions of the same lesson, edits and random start, in every process."""
    return _checksum(session.lesson.for_all, session.edits, session.seed)


def mark_of_lesson(lesson: Lesson) -> int:
    """What is the same for one lesson in every process."""
    return _checksum(lesson.for_all, (), None)


def sent_place(session: Session) -> bytes:
    """A session as it is sent on this machine: all that another program needs to be at the same place.

    What its user has predicted stays theirs.
    """
    return encoded(session.for_class)
