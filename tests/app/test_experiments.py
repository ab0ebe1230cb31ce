"""The experiments, pressed in the running app."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from subprocess import run

import pytest
from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot

from tests.app.experimenting import (
    Held,
    assert_page_is,
    is_open,
    page_of,
    press_and_work,
    prompt_of,
    worked,
)
from tests.app.running import (
    assert_screen_is_the_sessions,
    bottom,
    list_is_open,
    press,
    run_app,
    settled,
    shown,
    turn_wheel,
    until,
)
from tests.drawing.experiments import pressed, result_for
from tests.session.random_lessons import LECTURE
from tinynet_tui.experiments.experiment_rows import Inputs
from tinynet_tui.experiments.influences import INFLUENCES
from tinynet_tui.experiments.long_work import Stopped
from tinynet_tui.experiments.loss_slice import NUDGING, Nudging
from tinynet_tui.experiments.many_starts import THRESHOLD
from tinynet_tui.experiments.page import PageState
from tinynet_tui.experiments.page_keys import Key, key_named, keys
from tinynet_tui.experiments.page_keys import after as page_after
from tinynet_tui.experiments.page_of_session import opened_page
from tinynet_tui.experiments.side_by_side import SideBySide
from tinynet_tui.experiments.table import EXPERIMENTS
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.keys import OwnKeys
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Edit
from tinynet_tui.tui.app import Stepper
from tinynet_tui.tui.experiments import _Job

BY_KEY = {sign: key for key in keys() for sign in key.keys}
_ASKED = {option.prompt.name for row in EXPERIMENTS for option in row.options if option.prompt}
PURE = sorted(sign for sign, key in BY_KEY.items() if key.change is not None and key.name not in _ASKED)
ONCE = [key.keys[0] for key in keys() if key.keys[0] in PURE]
"""Those without the other names of the same keys."""
PROMPTS = {
    "L": "learning rates:",
    "u": "updates of each run:",
    "t": "loss to reach:",
    "n": "nudge by:",
}
ELSEWHERE = {"enter", "i", "s", "M", "?", "f1", "escape", "x", "q", "ctrl+c", "ctrl+l", "ctrl+z"}


def opened_state(lesson: str = "lecture") -> PageState:
    """The page as it opens on a lesson."""
    return opened_page(start(shipped_lesson(lesson)), None).state


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working directory of its own."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("to", [(), ("f",), ("2",), ("2", "f"), ("3",), ("4",), ("4", "f")])
def test_keys_that_change_the_view(to: tuple[str, ...]) -> None:
    """On every chart the page is at the very state that the pure function gives, and shows it."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press_and_work(app, "x", *to)
        before = pressed(opened_state(), *(BY_KEY[key].name for key in to))
        assert_page_is(app, before, result_for(before))
        for key in PURE if not to else ONCE:
            page_of(app).show(before)
            await worked(app)
            await press_and_work(app, key)
            after_it = page_after(before, BY_KEY[key].name, result=result_for(before))
            assert_page_is(app, after_it, result_for(after_it))

    run_app(check)


def test_every_key_is_pressed_in_a_test() -> None:
    """Here, or below its own name."""
    assert {*PURE, *PROMPTS, *ELSEWHERE} == set(BY_KEY)
    assert sum(len(key.keys) for key in keys()) == len(BY_KEY)


TYPED = {
    "L": ("0.02, 0.5", "rates", (0.02, 0.5)),
    "u": ("7", "updates", 7),
    "t": ("0.5", "threshold", 0.5),
    "n": ("1/4", "nudge", Nudging(0.25, 1)),
}


