"""What is a real difference, and what is not."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given

from tests.drawing.networks import WIDE
from tests.engine.setups import LECTURE, is_smooth, setups
from tests.engine.setups import setup_of as made
from tests.examples import examples
from tests.frameworks.test_installed import framework
from tinynet_tui.engine.model import Setup, batch_setup
from tinynet_tui.engine.trace import trace
from tinynet_tui.engine.training import first_point
from tinynet_tui.experiments.gradients import NumericalGradient, gradient_from_differences
from tinynet_tui.experiments.long_work import unwatched
from tinynet_tui.frameworks import gradient_check
from tinynet_tui.frameworks.gradient_check import CheckResult, framework_check, numeric_check
from tinynet_tui.frameworks.installed import FrameworkUpdate, NoAnswer
from tinynet_tui.handouts.framework import pip_install
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lesson
from tinynet_tui.networks.dense import Network


def numeric(setup: Setup, seconds: float = 600.0) -> CheckResult:
    """The numeric result on the first update."""
    return numeric_check(batch_setup(setup, 1), seconds, unwatched)


def answered(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[str, float], float], setup: Setup
) -> CheckResult:
    """The result on a framework that has the right numbers, but for a change of some, by their names."""
    update = trace(setup, first_point(setup))
    names = list(setup.model.parameter_names)
    numbers = {name: update.program.number(f"dL/d{name}") for name in names}
    right = FrameworkUpdate(
        "1.0",
        {name: change(f"dL/d{name}", update.value(n)) for name, n in numbers.items() if n is not None},
        {name: change(name, value) for name, value in zip(names, update.parameters_after, strict=True)},
    )
    monkeypatch.setattr(gradient_check, "first_update", lambda *_: right)
    return framework_check(framework(), setup, 1, unwatched)


@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_shipped_lessons_have_their_numeric_gradients(name: str) -> None:
    """Every parameter of each, and none is left out."""
    setup = setup_of(shipped_lesson(name))
    result = numeric(setup)
    assert (result.status, result.bends, result.overflowing) == ("agrees", (), ())
    assert result.checked == len(setup.parameters)


@given(setups())
@examples(25)
def test_any_network_has_its_numeric_gradients(setup: Setup) -> None:
    """No false alarm; what is smooth is judged in full."""
    result = numeric(setup)
    assert result.status == "agrees"
    assert not is_smooth(setup) or result.checked == len(setup.parameters)


AT_ZERO = replace(LECTURE, parameters=(*LECTURE.parameters[:7], -0.5, 1.0))
"""The lecture's network with b2 = -0.5 and b3 = 1: z2 is exactly 0."""


def test_a_relu_at_zero_is_no_difference() -> None:
    """The parameters that move its sum are named; the others are judged."""
    result = numeric(AT_ZERO)
    assert (result.status, result.bends, result.checked) == ("agrees", ("w2", "b2"), 7)


