"""The page of experiments as it is drawn."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.drawing.experiments import NAMES, pressed, result_for, state_of
from tests.drawing.test_any_screen import HEIGHTS, HIGH_ENOUGH, WIDE_ENOUGH, WIDTHS, assert_exact
from tests.examples import examples
from tests.goldens import assert_golden
from tests.session.random_lessons import LECTURE, lessons
from tinynet_tui.drawing.experiment_page import Waiting, experiments_page
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.theme import theme_of
from tinynet_tui.engine.names import symbol
from tinynet_tui.experiments import many_starts
from tinynet_tui.experiments.dead_relu import BiasSweep
from tinynet_tui.experiments.gradients import loss_gradients
from tinynet_tui.experiments.influences import Influence, by_loss, by_output
from tinynet_tui.experiments.initial_values import SEED, start_setup
from tinynet_tui.experiments.learning_rates import RATES
from tinynet_tui.experiments.loss_slice import SLICE_POINTS, Slice
from tinynet_tui.experiments.options import UPDATES
from tinynet_tui.experiments.page import PageState
from tinynet_tui.experiments.page_keys import after, key_named, keys
from tinynet_tui.experiments.page_of_session import opened_page
from tinynet_tui.experiments.rate_finder import RateSweep
from tinynet_tui.experiments.side_by_side import SideBySide
from tinynet_tui.experiments.table import EXPERIMENTS
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import Command, start
from tinynet_tui.session.commands import after as session_after
from tinynet_tui.teaching.charts import Chart

SIZES = [(60, 20), (80, 24), (120, 36)]
ROW_2 = shipped_lesson("lecture-row-2")
XOR = shipped_lesson("xor")


def _cases() -> dict[str, tuple[PageState, object]]:
    cases: dict[str, tuple[PageState, object]] = {}
    for experiment in NAMES:
        state = state_of(LECTURE, experiment)
        cases[experiment] = state, result_for(state)
    rates = state_of(LECTURE, "rates")
    more: dict[str, PageState] = {
        "the rates, the last at update 3, logarithmic": pressed(
            rates, "down", "down", "down", "first", "right", "right", "right", "scale"
        ),
        "the second row, stuck": state_of(ROW_2, "rates"),
        "many rates": after(rates, "rates", tuple(0.01 * number for number in range(1, 25))),
        "all diverge": after(state_of(XOR, "rates"), "rates", (1e300, 1e305)),
        "a dead output": state_of(shipped_lesson("dead-output"), "bias", "b3"),
        "w5 nudged up twice": pressed(state_of(LECTURE, "slice", "w5"), "more", "more", "far-right"),
        "four samples": state_of(XOR, "slice", "w5"),
    }
    cases |= {name: (state, result_for(state)) for name, state in more.items()}
    cases["going on"] = rates, Waiting(0.375)
    cases["stopped"] = rates, Waiting(0.375, stopped=True)
    cases["not worth a word yet"] = rates, Waiting(None)
    cases["no ReLU"] = state_of(XOR, "bias"), None
    cases["a notice"] = replace(rates, notice="There is no key 9 here."), Waiting(None)
    return cases


CASES = _cases()


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("ascii", [False, True])
def test_as_drawn(width: int, height: int, ascii: bool) -> None:
    """Every experiment, and what is there before its result."""
    parts = [
        f"{name}\n{experiments_page(state, outcome, width, height, Look(ascii)).text()}\n"
        for name, (state, outcome) in CASES.items()
    ]
    assert_golden(f"experiments-{width}x{height}{'-ascii' if ascii else ''}.txt", "\n".join(parts))


_PROMPTS = {option.prompt.name for row in EXPERIMENTS for option in row.options if option.prompt}
_KEYS = [key.name for key in keys() if key.change is not None and key.name not in _PROMPTS]


@st.composite
def _views(draw: st.DrawFn) -> tuple[PageState, object]:
    """Any experiment on any lesson after some keys, with its result or without."""
    lesson: Lesson = draw(lessons())
    state = state_of(lesson, draw(st.sampled_from(NAMES)))
    state = after(state, "updates", draw(st.sampled_from((1, 7, 25))))
    state = pressed(state, *draw(st.lists(st.sampled_from(_KEYS), max_size=4)))
    if state.experiment == "many starts":
        state = state.with_value(many_starts.UPDATES, 5)
    outcome: object = result_for(state)
    if draw(st.integers(0, 5)) == 5:
        outcome = Waiting(draw(st.sampled_from((None, 0.0, 0.5, 1.0))), draw(st.booleans()))
    return state, outcome


@given(_views(), WIDTHS, HEIGHTS, st.booleans())
@examples(30)
def test_a_page_has_exactly_its_size(
    drawn: tuple[PageState, object], width: int, height: int, ascii: bool
) -> None:
    """Whatever the lesson, the experiment and the keys before; every role in it is known."""
    state, outcome = drawn
    picture = experiments_page(state, outcome, width, height, Look(ascii))
    assert_exact(picture, width, height, Look(ascii))
    for row in picture.rows:
        for run in row:
            theme_of("none").style(run.style)
    assert picture == experiments_page(state, outcome, width, height, Look(ascii))


@given(_views(), WIDE_ENOUGH, HIGH_ENOUGH, st.booleans())
@examples(20)
def test_where_one_is_and_how_to_leave(
    drawn: tuple[PageState, object], width: int, height: int, ascii: bool
) -> None:
    """The tabs with their keys, and below help and quit or what was said; at every size."""
    state, outcome = drawn
    rows = experiments_page(state, outcome, width, height, Look(ascii)).text().splitlines()
    assert rows[1].endswith(" 1 rates  2 start  3 dead  4 sensitivity")
    if not state.notice:
        assert "x back" in rows[-1]
        assert rows[-1].endswith("? help  q quit")


def _words_of(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize(
    "name", [name for name, (_, outcome) in CASES.items() if isinstance(outcome, SideBySide)]
)
def test_the_chosen_run_is_told_in_whole_sentences(name: str, width: int, height: int) -> None:
    """Wherever there is a run, what it did is told, and nothing of it is cut."""
    state, outcome = CASES[name]
    assert isinstance(outcome, SideBySide)
    page = experiments_page(state, outcome, width, height, Look())
    strong = " ".join(run.text for row in page.rows for run in row if run.style == "strong")
    words = outcome.runs[state.choice].told
    assert _words_of(words) in _words_of(strong) or _words_of(words) in _words_of(page.text())


def test_one_update_is_told_in_the_singular() -> None:
    """In the title too."""
    state = after(state_of(LECTURE, "rates"), "updates", 1)
    title, *_ = experiments_page(state, result_for(state), 80, 24, Look()).text().splitlines()
    assert title.endswith(" 1 update")


def test_exact_values_at_the_cursor() -> None:
    """The update, the loss of every rate there, and the chosen one in full."""
    state, outcome = CASES["the rates, the last at update 3, logarithmic"]
    assert isinstance(outcome, SideBySide)
    text = experiments_page(state, outcome, 80, 24, Look()).text()
    assert "after update 3, d: 1.6025384560877625 in full" in text
    assert "update 3, d: 1.6025384560877625" in experiments_page(state, outcome, 60, 20, Look()).text()
    for rate, run in zip(state[RATES], outcome.runs, strict=True):
        assert re.search(rf"{rate:g} +{run.losses[3]:.6g}", text)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e308])
@pytest.mark.parametrize("experiment", NAMES)
def test_a_network_that_has_diverged_is_drawn(experiment: str, value: float) -> None:
    """On every page, also where every one of its parameters is inf or nan."""
    state = state_of(LECTURE, experiment)
    setup = replace(state.setup, parameters=(value,) * len(state.setup.parameters))
    state = replace(state, setup=setup)
    result = result_for(state)
    for size in SIZES:
        assert_exact(experiments_page(state, result, *size, Look()), *size, Look())


def test_all_runs_not_finite_say_so() -> None:
    """There is no curve to draw, and still a page."""
    state = after(state_of(XOR, "rates"), "rates", (1e308, 1.7e308))
    parameters = tuple(math.nan for _ in state.setup.parameters)
    state = replace(state, setup=replace(state.setup, parameters=parameters))
    text = experiments_page(state, result_for(state), 80, 24, Look()).text()
    assert "The loss is nan from the start." in text


@pytest.mark.parametrize(
    ("experiment", "says"),
    [("bias", "No loss is finite"), ("slice", "No loss along w₁ is finite: there is no curve")],
)
def test_a_chart_without_a_finite_loss_says_so(experiment: str, says: str) -> None:
    """In its heading, above the empty axes."""
    state = state_of(LECTURE, experiment)
    state = replace(state, setup=replace(state.setup, inputs=((1e200, 0.0),)))
    assert says in experiments_page(state, result_for(state), 80, 24, Look()).text()


def test_the_prediction_that_a_nudge_moves_most_is_told() -> None:
    """x1 is 0 in the first sample of XOR, so w1 does not move its ŷ; the others are named by their sample."""
    state = pressed(state_of(XOR, "slice", "w1"), "more")
    result = result_for(state)
    assert isinstance(result, Slice)
    outputs = zip(result.nudge.outputs_before, result.nudge.outputs_after, strict=True)
    changes = [after[0] - before[0] for before, after in outputs]
    assert changes[0] == 0
    sample = 1 + max(range(4), key=lambda place: abs(changes[place]))
    text = _words_of(experiments_page(state, result, 80, 24, Look()).text())
    assert f"w₁ nudged by +0.1: ŷ of sample {sample} changes by" in text


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36), (200, 60)])
def test_of_several_outputs_the_page_says_which_one(size: tuple[int, int]) -> None:
    """Mazur's w₁ moves ŷ₂ most, and its bar alone would not say so."""
    state = state_of(shipped_lesson("mazur"), "influences")
    text = experiments_page(state, result_for(state), *size, Look()).text()
    assert "moves one ŷ most: |∂ŷ/∂p|" in text
    assert "w₁ moves ŷ₂ most: |∂ŷ₂/∂w₁| is 0.001059." in text


