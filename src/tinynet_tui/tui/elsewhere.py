"""A screen that is not on a terminal here: the driver that TEXTUAL_DRIVER names, as for a browser."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from time import monotonic

from textual.driver import Driver
from textual.message import Message

from tinynet_tui.tui.input import Input
from tinynet_tui.tui.keyboard import message_of
from tinynet_tui.tui.terminal import PALETTE_SETTING

SETTING = "TEXTUAL_DRIVER"
"""The environment variable that names a driver of Textual's, as module:Class."""

_PARSER = "XTermParser"
"""What Textual's drivers read keys with."""
_BROWSER = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
_CHOSEN = ("NO_COLOR", PALETTE_SETTING)


def named_driver(name: str) -> type[Driver]:
    """The driver of a name, with this program's own way to read keys.

    Raises: ValueError, with what is wrong, where there is none of that name.
    """
    module, _, symbol = name.partition(":")
    try:
        driver = getattr(import_module(module), symbol)
    except (ImportError, AttributeError, TypeError, ValueError):
        raise ValueError(f"there is no driver {name}") from None
    if not (isinstance(driver, type) and issubclass(driver, Driver)):
        raise ValueError(f"{name} is not a Textual driver")
    for base in driver.__mro__:
        home = sys.modules[base.__module__]
        if hasattr(home, _PARSER):
            setattr(home, _PARSER, OwnParser)
    return driver


class OwnParser:
    """This program's way to read keys in the place of Textual's, which some sequences end for good."""

    def __init__(self, debug: bool = False) -> None:
        self._input = Input()
        self._silent_since = monotonic()

    def feed(self, data: str) -> Iterator[Message]:
        """The messages that are complete with what has arrived."""
        self._silent_since = monotonic()
        yield from map(message_of, self._input.feed(data.encode(errors="replace")))

    def tick(self) -> Iterator[Message]:
        """The messages that are complete because nothing has followed."""
        patience = self._input.patience
        if patience is not None and monotonic() - self._silent_since >= patience:
            yield from map(message_of, self._input.silence())


def needs_terminal(driver: type[Driver]) -> bool:
    """Whether a driver draws on the terminal that the app was started on."""
    from textual.drivers.linux_driver import LinuxDriver

    return issubclass(driver, LinuxDriver)


def environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What an environment would say of a screen elsewhere: what it says itself is about the terminal here."""
    return _BROWSER | {name: environ[name] for name in _CHOSEN if name in environ}
