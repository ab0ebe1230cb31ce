"""A handout before any format marks it up: its head, and each update worked out, part by part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from tinynet_tui.engine.trace import Trace
from tinynet_tui.handouts.blanks import Blanks
from tinynet_tui.handouts.heading import Heading, heading_of
from tinynet_tui.handouts.rows import Row, row_of
from tinynet_tui.handouts.sheet import Sheet
from tinynet_tui.handouts.traces import traces
from tinynet_tui.lessons.schema import setup_of
from tinynet_tui.networks.dense import parameters_of
from tinynet_tui.session.moment import Moment, moment_in
from tinynet_tui.session.session import Session
from tinynet_tui.teaching.numbers import difference
from tinynet_tui.teaching.sentences import about_the_start, explanation, notes, sentences_in_print
from tinynet_tui.teaching.updating import promise_formula, promise_words


@dataclass(frozen=True, slots=True)
class Update:
    """The beginning of an update."""

    number: int
    sentences: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A step with the words beside it."""

    row: Row
    title: str
    """What the step is, or asks; it tells no result."""
    sentences: tuple[str, ...]
    """Why it is so; none where they could tell what is to be filled in."""
    notes: tuple[str, ...]
    """The teacher's words."""


@dataclass(frozen=True, slots=True)
class Section:
    """The steps of one phase, of one sample or of the whole batch."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What an update does to a parameter; None: to be filled in."""

    name: str
    old: float | None
    gradient: float | None
    change: float | None
    new: float | None
    is_frozen: bool
    """Whether no update changes it, so that it has no change and no new value."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What an update has done; None: to be filled in."""

    changes: tuple[Change, ...]
    loss_before: float | None
    loss_after: float | None
    promise: str
    """How the change of the loss is computed that an unchanging slope would bring."""
    promise_words: str
    """The same in words."""
    promised: float | None
    """That change."""


Part = Heading | Update | Section | Summary


def parts(sheet: Sheet) -> Iterator[Part]:
    """The handout of a sheet, each part when it is asked for."""
    yield heading_of(sheet)
    blanks = Blanks(sheet.blank_every)
    for trace in traces(setup_of(sheet.lesson), sheet.updates):
        if numbers := sheet.shown.numbers(trace.program):
            yield _update(sheet, trace)
            yield from _sections(sheet, trace, numbers, blanks)
        if sheet.shown.is_open:
            yield _summary(trace, blanks)
        blanks = blanks.after(trace.program)


def _moment(sheet: Sheet, trace: Trace, number: int) -> Moment:
    """The moment in the app at which a step is done, with the digits of its sheet."""
    update = trace.start.update
    return moment_in(Session(sheet.lesson, update=update, step=number, digits=sheet.digits), trace)


def _update(sheet: Sheet, trace: Trace) -> Update:
    here = _moment(sheet, trace, 0)
    sentences = sentences_in_print(here)
    if not sheet.is_worksheet:
        return Update(here.session.update, sentences, notes(here))
    # That a start is dead would tell gradients which are to be filled in.
    told = set(about_the_start(here))
    return Update(here.session.update, tuple(text for text in sentences if text not in told), ())


def _sections(sheet: Sheet, trace: Trace, shown: Sequence[int], blanks: Blanks) -> Iterator[Section]:
    """The sections of an update; what was said of the sample before is not said again."""
    said, said_before = set[str](), set[str]()
    before: int | None = 0
    for (position, phase), numbers in groupby(
        sheet.watched(trace, shown),
        key=lambda number: (trace.program.place(number)[0], trace.program.step(number).phase),
    ):
        if position != before:
            said, said_before, before = set(), said, position
        items = []
        for number in numbers:
            item = _item(sheet, trace, number, blanks)
            fresh = tuple(s for s in item.sentences if s not in said and s not in said_before)
            said.update(item.sentences)
            items.append(Item(item.row, item.title, fresh, item.notes))
        yield Section(_section_title(trace, position, phase), tuple(items))


def _section_title(trace: Trace, position: int | None, phase: str) -> str:
    samples = trace.program.samples
    title = phase.capitalize()
    if position is not None:
        return title if len(trace.setup.inputs) == 1 else f"Sample {samples[position]}: {phase}"
    if phase == "backward":
        return f"{title}: whole gradients" if len(samples) == 1 else f"{title}: all samples joined"
    return title


def _item(sheet: Sheet, trace: Trace, number: int, blanks: Blanks) -> Item:
    """A step with its words; on a worksheet only those that cannot tell what is to be filled in.

    Why a value is 0, what the check found and what the samples' losses become is told from values that the
    step itself does not read; and the teacher's words may tell any.
    """
    row = row_of(trace, number, blanks)
    here = _moment(sheet, trace, number)
    words = explanation(here)
    if not sheet.is_worksheet:
        return Item(row, words.title, words.sentences, notes(here))
    tells_more = row.step.role == "check" or (row.step.role == "gradient" and row.step.sample is None)
    is_safe = row.is_open and row.value != 0 and not tells_more
    return Item(row, words.title, words.sentences if is_safe else (), ())


def _summary(trace: Trace, blanks: Blanks) -> Summary:
    last = len(trace.program)
    losses = [number for number in range(1, last) if trace.program.step(number).role == "loss"]
    hidden = any(blanks.at(trace.program, number) for number in losses)
    return Summary(
        tuple(_changes(trace, blanks)),
        None if hidden else trace.loss_before,
        None if blanks.at(trace.program, last) else trace.loss_after,
        promise_formula(trace.setup.network),
        promise_words(trace.setup.network),
        trace.promised if blanks.every is None else None,
    )


def _changes(trace: Trace, blanks: Blanks) -> Iterator[Change]:
    program = trace.program
    values = zip(trace.start.parameters, trace.parameters_after, strict=True)
    for parameter, (old, new) in zip(parameters_of(program.model.source), values, strict=True):
        gradient, update = program.number(f"dL/d{parameter.name}"), program.number(parameter.name)
        assert gradient is not None, "every parameter has a gradient"
        no_old, no_gradient = parameter.name in blanks.carried, blanks.at(program, gradient)
        no_new = update is None or blanks.at(program, update)
        yield Change(
            parameter.name,
            None if no_old else old,
            None if no_gradient else trace.value(gradient),
            None if no_old or no_gradient or no_new else difference(new, old),
            None if no_new else new,
            update is None,
        )
