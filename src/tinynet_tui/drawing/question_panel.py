"""The question panel: what is asked about the coming step, and nothing that gives it away."""

from __future__ import annotations

from collections.abc import Iterator

from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture, wrap
from tinynet_tui.prediction.question import Question, Reading
from tinynet_tui.prediction.tally import total
from tinynet_tui.session.commands import BY_NAME, key_sign
from tinynet_tui.session.session import Session


def question_panel(
    question: Question, session: Session, unseen: tuple[Reading, ...], width: int, height: int, look: Look
) -> Picture:
    """The line to complete, what is wanted, and the ways out; what has least room to be said goes first.

    unseen: what is read and has no number in the diagram.
    """
    canvas = look.canvas(width, height)
    paragraphs = _paragraphs(question, session, unseen, look)
    lines = [(line, role) for text, role in paragraphs for line in wrap(look.say(text), width - 2)]
    for row, (line, role) in enumerate(lines[:height]):
        canvas.text(1, row, line, role)
    return canvas.picture()


def _paragraphs(
    question: Question, session: Session, unseen: tuple[Reading, ...], look: Look
) -> Iterator[tuple[str, str]]:
    """(text, role) in the order of their importance."""
    yield question.formula, "strong"
    if unseen:
        yield f"Not in the diagram: {', '.join(reading.text for reading in unseen)}.", ""
    if session.notice:
        yield session.notice, "note"
    yield question.asked, ""
    show, back, level, leave = (
        key_sign(BY_NAME[name].keys[0], look.ascii) for name in ("next", "back", "level", "leave")
    )
    yield (
        f"With nothing typed, {show} shows it, not counted as wrong. "
        f"{level} changes the level, {leave} ends, {back} goes back.",
        "dim",
    )
    if question.level != "diagram" and not unseen:
        yield "What it reads is marked in the diagram.", "dim"
    if session.answers:
        yield total(session), "dim"
