"""The functions that a Python handout needs, as they stand in the table of operations."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from types import FunctionType

from tinynet_tui.engine.expressions import Apply, Expr
from tinynet_tui.engine.operations import OPERATIONS


def functions(exprs: Iterable[Expr]) -> list[list[str]]:
    """The lines of each function that expressions call, in the order of the table."""
    called = {name for expr in exprs for name in _operations(expr)}
    return [_definition(name) for name in OPERATIONS if name in called and _is_call(name)]


def _operations(expr: Expr) -> Iterator[str]:
    if isinstance(expr, Apply):
        yield expr.operation
        for argument in expr.arguments:
            yield from _operations(argument)


def _is_call(operation: str) -> bool:
    """Whether an operation is written as a call, and not with Python's own signs."""
    return OPERATIONS[operation].python.template.startswith(f"{operation}(")


def _definition(operation: str) -> list[str]:
    function = OPERATIONS[operation].value
    if not isinstance(function, FunctionType):
        return [f"{operation} = math.{function.__name__}"]
    source = inspect.getsource(function)
    return source.replace(f"def {function.__name__}(", f"def {operation}(", 1).splitlines()
