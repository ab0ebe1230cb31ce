"""Prediction in the running app: what is typed, what is said, and every way on and out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.pilot import Pilot

from tests.app.running import (
    assert_screen_is_the_sessions,
    bottom,
    is_asked,
    list_is_open,
    press,
    prompt_of,
    run_app,
    settled,
    shown,
    turn_wheel,
)
from tests.app.test_mouse import click
from tests.session.random_lessons import LECTURE
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.session import Answer, Session
from tinynet_tui.tui.app import Stepper

AT = replace(start(LECTURE), step=7, level="number")
"""Before ∂L/∂ŷ = 2 · (ŷ − y) = 1."""
ASKING = after(AT, Command("predict"))


async def answer(app: Stepper, text: str) -> None:
    """Type an answer, and Enter."""
    await press(app, *text, "enter")


def test_an_answer_is_judged_and_the_next_question_comes() -> None:
    """p asks over the last row, Enter shows the step with the verdict, → asks on."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "p")
        assert app.session == ASKING
        assert bottom(app).startswith(" ∂L/∂ŷ = ")
        assert "Enter gives a hint, → shows it, Esc ends" in bottom(app)
        assert "∂L/∂ŷ = 2 · (ŷ − y) = ?" in shown(app)
        await answer(app, "2/2")
        assert not is_asked(app)
        assert app.session == after(ASKING, Command("answer", ("2/2", "right")))
        assert bottom(app).startswith(" Correct: ∂L/∂ŷ = 1.  → next")
        assert "= 2 · (2.5 − 2) = 1" in shown(app)
        assert_screen_is_the_sessions(app)
        await press(app, "right")
        assert app.session.stage == "asking"
        assert bottom(app).startswith(" ∂ŷ/∂z₃ = ")
        assert_screen_is_the_sessions(app)

    run_app(check, AT)


def test_enter_goes_on_from_a_verdict() -> None:
    """So that answers follow each other; elsewhere it inspects, and i does so everywhere."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "1", "enter", "enter", "1", "enter", "enter")
        assert (app.session.step, app.session.stage, app.session.panel) == (9, "asking", "step")
        assert [a.result for a in app.session.answers] == ["right", "right"]
        await press(app, "1", "enter", "i")
        assert (app.session.stage, app.session.panel) == ("telling", "chain")
        await press(app, "p", "enter")
        assert app.session.panel == "step"

    run_app(check, ASKING)


def test_a_mistake_is_named_beside_the_step() -> None:
    """Above the question, which has a second try; and once it is left, above the reasons."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await answer(app, ".5")
        assert "Not .5. The factor 2 is missing." in shown(app)
        assert is_asked(app)
        await press(app, "right")
        assert bottom(app).startswith(" Not quite: ∂L/∂ŷ = 1, not .5.")
        assert "The factor 2 is missing." in shown(app)
        assert app.session.answers == (Answer(1, 8, "number", ".5", "wrong"),)

    run_app(check, ASKING, size=(80, 24))


def test_hints_come_one_after_another() -> None:
    """Enter alone: the rule, the formula in letters, in numbers, the value; → looks it up at any time."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "P")
        for hint in ("A square u² has the slope 2 · u", "∂L/∂ŷ = 2 · (ŷ − y)", "∂L/∂ŷ = 2 · (2.5 − 2)"):
            assert hint not in shown(app)
            await press(app, "enter")
            assert hint in shown(app)
        await answer(app, "1")
        assert app.session.answers[-1] == Answer(1, 8, "diagram", "1", "helped")
        await press(app, "right", "enter", "enter", "right")
        assert app.session.answers[-1] == Answer(1, 9, "diagram", "", "shown")
        await press(app, "right", *["enter"] * 4)
        assert app.session.answers[-1] == Answer(1, 10, "diagram", "", "shown")
        assert_screen_is_the_sessions(app)

    run_app(check, ASKING, size=(80, 24))


def test_from_the_second_wrong_answer_on_each_brings_a_hint() -> None:
    """And after the last one the value."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        for hints, text in enumerate(("5", "6", "7")):
            await answer(app, text)
            assert (app.session.hints, app.session.tried[-1]) == (hints, text)
        await answer(app, "8")
        assert app.session.answers[-1] == Answer(1, 8, "number", "8", "wrong")
        assert bottom(app).startswith(" Not quite: ∂L/∂ŷ = 1, not 8.")

    run_app(check, ASKING, size=(80, 24))


