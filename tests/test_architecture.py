"""What ARCHITECTURE.md says is there, is there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tinynet_tui import classroom

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
PACKAGE = ROOT / "src" / "tinynet_tui"
NAMED = sorted(set(re.findall(r"`([a-z][a-z_/]*(?:\.py)?)`", TEXT)))
"""Files, packages and folders, and a few names of functions."""
FUNCTIONS = {"after", "varied_experiment"}
"""What of these is no file and no folder."""


@pytest.mark.parametrize("file", [name for name in NAMED if name.endswith(".py")])
def test_every_file_is_there(file: str) -> None:
    """From the root or from the package; a bare name stands for the one file of that name."""
    if "/" in file:
        assert (ROOT / file).is_file() or (PACKAGE / file).is_file()
    else:
        assert len(list(PACKAGE.rglob(file))) == 1


@pytest.mark.parametrize(
    "folder", [name for name in NAMED if not name.endswith(".py") and name not in FUNCTIONS]
)
def test_every_folder_is_there(folder: str) -> None:
    """From the root or from the package; a bare name may stand for a package deep in it."""
    assert any(path.is_dir() for path in (ROOT / folder, PACKAGE / folder, *PACKAGE.rglob(folder)))


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_every_function_is_there(function: str) -> None:
    """Somewhere in the package, under that name."""
    assert any(f"\ndef {function}(" in file.read_text(encoding="utf-8") for file in PACKAGE.rglob("*.py"))


def test_the_floors_are_those_that_imports_are_held_to() -> None:
    """In the same order, from the top down."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    floors = TEXT.partition("## The floors")[2].partition("##")[0]
    assert re.findall(r"^\| `(\w+)` \|", floors, re.MULTILINE) == [
        layer.rpartition(".")[2] for layer in layers
    ]


def test_what_is_told_of_classes_is_there() -> None:
    """Each name in it is a file of the package."""
    assert classroom.__doc__ is not None
    named = re.findall(r"`(\w+)`", classroom.__doc__)
    assert len(named) > 20
    assert [name for name in named if not (PACKAGE / "classroom" / f"{name}.py").is_file()] == []


def test_the_page_is_one_page() -> None:
    """At most 125 lines, none wider than 160 columns."""
    lines = TEXT.splitlines()
    assert len(lines) <= 125
    assert [line for line in lines if len(line) > 160] == []


def test_what_to_read_first_is_short() -> None:
    """As many lines as the page says, and no more."""
    section = TEXT.partition("## Read these first")[2]
    first = re.findall(r"`(engine/\w+\.py)`", section.partition("Then")[0])
    assert len(first) == 3
    lines = sum(len((PACKAGE / file).read_text(encoding="utf-8").splitlines()) for file in first)
    assert f"Three files of {lines} lines in all" in section
    assert lines <= 305
