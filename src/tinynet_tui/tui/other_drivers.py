"""Drivers that are not this program's own, as TEXTUAL_DRIVER names one: on a terminal, or for a browser."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from inspect import isabstract
from time import monotonic

from textual.driver import Driver
from textual.message import Message

from tinynet_tui.safety.foreign_text import one_line
from tinynet_tui.terminal.abilities import PALETTE_SETTING
from tinynet_tui.terminal.input import Input
from tinynet_tui.terminal.input_events import by_hand
from tinynet_tui.tui.keyboard import message_of
from tinynet_tui.tui.permissions import BROWSER, ELSEWHERE, OPEN, Permissions
from tinynet_tui.tui.textual_private import read_keys_with

_BROWSER = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
_CHOSEN = ("NO_COLOR", PALETTE_SETTING)


def named_driver(name: str) -> type[Driver]:
    """The driver of a name, with this program's own way to read keys.

    Raises: ValueError, with what is wrong, where there is none of that name.
    """
    from textual.drivers.headless_driver import HeadlessDriver
    from textual.drivers.linux_inline_driver import LinuxInlineDriver

    module, _, symbol = name.partition(":")
    try:
        driver = getattr(import_module(module), symbol)
    except (Exception, SystemExit) as fault:  # a module of anybody's may raise anything
        raise ValueError(
            f"{name} cannot be loaded ({type(fault).__name__}: {one_line(str(fault))})"
        ) from None
    if not (isinstance(driver, type) and issubclass(driver, Driver)):
        raise ValueError(f"{name} is no driver of Textual's")
    if isabstract(driver) or issubclass(driver, HeadlessDriver):
        raise ValueError(f"{name} is a driver that draws nothing")
    if issubclass(driver, LinuxInlineDriver):
        raise ValueError(f"{name} draws below the shell's prompt, and this screen needs the whole terminal")
    read_keys_with(driver, OwnParser)
    return driver


class OwnParser:
    """This program's way to read keys in the place of Textual's, which some sequences end for good."""

    def __init__(self, debug: bool = False) -> None:
        self._input = Input()
        self._silent_since = monotonic()

    def feed(self, data: str) -> Iterator[Message]:
        """The messages that are complete with what has arrived."""
        self._silent_since = monotonic()
        yield from map(message_of, by_hand(self._input.feed(data.encode(errors="replace"))))

    def tick(self) -> Iterator[Message]:
        """The messages that are complete because nothing has followed."""
        patience = self._input.patience
        if patience is not None and monotonic() - self._silent_since >= patience:
            yield from map(message_of, by_hand(self._input.silence()))


def permissions_of(driver: type[Driver]) -> Permissions:
    """What may be touched where a driver draws: all, where that is known to be this terminal."""
    from textual.drivers.linux_driver import LinuxDriver
    from textual.drivers.web_driver import WebDriver

    if issubclass(driver, LinuxDriver):
        return OPEN
    return BROWSER if issubclass(driver, WebDriver) else ELSEWHERE


def environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What an environment would say of a screen elsewhere: what it says itself is about the terminal here."""
    return _BROWSER | {name: environ[name] for name in _CHOSEN if name in environ}
