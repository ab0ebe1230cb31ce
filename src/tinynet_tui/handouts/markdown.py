"""A trace as Markdown: the formulas as code in plain Unicode, which reads the same raw and on every site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import assert_never

from tinynet_tui.handouts.formats import Writer
from tinynet_tui.handouts.heading import Fact, Heading
from tinynet_tui.handouts.rows import PLAIN, Pen
from tinynet_tui.handouts.sheet import Sheet
from tinynet_tui.handouts.summary import COLUMNS, cells, totals
from tinynet_tui.handouts.worked import Item, Part, Section, Summary, Update, parts
from tinynet_tui.lessons.foreign_text import one_line

_INLINE = re.compile(r"([\\`*_\[\]|~$]|<(?=[a-zA-Z/!?])|&(?=#?\w+;))")
"""What Markdown reads as its own wherever it stands."""
_BLOCK = re.compile(r"^(?P<number>\d+)(?=[.)](?:\s|$))|^(?=[-+=#>])|(?=#+$)")
"""Where a line would begin a list, a heading or a quotation, or where a heading would lose its end."""
_BREAK = "  "
"""At the end of a line: the next one begins anew."""


def lines(sheet: Sheet, to_ascii: Writer | None) -> Iterator[str]:
    """The handout as Markdown, line by line."""
    pen = PLAIN.with_digits(sheet.digits)
    return (line for part in parts(sheet) for line in _part(part, pen, to_ascii or str))


def _part(part: Part, pen: Pen, write: Writer) -> Iterator[str]:
    match part:
        case Heading():
            yield from _heading(part, pen, write)
        case Update():
            yield from _update(part, write)
        case Section():
            yield from ("", f"### {part.title}", "")
            for item in part.items:
                yield from _item(item, pen, write)
        case Summary():
            yield from _summary(part, pen, write)
        case _:
            assert_never(part)


def _text(text: str, write: Writer) -> str:
    """Words with nothing in them that Markdown would take for its own."""
    return _BLOCK.sub(r"\g<number>\\", _INLINE.sub(r"\\\1", write(one_line(text))))


def _code(text: str, write: Writer) -> str:
    return f"`{write(text)}`"


def _heading(heading: Heading, pen: Pen, write: Writer) -> Iterator[str]:
    yield f"# {_text(heading.title, write)}"
    if heading.student or heading.is_worksheet:
        name = _text(heading.student, write) if heading.student else "\\_" * 30
        yield from ("", f"**Name:** {name}")
    if heading.about:
        yield from ("", _text(heading.about, write))
    yield ""
    yield from (_fact(fact, pen, write) for fact in heading.facts)


def _fact(fact: Fact, pen: Pen, write: Writer) -> str:
    formulas = ", ".join(_code(text, write) for text in fact.formulas(pen))
    return f"- **{fact.label}:** " + " ".join(filter(None, (_text(fact.words, write), formulas)))


def _update(update: Update, write: Writer) -> Iterator[str]:
    yield from ("", f"## Update {update.number}", "")
    yield " ".join(_text(sentence, write) for sentence in update.sentences)
    for note in update.notes:
        yield from ("", _note(note, write))


def _note(note: str, write: Writer) -> str:
    """The teacher's words."""
    return f"*Note: {_text(note, write)}*"


def _item(item: Item, pen: Pen, write: Writer) -> Iterator[str]:
    """A list item: place and title, the formula, the sentences, the teacher's words, a line for each."""
    own = [f"**{item.row.place}** {_text(item.title, write)}", _code(" ".join(item.row.sides(pen)), write)]
    if item.sentences:
        own.append(" ".join(_text(sentence, write) for sentence in item.sentences))
    own += [_note(note, write) for note in item.notes]
    for index, line in enumerate(own, start=1):
        yield f"{'  ' if index > 1 else '- '}{line}{_BREAK if index < len(own) else ''}"


def _summary(summary: Summary, pen: Pen, write: Writer) -> Iterator[str]:
    yield from ("", "### Summary", "")
    yield _row([_text(text, write) for text in ("", *COLUMNS)])
    yield _row(["---", *["---:"] * len(COLUMNS)])
    for change in summary.changes:
        name, *numbers = cells(change, pen)
        yield _row([write(name), *(_text(text, write) for text in numbers)])
    yield ""
    for label, result in totals(summary, pen):
        yield f"- {_text(label, write)} {_code(result, write)}"


def _row(texts: list[str]) -> str:
    return f"| {' | '.join(texts)} |"
