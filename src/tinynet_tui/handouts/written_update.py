"""An update written out in a framework's script, from the optimiser's own formulas."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from tinynet_tui.engine.expression_reading import written
from tinynet_tui.engine.expressions import Expr, Name, multiply
from tinynet_tui.engine.model import Setup, hyperparameters_of
from tinynet_tui.engine.names import identifier
from tinynet_tui.engine.operation_rows import InFrameworks
from tinynet_tui.handouts.script_parts import literal, literals, row_literal
from tinynet_tui.networks.dense import DenseParameter, Network, dense_network, parameters_of
from tinynet_tui.networks.layers import nested_parameters
from tinynet_tui.rules.optimiser_rows import Optimiser
from tinynet_tui.rules.optimisers import optimiser_of


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a script calls what an update reads and changes."""

    parameter: str
    gradient: str
    state: Callable[[str], str]
    """By its letter."""


def update_lines(rule: Optimiser, spelling: Spelling) -> Iterator[str]:
    """The new states of the optimiser; then, without its last bracket's end, what is subtracted: eta * …"""
    states, direction = rule.direction("w")
    names = {"w": spelling.parameter, "dL/dw": spelling.gradient}
    names |= {f"{state.letter}_w": spelling.state(state.letter) for state in rule.states}

    def in_script(expression: Expr) -> str:
        return written(expression, "python", lambda name: names.get(name.name, identifier(name.name)))

    yield from (f"{names[name]} = {in_script(expression)}" for name, expression in states)
    yield in_script(multiply(Name("eta"), direction))


def written_out_lines(
    setup: Setup,
    function: Callable[[InFrameworks], str],
    comment: str,
    counted: bool,
    states: Iterable[str] = (),
) -> Iterator[str]:
    """The lines above an update that is written out: the numbers and functions that it reads, by name.

    function: what does an operation there; comment: why it is written out, "" where that is said elsewhere;
    counted: whether the script counts the updates in t itself; states: the lines of what is remembered.
    """
    rule, numbers = optimiser_of(setup.model), hyperparameters_of(setup)
    if comment:
        yield f"# Written out: {comment}"
    names = ["eta", *(own.name for own in rule.hyperparameters), *(["t0"] if "t0" in numbers else [])]
    yield from (f"{identifier(name)} = {literal(numbers[name])}" for name in names)
    if called := rule.functions():
        short_first = sorted(called, key=len)
        yield f"{', '.join(short_first)} = {', '.join(function(called[name]) for name in short_first)}"
    yield from states
    if rule.counts_updates and not counted:
        yield "t = 1"


def jax_function(setup: Setup, counted: bool) -> Iterator[str]:
    """The lines of a function that takes a parameter, its gradient and its states, and returns the new ones.

    counted: whether the script counts the updates in t itself.
    """
    rule = optimiser_of(setup.model)
    letters = [state.letter for state in rule.states]
    yield from written_out_lines(setup, lambda row: row.jax, "JAX has no optimizers of its own.", counted)
    *states, change = update_lines(rule, Spelling("p", "g", str))
    yield from ("", "", f"def updated({', '.join(('p', 'g', *letters))}):")
    yield from (f"    {line}" for line in (*states, f"return {', '.join((f'p - {change}', *letters))}"))


def jax_line(parameters: str, gradients: str, states: Sequence[str]) -> str:
    """The line that calls it for each of some lists of the same length, and keeps what it returns."""
    called = f"map(updated, {', '.join((parameters, gradients, *states))})"
    if not states:
        return f"{parameters} = list({called})"
    return f"{', '.join((parameters, *states))} = map(list, zip(*{called}))"


def state_lists(
    setup: Setup, letter: str, tensors: Iterable[tuple[int, bool]], is_turned: bool = False
) -> list[str]:
    """A state at the start as a list for each of some tensors; is_turned: weights are [input][neuron]."""
    given = dict(setup.state)
    values = [given.get(f"{letter}_{name}", 0.0) for name in setup.model.parameter_names]
    weights, biases = nested_parameters(setup.model, values)
    matrices = [tuple(zip(*rows, strict=True)) for rows in weights] if is_turned else weights
    return [
        f"[{', '.join(map(row_literal, matrices[layer - 1]))}]"
        if is_weight
        else row_literal(biases[layer - 1])
        for layer, is_weight in tensors
    ]


def state_lines(setup: Setup, zeros: str, array: str, lists: Callable[[str], list[str]]) -> Iterator[str]:
    """A line for each state that a script keeps itself: a list of what it is for each tensor.

    zeros: what is in the list where all is 0; array: an array of the framework's, with {}; lists: the state
    of a letter for each tensor.
    """
    given = {name.partition("_")[0] for name, _ in setup.state}
    for state in optimiser_of(setup.model).states:
        inside = ", ".join(map(array.format, lists(state.letter))) if state.letter in given else zeros
        yield f"{state.letter} = [{inside}]"


def penalties(
    setup: Setup, tensor: Callable[[int, bool], str], square: str, size: str
) -> tuple[list[str], str]:
    """(the lines that work out what regularisation adds to the loss, how it is added there).

    tensor: how a tensor is called; square, size: the sum of its squares, and that of its sizes, with {}.
    """
    network, numbers = dense_network(setup.model), literals(setup)
    weights = [tensor(*place) for place in tensors(network) if place[1]]
    lines = []
    if network.regularized:
        counted = [tensor(*place) for place in tensors(network)] if network.decays_biases else weights
        lines.append(f"penalty = 0.5 * {numbers['lambda']} * ({' + '.join(map(square.format, counted))})")
    if network.shrinks:
        lines.append(f"size_penalty = {numbers['lambda1']} * ({' + '.join(map(size.format, weights))})")
    return lines, " + penalty" * network.regularized + " + size_penalty" * network.shrinks


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
