"""Sizes: drawn anew when the terminal changes, told where it is too small, kept where it is huge."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.pilot import Pilot

from tests.app.running import assert_screen_is_the_sessions, bottom, press, prompt_of, run_app, shown
from tests.session.random_lessons import LECTURE
from tinynet_tui.session.commands import start
from tinynet_tui.tui.app import Stepper
from tinynet_tui.tui.showing import LARGEST_HEIGHT, LARGEST_WIDTH

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


def test_a_question_stays_at_the_bottom() -> None:
    """With what was typed."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, *"g2.1")
        for size in ((60, 20), (120, 40), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert prompt_of(app).is_open
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
