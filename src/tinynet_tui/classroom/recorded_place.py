"""Where a class is, as it is recorded: a few hundred bytes, and the lesson once for many of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

import msgspec

from tinynet_tui.session.saved_session import DAMAGED, StateFault, decoded, encoded
from tinynet_tui.session.session import VARIANTS, Session

VERSION = 1
LARGEST = 65_536
"""Bytes of a place; an hour of edits takes less."""


class PlaceFault(ValueError):
    """A place that cannot be used; says why, in one line."""


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """A place, but for the lesson, which is named by its hash."""

    version: int
    lesson: str
    """The hash of its text."""
    at: dict[str, Any]
    """Edits, seed, update, step and the rest, as a state file has them."""
    variant: str | None = None
    """The wrong way that is shown, if one is."""


def recorded_place(session: Session) -> tuple[bytes, str]:
    """(the place of a session as JSON in one line, the text of its lesson)."""
    saved = msgspec.json.decode(encoded(session.for_class))
    lesson = saved.pop("lesson")
    place = Place(VERSION, lesson_hash(lesson), saved, session.variant)
    return msgspec.json.encode(place), lesson


def lesson_hash(text: str) -> str:
    """The name by which a lesson is known where it has been sent before."""
    return sha256(text.encode()).hexdigest()[:16]


def session_at(place: bytes, lessons: Mapping[str, str]) -> Session:
    """The session at a place, with the lessons that are known by their hashes.

    Raises: PlaceFault when it is damaged, of a newer version, or in a lesson that is not known.
    """
    read = _read(place)
    lesson = lessons.get(read.lesson)
    if lesson is None:
        raise PlaceFault("its lesson is not there")
    if read.variant is not None and read.variant not in VARIANTS:
        raise PlaceFault("it is damaged")
    try:
        session = decoded(msgspec.json.encode({**read.at, "lesson": lesson}))
    except StateFault as fault:
        raise PlaceFault(str(fault)) from None
    return replace(session, variant=read.variant)


def _read(place: bytes) -> Place:
    if len(place) > LARGEST:
        raise PlaceFault(f"it is larger than {LARGEST:,} bytes")
    try:
        version = msgspec.json.decode(place, type=_Version).version
        if version > VERSION:
            raise PlaceFault("it was written by a newer version")
        return msgspec.json.decode(place, type=Place)
    except DAMAGED:
        raise PlaceFault("it is damaged") from None


class _Version(msgspec.Struct):
    version: int
