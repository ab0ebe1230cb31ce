"""Updates as one would write them in Keras 3 with TensorFlow, on the lesson's numbers."""

from __future__ import annotations

from collections.abc import Iterator

from tinynet_tui.engine.model import Model, Setup
from tinynet_tui.handouts.framework import Calls, Framework, Script
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
from tinynet_tui.handouts.written_update import (
    Spelling,
    kept_parameters,
    penalties,
    state_lines,
    state_lists,
    tensors,
    trained_tensors,
    update_lines,
    written_out_lines,
)
from tinynet_tui.networks.dense import DenseParameter, Network, dense_network
from tinynet_tui.networks.layers import nested_parameters
from tinynet_tui.rules.activations import ACTIVATIONS
from tinynet_tui.rules.losses import LOSSES
from tinynet_tui.rules.optimiser_rows import Call, WrittenOut
from tinynet_tui.rules.optimisers import optimiser_of


def lines(setup: Setup, updates: int) -> Iterator[str]:
    """The lines of a script that does the first updates."""
    body = [
        "with tf.GradientTape() as tape:",
        "    loss = loss_of(x, y)",
        "gradients = tape.gradient(loss, variables)",
        'print("loss =", loss.numpy())',
        "for variable, gradient in zip(variables, gradients):",
        '    print(f"gradient of {variable.path} = {gradient.numpy().tolist()}")',
        "",
        *_update_lines(setup),
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
    optimiser = network.rule.keras
    numpy = ("import numpy as np",) if isinstance(optimiser, Call) and optimiser.needs_numpy else ()
    yield from ("", "import keras", *numpy, "import tensorflow as tf", "")
    yield from ('keras.config.set_floatx("float64")', "")
    yield from _layers_and_model(network, setup)
    yield from ("", "# The lesson's numbers: kernel[input][neuron] and bias[neuron].")
    yield from _parameters(setup)
    yield ""
    yield from batches.lines("tf.constant(", ', dtype="float64")')
    yield from ("", "")
    yield from _loss_function(network, setup)
    yield from ("", "")
    has_all = all(network.has_bias(layer) for layer in network.layer_numbers)
    yield f"variables = model.trainable_variables  # kernel{' and bias' * has_all} of one layer after another"
    yield from _optimizer(setup, counted=updates > 1)
    yield ""


def _update_lines(setup: Setup) -> Iterator[str]:
    """The lines that change the parameters; frozen ones among them get their values back."""
    network = dense_network(setup.model)
    places, trained = tensors(network), trained_tensors(network)
    chosen = [places.index(place) for place in trained]
    is_all, is_every_other = trained == places, chosen == [*range(0, len(places), 2)]
    if is_every_other and not is_all:
        yield "# Every other one, the kernels: the biases stay as they are."
    if isinstance(network.rule.keras, Call):
        if is_all or is_every_other:
            every = "" if is_all else "[::2]"
            yield f"optimizer.apply(gradients{every}, variables{every})"
        else:
            yield f"trained = {chosen}  # those with something to learn in them"
            yield "optimizer.apply([gradients[i] for i in trained], [variables[i] for i in trained])"
    else:
        counted = f"range(0, len(variables){'' if is_all else ', 2'})"
        yield f"for i in {counted if is_all or is_every_other else chosen}:"
        *states, change = update_lines(network.rule, Spelling("variables[i]", "gradients[i]", "{}[i]".format))
        yield from indented((*states, f"variables[i].assign_sub({change})"))
    kept = list(kept_parameters(setup))
    if kept:
        yield "# Frozen: these keep their values."
    for parameter, value in kept:
        tensor, number = (
            _tensor(parameter.layer, parameter.is_weight),
            f"tf.constant([{literal(value)}], y.dtype)",
        )
        changed = f"tf.tensor_scatter_nd_update({tensor}, [{_place(parameter)}], {number})"
        yield f"{tensor}.assign({changed})"


def _place(parameter: DenseParameter) -> str:
    return index_of(parameter.input, parameter.neuron)


def _layers_and_model(network: Network, setup: Setup) -> Iterator[str]:
    for name in dict.fromkeys(network.activations):
        if function := ACTIVATIONS[name].keras_function:
            yield from ("", *(line.format(**literals(setup)) for line in function), "", "")
    for layer in network.layer_numbers:
        activation = ACTIVATIONS[network.activations[layer - 1]].keras
        bias = "" if network.has_bias(layer) else "use_bias=False, "
        given = f'{network.layers[layer]}, {activation}{bias}name="layer{layer}"'
        yield f"layer{layer} = keras.layers.Dense({given})"
    stack = ", ".join(f"layer{layer}" for layer in network.layer_numbers)
    yield f"model = keras.Sequential([keras.Input(({network.layers[0]},)), {stack}])"


def _parameters(setup: Setup) -> Iterator[str]:
    weights, biases = nested_parameters(setup.model, setup.parameters)
    for layer, (rows, row) in enumerate(zip(weights, biases, strict=True), start=1):
        yield from rows_in(f"layer{layer}.kernel.assign(", tuple(zip(*rows, strict=True)), ")")
        if row:
            yield f"layer{layer}.bias.assign({row_literal(row)})"


def _loss_function(network: Network, setup: Setup) -> Iterator[str]:
    yield from ("def loss_of(x, y):", "    prediction = model(x)")
    numbers = literals(setup)
    yield from indented(line.format(**numbers) for line in LOSSES[network.loss].keras(network.layers[-1]))
    lines, added = penalties(setup, _tensor, "tf.reduce_sum({}**2)", "tf.reduce_sum(tf.abs({}))")
    yield from indented((*lines, f"return tf.reduce_{network.reduction}(losses){added}"))


def _tensor(layer: int, is_weight: bool) -> str:
    return f"layer{layer}.{'kernel' if is_weight else 'bias'}"


def _optimizer(setup: Setup, counted: bool) -> Iterator[str]:
    network = dense_network(setup.model)
    rule = network.rule
    if isinstance(rule.keras, Call):
        yield from rule.keras.comment
        yield f"optimizer = {rule.keras.call.format(**literals(setup))}"
        if setup.state:
            yield from _given_state(setup)
        return
    states = state_lines(
        setup,
        "tf.zeros_like(variable) for variable in variables",
        'tf.constant({}, dtype="float64")',
        lambda letter: state_lists(setup, letter, tensors(network), is_turned=True),
    )
    yield from written_out_lines(setup, lambda row: row.tensorflow, rule.keras.comment, counted, states)


def _given_state(setup: Setup) -> Iterator[str]:
    """The lines that give one of Keras's own optimizers its state; its velocities are -eta times ours."""
    network = dense_network(setup.model)
    trained, (state,) = trained_tensors(network), network.rule.states
    more = "; a velocity of Keras is -eta times this one" if state.is_velocity else ""
    yield f"# What the optimizer remembers of earlier updates{more}."
    variables = [tensors(network).index(place) for place in trained]
    yield f"optimizer.build([variables[i] for i in {variables}])"
    if not state.is_velocity:
        yield "_, _, *kept = optimizer.variables  # the first two are a count and the learning rate"
    before, factor = (
        ("optimizer.momentums", f"-{literals(setup)['eta']} * ") if state.is_velocity else ("kept", "")
    )
    for position, numbers in enumerate(state_lists(setup, state.letter, trained, is_turned=True)):
        yield f"{before}[{position}].assign({factor}np.array({numbers}))"


def attribute(model: Model, name: str) -> str | None:
    """Where Keras's script keeps a parameter, its gradient or optimizer state; None for any other quantity.

    Example:
        >>> from tinynet_tui.networks.dense import dense_model
        >>> lecture = dense_model(Network((2, 2, 1), ("relu", "relu"), numbering="source"))
        >>> attribute(lecture, "w3"), attribute(lecture, "dL/db1")
        ('layer1.kernel[1, 0]', 'gradients[1][0]')
    """
    network = dense_network(model)
    parameter = parameter_of(network, name)
    if parameter is None:
        return None
    place = _place(parameter)
    if name == parameter.name:
        return f"{_tensor(parameter.layer, parameter.is_weight)}{place}"
    # The variables of a model are the kernel and the bias, if there is one, of one layer after another.
    variable = tensors(network).index((parameter.layer, parameter.is_weight))
    if name.startswith(GRADIENT):
        return f"gradients[{variable}]{place}"
    state = network.rule.state(name) if isinstance(network.rule.keras, WrittenOut) else None
    return f"{state.letter}[{variable}]{place}" if state else None


def written_out(model: Model) -> WrittenOut | None:
    """The update as the script writes it out, where it does."""
    optimiser = optimiser_of(model).keras
    return optimiser if isinstance(optimiser, WrittenOut) else None


KERAS = Framework(
    name="Keras",
    modules=("keras", "tensorflow"),
    packages="keras tensorflow",
    version="keras.__version__",
    of_layers=Script(lines, attribute),
    of_formulas=None,
)
CALLS = Calls(
    framework=KERAS,
    of={
        "given": lambda _model: "tf.GradientTape()",
        "forward": lambda _model: "model(x)",
        "loss": lambda _model: "loss_of(x, y)",
        "backward": lambda _model: "tape.gradient(…)",
        "update": lambda m: f"{'variables[i].assign_sub' if written_out(m) else 'optimizer.apply'}(…)",
        "check": lambda _model: "loss_of(x, y)",
    },
    loss="loss.numpy()",
)
