"""What is in the messages of `messages` that are JSON: what followers and a leader tell each other."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from tinynet_tui.drawing.theme import Colours, Palette
from tinynet_tui.session.session import Session
from tinynet_tui.session.state_file import encoded

VERSION = 1
"""Of all that is said here."""


class Hello(msgspec.Struct, frozen=True):
    """What a follower says first."""

    version: int
    name: str
    colours: Colours
    ascii: bool
    palette: Palette
    is_desk: bool = False
    """Whether it is the teacher's private view that is wanted."""


class OwnAppNews(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a follower's own app says: only what has changed."""

    at: str | None = None
    """Where its user is: "2.18"."""
    hand: bool | None = None


class ClassNow(msgspec.Struct, frozen=True):
    """What a follower's own app is told."""

    leader: str
    update: int
    step: int
    here: int
    """How many follow, the leader not counted."""
    is_same: bool
    """Whether the class works with the numbers that this follower had when they went on alone."""
    leads: bool
    """Whether this follower has been lent the lead."""
    hand: bool
    """Whether this follower's hand is up."""
    asks: bool
    """Whether the class is asked something."""
    is_away: bool
    """Whether the teacher's connection is gone."""


def sent_place(session: Session) -> bytes:
    """A session as it is sent on this machine: all that another program needs to be at the same place."""
    return encoded(replace(session.bare, lesson=session.lesson.for_all))
