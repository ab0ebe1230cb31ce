"""The way to the clipboard: what a terminal is sent of a text, and what tmux and screen need in between."""

import subprocess
from base64 import b64encode
from collections.abc import Mapping
from typing import NamedTuple

from tinynet_tui.safety.foreign_text import harmless
from tinynet_tui.terminal.abilities import has_clipboard, is_screen, is_tmux

MOST_SENT = 65_536
"""Bytes of the whole control sequence: there are terminals that take no longer one."""

_START, _END = "\x1b]52;c;", "\a"
_SCREEN_TAKES = 250
"""Characters of a string that every version of GNU screen hands on; a longer one goes in pieces."""
_PATIENCE = 5.0
"""Seconds that tmux has to answer; no key waits for it."""
_IN_SCREEN = "Sent through screen to the clipboard, if there is one."
_IN_SCREEN_OR_TMUX = (
    "Sent through screen to the clipboard; if this is tmux, it needs TERM=tmux-256color and set-clipboard on."
)
_NEEDS_SETTING = "to the clipboard, which needs: tmux set -s set-clipboard on."
_IN_BUFFER = "Copied to tmux's buffer (prefix ] pastes)"


class Copy(NamedTuple):
    """What has become of a text, and what is left to do for it."""

    sequence: str
    """What the terminal has still to be sent."""
    words: str


def copy_of(text: str, environ: Mapping[str, str], asks_tmux: bool = True) -> Copy:
    """A text on its way to the clipboard; where the terminal is tmux, tmux has it already.

    asks_tmux: whether its own command may be run, which is waited for, for some seconds.
    """
    sent = sendable(text)
    copy = _copy(sent, environ, asks_tmux)
    if len(sent) < len(harmless(text)):
        return copy._replace(words=f"{copy.words} Only the first {len(sent):,} characters.")
    return copy


def sendable(text: str) -> str:
    """The start of a text that a terminal takes, without what would end a paste or steer a terminal."""
    most = (MOST_SENT - len(_START) - len(_END)) // 4 * 3
    return harmless(text).encode()[:most].decode(errors="ignore")


def sequence_of(text: str) -> str:
    """OSC 52: what asks a terminal to put a text on its clipboard."""
    return f"{_START}{b64encode(text.encode()).decode()}{_END}"


def _copy(text: str, environ: Mapping[str, str], asks_tmux: bool) -> Copy:
    term = environ.get("TERM", "")
    if is_tmux(environ) and asks_tmux:
        return _copy_in_tmux(text)
    if is_tmux(environ) or term.startswith("tmux"):  # without its own command, as over ssh
        return Copy(sequence_of(text), f"Sent {_NEEDS_SETTING}")
    if is_screen(environ):
        return Copy(
            _through_screen(sequence_of(text)), _IN_SCREEN if "STY" in environ else _IN_SCREEN_OR_TMUX
        )
    if has_clipboard(environ):
        return Copy(sequence_of(text), "Sent to the clipboard, if there is one.")
    return Copy("", "This terminal has no clipboard.")


def _through_screen(sequence: str) -> str:
    """A sequence in the strings that screen hands on to the terminal around it."""
    pieces = (sequence[at : at + _SCREEN_TAKES] for at in range(0, len(sequence), _SCREEN_TAKES))
    return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)


def _copy_in_tmux(text: str) -> Copy:
    """A text in tmux's own buffer, and from there on the clipboard: tmux ignores what programs send."""
    try:
        done = _told_tmux(
            text, "load-buffer", "-w", "-", ";", "display-message", "-p", "#{client_termfeatures}"
        )
        if done.returncode == 0:
            return Copy("", words_of_tmux(done.stdout.decode(errors="replace").strip().split(",")))
        # Before version 3.2 its buffer is all that it can be asked to fill.
        buffered = _told_tmux(text, "load-buffer", "-").returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        buffered = False
    return Copy(sequence_of(text), f"{f'{_IN_BUFFER}; sent' if buffered else 'Sent'} {_NEEDS_SETTING}")


def words_of_tmux(features: list[str]) -> str:
    """What there is to say of a text that tmux has, given what it knows of the terminal around it."""
    if "clipboard" in features:
        return f"{_IN_BUFFER} and sent to the clipboard."
    setting = "set -as terminal-features ',*:clipboard'"
    return f"{_IN_BUFFER}; for the clipboard: tmux {setting}, then attach anew."


def _told_tmux(text: str, *command: str) -> subprocess.CompletedProcess[bytes]:
    """How tmux has ended that was given a text with a command.

    Raises: OSError where there is none; TimeoutExpired when it does not end in time.
    """
    return subprocess.run(("tmux", *command), input=text.encode(), capture_output=True, timeout=_PATIENCE)
