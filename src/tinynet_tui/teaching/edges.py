"""Where a slope changes at once: which parts of a formula have such an edge, and what is said of one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from tinynet_tui.engine.expression_reading import value, written
from tinynet_tui.engine.expressions import ZERO, Apply, Expr, Name, Number, names_in
from tinynet_tui.engine.operation_rows import Edge
from tinynet_tui.engine.operations import OPERATIONS


@lru_cache(maxsize=1024)
def edges(expr: Expr) -> tuple[tuple[Apply, Edge], ...]:
    """The parts of an expression that have an edge, inner ones first, each once."""
    return tuple(dict.fromkeys(_edges(expr)))


def _edges(expr: Expr) -> Iterator[tuple[Apply, Edge]]:
    if isinstance(expr, Apply):
        for argument in expr.arguments:
            yield from _edges(argument)
        edge = OPERATIONS[expr.operation].special.edge
        if edge is not None:
            yield expr, edge


def ends_of(found: Apply, edge: Edge) -> tuple[Expr, Expr]:
    """What are equal at an edge; a number stands last: w and 1, ŷ − y and 0."""
    left, right = found.arguments[:2] if edge.is_of_two else (found.arguments[0], ZERO)
    return (right, left) if isinstance(left, Number) else (left, right)


def crossed(
    expr: Expr,
    old: Callable[[Name], float],
    new: Callable[[Name], float],
    text_of: Callable[[Name], str],
) -> str:
    """What is said of the first edge that is crossed, or left, from some values to others; "" of none."""
    for found, edge in edges(expr):
        before, after = (edge.side(*(value(at, read) for at in found.arguments)) for read in (old, new))
        if before < after or before > after:
            if _is_there(found, edge, old):
                there = _there(found, edge, text_of)
                return f"{there}: the gradient there is a convention, no limit."
            left, right = (written(at, "plain", text_of) for at in ends_of(found, edge))
            gets_to = "gets to" if _is_there(found, edge, new) else "gets to the other side of"
            return (
                f"{left} {gets_to} {right}, where {edge.what}: "
                "the gradient knows the slope on this side only."
            )
    return ""


def edge_here(expr: Expr, by: str, value_of: Callable[[Name], float], text_of: Callable[[Name], str]) -> str:
    """Which edge an expression stands on exactly, where a quantity moves it: w − 1 is exactly 0, where …"""
    for found, edge in edges(expr):
        if any(name.name == by for name in names_in(found)) and _is_there(found, edge, value_of):
            return _there(found, edge, text_of)
    return ""


def _is_there(found: Apply, edge: Edge, value_of: Callable[[Name], float]) -> bool:
    left, right = ends_of(found, edge)
    return value(left, value_of) == value(right, value_of)


def _there(found: Apply, edge: Edge, text_of: Callable[[Name], str]) -> str:
    left, right = (written(at, "plain", text_of) for at in ends_of(found, edge))
    return f"{left} is exactly {right}, where {edge.what}"
