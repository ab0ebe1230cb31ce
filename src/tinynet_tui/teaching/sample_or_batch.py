"""What a loss or a gradient is of, in a word or a sign: one sample, or a whole batch."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tinynet_tui.engine.expression_reading import letter
from tinynet_tui.engine.expressions import Name
from tinynet_tui.engine.model import Model, Setup
from tinynet_tui.engine.names import sample_mark
from tinynet_tui.engine.program import Program

if TYPE_CHECKING:
    from tinynet_tui.session.moment import Moment


def marked(symbol: str, moment: Moment) -> str:
    """The symbol of a quantity of the sample on screen: among several in the batch, with its number.

    Example: L⁽²⁾.
    """
    return symbol + sample_mark(moment.sample) if len(moment.program.samples) > 1 else symbol


def belongs_to_a_sample(program: Program, name: Name) -> bool:
    """Whether each sample has its own value of what is read under a name; parameters are shared."""
    given = (*program.model.inputs, *program.model.targets)
    return name.sample is None and (program.sample_position(name.name) is not None or name.name in given)


def letter_in(program: Program, sample: int | None) -> Callable[[Name], str]:
    """How names are written in a step of a sample: among several in the batch, its own with its number.

    Example: w₅ · h₁⁽²⁾ + b₃.
    """

    def text_of(name: Name) -> str:
        is_own = sample and len(program.samples) > 1 and belongs_to_a_sample(program, name)
        return letter(name._replace(sample=sample) if is_own else name)

    return text_of


def joined(symbol: str, model: Model, samples: int, penalties: tuple[str, ...] | None = None) -> str:
    """The symbol of what a batch makes of its samples' own: mean L, sum L, mean L + L2; of one alone, L.

    penalties: the regularisation that is a part of it, where that is not all of the model's.
    """
    words = (model.reduction, symbol) if samples > 1 else (symbol,)
    added = model.penalties if penalties is None else penalties
    return " ".join((*words, *(f"+ {name}" for name in added)))


def joined_gradient(model: Model, samples: int) -> str:
    """What heads the gradients that a batch makes of its samples' own, in few cells.

    Example: mean ∂L, sum ∂+L2; of one sample alone, ∂L or ∂+L2.
    """
    gradient = "".join(("∂", *(f"+{name}" for name in model.penalties))) if model.penalties else "∂L"
    return f"{model.reduction} {gradient}" if samples > 1 else gradient


def of_batch(moment: Moment) -> str:
    """How the batch's gradients come from its samples' own: mean of 4, sum of 4, with L2; else nothing."""
    samples, model = len(moment.program.samples), moment.model
    words = f"{model.reduction} of {samples}" if samples > 1 else ""
    return " ".join(word for word in (words, *(f"+ {name}" for name in model.penalties)) if word)


def titled(title: str, setup: Setup) -> str:
    """The title of a page whose losses are all over all samples: it says how they are joined, where they are.

    Example: XOR (mean of 4 samples).
    """
    samples, model = len(setup.inputs), setup.model
    words = [f"{model.reduction} of {samples} samples"] if samples > 1 else []
    words += [f"{' and '.join(model.penalties)} added"] if model.penalties else []
    return f"{title} ({', '.join(words)})" if words else title
