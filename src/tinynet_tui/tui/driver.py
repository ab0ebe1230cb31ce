"""The joint between Textual and a terminal: pictures go to the display, keys come from the reader."""

from __future__ import annotations

import contextlib
import signal
import sys
from asyncio import get_running_loop, run_coroutine_threadsafe
from asyncio import sleep as loop_turn
from collections import deque
from collections.abc import Callable
from contextvars import copy_context
from functools import partial
from threading import Thread
from types import FrameType
from typing import Any

from textual import events
from textual.app import App
from textual.driver import Driver
from textual.geometry import Size
from textual.message import Message

from tinynet_tui.terminal.display import Display, TakenOver
from tinynet_tui.terminal.input_events import Event, Key, two_keys
from tinynet_tui.terminal.job import (
    end_in_background,
    forget_keys,
    hear_ends,
    is_in_foreground,
    stop_job,
    wait_for_foreground,
)
from tinynet_tui.terminal.reader import Reader
from tinynet_tui.tui.keyboard import message_of
from tinynet_tui.tui.terminal_app import TerminalApp

HUNG_UP = 128 + signal.SIGHUP
"""The exit status when the terminal has gone away: that of a command ended by SIGHUP."""

_SENT_ONCE = ("\x1b]", "\x1bP", "\a")
"""Beginnings of what is no frame of Textual's: the clipboard, also within screen, and the bell."""
_POINTER_SHAPE = "\x1b]22;"
"""The beginning of what would set the shape of the mouse pointer: no use here, and old terminals print it."""
_SUPPOSED_SLOW = "This terminal does not answer: a held key is drawn at 9600 baud."
_QUIET = 3
"""Turns of the event loop in which nothing is done; a message is in no queue while it is being looked at."""
_MOST_TURNS = 500
"""Turns after which the app is so busy with something else that the next key is not to wait for its end."""