@pytest.mark.parametrize("key", list(TYPED))
def test_what_is_typed_changes_the_view(key: str) -> None:
    """A question opens over the last row; Escape leaves the state as it was, Enter takes the text."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press_and_work(app, "x", key)
        assert prompt_of(app) is not None
        assert bottom(app).startswith(f" {PROMPTS[key]}")
        await press_and_work(app, "escape")
        assert_page_is(app, opened_state(), result_for(opened_state()))
        text, name, value = TYPED[key]
        await press_and_work(app, key, *text, "enter")
        typed = page_after(opened_state(), name, value)
        assert_page_is(app, typed, result_for(typed))

    run_app(check)


@pytest.mark.parametrize(
    ("key", "text", "complaint"),
    [
        ("L", "0", "greater than 0"),
        ("L", "0.1 -2", "greater than 0"),
        ("L", "two", "not a number"),
        ("L", "1 " * 25, "write at most 24 numbers, not 25"),
        ("L", " ", "one or more numbers"),
        ("u", "0", "from 1 to 1,000,000"),
        ("u", "1000000000", "from 1 to 1,000,000"),
        ("u", "1.5", "from 1 to 1,000,000"),
        ("t", "-1", "greater than 0"),
        ("n", "0", "greater than 0"),
    ],
)
def test_what_cannot_be_is_refused_with_its_limit(key: str, text: str, complaint: str) -> None:
    """The question stays open, and the state as it was."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press_and_work(app, "x", key, *text, "enter")
        assert prompt_of(app) is not None
        assert complaint in bottom(app)
        assert page_of(app).state == opened_state()

    run_app(check, size=(120, 36))


def test_a_nudge_of_any_size() -> None:
    """It is done at once, + and − go on by as much, and another parameter starts without one."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press_and_work(app, "x", "4", "n", *"1e-9", "enter")
        assert page_of(app).state[NUDGING].in_all == 1e-9
        assert "w₁ nudged by +1e-9:" in shown(app)
        await press_and_work(app, "+", "+")
        assert page_of(app).state[NUDGING].in_all == 3e-9
        await press_and_work(app, "-", "-", "-", "-")
        assert page_of(app).state[NUDGING].in_all == -1e-9
        await press_and_work(app, "down")
        assert "w₂ is 0.5, the loss 0.25. + and - nudge it by 1e-9." in shown(app)

    run_app(check)


def test_the_loss_to_reach_shows_what_reaches_it() -> None:
    """Typed on any tab, it leads to the many starts that it counts."""
    state = page_after(opened_state(), "threshold", 0.5)
    assert (state.experiment, state[THRESHOLD]) == ("many starts", 0.5)


@pytest.mark.parametrize("key", key_named("open").keys)
def test_enter_opens_the_run_at_the_update_and_x_comes_back(key: str) -> None:
    """The stepper shows the loss of the curve at the cursor; each undo takes back one run that was opened."""
    session = replace(start(LECTURE), step=18, panel="chain")

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press_and_work(app, "x", "down", "down", "down", "0", "l", "l", "l")
        left = page_of(app).state
        await press(app, key)
        assert not is_open(app)
        assert app.session.edits == (Edit(1, "eta", 0.25),)
        assert (app.session.update, app.moment.phase, app.session.panel) == (3, "check", "chain")
        runs = result_for(opened_state())
        assert isinstance(runs, SideBySide)
        assert app.moment.trace.loss_after == runs.runs[3].losses[3]
        assert_screen_is_the_sessions(app)
        await press_and_work(app, "right", "right", "x")
        assert_page_is(app, left, result_for(left))
        there = app.session
        await press_and_work(app, "x", "x")
        assert app.session == there
        assert_page_is(app, left, result_for(left))
        await press(app, "up", "home", key)
        assert (app.session.update, app.session.step) == (1, 0)
        assert app.session.edits == (Edit(1, "eta", 0.1),)
        await press(app, "z")
        assert app.session.edits == (Edit(1, "eta", 0.25),)
        await press(app, "z")
        assert app.session.bare == session
        await press_and_work(app, "x")
        assert page_of(app).state == replace(left.choosing(2).pointing(0))

    run_app(check, session)


def test_the_rate_finder_opens_its_run_too() -> None:
    """The rate at the cursor, after the last update."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press_and_work(app, "x", "f", "home", "enter")
        assert app.session.edits == (Edit(1, "eta", 1e-4),)
        assert app.session.update == 25
        await press_and_work(app, "x", "4", "enter")
        assert is_open(app)
        assert "one of the learning rates" in bottom(app)

    run_app(check)


