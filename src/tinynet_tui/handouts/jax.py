"""An update in JAX, as a script: the gradients from `jax.grad`, the update written out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tinynet_tui.engine.model import Setup
from tinynet_tui.handouts.formula_scripts import jax_attribute, jax_lines
from tinynet_tui.handouts.framework import FormulaScript, Framework
from tinynet_tui.handouts.script_parts import (
    GRADIENT,
    batches_of,
    index_of,
    literal,
    literals,
    parameter_of,
    row_literal,
    rows_in,
    title,
)
from tinynet_tui.handouts.written_update import (
    Spelling,
    given_lines,
    kept_parameters,
    matrix_literal,
    needs_root,
    state_rows,
    tensors,
    trained_tensors,
    update_lines,
)
from tinynet_tui.networks.dense import Network, dense_network, nested_parameters, parameters_of
from tinynet_tui.rules.activations import ACTIVATIONS
from tinynet_tui.rules.losses import LOSSES


def lines(setup: Setup) -> Iterator[str]:
    """The lines of a script that does the first update; it is always ASCII."""
    network, batch = dense_network(setup.model), batches_of(setup, 1)
    yield f'"""{title(setup.model, 1, 1)}, in JAX."""'
    yield from ("", "import jax", "", 'jax.config.update("jax_enable_x64", True)', "")
    yield from ("import jax.numpy as jnp", "")
    yield from _parameter_lines(setup)
    yield from rows_in("x = jnp.array(", batch.inputs, ")")
    yield from rows_in("y = jnp.array(", batch.targets, ")")
    loss, numbers = LOSSES[network.loss], literals(setup)
    if loss.jax_function:
        yield from ("", "", *(line.format(**numbers) for line in loss.jax_function))
    yield from ("", "", "def loss_of(weights, biases):", "    a = x")
    for layer in range(network.depth):
        yield f"    z = a @ weights[{layer}].T{f' + biases[{layer}]' if network.has_bias(layer + 1) else ''}"
        yield f"    a = {ACTIVATIONS[network.activations[layer]].jax.format(**numbers)}"
    counted = "(*weights, *biases)" if network.decays_biases else "weights"
    squares = f" + 0.5 * {{lambda}} * sum(jnp.sum(w**2) for w in {counted})"
    sizes = " + {lambda1} * sum(jnp.sum(jnp.abs(w)) for w in weights)"
    joined = f"jnp.{network.reduction}({loss.jax})"
    penalties = squares * network.regularized + sizes * network.shrinks
    yield f"    return {joined.format(**numbers)}{penalties.format(**numbers)}"
    yield from ("", "", "gradients = jax.grad(loss_of, argnums=(0, 1))(weights, biases)")
    yield from _update_lines(setup)


def _parameter_lines(setup: Setup) -> Iterator[str]:
    weights, biases = nested_parameters(dense_network(setup.model), setup.parameters)
    yield "weights, biases = [], []"
    for rows, row in zip(weights, biases, strict=True):
        yield from rows_in("weights.append(jnp.array(", rows, "))")
        yield f"biases.append(jnp.array({row_literal(row)}))"


def _update_lines(setup: Setup) -> Iterator[str]:
    """The first update; the optimizer's own quantities are still 0 before it."""
    network = dense_network(setup.model)
    rule, letters = network.rule, [state.letter for state in network.rule.states]
    *states, change = update_lines(rule, Spelling("p", "g", "{letter}"))
    yield from given_lines(setup)
    if rule.counts_updates:
        yield "t = 1"
    if needs_root(rule):
        yield "root, divide = jnp.sqrt, jnp.divide"
    yield from ("", "", f"def updated({', '.join(('p', 'g', *letters))}):")
    yield from (f"    {line}" for line in (*states, f"return p - {change}"))
    yield from ("", "")
    kinds = {is_weight for _, is_weight in trained_tensors(network)}
    for number, (parameters, is_weight) in enumerate((("weights", True), ("biases", False))):
        if is_weight not in kinds:
            continue
        rows = [state_rows(setup, letter)[number] for letter in letters]
        remembered = [_state_list(row, is_weight) for row in rows]
        read = ", ".join((parameters, f"gradients[{number}]", *remembered))
        yield f"{parameters} = [updated(*each) for each in zip({read})]"
    untrained = set(tensors(network)) - set(trained_tensors(network))
    values = zip(parameters_of(network), setup.parameters, strict=True)
    frozen = [
        (p, value)
        for p, value in values
        if not network.trains(p) and p.is_weight in kinds and (p.layer, p.is_weight) in untrained
    ]
    for parameter, value in (*kept_parameters(setup), *frozen):
        name = "weights" if parameter.is_weight else "biases"
        tensor, place = f"{name}[{parameter.layer - 1}]", index_of(parameter.neuron, parameter.input)
        yield f"{tensor} = {tensor}.at{place}.set({literal(value)})  # frozen"


def _state_list(rows: Sequence[Any], is_weight: bool) -> str:
    """A state at the start, an array for each layer."""
    lists = (matrix_literal(row) if is_weight else row_literal(row) for row in rows)
    return f"[{', '.join(f'jnp.array({row})' for row in lists)}]"


def attribute(network: Network, name: str) -> str | None:
    """Where JAX's script keeps a parameter, and `jax.grad` its gradient; None for any other quantity.

    Example:
        >>> lecture = Network((2, 2, 1), ("relu", "relu"), numbering="source")
        >>> attribute(lecture, "w3"), attribute(lecture, "dL/db1")
        ('weights[0][0, 1]', 'gradients[1][0][0]')
    """
    parameter = parameter_of(network, name)
    if parameter is None:
        return None
    place = f"[{parameter.layer - 1}]{index_of(parameter.neuron, parameter.input)}"
    if name == parameter.name:
        return f"{'weights' if parameter.is_weight else 'biases'}{place}"
    # The gradient is a pair: of the weights of all layers, and of their biases.
    return f"gradients[{0 if parameter.is_weight else 1}]{place}" if name.startswith(GRADIENT) else None


JAX = Framework(
    name="JAX",
    modules=("jax", "jaxlib"),
    packages="jax",
    version="jax.__version__",
    script=lines,
    attribute=attribute,
    formulas=FormulaScript(jax_lines, jax_attribute),
)
