"""Updates as a Python script, every step one line, as one would write it without a framework.

It is read off the steps, so that it computes what they do, to the last bit. One update on one sample is a
straight line; several samples and several updates are loops, which grow no longer when they are more.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from types import FunctionType

from tinynet_tui.engine.expression_reading import functions_in
from tinynet_tui.engine.expressions import Name
from tinynet_tui.engine.forward import Subject
from tinynet_tui.engine.model import Model, Setup, Values, batch_samples, batch_setup, hyperparameters_of
from tinynet_tui.engine.names import identifier
from tinynet_tui.engine.operations import OPERATIONS
from tinynet_tui.engine.program import Program
from tinynet_tui.engine.python_code import chosen, own_name
from tinynet_tui.engine.stable_forms import OWN, Choices
from tinynet_tui.engine.steps import Step, closing_steps, sample_steps, state_names
from tinynet_tui.engine.training import Point, evaluation, first_point, loses_digits, trained
from tinynet_tui.handouts.python_steps import (
    ScriptLine,
    batch_lines,
    folded,
    indented,
    one_sample_lines,
    plain,
    row_names,
)
from tinynet_tui.handouts.script_parts import literal, title
from tinynet_tui.rules.activations import ACTIVATIONS
from tinynet_tui.rules.hyperparameters import Rule, hyperparameters
from tinynet_tui.rules.losses import LOSSES
from tinynet_tui.rules.optimisers import optimiser_of


def lines(setup: Setup, updates: int) -> Iterator[str]:
    """The lines of a script that does the first updates."""
    return (line.text for line in script(setup, first_point(setup), updates))


@lru_cache(maxsize=8)
def script(setup: Setup, start: Point, updates: int = 1) -> tuple[ScriptLine, ...]:
    """The script of some updates from a point of training on."""
    data = _data(setup, start.update, updates)
    before, after = _choices(setup, start, updates)
    body = (batch_lines if data.in_batches else one_sample_lines)(setup.model, before, after)
    if updates > 1:
        t = own_name(setup.model, "t")
        heading = (
            f"for {t} in range({start.update}, {start.update + updates}):",
            f'    print(f"update {{{t}}}")',
        )
        body = (*plain(("", *heading)), *indented((*plain(data.choice), *body)))
    given = (*_sample_lines(setup, data), *_given_numbers(setup, start, counted=updates > 1))
    steps = tuple(folded((*plain(given), *body)))
    return (*plain(_head(setup.model, start.update, updates, steps, before | after)), *steps)


def _choices(setup: Setup, start: Point, updates: int) -> tuple[Choices, Choices]:
    """Which expressions the steps of some updates take, before their parameters change and in the check."""
    if not setup.model.forward.stable_forms:
        return OWN, OWN
    before, after, point = set[bool](), set[bool](), start
    for _ in range(updates):
        batch = batch_setup(setup, point.update)
        before |= set(_lose_digits(batch, point.parameters))
        point = trained(setup, point, 1)
        after |= set(_lose_digits(batch, point.parameters))
    return Choices(before), Choices(after)


def _lose_digits(batch: Setup, parameters: Values) -> Iterator[bool]:
    rows = zip(evaluation(batch, parameters).predictions, batch.targets, strict=True)
    return (loses_digits(batch.model, *row) for row in rows)


def line_of(lines: tuple[ScriptLine, ...], program: Program, number: int) -> int:
    """The position of the line that assigns a step (from 1) in the script of one update; for step 0, that of
    the last line before the first step."""
    if number == 0:
        return next(position for position, line in enumerate(lines) if line.step) - 1
    position, offset = program.place(number)
    wanted = (position is not None, offset)
    return next(position for position, line in enumerate(lines) if line.step == wanted)


@dataclass(frozen=True, slots=True)
class _Data:
    """Which samples a script has, and how its updates find theirs."""

    samples: range
    """From 0, in the setup's data."""
    in_batches: bool
    """Whether an update takes several."""
    list_name: str | None
    """The list that they are in; None: there is one sample, whose numbers have names of their own."""
    batches: tuple[str, ...] = ()
    """Lines that cut the list into batches."""
    choice: tuple[str, ...] = ()
    """Lines that find the sample or the batch of update t."""


def _data(setup: Setup, update: int, updates: int) -> _Data:
    count, batch = len(setup.inputs), setup.batch
    if updates == 1 or batch >= count:
        samples = batch_samples(count, batch, update)
        several = len(samples) > 1
        return _Data(samples, several, "batch" if several else None)
    everything, t = range(count), own_name(setup.model, "t")
    if batch == 1:
        choice = f"{row_names(setup.model)} = samples[({t} - 1) % len(samples)]"
        return _Data(everything, False, "samples", choice=(choice,))
    cut = f"batches = [samples[i : i + {batch}] for i in range(0, len(samples), {batch})]"
    return _Data(everything, True, "samples", (cut,), (f"batch = batches[({t} - 1) % len(batches)]",))