def test_the_parameters_that_move_most_are_named_where_their_bars_are_out_of_sight() -> None:
    """Of 37 parameters 13 have room; the one chosen at first is far down."""
    state = state_of(shipped_lesson("deep-sigmoid"), "influences")
    found = result_for(state)
    assert isinstance(found, tuple)
    assert all(isinstance(one, Influence) for one in found)
    text = experiments_page(state, found, 80, 24, Look()).text()
    loss, output = symbol(by_loss(found)[0].parameter), symbol(by_output(found)[0].parameter)
    assert loss == output
    assert f"{loss} moves the loss most, and the output, too." in text
    assert f" {loss} " not in text.partition("∂L/∂w₁:")[0]


def test_the_cliff_is_marked_where_the_neuron_dies() -> None:
    """z = b + 1 is 0 at b1 = -1 in the lecture: dead to the left, alive to the right of the rule."""
    state, outcome = CASES["bias"]
    assert isinstance(outcome, BiasSweep)
    text = experiments_page(state, outcome, 80, 24, Look()).text()
    assert "dead ◂ −1 ▸ alive" in text


def test_the_gradient_is_drawn_over_the_bias() -> None:
    """In the lecture ŷ = b1 + 2 while node 1 is alive, so ∂L/∂b1 = 2(ŷ − 2) = 2·b1; where it is dead, 0."""
    state, outcome = CASES["bias"]
    _, gradient = state.row.page(outcome, state.at(outcome)).charts
    assert isinstance(gradient, Chart)
    assert [y for x, y in gradient.lines[0].points] == pytest.approx(
        [2 * x if x > -1 else 0.0 for x, _ in gradient.lines[0].points]
    )
    assert {rule.label for rule in gradient.rules} == {"", "dead ◂ −1 ▸ alive"}, "the cursor has no label"
    assert [(spot.x, spot.y) for spot in gradient.spots] == [(0.5, 1.0)]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_loss_and_gradient_stand_side_by_side(width: int, height: int) -> None:
    """Each with its heading and its cliff, also where there is least room."""
    page = experiments_page(*CASES["bias"], width, height, Look()).text()
    assert "Loss: n now, a after training" in page
    assert "Gradient ∂L/∂b₁ now" in page
    assert page.count("dead ◂ −1 ▸ alive") == 2


