"""A trace as one HTML page: nothing in it is fetched or executed, and it reads on a screen and on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import assert_never

from tinynet_tui.engine.expressions import Expr, Name
from tinynet_tui.engine.walks import letter, pieces
from tinynet_tui.handouts.formats import Writer
from tinynet_tui.handouts.heading import Fact, Heading
from tinynet_tui.handouts.rows import Pen
from tinynet_tui.handouts.sheet import Sheet
from tinynet_tui.handouts.summary import COLUMNS, cells, totals
from tinynet_tui.handouts.worked import Item, Part, Section, Summary, Update, parts
from tinynet_tui.lessons.foreign_text import one_line

_STYLE = Path(__file__).parent / "page.css"


_GAP, _BLANK = (
    f'<span class="{kind}" role="img" aria-label="to be filled in"></span>' for kind in ("gap", "blank")
)


def _expression(expression: Expr, text_of: Callable[[Name], str]) -> str:
    """An expression, its signs made safe; names and numbers are markup already."""
    return "".join(
        piece.text if piece.name else escape(piece.text) for piece in pieces(expression, "plain", text_of)
    )


PEN = Pen(
    _expression,
    lambda name: escape(letter(name)),
    escape,
    gap=_GAP,
    blank=_BLANK,
)
"""Formulas as Unicode text, with lines to write on."""


def lines(sheet: Sheet, to_ascii: Writer | None) -> Iterator[str]:
    """The page, line by line; in ASCII with other signs as character references."""
    for line in _page(sheet):
        yield line.encode("ascii", "xmlcharrefreplace").decode() if to_ascii else line


def _page(sheet: Sheet) -> Iterator[str]:
    pen = PEN.with_digits(sheet.digits)
    title = " – ".join(filter(None, (sheet.lesson.title, sheet.student)))
    yield "<!DOCTYPE html>"
    yield '<html lang="en">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{_text(title)}</title>"
    yield "<style>"
    yield from _STYLE.read_text(encoding="utf-8").splitlines()
    yield "</style>"
    yield "</head>"
    yield "<body>"
    yield "<main>"
    for part in parts(sheet):
        yield from _part(part, pen)
    yield "</main>"
    yield "</body>"
    yield "</html>"


def _part(part: Part, pen: Pen) -> Iterator[str]:
    match part:
        case Heading():
            yield from _heading(part, pen)
        case Update():
            yield f"<h2>Update {part.number}</h2>"
            yield f"<p>{' '.join(map(_text, part.sentences))}</p>"
            yield from map(_note, part.notes)
        case Section():
            yield f"<h3>{_text(part.title)}</h3>"
            yield "<table>"
            yield '<thead><tr><th scope="col">Step</th><th scope="col">Formula, and why</th></tr></thead>'
            yield "<tbody>"
            for item in part.items:
                yield from _item(item, pen)
            yield "</tbody>"
            yield "</table>"
        case Summary():
            yield from _summary(part, pen)
        case _:
            assert_never(part)


def _text(text: str) -> str:
    return escape(one_line(text))


def _paragraph(kind: str, markup: str) -> str:
    return f'<p class="{kind}">{markup}</p>'


def _note(note: str) -> str:
    """The teacher's words."""
    return _paragraph("note", f"Note: {_text(note)}")


def _heading(heading: Heading, pen: Pen) -> Iterator[str]:
    yield f"<h1>{_text(heading.title)}</h1>"
    if heading.student or heading.is_worksheet:
        name = f"<strong><bdi>{_text(heading.student)}</bdi></strong>" if heading.student else _BLANK
        yield f"<p>Name: {name}</p>"
    if heading.about:
        yield _paragraph("about", _text(heading.about))
    yield "<h2>What is given</h2>"
    yield "<dl>"
    yield from (f"<dt>{fact.label}</dt><dd>{_fact(fact, pen)}</dd>" for fact in heading.facts)
    yield "</dl>"


def _fact(fact: Fact, pen: Pen) -> str:
    formulas = ", ".join(_formula((text,)) for text in fact.formulas(pen))
    return " ".join(filter(None, (_text(fact.words), formulas)))


def _formula(sides: tuple[str, ...]) -> str:
    """A formula, which breaks between its sides first."""
    return f'<span class="formula">{" ".join(f"<span>{side}</span>" for side in sides)}</span>'


def _item(item: Item, pen: Pen) -> Iterator[str]:
    yield f'<tr><th scope="row">{item.row.place}</th><td>'
    yield _paragraph("title", _text(item.title))
    yield f"<p>{_formula(item.row.sides(pen))}</p>"
    if item.sentences:
        yield _paragraph("why", " ".join(map(_text, item.sentences)))
    yield from map(_note, item.notes)
    yield "</td></tr>"


def _summary(summary: Summary, pen: Pen) -> Iterator[str]:
    yield "<h3>Summary</h3>"
    yield "<table>"
    yield "<thead><tr>"
    yield '<th scope="col">parameter</th>'
    yield from (f'<th scope="col" class="number">{_text(column)}</th>' for column in COLUMNS)
    yield "</tr></thead>"
    yield "<tbody>"
    for change in summary.changes:
        name, *numbers = cells(change, pen)
        data = "".join(f'<td class="number">{number}</td>' for number in numbers)
        yield f'<tr><th scope="row">{name}</th>{data}</tr>'
    yield "</tbody>"
    yield "</table>"
    yield from (f"<p>{_text(label)} {_formula((result,))}</p>" for label, result in totals(summary, pen))
