"""The frameworks that can do the same update: what each needs, its script, and its answer."""

from __future__ import annotations

import json
import shlex
import signal
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from subprocess import TimeoutExpired

from tinynet_tui.engine.model import Setup
from tinynet_tui.frameworks.own_process import own_process
from tinynet_tui.handouts import jax, keras, pytorch
from tinynet_tui.networks.dense import Network, parameters_of

COMMAND = (sys.executable, "-P", "-m", "tinynet_tui.frameworks.own_process")
"""Starts the process that a framework works in."""
_SHOWN = 200
"""Characters of a fault that are quoted."""


@dataclass(frozen=True, slots=True)
class Framework:
    """A framework, and how it is asked for an update."""

    name: str
    modules: tuple[str, ...]
    """What has to be installed."""
    packages: str
    """What pip installs for it."""
    version: str
    """Where its script finds the version."""
    script: Callable[[Setup], Iterable[str]]
    """The lines of a script that does the first update of a setup."""
    attribute: Callable[[Network, str], str | None]
    """Where that script keeps a parameter, or its gradient, by name."""

    @property
    def install(self) -> str:
        """The command that installs it where this program can use it."""
        return f"{pip_install()} {self.packages}"

    @property
    def is_installed(self) -> bool:
        """Whether what it needs is there, as far as can be told without loading it."""
        return all(map(_is_installed, self.modules))


def pip_install() -> str:
    """The command that installs for the Python that runs this program: a bare pip may be another's."""
    python = Path(sys.executable or "python3")
    if python.is_relative_to(Path.cwd()):
        python = python.relative_to(Path.cwd())
    quoted = shlex.quote(str(python))
    # uv makes environments without pip.
    return f"{quoted} -m pip install" if _is_installed("pip") else f"uv pip install --python {quoted}"


def _is_installed(module: str) -> bool:
    spec = find_spec(module)
    # A mere directory of that name is found too; it has no origin.
    return spec is not None and spec.origin is not None


FRAMEWORKS = (
    Framework(
        "PyTorch",
        ("torch",),
        "torch",
        "torch.__version__",
        lambda setup: pytorch.lines(setup, 1),
        pytorch.attribute,
    ),
    Framework(
        "Keras",
        ("keras", "tensorflow"),
        "keras tensorflow",
        "keras.__version__",
        lambda setup: keras.lines(setup, 1),
        keras.attribute,
    ),
    Framework("JAX", ("jax", "jaxlib"), "jax", "jax.__version__", jax.lines, jax.attribute),
)
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
    attributes = [framework.attribute(setup.network, name) for name in (*_gradient_names(names), *names)]
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
    return [parameter.name for parameter in parameters_of(setup.network)]


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
