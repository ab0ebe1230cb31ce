"""The verb mark: its lines, its exit status, and files that cannot be marked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import run


def test_marks_go_to_standard_output_and_the_status_says_whether_something_is_wrong(tmp_path: Path) -> None:
    """A line for each answer, names as in the file; the count is words, and so goes to standard error."""
    file = tmp_path / "answers.txt"
    file.write_text("z1 = 1.5\n∂L/∂w₅ = 1.5\n", encoding="utf-8")
    done = run("mark", str(file))
    assert (done.returncode, done.stderr) == (0, b"2 right, 0 rounded, 0 wrong.\n")
    assert done.stdout.decode() == "z1 = 1.5  right\n∂L/∂w₅ = 1.5  right\n"
    done = run("mark", "-", "mazur", stdin=b"h1 = 0.5933\nL = -0.2984")
    line = "L = -0.2984  wrong: The number is right, but its sign is wrong."
    assert (done.returncode, done.stdout.decode().splitlines()[1]) == (1, line)
    assert done.stderr.decode().splitlines() == ["0 right, 1 rounded, 1 wrong: L.", f"The first: {line}"]


def test_of_many_wrong_ones_eight_are_named_at_the_end() -> None:
    """With the first once more, which a sheet of 46 answers has pushed off a small screen."""
    done = run("mark", "-", stdin=b"".join(b"1.%d = 77\n" % step for step in range(1, 11)))
    assert done.stderr.decode().splitlines() == [
        "0 right, 0 rounded, 10 wrong: 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8 and",
        "2 more.",
        "The first: 1.1 = 77  wrong: `tinynet-tui lecture --at 1.1` shows how it is worked out.",
    ]


def test_where_to_look_is_a_command_that_opens_the_lesson_as_it_was_named(tmp_path: Path) -> None:
    """Whatever its name asks of a shell; a file that is called like a verb is a path."""
    lesson = run("lessons", "--show", "two-outputs").stdout
    for name, written in (("my own.toml", "'my own.toml'"), ("check", "./check"), ("x.toml", "x.toml")):
        (tmp_path / name).write_bytes(lesson)
        done = run("mark", "-", name, stdin=b"check = 7", cwd=tmp_path)
        told = f"check = 7  wrong: `tinynet-tui {written} --at 1.37` shows how it is worked out.\n"
        assert done.stdout.decode() == told
    sheet = run("trace", "two-outputs", "--format", "markdown").stdout.decode()
    done = run("mark", "-", stdin=sheet.replace("3.604`", "9`").encode())
    assert "`tinynet-tui two-outputs --at 1.37`" in done.stdout.decode()


def test_all_that_can_be_read_is_marked() -> None:
    """What cannot is one line each on standard error, and the status is 2."""
    done = run("mark", "-", stdin=b"z1 = 1.5\nh1 = dunno\nb9 = 1\nw1 = 1,98\nL = 7\n")
    assert (done.returncode, done.stdout.decode().splitlines()) == (
        2,
        ["z1 = 1.5  right", "L = 7  wrong: `tinynet-tui lecture --at 1.7` shows how it is worked out."],
    )
    assert [line.partition(": “")[0] for line in done.stderr.decode().splitlines()] == [
        "standard input: line 2: h1",
        "standard input: line 3: b9: no such step; steps are named z1, dL/dw1, w1, …",
        "standard input: line 4: w1",
        "1 right, 0 rounded, 1 wrong: L.",
        "The first: L = 7  wrong: `tinynet-tui lecture --at 1.7` shows how it is worked out.",
    ]


def test_of_two_wrong_ones_with_one_name_it_is_said_which() -> None:
    """By their numbers."""
    done = run("mark", "-", "xor", stdin=b"L = 0.3\nL = 0.4\nh1(1) = 7\n")
    assert done.stderr.decode().splitlines()[0] == "0 right, 0 rounded, 3 wrong: L = 0.3, L = 0.4, h1(1)."


def test_a_worksheet_goes_the_whole_way() -> None:
    """Printed blank, filled in, marked."""
    blank = run("trace", "--format", "markdown", "--blank").stdout.decode()
    assert run("mark", "-", stdin=blank.encode()).returncode == 2
    filled = blank.replace("+ b₁ = 1 · 1 + 1 · 0 + 0.5 = __________", "+ b₁ = 1 · 1 + 1 · 0 + 0.5 = 1.5", 1)
    assert filled != blank
    done = run("mark", "-", stdin=filled.encode())
    assert (done.returncode, done.stdout.decode()) == (0, "z₁ = 1.5  right\n")


@pytest.mark.parametrize(
    ("words", "stdin", "told"),
    [
        (("no-such-file",), b"", "no-such-file: cannot be read: No such file or directory"),
        (("/",), b"", "/: cannot be read: Is a directory"),
        (("",), b"", '"": cannot be read: No such file or directory'),
        (("-", ""), b"z1 = 1", '"": there is no such lesson or file'),
        (("a\nb",), b"", "a\\nb: cannot be read: No such file or directory"),
        (("-",), b"\xff", "standard input: line 1: not UTF-8; must be saved as UTF-8"),
        (("-",), b"x" * 1_000_001, "standard input: too large; must be at most 1,000,000 bytes"),
        (("-",), b"\nw1 = a\x1b[31m", "standard input: line 2: w1: "),
        (("-", "-"), b"", "tinynet-tui mark: FILE and LESSON cannot both come from standard input"),
        ((), b"", "tinynet-tui mark: the following arguments are required: FILE"),
    ],
)
def test_what_cannot_be_marked_is_one_line_and_status_2(
    words: tuple[str, ...], stdin: bytes, told: str
) -> None:
    """Nothing of it reaches a terminal raw."""
    done = run("mark", *words, stdin=stdin)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().startswith(told)
    assert b"\x1b" not in done.stderr


def test_many_faults_are_not_all_told() -> None:
    """Six, and how many more there are."""
    done = run("mark", "-", stdin=b"z99 = 1\n" * 9)
    assert done.stderr.decode().splitlines()[-1] == "… and 3 more"
    assert len(done.stderr.splitlines()) == 7


def test_a_worksheet_names_its_lesson() -> None:
    """So it is marked as that where no other is named; and where one is, that is said."""
    sheet = run("trace", "first", "--format", "markdown").stdout
    own = run("mark", "-", stdin=sheet)
    assert own.returncode == 0
    assert own.stderr.decode().endswith(" 0 wrong. The summary at its end is not marked.\n")
    other = run("mark", "-", "lecture", stdin=sheet)
    assert other.returncode == 1
    assert other.stderr.decode().startswith(
        "The worksheet is of “Whole numbers on paper”; it is marked as “Lecture network”.\n"
    )
