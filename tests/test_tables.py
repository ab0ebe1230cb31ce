"""What is made stands in the table that it was made for: a row that is in none would be missed by nobody."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import tinynet_tui
from tinynet_tui.cli import VERBS
from tinynet_tui.handouts.formats import FORMATS
from tinynet_tui.lessons.shipped import SHIPPED_NAMES
from tinynet_tui.session.session import PANELS

PACKAGE = Path(tinynet_tui.__file__).parent
ROOT = Path(__file__).parents[1]
FOUND_OTHERWISE = {
    *(("drawing", f"{panel}_panel") for panel in (*PANELS, "variants")),  # by the name of what is shown
    ("cli", "main"),  # by pyproject.toml
    ("cli", "answer_apps"),  # by a program that is started with its name
}
"""(package, name) of what no line of the program reads by its name."""


def _made(tree: ast.Module) -> Iterator[str]:
    """The names that a module gives to functions, classes and values of its own."""
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.Assign(targets=[ast.Name(name)]) | ast.AnnAssign(target=ast.Name(name)):
                yield name


def _read(tree: ast.Module) -> Iterator[str]:
    """What a module reads: "name" of its own, "module.name" of another, ".name" of whatever has it."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(name, ast.Load()):
                yield name
            case ast.Attribute(attr=name):
                yield f".{name}"
            case ast.ImportFrom(module=str(module), names=names):
                yield from (f"{module}.{found.name}" for found in names)


def test_what_is_made_is_read_somewhere() -> None:
    """A row of an experiment, activation or loss, a mistake, a subject of the glossary: by its table."""
    files = [*PACKAGE.rglob("*.py"), *(ROOT / "screenshots").glob("*.py")]
    trees = {file: ast.parse(file.read_text(encoding="utf-8")) for file in files}
    read = {file: {*_read(tree)} for file, tree in trees.items()}
    by_others = {name for names in read.values() for name in names if "." in name}
    missed = {
        f"{file.relative_to(PACKAGE)}: {name}"
        for file, tree in trees.items()
        if file.is_relative_to(PACKAGE)
        for module in [".".join(file.with_suffix("").relative_to(PACKAGE.parent).parts)]
        for name in _made(tree)
        if name not in read[file] and by_others.isdisjoint({f"{module}.{name}", f".{name}"})
        if (file.parent.name, name) not in FOUND_OTHERWISE and not name.startswith("__")
    }
    assert missed == set()


@pytest.mark.parametrize(
    ("package", "word", "names"),
    [
        ("cli", "run", {*VERBS, "stepper"}),
        ("handouts", "lines", {row.module for row in FORMATS.values()}),
    ],
    ids=["verbs", "formats"],
)
def test_a_module_that_could_be_asked_is_asked(package: str, word: str, names: set[str]) -> None:
    """It has the function by which a verb or a format is asked for: then there is a name for it."""
    modules = (file.stem for file in (PACKAGE / package).glob("[!_]*.py"))
    able = {name for name in modules if hasattr(import_module(f"tinynet_tui.{package}.{name}"), word)}
    assert able == names


def test_every_lesson_that_is_there_has_its_place() -> None:
    """A file beside the shipped ones is one of them."""
    files = {file.stem for file in (PACKAGE / "lessons" / "builtin").glob("*.toml")}
    assert files == set(SHIPPED_NAMES)
