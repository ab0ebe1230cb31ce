"""The table of operations: one complete row each, with its value, its derivatives and the ways it is written.

Values follow IEEE 754 arithmetic: nothing here raises; what overflows is inf, what has no value is nan.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from tinynet_tui.engine import arithmetic
from tinynet_tui.engine.arithmetic import only_at
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
from tinynet_tui.engine.neuron_operations import NEURON_OPERATIONS
from tinynet_tui.engine.operation_rows import (
    ATOM,
    POWER,
    PRODUCT,
    SUM,
    Edge,
    Form,
    Operation,
    call,
    flat,
    infix,
    never,
)


def _sigmoid(z: float) -> float:
    """1 / (1 + e^-z): of the two equal ways to write it, the one whose power of e cannot overflow."""
    if z < 0.0:
        power = math.exp(z)
        return power / (1.0 + power)
    return 1.0 / (1.0 + math.exp(-z))


def _sigmoid_of_arrays(np: Any) -> Callable[[Any], Any]:
    def sigmoid(z: Any) -> Any:
        power = np.exp(-abs(z))
        return np.where(z < 0.0, power, 1.0) / (1.0 + power)

    return sigmoid


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


def _softplus(z: float) -> float:
    """ln(1 + e^z): of the equal ways to write it, the one whose power of e cannot overflow."""
    return max(z, 0.0) + math.log1p(math.exp(-abs(z)))


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


def _power_derivative(index: int, parts: tuple[Expr, ...], result: Expr, inner: Expr) -> Expr:
    base, exponent = parts
    if index == 1:
        return multiply(apply("xlogy", result, base), inner)
    if isinstance(exponent, Number):  # 3 · w² is what is written for the derivative of w³
        lower = Number(exponent.value - 1.0)
        power = base if lower == ONE else ONE if lower == ZERO else apply("to_power", base, lower)
        return multiply(exponent, power, inner)
    return multiply(exponent, apply("to_power", base, subtract(exponent, ONE)), inner)


def _larger_derivative(index: int, parts: tuple[Expr, ...], _result: Expr, inner: Expr) -> Expr:
    return multiply(apply("above", parts[index], parts[1 - index]), inner)


def _smaller_derivative(index: int, parts: tuple[Expr, ...], _result: Expr, inner: Expr) -> Expr:
    return multiply(apply("above", parts[1 - index], parts[index]), inner)


def _leaky_relu_derivative(index: int, parts: tuple[Expr, ...], _result: Expr, inner: Expr) -> Expr:
    if index == 1:
        raise ValueError("the slope of a leaky ReLU is a constant here")
    return multiply(apply("leaky_relu_slope", *parts), inner)


OPERATIONS: dict[str, Operation] = {
    "add": Operation(
        value=arithmetic.total,
        derivative=lambda _index, _terms, _result, inner: inner,
        exact=lambda *terms: sum(terms, Fraction(0)),
        arrays=None,
        plain=infix("+", SUM),
        latex=infix("+", SUM),
        python=infix("+", SUM),
        inline=None,
        is_limit=never,
        edge=None,
        is_1_above_0=False,
    ),
    "subtract": Operation(
        value=lambda left, right: left - right,
        derivative=lambda index, _terms, _result, inner: negative(inner) if index else inner,
        exact=lambda left, right: left - right,
        arrays=None,
        plain=infix("−", SUM),
        latex=infix("-", SUM),
        python=infix("-", SUM),
        inline=None,
        is_limit=never,
        edge=None,
        is_1_above_0=False,
    ),
    "multiply": Operation(
        value=arithmetic.product,
        derivative=_product_derivative,
        exact=arithmetic.exact_product,
        arrays=None,
        plain=infix("·", PRODUCT),
        latex=infix(r"\cdot", PRODUCT),
        python=infix("*", PRODUCT),
        inline=None,
        is_limit=never,
        edge=None,
        is_1_above_0=False,
    ),
    "divide": Operation(
        value=arithmetic.quotient,
        derivative=_quotient_derivative,
        exact=arithmetic.exact_quotient,
        arrays=lambda np: np.divide,
        plain=infix("/", PRODUCT),
        latex=Form(r"\frac{{{}}}{{{}}}"),
        python=Form("divide({}, {})"),
        inline=None,
        is_limit=never,
        edge=None,
        is_1_above_0=False,
    ),
    # A quotient by a count, which is never 0, so that Python's own / does.
    "share": Operation(
        value=lambda total, count: total / count,
        derivative=_quotient_derivative,
        exact=arithmetic.exact_quotient,
        arrays=None,
        plain=infix("/", PRODUCT),
        latex=Form(r"\frac{{{}}}{{{}}}"),
        python=infix("/", PRODUCT),
        inline=None,
        is_limit=never,
        edge=None,
        is_1_above_0=False,
    ),
    "negative": Operation(
        value=lambda value: -value,
        derivative=lambda _index, _parts, _result, inner: negative(inner),
        exact=lambda value: -value,
        arrays=None,
        plain=Form("−{}", SUM, PRODUCT),
        latex=Form("-{}", SUM, PRODUCT),
        python=Form("-{}", SUM, PRODUCT),
        inline=None,
        is_limit=never,
        edge=None,
        is_1_above_0=False,
    ),
    "square": Operation(
        value=lambda value: value * value,
        derivative=lambda _index, parts, _result, inner: multiply(Number(2.0), *parts, inner),
        exact=lambda value: value * value,
        arrays=None,
        plain=Form("{}²", POWER, ATOM),
        latex=Form("{}^{{2}}", POWER, ATOM),
        python=Form("{0} * {0}", PRODUCT, POWER),  # ** 2 raises where a square overflows
        inline=None,
        is_limit=never,
        edge=None,
        is_1_above_0=False,
    ),
    "power": Operation(
        value=arithmetic.power,
        derivative=_power_derivative,
        exact=arithmetic.exact_power,
        arrays=None,
        plain=Form("{}^{}", POWER, ATOM),
        latex=Form("{}^{{{}}}", POWER, ATOM),
        python=Form("{} ** {}", POWER, ATOM),
        inline=None,
        is_limit=never,
        edge=None,
        is_1_above_0=False,
    ),
    # A power of any base, which Python's own ** may raise an error for, or give a complex number.
    "to_power": Operation(
        value=arithmetic.power,
        derivative=_power_derivative,
        exact=arithmetic.exact_power,
        arrays=lambda np: np.power,
        plain=Form("{}^{}", POWER, ATOM),
        latex=Form("{}^{{{}}}", POWER, (ATOM, None)),
        python=Form("to_power({}, {})"),
        inline=None,
        is_limit=never,
        edge=None,
        is_1_above_0=False,
    ),
    "root": Operation(
        value=arithmetic.root,
        derivative=lambda _index, _parts, result, inner: divide(inner, multiply(Number(2.0), result)),
        exact=arithmetic.exact_root,
        arrays=lambda np: np.sqrt,
        plain=call("√"),
        latex=Form(r"\sqrt{{{}}}"),
        python=call("root"),
        inline=None,
        is_limit=never,
        edge=None,
        is_1_above_0=False,
    ),
    "exp": Operation(
        value=arithmetic.exponential,
        derivative=lambda _index, _parts, result, inner: multiply(result, inner),
        exact=only_at(0, Fraction(1)),
        arrays=lambda np: np.exp,
        plain=call("exp"),
        latex=Form(r"\exp\left({}\right)"),
        python=call("exp"),
        inline=None,
        is_limit=never,
        edge=None,
        is_1_above_0=False,
    ),
    "ln": Operation(
        value=arithmetic.logarithm,
        derivative=lambda _index, parts, _result, inner: divide(inner, *parts),
        exact=only_at(1, Fraction(0)),
        arrays=lambda np: np.log,
        plain=call("ln"),
        latex=Form(r"\ln\left({}\right)"),
        python=call("ln"),
        inline=None,
        is_limit=never,
        edge=None,
        is_1_above_0=False,
    ),
    # A target times a logarithm, and its derivative, under the names that they have in TensorFlow and SciPy.
    "xlogy": Operation(
        value=arithmetic.xlogy,
        derivative=_xlogy_derivative,
        exact=arithmetic.exact_xlogy,
        arrays=lambda np: lambda x, y: np.where((x == 0.0) & (y >= 0.0), 0.0, x * np.log(y)),
        plain=Form("{} · ln({})", PRODUCT, (PRODUCT, None)),
        latex=Form(r"{} \cdot \ln\left({}\right)", PRODUCT, (PRODUCT, None)),
        python=Form("xlogy({}, {})"),
        inline=None,
        is_limit=arithmetic.are_zero,
        edge=None,
        is_1_above_0=False,
    ),
    "xdivy": Operation(
        value=arithmetic.xdivy,
        derivative=_quotient_derivative,
        exact=lambda top, bottom: top and arithmetic.exact_quotient(top, bottom),
        arrays=lambda np: lambda x, y: np.where((x == 0.0) & ~np.isnan(y), 0.0, x / y),
        plain=infix("/", PRODUCT),
        latex=Form(r"\frac{{{}}}{{{}}}"),
        python=Form("xdivy({}, {})"),
        inline=None,
        is_limit=arithmetic.are_zero,
        edge=None,
        is_1_above_0=False,
    ),
    "relu": Operation(
        value=_relu,
        derivative=lambda _index, parts, _result, inner: multiply(apply("relu_slope", *parts), inner),
        exact=lambda z: max(z, Fraction(0)),
        arrays=lambda np: lambda z: np.maximum(z, 0.0),
        plain=call("ReLU"),
        latex=Form(r"\mathrm{{ReLU}}\left({}\right)"),
        python=call("relu"),
        inline=Form("(0.0 if {0} <= 0.0 else {0})"),
        is_limit=never,
        edge=Edge(lambda z: z > 0.0, "the slope of ReLU changes", is_of_two=False),
        is_1_above_0=False,
    ),
    "relu_slope": Operation(
        value=_relu_slope,
        derivative=flat,
        exact=lambda z: Fraction(z > 0),
        arrays=lambda np: lambda z: np.heaviside(z, 0.0),
        plain=call("ReLU′"),
        latex=Form(r"\mathrm{{ReLU}}'\left({}\right)"),
        python=call("relu_slope"),
        inline=Form("(1.0 if {0} > 0.0 else 0.0 if {0} <= 0.0 else {0})"),
        is_limit=never,
        edge=None,
        is_1_above_0=True,
    ),
    "leaky_relu": Operation(
        value=_leaky_relu,
        derivative=_leaky_relu_derivative,
        exact=lambda z, slope: z if z > 0 else slope * z,
        arrays=lambda np: lambda z, slope: np.where(z <= 0.0, slope * z, z),
        plain=Form("LReLU({}, {})"),
        latex=Form(r"\mathrm{{LReLU}}\left({}, {}\right)"),
        python=Form("leaky_relu({}, {})"),
        inline=Form("({1} * ({0}) if {0} <= 0.0 else {0})"),
        is_limit=never,
        edge=Edge(
            lambda z, slope: z > 0.0 and slope != 1.0, "the slope of leaky ReLU changes", is_of_two=False
        ),
        is_1_above_0=False,
    ),
    "leaky_relu_slope": Operation(
        value=_leaky_relu_slope,
        derivative=flat,
        exact=lambda z, slope: Fraction(1) if z > 0 else slope,
        arrays=lambda np: lambda z, slope: np.where(z > 0.0, 1.0, np.where(z <= 0.0, slope, z)),
        plain=Form("LReLU′({}, {})"),
        latex=Form(r"\mathrm{{LReLU}}'\left({}, {}\right)"),
        python=Form("leaky_relu_slope({}, {})"),
        inline=Form("(1.0 if {0} > 0.0 else {1} if {0} <= 0.0 else {0})"),
        is_limit=never,
        edge=None,
        is_1_above_0=True,
    ),
    "sigmoid": Operation(
        value=_sigmoid,
        derivative=lambda _index, _parts, result, inner: multiply(result, subtract(ONE, result), inner),
        exact=only_at(0, Fraction(1, 2)),
        arrays=_sigmoid_of_arrays,
        plain=call("σ"),
        latex=Form(r"\sigma\left({}\right)"),
        python=call("sigmoid"),
        inline=None,
        is_limit=never,
        edge=None,
        is_1_above_0=False,
    ),
    "softplus": Operation(
        value=_softplus,
        derivative=lambda _index, parts, _result, inner: multiply(apply("sigmoid", *parts), inner),
        exact=lambda _z: None,
        arrays=lambda np: lambda z: np.maximum(z, 0.0) + np.log1p(np.exp(-abs(z))),
        plain=call("softplus"),
        latex=Form(r"\mathrm{{softplus}}\left({}\right)"),
        python=call("softplus"),
        inline=None,
        is_limit=never,
        edge=None,
        is_1_above_0=False,
    ),
    "tanh": Operation(
        value=math.tanh,
        derivative=lambda _index, _parts, result, inner: multiply(
            subtract(ONE, apply("square", result)), inner
        ),
        exact=only_at(0, Fraction(0)),
        arrays=lambda np: np.tanh,
        plain=call("tanh"),
        latex=Form(r"\tanh\left({}\right)"),
        python=call("tanh"),
        inline=None,
        is_limit=never,
        edge=None,
        is_1_above_0=False,
    ),
    "sin": Operation(
        value=arithmetic.sine,
        derivative=lambda _index, parts, _result, inner: multiply(apply("cos", *parts), inner),
        exact=only_at(0, Fraction(0)),
        arrays=lambda np: np.sin,
        plain=call("sin"),
        latex=Form(r"\sin\left({}\right)"),
        python=call("sin"),
        inline=None,
        is_limit=never,
        edge=None,
        is_1_above_0=False,
    ),
    "cos": Operation(
        value=arithmetic.cosine,
        derivative=lambda _index, parts, _result, inner: negative(multiply(apply("sin", *parts), inner)),
        exact=only_at(0, Fraction(1)),
        arrays=lambda np: np.cos,
        plain=call("cos"),
        latex=Form(r"\cos\left({}\right)"),
        python=call("cos"),
        inline=None,
        is_limit=never,
        edge=None,
        is_1_above_0=False,
    ),
    "absolute": Operation(
        value=abs,
        derivative=lambda _index, parts, _result, inner: multiply(apply("sign", *parts), inner),
        exact=abs,
        arrays=None,
        plain=Form("|{}|"),
        latex=Form(r"\left|{}\right|"),
        python=Form("abs({})"),
        inline=None,
        is_limit=never,
        edge=Edge(arithmetic.sign, "the slope of the absolute value changes", is_of_two=False),
        is_1_above_0=False,
    ),
    "sign": Operation(
        value=arithmetic.sign,
        derivative=flat,
        exact=lambda value: Fraction((value > 0) - (value < 0)),
        arrays=lambda np: np.sign,
        plain=call("sign"),
        latex=Form(r"\mathrm{{sign}}\left({}\right)"),
        python=call("sign"),
        inline=None,
        is_limit=never,
        edge=Edge(arithmetic.sign, "sign jumps", is_of_two=False),
        is_1_above_0=False,
    ),
    "larger": Operation(
        value=arithmetic.larger,
        derivative=_larger_derivative,
        exact=max,
        arrays=lambda np: np.maximum,
        plain=Form("max({}, {})"),
        latex=Form(r"\max\left({}, {}\right)"),
        python=Form("larger({}, {})"),
        inline=None,
        is_limit=never,
        edge=Edge(arithmetic.above, "max goes over from one to the other", is_of_two=True),
        is_1_above_0=False,
    ),
    "smaller": Operation(
        value=arithmetic.smaller,
        derivative=_smaller_derivative,
        exact=min,
        arrays=lambda np: np.minimum,
        plain=Form("min({}, {})"),
        latex=Form(r"\min\left({}, {}\right)"),
        python=Form("smaller({}, {})"),
        inline=None,
        is_limit=never,
        edge=Edge(arithmetic.above, "min goes over from one to the other", is_of_two=True),
        is_1_above_0=False,
    ),
    # The loss after a softmax and its gradients, where a prediction is rounded to 0: nothing derives by them.
    "held_or": Operation(
        value=arithmetic.held_or,
        derivative=lambda index, _parts, _result, inner: ZERO if index else inner,
        exact=lambda value, _otherwise: value,
        arrays=lambda np: lambda value, otherwise: np.where(abs(value) < 700.0, value, otherwise),
        plain=Form("{0}", ATOM, (SUM, SUM)),
        latex=Form("{0}", ATOM, (SUM, SUM)),
        python=Form("held_or({}, {})"),
        inline=Form("({0} if -700.0 < {0} < 700.0 else {1})"),
        is_limit=never,
        edge=None,
        is_1_above_0=False,
    ),
    # The slope of max and min: which of the two it is, and half of each where they are equal.
    "above": Operation(
        value=arithmetic.above,
        derivative=flat,
        exact=lambda left, right: Fraction(1 + (left > right) - (left < right), 2),
        arrays=lambda np: (
            lambda left, right: np.where(
                np.isnan(left) | np.isnan(right), np.nan, (1.0 + (left > right) - (left < right)) / 2
            )
        ),
        plain=Form("(1 + sign({} − {})) / 2", PRODUCT, (None, PRODUCT)),
        latex=Form(r"\frac{{1 + \mathrm{{sign}}\left({} - {}\right)}}{{2}}", ATOM, (None, PRODUCT)),
        python=Form("above({}, {})"),
        inline=None,
        is_limit=never,
        edge=None,
        is_1_above_0=False,
    ),
    **NEURON_OPERATIONS,
}
