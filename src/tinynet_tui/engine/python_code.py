"""The steps as Python: one line each for readers, and blocks that are compiled once for each model."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from tinynet_tui.engine.expression_reading import in_python
from tinynet_tui.engine.expressions import Expr, Name
from tinynet_tui.engine.model import Model, Named, Setup, Values, hyperparameters_of
from tinynet_tui.engine.names import identifier
from tinynet_tui.engine.operations import OPERATIONS
from tinynet_tui.engine.stable_forms import OWN, STABLE, Choices
from tinynet_tui.engine.steps import Step, sample_steps

Block = Callable[[Values, Values, Values, Values], Values]
"""(parameters, constants, inputs, targets) -> the values of the steps, in their order."""


def chosen(step: Step, choices: Choices) -> Expr:
    """What gives a step's value where each of some choices between its two expressions is made."""
    if step.stable_form is None or choices == OWN:
        return step.expression
    return step.stable_form.expression if choices == STABLE else step.computed


def python_line(step: Step, choices: Choices = OWN) -> str:
    """A step as a line of Python: w5 = w5 - eta * dL_dw5."""
    return f"{identifier(step.name)} = {in_python(chosen(step, choices))}"


def constants(setup: Setup) -> Values:
    """The hyperparameters of a setup, in the order of its model's."""
    return tuple(hyperparameters_of(setup).values())


@lru_cache(maxsize=32)
def forward_block(model: Model) -> Block:
    """Forward and loss of one sample, compiled."""
    return _block(model, tuple(s for s in sample_steps(model) if s.phase in ("forward", "loss")))


@lru_cache(maxsize=32)
def sample_block(model: Model) -> Block:
    """Forward, loss and backward of one sample, compiled."""
    return _block(model, sample_steps(model))


def _block(model: Model, steps: tuple[Step, ...]) -> Block:
    lines = (
        "def block(parameters, constants, inputs, targets):",
        *indented(unpacking(model), 1),
        f"    {sample_row(model)} = inputs, targets",
        *indented((assignment(*line) for s in steps for line in computed_lines(s)), 1),
        f"    return {tuple_of(s.name for s in steps)}",
    )
    block: Block = compiled("\n".join(lines), "block")
    return block


@lru_cache(maxsize=32)
def own_name(model: Model, name: str) -> str:
    """A name for a number of the printed code's own, such as t, which no quantity of a model has.

    Where one has it, an underscore is put before it: no quantity's name begins so.
    """
    assigned = (line.name for line in model.forward.assignments)
    return f"_{name}" if name in {*model.inputs, *model.targets, *model.parameter_names, *assigned} else name


def computed_lines(step: Step, expression: Expr | None = None) -> tuple[Named, ...]:
    """What gives a step's value, in the order of computing; expression: its own, in another form."""
    own = step.expression if expression is None else expression
    if step.stable_form is None:
        return ((step.name, own),)
    chained = f"_own_{identifier(step.name)}"
    return (chained, own), (step.name, step._replace(expression=Name(chained)).computed)


def compiled(source: str, name: str) -> Any:
    """The function of a name that a source defines, with the operations of the table in reach."""
    scope: dict[str, Any] = {operation: row.value for operation, row in OPERATIONS.items()}
    exec(compile(source, f"<{name}, printed from the steps>", "exec"), scope)
    return scope[name]


def assignment(name: str, expression: Expr) -> str:
    """A line for the compiled code, where speed goes before looks."""
    return f"{identifier(name)} = {in_python(expression, 'inline')}"


def unpacking(model: Model) -> tuple[str, str]:
    """The lines that give parameters and constants their names."""
    return (
        f"{tuple_of(model.parameter_names)} = parameters",
        f"{tuple_of(model.hyperparameter_names)} = constants",
    )


def sample_row(model: Model) -> str:
    """The names of a sample's inputs and targets: (x1, x2,), (y,)."""
    return f"{tuple_of(model.inputs)}, {tuple_of(model.targets)}"


def tuple_of(names: Iterable[str]) -> str:
    """Names as a tuple, to write or to read."""
    return "(" + "".join(f"{identifier(name)}, " for name in names).rstrip() + ")"


def indented(lines: Iterable[str], depth: int) -> list[str]:
    """Lines moved to the right by a depth of four spaces each."""
    return ["    " * depth + line for line in lines]
