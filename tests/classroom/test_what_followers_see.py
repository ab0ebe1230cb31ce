"""What a class sees of the leader's pages, and what of them stays the leader's own."""

from __future__ import annotations

import asyncio
import signal
from typing import ClassVar

import pytest

from tests.classroom.people import People, at_step, is_alone
from tests.classroom.seats import graces_class, in_own_time, press, resize, watching
from tests.pseudo_terminal import Terminal
from tests.session.random_lessons import LECTURE
from tinynet_tui.classroom.shared_screens import CLEAR, Kind, Shown
from tinynet_tui.drawing.experiment_page import ShownExperiment, Waiting
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture, StyledRun
from tinynet_tui.drawing.screen import screen
from tinynet_tui.drawing.text_page import Reading
from tinynet_tui.experiments.page_keys import after as after_key
from tinynet_tui.experiments.page_of_session import opened_page
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.moment import moment

SIZES = ((60, 20), (120, 36))


@in_own_time
async def test_a_screen_that_takes_nothing_is_sent_nothing() -> None:
    """However often it is to be drawn anew, or is larger than a picture: all that waits would be kept."""
    ada, line = watching(graces_class(), "Ada")
    ada.pause()
    before = len(line.frames)
    press(ada, b"\x0c" * 5)
    resize(ada, 400, 200)
    await asyncio.sleep(1)
    assert len(line.frames) == before
    ada.resume()
    assert line.frames[before].startswith(CLEAR)
    ada.lose()


def experiments(*keys: str) -> ShownExperiment:
    """The page of experiments of the lecture network after some commands, computed here and now."""
    state = opened_page(start(LECTURE), None).state
    for key in keys:
        state = after_key(state, key, None, None)
    assert state.inputs is not None
    return ShownExperiment(state, state.row.compute(state.inputs, lambda _share: None))


def shows(terminal: Terminal, view: ShownExperiment | Reading) -> None:
    """Wait until a terminal shows all of a view but the last row, which is its own."""
    size = terminal.screen.columns, terminal.screen.lines
    expected = view.picture(*size, Look()).text().splitlines()[: size[1] - 1]
    terminal.wait_until(
        lambda: [row.rstrip() for row in terminal.screen.display][: len(expected)] == expected
    )


def test_experiments_are_on_every_screen(people: People) -> None:
    """Each drawn for its own size, as the page itself would be; and the step again when they are left."""
    leader = people.lead()
    ada, alan = (people.follow(name, size) for name, size in zip(("Ada", "Alan"), SIZES, strict=True))
    leader.press("x")
    for follower in (ada, alan):
        shows(follower, experiments())
    leader.press("\x1b[B")
    for follower in (ada, alan):
        shows(follower, experiments("down"))
    leader.press("2")
    for follower in (ada, alan):
        shows(follower, experiments("down", "tab:start"))
    emmy = people.follow("Emmy")
    shows(emmy, experiments("down", "tab:start"))
    leader.press("\x1b")
    for follower in (ada, alan, emmy):
        at_step(follower, 0)


def test_work_that_goes_on_is_shown_as_such() -> None:
    """A page whose result is not there yet has its bar on every screen."""
    view = ShownExperiment(opened_page(start(LECTURE), None).state, Waiting(0.5))
    for size in SIZES:
        assert "50%" in view.picture(*size, Look()).text()


def test_what_the_leader_reads_is_on_every_screen(people: People) -> None:
    """The whole of what is said of a step."""
    leader, ada = people.lead(), people.follow("Ada", (60, 20))
    leader.press("ld")
    ada.wait_until(lambda: "sums its inputs" in ada.screen.display[0])
    leader.press("\x1b")
    at_step(ada, 1)


