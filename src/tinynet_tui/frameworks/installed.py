"""The frameworks that are asked for the same update, and their answers."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from subprocess import TimeoutExpired

from tinynet_tui.engine.model import Setup
from tinynet_tui.frameworks.own_process import own_process
from tinynet_tui.handouts.framework import Framework
from tinynet_tui.handouts.jax import JAX
from tinynet_tui.handouts.keras import KERAS
from tinynet_tui.handouts.pytorch import PYTORCH
from tinynet_tui.networks.dense import dense_network

COMMAND = (sys.executable, "-P", "-m", "tinynet_tui.frameworks.own_process")
"""Starts the process that a framework works in."""
_SHOWN = 200
"""Characters of a fault that are quoted."""


FRAMEWORKS = (PYTORCH, KERAS, JAX)
"""In the order in which they are asked."""


class NoAnswer(Exception):
    """A framework gave none; the message is why, in one line."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a framework makes of an update."""

    version: str
    gradients: Mapping[str, float]
    """By the name of the parameter."""
    parameters: Mapping[str, float]
    """After the update, by name."""


def asked(framework: Framework, setup: Setup, time_limit: float) -> Answer:
    """A framework's answer to the first update of a setup.

    Raises: NoAnswer when there is none within `time_limit` seconds.
    """
    return answer_of(setup, _reply(json.dumps(task_of(framework, setup)), time_limit))


def task_of(framework: Framework, setup: Setup) -> dict[str, object]:
    """What the process is given: a script, and what is wanted of it."""
    names = _names(setup)
    attributes = [
        framework.attribute(dense_network(setup.model), name) for name in (*_gradient_names(names), *names)
    ]
    return {"script": "\n".join(framework.script(setup)), "wanted": [framework.version, *attributes]}


def answer_of(setup: Setup, reply: str) -> Answer:
    """What the process has replied.

    Raises: NoAnswer when its script failed.
    """
    answer = json.loads(reply)
    if "fault" in answer:
        raise NoAnswer(f"it stopped: {answer['fault'][:_SHOWN]}")
    version, *values = answer["values"]
    names = _names(setup)
    gradients, after = values[: len(names)], values[len(names) :]
    return Answer(version, dict(zip(names, gradients, strict=True)), dict(zip(names, after, strict=True)))


def _names(setup: Setup) -> list[str]:
    return list(setup.model.parameter_names)


def _gradient_names(names: list[str]) -> list[str]:
    return [f"dL/d{name}" for name in names]


def _reply(task: str, time_limit: float) -> str:
    """The line that the process replies."""
    with own_process(COMMAND) as child:
        try:
            reply, _ = child.communicate(f"{task}\n", time_limit)
        except TimeoutExpired:
            raise NoAnswer(f"no answer within {time_limit:g} s") from None
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
