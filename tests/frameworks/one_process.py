"""A framework asked for many updates in one process: loading it takes most of the time."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable, Sequence

import pytest

from tinynet_tui.engine.model import Setup
from tinynet_tui.frameworks.installed import COMMAND, FRAMEWORKS, FrameworkUpdate, task_of, update_in
from tinynet_tui.frameworks.own_process import environment
from tinynet_tui.handouts.framework import Framework

REQUIRED = "TINYNET_TUI_REQUIRED_FRAMEWORKS"
"""An environment variable: the names of frameworks without which tests fail, where others are skipped."""


def installed(name: str) -> Framework:
    """The framework of a name; a test that asks for it is skipped where it is not installed."""
    (framework,) = (framework for framework in FRAMEWORKS if framework.name == name)
    if not framework.is_installed:
        required = os.environ.get(REQUIRED, "").split(",")
        why = f"{name} is not installed: {framework.install}"
        if name in required:
            pytest.fail(why)
        pytest.skip(why, allow_module_level=True)
    return framework


def answers(framework: Framework, setups: Sequence[Setup]) -> list[FrameworkUpdate]:
    """The framework's answer to the first update of each setup.

    Raises: NoAnswer where there is none.
    """
    lines = replies(task_of(framework, setup) for setup in setups)
    return [update_in(setup, line) for setup, line in zip(setups, lines, strict=True)]


def replies(tasks: Iterable[dict[str, object]]) -> list[str]:
    """What the process replies to each task."""
    written = "".join(f"{json.dumps(task)}\n" for task in tasks)
    done = subprocess.run(
        COMMAND,
        input=written,
        capture_output=True,
        text=True,
        env=environment(),
        check=True,
        encoding="utf-8",
    )
    return done.stdout.splitlines()
