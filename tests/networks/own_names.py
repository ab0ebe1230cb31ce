"""The names that printed code has for its own things, read off all that is printed."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from tinynet_tui.engine.loop_code import array_source, loop_source
from tinynet_tui.engine.model import Setup
from tinynet_tui.handouts import formula_scripts, python
from tinynet_tui.lessons.parsing import parse_lesson
from tinynet_tui.lessons.setup import setup_of

TRAININGS = (
    "",
    "batch = 1",
    'reduction = "sum"\nl1 = 0.125\nl2 = 0.25',
    'optimizer = "momentum"\nstate = { v = { FIRST = 0.5 } }',
    'optimizer = "adam"\nepsilon_inside = true',
    'optimizer = "adam"\nstate = { m = { FIRST = 0.5 }, t = 3 }\nbatch = 1',
    'optimizer = "rmsprop"\nepsilon_inside = true',
)
"""Ways to train that are printed differently; FIRST is a parameter."""
SCRIPTS = {
    "Python": python.lines,
    "PyTorch": formula_scripts.pytorch_lines,
    "JAX": formula_scripts.jax_lines,
}


def setup_with(first: str, training: str, second: str = "ww") -> Setup:
    """A setup of two samples whose two parameters are called so.

    Raises: LessonFault where no parameter may be.
    """
    return setup_of(
        parse_lesson(
            f'[program]\nforward = "qq = tanh({first}*xx) + {second}"\nloss = "(qq - yy)^2"\n'
            f"[program.parameters]\n{first} = 0.5\n{second} = -0.25\n"
            '[data]\ncolumns = ["xx", "yy"]\nrows = [[2, 1], [-1, 0.5]]\n'
            f"[training]\nlearning_rate = 0.1\n{training.replace('FIRST', first)}\n",
            "x.toml",
        )
    )


def module_names(tree: ast.AST) -> Iterator[str]:
    """The names that code binds, each time it does, outside of its functions and comprehensions."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        if not isinstance(node, ast.FunctionDef | ast.Lambda | ast.ListComp | ast.GeneratorExp):
            yield from module_names(node)


def bound(source: str) -> Iterator[str]:
    """The names that code binds anywhere."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name


def undefined(source: str) -> set[str]:
    """The names that code reads and that neither it nor Python defines."""
    nodes = list(ast.walk(ast.parse(source)))
    imported = {
        (name.asname or name.name).partition(".")[0]
        for node in nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    read = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    return read - {*bound(source), *imported, *dir(builtins)}


def _sources() -> Iterator[str]:
    for setup in (setup_with("vv", training) for training in TRAININGS):
        for updates in (1, 3):
            yield from ("\n".join(lines(setup, updates)) for lines in SCRIPTS.values())
        model = setup.model
        yield from (loop_source(model, 1, 1, rows=True), loop_source(model, 2, 1), loop_source(model, 2, 2))
        yield array_source(model, 2)


OWN_NAMES = tuple(
    sorted(
        {
            name.strip("_")
            for source in _sources()
            for name in bound(source)
            if not {"qq", "xx", "yy", "vv", "ww", "L"}.intersection(name.replace("d", "").split("_"))
        }
    )
)
REFUSED = frozenset({"eta", "lambda", "beta1", "beta2", "epsilon", "mu", "rho", "t", "t0", "lambda1", "tanh"})
"""Of these, what Python, formulas or a rule of training has a meaning for: refused where it has."""
ALLOWED = tuple(name for name in OWN_NAMES if name not in REFUSED)
