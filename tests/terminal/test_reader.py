"""What is read of a terminal, and what of it must not reach whoever reads it next."""

from __future__ import annotations

import os
from threading import Thread

import pytest

from tests.pseudo_terminal import SAFETY
from tinynet_tui.terminal.input_events import Event, Key
from tinynet_tui.terminal.reader import Reader


class Owing:
    """A terminal that owes answers; the last byte of each comes when it is looked at again."""

    def __init__(self, owed: int) -> None:
        self.keyboard, self.terminal = os.pipe()
        self._owed = owed
        self.done: list[Event] = []
        self.reader = Reader(self.keyboard, self.done.extend, self.answered)

    def seconds_to_answer(self) -> float:
        """Some, while answers are owed; with each look a byte of them arrives."""
        if self._owed:
            os.write(self.terminal, b"n\x1b[0")
        return SAFETY if self._owed else 0.0

    def answered(self) -> None:
        """Count an answer that is owed."""
        self._owed = max(self._owed - 1, 0)

    def left(self) -> bytes:
        """Close it; returns what is still to be read."""
        os.close(self.terminal)
        left = b"".join(iter(lambda: os.read(self.keyboard, 100), b""))
        os.close(self.keyboard)
        self.reader.close()
        return left


@pytest.mark.parametrize("owed", [0, 1, 3])
def test_answers_that_are_still_to_come_do_not_reach_the_shell(owed: int) -> None:
    """They are waited for when the app is left, in whatever pieces, and keys before them are lost."""
    owing = Owing(owed)
    os.write(owing.terminal, b"typed\x1b[0")
    owing.reader.read_out(owing.seconds_to_answer)
    assert owing.left() == (b"" if owed else b"typed\x1b[0")
    assert owing.done == []


def test_a_terminal_that_is_gone_is_not_waited_for() -> None:
    """At the end of its input no answer can come."""
    owing = Owing(1)
    os.close(owing.terminal)
    elsewhere, owing.terminal = os.pipe()
    owing.reader.read_out(owing.seconds_to_answer)
    os.close(elsewhere)
    assert owing.left() == b""


def test_keys_are_read_until_the_end_of_input() -> None:
    """All of them, a lone Escape at the end too, which nothing follows."""
    owing = Owing(1)
    os.write(owing.terminal, b"l\x1b[0nq")
    os.close(owing.terminal)
    assert owing.reader.run()
    assert owing.done == [Key("l", "l"), Key("q", "q")]
    assert owing.seconds_to_answer() == 0
    os.close(owing.keyboard)
    owing.reader.close()


def test_it_is_stopped_from_another_thread() -> None:
    """While nothing arrives; and says that the end of input has not come."""
    owing = Owing(0)
    ends: list[bool] = []
    reading = Thread(target=lambda: ends.append(owing.reader.run()))
    reading.start()
    assert not owing.reader.is_stopped()
    owing.reader.stop()
    reading.join(SAFETY)
    assert ends == [False]
    assert owing.reader.is_stopped()
    assert owing.left() == b""
