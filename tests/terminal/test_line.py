"""How much may be on its way to a terminal: by its answers, or by nothing if it never answers."""

from __future__ import annotations

import pickle
from collections import deque

import pytest

from tinynet_tui.terminal.line import TerminalLine

QUESTION = 4
"""Bytes."""
FRAME = 560


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        """The time."""
        return self.seconds


class Asked:
    """A line that has been given bytes, and the terminal behind it, which takes so many a second."""

    def __init__(self, rate: float, way: float = 0.0, chunk: float = 0.01) -> None:
        self.clock = Clock()
        self.line = TerminalLine(self.clock)
        self.questions: deque[float] = deque()
        """The bytes that the terminal has to take before it answers, from the first byte on."""
        self.written = self.taken = self.most = 0.0
        self._rate, self._way, self._chunk = rate, way, chunk
        self._answers: deque[float] = deque()
        """When they arrive."""

    def write(self, count: int) -> None:
        """Write a piece, and ask if that is due."""
        self.line.wrote(count)
        self.written += count
        self._ask()

    def _ask(self) -> None:
        if self.line.ask(QUESTION):
            self.written += QUESTION
            self.questions.append(self.written)
        self.most = max(self.most, self.written - self.taken)

    def pass_time(self, seconds: float) -> None:
        """Let the terminal take what it takes in that time, and answer."""
        end = self.clock.seconds + seconds
        while self.clock.seconds < end:
            self.clock.seconds += self._chunk
            self.taken = min(self.taken + self._rate * self._chunk, self.written)
            while self.questions and self.questions[0] <= self.taken:
                self.questions.popleft()
                self._answers.append(self.clock.seconds + self._way)
            while self._answers and self._answers[0] <= self.clock.seconds:
                self._answers.popleft()
                self.line.answered()
                self._ask()

    def start(self) -> None:
        """Take the screen over, and draw the first frame before anything is answered."""
        self.write(100)
        self.write(2_700)
        self.pass_time(60)
        self.write(FRAME)
        self.pass_time(60)
        self.most = 0

    def hold_a_key(self, seconds: float, frame: int = FRAME) -> int:
        """Write frames, thirty a second, while there is room for them; returns how many bytes."""
        before = self.written
        for _ in range(round(seconds * 30)):
            if self.line.has_room:
                self.write(min(frame, self.line.at_once or frame))
            self.pass_time(1 / 30)
        return int(self.written - before)


def test_a_terminal_that_never_answers_gets_everything_and_is_asked_once() -> None:
    """For hours, at any rate of frames."""
    asked = Asked(rate=0)
    for _ in range(10_000):
        asked.write(FRAME)
        asked.pass_time(0.03)
        assert asked.line.has_room
        assert asked.line.at_once is None
    assert len(asked.questions) == 1


