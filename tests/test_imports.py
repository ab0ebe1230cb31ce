"""What importing each package loads, in a fresh interpreter."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import tinynet_tui

_IMPORT_ALL = """
import importlib, json, pkgutil, sys
before = set(sys.modules)
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    importlib.import_module(module.name)
print(json.dumps(sorted(set(sys.modules) - before)))
"""
_PACKAGES = Path(tinynet_tui.__file__).parent


def _loaded(package: str) -> set[str]:
    """The modules that importing a package and all its modules adds."""
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT_ALL, f"tinynet_tui.{package}"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout))


def _tops(modules: set[str]) -> set[str]:
    return {module.partition(".")[0] for module in modules}


def test_the_engine_is_the_standard_library_alone() -> None:
    """Nothing else is loaded: no other package, and no other part of this one."""
    modules = _loaded("engine")
    assert _tops(modules) - set(sys.stdlib_module_names) == {"tinynet_tui"}
    own = {m for m in modules if m.startswith("tinynet_tui.")}
    assert {m for m in own if not m.startswith("tinynet_tui.engine")} == set()
    assert {f"tinynet_tui.engine.{p.stem}" for p in (_PACKAGES / "engine").glob("[!_]*.py")} <= own


@pytest.mark.parametrize(
    "package", ["lessons", "session", "teaching", "prediction", "experiments", "handouts", "frameworks"]
)
def test_nothing_below_the_screen_knows_of_a_screen(package: str) -> None:
    """No Textual, Rich, NumPy or SSH, and nothing of the screen's own package."""
    modules = _loaded(package)
    assert (
        _tops(modules) & {"textual", "rich", "numpy", "asyncssh", "torch", "keras", "tensorflow", "jax"}
        == set()
    )
    assert not {m for m in modules if m.startswith(("tinynet_tui.tui", "tinynet_tui.cli"))}


@pytest.mark.parametrize(
    ("package", "above"),
    [
        ("lessons", ("session", "teaching", "prediction", "experiments", "handouts", "frameworks")),
        ("session", ("teaching", "prediction", "experiments", "handouts", "frameworks")),
        ("teaching", ("prediction", "experiments", "handouts", "frameworks")),
        ("prediction", ("experiments", "handouts", "frameworks")),
        ("experiments", ("handouts", "frameworks")),
        ("handouts", ("frameworks",)),
    ],
)
def test_imports_run_one_way(package: str, above: tuple[str, ...]) -> None:
    """No package loads one that stands above it or beside it."""
    modules = _loaded(package)
    assert not {m for m in modules for other in above if m.startswith(f"tinynet_tui.{other}")}
