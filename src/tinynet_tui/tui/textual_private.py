"""The private names of Textual that this program cannot do without: they stand here and nowhere else."""

from __future__ import annotations

import sys
from asyncio import AbstractEventLoop
from typing import Any

from textual._styles_cache import StylesCache
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.driver import Driver
from textual.messages import CloseMessages

__all__ = [
    "OrderlyApp",
    "OwnedDriver",
    "read_keys_with",
]

_PARSER = "XTermParser"
"""What the modules of Textual's drivers call the class that they read keys with."""


class OrderlyApp(App[None], inherit_bindings=False):
    """An app that a fault of its own ends in order: no traceback on the screen, the fault kept instead.

    And one that forgets the screens that were left.
    """

    fault: BaseException | None = None
    """What ended the app, if it was not its user."""

    @property
    def driver(self) -> Driver | None:
        """What the app is driven by, while it runs."""
        return self._driver

    def pop_screen(self) -> AwaitComplete:
        """Leave a screen, and keep no rows of those that were left before."""
        # A cache of a method keeps what it is a method of: up to 1,024 screens, each with all its rows.
        StylesCache.get_inner_outer.cache_clear()
        return super().pop_screen()

    def _fatal_error(self) -> None:
        # Tests run without a terminal and get it as ever.
        if self.is_headless:
            super()._fatal_error()
            return
        self.fault = sys.exc_info()[1]
        self.post_message(CloseMessages())


class OwnedDriver(Driver):
    """A driver of this program's: its app, event loop and options can be asked for by what is built on it."""

    @property
    def app(self) -> App[Any]:
        """The app that is driven."""
        return self._app

    @property
    def loop(self) -> AbstractEventLoop:
        """The event loop that the app runs in."""
        return self._loop

    @property
    def debug(self) -> bool:
        """Whether Textual's debugging is on."""
        return self._debug

    @property
    def mouse(self) -> bool:
        """Whether clicks are wanted."""
        return self._mouse

    def take_mouse(self, wanted: bool) -> None:
        """Say whether clicks are wanted from here on."""
        self._mouse = wanted

    def set_size(self, columns: int, rows: int) -> None:
        """Say how large the terminal is, before the app asks."""
        self._size = columns, rows


def read_keys_with(driver: type[Driver], parser: type) -> None:
    """Have a driver of Textual's read keys with another class than Textual's."""
    for base in driver.__mro__:
        home = sys.modules.get(base.__module__)
        if hasattr(home, _PARSER):
            setattr(home, _PARSER, parser)