def _sample_lines(setup: Setup, data: _Data) -> Iterator[str]:
    names = row_names(setup.model)
    if not names:
        return
    rows = [
        [literal(number) for number in (*setup.inputs[sample], *setup.targets[sample])]
        for sample in data.samples
    ]
    if data.list_name is None:
        yield "# Given: a sample"
        yield from map(" = ".join, zip(names.split(", "), rows[0], strict=True))
        return
    yield f"# Given: the samples, each {names}"
    yield f"{data.list_name} = ["
    yield from (f"    ({', '.join(row)})," for row in rows)
    yield "]"
    yield from data.batches


def _given_numbers(setup: Setup, start: Point, counted: bool) -> Iterator[str]:
    """Parameters, constants and optimiser state; and the update's number, where no loop counts it."""
    model = setup.model
    yield from ("", "# Given: the parameters")
    places = _places(model)
    for parameter, value in zip(model.parameters, start.parameters, strict=True):
        where = places.get(parameter.of, "")
        yield f"{identifier(parameter.name)} = {literal(value)}{'  # ' * bool(where)}{where}"
    yield from ("", "# Given: how to learn")
    words = _constant_words(model)
    for name, value in hyperparameters_of(setup).items():
        yield f"{identifier(name)} = {literal(value)}  # {words[name]}"
    if optimiser_of(model).counts_updates and not counted:
        yield f"t = {start.update}  # the number of this update"
    if start.state:
        yield from ("", "# Given: what the optimiser remembers, 0 at the start of training")
        yield from _state_lines(model, start)


def _constant_words(model: Model) -> dict[str, str]:
    """What each constant is, by its name in expressions."""
    words = {"eta": "the learning rate", "t0": "the updates that were done before"}
    words |= {"lambda": "the strength of L2 regularisation", "lambda1": "the strength of L1 regularisation"}
    rules: list[Rule] = [optimiser_of(model), *ACTIVATIONS.values(), *LOSSES.values()]
    return words | {own.name: own.words for own in hyperparameters(rules)}


def _state_lines(model: Model, start: Point) -> Iterator[str]:
    """A line for each parameter: m_w1, v_w1 = 0.0, 0.0."""
    names = list(map(identifier, state_names(model)))
    each = len(names) // len(model.trained_parameters)
    for first in range(0, len(names), each):
        together = slice(first, first + each)
        yield f"{', '.join(names[together])} = {', '.join(map(literal, start.state[together]))}"


def _places(model: Model) -> dict[Subject, str]:
    """Where parameters sit: x1 to node 1; not those that several blocks read, or one that has no title."""
    locals_of: dict[Subject, list[Step]] = {}
    for step in sample_steps(model):
        if step.role == "local":
            locals_of.setdefault(step.of, []).append(step)
    places = {}
    for subject, (step, *others) in locals_of.items():
        if step.block is not None and not others:
            title, factor = model.forward.blocks[step.block].title, step.expression
            places[subject] = f"{factor.name} to {title}" if title and isinstance(factor, Name) else title
    return places


def _steps(model: Model) -> tuple[Step, ...]:
    return (*sample_steps(model), *closing_steps(model, (1,)))


def _head(
    model: Model, first: int, updates: int, steps: tuple[ScriptLine, ...], choices: Choices
) -> Iterator[str]:
    """What the script is, what it imports, and the functions that it needs."""
    yield f'"""{title(model, first, updates)}, every step on a line."""'
    yield ""
    blocks = _functions(model, choices)
    if any("math." in text for text in (*chain(*blocks), *(line.text for line in steps))):
        yield from ("import math", "")
    for block in blocks:
        yield from ("", *block, "")
    if blocks:
        yield ""


@lru_cache(maxsize=32)
def _functions(model: Model, choices: Choices) -> list[list[str]]:
    """The lines of each function that the steps call, as it stands in the table of operations."""
    return [_definition(name) for name in functions_in(chosen(step, choices) for step in _steps(model))]


def _definition(operation: str) -> list[str]:
    function = OPERATIONS[operation].value
    if not isinstance(function, FunctionType):
        return [f"{operation} = math.{function.__name__}"]
    source = inspect.getsource(function)
    return source.replace(f"def {function.__name__}(", f"def {operation}(", 1).splitlines()
