"""The tour in the app: begun, ticked, listed, left and taken up by keys alone."""

from __future__ import annotations

from textual.pilot import Pilot

from tests.app.running import press, run_app, shown
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


def test_plus_and_minus_nudge_while_the_chain_is_shown() -> None:
    """And make autoplay faster and slower while it plays; elsewhere they say how it starts."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "+")
        assert "Autoplay is off" in shown(app)
        await press(app, "]", "]", "]", "3", "+")
        assert app.session.knob == 2
        assert "w₁ 1 → 1.02" in shown(app)
        await press(app, "-", "-")
        assert app.session.knob == -1
        assert "w₁ 1 → 0.99" in shown(app)
        await press(app, "a", "+")
        assert app.session.knob == -1
        assert "Autoplay, " in shown(app)

    run_app(check)


def test_plus_in_the_tour_says_what_to_press_first() -> None:
    """Where the chain is not shown yet, as a stop asks for it: nobody there asked for autoplay."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "c", "+")
        assert app.session.notice == "3 opens the chain; then + nudges."

    run_app(check)


def test_words_are_explained_in_the_help() -> None:
    """Found by what is typed, with the number of this step; Enter on one does nothing."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "]", "]", "?", *"delta")
        assert "∂L/∂z₁ is not known yet" in " ".join(shown(app).split())
        await press(app, "enter")
        assert "∂L/∂z₁ is not known yet" in " ".join(shown(app).split())

    run_app(check)
