"""The panel of wrong variants and the framework panel, where they have something else to say."""

from __future__ import annotations

import doctest
import re
from dataclasses import replace
from itertools import cycle, islice, product

import pytest
from msgspec.structs import replace as replaced

from tests.drawing.networks import WIDE
from tests.session.random_lessons import LECTURE
from tinynet_tui.drawing import framework_panel, variants_panel
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.drawing.screen import screen
from tinynet_tui.experiments.wrong_updates import judgement
from tinynet_tui.frameworks.costs import Cost, Costs
from tinynet_tui.handouts.framework_words import CALLS, kept
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lesson
from tinynet_tui.session.commands import start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import PRECISIONS, VARIANTS, Session
from tinynet_tui.teaching.numbers import shown

AT = replace(start(LECTURE), step=22, variant="too early")
"""The lecture at ∂L/∂w1."""


def variants_text(session: Session, width: int = 80, height: int = 6, ascii: bool = False) -> str:
    """The panel of wrong variants."""
    return variants_panel.variants_panel(Scene(moment(session), Look(ascii)), width, height).text()


def framework_text(costs: Costs | None, width: int = 80, ascii: bool = False) -> str:
    """The framework panel of the lecture."""
    now = moment(replace(AT, variant=None))
    return framework_panel.framework_panel(Scene(now, Look(ascii), costs), width, 8).text()


def test_an_input_has_no_gradient_to_get_wrong() -> None:
    """Nor has a target; it is said what to do."""
    assert "x₁ is given, not learned. Select a parameter" in variants_text(replace(AT, selected="x1"))
    assert "y is given, not learned." in variants_text(replace(AT, selected="y"))


def test_an_update_that_would_hold_the_keys_up_is_not_done_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says how many steps there are."""
    monkeypatch.setattr(variants_panel, "MOST_STEPS", 45)
    text = variants_text(AT)
    assert text.strip() == "With 46 steps this update is too long to be done in wrong ways."


def test_the_widest_network_is_not_done_wrong() -> None:
    """Even its one sample has more steps than the keys can wait for."""
    widest = replace(start(WIDE), variant="sign", selected="w1")
    assert "steps this update is too long to be done in wrong ways." in variants_text(widest)


def test_a_long_formula_keeps_its_result() -> None:
    """In a narrow panel the numbers go first, then the end of the letters."""
    before = replace(AT, step=20)
    narrow = variants_text(before, width=40).splitlines()
    assert narrow[1] == " right  ∂L/∂z₁ = ∂L/∂h₁ · ∂h₁/∂z₁ = 1"
    narrower = variants_text(before, width=36).splitlines()
    assert narrower[2] == " wrong  ∂L/∂z₁ = ∂L/∂h₁… = 0.985"


def test_at_the_gradient_itself_the_step_is_shown_where_the_ways_part() -> None:
    """There w₅ is read too early; what it does to the gradient is in the judge's line."""
    text = variants_text(AT)
    assert " wrong  ∂z₃/∂h₁ = new w₅ = 1 − 0.01 · 1.5 = 0.985" in text
    assert "right 1  wrong 0.985" in text


_JUDGED = re.compile(
    r"right (?P<right>\S+)\s.*?wrong (?P<wrong>\S+)"
    r".*?by numerical gradient: (?P<numeric>\S+)(?: ± \S+)?"
    r" → (?P<verdict>the right one|no difference|cannot tell)",
    re.DOTALL,
)
SIZES = ((60, 20), (80, 24), (110, 30), (120, 36), (165, 40))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_no_number_of_the_judge_is_cut(name: str, size: tuple[int, int]) -> None:
    """At every size, of every lesson and variant, with numbers of digits in turn, each of the three is whole,
    and a verdict follows; two that differ are written so."""
    session = start(shipped_lesson(name))
    learned = moment(session).model.parameter_names
    turn = SIZES.index(size) + SHIPPED_NAMES.index(name)
    every_number_of_digits = islice(cycle(PRECISIONS), turn % len(PRECISIONS), None)
    shown_with = zip(product((learned[0], learned[-1]), VARIANTS), every_number_of_digits, strict=False)
    for (selected, variant), digits in shown_with:
        number = program_of(session).number(f"dL/d{selected}")
        if number is None:
            continue
        now = replace(session, step=number, variant=variant, selected=selected, digits=digits)
        found = judgement(moment(now).setup, moment(now).trace.start, variant, selected)
        told = _JUDGED.search(screen(moment(now), *size, Look()).text())
        assert told is not None, (variant, digits)
        for value, text in zip((found.right, found.wrong, found.numeric), told.groups()[:3], strict=True):
            assert text in {shown(value, digits) for digits in range(2, 18)}
        assert (told["right"] == told["wrong"]) == (found.right == found.wrong)


