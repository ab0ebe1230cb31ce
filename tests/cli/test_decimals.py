"""--decimals: how many significant digits numbers are shown with, wherever they are rounded for reading."""

from __future__ import annotations

import pytest

from tests.cli.command import run

LOSS = {2: "0.30", 4: "0.2984", 9: "0.298371109"}
"""Mazur's first loss, 0.298371109 as he prints it."""


@pytest.mark.parametrize("digits", LOSS)
@pytest.mark.parametrize("words", [("trace",), ("trace", "--format", "markdown"), ("walk",)])
def test_numbers_have_as_many_digits(words: tuple[str, ...], digits: int) -> None:
    """In a trace as text, in a handout, and line by line."""
    done = run(words[0], "mazur", *words[1:], "--decimals", str(digits), "--no-ascii")
    assert (done.returncode, done.stderr) == (0, b"")
    lines = done.stdout.decode().splitlines()
    assert any(line.rstrip("` ").endswith(f" ≈ {LOSS[digits]}") for line in lines)


def test_four_where_nothing_is_said() -> None:
    """In all of them."""
    for words in (("trace",), ("trace", "--format", "html"), ("walk",)):
        assert run(*words).stdout == run(*words, "--decimals", "4").stdout


@pytest.mark.parametrize("number", ["0", "18", "four"])
@pytest.mark.parametrize("verb", [(), ("trace",), ("walk",)])
def test_what_is_no_number_of_digits(verb: tuple[str, ...], number: str) -> None:
    """It is said in one line what would be one."""
    done = run(*verb, "--decimals", number)
    assert (done.returncode, done.stdout) == (2, b"")
    first, _ = done.stderr.decode().splitlines()
    assert first.endswith(f'--decimals: "{number}" is not a whole number from 1 to 17')


@pytest.mark.parametrize("format", ["json", "python"])
def test_what_has_every_number_in_full_takes_none(format: str) -> None:
    """A program or a script does not round."""
    done = run("trace", "--format", format, "--decimals", "4")
    assert (done.returncode, done.stdout) == (2, b"")
    assert f"--decimals: {format} has every number in full".encode() in done.stderr
