"""The teacher's private view of a class: who is here, where, whose hand is up, and what was answered."""

from __future__ import annotations

from tinynet_tui.classroom.asking import question_at, right_at
from tinynet_tui.classroom.room import Asking, Person, Room
from tinynet_tui.classroom.shared_screens import CLEAR
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Canvas, Picture, shorten
from tinynet_tui.drawing.theme import Theme
from tinynet_tui.teaching.charts import bar_text
from tinynet_tui.terminal.painter import Painter

_LEAST_COLUMN = 19
"""Cells of a name with what its person does, at least."""
_WIDEST_COLUMN = 32
"""The same at most: what one does stands beside the name."""
_AROUND = 3
"""Rows of the title, what there is to say below it, and the keys."""
_LEAST_ANSWERS = 4
"""Rows that the names leave to the answers, however many there are: what is asked, and the first results."""
_LEAST_WORDS, _LEAST_ROUND, _MOST_ROUND = 40, 12, 30
"""Cells of the words for a result, and of its count and bar in one round."""
_LONGEST_ANSWER = 8
"""Characters of an answer beside a name."""


class DeskScreen:
    """The desk on a terminal, of which nothing is known at first."""

    def __init__(self, columns: int, rows: int, look: Look, theme: Theme) -> None:
        self._size, self._look = (columns, rows), look
        self._painter = Painter(columns, rows, theme)
        self._painter.cleared()
        self._clear = CLEAR

    def frame(self, room: Room, now: float) -> bytes:
        """What to send so that the terminal shows the class as it is now."""
        clear, self._clear = self._clear, b""
        return clear + self._painter.paint(desk(room, *self._size, self._look, now))


