"""The terminal itself: what is sent to it and read from it, and how the app starts, pauses and ends on it.

Nothing is asked of the terminal: every query is one that some console prints as text, and none is needed. The
kitty keyboard protocol stays off: each key of this app can be sent without it, and it makes every key press a
sequence of eight bytes or more. A lone Escape is told from a sequence by a short silence instead.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import termios
import tty
from codecs import getincrementaldecoder
from collections.abc import Iterator
from queue import Full, Queue
from threading import Thread
from types import FrameType
from typing import Any, ClassVar

from rich.console import Console
from textual import events
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.app import App
from textual.driver import Driver
from textual.geometry import Size
from textual.message import Message

from tinynet_tui.tui.difference import Difference

HUNG_UP = 128 + signal.SIGHUP
"""The exit status when the terminal has gone away: that of a command ended by SIGHUP."""

ESCAPE_SILENCE = 0.05
"""Seconds without a byte after which an Escape was the key, not the start of a sequence."""

PASTE_LIMIT = 10_000
"""Characters that are kept of one paste; nothing that can be pasted into is longer."""
PASTE_SILENCE = 1.0
"""Seconds without a byte after which a paste without an end is over."""

MOST_WAITING = 30
"""Pieces of output that may wait for a slow line before the app waits too."""

_ENTER = (
    "\x1b[?1049h"  # the alternate screen, so that what was there before comes back
    "\x1b[m"  # in no style, so that what is cleared is known to be blank
    "\x1b[2J"  # empty, where there is no alternate screen
    "\x1b[?25l"  # no cursor
    "\x1b[?7l"  # no wrapping, so that the last cell can be written
    "\x1b[?2004h"  # pastes in brackets
)
_ENTER_MOUSE = "\x1b[?1000h\x1b[?1006h"  # clicks and the wheel, not every motion; coordinates in decimal
_LEAVE_MOUSE = "\x1b[?1006l\x1b[?1000l"
_LEAVE = "\x1b[?2004l\x1b[?7h\x1b[0m\x1b[2J\x1b[H\x1b[?1049l\x1b[?25h"


def own_colours(app: App[Any]) -> None:
    """Have the app send styles as they are given: no filter, no detection of colours, no conversion."""
    app._filters.clear()
    app.console = Console(
        color_system="truecolor", file=app.console.file, force_terminal=True, markup=True, highlight=False,
        emoji=False, legacy_windows=False, safe_box=False, soft_wrap=False, no_color=False, _environ={},
    )  # fmt: skip


class TerminalApp(App[None], inherit_bindings=False):
    """An app on this driver. A fault of its own ends it in order, and is kept for whoever ran it."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, differences: bool = True) -> None:
        super().__init__(driver_class=TerminalDriver if differences else WholeFrameDriver, ansi_color=True)
        own_colours(self)
        self.fault: BaseException | None = None
        """What ended the app, if it was not its user."""

    def _fatal_error(self) -> None:
        # Instead of a traceback on the screen. Tests run without a terminal and get it as ever.
        if self.is_headless:
            super()._fatal_error()
            return
        self.fault = sys.exc_info()[1]
        self._close_messages_no_wait()


class Output:
    """Text on its way to the terminal, written by a thread of its own so that a slow line holds nothing up.

    When the terminal is gone or stuck, what is written vanishes: losing the screen is no error of the app's.
    """

    def __init__(self, fileno: int) -> None:
        self._fileno = fileno
        self._waiting: Queue[str | None] = Queue(maxsize=MOST_WAITING)
        self._abandoned = False
        self._thread = Thread(target=self._run, name="terminal-output", daemon=True)
        self._thread.start()

    def write(self, text: str) -> None:
        """Have the text written; wait while too much is waiting already."""
        while not self._abandoned:
            with contextlib.suppress(Full):
                self._waiting.put(text, timeout=0.1)
                return

    def abandon_if_stuck(self) -> None:
        """Give the terminal up if it takes nothing any more. Can be called from a signal handler."""
        # Not `full()`: it takes the queue's lock, which the very code that the signal interrupts may hold.
        if len(self._waiting.queue) >= MOST_WAITING:
            self._abandoned = True

    def close(self) -> None:
        """Wait until everything is written, or a second has passed."""
        with contextlib.suppress(Full):
            self._waiting.put(None, timeout=0.1)
        self._thread.join(timeout=1)
        self._abandoned = True

    def _run(self) -> None:
        while (text := self._waiting.get()) is not None:
            rest = text.encode("utf-8", "replace")
            while rest and not self._abandoned:
                try:
                    rest = rest[os.write(self._fileno, rest) :]
                except OSError:
                    self._abandoned = True


