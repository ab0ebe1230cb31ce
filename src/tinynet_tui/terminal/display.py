"""The screen of a terminal: taken over, shown pictures, given back as it was.

One thing is asked of the terminal, now and then: its status, which every one since the VT100 answers. The
answer tells that all before the question has arrived. A terminal that gives none is asked once, and never
waited for; but while a key is held it is taken for a slow one.
"""

import contextlib
import os
from collections.abc import Callable
from typing import NamedTuple

from tinynet_tui.drawing.picture import Picture, within_reach
from tinynet_tui.drawing.theme import Theme
from tinynet_tui.terminal.job import Modes, give_line_back, is_in_foreground, take_line
from tinynet_tui.terminal.line import TerminalLine
from tinynet_tui.terminal.output import Output
from tinynet_tui.terminal.painter import Painter

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
LEAVE = "\x1b[?2004l\x1b[?7h\x1b[0m\x1b[2J\x1b[H\x1b[?1049l\x1b[?25h"


class TakenOver(NamedTuple):
    """A terminal that was taken over before, and is handed on as it is."""

    modes: Modes
    """Those that the line had at first."""
    painter: Painter | None = None
    """What knows what it shows, if that is known."""
    mouse: bool | None = None
    """Whether clicks are asked for, where all that is switched on at the beginning is on; None: it is not."""
    line: TerminalLine | None = None
    """What is known of its speed."""


