"""What a page or an app does once, after a time, on a machine that lets it wait."""

from __future__ import annotations

import asyncio
from itertools import count
from types import SimpleNamespace

import pytest
from textual import timer
from textual.app import App
from textual.pilot import Pilot

from tests.app.running import run_app, settled
from tinynet_tui.tui.app import Stepper
from tinynet_tui.tui.later import later


def test_it_is_done_however_long_the_process_stood_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each time that the clock is asked a minute has gone by: a timer of Textual's own would be lost."""
    done = list[str]()

    async def run() -> None:
        app: App[None] = App()
        async with app.run_test():
            minutes = count(step=60)
            monkeypatch.setattr(timer, "_time", SimpleNamespace(get_time=lambda: float(next(minutes))))
            app.set_timer(0.01, lambda: done.append("by a timer"))
            later(app, 0.01, lambda: done.append("first"))
            called_off = later(app, 0.01, lambda: done.append("called off"))
            called_off.cancel()
            last = asyncio.Event()
            later(app, 0.02, last.set)
            await last.wait()

    asyncio.run(run())
    assert done == ["first"]


def test_what_comes_after_the_app_has_ended_is_not_waited_for() -> None:
    """On a machine that is slow enough its time is up between the app's end and that of its test."""
    ended = list[object]()

    async def check(app: Stepper, _pilot: Pilot[None]) -> None:
        app.exit()
        while not app._closed:
            await asyncio.sleep(0)
        app.call_next(lambda: None)
        await settled(app)
        ended.append(app)

    run_app(check)
    assert ended
