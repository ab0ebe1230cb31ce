"""What a formula means: its names and indices, and the expression that is made of it.

What may stand in a formula is a short list: numbers, names, indices, + - * / ^ **, brackets, sums over
a range, and the functions of `FUNCTIONS`. All else is a fault with its place.
"""

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial, reduce
from itertools import count, groupby
from math import isfinite
from typing import NamedTuple

from tinynet_tui.engine.expression_reading import number_text, operations_in, value
from tinynet_tui.engine.expressions import ZERO, Expr, Number, apply, negative, quotient
from tinynet_tui.engine.expressions import Name as ExprName
from tinynet_tui.engine.names import of_state
from tinynet_tui.engine.operations import OPERATIONS
from tinynet_tui.networks.formula_words import LOOP_WORDS, FormulaFault, Parsed, Place, too_many
from tinynet_tui.rules.piecewise_activations import LEAKY_RELU

MOST_PARTS = 4000
"""Names and numbers in one formula, its sums written out."""
MOST_TURNS = 100_000
"""Of the loops and sums of a program, empty ones too, with the names and numbers that they write out."""
MOST_FACTORS = 64
"""In one product: its derivative has as many terms, each of as many factors."""
MOST_DEPTH = 128
"""Operations in each other: what is read off an expression, and Python's own parser, go down as deep."""
MOST_INDEX_SIGNS = 16
LARGEST_INDEX = 10**9 - 1
LONGEST_NAME = 24
LEAKY_SLOPE = Number(LEAKY_RELU.hyperparameters[0].default)


FUNCTIONS = {
    row.called.name: (operation, row.called.arguments)
    for operation, row in OPERATIONS.items()
    if row.called is not None
}
"""What formulas may call, by its name there: the operation, and how many arguments it may have."""
_OWN = {
    "L": "L is the loss itself",
    "check": "check is the step after an update",
    "sum": "sum is a word of formulas",
    **{name: f"{name} is a function" for name in FUNCTIONS},
}
"""Names that no quantity can have, and why."""

Indices = tuple[int, ...]


class Read(NamedTuple):
    """A quantity that a formula reads, where it stands there first."""

    name: str
    place: Place


def name_fault(name: str) -> str | None:
    """Why a quantity, a parameter or a column cannot be called so, or None."""
    if not (name.isascii() and name.isidentifier()) or name.startswith("_") or name in LOOP_WORDS:
        return f"{name} can be no name; names are letters and digits, and begin with a letter"
    if name in _OWN:
        return f"{_OWN[name]}; choose another name"
    if of_state(name):
        return f"{name[:2]} begins what an optimiser keeps for a parameter; choose another name"
    if len(name) > LONGEST_NAME:
        return f"a name of over {LONGEST_NAME} letters; must be shorter"
    return None


_INDEXED = re.compile(r"(?P<base>\w+)(?:\[\d{1,6}(?:,\d{1,6})*\])?", re.ASCII)


def given_name_fault(name: str) -> str | None:
    """Why a column cannot be called so, or None: a name, or one with its indices."""
    match = _INDEXED.fullmatch(name)
    if match is None:
        return "must be a name such as y, x[1] or x[2,1]"
    return name_fault(match["base"])


def indexed(base: str, indices: Indices) -> str:
    """A name with its indices: x[2,1]."""
    return f"{base}[{','.join(map(str, indices))}]" if indices else base


def base_and_indices(name: str) -> tuple[str, Indices]:
    """The reverse of `indexed`."""
    base, _, rest = name.partition("[")
    return base, tuple(map(int, rest.rstrip("]").split(","))) if rest else ()


Variables = Mapping[str, int]
"""The numbers that the variables of loops stand at."""


def index(node: ast.expr, variables: Variables, places: Parsed, signs: int = 0) -> int:
    """An index, or an end of a range: a whole number, made of numbers and variables of loops.

    signs: how many signs it stands under.
    """
    if signs > MOST_INDEX_SIGNS:
        raise FormulaFault(places.place(node), too_many(MOST_INDEX_SIGNS, "signs in an index"))
    match node:
        case ast.Constant(int(number)) if not isinstance(number, bool):
            pass
        case ast.Name(name) if name in variables:
            number = variables[name]
        case ast.Name(name):
            raise FormulaFault(places.place(node), f"{name} has no range; add for {name} in 1..2")
        case ast.BinOp(left, ast.Add() | ast.Sub() | ast.Mult() as sign, right):
            a, b = (index(part, variables, places, signs + 1) for part in (left, right))
            number = a + b if isinstance(sign, ast.Add) else a - b if isinstance(sign, ast.Sub) else a * b
        case ast.UnaryOp(ast.USub(), operand):
            number = -index(operand, variables, places, signs + 1)
        case _:
            raise FormulaFault(places.place(node), "an index is a whole number here, such as 2, i or i-1")
    if abs(number) > LARGEST_INDEX:
        raise FormulaFault(places.place(node), f"an index of over {LARGEST_INDEX:,}; must be smaller")
    return number


