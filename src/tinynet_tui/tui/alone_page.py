"""The page of a follower who steps by themselves: the stepper's, and the way back to the class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tinynet_tui.classroom.watcher_commands import TRIED
from tinynet_tui.drawing.listing import Choice
from tinynet_tui.session.commands import COMMANDS, FOLLOWER_COMMANDS, key_sign
from tinynet_tui.session.session import Session
from tinynet_tui.tui.page import bindings
from tinynet_tui.tui.stepper import StepperPage

if TYPE_CHECKING:
    from tinynet_tui.tui.alone import Alone


class AlonePage(StepperPage):
    """The stepper's page for a follower who steps by themselves."""

    BINDINGS = bindings(FOLLOWER_COMMANDS)
    TABLE = (*COMMANDS, *FOLLOWER_COMMANDS)

    def __init__(self, alone: Alone) -> None:
        super().__init__(alone)
        self._alone = alone
        self._escaped = False
        """Whether the last key was Esc, and has left nothing."""
        self.own |= {
            "follow": alone.follow,
            "hand": alone.raise_hand,
            TRIED.name: self._go_back,
            "leave": self._leave_or_follow,
        }

    def action_do(self, name: str) -> None:
        """Do a command, by its name."""
        if name != "leave":
            self._escaped = False
        super().action_do(name)

    def _leave_or_follow(self) -> None:
        """Leave what is open; where nothing is, the second Esc follows the class."""
        if self._alone.escape_leaves:
            self._leave()
        elif self._escaped:
            self._alone.follow()
        else:
            self._escaped = True
            self.say(f"{key_sign('escape')} again follows the class.")

    def _go_back(self) -> None:
        """Go where this follower was by themselves before; where that is several places, they are listed."""
        self._alone.tried.add(self._alone.session)
        places = [place for place in self._alone.tried.places if place.bare != self._alone.session.bare]
        if not places:
            self.say("You have tried nothing else by yourself yet.")
        elif len(places) == 1:
            self._alone.show(places[0])
        else:
            choices = [Choice("", _where(place), _what(place), place) for place in places]
            self.choose("What you tried", choices, self._alone.show)


def _where(place: Session) -> str:
    return f"{place.lesson.title}: update {place.update}, step {place.step}"


def _what(place: Session) -> str:
    """What was changed there."""
    count = len(place.edits)
    changes = [f"{count} {'value' if count == 1 else 'values'} changed"] if count else []
    start = [f"random start {place.seed}"] if place.seed is not None else []
    return f"{', '.join([*start, *changes]) or 'The numbers of the lesson'}."
