"""The private names of Textual that this program cannot do without: they stand here and nowhere else."""

from __future__ import annotations

import sys
from asyncio import AbstractEventLoop
from collections.abc import Iterator
from typing import Any

from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.app import App
from textual.driver import Driver
from textual.message import Message
from textual.messages import CloseMessages

__all__ = [
    "BRACKETED_PASTE_END",
    "BRACKETED_PASTE_START",
    "InputParser",
    "OrderlyApp",
    "OwnedDriver",
]


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


class OwnedDriver(Driver):
    """A driver whose app, event loop and options can be asked for by those that are built on it."""

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

    def set_mouse(self, wanted: bool) -> None:
        """Say whether clicks are wanted from here on."""
        self._mouse = wanted

    def set_size(self, columns: int, rows: int) -> None:
        """Say how large the terminal is, before the app asks."""
        self._size = columns, rows


class InputParser:
    """Textual's own parser of what a terminal sends, which may hold back a start that has to go on."""

    def __init__(self, debug: bool) -> None:
        self._parser = XTermParser(debug)

    @property
    def holds_back(self) -> bool:
        """Whether something has arrived that is complete only if nothing follows it."""
        return self._parser._timeout_time is not None

    def feed(self, text: str) -> Iterator[Message]:
        """The messages that are complete with these characters."""
        if text:  # an empty text would tell the parser that input has ended
            yield from self._parser.feed(text)

    def release(self) -> Iterator[Message]:
        """The messages that are complete because nothing follows."""
        if self.holds_back:
            self._parser._timeout_time = 0
            yield from self._parser.tick()
