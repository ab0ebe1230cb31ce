"""The losses of classifiers: cross-entropy of two classes and of several, and the hinge."""

from __future__ import annotations

from tinynet_tui.engine.expressions import ONE, Expr, add, apply, multiply, negative, subtract
from tinynet_tui.rules.loss_rows import NO_FUNCTIONS, NO_MORE_WORDS, Logarithm, Loss, Needs, no_constant
from tinynet_tui.rules.smooth_activations import SIGMOID
from tinynet_tui.rules.softmax import SOFTMAX


def _is_share(target: float) -> bool:
    return 0.0 <= target <= 1.0


def _binary(prediction: Expr, target: Expr) -> Expr:
    return negative(
        add(
            apply("xlogy", target, prediction),
            apply("xlogy", subtract(ONE, target), subtract(ONE, prediction)),
        )
    )


def _binary_in_pytorch(outputs: int, is_mean: bool) -> tuple[str, ...]:
    return (
        "# nn.functional.binary_cross_entropy is this, but limited where the prediction is near 0 or 1.",
        "terms = -(xlogy(y, prediction) + xlogy(1 - y, 1 - prediction))",
        "terms.mean()" if is_mean else f"terms.sum() / {outputs}",
    )


def _binary_in_keras(_outputs: int) -> tuple[str, ...]:
    return (
        "# keras.losses.binary_crossentropy is this, but keeps predictions 1e-7 away from 0 and 1.",
        "# xlogy(x, y) is x * ln(y), but 0 where x is 0; so is its gradient.",
        "terms = -(tf.math.xlogy(y, prediction) + tf.math.xlogy(1 - y, 1 - prediction))",
        "losses = tf.reduce_mean(terms, axis=1)",
    )


BINARY_CROSS_ENTROPY = Loss(
    name="binary_cross_entropy",
    short_title="cross-entropy",
    shortest_title="BCE",
    term=_binary,
    averages_outputs=True,
    hyperparameters=(),
    needs=Needs("cross-entropy", SIGMOID.name, _is_share, "from 0 to 1", outputs=1),
    convention=lambda _outputs: (
        "Cross-entropy: the smaller the probability given to the true answer, the larger the loss."
    ),
    sign_words=(
        "It is {sign}: ŷ is too {size}.",
        "The less ŷ gives to the true answer, the larger the gradient is in size.",
    ),
    logarithm=Logarithm(
        "σ",
        "σ′",
        "PyTorch's BCELoss stops at 100 instead.",
        "PyTorch's BCEWithLogitsLoss takes σ and the loss together",
    ),
    lost_constant=no_constant("cross-entropy"),
    pytorch=_binary_in_pytorch,
    keras=_binary_in_keras,
    jax="jnp.mean(-(xlogy(y, a) + xlogy(1 - y, 1 - a)), axis=1)",
    words=NO_MORE_WORDS._replace(
        constant="The slope of ln(u) is 1 / u: so that of y · ln(ŷ) is y / ŷ, "
        "and that of (1 − y) · ln(1 − ŷ) is −(1 − y) / (1 − ŷ)."
    ),
    functions=NO_FUNCTIONS._replace(
        pytorch=(
            "def xlogy(x, y):",
            "    # 0 * ln(0) and its gradient are 0; torch.xlogy has nan for that gradient.",
            "    return x * torch.log(y.masked_fill(x == 0, 1.0))",
        ),
        jax=(
            "def xlogy(x, y):",
            "    # 0 * ln(0) and its gradient are 0; the gradient of jax.scipy.special.xlogy is nan there.",
            "    return x * jnp.log(jnp.where(x == 0, 1.0, y))",
        ),
    ),
)


CROSS_ENTROPY = Loss(
    name="cross_entropy",
    short_title="cross-entropy",
    shortest_title="CE",
    term=lambda prediction, target: negative(apply("xlogy", target, prediction)),
    averages_outputs=False,
    hyperparameters=(),
    needs=Needs("cross-entropy", SOFTMAX.name, _is_share, "from 0 to 1", outputs=2),
    convention=lambda _outputs: (
        "Cross-entropy is −ln of the probability given to the true class: the surer of it, the smaller."
    ),
    sign_words=(
        "It is −y / ŷ: the less ŷ gives to the true class, the larger the gradient is in size.",
        "It is {sign}, because a larger ŷ here would lower the loss.",
    ),
    logarithm=Logarithm(
        SOFTMAX.title,
        "its slope",
        "PyTorch's cross_entropy takes both together.",
        "PyTorch's cross_entropy takes softmax and the loss together",
    ),
    lost_constant=no_constant("cross-entropy"),
    pytorch=lambda _outputs, is_mean: (
        "# The model gives the sums z: cross_entropy takes softmax and logarithm together, safe for large z.",
        "nn.functional.cross_entropy(prediction, y)"
        if is_mean
        else 'nn.functional.cross_entropy(prediction, y, reduction="sum")',
    ),
    keras=lambda _outputs: (
        "# The model gives the sums z: softmax and logarithm are taken together, safe for large z.",
        "losses = -tf.reduce_sum(y * tf.nn.log_softmax(prediction), axis=1)",
    ),
    jax="-jnp.sum(y * jax.nn.log_softmax(a), axis=1)",
    words=NO_MORE_WORDS._replace(
        flat="Its target is 0, so L does not change with this ŷ. It does with its z: e^z is a part of S.",
        slope="L falls as the ŷ of the true class grows, whatever ŷ is: its slope −y / ŷ is negative.",
    ),
    functions=NO_FUNCTIONS,
)


HINGE = Loss(
    name="hinge",
    short_title="max(0, 1 − yŷ)",
    shortest_title="hinge",
    term=lambda prediction, target: apply("relu", subtract(ONE, multiply(target, prediction))),
    averages_outputs=False,
    hyperparameters=(),
    needs=Needs("the hinge", "", lambda target: target in (-1.0, 1.0), "-1 or 1", outputs=1),
    convention=lambda outputs: (
        "The hinge is the larger of 0 and 1 − y · ŷ: 0 once ŷ is on the side of y by 1 or more."
        + ("" if outputs == 1 else " The outputs are added up.")
    ),
    sign_words=(
        "y · ŷ is below 1, so the gradient is −y: {sign}, because a larger ŷ would {would} the loss.",
        "How far below does not matter.",
    ),
    logarithm=None,
    lost_constant=no_constant("the hinge"),
    pytorch=lambda _outputs, is_mean: (
        "terms = torch.relu(1 - y * prediction)",
        "terms.sum(dim=1).mean()" if is_mean else "terms.sum()",
    ),
    keras=lambda _outputs: ("losses = tf.reduce_sum(tf.nn.relu(1 - y * prediction), axis=1)",),
    jax="jnp.sum(jax.nn.relu(1 - y * a), axis=1)",
    words=NO_MORE_WORDS._replace(
        measure="how far y · ŷ is below 1",
        flat="y · ŷ is 1 or more: on the right side with room to spare, so this output asks for no change.",
        slope="L falls as ŷ moves to the side of y, or stays 0: its slope is −y, or 0.",
    ),
    functions=NO_FUNCTIONS,
)
