"""What the glossary says of training: passes, learning rate, e, ln, ends of numbers, samples, handouts."""

from tinynet_tui.engine.names import symbol
from tinynet_tui.rules.optimisers import optimiser_of
from tinynet_tui.rules.softmax import softmaxes_in
from tinynet_tui.teaching.glossary_here import Here, Meanings, Subject


def _passes(here: Here, said: Meanings) -> None:
    model, steps = here.model, len(here.model.forward.assignments)
    start, each = ("the inputs", ", for each sample") if model.inputs else ("what is given", "")
    said["forward", ""] = f"From {start} to the loss, step by step: {steps} steps, and the loss{each}."
    said["backward, backpropagation", ""] = (
        "Backpropagation: from the loss back, each derivative is worked out once, "
        f"and all {len(model.parameter_names):,} gradients come of it. Nothing changes yet."
    )
    said["update, training", "←"] = (
        "Forward, loss, backward, and then new values for all parameters, all from the old ones: what stands "
        "before ← becomes what stands after it. "
        f"This is update {here.moment.session.update:,}."
    )
    said["check", ""] = (
        "The last step of an update: forward once more with the new values, to see whether L fell. "
        f"Here it is step {len(here.moment.program):,}."
    )


def _descent(here: Here, said: Meanings) -> None:
    moment = here.moment
    said["learning rate", "η eta"] = (
        f"How long a step is: a parameter moves against its gradient, by η times that. Now η = {here.rate}."
    )
    said["descent", ""] = (
        "Gradient descent: every parameter takes a step against its gradient, so that the loss falls; "
        f"before this update {symbol(here.parameter)} {here.equals(moment.given[here.parameter])}."
    )
    if optimiser_of(here.model).is_plain:
        promise = (
            f"If no slope changed on the way, L would change by −η‖∇L‖² {here.equals(moment.trace.promised)}."
            if moment.phase == "check"
            else f"{here.is_(here.gradient)}. −η‖∇L‖² would be the change of L if no slope changed."
        )
        said["promise of the gradients, nabla", "‖∇L‖²"] = (
            f"‖∇L‖² is the sum of all squared gradients. {promise}"
        )


def _powers_of_e(here: Here, said: Meanings) -> None:
    has_chances = softmaxes_in(here.model) or here.is_cross_entropy
    number = here.model.predictions[-1] if has_chances else "eta"
    said["ln", "log"] = (
        "The power that e takes to come to u: ln(e^u) = u, so ln(1) = 0. Of a number between 0 "
        f"and 1 it is below 0, and its slope at u is 1 / u. {here.is_of('ln', number)}"
    )
    said["e, exp", "e^u"] = (
        "e ≈ 2.718. e^u, or exp(u), is above 0 for every u, and is its own slope: where it is 2, it changes "
        f"2 times as much as u. {here.is_of('exp', here.parameter)}"
    )


def _larger(here: Here, said: Meanings) -> None:
    if any(f"{name}(" in formula for formula in here.formulas for name in ("max", "min")):
        said["max, min", ""] = (
            f"max(u, v) is the larger of two numbers, min(u, v) the smaller: max(1, 2) = 2. {here.is_('L')}."
        )


def _ends_of_numbers(here: Here, said: Meanings) -> None:
    said["overflow", "inf"] = (
        "When a number is too large for its 64 bits, which end near 1.8 · 10³⁰⁸: it becomes inf. "
        f"Here {here.is_('L')}."
    )
    said["diverged, bits", "inf nan"] = (
        "Numbers that grow without end: inf is too large for the 64 bits of a number, nan is no number. "
        f"A smaller η helps; here it is {here.rate}."
    )


def _samples(here: Here, said: Meanings) -> None:
    setup, model = here.moment.setup, here.model
    if not (model.inputs or model.targets):
        return
    count, batch = len(setup.inputs), len(here.moment.program.samples)
    targets = " with its targets" * bool(model.targets)
    here_are = f"are {count:,}" if count > 1 else "is 1"
    w = "w" if model.noun == "weight" else "p"
    of_one = f" L⁽¹⁾ and ∂L/∂{w}⁽¹⁾ are those of sample 1, whose {model.noun}s are those of all."
    said["sample", "⁽¹⁾"] = f"One row of inputs{targets}; here {here_are}.{of_one * (count > 1)}"
    said["batch", "mean L"] = f"The samples that share one update: {batch:,} in this one."
    said["epoch", ""] = f"As many updates as it takes to use every sample once: here {setup.batches:,}."


def _handouts(here: Here, said: Meanings) -> None:
    said["handout, worksheet", ""] = (
        f"An update on paper, here of {len(here.moment.program):,} steps; {here.keys.of('handout')} writes "
        "it. A worksheet has blanks to fill in: `tinynet-tui trace LESSON --format markdown --blank` prints "
        "it, `tinynet-tui mark` marks it."
    )


def _of_the_lesson(here: Here, said: Meanings) -> None:
    model = here.model
    if notes := [note for note in here.moment.session.lesson.notes if note.kind != "private"]:
        said["note", "» >"] = (
            f"What the lesson says of a step stands after this sign; notes here: {len(notes):,}."
        )
    if frozen := len(model.parameters) - len(model.trained_parameters):
        said["frozen", ""] = (
            f"A parameter that no update changes: {frozen:,} of {len(model.parameters):,} here."
        )
    if counted := [parameter.of for parameter in model.parameters if "L2" in parameter.penalties]:
        noun = "weight" if all(of.kind == "weight" for of in counted) else "parameter"
        said["L2", "λ L2"] = (
            f"Half of λ times each squared {noun}, added to the loss, so that {noun}s stay small: "
            f"λ = {here.number(here.moment.setup.hyperparameters.l2)}."
        )


TRAINING: tuple[Subject, ...] = (
    *(_passes, _descent, _powers_of_e, _larger),
    *(_ends_of_numbers, _samples, _handouts, _of_the_lesson),
)