def test_other_numbers_make_other_experiments() -> None:
    """After an edit the page starts from the edited numbers, and the rest of it stays."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press_and_work(app, "x", "4", "f", "x")
        app.command("edit", Edit(1, "w5", 2.0))
        await press_and_work(app, "x")
        edited = opened_page(after(start(LECTURE), Command("edit", Edit(1, "w5", 2.0))), None).state
        state = pressed(edited, "tab:sensitivity", "other-chart")
        assert_page_is(app, state, result_for(state))
        await press(app, "escape")
        app.command("open", shipped_lesson("xor"))
        await press_and_work(app, "x")
        assert_page_is(app, opened_state("xor"), result_for(opened_state("xor")))

    run_app(check)


def test_leaving() -> None:
    """Escape and x go back to the session as it was; what was said goes first."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        for pressed_keys in (("x",), ("escape",), ("9", "escape", "escape")):
            await press_and_work(app, "x", *pressed_keys)
            assert not is_open(app)
            assert app.session == start(LECTURE)
            assert_screen_is_the_sessions(app)

    run_app(check)


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
def test_quitting(key: str) -> None:
    """From the page, too."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press_and_work(app, "x", key)
        assert app._exit

    run_app(check)


def test_suspending(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl+Z does what it does in the stepper, and says on the page where it cannot."""
    asked = []
    monkeypatch.setattr(Stepper, "action_suspend_process", lambda _app: asked.append("suspend"))

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press_and_work(app, "x", "ctrl+z")
        assert "There is no shell to go back to here." in shown(app)
        monkeypatch.setattr(HeadlessDriver, "can_suspend", True)
        await press_and_work(app, "ctrl+z")
        assert asked == ["suspend"]
        await press_and_work(app, "?", *"suspend", "enter")
        assert asked == ["suspend", "suspend"]

    run_app(check)


@pytest.mark.parametrize("key", keys(), ids=lambda key: key.name)
def test_whatever_is_chosen_from_the_help_is_done(key: Key) -> None:
    """By the page or by its table: nothing in the list ends the app by a fault."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press_and_work(app, "x")
        page_of(app).action_do(key.name)
        await settled(app)
        assert app.fault is None

    run_app(check)


def test_drawing_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """By Ctrl+L, or chosen in the help: the page stays."""
    asked: list[str] = []
    monkeypatch.setattr(Stepper, "draw_anew", lambda _app: asked.append("redraw"))

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press_and_work(app, "x", "ctrl+l")
        assert asked == ["redraw"]
        await press_and_work(app, "?", *"draw anew", "enter")
        assert asked == ["redraw", "redraw"]
        page_of(app)

    run_app(check)


def test_the_help_lists_every_key_and_does_what_is_chosen() -> None:
    """Found by its words."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        for key in ("?", "f1"):
            await press_and_work(app, "x" if not is_open(app) else "home", key)
            assert list_is_open(app)
            assert f"1 of {len(keys())}" in shown(app)
            await press_and_work(app, *"logarithmic", "enter")
        assert_page_is(
            app,
            page_after(pressed(opened_state(), "scale", "first"), "scale"),
            result_for(opened_state()),
        )

    run_app(check)


def test_a_picture_of_the_page() -> None:
    """s writes it to this directory, and says where."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press_and_work(app, "x", "s")
        (path,) = Path().glob("*.svg")
        assert path.name in bottom(app)
        assert "Learning" in path.read_text(encoding="utf-8")

    run_app(check)


@pytest.mark.parametrize("own_keys", [(), (("help", ("H",)),)])
def test_a_key_that_means_nothing_says_so(own_keys: OwnKeys) -> None:
    """And changes nothing; the page has a key of its own for the list, whichever the stepper's is."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press_and_work(app, "x", "9")
        assert bottom(app) == " 9 does nothing here: ? lists all keys."
        await press(app, "escape", "escape", "9")
        assert bottom(app) == f" 9 does nothing here: {'H' if own_keys else '?'} lists all keys."

    run_app(check, own_keys=own_keys)


