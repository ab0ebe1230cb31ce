"""A long way is trained beside the keyboard, and Escape leaves it."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event
from warnings import catch_warnings, simplefilter

import pytest
from textual.pilot import Pilot

from tests.app.running import assert_screen_is_the_sessions, bottom, key_event, press, run_app, until
from tests.pseudo_terminal import SAFETY
from tests.session.random_lessons import LECTURE
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.theme import theme_of
from tinynet_tui.engine.training import first_point, trained
from tinynet_tui.session import history
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Session
from tinynet_tui.session.state_file import resume
from tinynet_tui.terminal.background import in_background
from tinynet_tui.tui import app as app_module
from tinynet_tui.tui.app import Stepper


def untrained(rate: float) -> Session:
    """The lecture with a learning rate of no other test, so that nobody has trained it yet."""
    return after(start(LECTURE), Command("rate", rate)).bare


@pytest.fixture(autouse=True)
def _in_small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty updates at once."""
    monkeypatch.setattr(app_module, "_updates_at_once", lambda _session: 50)


def test_a_way_that_is_left_at_once_is_not_complained_of() -> None:
    """As where two keys come together: that it never began would be a warning in the log of a server."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        app.show(replace(app.session, update=501))
        app.stop_training()
        await pilot.pause()
        gc.collect()

    with catch_warnings(record=True) as said:
        simplefilter("always")
        run_app(check, untrained(0.00013))
    assert not said


def test_a_long_way_arrives() -> None:
    """At the very numbers of the engine; on the way the screen says how far it still is."""
    session = untrained(0.00011)
    said: list[str] = []

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, *"g501.46")
        app.post_message(key_event("enter"))
        while app.session.update == 1:
            await asyncio.sleep(0)
            said.append(app.session.notice)
        await press(app)
        assert app.session == replace(session, update=501, step=46)
        assert_screen_is_the_sessions(app)
        setup = moment(app.session).setup
        assert moment(app.session).trace.start == trained(setup, first_point(setup), 500)

    run_app(check, session)
    told = [notice for notice in dict.fromkeys(said) if notice.startswith("Training")]
    assert told == [f"Training: {left} updates to go. Esc stops." for left in range(400, 0, -50)]


@pytest.mark.parametrize(("key", "rate"), [("escape", 0.00012), ("left", 0.00013), ("right", 0.00014)])
def test_a_key_stops_it(key: str, rate: float) -> None:
    """The place stays what it was, and the app goes on from there."""
    session = untrained(rate)

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, *"g1000000")
        app.post_message(key_event("enter"))
        await until(app, lambda: app.session.notice.startswith("Training"))
        app.page.draw_now()
        assert "updates to go" in bottom(app)
        app.post_message(key_event(key))
        for _ in range(200):
            await asyncio.sleep(0)
        assert all(worker.is_finished for worker in app.workers)
        assert app.session.update == 1
        assert not app.session.notice.startswith("Training")
        assert_screen_is_the_sessions(app)
        await press(app, "f", "right")
        assert app.session.update == 1

    run_app(check, session)


def test_another_long_way_takes_the_place_of_the_first() -> None:
    """Only the last one asked for arrives."""
    session = untrained(0.00015)

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        app.show(after(session, Command("goto", (900_000, 0))))
        await asyncio.sleep(0)
        app.show(after(session, Command("goto", (300, 5))))
        while app.session.update == 1:
            await asyncio.sleep(0)
        await press(app)
        assert app.session == replace(session, update=300, step=5)
        assert all(worker.is_finished for worker in app.workers)

    run_app(check, session)


def test_quitting_on_the_way(tmp_path: Path) -> None:
    """Ends at once, and keeps the place where the way began."""
    session = untrained(0.00016)

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        app.show(after(session, Command("goto", (900_000, 0))))
        await asyncio.sleep(0)
        app.post_message(key_event("q"))
        for _ in range(100):
            await asyncio.sleep(0)
        assert app._exit

    app = run_app(check, session, state=tmp_path / "session.json")
    assert app.session.update == 1


def test_an_app_that_is_opened_far_away_trains_beside_the_keyboard() -> None:
    """It begins with the start on screen, and arrives."""
    far = replace(untrained(0.00015), update=501, step=46)
    begun = Stepper(far, Look(), theme_of("truecolor"), None).session
    assert begun == replace(far, update=1, step=0)

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        while app.session.update == 1:
            await asyncio.sleep(0)
        await press(app)
        assert app.session == far
        assert_screen_is_the_sessions(app)

    run_app(check, far)


def test_who_leaves_before_it_arrives_keeps_the_far_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was asked for counts, not what was shown meanwhile; whoever stops the training is at the start."""

    async def never_arrives(_app: Stepper, _session: Session) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(Stepper, "_train_and_show", never_arrives)
    path = tmp_path / "session.json"
    far = replace(untrained(0.00016), update=501, step=46)

    async def leave(app: Stepper, pilot: Pilot[None]) -> None:
        assert app.session.update == 1
        await press(app, "q")

    async def stop(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "right")
        assert (app.session.update, app.session.step) == (1, 1)

    run_app(leave, far, state=path)
    assert resume(path) == (far, None)
    run_app(stop, replace(far, edits=untrained(0.00017).edits), state=path)
    left = resume(path)[0]
    assert left is not None
    assert (left.update, left.step) == (1, 1)


def test_a_large_update_is_computed_beside_the_keyboard(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was there stays, with a word that it comes; keys of the meantime count."""
    monkeypatch.setattr(history, "_COMPUTED_AT_ONCE", 0)
    go_on = Event()

    async def held(call: Callable[[], object]) -> object:
        return await in_background(lambda: (go_on.wait(SAFETY), call()))

    monkeypatch.setattr(app_module, "in_background", held)
    session = untrained(0.00018)

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "right", "right")
        assert bottom(app).strip() == "Lecture network: update 1 is being computed."
        go_on.set()
        await until(app, lambda: all(worker.is_finished for worker in app.workers))
        await press(app)
        assert app.session == replace(session, step=2)
        assert_screen_is_the_sessions(app)

    run_app(check, session)


def test_a_fault_beside_the_keyboard_is_told() -> None:
    """To whoever waits for the result."""

    async def wait() -> None:
        await in_background(lambda: 1 // 0)

    with pytest.raises(ZeroDivisionError):
        asyncio.run(wait())
