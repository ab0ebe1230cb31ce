"""The steps as Python: one line each for readers, and blocks that are compiled once for each network."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from tinynet_tui.engine.expressions import Expr
from tinynet_tui.engine.names import identifier
from tinynet_tui.engine.network import Hyperparameters, Network, parameters_of
from tinynet_tui.engine.operations import OPERATIONS
from tinynet_tui.engine.steps import Step, activation_name, sample_steps, target_name
from tinynet_tui.engine.walks import in_python
from tinynet_tui.rules.activations import ACTIVATIONS
from tinynet_tui.rules.hyperparameters import hyperparameters
from tinynet_tui.rules.optimisers import OPTIMISERS

_OF_RULES = hyperparameters((*ACTIVATIONS.values(), *OPTIMISERS.values()))
CONSTANTS = ("eta", *(own.name for own in _OF_RULES), "lambda")
"""The hyperparameters by their names in expressions."""

Values = tuple[float, ...]
Block = Callable[[Values, Values, Values, Values], Values]
"""(parameters, constants, inputs, targets) -> the values of the steps, in their order."""


def python_line(step: Step) -> str:
    """A step as a line of Python: w5 = w5 - eta * dL_dw5."""
    return f"{identifier(step.name)} = {in_python(step.expression)}"


def constants(numbers: Hyperparameters) -> Values:
    """The hyperparameters in the order of `CONSTANTS`."""
    given = dict(numbers.of_rules)
    own = (given.get(rule.name, rule.default) for rule in _OF_RULES)
    return (numbers.learning_rate, *own, numbers.l2)


@lru_cache(maxsize=32)
def forward_block(network: Network) -> Block:
    """Forward and loss of one sample, compiled."""
    return _block(network, tuple(s for s in sample_steps(network) if s.phase in ("forward", "loss")))


@lru_cache(maxsize=32)
def sample_block(network: Network) -> Block:
    """Forward, loss and backward of one sample, compiled."""
    return _block(network, sample_steps(network))


def _block(network: Network, steps: tuple[Step, ...]) -> Block:
    lines = (
        "def block(parameters, constants, inputs, targets):",
        *indented(unpacking(network), 1),
        f"    {sample_row(network)} = inputs, targets",
        *indented((assignment(s.name, s.expression) for s in steps), 1),
        f"    return {tuple_of(s.name for s in steps)}",
    )
    block: Block = compiled("\n".join(lines), "block")
    return block


def compiled(source: str, name: str) -> Any:
    """The function of a name that a source defines, with the operations of the table in reach."""
    scope: dict[str, Any] = {operation: row.value for operation, row in OPERATIONS.items()}
    exec(compile(source, f"<{name}, printed from the steps>", "exec"), scope)
    return scope[name]


def assignment(name: str, expression: Expr) -> str:
    """A line for the compiled code, where speed goes before looks."""
    return f"{identifier(name)} = {in_python(expression, 'inline')}"


def unpacking(network: Network) -> tuple[str, str]:
    """The lines that give parameters and constants their names."""
    return (
        f"{tuple_of(p.name for p in parameters_of(network))} = parameters",
        f"{tuple_of(CONSTANTS)} = constants",
    )


def sample_row(network: Network) -> str:
    """The names of a sample's inputs and targets: (x1, x2,), (y,)."""
    inputs = (activation_name(network, 0, number) for number in range(1, network.layers[0] + 1))
    targets = (target_name(network, number) for number in range(1, network.layers[-1] + 1))
    return f"{tuple_of(inputs)}, {tuple_of(targets)}"


def tuple_of(names: Iterable[str]) -> str:
    """Names as a tuple, to write or to read."""
    return "(" + "".join(f"{identifier(name)}, " for name in names).rstrip() + ")"


def indented(lines: Iterable[str], depth: int) -> list[str]:
    """Lines moved to the right by a depth of four spaces each."""
    return ["    " * depth + line for line in lines]
