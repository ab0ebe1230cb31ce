"""The board, the prompt and the choice screen in a running app; as a script, that app in this terminal."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Awaitable, Callable
from typing import get_args
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from textual import events
from textual.geometry import Region
from textual.pilot import Pilot

from tinynet_tui.drawing.listing import Choice
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Canvas, Picture
from tinynet_tui.drawing.text_field import Field
from tinynet_tui.drawing.theme import Colours, theme_of
from tinynet_tui.engine.steps import PHASES
from tinynet_tui.session.commands import Entry, page_row
from tinynet_tui.terminal.abilities import ascii_wanted, colours_wanted
from tinynet_tui.tui.board import changed_rows
from tinynet_tui.tui.page import Page, PagedApp, bindings
from tinynet_tui.tui.prompt import Prompt

TABLE: tuple[Entry[int], ...] = (
    page_row("count", ("right", "1"), "count", "Count one more."),
    page_row("ask", ("e",), "ask", "Ask for a number."),
    page_row("list", ("?",), "list", "Open a list."),
    page_row("leave", ("escape",), "leave", "Say that this key was pressed."),
    page_row("quit", ("q",), "quit", "Quit."),
)

CHOICES = (
    Choice("→ l Space", "next step", "Goes on by one step: one assignment of the update.", "next"),
    Choice("← h Backspace", "previous step", "Goes back by one step.", "back"),
    Choice("e", "edit a value", "Changes the selected value; training is replayed from there.", "edit"),
    *(Choice("", f"lesson {number}", "One more row.", f"lesson {number}") for number in range(40)),
)


class DemoPage(Page[None]):
    """Counts → keys, asks for a number, opens a list, and says what has happened."""

    BINDINGS = bindings(TABLE)
    TABLE = TABLE

    def __init__(self, colours: Colours, ascii: bool) -> None:
        super().__init__(theme_of(colours), Look(ascii))
        self.value = 0
        self.said = "hello"
        self.own |= {
            "suspend": lambda: self.app.action_suspend_process(),
            "count": self.count,
            "ask": self.ask_number,
            "list": lambda: self.choose("Help", CHOICES, lambda value: self.say(f"chose {value}")),
            "leave": lambda: self.say("escape"),
        }

    def picture(self, width: int, height: int) -> Picture:
        """The present state."""
        canvas = self.look.canvas(width, height)
        canvas.fill(0, 0, canvas.width, 1, style="title")
        canvas.text(1, 0, f"lecture · {canvas.width} × {canvas.height}", "title")
        canvas.line(9, 4, 32, 4, "strong positive", 2)
        canvas.line(9, 5, 32, 15, "positive")
        canvas.line(9, 17, 32, 17, "negative", 0)
        canvas.box(33, 2, 20, 5, "node 1 · ReLU", "strong", heavy=True)
        canvas.box(33, 14, 20, 5, "node 2 · ReLU", "dead")
        canvas.text(34, 4, f"z₁ {self.value:+.4f}", "written")
        canvas.text(34, 5, "h₁ +1.5000", "positive read")
        canvas.mark("node 1", 33, 2, 20, 5)
        for index, phase in enumerate(PHASES):
            canvas.text(index * 11, 20, f" {phase} ", f"phase.{phase} badge")
        canvas.text(1, 21, f"said: {self.said}.")
        canvas.text(canvas.text(1, canvas.height - 1, "q", "key") + 1, canvas.height - 1, "quit", "dim")
        return canvas.picture()

    def say(self, words: str) -> None:
        """Show a few words."""
        self.said = words
        self.draw()

    def count(self) -> None:
        """Count one more."""
        self.scrolled(1)

    def scrolled(self, rows: int) -> None:
        """Count with the wheel."""
        self.value += rows
        self.draw()

    def ask_number(self) -> None:
        """Ask for a number."""
        self.ask(Prompt("w1", "w₁", number, Field.holding("+1")))

    def answered(self, command: str, value: object) -> None:
        """Say what was answered."""
        self.say(f"{command} is {value}")

    def clicked(self, name: str) -> None:
        """Say what was clicked."""
        self.say(f"clicked {name}")


class Demo(PagedApp):
    """An app with that page."""

    def __init__(self, colours: Colours, ascii: bool) -> None:
        super().__init__(theme_of(colours))
        self.page = DemoPage(colours, ascii)

    def get_default_screen(self) -> DemoPage:
        """The page."""
        return self.page


def number(text: str) -> str:
    """The text of a number."""
    try:
        float(text)
    except ValueError:
        raise ValueError(f"“{text}” is not a number") from None
    return text


def run_demo(
    check: Callable[[Demo, Pilot[None]], Awaitable[None]], colours: Colours = "truecolor", ascii: bool = False
) -> None:
    """Run the app without a terminal, at 80 × 24."""

    async def run() -> None:
        app = Demo(colours, ascii)
        async with app.run_test(size=(80, 24)) as pilot:
            await check(app, pilot)

    asyncio.run(run())


def shown(app: Demo) -> str:
    """The text of the screen as the compositor has it."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


