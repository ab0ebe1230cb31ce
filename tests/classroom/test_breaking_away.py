"""Stepping alone and coming back: the terminal on its way from the class to an app, and back."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.classroom.people import People, at_step, is_alone
from tests.pseudo_terminal import Terminal, child_processes, until


def app_of(leader: Terminal) -> int:
    """The one app that was forked from the leader's preloaded process."""
    assert leader.child.pid is not None
    (preloaded,) = child_processes(leader.child.pid)
    (app,) = child_processes(preloaded)
    return app


def follow_in_shell(people: People) -> Terminal:
    """A follower who sees the class, on the terminal of a shell."""
    shell = people.shell()
    shell.wait_for("shell:")
    shell.press(f"{sys.executable} -m tinynet_tui follow class --as Ada\n")
    shell.wait_for("following Grace")
    return shell


@pytest.mark.parametrize("apps", ["preloaded", "none"])
def test_the_line_stays_as_it_is_between_class_and_app(people: People, apps: str) -> None:
    """No key that is typed meanwhile shows on the screen; the first modes come back in the end."""
    people.lead()
    if apps == "none":
        next(people.folder.glob("rooms/*/class~apps")).unlink()
    ada = people.follow("Ada")
    first = people.shell().line_modes
    watching = ada.line_modes
    assert watching[3] != first[3]
    seen = []

    def is_watched() -> bool:
        seen.append(ada.line_modes)
        return any(row.startswith(" by yourself") for row in ada.screen.display)

    ada.press("l")
    ada.wait_until(is_watched)
    ada.press("F")
    ada.wait_for("following Grace")
    seen.append(ada.line_modes)
    assert all(modes == watching for modes in seen)
    ada.press("ll")
    at_step(ada, 2)
    ada.press("q")
    assert ada.ended() == 0
    assert ada.line_modes == first
    assert ada.sent.count(b"?1049h") == ada.sent.count(b"?1049l") == 1


def test_a_killed_app_gives_the_terminal_back_to_the_class(people: People) -> None:
    """And the follower is who they were."""
    leader, ada = people.lead(), people.follow("Ada")
    ada.press("l")
    is_alone(ada)
    ada.press("!")
    leader.wait_for("1 hand up")
    app = app_of(leader)
    os.kill(app, signal.SIGKILL)
    ada.wait_for("following Grace")
    ada.wait_for("your hand is up")
    leader.wait_for("1 here · 1 hand up")
    ada.press("q")
    assert ada.ended() == 0


def test_a_killed_follower_takes_the_app_along(people: People) -> None:
    """Which leaves the terminal to the shell, as it was found."""
    leader, ada = people.lead(), follow_in_shell(people)
    ada.press("l")
    is_alone(ada)
    app = app_of(leader)
    assert ada.child.pid is not None
    (follower,) = child_processes(ada.child.pid)
    os.kill(follower, signal.SIGKILL)
    leader.wait_for("0 here")
    until(lambda: not Path(f"/proc/{app}").exists())
    ada.press("echo $((6 * 7))\n")
    ada.wait_for("42")
    assert ada.sent.count(b"?1049h") == ada.sent.count(b"?1049l") == 1


def test_an_app_of_ones_own_is_suspended_and_continued(people: People) -> None:
    """With Ctrl+Z, as if it were the shell's own."""
    people.lead()
    ada = follow_in_shell(people)
    ada.press("l")
    is_alone(ada)
    ada.press("\x1a")
    ada.wait_for("Stopped")
    ada.press("fg\n")
    is_alone(ada)
    ada.press("l")
    at_step(ada, 2)
    ada.press("F")
    ada.wait_for("following Grace")
