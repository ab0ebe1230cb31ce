"""The diagram on handouts: the one of the screen, as text, as SVG, in picture commands of LaTeX."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from tests.session.random_lessons import LECTURE
from tinynet_tui.drawing.handout_diagram import diagram_of
from tinynet_tui.engine.names import symbol
from tinynet_tui.handouts import html, latex, markdown
from tinynet_tui.handouts.request import Diagram, Request
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lesson
from tinynet_tui.prediction.marking import marks, paper_answers
from tinynet_tui.session.commands import start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import moment

_COMMANDS = re.compile(
    r"\\put\(\d+(\.\d+)?,\d+(\.\d+)?\)\{(\\circle\*\{0\.25\}|\\line\((1,0|0,-1)\)\{[\d.]+\}|\\texttt\{.+\})\}"
)


def drawn(name: str, ascii: bool = False) -> Diagram | None:
    """The diagram of a shipped lesson."""
    return diagram_of(moment(start(shipped_lesson(name))), ascii)


@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_every_shipped_lesson_has_one(name: str) -> None:
    """Every way, in its signs; of the largest program the sheet, where no graph fits."""
    diagram, plain = drawn(name), drawn(name, ascii=True)
    assert diagram is not None
    assert plain is not None
    assert all(line.isascii() for line in (*plain.text, *diagram.latex))
    assert max(map(len, diagram.text)) <= 130
    svg = ElementTree.fromstring("\n".join(diagram.svg))
    told = "".join(element.text or "" for element in svg.iter())
    assert "L" in told
    _, opening, *commands, ending = diagram.latex
    assert opening.startswith(r"\begin{picture}(")
    assert ending == r"\end{picture}\par}"
    assert [command for command in commands if not _COMMANDS.fullmatch(command)] == []


def test_all_of_what_is_given_stands_in_it_and_nothing_else() -> None:
    """x = (1, 0), y = 2 and nine parameters of the lecture; sums and gradients are dots to be filled in."""
    diagram = drawn("lecture")
    assert diagram is not None
    numbers = re.findall(r"[+−]\d\.\d{4}", "\n".join(diagram.text))
    assert sorted(numbers) == sorted(
        ["+1.0000"] * 5 + ["+0.5000"] * 3 + ["+0.0000"] * 2 + ["−0.5000", "+2.0000"]
    )
    # The dots of the edges, counted in the text and in the commands.
    text = "".join(diagram.text)
    dots = sum((ord(sign) - 0x2800).bit_count() for sign in text if "⠀" <= sign <= "⣿")
    assert sum("circle" in command for command in diagram.latex) == dots


@pytest.mark.parametrize(("name", "weights"), [("softmax-3", 6), ("points", 12), ("lecture", 6)])
def test_every_edge_is_named_where_there_is_room(name: str, weights: int) -> None:
    """Each once, with its value."""
    diagram = drawn(name)
    assert diagram is not None
    named = re.findall(r"(w[₀-₉]+)[+−]\d\.\d{4}", "\n".join(diagram.text))
    assert sorted(named) == sorted(symbol(f"w{number}") for number in range(1, weights + 1))


def test_it_stands_in_the_head_of_each_handout() -> None:
    """Before the first update, and never twice; a worksheet with it can be marked."""
    diagram = drawn("lecture")
    request = Request(LECTURE, updates=2, diagram=diagram)
    for lines, sign in (
        (markdown.lines, "```text"),
        (html.lines, "<svg "),
        (latex.lines, r"\begin{picture}"),
    ):
        text = "\n".join(lines(request, None))
        assert text.count(sign) == 1
        assert text.index(sign) < text.index("Update 1")
    session = start(LECTURE)
    paper = paper_answers(session, "\n".join(markdown.lines(request, None)))
    assert len(paper.answers) == 2 * len(program_of(session))
    assert not paper.faults
    verdicts = {mark.verdict for mark in marks(session, paper.answers, "tinynet-tui")}
    assert verdicts <= {"right", "rounded"}
