"""The activation functions: a row for each, with its formula, its words and how frameworks spell it.

To add one, write its row here and put it into `ACTIVATIONS`; what its formula is made of are the rows of
`engine/operations.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from tinynet_tui.engine.expressions import Expr, Name, apply, names_in
from tinynet_tui.engine.model import Model
from tinynet_tui.rules.hyperparameters import Hyperparameter


class NeuronAt(NamedTuple):
    """A neuron at the step that gives its activation or its slope, in numbers and in texts for sentences."""

    title: str
    """"node 1"."""
    z: float
    """Its sum."""
    value: float
    """What the step gives."""
    sum_name: str
    """"z₁"."""
    output_name: str
    """"h₁"."""
    sum_equals: str
    """"= 1.5" or "≈ 0.5933", to stand after the name of the sum."""
    sum_text: str
    value_text: str
    dead: str
    """"for this sample": for what it is dead if the sum is not above 0."""


NeuronWords = Callable[[NeuronAt], Iterator[str]]
"""Sentences about a neuron at a step."""


class Activation(NamedTuple):
    """An activation function."""

    name: str
    """In a lesson's file: "relu"."""
    title: str
    """Where it stands alone: "ReLU"."""
    noun: str
    """Within a sentence: "the sigmoid"."""
    formula: Callable[[Expr], Expr]
    """What it makes of a sum."""
    hyperparameters: tuple[Hyperparameter, ...]
    is_gate: bool
    """Whether a sum that is not above 0 shuts it: output and slope are 0, and the neuron is dead."""
    has_bend: bool
    """Whether its slope jumps where the sum is 0."""
    convention: str
    """What has to be agreed on, for the head of a handout; "" for nothing."""
    doing: str
    """What a neuron does with it, with {neuron} and {z}: the title of the step that gives the activation."""
    value_words: NeuronWords
    """How the activation comes about."""
    slope_words: NeuronWords
    """Why its slope is what it is."""
    pytorch: str
    """The call in PyTorch, with {z} and its hyperparameters by their names in formulas."""
    keras: str
    """What a Keras layer is given; "" for nothing."""
    keras_function: tuple[str, ...]
    """The lines of a function that this needs in a script."""
    jax: str
    """The expression in JAX, of z."""


def _linear_value(at: NeuronAt) -> Iterator[str]:
    yield "A linear neuron passes its sum on unchanged."


def _linear_slope(at: NeuronAt) -> Iterator[str]:
    yield "A linear neuron has slope 1: the gradient passes unchanged."


LINEAR = Activation(
    name="linear",
    title="linear",
    noun="the linear activation",
    formula=lambda z: z,
    hyperparameters=(),
    is_gate=False,
    has_bend=False,
    convention="",
    doing="{neuron} passes its sum on",
    value_words=_linear_value,
    slope_words=_linear_slope,
    pytorch="{z}",
    keras="",
    keras_function=(),
    jax="z",
)


def _relu_value(at: NeuronAt) -> Iterator[str]:
    if at.z > 0:
        yield f"ReLU passes a positive sum on as it is: {at.sum_text}."
    elif at.z == 0:
        yield f"{at.sum_name} is exactly 0, so ReLU gives 0; its derivative there is taken as 0."
    elif at.z < 0:
        dead = f"{at.title} is dead {at.dead}"
        yield f"{at.sum_name} {at.sum_equals} is negative, so ReLU gives 0: {dead}."


def _relu_slope(at: NeuronAt) -> Iterator[str]:
    sign = f"{at.sum_name} {at.sum_equals}"
    if at.z > 0:
        yield f"{sign} is above 0, so ReLU has slope 1: an open gate. Gradients get through."
    elif at.z == 0:
        yield f"{at.sum_name} is exactly 0: the slope is taken as 0, as PyTorch and TensorFlow do."
    elif at.z < 0:
        yield f"{sign} is below 0, so ReLU has slope 0: a shut gate. No gradient gets through."
        neuron = at.title.capitalize()
        yield f"{neuron} is dead {at.dead}: its weights and its bias cannot learn."


RELU = Activation(
    name="relu",
    title="ReLU",
    noun="ReLU",
    formula=lambda z: apply("relu", z),
    hyperparameters=(),
    is_gate=True,
    has_bend=True,
    convention="Its derivative at exactly 0 is taken as 0, as PyTorch and TensorFlow do.",
    doing="{neuron}: ReLU of {z}",
    value_words=_relu_value,
    slope_words=_relu_slope,
    pytorch="torch.relu({z})",
    keras='activation="relu", ',
    keras_function=(),
    jax="jax.nn.relu(z)",
)


def _leaky_relu_value(at: NeuronAt) -> Iterator[str]:
    if at.z < 0:
        yield f"{at.sum_name} {at.sum_equals} is negative: leaky ReLU passes on only a small part, α of it."
    else:
        yield f"Leaky ReLU passes on a sum that is not negative as it is: {at.sum_text}."


def _leaky_relu_slope(at: NeuronAt) -> Iterator[str]:
    yield "Leaky ReLU never shuts: its slope is 1 above 0 and α below."


