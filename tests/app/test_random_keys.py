"""Keys in any order, over any lesson and size: nothing breaks, and the screen is what the session says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.pilot import Pilot

from tests.app.running import (
    assert_screen_is_the_sessions,
    list_is_open,
    press,
    prompt_of,
    run_app,
    shown,
)
from tests.session.random_lessons import lessons
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.session.commands import BY_KEY, start
from tinynet_tui.session.state_file import decoded, encoded
from tinynet_tui.tui.app import Stepper

KEYS = sorted(set(BY_KEY) - {"q", "ctrl+c", "ctrl+z", "a"})
"""Without those that end or pause the app, and without its clock."""
TYPED = [
    *"0123456789.-+eE/ xyw₁ü∂\t",
    "enter",
    "enter",
    "backspace",
    "delete",
    "left",
    "home",
    "ctrl+u",
    "f5",
]
SIZES = ((80, 24), (60, 20), (100, 30), (200, 60), (40, 10))


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are written to a directory of the test."""
    monkeypatch.chdir(tmp_path_factory.mktemp("keys"))


@given(lessons(), st.integers(0, 2**32), st.booleans(), st.sampled_from(SIZES))
@settings(max_examples=10, deadline=None)
def test_random_keys(lesson: Lesson, seed: int, ascii: bool, size: tuple[int, int]) -> None:
    """Fifty keys in each of ten runs."""
    random = Random(seed)

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        pressed: list[str] = []
        for _ in range(50):
            in_field = prompt_of(app).is_open or list_is_open(app)
            key = random.choice(TYPED if in_field and random.random() < 0.7 else KEYS)
            pressed.append(key)
            await press(app, key)
            assert app._exception is None, pressed
            assert_screen_is_the_sessions(app, ascii)
            if ascii:
                assert shown(app).isascii(), pressed
            assert decoded(encoded(app.session)) == app.session.bare, pressed
            assert 1 <= app.session.update <= 1_000_000

    run_app(check, replace(start(lesson)), size, ascii)
    assert len(list(Path().iterdir())) < 100
