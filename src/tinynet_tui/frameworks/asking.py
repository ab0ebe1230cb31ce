"""Asking a framework for an update, in a process of its own and with a limit of time."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tinynet_tui.engine.network import Setup, parameters_of
from tinynet_tui.frameworks.installed import Framework

_CHILD = (sys.executable, "-P", "-m", "tinynet_tui.frameworks.child")
_QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "JAX_PLATFORMS": "cpu"}
"""On the processor, where results are the same each time, and without talk about it."""
_SHOWN = 200
"""Characters of a fault that are quoted."""


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

    Raises: NoAnswer when there is none within so many seconds.
    """
    names = [parameter.name for parameter in parameters_of(setup.network)]
    wanted = [framework.version, *_attributes(framework, setup, [f"dL/d{name}" for name in names])]
    wanted += _attributes(framework, setup, names)
    version, *values = _values("\n".join(framework.script(setup)), wanted, time_limit)
    numbers = [float(value) for value in values]
    gradients, after = numbers[: len(names)], numbers[len(names) :]
    return Answer(
        str(version), dict(zip(names, gradients, strict=True)), dict(zip(names, after, strict=True))
    )


def _attributes(framework: Framework, setup: Setup, names: Sequence[str]) -> list[str]:
    attributes = [framework.attribute(setup.network, name) for name in names]
    return [attribute for attribute in attributes if attribute is not None]


def _values(script: str, wanted: list[str], time_limit: float) -> list[float | str]:
    """What expressions stand for once a script has run."""
    task = json.dumps({"script": script, "wanted": wanted})
    with subprocess.Popen(
        _CHILD,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        env={**os.environ, **_QUIET},
        start_new_session=True,
    ) as child:
        try:
            text, _ = child.communicate(task, time_limit)
        except subprocess.TimeoutExpired:
            raise NoAnswer(f"no answer within {time_limit:g} s") from None
        finally:
            # Its group, for what it may have started itself.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
    return _read(text, child.returncode)


def _read(text: str, status: int) -> list[float | str]:
    if status < 0:
        raise NoAnswer(f"it was ended by {_signal_name(-status)}")
    try:
        answer = json.loads(text)
    except ValueError:
        raise NoAnswer(f"it ended without an answer, exit status {status}") from None
    if "fault" in answer:
        raise NoAnswer(f"it stopped: {answer['fault'][:_SHOWN]}")
    values: list[float | str] = answer["values"]
    return values


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
