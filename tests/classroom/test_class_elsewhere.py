"""A class of true programs on a true broker: a leader, followers on other machines and beside the leader."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.classroom.brokers import CLASS_CODE, TEACHER_CODE, Mosquitto, teachers_code
from tests.classroom.people import People, at_step, is_alone
from tests.pseudo_terminal import Terminal, child_processes, until


class PeopleElsewhere(People):
    """A class in which some follow through a broker."""

    def __init__(self, root: Path, broker: Mosquitto) -> None:
        super().__init__(root)
        self.environ |= broker.environ
        self.broker = broker

    def lead_elsewhere(self, *words: str) -> Terminal:
        """The leader, once the class can join, at a size whose last row has room for all that is told."""
        via = ("--via", self.broker.mqtts, "--code", CLASS_CODE)
        return self.lead(*words, *via, "--code-file", teachers_code(self.folder), size=(120, 36))

    def follow_url(self, url: str, name: str, size: tuple[int, int] = (80, 24)) -> Terminal:
        """A follower at the broker who sees the class."""
        follower = self.run("follow", f"{url}/class", "--code", CLASS_CODE, "--as", name, size=size)
        follower.wait_for("following Grace")
        return follower


@pytest.fixture
def people(tmp_path: Path, broker: Mosquitto) -> Iterator[PeopleElsewhere]:
    """Nobody yet."""
    people = PeopleElsewhere(tmp_path, broker)
    yield people
    for terminal in people.terminals:
        terminal.close()


def test_one_class_here_and_elsewhere(people: PeopleElsewhere, broker: Mosquitto) -> None:
    """Who follows by mqtts, by wss and on the leader's machine sees the same, at their own size."""
    leader = people.lead_elsewhere("xor")
    followers = [
        people.follow_url(broker.mqtts, "Ada"),
        people.follow_url(broker.wss, "Alan", (120, 36)),
        people.follow("Emmy", (100, 30)),
    ]
    leader.wait_for("3 here")
    leader.press("lll")
    for follower in followers:
        at_step(follower, 3)
        follower.wait_for("3 here")
    ada, alan, _emmy = followers
    ada.press("2")
    ada.wait_for("2 table")
    ada.press("l")
    is_alone(ada)
    at_step(ada, 4)
    ada.wait_for("Grace is 1 step behind")
    desk = people.run("desk", "class")
    desk.wait_until(lambda: any("Ada" in row and "1.4" in row for row in desk.screen.display))
    ada.press("F")
    ada.wait_for("following Grace")
    alan.press("!")
    desk.wait_for("! Alan")
    leader.press("A")
    for follower, answer in zip(followers, ("1", "2", "1"), strict=True):
        follower.wait_for("Enter sends")
        follower.press(f"{answer}\r")
        follower.wait_for(f"you said {answer}")
    leader.wait_for("3 of 3 have answered")
    leader.press("q")
    leader.wait_for("leave it waiting")
    leader.press("end it\r")
    for follower in followers:
        follower.wait_for("The class is over · → steps by yourself · q leaves")
        follower.press("q")
        assert follower.ended() == 0


def test_a_killed_leader_goes_on(people: PeopleElsewhere, broker: Mosquitto) -> None:
    """Followers are told at once, may step alone, and are there again when the leader is."""
    leader = people.lead_elsewhere("xor")
    ada, alan = people.follow_url(broker.wss, "Ada"), people.follow_url(broker.mqtts, "Alan")
    leader.press("lllll")
    at_step(ada, 5)
    ada.press("!")
    leader.wait_for("1 hand up")
    people.until_kept(lambda room, place: room.hands_raised == 1 and place.step == 5)
    leader.child.kill(signal.SIGKILL)
    leader.child.wait()
    ada.wait_for("Grace is not there")
    alan.wait_for("Grace is not there")
    alan.press("l")
    is_alone(alan)
    alan.wait_for("Grace is not there")
    again = people.run("lead", "class", size=(120, 36))  # the broker, the code and her name are known
    at_step(again, 5)
    ada.wait_for("following Grace")
    again.wait_for("2 here · 1 hand up")
    again.press("l")
    at_step(ada, 6)
    alan.wait_for("Grace is here too")
    alan.press("F")
    alan.wait_for("following Grace")


def test_a_broker_that_comes_back(people: PeopleElsewhere, broker: Mosquitto) -> None:
    """Has forgotten all: the leader tells it again, and followers are who they were."""
    leader, ada = people.lead_elsewhere("xor"), people.follow_url(broker.mqtts, "Ada")
    emmy = people.follow("Emmy")
    ada.press("!")
    leader.wait_for("1 hand up")
    broker.end()
    leader.wait_for("localhost cannot be reached")
    leader.press("ll")
    at_step(emmy, 2)
    at_step(ada, 0)
    broker.begin()
    at_step(ada, 2)
    leader.wait_for("2 here · 1 hand up")


