"""What a lesson expects of its steps, held against what they give."""

from collections.abc import Callable, Iterator
from math import isfinite
from typing import NamedTuple

from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.trace import trace
from tinynet_tui.engine.training import Point
from tinynet_tui.lessons.schema import Expectation, Lesson
from tinynet_tui.lessons.setup import setup_of

_ROUNDING = 1e-9
"""Of a whole number, which is expected to be just that."""


class Outcome(NamedTuple):
    """An expectation and what came."""

    place: str
    """expect[0]: where it stands in the file."""
    expected: Expectation
    value: float | None
    """What the step gives; None where its update has no such step of such a sample."""

    @property
    def is_met(self) -> bool:
        """Whether it is as expected: to one unit of the last decimal that is written."""
        if self.value is None or not isfinite(self.value):
            return False
        wanted = self.expected.value
        return abs(self.value - wanted) <= _unit(wanted) + _ROUNDING * abs(wanted)


def outcomes(lesson: Lesson, point_after: Callable[[Setup, int], Point]) -> Iterator[Outcome]:
    """Every expectation of a lesson with what came; `point_after` trains a number of updates."""
    setup = setup_of(lesson)
    for index, expected in enumerate(lesson.expect):
        point = point_after(setup, expected.update - 1)
        update = trace(setup, point)
        program, sample = update.program, expected.sample
        if sample is not None and sample not in program.samples:
            yield Outcome(f"expect[{index}]", expected, None)
            continue
        number = program.number(expected.step, sample) or program.number(expected.step, program.samples[0])
        yield Outcome(f"expect[{index}]", expected, update.value(number) if number else None)


def _unit(number: float) -> float:
    """One unit of the last decimal of a number as it is written; 0 of a whole one."""
    digits, _, exponent = repr(number).partition("e")
    decimals = digits.partition(".")[2].rstrip("0")
    return float(f"1e{int(exponent or 0) - len(decimals)}") if decimals else 0.0