def desk(room: Room, width: int, height: int, look: Look, now: float) -> Picture:
    """The class at a moment; hands first, the first on top, then everyone in the order of joining."""
    canvas = look.canvas(width, height)
    canvas.fill(0, 0, width, 1, style="title")
    canvas.text(1, 0, shorten(look.say(_title(room)), width - 2, look.ascii), "title")
    people = [*room.hands(), *(person for person in room.people if person not in room.hands())]
    # The names go first; what the answers need is theirs as far as all names are still seen.
    room_for_both = height - _AROUND
    names = min(-(-len(people) // max(1, width // _LEAST_COLUMN)), room_for_both - _LEAST_ANSWERS)
    answers = max(min(_rows_of_answers(room.asking), room_for_both - max(names, 1)), 0)
    _draw_people(canvas, room, people, max(room_for_both - answers, 1), look, now)
    if room.asking is not None and answers:
        _draw_answers(canvas, room, room.asking, height - 1 - answers, answers, look)
    canvas.text(
        1, height - 1, shorten(look.say("q leaves · the class goes on"), width - 2, look.ascii), "dim"
    )
    return canvas.picture()


def _title(room: Room) -> str:
    """How many are here, and who leads."""
    away = len(room.people) - len(room.here)
    alone = sum(person.doing == "by themselves" for person in room.here)
    hands = len(room.hands())
    parts = (
        room.name,
        f"{room.leader} leads" if not room.teacher_is_away or room.lent_to else f"{room.teacher} is away",
        f"{len(room.here)} here",
        f"{alone} by themselves" if alone else "",
        f"{hands} {'hand' if hands == 1 else 'hands'} up" if hands else "",
        f"{away} away" if away else "",
    )
    return " · ".join(part for part in parts if part)


def _draw_people(canvas: Canvas, room: Room, people: list[Person], rows: int, look: Look, now: float) -> None:
    """The names in as many columns as they take, each as wide as there is room for."""
    if not people:
        canvas.text(1, 2, look.say("Nobody is here yet."), "dim")
        return
    most = max(1, canvas.width // _LEAST_COLUMN)
    columns = min(most, -(-len(people) // rows))
    width = min(canvas.width // columns, _WIDEST_COLUMN)
    shown = rows * columns
    for place, person in enumerate(people[:shown]):
        column, row = divmod(place, rows)
        _draw_person(canvas, column * width, row + 2, width, room, person, look, now)
    if len(people) > shown:
        words = f"and {len(people) - shown} more: a larger window shows them"
        canvas.text(1, 1, shorten(look.say(words), canvas.width - 2, look.ascii), "dim")


def _draw_person(
    canvas: Canvas, x: int, y: int, width: int, room: Room, person: Person, look: Look, now: float
) -> None:
    """A mark, the name, and what its person does, which never takes the name's last sign."""
    said, style = _doing(room, person, now)
    doing = look.say(said)
    name = shorten(look.say(person.name), max(width - len(doing) - 5, 4), look.ascii)
    role = "dim" if person.doing == "away" else "strong" if person.hand is not None else ""
    canvas.text(x + 1, y, "!" if person.hand is not None else " ", "strong")
    canvas.text(x + 3, y, name, role)
    canvas.text(x + width - len(doing) - 1, y, doing, style)


def _doing(room: Room, person: Person, now: float) -> tuple[str, str]:
    """(what somebody does, in a word or two: nothing for who simply follows; a role for it)."""
    if person.doing == "away":
        return f"away {person.at}".rstrip(), "dim"
    if person.name == room.leader:
        return "leads", "note"
    if person.is_too_small:
        return "too small", "note"
    if person.at:
        return person.at, "note"
    if (answer := _answer_of(room, person.name)) is not None:
        return answer
    return "pinned" if room.seconds_pinned(person.name, now) else "", "note"


def _answer_of(room: Room, name: str) -> tuple[str, str] | None:
    """(what somebody has answered in the round that was the last, and whether it is right; a role for it)."""
    given = room.asking.round.answers if room.asking is not None else ()
    answer = next((answer for answer in given if answer.person == name), None)
    if answer is None:
        return None
    is_right = answer.result == "right"
    return (
        f"{answer.text[:_LONGEST_ANSWER]} {'✓' if is_right else '✗'}",
        "positive" if is_right else "negative",
    )


def _results(asking: Asking) -> list[str]:
    """All that answers showed, the right ones first, then the mistakes, the most frequent of the last round
    before the others, and last those that showed none."""
    found = {answer.result for one in asking.rounds for answer in one.answers}
    last = asking.round.counts()
    mistakes = sorted(found - {"right", ""}, key=lambda result: (-last.get(result, 0), result))
    return ["right", *mistakes, *([""] if "" in found else [])]


def _rows_of_answers(asking: Asking | None) -> int:
    """The rows that the answers take: what is asked, the rounds, and each result."""
    return 0 if asking is None else 2 + len(_results(asking))


def _draw_answers(canvas: Canvas, room: Room, asking: Asking, y: int, rows: int, look: Look) -> None:
    """What is asked, and how many have given each answer: the rounds beside each other, as bars."""
    present = [person for person in room.here if person.name != room.leader]
    state = f"{len(asking.round.answers)} of {len(present)} have answered · {asking.stage}"
    state = look.say(state)
    asked = look.say(f"{question_at(asking.rounds[0].place)}   right: {right_at(asking.rounds[0].place)}")
    canvas.text(1, y, shorten(asked, canvas.width - len(state) - 4, look.ascii), "strong")
    canvas.text(canvas.width - len(state) - 1, y, state, "note")
    width = min(max((canvas.width - _LEAST_WORDS) // len(asking.rounds), _LEAST_ROUND), _MOST_ROUND)
    first = canvas.width - width * len(asking.rounds)
    results = _results(asking)
    most = max((count for one in asking.rounds for count in one.counts().values()), default=1)
    for row, result in enumerate(results[: max(rows - 2, 0)], start=y + 2):
        words = look.say(result or "another answer")
        canvas.text(1, row, shorten(words, first - 3, look.ascii), "" if result == "right" else "note")
        for number, one in enumerate(asking.rounds):
            count, x = one.counts().get(result, 0), first + number * width
            canvas.text(x, row, f"{count:3}")
            bar = look.say(bar_text(count / most, width - 6)) if count else ""
            canvas.text(x + 4, row, bar, "positive" if result == "right" else "negative")
    for number, one in enumerate(asking.rounds if rows > 1 else ()):
        title = "alone" if one.alone else f"round {number + 1}"
        canvas.text(first + number * width, y + 1, f" {title}", "dim")
