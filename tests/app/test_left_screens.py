"""What is left of lessons that were opened and of screens that were left: nothing."""

from __future__ import annotations

import asyncio
import gc
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest
from textual.pilot import Pilot

from tests.app.running import press, run_app, shown
from tests.pseudo_terminal import LOOK_AGAIN, SAFETY
from tests.session.random_lessons import LECTURE
from tinynet_tui.lessons.shipped import shipped_text
from tinynet_tui.session.commands import start
from tinynet_tui.tui.app import Stepper
from tinynet_tui.tui.experiments import ExperimentsPage
from tinynet_tui.tui.lists import ListPage

_WARM = 8
"""Openings after which every cache has what it is going to have."""
_MORE = 16
_ONE_SCREEN = 500
"""Objects that are left of a screen, at the most: the rows of the last one stay until the next is left."""


async def objects() -> int:
    """How many objects the garbage collector knows of, once every screen that was left is gone."""
    last = monotonic() + SAFETY
    while gc.collect() or any(isinstance(item, ListPage | ExperimentsPage) for item in gc.get_objects()):
        assert monotonic() < last, "a screen that was left never goes"
        await asyncio.sleep(LOOK_AGAIN)
    return len(gc.get_objects())


def test_opening_lessons_again_and_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the list, a shipped one and one's own in turn: nothing stays of all the lists but the last."""
    monkeypatch.chdir(tmp_path)
    Path("own.toml").write_text(shipped_text("mazur"), encoding="utf-8")

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        async def open_lessons(times: int) -> int:
            for _ in range(times):
                await press(app, "o", *"own", "enter")
                assert app.session.lesson.title == "Mazur's example"
                await press(app, "o", *"lecture", "enter")
                assert app.session.lesson == LECTURE
            return await objects()

        # As many changes can be taken back as ever can be: these grow up to then, and no further.
        app.show(replace(app.session, past=tuple(replace(start(LECTURE)) for _ in range(200))))
        before = await open_lessons(_WARM // 2)
        assert await open_lessons(_MORE // 2) - before < _ONE_SCREEN
        assert len(app.session.past) == 200
        assert len({id(known.lesson) for known in app.session.past}) == 2

    run_app(check)


def test_opening_the_page_of_experiments_again_and_again() -> None:
    """The same; and every list of keys."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        async def look_around(times: int) -> int:
            for _ in range(times):
                await press(app, "x", "?", "escape", "x", "?", "escape")
                assert "update 1" in shown(app)
            return await objects()

        before = await look_around(_WARM // 2)
        assert await look_around(_MORE) - before < _ONE_SCREEN

    run_app(check)
