"""The page of experiments as it is drawn."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.drawing.experiments import KEYS_TO, pressed, result_for, view_of
from tests.drawing.test_any_screen import HEIGHTS, HIGH_ENOUGH, WIDE_ENOUGH, WIDTHS, assert_exact
from tests.examples import examples
from tests.goldens import assert_golden
from tests.session.random_lessons import LECTURE, lessons
from tinynet_tui.drawing.experiments.charts import bias_charts
from tinynet_tui.drawing.experiments.keys import BY_NAME, KEYS, after
from tinynet_tui.drawing.experiments.page import Outcome, experiments_page
from tinynet_tui.drawing.experiments.view import Experiment, View
from tinynet_tui.drawing.experiments.work import Influences, NudgedSlice, RateRuns, Waiting, cursor_of
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.theme import theme_of
from tinynet_tui.engine.names import symbol
from tinynet_tui.experiments.dead_relu import BiasSweep
from tinynet_tui.experiments.gradients import loss_gradients
from tinynet_tui.experiments.initial_values import start_setup
from tinynet_tui.experiments.rate_finder import RateSweep
from tinynet_tui.experiments.sensitivity import SLICE_POINTS
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import Command, start
from tinynet_tui.session.commands import after as session_after
from tinynet_tui.tui.experiments.answers import QUESTIONS
from tinynet_tui.tui.experiments.visit import visit

SIZES = [(60, 20), (80, 24), (120, 36)]
ROW_2 = shipped_lesson("lecture-row-2")
XOR = shipped_lesson("xor")
EXPERIMENTS: list[Experiment] = list(KEYS_TO)


def _cases() -> dict[str, tuple[View, Outcome]]:
    cases: dict[str, tuple[View, Outcome]] = {}
    for experiment in EXPERIMENTS:
        view = view_of(LECTURE, experiment)
        cases[experiment] = view, result_for(view)
    rates = view_of(LECTURE, "rates")
    more: dict[str, View] = {
        "the rates, the last at update 3, logarithmic": pressed(
            rates, "down", "down", "down", "first", "right", "right", "right", "scale"
        ),
        "the second row, stuck": view_of(ROW_2, "rates"),
        "many rates": after(rates, "rates", tuple(0.01 * number for number in range(1, 25))),
        "all diverge": after(view_of(XOR, "rates"), "rates", (1e300, 1e305)),
        "a dead output": view_of(shipped_lesson("dead-output"), "bias", "b3"),
        "w5 nudged up twice": pressed(view_of(LECTURE, "slice", "w5"), "more", "more", "far-right"),
        "four samples": view_of(XOR, "slice", "w5"),
    }
    cases |= {name: (view, result_for(view)) for name, view in more.items()}
    cases["going on"] = rates, Waiting(0.375)
    cases["stopped"] = rates, Waiting(0.375, stopped=True)
    cases["not worth a word yet"] = rates, Waiting(None)
    cases["no ReLU"] = view_of(XOR, "bias"), None
    cases["a notice"] = replace(rates, notice="There is no key 9 here."), Waiting(None)
    return cases


CASES = _cases()


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("ascii", [False, True])
def test_as_drawn(width: int, height: int, ascii: bool) -> None:
    """Every experiment, and what is there before its result."""
    parts = [
        f"{name}\n{experiments_page(view, outcome, width, height, Look(ascii)).text()}\n"
        for name, (view, outcome) in CASES.items()
    ]
    assert_golden(f"experiments-{width}x{height}{'-ascii' if ascii else ''}.txt", "\n".join(parts))


_NAMES = [key.name for key in KEYS if key.change is not None and key.name not in QUESTIONS]


@st.composite
def _views(draw: st.DrawFn) -> tuple[View, Outcome]:
    """Any experiment on any lesson after some keys, with its result or without."""
    lesson: Lesson = draw(lessons())
    view = view_of(lesson, draw(st.sampled_from(EXPERIMENTS)))
    view = after(view, "updates", draw(st.sampled_from((1, 7, 25))))
    view = pressed(view, *draw(st.lists(st.sampled_from(_NAMES), max_size=4)))
    if view.experiment == "many starts":
        view = replace(view, many_updates=5)
    outcome: Outcome = result_for(view)
    if draw(st.integers(0, 5)) == 5:
        outcome = Waiting(draw(st.sampled_from((None, 0.0, 0.5, 1.0))), draw(st.booleans()))
    return view, outcome


@given(_views(), WIDTHS, HEIGHTS, st.booleans())
@examples(30)
def test_a_page_has_exactly_its_size(
    drawn: tuple[View, Outcome], width: int, height: int, ascii: bool
) -> None:
    """Whatever the lesson, the experiment and the keys before; every role in it is known."""
    view, outcome = drawn
    picture = experiments_page(view, outcome, width, height, Look(ascii))
    assert_exact(picture, width, height, Look(ascii))
    for row in picture.rows:
        for run in row:
            theme_of("none").style(run.style)
    assert picture == experiments_page(view, outcome, width, height, Look(ascii))


@given(_views(), WIDE_ENOUGH, HIGH_ENOUGH, st.booleans())
@examples(20)
def test_where_one_is_and_how_to_leave(
    drawn: tuple[View, Outcome], width: int, height: int, ascii: bool
) -> None:
    """The tabs with their keys, and below help and quit or what was said; at every size."""
    view, outcome = drawn
    rows = experiments_page(view, outcome, width, height, Look(ascii)).text().splitlines()
    assert rows[1].endswith(" 1 rates  2 start  3 dead  4 sensitivity")
    if not view.notice:
        assert "x back" in rows[-1]
        assert rows[-1].endswith("? help  q quit")


def _words_of(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize(
    "name", [name for name, (_, outcome) in CASES.items() if isinstance(outcome, RateRuns)]
)
def test_the_chosen_run_is_told_in_whole_sentences(name: str, width: int, height: int) -> None:
    """Wherever there is a run, what it did is told, and nothing of it is cut."""
    view, outcome = CASES[name]
    assert isinstance(outcome, RateRuns)
    page = experiments_page(view, outcome, width, height, Look())
    strong = " ".join(run.text for row in page.rows for run in row if run.style == "strong")
    words = outcome.runs[view.choice].words
    assert _words_of(words) in _words_of(strong) or _words_of(words) in _words_of(page.text())


def test_one_update_is_told_in_the_singular() -> None:
    """In the title too."""
    view = after(view_of(LECTURE, "rates"), "updates", 1)
    title, *_ = experiments_page(view, result_for(view), 80, 24, Look()).text().splitlines()
    assert title.endswith(" 1 update")


def test_exact_values_at_the_cursor() -> None:
    """The update, the loss of every rate there, and the chosen one in full."""
    view, outcome = CASES["the rates, the last at update 3, logarithmic"]
    assert isinstance(outcome, RateRuns)
    text = experiments_page(view, outcome, 80, 24, Look()).text()
    assert "after update 3, d: 1.6025384560877625 in full" in text
    assert "update 3, d: 1.6025384560877625" in experiments_page(view, outcome, 60, 20, Look()).text()
    for rate, run in zip(view.rates, outcome.runs, strict=True):
        assert re.search(rf"{rate:g} +{run.losses[3]:.6g}", text)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e308])
@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_a_network_that_has_diverged_is_drawn(experiment: Experiment, value: float) -> None:
    """On every page, also where every one of its parameters is inf or nan."""
    view = view_of(LECTURE, experiment)
    setup = replace(view.setup, parameters=(value,) * len(view.setup.parameters))
    view = replace(view, setup=setup)
    result = result_for(view)
    for size in SIZES:
        assert_exact(experiments_page(view, result, *size, Look()), *size, Look())


def test_all_runs_not_finite_say_so() -> None:
    """There is no curve to draw, and still a page."""
    view = after(view_of(XOR, "rates"), "rates", (1e308, 1.7e308))
    parameters = tuple(math.nan for _ in view.setup.parameters)
    view = replace(view, setup=replace(view.setup, parameters=parameters))
    text = experiments_page(view, result_for(view), 80, 24, Look()).text()
    assert "The loss is nan from the start." in text


@pytest.mark.parametrize(
    ("experiment", "says"),
    [("bias", "No loss is finite"), ("slice", "No loss along w₁ is finite: there is no curve")],
)
def test_a_chart_without_a_finite_loss_says_so(experiment: Experiment, says: str) -> None:
    """In its heading, above the empty axes."""
    view = view_of(LECTURE, experiment)
    view = replace(view, setup=replace(view.setup, inputs=((1e200, 0.0),)))
    assert says in experiments_page(view, result_for(view), 80, 24, Look()).text()


def test_the_prediction_that_a_nudge_moves_most_is_told() -> None:
    """x1 is 0 in the first sample of XOR, so w1 does not move its ŷ; the others are named by their sample."""
    view = pressed(view_of(XOR, "slice", "w1"), "more")
    result = result_for(view)
    assert isinstance(result, NudgedSlice)
    assert result.nudge is not None
    outputs = zip(result.nudge.outputs_before, result.nudge.outputs_after, strict=True)
    changes = [after[0] - before[0] for before, after in outputs]
    assert changes[0] == 0
    sample = 1 + max(range(4), key=lambda place: abs(changes[place]))
    text = _words_of(experiments_page(view, result, 80, 24, Look()).text())
    assert f"w₁ nudged by +0.1: ŷ of sample {sample} changes by" in text


def test_the_parameters_that_move_most_are_named_where_their_bars_are_out_of_sight() -> None:
    """Of 37 parameters 13 have room; the one chosen at first is far down."""
    view = view_of(shipped_lesson("deep-sigmoid"), "influences")
    result = result_for(view)
    assert isinstance(result, Influences)
    text = experiments_page(view, result, 80, 24, Look()).text()
    loss, output = symbol(result.by_loss[0]), symbol(result.by_output[0])
    assert loss == output
    assert f"{loss} moves the loss most, and the output, too." in text
    assert f" {loss} " not in text.partition("∂L/∂w₁:")[0]


def test_the_cliff_is_marked_where_the_neuron_dies() -> None:
    """z = b + 1 is 0 at b1 = -1 in the lecture: dead to the left, alive to the right of the rule."""
    view, outcome = CASES["bias"]
    assert isinstance(outcome, BiasSweep)
    text = experiments_page(view, outcome, 80, 24, Look()).text()
    assert "dead ◂ −1 ▸ alive" in text


def test_the_gradient_is_drawn_over_the_bias() -> None:
    """In the lecture ŷ = b1 + 2 while node 1 is alive, so ∂L/∂b1 = 2(ŷ − 2) = 2·b1; where it is dead, 0."""
    _, outcome = CASES["bias"]
    assert isinstance(outcome, BiasSweep)
    _, gradient = bias_charts(outcome)
    assert [y for x, y in gradient.lines[0].points] == pytest.approx(
        [2 * x if x > -1 else 0.0 for x, _ in gradient.lines[0].points]
    )
    assert {rule.label for rule in gradient.rules} == {"dead ◂ −1 ▸ alive"}
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
    for view, outcome in CASES.values():
        for mark in experiments_page(view, outcome, 120, 36, Look()).marks:
            kind, _, name = mark.name.partition(":")
            assert kind in ("key", "choice")
            assert name in BY_NAME if kind == "key" else int(name) < len(view.choices)


@pytest.mark.parametrize(
    ("experiment", "key", "says"),
    [
        ("many starts", "scale", "its bins are fixed"),
        ("slice", "scale", "a linear scale only"),
        ("influences", "scale", "a linear scale only"),
        ("influences", "right", "no cursor in this chart"),
        ("rates", "more", "they choose a seed or nudge a parameter"),
        ("bias", "seed", "nothing is random"),
        ("bias", "second", "one chart on this tab"),
    ],
)
def test_a_key_that_can_do_nothing_says_why(experiment: Experiment, key: str, says: str) -> None:
    """And changes nothing else."""
    view = view_of(LECTURE, experiment)
    pressed_it = pressed(view, key)
    assert says in pressed_it.notice
    assert replace(pressed_it, notice="") == replace(view, notice="")


@pytest.mark.parametrize("experiment", [name for name in EXPERIMENTS if name != "influences"])
def test_while_work_goes_on_the_cursor_is_not_there_yet(experiment: Experiment) -> None:
    """It is not said to be missing."""
    assert "not there yet" in after(view_of(LECTURE, experiment), "right", result=None).notice


def test_the_next_seed_says_from_which_recipes_the_network_is_dead() -> None:
    """By the gradients of the first update: all 0."""
    view = after(view_of(LECTURE, "starts"), "seed")
    assert view.seed == 3
    dead = [
        name
        for name in ("large", "uniform", "he", "xavier")
        if not any(loss_gradients(start_setup(view.setup, name, 3)).values())
    ]
    assert dead, "a seed with something to tell"
    said = f"Dead, no gradient gets back to the first layer: {', '.join(dead)}."
    assert view.notice == f"The random recipes have seed 3. {said}"
    assert after(view_of(XOR, "starts"), "seed").notice == "The random recipes have seed 3."


def test_no_seed_is_below_0() -> None:
    """The first is kept, and said to be the first."""
    view = replace(view_of(LECTURE, "starts"), seed=1)
    view = after(after(view, "less"), "less")
    assert (view.seed, view.notice) == (0, "The first seed is 0.")


def test_another_number_of_updates_has_its_cursor_at_the_end() -> None:
    """Wherever it was put among the updates before."""
    view = after(pressed(view_of(LECTURE, "rates"), "first", "right"), "updates", 7)
    assert cursor_of(view, result_for(view)) == 7


def test_another_parameter_has_its_cursor_in_the_middle() -> None:
    """At its present value, wherever the cursor was on the slice before."""
    view = pressed(view_of(LECTURE, "slice"), "first", "down")
    assert cursor_of(view, result_for(view)) == SLICE_POINTS // 2


def test_updates_typed_where_nothing_is_trained_are_those_of_the_other_tabs() -> None:
    """The page does not speak of runs that it has not."""
    view = after(view_of(LECTURE, "slice"), "updates", 7)
    assert (view.updates, view.notice) == (
        7,
        "Every run of the other tabs has 7 updates: here nothing is trained.",
    )


def test_a_network_without_a_relu_has_no_keys_for_a_chart() -> None:
    """None is hinted at, and each says that there is none."""
    view = view_of(XOR, "bias")
    page = experiments_page(view, None, 80, 24, Look())
    assert page.text().splitlines()[-1].split("  ") == [" x back", "? help", "q quit"]
    for key in ("right", "scale"):
        assert "no ReLU" in pressed(view, key).notice


def test_the_title_names_the_update_where_the_numbers_are_of_it() -> None:
    """Not above the initial values, which are no numbers of any update."""
    titles = {
        experiment: experiments_page(
            replace(view_of(LECTURE, experiment), update=25), Waiting(None), 80, 24, Look()
        )
        .text()
        .splitlines()[0]
        for experiment in EXPERIMENTS
    }
    assert {experiment for experiment in titles if "from update 25" not in titles[experiment]} == {
        "starts",
        "many starts",
    }


def test_a_loss_below_the_chart_is_told() -> None:
    """On a logarithmic axis a loss of 0 has no place; on a linear one it has."""
    view = view_of(LECTURE, "rate finder")
    result = result_for(view)
    assert isinstance(result, RateSweep)
    assert min(result.final) == 0.0
    for seen, is_cut in ((view, True), (pressed(view, "scale"), False)):
        page = experiments_page(seen, result, 120, 36, Look()).text()
        assert ("The chart is cut off below" in page) == is_cut


def test_a_page_that_is_opened_again_tries_the_present_rate() -> None:
    """Unless the rates are those that were asked for."""
    session = start(shipped_lesson("mazur"))
    first = visit(session, None)
    assert first.view.rates == (0.005, 0.01, 0.1, 0.25, 0.5)
    other = session_after(session, Command("rate", 0.7))
    assert visit(other, first).view.rates == (0.005, 0.01, 0.1, 0.25, 0.7)
    asked = replace(first, view=replace(first.view, rates=(0.3,)))
    assert visit(other, asked).view.rates == (0.3,)
