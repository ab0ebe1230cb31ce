"""A handout before any format marks it up: its head, and part by part each update worked out.

Its formulas are spelled in the format's notation already; its words are plain text, for the format to escape.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from tinynet_tui.engine.trace import Trace
from tinynet_tui.handouts.conventions import Fact, facts_of
from tinynet_tui.handouts.request import Diagram, Request
from tinynet_tui.handouts.updates import HandoutUpdate, handout_updates
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.session.moment import Moment, moment_in
from tinynet_tui.session.session import Session
from tinynet_tui.teaching.card import promise_formula, promise_words
from tinynet_tui.teaching.notation import Notation
from tinynet_tui.teaching.nudge import APART, MOST_IN_PRINT, nudge_lines
from tinynet_tui.teaching.numbers import difference
from tinynet_tui.teaching.sentences import about_the_start, explanation, notes, sentences_in_print
from tinynet_tui.teaching.step_line import StepLine


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a handout: title, name, and what is given."""

    title: str
    about: str
    """The lesson's own words; a worksheet has none, for they may tell a result."""
    student: str
    is_worksheet: bool
    facts: tuple[Fact, ...]
    diagram: Diagram | None


@dataclass(frozen=True, slots=True)
class Update:
    """The beginning of an update."""

    number: int
    sentences: tuple[str, ...]
    notes: tuple[str, ...]
    """The teacher's words."""


@dataclass(frozen=True, slots=True)
class Item:
    """A step with the words beside it."""

    place: str
    """Where it is found in the app: 1.18."""
    title: str
    """What the step is, or asks; it tells no result."""
    line: StepLine
    sentences: tuple[str, ...]
    """Why it is so; none where they could tell what is to be filled in."""
    notes: tuple[str, ...]
    """The teacher's words."""

    @property
    def sides(self) -> tuple[str, ...]:
        """Its formula in parts: quantity, "= letters", "= numbers", "= value", without the empty ones."""
        return tuple(filter(None, self.line.parts))


@dataclass(frozen=True, slots=True)
class Section:
    """The steps of one phase, of one sample or of the whole batch."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What an update has done, as a table and the results below it."""

    columns: tuple[str, ...]
    """What heads the numbers."""
    rows: tuple[tuple[str, ...], ...]
    """A formula, the parameter's name, and its numbers."""
    totals: tuple[tuple[str, str], ...]
    """(words, a formula "= value")."""


Part = Head | Update | Section | Summary


def parts(request: Request, notation: Notation) -> Iterator[Part]:
    """The handout that is asked for, each part when its turn comes."""
    lesson = request.lesson
    here = request.here
    setup = setup_of(lesson) if here is None else replace(here.setup, parameters=here.trace.start.parameters)
    facts = tuple(facts_of(setup, request.digits, notation))
    about = "" if request.is_worksheet else lesson.about
    yield Head(lesson.title, about, request.student, request.is_worksheet, facts, request.diagram)
    for update in handout_updates(request):
        if request.shown.numbers(update.trace.program):
            yield _beginning(update)
            yield from _sections(update, notation)
        if request.shown.is_open:
            yield _summary(update, notation)


def _moment(update: HandoutUpdate, number: int) -> Moment:
    """The moment in the app at which a step is done, with the digits of the handout."""
    request, at = update.request, update.trace.start.update
    session = request.here.session.bare if request.here is not None else Session(request.lesson)
    return moment_in(replace(session, update=at, step=number, digits=request.digits), update.trace)


def _beginning(update: HandoutUpdate) -> Update:
    here = _moment(update, 0)
    sentences = sentences_in_print(here)
    if not update.request.is_worksheet:
        return Update(here.session.update, sentences, notes(here))
    # That a start is dead would tell gradients which are to be filled in.
    told = set(about_the_start(here))
    return Update(
        here.session.update,
        tuple(text for text in sentences if text not in told),
        notes(here, only_questions=True),
    )


