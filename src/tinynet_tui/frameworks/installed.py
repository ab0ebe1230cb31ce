"""The frameworks that are asked for the same update, and their answers."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from subprocess import TimeoutExpired
from time import monotonic

from tinynet_tui.engine.model import Setup
from tinynet_tui.experiments.long_work import EVERY, Watch
from tinynet_tui.frameworks.own_process import own_process
from tinynet_tui.handouts.framework import Framework
from tinynet_tui.handouts.jax import JAX
from tinynet_tui.handouts.keras import KERAS
from tinynet_tui.handouts.pytorch import PYTORCH

COMMAND = (sys.executable, "-P", "-m", "tinynet_tui.frameworks.own_process")
"""Starts the process that a framework works in."""
_SHOWN = 200
"""Characters of a fault that are quoted."""


FRAMEWORKS = (PYTORCH, KERAS, JAX)
"""In the order in which they are asked."""


class NoAnswer(Exception):
    """A framework gave none; the message is why, in one line."""


@dataclass(frozen=True, slots=True)
class FrameworkUpdate:
    """What a framework makes of an update."""

    version: str
    gradients: Mapping[str, float]
    """By the name of the parameter."""
    parameters: Mapping[str, float]
    """After the update, by name."""


def first_update(framework: Framework, setup: Setup, time_limit: float, watch: Watch) -> FrameworkUpdate:
    """A framework's answer to the first update of a setup.

    watch: called with 0 while it is waited for: how far a framework is cannot be told.
    Raises: NoAnswer when there is none within `time_limit` seconds.
    """
    return update_in(setup, _reply(json.dumps(task_of(framework, setup)), time_limit, watch))


def task_of(framework: Framework, setup: Setup) -> dict[str, object]:
    """What the process is given: a script, and what is wanted of it."""
    names = setup.model.parameter_names
    wanted = (*(f"dL/d{name}" for name in names), *names)
    attributes = [framework.attribute(setup.model, name) for name in wanted]
    return {"script": "\n".join(framework.lines(setup, 1)), "wanted": [framework.version, *attributes]}


def update_in(setup: Setup, reply: str) -> FrameworkUpdate:
    """What the process has replied.

    Raises: NoAnswer when its script failed.
    """
    answer = json.loads(reply)
    if "fault" in answer:
        raise NoAnswer(f"it stopped: {answer['fault'][:_SHOWN]}")
    version, *values = answer["values"]
    names = setup.model.parameter_names
    gradients = dict(zip(names, values[: len(names)], strict=True))
    return FrameworkUpdate(version, gradients, dict(zip(names, values[len(names) :], strict=True)))


def _reply(task: str, time_limit: float, watch: Watch) -> str:
    """The line that the process replies."""
    until, sent, reply = monotonic() + time_limit, f"{task}\n", None
    with own_process(COMMAND) as child:
        while reply is None:
            watch(0.0)
            try:
                reply, _ = child.communicate(sent, min(EVERY, max(until - monotonic(), 0.0)))
            except TimeoutExpired:
                if monotonic() >= until:
                    raise NoAnswer(f"no answer within {time_limit:g} s") from None
                sent = ""
    if child.returncode < 0:
        raise NoAnswer(f"it was ended by {_signal_name(-child.returncode)}")
    if not reply:
        raise NoAnswer(f"it ended without an answer, with exit status {child.returncode}")
    return reply


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
