"""The teacher's private view of a class: who is here, where, whose hand is up, and what was answered."""

from __future__ import annotations

from collections.abc import Iterator

from tinynet_tui.classroom.asking import question_at
from tinynet_tui.classroom.room import Asking, Person, Room, Round
from tinynet_tui.classroom.shared_screens import CLEAR
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Canvas, Picture, shorten
from tinynet_tui.drawing.theme import Theme
from tinynet_tui.terminal.painter import Painter

_LEAST_COLUMN = 19
"""Cells of a name with what its person does, at least."""
_MOST_ANSWERS = 6
"""Rows of the answers."""


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
    answers = [look.say(line) for line in _answers(room.asking)][:_MOST_ANSWERS]
    rows = max(height - 3 - len(answers), 1)
    people = [*room.hands(), *(person for person in room.people if person not in room.hands())]
    _draw_people(canvas, room, people, rows, look, now)
    for row, line in enumerate(answers, start=height - 1 - len(answers)):
        canvas.text(1, row, shorten(line, width - 2, look.ascii), "note")
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
    width = canvas.width // columns
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
    doing = look.say(_doing(room, person, now))
    name = shorten(look.say(person.name), max(width - len(doing) - 5, 4), look.ascii)
    role = "dim" if person.doing == "away" else "strong" if person.hand is not None else ""
    canvas.text(x + 1, y, "!" if person.hand is not None else " ", "strong")
    canvas.text(x + 3, y, name, role)
    canvas.text(x + width - len(doing) - 1, y, doing, "dim" if person.doing == "away" else "note")


def _doing(room: Room, person: Person, now: float) -> str:
    """In a word or two: nothing for who simply follows."""
    if person.doing == "away":
        return "away"
    if person.name == room.leader:
        return "leads"
    if person.is_too_small:
        return "too small"
    if room.seconds_pinned(person.name, now):
        return "pinned"
    return person.at


def _answers(asking: Asking | None) -> Iterator[str]:
    """What was answered in each round: how many of each kind, the right ones first."""
    if asking is None:
        return
    last = asking.round
    yield question_at(asking.rounds[0].place)
    for number, one in enumerate(asking.rounds, start=1):
        which = "alone" if one.alone else f"round {number}"
        state = asking.stage if one is last else "closed"
        yield f"{which} ({state}): {_counted(one)}"


def _counted(one: Round) -> str:
    if not one.answers:
        return "no answers yet"
    return " · ".join(f"{count} {result or 'wrong'}" for result, count in one.counts().items())
