"""The help, and what starting the command loads."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.cli.command import UTF8, environment, run
from tests.goldens import assert_golden

_EXPERIMENTS = tuple(f"experiment {name}" for name in ("rates", "init", "dead", "sensitivity", "batch"))


@pytest.mark.parametrize(
    "verb", ["", "lessons", "trace", "walk", "train", "check", "experiment", *_EXPERIMENTS]
)
def test_the_help_as_printed(verb: str) -> None:
    """At 80 columns, with examples."""
    done = run(*verb.split(), "--help")
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode()
    assert text.isascii()
    assert max(map(len, text.splitlines())) <= 80
    assert_golden(f"help{verb and '-'}{verb.replace(' ', '-')}.txt", text)


def test_the_help_names_no_verb_that_does_not_work() -> None:
    """Names that are kept for later verbs are not offered."""
    words = run("--help").stdout.decode().split()
    assert not {"lead", "follow", "serve"} & set(words)


_LOADED = """
import sys
from tinynet_tui.cli import main
main(sys.argv[1:])
print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""


@pytest.mark.parametrize(
    "words",
    [
        ("trace",),
        ("trace", "--format", "json"),
        ("trace", "--format", "html"),
        ("train",),
        ("train", "--format", "csv"),
        ("experiment", "rates"),
        ("experiment", "init", "--starts", "2"),
        ("experiment", "dead"),
        ("experiment", "sensitivity", "--parameter", "w5"),
        ("check",),
        ("lessons",),
        ("walk",),
        ("walk", "--predict"),
        ("--help",),
        ("--version",),
        (),
    ],
)
def test_no_verb_of_the_shell_loads_a_screen(words: tuple[str, ...]) -> None:
    """Nor does opening one where there is no terminal."""
    done = subprocess.run(
        (sys.executable, "-c", _LOADED, *words),
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment(**UTF8),
        check=True,
    )
    loaded = set(done.stderr.splitlines()[-1].split())
    assert "tinynet_tui" in loaded
    assert not loaded & {"textual", "rich", "platformdirs", "asyncio"}
