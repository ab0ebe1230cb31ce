"""An app over SSH that goes on in another process: it has all that it had."""

from __future__ import annotations

import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import cast

import msgspec
import pytest
from textual.app import App
from textual.pilot import Pilot

from tests.app.running import press, run_app, settled, until
from tests.tui.test_alone import BEGUN, Class, step_alone
from tinynet_tui.classroom.directory import Address
from tinynet_tui.classroom.handing_over import Handed
from tinynet_tui.classroom.message_contents import VERSION, Hello, sent_place
from tinynet_tui.classroom.preloaded import Asker
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.terminal.display import TakenOver
from tinynet_tui.tui import alone_over_ssh, in_class
from tinynet_tui.tui.alone_over_ssh import _OF_APP, _OF_PAGE, AloneOverSsh, State
from tinynet_tui.tui.app import Stepper
from tinynet_tui.tui.page import Page
from tinynet_tui.tui.reach import OVER_SSH

KEYS = (
    *(("l",) * 9), "h", "n", "N", "u", "U", *"123456", "]", "[", "i", "v", "z", "+", "-", "V", ".",
    ("e", "2", "enter"), ("r", "0", ".", "3", "enter"), ("g", "2", ".", "5", "enter"), ("c",), ("p", "p"),
    ("p", "1", "enter", "enter", "escape"), ("x", "j", "j", "escape"), ("?", "escape"), ("d", "escape"),
    ("a", "a"), "B", "escape",
)  # fmt: skip
"""What is pressed: steps, panels, edits, jumps, predictions, the tour, pages."""


async def pictures(app: Stepper, keys: list[str]) -> list[Picture]:
    """What is shown after each of some keys; the first before any."""
    found = []
    for key in ("", *keys):
        if key:
            await press(app, key)
        await until(app, lambda: not getattr(app.screen, "is_working", False))
        await settled(app)
        assert isinstance(app.screen, Page)
        found.append(app.screen.board.picture)
    return found


def texts(picture: Picture) -> list[str]:
    """The rows of a picture without styles."""
    return ["".join(text for text, _ in row) for row in picture.rows]


MADE_ANEW = {
    *("_acted", "_keeping", "_tour_position", "last_position", "practice_file", "tour_file"),  # of files
    *("_opening", "_computed", "_computing", "_costs", "_fading", "page_before", "_waits"),  # not at rest
    *("_first", "_hand_back", "_handed", "address", "differences", "lesson_folders", "own_driver", "reach"),
    "newest_key",  # which no successor has
    *("_alone", "_stepper", "own", "terminal_environ", "to_leader", "page", "board", "_aside"),
    *("cell_theme", "colours", "look"),  # as whoever follows has said
    *("_draws", "_left", "cover", "drawn", "prompt"),  # what is open, and how it is drawn
    *("session", "handed", "tried", "autoplay", "_recorded"),  # handed on, or within these
}
"""What an app and its page have that is no part of what is handed on by name."""


def test_nothing_that_an_app_has_is_forgotten() -> None:
    """What is there beside what Textual's own have is handed on, or known to be made anew."""

    async def check(app: Stepper, _there: Class) -> None:
        async with App[None]().run_test() as pilot:
            for own, bare, kept in ((app, pilot.app, _OF_APP), (app.page, pilot.app.screen, _OF_PAGE)):
                more = {name for name in vars(own) if not name.startswith("_reactive")}
                assert more - set(vars(bare)) - set(kept) <= MADE_ANEW

    step_alone(check)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_was_done_all_that_is_done_then_is_the_same(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every picture after random keys, in the same process and in another one."""
    monkeypatch.setattr(alone_over_ssh, "take_terminal", lambda: None)
    monkeypatch.setattr(in_class, "SAID_FOR", 3_600)
    random = Random(seed)
    before, after = ([key for keys in random.choices(KEYS, k=15) for key in keys] for _ in range(2))
    size = random.choice([(60, 20), (80, 24), (120, 36)])
    state, expected = b"", list[Picture]()
    asking, asked = socket.socketpair()
    hello = msgspec.json.encode(Hello(VERSION, "Ada", "none", False, "dark"))
    handed = Handed(b"0 0 0 0 0 0", hello, sent_place(BEGUN))

    def app_of(there: Class, state_before: State | None) -> type[Stepper]:
        app = partial(
            AloneOverSsh,
            connection=there.theirs,
            address=Address("class", "Grace", Path("class")),
            handed=handed,
            first="",
            hand_back=lambda _app: None,
            painter=None,
            asker=Asker(asked),
            state_before=state_before,
        )
        return cast("type[Stepper]", app)

    async def one(app: Stepper, _pilot: Pilot[None]) -> None:
        nonlocal state, expected
        assert isinstance(app, AloneOverSsh)
        await there.says(app)
        await press(app, *before)
        while len(app.screen_stack) > 1 or app.page.prompt is not None:
            await press(app, "escape")
        app.page.autoplay.stop()
        assert app._is_at_rest
        state = app.state(TakenOver([]))
        expected = await pictures(app, after)

    async def another(app: Stepper, _pilot: Pilot[None]) -> None:
        for key, now, then in zip(("", *after), await pictures(app, after), expected, strict=True):
            assert texts(now) == texts(then), key
            assert now == then

    there, other = Class(), Class()
    with asking, asked, there.ours, there.theirs, other.ours, other.theirs:
        run_app(one, kind=app_of(there, None), session=BEGUN, size=size, reach=OVER_SSH)
        left = State.read(state)
        run_app(another, kind=app_of(other, left), session=left.session, size=size, reach=OVER_SSH)


def nested(_: TakenOver) -> bytes:
    """A state that is nested too deep to be written."""
    raise RecursionError


@pytest.mark.parametrize("state", [nested, lambda _: bytes(1 << 21)])
def test_what_cannot_be_handed_on_stays(state: Callable[[TakenOver], bytes]) -> None:
    """No other process is asked for, then or later."""
    app = cast("AloneOverSsh", SimpleNamespace(state=state))
    assert not AloneOverSsh._has_asked(app, TakenOver([]))
