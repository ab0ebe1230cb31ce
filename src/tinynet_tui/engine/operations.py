"""The table of operations: one row each, with its value, its derivatives and the ways it is written.

Values follow IEEE 754 arithmetic: nothing here raises; what overflows is inf, what has no value is nan.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from tinynet_tui.engine.expressions import (
    ONE,
    ZERO,
    Expr,
    Number,
    apply,
    divide,
    multiply,
    negative,
    subtract,
)

SUM, PRODUCT, POWER, ATOM = range(4)
"""How tightly a written operation holds together, from loose to tight: it decides the brackets."""


@dataclass(frozen=True, slots=True)
class Form:
    """How an operation is written in one style."""

    template: str
    """What stands between the arguments, or, where it has {}, the whole with their places."""
    precedence: int = ATOM
    """How tightly the result holds together."""
    argument: int | tuple[int | None, ...] | None = None
    """How tightly an argument must hold together to go without brackets, or each of them if they differ;
    None: the template encloses it."""

    @property
    def is_infix(self) -> bool:
        """Whether the template is what stands between the arguments."""
        return "{" not in self.template

    def holds(self, position: int) -> int | None:
        """How tightly the argument at a position (from 0) must hold together to go without brackets."""
        return self.argument[position] if isinstance(self.argument, tuple) else self.argument


@dataclass(frozen=True, slots=True)
class Operation:
    """One row of the table."""

    value: Callable[..., float]
    derivative: Callable[[int, tuple[Expr, ...], Expr, Expr], Expr]
    """(which argument, all arguments, the result, the derivative of the argument) -> their product."""
    plain: Form
    latex: Form
    python: Form
    inline: Form | None = None
    """Python for the training loop, where calling a function would cost more than its work."""
    is_limit: Callable[..., bool] = lambda *_arguments: False
    """Whether its value at such arguments is a limit, because the rule of the row gives none there."""


def _sum(*terms: float) -> float:
    # Not the built-in: from Python 3.12 it adds floats with a correction that a loop of + has not.
    total = terms[0]
    for term in terms[1:]:
        total += term
    return total


def _product(*factors: float) -> float:
    product = factors[0]
    for factor in factors[1:]:
        product *= factor
    return product


def _quotient(top: float, bottom: float) -> float:
    """top / bottom, which is inf or nan where bottom is 0."""
    if bottom:
        return top / bottom
    if math.isnan(top) or top == 0.0 or math.isnan(bottom):
        return math.nan
    return math.copysign(math.inf, top) * math.copysign(1.0, bottom)


def _power(base: float, exponent: float) -> float:
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return math.copysign(math.inf, base) if exponent % 2.0 == 1.0 else math.inf
    except ValueError:
        return math.inf if base == 0.0 else math.nan


def _root(value: float) -> float:
    """The square root, nan below 0."""
    return math.sqrt(value) if value >= 0.0 else math.nan


def _exponential(value: float) -> float:
    """e to the power of a value; inf where that overflows."""
    try:
        return math.exp(value)
    except OverflowError:
        return math.inf


def _logarithm(value: float) -> float:
    """The natural logarithm: -inf of 0, nan below."""
    if value > 0.0:
        return math.log(value)
    return -math.inf if value == 0.0 else math.nan


def _xlogy(x: float, y: float) -> float:
    """x * ln(y), but 0 where x is 0: 0 * ln(0) counts as 0, the limit of x * ln(x)."""
    if x == 0.0 and y >= 0.0:
        return 0.0
    if y > 0.0:
        return x * math.log(y)
    return x * -math.inf if y == 0.0 else math.nan


def _xdivy(x: float, y: float) -> float:
    """x / y, but 0 where x is 0: 0 / 0 counts as 0, as it comes from a term that is not there."""
    if x == 0.0:
        return math.nan if math.isnan(y) else 0.0
    if y:
        return x / y
    return math.nan if math.isnan(x) else math.copysign(math.inf, x) * math.copysign(1.0, y)


def _are_zero(x: float, y: float) -> bool:
    return x == 0.0 and y == 0.0


def _sigmoid(z: float) -> float:
    """1 / (1 + e^-z): of the two equal ways to write it, the one whose power of e cannot overflow."""
    if z < 0.0:
        power = math.exp(z)
        return power / (1.0 + power)
    return 1.0 / (1.0 + math.exp(-z))


def _relu(z: float) -> float:
    """z above 0, else 0; nan passes: it must never be hidden as 0."""
    return 0.0 if z <= 0.0 else z


def _relu_slope(z: float) -> float:
    """The derivative of ReLU: 1 above 0, else 0, at 0 too."""
    return 1.0 if z > 0.0 else 0.0 if z <= 0.0 else z


def _leaky_relu(z: float, slope: float) -> float:
    """z above 0, else slope * z."""
    return slope * z if z <= 0.0 else z


def _leaky_relu_slope(z: float, slope: float) -> float:
    """The derivative of leaky ReLU: 1 above 0, else the slope, at 0 too."""
    return 1.0 if z > 0.0 else slope if z <= 0.0 else z


def _product_derivative(index: int, factors: tuple[Expr, ...], _result: Expr, inner: Expr) -> Expr:
    return multiply(*factors[:index], inner, *factors[index + 1 :])


def _quotient_derivative(index: int, parts: tuple[Expr, ...], _result: Expr, inner: Expr) -> Expr:
    top, bottom = parts
    if index == 0:
        return divide(inner, bottom)
    return negative(divide(multiply(top, inner), apply("square", bottom)))


def _xlogy_derivative(index: int, parts: tuple[Expr, ...], _result: Expr, inner: Expr) -> Expr:
    x, y = parts
    return multiply(apply("xdivy", x, y), inner) if index else multiply(inner, apply("ln", y))


def _power_derivative(index: int, parts: tuple[Expr, ...], _result: Expr, inner: Expr) -> Expr:
    base, exponent = parts
    if index == 1:
        raise ValueError("the exponent of a power is a constant here")
    return multiply(exponent, apply("power", base, subtract(exponent, ONE)), inner)


def _leaky_relu_derivative(index: int, parts: tuple[Expr, ...], _result: Expr, inner: Expr) -> Expr:
    if index == 1:
        raise ValueError("the slope of a leaky ReLU is a constant here")
    return multiply(apply("leaky_relu_slope", *parts), inner)


def _infix(sign: str, precedence: int) -> Form:
    return Form(f" {sign} ", precedence, precedence)


def _call(name: str) -> Form:
    return Form(name + "({})")


OPERATIONS: dict[str, Operation] = {
    "add": Operation(
        _sum,
        lambda _index, _terms, _result, inner: inner,
        plain=_infix("+", SUM),
        latex=_infix("+", SUM),
        python=_infix("+", SUM),
    ),
    "subtract": Operation(
        lambda left, right: left - right,
        lambda index, _terms, _result, inner: negative(inner) if index else inner,
        plain=_infix("−", SUM),
        latex=_infix("-", SUM),
        python=_infix("-", SUM),
    ),
    "multiply": Operation(
        _product,
        _product_derivative,
        plain=_infix("·", PRODUCT),
        latex=_infix(r"\cdot", PRODUCT),
        python=_infix("*", PRODUCT),
    ),
    "divide": Operation(
        _quotient,
        _quotient_derivative,
        plain=_infix("/", PRODUCT),
        latex=Form(r"\frac{{{}}}{{{}}}"),
        python=Form("divide({}, {})"),
    ),
    # A quotient by a count, which is never 0, so that Python's own / does.
    "share": Operation(
        lambda total, count: total / count,
        _quotient_derivative,
        plain=_infix("/", PRODUCT),
        latex=Form(r"\frac{{{}}}{{{}}}"),
        python=_infix("/", PRODUCT),
    ),
    "negative": Operation(
        lambda value: -value,
        lambda _index, _parts, _result, inner: negative(inner),
        plain=Form("−{}", SUM, PRODUCT),
        latex=Form("-{}", SUM, PRODUCT),
        python=Form("-{}", SUM, PRODUCT),
    ),
    "square": Operation(
        lambda value: value * value,
        lambda _index, parts, _result, inner: multiply(Number(2.0), *parts, inner),
        plain=Form("{}²", POWER, ATOM),
        latex=Form("{}^{{2}}", POWER, ATOM),
        python=Form("{0} * {0}", PRODUCT, POWER),  # ** 2 raises where a square overflows
    ),
    "power": Operation(
        _power,
        _power_derivative,
        plain=Form("{}^{}", POWER, ATOM),
        latex=Form("{}^{{{}}}", POWER, ATOM),
        python=Form("{} ** {}", POWER, ATOM),
    ),
    "root": Operation(
        _root,
        lambda _index, _parts, result, inner: divide(inner, multiply(Number(2.0), result)),
        plain=_call("√"),
        latex=Form(r"\sqrt{{{}}}"),
        python=_call("root"),
    ),
    "exp": Operation(
        _exponential,
        lambda _index, _parts, result, inner: multiply(result, inner),
        plain=_call("exp"),
        latex=Form(r"\exp\left({}\right)"),
        python=_call("exp"),
    ),
    "ln": Operation(
        _logarithm,
        lambda _index, parts, _result, inner: divide(inner, *parts),
        plain=_call("ln"),
        latex=Form(r"\ln\left({}\right)"),
        python=_call("ln"),
    ),
    # A target times a logarithm, and its derivative, under the names that they have in TensorFlow and SciPy.
    "xlogy": Operation(
        _xlogy,
        _xlogy_derivative,
        plain=Form("{} · ln({})", PRODUCT, (PRODUCT, None)),
        latex=Form(r"{} \cdot \ln\left({}\right)", PRODUCT, (PRODUCT, None)),
        python=Form("xlogy({}, {})"),
        is_limit=_are_zero,
    ),
    "xdivy": Operation(
        _xdivy,
        _quotient_derivative,
        plain=_infix("/", PRODUCT),
        latex=Form(r"\frac{{{}}}{{{}}}"),
        python=Form("xdivy({}, {})"),
        is_limit=_are_zero,
    ),
    "relu": Operation(
        _relu,
        lambda _index, parts, _result, inner: multiply(apply("relu_slope", *parts), inner),
        plain=_call("ReLU"),
        latex=Form(r"\mathrm{{ReLU}}\left({}\right)"),
        python=_call("relu"),
        inline=Form("(0.0 if {0} <= 0.0 else {0})"),
    ),
    "relu_slope": Operation(
        _relu_slope,
        lambda _index, _parts, _result, _inner: ZERO,
        plain=_call("ReLU′"),
        latex=Form(r"\mathrm{{ReLU}}'\left({}\right)"),
        python=_call("relu_slope"),
        inline=Form("(1.0 if {0} > 0.0 else 0.0 if {0} <= 0.0 else {0})"),
    ),
    "leaky_relu": Operation(
        _leaky_relu,
        _leaky_relu_derivative,
        plain=Form("LReLU({}, {})"),
        latex=Form(r"\mathrm{{LReLU}}\left({}, {}\right)"),
        python=Form("leaky_relu({}, {})"),
        inline=Form("({1} * {0} if {0} <= 0.0 else {0})"),
    ),
    "leaky_relu_slope": Operation(
        _leaky_relu_slope,
        lambda _index, _parts, _result, _inner: ZERO,
        plain=Form("LReLU′({}, {})"),
        latex=Form(r"\mathrm{{LReLU}}'\left({}, {}\right)"),
        python=Form("leaky_relu_slope({}, {})"),
        inline=Form("(1.0 if {0} > 0.0 else {1} if {0} <= 0.0 else {0})"),
    ),
    "sigmoid": Operation(
        _sigmoid,
        lambda _index, _parts, result, inner: multiply(result, subtract(ONE, result), inner),
        plain=_call("σ"),
        latex=Form(r"\sigma\left({}\right)"),
        python=_call("sigmoid"),
    ),
    "tanh": Operation(
        math.tanh,
        lambda _index, _parts, result, inner: multiply(subtract(ONE, apply("square", result)), inner),
        plain=_call("tanh"),
        latex=Form(r"\tanh\left({}\right)"),
        python=_call("tanh"),
    ),
}
