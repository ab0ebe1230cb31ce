"""How much of what was written a terminal has not taken yet, as its answers tell, and how much that may be.

A pseudo-terminal takes 15 to 20 KB before a writer has to wait, whatever the line behind it carries. So the
terminal itself is asked now and then for its status, and answers when it has come to the question.
"""

from collections import deque
from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Any, NamedTuple

_AHEAD = 0.3
"""Seconds that may be on their way to a slow terminal when more is written, beside what the way takes."""
_LEAST, _MOST = 128, 4_096
"""Bytes that may be on their way then, at least and at most."""
_UNMEASURED = 2_048
"""Bytes that may be, before a terminal has answered for as many as tell its speed."""
_ASK_AFTER = 1_024
"""Bytes after which it is asked again; sooner on a slow line, and where it may be one."""
_SUPPOSED = 960
"""Bytes a second that a terminal is taken to draw which gives no answer, while a key is held: 9600 baud."""
_SUPPOSED_WINDOW = int(_SUPPOSED * _AHEAD)
"""Bytes that may be on their way to it."""
_TRUSTED = 1_024
"""Bytes that such a line may have before it is asked whether a key is held."""
_HELD, _RELEASED = 0.24, 1.0
"""Seconds in which four pictures may mean a held key; seconds without a picture that mean none is held."""
_HELD_BACK = 0.12
"""Seconds for which a picture waits, to see whether another one comes all the same."""
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
    But a key that is held would give such a one more than it draws in a long time. Pictures that follow each
    other fast may be that, or a program that presses a key whenever it has seen a picture. So one picture is
    held back for a moment: only a key that is held brings the next one then, and pictures are sent as a slow
    line takes them from there on, until none has come for a second.
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
        self.is_supposed_slow = False
        """Whether it is taken for a slow line that gives no answer, as a key is held."""
        self._supposed = 0.0
        """Bytes on their way after the last ones were written, if it was one."""
        self._supposed_at = self._held_back_until = self._now()
        self._offered = deque([self._now() - _RELEASED] * 4, maxlen=4)
        """When the last pictures were there to be sent."""
        self._trusted: float = _TRUSTED
        """Bytes that may be on their way, if it was one, before a picture is held back."""
        self.begin_anew()

    def __getstate__(self) -> dict[str, Any]:
        """All that is known of it, for the next process at the same terminal."""
        return {name: value for name, value in vars(self).items() if name != "_lock"}

    def __setstate__(self, known: dict[str, Any]) -> None:
        vars(self).update(known)
        self._lock = Lock()

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
        is_slow = not self._answers and self.is_supposed_slow
        window = self._window if self._answers else _SUPPOSED_WINDOW if is_slow else _MOST
        return None if window == _MOST else window // 2

    @property
    def has_room(self) -> bool:
        """Whether more may be written, so that it does not wait long behind others."""
        with self._lock:
            if self._questions and self._now() >= self._overdue_at:
                self._answers = False
            return self._on_its_way <= self._window if self._answers else not self._seconds_held_back

    @property
    def patience(self) -> float | None:
        """Seconds after which there is room in any case."""
        with self._lock:
            if not self._answers and (seconds := self._seconds_held_back):
                return seconds
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
            self._supposed, self._supposed_at = self._supposed_on_its_way + count, self._now()

    def offered(self) -> bool:
        """Take note that there is another picture to be sent; returns whether it is held back."""
        with self._lock:
            now, before = self._now(), self._offered[-1]
            self._offered.append(now)
            if self._answers or self._is_leaving:
                return False
            if now < self._held_back_until:
                self.is_supposed_slow, self._held_back_until, self._trusted = True, now, _TRUSTED
            elif now - before > _RELEASED:
                self.is_supposed_slow = False
            on_its_way, may_be_held = self._supposed_on_its_way, now - self._offered[0] < _HELD
            if on_its_way < _TRUSTED:
                self._trusted = _TRUSTED
            if self.is_supposed_slow or not may_be_held or on_its_way < self._trusted:
                return False
            self._held_back_until, self._trusted = now + _HELD_BACK, 2 * on_its_way
            return True

    @property
    def _seconds_held_back(self) -> float:
        """How long a picture has to wait for a terminal that gives no answer."""
        too_many = self._supposed_on_its_way - _SUPPOSED_WINDOW if self.is_supposed_slow else 0
        return max(self._held_back_until - self._now(), too_many / _SUPPOSED, 0.0)

    @property
    def _supposed_on_its_way(self) -> float:
        return max(self._supposed - (self._now() - self._supposed_at) * _SUPPOSED, 0.0)

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
