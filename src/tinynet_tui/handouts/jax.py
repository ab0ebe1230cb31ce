"""Updates as one would write them in JAX, on the lesson's numbers: gradients from `jax.value_and_grad`."""

from __future__ import annotations

from collections.abc import Iterator

from tinynet_tui.engine.model import Model, Setup
from tinynet_tui.handouts.formula_scripts import jax_attribute, jax_lines
from tinynet_tui.handouts.framework import Framework, Script
from tinynet_tui.handouts.script_parts import (
    GRADIENT,
    batches_of,
    index_of,
    literal,
    literals,
    parameter_of,
    repeated,
    row_literal,
    rows_in,
    title,
)
from tinynet_tui.handouts.written_update import jax_function, jax_line, state_lists, trained_tensors
from tinynet_tui.networks.dense import Network, dense_network, parameters_of
from tinynet_tui.networks.layers import nested_parameters
from tinynet_tui.rules.activations import ACTIVATIONS
from tinynet_tui.rules.losses import LOSSES


def layered_lines(setup: Setup, updates: int) -> Iterator[str]:
    """The lines of a script that does the first updates of a dense network."""
    batches = batches_of(setup, updates)
    body = [
        "loss, gradients = jax.value_and_grad(loss_of, argnums=(0, 1))(weights, biases, x, y)",
        'print("loss =", loss.item())',
        'show("gradient of ", *gradients)',
        "",
        *_update_lines(setup),
        'show("", weights, biases)',
        'print("loss after =", loss_of(weights, biases, x, y).item())',
    ]
    yield f'"""{title(setup.model, 1, updates)}, in JAX."""'
    yield from ("", "import jax", "", 'jax.config.update("jax_enable_x64", True)', "")
    yield from ("import jax.numpy as jnp", "")
    yield "# The lesson's numbers: weights[layer][neuron][input] and biases[layer][neuron]."
    yield from _parameter_lines(setup)
    yield ""
    yield from batches.lines("jnp.array(", ")")
    yield from ("", "", *_loss_function(setup), "", "")
    yield from jax_function(setup, counted=updates > 1)
    yield from (
        "",
        "",
        "def show(what, weights, biases):",
        "    for layer, (w, b) in enumerate(zip(weights, biases)):",
        '        print(f"{what}weights[{layer}] = {w.tolist()}")',
        '        print(f"{what}biases[{layer}] = {b.tolist()}")',
        "",
        "",
    )
    yield from _state_lines(setup)
    yield from repeated(body, updates, batches.chosen)


def _loss_function(setup: Setup) -> Iterator[str]:
    network = dense_network(setup.model)
    loss, numbers = LOSSES[network.loss], literals(setup)
    if loss.functions.jax:
        yield from (*(line.format(**numbers) for line in loss.functions.jax), "", "")
    yield from ("def loss_of(weights, biases, x, y):", "    a = x")
    for layer in range(network.depth):
        yield f"    z = a @ weights[{layer}].T{f' + biases[{layer}]' if network.has_bias(layer + 1) else ''}"
        yield f"    a = {ACTIVATIONS[network.activations[layer]].jax.format(**numbers)}"
    counted = "(*weights, *biases)" if network.decays_biases else "weights"
    squares = f" + 0.5 * {{lambda}} * sum(jnp.sum(w**2) for w in {counted})"
    sizes = " + {lambda1} * sum(jnp.sum(jnp.abs(w)) for w in weights)"
    joined = f"jnp.{network.reduction}({loss.jax})"
    penalties = squares * network.regularized + sizes * network.shrinks
    yield f"    return {joined.format(**numbers)}{penalties.format(**numbers)}"


def _parameter_lines(setup: Setup) -> Iterator[str]:
    weights, biases = nested_parameters(setup.model, setup.parameters)
    yield "weights, biases = [], []"
    for rows, row in zip(weights, biases, strict=True):
        yield from rows_in("weights.append(jnp.array(", rows, "))")
        yield f"biases.append(jnp.array({row_literal(row)}))"


def _kinds(network: Network) -> list[tuple[int, str]]:
    """(its place among the gradients, its name) of each kind of parameters that has something to learn."""
    trained = {is_weight for _, is_weight in trained_tensors(network)}
    kinds = ((0, "weights", True), (1, "biases", False))
    return [(place, name) for place, name, is_weight in kinds if is_weight in trained]


def _state_lines(setup: Setup) -> Iterator[str]:
    """What the optimizer remembers before the first update, of weights and biases apart."""
    network = dense_network(setup.model)
    for _, name in _kinds(network):
        for state in network.rule.states:
            layers = ((layer, name == "weights") for layer in network.layer_numbers)
            rows = map("jnp.array({})".format, state_lists(setup, state.letter, layers))
            yield f"{state.letter}_{name} = [{', '.join(rows)}]"


def _update_lines(setup: Setup) -> Iterator[str]:
    """The lines that change the parameters; frozen ones among them get their values back."""
    network = dense_network(setup.model)
    kinds = _kinds(network)
    for place, name in kinds:
        states = [f"{state.letter}_{name}" for state in network.rule.states]
        yield jax_line(name, f"gradients[{place}]", states)
    for parameter, value in zip(parameters_of(network), setup.parameters, strict=True):
        name = "weights" if parameter.is_weight else "biases"
        if not network.trains(parameter) and name in [changed for _, changed in kinds]:
            tensor, at = f"{name}[{parameter.layer - 1}]", index_of(parameter.neuron, parameter.input)
            yield f"{tensor} = {tensor}.at{at}.set({literal(value)})  # frozen"


def attribute(model: Model, name: str) -> str | None:
    """Where JAX's script keeps a parameter, and its gradient; None for any other quantity.

    Example:
        >>> from tinynet_tui.networks.dense import dense_model
        >>> lecture = dense_model(Network((2, 2, 1), ("relu", "relu"), numbering="source"))
        >>> attribute(lecture, "w3"), attribute(lecture, "dL/db1")
        ('weights[0][0, 1]', 'gradients[1][0][0]')
    """
    parameter = parameter_of(dense_network(model), name)
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
    of_layers=Script(layered_lines, attribute),
    of_formulas=Script(jax_lines, jax_attribute),
)
lines = JAX.lines
