"""Updates as one would write them in Keras 3 with TensorFlow, on the lesson's numbers."""

from __future__ import annotations

from collections.abc import Iterator

from tinynet_tui.engine.model import Hyperparameters, Setup
from tinynet_tui.handouts.formats import Writer
from tinynet_tui.handouts.script_parts import (
    batches_of,
    indented,
    literal,
    repeated,
    row_literal,
    rows_in,
    title,
)
from tinynet_tui.networks.dense import Network, nested_parameters

_ACTIVATIONS = {
    "relu": 'activation="relu", ',
    "leaky_relu": "activation=leaky_relu, ",
    "sigmoid": 'activation="sigmoid", ',
    "tanh": 'activation="tanh", ',
    "linear": "",
}


def lines(setup: Setup, updates: int, to_ascii: Writer | None) -> Iterator[str]:
    """The lines of a script that does the first updates; it is always ASCII."""
    body = [
        *_gradient_lines(setup.network),
        'print("loss =", loss.numpy())',
        "for variable, gradient in zip(variables, gradients):",
        '    print(f"gradient of {variable.path} = {gradient.numpy().tolist()}")',
        "",
        *_update_lines(setup.network),
        "for variable in variables:",
        '    print(f"{variable.path} = {variable.numpy().tolist()}")',
        'print("loss after =", loss_of(x, y).numpy())',
    ]
    yield from _beginning(setup, updates)
    yield from repeated(body, updates, batches_of(setup, updates).chosen)


def _beginning(setup: Setup, updates: int) -> Iterator[str]:
    """What stands before the first update: model, the lesson's numbers, loss, optimizer."""
    network, numbers, batches = setup.network, setup.hyperparameters, batches_of(setup, updates)
    yield f'"""{title(network, 1, updates)}, in Keras 3 with TensorFlow."""'
    yield from ("", "import os", "", 'os.environ["KERAS_BACKEND"] = "tensorflow"  # before Keras is imported')
    numpy = ("import numpy as np",) if network.optimizer == "momentum" else ()
    yield from ("", "import keras", *numpy, "import tensorflow as tf", "")
    yield from ('keras.config.set_floatx("float64")', "")
    yield from _layers_and_model(network, numbers)
    yield from ("", "# The lesson's numbers: kernel[input][neuron] and bias[neuron].")
    yield from _parameters(setup)
    yield ""
    yield from rows_in("x = tf.constant(", batches.inputs, ', dtype="float64")')
    yield from rows_in("y = tf.constant(", batches.targets, ', dtype="float64")')
    yield from batches.cut
    yield from ("", "")
    yield from _loss_function(network, numbers)
    yield from ("", "")
    yield "variables = model.trainable_variables  # kernel and bias of one layer after another"
    yield from _optimizer(network, numbers, counted=updates > 1)
    yield ""


def _gradient_lines(network: Network) -> Iterator[str]:
    """The lines that give every parameter its gradient."""
    yield from ("with tf.GradientTape() as tape:", "    loss = loss_of(x, y)")
    yield "gradients = tape.gradient(loss, variables)"


def _update_lines(network: Network) -> Iterator[str]:
    """The lines that change the parameters."""
    if not network.train_biases:
        yield "# Every other one, the kernels: the biases stay as they are."
    every = "" if network.train_biases else "[::2]"
    if has_optimizer(network):
        yield f"optimizer.apply(gradients{every}, variables{every})"
    else:
        yield from _adam_written_out(network)


def has_optimizer(network: Network) -> bool:
    """Whether one of Keras's optimizers does the lesson's update; Adam is written out."""
    return network.optimizer != "adam"


def _layers(network: Network) -> range:
    return range(1, network.depth + 1)


