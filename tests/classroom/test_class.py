"""A class of true programs: a leader's stepper, followers who step alone and come back, and the desk."""

from __future__ import annotations

import csv
import re
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from tests.classroom.people import People, at_step, is_alone
from tests.cli.command import UTF8, run
from tests.pseudo_terminal import Terminal
from tinynet_tui.classroom.directory import ROOT
from tinynet_tui.cli.faults import Fault
from tinynet_tui.cli.lead import recording
from tinynet_tui.lessons.reading import open_lesson
from tinynet_tui.session.commands import start


def test_a_follower_steps_alone_and_comes_back(people: People) -> None:
    """With that step done; how far the class is from there is in the last row."""
    leader, ada = people.lead(), people.follow("Ada")
    leader.press("lll")
    at_step(ada, 3)
    ada.press("l")
    at_step(ada, 4)
    ada.wait_for("by yourself · Grace is 1 step behind · F follows")
    leader.press("lll")
    ada.wait_for("by yourself · Grace is 2 steps ahead · F follows")
    at_step(ada, 4)
    ada.press("F")
    ada.wait_for("following Grace")
    at_step(ada, 6)
    leader.wait_for("1 here")
    ada.press("q")
    assert ada.ended() == 0
    assert ada.sent.count(b"?1049h") == ada.sent.count(b"?1049l") == 1
    assert ada.sent.count(b"\x1b[2J") == 3, "on entering, for the first picture and on leaving"


def test_everyone_is_gathered(people: People) -> None:
    """From wherever they are."""
    leader, ada = people.lead(), people.follow("Ada")
    ada.press("l")
    is_alone(ada)
    leader.press("G")
    ada.wait_until(lambda: b"Gathered by Grace: you follow again." in ada.sent)
    at_step(ada, 0)
    ada.wait_for("following Grace")


def test_the_lead_is_lent_given_back_and_taken_back(people: People) -> None:
    """Exactly one leads; the teacher's steps are nobody's meanwhile."""
    leader, ada = people.lead(), people.follow("Ada")
    alan = people.follow("Alan", (120, 36))
    leader.press("K")
    leader.wait_for("lend the lead to Ada")
    leader.press("to Ada\r")
    ada.wait_for("you lead the class")
    leader.wait_for("Ada leads class")
    alan.wait_for("following Ada · 2 here")
    ada.press("ll")
    for terminal in (leader, ada, alan):
        at_step(terminal, 2)
    ada.press("x")
    for terminal in (leader, alan):
        terminal.wait_for("Falls steadily")
    ada.press("\x1b")
    ada.wait_for("you lead the class")
    ada.press("?")
    alan.wait_for("following Ada · Ada is reading the help")
    ada.press("\x1b")
    at_step(alan, 2)
    alan.wait_for("following Ada · 2 here")
    at_step(leader, 2)  # the page of experiments is still on its way to a terminal that gives no answer
    leader.wait_for("Ada leads class · K takes the lead back · 2 here")
    leader.press("l")
    leader.wait_for("Ada leads: K takes the lead back.")
    at_step(alan, 2)
    ada.press("F")
    ada.wait_for("following Grace")
    leader.press("l")
    for terminal in (leader, ada, alan):
        at_step(terminal, 3)
    leader.press("K")
    leader.wait_for("lend the lead to Alan")
    leader.press("to Alan\r")
    alan.wait_for("you lead the class")
    leader.press("K")
    leader.wait_for("take the lead back")
    leader.press("\r")
    alan.wait_until(lambda: b"Grace leads now." in alan.sent)
    alan.wait_for("following Grace")


def test_what_the_teacher_has_open_stays_open(people: People) -> None:
    """Whatever students do meanwhile: keys would go to a page that is not seen."""
    leader, ada = people.lead(), people.follow("Ada")
    leader.press("?")
    leader.wait_for("Do the next step.")
    ada.press("!")
    leader.wait_for("leading class · 1 here · 1 hand up")
    ada.press("l")
    is_alone(ada)
    alan = people.follow("Alan")
    people.until_kept(lambda room, _place: room.hands_raised == 1 and len(room.people) == 2)
    leader.press("\x1b[B")
    leader.wait_until(lambda: leader.screen.text.count("Do the next step.") == 1)
    leader.press("\x1b")
    leader.wait_for("1 hand up · J ")
    del alan


