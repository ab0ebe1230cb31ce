"""What the row of a loss holds: its formula, its words, its limits and how frameworks spell it."""

from collections.abc import Callable
from typing import NamedTuple

from tinynet_tui.engine.expressions import Apply, Expr, Number, add, divide, multiply, negative
from tinynet_tui.rules.hyperparameters import Hyperparameter


class Needs(NamedTuple):
    """What a loss needs of the network and of its data."""

    noun: str
    """The loss within a sentence: "cross-entropy"."""
    last_activation: str
    """The only one it goes with; "" for any."""
    allows: Callable[[float], bool]
    """Whether a number can be a target."""
    targets: str
    """What targets must be, in words."""
    outputs: int
    """The fewest it makes sense for."""


class Logarithm(NamedTuple):
    """The logarithm in a loss, and what it comes with."""

    activation: str
    """What gives the prediction, as a sign: σ."""
    slope: str
    """Its slope: σ′."""
    separate: str
    """What PyTorch does where activation and loss are taken one after the other."""
    together: str
    """What takes both together in PyTorch."""


class LostConstant(NamedTuple):
    """The constant that is often forgotten in the derivative of a loss."""

    title: str
    """"the 2 of the square forgotten"."""
    without: Callable[[Expr], Expr]
    """∂L/∂ŷ as it comes out then."""
    why: str
    """Why that is wrong, with {what} for what it changes."""
    no_difference: str
    """Why it makes no difference, where the loss has no such constant; else ""."""
    is_half: bool
    """Whether it is a ½ that cancels a 2, so that ∂L/∂ŷ shows neither."""


class LossWords(NamedTuple):
    """What is said of some losses and not of others."""

    measure: str
    """What it says, where it does not say how far ŷ is from y; else ""."""
    flat: str
    """What is said where ∂L/∂ŷ is 0 off target; "" where it is 0 on target alone."""
    constant: str
    """Where the constants of ∂L/∂ŷ come from; "" where there are none."""
    slope: str
    """Which sign ∂L/∂ŷ has; "" where that is the sign of ŷ − y."""
    slope_rule: str
    """How ∂L/∂ŷ is worked out, in the words of school algebra; "" where its formula says it all."""
    at_output_0: str
    """What it comes to for one prediction of 0, in letters; "" where that is not told."""


NO_MORE_WORDS = LossWords(measure="", flat="", constant="", slope="", slope_rule="", at_output_0="")


class LossFunctions(NamedTuple):
    """The lines of a function that a loss needs in the script of a framework."""

    pytorch: tuple[str, ...]
    jax: tuple[str, ...]


NO_FUNCTIONS = LossFunctions(pytorch=(), jax=())


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
    hyperparameters: tuple[Hyperparameter, ...]
    needs: Needs | None
    convention: Callable[[int], str]
    """Which of the losses that go by similar names it is, by the number of outputs."""
    sign_words: tuple[str, ...]
    """What the sign of ∂L/∂ŷ says, with {sign} for it and {size} for how the prediction is."""
    logarithm: Logarithm | None
    """Where it has one, it is inf where a prediction is rounded to what the target rules out."""
    lost_constant: LostConstant
    pytorch: Callable[[int, bool], tuple[str, ...]]
    """(outputs, whether a batch is averaged) -> lines for the loss of a batch; the last is an expression.

    In these and the lines below the loss's hyperparameters stand by their names in formulas: {delta}.
    """
    keras: Callable[[int], tuple[str, ...]]
    """(outputs) -> lines for the losses of the samples."""
    jax: str
    """The losses of the samples, of the outputs `a` and the targets `y`."""
    words: LossWords
    functions: LossFunctions

    def titles(self, outputs: int) -> tuple[str, str]:
        """The titles beside a loss over some outputs: a formula is that of one of them, so of more a sum."""
        is_sum = outputs > 1 and not self.averages_outputs
        one, other = (
            f"sum {title}" if is_sum and "ŷ" in title else title
            for title in (self.short_title, self.shortest_title)
        )
        return one, other

    def formula(self, predictions: tuple[Expr, ...], targets: tuple[Expr, ...]) -> Expr:
        """The loss of some predictions and their targets."""
        terms = [*map(self.term, predictions, targets)]
        match terms:
            case [Apply("negative"), _, *_] if not self.averages_outputs:
                total = negative(add(*map(negative, terms)))
            case _:
                total = add(*terms)
        return divide(total, Number(float(len(predictions)))) if self.averages_outputs else total


def without_two(expr: Expr) -> Expr:
    """A derivative without the 2 of a square."""
    match expr:
        case Apply("multiply", (Number(2.0), *factors)):
            return multiply(*factors)
        case Apply("share", (top, count)):
            return divide(without_two(top), count)
    return expr


def no_constant(noun: str) -> LostConstant:
    """What there is to say where a loss has neither a 2 nor a ½."""
    return LostConstant(
        title="a 2 or a ½ forgotten",
        without=without_two,
        why="",
        no_difference=f"No difference: {noun} has neither a 2 nor a ½.",
        is_half=False,
    )


def summed_in_pytorch(
    call: str, averages_outputs: bool, half: str = ""
) -> Callable[[int, bool], tuple[str, ...]]:
    """Lines for a loss of torch that adds up its outputs, or averages them; call: it, up to its options."""

    def lines(outputs: int, is_mean: bool) -> tuple[str, ...]:
        loss, averaged = f"{half}nn.functional.{call}", averages_outputs or outputs == 1
        if is_mean and averaged:
            return (f"{loss})",)
        if is_mean:
            name = call.partition("(")[0]
            why = f"The sum over the outputs, the mean over the samples: {name} alone would average both."
            return (f"# {why}", f'{loss}, reduction="sum") / len(x)')
        shared = f" / {outputs}" if averaged and outputs > 1 else ""
        return (f'{loss}, reduction="sum"){shared}',)

    return lines