class TerminalDriver(Driver):
    """Draws on the terminal of standard output, and reads the keyboard and mouse of standard input.

    Frames of Textual's own are not sent: the pictures that boards show are.
    """

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        # Standard error may be a file of complaints, so the screen is drawn where the person looks.
        assert sys.__stdin__ is not None
        assert sys.__stdout__ is not None
        assert isinstance(app, TerminalApp)
        self.app = app
        app.own_driver = self
        self.loop = get_running_loop()
        self._context = copy_context()
        """The app's: timers set by what a thread has called need it."""
        self._keyboard = sys.__stdin__.fileno()
        self.display = Display(
            self._keyboard,
            sys.__stdout__.fileno(),
            app.cell_theme,
            mouse,
            self._call_in_loop,
            lambda: app.say(_SUPPOSED_SLOW),
            whole_rows=not app.differences,
            handed=app.handed,
        )
        super().__init__(app, debug=debug, mouse=mouse, size=size or self.display.size)
        self._reader: Reader | None = None
        self._input_thread: Thread | None = None
        self._arrived: deque[Event] = deque()
        """What the app has not been told of yet: it is after a shell has had the terminal."""
        self._ending = False

    @property
    def can_suspend(self) -> bool:
        """Whether Ctrl+Z can work."""
        return True

    def write(self, data: str) -> None:
        """Send what is no frame, such as a text for the clipboard."""
        if data.startswith(_SENT_ONCE) and not data.startswith(_POINTER_SHAPE):
            self.display.send(data, kept=True)

    def send_message(self, message: Message) -> None:
        """Tell the app something. From any thread."""
        self._call_in_loop(partial(self.app.post_message, message))

    # The app begins, pauses and ends

    def start_application_mode(self) -> None:
        """Take the terminal over."""
        hear_ends(self._end_by_signal)
        self._take_over()
        self._reader = Reader(self._keyboard, self._hand_over, self.display.answered, self._is_busy)
        self._start_reading(self._reader)
        self.loop.add_signal_handler(signal.SIGTSTP, self._suspend)
        self.loop.add_signal_handler(signal.SIGCONT, self._continued)
        self.loop.add_signal_handler(signal.SIGWINCH, self._resized)
        self._send_size()

    def _start_reading(self, reader: Reader) -> None:
        self._input_thread = Thread(target=self._read, args=[reader], name="terminal-input", daemon=True)
        self._input_thread.start()

    async def pause(self) -> TakenOver | None:
        """Read no keys for now; returns what another goes on with, None where something is not done yet."""
        if self._reader is None or self._input_thread is None:
            return None
        self._reader.stop()
        self._input_thread.join()
        for _ in range(_QUIET):  # for what that thread has told the loop last
            await loop_turn(0)
        if self._arrived or self._is_busy() or self._reader.is_amid_key:
            return None
        return self.display.as_it_is()

    def go_on(self) -> None:
        """Read keys again."""
        if self._reader is not None:
            self._reader.go_on()
            self._start_reading(self._reader)

    def disable_input(self) -> None:
        """Read no more keys."""
        if self._reader is None or self._input_thread is None:
            return
        self.display.drop()
        self._reader.stop()
        self._input_thread.join()
        # Where another program goes on with the terminal, what is typed now is for that.
        if is_in_foreground(self._keyboard) and not self.display.hands_on:
            self._reader.read_out(self.display.seconds_to_answer)
            forget_keys(self._keyboard)
        reader, self._reader, self._input_thread = self._reader, None, None
        reader.close()

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was."""
        for signum in (signal.SIGTSTP, signal.SIGCONT, signal.SIGWINCH):
            self.loop.remove_signal_handler(signum)
        self.display.give_screen_back()
        self.disable_input()
        self.display.give_line_back()

    def close(self) -> None:
        """Wait until the terminal has everything."""
        self.display.close()

    def _take_over(self) -> None:
        """Take the terminal over, or leave it alone where the app is to end before it has it."""
        wait_for_foreground(self._keyboard, lambda: self._ending)
        if not self._ending and not self.display.take_over():
            self._hang_up()

    def _send_size(self) -> None:
        """Tell the app how large the terminal is."""
        size = Size(*self.display.size)
        self.send_message(events.Resize(size, size))

    def _resized(self) -> None:
        """Draw everything again for the size that the terminal has now."""
        self.display.resized()
        self._send_size()

    def _suspend(self) -> None:
        """Give the terminal to the shell until the person brings the app back."""
        self.app.stopping()
        self.suspend_application_mode()
        stop_job()
        if not self._ending:
            self.resume_application_mode()
            self.send_message(self.SignalResume())

    def move(self, change: Callable[[], None], is_there: bool) -> None:
        """Go on at the terminal that a change makes of standard input and output.

        is_there: whether somebody is still at the one before, and it is to answer what it was asked.
        """
        if not is_there:
            self.display.expect_no_answer()
        self.suspend_application_mode()
        change()
        self.resume_application_mode()

    def _continued(self) -> None:
        """Take the terminal over again: the app was stopped from outside, and a shell had it."""
        if not self._ending:
            self._take_over()
            self._send_size()

    def _end_by_signal(self, signum: int, _frame: FrameType | None) -> None:
        """End the app in order, with the exit status that a shell gives such an end."""
        if self.loop.is_closed():
            raise SystemExit(128 + signum)
        self._ending = True
        end_in_background()
        if self._reader is not None:
            self._reader.stop()
        self._call_in_loop(lambda: self.app.exit(return_code=128 + signum))

    def _hang_up(self) -> None:
        """End the app because its terminal is gone, if it is not ending anyway. From any thread."""
        self._call_in_loop(lambda: None if self._ending else self.app.exit(return_code=HUNG_UP))

    def _call_in_loop(self, call: Callable[[], object]) -> None:
        """Have something done between two events; from any thread, and from a signal handler."""
        with contextlib.suppress(RuntimeError):  # the loop is closed: the app has ended already
            self.loop.call_soon_threadsafe(call, context=self._context)

    # Keys

    def _read(self, reader: Reader) -> None:
        """Read the keyboard in a thread; a fault in that ends the app, which nobody could end otherwise."""
        try:
            self._hand_over([])
            if reader.run():
                self._hang_up()
        except Exception as fault:
            self._call_in_loop(partial(self._fail, fault))

    def _fail(self, fault: Exception) -> None:
        """Have the app end by a fault."""

        def fail() -> None:
            raise fault

        self.app.call_later(fail)

    def _hand_over(self, found: list[Event]) -> None:
        """Tell the app of what has arrived together, until no more is to be read.

        A key may open or close what the next one is for, so that one waits until it is done. Not if it is
        the same: a key that is held is drawn once for all.
        """
        events, before = self._arrived, None
        events.extend(found)
        while events:
            if before not in (None, events[0]) and not self._wait_until_done():
                return
            event = events.popleft()
            if isinstance(event, Key) and (keys := two_keys(event)) is not None and self.app.escape_leaves:
                event, second = keys
                events.appendleft(second)
            self.display.is_key_new = True
            self.process_message(message_of(event))
            before = event

    def _wait_until_done(self) -> bool:
        """Wait until the app has done what it was given; returns False if no more is to be read."""
        done = run_coroutine_threadsafe(self._be_done(), self.loop)
        while not done.done():
            if self._reader is None or self._reader.is_stopped():
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
