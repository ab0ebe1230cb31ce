"""The lists that cover the screen: help, which does what is chosen, and lessons."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from msgspec.structs import replace as replaced
from textual.pilot import Pilot

from tests.app.running import (
    assert_screen_is_the_sessions,
    is_asked,
    list_is_open,
    press,
    run_app,
    shown,
    turn_wheel,
)
from tests.session.random_lessons import LECTURE
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lesson
from tinynet_tui.lessons.writing import write_lesson
from tinynet_tui.session.commands import COMMANDS, Command, after, key_sign, start
from tinynet_tui.tui.app import Stepper
from tinynet_tui.tui.cover_page import ReadingPage

AT = replace(start(LECTURE), update=2, step=18)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_help_does_what_is_chosen() -> None:
    """Every command that changes the session, found by its title."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        for entry in COMMANDS:
            if entry.change is None or not entry.keys or entry.name in ("goto", "edit", "rate", "open"):
                continue
            app.show(AT)
            await press(app, "?", *entry.about.removesuffix("."), "enter")
            assert not list_is_open(app)
            assert app.session == after(AT, Command(entry.name)), entry.name
        assert_screen_is_the_sessions(app)

    run_app(check, AT)


def test_the_help_opens_questions_and_other_lists() -> None:
    """As their keys do."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "?", *"change the learning rate", "enter")
        assert is_asked(app)
        await press(app, "escape", "?", *"another lesson", "enter")
        assert list_is_open(app)
        assert "Open a lesson" in shown(app).splitlines()[0]

    run_app(check, AT)


def test_a_long_text_can_be_read_to_its_last_sentence() -> None:
    """Though no screen has room for it: it is a text, not a list to choose from or to search."""
    long = replaced(LECTURE, about="A sentence of eight words stands here again. " * 99 + "The last one.")

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        assert "The last one." not in shown(app)
        await press(app, "d")
        assert isinstance(app.screen, ReadingPage)
        assert "A sentence of eight words" in shown(app)
        assert "lines 1 to 20 of" in shown(app).splitlines()[0]
        assert not {"search", "choose"} & {*shown(app).split()}
        await press(app, *["pagedown"] * 9, "x")
        assert "The last one." in shown(app)
        await press(app, *["pageup"] * 9, "up", "down")
        assert "lines 2 to 21 of" in shown(app).splitlines()[0]
        await press(app, "3")
        assert shown(app).splitlines()[-2].strip() == "That key does nothing here."
        await press(app, "up")
        assert "nothing here" not in shown(app)
        await press(app, "d")
        assert not isinstance(app.screen, ReadingPage)
        assert app.session == start(long)

    run_app(check, start(long))


@pytest.mark.parametrize("key", ["enter", "escape", "d", "q"])
def test_a_short_text_has_nothing_to_scroll_and_is_left_by_any_of_its_keys(key: str) -> None:
    """Back to the step."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "d")
        assert "lines" not in shown(app).splitlines()[0]
        assert shown(app).splitlines()[-1].split() == ["Esc", "d", "back", "to", "the", "step"]
        await press(app, key)
        assert_screen_is_the_sessions(app)

    run_app(check, AT, size=(120, 36))


@pytest.mark.parametrize("ascii", [False, True])
def test_every_key_is_in_the_help(ascii: bool) -> None:
    """On its pages together, each with its keys and what it does in full where it is highlighted."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "?")
        seen = []
        for entry in COMMANDS:
            if not entry.keys:
                continue
            text = shown(app)
            assert text.isascii() or not ascii
            row = next(line for line in text.splitlines() if line.startswith((" ▸", " >")))
            seen.append(row)
            assert entry.title in row
            if not ascii:
                assert key_sign(entry.keys[0]) in row
                words = " ".join(text.split())
                assert entry.about in words
            await press(app, "down")
        assert len(seen) == len(set(seen))

    run_app(check, AT, ascii=ascii)


def test_every_shipped_lesson_can_be_opened() -> None:
    """By its name; what was is a change that undo takes back, and the panel stays."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        before = replace(AT, panel="table")
        for place, name in enumerate(SHIPPED_NAMES):
            app.show(before)
            await press(app, "o", *["down"] * place, "enter")
            assert app.session == after(before, Command("open", shipped_lesson(name)))
            assert_screen_is_the_sessions(app)
            await press(app, "z")
            assert app.session.bare == before

    run_app(check, AT)


def test_lesson_files_of_this_directory_can_be_opened(elsewhere: Path) -> None:
    """And what is wrong with one is said, with nothing lost."""
    write_lesson(shipped_lesson("mazur"), elsewhere / "mine.toml")
    broken = (elsewhere / "mine.toml").read_text().replace("sigmoid", "sigmund")
    (elsewhere / "broken.toml").write_text(broken)

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "o", *"mine", "enter")
        assert app.session.lesson == shipped_lesson("mazur")
        app.show(AT)
        await press(app, "o", *"broken", "enter")
        assert app.session.bare == AT
        assert "broken.toml" in app.session.notice
        assert "\n" not in app.session.notice

    run_app(check, AT)


def test_files_of_other_programs_are_not_listed(elsewhere: Path) -> None:
    """TOML is what many keep their settings in."""
    (elsewhere / "pyproject.toml").write_text('[project]\nname = "x"\n\n[tool.ruff]\nline-length = 110\n')
    (elsewhere / "settings.toml").write_text("")
    (elsewhere / "half.toml").write_text("[network]\nlayers = 3\n")

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "o", *".toml")
        assert "./half.toml" in shown(app)
        assert "./pyproject.toml" not in shown(app)
        assert "./settings.toml" not in shown(app)

    run_app(check, AT)


def test_lists_are_drawn_anew_for_another_size() -> None:
    """And the screen behind them is right when they are left."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "?")
        await pilot.resize_terminal(120, 40)
        await pilot.pause()
        assert max(map(len, shown(app).splitlines())) > 80
        await press(app, "escape")
        await pilot.pause()
        assert_screen_is_the_sessions(app)

    run_app(check, AT)


def test_the_wheel_moves_in_a_list_and_not_behind_it() -> None:
    """The session stays."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "o")
        await turn_wheel(app, +1)
        assert f"2 of {len(SHIPPED_NAMES)}" in shown(app).splitlines()[0]
        await press(app, "escape")
        assert app.session == AT

    run_app(check, AT)
