"""HTML: well formed, whole in itself, and readable by a screen reader."""

from __future__ import annotations

from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given

from tests.examples import examples
from tests.handouts.test_printed import printed
from tests.lessons.made import lessons
from tinynet_tui.handouts.request import Request
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.safety.foreign_text import one_line

_VOID = {"meta"}


class _Page(HTMLParser):
    """Reads a page strictly: every element is closed where it has to be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open = list[str]()
        self.elements = list[tuple[str, dict[str, str | None]]]()
        self.texts = dict[str, list[str]]()
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in set(self.open):
            self.texts[tag][-1] += data


@given(lessons())
@examples(8)
def test_any_lesson_is_well_formed(lesson: Lesson) -> None:
    """Its words are text, whatever they are; in ASCII they are the same."""
    pages = [
        _Page(printed("html", Request(lesson, 1, every), ascii))
        for every, ascii in ((None, False), (2, True))
    ]
    for page in pages:
        assert page.texts["h1"] == [one_line(lesson.title)]
        assert {tag for tag, _ in page.elements} <= _ELEMENTS


_ELEMENTS = {
    "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "p", "dl",
    "dt", "dd", "table", "thead", "tbody", "tr", "th", "td", "span", "strong", "bdi",
}  # fmt: skip


@pytest.mark.parametrize("every", [None, 1, 3])
def test_nothing_is_fetched_or_executed(every: int | None) -> None:
    """No script, no address of anything, no style from elsewhere."""
    text = printed("html", Request(shipped_lesson("xor"), 1, every, "<script>"))
    page = _Page(text)
    assert {name for _, attributes in page.elements for name in attributes} <= {
        "lang", "charset", "name", "content", "scope", "class", "role", "aria-label",
    }  # fmt: skip
    assert "url(" not in text
    assert "@import" not in text
    assert "://" not in text


def test_its_structure_can_be_heard() -> None:
    """A language, headings in their order, headers in tables, words for a blank."""
    page = _Page(printed("html", Request(shipped_lesson("lecture"), 1, 3)))
    tags = [tag for tag, _ in page.elements]
    assert ("html", {"lang": "en"}) in page.elements
    assert tags.count("h1") == 1
    levels = [int(tag[1]) for tag in tags if tag in ("h1", "h2", "h3")]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(attributes.get("scope") in ("col", "row") for tag, attributes in page.elements if tag == "th")
    blanks = [attributes for _, attributes in page.elements if attributes.get("class") in ("gap", "blank")]
    assert blanks
    assert all(attributes["aria-label"] for attributes in blanks)


def test_both_kinds_of_light_and_paper() -> None:
    """The style has colours for the dark, and for print."""
    text = printed("html", Request(shipped_lesson("lecture")))
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text
