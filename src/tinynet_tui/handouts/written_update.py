"""An update written out in a framework's script, from the optimiser's own formulas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tinynet_tui.engine.expression_reading import written
from tinynet_tui.engine.expressions import Expr, Name, multiply
from tinynet_tui.engine.model import Setup, hyperparameters_of
from tinynet_tui.engine.names import identifier
from tinynet_tui.handouts.script_parts import literal, optimiser_of, row_literal
from tinynet_tui.networks.dense import (
    DenseParameter,
    Network,
    dense_network,
    nested_parameters,
    parameters_of,
)
from tinynet_tui.rules.optimiser_rows import Optimiser


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a script calls what an update reads and changes."""

    parameter: str
    gradient: str
    state: str
    """With {letter}."""


def update_lines(rule: Optimiser, spelling: Spelling) -> Iterator[str]:
    """The new states of the optimizer; then, without its last bracket's end, what is subtracted: eta * …"""
    states, direction = rule.direction("w")
    names = {"w": spelling.parameter, "dL/dw": spelling.gradient}
    names |= {f"{state.letter}_w": spelling.state.format(letter=state.letter) for state in rule.states}

    def in_script(expression: Expr) -> str:
        return written(expression, "python", lambda name: names.get(name.name, identifier(name.name)))

    yield from (f"{names[name]} = {in_script(expression)}" for name, expression in states)
    yield in_script(multiply(Name("eta"), direction))


def needs_root(rule: Optimiser) -> bool:
    """Whether the lines call root and divide."""
    *_, change = update_lines(rule, Spelling("p", "g", "{letter}"))
    return "root(" in change or "divide(" in change


def jax_function(setup: Setup, counted: bool) -> Iterator[str]:
    """The lines of a function that takes a parameter, its gradient and its states, and returns the new ones.

    counted: whether the script counts the updates in t itself.
    """
    rule = optimiser_of(setup.model)
    letters = [state.letter for state in rule.states]
    yield "# Written out: JAX has no optimizers of its own."
    yield from given_lines(setup)
    if rule.counts_updates and not counted:
        yield "t = 1"
    if needs_root(rule):
        yield "root, divide = jnp.sqrt, jnp.divide"
    *states, change = update_lines(rule, Spelling("p", "g", "{letter}"))
    yield from ("", "", f"def updated({', '.join(('p', 'g', *letters))}):")
    yield from (f"    {line}" for line in (*states, f"return {', '.join((f'p - {change}', *letters))}"))


def jax_line(parameters: str, gradients: str, states: Sequence[str]) -> str:
    """The line that calls it for each of some lists of the same length, and keeps what it returns."""
    called = f"map(updated, {', '.join((parameters, gradients, *states))})"
    if not states:
        return f"{parameters} = list({called})"
    return f"{', '.join((parameters, *states))} = map(list, zip(*{called}))"


def given_lines(setup: Setup) -> Iterator[str]:
    """The numbers that the lines read, by name."""
    rule, numbers = optimiser_of(setup.model), hyperparameters_of(setup)
    names = ["eta", *(own.name for own in rule.hyperparameters), *(["t0"] if "t0" in numbers else [])]
    yield from (f"{identifier(name)} = {literal(numbers[name])}" for name in names)


def state_rows(
    setup: Setup, letter: str
) -> tuple[tuple[tuple[tuple[float, ...], ...], ...], tuple[tuple[float, ...], ...]]:
    """A state at the start, in the shape of (weights, biases)."""
    network, given = dense_network(setup.model), dict(setup.state)
    values = tuple(given.get(f"{letter}_{p.name}", 0.0) for p in parameters_of(network))
    return nested_parameters(network, values)


def trained_tensors(network: Network) -> list[tuple[int, bool]]:
    """(layer, whether its weights) of every tensor in which something is trained."""
    places = ((p.layer, p.is_weight) for p in parameters_of(network) if network.trains(p))
    return sorted(set(places), key=lambda place: (place[0], not place[1]))


def tensors(network: Network) -> list[tuple[int, bool]]:
    """(layer, whether its weights) of every tensor: a matrix of weights, or a list of biases."""
    places = {(p.layer, p.is_weight) for p in parameters_of(network)}
    return sorted(places, key=lambda place: (place[0], not place[1]))


def kept_parameters(setup: Setup) -> Iterator[tuple[DenseParameter, float]]:
    """The frozen parameters that share a tensor with trained ones, and the values that they keep."""
    network = dense_network(setup.model)
    changed = set(trained_tensors(network))
    for parameter, value in zip(parameters_of(network), setup.parameters, strict=True):
        if not network.trains(parameter) and (parameter.layer, parameter.is_weight) in changed:
            yield parameter, value


def matrix_literal(rows: tuple[tuple[float, ...], ...]) -> str:
    """Rows of numbers as a list of lists."""
    return f"[{', '.join(map(row_literal, rows))}]"