def _sections(update: HandoutUpdate, notation: Notation) -> Iterator[Section]:
    """The sections of an update; what was said of the sample before is not said again."""
    program = update.trace.program
    said, said_before = set[str](), set[str]()
    before: int | None = 0
    for (position, phase), numbers in groupby(
        update.step_numbers(), key=lambda number: (program.place(number)[0], program.step(number).phase)
    ):
        if position != before:
            said, said_before, before = set(), said, position
        items = []
        for number in numbers:
            sentences, own_notes = _words(update, number)
            fresh = tuple(s for s in sentences if s not in said and s not in said_before)
            said.update(sentences)
            title = explanation(_moment(update, number)).title
            place = f"{update.trace.start.update}.{number}"
            items.append(Item(place, title, update.line(number, notation), fresh, own_notes))
        yield Section(_section_title(update.trace, position, phase), tuple(items))


def _section_title(trace: Trace, position: int | None, phase: str) -> str:
    samples = trace.program.samples
    title = phase.capitalize()
    if position is not None:
        return title if len(trace.setup.inputs) == 1 else f"Sample {samples[position]}: {phase}"
    if phase == "backward":
        return f"{title}: whole gradients" if len(samples) == 1 else f"{title}: all samples joined"
    return title


def _words(update: HandoutUpdate, number: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(sentences, notes) of a step; on a worksheet only those that cannot tell what is to be filled in.

    Why a value is 0, what the check found and what the samples' losses become is told from values that the
    step itself does not read; and the teacher's words may tell any, but for questions.
    """
    here = _moment(update, number)
    if not update.request.is_worksheet:
        nudged = (
            f"{line.replace(APART, '; ').removesuffix('.')}." for line in nudge_lines(here, MOST_IN_PRINT)
        )
        return (*nudged, *explanation(here).sentences), notes(here)
    step = update.trace.program.step(number)
    tells_more = step.role == "check" or (step.role == "gradient" and step.sample is None)
    is_open = not update.is_blank(number) and not update.gaps(number)
    is_safe = is_open and update.trace.value(number) != 0 and not tells_more
    return explanation(here).sentences if is_safe else (), notes(here, only_questions=True)


def _summary(update: HandoutUpdate, notation: Notation) -> Summary:
    trace, digits = update.trace, update.request.digits
    program, model = trace.program, trace.setup.model
    last = len(program)
    losses = [number for number in range(1, last) if program.step(number).role == "loss"]
    is_loss_hidden = any(map(update.is_blank, losses))
    label = f"The change if the slope stayed the same, {promise_formula(model)} ({promise_words(model)}):"
    totals = (
        ("The loss before the update:", None if is_loss_hidden else trace.loss_before),
        ("The loss after it:", None if update.is_blank(last) else trace.loss_after),
        (label, None if update.request.is_worksheet else trace.promised),
    )
    return Summary(
        ("old value", "∂L/∂p", "change", "new value"),
        tuple(_changes(update, notation)),
        tuple((words, notation.result(value, digits)) for words, value in totals),
    )


def _changes(update: HandoutUpdate, notation: Notation) -> Iterator[tuple[str, ...]]:
    """What an update does to each parameter: its name, old value, gradient, change and new value."""
    trace, program = update.trace, update.trace.program
    values = zip(trace.start.parameters, trace.parameters_after, strict=True)
    for parameter, (old, new) in zip(program.model.parameters, values, strict=True):
        name = parameter.name
        gradient, assigned = program.number(f"dL/d{name}"), program.number(name)
        no_old, no_gradient = name in update.blanks.carried, update.is_blank(gradient)
        no_new = update.is_blank(assigned)
        known = (
            None if no_old else old,
            None if no_gradient else trace.gradient(name),
            None if no_old or no_gradient or no_new else difference(new, old),
            None if no_new else new,
        )
        numbers = [notation.number_or_gap(number, update.request.digits) for number in known]
        is_frozen = assigned is None
        yield (notation.symbol(name), *numbers[:2], *([notation.frozen] * 2 if is_frozen else numbers[2:]))
