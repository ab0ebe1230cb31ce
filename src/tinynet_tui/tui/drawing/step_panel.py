"""The step panel: the formula in letters and in numbers, and why it is so."""

from __future__ import annotations

from collections.abc import Iterator

from tinynet_tui.prediction.verdict import verdict
from tinynet_tui.session.commands import BY_NAME, key_sign
from tinynet_tui.session.moment import Moment
from tinynet_tui.teaching.sentences import explanation, notes
from tinynet_tui.tui.drawing.formula import draw_columns, step_columns
from tinynet_tui.tui.drawing.lit import lit
from tinynet_tui.tui.drawing.look import Look
from tinynet_tui.tui.picture import Picture, shorten, wrap


def first_key(look: Look) -> str:
    """The line that a new session opens with."""
    on, back, all_keys = (key_sign(BY_NAME[name].keys[0], look.ascii) for name in ("next", "back", "help"))
    return f"Press {on} to take the first step, {back} to take it back. {all_keys} lists every key."


def step_panel(moment: Moment, width: int, height: int, look: Look) -> Picture:
    """The present step in words and numbers; what has least room to be said goes first."""
    canvas = look.canvas(width, height)
    row = 0
    if moment.step is not None:
        row = draw_columns(canvas, 1, 0, step_columns(moment, look, lit(moment)), max(2, height - 2))
    lines = [
        (line, role) for text, role in _paragraphs(moment, look) for line in wrap(look.say(text), width - 2)
    ]
    if row and row + 1 + len(lines) <= height:
        row += 1
    if row + len(lines) > height:
        line, role = lines[max(height - row - 1, 0)]
        lines[max(height - row - 1, 0)] = (shorten(line + " " * width, width - 2, look.ascii), role)
    for line, role in lines[: height - row]:
        canvas.text(1, row, line, role)
        row += 1
    return canvas.picture()


def _paragraphs(moment: Moment, look: Look) -> Iterator[tuple[str, str]]:
    """(text, role) in the order of their importance."""
    session = moment.session
    at_start = moment.step is None
    if at_start and session.update == 1:
        yield first_key(look), "strong"
    yield from ((sentence, "strong") for sentence in verdict(moment)[1:])
    teachers = notes(moment)
    sentences = explanation(moment).sentences
    if at_start and session.lesson.about and session.update == 1 and not session.is_edited:
        yield session.lesson.about, ""
    yield from ((sentence, "") for sentence in sentences[:1])
    yield from ((f"» {note}", "note") for note in teachers)
    yield from ((sentence, "") for sentence in sentences[1:])
