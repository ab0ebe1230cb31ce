"""The handouts as printed, in each format."""

from __future__ import annotations

import re

import pytest

from tests.goldens import assert_golden
from tinynet_tui.drawing.signs import to_ascii
from tinynet_tui.engine.names import latex, symbol
from tinynet_tui.handouts.formats import FORMATS
from tinynet_tui.handouts.request import Request
from tinynet_tui.handouts.updates import traces
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lesson
from tinynet_tui.teaching.numbers import shown

ENDINGS = {"text": "txt", "markdown": "md", "latex": "tex", "html": "html"}
PAPER = [name for name, format in FORMATS.items() if format.is_for_paper]


def printed(format: str, request: Request, ascii: bool = False) -> str:
    """A request in a format."""
    return "".join(f"{line}\n" for line in FORMATS[format].lines(request, to_ascii if ascii else None))


@pytest.mark.parametrize("lesson", SHIPPED_NAMES)
def test_markdown_as_printed(lesson: str) -> None:
    """Of every shipped lesson: what all the formats say, in the one that is read most easily."""
    assert_golden(f"handout-{lesson}.md", printed("markdown", Request(shipped_lesson(lesson))))


@pytest.mark.parametrize("format", ["latex", "html"])
@pytest.mark.parametrize("lesson", ["lecture", "mazur"])
def test_latex_and_html_as_printed(lesson: str, format: str) -> None:
    """Of a lesson with one output and of one with two."""
    assert_golden(f"handout-{lesson}.{ENDINGS[format]}", printed(format, Request(shipped_lesson(lesson))))


@pytest.mark.parametrize("format", PAPER)
def test_worksheets_as_printed(format: str) -> None:
    """Every third result left out, two updates; and all of them, for a student."""
    fading = printed(format, Request(shipped_lesson("lecture"), 2, 3))
    assert_golden(f"worksheet-every-3.{ENDINGS[format]}", fading)
    own = printed(format, Request(shipped_lesson("xor"), 1, 1, "Åsa O'Neill & Co"), ascii=True)
    assert_golden(f"worksheet-ascii.{ENDINGS[format]}", own)


def _results(format: str, text: str) -> list[str]:
    """What stands after the last = or ≈ of each step's line, as the app writes numbers."""
    step = {
        "text": r"^1\.\d+ .*[=≈] (\S+)$",
        "markdown": r"^  `.*[=≈] (\S+)`",
        "latex": r"^\$.*(?:=|\\approx) (\S+)\$(?:\\\\\*)?$",
        "html": r"^<p><span class=\"formula\">.*<span>[=≈] (\S+)</span></span></p>$",
    }[format]
    results = re.findall(step, text, re.MULTILINE)
    return [re.sub(r"\\mathrm\{e\}\{(.*)\}", r"e\1", result).replace("-", "−") for result in results]


@pytest.mark.parametrize("format", PAPER)
@pytest.mark.parametrize("lesson", SHIPPED_NAMES)
def test_the_results_printed_are_the_traces(lesson: str, format: str) -> None:
    """One for each step, in their order."""
    (trace,) = traces(setup_of(shipped_lesson(lesson)), 1)
    values = [shown(trace.value(number)) for number in range(1, len(trace.program) + 1)]
    results = _results(format, printed(format, Request(shipped_lesson(lesson))))
    assert results[: len(values)] == [value.replace("-", "−") for value in values]


@pytest.mark.parametrize(("format", "write"), [("markdown", symbol), ("latex", latex), ("html", symbol)])
def test_the_letters_printed_are_those_of_the_formulas(format: str, write: object) -> None:
    """w₅ − η · ∂L/∂w₅ reads so in each."""
    text = printed(format, Request(shipped_lesson("lecture")))
    assert callable(write)
    for name in ("w5", "eta", "dL/dw5", "dz3/dh1"):
        assert write(name) in text


@pytest.mark.parametrize("format", PAPER)
def test_the_name_is_on_it(format: str) -> None:
    """On a solution and on a worksheet."""
    for blank_every in (None, 1):
        assert "Ada Lovelace" in printed(
            format, Request(shipped_lesson("mazur"), 1, blank_every, "Ada Lovelace")
        )
