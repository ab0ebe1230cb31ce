"""What waits on its way to a terminal, on sockets and pipes that stand for one."""

from __future__ import annotations

import os
import socket
import termios
from queue import SimpleQueue
from threading import Event

import pyte
import pytest

from tests.pseudo_terminal import SAFETY
from tinynet_tui.drawing.picture import Canvas, Picture
from tinynet_tui.drawing.theme import theme_of
from tinynet_tui.engine.steps import PHASES
from tinynet_tui.terminal.line import TerminalLine
from tinynet_tui.terminal.output import IN_SYSTEM, QUESTION, Output
from tinynet_tui.terminal.painter import Painter


def test_a_slow_line_takes_a_piece_within_a_second() -> None:
    """9600 baud are 960 bytes a second: what is written at once is no more, and all of it arrives."""
    terminal, app = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    text = "ab·" * 1_000
    output = Output(app.fileno(), lambda: None)
    output.write(text.encode())
    output.close()
    app.close()
    pieces = []
    while piece := terminal.recv(1 << 20):
        pieces.append(piece)
    terminal.close()
    assert b"".join(pieces).removesuffix(QUESTION).decode() == text
    assert max(map(len, pieces)) <= 960


def test_it_is_idle_again_when_all_is_taken() -> None:
    """And tells so; until then, no more is worth to be given."""
    terminal, app = os.pipe()
    caught_up = Event()
    output = Output(app, caught_up.set)
    assert output.is_idle
    frame = b"x" * 100_000  # more than a pipe holds
    output.write(frame)
    assert not output.is_idle
    left = len(frame)
    while left:
        left -= len(os.read(terminal, left))
    assert caught_up.wait(SAFETY)
    assert output.is_idle
    output.close()
    os.close(app)
    os.close(terminal)


class Told(TerminalLine):
    """A line by a clock that stands, which tells whenever it has been asked for room."""

    def __init__(self) -> None:
        self.seconds = 0.0
        super().__init__(lambda: self.seconds)
        self.told: SimpleQueue[bool] = SimpleQueue()

    @property
    def has_room(self) -> bool:
        """Whether there is room."""
        found = super().has_room
        self.told.put(found)
        return found

    @property
    def is_due(self) -> bool:
        """Whether the terminal is to be asked though nothing else is sent."""
        self.nudged = super().is_due
        return self.nudged

    @property
    def patience(self) -> float | None:
        """For ever: the clock stands."""
        return None


class SlowTerminal:
    """A terminal that takes so many bytes a second by the clock of its line, and answers."""

    def __init__(self, rate: float, answers: bool = True) -> None:
        self._outside, inside = os.pipe()
        self._inside = inside
        os.set_blocking(self._outside, False)
        self.line = Told()
        self.output = Output(inside, lambda: None, line=self.line)
        self._rate, self._answers = rate, answers
        self._held = False
        self._nudges = 0
        """Pieces for nothing but to ask that are still to come."""
        self.taken = b""

    def write(self, text: bytes) -> None:
        """Have a piece written, and wait until it is."""
        self.output.write(text)
        self._held = not self.line.told.get(timeout=SAFETY)

    @property
    def has_room(self) -> bool:
        """Whether there is room for a frame."""
        return not self._held

    def pass_time(self, seconds: float) -> int:
        """Let the terminal take what it takes in that time; returns how many bytes those were."""
        before, end = len(self.taken), self.line.seconds + seconds
        while self.line.seconds < end:
            try:
                self.taken += os.read(self._outside, 1)
            except BlockingIOError:
                self.line.seconds = end
                break
            self.line.seconds += 1 / self._rate
            if self._answers and self.taken.endswith(QUESTION):
                self._answer()
        return len(self.taken) - before

    def _answer(self) -> None:
        self.output.answered()
        self._nudges += self.line.nudged
        if self._held:
            self._held = not self.line.told.get(timeout=SAFETY)
        while self._nudges and not self._held:
            self._nudges -= 1
            self._held = not self.line.told.get(timeout=SAFETY)

    def close(self) -> bytes:
        """End it; returns what it has been sent and has not taken."""
        self.output.close()
        os.close(self._inside)
        os.set_blocking(self._outside, True)
        left = b"".join(iter(lambda: os.read(self._outside, 1 << 16), b""))
        os.close(self._outside)
        return left


def frame(number: int) -> Picture:
    """A screen on which some 40 numbers depend on one: where they are placed, and what they are."""
    canvas = Canvas(80, 24)
    for row in range(24):
        canvas.text(0, row, f"{number * (row + 1):8}", PHASE_ROLES[(number + row) % len(PHASE_ROLES)])
    return canvas.picture()


PHASE_ROLES = tuple(f"phase.{phase}" for phase in PHASES)


