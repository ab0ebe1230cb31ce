"""Equations in what the program shows, read back by a reader of its own, and held against what they say.

A number may stand for any that is rounded to it: then = and ≈ are checked with intervals. What is written
with letters says nothing that can be checked here.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

_NUMBER = r"\d+(?:\.\d+)?(?:e[+−-]?\d+)?"
_TOKEN = re.compile(
    rf"\s*(?:(?P<number>{_NUMBER})|(?P<function>LReLU′|LReLU|ReLU′|ReLU|σ|tanh|softplus|ln|√|exp"
    r"|sin|cos|sign|max|min)(?=\()|(?P<sign>[+−·/²^(),|\[\]>]))"
)
_RELATION = re.compile(r"\s*(=|≈|←)\s*")
_LARGEST_POWER = 200


@dataclass(frozen=True)
class Known:
    """What a shown expression comes to: exactly, where that is a fraction, and within which bounds."""

    exactly: Fraction | None
    low: float
    high: float

    @property
    def size(self) -> float:
        """How large it may be."""
        return max(abs(self.low), abs(self.high))


class Unreadable(Exception):
    """What is no expression of numbers alone."""


def faults(lines: Iterable[str], digits: int) -> list[str]:
    """The equations in some lines of text that do not hold in the digits shown."""
    return [
        f"{left} {relation} {right}"
        for left, relation, right in all_equations(lines)
        if not holds(left, relation, right, digits)
    ]


def far_off(lines: Iterable[str], digits: int) -> list[str]:
    """The equations whose shown numbers do not give the right side, but for a unit of its last digit."""
    return [
        f"{left} gives no {right}"
        for left, _, right in all_equations(lines)
        if not is_near(left, right, digits)
    ]


def all_equations(lines: Iterable[str]) -> list[tuple[str, str, str]]:
    """The different equations in some lines, in their order: many lines are shown in several places."""
    return list(dict.fromkeys(found for line in dict.fromkeys(lines) for found in equations(line)))


def is_near(left: str, right: str, digits: int) -> bool:
    """Whether a calculator comes from one to the other, but for a unit of the last of so many digits.

    The value is itself rounded by half a unit, and binary fractions have some noise.
    """
    if not re.fullmatch(rf"−?{_NUMBER}", right):
        return True
    came, value = _typed_in(left), float(right.replace("−", "-"))
    if not math.isfinite(value):
        return True  # rounded up from the largest number
    mantissa, _, exponent = right.partition("e")
    last = 10.0 ** (int(exponent.replace("−", "-") or 0) - len(mantissa.partition(".")[2]))
    unit = min(10.0 ** (math.floor(math.log10(abs(value))) - digits + 1), last) if value else 0.0
    return not math.isfinite(came) or abs(came - value) <= 1.51 * unit + 1e-13 * _largest(left) + 1e-15 * abs(
        value
    )


def _typed_in(text: str) -> float:
    """What an expression comes to for whoever types in its numbers as they are shown."""
    known = _read(text, 10_000)
    return float(known.exactly) if known.exactly is not None else (known.low + known.high) / 2


def equations(line: str) -> Iterator[tuple[str, str, str]]:
    """(left, = or ≈, right) of each two neighbours that are numbers, signs and brackets alone."""
    parts = _RELATION.split(line)
    for left, relation, right in zip(parts[::2], parts[1::2], parts[2::2], strict=False):
        # A sum has a blank after its sign: a number with its sign is the next column's.
        first, second = _last_expression(left), _first_expression(re.split(r" (?=\+\d)", right)[0])
        if first and second and relation != "←":
            yield first, relation, second


def holds(left: str, relation: str, right: str, digits: int) -> bool:
    """Whether an equation is true: = to the last digit, ≈ within what rounding allows, and not where = is."""
    first, second = _read(left, digits), _read(right, digits)
    if first.exactly is not None and first.exactly == second.exactly:
        return relation == "="
    if relation == "=":
        return False
    slack = 1e-9 * (first.size + second.size) + 1e-11 * _largest(left)
    return first.low - slack <= second.high and second.low - slack <= first.high


_IN_LATEX = (
    (r"\\mathrm\{e\}\{([-+0-9]+)\}", r"e\1"),
    (r"\\(?:mathrm|text)\{([^{}]*)\}", r"\1"), (r"\\(?:left|right)(?=[()])", ""),
    (r"\\approx", "≈"), (r"\\leftarrow", "←"), (r"\\cdot", "·"), (r"\\sigma", "σ"), (r"\\infty", "inf"),
    (r"\\(tanh|ln|exp|sin|cos|max|min)", r"\1"), (r"(?<=ReLU)'", "′"), (r"\^\{2\}", "²"),
    (r"\^\{(−?[\w.]+)\}", r"^\1"), (r"\^\{([^{}]*)\}", r"^(\1)"),
    (r"(?<!e)-", "−"), (r"_\{([^{}]*)\}", r"_\1"), (r"\{\}", ""),
)  # fmt: skip
"""What stands for what in the formulas of a LaTeX document, in the order of replacing."""


def latex_as_plain(line: str) -> str:
    r"""The formulas of a line of LaTeX, written like the app's own.

    Example:
        >>> latex_as_plain(r"$L$ ${} = \frac{1}{2} \cdot \left(-2\right)^{2}$ ${} \approx 1\mathrm{e}{-5}$")
        'L = (1) / (2) · (−2)² ≈ 1e-5'
    """
    text = " ".join(re.findall(r"\$([^$]*)\$", line))
    for shape, in_plain in ((r"\frac", "({}) / ({})"), (r"\sqrt", "√({})")):
        while (start := text.rfind(shape)) >= 0:
            arguments, end = [], start + len(shape)
            for _ in range(in_plain.count("{}")):
                inner, end = _in_braces(text, end)
                arguments.append(inner)
            text = text[:start] + in_plain.format(*arguments) + text[end:]
    for pattern, in_plain in _IN_LATEX:
        text = re.sub(pattern, in_plain, text)
    return " ".join(text.split())


def _in_braces(text: str, start: int) -> tuple[str, int]:
    """(what stands between the brace at a place and the one that closes it, the place after that one)."""
    depth = 0
    for place in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:
            return text[start + 1 : place], place + 1
    raise AssertionError(f"a brace is not closed: {text[start:]}")


def numeric_rows(text: str) -> list[str]:
    """The rows of a drawing that are numbers alone, those of one formula joined; the others as they are."""
    joined: list[str] = []
    formula: int | None = None
    for row in text.splitlines():
        if (
            re.search(
                r"[A-Za-zŷ∂₀-₉]",
                re.sub(r"\de[+−-]?\d|tanh|softplus|ln|LReLU|ReLU|exp|sin|cos|sign|max|min", "", row),
            )
            or not row.strip()
        ):
            joined.append(row)
            if row.strip()[:1] not in tuple("=≈+·/−"):
                formula = None  # words, or another path: the numbers below are no part of those above
        elif formula is not None and re.match(r"\s*([=≈+·/]|− )", row):
            joined[formula] += " " + row.strip()
        else:
            formula = len(joined)
            joined.append(row)
    return joined


def _largest(text: str) -> float:
    return max((float(number.replace("−", "-")) for number in re.findall(_NUMBER, text)), default=0.0)


@lru_cache(maxsize=50_000)
def _last_expression(text: str) -> str | None:
    """The longest end of a text that is an expression, with nothing before it that it belongs to."""
    for start in _starts(text):
        before, found = text[:start].rstrip(), text[start:].strip()
        if _is_readable(found):
            is_part = before and before[-1] in "+−·/^(,⁾'"
            return None if is_part or "…" in text else found
    return None


@lru_cache(maxsize=50_000)
def _first_expression(text: str) -> str | None:
    """Likewise its longest beginning."""
    if "…" in text:
        return None
    ends = sorted({match.end() for match in _TOKEN.finditer(text)}, reverse=True)
    for end in ends:
        found, after = text[:end].strip(), text[end:].lstrip()
        if _is_readable(found):
            return (
                None
                if after and (after[0] in "+−·/^(²±" or (after[0].isalpha() and text[end:] == after))
                else found
            )
    return None


def _starts(text: str) -> list[int]:
    return [
        match.start()
        for match in re.finditer(
            r"(?<![\w.₀-₉′])(?=[\d(−√σ|\[]|LReLU|ReLU|tanh|softplus|ln|exp|sin|cos|sign|max|min)", text
        )
    ]


def _is_readable(text: str) -> bool:
    try:
        _read(text, 4)
    except Unreadable:
        return False
    return bool(re.search(r"\d", text))


@lru_cache(maxsize=50_000)
def _read(text: str, digits: int) -> Known:
    tokens: list[tuple[str, str]] = []
    place = 0
    while place < len(text.rstrip()):
        match = _TOKEN.match(text, place)
        if match is None:
            raise Unreadable(text)
        assert match.lastgroup is not None
        tokens.append((match.lastgroup, match[match.lastgroup]))
        place = match.end()
    reader = _Reader(tokens, digits)
    found = reader.sum()
    if reader.tokens:
        raise Unreadable(text)
    return found


class _Reader:
    """A reader of sums of products of powers, from left to right."""

    def __init__(self, tokens: list[tuple[str, str]], digits: int) -> None:
        self.tokens, self.digits = tokens, digits

    def takes(self, *signs: str) -> str | None:
        """The next sign, if it is one of some."""
        if self.tokens and self.tokens[0][0] == "sign" and self.tokens[0][1] in signs:
            return self.tokens.pop(0)[1]
        return None

    def sum(self) -> Known:
        """Terms between + and −; the first may have a minus sign."""
        is_negative = self.takes("−") is not None
        total = self.product()
        total = _negative(total) if is_negative else total
        while sign := self.takes("+", "−"):
            term = self.product()
            total = _sum(total, _negative(term) if sign == "−" else term)
        return total

    def product(self) -> Known:
        """Powers between · and /."""
        product = self.power()
        while sign := self.takes("·", "/"):
            factor = self.power()
            product = _product(product, _inverse(factor) if sign == "/" else factor)
        return product

    def power(self) -> Known:
        """A number, brackets or a function, perhaps with ² or ^ behind."""
        base = self.atom()
        while sign := self.takes("²", "^"):
            power = Known(Fraction(2), 2.0, 2.0) if sign == "²" else self.atom()
            whole = power.exactly
            if whole is not None and whole.denominator == 1:
                base = _power(base, int(whole))
            elif base.low > 0:
                base = Known(None, *_ends(lambda a, b: math.exp(b * math.log(a)), base, power))
            else:
                raise Unreadable("a power")
        return base

    def atom(self) -> Known:
        if not self.tokens:
            raise Unreadable("nothing")
        if self.takes("("):
            inner = self.sum()
            if not self.takes(")"):
                raise Unreadable("a bracket")
            return inner
        if self.takes("|"):
            inner = self.sum()
            if not self.takes("|"):
                raise Unreadable("an absolute value")
            return _function("max", [inner, _negative(inner)])
        if self.takes("["):
            left, is_above, right = self.sum(), self.takes(">"), self.sum()
            if not (is_above and self.takes("]")):
                raise Unreadable("a condition")
            return _function("ReLU′", [_sum(left, _negative(right))])
        kind, text = self.tokens.pop(0)
        if kind == "number":
            return _number(text, self.digits)
        if kind == "function":
            self.takes("(")
            arguments = [self.sum()]
            while self.takes(","):
                arguments.append(self.sum())
            if not self.takes(")"):
                raise Unreadable("a bracket")
            return _function(text, arguments)
        raise Unreadable(text)


def _number(text: str, digits: int) -> Known:
    """A number: if it has as many digits as are shown, it may have been rounded to them."""
    plain = text.replace("−", "-")
    exact = Fraction(plain)
    mantissa, _, exponent = plain.partition("e")
    decimals = len(mantissa.partition(".")[2])
    significant = len(mantissa.replace(".", "").lstrip("0"))
    half = 10.0 ** (int(exponent or 0) - decimals) / 2 if significant >= digits else 0.0
    # 1.798e+308 is rounded up from the largest number, and no number itself.
    nearest = float(plain)
    return Known(exact, nearest - half, nearest + half)


def _bounds(values: Iterable[float]) -> tuple[float, float]:
    kept = [value for value in values if not math.isnan(value)]
    return (min(kept), max(kept)) if kept else (-math.inf, math.inf)


def _ends(of: Callable[[float, float], float], one: Known, other: Known) -> tuple[float, float]:
    """The bounds of a function that goes one way only along both of its arguments."""
    return _bounds(of(a, b) for a in (one.low, one.high) for b in (other.low, other.high))


def _negative(value: Known) -> Known:
    return Known(None if value.exactly is None else -value.exactly, -value.high, -value.low)


def _sum(left: Known, right: Known) -> Known:
    exact = None if left.exactly is None or right.exactly is None else left.exactly + right.exactly
    return Known(exact, left.low + right.low, left.high + right.high)


def _product(left: Known, right: Known) -> Known:
    exact = None if left.exactly is None or right.exactly is None else left.exactly * right.exactly
    if 0 in (left.exactly, right.exactly) and all(
        map(math.isfinite, (left.low, left.high, right.low, right.high))
    ):
        exact = Fraction(0)  # whatever the other factor is exactly
    return Known(exact, *_ends(operator.mul, left, right))


def _inverse(value: Known) -> Known:
    if value.exactly == 0:
        raise Unreadable("a quotient by 0, which says by itself what it counts as")
    if value.low <= 0 <= value.high:
        return Known(None if value.exactly is None else 1 / value.exactly, -math.inf, math.inf)
    return Known(None if value.exactly is None else 1 / value.exactly, 1 / value.high, 1 / value.low)


def _power(base: Known, exponent: int) -> Known:
    exact = None
    if base.exactly is not None and abs(exponent) <= _LARGEST_POWER and (base.exactly or exponent >= 0):
        exact = base.exactly**exponent
    ends = [_to_the(end, exponent) for end in (base.low, base.high)]
    if exponent % 2 == 0 and base.low < 0 < base.high:
        ends.append(0.0)
    return Known(exact, *_bounds(ends))


def _to_the(base: float, exponent: int) -> float:
    try:
        return base**exponent
    except OverflowError:
        return math.copysign(math.inf, base) if exponent % 2 else math.inf
    except ZeroDivisionError:
        return math.inf


def _function(name: str, arguments: list[Known]) -> Known:
    value = arguments[0]
    exact = value.exactly
    match name:
        case "ReLU":
            came = None if exact is None else max(exact, Fraction(0))
            return Known(came, max(value.low, 0.0), max(value.high, 0.0))
        case "ReLU′":
            came = None if exact is None else Fraction(exact > 0)
            return Known(came, float(value.low > 0), float(value.high > 0))
        case "LReLU":
            slope = arguments[1]
            below = _product(value, slope)
            came = exact if exact is not None and exact > 0 else below.exactly
            ends = (below.low, below.high, value.low, value.high)
            return Known(came, *_bounds(ends))
        case "LReLU′":
            slope = arguments[1]
            came = Fraction(1) if exact is not None and exact > 0 else slope.exactly
            return Known(came, min(slope.low, 1.0), max(slope.high, 1.0))
        case "σ":
            return Known(Fraction(1, 2) if exact == 0 else None, _sigmoid(value.low), _sigmoid(value.high))
        case "tanh":
            return Known(Fraction(0) if exact == 0 else None, math.tanh(value.low), math.tanh(value.high))
        case "softplus":
            return Known(None, _softplus(value.low), _softplus(value.high))
        case "ln":
            return Known(Fraction(0) if exact == 1 else None, _ln(value.low), _ln(value.high))
        case "exp":
            return Known(Fraction(1) if exact == 0 else None, math.exp(value.low), math.exp(value.high))
        case "√":
            return Known(_root(exact), math.sqrt(max(value.low, 0.0)), math.sqrt(max(value.high, 0.0)))
        case "max" | "min":
            of = max if name == "max" else min
            for other in arguments[1:]:
                both = value.exactly is not None and other.exactly is not None
                came = of(value.exactly, other.exactly) if both else None  # type: ignore[type-var]
                value = Known(came, *_ends(of, value, other))
            return value
        case "sign":
            came = None if exact is None else Fraction((exact > 0) - (exact < 0))
            return Known(came, _sign(value.low), _sign(value.high))
        case "sin" | "cos":
            turn = 0.0 if name == "cos" else math.pi / 2  # where it is largest
            came = Fraction(name == "cos") if exact == 0 else None
            return Known(came, *_waving(value.low - turn, value.high - turn))
    raise AssertionError(f"write here what {name} comes to, and between which bounds")


def _waving(low: float, high: float) -> tuple[float, float]:
    """The bounds of the cosine between two places."""
    ends = [math.cos(low), math.cos(high)]
    if math.floor(high / (2 * math.pi)) > math.floor(low / (2 * math.pi)):
        ends.append(1.0)
    if math.floor((high / math.pi + 1) / 2) > math.floor((low / math.pi + 1) / 2):
        ends.append(-1.0)
    return min(ends), max(ends)


def _sign(value: float) -> float:
    return float((value > 0) - (value < 0))


def _sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z)) if z > -700 else 0.0


def _softplus(z: float) -> float:
    return math.log1p(math.exp(z)) if z < 40 else z


def _ln(value: float) -> float:
    return math.log(value) if value > 0 else -math.inf


def _root(value: Fraction | None) -> Fraction | None:
    if value is None or value < 0:
        return None
    root = Fraction(math.isqrt(value.numerator), math.isqrt(value.denominator))
    return root if root * root == value else None
