"""The private names of Textual that this program cannot do without: they stand here and nowhere else."""

from __future__ import annotations

import sys

from textual.app import App
from textual.driver import Driver
from textual.messages import CloseMessages
from textual.screen import Screen, ScreenResultType
from textual.widget import Widget

__all__ = [
    "OrderlyApp",
    "PlainScreen",
    "read_keys_with",
]

_PARSER = "XTermParser"
"""What the modules of Textual's drivers call the class that they read keys with."""


class OrderlyApp(App[None], inherit_bindings=False):
    """An app that a fault of its own ends in order: no traceback on the screen, the fault kept instead."""

    fault: BaseException | None = None
    """What ended the app, if it was not its user."""

    @property
    def driver(self) -> Driver | None:
        """What the app is driven by, while it runs."""
        return self._driver

    def _fatal_error(self) -> None:
        # Tests run without a terminal and get it as ever.
        if self.is_headless:
            super()._fatal_error()
            return
        self.fault = sys.exc_info()[1]
        self.post_message(CloseMessages())


class PlainScreen(Screen[ScreenResultType], inherit_bindings=False, inherit_css=False):
    """A screen with nothing but its own: Textual lays tooltips and notices, not used here, over each.

    Its own key bindings, which take Tab, are left out, too.
    """

    def _extend_compose(self, widgets: list[Widget]) -> None:
        pass


def read_keys_with(driver: type[Driver], parser: type) -> None:
    """Have a driver of Textual's read keys with another class than Textual's."""
    for base in driver.__mro__:
        home = sys.modules.get(base.__module__)
        if hasattr(home, _PARSER):
            setattr(home, _PARSER, parser)
