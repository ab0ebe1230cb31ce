"""The last row of a screen in a class: where one is in it, in place of the hints."""

from __future__ import annotations

from dataclasses import replace

from tinynet_tui.classroom.room import Room
from tinynet_tui.classroom.words import ClassNow
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture, shorten


def with_last_row(picture: Picture, words: str, look: Look) -> Picture:
    """A picture with words in place of its last row."""
    if not picture.height:
        return picture
    canvas = look.canvas(picture.width, 1)
    canvas.text(1, 0, shorten(look.say(words), picture.width - 2, look.ascii), "note")
    bottom = picture.height - 1
    marks = tuple(mark for mark in picture.marks if not mark.covers(mark.x, bottom))
    return replace(picture, rows=(*picture.rows[:-1], *canvas.picture().rows), marks=marks)


def leading(room: Room) -> str:
    """What the class's own screen says: numbers, and no names."""
    hands = len(room.hands())
    parts = (
        f"leading {room.name}",
        f"{len(room.here)} here",
        f"{hands} {'hand' if hands == 1 else 'hands'} up" if hands else "",
        "J how to join · G gathers · K lends, pins · ? keys",
    )
    return " · ".join(part for part in parts if part)


def by_oneself(now: ClassNow | None, update: int, step: int, steps: int) -> str:
    """How far the class is from an update and a step of it; steps: how many one update has."""
    if now is not None and now.leads:
        return f"you lead the class · {now.here} here · F gives the lead back"
    if now is None:
        return "by yourself · the leader is gone · F looks for the class"
    ahead = (now.update - update) * steps + now.step - step
    if not now.is_same:
        where = f"{now.leader} works with other numbers"
    elif ahead == 0:
        where = f"{now.leader} is here too"
    else:
        count = f"{abs(ahead):,} {'step' if abs(ahead) == 1 else 'steps'}"
        where = f"{now.leader} is {count} {'ahead' if ahead > 0 else 'behind'}"
    return f"by yourself · {where} · F follows"
