"""Every equation shown holds in its digits: on all panels, in walk, handouts, predictions, experiments."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from random import Random

import pytest
from msgspec.structs import replace as replaced

from tests.campaigns.random_lesson import random_lesson
from tests.drawing.experiments import NAMES, result_for, state_of
from tests.examples import many
from tests.networks.random_programs import random_program
from tests.shown_equations import (
    all_equations,
    equations,
    far_off,
    faults,
    holds,
    is_near,
    latex_as_plain,
    numeric_rows,
)
from tinynet_tui.drawing.chain_panel import chain_panel
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.drawing.step_panel import step_panel
from tinynet_tui.drawing.variants_panel import variants_panel
from tinynet_tui.engine.expression_reading import ALL_DIGITS, DIGITS
from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.trace import trace
from tinynet_tui.engine.training import first_point
from tinynet_tui.experiments.varied_run import RunTable
from tinynet_tui.handouts.formats import FORMATS
from tinynet_tui.handouts.framework_words import phase_words, zero_grad_words
from tinynet_tui.handouts.plain_lines import answered_lines, question_lines, told_lines
from tinynet_tui.handouts.request import Request
from tinynet_tui.lessons.schema import DataTable, Lesson
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lesson
from tinynet_tui.networks.dense import Network
from tinynet_tui.prediction.judgement import result
from tinynet_tui.prediction.question import question
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.history import program_of, trace_of
from tinynet_tui.session.moment import Moment, moment
from tinynet_tui.session.session import VARIANTS, Session
from tinynet_tui.tui.files import step_text

_ANY_DIGITS = range(1, ALL_DIGITS + 1)
_MOST_STEPS = 600
"""A handout of more would take long."""


def panels(now: Moment, chance: Random, width: int) -> Iterator[str]:
    """The rows of the panels that have formulas, with rows for all of them."""
    yield from numeric_rows(step_panel(Scene(now, Look()), width, 60).text())
    names = list(now.model.parameter_names)
    for name in dict.fromkeys((names[0], names[-1], chance.choice(names))):
        here = replace(now, session=replace(now.session, selected=name))
        yield from numeric_rows(chain_panel(Scene(here, Look()), width, chance.choice((5, 6, 40))).text())
        wrong = replace(now, session=replace(here.session, variant=chance.choice(VARIANTS)))
        yield from variants_panel(Scene(wrong, Look()), 300, 9).text().splitlines()


def predicted(session: Session, chance: Random) -> Iterator[str]:
    """What is asked about the step after a place, and what is said to an answer."""
    if session.step == len(program_of(session)):
        return
    asking = after(replace(session, level="number"), Command("predict"))
    asked = question(asking)
    if asked is None:
        return
    yield from question_lines(asked)
    text = chance.choice(("0.5", "-1", "3/2"))
    try:
        judged = result(asked.answer, "number", text)
    except ValueError:
        return
    told = after(asking, Command("answer", (text, judged)))
    while (asked := question(told)) is not None:
        yield from asked.help
        told = after(told, Command("hint"))
    yield from answered_lines(moment(told))


def shown_at(session: Session, chance: Random, width: int) -> Iterator[str]:
    """All lines that a place of a lesson shows."""
    now = moment(session)
    yield from told_lines(now)
    yield from step_text(now).splitlines()
    yield from numeric_rows(step_text(now))
    yield from panels(now, chance, width)
    yield from predicted(session, chance)
    yield from said_of_frameworks(now)


def _plain(line: str) -> str:
    """A line of a handout without its marks."""
    return unescape(re.sub(r"</?[a-z][^>]*>", "", line)).strip("` ")


_IN_PLAIN: dict[str, Callable[[str], str]] = {
    "text": _plain,
    "markdown": _plain,
    "html": _plain,
    "latex": latex_as_plain,
}
"""How the lines of each handout are read."""


def said_of_frameworks(now: Moment) -> Iterator[str]:
    """What the framework panel says at a moment of the selected parameter, whole."""
    if not isinstance(now.model.source, Network):
        return  # the panel says that it is for networks of layers
    here = now.session
    before = trace_of(replace(here, update=here.update - 1)) if here.update > 1 else None
    yield phase_words(now)
    yield from (
        zero_grad_words(before, now, parameter.name, here.digits) for parameter in now.model.parameters
    )


def said_of_experiments(lesson: Lesson) -> Iterator[str]:
    """What each experiment says on its page and prints, for the first and the last that can be chosen."""
    for name in NAMES:
        state = state_of(lesson, name)
        result = result_for(state)
        if result is None:
            continue
        for choice in {0, len(state.choices) - 1}:
            below = state.row.page(result, replace(state.at(result), choice=choice)).below
            if isinstance(below, RunTable):
                yield from (run.told for run in below.runs)
            else:
                yield from (words if isinstance(words, str) else words.text for words in below)
        printed = state.row.printed(result, "a lesson", None)
        yield from (printed.heading, *printed.notes, *printed.words)


def wrong(lines: list[str], digits: int) -> list[str]:
    """The equations that do not hold, or that a calculator does not confirm."""
    return faults(lines, digits) + far_off(lines, digits)


def check(lesson: Lesson, chance: Random, widths: tuple[int, ...] = (60, 80, 200)) -> int:
    """Hold some places of a lesson, and its handouts, against their equations; return how many these were."""
    digits = chance.choice(_ANY_DIGITS)
    session = replace(start(lesson), update=chance.randint(1, 3), digits=digits)
    last = len(program_of(session))
    seen = 0
    for step in sorted({1, last, *(chance.randint(1, last) for _ in range(8))}):
        lines = list(shown_at(replace(session, step=step), chance, chance.choice(widths)))
        assert wrong(lines, digits) == [], (step, digits)
        seen += len(all_equations(lines))
    if last <= _MOST_STEPS:
        for name in chance.sample(list(_IN_PLAIN), 2):
            in_plain = _IN_PLAIN[name]
            lines = [in_plain(line) for line in FORMATS[name].lines(Request(lesson, digits=digits), None)]
            assert wrong(lines, digits) == [], (name, digits)
            seen += len(all_equations(lines))
    return seen


@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_shipped_lessons(name: str) -> None:
    """At several places, with several numbers of digits."""
    for seed in many(2):
        assert check(shipped_lesson(name), Random(f"{name}{seed}")) > 12


@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_experiments(name: str) -> None:
    """The sentences of every experiment on every shipped lesson; a gradient in them is that of the step."""
    lines = list(said_of_experiments(shipped_lesson(name)))
    assert wrong(lines, DIGITS) == []
    setup = moment(start(shipped_lesson(name))).setup
    whole = replace(setup, batch=len(setup.inputs))  # experiments take all samples at once
    update = trace(whole, first_point(whole))
    first = setup.model.parameter_names[0]
    told = [found for line in lines for found in re.findall(rf"∂L/∂{symbol(first)} (=|≈) ({_SIGNED})", line)]
    assert told
    for sign, text in told:
        gradient, number = update.gradient(first), float(text.replace("−", "-"))
        assert number == pytest.approx(gradient, rel=1e-12 if sign == "=" else 5e-4, abs=0)


def test_house_prices() -> None:
    """Of numbers of five and six digits before the point all are shown: they follow from the others."""
    lesson = shipped_lesson("linear")
    network = replaced(
        lesson.network, bias=True, train_biases=True, weights=(((1850.37,),),), biases=((10000.25,),)
    )
    prices = DataTable(((120.53,), (87.4,)), ((250000.0,), (181500.0,)))
    training = replaced(lesson.training, learning_rate=1e-5)
    for seed in many(4):
        check(replaced(lesson, network=network, data=prices, training=training), Random(seed))


_SIGNED = r"−?\d+(?:\.\d+)?(?:e[+-]\d+)?"


@pytest.mark.parametrize("seed", many(12))
def test_random_lessons(seed: int) -> None:
    """Of every shape and with every rule; some have numbers of every size."""
    chance = Random(seed)
    check(random_lesson(chance), chance)


@pytest.mark.parametrize("seed", many(12))
def test_random_programs(seed: int) -> None:
    """Of formulas with every function; in wide panels, since they are longer than any that is written."""
    assert check(random_program(seed).lesson(), Random(seed), (400,)) > 30


@pytest.mark.parametrize(
    ("left", "relation", "right", "is_true"),
    [
        ("0.4 · 0.5 + 0.5 + 0.2", "=", "0.9", True), ("0.4 · 0.5 + 0.5 + 0.2", "≈", "0.9000", False),
        ("2.893 · 0.2262 · 0.9 · 0.9151 · 1", "≈", "0.1033", False),
        ("2.893 · 0.2262 · 0.9 · 0.9151 · 1", "≈", "0.5389", True), ("10 · 1 · 2", "=", "21.5", False),
        ("0.008771 · 0.05", "≈", "0.0004386", True), ("0.0088 · 0.05", "≈", "0.0004386", False),
        ("σ(0)", "=", "0.5", True), ("σ(0.3775)", "=", "0.5933", False), ("σ(0.3775)", "≈", "0.5933", True),
        ("1 − (−0.5)²", "=", "0.75", True), ("−(1 − 3) / 4", "=", "0.5", True),
        ("√(0.25) / 2", "=", "0.25", True),
        ("(0.5 + (−1.5)) / 2", "=", "−0.5", True), ("2^3", "=", "8", True), ("ReLU(−2)", "=", "0", True),
        ("max(−2.5, −1, 2.6)", "=", "2.6", True), ("max(−2.5, 2.6, −1)", "=", "−1", False),
        ("−(0 · ln(0.25) + 0)", "=", "0", True), ("1 · ln(0.25)", "=", "0", False),
        ("|−0.5| + max(1, 2) − min(1, 2)", "=", "1.5", True), ("sin(0) + cos(0)", "=", "1", True),
        ("sin(1.571)", "≈", "1.000", True), ("cos(3.142)", "≈", "−0.9000", False),
        ("(1 + 0.44)^0.5", "≈", "1.200", True), ("2^(−0.5)", "≈", "1.414", False),
        ("[2 > 1] · 3", "=", "3", True),
        ("0.7514 − 0.75", "≈", "0.001365", True), ("0.7514 − 0.75", "≈", "0.0021", False),
    ],
)  # fmt: skip
def test_the_reader_itself(left: str, relation: str, right: str, is_true: bool) -> None:
    """It finds what is wrong, and lets pass what rounding explains."""
    assert holds(left, relation, right, 4) is is_true


@pytest.mark.parametrize(
    ("left", "right", "is_true"),
    [
        ("(2.425 − 2)²", "0.1810", False), ("(2.4254 − 2)²", "0.1810", True),
        ("2.050 · 0.2499", "0.5121", False), ("2.0497 · 0.24985", "0.5121", True),
        ("(5.287 − 6)²", "0.5089", False), ("1.065 − 1", "0.06540", False),
        ("1891 · 120.5 + 10001", "237958", False), ("1891.29 · 120.53 + 10000.6", "237958", True),
        ("0.1 · 2379581", "2.380e+5", True),
        ("1 / 3", "0.3333", True), ("0.9 · 1", "1", False), ("2 − 2", "0", True),
    ],
)  # fmt: skip
def test_a_calculator(left: str, right: str, is_true: bool) -> None:
    """It comes to the value but for a unit of its last digit."""
    assert is_near(left, right, 4) is is_true


def test_equations_are_found_in_words() -> None:
    """Between letters and words; what only looks like one is none."""
    line = "z₁ = w₁ · x₁ + b₁ ≈ 0.15 · 0.05 + 0.35 = 0.3575."
    assert list(equations(line)) == [("0.15 · 0.05 + 0.35", "=", "0.3575")]
    assert list(equations("w₁'s .grad is 1 + 0.8380 = 1.838, and w₁ 0.97")) == [("1 + 0.8380", "=", "1.838")]
    assert list(equations("∂L/∂ŷ = 2 · (ŷ − y) = 2 · (2.5 − 2) = 1")) == [("2 · (2.5 − 2)", "=", "1")]
    assert list(equations("mean of 2 samples: (1 + 2) / 2 = 1.5")) == [("(1 + 2) / 2", "=", "1.5")]
    assert list(equations("x₂ = 0.5 and y = 2")) == []


def test_latex_is_read_as_the_app_writes() -> None:
    """Fractions, roots, powers, brackets that grow, functions, exponents and names."""
    line = r"$\hat{y}_{1}$ ${} = \sigma\left(z_{3}\right)$ ${} \approx \frac{\sqrt{0.25}}{-2} \cdot 3^{2}$"
    assert latex_as_plain(line) == r"\hat{y}_1 = σ(z_3) ≈ (√(0.25)) / (−2) · 3²"
    assert latex_as_plain(r"$\mathrm{ReLU}'\left(-1.5\mathrm{e}{-5}\right)$") == "ReLU′(−1.5e-5)"
    assert wrong([latex_as_plain(r"$L$ ${} = \frac{1}{2} \cdot 4$ ${} = 2.5$")], 4) != []
    assert wrong([latex_as_plain(r"$L$ ${} = \frac{1}{2} \cdot 4$ ${} = 2$")], 4) == []
