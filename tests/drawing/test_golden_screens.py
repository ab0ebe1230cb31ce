"""Whole screens as text, at four sizes, in Unicode and in ASCII, compared byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.drawing.networks import WIDE
from tests.goldens import assert_golden
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.screen import screen
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import start
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import PANELS, VARIANTS, Session

SIZES = ((60, 20), (80, 24), (120, 36), (200, 60))


def shipped(name: str, step: int, update: int = 1) -> Session:
    """A shipped lesson at a step."""
    return replace(start(shipped_lesson(name)), update=update, step=step)


SESSIONS = {
    "lecture-given": shipped("lecture", 0),
    "lecture-forward": shipped("lecture", 3),
    "lecture-backward": shipped("lecture", 18),
    "lecture-update": shipped("lecture", 41),
    "lecture-check": shipped("lecture", 46),
    "mazur": shipped("mazur", 30),
    "dead-relu": shipped("dead-relu", 20),
    "xor": shipped("xor", 47),
    "deep-sigmoid": shipped("deep-sigmoid", 60),
    "wide": replace(start(WIDE), step=700, selected="w700"),
}


def framed(session: Session, sizes: tuple[tuple[int, int], ...], look: Look) -> Iterator[str]:
    """Screens below each other, each below its size, with a mark at both ends of a row."""
    for width, height in sizes:
        yield f"{width} x {height}"
        for row in screen(moment(session), width, height, look).rows:
            yield "[" + "".join(run.text for run in row) + "]"


@pytest.mark.parametrize("name", SESSIONS)
@pytest.mark.parametrize("ascii", [False, True], ids=["unicode", "ascii"])
def test_screens(name: str, ascii: bool) -> None:
    """Each is looked at by eye when it changes."""
    text = "\n".join(framed(SESSIONS[name], SIZES, Look(ascii))) + "\n"
    assert_golden(f"screens/{name}{'-ascii' if ascii else ''}.txt", text)


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("ascii", [False, True], ids=["unicode", "ascii"])
def test_panels(panel: str, ascii: bool) -> None:
    """Each of the six, of the lecture's second update, at the design size."""
    session = replace(shipped("lecture", 22, update=2), panel=panel, selected="w1")
    text = "\n".join(framed(session, ((80, 24),), Look(ascii))) + "\n"
    assert_golden(f"screens/panel-{panel}{'-ascii' if ascii else ''}.txt", text)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("ascii", [False, True], ids=["unicode", "ascii"])
def test_wrong_variants(variant: str, ascii: bool) -> None:
    """Each beside the right one: at the error, at the gradient, after the update, and for a batch."""
    lines: list[str] = []
    for name, step in (("lecture", 18), ("lecture", 22), ("mazur", 58), ("xor", 47)):
        session = replace(shipped(name, step), variant=variant, selected="w1")
        lines += framed(session, SIZES[:3], Look(ascii))
    text = "\n".join(lines) + "\n"
    assert_golden(f"screens/variant-{variant.replace(' ', '-')}{'-ascii' if ascii else ''}.txt", text)


@pytest.mark.parametrize("ascii", [False, True], ids=["unicode", "ascii"])
def test_the_words_of_frameworks(ascii: bool) -> None:
    """In each phase of a second update, and for several samples."""
    lines: list[str] = []
    for name, step in (
        ("lecture", 0),
        ("lecture", 3),
        ("lecture", 7),
        ("lecture", 22),
        ("mazur", 58),
        ("xor", 47),
    ):
        session = replace(shipped(name, step, update=2), panel="framework", selected="w1")
        lines += framed(session, SIZES[:3], Look(ascii))
    assert_golden(f"screens/framework{'-ascii' if ascii else ''}.txt", "\n".join(lines) + "\n")
