"""A trace as Markdown: the formulas as code in plain Unicode, which reads the same raw and on every site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import assert_never

from tinynet_tui.handouts.conventions import Fact
from tinynet_tui.handouts.document import Head, Item, Part, Section, Summary, Update, parts
from tinynet_tui.handouts.formats import Writer
from tinynet_tui.handouts.request import Request
from tinynet_tui.safety.foreign_text import one_line
from tinynet_tui.teaching.notation import PLAIN

_INLINE = re.compile(r"([\\`*_\[\]|~$]|<(?=[a-zA-Z/!?])|&(?=#?\w+;))")
"""What Markdown reads as its own wherever it stands."""
_BLOCK = re.compile(r"^(?P<number>\d+)(?=[.)](?:\s|$))|^(?=[-+=#>])|(?=#+$)")
"""Where a line would begin a list, a heading or a quotation, or where a heading would lose its end."""
_BREAK = "  "
"""At the end of a line: the next one begins anew."""


SUMMARY = "### Summary"
"""The heading of the table at the end of an update."""


def lines(request: Request, to_ascii: Writer | None) -> Iterator[str]:
    """The handout as Markdown, line by line."""
    return (line for part in parts(request, PLAIN) for line in _part(part, to_ascii or str))


def _part(part: Part, write: Writer) -> Iterator[str]:
    match part:
        case Head():
            yield from _head(part, write)
        case Update():
            yield from ("", f"## Update {part.number}", "", _words(part.sentences, write))
            for note in part.notes:
                yield from ("", _note(note, write))
        case Section():
            yield from ("", f"### {part.title}", "")
            for item in part.items:
                yield from _item(item, write)
        case Summary():
            yield from _summary(part, write)
        case _:
            assert_never(part)


def _text(text: str, write: Writer) -> str:
    """Words with nothing in them that Markdown would take for its own."""
    return _BLOCK.sub(r"\g<number>\\", _INLINE.sub(r"\\\1", write(one_line(text))))


def _words(sentences: tuple[str, ...], write: Writer) -> str:
    return " ".join(_text(sentence, write) for sentence in sentences)


def _code(text: str, write: Writer) -> str:
    return f"`{write(text)}`"


def _note(note: str, write: Writer) -> str:
    return f"*Note: {_text(note, write)}*"


def _head(head: Head, write: Writer) -> Iterator[str]:
    yield f"# {_text(head.title, write)}"
    if head.student or head.is_worksheet:
        name = _text(head.student, write) if head.student else "\\_" * 30
        yield from ("", f"**Name:** {name}")
    if head.about:
        yield from ("", _text(head.about, write))
    yield ""
    yield from (_fact(fact, write) for fact in head.facts)
    if head.diagram is not None:
        yield from ("", "```text", *head.diagram.text, "```")


def _fact(fact: Fact, write: Writer) -> str:
    formulas = ", ".join(_code(formula, write) for formula in fact.formulas)
    return f"- **{fact.label}:** " + " ".join(filter(None, (_text(fact.words, write), formulas)))


def _item(item: Item, write: Writer) -> Iterator[str]:
    """A list item: place and title, the formula, the sentences, the teacher's notes, a line for each."""
    own = [f"**{item.place}** {_text(item.title, write)}", _code(item.line.text, write)]
    own += [_words(item.sentences, write)] if item.sentences else []
    own += [_note(note, write) for note in item.notes]
    for index, line in enumerate(own, start=1):
        yield f"{'  ' if index > 1 else '- '}{line}{_BREAK if index < len(own) else ''}"


def _summary(summary: Summary, write: Writer) -> Iterator[str]:
    yield from ("", SUMMARY, "")
    yield _row([_text(text, write) for text in ("", *summary.columns)])
    yield _row(["---", *["---:"] * len(summary.columns)])
    for name, *numbers in summary.rows:
        yield _row([write(name), *(_text(text, write) for text in numbers)])
    yield ""
    for words, result in summary.totals:
        yield f"- {_text(words, write)} {_code(result, write)}"


def _row(texts: list[str]) -> str:
    return f"| {' | '.join(texts)} |"