def held(terminal: SlowTerminal, presses: int) -> int:
    """Draw a frame for each press of a key that is held, then no more; returns the bytes taken after them."""
    painter = Painter(80, 24, theme_of("256"))
    picture = frame(0)

    def show() -> None:
        while terminal.has_room and (sent := painter.paint(picture, terminal.output.at_once)):
            terminal.write(sent)

    def pass_time(seconds: float) -> int:
        count = terminal.pass_time(seconds)
        show()
        return count

    terminal.write(b"\x1b[?25l\x1b[m\x1b[2J")
    painter.cleared()
    show()
    while pass_time(1.0):
        pass
    for number in range(1, presses + 1):
        picture = frame(number)
        show()
        pass_time(1 / 30)
    after = 0
    while count := pass_time(1.0):
        after += count
    screen = pyte.Screen(80, 24)
    pyte.ByteStream(screen).feed(terminal.taken)
    assert [line.rstrip() for line in screen.display] == frame(presses).text().split("\n")
    return after


@pytest.mark.parametrize("rate", [120, 960])
def test_a_key_that_was_held_on_a_slow_line(rate: int) -> None:
    """Of 90 frames the newest is shown, with no more than 9600 baud carry in a second, and nothing waits."""
    terminal = SlowTerminal(rate)
    assert held(terminal, 90) <= 960
    assert terminal.close() == b""


def test_a_terminal_that_never_answers_is_sent_every_frame() -> None:
    """And asked once."""
    terminal = SlowTerminal(1e9, answers=False)
    answering = SlowTerminal(1e9)
    assert held(terminal, 90) == 0
    assert held(answering, 90) == 0
    assert terminal.taken.count(QUESTION) == 1
    assert terminal.taken.replace(QUESTION, b"") == answering.taken.replace(QUESTION, b"")
    terminal.close()
    answering.close()


def test_a_picture_that_is_held_back_keeps_others_waiting() -> None:
    """Where nothing is answered and pictures come fast; with the next one it is taken for a slow line."""
    terminal = SlowTerminal(960, answers=False)
    terminal.write(b"x" * 2_000)
    for _ in range(3):
        terminal.output.offered()
        terminal.line.seconds += 0.03
    assert terminal.output.is_idle
    terminal.output.offered()
    assert not terminal.line.told.get(timeout=SAFETY)
    assert not terminal.output.is_idle
    assert not terminal.output.is_supposed_slow
    terminal.line.seconds += 0.03
    terminal.output.offered()
    assert terminal.output.is_supposed_slow
    terminal.output.drop(flushing=False)
    terminal.close()


def test_no_question_stands_within_a_piece() -> None:
    """It would end a control sequence that has begun: it is asked behind all of it."""
    terminal = SlowTerminal(1e9)
    for _ in range(20):
        terminal.write(b"\x1b[38;2;1;2;3m" * 100)
        terminal.pass_time(1.0)
    terminal.close()
    pieces = terminal.taken.split(QUESTION)
    assert len(pieces) > 10
    assert {piece.replace(b"\x1b[38;2;1;2;3m", b"") for piece in pieces} == {b""}


def test_what_is_not_sent_gives_way() -> None:
    """What is to arrive does, though it was given before; nothing waits any more, and nothing is asked."""
    terminal = SlowTerminal(960)
    terminal.write(b"start")
    terminal.pass_time(1.0)
    terminal.write(b"x" * 5_000)
    assert not terminal.has_room
    terminal.output.write(b"clipboard", kept=True)
    terminal.output.write(b"never sent")
    terminal.output.drop(flushing=False)
    terminal.output.write(b"the end", kept=True)
    left = terminal.close()
    assert left.endswith(b"clipboardthe end")
    assert b"never" not in left


def test_what_the_system_has_is_thrown_away_unless_it_is_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a terminal answers, what is on its way is over in a moment, with the questions in it."""
    flushed: list[int] = []
    monkeypatch.setattr(termios, "tcflush", lambda _fileno, queue: flushed.append(queue))
    for answers, count, expected in ((False, 100, 1), (True, 100, 0), (True, 20_000, 1)):
        flushed.clear()
        terminal = SlowTerminal(1e9, answers)
        terminal.write(b"start")
        terminal.pass_time(1.0)
        terminal.write(b"x" * count)
        terminal.output.drop(flushing=True)
        terminal.close()
        assert len(flushed) == expected


@pytest.mark.parametrize(("kept_before", "flushes"), [(IN_SYSTEM - 100, False), (IN_SYSTEM, True)])
def test_what_is_to_arrive_is_not_thrown_away(
    monkeypatch: pytest.MonkeyPatch, kept_before: int, flushes: bool
) -> None:
    """Not while the system may have it still."""
    flushed: list[int] = []
    monkeypatch.setattr(termios, "tcflush", lambda _fileno, queue: flushed.append(queue))
    terminal = SlowTerminal(1, answers=False)
    terminal.output.write(b"kept", kept=True)
    terminal.line.told.get(timeout=SAFETY)
    terminal.write(b"x" * kept_before)
    terminal.output.drop(flushing=True)
    terminal.close()
    assert len(flushed) == flushes
