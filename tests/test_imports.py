"""What importing each package loads, in a fresh interpreter."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

import tinynet_tui

_IMPORT = """
import importlib, json, sys
for module in sys.argv[1:]:
    importlib.import_module(module)
print(json.dumps(sorted(sys.modules)))
"""
_IMPORT_ALL = """
import importlib, json, pkgutil, sys
before = set(sys.modules)
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    importlib.import_module(module.name)
print(json.dumps(sorted(set(sys.modules) - before)))
"""
_PACKAGES = Path(tinynet_tui.__file__).parent


@cache
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


@pytest.mark.parametrize("package", ["drawing", "terminal", "classroom"])
def test_drawing_the_terminal_and_the_class_know_nothing_of_textual(package: str) -> None:
    """A chart in a shell and a thin client draw without an app."""
    modules = _loaded(package)
    assert "textual" not in _tops(modules)
    assert not {m for m in modules if m.startswith(("tinynet_tui.tui", "tinynet_tui.cli"))}


def test_a_picture_goes_to_a_terminal_without_lessons_or_networks() -> None:
    """A thin client paints and reads keys; the file of settings alone is read as lessons are."""
    files = {file.stem for file in (_PACKAGES / "terminal").glob("[!_]*.py")} - {"settings"}
    modules = [f"tinynet_tui.terminal.{name}" for name in sorted(files)]
    loading = [sys.executable, "-c", _IMPORT, "tinynet_tui.drawing.theme", *modules]
    loaded = json.loads(subprocess.run(loading, capture_output=True, text=True, check=True).stdout)
    packages = {module.split(".")[1] for module in loaded if module.startswith("tinynet_tui.")}
    assert packages == {"drawing", "safety", "terminal"}


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


_TRACED = """
import sys
from tinynet_tui.cli import main
main(["trace"])
print(*sys.modules, file=sys.stderr)
"""
_OPENED = """
import asyncio, sys
from pathlib import Path
from tinynet_tui.cli import stepper
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.theme import theme_of
from tinynet_tui.tui.app import Stepper
from tinynet_tui.tui.permissions import OPEN

async def shown(app):
    async with app.run_test(size=(80, 24), tooltips=True, notifications=True):
        assert "lecture" in app.board.picture.text().lower()
        print(*sys.modules, file=sys.stderr)

own = stepper.parser()
lesson, arguments = stepper.named_lesson("lecture"), own.read([])
stepper.own_settings(OPEN)
session, _ = stepper._first_session(own, lesson, arguments, None, OPEN)
asyncio.run(shown(Stepper(session, Look(), theme_of("none"), Path(sys.argv[1]) / "session.json")))
"""
_OF_FILES = {
    *(f"lessons.{name}" for name in ("reading", "parsing", "key_faults", "cross_faults", "writing")),
    *("session.saved_session", "session.state_file", "safety.whole_files"),
}
"""What reads and writes files of a person's own."""


@pytest.mark.parametrize("program", [_TRACED, _OPENED], ids=["trace", "stepper"])
def test_a_shipped_lesson_is_shown_without_what_is_for_files(program: str, tmp_path: Path) -> None:
    """It is loaded when there is such a file, or something to be kept: it delays nothing that is shown."""
    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path],
        env={**os.environ, "XDG_CONFIG_HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stderr.split())
    assert "tinynet_tui.lessons.shipped" in loaded
    assert not loaded & {f"tinynet_tui.{name}" for name in _OF_FILES}
    # Textual lays these over each screen where it is let.
    assert not loaded & {"textual.scrollbar"}


_OTHERWISE_NAMED = {"markdown_it": "markdown-it-py", "paho": "paho-mqtt"}
"""Distributions that are not named as the module that is imported from them."""
_ROOT = Path(__file__).parents[1]


def _imported(directory: str) -> set[str]:
    """What the files of a directory import beside the standard library and each other, by distribution."""
    found = set[str]()
    for path in (_ROOT / directory).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module)
    tops = {name.partition(".")[0] for name in found} - set(sys.stdlib_module_names)
    beside = {path.stem for path in (_ROOT / directory).glob("*.py")}  # of a script, as Python finds them
    own = {"tinynet_tui", "tests", "benchmarks", "shell"} | beside
    return {_OTHERWISE_NAMED.get(name, name).replace("_", "-") for name in tops - own}


def _declared(*extras: str) -> set[str]:
    """The distributions that are installed with the package and some of its extras."""
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted, found = [*project["dependencies"], f"tinynet-tui[{','.join(extras)}]"], set[str]()
    for requirement in wanted:
        name, *options = re.findall(r"[\w-]+", requirement.partition(">")[0].partition("=")[0])
        if name == project["name"]:
            wanted += chain(*(project["optional-dependencies"][extra] for extra in options))
        else:
            found.add(name)
    return found


@pytest.mark.parametrize(
    ("directory", "extras"),
    [
        # What a door of the experiments tries, and does without; what is one verb's, or one option's, own.
        ("src", ("mqtt", "numpy", "ssh")),
        ("screenshots", ()),
        ("shell", ()),
        ("tests", ("test",)),
        ("benchmarks", ("test", "bench", "pytorch")),
    ],
)
def test_what_is_imported_is_declared(directory: str, extras: tuple[str, ...]) -> None:
    """Nothing is there only because something else has brought it."""
    assert _imported(directory) <= _declared(*extras)


@pytest.mark.parametrize(
    ("library", "file"),
    [
        ("paho", "classroom/broker.py"),
        ("asyncssh", "classroom/ssh_server.py"),
        ("numpy", "experiments/parallel_training.py"),
    ],
)
def test_one_file_knows_of_a_library(library: str, file: str) -> None:
    """So that nothing else has to be loaded, or changed, because of it."""
    knowing = {
        path.relative_to(_PACKAGES).as_posix()
        for path in _PACKAGES.rglob("*.py")
        if re.search(rf"^\s*(import|from) {library}\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert knowing == {file}


def test_what_the_package_needs_it_uses() -> None:
    """Nothing is installed for everyone that no file of the package imports."""
    assert _declared() <= _imported("src")


def test_programs_are_asked_for_in_one_place() -> None:
    """There it is known which package has them, and that they may not be missing where all are required."""
    own = {_ROOT / "tests" / "programs.py", _ROOT / "tests" / "frameworks" / "one_process.py", Path(__file__)}
    asked = re.compile(r"shutil\.which|importorskip|pytest\.skip\(")
    elsewhere = [
        path
        for path in (_ROOT / "tests").rglob("*.py")
        if path not in own and asked.search(path.read_text(encoding="utf-8"))
    ]
    assert [path for path in elsewhere if "campaigns" not in path.parts] == []