def test_a_session_that_asks_opens_with_its_question() -> None:
    """As one that is shown."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        assert is_asked(app)
        assert_screen_is_the_sessions(app)

    run_app(check, ASKING)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("0,5", "write a point"),
        ("zero", "“zero” is not a number"),
        ("1/0", "divided"),
    ],
)
def test_what_cannot_be_read_is_not_judged(text: str, why: str) -> None:
    """The reason stands beside the field, and the text stays."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await answer(app, text)
        assert app.session == ASKING
        assert why in bottom(app)
        await press(app, "ctrl+u")
        await answer(app, "1")
        assert app.session.answers[-1].result == "right"

    run_app(check, ASKING, size=(120, 36))


def test_a_prediction_that_is_right_so_far_is_asked_for_again() -> None:
    """Beside the field; it is not counted."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await answer(app, "0.18")
        assert app.session == asking
        assert "right so far: one more digit" in bottom(app)
        await press(app, "backspace", *"81", "enter")
        assert [a.result for a in app.session.answers] == ["right"]

    asking = after(replace(AT, step=45), Command("predict"))
    run_app(check, asking)


def test_right_looks_it_up_and_left_goes_back_only_while_nothing_is_typed() -> None:
    """With something in the field they move the cursor."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "1", "left", "-", "right", "enter")
        assert app.session.tried == ("-1",)
        await answer(app, "1")
        await press(app, "right", "right")
        assert app.session.answers[-1] == Answer(1, 9, "number", "", "shown")
        assert bottom(app).startswith(" Looked up: ∂ŷ/∂z₃ = 1.")
        await press(app, "left")
        assert (app.session.step, app.session.stage) == (8, "asking")
        await press(app, "left")
        assert (app.session.step, app.session.stage) == (7, "asking")
        assert is_asked(app)
        assert_screen_is_the_sessions(app)

    run_app(check, ASKING)


@pytest.mark.parametrize("key", ["escape", "p"])
@pytest.mark.parametrize("typed", [(), ("1", ".")])
def test_it_is_left_at_any_time(key: str, typed: tuple[str, ...]) -> None:
    """With a question open, with something typed, which Esc clears first, and with a verdict on screen."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, *typed, key)
        if typed and key == "escape":
            assert prompt_of(app).field.text == ""
            await press(app, key)
        assert app.session == after(ASKING, Command("predict"))
        assert not is_asked(app)
        assert_screen_is_the_sessions(app)
        app.show(ASKING)
        await settled(app)
        await press(app, "1", "enter", key)
        assert app.session.stage == "off"
        assert len(app.session.answers) == 1

    run_app(check, ASKING)


def test_p_changes_the_level_of_the_question_that_is_open() -> None:
    """The label and the panel follow."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "P")
        assert app.session.level == "diagram"
        assert "P diagram" in shown(app)
        assert "2 · (ŷ − y)" not in shown(app)
        await press(app, "P")
        assert "P record" in shown(app)
        assert "2 · (ŷ − y)" in shown(app)
        await press(app, "P")
        assert bottom(app).startswith(" sign of ∂L/∂ŷ:")
        assert "P sign" in shown(app)
        await answer(app, "+")
        assert bottom(app).startswith(" Correct: ∂L/∂ŷ is positive.")
        await press(app, "right")
        await answer(app, "-")
        assert bottom(app).startswith(" No: ∂ŷ/∂z₃ is positive.")

    run_app(check, ASKING)


def test_keys_that_type_nothing_do_what_they_always_do() -> None:
    """What is typed stays where the question stays."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "1", "down", "tab", "up")
        assert app.session.selected == "w2"
        assert bottom(app).startswith(" ∂L/∂ŷ = 1")
        await press(app, "pagedown")
        assert (app.session.step, app.session.stage) == (36, "asking")
        assert bottom(app).startswith(" new w₁ = ")
        await press(app, "?")
        assert list_is_open(app)
        await press(app, "escape")
        assert is_asked(app)

    run_app(check, ASKING)


def test_another_question_comes_first_and_then_this_one_again() -> None:
    """From the list of commands: go to, left and taken."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        for typed, place in ((("escape",), (1, 8)), (("2", ".", "1", "1", "enter"), (2, 11))):
            await press(app, "ctrl+p", *"go to", "enter")
            assert bottom(app).startswith(" go to:")
            await press(app, *typed)
            assert (app.session.update, app.session.step + 1, app.session.stage) == (*place, "asking")
            assert is_asked(app)
            assert not bottom(app).startswith(" go to:")
        assert bottom(app).startswith(" ∂z₃/∂w₅ = ")

    run_app(check, ASKING)