class Display:
    """Shows the newest of the pictures that it is given, as fast as the terminal takes what differs."""

    def __init__(
        self,
        keyboard: int,
        screen: int,
        theme: Theme,
        mouse: bool,
        in_own_thread: Callable[[Callable[[], None]], None],
        tell_supposed: Callable[[], None],
        whole_rows: bool = False,
        handed: TakenOver | None = None,
    ) -> None:
        """Have the two ends of a terminal; nothing is sent before it is taken over.

        in_own_thread: has something done in the thread that all methods are called in; tell_supposed: called
        there once where the terminal, which gives no answer, was taken for a slow one; whole_rows: whether a
        row is sent whole where a cell of it differs; handed: what is known of the terminal where a program
        before has taken it over and hands it on: what it shows stays until it is painted over.
        """
        self._handed = handed
        self.hands_on = False
        """Whether the terminal is left as it is, for a program that goes on with it."""
        self._keyboard, self._screen = keyboard, screen
        self._in_own_thread = in_own_thread
        self._tell_supposed: Callable[[], None] | None = tell_supposed
        """None once it was told."""
        self.is_key_new = False
        """Whether a key has come since the last picture: what others do in a class is no key that is held."""
        self.mouse = mouse
        """Whether clicks are asked for."""
        self.is_taken = False
        """Whether the screen has been taken over, and not been given back."""
        self._output: Output | None = None
        self._whole_rows = whole_rows
        self._painter = Painter(80, 24, theme, whole_rows)
        self._picture: Picture | None = None
        """What the terminal is to show."""
        self._is_behind = False
        """Whether the terminal has not been sent all of it."""
        self._modes_before: Modes | None = None

    def hand(self, theme: Theme, mouse: bool, handed: TakenOver | None) -> None:
        """Go on at another terminal, from when it is taken over: with nothing drawn yet, and with what is
        handed."""
        self._painter, self._picture = Painter(80, 24, theme, self._whole_rows), None
        self.mouse, self._handed = mouse, handed

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows, as far as they are drawn on."""
        return within_reach(*self._cells)

    @property
    def _cells(self) -> tuple[int, int]:
        """Columns and rows of the terminal itself, whatever COLUMNS and LINES say."""
        with contextlib.suppress(OSError):
            columns, rows = os.get_terminal_size(self._screen)
            if columns and rows:
                return columns, rows
        return 80, 24

    # Pictures

    def show(self, picture: Picture) -> None:
        """Have the terminal show a picture: at once, or as soon as it has taken what was sent before."""
        self._picture = picture
        if self._output is not None and self.is_key_new:
            self.is_key_new = False
            self._output.offered()
        self._paint()

    def resized(self) -> None:
        """Take another size. A picture that is of that size is painted whole, another one is waited for."""
        self._painter.resized(*self.size)
        if self._cells != self.size:
            self.send(_CLEAR)  # nothing is drawn outside the picture, and something may be there
        self._paint()

    def _paint(self) -> None:
        """Send what the picture has changed, or a part of that, if nothing older is on its way."""
        picture, output = self._picture, self._output
        self._is_behind = True  # first: the other thread may be idle from now on
        if picture is None or output is None or not self.is_taken or not output.is_idle:
            return
        if (picture.width, picture.height) != self._painter.size:
            return
        most = output.at_once
        changes = self._painter.paint(picture, most)
        self._is_behind = most is not None and bool(changes)
        if changes:
            output.write(changes)
        elif output.is_supposed_slow and (tell := self._tell_supposed) is not None:
            self._tell_supposed = None
            self._in_own_thread(tell)

    def _caught_up(self) -> None:
        """Paint on, now that the terminal has taken what was sent. In the output's thread."""
        if self._is_behind:
            self._in_own_thread(self._paint)

    # What is no picture

    def send(self, text: str, kept: bool = False) -> None:
        """Send what is no picture; kept: whether it is to arrive, whatever is thrown away."""
        if self._output is not None and self.is_taken:
            self._output.write(text.encode(), kept)

    def take_mouse(self, wanted: bool) -> None:
        """Ask for clicks and the wheel, or leave them to the terminal."""
        self.mouse = wanted
        self.send(_ENTER_MOUSE if wanted else _LEAVE_MOUSE, kept=True)

    def answered(self) -> None:
        """Take note that the terminal has answered how it is. From any thread."""
        if self._output is not None:
            self._output.answered()

    def expect_no_answer(self) -> None:
        """Wait for no answer: nobody is at the terminal any more."""
        if self._output is not None:
            self._output.begin_anew()

    def seconds_to_answer(self) -> float:
        """How long it is worth to wait for the answers that are still to come; 0 if there are none."""
        return self._output.seconds_to_answer if self._output is not None else 0.0

    def as_it_is(self) -> TakenOver | None:
        """What a program needs to go on with the terminal; None while something is on its way there."""
        if self._output is None or not self._output.is_idle or self._is_behind or self._modes_before is None:
            return None
        return TakenOver(self._modes_before, self._painter, self.mouse, self._output.line)

    # Taken over and given back

    def take_over(self) -> bool:
        """Take over keyboard and screen, whatever is on it; returns whether the terminal was still there."""
        if self._output is None:
            self._output = Output(self._screen, self._caught_up, self._handed.line if self._handed else None)
        modes = take_line(self._keyboard)
        if modes is None:
            return False
        handed, self._handed = self._handed, None
        self._modes_before = self._modes_before or (handed.modes if handed else modes)
        self.is_taken = True
        if handed is None:
            self._begin_anew(_ALTERNATE_SCREEN)
            return True
        if handed.mouse is None:
            self.send(_ENTER + (_ENTER_MOUSE if self.mouse else ""))
        else:
            self.mouse = handed.mouse
        if handed.painter is not None and handed.painter.size == self.size == self._cells:
            self._painter = handed.painter
        else:
            self.resized()
        return True

    def repair(self) -> None:
        """Draw everything anew, whatever state another program has left the terminal in."""
        if self.is_taken:
            self._begin_anew(_REPAIR)

    def _begin_anew(self, first: str) -> None:
        """Clear the screen, switch on all that the app needs, and draw everything."""
        assert self._output is not None
        self._output.begin_anew()
        self.send(first + _CLEAR + _ENTER + (_ENTER_MOUSE if self.mouse else ""))
        self._painter.resized(*self.size)
        self._painter.cleared()
        self._paint()

    def drop(self) -> None:
        """Throw away what is drawn and not sent, and ask nothing more: the app is about to leave."""
        if self._output is not None and self.is_taken:
            self._output.drop(flushing=is_in_foreground(self._keyboard))

    def give_screen_back(self) -> None:
        """Leave the screen as it was found."""
        self.drop()
        self.send((_LEAVE_MOUSE if self.mouse else "") + ("" if self.hands_on else LEAVE), kept=True)
        self.is_taken = False

    def give_line_back(self) -> None:
        """Leave the modes of the line as they were found."""
        if self._modes_before is not None and not self.hands_on:
            give_line_back(self._keyboard, self._modes_before)
        self._modes_before = None

    def close(self) -> None:
        """Wait until the terminal has everything."""
        if self._output is not None:
            self._output.close()
            self._output = None
