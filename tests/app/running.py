"""The app, run without a terminal."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import monotonic

from textual import events
from textual.message_pump import MessagePump
from textual.pilot import Pilot

from tests.pseudo_terminal import SAFETY
from tests.session.random_lessons import LECTURE
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import LARGEST_HEIGHT, LARGEST_WIDTH
from tinynet_tui.drawing.screen import screen
from tinynet_tui.drawing.theme import theme_of
from tinynet_tui.session.commands import start
from tinynet_tui.session.keys import OwnKeys
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Session
from tinynet_tui.tui.app import Stepper
from tinynet_tui.tui.cover_page import ReadingPage
from tinynet_tui.tui.lists import ListPage
from tinynet_tui.tui.permissions import OPEN, Permissions
from tinynet_tui.tui.prompt import Prompt, with_prompt

Check = Callable[[Stepper, Pilot[None]], Awaitable[None]]

_NAMES = {
    "[": "left_square_bracket", "]": "right_square_bracket", "$": "dollar_sign", "+": "plus", "-": "minus",
    ".": "full_stop", "?": "question_mark", "/": "slash", " ": "space", ",": "comma", ":": "colon",
    "−": "minus_sign", "!": "exclamation_mark", "=": "equals_sign",
}  # fmt: skip
"""What Textual calls the keys of signs."""
_CHARACTERS = {"space": " ", "enter": "\r", "tab": "\t", "backspace": "\x7f", "escape": "\x1b"}


def key_event(key: str) -> events.Key:
    """The event of a key that is named as the table of commands has it, or by its sign."""
    return events.Key(_NAMES.get(key, key), key if len(key) == 1 else _CHARACTERS.get(key))


async def settled(app: Stepper) -> None:
    """Wait until no message is left to be taken. An app that has ended, or was stopped by a fault, takes no
    more: what was to be called later is left with it."""
    quiet, last = 0, monotonic() + SAFETY
    while quiet < 5 and app._exception is None and not app._closed:
        assert monotonic() < last, "it never came to rest"
        await asyncio.sleep(0)
        is_quiet = all(_is_idle(pump) for pump in _pumps(app)) and not _finds_rows(app)
        quiet = quiet + 1 if is_quiet else 0


async def until(app: Stepper, is_so: Callable[[], bool]) -> None:
    """Wait until something is so; fail where it never will be, as where a fault has stopped the app."""
    last = monotonic() + SAFETY
    while not is_so():
        assert app._exception is None, app._exception
        assert monotonic() < last, "the condition never came true"
        await asyncio.sleep(0)


def _pumps(app: Stepper) -> list[MessagePump]:
    return [app, *(node for screen in app.screen_stack for node in (screen, *screen.walk_children()))]


def _is_idle(pump: MessagePump) -> bool:
    return pump._message_queue.empty() and not pump._next_callbacks


def _finds_rows(app: Stepper) -> bool:
    """Whether a list is still looking for rows."""
    return isinstance(app.screen, ListPage) and app.screen.finds_rows


async def press(app: Stepper, *keys: str) -> None:
    """Press keys one after another, each when all is done that the one before has started."""
    for key in keys:
        app.post_message(key_event(key))
        await settled(app)


def run_app(
    check: Check,
    session: Session | None = None,
    size: tuple[int, int] = (80, 24),
    ascii: bool = False,
    state: Path | None = None,
    kind: type[Stepper] = Stepper,
    permissions: Permissions = OPEN,
    own_keys: OwnKeys = (),
) -> Stepper:
    """Run the app, check something in it, end it; returns it."""
    look = Look(ascii, own_keys=own_keys)
    app = kind(session or start(LECTURE), look, theme_of("truecolor"), state, permissions=permissions)

    async def run() -> None:
        async with app.run_test(size=size) as pilot:
            await settled(app)
            await check(app, pilot)

    asyncio.run(run())
    return app


def shown(app: Stepper) -> str:
    """The text of the whole screen as it would be sent, what covers the board included."""
    app.screen._refresh_layout()
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


def bottom(app: Stepper) -> str:
    """The last row of the screen."""
    return shown(app).splitlines()[-1]


def is_asked(app: Stepper) -> bool:
    """Whether something is asked on the page of the stepper."""
    return app.page.prompt is not None


def prompt_of(app: Stepper) -> Prompt:
    """What is asked on the page of the stepper; something has to be."""
    assert app.page.prompt is not None
    return app.page.prompt


def list_is_open(app: Stepper) -> bool:
    """Whether a list, or a text to be read, covers the main screen."""
    return isinstance(app.screen, ListPage | ReadingPage)


def assert_screen_is_the_sessions(app: Stepper, ascii: bool = False) -> None:
    """The board shows what a pure drawing of the session is, and nothing else."""
    app.page.draw_now()  # what waits for the keys before it
    width, height = app.size
    size = min(width, LARGEST_WIDTH), min(height, LARGEST_HEIGHT)
    drawn = screen(moment(app.session), *size, Look(ascii))
    assert app.board.picture == with_prompt(drawn, app.page.prompt, ascii)


async def turn_wheel(app: Stepper, rows: int) -> None:
    """Turn the wheel one notch over the board."""
    kind = events.MouseScrollDown if rows > 0 else events.MouseScrollUp
    app.screen._forward_event(kind(None, 5, 5, 0, 0, 0, shift=False, meta=False, ctrl=False))
    await settled(app)
