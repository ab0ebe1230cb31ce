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
    assert (done.returncode, done.stderr) == (1, b"0 right, 1 rounded, 1 wrong.\n")
    assert done.stdout.decode().splitlines()[1] == (
        "L = -0.2984  wrong: The number is right, but its sign is wrong."
    )


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
        (("a\nb",), b"", "a\\nb: cannot be read: No such file or directory"),
        (("-",), b"\xff", "standard input: line 1: not UTF-8; must be saved as UTF-8"),
        (("-",), b"x" * 1_000_001, "standard input: too large; must be at most 1,000,000 bytes"),
        (("-",), b"w1 = 1\nw1 = a\x1b[31m", "standard input: line 2: w1: "),
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
