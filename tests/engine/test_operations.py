"""The table of operations: every row's value, derivatives and behaviour at the ends of the number line."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable

import pytest

from tinynet_tui.engine.expression_reading import derivative, value
from tinynet_tui.engine.expressions import Name, Number, apply
from tinynet_tui.engine.operations import OPERATIONS

ARGUMENTS: dict[str, list[tuple[float, ...]]] = {
    "add": [(1.5, -2.0), (0.5, 2.0, -3.0), (1.0, 2.0, 3.0, 4.0)],
    "subtract": [(1.5, -2.0), (-0.3, 0.7)],
    "multiply": [(1.5, -2.0), (0.5, 2.0, -3.0), (1.1, 2.2, 3.3, -0.4)],
    "divide": [(1.5, -2.0), (-0.3, 0.7)],
    "share": [(1.5, 3.0), (-0.3, 2.0)],
    "negative": [(1.5,), (-0.2,)],
    "square": [(1.5,), (-0.2,), (0.0,)],
    "power": [(0.9, 3.0), (0.5, 7.0), (1.25, 1.0)],
    "to_power": [(0.9, 3.0), (0.5, 7.0), (1.25, 1.0), (2.0, -1.5), (1.3, 0.0)],
    "root": [(2.0,), (0.3,)],
    "exp": [(2.0,), (-0.3,), (0.0,)],
    "ln": [(2.0,), (0.3,)],
    "xlogy": [(1.5, 2.0), (-0.3, 0.7), (0.0, 0.5)],
    "xdivy": [(1.5, -2.0), (-0.3, 0.7), (0.0, 0.5)],
    "relu": [(1.5,), (-0.2,)],
    "relu_slope": [(1.5,), (-0.2,)],
    "leaky_relu": [(1.5, 0.01), (-0.2, 0.01), (-0.2, 0.3)],
    "leaky_relu_slope": [(1.5, 0.01), (-0.2, 0.01)],
    "sigmoid": [(1.5,), (-0.2,), (0.0,)],
    "softplus": [(1.5,), (-0.2,), (0.0,)],
    "tanh": [(1.5,), (-0.2,), (0.0,)],
    "sin": [(1.5,), (-0.2,), (0.0,)],
    "cos": [(1.5,), (-0.2,), (0.0,)],
    "absolute": [(1.5,), (-0.2,)],
    "sign": [(1.5,), (-0.2,)],
    "precise_or": [(1.5, 2.0, -2.0), (699.0, 0.0, 0.0)],
    "larger": [(1.5, -2.0), (-0.3, 0.7)],
    "smaller": [(1.5, -2.0), (-0.3, 0.7)],
    "above": [(1.5, -2.0), (-0.3, 0.7)],
    "elu": [(1.5, 1.0), (-0.2, 1.0), (-0.2, 0.3)],
    "elu_slope": [(1.5, 0.3)],
    "swish": [(1.5,), (-0.2,), (0.0,)],
    "gelu": [(1.5,), (-0.2,), (0.0,)],
    "gelu_slope": [(30.0,)],
    "step": [(1.5,), (-0.2,)],
    "huber": [(1.5, 1.0), (-0.2, 1.0), (-1.5, 0.5)],
    "huber_slope": [(1.5, 1.0)],
    "largest": [(1.5, -2.0, 0.3)],
}
CONSTANT_ARGUMENTS = {
    *(("leaky_relu", 1), ("leaky_relu_slope", 1)),
    *(("elu", 1), ("elu_slope", 1), ("huber", 1), ("huber_slope", 1)),
    *(("largest", 0), ("largest", 1), ("largest", 2)),
    *(("precise_or", 1), ("precise_or", 2)),
}
"""(operation, argument) that nothing is derived by."""


def test_every_operation_is_tested() -> None:
    """A new row needs arguments here."""
    assert ARGUMENTS.keys() == OPERATIONS.keys()


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [(operation, arguments) for operation, rows in ARGUMENTS.items() for arguments in rows],
)
@pytest.mark.parametrize("result_is_known", [False, True])
def test_derivatives_are_central_differences(
    operation: str, arguments: tuple[float, ...], result_is_known: bool
) -> None:
    """By each argument, and through an argument that is itself a formula: the chain rule."""
    names = [Name(f"a{n}") for n in range(len(arguments))]
    point = dict(zip(names, arguments, strict=True))
    for index, name in enumerate(names):
        if (operation, index) in CONSTANT_ARGUMENTS:
            continue
        for inner, slope in ((name, 1.0), (apply("multiply", Number(3.0), name), 3.0)):
            at = point if inner is name else {**point, name: point[name] / 3.0}
            expression = apply(operation, *names[:index], inner, *names[index + 1 :])
            result = Name("result") if result_is_known else None
            known = {**at, Name("result"): value(expression, at.__getitem__)}
            h = 1e-6 / slope
            above = value(expression, {**at, name: at[name] + h}.__getitem__)
            below = value(expression, {**at, name: at[name] - h}.__getitem__)
            derived = value(derivative(expression, name.name, result), known.__getitem__)
            assert derived == pytest.approx((above - below) / (2 * h), rel=1e-6, abs=1e-8)


def _sigma(u: float) -> float:
    return 1 / (1 + math.exp(-u))


CLAIMS: dict[str, list[tuple[str, Callable[[float, float], float], int, float]]] = {
    "multiply": [("k times as much as u", lambda u, v: v, 0, 0.7)],
    "divide": [
        ("1 / k times as much as u", lambda u, v: 1 / v, 0, 0.7),
        ("−u / k² times as much as k", lambda u, v: -u / v**2, 1, 0.7),
    ],
    "share": [("1 / n times as much as u", lambda u, v: 1 / v, 0, 3.0)],
    "square": [("2 · u times as much as u", lambda u, v: 2 * u, 0, 0.0)],
    "power": [("n · u^(n − 1) times as much as u", lambda u, v: v * u ** (v - 1), 0, 3.0)],
    "to_power": [("n · u^(n − 1) times as much as u", lambda u, v: v * u ** (v - 1), 0, 3.0)],
    "root": [("1 / (2 · √u) times as much as u", lambda u, v: 1 / (2 * math.sqrt(u)), 0, 0.0)],
    "exp": [("e^u times as much as u", lambda u, v: math.exp(u), 0, 0.0)],
    "ln": [("1 / u times as much as u", lambda u, v: 1 / u, 0, 0.0)],
    "xlogy": [
        ("k · ln(u) changes k / u times as much", lambda u, v: u / v, 1, 0.7)
    ],  # its logarithm is of the second
    "xdivy": [("1 / k times as much as u", lambda u, v: 1 / v, 0, 0.7)],
    "relu": [("Above 0 it is u itself, and changes as much", lambda u, v: 1.0, 0, 0.0)],
    "leaky_relu": [("Above 0 it is u itself, and changes as much", lambda u, v: 1.0, 0, 0.3)],
    "sigmoid": [
        ("e^−u / k²", lambda u, v: math.exp(-u) / (1 + math.exp(-u)) ** 2, 0, 0.0),
        ("σ · (1 − σ)", lambda u, v: _sigma(u) * (1 - _sigma(u)), 0, 0.0),
    ],
    "softplus": [("e^u / (1 + e^u), which is σ", lambda u, v: _sigma(u), 0, 0.0)],
    "tanh": [("1 − tanh²", lambda u, v: 1 - math.tanh(u) ** 2, 0, 0.0)],
    "sin": [("cos(u) times as much as u", lambda u, v: math.cos(u), 0, 0.0)],
    "cos": [("−sin(u) times as much as u", lambda u, v: -math.sin(u), 0, 0.0)],
    "absolute": [("Above 0 |u| is u, and changes as much", lambda u, v: 1.0, 0, 0.0)],
    "larger": [("changes as much as that one", lambda u, v: 1.0, 0, 0.3)],
    "smaller": [("changes as much as that one", lambda u, v: 1.0, 0, 3.0)],
    "elu": [("a · e^u times as much", lambda u, v: v * math.exp(u), 0, 0.7)],
    "swish": [("σ + swish · (1 − σ)", lambda u, v: _sigma(u) + u * _sigma(u) * (1 - _sigma(u)), 0, 0.0)],
    "gelu": [("½(1 + tanh k) times as much", lambda u, v: 0.5, 0, 0.0)],
    "huber": [("changes u times as much as u", lambda u, v: u, 0, 3.0)],
}
"""What the reason of an operation says of its slope: (its words, the slope, by which argument, the other)."""
AT = {"elu": -0.4, "gelu": 0.0, "share": 1.5}
"""Where it is tried, if not at 1.3."""


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_reason_of_a_slope_says_what_differences_find(name: str) -> None:
    """Each factor that its sentence ends with; none is said where the slope is 1 or −1, or not derived by."""
    row = OPERATIONS[name]
    for words, slope, index, other in CLAIMS.get(name, []):
        assert words in row.reason
        moved, step = AT.get(name, 1.3), 1e-6
        arguments = [moved, other] if index == 0 else [other, moved]
        count = 1 if name in {*ONE_ARGUMENT} else 2
        ends = []
        for by in (-step, step):
            there = [*arguments]
            there[index] += by
            ends.append(row.value(*there[:count]))
        assert (ends[1] - ends[0]) / (2 * step) == pytest.approx(slope(*arguments), rel=1e-5), words
    is_plain = name in ("add", "subtract", "negative", "precise_or", "largest")
    is_flat = name in ("relu_slope", "leaky_relu_slope", "sign", "step", "above")
    assert (name in CLAIMS) + is_plain + is_flat + (name in ("elu_slope", "gelu_slope", "huber_slope")) == 1
    assert bool(row.reason) == (name in CLAIMS or is_flat)


ONE_ARGUMENT = [name for name, cases in ARGUMENTS.items() if len(cases[0]) == 1]


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_factor_in_a_reason_is_no_product(name: str) -> None:
    """Before “−e^−u times as much as u” stands “k changes”: “k −e^−u times” would read as a difference."""
    for clause in re.split("[,:;] ", OPERATIONS[name].reason):
        assert " times as much" not in clause or "changes" in clause.partition(" times as much")[0]


def test_the_numbers_in_a_reason_are_those_of_a_calculator() -> None:
    """e^0.001 and ln(1.001), to as many digits as they are told."""
    assert f"e^0.001 is nearly {math.exp(0.001):.7f}" in OPERATIONS["exp"].reason
    assert f"ln(1.001) is nearly {math.log(1.001):.7f}" in OPERATIONS["ln"].reason


def test_what_is_a_constant_cannot_be_derived_by() -> None:
    """A slope is a constant: asking for more is a fault that is said."""
    with pytest.raises(ValueError, match="constant"):
        derivative(apply("leaky_relu", Name("a"), Name("b")), "b")


EXTREMES = (0.0, -0.0, 1.0, -1.0, 5e-324, -5e-324, 1e308, -1e308, 1e400, -1e400, math.nan, 710.0, -746.0)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_nothing_raises(operation: str) -> None:
    """Every combination of the ends of the number line gives a float."""
    counts = {len(arguments) for arguments in ARGUMENTS[operation]}
    row = OPERATIONS[operation]
    for count in counts:
        for arguments in itertools.product(EXTREMES, repeat=count):
            if operation == "share" and arguments[1] == 0:
                continue  # it divides by counts, which are never 0
            if count > 3 and len(set(map(str, arguments))) > 2:
                continue
            assert type(row.value(*arguments)) is float, arguments


@pytest.mark.parametrize(
    ("operation", "arguments", "expected"),
    [
        ("relu", (0.0,), 0.0),
        ("relu", (-1e400,), 0.0),
        ("relu", (1e400,), math.inf),
        ("relu", (math.nan,), math.nan),
        ("relu", (3.5,), 3.5),
        ("relu_slope", (0.0,), 0.0),
        ("relu_slope", (-0.0,), 0.0),
        ("relu_slope", (5e-324,), 1.0),
        ("relu_slope", (-1.0,), 0.0),
        ("relu_slope", (math.nan,), math.nan),
        ("leaky_relu", (0.0, 0.01), 0.0),
        ("leaky_relu", (-2.0, 0.01), -0.02),
        ("leaky_relu", (math.nan, 0.01), math.nan),
        ("leaky_relu_slope", (0.0, 0.01), 0.01),
        ("leaky_relu_slope", (2.0, 0.01), 1.0),
        ("leaky_relu_slope", (-2.0, 0.01), 0.01),
        ("leaky_relu_slope", (math.nan, 0.01), math.nan),
        ("sigmoid", (0.0,), 0.5),
        ("sigmoid", (1e400,), 1.0),
        ("sigmoid", (-1e400,), 0.0),
        ("sigmoid", (-745.0,), 5e-324),
        ("sigmoid", (math.nan,), math.nan),
        ("softplus", (0.0,), math.log(2.0)),
        ("softplus", (1e308,), 1e308),
        ("softplus", (-40.0,), 4.248354255291589e-18),
        ("softplus", (-1e400,), 0.0),
        ("softplus", (1e400,), math.inf),
        ("softplus", (math.nan,), math.nan),
        ("tanh", (1e308,), 1.0),
        ("tanh", (math.nan,), math.nan),
        ("square", (1e200,), math.inf),
        ("square", (-3.0,), 9.0),
        ("divide", (1.0, 0.0), math.inf),
        ("divide", (1.0, -0.0), -math.inf),
        ("divide", (-1.0, 0.0), -math.inf),
        ("divide", (0.0, 0.0), math.nan),
        ("divide", (math.nan, 0.0), math.nan),
        ("divide", (1.0, math.nan), math.nan),
        ("divide", (math.inf, math.inf), math.nan),
        ("ln", (0.0,), -math.inf),
        ("ln", (-0.0,), -math.inf),
        ("ln", (-1.0,), math.nan),
        ("ln", (math.inf,), math.inf),
        ("xlogy", (0.0, 0.0), 0.0),
        ("xlogy", (0.0, math.inf), 0.0),
        ("xlogy", (1.0, 0.0), -math.inf),
        ("xlogy", (0.0, math.nan), math.nan),
        ("xlogy", (math.nan, 0.0), math.nan),
        ("xlogy", (2.0, -1.0), math.nan),
        ("xlogy", (2.0, math.e), 2.0),
        ("xdivy", (0.0, 0.0), 0.0),
        ("xdivy", (0.0, -2.0), 0.0),
        ("xdivy", (-1.0, 0.0), -math.inf),
        ("xdivy", (1.0, -0.0), -math.inf),
        ("xdivy", (0.0, math.nan), math.nan),
        ("xdivy", (math.nan, 0.0), math.nan),
        ("xdivy", (1.0, 4.0), 0.25),
        ("root", (-1.0,), math.nan),
        ("root", (math.inf,), math.inf),
        ("root", (math.nan,), math.nan),
        ("add", (1e308, 1e308), math.inf),
        ("add", (math.inf, -math.inf), math.nan),
        ("multiply", (math.inf, 0.0), math.nan),
        ("power", (0.9, 1e6), 0.0),
        ("power", (10.0, 400.0), math.inf),
    ],
)
def test_values_follow_ieee_754(operation: str, arguments: tuple[float, ...], expected: float) -> None:
    """inf where it overflows, nan where there is no value, and nan passes what looks like a maximum."""
    assert OPERATIONS[operation].value(*arguments) == pytest.approx(expected, rel=1e-15, nan_ok=True)


def test_sums_are_rounded_term_by_term() -> None:
    """A sum is a row of additions, the same in every version of Python: 1 + 1e100 + 1 − 1e100 is 0."""
    assert OPERATIONS["add"].value(1.0, 1e100, 1.0, -1e100) == 0.0
    assert OPERATIONS["add"].value(0.1, 0.2, 0.3) == 0.1 + 0.2 + 0.3
    assert math.copysign(1.0, OPERATIONS["add"].value(-0.0, -0.0)) == -1.0
