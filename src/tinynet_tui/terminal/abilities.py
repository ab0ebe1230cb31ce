"""What the terminal can show, told from the environment alone: nothing is asked of the terminal itself."""

from __future__ import annotations

import codecs
import re
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from tinynet_tui.drawing.theme import Colours, Palette


PALETTE_SETTING = "TINYNET_TUI_PALETTE"
"""The variable of the environment that chooses a palette."""

_WITHOUT_COLOUR = ("dumb", "unknown", "vt")
_WITHOUT_UNICODE = ("dumb", "unknown", "vt", "linux", "ansi", "cons", "wsvt", "sun", "at386")
_TRUECOLOR = (
    "alacritty",
    "contour",
    "foot",
    "ghostty",
    "konsole",
    "rio",
    "wezterm",
    "xterm-ghostty",
    "xterm-kitty",
)
"""Beginnings of TERM."""

_COERCED_LOCALES = ("C.UTF-8", "C.utf8", "UTF-8")
"""What Python itself writes into LC_CTYPE when the locale is C or POSIX."""


_EAST_ASIAN = ("ja", "ko", "zh", "cmn", "hak", "lzh", "nan", "yue")
"""Languages, as locales begin with them, whose terminals may draw −, ∂, · and boxes two cells wide."""

WIDE_SIGNS = "The screen is in ASCII: signs may be too wide here; --no-ascii draws them."
"""What is said where the screen is in ASCII for that reason alone."""


def ascii_wanted(environ: Mapping[str, str], encoding: str | None) -> bool:
    """Whether only ASCII can be trusted to show: by the encoding, the locale and the kind of terminal.

    A console font (TERM=linux) has neither braille nor subscripts.
    """
    if environ.get("TERM", "").startswith(_WITHOUT_UNICODE):
        return True
    return not _is_utf8(encoding or "ascii") or not _locale_is_utf8(environ)


def signs_may_be_wide(environ: Mapping[str, str]) -> bool:
    """Whether the locale is one whose terminals may draw signs of ambiguous width in two cells.

    Which width it is cannot be told from here. On the screen a wide minus covers the digit after it; printed
    lines only grow longer.
    """
    language, _, variant = locale_of(environ).partition("@")
    if variant in ("cjknarrow", "cjkwide"):
        return variant == "cjkwide"
    return language.partition("_")[0].partition(".")[0].lower() in _EAST_ASIAN


def colours_wanted(environ: Mapping[str, str]) -> Colours:
    """How many colours to send: none where NO_COLOR is set (no-color.org) or the terminal has none."""
    term = environ.get("TERM", "")
    if environ.get("NO_COLOR") or not term or term.startswith(_WITHOUT_COLOUR) or term.endswith("-mono"):
        return "none"
    # GNU screen hands COLORTERM on from the terminal around it, and cannot show what that promises.
    promises_all = environ.get("COLORTERM", "").lower() in ("truecolor", "24bit") or "WT_SESSION" in environ
    if term == "linux":
        return "16"
    if "-direct" in term or term.startswith(_TRUECOLOR) or (promises_all and not is_screen(environ)):
        return "truecolor"
    return "256" if "256color" in term else "16"


def palette_wanted(environ: Mapping[str, str]) -> Palette:
    """The palette for the background that the environment tells of; dark where it tells of none.

    Raises: ValueError when the setting is neither dark nor light.
    """
    match environ.get(PALETTE_SETTING, ""):
        case "dark":
            return "dark"
        case "light":
            return "light"
        case "":
            return "light" if re.fullmatch(_LIGHT_BACKGROUND, environ.get("COLORFGBG", "")) else "dark"
        case other:
            raise ValueError(f"{PALETTE_SETTING} must be dark or light, not “{other}”")


_LIGHT_BACKGROUND = r"(?s).*;(7|9|1[0-5])"
"""COLORFGBG as rxvt and those after it set it: foreground;background, numbers of the 16 colours."""


def has_clipboard(environ: Mapping[str, str]) -> bool:
    """Whether it may be sent what is to be copied: a console has no clipboard, and may print it as text."""
    return not environ.get("TERM", "").startswith(_WITHOUT_UNICODE)


def mouse_wanted(environ: Mapping[str, str]) -> bool:
    """Whether to ask for clicks and the wheel.

    Not of GNU screen: it would then hold back a lone Escape, and hand it over as Alt with the next key.
    """
    return not is_screen(environ)


ON_WINDOWS = (
    "The screen cannot open on Windows itself: run tinynet-tui within WSL; verbs that only print (trace, "
    "walk, check and others) work here, too."
)
"""What is said where there are no terminals as Linux and macOS have them."""


def has_terminals() -> bool:
    """Whether this system has terminals, and files that can be locked, as Linux and macOS have them."""
    return sys.platform != "win32" and all(map(find_spec, ("termios", "fcntl")))


def terminal_problem(
    stdin: TextIO | None, stdout: TextIO | None, environ: Mapping[str, str], has_verbs: bool = True
) -> str | None:
    """One sentence on why the screen cannot be opened here and what to do instead, or None where it can.

    Keys are read from standard input and the screen is drawn on standard output, so both have to be a
    terminal; standard error may go anywhere. has_verbs: whether whoever reads it can run the verbs.
    """
    instead = "use `tinynet-tui trace` to print the steps" if has_verbs else ""
    is_remote = bool(environ.get("SSH_CONNECTION"))
    missing = [name for name, end in (("input", stdin), ("output", stdout)) if not _is_terminal(end)]
    if missing:
        where = (
            "input and output are not terminals" if len(missing) == 2 else f"{missing[0]} is not a terminal"
        )
        if is_remote:
            instead = f"connect with `ssh -t`, or {instead}" if has_verbs else "connect with `ssh -t`"
        return f"The screen cannot open: standard {where}; {instead or 'open it on a terminal'}."
    term = environ.get("TERM", "")
    if term in ("", "dumb", "unknown"):
        kind = f"is {term}" if term else "is not set"
        instead = instead or ("connect from another terminal" if is_remote else "open it on another terminal")
        return f"The screen cannot open: TERM {kind}, so the terminal may not move its cursor; {instead}."
    return None


def is_tmux(environ: Mapping[str, str]) -> bool:
    """Whether the terminal is tmux."""
    return bool(environ.get("TMUX"))


def is_screen(environ: Mapping[str, str]) -> bool:
    """Whether the terminal is GNU screen; tmux may have the same TERM."""
    return not is_tmux(environ) and ("STY" in environ or environ.get("TERM", "").startswith("screen"))


def _is_terminal(end: TextIO | None) -> bool:
    """Whether a standard stream is there, open, and a terminal."""
    return end is not None and not end.closed and end.isatty()


def locale_of(environ: Mapping[str, str]) -> str:
    """The name of the locale that says how characters are written and read; empty where none is named."""
    of_characters = environ.get("LC_CTYPE", "")
    language = environ.get("LANG", "")
    if of_characters in _COERCED_LOCALES and language:
        of_characters = ""
    return environ.get("LC_ALL") or of_characters or language


def _locale_is_utf8(environ: Mapping[str, str]) -> bool:
    """Whether the locale's characters are UTF-8; one that is not named says nothing."""
    named = locale_of(environ)
    if not named:
        # But tmux and screen believe it, and show something else in the place of what is not ASCII.
        return not {"TMUX", "STY"} & environ.keys()
    return _is_utf8(named.partition("@")[0].rpartition(".")[2])


def _is_utf8(encoding: str) -> bool:
    """Whether an encoding's name is one of UTF-8's."""
    try:
        return codecs.lookup(encoding).name == "utf-8"
    except LookupError:
        return False
