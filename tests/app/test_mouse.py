"""The mouse: clicks select, open panels and do what a hint says; the wheel steps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.app.experimenting import press_and_work
from tests.app.running import (
    assert_screen_is_the_sessions,
    is_asked,
    list_is_open,
    press,
    run_app,
    settled,
    shown,
    turn_wheel,
)
from tests.pseudo_terminal import ENVIRON, stepper
from tests.session.random_lessons import LECTURE
from tinynet_tui.drawing.picture import ClickArea
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.history import editable_names
from tinynet_tui.session.moment import moment
from tinynet_tui.session.moves import next_step
from tinynet_tui.tui.app import Stepper

MOUSE_MODES = (1000 << 5, 1006 << 5)
"""Clicks, and coordinates in decimal, as pyte has them."""
AT = replace(start(LECTURE), update=2, step=18)


def mark_of(app: Stepper, name: str) -> ClickArea:
    """The region of a name that lies uppermost."""
    return next(mark for mark in reversed(app.board.picture.marks) if mark.name == name)


async def click(app: Stepper, pilot: Pilot[None], name: str) -> None:
    """Click on a named region."""
    mark = mark_of(app, name)
    await pilot.click("#board", offset=(mark.x + mark.width // 2, mark.y))
    await settled(app)


@pytest.mark.parametrize(("size", "without"), [((60, 20), {"b1", "b2", "b3"}), ((80, 24), set())])
def test_a_click_selects(size: tuple[int, int], without: set[str]) -> None:
    """Every parameter, input and target that the screen shows; at the least size, biases have no room."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        names = set(editable_names(moment(AT).model))
        assert names - {mark.name for mark in app.board.picture.marks} == without
        for name in sorted(names - without):
            await click(app, pilot, name)
            assert app.session == after(AT, Command("select", name))
            assert_screen_is_the_sessions(app)

    run_app(check, AT, size)


def test_a_click_on_what_cannot_be_selected_does_nothing() -> None:
    """A sum, an activation, an empty place."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        for name in ("z1", "h1", "yhat"):
            await click(app, pilot, name)
            assert app.session == AT
        await pilot.click("#board", offset=(79, 1))
        assert app.session == AT

    run_app(check, AT)


def test_a_click_on_a_tab_opens_its_panel() -> None:
    """At the design size."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        for panel in ("loss", "step", "table", "chain", "code"):
            await click(app, pilot, f"command:{panel}")
            assert app.session == after(AT, Command(panel))

    run_app(check, AT)


def test_a_click_in_the_table_selects() -> None:
    """Its column, or its row."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        app.show(after(AT, Command("table")))
        await click(app, pilot, "b3")
        assert app.session.selected == "b3"

    run_app(check, AT)


def test_a_click_on_a_hint_does_it() -> None:
    """Steps, questions and lists."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await click(app, pilot, "command:next")
        assert app.session == next_step(AT)
        await click(app, pilot, "command:back")
        assert app.session == AT
        await click(app, pilot, "command:edit")
        assert is_asked(app)
        await press(app, "escape")
        await click(app, pilot, "command:help")
        assert list_is_open(app)
        await press(app, "escape")
        await click(app, pilot, "command:quit")
        assert app._exit

    run_app(check, AT)


def test_the_wheel_steps() -> None:
    """Down is on, up is back."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await turn_wheel(app, +1)
        assert app.session == next_step(AT)
        await turn_wheel(app, -1)
        await turn_wheel(app, -1)
        assert app.session == replace(AT, step=17)

    run_app(check, AT)


def test_clicks_and_wheel_do_nothing_behind_a_question() -> None:
    """What was typed is about the number that was selected when it was asked for."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "e", "ctrl+u", "7")
        await click(app, pilot, "w5")
        await turn_wheel(app, +1)
        await press(app, "enter")
        edits = [(edit.name, edit.value) for edit in app.session.edits]
        assert edits in ([], [("w1", 7.0)])

    run_app(check, AT)


def test_a_right_click_does_nothing() -> None:
    """Terminals have uses of their own for it."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        mark = mark_of(app, "w5")
        await pilot.click("#board", offset=(mark.x, mark.y), button=3)
        assert app.session == AT

    run_app(check, AT)


def test_the_loss_of_a_lesson_of_many_inputs_can_be_reached_by_the_mouse_alone() -> None:
    """Tabs are there for the largest networks, too."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await click(app, pilot, "command:loss")
        assert app.session.panel == "loss"

    run_app(check, start(shipped_lesson("deep-sigmoid")), (60, 20))


def test_the_mouse_is_left_to_the_terminal_and_taken_back(tmp_path: Path) -> None:
    """By M, and by --no-mouse from the start; a terminal that is left has it in any case."""
    environ = {**ENVIRON, "XDG_STATE_HOME": str(tmp_path)}
    for options, taken in (((), True), (("--no-mouse",), False)):
        terminal = stepper(environ, *options)
        terminal.wait_for("Press → to take the first step")
        assert (set(MOUSE_MODES) <= terminal.screen.mode) is taken
        for _ in range(3):
            taken = not taken
            terminal.press("M")
            terminal.wait_for("The mouse is the app's" if taken else "The mouse is the terminal's")
            assert (set(MOUSE_MODES) <= terminal.screen.mode) is taken
            assert taken or not set(MOUSE_MODES) & terminal.screen.mode
        terminal.press("q")
        assert terminal.ended() == 0
        assert not set(MOUSE_MODES) & terminal.screen.mode


def test_in_screen_the_mouse_is_not_taken(tmp_path: Path) -> None:
    """It would hold Esc back; that is said."""
    terminal = stepper({**ENVIRON, "XDG_STATE_HOME": str(tmp_path), "TERM": "screen"})
    terminal.wait_for("Press → to take the first step")
    terminal.press("M")
    terminal.wait_for("GNU screen has the mouse: it would hold Esc back if the app took it.")
    assert not set(MOUSE_MODES) & terminal.screen.mode
    terminal.press("q")
    assert terminal.ended() == 0


def test_under_another_driver_the_app_keeps_the_mouse() -> None:
    """In the stepper and on the page of experiments."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        for keys in (("M",), ("x", "M")):
            await press_and_work(app, *keys)
            assert "The mouse stays with the app here: Shift and dragging select text" in shown(app)

    run_app(check, AT)
