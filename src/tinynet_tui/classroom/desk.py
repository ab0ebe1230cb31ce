"""The teacher's private view of a class: who is here, where, whose hand is up, and what was answered."""

from __future__ import annotations

from tinynet_tui.classroom.results import draw_results, lines_of_kinds, rows_of_results
from tinynet_tui.classroom.room import Person, Room
from tinynet_tui.classroom.shared_screens import CLEAR
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Canvas, Picture, shorten
from tinynet_tui.drawing.theme import Theme
from tinynet_tui.terminal.painter import Painter

_LEAST_COLUMN = 19
"""Cells of a name with what its person does, at least."""
_WIDEST_COLUMN = 32
"""The same at most: what one does stands beside the name."""
_AROUND = 3
"""Rows around the names: the title, the line below it, and the keys."""
_LEAST_ANSWERS = 4
"""Rows that the names leave to the answers, however many there are: what is asked, and the first results."""
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
    """The class at a moment; hands first, the first on top, then who is here in the order of joining.

    Those who are away come last; where not all names have room beside the answers, they are only counted.
    Below the names: what is asked now with its answers, and how the answers so far went, by kind of step.
    """
    canvas = look.canvas(width, height)
    canvas.fill(0, 0, width, 1, style="title")
    canvas.text(1, 0, shorten(look.say(look.named(_title(room, look))), width - 2, look.ascii), "title")
    people = [*room.hands(), *(person for person in room.here if person.hand is None)]
    away = [person for person in room.people if person.doing == "away"]
    # The names go first; what the answers need is theirs as far as all names are still seen.
    room_for_both = height - _AROUND
    columns = max(1, width // _LEAST_COLUMN)
    wanted = 0 if room.asking is None else rows_of_results(room.asking)
    kinds = lines_of_kinds(room, width - 2)
    if len(room.people) <= columns * (room_for_both - wanted - len(kinds)):
        people, away = [*people, *away], []
    names = min(-(-len(people) // columns), room_for_both - _LEAST_ANSWERS)
    free = max(room_for_both - max(names, 1), 0)
    kinds = kinds[: max(free - min(wanted, _LEAST_ANSWERS), 0)]
    answers = min(wanted, free - len(kinds))
    below = height - 1 - len(kinds)
    hidden = _draw_people(canvas, room, people, max(room_for_both - answers - len(kinds), 1), look, now)
    if hidden or away:
        counts = [*([f"{hidden} more"] if hidden else []), *([f"{len(away)} away"] if away else [])]
        words = f"and {', '.join(counts)}: a larger window shows them"
        canvas.text(1, 1, shorten(look.say(words), width - 2, look.ascii), "dim")
    if room.asking is not None and answers:
        draw_results(canvas, room, room.asking, below - answers, answers, look)
    for y, line in enumerate(kinds, start=below):
        canvas.text(1, y, look.say(line), "note")
    leaves = f"{look.keys.of('quit')} leaves{look.apart}the class goes on"
    canvas.text(1, height - 1, shorten(leaves, width - 2, look.ascii), "dim")
    return canvas.picture()


def _title(room: Room, look: Look) -> str:
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
    return look.apart.join(filter(None, parts))


def _draw_people(canvas: Canvas, room: Room, people: list[Person], rows: int, look: Look, now: float) -> int:
    """The names in as many columns as they take, each as wide as there is room for; how many have no room."""
    if not people:
        canvas.text(1, 2, look.say("Nobody is here." if room.people else "Nobody is here yet."), "dim")
        return 0
    most = max(1, canvas.width // _LEAST_COLUMN)
    columns = min(most, -(-len(people) // rows))
    width = min(canvas.width // columns, _WIDEST_COLUMN)
    shown = rows * columns
    for place, person in enumerate(people[:shown]):
        column, row = divmod(place, rows)
        _draw_person(canvas, column * width, row + 2, width, room, person, look, now)
    return max(len(people) - shown, 0)


def _draw_person(
    canvas: Canvas, x: int, y: int, width: int, room: Room, person: Person, look: Look, now: float
) -> None:
    """A mark, the name, and what its person does, which never takes the name's last sign."""
    said, style = _doing(room, person, now)
    doing = look.say(said)
    name = shorten(look.say(look.named(person.name)), max(width - len(doing) - 5, 4), look.ascii)
    role = "dim" if person.doing == "away" else "strong" if person.hand is not None else ""
    canvas.text(x + 1, y, "!" if person.hand is not None else " ", "strong")
    canvas.text(x + 3, y, name, role)
    canvas.text(x + width - len(doing) - 1, y, doing, style)


def _doing(room: Room, person: Person, now: float) -> tuple[str, str]:
    """(what somebody does, in a word or two: nothing for whoever simply follows; a role for it)."""
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
    return "kept" if person.seconds_pinned(now) else "", "note"


def _answer_of(room: Room, name: str) -> tuple[str, str] | None:
    """(what somebody has answered in the round that was the last, and whether it is right; a role for it)."""
    answer = room.asking.round.answer_of(name) if room.asking is not None else None
    if answer is None:
        has_seen = room.asking is not None and name in room.asking.round.seen_by
        return ("saw it", "note") if has_seen else None
    is_right = answer.result == "right"
    return (
        f"{answer.text[:_LONGEST_ANSWER]} {'✓' if is_right else '✗'}",
        "positive" if is_right else "negative",
    )
