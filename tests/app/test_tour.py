"""The tour in the app: begun, ticked, listed, left and taken up by keys alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.app.running import Check, bottom, press, run_app, shown
from tinynet_tui.tui.app import Stepper


def test_the_first_screen_offers_it_and_c_begins_it() -> None:
    """One line; then the first question, in another lesson, and a tick for what is done."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        assert "c the tour" in shown(app) or "c for the tour" in shown(app)
        await press(app, "c")
        assert "1/10 Guess ŷ" in shown(app)
        await press(app, *["right"] * 7)
        assert "✓ ŷ = 2, and L = 1" in shown(app)
        assert "2/10" in shown(app)
        await press(app, "c")
        assert "✓ 1" in shown(app)
        await press(app, "c")
        assert "✓ 1" in shown(app), "the key that opens the list is no search"
        await press(app, "escape", "escape")
        assert "The tour is left" in shown(app)
        await press(app, "right")
        assert "2/10" not in shown(app)
        await press(app, "c")
        assert "2/10" in shown(app)

    run_app(check)


def test_it_is_taken_up_after_a_start_without_resume(tmp_path: Path) -> None:
    """At the stop where it was left, in the place that the stops before it lead to; once done, `c` lists."""
    kept = tmp_path / "tour.json"

    def starts(check: Check) -> None:
        async def with_file(app: Stepper, pilot: Pilot[None]) -> None:
            app.tour_file = kept
            await check(app, pilot)

        run_app(with_file, state=tmp_path / "session.json")

    async def begin(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "c", *["right"] * 7)
        assert "2/10" in shown(app)

    async def go_on(app: Stepper, pilot: Pilot[None]) -> None:
        assert "2/10" not in shown(app)
        await press(app, "c")
        assert "2/10" in shown(app)
        assert app.session.step == 7
        await press(app, "c")
        assert ("✓ 1" in shown(app), "✓ 2" in shown(app)) == (True, False)
        await press(app, *["down"] * 2, "enter")  # from the stop that is asked
        assert "4/10" in shown(app)

    async def left_elsewhere(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "c")
        assert "4/10" in shown(app)
        await press(app, "c")
        assert ("✓ 1" in shown(app), "✓ 2" in shown(app)) == (True, False), "to choose a stop does none"
        touring = app.session.tour
        assert touring is not None
        app.session = replace(app.session, tour=touring._replace(ticked=tuple(range(10))))

    async def list_at_once(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "c")
        assert "One update by hand" in shown(app)
        assert app.session.step == 0

    for check in (begin, go_on, left_elsewhere, list_at_once):
        starts(check)


def test_plus_and_minus_nudge_while_the_chain_is_shown() -> None:
    """And make autoplay faster and slower while it plays; elsewhere they say how it starts."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "+")
        assert app.session.notice == "Autoplay is off: a starts it."
        await press(app, "]", "]", "]", "+")
        opens = "3 opens the chain of w₁; there + nudges it."
        assert app.session.notice == f"Autoplay is off: a starts it. {opens}"
        await press(app, "3", "+")
        assert app.session.knob == 0.02
        assert "w₁ 1 → 1.02" in shown(app)
        await press(app, *"------")
        assert app.session.knob == -0.01
        assert "w₁ 1 → 0.99" in shown(app)
        await press(app, "a", "+")
        assert app.session.knob == -0.01
        assert "Autoplay, " in shown(app)

    run_app(check)


def test_plus_in_the_tour_says_what_to_press_first() -> None:
    """Where the chain is not shown yet, as a stop asks for it: nobody there asked for autoplay."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "c", "+")
        assert app.session.notice == "3 opens the chain of w₁; there + nudges it."

    run_app(check)


