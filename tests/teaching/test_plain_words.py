"""The words on screen: "error" means ŷ − y alone, and a newcomer meets no word that is not explained."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from tests.examples import examples
from tests.session.random_lessons import places
from tinynet_tui.experiments.page_keys import keys
from tinynet_tui.experiments.variants import WRONG_WAYS
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lesson
from tinynet_tui.networks.dense import Network, dense_model
from tinynet_tui.session.commands import COMMANDS, start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import VARIANTS, Session
from tinynet_tui.teaching.sentences import explanation

ROOT = Path(__file__).parents[2]

_ERROR = re.compile(r"\berrors?\b", re.IGNORECASE)
_MEANT = re.compile(
    r"errors? (?:is )?ŷ − y"  # the error itself
    r"|(?:mean |half )?squared errors?(?! of)|absolute errors?|an error of δ"  # a loss by its own name
    r"|no error\b|(?:that|the) error(?= is (?:not )?0\b|\s+times| itself)",
    re.IGNORECASE,
)
"""Where it means ŷ − y, or is the name of a loss."""

_STOPS = re.compile(
    r"so many|so manyth|so much\b|told nowhere|is no key here|joined over|along the curve it|\bkinks?\b"
    r"|\bthrown?\b|\bthrows\b|that is the slope|as much as it does|at the activation\b|by hand\b",
    re.IGNORECASE,
)
"""Phrases that newcomers have stumbled over."""


def assert_plain(text: str) -> None:
    """No error but ŷ − y, and none of those phrases."""
    assert not _ERROR.search(_MEANT.sub("", text)), text
    assert not _STOPS.search(text), text


def words(session: Session) -> Iterator[str]:
    """Title and sentences of a session's step."""
    told = explanation(moment(session))
    yield from (told.title, *told.sentences)


@pytest.mark.parametrize("name", SHIPPED_NAMES)
@pytest.mark.parametrize("update", [1, 3])
def test_every_step_of_every_shipped_lesson(name: str, update: int) -> None:
    """And what the lesson itself says."""
    lesson = shipped_lesson(name)
    session = replace(start(lesson), update=update)
    for step in range(len(program_of(session)) + 1):
        for text in words(replace(session, step=step)):
            assert_plain(text)
    for text in (lesson.about, *(note.text for note in lesson.notes)):
        # Mazur's own word for his loss.
        assert_plain(text.replace("calls it the total error", ""))


@given(places())
@examples(75)
def test_any_step_of_any_lesson(session: Session) -> None:
    """Of every activation, loss and optimiser."""
    for text in words(session):
        assert_plain(text)


def test_a_gate_is_explained_where_it_is_named() -> None:
    """Open and shut are said beside the slope that they are."""
    for name in SHIPPED_NAMES:
        session = start(shipped_lesson(name))
        for step in range(len(program_of(session)) + 1):
            for text in words(replace(session, step=step)):
                assert "gate" not in text or "has slope" in text, text


def test_keys_and_titles() -> None:
    """The help of both tables of keys, and the names of the wrong ways."""
    for about in (*(entry.about for entry in COMMANDS), *(key.about for key in keys())):
        assert_plain(about)
    for variant in VARIANTS:
        assert_plain(WRONG_WAYS[variant].title(dense_model(Network((1, 1), ("relu",), "half_squared_error"))))


@pytest.mark.parametrize("path", sorted((ROOT / "tests" / "golden").glob("help*.txt")), ids=lambda p: p.stem)
def test_the_help_of_every_verb(path: Path) -> None:
    """As it is printed; `standard error` is a file."""
    assert_plain(path.read_text(encoding="utf-8").replace("standard error", ""))


@pytest.mark.parametrize(
    "path", [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))], ids=lambda p: p.stem
)
def test_the_readme_and_its_pages(path: Path) -> None:
    """But for the benchmark that is called so, and the file that words are written to."""
    other = (
        "standard error", "written by hand in Python", "[Pp]ractise by hand", "worked out by hand",
        "_error`?", "rounding error",
    )  # fmt: skip
    for line in path.read_text(encoding="utf-8").splitlines():
        assert_plain(re.sub("|".join(other), "", line))