def test_who_is_kept_cannot_step_alone(people: People) -> None:
    """And sees for how long."""
    leader, ada = people.lead(), people.follow("Ada")
    leader.press("K")
    leader.wait_for("keep everyone with the class")
    leader.press("keep everyone\r")
    ada.wait_for("· kept ")
    ada.press("l")
    ada.press("2")
    ada.wait_for("2 table")
    at_step(ada, 0)


def test_a_killed_leader_goes_on_where_the_class_was(people: People) -> None:
    """Followers stay where they are, are told, and are there again when the leader is."""
    leader, ada = people.lead("xor"), people.follow("Ada")
    leader.press("lllll")
    at_step(ada, 5)
    ada.press("!")
    leader.wait_for("1 hand up")
    people.until_kept(lambda room, place: room.hands_raised == 1 and place.step == 5)
    leader.child.kill(signal.SIGKILL)
    ada.wait_for("is not there")
    at_step(ada, 5)
    again = people.lead()
    at_step(again, 5)
    ada.wait_for("following Grace")
    again.wait_for("1 here · 1 hand up")


def test_a_second_leader_is_told(people: People) -> None:
    """With the line to follow instead; nothing happens to the class."""
    leader = people.lead()
    second = people.run("lead", "class")
    assert second.ended() == 2
    words = second.screen.text.replace("\n", "")
    assert "somebody leads class already; to follow: tinynet-tui follow class" in words
    leader.press("l")
    at_step(leader, 1)


def test_the_leader_ends_the_class(people: People) -> None:
    """Asked first; whoever watches is told, whoever steps alone goes on."""
    leader, ada, alan = people.lead(), people.follow("Ada"), people.follow("Alan")
    alan.press("l")
    is_alone(alan)
    leader.press("q")
    leader.wait_for("leave it waiting")
    leader.press("end\r")
    assert leader.ended() == 0
    ada.wait_for("The class is over · → steps by yourself · q leaves")
    ada.press("q")
    assert ada.ended() == 0
    alan.wait_for("by yourself · the class is over")
    alan.press("l")
    at_step(alan, 2)
    alan.press("q")
    assert alan.ended() == 0


def test_a_leader_is_asked_wherever_they_quit(people: People) -> None:
    """On another page too; the class goes on meanwhile, and after it where they stay."""
    leader, ada = people.lead(), people.follow("Ada")
    leader.press("x")
    ada.wait_for("Learning rates")
    leader.press("q")
    leader.wait_for("leave it waiting")
    leader.press("\x1b")
    leader.wait_for("Learning rates")
    leader.press("?\x03")
    leader.wait_for("leave it waiting")
    leader.press("end it\r")
    assert leader.ended() == 0
    ada.wait_for("The class is over")


def test_the_desk_has_names(people: People) -> None:
    """Who is here, where, and whose hand is up; the screen that the class sees has numbers alone."""
    leader, ada, _alan = people.lead(), people.follow("Ada"), people.follow("Alan")
    desk = people.run("desk", "class")
    desk.wait_for("class · Grace leads · 2 here")
    ada.press("!")
    desk.wait_for("! Ada")
    leader.wait_for("1 hand up")
    assert "Ada" not in leader.screen.text
    ada.press("l")
    desk.wait_until(lambda: any("Ada" in row and "1.1" in row for row in desk.screen.display))
    desk.press("q")
    assert desk.ended() == 0
    leader.wait_for("2 here")


def test_rooms_are_listed(people: People) -> None:
    """As one types them."""
    people.lead()
    listed = people.run("follow")
    assert listed.ended() == 0
    assert "tinynet-tui follow class@" in listed.screen.text


def test_a_follower_may_come_before_the_leader(people: People) -> None:
    """Waits, and says so."""
    ada = people.run("follow", "class", "--as", "Ada")
    ada.wait_for("Nobody leads class yet: waiting.")
    people.lead()
    ada.wait_for("following Grace")


