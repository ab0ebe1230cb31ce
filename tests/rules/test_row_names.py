"""What a row is called stands in its own file: everything else asks the row."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import tinynet_tui
from tinynet_tui.rules.activations import ACTIVATIONS
from tinynet_tui.rules.losses import LOSSES
from tinynet_tui.rules.optimisers import OPTIMISERS

ROOT = Path(tinynet_tui.__file__).parent
NAMES = {
    *(*ACTIVATIONS, *LOSSES, *OPTIMISERS),
    *(row.title for row in (*ACTIVATIONS.values(), *OPTIMISERS.values())),
}
PANEL = "step"
"""A panel, a step of an update, a position: as an activation it is asked for by its row alone."""
OTHERS = {
    ("cli/experiment.py", "linear"): "a scale of losses",
    ("experiments/page_keys.py", "linear"): "a scale of losses",
    ("lessons/shipped.py", "linear"): "a lesson",
    ("practice/generated.py", "relu"): "a generator of exercises",
    ("networks/formula_expressions.py", "leaky_relu"): "an operation",
    ("prediction/question.py", "tanh"): "an operation",
    ("prediction/question.py", "sigmoid"): "an operation",
}
"""(file, text): what else is called so there."""


def literals(tree: ast.AST) -> Iterator[str]:
    """The texts of some code, without those that stand alone and without names of operations."""
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.Expr(ast.Constant(str())):
                continue
            case ast.Call(ast.Name("apply" | "Apply"), [ast.Constant(), *arguments]):
                for argument in arguments:
                    yield from literals(ast.List([argument], ast.Load()))
            case ast.Constant(str(text)):
                yield text
            case _:
                yield from literals(node)


def test_names_stand_in_one_file() -> None:
    """A row under another name, or one more, then changes nothing elsewhere."""
    found = defaultdict(set)
    for path in ROOT.rglob("*.py"):
        if path.parent.name != "engine":
            for text in NAMES.intersection(literals(ast.parse(path.read_text(encoding="utf-8")))) - {PANEL}:
                found[text].add(path.relative_to(ROOT).as_posix())
    allowed = defaultdict(set)
    for file, text in OTHERS:
        allowed[text].add(file)
    assert all(files <= found[text] for text, files in allowed.items()), "what is no more, is no exception"
    files_of_rows = {text: files - allowed[text] for text, files in found.items()}
    assert {text: files for text, files in files_of_rows.items() if len(files) != 1} == {}
    assert all(file.startswith("rules/") for files in files_of_rows.values() for file in files)
