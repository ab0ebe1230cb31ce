"""The frameworks that can do the same update: what each needs, and its script."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tinynet_tui.engine.model import Setup
from tinynet_tui.frameworks.jax_script import jax_lines
from tinynet_tui.handouts import keras, pytorch
from tinynet_tui.handouts.framework_names import jax_attribute, keras_attribute, pytorch_attribute
from tinynet_tui.networks.dense import Network


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
        pytorch_attribute,
    ),
    Framework(
        "Keras",
        ("keras", "tensorflow"),
        "keras tensorflow",
        "keras.__version__",
        lambda setup: keras.lines(setup, 1),
        keras_attribute,
    ),
    Framework("JAX", ("jax", "jaxlib"), "jax", "jax.__version__", jax_lines, jax_attribute),
)
"""In the order in which they are asked."""
