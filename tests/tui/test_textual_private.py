"""The private names of Textual: few, in one module, and there in the Textual that is installed."""

from __future__ import annotations

import ast
import inspect
from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from textwrap import dedent
from types import FunctionType, ModuleType

import pytest
from textual import __version__
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.drivers.linux_inline_driver import LinuxInlineDriver
from textual.drivers.web_driver import WebDriver
from textual.widget import Widget

import tinynet_tui.tui
from tinynet_tui.tui import textual_private
from tinynet_tui.tui.alone_over_ssh import _OF_APP, _OF_PAGE

OVERRIDDEN = {"_extend_compose", "_fatal_error"}
"""What ours has in place of Textual's own, on purpose."""

MODULES: list[ModuleType] = [
    import_module(found.name)
    for found in walk_packages(tinynet_tui.tui.__path__, f"{tinynet_tui.tui.__name__}.")
]
CLASSES = sorted(
    {
        thing
        for module in MODULES
        for thing in vars(module).values()
        if inspect.isclass(thing) and thing.__module__.startswith("tinynet_tui.")
    },
    key=lambda one: one.__qualname__,
)


@cache
def _tree(thing: ModuleType | type | FunctionType) -> ast.Module:
    return ast.parse(dedent(inspect.getsource(thing)))


def _private(name: str) -> bool:
    return name.startswith("_") and name[1:2].isalpha()


def _named(tree: ast.Module) -> set[str]:
    """The variables and attributes that a piece of source names."""
    names: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                names.add(name)
    return names


def _given(tree: ast.Module) -> set[str]:
    """The private names that a piece of source gives to something."""
    names: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                names.add(name)
    return set(filter(_private, names))


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("_driver", App.__init__),
        ("_fatal_error", App._handle_exception),
        ("_extend_compose", Widget._compose),
        ("XTermParser", LinuxDriver.run_input_thread),
        ("XTermParser", LinuxInlineDriver.run_input_thread),
        ("XTermParser", WebDriver.run_input_thread),
    ],
)
def test_a_private_name_is_where_it_was(name: str, where: ModuleType | FunctionType) -> None:
    """In the very piece of Textual that gives it its meaning."""
    assert name in _named(_tree(where)), f"Textual {__version__} has moved {name}"


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_private_names_stand_in_one_module(module: ModuleType) -> None:
    """No other imports a private module, or asks or tells something that is not its own by a private name.

    Nor does any other give something a name that stands in a text, which this could not see, but for those
    of the next test.

    `_replace` is the documented name of a method of named tuples.
    """
    if module is textual_private:
        return
    own = {"_replace"}.union(*map(_given, map(_tree, MODULES)))
    for node in ast.walk(_tree(module)):
        match node:
            case ast.ImportFrom(module=str(path), names=imported):
                parts = [*path.split("."), *(alias.name for alias in imported)]
                assert path.startswith("tinynet_tui") or not any(map(_private, parts)), path
            case ast.Import(names=imported):
                parts = [part for alias in imported for part in alias.name.split(".")]
                assert not any(map(_private, parts)), f"line {node.lineno}: {parts}"
            case ast.Attribute(attr=name) if _private(name):
                assert name in own, f"line {node.lineno}: {name}"
            case ast.Call(func=ast.Name(id="setattr")):
                pytest.fail(f"line {node.lineno}: setattr")
            case ast.Call(keywords=keywords):
                told = {keyword.arg for keyword in keywords if keyword.arg and _private(keyword.arg)}
                assert told <= own, f"line {node.lineno}: {told}"


def test_what_one_app_hands_on_to_another_is_their_own() -> None:
    """Whose names stand in a text: each is given by name elsewhere."""
    own = set[str]().union(*map(_given, map(_tree, MODULES)))
    assert set(filter(_private, (*_OF_APP, *_OF_PAGE))) <= own


@pytest.mark.parametrize("own", CLASSES, ids=lambda own: own.__qualname__)
def test_nothing_of_textual_is_overridden_by_chance(own: type) -> None:
    """A private name of ours that Textual's class has too would change how Textual works."""
    theirs = [base for base in own.__mro__ if base.__module__.startswith("textual.")]
    assert _given(_tree(own)) & set().union(*map(_given, map(_tree, theirs))) <= OVERRIDDEN
