"""How much of what was written a terminal has not taken yet, as its answers tell, and how much that may be.

A pseudo-terminal takes 15 to 20 KB before a writer has to wait, whatever the line behind it carries. So the
terminal itself is asked now and then for its status, and answers when it has come to the question.
"""

from collections import deque
from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import NamedTuple

_AHEAD = 0.3
"""Seconds that may be on their way to a slow terminal when more is written, beside what the way takes."""
_LEAST, _MOST = 128, 4_096
"""Bytes that may be on their way then, at least and at most."""
_UNMEASURED = 2_048
"""Bytes that may be, before a terminal has answered for as many as tell its speed."""
_ASK_AFTER = 1_024
"""Bytes after which it is asked again; sooner on a slow line, and where it may be one."""
_QUEUED = 0.1
"""Seconds more than the shortest answer took from which one has had to wait behind other bytes."""
_OVERDUE, _TIMES_LONGER, _LONGEST = 5.0, 2, 30.0
"""Seconds, times as many as the bytes before it should take, and seconds at most, to wait for an answer."""
_FIRST_ANSWER = 0.5
"""Seconds after the first question for which its answer is waited for on leaving."""
_LAST_ANSWER, _LONGEST_LEAVING = 1.0, 4.0
"""Seconds to wait for an answer on leaving: beside those that the bytes before it take, and at most."""


class _Question(NamedTuple):
    place: int
    """Bytes that had been written with it."""
    answered: int
    """Bytes that the terminal was known to have taken by then."""
    since: float
    """When the first of those between the two was written, or the last one before them was answered for."""
    at: float
    """When it was asked."""


class TerminalLine:
    """What a terminal has not taken of what was written to it. From any thread.

    Nothing waits for a terminal that has not answered yet, or owes an answer for long: it is asked no more.
    """

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._lock = Lock()
        self._written = 0
        """Bytes, ever."""
        self._rate: float | None = None
        """Bytes a second that it takes, as far as its answers tell."""
        self._is_measured = False
        self._way = float("inf")
        """Seconds that the fastest answer took."""
        self._is_leaving = False
        self.begin_anew()

    def begin_anew(self) -> None:
        """Count as if nothing had been written: somebody else may have got the answers."""
        with self._lock:
            self._questions: deque[_Question] = deque()
            self._answers = False
            """Whether it answers."""
            self._answered = self._asked = self._written
            """Bytes that had been written with the last question that was answered, and with the last one."""
            self._since = self._now()

    @property
    def at_once(self) -> int | None:
        """Bytes that it should be given at once; None where any number will do."""
        window = self._window if self._answers else _MOST
        return None if window == _MOST else window // 2

    @property
    def has_room(self) -> bool:
        """Whether more may be written, so that it does not wait long behind others."""
        with self._lock:
            if self._questions and self._now() >= self._overdue_at:
                self._answers = False
            return not self._answers or self._on_its_way <= self._window

    @property
    def patience(self) -> float | None:
        """Seconds after which there is room in any case."""
        with self._lock:
            return max(self._overdue_at - self._now(), 0.0) if self._questions else None

    @property
    def holds_little(self) -> bool:
        """Whether no more is on its way than a slow terminal takes in a moment."""
        with self._lock:
            return self._answers and self._on_its_way <= 2 * self._window

    @property
    def seconds_to_answer(self) -> float:
        """How long it is worth to wait for the answers that are still to come, when nothing else is."""
        with self._lock:
            if not self._questions:
                return 0.0
            if not self._answers:
                return max(self._questions[-1].at + _FIRST_ANSWER - self._now(), 0.0)
            return min(_LAST_ANSWER + self._seconds_for(self._on_its_way), _LONGEST_LEAVING)

    def wrote(self, count: int) -> None:
        """Take note of the number of bytes that have been written."""
        with self._lock:
            if self._written == self._answered:
                self._since = self._now()
            self._written += count

    @property
    def is_due(self) -> bool:
        """Whether enough has been written since the last question; once where none has been answered."""
        with self._lock:
            return self._is_due

    def ask(self, count: int) -> bool:
        """Whether the terminal is to be asked now; if so, notes the bytes that the question takes."""
        with self._lock:
            if not self._is_due:
                return False
            self._written += count
            self._asked = self._written
            self._questions.append(_Question(self._written, self._answered, self._since, self._now()))
            return True

    def ask_no_more(self) -> None:
        """Ask nothing from here on: what is answered later would be taken for keys by a shell."""
        with self._lock:
            self._is_leaving = True

    def answered(self) -> None:
        """Take note of an answer: the terminal has taken all that was written before its first question."""
        with self._lock:
            if not self._questions:
                return
            question = self._questions.popleft()
            self._learn(question, self._now())
            self._answers, self._answered, self._since = True, question.place, self._now()

    def _learn(self, question: _Question, now: float) -> None:
        """Learn the speed from how long bytes took; that it is low only many can tell, that had to wait."""
        count, waited = question.place - question.answered, now - question.at
        self._way = min(self._way, waited)
        rate = count / max(now - question.since, 1e-6)
        is_enough = count >= _LEAST
        if self._rate is None or rate > self._rate or (is_enough and waited > self._way + _QUEUED):
            self._rate = rate
        self._is_measured |= is_enough

    @property
    def _is_due(self) -> bool:
        since = self._written - self._asked
        if self._is_leaving:
            return False
        if self._answers:
            return since >= (min(_ASK_AFTER, self._window // 2) if self._is_measured else _LEAST)
        return since > 0 and not self._questions

    @property
    def _window(self) -> int:
        """Bytes that may be on their way when more is written."""
        if self._rate is None or not self._is_measured:
            return _UNMEASURED
        return int(max(_LEAST, min(self._rate * (self._way + _AHEAD), _MOST)))

    @property
    def _on_its_way(self) -> int:
        return self._written - self._answered

    @property
    def _overdue_at(self) -> float:
        """When the first answer that is to come will not be waited for any more."""
        first = self._questions[0]
        expected = self._seconds_for(first.place - first.answered)
        return first.at + min(_OVERDUE + _TIMES_LONGER * expected, _LONGEST)

    def _seconds_for(self, count: int) -> float:
        return count / self._rate if self._rate is not None else 0.0