_cells = st.lists(st.sampled_from([("a", ""), ("b", ""), ("a", "dim")]), min_size=12, max_size=12)


def _painted(cells: list[tuple[str, str]]) -> Picture:
    """Four columns of three rows."""
    canvas = Canvas(4, 3)
    for place, (character, style) in enumerate(cells):
        canvas.text(place % 4, place // 4, character, style)
    return canvas.picture()


@given(_cells, _cells)
def test_changed_rows_are_those_that_differ(
    before: list[tuple[str, str]], after: list[tuple[str, str]]
) -> None:
    """Each whole, from the top."""
    changed = [y for y in range(3) if before[y * 4 : y * 4 + 4] != after[y * 4 : y * 4 + 4]]
    assert changed_rows(_painted(before), _painted(after)) == [Region(0, y, 4, 1) for y in changed]


def test_no_more_is_painted_again_than_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    """One row, where a number in it has changed."""
    painted: list[tuple[Region, ...]] = []

    async def check(app: Demo, pilot: Pilot[None]) -> None:
        board = app.page.board
        monkeypatch.setattr(board, "refresh", lambda *regions: painted.append(regions))
        await pilot.press("right")
        row = next(y for y, line in enumerate(shown(app).splitlines()) if "z₁ +" in line)
        assert painted == [(Region(0, row, 80, 1),)]

    run_demo(check)


def test_what_covers_a_board_is_in_the_picture_of_the_screen() -> None:
    """The prompt in the last row while it is there, what it covers afterwards; as Textual draws it."""

    async def check(app: Demo, pilot: Pilot[None]) -> None:
        for key, last in (("e", "Enter takes it, Esc leaves"), ("escape", " q quit")):
            await pilot.press(key)
            assert app.page.board.picture.text().splitlines()[-1].endswith(last)
            assert app.page.board.picture.text() == shown(app)

    run_demo(check)


@pytest.mark.parametrize("colours", get_args(Colours))
def test_cells_without_a_role_are_sent_without_a_code(colours: Colours) -> None:
    """The terminal's own colours are never named, and with NO_COLOR nothing but attributes is sent."""

    async def check(app: Demo, pilot: Pilot[None]) -> None:
        board = app.page.board
        sent = [strip.render(app.console) for strip in board.render_lines(Region(0, 0, 80, 24))]
        assert sent[1] == " " * 80
        assert sent[21] == " said: hello.".ljust(80)
        codes = {code for line in sent for code in _codes(line)}
        assert codes & {"39", "49"} == set()
        assert (codes <= {"0", "1", "2", "4", "7"}) == (colours == "none")

    run_demo(check, colours)


def _codes(sent: str) -> list[str]:
    """Every number in the style sequences of what is sent."""
    return [code for part in sent.split("\x1b[")[1:] for code in part.partition("m")[0].split(";")]


def test_the_theme_decides_on_colours_not_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Styles are sent as they are, whatever Textual and Rich make of the environment."""
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "vt100")

    async def check(app: Demo, pilot: Pilot[None]) -> None:
        assert isinstance(app.console, Console)
        written = app.page.board.render_lines(Region(0, 4, 80, 1))[0].render(app.console)
        assert "48;2;242;193;78" in written

    run_demo(check)


def test_a_click_names_the_region_and_the_wheel_turns() -> None:
    """Clicks outside every region say nothing."""

    async def check(app: Demo, pilot: Pilot[None]) -> None:
        await pilot.click(offset=(40, 3))
        assert app.page.said == "clicked node 1"
        app.page.said = ""
        await pilot.click(offset=(70, 10))
        assert app.page.said == ""
        event = {"widget": None, "x": 5, "y": 5, "delta_x": 0, "delta_y": 0, "button": 0}
        keys = {"shift": False, "meta": False, "ctrl": False}
        app.screen._forward_event(events.MouseScrollDown(**event, **keys))  # type: ignore[arg-type]
        await pilot.pause()
        assert app.page.value == 1

    run_demo(check)


def test_a_prompt_has_all_keys_until_it_is_answered() -> None:
    """The first sign takes the place of what is offered; a complaint stands beside the field, which stays."""

    async def check(app: Demo, pilot: Pilot[None]) -> None:
        await pilot.press("e", "x", "q", "1", "enter", "down", "tab")
        assert app.page.value == 0
        assert shown(app).splitlines()[-1] == f" w₁ {'xq1':16}  “xq1” is not a number"
        await pilot.press("left", "backspace", "backspace", "enter")
        assert app.page.said == "w1 is 1"
        assert app.page.prompt is None
        assert shown(app).splitlines()[-1] == " q quit"
        await pilot.press("right", "1")
        assert app.page.value == 2

    run_demo(check)


def test_escape_leaves_a_prompt() -> None:
    """With nothing changed, and the keys back with the app."""

    async def check(app: Demo, pilot: Pilot[None]) -> None:
        await pilot.press("e", "9", "escape", "right")
        assert (app.page.said, app.page.value) == ("hello", 1)
        await pilot.press("e")
        assert shown(app).splitlines()[-1] == f" w₁ {'+1':16}  Enter takes it, Esc leaves"

    run_demo(check)


def test_the_choice_screen_is_searched_and_chosen_from() -> None:
    """By typing, by moving, by clicking, and left by Escape; no key reaches the screen below."""

    async def check(app: Demo, pilot: Pilot[None]) -> None:
        await pilot.press("question_mark")
        assert " Help" in shown(app).splitlines()[0]
        await pilot.press("1", "q", "backspace", "backspace", "down", "enter")
        assert (app.page.said, app.page.value) == ("chose back", 0)
        await pilot.press("question_mark", *"lesson", "pagedown", "enter")
        assert app.page.said == "chose lesson 14"
        await pilot.press("question_mark")
        app.post_message(events.Paste("edit\nrm -rf"))
        await pilot.press("enter")
        assert app.page.said == "chose edit"
        await pilot.press("question_mark", *"nothing", "enter", "escape", "right")
        assert (app.page.said, app.page.value) == ("chose edit", 1)
        await pilot.press("question_mark")
        await pilot.click(offset=(20, 6))
        assert app.page.said == "chose edit"

    run_demo(check)


def test_a_page_is_not_painted_before_it_is_there_nor_when_it_is_left() -> None:
    """A key may come together with the one that opens a page, or with the one that leaves it."""

    async def check(app: Demo, pilot: Pilot[None]) -> None:
        driver = Mock()
        painted, app.own_driver = driver.display.show, driver
        page = DemoPage("none", False)
        app.push_screen(page)
        page.draw_now()
        painted.assert_not_called()
        await pilot.pause()
        painted.assert_called_with(page.board.picture)
        page.say("covered")
        page.leave()
        await pilot.pause()
        painted.assert_called_with(app.page.board.picture)
        page.draw_now()
        painted.assert_called_with(app.page.board.picture)
        app.own_driver = None

    run_demo(check)


def test_everything_can_be_shown_in_ascii() -> None:
    """Main screen, prompt and list."""

    async def check(app: Demo, pilot: Pilot[None]) -> None:
        for keys in ([], ["e", "x", "enter"], ["escape", "question_mark"]):
            await pilot.press(*keys)
            assert shown(app).isascii()

    run_demo(check, "none", ascii=True)


def main() -> int:
    """Run the app in this terminal, and say how it ended."""
    assert sys.__stdout__ is not None
    app = Demo(colours_wanted(os.environ), ascii_wanted(os.environ, sys.__stdout__.encoding))
    app.run()
    with contextlib.suppress(OSError):  # the terminal may have gone away
        os.write(1, f"ended with {app.return_code}\n".encode())
    return app.return_code or 0


if __name__ == "__main__":
    sys.exit(main())