def test_nothing_is_left_of_a_follower_who_is_killed(people: PeopleElsewhere) -> None:
    """Neither what watches nor an app of their own: both have the terminal that a shell goes on with."""
    people.lead_elsewhere("xor")
    for steps_alone in (False, True):
        ada = people.follow_url(people.broker.mqtts, "Ada")
        if steps_alone:
            ada.press("l")
            is_alone(ada)
        assert ada.child.pid is not None
        made = child_processes(ada.child.pid)
        made += [forked for one in made for forked in child_processes(one)]
        assert len(made) == 2 + steps_alone
        ada.child.kill(signal.SIGKILL)
        until(partial(all_gone, made))


def all_gone(processes: list[int]) -> bool:
    """Whether none of some processes runs any more."""
    try:
        stats = [Path(f"/proc/{one}/stat").read_text() for one in processes if Path(f"/proc/{one}").exists()]
    except OSError:  # one of them is gone just now
        return False
    return all(stat.rpartition(")")[2].split()[0] == "Z" for stat in stats)


def test_the_lead_is_lent_to_elsewhere(people: PeopleElsewhere, broker: Mosquitto) -> None:
    """And given back."""
    leader, ada = people.lead_elsewhere("xor"), people.follow_url(broker.mqtts, "Ada")
    emmy = people.follow("Emmy")
    alan = people.follow_url(broker.wss, "Alan")
    leader.press("K")
    leader.wait_for("lend the lead to Ada")
    leader.press("to Ada\r")
    ada.wait_for("you lead the class")
    alan.wait_for("following Ada")
    ada.press("ll")
    for terminal in (leader, alan, emmy):
        at_step(terminal, 2)
    ada.press("F")
    ada.wait_for("following Grace")
    leader.wait_for("leading class")
    leader.press("l")
    for terminal in (ada, alan, emmy):
        at_step(terminal, 3)


def test_wrong_codes_are_refused_in_words(people: PeopleElsewhere, broker: Mosquitto) -> None:
    """For a follower and for a leader; so is what is no broker."""
    guessed = people.run("follow", f"{broker.mqtts}/class", "--code", "guess")
    assert guessed.ended() == 2
    assert "the code for tinynet-class is wrong" in guessed.screen.text
    none_given = people.run("follow", f"{broker.mqtts}/class")
    assert none_given.ended() == 2
    words = "tinynet-class needs a code, and none was given: --code CODE, as your teacher has it"
    assert words in none_given.screen.text.replace("\n", "")
    people.environ["TINYNET_TEACHER_CODE"] = CLASS_CODE
    leader = people.run("lead", "class", "--via", broker.wss)
    assert leader.ended() == 2
    assert "the code for tinynet-teacher is wrong: --code-file" in leader.screen.text.replace("\n", "")
    people.environ["TINYNET_TEACHER_CODE"] = TEACHER_CODE
    for_students = people.run("lead", "class", "--via", broker.wss, "--code", "guess")
    assert for_students.ended() == 2
    assert "the code for tinynet-class is wrong: --code CODE" in for_students.screen.text.replace("\n", "")
    leader = people.lead("--via", broker.wss, size=(120, 36))
    leader.press("J")
    leader.wait_for("--code CODE --as NAME")
    leader.wait_for("CODE is the students' code")
    nobody = people.run("follow", "mqtts://localhost:1/class")
    assert nobody.ended() == 2
    assert "localhost:1 cannot be reached" in nobody.screen.text
    people.environ["SSL_CERT_FILE"] = "/dev/null"
    stranger = people.run("follow", f"{broker.wss}/class", "--code", CLASS_CODE)
    assert stranger.ended() == 2
    assert "its certificate is not trusted" in stranger.screen.text


def test_a_second_leader_is_told(people: PeopleElsewhere, broker: Mosquitto, tmp_path: Path) -> None:
    """Also one from another machine; the code is in the environment there."""
    leader = people.lead_elsewhere("xor")
    people.environ |= {"TINYNET_TEACHER_CODE": TEACHER_CODE, "TINYNET_TUI_ROOMS": str(tmp_path)}
    second = people.run("lead", "class", "--via", broker.wss)
    assert second.ended() == 2
    assert "Grace leads class there already; to follow: tinynet-tui follow" in second.screen.text.replace(
        "\n", ""
    )
    leader.press("l")
    at_step(leader, 1)
