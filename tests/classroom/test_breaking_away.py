"""Stepping alone and coming back: the terminal on its way from the class to an app, and back."""

from __future__ import annotations

import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from tests.classroom.people import People, at_step, is_alone
from tests.pseudo_terminal import COMMAND, SAFETY, Terminal, child_processes, until


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


def test_a_leader_who_is_stopped_is_not_there(people: People) -> None:
    """Whoever follows is told at once, and can step alone; the class goes on after fg."""
    grace = people.shell()
    grace.press(f"{sys.executable} {' '.join(COMMAND)} lead class --as Grace\n")
    grace.wait_for("leading class")
    ada = people.follow("Ada")
    grace.press("\x1a")
    grace.wait_for("Stopped")
    ada.wait_for("Grace is not there · class goes on when they are back")
    ada.press("l")
    is_alone(ada)
    at_step(ada, 1)
    grace.press("fg\n")
    grace.wait_for("1 here")
    ada.wait_for("F follows")
    ada.press("F")
    ada.wait_for("following Grace")


def test_what_was_tried_stays(people: People) -> None:
    """Also for whoever leaves with q and comes back under the same name; Esc twice follows, like F."""
    _leader, ada = people.lead(), people.follow("Ada")
    ada.press("l")
    is_alone(ada)
    ada.press("uul")
    ada.wait_for("update 3 · step  2")
    ada.press("\x1b")
    ada.wait_for("Esc again follows the class.")
    ada.press("\x1b")
    ada.wait_for("following Grace")
    at_step(ada, 0)
    ada.press("B")
    ada.wait_for("update 3 · step  2")
    ada.press("q")
    assert ada.ended() == 0
    again = people.follow("Ada", (100, 30))
    again.wait_for("B what you tried")
    again.press("ll")
    at_step(again, 2)
    again.press("B")
    again.wait_for("update 3 · step  2")
    other = people.follow("Alan")
    other.press("B")
    other.wait_for("You have tried nothing else by yourself yet.")


@pytest.mark.parametrize("apps", ["preloaded", "none"])
def test_in_a_kiosk_what_was_tried_goes_with_the_follower(people: People, apps: str) -> None:
    """Nothing is written but the position; whoever comes next under the name has nothing to go back to."""
    leader = people.lead()
    if apps == "none":
        (preloaded,) = child_processes(leader.child.pid)
        os.kill(preloaded, signal.SIGKILL)
    ada = people.run("follow", "class", "--as", "Ada", "--kiosk")
    ada.wait_for("following Grace")
    ada.press("l")
    is_alone(ada)
    ada.press("uul")
    ada.wait_for("update 3 · step  2")
    ada.press("B")
    ada.wait_for("You have tried nothing else by yourself yet.")
    ada.press("F")
    ada.wait_for("following Grace")
    at_step(ada, 0)
    ada.wait_for("tried")
    ada.press("B")
    ada.wait_for("update 3 · step  2")
    ada.press("q")
    assert ada.ended() == 0
    again = people.run("follow", "class", "--as", "Ada", "--kiosk")
    again.wait_for("following Grace")
    assert "what you tried" not in again.screen.text
    assert "B tried" not in again.screen.text
    written = [path.name for path in (people.folder / "state").rglob("*") if path.is_file()]
    assert written == ["session-ada.json"]


def test_what_one_has_chosen_to_see_stays(people: People) -> None:
    """While stepping alone and back in the class; also for a leader who was gone, as the follower says it."""
    leader, ada = people.lead(), people.follow("Ada")
    ada.press("2")
    ada.wait_for("2 table")
    ada.press("l")
    is_alone(ada)
    ada.wait_for("2 table")
    ada.press("5")
    ada.wait_for("5 loss")
    ada.press("F")
    ada.wait_for("following Grace")
    ada.wait_for("5 loss")
    leader.child.kill(signal.SIGKILL)
    leader.child.wait()
    ada.wait_for("is not there")
    people.lead()
    ada.wait_for("following Grace")
    ada.wait_for("5 loss")
    leader.press("l")
    ada.press("3")
    ada.wait_for("3 chain")


def test_who_steps_alone_is_told_that_the_leader_is_back(people: People) -> None:
    """And follows again with F, as who they were; also where one has come and gone at once before."""
    leader, ada = people.lead(), people.follow("Ada")
    ada.press("ll")
    ada.wait_for("by yourself · Grace is 2 steps behind")
    leader.child.kill(signal.SIGKILL)
    leader.child.wait()
    ada.wait_for("by yourself · Grace is not there · F follows when they are back")
    ada.press("l")
    at_step(ada, 3)
    (path,) = people.folder.glob("rooms/*/class")
    path.unlink()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.settimeout(SAFETY)
        listening.bind(str(path))
        listening.listen()
        listening.accept()[0].close()
    again = people.lead()
    ada.wait_for("Grace is back: F follows.")
    at_step(ada, 3)
    again.wait_for("1 here")
    ada.wait_for("by yourself · Grace is 3 steps behind")
    ada.press("F")
    ada.wait_for("following Grace · 1 here")
    again.press("l")
    at_step(ada, 1)


def test_f_without_a_leader_waits_where_the_class_was(people: People) -> None:
    """And follows by itself; what was on screen is among what was tried."""
    leader, ada = people.lead(), people.follow("Ada")
    leader.press("lllll")
    at_step(ada, 5)
    ada.press("l")
    is_alone(ada)
    ada.press("uu")
    ada.wait_for("update 3")
    ada.wait_for("by yourself · Grace is")
    leader.child.kill(signal.SIGKILL)
    leader.child.wait()
    ada.wait_for("is not there")
    ada.press("F")
    ada.wait_for("where the class was · Grace is not there")
    at_step(ada, 5)
    again = people.lead()
    ada.wait_for("following Grace · 1 here")
    again.press("l")
    at_step(ada, 6)
    ada.press("B")
    ada.wait_for("update 3")


def test_who_watched_a_class_that_is_over_steps_on(people: People) -> None:
    """From where it was, by themselves; and is in the next one of that name, if they stay."""
    leader, ada, alan = people.lead(), people.follow("Ada"), people.follow("Alan")
    leader.press("ll")
    at_step(ada, 2)
    leader.press("q")
    leader.wait_for("leave it waiting")
    leader.press("end\r")
    assert leader.ended() == 0
    for follower in (ada, alan):
        follower.wait_for("The class is over · → steps by yourself · q leaves")
    ada.press("l")
    ada.wait_for("by yourself · the class is over")
    at_step(ada, 3)
    ada.press("q")
    assert ada.ended() == 0
    people.lead("mazur")
    alan.wait_for("following Grace")
    alan.press("q")
    assert alan.ended() == 0
