"""Updates as one would write them in Keras 3 with TensorFlow, on the lesson's numbers."""

from __future__ import annotations

from collections.abc import Iterator

from tinynet_tui.engine.model import Setup
from tinynet_tui.handouts.framework import Calls, Framework
from tinynet_tui.handouts.script_parts import (
    GRADIENT,
    batches_of,
    indented,
    index_of,
    literal,
    literals,
    parameter_of,
    repeated,
    row_literal,
    rows_in,
    title,
)
from tinynet_tui.networks.dense import Network, dense_network, nested_parameters
from tinynet_tui.rules.activations import ACTIVATIONS
from tinynet_tui.rules.losses import LOSSES
from tinynet_tui.rules.optimisers import OPTIMISERS, KerasOptimiser, WrittenOut


def lines(setup: Setup, updates: int) -> Iterator[str]:
    """The lines of a script that does the first updates; it is always ASCII."""
    body = [
        *_gradient_lines(dense_network(setup.model)),
        'print("loss =", loss.numpy())',
        "for variable, gradient in zip(variables, gradients):",
        '    print(f"gradient of {variable.path} = {gradient.numpy().tolist()}")',
        "",
        *_update_lines(dense_network(setup.model)),
        "for variable in variables:",
        '    print(f"{variable.path} = {variable.numpy().tolist()}")',
        'print("loss after =", loss_of(x, y).numpy())',
    ]
    yield from _beginning(setup, updates)
    yield from repeated(body, updates, batches_of(setup, updates).chosen)


def _beginning(setup: Setup, updates: int) -> Iterator[str]:
    """What stands before the first update: model, the lesson's numbers, loss, optimizer."""
    network, batches = dense_network(setup.model), batches_of(setup, updates)
    yield f'"""{title(setup.model, 1, updates)}, in Keras 3 with TensorFlow."""'
    yield from ("", "import os", "", 'os.environ["KERAS_BACKEND"] = "tensorflow"  # before Keras is imported')
    optimiser = OPTIMISERS[network.optimizer].keras
    numpy = ("import numpy as np",) if isinstance(optimiser, KerasOptimiser) and optimiser.needs_numpy else ()
    yield from ("", "import keras", *numpy, "import tensorflow as tf", "")
    yield from ('keras.config.set_floatx("float64")', "")
    yield from _layers_and_model(network, setup)
    yield from ("", "# The lesson's numbers: kernel[input][neuron] and bias[neuron].")
    yield from _parameters(setup)
    yield ""
    yield from rows_in("x = tf.constant(", batches.inputs, ', dtype="float64")')
    yield from rows_in("y = tf.constant(", batches.targets, ', dtype="float64")')
    yield from batches.cut
    yield from ("", "")
    yield from _loss_function(network, setup)
    yield from ("", "")
    yield "variables = model.trainable_variables  # kernel and bias of one layer after another"
    yield from _optimizer(network.optimizer, setup, counted=updates > 1)
    yield ""


def _gradient_lines(network: Network) -> Iterator[str]:
    """The lines that give every parameter its gradient."""
    yield from ("with tf.GradientTape() as tape:", "    loss = loss_of(x, y)")
    yield "gradients = tape.gradient(loss, variables)"


def _update_lines(network: Network) -> Iterator[str]:
    """The lines that change the parameters."""
    if not network.train_biases:
        yield "# Every other one, the kernels: the biases stay as they are."
    optimiser = OPTIMISERS[network.optimizer].keras
    if isinstance(optimiser, KerasOptimiser):
        every = "" if network.train_biases else "[::2]"
        yield f"optimizer.apply(gradients{every}, variables{every})"
    else:
        yield f"for i in range(0, len(variables){'' if network.train_biases else ', 2'}):"
        yield from indented(optimiser.lines)


def _layers(network: Network) -> range:
    return range(1, network.depth + 1)


def _layers_and_model(network: Network, setup: Setup) -> Iterator[str]:
    for name in dict.fromkeys(network.activations):
        if function := ACTIVATIONS[name].keras_function:
            yield from ("", *(line.format(**literals(setup)) for line in function), "", "")
    for layer in _layers(network):
        activation = ACTIVATIONS[network.activations[layer - 1]].keras
        yield f'layer{layer} = keras.layers.Dense({network.layers[layer]}, {activation}name="layer{layer}")'
    stack = ", ".join(f"layer{layer}" for layer in _layers(network))
    yield f"model = keras.Sequential([keras.Input(({network.layers[0]},)), {stack}])"