@pytest.mark.parametrize("first", range(4))
@pytest.mark.parametrize("width", [60, 97, 200])
def test_a_text_is_shown_from_the_same_paragraph_on(first: int, width: int) -> None:
    """Wherever its lines break; no further than its last line."""
    paragraphs = tuple(" ".join([f"paragraph{number}"] * 60) for number in range(5))
    rows = Reading("Text", paragraphs, first).picture(width, 12, Look()).text().splitlines()
    lines = [line for _, line in Reading("", paragraphs).lines(width, Look())]
    last_top = len(lines) - 8
    begins = lines.index(next(line for line in lines if f"paragraph{first}" in line))
    assert rows[2].strip() == lines[min(begins, last_top)]


def test_a_fault_at_one_size_is_no_end_of_the_class() -> None:
    """Those who have that size are told, and see the next thing that can be drawn."""

    class Faulty:
        """What cannot be drawn in 60 columns."""

        doing: ClassVar[str] = "is looking at a fault"

        def picture(self, width: int, height: int, look: Look) -> Picture:
            """A picture with the width on it."""
            return Picture(width, height, ((StyledRun(f"{1 / (width - 60):<{width}}", ""),),) * height)

    small, large = (Kind(*size, ascii=False, colours="truecolor", palette="dark") for size in SIZES)
    shown = Shown(start(LECTURE), cover=Faulty())
    assert (
        "a fault of the program.\n Its name is ZeroDivisionError." in small.picture(small.seen(shown)).text()
    )
    assert large.picture(large.seen(shown)).text().startswith("0.01")
    assert "step  0 of 46" in small.picture(Shown(start(LECTURE))).text()


@pytest.mark.parametrize("size", SIZES)
def test_the_keys_of_a_wrong_way_are_the_leaders_own(size: tuple[int, int]) -> None:
    """Whoever follows would leave the class by them."""
    wrong = after(start(LECTURE), Command("variants"))
    kind = Kind(*size, ascii=False, colours="truecolor", palette="dark")
    followed, led = kind.picture(Shown(wrong)).text(), screen(moment(wrong), *size, Look()).text()
    assert "v next" in led
    assert "v next" not in followed
    assert "1 of" in followed


def test_lists_and_prompts_are_the_leaders_own(people: People) -> None:
    """Followers keep the step, and are told why nothing moves; what is typed is on no other screen."""
    (people.folder / "secret-exam.toml").write_text("title = 1")
    leader, ada = people.lead(), people.follow("Ada", (120, 36))
    leader.press("l")
    at_step(ada, 1)
    for keys, said in (("?reveal", "reading the help"), ("gsecret", "typing"), ("o", "choosing a lesson")):
        leader.press(keys)
        ada.wait_for(f"following Grace · Grace is {said} · 1 here")
        at_step(ada, 1)
        assert not any(word in ada.screen.text for word in ("reveal", "secret", "Help"))
        leader.press("\x1b")
        ada.wait_for("following Grace · 1 here")


def test_names_in_the_list_of_the_lead_are_on_no_follower(people: People) -> None:
    """K names people; whoever watches is told no more than that the leader is choosing."""
    leader, _ada, alan = people.lead(), people.follow("Ada"), people.follow("Alan")
    leader.press("K")
    leader.wait_for("lend the lead to Ada")
    alan.wait_for("Grace is choosing")
    assert "Ada" not in alan.screen.text


def test_a_prediction_is_on_every_screen(people: People) -> None:
    """The question without its answer, and then the step with it."""
    leader, ada = people.lead(), people.follow("Ada", (60, 20))
    leader.press("p")
    ada.wait_for("Is z₁ positive, negative or 0?")
    asked = after(start(LECTURE), Command("predict"))
    assert asked.stage == "asking"
    assert "+1.5000" not in ada.screen.text
    leader.press("+\r")
    ada.wait_for("+1.5000")
    ada.wait_for("Grace predicted +, which is right")
    leader.press("\x1b")
    at_step(ada, 1)
    ada.wait_for("following Grace · 1 here")


