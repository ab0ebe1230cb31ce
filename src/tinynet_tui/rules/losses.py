"""The losses: a row for each, with its formula, its words, its limits and how frameworks spell it.

To add one, write its row here and put it into `LOSSES`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tinynet_tui.engine.expressions import (
    ONE,
    Apply,
    Expr,
    Number,
    add,
    apply,
    divide,
    multiply,
    negative,
    subtract,
)
from tinynet_tui.engine.model import Model
from tinynet_tui.rules.activations import SIGMOID, Activation


class Needs(NamedTuple):
    """What a loss needs of the network and of its data."""

    noun: str
    """The loss within a sentence: "cross-entropy"."""
    last_activation: Activation
    lowest_target: float
    highest_target: float

    def allows(self, target: float) -> bool:
        """Whether a target is in the range."""
        return self.lowest_target <= target <= self.highest_target

    @property
    def targets(self) -> str:
        """What targets must be, in words."""
        return f"from {self.lowest_target:g} to {self.highest_target:g}"


class LostConstant(NamedTuple):
    """The constant that is often forgotten in the derivative of a loss."""

    title: str
    """"the 2 of the square forgotten"."""
    without: Callable[[Expr], Expr]
    """∂L/∂ŷ as it comes out then."""
    why: str
    """Why that is wrong."""
    no_difference: str
    """Why it makes no difference, where the loss has no such constant; else ""."""
    is_half: bool
    """Whether it is a ½ that cancels a 2, so that ∂L/∂ŷ shows neither."""


class Loss(NamedTuple):
    """A loss over the outputs of one sample."""

    name: str
    """In a lesson's file: "squared_error"."""
    short_title: str
    """Where there is little room: "mean (ŷ − y)²"."""
    shortest_title: str
    """Where there is least: "MSE"."""
    term: Callable[[Expr, Expr], Expr]
    """What one output adds, from (its prediction, its target)."""
    averages_outputs: bool
    """Whether it is the mean of these over the outputs; else their sum."""
    needs: Needs | None
    convention: Callable[[int], str]
    """Which of the losses that go by similar names it is, by the number of outputs."""
    sign_words: tuple[str, ...]
    """What the sign of ∂L/∂ŷ says, with {sign} for it and {size} for how the prediction is."""
    constant_words: str
    """Where the constants of ∂L/∂ŷ come from; "" where there are none."""
    at_output_0: str
    """What it comes to for one prediction of 0, in letters; "" where that is not told."""
    has_logarithm: bool
    """Whether it is inf where a prediction is rounded to the answer that the target rules out."""
    lost_constant: LostConstant
    pytorch: Callable[[int, bool], tuple[str, ...]]
    """(outputs, whether a batch is averaged) -> lines for the loss of a batch; the last is an expression."""
    pytorch_function: tuple[str, ...]
    """The lines of a function that this needs in a script."""
    keras: Callable[[int], tuple[str, ...]]
    """(outputs) -> lines for the losses of the samples."""
    jax: str
    """The losses of the samples, of the outputs `a` and the targets `y`."""
    jax_function: tuple[str, ...]
    """The lines of a function that this needs in a script."""

    def formula(self, predictions: tuple[Expr, ...], targets: tuple[Expr, ...]) -> Expr:
        """The loss of some predictions and their targets."""
        total = add(*map(self.term, predictions, targets))
        return divide(total, Number(float(len(predictions)))) if self.averages_outputs else total


def _square(prediction: Expr, target: Expr) -> Expr:
    return apply("square", subtract(prediction, target))


_ERROR_SIGN = (
    "The error ŷ − y is {sign}: the prediction is too {size}.",
    "It is ŷ − y, not y − ŷ, so that its sign says which way the loss grows.",
)


def _without_two(expr: Expr) -> Expr:
    match expr:
        case Apply("multiply", (Number(2.0), *factors)):
            return multiply(*factors)
        case Apply("share", (top, count)):
            return divide(_without_two(top), count)
    return expr


_LOST_TWO = LostConstant(
    title="the 2 of the square forgotten",
    without=_without_two,
    why="(u²)′ is 2 · u: without the 2 every gradient is halved.",
    no_difference="",
    is_half=False,
)


def _squares_in_pytorch(half: str, averages_outputs: bool) -> Callable[[int, bool], tuple[str, ...]]:
    """Lines for squares that are added up, or averaged, over the outputs."""

    def lines(outputs: int, is_mean: bool) -> tuple[str, ...]:
        loss, averaged = f"{half}nn.functional.mse_loss(prediction, y", averages_outputs or outputs == 1
        if is_mean and averaged:
            return (f"{loss})",)
        if is_mean:
            why = "The sum over the outputs, the mean over the samples: mse_loss alone would average both."
            return (f"# {why}", f'{loss}, reduction="sum") / len(x)')
        shared = f" / {outputs}" if averaged and outputs > 1 else ""
        return (f'{loss}, reduction="sum"){shared}',)

    return lines


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
    needs=None,
    convention=lambda outputs: (
        "The squared error has no ½; for one sample and one output it is the MSE too."
        if outputs == 1
        else "The squared errors of the outputs are added up, without a ½."
    ),
    sign_words=_ERROR_SIGN,
    constant_words="The 2 comes from the square: the derivative of u² is 2 · u.",
    at_output_0="y²",
    has_logarithm=False,
    lost_constant=_LOST_TWO,
    pytorch=_squares_in_pytorch(half="", averages_outputs=False),
    pytorch_function=(),
    keras=_summed_in_keras(half=""),
    jax="jnp.sum((a - y) ** 2, axis=1)",
    jax_function=(),
)


