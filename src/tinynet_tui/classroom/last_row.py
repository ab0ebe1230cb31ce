"""The last row of a screen in a class: where one is in it, and the keys for that."""

from __future__ import annotations

from tinynet_tui.classroom.room import Room
from tinynet_tui.classroom.words import ClassNow
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture

Parts = tuple[str, ...]
"""What the row says, the most important first; what has no room is left out from the end."""


def leading(room: Room) -> Parts:
    """What the screen says that the class sees: numbers, and no names."""
    hands = len(room.hands())
    return (
        f"leading {room.name}" if room.lent_to is None else f"{room.lent_to} leads {room.name}",
        f"{len(room.here)} here",
        *([f"{hands} {'hand' if hands == 1 else 'hands'} up"] if hands else []),
        *(["K takes the lead back"] if room.lent_to else ["J how to join", "G gathers", "K lends, pins"]),
        "? keys",
    )


def following(room: Room, name: str, now: float) -> Parts:
    """What the screen of who watches says."""
    person = room.person(name)
    hand = person is not None and person.hand is not None
    pinned = room.seconds_pinned(name, now)
    return (
        f"following {room.leader}",
        f"{len(room.here)} here",
        f"kept with the class for {pinned // 60}:{pinned % 60:02}" if pinned else "→ steps by yourself",
        "your hand is up: ! takes it down" if hand else "! asks for help",
        "q leaves",
    )


def by_oneself(now: ClassNow | None, update: int, step: int, steps: int) -> Parts:
    """How far the class is from an update and a step of it; steps: how many one update has."""
    if now is None:
        return "by yourself", "the class is not there", "F looks for it"
    if now.leads:
        return "you lead the class", f"{now.here} here", "F gives the lead back"
    ahead = (now.update - update) * steps + now.step - step
    if not now.is_same:
        where = f"{now.leader} works with other numbers"
    elif ahead == 0:
        where = f"{now.leader} is here too"
    else:
        count = f"{abs(ahead):,} {'step' if abs(ahead) == 1 else 'steps'}"
        where = f"{now.leader} is {count} {'ahead' if ahead > 0 else 'behind'}"
    return "by yourself", where, "F follows", "! takes your hand down" if now.hand else "! asks for help"


def fitting(parts: Parts, width: int, look: Look) -> str:
    """As many parts as a row has cells for."""
    line = f" {look.say(parts[0])}"
    for part in parts[1:]:
        longer = f"{line}{look.apart}{look.say(part)}"
        if len(longer) > width - 1:
            break
        line = longer
    return line[:width]


def with_last_row(picture: Picture, parts: Parts, look: Look) -> Picture:
    """A picture with words in place of its last row."""
    if not picture.height:
        return picture
    canvas = look.canvas(picture.width, 1)
    canvas.text(0, 0, fitting(parts, picture.width, look), "note")
    bottom = picture.height - 1
    marks = tuple(mark for mark in picture.marks if not mark.covers(mark.x, bottom))
    return picture._replace(rows=(*picture.rows[:-1], *canvas.picture().rows), marks=marks)
