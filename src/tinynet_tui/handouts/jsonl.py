"""A trace as JSON Lines: each update a record of what it starts from, then one object per step.

The stream is self-contained: with the numbers that a step reads, its formula gives its value again. They are
in full precision; the keys and their order are a contract.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from tinynet_tui.engine.expressions import names_in
from tinynet_tui.engine.forward import Subject
from tinynet_tui.engine.names import name_of_sample, symbol
from tinynet_tui.engine.program import Program
from tinynet_tui.engine.steps import state_names
from tinynet_tui.engine.trace import Trace
from tinynet_tui.handouts.formats import Writer
from tinynet_tui.handouts.records import json_line
from tinynet_tui.handouts.request import Request
from tinynet_tui.handouts.updates import handout_updates

VERSION = 2
"""Of the format. 2 added the record that begins each update, and what each step reads as numbers."""


def lines(request: Request, to_ascii: Writer | None) -> Iterator[str]:
    """The objects; in ASCII with other signs as \\u escapes, so that a reader gets the same text."""
    ascii = to_ascii is not None
    for update in handout_updates(request):
        yield json_line(update_object(update.trace, request.lesson.title), ascii)
        for number in update.step_numbers():
            yield json_line(step_object(update.trace, number), ascii)


def update_object(trace: Trace, title: str) -> dict[str, object]:
    """What an update starts from, with the keys in their order: what its steps read and do not compute."""
    model, samples = trace.setup.model, trace.program.samples
    given = {sample: trace.given(sample) for sample in samples}
    shared = given[samples[0]]
    read = _names_read(trace.program)
    return {
        "trace": VERSION,
        "update": trace.start.update,
        "lesson": title,
        "samples": samples,
        "parameters": _numbers(shared, model.parameter_names),
        "inputs": {str(sample): _numbers(given[sample], model.inputs) for sample in samples},
        "targets": {str(sample): _numbers(given[sample], model.targets) for sample in samples},
        "hyperparameters": _numbers(shared, (name for name in model.hyperparameter_names if name in read)),
        "state": _numbers(shared, (name for name in (*state_names(model), "t") if name in read)),
    }


def step_object(trace: Trace, number: int) -> dict[str, object]:
    """A step (from 1) of an update, with the keys in their order."""
    step = trace.step(number)
    return {
        "update": trace.start.update,
        "step": number,
        "phase": step.phase,
        "name": step.name,
        "symbol": symbol(step.name),
        "sample": step.sample,
        "of": _subject_object(step.of),
        "role": step.role,
        "formula": trace.formula(number),
        "numbers": trace.numbers(number),
        "value": trace.value(number),
        "reads": trace.reads(number),
        "inputs": {
            name_of_sample(name.name, name.sample): trace.value_of(number, name)
            for name in names_in(step.expression)
        },
    }


@lru_cache(maxsize=4)
def _names_read(program: Program) -> frozenset[str]:
    """The names that the steps of an update read."""
    steps = (*program.sample_steps, *program.closing_steps)
    return frozenset(name.name for step in steps for name in names_in(step.expression))


def _numbers(values: Mapping[str, float], names: Iterable[str]) -> dict[str, float]:
    return {name: values[name] for name in names}


def _subject_object(subject: Subject) -> dict[str, object]:
    """The keys that apply: a loss has neither layer nor neuron, and a weight alone has an input."""
    return {key: value for key, value in subject._asdict().items() if value is not None}
