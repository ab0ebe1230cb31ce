"""An update in JAX, as a script: the gradients from `jax.grad`, the update written out."""

from __future__ import annotations

from collections.abc import Iterator

from tinynet_tui.engine.model import Setup
from tinynet_tui.handouts.formula_scripts import jax_attribute, jax_lines
from tinynet_tui.handouts.framework import FormulaScript, Framework
from tinynet_tui.handouts.script_parts import (
    GRADIENT,
    batches_of,
    index_of,
    literals,
    parameter_of,
    row_literal,
    rows_in,
    title,
)
from tinynet_tui.networks.dense import Network, dense_network, nested_parameters
from tinynet_tui.rules.activations import ACTIVATIONS
from tinynet_tui.rules.losses import LOSSES
from tinynet_tui.rules.optimisers import OPTIMISERS


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
        yield from ("", "", *loss.jax_function)
    yield from ("", "", "def loss_of(weights, biases):", "    a = x")
    for layer in range(network.depth):
        yield f"    z = a @ weights[{layer}].T + biases[{layer}]"
        yield f"    a = {ACTIVATIONS[network.activations[layer]].jax.format(**numbers)}"
    penalty = " + 0.5 * {lambda} * sum(jnp.sum(w**2) for w in weights)"
    joined = f"jnp.{network.reduction}({loss.jax})"
    yield f"    return {joined}{penalty.format(**numbers) if network.regularized else ''}"
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
    numbers = literals(setup)
    direction = OPTIMISERS[dense_network(setup.model).optimizer].jax.format(**numbers)
    change = f"p - {numbers['eta']} * {direction}"
    changed = ("weights", "biases") if dense_network(setup.model).train_biases else ("weights",)
    for number, parameters in enumerate(changed):
        yield f"{parameters} = [{change} for p, g in zip({parameters}, gradients[{number}])]"


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