def test_the_sample_and_the_mean_are_told_apart() -> None:
    """XOR: ∂L/∂w₁ is 0.5389 for sample 4, and 0.1033 in the mean of all four."""
    xor = start(shipped_lesson("xor"))
    text = screen(moment(replace(xor, step=163, variant="constant")), 80, 24, Look()).text()
    assert "∂L/∂w₁⁽⁴⁾ = ∂L/∂z₁⁽⁴⁾ · ∂z₁/∂w₁⁽⁴⁾ ≈ 0.5389 · 1 = 0.5389" in text
    assert "mean ∂L/∂w₁  right 0.1033  wrong 0.1033" in text
    assert "all 4 samples" in text


def test_a_gradient_is_judged_once_it_is_known() -> None:
    """Before, the key is named that leads to its step."""
    assert "by numerical gradient" in variants_text(AT)
    before = variants_text(replace(AT, step=21))
    assert "by numerical gradient" not in before
    assert "∂L/∂w₁ is not computed yet: t goes to its step." in before


def test_costs_as_they_come() -> None:
    """First that they are measured; then each, in a unit that suits it; then what could not be measured."""
    setup = setup_of(LECTURE)
    costs = Costs(setup.model, 1, 1)
    assert "m measures the cost of an update, here and in frameworks." in framework_text(None)
    assert "An update: measuring …" in framework_text(costs)
    costs = replace(
        costs, found=(Cost("the loop used here", 5.3e-7), Cost("PyTorch", 2.8e-4), Cost("Keras", 0.0189))
    )
    assert "An update: the loop used here 0.53 µs, PyTorch 280 µs, Keras 18.9 ms, measuring …" in " ".join(
        framework_text(costs).split()
    )
    assert "here 0.53 us, PyTorch 280 us" in framework_text(costs, ascii=True)
    missing = Cost("JAX", None, "not installed: pip install jax")
    text = framework_text(replace(costs, found=(*costs.found, missing), has_ended=True))
    assert "Keras 18.9 ms\n" in text
    assert "JAX: not installed: pip install jax" in text
    assert "Nothing was measured." in framework_text(Costs(setup.model, 1, 1, (), has_ended=True))


def test_costs_of_another_size_are_not_shown() -> None:
    """They would be taken for this network's: neither with other data nor with another batch."""
    model, here = setup_of(LECTURE).model, (Cost("the loop used here", 1.0),)
    for samples, batch, is_shown in ((1, 1, True), (2, 1, False), (1, 2, False)):
        assert ("here 1 s" in framework_text(Costs(model, samples, batch, here))) == is_shown


ADAM = replaced(LECTURE, training=replaced(LECTURE.training, optimizer="adam"))


@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("lesson", [ADAM, shipped_lesson("mazur")])
def test_index_and_number_are_never_cut(lesson: Lesson, ascii: bool) -> None:
    """Of whatever a framework keeps, in panels of every width that they have, with every number of digits."""
    session, look = start(lesson), Look(ascii)
    for step, digits in product(range(1, len(program_of(session)) + 1), PRECISIONS):
        now = moment(replace(session, step=step, digits=digits))
        places = [look.say(kept(framework, now, digits)) for framework in CALLS]
        for width in (56, 60, 66, 80, 91):
            rows = framework_panel.framework_panel(Scene(now, look), width, 2).text().splitlines()
            for place, row in zip(places, rows, strict=True):
                assert row.endswith(place[place.rindex("[") :] if "[" in place else place), (step, width)


def test_a_call_makes_room_for_a_long_attribute() -> None:
    """Adam's means have the longest; where even that is not enough, the attribute's beginning is cut.

    By hand: 0.001 · (∂L/∂w₆)² is 0.00025.
    """
    number = program_of(start(ADAM)).number("v_w6")
    assert number is not None
    now = moment(replace(start(ADAM), step=number))
    first, second, third = (
        framework_panel.framework_panel(Scene(now, Look()), width, 2).text().splitlines()
        for width in (120, 80, 60)
    )
    place = 'optimizer.state[layer2.weight]["exp_avg_sq"][0, 1] = 0.00025'
    assert first[0] == f" PyTorch  optimizer.step()            {place}"
    assert second[0] == f" PyTorch  {place}"
    assert third[0] == ' PyTorch …tate[layer2.weight]["exp_avg_sq"][0, 1] = 0.00025'
    assert second[1] == " Keras    variables[i].assign_sub(…)  v[2][1, 0] = 0.00025"


def test_times_as_documented() -> None:
    """The examples in the panel's module are true."""
    assert doctest.testmod(framework_panel).attempted > 0
    assert doctest.testmod(framework_panel).failed == 0


@pytest.mark.parametrize("size", [(80, 8), (60, 8)])
def test_every_line_that_is_wrong_on_the_way_is_told(size: tuple[int, int]) -> None:
    """By hand: (−2 · (−0.99) + 4 · 1.98) · 3 = 29.7 takes both new weights; one alone would give 29.76."""
    there = replace(start(shipped_lesson("two-outputs")), step=28, variant="too early")
    text = " ".join(variants_text(there, *size).split())
    assert "∂z₃/∂h₁ = new w₃ = 2 − 0.001 · 20 = 1.98" in text
    assert "In the same way ∂z₂/∂h₁ = new w₂ = −0.99." in text
    assert "In the same way" not in variants_text(replace(there, step=24), *size)
    assert "In the same way" not in variants_text(AT, *size)
