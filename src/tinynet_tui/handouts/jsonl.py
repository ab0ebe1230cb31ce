"""A trace as JSON Lines: one object per step, in full precision. The keys and their order are a contract."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.network import Setup
from tinynet_tui.engine.steps import Subject
from tinynet_tui.engine.trace import Trace
from tinynet_tui.handouts.formats import Writer
from tinynet_tui.handouts.json_text import json_encoder, json_number
from tinynet_tui.handouts.traces import traces


def lines(setup: Setup, updates: int, to_ascii: Writer | None) -> Iterator[str]:
    """One object per step; in ASCII with other signs as \\u escapes, so that a reader gets the same text."""
    encoder = json_encoder(ascii=to_ascii is not None)
    for update in traces(setup, updates):
        for number in range(1, len(update.program) + 1):
            yield encoder.encode(step_object(update, number))


def step_object(trace: Trace, number: int) -> dict[str, object]:
    """A step (from 1) of an update, with the keys in their order."""
    step = trace.program.step(number)
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
        "value": json_number(trace.value(number)),
        "reads": trace.reads(number),
    }


def _subject_object(subject: Subject) -> dict[str, object]:
    """The keys that apply: a loss has neither layer nor neuron, and a weight alone has an input."""
    return {key: value for key, value in asdict(subject).items() if value is not None}