class TerminalDriver(Driver):
    """Draws on the terminal of standard output, and reads the keyboard and mouse of standard input."""

    SENDS_DIFFERENCES: ClassVar[bool] = True

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        # Standard error may be a file of complaints, so the screen is drawn where the person looks.
        assert sys.__stdin__ is not None
        assert sys.__stdout__ is not None
        self._input_fileno = sys.__stdin__.fileno()
        self._output_fileno = sys.__stdout__.fileno()
        self._output: Output | None = None
        self._difference = Difference(80, 24) if self.SENDS_DIFFERENCES else None
        self._modes_before: list[Any] | None = None
        self._input_thread: Thread | None = None
        self._wake_read, self._wake_write = os.pipe()
        self._ending = False

    @property
    def can_suspend(self) -> bool:
        """Whether Ctrl+Z can work."""
        return True

    def write(self, data: str) -> None:
        """Send text and control sequences to the terminal: everything that is drawn passes here."""
        if self._output is None:
            return
        if self._difference is not None:
            data = self._difference.encode(data)
        if data:
            self._output.write(data)

    def start_application_mode(self) -> None:
        """Take the terminal over."""
        self._size = self._terminal_size()
        self._output = Output(self._output_fileno)
        for signum in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, self._end_by_signal)
        # In the background this stops the process until it is in the foreground, before anything is drawn.
        self._enter_raw_mode()
        self._enter_screen()
        self._input_thread = Thread(target=self._read_input, name="terminal-input", daemon=True)
        self._input_thread.start()
        self._loop.add_signal_handler(signal.SIGTSTP, self._suspend)
        self._loop.add_signal_handler(signal.SIGCONT, self._repaint)
        self._loop.add_signal_handler(signal.SIGWINCH, self._resized)
        self._send_size()

    def disable_input(self) -> None:
        """Read no more keys."""
        if self._input_thread is None:
            return
        os.write(self._wake_write, b"x")
        self._input_thread.join()
        os.read(self._wake_read, 1)
        self._input_thread = None
        # A click or key that was on its way must not reach the shell.
        with contextlib.suppress(termios.error):
            termios.tcflush(self._input_fileno, termios.TCIFLUSH)

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was."""
        if self._output is None:
            return
        for signum in (signal.SIGTSTP, signal.SIGCONT, signal.SIGWINCH):
            self._loop.remove_signal_handler(signum)
        self.write((_LEAVE_MOUSE if self._mouse else "") + _LEAVE)
        self.disable_input()
        if self._modes_before is not None:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(self._input_fileno, termios.TCSANOW, self._modes_before)
            self._modes_before = None

    def close(self) -> None:
        """Wait until the terminal has everything."""
        if self._output is not None:
            self._output.close()
            self._output = None

    def _enter_raw_mode(self) -> None:
        """Get keys one by one, unechoed, Ctrl+C and Ctrl+Z among them."""
        try:
            if self._modes_before is None:
                self._modes_before = termios.tcgetattr(self._input_fileno)
            modes = termios.tcgetattr(self._input_fileno)
            modes[tty.IFLAG] &= ~(
                termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR
            )
            modes[tty.LFLAG] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
            modes[tty.CC][termios.VMIN] = 1
            termios.tcsetattr(self._input_fileno, termios.TCSANOW, modes)
        except termios.error:
            return  # The terminal is gone already; reading it will end the app.

    def _enter_screen(self) -> None:
        """Take the screen over, whatever is on it."""
        if self._difference is not None:
            self._difference.resized(*self._terminal_size())
            self._difference.forget()
        self.write(_ENTER + (_ENTER_MOUSE if self._mouse else ""))

    def _terminal_size(self) -> tuple[int, int]:
        """Columns and rows; of the terminal itself, whatever COLUMNS and LINES say."""
        with contextlib.suppress(OSError):
            columns, rows = os.get_terminal_size(self._output_fileno)
            if columns and rows:
                return columns, rows
        return 80, 24

    def _send_size(self) -> None:
        """Tell the app how large the terminal is."""
        self._size = self._terminal_size()
        self.send_message(events.Resize(Size(*self._size), Size(*self._size)))

    def _resized(self) -> None:
        """Draw everything again for the size that the terminal has now."""
        if self._difference is not None:
            self._difference.resized(*self._terminal_size())
        self._send_size()

    def _suspend(self) -> None:
        """Give the terminal to the shell until the person brings the app back."""
        self.suspend_application_mode()
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        # To the whole job, as the keyboard would; ignored where no shell could continue it (`ssh -t`).
        os.kill(0, signal.SIGTSTP)
        if not self._ending:
            self.resume_application_mode()
            self.send_message(self.SignalResume())
            self._app.call_later(self._app.refresh, layout=True)

    def _repaint(self) -> None:
        """Take the terminal over again: the app was stopped from outside, and a shell had it."""
        self._enter_raw_mode()
        self._enter_screen()
        self._send_size()
        self._app.call_later(self._app.refresh, layout=True)

    def _end_by_signal(self, signum: int, _frame: FrameType | None) -> None:
        """End the app in order, with the exit status that a shell gives such an end."""
        if self._loop.is_closed():
            raise SystemExit(128 + signum)
        self._ending = True
        # The loop may be waiting for a terminal that takes nothing any more.
        if self._output is not None:
            self._output.abandon_if_stuck()
        self._end(128 + signum)

    def _end(self, status: int) -> None:
        """End the app. Can be called from any thread, and from a signal handler."""
        with contextlib.suppress(RuntimeError):  # the loop is closed: it has ended already
            self._loop.call_soon_threadsafe(lambda: self._app.exit(return_code=status))

    def _read_input(self) -> None:
        """Turn what arrives into messages, until `disable_input` or the end of input."""
        keyboard = Keyboard(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        while True:
            ready, _, _ = select.select([self._input_fileno, self._wake_read], [], [], keyboard.patience)
            if self._wake_read in ready:
                return
            if not ready:
                messages = keyboard.silence()
            else:
                try:
                    arrived = os.read(self._input_fileno, 65_536)
                except OSError:
                    arrived = b""
                if not arrived:
                    self._end(HUNG_UP)
                    return
                messages = keyboard.feed(decode(arrived))
            for message in messages:
                self.process_message(message)


class WholeFrameDriver(TerminalDriver):
    """Sends every frame as it is drawn, changed or not."""

    SENDS_DIFFERENCES = False


class Keyboard:
    """Messages from the characters that a terminal sends, with pastes of bounded length.

    The parser behind it takes microseconds for each character of a paste, and waits for its end for ever; so
    pastes are cut out before it sees them.
    """

    def __init__(self, debug: bool = False) -> None:
        self._parser = XTermParser(debug)
        self._held = ""
        """The start of what may become a paste bracket."""
        self._pasted: str | None = None
        """What has come of a paste so far, while in one."""

    @property
    def patience(self) -> float | None:
        """Seconds of silence after which `silence` is to be called; None for ever."""
        if self._pasted is not None:
            return PASTE_SILENCE
        return ESCAPE_SILENCE if self._held or self._parser._timeout_time is not None else None

    def feed(self, text: str) -> Iterator[Message]:
        """The messages that are complete with these characters."""
        text, self._held = self._held + text, ""
        while text:
            bracket = BRACKETED_PASTE_START if self._pasted is None else BRACKETED_PASTE_END
            before, found, text = text.partition(bracket)
            if not found:
                before, self._held = _split_off_start(before, bracket)
            if self._pasted is None:
                yield from self._keys(before)
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
        yield from self._keys(held)
        if self._parser._timeout_time is not None:
            self._parser._timeout_time = 0
            yield from self._parser.tick()

    def _keys(self, text: str) -> Iterator[Message]:
        """The messages for characters outside a paste."""
        if text:  # an empty text would tell the parser that input has ended
            yield from self._parser.feed(text)

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
