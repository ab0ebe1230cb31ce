"""Softmax, which makes probabilities of all sums of a layer: its row, and where models have it."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from tinynet_tui.engine.expressions import Apply, Expr, Name, add, apply, divide, multiply, subtract
from tinynet_tui.engine.model import Model, Named
from tinynet_tui.engine.stable_forms import StableForm
from tinynet_tui.rules.hyperparameters import Hyperparameter

SHIFT, TOTAL = "m", "S"
"""The largest sum of the layer, and the sum of its powers of e, by name."""


class Softmax(NamedTuple):
    """The one activation function that takes all sums of its layer together."""

    name: str
    """In a lesson's file."""
    title: str
    """Where it stands alone."""
    noun: str
    """Within a sentence."""
    hyperparameters: tuple[Hyperparameter, ...]
    convention: str
    """What has to be agreed on, for the head of a handout."""
    pytorch: str
    """The call in PyTorch, with {z}: the loss takes softmax and logarithm together there."""
    keras: str
    """What a Keras layer is given."""
    keras_function: tuple[str, ...]
    """The lines of a function that this needs in a script."""
    jax: str
    """The expression in JAX, of z."""


SOFTMAX = Softmax(
    name="softmax",
    title="softmax",
    noun="softmax",
    hyperparameters=(),
    convention="The largest sum m is subtracted from all; it cancels, and counts as a constant.",
    pytorch="{z}",
    keras="",
    keras_function=(),
    jax="z",
)


def shift(sums: Sequence[str]) -> Named:
    """The largest of some sums: it is subtracted from each, so that no power of e overflows."""
    return SHIFT, apply("largest", *map(Name, sums))


def exponential(number: int, z: str) -> Named:
    """What a sum becomes: e to its power, after the shift."""
    return f"e{number}", apply("exp", subtract(Name(z), Name(SHIFT)))


def total(count: int) -> Named:
    """The sum of these, of which each output is a share."""
    return TOTAL, add(*(Name(f"e{number}") for number in range(1, count + 1)))


def share(number: int, output: str) -> Named:
    """An output: its share of the sum."""
    return output, divide(Name(f"e{number}"), Name(TOTAL))


def fused(
    sums: Sequence[str], outputs: Sequence[str], targets: Sequence[str]
) -> tuple[tuple[str, StableForm], ...]:
    """What cross-entropy and its gradients come to: Σ y · (ln(S) + (m − z)); Σ y / S by S, ŷ · Σ y − y by z.

    That is how frameworks compute them, who take softmax and logarithm together: no ŷ is divided by.
    """
    places = list(zip(map(Name, sums), map(Name, outputs), map(Name, targets), strict=True))
    log, every = apply("ln", Name(TOTAL)), add(*(y for _, _, y in places))
    # m − z first: it is 0 for the largest z, of whose small loss ln(S) no digit is lost.
    loss = add(*(multiply(y, add(log, subtract(Name(SHIFT), z))) for z, _, y in places))
    by_sums = ((f"dL/d{z.name}", subtract(multiply(output, every), y)) for z, output, y in places)
    forms: tuple[Named, ...] = (("L", loss), (f"dL/d{TOTAL}", divide(every, Name(TOTAL))), *by_sums)
    ratio = apply("largest", *(apply("xdivy", y, output) for _, output, y in places))
    return tuple((name, StableForm(ratio, form)) for name, form in forms)


class SoftmaxPlace(NamedTuple):
    """Where a model has a softmax: the names of what it is made of."""

    shift: str | None
    """The largest of its sums, which is subtracted from each; None where nothing is, or another number."""
    total: str
    exponentials: tuple[str, ...]
    sums: tuple[str, ...]
    """What each is a power of e of, without the shift."""
    outputs: tuple[str, ...]

    def number(self, name: str) -> int | None:
        """The number (from 0) of the output that a quantity belongs to; None of what belongs to all."""
        kinds = (self.exponentials, self.sums, self.outputs)
        return next((names.index(name) for names in kinds if name in names), None)


@lru_cache(maxsize=32)
def softmaxes_in(model: Model) -> tuple[SoftmaxPlace, ...]:
    """The softmaxes of a model, told by their formulas: ŷ₁ = e₁ / S, S = e₁ + e₂, e₁ = exp(z₁ − m)."""
    formulas = model.formulas
    found = ((name, *_powers(expression, formulas)) for name, expression in formulas.items())
    return tuple(
        SoftmaxPlace(
            shift if shift and _largest_of(shift, {*sums}, formulas) == {*sums} else None,
            *(total, names, sums, outputs),
        )
        for total, names, sums, shift in found
        if names and len(outputs := tuple(_shares(names, total, formulas))) == len(names)
    )


def _powers(
    expression: Expr, formulas: dict[str, Expr]
) -> tuple[tuple[str, ...], tuple[str, ...], str | None]:
    """(names, their exponents, the shift) where an expression adds up powers of e; else nothing."""
    names, sums, shifts = list[str](), list[str](), set[str | None]()
    terms = expression.arguments if isinstance(expression, Apply) and expression.operation == "add" else ()
    for term in terms:
        match term, formulas.get(term.name) if isinstance(term, Name) else None:
            case Name(name), Apply("exp", (Name(z),)):
                shifts.add(None)
            case Name(name), Apply("exp", (Apply("subtract", (Name(z), Name(shift))),)):
                shifts.add(shift)
            case _:
                return (), (), None
        names.append(name)
        sums.append(z)
    return (tuple(names), tuple(sums), shifts.pop()) if len(shifts) == 1 else ((), (), None)


def _largest_of(shift: str, sums: set[str], formulas: dict[str, Expr]) -> set[str]:
    """The sums that a quantity is the largest of, however it takes larger ones; and "" where of others."""
    found, seen, left = set[str](), set[str](), list[Expr]([Name(shift)])
    while left:
        match left.pop():
            case Name(name) if name in sums:
                found.add(name)
            case Name(name) if name in formulas:
                left += () if name in seen else (formulas[name],)
                seen.add(name)
            case Apply("larger" | "largest", arguments):
                left += arguments
            case _:
                found.add("")
    return found


def _shares(names: tuple[str, ...], total: str, formulas: dict[str, Expr]) -> Iterator[str]:
    for name in names:
        wanted = divide(Name(name), Name(total))
        yield from (output for output, expression in formulas.items() if expression == wanted)
