"""The verb walk: read by a person at a terminal, a program at the end of a pipe, or nobody."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pexpect  # type: ignore[import-untyped]
import pytest

from tests.cli.command import COMMAND, UTF8, environment, run
from tests.goldens import assert_golden
from tests.pseudo_terminal import SAFETY
from tests.session.random_lessons import LECTURE
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_text
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import moment
from tinynet_tui.teaching.sentences import explanation

ENTER, CTRL_C, CTRL_D = "\r", "\x03", "\x04"


def walked(*words: str, typed: str = "") -> str:
    """What is printed where a program sends some lines and no more."""
    done = run("walk", *words, stdin=typed.encode())
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode()


# What is said


def test_an_update_as_printed() -> None:
    """Where nobody answers, all of it."""
    assert_golden("walk-lecture.txt", walked())
    assert_golden("walk-lecture-ascii.txt", walked("--ascii"))


ANSWERS = "3/2\n1\n\nb\n0.5\n0,5\n0.5\nh\n2.5\n2.5\n1/4\n.5\n.25\n.5\n1/2\nq\n"


def test_a_dialogue_as_printed() -> None:
    """Right, wrong, looked up, back, what cannot be read, a mistake by its name, and the tally."""
    assert_golden("walk-predict.txt", walked("--predict", "--level", "number", typed=ANSWERS))


def test_a_walk_by_the_record(tmp_path: Path) -> None:
    """Each kind is shown first and asked then; what was answered is kept for whoever was named."""
    environ = {"XDG_STATE_HOME": str(tmp_path)}
    by_record = ("walk", "--predict", "--level", "record", "--as", "Ada")
    # z₁ and h₁ are shown; z₂ is answered, h₂ looked up, and the loss is of no kind.
    first = run(*by_record, stdin=b"0.5\n\nq\n", environ=environ).stdout.decode()
    assert (
        "Still new: a weighted sum, or a formula. This one is shown, the next is\nasked.\nStep 1 of 46"
        in first
    )
    assert "In numbers: 1 · 1 + 1 · 0 + 0.5\nResult: z₁ = 1.5" in first
    assert "Correct: z₂ = 0.5." in first
    again = run(*by_record, stdin=b"1.5\nq\n", environ=environ).stdout.decode()
    # One right sum: its formula is shown, and it is asked.
    assert "Formula: z₁ = w₁ · x₁ + w₃ · x₂ + b₁\nIt reads: " in again
    assert "Correct: z₁ = 1.5.\n" in again
    progress = run("practise", "--progress", "--as", "Ada", environ=environ).stdout.decode()
    assert "sum         2 of 2 right at once, 2 in a row" in progress
    assert "activation  0 of 1 right" in progress
    # Nobody at the keyboard: what is left is told, and nothing is kept of it.
    assert (
        "Update 2 is done." in run(*by_record, "--updates", "2", stdin=b"", environ=environ).stdout.decode()
    )
    assert run("practise", "--progress", "--as", "Ada", environ=environ).stdout.decode() == progress


def test_a_person_is_of_use_with_a_record_alone() -> None:
    """And that is said, not passed over."""
    told = run("walk", "--as", "Ada", stdin=b"q\n").stderr
    assert told == b"--as has no effect without --predict --level record.\n"


@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_lines_can_be_read_aloud_and_sent_slowly(name: str) -> None:
    """No drawing and no control signs, none longer than 72, and words at the beginning of each piece."""
    for words in ((), ("--predict",), ("--predict", "--level", "diagram")):
        text = walked(name, *words, typed="1\n" * 12)
        assert text.isascii() or not [c for c in text if 0x2500 <= ord(c) <= 0x28FF]
        assert not [c for c in text if unicodedata.category(c) == "Cc" and c != "\n"]
        lines = text.splitlines()
        assert max(map(len, lines)) <= 72
        assert not any(before == line == "" for before, line in pairwise(lines))
        pieces = [line for before, line in zip(["", *lines], lines, strict=False) if not before and line]
        assert all(piece[0].isalpha() for piece in pieces)


def test_it_starts_without_the_drawing() -> None:
    """Lines need none of it but the signs; a fresh interpreter loads no more."""
    program = "import sys, tinynet_tui.cli.walk; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert "tinynet_tui.cli.walk" in loaded
    assert not [name for name in loaded if name.startswith(("textual", "rich"))]
    drawing = {name.rpartition(".")[2] for name in loaded if name.startswith("tinynet_tui.drawing.")}
    assert drawing == {"signs"}


def test_it_says_what_the_app_says() -> None:
    """Every sentence of every step."""
    text = " ".join(walked().split())
    session = start(LECTURE)
    for _ in range(len(program_of(session))):
        session = after(session, Command("next"))
        for sentence in explanation(moment(session)).sentences:
            assert " ".join(sentence.split()) in text


def test_nothing_is_given_away_before_it_is_answered() -> None:
    """What stands before the first answer has neither the value nor, for the diagram alone, the formula."""
    before = walked("lecture", "--predict", "--level", "number", "--at", "1.18", typed="q\n")
    assert "Formula: ∂L/∂h₁ = ∂L/∂z₃ · ∂z₃/∂h₁" in before
    assert "Result" not in before
    alone = walked("lecture", "--predict", "--level", "diagram", "--at", "1.18", typed="q\n")
    assert "Step 18 of 46" in alone
    assert "Formula" not in alone
    assert "It reads" not in alone
    constant = walked("lecture", "--predict", "--level", "number", "--at", "1.15", typed="q\n")
    assert "∂z₃/∂b₃ = \n" in constant.replace("q\n", "\n")
    assert "= 1" not in constant.split("Step 15")[1]


def test_several_samples_and_updates() -> None:
    """Each sample's inputs stand before its first step, each update's parameters before its own."""
    text = walked("xor", "--updates", "2")
    assert text.count("Update 2: ") == 1
    assert text.count("Sample 3 of 4: x₁ = 1, x₂ = 0, y = 1.") == 2
    assert "Every parameter is as update 1 left it." in " ".join(text.split())
    assert text.endswith("Update 2 is done.\n")


def test_it_begins_where_it_is_told_to() -> None:
    """At an update, or at a step of one; a step that is not there is the last one, and that is said."""
    assert "Step 8 of 46, backward" in walked("--at", "2.8").split("\n\n")[1]
    done = run("walk", "--at", "2.99")
    assert done.stderr.decode() == "Update 2 has 46 steps: this is the last one.\n"
    assert done.stdout.decode().endswith("Update 2 is done.\n")
    asked = walked("--at", "2.8", "--predict", typed="q\n")
    assert "Step 8 of 46, backward" in asked
    assert "Step 7" not in asked


def test_after_the_last_update_there_is_none() -> None:
    """So the walk ends there, however many were asked for."""
    text = walked("lecture", "--at", "1000000.45", "--updates", "5")
    assert text.endswith("Update 1000000 is done.\n")


def test_a_level_without_prediction_is_told() -> None:
    """It changes nothing."""
    done = run("walk", "--level", "number")
    assert done.stderr == b"--level has no effect without --predict.\n"
    assert done.returncode == 0


# A program at the end of a pipe


def test_one_step_for_each_line() -> None:
    """b goes back, q leaves, anything else is told what can be typed; the rest of the input is not read."""
    headings = [
        line for line in walked(typed="\n\nb\nwhat\n\nq\n\n\n").splitlines() if line.startswith("Step")
    ]
    assert [heading.split()[1] for heading in headings] == ["1", "2", "1", "2"]
    assert walked(typed="what\nq\n").count("Enter goes on. b goes back, q leaves.") == 2


def test_back_at_the_start_is_refused() -> None:
    """With and without prediction."""
    assert "This is the start of training: there is nothing before it." in walked(typed="b\nq\n")
    assert "The update begins here." in walked("--predict", typed="b\nq\n")


def test_an_input_that_never_ends() -> None:
    """`yes "" | tinynet-tui walk` prints the update; with --predict everything is looked up."""
    for words, last in ((), "Update 1 is done."), (("--predict",), "1.46  L, looked up"):
        with subprocess.Popen(("yes", ""), stdout=subprocess.PIPE) as yes:
            done = subprocess.run(
                (*COMMAND, "walk", *words),
                stdin=yes.stdout,
                capture_output=True,
                env=environment(**UTF8),
                check=False,
            )
            yes.kill()
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.decode().splitlines()[-1] == last


def test_when_the_answers_end_the_rest_is_told() -> None:
    """Without being counted."""
    text = walked("--predict", typed="+\n")
    assert "Predicted: 1 right." in text
    assert text.count("Result:") == 46


def test_a_reader_that_leaves_is_no_fault() -> None:
    """`tinynet-tui walk | head -1`"""
    with subprocess.Popen(
        (*COMMAND, "walk", "--updates", "1000"),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(**UTF8),
    ) as command:  # fmt: skip
        assert command.stdout is not None
        assert command.stderr is not None
        assert command.stdout.readline()
        command.stdout.close()
        assert (command.stderr.read(), command.wait()) == (b"", 0)


def test_a_lesson_from_standard_input() -> None:
    """Which is then at its end."""
    done = run("walk", "-", stdin=shipped_text("mazur").encode())
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().endswith("Update 1 is done.\n")


@pytest.mark.parametrize("typed", [b"\xff\xfe\n" * 3, b"x" * 5000, b"\x00\n\x1b[2J\n", b"9" * 3000 + b"\n"])
def test_whatever_is_sent(typed: bytes) -> None:
    """Is answered in words, or taken for no answer."""
    for words in ((), ("--predict", "--level", "number")):
        done = run("walk", *words, stdin=typed)
        assert (done.returncode, done.stderr) == (0, b"")
        assert b"\x1b" not in done.stdout


@pytest.mark.skipif(os.name != "posix", reason="shells of other systems close input otherwise")
def test_an_input_that_is_closed() -> None:
    """Is as one at its end."""
    done = subprocess.run(
        ("sh", "-c", 'exec "$@" <&-', "sh", *COMMAND, "walk"),
        capture_output=True,
        env=environment(**UTF8),
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().endswith("Update 1 is done.\n")


# A person at a terminal


class Person:
    """Somebody at a terminal."""

    def __init__(self, *words: str) -> None:
        self.child = pexpect.spawn(
            sys.executable,
            [*COMMAND[1:], "walk", *words],
            env=environment(**UTF8),
            timeout=SAFETY,
            encoding="utf-8",
        )
        self.child.delaybeforesend = None

    def types(self, text: str, until: str) -> str:
        """Type, and read until a text comes; what came before it."""
        self.child.send(text)
        self.child.expect_exact(until)
        return str(self.child.before)

    def ends(self, text: str = "") -> tuple[str, int]:
        """Type, and read until the end; (what came, exit status)."""
        self.child.send(text)
        self.child.expect(pexpect.EOF)
        self.child.wait()
        return str(self.child.before), self.child.exitstatus


@pytest.fixture
def people() -> Iterator[list[Person]]:
    """Those who are at a terminal, sent home at the end."""
    present: list[Person] = []
    yield present
    for person in present:
        person.child.close(force=True)


def test_a_person_takes_one_step_for_each_enter(people: list[Person]) -> None:
    """Nothing comes before the key, nothing is sent but lines, and an empty line is left by Enter alone."""
    people.append(person := Person())
    person.types("", "the loss\r\nfall?\r\n")
    assert person.types(ENTER, "activation h₁.\r\n").startswith("\r\nStep 1 of 46, forward")
    assert person.types(ENTER, "it is: 1.5.\r\n").startswith("\r\nStep 2 of 46, forward")
    assert person.types("b" + ENTER, "activation h₁.\r\n").startswith("b\r\nStep 1 of 46, forward")
    came, status = person.ends("q" + ENTER)
    assert (came, status) == ("q\r\n", 0)


def test_a_person_predicts(people: list[Person]) -> None:
    """The cursor waits behind the question; Enter alone looks it up; q leaves with the tally."""
    people.append(person := Person("--predict"))
    person.types("", "sign of z₁ (+, − or 0): ")
    assert "Correct: z₁ is positive." in person.types("+" + ENTER, "sign of h₁ (+, − or 0): ")
    assert "write +, − or 0." in person.types("none" + ENTER, "sign of h₁ (+, − or 0): ")
    assert "Looked up: h₁ is positive." in person.types(ENTER, "sign of z₂ (+, − or 0): ")
    came, status = person.ends("q" + ENTER)
    assert "Predicted: 1 right, 1 looked up." in came
    assert status == 0
    assert "\x1b" not in came


@pytest.mark.parametrize(("key", "status"), [(CTRL_D, 0), (CTRL_C, 130)])
@pytest.mark.parametrize("words", [(), ("--predict",)])
def test_a_person_leaves(people: list[Person], key: str, status: int, words: tuple[str, ...]) -> None:
    """Ctrl+D and Ctrl+C end it at once, on a line of their own; what was predicted is told."""
    people.append(person := Person(*words))
    if words:
        person.types("", "sign of z₁ (+, − or 0): ")
        person.types("+" + ENTER, "sign of h₁ (+, − or 0): ")
    else:
        person.types("", "fall?\r\n")
    came, ended = person.ends(key)
    assert ended == status
    assert "Traceback" not in came
    assert came.endswith("\n")
    assert ("Predicted: 1 right." in came) == bool(words)


def test_nobody_is_waited_for_who_cannot_see_the_question(tmp_path: Path) -> None:
    """Keys from a terminal and output to a file: everything is printed at once."""
    near, far = os.openpty()
    with (tmp_path / "out.txt").open("wb") as out:
        done = subprocess.run(
            (*COMMAND, "walk", "--predict"), stdin=far, stdout=out, env=environment(**UTF8), check=False
        )
    os.close(near)
    os.close(far)
    assert done.returncode == 0
    assert (tmp_path / "out.txt").read_text(encoding="utf-8").endswith("Update 1 is done.\n")


def test_an_interrupt_between_pipes_is_quiet() -> None:
    """Exit status 130, nothing on standard error."""
    with subprocess.Popen(
        (*COMMAND, "walk"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=environment(**UTF8),
    ) as command:  # fmt: skip
        assert command.stdout is not None
        assert command.stdin is not None
        command.stdin.write(b"\n")
        command.stdin.flush()
        while not command.stdout.readline().startswith(b"Step 1 "):
            pass
        command.send_signal(signal.SIGINT)
        _, words = command.communicate()
        assert (words, command.returncode) == (b"", 130)
