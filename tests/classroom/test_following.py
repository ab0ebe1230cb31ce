"""Followers in terminals of their own see what the leader sees, each at their own size."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pseudo_terminal import ENVIRON, Terminal, told_by_lines
from tinynet_tui.classroom.directory import ROOT
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.screen import screen
from tinynet_tui.lessons.reading import open_lesson
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Session

LESSON = "xor"
STEPS = (
    "next", "next", "next", "back", "next-group", "next-phase", "previous-phase", "finish", "last-step",
    "next-update", "select-next", "chain", "table", "step", "variants", "undo", "random", "restart",
)  # fmt: skip


class Class:
    """A leader without a screen, where they are, and terminals of followers."""

    def __init__(self, root: Path, lesson: str = LESSON) -> None:
        self.environ = {**ENVIRON, ROOT: str(root), "COLORTERM": "truecolor"}
        self.process = told_by_lines("tests.classroom.leading", ["class", lesson], self.environ)
        self.session: Session = start(open_lesson(lesson))
        self.followers: list[Terminal] = []
        self._answer()

    def _answer(self) -> str:
        return self.process.stdout.readline()

    def do(self, command: str) -> None:
        """Have the leader do something, and wait until it is done."""
        self.process.stdin.write(f"{command}\n")
        self.process.stdin.flush()
        self._answer()
        self.session = after(self.session, Command(command))

    def join(self, name: str, size: tuple[int, int] = (80, 24), *options: str) -> Terminal:
        """Have somebody follow."""
        words = ["-m", "tinynet_tui", "follow", "class", "--as", name, *options]
        follower = Terminal(sys.executable, words, self.environ, size)
        self.followers.append(follower)
        follower.wait_for("following Grace")
        return follower

    def end(self) -> None:
        """End the class."""
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def lesson(short_folder: Path) -> Iterator[Class]:
    """A class that has begun."""
    begun = Class(short_folder)
    yield begun
    begun.end()
    for follower in begun.followers:
        follower.close()


def rows(session: Session, width: int, height: int, ascii: bool = False) -> list[str]:
    """What an app of that size shows of a session, without its last row."""
    return screen(moment(session), width, height, Look(ascii, watched=True)).text().split("\n")[: height - 1]


def shows(terminal: Terminal, session: Session, ascii: bool = False) -> None:
    """Wait until a terminal shows a session."""
    wanted = rows(session, terminal.screen.columns, terminal.screen.lines, ascii)
    terminal.wait_until(lambda: [row.rstrip() for row in terminal.screen.display][:-1] == wanted)


def test_everyone_sees_every_step(lesson: Class) -> None:
    """At six sizes, in Unicode and in ASCII, whatever the leader does."""
    sizes = ((80, 24), (80, 24), (60, 20), (120, 36), (200, 60), (100, 30))
    followers = [lesson.join(f"Ada {number}", size) for number, size in enumerate(sizes)]
    plain = lesson.join("Alan", (80, 24), "--ascii")
    chance = random.Random(3)
    for _ in range(40):
        lesson.do(chance.choice(STEPS))
        for follower in followers:
            shows(follower, lesson.session)
        shows(plain, lesson.session, ascii=True)


def test_who_comes_late_is_at_the_place(lesson: Class) -> None:
    """At once, with a screen that is whole; how many are here is told to all."""
    early = lesson.join("Ada")
    for _ in range(9):
        lesson.do("next")
    late = lesson.join("Alan")
    shows(late, lesson.session)
    early.wait_for("2 here")
    late.wait_for("2 here")


def test_own_panel_does_not_break_away(lesson: Class) -> None:
    """The steps go on in the panel that was chosen; everyone else keeps theirs."""
    own, other = lesson.join("Ada"), lesson.join("Alan")
    lesson.do("next")
    own.press("2")
    own_session = after(lesson.session, Command("table"))
    shows(own, own_session)
    lesson.do("next")
    shows(own, after(lesson.session, Command("table")))
    shows(other, lesson.session)


def test_another_size_is_drawn_anew(lesson: Class) -> None:
    """And too small a window says so."""
    follower = lesson.join("Ada")
    lesson.do("next")
    for size in ((120, 36), (60, 20), (100, 40)):
        follower.resize(*size)
        shows(follower, lesson.session)
    follower.resize(50, 10)
    follower.wait_for("60×20 needed")


def test_the_end_is_told(lesson: Class) -> None:
    """Everyone can go on alone from there, or leave."""
    follower = lesson.join("Ada")
    lesson.end()
    follower.wait_for("The class is over")
    follower.press("q")
    assert follower.ended() == 0


def test_who_leaves_is_gone(lesson: Class) -> None:
    """With q; the others are told."""
    ada, alan = lesson.join("Ada"), lesson.join("Alan")
    alan.wait_for("2 here")
    ada.press("q")
    assert ada.ended() == 0
    alan.wait_for("1 here")
