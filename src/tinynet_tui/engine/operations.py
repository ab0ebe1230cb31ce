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
    NOTHING_SPECIAL,
    POWER,
    PRODUCT,
    STAYS,
    SUM,
    Called,
    Form,
    Forms,
    InFrameworks,
    Operation,
    by_slope,
    call,
    enclosing,
    flat,
    fraction_forms,
    function,
    in_all,
    infix,
    infixes,
    with_edge,
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


_POWER = (
    "(u + d)^n multiplies n brackets, and each adds its d times the u^(n − 1) of the others: "
    "so for a tiny d u^n changes n · u^(n − 1) times as much as u."
)

_LN = (
    "ln(u + d) = ln(u) + ln(1 + d / u), and for a tiny t ln(1 + t) is nearly t, "
    "as ln(1.001) is nearly 0.0009995: so ln(u) changes 1 / u times as much as u"
)

OPERATIONS: dict[str, Operation] = {
    "add": Operation(
        value=arithmetic.total,
        derivative=lambda _index, _terms, _result, inner: inner,
        reason="",
        exact=arithmetic.exact_total,
        arrays=None,
        forms=infixes("+", "+", "+", SUM),
        special=NOTHING_SPECIAL,
        called=None,
        in_frameworks=None,
    ),
    "subtract": Operation(
        value=lambda left, right: left - right,
        derivative=lambda index, _terms, _result, inner: negative(inner) if index else inner,
        reason="",
        exact=lambda left, right: left - right,
        arrays=None,
        forms=infixes("−", "-", "-", SUM),
        special=NOTHING_SPECIAL,
        called=None,
        in_frameworks=None,
    ),
    "multiply": Operation(
        value=arithmetic.product,
        derivative=_product_derivative,
        reason="(u + d) · k = u · k + d · k: a product changes k times as much as u.",
        exact=arithmetic.exact_product,
        arrays=None,
        forms=infixes("·", r"\cdot", "*", PRODUCT),
        special=NOTHING_SPECIAL,
        called=None,
        in_frameworks=None,
    ),
    "divide": Operation(
        value=arithmetic.quotient,
        derivative=_quotient_derivative,
        reason=(
            "(u + d) / k = u / k + d / k, so u / k changes 1 / k times as much as u; u / (k + d) "
            "= u / k − u · d / (k · (k + d)), so for a tiny d it changes −u / k² times as much as "
            "k."
        ),
        exact=arithmetic.exact_quotient,
        arrays=lambda np: np.divide,
        forms=fraction_forms(enclosing("divide({}, {})")),
        special=NOTHING_SPECIAL,
        called=None,
        in_frameworks=in_all("divide"),
    ),
    # A quotient by a count, which is never 0, so that Python's own / does.
    "share": Operation(
        value=lambda total, count: total / count,
        derivative=_quotient_derivative,
        reason="(u + d) / n = u / n + d / n: it changes 1 / n times as much as u.",
        exact=arithmetic.exact_quotient,
        arrays=None,
        forms=fraction_forms(infix("/", PRODUCT)),
        special=NOTHING_SPECIAL,
        called=None,
        in_frameworks=None,
    ),
    "negative": Operation(
        value=lambda value: -value,
        derivative=lambda _index, _parts, _result, inner: negative(inner),
        reason="",
        exact=lambda value: -value,
        arrays=None,
        forms=Forms(Form("−{}", SUM, PRODUCT), Form("-{}", SUM, PRODUCT), Form("-{}", SUM, PRODUCT), None),
        special=NOTHING_SPECIAL,
        called=None,
        in_frameworks=None,
    ),
    "square": Operation(
        value=lambda value: value * value,
        derivative=lambda _index, parts, _result, inner: multiply(Number(2.0), *parts, inner),
        reason=("(u + d)² = u² + 2 · u · d + d², so for a tiny d u² changes 2 · u times as much as u."),
        exact=lambda value: value * value,
        arrays=None,
        # ** 2 raises where a square overflows
        forms=Forms(
            Form("{}²", POWER, ATOM), Form("{}^{{2}}", POWER, ATOM), Form("{0} * {0}", PRODUCT, POWER), None
        ),
        special=NOTHING_SPECIAL,
        called=None,
        in_frameworks=None,
    ),
    "power": Operation(
        value=arithmetic.power,
        derivative=_power_derivative,
        reason=_POWER,
        exact=arithmetic.exact_power,
        arrays=None,
        forms=Forms(
            Form("{}^{}", POWER, ATOM), Form("{}^{{{}}}", POWER, ATOM), Form("{} ** {}", POWER, ATOM), None
        ),
        special=NOTHING_SPECIAL,
        called=None,
        in_frameworks=None,
    ),
    # A power of any base, which Python's own ** may raise an error for, or give a complex number.
    "to_power": Operation(
        value=arithmetic.power,
        derivative=_power_derivative,
        reason=_POWER,
        exact=arithmetic.exact_power,
        arrays=lambda np: np.power,
        forms=Forms(
            Form("{}^{}", POWER, ATOM),
            Form("{}^{{{}}}", POWER, (ATOM, None)),
            enclosing("to_power({}, {})"),
            None,
        ),
        special=NOTHING_SPECIAL,
        called=None,
        in_frameworks=InFrameworks("torch.pow", "tf.pow", "jnp.power"),
    ),
    "root": Operation(
        value=arithmetic.root,
        derivative=lambda _index, _parts, result, inner: divide(inner, multiply(Number(2.0), result)),
        reason=(
            "√u squared is u, and a square changes 2 · √u times as much as √u: so √u changes 1 / "
            "(2 · √u) times as much as u."
        ),
        exact=arithmetic.exact_root,
        arrays=lambda np: np.sqrt,
        forms=Forms(call("√"), enclosing(r"\sqrt{{{}}}"), call("root"), None),
        special=NOTHING_SPECIAL,
        called=Called("sqrt", (1,)),
        in_frameworks=in_all("sqrt"),
    ),
    "exp": Operation(
        value=arithmetic.exponential,
        derivative=lambda _index, _parts, result, inner: multiply(result, inner),
        reason=(
            "e^(u + d) = e^u · e^d, and for a tiny d e^d is nearly 1 + d, as e^0.001 is nearly 1.0010005: "
            "so e^u changes e^u times as much as u."
        ),
        exact=only_at(0, Fraction(1)),
        arrays=lambda np: np.exp,
        forms=function("exp", "exp", latex=r"\exp"),
        special=NOTHING_SPECIAL,
        called=Called("exp", (1,)),
        in_frameworks=in_all("exp"),
    ),
    "ln": Operation(
        value=arithmetic.logarithm,
        derivative=lambda _index, parts, _result, inner: divide(inner, *parts),
        reason=f"{_LN}.",
        exact=only_at(1, Fraction(0)),
        arrays=lambda np: np.log,
        forms=function("ln", "ln", latex=r"\ln"),
        special=NOTHING_SPECIAL,
        called=Called("ln", (1,)),
        in_frameworks=InFrameworks("torch.log", "tf.math.log", "jnp.log"),
    ),
    # A target times a logarithm, and its derivative, under the names that they have in TensorFlow and SciPy.
    "xlogy": Operation(
        value=arithmetic.xlogy,
        derivative=_xlogy_derivative,
        reason=f"{_LN}, and k · ln(u) changes k / u times as much.",
        exact=arithmetic.exact_xlogy,
        arrays=lambda np: lambda x, y: np.where((x == 0.0) & (y >= 0.0), 0.0, x * np.log(y)),
        forms=Forms(
            Form("{} · ln({})", PRODUCT, (PRODUCT, None)),
            Form(r"{} \cdot \ln\left({}\right)", PRODUCT, (PRODUCT, None)),
            enclosing("xlogy({}, {})"),
            None,
        ),
        special=NOTHING_SPECIAL._replace(is_limit=arithmetic.are_zero),
        called=None,
        in_frameworks=None,
    ),
    "xdivy": Operation(
        value=arithmetic.xdivy,
        derivative=_quotient_derivative,
        reason="(u + d) / k = u / k + d / k: it changes 1 / k times as much as u.",
        exact=lambda top, bottom: top and arithmetic.exact_quotient(top, bottom),
        arrays=lambda np: lambda x, y: np.where((x == 0.0) & ~np.isnan(y), 0.0, x / y),
        forms=fraction_forms(enclosing("xdivy({}, {})")),
        special=NOTHING_SPECIAL._replace(is_limit=arithmetic.are_zero),
        called=None,
        in_frameworks=None,
    ),
    "relu": Operation(
        value=_relu,
        derivative=by_slope("relu_slope"),
        reason="Above 0 it is u itself, and changes as much; below 0 it stays 0.",
        exact=lambda z: max(z, Fraction(0)),
        arrays=lambda np: lambda z: np.maximum(z, 0.0),
        forms=function("ReLU", "relu", inline=enclosing("(0.0 if {0} <= 0.0 else {0})")),
        special=with_edge(lambda z: z > 0.0, "the slope of ReLU changes"),
        called=Called("relu", (1,)),
        in_frameworks=InFrameworks("torch.relu", "tf.nn.relu", "jax.nn.relu"),
    ),
    "relu_slope": Operation(
        value=_relu_slope,
        derivative=flat,
        reason=STAYS,
        exact=lambda z: Fraction(z > 0),
        arrays=lambda np: lambda z: np.heaviside(z, 0.0),
        forms=function(
            "ReLU′", "relu_slope", inline=enclosing("(1.0 if {0} > 0.0 else 0.0 if {0} <= 0.0 else {0})")
        ),
        special=NOTHING_SPECIAL._replace(is_1_above_0=True),
        called=None,
        in_frameworks=None,
    ),
    "leaky_relu": Operation(
        value=_leaky_relu,
        derivative=by_slope("leaky_relu_slope"),
        reason=(
            "Above 0 it is u itself, and changes as much; below 0 it is α · u, and changes α times as much."
        ),
        exact=lambda z, slope: z if z > 0 else slope * z,
        arrays=lambda np: lambda z, slope: np.where(z <= 0.0, slope * z, z),
        forms=function(
            "LReLU", "leaky_relu", places="{}, {}", inline=enclosing("({1} * ({0}) if {0} <= 0.0 else {0})")
        ),
        special=with_edge(lambda z, slope: z > 0.0 and slope != 1.0, "the slope of leaky ReLU changes"),
        called=Called("leaky_relu", (1, 2)),
        in_frameworks=InFrameworks("torch.nn.functional.leaky_relu", "tf.nn.leaky_relu", "jax.nn.leaky_relu"),
    ),
    "leaky_relu_slope": Operation(
        value=_leaky_relu_slope,
        derivative=flat,
        reason=STAYS,
        exact=lambda z, slope: Fraction(1) if z > 0 else slope,
        arrays=lambda np: lambda z, slope: np.where(z > 0.0, 1.0, np.where(z <= 0.0, slope, z)),
        forms=function(
            "LReLU′",
            "leaky_relu_slope",
            places="{}, {}",
            inline=enclosing("(1.0 if {0} > 0.0 else {1} if {0} <= 0.0 else {0})"),
        ),
        special=NOTHING_SPECIAL._replace(is_1_above_0=True),
        called=None,
        in_frameworks=None,
    ),
    "sigmoid": Operation(
        value=_sigmoid,
        derivative=lambda _index, _parts, result, inner: multiply(result, subtract(ONE, result), inner),
        reason=(
            "σ is 1 / k with k = 1 + e^−u: 1 / k changes −1 / k² times as much as k, and k changes "
            "−e^−u times as much as u, together e^−u / k², which is σ · (1 − σ)."
        ),
        exact=only_at(0, Fraction(1, 2)),
        arrays=_sigmoid_of_arrays,
        forms=function("σ", "sigmoid", latex=r"\sigma"),
        special=NOTHING_SPECIAL,
        called=Called("sigmoid", (1,)),
        in_frameworks=InFrameworks("torch.sigmoid", "tf.sigmoid", "jax.nn.sigmoid"),
    ),
    "softplus": Operation(
        value=_softplus,
        derivative=by_slope("sigmoid"),
        reason=(
            "It is ln(k) with k = 1 + e^u: ln(k) changes 1 / k times as much as k, and k changes e^u "
            "times as much as u, together e^u / (1 + e^u), which is σ."
        ),
        exact=lambda _z: None,
        arrays=lambda np: lambda z: np.maximum(z, 0.0) + np.log1p(np.exp(-abs(z))),
        forms=function("softplus", "softplus"),
        special=NOTHING_SPECIAL,
        called=Called("softplus", (1,)),
        in_frameworks=InFrameworks(
            "lambda z: torch.logaddexp(z, torch.zeros_like(z))",
            "tf.nn.softplus",
            "lambda z: jnp.logaddexp(z, 0.0)",
        ),
    ),
    "tanh": Operation(
        value=math.tanh,
        derivative=lambda _index, _parts, result, inner: multiply(
            subtract(ONE, apply("square", result)), inner
        ),
        reason=(
            "tanh is k / m with k = e^u − e^−u and m = e^u + e^−u: k changes m times as much as "
            "u, and m changes k times as much, so k / m changes m / m − k · k / m² times as much, "
            "which is 1 − tanh²."
        ),
        exact=only_at(0, Fraction(0)),
        arrays=lambda np: np.tanh,
        forms=function("tanh", "tanh", latex=r"\tanh"),
        special=NOTHING_SPECIAL,
        called=Called("tanh", (1,)),
        in_frameworks=in_all("tanh"),
    ),
    "sin": Operation(
        value=arithmetic.sine,
        derivative=by_slope("cos"),
        reason=(
            "sin(u + d) = sin(u) · cos(d) + cos(u) · sin(d), and for a tiny d cos(d) is nearly 1 "
            "and sin(d) nearly d: so sin(u) changes cos(u) times as much as u."
        ),
        exact=only_at(0, Fraction(0)),
        arrays=lambda np: np.sin,
        forms=function("sin", "sin", latex=r"\sin"),
        special=NOTHING_SPECIAL,
        called=Called("sin", (1,)),
        in_frameworks=in_all("sin"),
    ),
    "cos": Operation(
        value=arithmetic.cosine,
        derivative=lambda _index, parts, _result, inner: negative(multiply(apply("sin", *parts), inner)),
        reason=(
            "cos(u + d) = cos(u) · cos(d) − sin(u) · sin(d), and for a tiny d cos(d) is nearly 1 "
            "and sin(d) nearly d: so cos(u) changes −sin(u) times as much as u."
        ),
        exact=only_at(0, Fraction(1)),
        arrays=lambda np: np.cos,
        forms=function("cos", "cos", latex=r"\cos"),
        special=NOTHING_SPECIAL,
        called=Called("cos", (1,)),
        in_frameworks=in_all("cos"),
    ),
    "absolute": Operation(
        value=abs,
        derivative=by_slope("sign"),
        reason=(
            "Above 0 |u| is u, and changes as much; below 0 it is −u, and changes as much the other way."
        ),
        exact=abs,
        arrays=None,
        forms=Forms(enclosing("|{}|"), enclosing(r"\left|{}\right|"), enclosing("abs({})"), None),
        special=with_edge(arithmetic.sign, "the slope of the absolute value changes"),
        called=Called("abs", (1,)),
        in_frameworks=None,
    ),
    "sign": Operation(
        value=arithmetic.sign,
        derivative=flat,
        reason=STAYS,
        exact=lambda value: Fraction((value > 0) - (value < 0)),
        arrays=lambda np: np.sign,
        forms=function("sign", "sign"),
        special=with_edge(arithmetic.sign, "sign jumps"),
        called=None,
        in_frameworks=in_all("sign"),
    ),
    "larger": Operation(
        value=arithmetic.larger,
        derivative=_larger_derivative,
        reason=("max is the larger of the two: it changes as much as that one, and not with the other."),
        exact=max,
        arrays=lambda np: np.maximum,
        forms=function("max", "larger", latex=r"\max", places="{}, {}"),
        special=with_edge(arithmetic.above, "max goes over from one to the other", is_of_two=True),
        called=Called("max", (2,)),
        in_frameworks=InFrameworks(
            "lambda a, b: torch.maximum(torch.as_tensor(a), torch.as_tensor(b))", "tf.maximum", "jnp.maximum"
        ),
    ),
    "smaller": Operation(
        value=arithmetic.smaller,
        derivative=_smaller_derivative,
        reason=("min is the smaller of the two: it changes as much as that one, and not with the other."),
        exact=min,
        arrays=lambda np: np.minimum,
        forms=function("min", "smaller", latex=r"\min", places="{}, {}"),
        special=with_edge(arithmetic.above, "min goes over from one to the other", is_of_two=True),
        called=Called("min", (2,)),
        in_frameworks=InFrameworks(
            "lambda a, b: torch.minimum(torch.as_tensor(a), torch.as_tensor(b))", "tf.minimum", "jnp.minimum"
        ),
    ),
    # The loss after a softmax and its gradients, where a prediction is rounded to 0: nothing derives by them.
    "precise_or": Operation(
        value=arithmetic.precise_or,
        derivative=lambda index, _parts, _result, inner: ZERO if index else inner,
        reason="",
        exact=lambda value, _ratio, _otherwise: value,
        arrays=lambda np: (
            lambda value, ratio, otherwise: np.where(arithmetic.is_precise(ratio), value, otherwise)
        ),
        forms=Forms(
            enclosing("{0}"),
            enclosing("{0}"),
            enclosing("precise_or({}, {}, {})"),
            enclosing(f"({{0}} if {{1}} < {arithmetic.PRECISE_BELOW!r} else {{2}})"),
        ),
        special=NOTHING_SPECIAL._replace(rarely_read=2),
        called=None,
        in_frameworks=None,
    ),
    # The slope of max and min: which of the two it is, and half of each where they are equal.
    "above": Operation(
        value=arithmetic.above,
        derivative=flat,
        reason=STAYS,
        exact=lambda left, right: Fraction(1 + (left > right) - (left < right), 2),
        arrays=lambda np: (
            lambda left, right: np.where(
                np.isnan(left) | np.isnan(right), np.nan, (1.0 + (left > right) - (left < right)) / 2
            )
        ),
        forms=Forms(
            Form("(1 + sign({} − {})) / 2", PRODUCT, (None, PRODUCT)),
            Form(r"\frac{{1 + \mathrm{{sign}}\left({} - {}\right)}}{{2}}", ATOM, (None, PRODUCT)),
            enclosing("above({}, {})"),
            None,
        ),
        special=NOTHING_SPECIAL,
        called=None,
        in_frameworks=None,
    ),
    **NEURON_OPERATIONS,
}