def test_undo_keeps_the_question_and_the_answers() -> None:
    """The edit is taken back, and its step asked again."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await answer(app, "1")
        await press(app, "ctrl+p", *"edit", "enter", "3", "enter")
        assert app.session.stage == "asking"
        assert app.session.edits
        await press(app, "right", "z")
        assert (app.session.edits, app.session.stage, app.session.step) == ((), "asking", 8)
        assert [a.step for a in app.session.answers] == [8, 9]
        assert_screen_is_the_sessions(app)

    run_app(check, ASKING)


def test_the_tally_asks_again() -> None:
    """T lists how it went and what to look at again; Enter on a step asks it."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "T")
        assert bottom(app).startswith(" ∂L/∂ŷ =")
        assert app.session.notice == "Nothing has been predicted."
        assert "Nothing has been predicted." in shown(app)
        await answer(app, "2")
        await press(app, "right", "right", "right", "T")
        assert list_is_open(app)
        lines = shown(app).splitlines()
        assert "Predicted: 1 wrong, 1 looked up." in lines[0]
        assert "slope" in shown(app)
        assert "1.8" in shown(app)
        assert "You said 2. Enter asks it again." in shown(app)
        await press(app, *"1.8", "enter")
        assert (app.session.step, app.session.stage) == (7, "asking")
        await answer(app, "1")
        await press(app, "T")
        assert "Predicted: 1 right, 1 looked up." in shown(app).splitlines()[0]
        await press(app, *["up"] * 9, "enter")
        assert list_is_open(app), "a heading cannot be chosen"
        await press(app, "escape", "T", "enter")
        assert (app.session.step, app.session.stage) == (8, "asking"), "the first step is where T begins"

    run_app(check, ASKING)


def test_the_hint_says_what_the_keys_do_with_something_typed() -> None:
    """What was typed never blocks → and ←: within it they move, at its ends they go on and back."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        assert "→ shows it" in bottom(app)
        await press(app, "3")
        assert "Enter takes it, → shows it" in bottom(app)
        await press(app, "left", "right")
        assert app.session == ASKING
        await press(app, "right")
        assert (app.session.step, app.session.stage) == (ASKING.step + 1, "telling")
        await press(app, "left", "3", "left", "left")
        assert (app.session.step, app.session.stage) == (ASKING.step - 1, "asking")

    run_app(check, ASKING, size=(80, 24))


def test_minus_is_written_alike_in_what_was_said() -> None:
    """As in all other numbers, however it was typed."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await answer(app, "-1")
        assert "Not −1. The number is right, but its sign is wrong." in shown(app)
        await press(app, "right")
        assert bottom(app).startswith(" Not quite: ∂L/∂ŷ = 1, not −1.")
        await press(app, "T")
        assert "You said −1. Enter asks it again." in shown(app)

    run_app(check, ASKING, size=(80, 24))


@pytest.mark.parametrize(("key", "name"), [("a", "autoplay"), ("x", "experiments")])
def test_what_would_show_values_waits_until_prediction_has_ended(key: str, name: str) -> None:
    """Autoplay would show everything, the experiments what is asked for now or later."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        app.page.action_do(name)
        await settled(app)
        assert "You are predicting steps: p ends that." in shown(app)
        assert_screen_is_the_sessions(app)
        await answer(app, "1")
        await press(app, key)
        assert bottom(app) == " You are predicting steps: p ends that."

    run_app(check, ASKING)


def test_the_mouse_beside_a_question() -> None:
    """A click selects, or changes the level; the wheel looks nothing up by accident."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await turn_wheel(app, +1)
        assert app.session == ASKING
        await click(app, pilot, "w4")
        assert app.session.selected == "w4"
        await click(app, pilot, "command:level")
        assert app.session.level == "diagram"
        await answer(app, "1")
        await turn_wheel(app, +1)
        assert app.session.stage == "asking"

    run_app(check, ASKING)


