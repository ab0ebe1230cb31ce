"""What the glossary says of larger models, of other losses and lessons, and of a lesson's own rules."""

from tinynet_tui.engine.expressions import Apply, Expr, Name, names_in
from tinynet_tui.engine.model import Model
from tinynet_tui.engine.names import symbol
from tinynet_tui.rules.activations import activated_in
from tinynet_tui.rules.distance_losses import MEAN_SQUARED_ERROR
from tinynet_tui.rules.losses import compared_pairs, loss_of
from tinynet_tui.rules.optimisers import optimiser_of
from tinynet_tui.rules.piecewise_activations import LINEAR
from tinynet_tui.rules.softmax import SOFTMAX, softmaxes_in
from tinynet_tui.teaching.glossary_here import Here, Meanings, Subject
from tinynet_tui.teaching.numbers import difference


def _softmax(here: Here, said: Meanings) -> None:
    for softmax in softmaxes_in(here.model)[:1]:
        powers = "Powers of e, each divided by the sum of all: they add up to 1"
        said[SOFTMAX.title, "e / S logit"] = f"{powers}, and {here.is_(softmax.outputs[0])}."


def _attention(here: Here, said: Meanings) -> None:
    model = here.model
    # A softmax whose shares are no predictions: it mixes something.
    heads = [at for at in softmaxes_in(model) if not {*at.outputs} & {*model.predictions}]
    bent = [at for at in activated_in(model) if at.function is not LINEAR]
    if bent and (bent[0].is_neuron or heads):
        layers = "Layers of neurons, each of which reads all of the layer before"
        said["MLP", "multi-layer perceptron"] = f"{layers}: here {here.is_(bent[0].name)}."
    for head in heads[:1]:
        said["head, attention", "query, key, value, score"] = (
            "One attention: a query times each key is a score, softmax makes shares of the scores, and they "
            f"mix the values. {here.is_(head.outputs[0])}."
        )
        piece = "A piece of text, such as a word, given as a row of numbers"
        said["token", ""] = f"{piece}: {here.is_(model.inputs[0])}."
        said["causal", "mask masking"] = (
            "Each token reads itself and those before it, never one that comes later. Of the last share: "
            f"{here.is_(head.outputs[-1])}."
        )
    for name in _normed(model)[:1]:
        size = "Divided by its own size: the mean of the squares is 1 then"
        said["normed", "norm"] = f"{size}. {here.is_(name)}."


def _normed(model: Model) -> tuple[str, ...]:
    """The quantities of a model that are others divided by the root of a quantity, in order."""
    formulas = model.formulas

    def is_root(divisor: Expr) -> bool:
        found = formulas.get(divisor.name) if isinstance(divisor, Name) else divisor
        # √2 is no size of anything.
        return isinstance(found, Apply) and found.operation == "root" and bool(names_in(found))

    return tuple(
        name
        for name, found in formulas.items()
        if isinstance(found, Apply) and found.operation == "divide" and is_root(found.arguments[1])
    )


def _other_losses(here: Here, said: Meanings) -> None:
    """The two best known; the model's own loss has its words among those of its rules."""
    if not here.is_cross_entropy:
        said["cross-entropy", "−ln"] = (
            "A loss for probabilities: −ln of the probability given to what is true, so 0 where that is 1."
        )
    if here.is_cross_entropy or any(
        each.outputs == here.model.predictions for each in softmaxes_in(here.model)
    ):
        first = here.is_(here.model.predictions[0])
        said["class, classifier", ""] = (
            "One of the kinds that a sample may be of. A classifier has a probability for each, or, of "
            f"two, for one of them: {first}."
        )
    if not _is_mean_square(here.model):
        pairs = (map(here.moment.value, pair) for pair in compared_pairs(here.model))
        errors = [difference(one, two) for one, two in pairs if one is not None and two is not None]
        squares = sum(error * error for error in errors)
        now = f" Of the errors here it is {here.number(squares / len(errors))}." if errors else ""
        said["MSE, mean squared error", "mean (ŷ − y)²"] = (
            f"A loss for numbers: the mean of all squared errors; of the errors 1 and 3 it is 5.{now}"
        )


def _diagrams(here: Here, said: Meanings) -> None:
    said["graph, diagram", "→4 ←4 ↑7 ↓7 v7"] = (
        f"A drawing of what reads what, with {len(here.model.forward.assignments):,} formulas here. At its "
        "sides →4 or ↓7 says how many columns or rows are out of sight."
    )


def _own_loss(here: Here, said: Meanings) -> None:
    model, loss = here.model, loss_of(here.model)
    if loss is None:
        return
    other = ", MSE" if _is_mean_square(model) else ", cross-entropy" if here.is_cross_entropy else ""
    outputs = len(model.predictions)
    word = f"{loss.name.replace('_', ' ')}{other}"
    said[word, loss.titles(outputs)[-1]] = f"{loss.convention(outputs)} {here.is_('L')}."


def _is_mean_square(model: Model) -> bool:
    """Whether its loss is the mean squared error: that of one output alone is the square, without a ½."""
    predictions, targets = (tuple(map(Name, names)) for names in (model.predictions, model.targets))
    mean = MEAN_SQUARED_ERROR.formula(predictions, targets) if model.loss else None
    return model.forward.loss == mean


def _kept_by_the_optimiser(here: Here, said: Meanings) -> None:
    optimiser = optimiser_of(here.model)
    for state in optimiser.states:
        name, title = f"{state.letter}_{here.parameter}", state.title.format(parameter="a parameter")
        said[f"{optimiser.noun}: {title}", symbol(name)] = f"{state.sentence} {here.is_(name)}."


_OF_OTHER_LESSONS = (
    (SOFTMAX.title, "e / S logit", "softmax-3",
     "Powers of e of numbers, the logits, each divided by the sum of all: they add up to 1"),
    ("recurrent, recurrence", "unrolled", "recurrent",
     "What reads its own last result again, by the same formula each of 2 or more times; unrolled, "
     "each time has formulas of its own"),
    ("convolution", "kernel", "convolution",
     "2 or more numbers, the kernel, go along all places: the same numbers at each"),
    ("GPT, block", "language model", "gpt-block",
     "1 part of what goes on with a text: each word takes up some of the words before it, then goes on "
     "alone"),
    ("RMS", "", "rms-norm", "The root of the mean of the squares: of 1 and 7 it is 5"),
)  # fmt: skip
"""(word, signs, the shipped lesson that shows it, meaning), of what titles name: found whatever is open."""


def _of_other_lessons(_here: Here, said: Meanings) -> None:
    for word, signs, lesson, meaning in _OF_OTHER_LESSONS:
        if not any(word == known for known, _ in said):
            said[word, signs] = f"{meaning}. `tinynet-tui {lesson}` shows it."


MODELS: tuple[Subject, ...] = (
    *(_softmax, _attention, _other_losses, _diagrams),
    *(_own_loss, _kept_by_the_optimiser, _of_other_lessons),
)
