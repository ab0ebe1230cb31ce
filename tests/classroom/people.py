"""A class of true programs on terminals of their own."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

from tests.pseudo_terminal import COMMAND, ENVIRON, Terminal, until
from tinynet_tui.classroom.directory import ROOT
from tinynet_tui.classroom.kept_room import kept_room
from tinynet_tui.classroom.room import Room
from tinynet_tui.session.session import Session


class People:
    """Terminals of a class, in a folder of rooms of its own."""

    def __init__(self, root: Path) -> None:
        state = {"XDG_STATE_HOME": str(root / "state"), "COLORTERM": "truecolor"}
        (root / "rooms").mkdir()
        self.environ = {**ENVIRON, **state, ROOT: "rooms"}
        self.terminals: list[Terminal] = []
        self.folder = root
        """Where they all work."""

    def run(self, *words: str, size: tuple[int, int] = (80, 24)) -> Terminal:
        """A command on a terminal of its own."""
        terminal = Terminal(sys.executable, [*COMMAND, *words], self.environ, size, cwd=self.folder)
        self.terminals.append(terminal)
        return terminal

    def until_kept(self, condition: Callable[[Room, Session], bool]) -> None:
        """Wait until a leader who is killed now goes on with a room and a place for which something holds."""
        (path,) = self.folder.glob("rooms/*/class.kept")
        until(lambda: (kept := kept_room(path)) is not None and condition(*kept))

    def shell(self) -> Terminal:
        """A shell that minds jobs, on a terminal of its own."""
        words = ["--norc", "--noprofile", "--noediting", "-i"]
        terminal = Terminal(
            "/bin/bash", words, {**self.environ, "PS1": "shell:"}, answers=False, cwd=self.folder
        )
        self.terminals.append(terminal)
        return terminal

    def lead(self, *words: str, size: tuple[int, int] = (80, 24)) -> Terminal:
        """The leader, once the class can join."""
        leader = self.run("lead", "class", *words, "--as", "Grace", size=size)
        leader.wait_for("leading class")
        return leader

    def follow(self, name: str, size: tuple[int, int] = (80, 24)) -> Terminal:
        """A follower who sees the class."""
        follower = self.run("follow", "class", "--as", name, size=size)
        follower.wait_for("following Grace")
        return follower


def at_step(terminal: Terminal, step: int) -> None:
    """Wait until a terminal shows a step."""
    terminal.wait_until(lambda: re.search(rf"step +{step} of", terminal.screen.text) is not None)


def is_alone(terminal: Terminal) -> None:
    """Wait until a follower steps by themselves: who watches is told of it in other words."""
    terminal.wait_until(lambda: any(row.startswith(" by yourself") for row in terminal.screen.display))
