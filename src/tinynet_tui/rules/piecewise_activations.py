"""The activation functions in pieces, which meet at 0: ReLU, leaky ReLU, ELU, a step; and the linear one."""

from __future__ import annotations

from collections.abc import Iterator

from tinynet_tui.engine.expressions import Name, apply
from tinynet_tui.rules.activation_rows import Activation, NeuronAt, said
from tinynet_tui.rules.hyperparameters import Hyperparameter

LINEAR = Activation(
    name="linear",
    title="linear",
    noun="the linear activation",
    meaning="",
    formula=lambda z: z,
    hyperparameters=(),
    doing="{neuron} passes its sum on",
    value_words=said("A linear neuron passes its sum on unchanged."),
    slope_words=said("A linear neuron has slope 1: the gradient passes unchanged."),
    pytorch="{z}",
    keras="",
    jax="z",
    is_gate=False,
    convention="",
    keras_function=(),
)


def _relu_value(at: NeuronAt) -> Iterator[str]:
    if at.z > 0:
        yield f"ReLU passes a positive {at.noun} on as it is: {at.sum_text}."
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
        neuron = f"{at.title.capitalize()} is dead {at.dead}"
        yield f"{neuron}: {at.parameters} cannot learn." if at.parameters else f"{neuron}."


RELU = Activation(
    name="relu",
    title="ReLU",
    noun="ReLU",
    meaning="A sum above 0 stays as it is, any other becomes 0",
    formula=lambda z: apply("relu", z),
    hyperparameters=(),
    convention="Its derivative at exactly 0 is taken as 0, as PyTorch and TensorFlow do.",
    doing="{neuron}: ReLU of {z}",
    value_words=_relu_value,
    slope_words=_relu_slope,
    pytorch="torch.relu({z})",
    keras='activation="relu", ',
    jax="jax.nn.relu(z)",
    is_gate=True,
    keras_function=(),
)


def _leaky_relu_value(at: NeuronAt) -> Iterator[str]:
    if at.z < 0:
        yield f"{at.sum_name} {at.sum_equals} is negative: leaky ReLU passes on α times as much."
    else:
        yield f"Leaky ReLU passes on a {at.noun} that is not negative as it is: {at.sum_text}."


LEAKY_RELU = Activation(
    name="leaky_relu",
    title="leaky ReLU",
    noun="leaky ReLU",
    meaning="A sum above 0 stays as it is, any other becomes α times as much",
    formula=lambda z: apply("leaky_relu", z, Name("alpha")),
    hyperparameters=(
        Hyperparameter(
            "leaky_slope", "alpha", 0.01, "finite", "the slope of leaky ReLU below 0", "of leaky_relu below 0"
        ),
    ),
    doing="{neuron}: leaky ReLU of {z}",
    value_words=_leaky_relu_value,
    slope_words=said("Leaky ReLU has slope 1 above 0 and α below, so it does not shut unless α is 0."),
    pytorch="nn.functional.leaky_relu({z}, {alpha})",
    keras="activation=leaky_relu, ",
    keras_function=(
        "def leaky_relu(z):",
        "    # keras.ops.leaky_relu would round the slope to 32 bits.",
        "    return tf.where(z > 0, z, {alpha} * z)",
    ),
    jax="jnp.where(z > 0, z, {alpha} * z)",
    is_gate=False,
    convention="",
)


def _elu_value(at: NeuronAt) -> Iterator[str]:
    if at.z > 0:
        yield f"ELU passes a positive sum on as it is: {at.sum_text}."
    else:
        yield "ELU gives a(e^z − 1) for a sum that is not above 0: it levels off at −a, not at 0."


def _elu_slope(at: NeuronAt) -> Iterator[str]:
    sign = f"{at.sum_name} {at.sum_equals}"
    if at.z > 0:
        yield f"{sign} is above 0, so ELU has slope 1."
    elif at.value == 0:
        yield f"ELU′ is never exactly 0 there: {sign} is so far out that it is rounded."
    else:
        yield f"{sign} is not above 0, so ELU has slope a · e^z: far below 0 little gets through."


ELU = Activation(
    name="elu",
    title="ELU",
    noun="ELU",
    meaning="A sum above 0 stays as it is, any other becomes a · (eᶻ − 1), which levels off at −a",
    formula=lambda z: apply("elu", z, Name("a")),
    hyperparameters=(
        Hyperparameter(
            "elu_alpha",
            "a",
            1.0,
            "above 0",
            "of ELU, which levels off at minus this below 0",
            "elu levels off at minus this",
        ),
    ),
    convention="ELU is z above 0, and a · (e^z − 1) else.",
    doing="{neuron}: ELU of {z}",
    value_words=_elu_value,
    slope_words=_elu_slope,
    pytorch="nn.functional.elu({z}, {a})",
    keras="activation=elu, ",
    keras_function=(
        "def elu(z):",
        "    # keras.activations.elu would round alpha to 32 bits.",
        "    return tf.where(z > 0, z, {a} * tf.math.expm1(tf.where(z > 0, 0.0 * z, z)))",
    ),
    # Not jnp.minimum: where both are 0 its slope is ½.
    jax="jnp.where(z > 0, z, {a} * jnp.expm1(jnp.where(z > 0, 0.0, z)))",
    is_gate=False,
)


def _step_value(at: NeuronAt) -> Iterator[str]:
    sign = f"{at.sum_name} {at.sum_equals}"
    if at.z == 0:
        yield f"{at.sum_name} is exactly 0, so the step gives 0: it gives 1 only above 0."
    else:
        side = "above" if at.z > 0 else "below"
        yield f"{sign} is {side} 0, so the step gives {at.value_text}: yes or no, and nothing between."


STEP = Activation(
    name="step",
    title="step",
    noun="the step",
    meaning="1 where the sum is above 0, else 0",
    formula=lambda z: apply("step", z),
    hyperparameters=(),
    convention="The step is 1 above 0 and else 0. Its slope is 0, also at 0, so no weight before it learns.",
    doing="{neuron}: is {z} above 0?",
    value_words=_step_value,
    slope_words=said(
        "The step is flat on both sides of 0: its slope is 0, and no gradient gets through.",
        "So nothing before {at.output_name} learns by gradients. Sigmoids took its place for that reason.",
    ),
    pytorch="torch.sign(torch.relu({z}))",
    keras="activation=step, ",
    keras_function=("def step(z):", "    return tf.sign(tf.nn.relu(z))"),
    jax="jnp.sign(jax.nn.relu(z))",
    is_gate=False,
)
