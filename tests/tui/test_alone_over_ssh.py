"""An app over SSH that goes on in another process: it has all that it had."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable
from dataclasses import replace
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
from tinynet_tui.drawing.theme import theme_of
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import start
from tinynet_tui.session.session import Session
from tinynet_tui.terminal.display import TakenOver
from tinynet_tui.tui import alone_over_ssh, in_class
from tinynet_tui.tui.alone import Alone, begun
from tinynet_tui.tui.alone_over_ssh import _OF_APP, _OF_PAGE, AloneOverSsh
from tinynet_tui.tui.app import Stepper
from tinynet_tui.tui.page import Page
from tinynet_tui.tui.permissions import OVER_SSH

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


HANDED = Handed(
    b"0 0 0 0 0 0", msgspec.json.encode(Hello(VERSION, "Ada", "none", False, "dark")), sent_place(BEGUN)
)
ADDRESS = Address("class", "Grace", Path("class"))
MADE_ANEW = {
    *("_acted", "_keeping", "_tour_position", "last_position", "practice_file", "tour_file"),  # of files
    *("_opening", "_computed", "_computing", "_costs", "_fading", "page_before"),
    *("_untold", "_waits"),  # not at rest
    *("_first", "_hand_back", "_handed", "address", "differences", "lesson_folders", "own_driver"),
    "permissions",
    "newest_key",  # which no successor has
    *("_alone", "_stepper", "own", "terminal_environ", "to_leader", "page", "board", "_aside"),
    *("cell_theme", "colours", "look"),  # as whoever follows has said
    *("_draws", "_left", "cover", "drawn", "prompt"),  # what is open, and how it is drawn
    *("session", "handed", "tried", "autoplay"),  # handed on, or within these
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

    async def one(app: AloneOverSsh) -> None:
        nonlocal state, expected
        await press(app, *before)
        while len(app.screen_stack) > 1 or app.page.prompt is not None:
            await press(app, "escape")
        app.page.autoplay.stop()
        assert app._is_at_rest
        state = app.state(TakenOver([]))
        expected = await pictures(app, after)

    async def another(app: AloneOverSsh) -> None:
        for key, now, then in zip(("", *after), await pictures(app, after), expected, strict=True):
            assert texts(now) == texts(then), key
            assert now == then

    sit_down(one, HANDED, size)
    sit_down(another, HANDED._replace(state=state), size)


@pytest.mark.parametrize("ascii", [False, True])
def test_an_app_that_has_waited_is_as_one_that_was_opened_for_its_user(ascii: bool) -> None:
    """Whatever it waited with: another lesson, look, palette and size."""
    hello = Hello(VERSION, "Ada", "16", ascii, "light")
    handed = HANDED._replace(hello=msgspec.json.encode(hello), first="next")
    keys = ["l", "2", "3", "N", "?", "escape", "x", "escape", "p", "l", "escape"]
    expected = list[Picture]()
    has = list[dict[str, object]]()

    def looked_at(app: Alone) -> dict[str, object]:
        own = {name: getattr(app, name) for name in (*_OF_APP, "look", "cell_theme", "_opening", "_waits")}
        page = {name: getattr(app.page, name) for name in (*_OF_PAGE, "look", "colours")}
        return own | page | {"begun": app.last_position.begun, "tried": app.tried.places}

    async def opened(app: Stepper, _pilot: Pilot[None]) -> None:
        assert isinstance(app, Alone)
        await there.says(app)
        has.append(looked_at(app))
        expected.extend(await pictures(app, keys))

    async def waited(app: AloneOverSsh) -> None:
        assert looked_at(app) == has[0]
        assert app.page.board.size == (60, 20)
        for key, now, then in zip(("", *keys), await pictures(app, keys), expected, strict=True):
            assert texts(now) == texts(then), key
            assert now == then

    def made(*_: object, **__: object) -> Alone:
        session, first = begun(handed, hello.look.keys)
        return Alone(
            *(session, hello.look, theme_of(hello.colours, hello.palette), None),
            connection=there.theirs,
            address=ADDRESS,
            handed=handed,
            first=first,
            hand_back=lambda _app: None,
            painter=None,
            permissions=OVER_SSH,
        )

    there = Class()
    with there.ours, there.theirs:
        run_app(opened, kind=cast("type[Stepper]", made), size=(60, 20))
    sit_down(waited, handed, (60, 20), at=start(shipped_lesson("xor")))


def test_a_place_that_is_trained_for_is_gone_to() -> None:
    """With the step that led away done there."""
    far = replace(BEGUN, update=100_000)

    async def check(app: AloneOverSsh) -> None:
        await until(app, lambda: app.session.update == far.update)
        await settled(app)
        assert app.session.step == 1
        assert "update 100000" in "".join(texts((await pictures(app, []))[0]))

    sit_down(check, HANDED._replace(place=sent_place(far), first="next"), (80, 24))


def sit_down(
    check: Callable[[AloneOverSsh], Awaitable[None]],
    handed: Handed,
    size: tuple[int, int],
    at: Session = BEGUN,
) -> None:
    """Check something of an app that waits somewhere, and that somebody has come to."""
    there = Class()
    asking, asked = socket.socketpair()
    waits = lambda *_, **__: AloneOverSsh(at, Hello(VERSION, "", "truecolor", False, "dark"))  # noqa: E731

    async def seated(app: Stepper, pilot: Pilot[None]) -> None:
        assert isinstance(app, AloneOverSsh)
        app.call_later(app.sit_down, handed, there.theirs, ADDRESS, Asker(asked))
        await settled(app)
        await there.says(app)
        await check(app)

    with asking, asked, there.ours, there.theirs:
        run_app(seated, kind=cast("type[Stepper]", waits), size=size)


def nested(_: TakenOver) -> bytes:
    """A state that is nested too deep to be written."""
    raise RecursionError


@pytest.mark.parametrize("state", [nested, lambda _: bytes(1 << 21)])
def test_what_cannot_be_handed_on_stays(state: Callable[[TakenOver], bytes]) -> None:
    """No other process is asked for, then or later."""
    app = cast("AloneOverSsh", SimpleNamespace(state=state))
    assert not AloneOverSsh._has_asked(app, TakenOver([]))
