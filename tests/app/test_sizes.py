"""Sizes: drawn anew when the terminal changes, told where it is too small, kept where it is huge."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.pilot import Pilot

from tests.app.running import assert_screen_is_the_sessions, bottom, is_asked, press, run_app, shown
from tests.session.random_lessons import LECTURE
from tinynet_tui.drawing.picture import LARGEST_HEIGHT, LARGEST_WIDTH
from tinynet_tui.session.commands import start
from tinynet_tui.tui.app import Stepper

AT = replace(start(LECTURE), update=2, step=18)


@pytest.mark.parametrize("ascii", [False, True])
def test_every_size_is_drawn_for(ascii: bool) -> None:
    """Larger, smaller, and back; keys go on working where it is too small."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        for size in ((120, 36), (60, 20), (59, 20), (60, 19), (10, 3), (1, 1), (300, 100), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert_screen_is_the_sessions(app, ascii)
            small = size[0] < 60 or size[1] < 20
            assert ("too small" in app.board.picture.text()) == (small and size[0] > 20)
            await press(app, "right")
            assert_screen_is_the_sessions(app, ascii)
        assert app.session.step == 18 + 8

    run_app(check, AT, ascii=ascii)


def test_a_huge_terminal_has_the_picture_in_its_corner() -> None:
    """No cell of it is left over from before."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        picture = app.board.picture
        assert (picture.width, picture.height) == (LARGEST_WIDTH, LARGEST_HEIGHT)
        assert shown(app).rstrip("\n") == picture.text()

    run_app(check, AT, size=(400, 150))


@pytest.mark.parametrize(
    "size", [(65_000, 65_000), (10_000, 5_000), (65_000, 1), (1, 65_000), (0, 0), (-1, 24)]
)
def test_no_size_is_taken_for_larger_than_what_is_drawn(size: tuple[int, int]) -> None:
    """Where it enters, at the start and later, with any driver: nothing has more cells."""
    expected = tuple(max(1, min(pair)) for pair in zip(size, (LARGEST_WIDTH, LARGEST_HEIGHT), strict=True))

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        for _ in range(2):
            await press(app, "x", "right", "x", "?", "down", "escape", "g", "escape")
            board = app.board
            for cells in (app.size, app.screen.size, (board.picture.width, board.picture.height)):
                assert tuple(cells) == expected
            assert len(shown(app).splitlines()) <= expected[1]
            await pilot.resize_terminal(*size)
            await pilot.pause()

    run_app(check, AT, size=size)


def test_a_question_stays_at_the_bottom() -> None:
    """With what was typed."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, *"g2.1")
        for size in ((60, 20), (120, 40), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert is_asked(app)
            assert " 2.1" in bottom(app)
            assert len(shown(app).splitlines()) == size[1]
        await press(app, "8", "enter")
        assert app.session == AT

    run_app(check, AT)


def test_the_screen_that_is_sent_is_the_picture() -> None:
    """Cell for cell."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        for key in ("right", "3", "down", "u", "5"):
            await press(app, key)
            assert shown(app).rstrip() == app.board.picture.text().rstrip()

    run_app(check, AT)
