"""A trace as one HTML page: nothing in it is fetched or executed, and it reads on a screen and on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import assert_never

from tinynet_tui.engine.expression_reading import letter, pieces
from tinynet_tui.engine.expressions import Expr, Name
from tinynet_tui.handouts.conventions import Fact
from tinynet_tui.handouts.document import Head, Item, Part, Section, Summary, Update, parts
from tinynet_tui.handouts.formats import Writer
from tinynet_tui.handouts.request import Request
from tinynet_tui.safety.foreign_text import one_line
from tinynet_tui.teaching.notation import FROZEN, Notation

_STYLE = Path(__file__).parent / "page.css"


_GAP, _BLANK = (
    f'<span class="{kind}" role="img" aria-label="to be filled in"></span>' for kind in ("gap", "blank")
)


def _expression(expression: Expr, text_of: Callable[[Name], str]) -> str:
    """An expression, its signs made safe; names and numbers are markup already."""
    return "".join(
        piece.text if piece.name else escape(piece.text) for piece in pieces(expression, "plain", text_of)
    )


_NOTATION = Notation(
    _expression,
    lambda name: escape(letter(name)),
    escape,
    gap=_GAP,
    blank=_BLANK,
    frozen=FROZEN,
    sign=str,
)
"""Formulas as Unicode text, with lines to write on."""


def lines(request: Request, to_ascii: Writer | None) -> Iterator[str]:
    """The page, line by line; in ASCII with other signs as character references."""
    for line in _page(request):
        yield line.encode("ascii", "xmlcharrefreplace").decode() if to_ascii else line


def _page(request: Request) -> Iterator[str]:
    title = " – ".join(filter(None, (request.lesson.title, request.student)))
    yield from (
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{_text(title)}</title>",
        "<style>",
        *_STYLE.read_text(encoding="utf-8").splitlines(),
        "</style>",
        "</head>",
        "<body>",
        "<main>",
    )
    for part in parts(request, _NOTATION):
        yield from _part(part)
    yield from ("</main>", "</body>", "</html>")


def _part(part: Part) -> Iterator[str]:
    match part:
        case Head():
            yield from _head(part)
        case Update():
            yield f"<h2>Update {part.number}</h2>"
            yield f"<p>{_words(part.sentences)}</p>"
            yield from map(_note, part.notes)
        case Section():
            yield f"<h3>{_text(part.title)}</h3>"
            yield "<table>"
            yield '<thead><tr><th scope="col">Step</th><th scope="col">Formula, and why</th></tr></thead>'
            yield "<tbody>"
            for item in part.items:
                yield from _item(item)
            yield from ("</tbody>", "</table>")
        case Summary():
            yield from _summary(part)
        case _:
            assert_never(part)


def _text(text: str) -> str:
    return escape(one_line(text))


def _words(sentences: tuple[str, ...]) -> str:
    return " ".join(map(_text, sentences))


def _paragraph(kind: str, markup: str) -> str:
    return f'<p class="{kind}">{markup}</p>'


def _note(note: str) -> str:
    return _paragraph("note", f"Note: {_text(note)}")


def _head(head: Head) -> Iterator[str]:
    yield f"<h1>{_text(head.title)}</h1>"
    if head.student or head.is_worksheet:
        name = f"<strong><bdi>{_text(head.student)}</bdi></strong>" if head.student else _BLANK
        yield f"<p>Name: {name}</p>"
    if head.about:
        yield _paragraph("about", _text(head.about))
    yield "<h2>What is given</h2>"
    yield "<dl>"
    yield from (f"<dt>{fact.label}</dt><dd>{_fact(fact)}</dd>" for fact in head.facts)
    yield "</dl>"
    if head.diagram is not None:
        yield '<figure role="img" aria-label="The diagram of what is given">'
        yield from head.diagram.svg
        yield "</figure>"


def _fact(fact: Fact) -> str:
    formulas = ", ".join(_formula((formula,)) for formula in fact.formulas)
    return " ".join(filter(None, (_text(fact.words), formulas)))


def _formula(sides: tuple[str, ...]) -> str:
    """A formula, which breaks between its sides first."""
    return f'<span class="formula">{" ".join(f"<span>{side}</span>" for side in sides)}</span>'


def _item(item: Item) -> Iterator[str]:
    yield f'<tr><th scope="row">{item.place}</th><td>'
    yield _paragraph("title", _text(item.title))
    yield f"<p>{_formula(item.sides)}</p>"
    if item.sentences:
        yield _paragraph("why", _words(item.sentences))
    yield from map(_note, item.notes)
    yield "</td></tr>"


def _summary(summary: Summary) -> Iterator[str]:
    yield from ("<h3>Summary</h3>", "<table>", "<thead><tr>", '<th scope="col">parameter</th>')
    yield from (f'<th scope="col" class="number">{_text(column)}</th>' for column in summary.columns)
    yield from ("</tr></thead>", "<tbody>")
    for name, *numbers in summary.rows:
        cells = "".join(f'<td class="number">{number}</td>' for number in numbers)
        yield f'<tr><th scope="row">{name}</th>{cells}</tr>'
    yield from ("</tbody>", "</table>")
    yield from (f"<p>{_text(words)} {_formula((result,))}</p>" for words, result in summary.totals)
