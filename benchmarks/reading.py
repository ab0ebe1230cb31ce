"""How long it takes to read a lesson file of the largest size, whatever it is filled with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from time import process_time

from benchmarks.figures import Figure, at_most
from tinynet_tui.lessons.reading import LessonFault, parse_lesson
from tinynet_tui.lessons.schema import LIMITS
from tinynet_tui.lessons.shipped import shipped_text

_ASKED = 1.0
"""Seconds of the processor."""
_FILLINGS = {
    # What it is: what it opens with, what is said again and again, what it closes with.
    "a comment of escaped quotes": ("# ", '\\"', "\n"),
    "a text of escaped quotes": ('about = "', '\\"', '"\n'),
    "a text that is not closed": ('about = """', '\\"\n', ""),
    "empty lines": ("", "\n", ""),
    "dotted keys": ("", "a.b.c.d.e.f.g.h = 1\n", ""),
    "a key of many parts": ("", "a.", "a = 1\n"),
    "tables": ("", "[[notes]]\n", ""),
    "keys in quotes": ("", '"a" . "b" = 1\n', ""),
    "numbers": ("a = [", "1,", "]\n"),
    "lists in lists": ("a = ", "[", "\n"),
    "digits": ("a = ", "9", "\n"),
    "a number to the base of 16": ("a = 0x", "f", "\n"),
}
_FORMULAS = {
    "a bracket that is not closed": ("a = (\n", "\n", ""),
    "signs": ("a = ", "-", "w"),
    "names": ("a = w", "+w", ""),
    "formulas without a meaning": ("", "a b c\n", ""),
    "long formulas": ("", f"a = w{'-w' * 120}\n", ""),
}
"""The same of a text of formulas of the largest size."""
_UNREADABLE_KEYS = LIMITS.entries // 3
"""Tables of two keys each, as many as are let through: every one of them has faults."""


_WITH_FORMULAS = """[program]
forward = \"\"\"
{}
\"\"\"
loss = "w^2"
[program.parameters]
w = 1
[training]
learning_rate = 0.1
"""


def reading_figures() -> Iterator[Figure]:
    """The longest of all fillings, and a file as full of faults as a file can be."""
    good = shipped_text("lecture")
    room = LIMITS.file_bytes - len(good.encode()) - 100
    times = {
        name: _seconds(f"{opening}{unit * (room // len(unit))}{closing}{good}")
        for name, (opening, unit, closing) in _FILLINGS.items()
    }
    longest = max(times, key=lambda name: times[name])
    yield at_most("reading 1 MB of anything", times[longest], _ASKED, "s", f"longest: {longest}")
    faults = "".join(f"[[notes]]\nkey{number} = 1\n" for number in range(_UNREADABLE_KEYS))
    formulas = {
        name: _seconds(
            _WITH_FORMULAS.format(f"{opening}{unit * ((LIMITS.formulas - 100) // len(unit))}{closing}")
        )
        for name, (opening, unit, closing) in _FORMULAS.items()
    }
    longest = max(formulas, key=lambda name: formulas[name])
    what = f"reading {LIMITS.formulas:,} characters of formulas"
    yield at_most(what, formulas[longest], _ASKED, "s", f"longest: {longest}")
    yield at_most("reading a file of faults", _seconds(faults), _ASKED, "s", f"{_UNREADABLE_KEYS:,} notes")


def _seconds(text: str) -> float:
    """The processor's time to read a text, or to say what is wrong with it."""
    before = process_time()
    with suppress(LessonFault):
        parse_lesson(text, "a lesson")
    return process_time() - before
