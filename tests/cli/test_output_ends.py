"""What happens when nobody reads the output, or it cannot be written."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import COMMAND, UTF8, environment

ENDLESS = ("train", "--updates", "1000000", "--format", "json")

FULL = Path("/dev/full")


@pytest.mark.parametrize("words", [("trace", "--updates", "1000"), ENDLESS, ("trace",)])
def test_a_reader_that_leaves_is_no_fault(words: tuple[str, ...]) -> None:
    """`tinynet-tui trace | head -1`: nothing is said, exit status 0."""
    with subprocess.Popen(
        (*COMMAND, *words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(**UTF8)
    ) as command:
        assert command.stdout is not None
        assert command.stderr is not None
        assert command.stdout.readline()
        command.stdout.close()
        assert (command.stderr.read(), command.wait()) == (b"", 0)


def test_an_output_that_is_closed_from_the_start() -> None:
    """A reader that was never there."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing) as nowhere:
        done = subprocess.run(
            (*COMMAND, "trace"), stdout=nowhere, stderr=subprocess.PIPE, env=environment(**UTF8), check=False
        )
    assert (done.stderr, done.returncode) == (b"", 0)


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full on this system")
@pytest.mark.parametrize(
    "words",
    [
        ("trace",),
        ("trace", "--updates", "50"),
        ("train",),
        ("lessons",),
        ("--version",),
        ("--help",),
        ("trace", "--help"),
    ],
)
@pytest.mark.parametrize("buffering", [{}, {"PYTHONUNBUFFERED": "1"}], ids=["buffered", "unbuffered"])
def test_a_full_disk_is_told_in_one_line(words: tuple[str, ...], buffering: dict[str, str]) -> None:
    """Exit status 1: what was asked for has failed, be it found out by a write or at the end."""
    environ = environment(**UTF8, **buffering)
    with FULL.open("wb") as full:
        done = subprocess.run(
            (*COMMAND, *words), stdout=full, stderr=subprocess.PIPE, env=environ, check=False
        )
    assert done.stderr == b"tinynet-tui: standard output cannot be written: No space left on device\n"
    assert done.returncode == 1


@pytest.mark.skipif(os.name != "posix", reason="shells of other systems close output otherwise")
@pytest.mark.parametrize(
    "words",
    [["trace"], ["doctor"], ["train", "--updates", "5"], ["lessons"], ["check"], ["walk"], ["settings"]],
)
def test_a_closed_standard_output_is_told(words: list[str]) -> None:
    """`tinynet-tui trace >&-`"""
    script = 'exec "$@" >&-'
    done = subprocess.run(
        ("sh", "-c", script, "sh", *COMMAND, *words),
        stderr=subprocess.PIPE,
        env=environment(**UTF8),
        check=False,
    )
    assert done.stderr == b"tinynet-tui: standard output is closed: there is nowhere to write to\n"
    assert done.returncode == 1


@pytest.mark.skipif(os.name != "posix", reason="other systems interrupt otherwise")
def test_an_interrupt_is_quiet() -> None:
    """Ctrl+C: nothing is said, exit status 130."""
    with subprocess.Popen(
        (*COMMAND, *ENDLESS), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(**UTF8)
    ) as command:
        assert command.stdout is not None
        assert command.stdout.readline()
        command.send_signal(signal.SIGINT)
        _, words = command.communicate()
    assert (words, command.returncode) == (b"", 130)


_INTERRUPTED_WHILE_LOADED = """
import os, signal, sys

class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == "@MODULE@":
            os.kill(os.getpid(), signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)
sys.meta_path.insert(0, Interrupt())
from tinynet_tui.__main__ import main
sys.exit(main())
"""


@pytest.mark.skipif(os.name != "posix", reason="other systems interrupt otherwise")
@pytest.mark.parametrize(
    "module", ["tinynet_tui.cli", "tinynet_tui.cli.trace", "tinynet_tui.handouts.formats"]
)
def test_an_interrupt_while_it_is_loaded_is_quiet(module: str) -> None:
    """From the first module of the program on."""
    done = subprocess.run(
        (sys.executable, "-c", _INTERRUPTED_WHILE_LOADED.replace("@MODULE@", module), "trace"),
        capture_output=True,
        env=environment(**UTF8),
        check=False,
    )
    assert (done.stdout, done.stderr, done.returncode) == (b"", b"", 130)
