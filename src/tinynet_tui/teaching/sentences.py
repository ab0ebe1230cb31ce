"""What to say beside a step: one line that names it, and sentences made of its real numbers.

Each sentence answers a question that learners ask at that step; the first is the one to show where there is
room for one only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from math import isfinite

from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.steps import Role
from tinynet_tui.networks.initial import NOT_ALIVE, is_alive, levels_reached
from tinynet_tui.session.moment import Moment
from tinynet_tui.teaching import backward, forward, updating
from tinynet_tui.teaching.nudge import MOST_IN_PRINT, nudge_lines
from tinynet_tui.teaching.of_softmax import softmax_words
from tinynet_tui.teaching.step_in_moment import Explanation, StepInMoment


def explanation(moment: Moment) -> Explanation:
    """The words for a moment, from its own numbers."""
    step = moment.step
    if step is None:
        return Explanation("what is given at the start", tuple(_given(moment)))
    about = StepInMoment(moment, step)
    title, sentences = _BY_ROLE[step.role](about)
    if step.role != "check" and not isfinite(about.value):
        # No other sentence means anything with inf or nan in it.
        return Explanation(title, tuple(forward.not_finite_sentences(about)))
    return softmax_words(about) or Explanation(title, tuple(sentences))


def said(moment: Moment) -> tuple[str, ...]:
    """All that there is to say of a moment: at a gradient what a nudge brings, and then the sentences."""
    return (*nudge_lines(moment, MOST_IN_PRINT), *explanation(moment).sentences)


ABOUT_DOTS = "A dot stands for what is not known yet."
"""What pictures need to have said, and lines of text do not."""


def sentences_in_print(moment: Moment) -> tuple[str, ...]:
    """The sentences for a moment where no dot stands for what is not known: on paper, in lines of text."""
    sentences = said(moment)
    return sentences if moment.step else tuple(text for text in sentences if ABOUT_DOTS not in text)


def about_the_start(moment: Moment) -> Iterator[str]:
    """What is said of initial weights that little or nothing can be learned from."""
    if _is_a_drawn_start(moment) and moment.trace.loss_before != 0 and not is_alive(moment.setup):
        if levels_reached(moment.setup):
            yield f"In this start {NOT_ALIVE}."
        else:
            yield "This start is dead: every gradient is 0, so nothing can be learned from it."


def _given(moment: Moment) -> Iterator[str]:
    yield from about_the_start(moment)
    changed = [symbol(edit.name) for edit in moment.session.edits if edit.update == moment.session.update]
    before = moment.session.update - 1
    begun = "as the lesson gives it" if moment.session.seed is None else "as the random start has it"
    rest = f"as update {before} left it" if before else begun
    if changed:
        verb = "was" if len(changed) == 1 else "were"
        yield f"Here {', '.join(changed)} {verb} changed; all else is {rest}."
    elif before:
        yield f"Every parameter is {rest}."
    else:
        targets = "targets" if len(moment.model.targets) > 1 else "target"
        named = (("inputs", moment.model.inputs), (targets, moment.model.targets))
        given = [noun for noun, names in named if names]
        data = ", ".join((*given, "parameters")) if given else "the parameters"
        yield f"{data[0].upper()}{data[1:]} are given. {ABOUT_DOTS}"
    samples = moment.program.samples
    total = len(moment.setup.inputs)
    if len(samples) > 1:
        which = f"all {total}" if len(samples) == total else f"{len(samples)} of {total}"
        yield (
            f"This update learns from {which} samples: each goes forward and backward, "
            f"then the {moment.model.reduction} of their gradients is used."
        )
    elif total > 1:
        yield f"This update learns from sample {samples[0]} of {total}."
    else:
        yield "One update: forward, loss, backward, update, and a check: did the loss fall?"


def _is_a_drawn_start(moment: Moment) -> bool:
    """Whether this is the start of training, and its weights come from a recipe."""
    session = moment.session
    return session.update == 1 and not session.edits and bool(session.seed or session.lesson.is_drawn)


_BY_ROLE: dict[Role, Callable[[StepInMoment], tuple[str, Iterable[str]]]] = {
    "value": forward.value_words,
    "loss": lambda about: (forward.loss_title(about), forward.loss_sentences(about)),
    "local": lambda about: (backward.local_title(about), backward.local_sentences(about)),
    "gradient": lambda about: (backward.gradient_title(about), backward.gradient_sentences(about)),
    "state": updating.state_words,
    "update": lambda about: (f"{symbol(about.step.name)} takes its step", updating.update_sentences(about)),
    "check": lambda about: ("did the loss fall?", updating.check_sentences(about)),
}
"""Title and sentences of a step; the sentences are not worked out before they are asked for."""


def notes(moment: Moment, only_questions: bool = False) -> tuple[str, ...]:
    """The teacher's words for this moment: those at its step, and those at a phase that begins here.

    They are about the lesson as it was written, so none once its numbers have been changed. Private ones are
    for the leader's own screen alone.
    """
    if moment.session.is_edited:
        return ()
    step, number = moment.step, moment.session.step
    first_of_phase = step is None or number == 1 or moment.program.step(number - 1).phase != step.phase
    places = {step.name if step else "given"} | ({moment.phase} if first_of_phase else set())
    told = (
        {"question"}
        if only_questions
        else {"note", "question", *(["private"] if moment.session.leads else [])}
    )
    update = moment.session.update
    return tuple(
        note.text
        for note in moment.session.lesson.notes
        if note.at in places and note.kind in told and note.update in (None, update)
    )
