"""The formats a trace can be written in: each is a module of this package with a function `lines`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from tinynet_tui.engine.network import Setup
from tinynet_tui.handouts.sheet import Sheet
from tinynet_tui.lessons.schema import setup_of

Writer = Callable[[str], str]
"""Writes a text in ASCII alone."""


class Lines(Protocol):
    """What the module of a format has: the lines of the first so many updates, each when it is asked for."""

    def __call__(self, setup: Setup, updates: int, to_ascii: Writer | None) -> Iterator[str]:
        """The lines, without their ends; `to_ascii` is given where only ASCII can be shown."""


class SheetLines(Protocol):
    """What the module of a format for paper has: the lines of a sheet, each when it is asked for."""

    def __call__(self, sheet: Sheet, to_ascii: Writer | None) -> Iterator[str]:
        """The lines, without their ends; `to_ascii` is given where only ASCII can be shown."""


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write a trace."""

    about: str
    """A few words for the help."""
    module: str
    """The module of this package that writes it."""
    is_data: bool = False
    """Whether it is read by programs, so that it does not depend on what a terminal can show."""
    is_for_paper: bool = False
    """Whether it can leave results out and bear a student's name: its `lines` take a sheet."""

    def lines(self, sheet: Sheet, to_ascii: Writer | None) -> Iterator[str]:
        """The lines of a sheet; the module is imported when it is first wanted."""
        module = import_module(f"{__package__}.{self.module}")
        if self.is_for_paper:
            return cast(SheetLines, module.lines)(sheet, to_ascii)
        return cast(Lines, module.lines)(setup_of(sheet.lesson), sheet.updates, to_ascii)


FORMATS = {
    "text": Format("one line for each step", "text", is_for_paper=True),
    "markdown": Format("a handout with the words beside each step", "markdown", is_for_paper=True),
    "latex": Format("the same to be typeset by pdflatex", "latex", is_for_paper=True),
    "html": Format("the same as a page for browser and printer", "html", is_for_paper=True),
    "python": Format("a plain Python script, a line for every step", "python"),
    "pytorch": Format("the same as one writes it in PyTorch", "pytorch"),
    "keras": Format("the same in Keras 3 with TensorFlow", "keras"),
    "json": Format("JSON Lines, one object for each step, in full precision", "jsonl", is_data=True),
}
"""By the name that `--format` takes; the first is the one that is taken without it."""