def test_a_class_is_recorded_and_replayed(people: People, tmp_path: Path) -> None:
    """From place to place, by oneself from there, and back; played, it ends where the class did."""
    file = tmp_path / "monday.class"
    leader = people.lead("--record", str(file))
    for step in (1, 2, 3):
        leader.press("l")
        at_step(leader, step)
    leader.press("q")
    assert leader.ended() == 0
    replay = people.run("replay", str(file))
    replay.wait_for("place 1 of 4")
    at_step(replay, 0)
    replay.press("ll")
    replay.wait_for("place 3 of 4")
    at_step(replay, 2)
    replay.press("\r")
    is_alone(replay)
    replay.press("l]")
    replay.wait_for("F comes back")
    replay.press("F")
    replay.wait_for("place 3 of 4")
    at_step(replay, 2)
    replay.press("h ")
    replay.wait_for("place 4 of 4")
    at_step(replay, 3)
    replay.press("q")
    assert replay.ended() == 0


def test_a_recording_takes_no_file_that_is_there(people: People, tmp_path: Path) -> None:
    """Nothing of it is lost."""
    file = tmp_path / "notes.txt"
    file.write_text("mine")
    again = people.run("lead", "class", "--record", str(file))
    assert again.ended() == 2
    assert b"it is there: move it, or name another" in again.sent
    assert file.read_text() == "mine"


def test_without_a_screen_nothing_is_left_behind(tmp_path: Path) -> None:
    """No room that is dead, and no recording without a class."""
    refused = run(
        "lead", "class", "--record", "rec.class", environ={**UTF8, ROOT: str(tmp_path)}, cwd=tmp_path
    )
    assert refused.returncode == 2
    assert b"The screen cannot open" in refused.stderr
    assert [*tmp_path.iterdir()] == []


def test_a_recording_stays_if_anything_was_written(tmp_path: Path) -> None:
    """Whatever ends the class."""
    for name, places in (("empty", []), ("begun", [start(open_lesson("xor"))])):
        with suppress(Fault), recording(str(tmp_path / name)) as recorder:
            assert recorder is not None
            for place in places:
                recorder.record(place)
            raise Fault("the broker is gone")
    assert [path.name for path in tmp_path.iterdir()] == ["begun"]


@pytest.mark.parametrize("text", [b"", b"title = 1\n", b"\x1b[2J\n", b"{" * 100_000])
def test_what_is_no_recorded_class_is_refused(people: People, tmp_path: Path, text: bytes) -> None:
    """In one line."""
    file = tmp_path / "no.class"
    file.write_bytes(text)
    refused = people.run("replay", str(file))
    assert refused.ended() == 2
    assert "tinynet-tui replay:" in refused.screen.text


def shows_rounds(terminal: Terminal) -> None:
    """Wait until a terminal shows that one answer was right at first, and then two; names are not there."""
    terminal.wait_until(lambda: re.search(r"right +1 █+▌? +2 █+", terminal.screen.text) is not None)
    assert "Ada" not in terminal.screen.text