def test_changes_are_on_every_screen(people: People) -> None:
    """Wrong ways, learning rates, edits, random starts."""
    leader, ada = people.lead(), people.follow("Ada", (120, 36))
    for keys, shown in (("v", "too early"), ("L0.5\r", "η 0.5"), ("e7\r", "+7.0000"), ("R", "seed")):
        leader.press(keys)
        ada.wait_until(lambda shown=shown: shown in ada.screen.text)  # type: ignore[misc]


def test_the_help_is_each_followers_own(people: People) -> None:
    """Searched, done from and left without leaving the class; the leader's steps go on beneath."""
    leader, ada, alan = people.lead(), people.follow("Ada", (60, 20)), people.follow("Alan", (60, 20))
    ada.press("?")
    ada.wait_for("the keys of a follower")
    leader.press("l")
    at_step(alan, 1)
    assert "Help" in ada.screen.display[0]
    ada.press("reading")
    ada.wait_for("Nothing here has these words")
    ada.press("\x15digits")
    ada.wait_for("▸ .")
    ada.press("\x1b")
    at_step(ada, 1)
    ada.press("?the table of all")
    ada.wait_for("▸ 2")
    ada.press("\r")
    ada.wait_for("2 table")
    at_step(ada, 1)
    ada.wait_for("following Grace · 2 here")
    ada.press("?\x1b[B")
    ada.wait_for("Select the one before.")
    leader.press("A")
    ada.wait_for("h₁ = _")
    at_step(ada, 1)


def test_a_follower_reads_on_without_leaving(people: People) -> None:
    """What is said of the place where the class was; scrolled, and left."""
    leader, ada = people.lead(), people.follow("Ada", (60, 20))
    ada.press("d")
    ada.wait_for("Esc goes back · following Grace · 1 here")
    ada.wait_for("what is given")
    assert "what is given" in ada.screen.display[0]
    leader.press("l")
    at_step(leader, 1)
    ada.press("\x1b")
    at_step(ada, 1)


def test_the_help_can_step(people: People) -> None:
    """As the key would, in an app of one's own."""
    people.lead()
    ada = people.follow("Ada")
    ada.press("?Do the next step")
    ada.wait_for("▸ → l Space")
    ada.press("\r")
    at_step(ada, 1)
    is_alone(ada)


def test_digits_are_each_followers_own_from_the_start(people: People) -> None:
    """As `--decimals` has them; `.` goes on from there."""
    leader = people.lead("mazur")
    ada = people.run("follow", "class", "--as", "Ada", "--decimals", "8", size=(120, 36))
    alan = people.follow("Alan", (120, 36))
    leader.press("ll")
    at_step(ada, 2)
    at_step(alan, 2)
    ada.wait_for("0.59326999")
    alan.wait_for("0.5933")
    assert "0.59326999" not in alan.screen.text


def test_what_the_leader_predicted_stays_theirs(people: People) -> None:
    """A follower who goes on alone has predicted nothing; a leader who is killed has it still."""
    leader, ada = people.lead(), people.follow("Ada")
    leader.press("p")
    leader.wait_for("sign of z₁")
    leader.press("+\r")
    leader.wait_for("Correct")
    leader.press("\x1b")
    at_step(ada, 1)
    ada.press("l")
    is_alone(ada)
    ada.press("T")
    ada.wait_for("Nothing has been predicted.")
    people.until_kept(lambda _room, place: place.step == 1)
    leader.child.kill(signal.SIGKILL)
    leader.child.wait()
    again = people.lead()
    at_step(again, 1)
    again.press("T")
    again.wait_for("Predicted: 1")


def test_a_question_stays_open_while_the_leader_looks_elsewhere(people: People) -> None:
    """Another panel answers nothing; a step does."""
    leader, ada = people.lead(), people.follow("Ada")
    leader.press("A")
    ada.wait_for("your answer: z₁ = _")
    leader.press("2")
    ada.wait_for("2 table")
    ada.press("1.5\r")
    ada.wait_for("you said 1.5")
    leader.wait_for("1 of 1 have answered · A closes")
    leader.press("l")
    ada.wait_for("following Grace")
    leader.wait_for("The question is closed")
