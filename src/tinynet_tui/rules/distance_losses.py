"""The losses that say how far predictions are from their targets: squares, absolute errors, Huber's loss."""

from __future__ import annotations

from collections.abc import Callable

from tinynet_tui.engine.expressions import Expr, Name, Number, apply, multiply, subtract
from tinynet_tui.rules.hyperparameters import Hyperparameter
from tinynet_tui.rules.loss_rows import (
    NO_FUNCTIONS,
    NO_MORE_WORDS,
    Loss,
    LostConstant,
    no_constant,
    summed_in_pytorch,
    without_two,
)


def _square(prediction: Expr, target: Expr) -> Expr:
    return apply("square", subtract(prediction, target))


_ERROR_SIGN = (
    "The error ŷ − y is {sign}: the prediction is too {size}.",
    "It is ŷ − y, not y − ŷ, so that its sign says which way the loss grows.",
)


_LOST_TWO = LostConstant(
    title="the 2 of the square forgotten",
    without=without_two,
    why="u² has the slope 2 · u: without the 2 {what} is halved.",
    no_difference="",
    is_half=False,
)


def _summed_in_keras(half: str) -> Callable[[int], tuple[str, ...]]:
    """Lines for squares that are added up over the outputs."""
    why = "# The sum over the outputs: keras.losses.mean_squared_error is their mean."
    losses = f"losses = {half}tf.reduce_sum(tf.square(prediction - y), axis=1)"
    return lambda outputs: (why, losses) if outputs > 1 else (losses,)


SQUARED_ERROR = Loss(
    name="squared_error",
    short_title="(ŷ − y)²",
    shortest_title="(ŷ−y)²",
    term=_square,
    averages_outputs=False,
    hyperparameters=(),
    needs=None,
    convention=lambda outputs: (
        "The squared error has no ½. With one sample and one output the mean squared error (MSE) is the same."
        if outputs == 1
        else "The squared errors of the outputs are added up, without a ½."
    ),
    sign_words=_ERROR_SIGN,
    logarithm=None,
    lost_constant=_LOST_TWO,
    pytorch=summed_in_pytorch("mse_loss(prediction, y", averages_outputs=False),
    keras=_summed_in_keras(half=""),
    jax="jnp.sum((a - y) ** 2, axis=1)",
    words=NO_MORE_WORDS._replace(
        constant="The 2 comes from the square.",
        slope_rule="A square u² has the slope 2 · u: u is the error ŷ − y here.",
        at_output_0="y²",
    ),
    functions=NO_FUNCTIONS,
)


HALF_SQUARED_ERROR = Loss(
    name="half_squared_error",
    short_title="½ (ŷ − y)²",
    shortest_title="½(ŷ−y)²",
    term=lambda prediction, target: multiply(Number(0.5), _square(prediction, target)),
    averages_outputs=False,
    hyperparameters=(),
    needs=None,
    convention=lambda _outputs: (
        "The ½ is there to cancel the 2 of the derivative: it makes every gradient half as large."
    ),
    sign_words=_ERROR_SIGN,
    logarithm=None,
    lost_constant=LostConstant(
        title="the ½ of the loss forgotten",
        without=lambda gradient: multiply(Number(2.0), gradient),
        why="The ½ cancels the 2: without it {what} is doubled.",
        no_difference="",
        is_half=True,
    ),
    pytorch=summed_in_pytorch("mse_loss(prediction, y", averages_outputs=False, half="0.5 * "),
    keras=_summed_in_keras(half="0.5 * "),
    jax="0.5 * jnp.sum((a - y) ** 2, axis=1)",
    words=NO_MORE_WORDS._replace(
        constant="The ½ and the 2 of the square cancel: that is what the ½ is for.",
        slope_rule="A square u² has the slope 2 · u, and the ½ before it makes that u: "
        "u is the error ŷ − y here.",
    ),
    functions=NO_FUNCTIONS,
)


