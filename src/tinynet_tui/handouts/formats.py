"""The formats a trace can be written in: each is a module of this package with a function `lines`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Literal, cast

from msgspec import Struct

from tinynet_tui.engine.model import Setup
from tinynet_tui.lessons.setup import setup_of

if TYPE_CHECKING:
    from tinynet_tui.handouts.request import Request

Writer = Callable[[str], str]
"""Writes a text in ASCII alone."""

Kind = Literal["paper", "script", "data"]
"""What a format is for: a handout, which can leave results out and bear a student's name; a program that does
the updates anew; or data for programs, which does not depend on what a terminal can show."""

StepLines = Callable[["Request", Writer | None], Iterator[str]]
"""The `lines` of a format that shows steps, without their ends; in ASCII where only that can be shown."""
ScriptLines = Callable[[Setup, int], Iterator[str]]
"""The `lines` of a script that does the first updates of a setup: ASCII but for words in comments."""


class Format(Struct, frozen=True):
    """One way to write a trace."""

    about: str
    """A few words for the help."""
    module: str
    """The module of this package that writes it."""
    kind: Kind
    ending: str
    """Of the files that the app writes in it; "" where it writes none."""
    has_diagram: bool
    """Whether the diagram of the lesson stands in its head."""
    says_formulas: bool
    """Whether it has a way to say a program of formulas."""

    @property
    def is_for_paper(self) -> bool:
        """Whether it can leave results out and bear a student's name."""
        return self.kind == "paper"

    @property
    def shows_steps(self) -> bool:
        """Whether it has a line for each step, so that some of them can be picked out."""
        return self.kind != "script"

    def lines(self, request: Request, to_ascii: Writer | None) -> Iterator[str]:
        """The lines of what is asked for; the module is imported when it is first wanted."""
        module = import_module(f"{__package__}.{self.module}")
        if self.shows_steps:
            return cast(StepLines, module.lines)(request, to_ascii)
        lines = cast(ScriptLines, module.lines)(setup_of(request.lesson), request.updates)
        return map(to_ascii, lines) if to_ascii else lines


def _paper(about: str, module: str, ending: str, *, has_diagram: bool) -> Format:
    return Format(about, module, "paper", ending, has_diagram, says_formulas=True)


def _script(about: str, module: str, *, says_formulas: bool) -> Format:
    return Format(about, module, "script", "", False, says_formulas)


FORMATS = {
    "text": _paper("one line for each step", "text", ".txt", has_diagram=False),
    "markdown": _paper("a handout with the words beside each step", "markdown", ".md", has_diagram=True),
    "latex": _paper("the same to be typeset by pdflatex", "latex", ".tex", has_diagram=True),
    "html": _paper("the same as a page for browser and printer", "html", ".html", has_diagram=True),
    "python": _script("a plain Python script, a line for every step", "python", says_formulas=True),
    "pytorch": _script("the same as one writes it in PyTorch", "pytorch", says_formulas=True),
    "keras": _script("the same in Keras 3 with TensorFlow", "keras", says_formulas=False),
    "jax": _script("the same in JAX", "jax", says_formulas=True),
    "json": Format(
        about="JSON Lines: a record for each update and one for each step, in full precision",
        module="jsonl",
        kind="data",
        ending="",
        has_diagram=False,
        says_formulas=True,
    ),
}
"""By the name that `--format` takes; the first is the one that is taken without it."""
