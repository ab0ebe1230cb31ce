"""How a person's practice has gone: every answer in a file, and what follows from them by kind of step."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import msgspec

from tinynet_tui.prediction.kinds import KINDS, StepKind
from tinynet_tui.safety.foreign_text import escaped_in_json
from tinynet_tui.session.saved_session import DAMAGED
from tinynet_tui.session.session import Result

_LARGEST = 4_000_000
"""Bytes of a record that are read: the last ones, some 20,000 answers."""
_WEIGHT = 0.3
"""Of the last answer in the moving average."""
IN_A_ROW = 3
"""Right answers in a row after which a kind is mastered, and comes back later."""
_DAY = 24 * 60 * 60.0
INTERVALS = tuple(days * _DAY for days in (1, 3, 7))
"""Seconds until a kind comes back, the first time it is mastered, the second, and from then on."""
_HALF, _ALONE = 0.3, 0.7
"""Of the moving average: from here on the formula is not shown at once; below, a step is shown first."""


class PracticeAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One question of practice, and how it was answered."""

    when: float
    """Seconds since 1970."""
    course: str
    """The course or the lesson that was practised, by name."""
    source: str
    """The lesson or generator that the numbers are from."""
    seed: int
    """What its numbers were drawn from."""
    practice: int
    """The seed of all exercises that were asked in one go."""
    step: str
    """As a trace names it."""
    kind: StepKind
    result: Result
    tries: int
    """How often something was typed."""
    hints: int
    mistake: str
    """The sentence about the first wrong answer; empty where there is none."""
    seconds: float
    is_zero: bool = False
    """Whether the value was 0, as behind a shut ReLU all of them are."""

    @property
    def is_unaided(self) -> bool:
        """Whether the first thing that was typed was right, without a hint."""
        return self.result == "right"

    @property
    def is_right(self) -> bool:
        """Whether it was right in the end."""
        return self.result in ("right", "helped")


Support = Literal["shown", "half shown", "asked"]
"""What a learner gets to see of a step before it is asked: all of another one, its formula, or nothing."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a learner is with one kind of step."""

    answered: int = 0
    average: float = 0.0
    """From 0 to 1: the moving average of unaided right answers."""
    in_a_row: int = 0
    """Right answers; of those that are 0 only the first counts, as 0 takes no working out."""
    has_zero: bool = False
    """Whether a 0 is among them."""
    level: int = 0
    """How often it was mastered when it was due, at most once for each interval."""
    due: float = 0.0
    """When it comes back, in seconds since 1970."""

    @property
    def support(self) -> Support:
        """How much of a step is shown before it is asked."""
        if self.answered == 0 or self.average < _HALF * _WEIGHT:
            return "shown"
        return "half shown" if self.average < _ALONE else "asked"

    def after(self, answer: PracticeAnswer) -> Standing:
        """The standing after one more answer."""
        average = self.average + _WEIGHT * (answer.is_unaided - self.average)
        if not answer.is_unaided:
            level = max(self.level - 1, 0)
            return Standing(self.answered + 1, average, level=level, due=answer.when)
        here = replace(self, answered=self.answered + 1, average=average)
        if answer.is_zero and self.has_zero:
            return here
        here = replace(here, in_a_row=self.in_a_row + 1, has_zero=self.has_zero or answer.is_zero)
        if here.in_a_row < IN_A_ROW or answer.when < self.due:
            return here
        level = min(self.level + 1, len(INTERVALS))
        return replace(here, in_a_row=0, has_zero=False, level=level, due=answer.when + INTERVALS[level - 1])


def standings(answers: Iterable[PracticeAnswer]) -> Mapping[StepKind, Standing]:
    """The standing of every kind after some answers, in the order in which they were given."""
    found = {kind: Standing() for kind in KINDS}
    for answer in answers:
        found[answer.kind] = found[answer.kind].after(answer)
    return found


def kinds_due(standing: Mapping[StepKind, Standing], now: float) -> tuple[StepKind, ...]:
    """The kinds that are to be practised now: not mastered yet, or due again."""
    return tuple(kind for kind, each in standing.items() if each.due <= now)


# The file


def read_record(path: Path, say: Callable[[str], object]) -> tuple[PracticeAnswer, ...]:
    """The answers in a record, the last 4 MB of it; a line that is damaged is passed over.

    say: told how many are.

    Raises: OSError when there is a file that cannot be read.
    """
    try:
        with path.open("rb") as file:
            start = max(0, os.fstat(file.fileno()).st_size - _LARGEST)
            file.seek(start)
            lines = file.read(_LARGEST).split(b"\n")
    except FileNotFoundError:
        return ()
    if start:
        del lines[0]  # it may be a part of one
    read = [_answered(line) for line in lines if line.strip()]
    answers = tuple(answer for answer in read if answer is not None)
    if damaged := len(read) - len(answers):
        lines_are = "1 line is" if damaged == 1 else f"{damaged:,} lines are"
        say(f"{lines_are} damaged in the record ({path}), and passed over.")
    return answers


def _answered(line: bytes) -> PracticeAnswer | None:
    try:
        return msgspec.json.decode(line, type=PracticeAnswer)
    except DAMAGED:
        return None


def append_answer(path: Path, answer: PracticeAnswer) -> None:
    """Add an answer to a record: one line, so that several may write to it at once.

    Raises: OSError when it cannot be written.
    """
    path.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
    line = escaped_in_json(msgspec.json.encode(answer).decode())
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, f"{line}\n".encode())
    finally:
        os.close(handle)


class Record:
    """A person's answers, the latest last, and the file that more of them are added to."""

    def __init__(self, path: Path | None, say: Callable[[str], object]) -> None:
        """Read a file, if there is one; without a path the answers are only remembered.

        say: told a line where lines are damaged, or an answer cannot be written.

        Raises: OSError when there is a file that cannot be read.
        """
        self.answers = read_record(path, say) if path else ()
        self._say, self._path = say, path

    def saying(self, say: Callable[[str], object]) -> Record:
        """The same record, which tells somebody else that an answer cannot be written."""
        other = copy(self)
        other._say = say
        return other

    def keep(self, answer: PracticeAnswer) -> None:
        """Add an answer; that it cannot be is said once, and nothing more is written."""
        self.answers = (*self.answers, answer)
        if self._path is None:
            return
        try:
            append_answer(self._path, answer)
        except OSError as error:
            self._say(
                f"The record cannot be written ({self._path}: {error.strerror}): this practice is not kept."
            )
            self._path = None
