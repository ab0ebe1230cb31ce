"""A stepper in a class, whose last row says how the class is."""

from __future__ import annotations

from tinynet_tui.classroom.last_row import SAID_FOR, Parts
from tinynet_tui.session.commands import place_of_key
from tinynet_tui.session.session import Session
from tinynet_tui.tui.app import Stepper
from tinynet_tui.tui.later import later


class ClassStepper(Stepper):
    """Walks through training, for somebody in a class."""

    offers_practice = False

    def show(self, session: Session, by_itself: bool = False) -> None:
        """Take another session; what it says of the key stands in place of the class for a moment."""
        super().show(session, by_itself)
        self._forget_soon()

    def say(self, notice: str) -> None:
        """Show a line in place of the class for a moment."""
        super().say(self.look.named(notice))
        self._forget_soon()

    def draw_pages(self) -> None:
        """Draw what is on top, and the step; an app that is about to end has no page any more."""
        for page in {self.page, self._page} if self.screen_stack else ():
            page.draw()

    @property
    def autoplaying(self) -> Parts:
        """What the last row says of autoplay, while it is on."""
        return (f"{place_of_key('autoplay')} stops autoplay",) if self.page.autoplay.is_on else ()

    def _forget_soon(self) -> None:
        if notice := self.session.notice:
            later(self, SAID_FOR, lambda: self._forget(notice))

    def _forget(self, notice: str) -> None:
        if self.session.notice == notice:
            self.say("")
