"""Messages from the characters that a terminal sends: keys, clicks, pastes.

A lone Escape is told from a sequence by a short silence. The kitty keyboard protocol, which would tell it at
once, stays off: each key of this app can be sent without it, and it makes every key press a sequence of eight
bytes or more.
"""

from __future__ import annotations

from collections.abc import Iterator

from textual import events
from textual.message import Message

from tinynet_tui.tui.textual_private import BRACKETED_PASTE_END, BRACKETED_PASTE_START, InputParser

ESCAPE_SILENCE = 0.05
"""Seconds without a byte after which an Escape was the key, not the start of a sequence."""

PASTE_LIMIT = 10_000
"""Characters that are kept of one paste; nothing that can be pasted into is longer."""
PASTE_SILENCE = 1.0
"""Seconds without a byte after which a paste without an end is over."""


class Keyboard:
    """Messages from the characters that a terminal sends, with pastes of bounded length.

    The parser behind it takes microseconds for each character of a paste, and waits for its end for ever; so
    pastes are cut out before it sees them.
    """

    def __init__(self, debug: bool = False) -> None:
        self._parser = InputParser(debug)
        self._held = ""
        """The start of what may become a paste bracket."""
        self._pasted: str | None = None
        """What has come of a paste so far, while in one."""

    @property
    def patience(self) -> float | None:
        """Seconds of silence after which `silence` is to be called; None for ever."""
        if self._pasted is not None:
            return PASTE_SILENCE
        return ESCAPE_SILENCE if self._held or self._parser.holds_back else None

    def feed(self, text: str) -> Iterator[Message]:
        """The messages that are complete with these characters."""
        text, self._held = self._held + text, ""
        while text:
            bracket = BRACKETED_PASTE_START if self._pasted is None else BRACKETED_PASTE_END
            before, found, text = text.partition(bracket)
            if not found:
                before, self._held = _split_off_start(before, bracket)
            if self._pasted is None:
                yield from self._parser.feed(before)
                self._pasted = "" if found else None
            else:
                self._pasted = (self._pasted + before)[:PASTE_LIMIT]
                if found:
                    yield self._paste()

    def silence(self) -> Iterator[Message]:
        """The messages that are complete because nothing followed: a lone Escape, a paste without an end."""
        if self._pasted is not None:
            self._held = ""
            yield self._paste()
            return
        held, self._held = self._held, ""
        yield from self._parser.feed(held)
        yield from self._parser.release()

    def _paste(self) -> Message:
        """The message for the paste that has just ended."""
        pasted, self._pasted = self._pasted or "", None
        return events.Paste(pasted.replace("\0", ""))


def _split_off_start(text: str, bracket: str) -> tuple[str, str]:
    """The text without the start of a bracket at its end, and that start."""
    for length in range(min(len(bracket) - 1, len(text)), 0, -1):
        if text.endswith(bracket[:length]):
            return text[:-length], text[-length:]
    return text, ""