def test_the_class_is_asked_twice_then_alone(people: People) -> None:
    """z₁ of the lecture network is 1.5: right, no number, the wrong sign. The desk alone has names."""
    leader, ada, alan = people.lead(), people.follow("Ada"), people.follow("Alan")
    desk = people.run("desk", "class")
    desk.wait_for("2 here")
    leader.press("A")
    for terminal in (ada, alan):
        terminal.wait_for("your answer: z₁ = _")
    leader.wait_for("0 of 2 have answered")
    ada.press("1.5\r")
    ada.wait_for("you said 1.5")
    alan.press("half\r")
    alan.wait_for("your answer: z₁ = half_")
    alan.press("\x15-1.5\r")
    alan.wait_for("you said -1.5")
    leader.wait_for("2 of 2 have answered · A closes")
    desk.wait_until(lambda: "1.5 ✓" in desk.screen.text and "sign is wrong" in desk.screen.text)
    assert "right" not in leader.screen.display[-1]
    leader.press("A")
    for terminal in (ada, alan):
        terminal.wait_for("· closed")
    leader.wait_for("closed: A goes on")
    leader.press("A")
    leader.wait_for("ask again")
    leader.press("\r")
    for terminal in (ada, alan):
        terminal.wait_for("your answer: z₁ = _")
        terminal.press("1.5\r")
    leader.wait_for("2 of 2 have answered · A closes")
    leader.press("A")
    leader.wait_for("closed: A goes on")
    leader.press("A")
    for terminal in (leader, ada, alan):
        shows_rounds(terminal)
    ada.wait_for("you said 1.5: right · 1 of 2 right, then 2 of 2")
    leader.press("A")
    leader.wait_for("ask with other numbers")
    leader.press("\r")
    ada.wait_for("other numbers: alone")
    leader.press("A")
    leader.wait_for("closed: A goes on")
    leader.press("A")
    ada.wait_for("alone 0 of 0")
    leader.press("A")
    leader.wait_for("end the question")
    leader.press("\r")
    leader.wait_for("leading class")
    ada.wait_for("following Grace")
    desk.wait_for("right by kind:   sum 3 of 4")
    leader.press("q")
    leader.wait_for("write the answers")
    leader.press("write\r")
    assert leader.ended() == 0
    said = leader.screen.text.replace("\n", "")  # a line may be longer than the terminal
    assert f"The class is over. The answers are here, in {people.folder}/class-answers.csv." in said
    assert (people.folder / "class-answers.csv").stat().st_mode & 0o777 == 0o600
    with (people.folder / "class-answers.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0][:3] == ["question", "asked", "name"]
    asked = ["1", "z₁ = w₁ · x₁ + w₃ · x₂ + b₁ = ?"]
    assert [row[:4] for row in rows[1:]] == [[*asked, "Ada", "1.5"], [*asked, "Alan", "-1.5"]]
    given = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert [row["result 1"] == "right" for row in given] == [True, False]
    assert [(row["round 2"], row["result 2"]) for row in given] == [("1.5", "right")] * 2
    assert all(row["alone"] == "" for row in given)


def test_keys_after_the_one_that_leads_away_are_done(people: People) -> None:
    """However fast they are typed."""
    people.lead()
    ada = people.follow("Ada")
    ada.press("lll2")
    is_alone(ada)
    at_step(ada, 3)
    ada.wait_for("2 table")


def test_the_leader_is_told_how_a_prediction_was(people: People) -> None:
    """As without a class."""
    leader = people.lead()
    leader.press("p")
    leader.wait_for("sign of z₁")
    leader.press("+\r")
    leader.wait_for("Correct")


def test_a_question_is_seen_whatever_was_said_before(people: People) -> None:
    """And is closed by the step that answers it; other numbers are asked of the same step, and left again."""
    leader, ada = people.lead(), people.follow("Ada")
    leader.press("G")
    leader.wait_for("Everyone follows.")
    leader.press("A")
    leader.wait_for("0 of 1 have answered · A closes")
    leader.press("l")
    leader.wait_for("The question is closed: A shows the answers.")
    ada.wait_for("following Grace")
    leader.press("A")
    leader.wait_for("show the answers")
    leader.press("show\r")
    ada.wait_for("round 1: 0 of 0 right")
    leader.wait_for("What the class has answered")
    leader.press("\x1b")
    leader.wait_for("round 1: 0 of 0 right")
    leader.press("A")
    leader.wait_for("ask with other numbers")
    leader.press("\r")
    ada.wait_for("your answer: z₁ = _")
    leader.wait_for("seed")
    leader.press("A")
    leader.wait_for("closed: A goes on")
    leader.press("A")
    ada.wait_for("alone 0 of 0")
    leader.press("A")
    leader.wait_for("end the question")
    leader.press("\r")
    leader.wait_until(lambda: "seed" not in leader.screen.text)
    at_step(ada, 1)


def test_a_class_that_goes_on_is_open_to_the_same(people: People) -> None:
    """A leader who was cut off need not say again who may join."""
    leader = people.lead("--who", "everyone")
    leader.press("l")
    at_step(leader, 1)
    (socket,) = people.folder.glob("rooms/*/class")
    assert socket.stat().st_mode & 0o777 == 0o666
    leader.child.kill(signal.SIGKILL)
    leader.child.wait()
    people.lead()
    assert socket.stat().st_mode & 0o777 == 0o666


def test_a_lesson_begins_a_class_anew(people: People) -> None:
    """Also where the last one was left waiting; nothing of it is there."""
    leader, ada = people.lead("xor"), people.follow("Ada")
    ada.press("!")
    leader.wait_for("1 hand up")
    leader.child.kill(signal.SIGKILL)
    leader.child.wait()
    ada.close()
    again = people.lead("mazur")
    again.wait_for("0 here")
    assert "hand" not in again.screen.display[-1]