HALF_SQUARED_ERROR = Loss(
    name="half_squared_error",
    short_title="½ (ŷ − y)²",
    shortest_title="½(ŷ−y)²",
    term=lambda prediction, target: multiply(Number(0.5), _square(prediction, target)),
    averages_outputs=False,
    needs=None,
    convention=lambda _outputs: (
        "The ½ is there to cancel the 2 of the derivative: it makes every gradient half as large."
    ),
    sign_words=_ERROR_SIGN,
    constant_words="The ½ and the 2 of the square cancel: that is what the ½ is for.",
    at_output_0="",
    has_logarithm=False,
    lost_constant=LostConstant(
        title="the ½ of the loss forgotten",
        without=lambda gradient: multiply(Number(2.0), gradient),
        why="The ½ cancels the 2: without it every gradient is doubled.",
        no_difference="",
        is_half=True,
    ),
    pytorch=_squares_in_pytorch(half="0.5 * ", averages_outputs=False),
    pytorch_function=(),
    keras=_summed_in_keras(half="0.5 * "),
    jax="0.5 * jnp.sum((a - y) ** 2, axis=1)",
    jax_function=(),
)


MEAN_SQUARED_ERROR = Loss(
    name="mean_squared_error",
    short_title="mean (ŷ − y)²",
    shortest_title="MSE",
    term=_square,
    averages_outputs=True,
    needs=None,
    convention=lambda _outputs: (
        "The mean of the squared errors of the outputs, without a ½, as in PyTorch and Keras."
    ),
    sign_words=_ERROR_SIGN,
    constant_words="The 2 comes from the square; the mean divides by the number of outputs.",
    at_output_0="",
    has_logarithm=False,
    lost_constant=_LOST_TWO,
    pytorch=_squares_in_pytorch(half="", averages_outputs=True),
    pytorch_function=(),
    keras=lambda _outputs: ("losses = keras.losses.mean_squared_error(y, prediction)",),
    jax="jnp.mean((a - y) ** 2, axis=1)",
    jax_function=(),
)


def _cross_entropy(prediction: Expr, target: Expr) -> Expr:
    return negative(
        add(
            apply("xlogy", target, prediction),
            apply("xlogy", subtract(ONE, target), subtract(ONE, prediction)),
        )
    )


def _cross_entropy_in_pytorch(outputs: int, is_mean: bool) -> tuple[str, ...]:
    return (
        "# nn.functional.binary_cross_entropy is this, but limited where the prediction is near 0 or 1.",
        "terms = -(xlogy(y, prediction) + xlogy(1 - y, 1 - prediction))",
        "terms.mean()" if is_mean else f"terms.sum() / {outputs}",
    )


def _cross_entropy_in_keras(_outputs: int) -> tuple[str, ...]:
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
    term=_cross_entropy,
    averages_outputs=True,
    needs=Needs(noun="cross-entropy", last_activation=SIGMOID, lowest_target=0, highest_target=1),
    convention=lambda _outputs: (
        "Cross-entropy: the smaller the probability given to the true answer, the larger the loss."
    ),
    sign_words=(
        "It is {sign}: ŷ is too {size}.",
        "The less ŷ gives to the true answer, the larger the gradient is in size.",
    ),
    constant_words="",
    at_output_0="",
    has_logarithm=True,
    lost_constant=LostConstant(
        title="a 2 or a ½ forgotten",
        without=_without_two,
        why="",
        no_difference="No difference: cross-entropy has neither a 2 nor a ½.",
        is_half=False,
    ),
    pytorch=_cross_entropy_in_pytorch,
    pytorch_function=(
        "def xlogy(x, y):",
        "    # 0 * ln(0) and its gradient are 0; torch.xlogy has nan for that gradient.",
        "    return x * torch.log(y.masked_fill(x == 0, 1.0))",
    ),
    keras=_cross_entropy_in_keras,
    jax="jnp.mean(-(xlogy(y, a) + xlogy(1 - y, 1 - a)), axis=1)",
    jax_function=(
        "def xlogy(x, y):",
        "    # 0 * ln(0) and its gradient are 0; the gradient of jax.scipy.special.xlogy is nan there.",
        "    return x * jnp.log(jnp.where(x == 0, 1.0, y))",
    ),
)


LOSSES = {
    row.name: row for row in (SQUARED_ERROR, HALF_SQUARED_ERROR, MEAN_SQUARED_ERROR, BINARY_CROSS_ENTROPY)
}
"""Every loss, by its name in a lesson's file."""


def loss_of(model: Model) -> Loss | None:
    """The loss of a model; None where it is a formula of its own."""
    return LOSSES[model.loss] if model.loss else None
