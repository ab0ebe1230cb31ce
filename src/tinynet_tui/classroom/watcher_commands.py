"""What watchers have keys for, and what they open over their own screen: the help, and a text to read."""

from __future__ import annotations

from tinynet_tui.drawing.listing import Choice, Listing, key_choices
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.drawing.text_page import Reading, text_of_step
from tinynet_tui.session.commands import BY_NAME, COMMANDS, FOLLOWER_COMMANDS
from tinynet_tui.session.keys import Keys
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Session

_FOLLOW, HAND, TRIED = FOLLOWER_COMMANDS


def command_of_follower(name: str, character: str | None, keys: Keys) -> str | None:
    """The command of a key that only followers have, by its name or by what it types."""
    rows = map(keys.row_of, (HAND, TRIED))
    return next((row.name for row in rows if {name, character or ""} & {*row.keys}), None)


OPENING = ("read", "help", "palette")
"""The commands that open something over one's own screen."""
NOT_HERE = frozenset({"leave", "mouse", "suspend"})
"""What has no meaning while one watches, or is done by the terminal at the other end."""
_STAYING = (
    *(entry.name for entry in COMMANDS if entry.effect == "view" and entry.keys),
    *("read", "help", "redraw", "quit"),
)
"""The commands that do not lead away from the class."""
_LEAVING = tuple(entry for entry in COMMANDS if entry.name not in {*_STAYING, *NOT_HERE, "palette"})
HAND_EVERY = 1.0
"""Seconds at least between two times that a hand goes up or down: a held key must not flood the class."""
HAND_TOO_SOON = "A hand goes up or down once a second at most."
ANSWER_EVERY = 1.0
"""Seconds at least between two answers of somebody: each is held against the mistakes that it may be."""
ANSWER_TOO_SOON = "You have just answered: Enter again in a second."

Over = Listing[str] | Reading
"""What covers the screen of one who watches."""


def opened(command: str, session: Session, width: int, look: Look) -> Over:
    """What a command of `OPENING` opens at a place."""
    if command == "read":
        return text_of_step(Scene(moment(session), look), width)
    staying = key_choices((*(BY_NAME[name] for name in _STAYING), HAND), look.keys)
    about = f"These open an app of your own; {look.keys.of('follow')} there follows again."
    away = Choice("", "by yourself", about, "", True)
    rows = (*staying, away, *key_choices((*_LEAVING, TRIED), look.keys))
    return Listing("Help: the keys of a follower", rows)


def over_after_key(
    over: Over, key: str, character: str | None, size: tuple[int, int], look: Look
) -> Over | str | None:
    """What is open after a key; or the name of a command to do; or None where it is left."""
    if key == "escape":
        return None
    if isinstance(over, Reading):
        return over.after_key(key, *size, look)
    if key == "enter":
        chosen = over.chosen
        return over if chosen is None or chosen.is_heading else chosen.value
    return over.after_key(key, character, over.rows_in_view(*size)) or over