LEAKY_RELU = Activation(
    name="leaky_relu",
    title="leaky ReLU",
    noun="leaky ReLU",
    formula=lambda z: apply("leaky_relu", z, Name("alpha")),
    hyperparameters=(
        Hyperparameter(
            "leaky_slope", "alpha", 0.01, "finite", "the slope of leaky ReLU below 0", "of leaky_relu below 0"
        ),
    ),
    is_gate=False,
    has_bend=True,
    convention="",
    doing="{neuron}: leaky ReLU of {z}",
    value_words=_leaky_relu_value,
    slope_words=_leaky_relu_slope,
    pytorch="nn.functional.leaky_relu({z}, {alpha})",
    keras="activation=leaky_relu, ",
    keras_function=(
        "def leaky_relu(z):",
        "    # keras.ops.leaky_relu would round the slope to 32 bits.",
        "    return tf.where(z > 0, z, {alpha} * z)",
    ),
    jax="jnp.where(z > 0, z, {alpha} * z)",
)


def _between(sign: str, ends: tuple[float, float], words: str) -> NeuronWords:
    """The words for a value between two ends that it reaches by rounding alone."""

    def value_words(at: NeuronAt) -> Iterator[str]:
        result = at.value_text
        rounded = f"{sign} is never exactly {result}: this one is so near that 64 bits round it to {result}."
        yield rounded if at.value in ends else words

    return value_words


def _never_flat(sign: str, slope: str, size: str) -> NeuronWords:
    """The words for a slope that is 0 by rounding alone; slope: what it is, size: how large."""

    def slope_words(at: NeuronAt) -> Iterator[str]:
        if at.value == 0:
            place = f"{at.sum_name} {at.sum_equals}"
            yield f"{sign}′ is never exactly 0: {place} is so far out that {sign} is rounded."
        else:
            yield f"{at.output_name} is {sign}({at.sum_name}), and {sign}′ = {slope}."
            yield f"{sign}′ is {size}."

    return slope_words


SIGMOID = Activation(
    name="sigmoid",
    title="sigmoid",
    noun="the sigmoid",
    formula=lambda z: apply("sigmoid", z),
    hyperparameters=(),
    is_gate=False,
    has_bend=False,
    convention="",
    doing="{neuron}: the sigmoid of {z}",
    value_words=_between(
        "σ", (0, 1), "The sigmoid σ(z) = 1 / (1 + e^−z) squeezes any sum into the range from 0 to 1."
    ),
    slope_words=_never_flat(
        "σ", "σ · (1 − σ)", "at most ¼, so a gradient shrinks at every sigmoid it passes"
    ),
    pytorch="torch.sigmoid({z})",
    keras='activation="sigmoid", ',
    keras_function=(),
    jax="jax.nn.sigmoid(z)",
)


TANH = Activation(
    name="tanh",
    title="tanh",
    noun="tanh",
    formula=lambda z: apply("tanh", z),
    hyperparameters=(),
    is_gate=False,
    has_bend=False,
    convention="",
    doing="{neuron}: tanh of {z}",
    value_words=_between("tanh", (-1, 1), "tanh squeezes any sum into the range from −1 to 1."),
    slope_words=_never_flat("tanh", "1 − tanh²", "1 at 0 and smaller everywhere else"),
    pytorch="torch.tanh({z})",
    keras='activation="tanh", ',
    keras_function=(),
    jax="jnp.tanh(z)",
)


def _softplus_value(at: NeuronAt) -> Iterator[str]:
    result = at.value_text
    if at.value == 0:
        yield f"Softplus is never exactly {result}: this one is so near that 64 bits round it to {result}."
    elif at.value == at.z:
        yield f"Softplus is always above its sum: this one is so near that 64 bits round it to {result}."
    else:
        yield "Softplus ln(1 + e^z) is a ReLU without its corner: near 0 far below 0, near z far above."


def _softplus_slope(at: NeuronAt) -> Iterator[str]:
    if at.value in (0, 1):
        result, place = at.value_text, f"{at.sum_name} {at.sum_equals}"
        yield f"softplus′ is never exactly {result}: {place} is so far out that it is rounded."
    else:
        yield f"{at.output_name} is softplus({at.sum_name}), and softplus′ is the sigmoid σ."
        yield "Its slope is above 0 everywhere: it never shuts, but far below 0 little gets through."


SOFTPLUS = Activation(
    name="softplus",
    title="softplus",
    noun="softplus",
    formula=lambda z: apply("softplus", z),
    hyperparameters=(),
    is_gate=False,
    has_bend=False,
    convention="",
    doing="{neuron}: softplus of {z}",
    value_words=_softplus_value,
    slope_words=_softplus_slope,
    pytorch="nn.functional.softplus({z}, threshold=100)",
    keras='activation="softplus", ',
    keras_function=(),
    jax="jax.nn.softplus(z)",
)


ACTIVATIONS = {row.name: row for row in (RELU, LEAKY_RELU, SIGMOID, TANH, LINEAR, SOFTPLUS)}
"""Every activation function, by its name in a lesson's file."""


class Activated(NamedTuple):
    """A quantity that is an activation function of another."""

    z: str
    name: str
    block: int
    """The position of its block."""
    function: Activation


@lru_cache(maxsize=32)
def activated_in(model: Model) -> tuple[Activated, ...]:
    """The activations of a model, told by their formulas: h = ReLU(z), or plain z where they are linear."""
    quantities = {line.name for line in model.forward.assignments}
    return tuple(
        Activated(z.name, line.name, block, function)
        for block, found in enumerate(model.forward.blocks)
        for line in found.assignments
        for z in names_in(line.expression)[:1]
        for function in ACTIVATIONS.values()
        if z.name in quantities and function.formula(z) == line.expression
    )