MEAN_SQUARED_ERROR = Loss(
    name="mean_squared_error",
    short_title="mean (ŷ − y)²",
    shortest_title="MSE",
    term=_square,
    averages_outputs=True,
    hyperparameters=(),
    needs=None,
    convention=lambda _outputs: (
        "The mean of the squared errors of the outputs, without a ½, as in PyTorch and Keras."
    ),
    sign_words=_ERROR_SIGN,
    logarithm=None,
    lost_constant=_LOST_TWO,
    pytorch=summed_in_pytorch("mse_loss(prediction, y", averages_outputs=True),
    keras=lambda _outputs: ("losses = keras.losses.mean_squared_error(y, prediction)",),
    jax="jnp.mean((a - y) ** 2, axis=1)",
    words=NO_MORE_WORDS._replace(
        constant="The 2 comes from the square; the mean divides by the number of outputs.",
        slope_rule="A square u² has the slope 2 · u, and the mean over the outputs divides that by their "
        "number: u is the error ŷ − y here.",
    ),
    functions=NO_FUNCTIONS,
)


ABSOLUTE_ERROR = Loss(
    name="absolute_error",
    short_title="|ŷ − y|",
    shortest_title="|ŷ−y|",
    term=lambda prediction, target: apply("absolute", subtract(prediction, target)),
    averages_outputs=False,
    hyperparameters=(),
    needs=None,
    convention=lambda outputs: (
        "The absolute error counts how far ŷ is off, not its square: one far off counts for less."
        if outputs == 1
        else "The absolute errors of the outputs are added up."
    ),
    sign_words=(
        "It is the sign of ŷ − y: {sign}, because the prediction is too {size}.",
        "By how much does not matter: near the target the steps are as long as far away.",
    ),
    logarithm=None,
    lost_constant=no_constant("the absolute error"),
    pytorch=summed_in_pytorch("l1_loss(prediction, y", averages_outputs=False),
    keras=lambda _outputs: ("losses = tf.reduce_sum(tf.abs(prediction - y), axis=1)",),
    jax="jnp.sum(jnp.abs(a - y), axis=1)",
    words=NO_MORE_WORDS,
    functions=NO_FUNCTIONS,
)


HUBER = Loss(
    name="huber",
    short_title="Huber(ŷ − y)",
    shortest_title="Huber",
    term=lambda prediction, target: apply("huber", subtract(prediction, target), Name("delta")),
    averages_outputs=False,
    hyperparameters=(
        Hyperparameter(
            "huber_delta",
            "delta",
            1.0,
            "above 0",
            "where Huber's loss goes over into a straight line",
            "square up to here, then straight",
        ),
    ),
    needs=None,
    convention=lambda outputs: (
        "Huber's loss is ½(ŷ − y)² up to an error of δ, and the straight line δ(|ŷ − y| − ½δ) beyond."
        + ("" if outputs == 1 else " The outputs are added up.")
    ),
    sign_words=(
        "The error ŷ − y is {sign}: the prediction is too {size}.",
        "Up to δ the gradient is the error itself; beyond, it is δ or −δ: what is far off does not rule.",
    ),
    logarithm=None,
    lost_constant=no_constant("the slope of Huber's loss"),
    pytorch=summed_in_pytorch("huber_loss(prediction, y, delta={delta}", averages_outputs=False),
    keras=lambda _outputs: (
        "error, size = prediction - y, tf.abs(prediction - y)",
        "terms = tf.where(size <= {delta}, 0.5 * error**2, {delta} * (size - 0.5 * {delta}))",
        "losses = tf.reduce_sum(terms, axis=1)",
    ),
    jax="jnp.sum(huber(a - y), axis=1)",
    words=NO_MORE_WORDS,
    functions=NO_FUNCTIONS._replace(
        jax=(
            "def huber(error):",
            "    size = jnp.abs(error)",
            "    return jnp.where(size <= {delta}, 0.5 * error**2, {delta} * (size - 0.5 * {delta}))",
        )
    ),
)