def test_hints_name_keys_that_are_there() -> None:
    """A click on a hint or a tab does what its key does."""
    for state, outcome in CASES.values():
        for mark in experiments_page(state, outcome, 120, 36, Look()).marks:
            kind, _, name = mark.name.partition(":")
            assert kind in ("command", "choice")
            assert key_named(name) if kind == "command" else int(name) < len(state.choices)


@pytest.mark.parametrize(
    ("experiment", "key", "says"),
    [
        ("many starts", "scale", "its bins are fixed"),
        ("slice", "scale", "a linear scale only"),
        ("influences", "scale", "a linear scale only"),
        ("influences", "right", "no cursor in this chart"),
        ("rates", "more", "they choose a seed or nudge a parameter"),
        ("bias", "seed", "nothing is random"),
        ("bias", "other-chart", "one chart on this tab"),
    ],
)
def test_a_key_that_can_do_nothing_says_why(experiment: str, key: str, says: str) -> None:
    """And changes nothing else."""
    state = state_of(LECTURE, experiment)
    pressed_it = pressed(state, key)
    assert says in pressed_it.notice
    assert replace(pressed_it, notice="") == replace(state, notice="")


@pytest.mark.parametrize("experiment", [name for name in NAMES if name != "influences"])
def test_while_work_goes_on_the_cursor_is_not_there_yet(experiment: str) -> None:
    """It is not said to be missing."""
    assert "not there yet" in after(state_of(LECTURE, experiment), "right", result=None).notice


