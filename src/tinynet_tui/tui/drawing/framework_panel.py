"""The framework panel: the step in the words of PyTorch and Keras, and what an update costs there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tinynet_tui.handouts.framework_words import FRAMEWORKS, kept, phase_words, zero_grad_words
from tinynet_tui.session.history import trace_of
from tinynet_tui.session.moment import Moment
from tinynet_tui.tui.drawing.look import Look, decimals_of
from tinynet_tui.tui.picture import Picture, shorten, wrap


def framework_panel(moment: Moment, width: int, height: int, look: Look) -> Picture:
    """The calls that do this phase, where the step's number is kept, and what becomes of .grad without zero_grad."""
    canvas = look.canvas(width, height)
    titles = max(len(framework.title) for framework in FRAMEWORKS) + 2
    calls = max(len(call) for framework in FRAMEWORKS for call in framework.calls.values()) + 2
    for row, framework in enumerate(FRAMEWORKS):
        canvas.text(1, row, framework.title, "strong")
        canvas.text(1 + titles, row, look.say(framework.calls[moment.phase]), f"phase.{moment.phase}")
        x = 1 + titles + calls
        text = look.say(kept(framework, moment, decimals_of(moment)))
        canvas.text(x, row, shorten(text, width - 1 - x, look.ascii))
    lines = [line for text in _sentences(moment) for line in wrap(look.say(text), width - 2)]
    for row, line in enumerate(lines[: height - len(FRAMEWORKS)], start=len(FRAMEWORKS)):
        canvas.text(1, row, line)
    return canvas.picture()


def _sentences(moment: Moment) -> Iterator[str]:
    session = moment.session
    yield phase_words(moment)
    if moment.program.sample_position(f"dL/d{session.selected}") is not None:
        before = trace_of(replace(session, update=session.update - 1)) if session.update > 1 else None
        yield from zero_grad_words(before, moment, session.selected, decimals_of(moment))
