"""The activation functions without a bend: sigmoid, tanh, softplus, swish, GELU, the sine."""

from __future__ import annotations

from collections.abc import Iterator

from tinynet_tui.engine.expressions import apply
from tinynet_tui.rules.activation_rows import (
    Activation,
    NeuronAt,
    NeuronWords,
    between,
    never_flat,
    said,
    so_near,
)

SIGMOID = Activation(
    name="sigmoid",
    title="sigmoid",
    noun="the sigmoid",
    meaning="1 / (1 + e⁻ᶻ), always between 0 and 1",
    formula=lambda z: apply("sigmoid", z),
    hyperparameters=(),
    doing="{neuron}: the sigmoid of {z}",
    value_words=between(
        "σ", (0, 1), "The sigmoid σ(z) = 1 / (1 + e^−z) squeezes any {noun} into the range from 0 to 1."
    ),
    slope_words=never_flat("σ", "σ · (1 − σ)", "at most ¼, so a gradient shrinks at every sigmoid it passes"),
    pytorch="torch.sigmoid({z})",
    keras='activation="sigmoid", ',
    jax="jax.nn.sigmoid(z)",
    is_gate=False,
    convention="",
    keras_function=(),
)


TANH = Activation(
    name="tanh",
    title="tanh",
    noun="tanh",
    meaning="(eᶻ − e⁻ᶻ) / (eᶻ + e⁻ᶻ), always between −1 and 1",
    formula=lambda z: apply("tanh", z),
    hyperparameters=(),
    doing="{neuron}: tanh of {z}",
    value_words=between("tanh", (-1, 1), "tanh squeezes any {noun} into the range from −1 to 1."),
    slope_words=never_flat("tanh", "1 − tanh²", "1 at 0 and smaller everywhere else"),
    pytorch="torch.tanh({z})",
    keras='activation="tanh", ',
    jax="jnp.tanh(z)",
    is_gate=False,
    convention="",
    keras_function=(),
)


def _softplus_value(at: NeuronAt) -> Iterator[str]:
    result = at.value_text
    if at.value == 0:
        yield f"Softplus is never exactly {result}: {so_near(result)}."
    elif at.value == at.z:
        yield f"Softplus is always above its {at.noun}: {so_near(result)}."
    else:
        yield "Softplus ln(1 + e^z) bends without a corner: near 0 far below 0, near z far above."


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
    meaning="ln(1 + eᶻ), always above 0",
    formula=lambda z: apply("softplus", z),
    hyperparameters=(),
    doing="{neuron}: softplus of {z}",
    value_words=_softplus_value,
    slope_words=_softplus_slope,
    pytorch="nn.functional.softplus({z}, threshold=100)",
    keras='activation="softplus", ',
    jax="jax.nn.softplus(z)",
    is_gate=False,
    convention="",
    keras_function=(),
)


def _rising_on_both_sides(slope: str, lowest: str) -> NeuronWords:
    """The words for the slope of a function with a lowest point, which is around a place: "−1.28 swish"."""

    def slope_words(at: NeuronAt) -> Iterator[str]:
        yield slope.format(at=at)
        if at.value < 0:
            where = f"around {lowest} has its lowest point"
            yield f"It is negative here: {where}, and left of that it rises again."

    return slope_words


SWISH = Activation(
    name="swish",
    title="swish",
    noun="swish",
    meaning="z · σ(z), nearly z far above 0 and nearly 0 far below",
    formula=lambda z: apply("swish", z),
    hyperparameters=(),
    convention="Swish is z · σ(z), also called SiLU.",
    doing="{neuron}: swish of {z}",
    value_words=said(
        "Swish is z · σ(z): nearly z far above 0, nearly 0 far below, and a little below 0 between."
    ),
    slope_words=_rising_on_both_sides(
        "{at.output_name} is {at.sum_name} · σ({at.sum_name}): the product rule gives σ + swish · (1 − σ).",
        "−1.28 swish",
    ),
    pytorch="nn.functional.silu({z})",
    keras='activation="silu", ',
    jax="jax.nn.silu(z)",
    is_gate=False,
    keras_function=(),
)


GELU = Activation(
    name="gelu",
    title="GELU",
    noun="GELU",
    meaning="½z · (1 + tanh(√(2/π) · (z + 0.044715 · z³))), nearly z far above 0 and nearly 0 far below",
    formula=lambda z: apply("gelu", z),
    hyperparameters=(),
    convention="GELU in its tanh form: ½z(1 + tanh(√(2/π) · (z + 0.044715z³))).",
    doing="{neuron}: GELU of {z}",
    value_words=said(
        "GELU is ½z(1 + tanh u), u = √(2/π) · (z + 0.044715z³): near 0 far below 0, near z far above."
    ),
    slope_words=_rising_on_both_sides(
        "GELU′ = ½(1 + tanh u) + ½z(1 − tanh² u)u′, with u′ = √(2/π) · (1 + 0.134145z²).", "−0.75 GELU"
    ),
    pytorch='nn.functional.gelu({z}, approximate="tanh")',
    keras="activation=gelu, ",
    keras_function=(
        "def gelu(z):",
        "    # keras.activations.gelu would round its numbers to 32 bits.",
        "    return 0.5 * z * (1 + tf.tanh((2 / 3.141592653589793) ** 0.5 * (z + 0.044715 * z**3)))",
    ),
    jax="jax.nn.gelu(z, approximate=True)",
    is_gate=False,
)


SINE = Activation(
    name="sine",
    title="sine",
    noun="the sine",
    meaning="sin(z), never below −1 or above 1",
    formula=lambda z: apply("sin", z),
    hyperparameters=(),
    convention="The sine takes its argument in radians.",
    doing="{neuron}: the sine of {z}",
    value_words=said(
        "The sine swings between −1 and 1 as its sum grows: good for what repeats, such as waves."
    ),
    slope_words=said(
        "{at.output_name} is sin({at.sum_name}), and sin′ = cos: "
        "between −1 and 1, and 0 at each top and bottom."
    ),
    pytorch="torch.sin({z})",
    keras="activation=sine, ",
    keras_function=("def sine(z):", "    return tf.sin(z)"),
    jax="jnp.sin(z)",
    is_gate=False,
)