def test_a_number_is_typed_where_a_stop_asks_for_it() -> None:
    """On the way to a gradient; then digits, + and Enter are keys again, and nothing more is asked."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "c")
        app.command("tour", 5)
        await press(app, "t", "4", "enter")
        assert app.session.tried == ("4",)
        await press(app, "5", "enter", "3", "+")
        assert "Correct now: L = 5" not in shown(app)
        assert (app.session.stage, app.session.shown_panel, app.session.knob) == ("off", "chain", 0.02)
        assert "L gets +0.1236 via ŷ₁ and +0.4944 via ŷ₂" in shown(app)
        await press(app, "t", *"10", "enter")
        assert "Correct: ∂L/∂h₁ = 10" in shown(app)
        assert "6 + 24 = 30" not in shown(app)
        await press(app, "enter", "t", *"30", "enter")
        assert "the sum of these: 6 + 24 = 30" in " ".join(shown(app).split())

    run_app(check)


def test_digits_do_nothing_where_a_number_was_given_up() -> None:
    """They are typed too late for it; who has answered goes on with them."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "c")
        app.command("tour", 5)
        await press(app, "t", "5", "enter", "t")
        while app.session.stage == "asking":
            await press(app, "7", "enter")
        there = app.session
        for digit in "10":
            await press(app, digit)
            words = "Nothing is asked now: ← goes back to ∂L/∂h₁, → goes on."
            assert app.session == replace(there, notice=words)
        await press(app, "left", "right", *"10", "enter")
        assert "Correct: ∂L/∂h₁ = 10" in shown(app)

    run_app(check)


def test_a_stop_is_answered_with_a_key_and_never_waits_for_it() -> None:
    """In a number or a word; what cannot be read is said at the prompt, and → goes on with nothing typed."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "=")
        assert app.session.notice == "The tour asks nothing here: c opens it."
        await press(app, "c", "=", *"3", "enter")
        assert "Not 3. Node 1 first: z₁ = w₁ · x₁ + w₂ · x₂ + b₁, and h₁ = ReLU(z₁); h₂ in the" in shown(app)
        await press(app, "=", *"-2", "enter")
        assert "Not −2. The number is right, but its sign is wrong." in shown(app)
        await press(app, "=", *"old", "enter")
        assert "“old” is not a number" in shown(app)
        await press(app, "ctrl+u", "=", "2", "enter")
        assert app.session.notice == "Right: 2."
        assert (app.session.step, app.session.tour and app.session.tour.number) == (0, 0)
        await press(app, *["right"] * 7)
        assert "2/10" in shown(app)
        app.command("tour", 7)
        await press(app, "=", *"yes", "enter")
        assert app.session.notice == "Right: yes."
        app.command("tour", 3)
        await press(app, "=", "2", "enter")
        # At ∂L/∂w₅: t goes to the gradient of w₁ once that is selected.
        assert app.session.notice == "This stop asks for ∂L/∂h₁ at its step: → leads there."
        app.command("select", "w1")
        await press(app, "=", "2", "enter")
        assert app.session.notice == "This stop asks for ∂L/∂h₁ at its step: t leads there."

    run_app(check)


def test_no_letter_of_an_answer_is_a_command_where_it_is_asked_for_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once after = it is typed into a field, which says where it is asked; there = is no part of it."""
    monkeypatch.chdir(tmp_path)

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "c")
        app.command("tour", 8)
        there = app.session
        await press(app, "=", *"yes")
        assert app.page.prompt is not None
        assert "asked on the way" in bottom(app)
        await press(app, "enter")
        words = "This stop asks for its answers step by step: p begins that."
        assert app.session == replace(there, notice=words)
        app.command("tour", 5)
        await press(app, "t", "=", "5", "enter")
        assert "Correct: L = 5" in shown(app)

    run_app(check)
    assert not list(tmp_path.iterdir())


def test_esc_after_a_judged_answer_leaves_no_tour() -> None:
    """The first clears what is said of it; at the stop itself Esc leaves."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "c", "=", "3", "enter")
        there = app.session
        assert there.notice.startswith("Not 3.")
        await press(app, "escape")
        assert app.session == replace(there, notice="")
        app.command("tour", 5)
        await press(app, "t", "5", "enter")
        assert app.session.stage == "telling"
        await press(app, "escape")
        assert (app.session.stage, app.session.is_on_tour) == ("off", True)
        await press(app, "escape")
        assert not app.session.is_on_tour

    run_app(check)


def test_words_are_explained_in_the_help() -> None:
    """Found by what is typed, with the number of this step; Enter on one does nothing."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "]", "]", "?", *"delta")
        assert "∂L/∂z₁ is not known yet" in " ".join(shown(app).split())
        await press(app, "enter")
        assert "∂L/∂z₁ is not known yet" in " ".join(shown(app).split())

    run_app(check)


def test_your_turn_is_done_in_the_order_that_it_says() -> None:
    """`]` goes on while a step is asked for: no answer has it."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "c", "$", "p", "]", "]")
        assert (app.session.update, app.session.stage) == (2, "asking")
        assert "sign of ∂L/∂ŷ" in shown(app).splitlines()[-1]

    run_app(check)