def test_the_next_seed_says_from_which_recipes_the_network_is_dead() -> None:
    """By the gradients of the first update: all 0."""
    state = after(state_of(LECTURE, "starts"), "seed")
    assert state[SEED] == 3
    dead = [
        name
        for name in ("large", "uniform", "he", "xavier")
        if not any(loss_gradients(start_setup(state.setup, name, 3)).values())
    ]
    assert dead, "a seed with something to tell"
    said = f"Dead, no gradient gets back to the first parameters: {', '.join(dead)}."
    assert state.notice == f"The random recipes have seed 3. {said}"
    assert after(state_of(XOR, "starts"), "seed").notice == "The random recipes have seed 3."


def test_no_seed_is_below_0() -> None:
    """The first is kept, and said to be the first."""
    state = state_of(LECTURE, "starts").with_value(SEED, 1)
    state = after(after(state, "less"), "less")
    assert (state[SEED], state.notice) == (0, "The first seed is 0.")


def test_another_number_of_updates_has_its_cursor_at_the_end() -> None:
    """Wherever it was put among the updates before."""
    state = after(pressed(state_of(LECTURE, "rates"), "first", "right"), "updates", 7)
    assert state.at(result_for(state)).cursor == 7


def test_another_parameter_has_its_cursor_in_the_middle() -> None:
    """At its present value, wherever the cursor was on the slice before."""
    state = pressed(state_of(LECTURE, "slice"), "first", "down")
    assert state.at(result_for(state)).cursor == SLICE_POINTS // 2


def test_updates_typed_where_nothing_is_trained_are_those_of_the_other_tabs() -> None:
    """The page does not speak of runs that it has not."""
    state = after(state_of(LECTURE, "slice"), "updates", 7)
    assert (state[UPDATES], state.notice) == (
        7,
        "Every run of the other tabs has 7 updates: here nothing is trained.",
    )


def test_a_network_without_a_relu_has_no_keys_for_a_chart() -> None:
    """None is hinted at, and each says that there is none."""
    state = state_of(XOR, "bias")
    page = experiments_page(state, None, 80, 24, Look())
    assert page.text().splitlines()[-1].split("  ") == [" x back", "? help", "q quit"]
    for key in ("right", "scale"):
        assert "no ReLU" in pressed(state, key).notice


def test_the_title_names_the_update_where_the_numbers_are_of_it() -> None:
    """Not above the initial values, which are no numbers of any update."""
    titles = {
        experiment: experiments_page(
            replace(state_of(LECTURE, experiment), update=25), Waiting(None), 80, 24, Look()
        )
        .text()
        .splitlines()[0]
        for experiment in NAMES
    }
    assert {experiment for experiment in titles if "from update 25" not in titles[experiment]} == {
        "starts",
        "many starts",
    }


def test_a_loss_below_the_chart_is_told() -> None:
    """On a logarithmic axis a loss of 0 has no place; on a linear one it has."""
    state = state_of(LECTURE, "rate finder")
    result = result_for(state)
    assert isinstance(result, RateSweep)
    assert min(result.final) == 0.0
    for seen, is_cut in ((state, True), (pressed(state, "scale"), False)):
        page = experiments_page(seen, result, 120, 36, Look()).text()
        assert ("The chart is cut off below" in page) == is_cut


def test_a_page_that_is_opened_again_tries_the_present_rate() -> None:
    """Unless the rates are those that were asked for."""
    session = start(shipped_lesson("mazur"))
    first = opened_page(session, None)
    assert first.state[RATES] == (0.005, 0.01, 0.1, 0.25, 0.5)
    other = session_after(session, Command("rate", 0.7))
    assert opened_page(other, first).state[RATES] == (0.005, 0.01, 0.1, 0.25, 0.7)
    asked = replace(first, state=first.state.with_value(RATES, (0.3,)))
    assert opened_page(other, asked).state[RATES] == (0.3,)
