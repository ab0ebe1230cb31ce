"""A moment as plain lines, each of which begins with words: to be read aloud, or sent over a slow line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from tinynet_tui.engine.names import symbol
from tinynet_tui.prediction.question import Question, feedback
from tinynet_tui.session.moment import Moment
from tinynet_tui.teaching.numbers import sign_and_number
from tinynet_tui.teaching.sentences import explanation, notes, sentences_in_print
from tinynet_tui.teaching.step_line import StepLine, step_line

_IN_A_LINE = 4
"""Parameters, so that a line with them is not broken."""


def told_lines(moment: Moment) -> Iterator[str]:
    """All that there is to say at a moment: what is given, or the step, and why it is so."""
    if moment.step is None:
        yield from given_lines(moment)
    else:
        yield _heading(moment)
        yield from _sample_line(moment)
        line = step_line(moment)
        yield from _formula_line(line)
        yield from _numbers_line(line)
        yield f"Result: {line.result}"
    yield from _why(moment)


def question_lines(question: Question, has_heading: bool = True) -> Iterator[str]:
    """What is asked about a step, before it is shown."""
    moment = question.answer
    if has_heading:
        yield _heading(moment)
    yield from _sample_line(moment)
    if question.line.letters and question.level != "diagram":
        yield from _formula_line(question.line)
        yield f"It reads: {', '.join(reading.text for reading in question.reads)}."


def network_lines(question: Question) -> Iterator[str]:
    """What there is to work a step out from where its formula is not shown: as much as a diagram has."""
    there = question.answer
    yield from _sample(there)
    yield from _parameter_lines(there)
    yield f"Learning rate: {_values(there, ['eta'])}."
    known = (
        f"{symbol(step.name)} {_number(there, there.trace.value(number))}"
        for number, step in islice(enumerate(there.program.steps(), start=1), there.session.step - 1)
        if step.role in ("value", "gradient") and step.sample in (there.sample, None)
    )
    if so_far := ", ".join(known):
        yield f"So far: {so_far}."


def answered_lines(moment: Moment) -> Iterator[str]:
    """What there is to say once the step of a moment has been predicted or looked up."""
    line, said = step_line(moment), feedback(moment)
    yield from said
    yield from _numbers_line(line)
    if not any(line.result in sentence for sentence in said):
        yield f"Result: {line.result}"
    yield from _why(moment)


def _heading(moment: Moment) -> str:
    place = f"Step {moment.session.step} of {len(moment.program)}, {moment.phase}"
    title = explanation(moment).title
    return f"{place}: {title}{'' if title.endswith('?') else '.'}"


def given_lines(moment: Moment) -> Iterator[str]:
    """What an update begins with: its sample, its parameters, its learning rate."""
    yield f"Update {moment.session.update}: {explanation(moment).title}."
    yield from _sample(moment)
    yield from _parameter_lines(moment)
    yield f"Learning rate: {_values(moment, ['eta'])}."


def _parameter_lines(moment: Moment) -> Iterator[str]:
    parameters = list(moment.model.parameter_names)
    rows = [parameters[first : first + _IN_A_LINE] for first in range(0, len(parameters), _IN_A_LINE)]
    yield from (f"Parameters: {_values(moment, row)}." for row in rows)


def _sample_line(moment: Moment) -> Iterator[str]:
    """The inputs and targets of a sample, where it follows another one."""
    position, offset = moment.program.place(moment.session.step)
    if position and offset == 0:
        yield from _sample(moment)


def _sample(moment: Moment) -> Iterator[str]:
    """Its inputs and targets; nothing where the loss is a function of the parameters alone."""
    if names := (*moment.model.inputs, *moment.model.targets):
        several = len(moment.setup.inputs) > 1
        which = f"Sample {moment.sample} of {len(moment.setup.inputs)}" if several else "Sample"
        yield f"{which}: {_values(moment, names)}."


def _values(moment: Moment, names: Iterable[str]) -> str:
    """What is given under some names."""
    return ", ".join(f"{symbol(name)} {_number(moment, moment.given[name])}" for name in names)


def _number(moment: Moment, value: float) -> str:
    return sign_and_number(value, moment.session.digits)


def _formula_line(line: StepLine) -> Iterator[str]:
    if line.in_letters:
        yield f"Formula: {line.in_letters}"


def _numbers_line(line: StepLine) -> Iterator[str]:
    if line.numbers and line.letters:
        yield f"In numbers: {line.numbers}"


def _why(moment: Moment) -> Iterator[str]:
    yield from sentences_in_print(moment)
    yield from (f"Note: {note}" for note in notes(moment))