def _layers_and_model(network: Network, numbers: Hyperparameters) -> Iterator[str]:
    if "leaky_relu" in network.activations:
        yield from ("", "def leaky_relu(z):", "    # keras.ops.leaky_relu would round the slope to 32 bits.")
        yield from (f"    return tf.where(z > 0, z, {literal(numbers.leaky_slope)} * z)", "", "")
    for layer in _layers(network):
        activation = _ACTIVATIONS[network.activations[layer - 1]]
        yield f'layer{layer} = keras.layers.Dense({network.layers[layer]}, {activation}name="layer{layer}")'
    stack = ", ".join(f"layer{layer}" for layer in _layers(network))
    yield f"model = keras.Sequential([keras.Input(({network.layers[0]},)), {stack}])"


def _parameters(setup: Setup) -> Iterator[str]:
    weights, biases = nested_parameters(setup.network, setup.parameters)
    for layer, rows, row in zip(_layers(setup.network), weights, biases, strict=True):
        yield from rows_in(f"layer{layer}.kernel.assign(", tuple(zip(*rows, strict=True)), ")")
        yield f"layer{layer}.bias.assign({row_literal(row)})"


def _loss_function(network: Network, numbers: Hyperparameters) -> Iterator[str]:
    yield from ("def loss_of(x, y):", "    prediction = model(x)")
    yield from indented(_sample_losses(network))
    if network.regularized:
        weights = " + ".join(f"tf.reduce_sum(layer{layer}.kernel**2)" for layer in _layers(network))
        yield f"    penalty = 0.5 * {literal(numbers.l2)} * ({weights})"
    joined = f"tf.reduce_{network.reduction}(losses)"
    yield f"    return {joined}{' + penalty' if network.regularized else ''}"


def _sample_losses(network: Network) -> Iterator[str]:
    """The lines that compute the loss of each sample from `prediction`."""
    match network.loss:
        case "mean_squared_error":
            yield "losses = keras.losses.mean_squared_error(y, prediction)"
        case "binary_cross_entropy":
            yield "# keras.losses.binary_crossentropy is this, but keeps predictions 1e-7 away from 0 and 1."
            yield "# xlogy(x, y) is x * ln(y), but 0 where x is 0; so is its gradient."
            yield "terms = -(tf.math.xlogy(y, prediction) + tf.math.xlogy(1 - y, 1 - prediction))"
            yield "losses = tf.reduce_mean(terms, axis=1)"
        case loss:
            half = "0.5 * " if loss == "half_squared_error" else ""
            if network.layers[-1] > 1:
                yield "# The sum over the outputs: keras.losses.mean_squared_error is their mean."
            yield f"losses = {half}tf.reduce_sum(tf.square(prediction - y), axis=1)"


def _optimizer(network: Network, numbers: Hyperparameters, counted: bool) -> Iterator[str]:
    rate = literal(numbers.learning_rate)
    match network.optimizer:
        case "momentum":
            yield "# As a float of Python alone, momentum would be rounded to 32 bits."
            momentum = f"np.float64({literal(numbers.momentum)})"
            yield f"optimizer = keras.optimizers.SGD(learning_rate={rate}, momentum={momentum})"
        case "adam":
            yield "# Written out: keras.optimizers.Adam adds epsilon before it corrects the mean of squares."
            yield f"eta, beta1, beta2 = {rate}, {literal(numbers.beta1)}, {literal(numbers.beta2)}"
            yield f"epsilon = {literal(numbers.epsilon)}"
            yield from (f"{letter} = [tf.zeros_like(variable) for variable in variables]" for letter in "mv")
            if not counted:
                yield "t = 1"
        case _:
            yield f"optimizer = keras.optimizers.SGD(learning_rate={rate})"


def _adam_written_out(network: Network) -> Iterator[str]:
    every = "" if network.train_biases else ", 2"
    yield f"for i in range(0, len(variables){every}):"
    yield "    m[i] = beta1 * m[i] + (1 - beta1) * gradients[i]"
    yield "    v[i] = beta2 * v[i] + (1 - beta2) * gradients[i] ** 2"
    yield "    m_hat = m[i] / (1 - beta1**t)"
    yield "    v_hat = v[i] / (1 - beta2**t)"
    yield "    variables[i].assign_sub(eta * m_hat / (tf.sqrt(v_hat) + epsilon))"
