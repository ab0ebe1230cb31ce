"""The framework panel: the step in the words of PyTorch and Keras, and what an update costs there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.drawing.step_panel import draw_lines, lines_of
from tinynet_tui.handouts.framework_words import calls_for, kept, phase_words, zero_grad_words
from tinynet_tui.session.history import trace_of

if TYPE_CHECKING:
    from tinynet_tui.frameworks.costs import Costs

_WIDE = 70
"""Cells from which there are two between the columns."""


def framework_panel(scene: Scene, width: int, height: int) -> Picture:
    """The calls that do this phase, where the step's number is kept, and what zero_grad() is for."""
    moment, look = scene.moment, scene.look
    canvas = look.canvas(width, height)
    rows = calls_for(moment.model)
    if not rows:
        draw_lines(canvas, 0, lines_of([(_NOT_HERE, "")], width, look), look)
        return canvas.picture()
    apart = 2 if width >= _WIDE else 1
    titles = max(len(calls.framework.name) for calls in rows) + apart
    texts = [look.say(calls.of[moment.phase](moment.model)) for calls in rows]
    for row, (calls, call) in enumerate(zip(rows, texts, strict=True)):
        canvas.text(1, row, calls.framework.name, "strong")
        x = 1 + titles + max(map(len, texts)) + apart
        text = look.say(kept(calls, moment, moment.session.digits))
        if x + len(text) < width:
            canvas.text(1 + titles, row, call, f"phase.{moment.phase}")
        else:  # The number is what this step is about; the call is that of all steps around it.
            x = 1 + titles
        canvas.text(x, row, _end(text, width - 1 - x, look))
    sentences = ((text, "") for text in _sentences(scene))
    draw_lines(canvas, len(rows), lines_of(sentences, width, look), look)
    return canvas.picture()


_NOT_HERE = "Frameworks are shown for networks of layers alone."


def framework_words(scene: Scene) -> tuple[str, ...]:
    """All that the panel says, in paragraphs."""
    moment = scene.moment
    model, digits, rows = moment.model, moment.session.digits, calls_for(moment.model)
    if not rows:
        return (_NOT_HERE,)
    calls = (
        "; ".join(
            filter(None, (f"{row.framework.name}: {row.of[moment.phase](model)}", kept(row, moment, digits)))
        )
        for row in rows
    )
    return (*calls, *_sentences(scene))


def _end(text: str, room: int, look: Look) -> str:
    """A text without its beginning, if it has to be cut: index and number stand at the end."""
    ellipsis = look.say("…")
    return text if len(text) <= room else ellipsis + text[len(text) - room + len(ellipsis) :]


def _sentences(scene: Scene) -> Iterator[str]:
    """What there is to say, the most needed first."""
    moment, costs, session = scene.moment, scene.costs, scene.moment.session
    micro = "us" if scene.look.ascii else "µs"
    if moment.program.sample_position(f"dL/d{session.selected}") is not None:
        before = trace_of(replace(session, update=session.update - 1)) if session.update > 1 else None
        yield zero_grad_words(before, moment, session.selected, moment.session.digits)
    found = costs if costs is not None and costs.fits(moment.setup) else None
    if found is not None or session.stage != "asking":  # the key that measures would be typed
        yield from _cost_words(found, micro, scene.look)
    yield phase_words(moment)


def _cost_words(costs: Costs | None, micro: str, look: Look) -> Iterator[str]:
    if costs is None:
        yield f"{look.keys.of('measure')} measures the cost of an update, here and in frameworks."
        return
    if costs.has_ended and not costs.found:
        yield "Nothing was measured."
        return
    told = [
        f"{cost.place} {time_text(cost.seconds, micro)}" for cost in costs.found if cost.seconds is not None
    ]
    more = "" if costs.has_ended else f"{', ' if told else ''}measuring …"
    yield f"An update: {', '.join(told)}{more}"
    yield from (f"{cost.place}: {cost.fault}" for cost in costs.found if cost.fault)


def time_text(seconds: float, micro: str = "µs") -> str:
    """A time in the unit that suits it, in three digits; with the sign for microseconds.

    Example:
        >>> time_text(9.3e-7), time_text(0.00019), time_text(2.5)
        ('0.93 µs', '190 µs', '2.5 s')
    """
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} {micro}"
