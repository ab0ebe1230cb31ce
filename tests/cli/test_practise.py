"""The verbs practise and receipt: a dialogue in lines, a record of each person's own, faults in one line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.command import run
from tinynet_tui.engine.expression_reading import number_text
from tinynet_tui.practice.course import shipped_course
from tinynet_tui.practice.drill import begun, next_exercise
from tinynet_tui.practice.drill import done as after_command
from tinynet_tui.practice.record import Record
from tinynet_tui.session.commands import Command


def test_where_nobody_answers_five_exercises_are_printed_with_their_solutions() -> None:
    """On standard output, and nothing of it is kept."""
    for words in ((), ("mazur",), ("--plain", "--seed", "4")):
        done = run("practise", *words)
        assert (done.returncode, done.stderr) == (0, b"")
        told = done.stdout.decode()
        assert len(re.findall(r"^Exercise \d+, ", told, re.MULTILINE)) == 5
        assert len(re.findall(r"^Looked up: ", told, re.MULTILINE)) == 5
    assert run("practise", "--progress").stdout == b"Nothing has been practised yet.\n"


@pytest.mark.parametrize("ends", ["n\nq\n", "q\n", ""])
def test_what_is_tried_and_left_is_in_the_record(tmp_path: Path, ends: str) -> None:
    """However it is left; what is printed with its solution, as nobody answers, is not."""
    environ = {"XDG_STATE_HOME": str(tmp_path)}
    run("practise", "--seed", "1", stdin=f"1234\n{ends}".encode(), environ=environ)
    rows = run("practise", "--progress", "--format", "csv", environ=environ).stdout.decode().splitlines()
    assert len(rows) == 2
    assert ",wrong," in rows[1]
    told = run("practise", "--progress", environ=environ).stdout.decode()
    assert "0 of 1 right" in told


def test_every_question_has_its_numbers(tmp_path: Path) -> None:
    """Once kinds are mastered, too, and no formula is shown: what the network has up to there."""
    environ = {"XDG_STATE_HOME": str(tmp_path)}
    course = shipped_course("update")
    drill, record = (
        begun(course, 1, (), 0.0),
        Record(tmp_path / "tinynet-tui" / "practice.jsonl", pytest.fail),
    )
    for number in range(30):
        there = drill.exercise.question.answer
        value = number_text(there.trace.value(there.session.step))
        drill = next_exercise(after_command(drill, Command("answer", (value, "right")), number), number)
    for answer in drill.answers:
        record.keep(answer)
    told = run("practise", "--plain", "--seed", "2", environ=environ).stdout.decode()
    exercises = told.split("\nExercise ")[1:]
    assert len(exercises) == 5
    assert any("Formula:" not in each for each in exercises)
    for each in exercises:
        asked = each.partition("Looked up")[0]
        assert "It reads: " in asked or ("Sample: x₁ = " in asked and "Parameters: w₁ = " in asked), each


def test_answers_are_kept_for_each_person(tmp_path: Path) -> None:
    """With --as, and cleared by --forget."""
    environ = {"XDG_STATE_HOME": str(tmp_path)}
    done = run("practise", "--seed", "1", "--as", "Ada", stdin=b"3\nq\n", environ=environ)
    told = done.stdout.decode()
    assert "Correct: ŷ = 3." in told
    assert "1 of 25 right" in told
    assert run("practise", "--progress", environ=environ).stdout == b"Nothing has been practised yet.\n"
    ada = run("practise", "--progress", "--as", "Ada", environ=environ).stdout.decode()
    assert "activation  1 of 1 right" in ada
    assert "1 of 25 right, 0 of 6 parts done.\n" in ada
    other = run("practise", "mazur", "--progress", "--as", "Ada", environ=environ).stdout.decode()
    assert other.startswith("Mazur's example: 0 of 10 right, 0 of 1 parts done.\n")
    assert "\nBy kind of step, in all courses and lessons:\n" in other
    assert "activation  1 of 1 right" in other
    assert "By kind" not in ada
    rows = run("practise", "--progress", "--format", "csv", "--as", "Ada", environ=environ).stdout.decode()
    assert rows.splitlines()[1].startswith("Ada,")
    receipt = run("practise", "--receipt", "--as", "Ada", "--code", "SPRING", environ=environ).stdout
    good = run("receipt", "-", "--code", "SPRING", stdin=receipt)
    assert (good.returncode, good.stdout.decode()) == (
        0,
        "Ada, course update: 1 of 25 right, 0 of 6 parts done; in all 1 right. Genuine.\n",
    )
    bad = run("receipt", "-", "--code", "AUTUMN", stdin=receipt)
    assert (bad.returncode, bad.stdout) == (1, b"")
    assert bad.stderr.startswith(b"standard input: is not genuine")
    assert run("practise", "--forget", "--as", "Ada", environ=environ).stderr == (
        b"The record and the place in the tour are deleted.\n"
    )
    assert run("practise", "--progress", "--as", "Ada", environ=environ).stdout.startswith(b"Nothing")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("practise", "no-such"), "no-such: there is no such lesson or file"),
        (("practise", "no-such", "--progress"), "no-such: there is no such lesson or file"),
        (("practise", "no-such", "--progress", "--format", "csv"), "no-such: there is no such lesson"),
        (("practise", "--seed", "-1"), "tinynet-tui practise: --seed: "),
        (
            ("practise", "--receipt"),
            "tinynet-tui practise: a receipt needs the code of the class",
        ),
        (("practise", "--progress", "--forget"), "tinynet-tui practise: "),
        (("practise", "--code", "X"), "tinynet-tui practise: --code has no effect without --receipt"),
        (("practise", "--progress", "--code", "X"), "tinynet-tui practise: --code has no effect without"),
        (("practise", "--format", "csv"), "tinynet-tui practise: --format has no effect without --progress"),
        (
            ("practise", "--receipt", "--code", "X", "--format", "text"),
            "tinynet-tui practise: --format has no",
        ),
        (
            ("practise", "--progress", "--seed", "1"),
            "tinynet-tui practise: --seed has no effect beside --prog",
        ),
        (("practise", "--forget", "--plain"), "tinynet-tui practise: --plain has no effect beside --forget"),
        (
            ("practise", "mazur", "--forget"),
            "tinynet-tui practise: --forget deletes the whole record, not only that of mazur; name no",
        ),
        (("receipt", "no-such", "--code", "X"), "no-such: cannot be read: No such file or directory"),
        (("receipt", "-", "--code", "X"), "standard input: is no receipt"),
    ],
)
def test_bad_use_is_one_line_and_status_2(words: tuple[str, ...], told: str) -> None:
    """And nothing on standard output."""
    done = run(*words)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().startswith(told)


def test_a_lesson_says_its_own_numbers_of_itself_alone(tmp_path: Path) -> None:
    """Once it comes again, with other numbers, its words about its own are not said: Mazur's loss and w₅."""
    environ = {"XDG_STATE_HOME": str(tmp_path)}
    words = ("practise", "mazur", "--seed", "3")
    first = run(*words, stdin=b"\n\n\n\nq\n", environ=environ).stdout.decode()
    assert first.startswith("Mazur's example. Matt Mazur's")
    assert "0.298371109" in first.partition("Exercise 1")[0]
    again = run(*words, stdin=b"q\n", environ=environ).stdout.decode()
    assert again.startswith("Mazur's example.\nType a result.")
    assert "New numbers, not the lesson's own." in again


def test_decimals_hold_for_every_exercise() -> None:
    """Significant digits of every result that is looked up: two, not four."""
    for words, most in (((), 4), (("--decimals", "2"), 2)):
        told = run("practise", "mazur", "--seed", "4", *words).stdout.decode()
        results = re.findall(r"^Looked up: .* [≈=] −?([\d.]+)\.$", told, re.MULTILINE)
        assert len(results) > 3
        assert max(len(result.replace(".", "").lstrip("0")) for result in results) == most


def test_a_record_that_cannot_be_written_is_said_once(tmp_path: Path) -> None:
    """And practice goes on; one that cannot be read is a fault: here a directory has its name."""
    record, environ = tmp_path / "tinynet-tui" / "practice.jsonl", {"XDG_STATE_HOME": str(tmp_path)}
    record.mkdir(parents=True)
    assert run("practise", environ=environ).stderr.startswith(b"tinynet-tui: the record cannot be read (")
    record.rmdir()
    record.symlink_to(tmp_path / "nowhere" / "file")
    done = run("practise", "--seed", "3", stdin=b"8\n" + b"\n" * 12 + b"q\n", environ=environ)
    assert (done.returncode, done.stderr.count(b"The record cannot be written (")) == (0, 1)
