"""Operations of activations and losses that are no arithmetic: ELU, swish, GELU, step, Huber's function, max.

To add one, write its row in `NEURON_OPERATIONS`; the functions are printed in scripts as they stand.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from tinynet_tui.engine.expressions import ONE, Expr, add, apply, multiply, subtract
from tinynet_tui.engine.operation_rows import (
    LISTED,
    NOTHING_SPECIAL,
    STAYS,
    Operation,
    by_slope,
    flat,
    function,
    with_edge,
)


def _elu(z: float, a: float) -> float:
    """z above 0, else a * (e^z - 1)."""
    return z if z > 0.0 else a * math.expm1(z) if z <= 0.0 else z


def _elu_slope(z: float, a: float) -> float:
    """The derivative of ELU: 1 above 0, else a * e^z, at 0 too."""
    return 1.0 if z > 0.0 else a * math.exp(z) if z <= 0.0 else z


def _swish(z: float) -> float:
    """z times its sigmoid, written so that no power of e can overflow."""
    power = math.exp(-abs(z))
    return z / (1.0 + power) if z >= 0.0 else z * power / (1.0 + power)


def _gelu(z: float) -> float:
    """z / 2 * (1 + tanh(u)), u = sqrt(2 / pi) * (z + 0.044715 * z^3)."""
    return 0.5 * z * (1.0 + math.tanh(math.sqrt(2.0 / math.pi) * (z + 0.044715 * z * z * z)))


def _gelu_slope(z: float) -> float:
    """The derivative of GELU: (1 + t) / 2 + z / 2 * (1 - t^2) * du/dz, t = tanh(u)."""
    root = math.sqrt(2.0 / math.pi)
    t = math.tanh(root * (z + 0.044715 * z * z * z))
    inner = (1.0 - t * t) * root * (1.0 + 3.0 * 0.044715 * z * z) if abs(t) != 1.0 else 0.0
    return 0.5 * (1.0 + t) + 0.5 * z * inner


def _step(z: float) -> float:
    """1 above 0, else 0, at 0 too."""
    return 1.0 if z > 0.0 else 0.0 if z <= 0.0 else z


def _huber(error: float, delta: float) -> float:
    """Half the square up to delta either way, beyond that a straight line of slope delta."""
    size = abs(error)
    return 0.5 * error * error if size <= delta else delta * (size - 0.5 * delta)


def _huber_slope(error: float, delta: float) -> float:
    """The derivative of Huber's function: the error itself, but never beyond delta either way."""
    return delta if error > delta else -delta if error < -delta else error


def _largest(*values: float) -> float:
    """The largest of some numbers; nan where one of them is nan."""
    return max(values) if all(value == value for value in values) else math.nan


def _swish_derivative(_index: int, parts: tuple[Expr, ...], result: Expr, inner: Expr) -> Expr:
    share = apply("sigmoid", *parts)
    return multiply(add(share, multiply(result, subtract(ONE, share))), inner)


def _exact_huber(error: Fraction, delta: Fraction) -> Fraction:
    return error * error / 2 if abs(error) <= delta else delta * (abs(error) - delta / 2)


def _gelu_of_arrays(np: Any) -> Any:
    root = math.sqrt(2.0 / math.pi)
    return lambda z: 0.5 * z * (1.0 + np.tanh(root * (z + 0.044715 * z * z * z)))


def _gelu_slope_of_arrays(np: Any) -> Any:
    root = math.sqrt(2.0 / math.pi)

    def slope(z: Any) -> Any:
        t = np.tanh(root * (z + 0.044715 * z * z * z))
        inner = np.where(abs(t) == 1.0, 0.0, (1.0 - t * t) * root * (1.0 + 3.0 * 0.044715 * z * z))
        return 0.5 * (1.0 + t) + 0.5 * z * inner

    return slope


def _swish_of_arrays(np: Any) -> Any:
    def swish(z: Any) -> Any:
        power = np.exp(-abs(z))
        return np.where(z >= 0.0, z / (1.0 + power), z * power / (1.0 + power))

    return swish


def _largest_of_arrays(np: Any) -> Any:
    return lambda *values: np.maximum.reduce(np.broadcast_arrays(*values))


