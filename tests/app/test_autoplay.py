"""Autoplay: steps by itself at six speeds until any other key; its clock is never waited for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.app.running import assert_screen_is_the_sessions, press, run_app
from tests.session.random_lessons import LECTURE
from tinynet_tui.engine.training import LAST_UPDATE
from tinynet_tui.session.commands import start
from tinynet_tui.tui.app import Stepper


class Clock:
    """Stands for the timers of autoplay: it goes on when told to."""

    def __init__(self, seconds: float, tick: Callable[[], Any]) -> None:
        self.seconds = seconds
        self.tick = tick
        self.runs = True

    def stop(self) -> None:
        """End it."""
        self.runs = False


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> list[Clock]:
    """Every clock that the app has started."""
    started: list[Clock] = []

    def set_interval(_app: Stepper, seconds: float, tick: Callable[[], Any]) -> Clock:
        started.append(Clock(seconds, tick))
        return started[-1]

    monkeypatch.setattr(Stepper, "set_interval", set_interval)
    return started


def test_it_steps_on_until_another_key(clocks: list[Clock]) -> None:
    """That key then does what it does."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "a")
        assert app.session.notice.startswith("Autoplay, 1 s a step")
        for step in range(1, 50):
            clocks[-1].tick()
            assert (app.session.update, app.session.step) == divmod_steps(step)
            assert app.session.notice.startswith("Autoplay")
            assert_screen_is_the_sessions(app)
        await press(app, "left")
        assert not any(clock.runs for clock in clocks)
        assert (app.session.update, app.session.step) == divmod_steps(48)
        assert app.session.notice == ""

    run_app(check)


def divmod_steps(steps: int) -> tuple[int, int]:
    """(update, step) so many steps after the start: the lecture's updates have 46 and their start."""
    return 1 + steps // 47, steps % 47


def test_its_own_key_stops_it(clocks: list[Clock]) -> None:
    """And starts it again."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "a", "a")
        assert app.session == replace(start(LECTURE), notice="Autoplay stopped.")
        assert [clock.runs for clock in clocks] == [False]
        await press(app, "a")
        assert [clock.runs for clock in clocks] == [False, True]

    run_app(check)


def test_faster_and_slower(clocks: list[Clock]) -> None:
    """One clock runs at a time; the ends of the speeds are kept to."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "a", *"+++++", *"-------", "+")
        assert [clock.seconds for clock in clocks] == [
            1, 0.5, 0.25, 0.1, 0.1, 0.1, 0.25, 0.5, 1, 2, 4, 4, 4, 2,
        ]  # fmt: skip
        assert [clock.runs for clock in clocks] == [False] * 13 + [True]
        assert app.session.notice.startswith("Autoplay, 2 s a step")

    run_app(check)


def test_speed_without_autoplay_says_so(clocks: list[Clock]) -> None:
    """No clock is started."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        for key in "+-":
            await press(app, key)
            assert app.session.notice == "Autoplay is off: a starts it."
        assert clocks == []

    run_app(check)


@pytest.mark.parametrize("key", ["g", "?", "o", "m", "1", "q", "escape"])
def test_any_other_key_stops_it(clocks: list[Clock], key: str) -> None:
    """So that nothing moves behind a question or a list."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "a", key)
        assert not clocks[0].runs

    run_app(check)


def test_a_click_stops_it(clocks: list[Clock]) -> None:
    """On a parameter, as on a hint."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "a")
        mark = next(mark for mark in app.board.picture.marks if mark.name == "w5")
        await pilot.click("#board", offset=(mark.x, mark.y))
        assert app.session.selected == "w5"
        assert not clocks[0].runs
        assert not app.session.notice.startswith("Autoplay,")

    run_app(check)


def test_the_end_of_training_stops_it(clocks: list[Clock], monkeypatch: pytest.MonkeyPatch) -> None:
    """There is nothing to step to, and the screen says so."""
    end = replace(start(LECTURE), update=LAST_UPDATE, step=46)
    monkeypatch.setattr("tinynet_tui.session.moves.LAST_UPDATE", 1)
    end = replace(end, update=1)

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "a")
        clocks[0].tick()
        assert app.session.bare == end
        assert not clocks[0].runs
        assert "the last update" in app.session.notice

    run_app(check, end)
