"""Whoever of a class is killed, the class goes on, and nothing of anyone's is lost."""

from __future__ import annotations

import signal
from random import Random

from tests.classroom.people import People, is_alone
from tests.pseudo_terminal import Terminal, until
from tinynet_tui.session.state_file import resume


def test_the_class_goes_on_whoever_is_killed(people: People) -> None:
    """A question, its answers, hands and names outlive leader, followers and desk, in any order."""
    seen = {
        "leader": ("lead", "1 of 2 have answered", ("lead", "class", "--as", "Grace")),
        "ada": ("follow", "you said 1.5", ("follow", "class", "--as", "Ada")),
        "alan": ("follow", "z₁ = _", ("follow", "class", "--as", "Alan")),
        "desk": ("desk", "1.5 ✓", ("desk", "class")),
    }
    terminals: dict[str, Terminal] = {"leader": people.lead()}
    terminals |= {name.lower(): people.follow(name) for name in ("Ada", "Alan")}
    terminals["desk"] = people.run("desk", "class")
    terminals["ada"].press("!")
    terminals["leader"].wait_for("1 hand up")
    terminals["leader"].press("A")
    terminals["ada"].wait_for("z₁ = _")
    terminals["ada"].press("1.5\r")
    for name, terminal in terminals.items():
        terminal.wait_for(seen[name][1])
    victims = [*terminals, *terminals]
    Random(5).shuffle(victims)
    for victim in victims:
        terminals[victim].child.kill(signal.SIGKILL)
        terminals[victim].child.wait()
        terminals[victim] = people.run(*seen[victim][2])
        for name, terminal in terminals.items():
            terminal.wait_for(seen[name][1])
    terminals["desk"].wait_for("! Ada")
    terminals["leader"].press("l")
    terminals["leader"].wait_for("closed")
    terminals["alan"].wait_for("following Grace")


def test_a_class_that_was_killed_whole_goes_on(people: People) -> None:
    """Leader, follower and their app at once; what was tried is there still."""
    leader, ada = people.lead(), people.follow("Ada")
    leader.press("ll")
    ada.wait_for("step  2 of")
    ada.press("l")
    is_alone(ada)
    ada.press("uu")
    ada.wait_for("update 3")
    leader.press("u")
    ada.wait_for("by yourself · Grace is 48 steps behind")
    people.until_kept(lambda _room, place: (place.update, place.step) == (2, 2))
    own = people.folder / "state/tinynet-tui/session-ada.json"
    until(lambda: (kept := resume(own)[0]) is not None and (kept.update, kept.step) == (3, 3))
    for terminal in (leader, ada):
        terminal.child.kill(signal.SIGKILL)
        terminal.child.wait()
    again = people.lead()
    again.wait_for("update 2 · step  2 of")
    ada = people.follow("Ada")
    ada.wait_for("update 2 · step  2 of")
    ada.press("B")
    ada.wait_for("update 3 · step  3 of")
