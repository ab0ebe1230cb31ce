"""A framework: what has to be installed for it, its script, and what it calls things there."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from tinynet_tui.engine.model import Model, Setup
from tinynet_tui.engine.steps import Phase
from tinynet_tui.networks.dense import is_dense

WHY_NO_FORMULAS = "builds networks of layers, and formulas have none"
"""To stand behind the name of a framework."""


class Script(NamedTuple):
    """How a framework says an update."""

    lines: Callable[[Setup, int], Iterable[str]]
    attribute: Callable[[Model, str], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """A framework that can do the same update."""

    name: str
    modules: tuple[str, ...]
    """What has to be installed."""
    packages: str
    """What pip installs for it."""
    version: str
    """Where its script finds the version."""
    of_layers: Script
    """For a dense network."""
    of_formulas: Script | None
    """For any other model; None where it has no way to say one."""

    def says(self, model: Model) -> bool:
        """Whether it has a way to say a model."""
        return self.of_formulas is not None or is_dense(model)

    def lines(self, setup: Setup, updates: int) -> Iterable[str]:
        """The lines of its script that does the first updates of a setup."""
        return self._script(setup.model).lines(setup, updates)

    def attribute(self, model: Model, name: str) -> str | None:
        """Where that script keeps a parameter, or its gradient, by name; None for any other quantity."""
        return self._script(model).attribute(model, name)

    def _script(self, model: Model) -> Script:
        script = self.of_layers if is_dense(model) else self.of_formulas
        assert script is not None, f"{self.name} {WHY_NO_FORMULAS}"
        return script

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """What the framework panel shows of a framework: the calls of its script."""

    framework: Framework
    of: Mapping[Phase, Callable[[Model], str]]
    """The call that does each phase."""
    loss: str
    """How the loss is read as a number."""