def test_a_wrong_gradient_beside_a_bend_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A ReLU at 0 excuses nothing but its own parameters."""

    def wrong(setup: Setup, name: str) -> NumericalGradient:
        right = gradient_from_differences(setup, name)
        return replace(right, value=2 * right.value) if name == "w5" else right

    monkeypatch.setattr(gradient_check, "gradient_from_differences", wrong)
    result = numeric(AT_ZERO)
    assert (result.status, result.bends) == ("differs", ("w2", "b2"))
    assert result.gradients is not None
    assert result.gradients.name == "dL/dw5"
    assert result.gradients.theirs == pytest.approx(2 * result.gradients.ours)


@pytest.mark.parametrize("name", ["lecture", "mazur"])
def test_a_numeric_gradient_that_is_slightly_off_is_found(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """By a ten-millionth: differences of a smooth loss come far nearer, straight or curved."""

    def off(setup: Setup, name: str) -> NumericalGradient:
        right = gradient_from_differences(setup, name)
        return replace(right, value=right.value + 1e-7) if name == "w5" else right

    monkeypatch.setattr(gradient_check, "gradient_from_differences", off)
    result = numeric(setup_of(shipped_lesson(name)))
    assert result.status == "differs"
    assert result.gradients is not None
    assert result.gradients.name == "dL/dw5"


def test_what_there_is_no_time_for_is_not_counted() -> None:
    """One parameter of the largest network, when there is no time at all."""
    assert numeric(setup_of(WIDE), seconds=0.0).checked == 1


def test_inf_and_nan_are_not_judged() -> None:
    """A loss that overflows has no differences."""
    huge = replace(LECTURE, targets=((1e200,),))
    result = numeric(huge)
    assert result.status == "agrees"
    assert set(result.overflowing) == {"w1", "w2", "w5", "w6", "b1", "b2", "b3", "w3", "w4"}


def saturated(weight: float, target: float) -> Setup:
    """σ(weight) by cross-entropy."""
    network = Network((1, 1), ("sigmoid",), "binary_cross_entropy")
    return made(network, (weight, 0.0), inputs=((1.0,),), targets=((target,),))


@pytest.mark.parametrize(("weight", "target"), [(40.0, 1.0), (-800.0, 0.0), (25.0, 1.0), (-25.0, 1.0)])
def test_a_saturated_answer_can_be_judged(weight: float, target: float) -> None:
    """Where the loss is 0, and where it is computed from a small ŷ, which has all its digits."""
    result = numeric(saturated(weight, target))
    assert (result.status, result.checked, result.coarse, result.overflowing) == ("agrees", 2, (), ())


@pytest.mark.parametrize("weight", [20.0, 25.0, 30.0, 36.5])
def test_what_the_last_digits_decide_is_not_judged(weight: float) -> None:
    """1 − ŷ has few digits left, so that ln(1 − ŷ) goes in stairs: no difference is called real."""
    result = numeric(saturated(weight, 0.0))
    assert (result.status, result.checked, result.coarse) == ("agrees", 0, ("w1", "b1"))


def test_a_large_prediction_beside_a_large_target_is_not_called_different() -> None:
    """ŷ − y = 1 at 10¹² is exact, but ŷ itself is known to 10⁻⁴ alone."""
    network = Network((1, 1), ("linear",))
    result = numeric(made(network, (1e12, 1.0), inputs=((1.0,),), targets=((1e12,),)))
    assert result.status == "agrees"


@pytest.mark.parametrize("name", ["dL/dw6", "b2"])
@pytest.mark.parametrize("factor", [1 + 1e-7, -1.0, math.inf, math.nan])
def test_one_wrong_number_of_a_framework_is_found(
    monkeypatch: pytest.MonkeyPatch, name: str, factor: float
) -> None:
    """A ten-millionth, a sign, inf or nan: the worst difference is the one that is named."""
    result = answered(monkeypatch, lambda n, v: v * factor if n == name else v, LECTURE)
    assert result.status == "differs"
    named = result.gradients if "/" in name else result.parameters
    assert named is not None
    assert (named.name, named.is_real) == (name, True)


def test_rounding_is_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some last bits, and what is left of 0."""
    result = answered(monkeypatch, lambda _, v: v * (1 + 1e-14) + 1e-16, LECTURE)
    assert (result.status, result.checked, result.version) == ("agrees", 9, "1.0")


def test_the_same_inf_is_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor the same nan; another one beside ours is not judged."""
    huge = replace(LECTURE, targets=((1e308,),), inputs=((1e200, 0.0),))
    assert answered(monkeypatch, lambda _, v: v, huge).overflowing == ()
    other = answered(monkeypatch, lambda _, v: v if math.isfinite(v) else 0.0, huge)
    assert other.status == "agrees"
    assert other.overflowing


def test_no_answer_and_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each says why, or how."""

    def silent(*_: object) -> FrameworkUpdate:
        raise NoAnswer("no answer within 1 s")

    monkeypatch.setattr(gradient_check, "first_update", silent)
    none = framework_check(framework(), LECTURE, 1, unwatched)
    assert (none.status, none.words) == ("no answer", "no answer within 1 s")
    missing = framework_check(framework(modules=("no_such_module",)), LECTURE, 1, unwatched)
    assert (missing.status, missing.words) == ("not installed", f"{pip_install()} fake")


def test_the_first_batch_is_judged() -> None:
    """Not all samples, where an update takes fewer."""
    setup = replace(
        LECTURE, inputs=((1.0, 0.0), (2.0, 1.0), (0.0, 1.0)), targets=((2.0,), (6.0,), (1.0,)), batch=2
    )
    batch = batch_setup(setup, 1)
    assert (batch.inputs, batch.targets, batch.batch) == (setup.inputs[:2], setup.targets[:2], 2)
