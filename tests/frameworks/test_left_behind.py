"""What is left of the processes of frameworks when the command ends early: nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.frameworks.grandchild import Grandchild
from tests.pseudo_terminal import COMMAND, ENVIRON, SAFETY, Terminal, stepper


@pytest.fixture
def stubborn(tmp_path: Path) -> tuple[Grandchild, dict[str, str]]:
    """A PyTorch that is never loaded, has started a process, and takes no hint; and where it is found."""
    started = Grandchild(tmp_path)
    package = tmp_path / "torch"
    package.mkdir()
    script = (
        "import os, signal, threading",
        *(
            f"signal.signal(signal.{name}, signal.SIG_IGN)"
            for name in ("SIGTERM", "SIGHUP", "SIGINT", "SIGPIPE")
        ),
        f"alive = open({str(tmp_path / 'alive')!r}, 'w')",
        *started.start,
        "while True: pass",
    )
    (package / "__init__.py").write_text("\n".join(script))
    return started, {**ENVIRON, "PYTHONPATH": str(tmp_path), "XDG_STATE_HOME": str(tmp_path)}


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT", "SIGKILL"])
def test_check_that_is_ended_leaves_no_process(
    stubborn: tuple[Grandchild, dict[str, str]], name: str
) -> None:
    """Whatever ends it: neither the framework's process, nor one that this has started."""
    started, environ = stubborn
    with subprocess.Popen(
        (sys.executable, *COMMAND, "check"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environ
    ) as command:
        started.wait_for_it()
        command.send_signal(signal.Signals[name])
        command.wait(SAFETY)
    assert started.is_gone()


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGKILL"])
def test_the_app_that_is_ended_while_it_measures(
    stubborn: tuple[Grandchild, dict[str, str]], name: str
) -> None:
    """The same: m runs frameworks, too."""
    started, environ = stubborn
    opened = stepper(environ)
    opened.wait_for("step  0 of 46")
    opened.press("m")
    started.wait_for_it()
    os.kill(opened.child.pid, signal.Signals[name])
    opened.ended()
    assert started.is_gone()


def test_a_connection_that_is_lost_while_the_app_measures(
    stubborn: tuple[Grandchild, dict[str, str]],
) -> None:
    """The same."""
    started, environ = stubborn
    opened: Terminal = stepper(environ)
    opened.wait_for("step  0 of 46")
    opened.press("m")
    started.wait_for_it()
    opened.vanish()
    assert started.is_gone()
