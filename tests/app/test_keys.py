"""Every key of the table, pressed in the running app and compared with what it makes of a session."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot

from tests.app.running import (
    assert_screen_is_the_sessions,
    bottom,
    is_asked,
    key_event,
    list_is_open,
    press,
    run_app,
    settled,
    shown,
)
from tests.session.random_lessons import LECTURE
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.theme import theme_of
from tinynet_tui.session.commands import COMMANDS, Command, after, start
from tinynet_tui.session.session import Edit, Session
from tinynet_tui.tui.app import Stepper


def in_the_middle() -> Session:
    """A session that every key can change: at update 2, with something to undo and to redo."""
    session = after(start(LECTURE), Command("edit", Edit(1, "w5", 2.0)))
    session = after(session, Command("rate", 0.5))
    session = after(session, Command("undo"))
    return replace(session, update=2, step=18)


BY_KEY = {key: entry for entry in COMMANDS for key in entry.keys}
PURE = sorted(
    key
    for key, entry in BY_KEY.items()
    if entry.change is not None and entry.name not in ("goto", "edit", "rate", "open")
)
PROMPTS = {
    "g": "go to:",
    "e": "w₁ before update 2",
    "L": "η from update 2 on",
    "w": "save as:",
    "E": "handout as:",
}
LISTS = {"o": "Open a lesson", "d": "Lecture network: ", "?": "Help", "f1": "Help", "ctrl+p": "Help"}


@pytest.mark.parametrize("session", [in_the_middle(), start(LECTURE), replace(start(LECTURE), step=46)])
def test_keys_that_change_the_session(session: Session) -> None:
    """The app is at the very session that the pure function gives, and shows it."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        for key in PURE:
            app.show(session)
            await press(app, key)
            assert app.session == after(session, Command(BY_KEY[key].name)), key
            assert_screen_is_the_sessions(app)

    run_app(check, session)


def test_keys_that_ask() -> None:
    """A question opens over the last row, and Escape leaves everything as it was."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        for key, label in PROMPTS.items():
            await press(app, key)
            assert is_asked(app)
            assert bottom(app).startswith(f" {label}")
            await press(app, "escape")
            assert not is_asked(app)
            assert app.session == in_the_middle()
            assert_screen_is_the_sessions(app)

    run_app(check, in_the_middle())


def test_keys_that_open_a_list() -> None:
    """It covers the screen, and Escape leaves everything as it was."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        for key, title in LISTS.items():
            await press(app, key)
            assert list_is_open(app)
            assert title in shown(app).splitlines()[0]
            await press(app, "escape")
            assert not list_is_open(app)
            assert app.session == in_the_middle()
            assert_screen_is_the_sessions(app)

    run_app(check, in_the_middle())


def test_every_key_of_the_table_is_pressed_in_a_test() -> None:
    """Here, or below its own name: autoplay and its speed, the tally, answers to the tour, files,
    experiments, measuring, leaving, the mouse, quitting, suspending, drawing anew."""
    elsewhere = {
        "T",
        "a",
        "+",
        "-",
        "=",
        "y",
        "s",
        "x",
        "m",
        "M",
        "escape",
        "q",
        "ctrl+c",
        "ctrl+l",
        "ctrl+z",
    }
    assert {*PURE, *PROMPTS, *LISTS, *elsewhere} == set(BY_KEY)


def test_a_key_map_of_textuals_gives_commands_other_keys() -> None:
    """They are bound by their names."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        app.set_keymap({"next": "b,f5", "back": "f6"})
        await press(app, "b", "f5", "f5", "f6")
        assert app.session == replace(in_the_middle(), step=20)
        await press(app, "u")
        assert app.session.update == 3

    run_app(check, in_the_middle())


def test_a_key_that_means_nothing_says_so_only_while_it_is_the_last() -> None:
    """The one behind it is done sooner: what is said then is that one's."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        app.post_message(key_event("b"))
        app.post_message(key_event("right"))
        await settled(app)
        assert app.session == after(in_the_middle(), Command("next"))

    run_app(check, in_the_middle())


def test_a_key_that_means_nothing_says_so() -> None:
    """And changes nothing."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        for key, name in (("b", "b"), ("9", "9"), ("f5", "f5"), ("/", "/"), ("ctrl+x", "ctrl+x")):
            await press(app, key)
            assert app.session == replace(
                in_the_middle(), notice=f"{name} does nothing here: ? lists all keys."
            )
            assert bottom(app) == f" {name} does nothing here: ? lists all keys."
        await press(app, "right")
        assert app.session == after(in_the_middle(), Command("next"))

    run_app(check, in_the_middle())


def test_escape_clears_what_was_said() -> None:
    """The hints come back."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "left")
        assert "nothing before it" in bottom(app)
        await press(app, "escape")
        assert app.session == start(LECTURE)
        assert bottom(app).endswith("q quit")

    run_app(check)


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
@pytest.mark.parametrize("before", [(), ("g", "5"), ("?",)])
def test_quitting(key: str, before: tuple[str, ...]) -> None:
    """Ctrl+C from anywhere; q is typed where something is typed."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, *before, key)
        quits = key == "ctrl+c" or not before
        assert (app._exit, app.return_code or 0) == (quits, 0)

    run_app(check)


def test_suspending(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl+Z asks the terminal's driver to; where that cannot be done it is said."""
    asked = []
    monkeypatch.setattr(Stepper, "action_suspend_process", lambda _app: asked.append("suspend"))

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "ctrl+z")
        assert app.session.notice == "There is no shell to go back to here."
        assert asked == []
        monkeypatch.setattr(HeadlessDriver, "can_suspend", True)
        await press(app, "ctrl+z")
        assert app.session.notice == ""
        assert asked == ["suspend"]

    run_app(check)


def test_every_command_has_a_way_to_be_done() -> None:
    """By the session or by the app, and each by its name."""
    app = Stepper(start(LECTURE), Look(), theme_of("none"), None)
    for entry in COMMANDS:
        assert entry.change is not None or entry.name in app.page.own


AHEAD = [
    (("g", *"20.5", "enter", "right", "3", "g", "9", "escape", "right"), (20, 7, "chain", [])),
    (("e", "ctrl+u", *"-2", "enter", "down", "e", "ctrl+u", "5", "enter"), (20, 7, "chain", ["w1", "w2"])),
    (("?", "escape", "right", "?", *"digits", "enter", "right"), (20, 9, "chain", ["w1", "w2"])),
    (("d", "down", "escape", "left", "x", "4", "x", "left", "2"), (20, 7, "table", ["w1", "w2"])),
    (("p", "5", "escape", "escape", "o", *"mazur", "enter", "right", "u"), (2, 1, "step", [])),
]
"""Keys that come at once; (update, step, panel, what is edited) after them."""


def test_keys_typed_ahead_go_where_those_before_them_lead() -> None:
    """Of several that come at once, what is opened has the very next one, and none once it is left."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        for pressed, expected in AHEAD:
            for key in pressed:
                app.post_message(key_event(key))
            await settled(app)
            now = app.session
            assert (now.update, now.step, now.panel, [edit.name for edit in now.edits]) == expected

    run_app(check)
