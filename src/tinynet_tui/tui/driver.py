"""The terminal itself: what is sent to it, and how the app starts, pauses and ends on it.

One thing is asked of the terminal, now and then: its status, which every one since the VT100 answers. The
answer tells that all before the question has arrived. A terminal that gives none is asked once, and never
waited for.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import termios
import tty
from asyncio import run_coroutine_threadsafe
from asyncio import sleep as loop_turn
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from threading import Thread
from time import monotonic, sleep
from types import FrameType
from typing import Any, ClassVar, Protocol, runtime_checkable

from textual import events
from textual.app import App
from textual.geometry import Size

from tinynet_tui.drawing.picture import Picture, within_reach
from tinynet_tui.terminal.input import Input
from tinynet_tui.terminal.input_events import Answered, Event, Heard, Key, by_hand, two_keys
from tinynet_tui.terminal.output import Output, is_in_foreground
from tinynet_tui.terminal.painter import Painter
from tinynet_tui.tui.keyboard import message_of
from tinynet_tui.tui.terminal_app import TerminalApp
from tinynet_tui.tui.textual_private import OwnedDriver

HUNG_UP = 128 + signal.SIGHUP
"""The exit status when the terminal has gone away: that of a command ended by SIGHUP."""

_TO_HEAR = 0.1
"""Seconds to hear of signals that have come while the app was stopped, before it is stopped again."""

_ALTERNATE_SCREEN = "\x1b[?1049h"  # so that what was there before comes back
_CLEAR = (
    "\x1b[m"  # in no style, so that what is cleared is known to be blank
    "\x1b[2J"
)
_ENTER = (
    "\x1b[?25l"  # no cursor
    "\x1b[?7l"  # no wrapping, so that the last cell can be written
    "\x1b[?2004h"  # pastes in brackets
)
_REPAIR = (
    "\x0f\x1b(B"  # ASCII, not the characters for lines
    "\x1b[r"  # the whole screen scrolls
    "\x1b[?6l"  # places count from its corner
    "\x1b[4l"  # what is written takes the place of what was there
)
"""What undoes what another program may have left a terminal in."""
_ENTER_MOUSE = "\x1b[?1000h\x1b[?1006h"  # clicks and the wheel, not every motion; coordinates in decimal
_LEAVE_MOUSE = "\x1b[?1006l\x1b[?1000l"
_NO_FRAME = ("\x1b]", "\x1bP", "\a")
"""Beginnings of what is sent once, and not drawn again: the clipboard, also within screen, and the bell."""
_POINTER_SHAPE = "\x1b]22;"
"""The beginning of what would set the shape of the mouse pointer: no use here, and old terminals print it."""
_MOST_READ = 1024
"""Bytes that are read at once: the keys in them are done before more are read."""
_QUIET = 3
"""Turns of the event loop in which nothing is done; a message is in no queue while it is being looked at."""
_MOST_TURNS = 500
"""Turns after which the app is so busy with something else that the next key is not to wait for its end."""
_BREATH = 0.001
"""Seconds between two looks at whether the app has done what it was given."""
_LEAVE = "\x1b[?2004l\x1b[?7h\x1b[0m\x1b[2J\x1b[H\x1b[?1049l\x1b[?25h"


@runtime_checkable
class LeftByEscape(Protocol):
    """An app that can tell what Escape would do."""

    @property
    def escape_leaves(self) -> bool:
        """Whether something is open that Escape leaves."""


class TerminalDriver(OwnedDriver):
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
        assert isinstance(app, TerminalApp)
        self._painter = Painter(80, 24, app.cell_theme)
        self._picture: Picture | None = None
        """What the terminal is to show."""
        self._on_screen = False
        """Whether the screen has been taken over, and not been given back."""
        self._modes_before: list[Any] | None = None
        self._input_thread: Thread | None = None
        self._input = Input()
        self._arrived: deque[Event] = deque()
        """What the app has not been told of yet: it is after a shell has had the terminal."""
        self._wake_read, self._wake_write = os.pipe()
        self._ending = False

    @property
    def can_suspend(self) -> bool:
        """Whether Ctrl+Z can work."""
        return True

    def take_mouse(self, wanted: bool) -> None:
        """Ask for clicks and the wheel, or leave them to the terminal."""
        super().take_mouse(wanted)
        self._send(_ENTER_MOUSE if wanted else _LEAVE_MOUSE, kept=True)

    def show(self, picture: Picture) -> None:
        """Have the terminal show a picture: at once, or as soon as it has taken what was sent before."""
        self._picture = picture
        if not self.SENDS_DIFFERENCES:
            self._painter.forget()
        self._paint()

    def write(self, data: str) -> None:
        """Send what is no frame. Frames of Textual's own are not sent: pictures are shown instead."""
        if data.startswith(_NO_FRAME) and not data.startswith(_POINTER_SHAPE):
            self._send(data, kept=True)

    def _send(self, data: str, kept: bool = False) -> None:
        """Send what is no picture; kept: whether it is to arrive, whatever is thrown away."""
        if self._output is not None and self._on_screen:
            self._output.write(data.encode(), kept)

    def _paint(self) -> None:
        """Send what the picture has changed, or a part of that, if nothing older is on its way."""
        if self._picture is None or self._output is None or not (self._on_screen and self._output.is_idle):
            return
        # One of another size was drawn before the terminal took this one: the next is on its way.
        if (self._picture.width, self._picture.height) != self._terminal_size():
            return
        if changes := self._painter.paint(self._picture, self._output.at_once):
            self._output.write(changes)

    def start_application_mode(self) -> None:
        """Take the terminal over."""
        self.set_size(*self._terminal_size())
        self._output = Output(self._output_fileno, caught_up=lambda: self._call_in_loop(self._paint))
        for signum in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
            signal.signal(signum, self._end_by_signal)
        self._take_over()
        self._input_thread = Thread(target=self._read_input, name="terminal-input", daemon=True)
        self._input_thread.start()
        self.loop.add_signal_handler(signal.SIGTSTP, self._suspend)
        self.loop.add_signal_handler(signal.SIGCONT, self._repaint)
        self.loop.add_signal_handler(signal.SIGWINCH, self._resized)
        self._send_size()

    def disable_input(self) -> None:
        """Read no more keys."""
        if self._input_thread is None:
            return
        if self._on_screen:
            self._drop()
        os.write(self._wake_write, b"x")
        self._input_thread.join()
        os.read(self._wake_read, 1)
        self._input_thread = None
        # A click, key or answer that was on its way must not reach the shell.
        if is_in_foreground(self._input_fileno):
            self._await_answers()
            with contextlib.suppress(termios.error):
                termios.tcflush(self._input_fileno, termios.TCIFLUSH)

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was."""
        if self._output is None:
            return
        for signum in (signal.SIGTSTP, signal.SIGCONT, signal.SIGWINCH):
            self.loop.remove_signal_handler(signum)
        if self._on_screen:
            self._drop()
            self._send((_LEAVE_MOUSE if self.mouse else "") + _LEAVE, kept=True)
        self._on_screen = False
        self.disable_input()
        # A shell that has the terminal by now has given it modes of its own.
        if self._modes_before is not None and is_in_foreground(self._input_fileno):
            with contextlib.suppress(termios.error):
                termios.tcsetattr(self._input_fileno, termios.TCSANOW, self._modes_before)
        self._modes_before = None

    def _drop(self) -> None:
        """Throw away what is drawn and not sent, and ask nothing more."""
        if self._output is not None:
            self._output.drop(flushing=is_in_foreground(self._input_fileno))

    def _await_answers(self) -> None:
        """Wait for the answers that the terminal still owes, but not long; all else that arrives is lost."""
        if self._output is None:
            return
        last = monotonic() + self._output.seconds_to_answer
        while self._output.seconds_to_answer and (left := last - monotonic()) > 0:
            if not select.select([self._input_fileno], [], [], left)[0]:
                return
            try:
                arrived = os.read(self._input_fileno, _MOST_READ)
            except OSError:
                return
            if not arrived:
                return
            self._heard(self._input.feed(arrived))

    def close(self) -> None:
        """Wait until the terminal has everything."""
        if self._output is not None:
            self._output.close()
            self._output = None

    def _take_over(self) -> None:
        """Take over keyboard and screen, or leave both alone where the app is to end before it has them."""
        self._wait_for_foreground()
        if self._ending:
            return
        if self._enter_raw_mode():
            self._on_screen = True
            self._enter_screen()
        else:
            self._hang_up()

    def _wait_for_foreground(self) -> None:
        """Be stopped in the background until a shell gives the terminal, or the app is told to end."""
        # The system would do so in `_enter_raw_mode`, and do it again before any signal could be heard.
        while not is_in_foreground(self._input_fileno) and _has_shell() and not self._ending:
            os.kill(0, signal.SIGTTOU)
            sleep(_TO_HEAR)

    def _enter_raw_mode(self) -> bool:
        """Get keys one by one, unechoed, Ctrl+C and Ctrl+Z among them; returns whether that could be done."""
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
            return False  # The terminal is gone already, or the app's no more.
        return True

    def _enter_screen(self) -> None:
        """Take the screen over, whatever is on it."""
        self._begin_anew(_ALTERNATE_SCREEN)

    @property
    def _modes(self) -> str:
        """What switches on all that the app needs of the terminal."""
        return _ENTER + (_ENTER_MOUSE if self.mouse else "")

    def repair(self) -> None:
        """Draw everything anew, whatever state another program has left the terminal in."""
        if self._on_screen:
            self._begin_anew(_REPAIR)

    def _begin_anew(self, first: str) -> None:
        """Clear the screen, and draw everything."""
        if self._output is not None:
            self._output.begin_anew()
        self._send(first + _CLEAR + self._modes)
        self._painter.resized(*self._terminal_size())
        self._painter.cleared()
        self._paint()

    def _terminal_size(self) -> tuple[int, int]:
        """Columns and rows, as far as they are drawn on."""
        return within_reach(*self._cells())

    def _cells(self) -> tuple[int, int]:
        """Columns and rows of the terminal itself, whatever COLUMNS and LINES say."""
        with contextlib.suppress(OSError):
            columns, rows = os.get_terminal_size(self._output_fileno)
            if columns and rows:
                return columns, rows
        return 80, 24

    def _send_size(self) -> None:
        """Tell the app how large the terminal is."""
        size = Size(*self._terminal_size())
        self.set_size(*size)
        self.send_message(events.Resize(size, size))

    def _resized(self) -> None:
        """Draw everything again for the size that the terminal has now."""
        self._painter.resized(*self._terminal_size())
        if self._cells() != self._terminal_size():
            self._send(_CLEAR)  # nothing is drawn outside the picture, and something may be there
        self._send_size()
        self._paint()  # when the size is the old one again by now: cells may be lost all the same

    def _suspend(self) -> None:
        """Give the terminal to the shell until the person brings the app back."""
        self.suspend_application_mode()
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        # To the whole job, as the keyboard would; ignored where no shell could continue it (`ssh -t`).
        os.kill(0, signal.SIGTSTP)
        if not self._ending:
            self.resume_application_mode()
            self.send_message(self.SignalResume())

    def _repaint(self) -> None:
        """Take the terminal over again: the app was stopped from outside, and a shell had it."""
        if self._ending:
            return
        self._take_over()
        self._send_size()

    def _end_by_signal(self, signum: int, _frame: FrameType | None) -> None:
        """End the app in order, with the exit status that a shell gives such an end."""
        if self.loop.is_closed():
            raise SystemExit(128 + signum)
        self._ending = True
        # In the background, where a shell has the terminal, the last words to it must not stop the app.
        for stop in (signal.SIGTTOU, signal.SIGTTIN):
            signal.signal(stop, signal.SIG_IGN)
        self._call_in_loop(lambda: self.app.exit(return_code=128 + signum))

    def _hang_up(self) -> None:
        """End the app because its terminal is gone, if it is not ending anyway. From any thread."""
        self._call_in_loop(lambda: None if self._ending else self.app.exit(return_code=HUNG_UP))

    def _call_in_loop(self, call: Callable[[], None]) -> None:
        """Have something done between two events; from any thread, and from a signal handler."""
        with contextlib.suppress(RuntimeError):  # the loop is closed: the app has ended already
            self.loop.call_soon_threadsafe(call)

    def _read_input(self) -> None:
        """Read the keyboard in a thread; a fault in that ends the app, which nobody could end otherwise."""
        try:
            self._read_until_the_end()
        except Exception as fault:
            self._call_in_loop(partial(self._fail, fault))

    def _fail(self, fault: Exception) -> None:
        """Have the app end by a fault."""

        def fail() -> None:
            raise fault

        self.app.call_later(fail)

    def _read_until_the_end(self) -> None:
        """Turn what arrives into messages, until `disable_input` or the end of input.

        Keys that come faster than they are done wait in the terminal: the app draws in between, and can end.
        """
        if not self._hand_over([]):
            return
        while True:
            busy = self._is_busy()
            awaited = [self._wake_read] if busy else [self._wake_read, self._input_fileno]
            ready, _, _ = select.select(awaited, [], [], _BREATH if busy else self._input.patience)
            if self._wake_read in ready or self._ending:
                return
            if busy:
                continue
            if not ready:
                found = self._heard(self._input.silence())
            else:
                try:
                    arrived = os.read(self._input_fileno, _MOST_READ)
                except OSError:
                    arrived = b""
                if not arrived:
                    self._hang_up()
                    return
                found = self._heard(self._input.feed(arrived))
            if not self._hand_over(found):
                return

    def _heard(self, heard: Sequence[Heard]) -> list[Event]:
        """Take the terminal's answers, before the keys that wait for the app; returns what a person did."""
        for event in heard:
            if isinstance(event, Answered) and self._output is not None:
                self._output.answered()
        return by_hand(heard)

    def _hand_over(self, found: list[Event]) -> bool:
        """Tell the app of what has arrived together; returns False if no more is to be read.

        A key may open or close what the next one is for, so that one waits until it is done. Not if it is
        the same: a key that is held is drawn once for all.
        """
        events, before = self._arrived, None
        events.extend(found)
        while events:
            if before not in (None, events[0]) and not self._wait_until_done():
                return False
            event = events.popleft()
            if isinstance(event, Key) and (keys := two_keys(event)) is not None and self._escape_leaves:
                event, second = keys
                events.appendleft(second)
            self.process_message(message_of(event))
            before = event
        return True

    @property
    def _escape_leaves(self) -> bool:
        return isinstance(self.app, LeftByEscape) and self.app.escape_leaves

    def _wait_until_done(self) -> bool:
        """Wait until the app has done what it was given; returns False if no more is to be read."""
        done = run_coroutine_threadsafe(self._be_done(), self.loop)
        while not done.done():
            if select.select([self._wake_read], [], [], _BREATH)[0] or self._ending:
                done.cancel()
                return False
        return True

    async def _be_done(self) -> None:
        """Return when no message is on its way from one part of the app to another, or that does not end."""
        quiet = turns = 0
        while quiet < _QUIET and turns < _MOST_TURNS:
            await loop_turn(0)
            turns += 1
            quiet = 0 if self._is_busy() else quiet + 1

    def _is_busy(self) -> bool:
        """Whether the app has messages that it has not looked at. From any thread."""
        return any(pump.message_queue_size for pump in (self.app, *self.app.screen_stack))


def _has_shell() -> bool:
    """Whether a parent that minds jobs could continue this one: of the same session, in another group."""
    parent = os.getppid()
    with contextlib.suppress(OSError):
        return os.getsid(parent) == os.getsid(0) and os.getpgid(parent) != os.getpgrp()
    return False


class WholeFrameDriver(TerminalDriver):
    """Sends every picture whole, whatever the terminal is known to show."""

    SENDS_DIFFERENCES = False