NEURON_OPERATIONS: dict[str, Operation] = {
    "elu": Operation(
        value=_elu,
        derivative=by_slope("elu_slope"),
        reason=(
            "Above 0 it is u itself, and changes as much; below 0 it is a · e^u − a, which "
            "changes a · e^u times as much."
        ),
        exact=lambda z, _a: z if z >= 0 else None,
        arrays=lambda np: lambda z, a: np.where(z > 0.0, z, a * np.expm1(np.minimum(z, 0.0))),
        forms=function("ELU", "elu", places="{}, {}"),
        special=with_edge(lambda z, a: z > 0.0 and a != 1.0, "the slope of ELU changes"),
        called=None,
        in_frameworks=None,
    ),
    "elu_slope": Operation(
        value=_elu_slope,
        derivative=flat,
        reason="",
        exact=lambda z, a: Fraction(1) if z > 0 else a if z == 0 else None,
        arrays=lambda np: lambda z, a: np.where(z > 0.0, 1.0, a * np.exp(np.minimum(z, 0.0))),
        forms=function("ELU′", "elu_slope", places="{}, {}"),
        special=NOTHING_SPECIAL._replace(is_1_above_0=True),
        called=None,
        in_frameworks=None,
    ),
    "swish": Operation(
        value=_swish,
        derivative=_swish_derivative,
        reason=(
            "u · σ(u) has u twice: by the first it changes σ times as much, by the second it changes "
            "u · σ · (1 − σ) times as much, together σ + swish · (1 − σ) times."
        ),
        exact=lambda z: z if z == 0 else None,
        arrays=_swish_of_arrays,
        forms=function("swish", "swish"),
        special=NOTHING_SPECIAL,
        called=None,
        in_frameworks=None,
    ),
    "gelu": Operation(
        value=_gelu,
        derivative=by_slope("gelu_slope"),
        reason=(
            "½u · (1 + tanh k) has u twice: by the first it changes ½(1 + tanh k) times as much, "
            "by the one in k it changes ½u · (1 − tanh² k) times as much as k."
        ),
        exact=lambda z: z if z == 0 else None,
        arrays=_gelu_of_arrays,
        forms=function("GELU", "gelu"),
        special=NOTHING_SPECIAL,
        called=None,
        in_frameworks=None,
    ),
    "gelu_slope": Operation(
        value=_gelu_slope,
        derivative=flat,
        reason="",
        exact=lambda z: Fraction(1, 2) if z == 0 else None,
        arrays=_gelu_slope_of_arrays,
        forms=function("GELU′", "gelu_slope"),
        special=NOTHING_SPECIAL,
        called=None,
        in_frameworks=None,
    ),
    "step": Operation(
        value=_step,
        derivative=flat,
        reason=STAYS,
        exact=lambda z: Fraction(z > 0),
        arrays=lambda np: lambda z: np.heaviside(z, 0.0),
        forms=function("step", "step"),
        special=with_edge(lambda z: z > 0.0, "the step jumps"),
        called=None,
        in_frameworks=None,
    ),
    "huber": Operation(
        value=_huber,
        derivative=by_slope("huber_slope"),
        reason=(
            "Up to δ it is ½u², which changes u times as much as u; beyond, it is a straight line "
            "that changes δ or −δ times as much."
        ),
        exact=_exact_huber,
        arrays=lambda np: (
            lambda e, delta: np.where(abs(e) <= delta, 0.5 * e * e, delta * (abs(e) - 0.5 * delta))
        ),
        forms=function("Huber", "huber", places="{}, {}"),
        special=NOTHING_SPECIAL,
        called=None,
        in_frameworks=None,
    ),
    "huber_slope": Operation(
        value=_huber_slope,
        derivative=flat,
        reason="",
        exact=lambda error, delta: max(-delta, min(delta, error)),
        arrays=lambda np: (
            lambda error, delta: np.where(error > delta, delta, np.where(error < -delta, -delta, error))
        ),
        forms=function("Huber′", "huber_slope", places="{}, {}"),
        special=NOTHING_SPECIAL,
        called=None,
        in_frameworks=None,
    ),
    # The largest of a softmax's sums counts as a constant: no derivative is taken of it.
    "largest": Operation(
        value=_largest,
        derivative=flat,
        reason="",
        exact=max,
        arrays=_largest_of_arrays,
        forms=function("max", "largest", latex=r"\max", places=LISTED),
        special=NOTHING_SPECIAL,
        called=None,
        in_frameworks=None,
    ),
}
