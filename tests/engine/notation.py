"""The plain notation of formulas, read back: tokens, then sums of products of powers, worked out in turn.

It knows the signs and nothing of the trees that they were written from. As in the formulas of cross-entropy,
where 0 is a target that leaves a term out, 0 · ln(0) and 0 / 0 are 0.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping


def evaluated(text: str, symbols: Mapping[str, float] | None = None) -> float:
    """The value of a formula; `symbols` are its letters, in letters as they are written.

    Raises: ValueError when the text is no formula.
    """
    reader = _Reader(text, symbols or {})
    value = reader.sum()
    if reader.peek():
        raise ValueError(f"{reader.peek()!r} is left over in {text!r}")
    return value


def _quotient(top: float, bottom: float) -> float:
    try:
        return top / bottom
    except ZeroDivisionError:
        sign = math.copysign(1.0, bottom)
        return top if math.isnan(top) or top == 0 else math.copysign(math.inf, top) * sign


def _power(base: float, exponent: float) -> float:
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return math.inf


def _logarithm(x: float) -> float:
    return math.log(x) if x > 0 else -math.inf if x == 0 else math.nan


def _logistic(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x)) if not x < 0 else math.exp(x) / (1.0 + math.exp(x))


def _step(x: float, low: float) -> float:
    return x if math.isnan(x) else 1.0 if x > 0 else low


_GELU = math.sqrt(2 / math.pi)


def _gelu_slope(z: float) -> float:
    bend = math.tanh(_GELU * (z + 0.044715 * z * z * z))
    return 0.5 * (1.0 + bend) + 0.5 * z * ((1.0 - bend * bend) * _GELU * (1.0 + 3.0 * 0.044715 * z * z))


_FUNCTIONS: dict[str, Callable[..., float]] = {
    "√": lambda x: math.sqrt(x) if x >= 0 else math.nan,
    "σ": _logistic,
    "ln": _logarithm,
    "tanh": math.tanh,
    "ELU": lambda z, a: z if z > 0 else a * math.expm1(z),
    "ELU′": lambda z, a: 1.0 if z > 0 else a * math.exp(z),
    "swish": lambda z: z / (1.0 + math.exp(-z)) if z >= 0 else z * math.exp(z) / (1.0 + math.exp(z)),
    "GELU": lambda z: 0.5 * z * (1.0 + math.tanh(_GELU * (z + 0.044715 * z * z * z))),
    "GELU′": _gelu_slope,
    "step": lambda z: _step(z, 0.0) if z > 0 else 0.0,
    "Huber": lambda e, d: 0.5 * e * e if abs(e) <= d else d * (abs(e) - 0.5 * d),
    "Huber′": lambda e, d: min(d, max(-d, e)),
    "max": max,
    "sin": math.sin,
    "cos": math.cos,
    "sign": lambda x: float((x > 0) - (x < 0)),
    "exp": lambda x: math.exp(x) if x < 709 else math.inf,
    "softplus": lambda x: max(x, 0.0) + math.log1p(math.exp(-abs(x))),
    "ReLU": lambda x: x if math.isnan(x) or x > 0 else 0.0,
    "ReLU′": lambda x: _step(x, 0.0),
    "LReLU": lambda x, slope: x if math.isnan(x) or x > 0 else slope * x,
    "LReLU′": _step,
}
_NUMBER = r"(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|inf|nan)"


class _Reader:
    def __init__(self, text: str, symbols: Mapping[str, float]) -> None:
        self.symbols = symbols
        letters = "|".join(re.escape(s) for s in sorted(symbols, key=len, reverse=True))
        functions = "|".join(re.escape(f) for f in sorted(_FUNCTIONS, key=len, reverse=True))
        token = re.compile(
            rf"\s*(?:(?P<function>{functions})(?=\()|(?P<symbol>{letters or '(?!)'})"
            rf"|(?P<number>{_NUMBER})|(?P<sign>[−+·/()^²,|]))"
        )
        self.tokens: list[tuple[str, str]] = []
        place = 0
        while place < len(text):
            match = token.match(text, place)
            if match is None or match.lastgroup is None:
                raise ValueError(f"{text[place:]!r} in {text!r} cannot be read")
            self.tokens.append((match.lastgroup, match[match.lastgroup]))
            place = match.end()
        self.place = 0

    def peek(self) -> str:
        """The sign that comes next; "" at the end."""
        return self.tokens[self.place][1] if self.place < len(self.tokens) else ""

    def take(self, *signs: str) -> bool:
        """Whether one of these signs comes next; it is passed by."""
        if self.place < len(self.tokens) and self.tokens[self.place] in [("sign", s) for s in signs]:
            self.place += 1
            return True
        return False

    def sum(self) -> float:
        """Products, added and subtracted from left to right."""
        total = -self.product() if self.take("−") else self.product()
        while self.peek() in ("+", "−"):
            total = total + self.product() if self.take("+") else total - self.subtracted()
        return total

    def subtracted(self) -> float:
        """The product after a minus sign."""
        self.take("−")
        return self.product()

    def product(self) -> float:
        """Powers, multiplied and divided from left to right."""
        value = self.power()
        while self.peek() in ("·", "/"):
            value = self.multiplied(value) if self.take("·") else self.divided(value)
        return value

    def multiplied(self, left: float) -> float:
        """A product whose left side has been read."""
        is_logarithm = self.peek() == "ln"
        right = self.power()
        return 0.0 if is_logarithm and left == 0 and right == -math.inf else left * right

    def divided(self, top: float) -> float:
        """A quotient whose top has been read."""
        self.take("/")
        return _quotient(top, self.power())

    def power(self) -> float:
        """An atom, or its square or power."""
        base = self.atom()
        if self.take("²"):
            return base * base
        return _power(base, self.atom()) if self.take("^") else base

    def atom(self) -> float:
        """A number, a letter, a function of something, or something in brackets."""
        if self.place >= len(self.tokens):
            raise ValueError("the formula ends too early")
        kind, text = self.tokens[self.place]
        self.place += 1
        match kind:
            case "number":
                return float(text)
            case "symbol":
                return self.symbols[text]
            case "function":
                return _FUNCTIONS[text](*self.bracket())
        if text == "|":
            inside = self.sum()
            if not self.take("|"):
                raise ValueError("a size is not closed")
            return abs(inside)
        if text != "(":
            raise ValueError(f"{text!r} stands where a value should")
        self.place -= 1
        (value,) = self.bracket()
        return value

    def bracket(self) -> tuple[float, ...]:
        """The values in brackets, by commas."""
        if not self.take("("):
            raise ValueError("a bracket is missing")
        values = [self.sum()]
        while self.take(","):
            values.append(self.sum())
        if not self.take(")"):
            raise ValueError("a bracket is not closed")
        return tuple(values)