def test_a_whole_update_by_the_diagram_alone() -> None:
    """46 questions from the first step on; then → begins the next update, and ← leads back."""
    session = after(replace(start(LECTURE), level="diagram"), Command("predict"))

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        for _ in range(46):
            await answer(app, "1")
            await press(app, *["right"] * (1 + (app.session.stage == "asking")))
        assert (app.session.update, app.session.step, app.session.stage) == (2, 0, "asking")
        await press(app, "left")
        assert (app.session.update, app.session.step, app.session.stage) == (1, 45, "asking")
        answers = app.session.answers
        # By hand: 1 is ∂L/∂ŷ, both gates and more; not the sums, h, dL/dw5 …
        assert {a.step for a in answers if a.result == "right"} >= {8, 9, 10, 15, 16, 39}
        assert {a.step for a in answers if a.result == "wrong"} >= {1, 2, 3, 4, 5, 6, 7, 12, 23, 37}

    run_app(check, session)


def test_the_last_step_says_how_the_update_went() -> None:
    """In the panel, after the verdict."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "right", "right")
        await answer(app, "0.181")
        assert "This update: 1 right, 1 looked up." in shown(app)

    run_app(check, replace(ASKING, step=44))


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36)])
@pytest.mark.parametrize("ascii", [False, True])
def test_question_and_verdict_fit_every_size(size: tuple[int, int], ascii: bool) -> None:
    """Label and field at the bottom, what is asked above it; in ASCII mode all of it is ASCII."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        for _ in range(6 if ascii else 12):
            text = shown(app)
            assert not ascii or text.isascii()
            assert "= ?" in text
            assert "Esc" in text
            await answer(app, "0.123")
            if app.session.stage == "asking":
                assert "Not 0.123" in shown(app)
                await press(app, "right")
            assert bottom(app).startswith((" Not quite: ", " Correct: "))
            assert not ascii or shown(app).isascii()
            assert_screen_is_the_sessions(app, ascii)
            await press(app, "n")

    session: Session = replace(start(shipped_lesson("xor")), level="number")
    run_app(check, after(session, Command("predict")), size, ascii)


def test_a_small_screen_comes_back_with_its_question() -> None:
    """Made too small and large again, nothing typed is lost."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "1")
        for size in ((40, 10), (80, 24)):
            await pilot.resize_terminal(*size)
            await settled(app)
        await press(app, "enter")
        assert app.session.answers[-1].result == "right"

    run_app(check, ASKING)


def test_a_digit_after_the_verdict_is_no_command() -> None:
    """0 does not go back to the start, nor 2 to another panel: one line says what goes on."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "p", "+", "enter")
        answered = app.session
        assert answered.stage == "telling"
        for key in ("0", "2", "-", "."):
            await press(app, key)
            assert replace(app.session, notice="") == replace(answered, notice="")
            assert "This step is answered: → asks the next one" in app.session.notice
        await press(app, "enter")
        assert app.session.stage == "asking"

    run_app(check)


def test_a_word_typed_after_the_verdict_changes_nothing() -> None:
    """Its letters are keys that measure, edit, save, …: none of them does it; those that step and look do."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "p", "+", "enter")
        answered = app.session
        assert answered.stage == "telling"
        for key in "meyswLR":
            await press(app, key)
            assert replace(app.session, notice="") == replace(answered, notice="")
            assert "This step is answered: → asks the next one, d tells all" in app.session.notice
            assert app.page.prompt is None
        await press(app, "i")
        assert app.session.panel == "chain"
        await press(app, "n")
        assert app.session.stage == "asking"

    run_app(check)


def test_enter_in_the_help_gives_no_answer_away() -> None:
    """Its first row shows what is asked for: it has to be moved to, or named."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "?", "enter")
        assert list_is_open(app)
        await press(app, "escape")
        assert app.session == ASKING
        await press(app, "?", *"next", "enter")
        assert app.session.stage == "telling"

    run_app(check, ASKING)


def test_a_product_is_taken_where_one_is_asked() -> None:
    """As it was worked out on paper: ∂L/∂ŷ = 2 · (2.5 − 2)."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await answer(app, "2*0.5")
        assert bottom(app).startswith(" Correct: ∂L/∂ŷ = 1.")

    run_app(check, ASKING)
