"""The help, and what starting the command loads."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.cli.command import UTF8, environment, run
from tests.goldens import assert_golden
from tinynet_tui.cli import follow

_EXPERIMENTS = tuple(
    f"experiment {name}" for name in ("rates", "init", "dead", "sensitivity", "batch", "optimizers")
)


@pytest.mark.parametrize(
    "verb",
    [
        "",
        "lessons",
        "trace",
        "walk",
        "train",
        "check",
        "experiment",
        "lead",
        "follow",
        "desk",
        "replay",
        "settings",
        "schema",
        "doctor",
        "serve",
        *_EXPERIMENTS,
    ],
)
def test_the_help_as_printed(verb: str) -> None:
    """At 80 columns, with examples."""
    done = run(*verb.split(), "--help")
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode()
    assert text.isascii()
    assert max(map(len, text.splitlines())) <= 80
    assert_golden(f"help{verb and '-'}{verb.replace(' ', '-')}.txt", text)


def test_help_leaves_the_parser_as_it_is() -> None:
    """Completion reads the same options, and has no room for what they exclude."""
    parser = follow.parser()
    before = [action.help for action in parser._actions]
    assert "; not with --" in parser.format_help()
    assert [action.help for action in parser._actions] == before


COMMAND_LINES: tuple[tuple[str, ...], ...] = (
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
)
_LOADED = """
import json, sys
from tinynet_tui.cli import main
for words in json.loads(sys.argv[1]):
    main(words)
    print(json.dumps([*{".".join(name.split(".")[:2]) for name in sys.modules}]), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def loaded() -> list[set[str]]:
    """Packages loaded after each of the command lines, one after another in a fresh interpreter."""
    done = subprocess.run(
        (sys.executable, "-c", _LOADED, json.dumps(COMMAND_LINES)),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment(**UTF8),
        check=True,
    )
    return [set(json.loads(line)) for line in done.stderr.splitlines() if line.startswith("[")]


@pytest.mark.parametrize("number", range(len(COMMAND_LINES)), ids=lambda n: " ".join(COMMAND_LINES[n]))
def test_no_verb_of_the_shell_loads_a_screen(loaded: list[set[str]], number: int) -> None:
    """Nor does opening one where there is no terminal."""
    assert len(loaded) == len(COMMAND_LINES)
    assert "tinynet_tui" in loaded[number]
    assert not loaded[number] & {"textual", "rich", "platformdirs", "asyncio"}


def test_a_trace_is_printed_without_a_session(loaded: list[set[str]]) -> None:
    """It would take longer to load than the trace takes to compute; nor is any screen drawn."""
    assert COMMAND_LINES[0] == ("trace",)
    assert "tinynet_tui.handouts" in loaded[0]
    assert "tinynet_tui.session" not in loaded[0]
