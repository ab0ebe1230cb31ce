"""What a class has answered, without names: how often each answer was given, round beside round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tinynet_tui.classroom.class_question import question_at, right_at
from tinynet_tui.classroom.room import Room
from tinynet_tui.classroom.rounds import Asking
from tinynet_tui.drawing.listing import draw_keys, draw_title
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Canvas, Picture, shorten, wrap
from tinynet_tui.prediction.kinds import KINDS
from tinynet_tui.teaching.charts import bar_text

_LEAST_WORDS, _LEAST_ROUND, _MOST_ROUND = 40, 12, 30
"""Cells of the words for a result, and of its count and bar in one round."""
_MOST_LINES = 8
"""Of the words for a result, on the page that all see."""
_ABOVE = 2
"""Rows for what is asked, and for the names of the rounds."""


def _results(asking: Asking) -> list[str]:
    """What answers showed: right, the mistakes, the most frequent first, and last what showed none."""
    found = {result for one in asking.rounds for result in one.counts()}
    last = asking.round.counts()
    mistakes = sorted(found - {"right", ""}, key=lambda result: (-last.get(result, 0), result))
    return ["right", *mistakes, *([""] if "" in found else [])]


def lines_of_kinds(room: Room, width: int) -> tuple[str, ...]:
    """For each kind of step that a class was asked for: how many answers were right, and of how many."""
    rounds = [one for asking in (*room.asked, room.asking) if asking is not None for one in asking.rounds]
    parts = []
    for kind in KINDS:
        of_kind = [one for one in rounds if one.kind == kind]
        if answered := sum(one.answered for one in of_kind):
            parts.append(f"{kind} {sum(one.right for one in of_kind)} of {answered}")
    practised = [f"{kind} {right} of {all_}" for kind, right, all_ in room.practised]
    told = (("right by kind:", parts), ("right at once in practice:", practised))
    return tuple(line for words, of in told if of for line in wrap("   ".join((words, *of)), width))


def rows_of_results(asking: Asking) -> int:
    """The rows that the results take."""
    return _ABOVE + len(_results(asking))


def draw_results(canvas: Canvas, room: Room, asking: Asking, y: int, rows: int, look: Look) -> None:
    """Draw what is asked, and each result with its counts as bars."""
    left = len(asking.round.answers) - len(asking.round.counted)
    parts = (
        f"{asking.round.answered} of {room.asked_count} have answered",
        *([f"{left} left"] if left else []),
        {"revealed": "answers shown", "past": "closed"}.get(asking.stage, asking.stage),
    )
    state = look.say(look.apart.join(parts))
    canvas.text(1, y, _asked(asking.round.place, canvas.width - len(state) - 4, look), "strong")
    canvas.text(canvas.width - len(state) - 1, y, state, "note")
    rounds = _rounds(asking, canvas.width, rows - 1, 1, look)
    canvas.blit(rounds, 0, y + 1)


def _asked(place: bytes, width: int, look: Look, name: str = "") -> str:
    """What is asked at a place, in a few cells, and the right answer; name: what stands before it."""
    right = look.say(f"   right: {right_at(place)}")
    return shorten(look.say(f"{name}{question_at(place)}"), width - len(right), look.ascii) + right


def _rounds(asking: Asking, width: int, height: int, most_lines: int, look: Look) -> Picture:
    """The rounds beside each other, below their names; most_lines: of one result, where all have room."""
    canvas = look.canvas(width, height)
    results = [(look.say(result or "another answer"), result) for result in _results(asking)]
    longest = max(_LEAST_WORDS, *(len(words) + 3 for words, _ in results))
    cells = min(max((width - longest) // len(asking.rounds), _LEAST_ROUND), _MOST_ROUND)
    first = width - cells * len(asking.rounds)
    most = max((count for one in asking.rounds for count in one.counts().values()), default=1)
    for number, one in enumerate(asking.rounds):
        title = "alone" if one.alone else f"round {number + 1}"
        canvas.text(first + number * cells, 0, f"    {title}", "dim")
    told = [wrap(words, first - 3)[:most_lines] for words, _ in results]
    if most_lines == 1 or sum(map(len, told)) >= height:
        told = [(words,) for words, _ in results]
    blank = 1 if most_lines > 1 and sum(map(len, told)) + len(told) < height else 0
    row = 1
    for (_, result), lines in zip(results, told, strict=True):
        if row >= height:
            break
        role = "positive" if result == "right" else "negative"
        for below, line in enumerate(lines):
            cut = shorten(line, first - 3, look.ascii)
            canvas.text(1, row + below, cut, "strong" if result == "right" else "")
        for number, one in enumerate(asking.rounds):
            count, x = one.counts().get(result, 0), first + number * cells
            canvas.text(x, row, f"{count:3}")
            canvas.text(x + 4, row, look.say(bar_text(count / most, cells - 6)) if count else "", role)
        row += len(lines) + blank
    return canvas.picture()


@dataclass(frozen=True, slots=True)
class Results:
    """The results of a question, as everyone sees them."""

    doing: ClassVar[str] = "is showing the answers"

    asking: Asking

    def picture(self, width: int, height: int, look: Look) -> Picture:
        """The whole screen."""
        canvas = look.canvas(width, height)
        left, inner = draw_title(canvas, "What the class has answered", "")
        for y, (name, place) in enumerate(self._asked, start=2):
            canvas.text(left + 1, y, _asked(place, inner - 2, look, name), "strong")
        top = 3 + len(self._asked)
        canvas.blit(_rounds(self.asking, inner, height - 1 - top, _MOST_LINES, look), left, top)
        draw_keys(canvas, left, (("A", "goes on"), ("Esc", "back to the step")))
        return canvas.picture()

    @property
    def _asked(self) -> list[tuple[str, bytes]]:
        """(what stands before a question, where it was asked): of the first round, and of other numbers."""
        first, last = self.asking.rounds[0], self.asking.round
        return [("", first.place), *([("alone: ", last.place)] if last.alone else [])]