class Turns:
    """The turns of the loops of a program, counted, with its names and numbers."""

    def __init__(self) -> None:
        self.number = 0

    @property
    def are_over(self) -> bool:
        """Whether they are more than may be."""
        return self.number > MOST_TURNS


class Formula:
    """A formula on its way to an expression; it keeps what it reads."""

    def __init__(self, parse: Parsed, turns: Turns) -> None:
        self.parsed = parse
        self._turns = turns
        self._depth = 0
        self._reads: dict[str, Read] = {}
        self._parts = count(1)

    @property
    def reads(self) -> tuple[Read, ...]:
        """What the whole read last read."""
        return tuple(self._reads.values())

    def whole(self, body: ast.expr, variables: Variables) -> Expr:
        """All of it, at a number of its loops."""
        self._reads, self._parts = {}, count(1)
        made = self.expression(body, variables)
        if not self._reads and not isfinite(constant := value(made, lambda _: 0.0)):
            raise self.fault(body, f"this is {number_text(constant)}; a constant must be finite")
        return made

    def fault(self, node: ast.expr, words: str) -> FormulaFault:
        """A fault of a part."""
        return FormulaFault(self.parsed.place(node), words)

    def expression(self, node: ast.expr, variables: Variables, deeper: int = 1) -> Expr:
        """A part of it as an expression; deeper: how many operations it stands in that hold all around it."""
        self._depth += deeper
        if self._depth > MOST_DEPTH + 1:
            raise self.fault(node, f"over {MOST_DEPTH} operations in each other; must be split into several")
        made = self._made(node, variables)
        self._depth -= deeper
        return made

    def _made(self, node: ast.expr, variables: Variables) -> Expr:
        match node:
            case ast.Constant(int() | float() as number) if not isinstance(number, bool):
                return self._number(node, number)
            case ast.Name(name) if name in variables:
                return self._number(node, variables[name])
            case ast.Name(name):
                return self._quantity(node, name, ())
            case ast.Subscript(ast.Name(name), several):
                nodes = several.elts if isinstance(several, ast.Tuple) else [several]
                return self._quantity(
                    node, name, tuple(index(part, variables, self.parsed) for part in nodes)
                )
            case ast.UnaryOp(ast.USub(), operand):
                inner = self.expression(operand, variables)
                return negative(inner) if isinstance(inner, Number) else apply("negative", inner)
            case ast.UnaryOp(ast.UAdd(), operand):
                return self.expression(operand, variables)
            case ast.BinOp(base, ast.Pow(), exponent):
                return _power(self.expression(base, variables), self.expression(exponent, variables))
            case ast.BinOp(_, ast.Add() | ast.Sub() | ast.Mult() | ast.Div()):
                return self._row(node, variables)
            case ast.Call(ast.Name(name), arguments, []):
                return self._call(node, name, arguments, variables)
        raise self.fault(node, "this has no meaning in a formula")

    def _turn(self, node: ast.expr) -> None:
        self._turns.number += 1
        if self._turns.are_over:
            raise self.fault(node, too_many(MOST_TURNS, "turns of loops, names and numbers"))

    def _part(self, node: ast.expr) -> None:
        self._turn(node)
        if next(self._parts) > MOST_PARTS:
            raise self.fault(node, too_many(MOST_PARTS, "names and numbers in one formula"))

    def _number(self, node: ast.expr, number: float) -> Number:
        self._part(node)
        try:
            value = float(number)
        except OverflowError:
            value = float("inf")
        if not isfinite(value):
            raise self.fault(node, "this number is too large; must be finite")
        return Number(value)

    def _quantity(self, node: ast.expr, base: str, indices: Indices) -> Expr:
        self._part(node)
        if fault := name_fault(base):
            raise self.fault(node, fault)
        if any(number < 0 for number in indices):
            raise self.fault(node, f"{indexed(base, indices)}: an index must not be below 0")
        name = indexed(base, indices)
        self._reads.setdefault(name, Read(name, self.parsed.place(node)))
        return ExprName(name)

    def _row(self, node: ast.expr, variables: Variables) -> Expr:
        """A row of sums or products, from left to right: Python nests it as deep as it is long."""
        rights: list[tuple[ast.operator, ast.expr]] = []
        first = node
        while isinstance(first, ast.BinOp) and isinstance(first.op, ast.Add | ast.Sub | ast.Mult | ast.Div):
            rights.append((first.op, first.right))
            first = first.left
        made = self.expression(first, variables, _nested(sign for sign, _ in reversed(rights)))
        for kind, alike in groupby(reversed(rights), key=lambda part: type(part[0])):
            parts = [made]
            for _, right in alike:
                parts.append(self.expression(right, variables))
                if kind is ast.Mult and len(parts) > MOST_FACTORS:
                    raise self.fault(right, f"over {MOST_FACTORS} factors in one product; must be split")
            made = _JOINS[kind](parts)
        return made

    def _call(self, node: ast.expr, name: str, arguments: list[ast.expr], variables: Variables) -> Expr:
        if name == "sum":
            return self._sum(node, arguments, variables)
        if name not in FUNCTIONS:
            known = ", ".join(FUNCTIONS)
            raise self.fault(node, f"{name} is no function here; there are {known} and sum")
        operation, numbers = FUNCTIONS[name]
        if len(arguments) not in numbers:
            wanted = " or ".join(map(str, numbers))
            raise self.fault(node, f"{name} is a function of {wanted}, not of {len(arguments)}")
        values = [self.expression(argument, variables) for argument in arguments]
        if operation == "leaky_relu":
            values += [LEAKY_SLOPE] if len(values) == 1 else []
            if not isinstance(values[1], Number):
                raise self.fault(arguments[1], "the slope of leaky_relu must be a number, such as 0.01")
        return apply(operation, *values)

    def _sum(self, node: ast.expr, arguments: list[ast.expr], variables: Variables) -> Expr:
        match arguments:
            case [ast.GeneratorExp(body, loops)]:
                terms = [self.expression(body, inner) for inner in self.loop(loops, variables)]
            case _:
                raise self.fault(node, "sum wants a range: sum(x[i] for i in 1..2)")
        return ZERO if not terms else terms[0] if len(terms) == 1 else apply("add", *terms)

    def loop(self, loops: list[ast.comprehension], variables: Variables) -> Iterator[Variables]:
        """The variables of loops in each other at each of their numbers, the last one running fastest."""
        if not loops:
            yield variables
            return
        (loop, *inner) = loops
        match loop:
            case ast.comprehension(ast.Name(name), ast.BinOp(first, ast.BitOr(), last), [], 0):
                pass
            case _:
                raise self.fault(loop.iter, "a range must be as in for i in 1..2")
        if fault := name_fault(name):
            raise self.fault(loop.target, fault)
        begin, end = (index(part, variables, self.parsed) for part in (first, last))
        if end - begin >= MOST_PARTS:
            raise self.fault(loop.iter, f"a range of over {MOST_PARTS:,} numbers; must be shorter")
        if end < begin and isinstance(first, ast.Constant) and isinstance(last, ast.Constant):
            raise self.fault(loop.iter, f"{begin}..{end} has no number in it")
        for number in range(begin, end + 1):
            self._turn(loop.iter)
            yield from self.loop(inner, {**variables, name: number})


def _power(base: Expr, exponent: Expr) -> Expr:
    """A power; a square of its own, unless Python would have to write what is squared four times."""
    if exponent == Number(2.0) and "square" not in operations_in(base):
        return apply("square", base)
    return apply("to_power", base, exponent)


def _nested(signs: Iterable[ast.operator]) -> int:
    """How many operations of a row hold its first part: a long sum is one, and so is a long product."""
    return sum(1 if kind in (ast.Add, ast.Mult) else len(list(row)) for kind, row in groupby(signs, key=type))


_JOINS: Mapping[type[ast.operator], Callable[[list[Expr]], Expr]] = {
    ast.Add: lambda parts: apply("add", *parts),
    ast.Mult: lambda parts: apply("multiply", *parts),
    ast.Sub: lambda parts: reduce(partial(apply, "subtract"), parts),
    ast.Div: lambda parts: reduce(quotient, parts),
}
"""What a row of one sign comes to: a long sum is one operation, and so is a long product."""
