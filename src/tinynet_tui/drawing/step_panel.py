"""The step panel: the formula in letters and in numbers, and why it is so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tinynet_tui.drawing.formula import draw_columns, formula_rows, step_columns
from tinynet_tui.drawing.lit import lit
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Canvas, Picture, shorten, wrap
from tinynet_tui.prediction.verdict import verdict
from tinynet_tui.session.commands import BY_NAME
from tinynet_tui.session.moment import Moment
from tinynet_tui.teaching.sentences import explanation, notes
from tinynet_tui.teaching.step_line import step_line

_LEAST_WORDS = 2
"""Rows that a formula leaves to the words below it."""


def step_panel(moment: Moment, width: int, height: int, look: Look) -> Picture:
    """The present step in words and numbers; what has least room goes first, and a key shows it."""
    canvas = look.canvas(width, height)
    row = 0
    if moment.step is not None:
        row = draw_columns(canvas, 1, 0, step_columns(moment, look, lit(moment)), height - _LEAST_WORDS)
    lines = _lines(moment, width, look)
    if row and row + 1 + len(lines) <= height:
        row += 1
    draw_lines(canvas, row, lines, look)
    return canvas.picture()


def draw_lines(canvas: Canvas, row: int, lines: Sequence[tuple[str, str]], look: Look) -> None:
    """Draw (text, role) of lines from a row on; where not all have room, with the key that shows the rest."""
    room = canvas.height - row
    cut = len(lines) > room
    for y, (line, role) in enumerate(lines[: max(room - cut, 0)], start=row):
        canvas.text(1, y, line, role)
    if cut:
        _draw_cut_line(canvas, canvas.height - 1, *lines[max(room - 1, 0)], look)


def rows_of_formula(moment: Moment, width: int, look: Look) -> int:
    """The rows that the whole formula of a step needs, and two for the words below it."""
    return len(formula_rows(step_columns(moment, look, lit(moment)), width - 1)) + _LEAST_WORDS


def rows_of_words(moment: Moment, width: int, look: Look) -> int:
    """The rows that all words of a moment need, without a formula."""
    return len(_lines(moment, width, look))


def all_words(moment: Moment) -> tuple[str, ...]:
    """All that there is to say at a moment, and of its lesson, in paragraphs."""
    about = moment.session.lesson.about
    formula = () if moment.step is None else (step_line(moment).text,)
    said = (*formula, *explanation(moment).sentences, *notes(moment))
    if not about:
        return said
    return (
        *said,
        f"The lesson before it was changed: {about.strip()}" if moment.session.is_edited else about,
    )


def _lines(moment: Moment, width: int, look: Look) -> list[tuple[str, str]]:
    """(text, role) of each line."""
    return [
        (line, role) for text, role in _paragraphs(moment, look) for line in wrap(look.say(text), width - 2)
    ]


def _draw_cut_line(canvas: Canvas, y: int, line: str, role: str, look: Look) -> None:
    """The last line that there is room for, the key that shows the rest at its end."""
    key, title = BY_NAME["read"].keys[0], BY_NAME["read"].title
    x = canvas.width - len(key) - len(title) - 2
    # A line that has room is a sentence's end, perhaps: the ellipsis stands apart from it.
    whole = f"{line} {look.say('…')}"
    canvas.text(1, y, whole if len(whole) <= x - 3 else shorten(whole, x - 3, look.ascii), role)
    canvas.mark("command:read", x, y, canvas.width - x)
    canvas.text(canvas.text(x, y, key, "key") + 1, y, title, "dim")


def _paragraphs(moment: Moment, look: Look) -> Iterator[tuple[str, str]]:
    """(text, role) in the order of their importance."""
    session = moment.session
    at_start = moment.step is None
    yield from ((sentence, "strong") for sentence in verdict(moment)[1:])
    teachers = notes(moment)
    sentences = explanation(moment).sentences
    if at_start and session.lesson.about and session.update == 1 and not session.is_edited:
        yield session.lesson.about, ""
    yield from ((sentence, "") for sentence in sentences[:1])
    # In ASCII » is a quotation mark, as it is in a text.
    sign = ">" if look.ascii else "»"
    yield from ((f"{sign} {note}", "note") for note in teachers)
    yield from ((sentence, "") for sentence in sentences[1:])
