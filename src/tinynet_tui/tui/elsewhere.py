"""A screen that is not on a terminal here: the driver that TEXTUAL_DRIVER names, as for a browser."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from textual.driver import Driver

from tinynet_tui.tui.terminal import PALETTE_SETTING

SETTING = "TEXTUAL_DRIVER"
"""The environment variable that names a driver of Textual's, as module:Class."""

_BROWSER = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
_CHOSEN = ("NO_COLOR", PALETTE_SETTING)


def named_driver(name: str) -> type[Driver]:
    """The driver of a name.

    Raises: ValueError, with what is wrong, where there is none of that name.
    """
    module, _, symbol = name.partition(":")
    try:
        driver = getattr(import_module(module), symbol)
    except (ImportError, AttributeError, TypeError, ValueError):
        raise ValueError(f"there is no driver {name}") from None
    if not (isinstance(driver, type) and issubclass(driver, Driver)):
        raise ValueError(f"{name} is no driver of Textual's")
    return driver


def needs_terminal(driver: type[Driver]) -> bool:
    """Whether a driver draws on the terminal that the app was started on."""
    from textual.drivers.linux_driver import LinuxDriver

    return issubclass(driver, LinuxDriver)


def environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What an environment would say of a screen elsewhere: what it says itself is about the terminal here."""
    return _BROWSER | {name: environ[name] for name in _CHOSEN if name in environ}