def _parameters(setup: Setup) -> Iterator[str]:
    weights, biases = nested_parameters(dense_network(setup.model), setup.parameters)
    for layer, rows, row in zip(_layers(dense_network(setup.model)), weights, biases, strict=True):
        yield from rows_in(f"layer{layer}.kernel.assign(", tuple(zip(*rows, strict=True)), ")")
        yield f"layer{layer}.bias.assign({row_literal(row)})"


def _loss_function(network: Network, setup: Setup) -> Iterator[str]:
    yield from ("def loss_of(x, y):", "    prediction = model(x)")
    yield from indented(LOSSES[network.loss].keras(network.layers[-1]))
    if network.regularized:
        weights = " + ".join(f"tf.reduce_sum(layer{layer}.kernel**2)" for layer in _layers(network))
        yield f"    penalty = 0.5 * {literal(setup.hyperparameters.l2)} * ({weights})"
    joined = f"tf.reduce_{network.reduction}(losses)"
    yield f"    return {joined}{' + penalty' if network.regularized else ''}"


def _optimizer(name: str, setup: Setup, counted: bool) -> Iterator[str]:
    rule, given = OPTIMISERS[name], literals(setup)
    if isinstance(rule.keras, KerasOptimiser):
        yield from rule.keras.comment
        yield f"optimizer = {rule.keras.call.format(**given)}"
        return
    yield f"# Written out: {rule.keras.comment}"
    *names, last = ("eta", *(own.name for own in rule.hyperparameters))
    yield f"{', '.join(names)} = {', '.join(given[name] for name in names)}"
    yield f"{last} = {given[last]}"
    for state in rule.states:
        yield f"{state.letter} = [tf.zeros_like(variable) for variable in variables]"
    if rule.counts_updates and not counted:
        yield "t = 1"


def attribute(network: Network, name: str) -> str | None:
    """Where Keras's script keeps a parameter, its gradient or optimizer state; None for any other quantity.

    Example:
        >>> lecture = Network((2, 2, 1), ("relu", "relu"), numbering="source")
        >>> attribute(lecture, "w3"), attribute(lecture, "dL/db1")
        ('layer1.kernel[1, 0]', 'gradients[1][0]')
    """
    parameter = parameter_of(network, name)
    if parameter is None:
        return None
    place = index_of(parameter.input, parameter.neuron) if parameter.input else index_of(parameter.neuron)
    if name == parameter.name:
        return f"layer{parameter.layer}.{'kernel' if parameter.is_weight else 'bias'}{place}"
    # The variables of a model are the kernel and the bias of one layer after another.
    variable = 2 * (parameter.layer - 1) + (not parameter.is_weight)
    if name.startswith(GRADIENT):
        return f"gradients[{variable}]{place}"
    optimiser = OPTIMISERS[network.optimizer]
    state = optimiser.state(name) if isinstance(optimiser.keras, WrittenOut) else None
    return f"{state.letter}[{variable}]{place}" if state else None


def written_out(network: Network) -> WrittenOut | None:
    """The update as the script writes it out, where it does."""
    optimiser = OPTIMISERS[network.optimizer].keras
    return optimiser if isinstance(optimiser, WrittenOut) else None


KERAS = Framework(
    name="Keras",
    modules=("keras", "tensorflow"),
    packages="keras tensorflow",
    version="keras.__version__",
    script=lambda setup: lines(setup, 1),
    attribute=attribute,
    formulas=None,
)
CALLS = Calls(
    framework=KERAS,
    begins=lambda _network: "tf.GradientTape()",
    changes=lambda network: f"{'variables[i].assign_sub' if written_out(network) else 'optimizer.apply'}(…)",
    others={
        "forward": "model(x)",
        "loss": "loss_of(x, y)",
        "backward": "tape.gradient(…)",
        "check": "loss_of(x, y)",
    },
    loss="loss.numpy()",
)