def test_nothing_is_asked_where_nothing_is_sent() -> None:
    """Nor behind a few bytes, once it has answered."""
    asked = Asked(rate=1e6)
    assert not asked.line.is_due
    asked.start()
    for _ in range(5):
        asked.pass_time(10)
        assert not asked.line.is_due
    asked.write(1_100)
    asked.pass_time(1)
    for _ in range(1_000 // 100):
        asked.write(100)
        assert not asked.questions
    asked.write(100)
    assert len(asked.questions) == 1


@pytest.mark.parametrize(
    ("baud", "way", "most"), [(9600, 0.0, 960), (9600, 0.2, 960), (1200, 0.0, 256), (1200, 0.1, 256)]
)
def test_what_is_on_its_way_to_a_slow_line(baud: int, way: float, most: int) -> None:
    """No more than is drawn in about a second, and the line is kept busy."""
    asked = Asked(baud / 10, way)
    asked.start()
    taken = asked.taken
    asked.hold_a_key(60)
    assert asked.most <= most + 2 * QUESTION
    assert asked.taken - taken >= 0.6 * 60 * baud / 10


@pytest.mark.parametrize(("way", "frames"), [(0.001, 29), (0.05, 29), (0.2, 20), (0.4, 10), (1.0, 5)])
def test_a_fast_line_is_fluent_however_long_the_way_is(way: float, frames: int) -> None:
    """So many frames a second at least, after two seconds of a key that is held."""
    asked = Asked(1e6, way)
    asked.start()
    asked.hold_a_key(2)
    assert asked.hold_a_key(3) >= 3 * frames * FRAME


def test_a_person_who_steps_slowly_is_not_taken_for_a_slow_line() -> None:
    """Few bytes in a long time tell nothing, though they take no less than others do."""
    asked = Asked(1e6, 0.2)
    asked.start()
    for _ in range(20):
        asked.write(300)
        asked.pass_time(3)
    asked.write(FRAME)
    asked.write(FRAME)
    assert asked.line.has_room


def test_a_line_that_becomes_slow_is_noticed() -> None:
    """Within a few frames, and that it is fast again as well."""
    asked = Asked(1e6)
    asked.start()
    asked._rate = 960
    asked.hold_a_key(30)
    asked.most = 0
    asked.hold_a_key(30)
    assert asked.most <= 960
    asked._rate = 1e6
    asked.hold_a_key(3)
    assert asked.hold_a_key(3) >= 3 * 29 * FRAME


def test_an_answer_that_does_not_come_is_not_waited_for() -> None:
    """Within seconds there is room, for as many frames as there are; with the answer all is as before."""
    asked = Asked(960)
    asked.start()
    asked._rate = 0  # Ctrl+S
    asked.hold_a_key(1)
    assert not asked.line.has_room
    assert asked.line.patience is not None
    assert 4 <= asked.line.patience <= 10
    asked.pass_time(asked.line.patience)
    assert asked.line.has_room
    outstanding = len(asked.questions)
    asked.hold_a_key(10)
    assert asked.written - asked.taken >= 10 * 29 * FRAME
    assert len(asked.questions) == outstanding
    asked._rate = 960
    asked.pass_time(1_000)
    asked.most = 0
    asked.hold_a_key(30)
    assert asked.most <= 960


def test_answers_that_nobody_asked_for() -> None:
    """Before the first question, twice, or after the count has begun anew: none is counted for another."""
    asked = Asked(960)
    asked.line.answered()
    assert asked.line.at_once is None
    asked.start()
    for _ in range(3):
        asked.line.answered()
    asked.hold_a_key(30)
    assert asked.most <= 960
    asked.line.begin_anew()
    asked.questions.clear()
    assert asked.line.has_room
    assert asked.line.at_once is None
    asked.line.answered()
    assert asked.line.at_once is None


def test_the_slowest_answer_is_not_waited_for_without_end() -> None:
    """Bytes that would take minutes at the speed that was measured: half a minute, and there is room."""
    asked = Asked(rate=10)
    asked.start()
    asked.pass_time(1_000)
    asked.write(2_000)
    assert asked.line.patience is not None
    assert 29 <= asked.line.patience <= 30


def test_how_long_an_answer_is_waited_for_on_leaving() -> None:
    """A second, and what the bytes before it take; half of one where none ever came, from the question on."""
    asked = Asked(960)
    asked.line.wrote(100)
    assert asked.line.seconds_to_answer == 0
    assert asked.line.ask(QUESTION)
    assert asked.line.seconds_to_answer == 0.5
    asked.clock.seconds += 0.5
    assert asked.line.seconds_to_answer == 0
    asked = Asked(960)
    asked.start()
    assert asked.line.seconds_to_answer == 0
    asked.write(480)
    assert 1.4 <= asked.line.seconds_to_answer <= 1.6
    asked.line.ask_no_more()
    asked.write(5_000)
    assert len(asked.questions) == 1
    assert asked.line.seconds_to_answer == 4
    asked.pass_time(1)
    assert asked.line.seconds_to_answer == 0


class Unanswered(Asked):
    """One that never answers, and a key that is pressed there."""

    def __init__(self, rate: float = 960) -> None:
        super().__init__(rate, way=1e9)
        self.write(100)
        self.write(2_700)
        self.pass_time(10)
        self.held_back = 0.0
        """Seconds for which pictures have waited, all together."""
        self._left = 0

    def press(self, until_next: float | None) -> None:
        """Have another picture shown, whatever is left of the one before; None: the next key waits for it."""
        self._left = FRAME
        is_held_back = self.line.offered()
        end = self.clock.seconds + (until_next or 0)
        while self.clock.seconds < end - 1e-6 or (until_next is None and self._left):
            if self._left and self.line.has_room:
                count = min(self._left, self.line.at_once or FRAME)
                self._left -= count
                self.write(count)
                is_held_back = False
            self.held_back += 0.01 * is_held_back
            self.pass_time(0.01)


@pytest.mark.parametrize("rate", [1 / 30, 1 / 25, 1 / 20])
def test_a_key_that_is_held_where_nothing_is_answered(rate: float) -> None:
    """The terminal is given what 9600 baud carry, and is not three seconds behind when the key is let go."""
    asked = Unanswered()
    for _ in range(3):
        asked.press(0.3)
    for _ in range(round(3 / rate)):
        asked.press(rate)
        assert asked.written - asked.taken <= 3 * 960
    assert asked.line.is_supposed_slow
    asked.press(2.0)
    assert asked.written - asked.taken <= 960
    asked.press(0.3)
    assert not asked.line.is_supposed_slow
    assert asked.line.at_once is None


def test_a_program_that_waits_for_each_picture_is_not_taken_for_a_key_that_is_held() -> None:
    """Of 200 pictures few are held back, for a moment each."""
    asked = Unanswered(rate=1e6)
    for _ in range(200):
        asked.press(None)
    assert not asked.line.is_supposed_slow
    assert asked.held_back <= 10 * 0.13


@pytest.mark.parametrize("pause", [0.085, 0.15, 0.5])
def test_keys_that_are_not_held_are_never_held_back(pause: float) -> None:
    """However long they go on."""
    asked = Unanswered(rate=1e6)
    for _ in range(500):
        asked.press(pause)
    assert asked.held_back == 0
    assert not asked.line.is_supposed_slow


def test_a_terminal_that_answers_is_never_supposed_slow() -> None:
    """However fast pictures follow each other."""
    asked = Asked(1e6)
    asked.start()
    for _ in range(100):
        assert not asked.line.offered()
        asked.write(FRAME)
        asked.pass_time(0.01)
    assert not asked.line.is_supposed_slow


def test_the_next_process_knows_the_line() -> None:
    """A slow one is given as little by the first picture as it would have been; it answers for what was."""
    slow = Asked(rate=240)
    slow.start()
    slow.write(FRAME)
    before = slow.line
    slow.line = pickle.loads(pickle.dumps(before))
    assert (slow.line.at_once, slow.line.has_room) == (before.at_once, before.has_room)
    assert slow.line.at_once is not None
    assert not slow.line.has_room
    slow.clock = slow.line._now  # type: ignore[assignment]
    slow.pass_time(10)
    assert slow.line.has_room
