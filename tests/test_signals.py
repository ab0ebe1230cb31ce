"""The tests themselves, started as scripts start them: with signals ignored."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

_TESTS = Path(__file__).parent


def _ignored() -> None:
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such signals to inherit")
def test_programs_under_test_hear_of_signals_that_the_tests_were_told_to_ignore() -> None:
    """As after `pytest &` in a script, and after nohup."""
    ending = (
        "app/test_real_terminal.py::test_a_signal_ends_it_in_order",
        "app/test_terminal_faults.py::test_an_interrupt_from_outside_ends_it",
        "cli/test_output_ends.py::test_an_interrupt_is_quiet",
    )
    done = subprocess.run(
        (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *(str(_TESTS / t) for t in ending)),
        cwd=_TESTS.parent,
        capture_output=True,
        preexec_fn=_ignored,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    assert "4 passed" in done.stdout