def test_the_mouse() -> None:
    """A tab, a run and a hint can be clicked; the wheel moves the cursor."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press_and_work(app, "x")
        board = page_of(app).board
        state = opened_state()
        for name, expected in (
            ("choice:2", state.choosing(2)),
            ("command:tab:sensitivity", pressed(state.choosing(2), "tab:sensitivity")),
        ):
            mark = next(mark for mark in board.picture.marks if mark.name == name)
            await pilot.click("#board", offset=(mark.x + mark.width // 2, mark.y))
            await settled(app)
            await worked(app)
            assert_page_is(app, expected, result_for(expected))
        await turn_wheel(app, 1)
        assert page_of(app).state == pressed(expected, "right")

    run_app(check)


def test_another_size() -> None:
    """The page is drawn anew, and the stepper is right when it is left."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press_and_work(app, "x")
        for size in ((120, 36), (60, 20), (40, 10)):
            await pilot.resize_terminal(*size)
            await settled(app)
            assert_page_is(app, opened_state(), result_for(opened_state()))
        await press(app, "x")
        assert_screen_is_the_sessions(app)

    run_app(check)


def test_the_app_goes_on_while_work_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is a bar; keys are answered; the result is shown when it comes."""
    held = Held(monkeypatch)

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "x")
        await until(app, lambda: "25%" in shown(app))
        assert "Esc stops" in shown(app)
        await press(app, "m")
        assert page_of(app).state.logarithmic
        assert "logarithmic" in bottom(app)
        assert len(held.begun) == 1, "the same work goes on"
        held.go_on.set()
        await worked(app)
        state = page_after(opened_state(), "scale")
        assert_page_is(app, state, result_for(state))

    run_app(check)


@pytest.mark.parametrize("key", ["escape", "4", "x", "q"])
def test_work_that_nobody_waits_for_ends(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Escape, another experiment, leaving, and quitting: each ends it."""
    held = Held(monkeypatch)

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "x")
        await until(app, lambda: "Esc stops" in shown(app))
        (work,) = held.begun
        await press(app, key)
        if key == "q":
            return  # it ends with the app
        await until(app, lambda: work in held.ended)
        if key == "escape":
            assert "Stopped" in shown(app)
            assert is_open(app)
            held.go_on.set()
            await press_and_work(app, "enter")
            assert held.begun == [work, work]
            assert_page_is(app, opened_state(), result_for(opened_state()))
        held.go_on.set()
        await worked(app)

    run_app(check)
    assert set(held.ended) == set(held.begun)


def test_stopped_work_is_no_further_than_when_it_was_stopped() -> None:
    """Its thread may go on for a moment; the bar that is shown stays."""
    job = _Job(INFLUENCES, Inputs(INFLUENCES.name, opened_state().setup, (), ""))
    job.watch(0.25)
    job.stop()
    with pytest.raises(Stopped):
        job.watch(0.5)
    assert job.share == 0.25


def test_the_experiments_are_not_loaded_before_they_are_asked_for() -> None:
    """Starting the app costs nothing for them."""
    program = (
        "import sys, tinynet_tui.tui.app\n"
        "print([name for name in sys.modules if name.startswith('tinynet_tui.') and 'experiment' in name])"
    )
    done = run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_minibatches_and_momentum_start_where_the_stepper_can_follow() -> None:
    """At update 1, where a run with their rate is the stepper's own to the last bit; undo leads back."""
    session = after(start(shipped_lesson("xor")), Command("goto", (5, 0)))
    training = session.lesson.training

    def trained(optimizer: str, batch: int | str) -> int:
        from msgspec.structs import replace as with_fields

        lesson = with_fields(session.lesson, training=with_fields(training, optimizer=optimizer, batch=batch))
        left = opened_page(replace(session, lesson=lesson), None).leaving_for(0.05, 3)
        assert left.opened is not None
        assert after(left.opened, Command("undo")).bare == replace(session, lesson=lesson).bare
        runs = result_for(page_after(left.state, "rates", (0.05,)))
        assert moment(left.opened).trace.setup.hyperparameters.learning_rate == 0.05
        following = moment(after(left.opened, Command("next")))
        assert isinstance(runs, SideBySide)
        losses = runs.runs[0].losses
        from tinynet_tui.engine.training import evaluation

        here = evaluation(following.setup, following.trace.start.parameters).loss
        assert here == losses[3]
        return left.state.update

    assert trained("gradient_descent", "full") == 5
    assert trained("momentum", "full") == 1
    assert trained("adam", "full") == 1
    assert trained("gradient_descent", 1) == 1
