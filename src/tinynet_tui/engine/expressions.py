"""Expressions: small frozen trees, and constructors that leave out what has no effect (· 1, + 0)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isfinite
from typing import NamedTuple


class Number(NamedTuple):
    """A constant that is written as itself: the 2 of 2 · (ŷ − y)."""

    value: float


class Name(NamedTuple):
    """A quantity that is known by its name."""

    name: str
    sample: int | None = None
    """The sample it belongs to, from 1, where an expression joins several; None: the sample at hand."""


@dataclass(frozen=True, slots=True)
class Apply:
    """An operation applied to arguments: `operation` is a key of `operations.OPERATIONS`."""

    operation: str
    arguments: tuple["Expr", ...]
    _hash: int = field(init=False, compare=False, repr=False)  # kept: looking a tree up costs no walk

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.operation, self.arguments)))

    def __hash__(self) -> int:
        return self._hash


Expr = Number | Name | Apply

ZERO = Number(0.0)
ONE = Number(1.0)


def apply(operation: str, *arguments: Expr) -> Apply:
    """An operation as it stands: `add`, `multiply` and the others below simplify, this does not."""
    return Apply(operation, arguments)


def add(*terms: Expr) -> Expr:
    """A sum without its zeros; of two terms a negative second one is subtracted."""
    match [term for term in terms if term != ZERO]:
        case []:
            return ZERO
        case [term]:
            return term
        case [left, Apply("negative", (right,))]:
            return subtract(left, right)
        case kept:
            return apply("add", *kept)


def subtract(left: Expr, right: Expr) -> Expr:
    """A difference; from 0 it is the negative."""
    if right == ZERO:
        return left
    return negative(right) if left == ZERO else apply("subtract", left, right)


def multiply(*factors: Expr) -> Expr:
    """A product, flat, its constants joined in front, its signs in front of all.

    A constant is a number that can be written: those whose product would overflow stay factors.
    """
    constant, rest, pending = 1.0, list[Expr](), list(reversed(factors))
    while pending:
        match factor := pending.pop():
            case Number(value) if isfinite(constant * value):
                constant *= value
            case Apply("multiply", nested):
                pending.extend(reversed(nested))
            case Apply("negative", (inner,)):
                constant = -constant
                pending.append(inner)
            case _:
                rest.append(factor)
    product = _product(Number(abs(constant)), rest)
    return negative(product) if constant < 0 else product


def _product(constant: Number, factors: list[Expr]) -> Expr:
    """The product of a constant that is not negative and of factors that are no constants."""
    match constant, factors:
        case (Number(0.0), _) | (_, []):
            return constant
        case Number(1.0), [factor]:
            return factor
        case Number(1.0), [left, Apply("divide", (Number(1.0), right))]:
            return divide(left, right)
        case Number(1.0), _:
            return apply("multiply", *factors)
        case _:
            return apply("multiply", constant, *factors)


def divide(top: Expr, bottom: Expr) -> Expr:
    """A quotient; divided by 1 it is the dividend itself, and 0 divided by anything, even by 0, is 0."""
    if bottom == ONE or top == ZERO:
        return top
    match top:
        case Number(value) if value < 0:
            return negative(divide(Number(-value), bottom))
        case Apply("negative", (inner,)):
            return negative(divide(inner, bottom))
    return quotient(top, bottom)


def quotient(top: Expr, bottom: Expr) -> Apply:
    """A quotient as it stands: `share` by a constant other than 0, which Python's own division can do."""
    return apply("share" if isinstance(bottom, Number) and bottom.value else "divide", top, bottom)


def negative(expr: Expr) -> Expr:
    """The negative; of a negative it is the thing itself."""
    match expr:
        case Number(value):
            return Number(-value) if value else ZERO
        case Apply("negative", (inner,)):
            return inner
    return apply("negative", expr)


def names_in(expr: Expr) -> tuple[Name, ...]:
    """The names that an expression reads, each once, in the order of reading."""
    return tuple(dict.fromkeys(_names(expr)))


def _names(expr: Expr) -> Iterator[Name]:
    if isinstance(expr, Name):
        yield expr
    elif isinstance(expr, Apply):
        for argument in expr.arguments:
            yield from _names(argument)
