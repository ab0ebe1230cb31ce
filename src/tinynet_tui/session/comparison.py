"""The numbers from before the last edit, beside those of now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from tinynet_tui.engine.trace import Trace
from tinynet_tui.engine.training import Evaluation, evaluation
from tinynet_tui.session.edits import LEARNING_RATE, Edit
from tinynet_tui.session.history import trace_of
from tinynet_tui.session.session import Session


@dataclass(frozen=True, slots=True)
class Comparison:
    """What an edit has made of the update that it was made at."""

    edit: Edit
    sample: int
    """From 1: the one whose outputs are compared."""
    samples: int
    """How many the loss is over."""
    value: tuple[float, float]
    """Before and after the edit, as the other numbers."""
    outputs: tuple[tuple[float, float], ...]
    loss: tuple[float, float]


def comparison(session: Session) -> Comparison | None:
    """The comparison that a session shows, if it shows one.

    A learning rate changes nothing until the update is done, so there the output and the loss after it are
    compared; else those before it.
    """
    if session.before_edit is None:
        return None
    return _comparison(session.before_edit, session.edits)


@lru_cache(maxsize=4)
def _comparison(before: Session, edits: tuple[Edit, ...]) -> Comparison | None:
    edit = next((edit for edit in edits if edit not in before.edits), None)
    if edit is None:
        return None
    old, new = (
        trace_of(replace(session, update=edit.update)) for session in (before, replace(before, edits=edits))
    )
    sample = edit.sample or new.program.samples[0]
    then, now = _evaluated(old, edit), _evaluated(new, edit)
    return Comparison(
        edit,
        sample,
        len(new.setup.inputs),
        (old.given(sample)[edit.name], edit.value),
        tuple(zip(then.predictions[sample - 1], now.predictions[sample - 1], strict=True)),
        (then.loss, now.loss),
    )


def _evaluated(trace: Trace, edit: Edit) -> Evaluation:
    after = edit.name == LEARNING_RATE
    return evaluation(trace.setup, trace.parameters_after if after else trace.start.parameters)
