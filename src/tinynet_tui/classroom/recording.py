"""A class as a file: its places with their times, a line of JSON each, and each lesson once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO

import msgspec

from tinynet_tui.classroom.recorded_place import LARGEST, PlaceFault, lesson_hash, recorded_place, session_at
from tinynet_tui.lessons.schema import LIMITS
from tinynet_tui.safety.foreign_text import escaped_in_json
from tinynet_tui.session.saved_session import DAMAGED
from tinynet_tui.session.session import Session

LONGEST_LINE = LARGEST + 2 * LIMITS.file_bytes
"""Bytes: a lesson of any size as JSON has it."""
MOST_LINES = 100_000
_NOTED_AFTER = 20.0
"""Seconds at a place after which a file has that the class is still there: a kill loses no more of them."""


class RecordingFault(Exception):
    """A file that is no recorded class; says why, with the line."""


class _Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """A lesson, or a place and its time."""

    class_: int = msgspec.field(default=0, name="class")
    """The version of the format: in the first line alone."""
    lesson: str = ""
    seconds: float = 0.0
    """Since the class began; without a place: so long it has stayed where it was."""
    place: msgspec.Raw = msgspec.Raw(b"")


@dataclass(frozen=True, slots=True)
class Recorded:
    """One place of a recorded class."""

    seconds: float
    """Since the class began."""
    session: Session


class Recorder:
    """Writes a class to a file while it goes on."""

    def __init__(self, file: IO[bytes], clock: Callable[[], float]) -> None:
        """Begin a class, or go on with the one that is in the file, after its last whole line.

        Raises: RecordingFault where something else is there; OSError where it cannot be read.
        """
        file.seek(0)
        self._written = max((line.seconds for line in _lines(file)), default=0.0)
        file.seek(0)
        end = sum(len(line) for line in file if line.endswith(b"\n"))
        file.seek(end)
        file.truncate()
        self._file, self._clock = file, clock
        self._began = clock() - self._written
        self._known: set[str] = set()
        self._last = b""

    def record(self, session: Session) -> None:
        """Write a place, if it is another than the last; its lesson too, if that is new. Of the same one
        the time is written now and then: it is to be called every few seconds.

        Raises: OSError when the file cannot be written.
        """
        place, lesson = recorded_place(session)
        seconds = round(self._clock() - self._began, 2)
        if place == self._last:  # a question of one's own, say: nothing that the class goes to
            if seconds >= self._written + _NOTED_AFTER:
                self._write(_Line(seconds=seconds))
            return
        self._last = place
        if not self._known:
            self._write(_Line(class_=1))
        if lesson_hash(lesson) not in self._known:
            self._known.add(lesson_hash(lesson))
            self._write(_Line(lesson=lesson))
        self._write(_Line(seconds=seconds, place=msgspec.Raw(place)))

    def _write(self, line: _Line) -> None:
        self._written = max(self._written, line.seconds)
        self._file.write(escaped_in_json(msgspec.json.encode(line).decode()).encode() + b"\n")
        self._file.flush()


def recorded(lines: Iterable[bytes]) -> Iterator[Recorded]:
    """The places of a recorded class, in their order. A last line that was cut off is passed over.

    Raises: RecordingFault with the number of the line that is wrong.
    """
    lessons: dict[str, str] = {}
    before = 0.0
    for number, line in enumerate(_lines(lines), start=1):
        if line.lesson:
            lessons[lesson_hash(line.lesson)] = line.lesson
        elif bytes(line.place):
            before = max(before, line.seconds)
            try:
                yield Recorded(before, session_at(bytes(line.place), lessons))
            except PlaceFault as fault:
                raise RecordingFault(f"line {number}: the place cannot be used: {fault}") from None


def _lines(lines: Iterable[bytes]) -> Iterator[_Line]:
    """The lines of a recorded class, but for the last where a kill has left it without an end."""
    for number, text in enumerate(lines, start=1):
        if len(text) > LONGEST_LINE or number > MOST_LINES:
            raise RecordingFault(f"line {number}: it is too long, or there are too many")
        if not text.endswith(b"\n") and number > 1:
            return
        try:
            line = msgspec.json.decode(text, type=_Line)
        except DAMAGED:
            raise RecordingFault(f"line {number}: it is no line of a recorded class") from None
        if number == 1 and line.class_ != 1:
            newer = "it was recorded by a newer version"
            raise RecordingFault(f"line 1: {newer if line.class_ > 1 else 'this is no recorded class'}")
        yield line
