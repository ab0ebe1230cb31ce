"""Markdown, as a site renders it."""

from __future__ import annotations

import pytest
from hypothesis import given
from markdown_it import MarkdownIt
from markdown_it.token import Token
from msgspec.structs import replace

from tests.examples import examples
from tests.handouts.test_document import items
from tests.handouts.test_printed import printed
from tests.lessons.made import lessons
from tinynet_tui.handouts.request import Request
from tinynet_tui.lessons.schema import Lesson, Note
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lesson
from tinynet_tui.safety.foreign_text import one_line

_SITE = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def _inline(text: str) -> list[Token]:
    return [token for token in _SITE.parse(text) if token.type == "inline"]


def _words(token: Token) -> str:
    return "".join(child.content for child in token.children or () if child.type in ("text", "text_special"))


@given(lessons())
@examples(8)
def test_no_word_of_a_lesson_is_taken_for_markdown(lesson: Lesson) -> None:
    """Title and about are rendered as they are, whatever signs they have."""
    text = printed("markdown", Request(lesson))
    title, *rest = _inline(text)
    assert _words(title).strip() == one_line(lesson.title).strip()
    about = one_line(lesson.about).strip()
    assert not about or _words(rest[0]).strip() == about


@pytest.mark.parametrize(
    "words",
    [
        "*a* b", "_a_ b", "**a**", "`a`", "1. x", "12. x", "1) x", "- x", "+ x", "* x", "-", "# x",
        "> x", "[a](b)", "![a](b)", "[a]: b", "<b>x</b>", "<!-- x -->", "<http://a.b>", "&amp; &#65;",
        "~~a~~", "===", "---", "| a | b |", "a\\*b*", "C #", "#", "$a$ b$", "a < b > c", "```",
        "3.5 is no list",
    ],
)  # fmt: skip
def test_words_that_look_like_markdown(words: str) -> None:
    """As a title, as what the lesson says of itself, as a note and as a name they are words."""
    lesson = replace(shipped_lesson("lecture"), title=words, about=words, notes=(Note("given", words),))
    text = printed("markdown", Request(lesson, 1, None, words))
    title, name, about, *rest = _inline(text)
    assert [token.type for token in _SITE.parse(text)][:3] == ["heading_open", "inline", "heading_close"]
    assert [_words(title), _words(name), _words(about)] == [words, f"Name: {words}", words]
    assert f"Note: {words}" in map(_words, rest)


@pytest.mark.parametrize("name", SHIPPED_NAMES)
@pytest.mark.parametrize("every", [None, 2])
def test_every_formula_is_code(name: str, every: int | None) -> None:
    """One line of code for each step, as it was written."""
    request = Request(shipped_lesson(name), 1, every)
    codes = {
        child.content
        for token in _inline(printed("markdown", request))
        for child in token.children or ()
        if child.type == "code_inline"
    }
    assert {item.line.text for item in items(request)} <= codes


def test_the_summary_is_a_table() -> None:
    """With a row for each parameter and one for the headings."""
    tokens = _SITE.parse(printed("markdown", Request(shipped_lesson("lecture"))))
    assert [token.type for token in tokens].count("tr_open") == 10
    assert [token.type for token in tokens].count("th_open") == 5
