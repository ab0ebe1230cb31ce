"""An update in JAX, as a script: the gradients from `jax.grad`, the update written out."""

from __future__ import annotations

from collections.abc import Iterator

from tinynet_tui.engine.model import Setup
from tinynet_tui.handouts.script_parts import batches_of, literal, row_literal, rows_in, title
from tinynet_tui.networks.dense import nested_parameters

_ACTIVATIONS = {
    "relu": "jax.nn.relu(z)",
    "leaky_relu": "jnp.where(z > 0, z, {slope} * z)",
    "sigmoid": "jax.nn.sigmoid(z)",
    "tanh": "jnp.tanh(z)",
    "linear": "z",
}
_LOSSES = {
    "squared_error": "jnp.sum((a - y) ** 2, axis=1)",
    "half_squared_error": "0.5 * jnp.sum((a - y) ** 2, axis=1)",
    "mean_squared_error": "jnp.mean((a - y) ** 2, axis=1)",
    "binary_cross_entropy": "jnp.mean(-(xlogy(y, a) + xlogy(1 - y, 1 - a)), axis=1)",
}


_XLOGY = (
    "",
    "",
    "def xlogy(x, y):",
    "    # 0 * ln(0) and its gradient are 0; the gradient of jax.scipy.special.xlogy is nan there.",
    "    return x * jnp.log(jnp.where(x == 0, 1.0, y))",
)


def jax_lines(setup: Setup) -> Iterator[str]:
    """The lines of a script that does the first update."""
    network, batch = setup.network, batches_of(setup, 1)
    yield f'"""{title(network, 1, 1)}, in JAX."""'
    yield from ("", "import jax", "", 'jax.config.update("jax_enable_x64", True)', "")
    yield from ("import jax.numpy as jnp", "")
    yield from _parameter_lines(setup)
    yield from rows_in("x = jnp.array(", batch.inputs, ")")
    yield from rows_in("y = jnp.array(", batch.targets, ")")
    if network.loss == "binary_cross_entropy":
        yield from _XLOGY
    yield from ("", "", "def loss_of(weights, biases):", "    a = x")
    for layer in range(network.depth):
        yield f"    z = a @ weights[{layer}].T + biases[{layer}]"
        activation = _ACTIVATIONS[network.activations[layer]]
        yield f"    a = {activation.format(slope=literal(setup.hyperparameters.leaky_slope))}"
    penalty = f" + 0.5 * {literal(setup.hyperparameters.l2)} * sum(jnp.sum(w**2) for w in weights)"
    joined = f"jnp.{network.reduction}({_LOSSES[network.loss]})"
    yield f"    return {joined}{penalty if network.regularized else ''}"
    yield from ("", "", "gradients = jax.grad(loss_of, argnums=(0, 1))(weights, biases)")
    yield from _update_lines(setup)


def _parameter_lines(setup: Setup) -> Iterator[str]:
    weights, biases = nested_parameters(setup.network, setup.parameters)
    yield "weights, biases = [], []"
    for rows, row in zip(weights, biases, strict=True):
        yield from rows_in("weights.append(jnp.array(", rows, "))")
        yield f"biases.append(jnp.array({row_literal(row)}))"


def _update_lines(setup: Setup) -> Iterator[str]:
    """The first update; the optimizer's own quantities are still 0 before it."""
    numbers = setup.hyperparameters
    direction = "g"
    if setup.network.optimizer == "adam":
        first = f"((1 - {literal(numbers.beta1)}) * g / (1 - {literal(numbers.beta1)}))"
        second = f"((1 - {literal(numbers.beta2)}) * g**2 / (1 - {literal(numbers.beta2)}))"
        direction = f"{first} / (jnp.sqrt({second}) + {literal(numbers.epsilon)})"
    change = f"p - {literal(numbers.learning_rate)} * {direction}"
    changed = ("weights", "biases") if setup.network.train_biases else ("weights",)
    for number, parameters in enumerate(changed):
        yield f"{parameters} = [{change} for p, g in zip({parameters}, gradients[{number}])]"
