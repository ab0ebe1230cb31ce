"""Another row among the optimisers: it may be made of any operation, and remember under any letter."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.networks.own_names import SCRIPTS, undefined
from tinynet_tui.engine.expressions import Expr, Name, apply, multiply, subtract
from tinynet_tui.engine.operations import OPERATIONS
from tinynet_tui.experiments.optimizers import with_optimizer
from tinynet_tui.frameworks.installed import FRAMEWORKS
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.rules import optimisers
from tinynet_tui.rules.optimiser_rows import Optimiser, WrittenOut

ALONE = WrittenOut("as none steps so", "None steps so.")
BY_SIGN = optimisers.GRADIENT_DESCENT._replace(
    name="by_sign",
    noun="Descent by sign",
    direction_formula=lambda gradient, _states, _parameter: apply("sign", gradient),
    subtracted="sign of the gradient",
    pytorch=ALONE,
    keras=ALONE,
)
"""Bernstein and others 2018: signSGD."""


@pytest.fixture
def add(monkeypatch: pytest.MonkeyPatch) -> Callable[[Optimiser], None]:
    """What puts a row into the table."""
    return lambda row: monkeypatch.setitem(optimisers._ROWS, row.name, lambda _variation: row)


def scripts(name: str) -> list[str]:
    """All scripts of a network and of formulas that an optimiser trains, for one update and for several."""
    lecture, formulas = (
        with_optimizer(setup_of(shipped_lesson(lesson)), name) for lesson in ("lecture", "recurrent")
    )
    written = [asked.script(lecture) for asked in FRAMEWORKS]
    written += [lines(formulas, updates) for lines in SCRIPTS.values() for updates in (1, 3)]
    return ["\n".join(lines) for lines in written]


def test_the_sign_of_the_gradient(add: Callable[[Optimiser], None]) -> None:
    """Every script says what a sign is there."""
    add(BY_SIGN)
    written = scripts("by_sign")
    for line in ("sign = torch.sign", "sign = tf.sign", "sign = jnp.sign"):
        assert any(line in source.splitlines() for source in written), line
    assert not any(map(undefined, written))


@pytest.mark.parametrize("operation", OPERATIONS)
def test_any_operation_has_right_scripts_or_is_refused(
    operation: str, add: Callable[[Optimiser], None]
) -> None:
    """A script that reads an unknown name would be found out by the student who runs it."""
    rule = OPERATIONS[operation]
    places = rule.called.arguments[-1] if rule.called else rule.forms.python.template.count("{}") or 2
    places = 1 if operation in ("square", "absolute") else places
    row = BY_SIGN._replace(
        name=f"by_{operation}",
        direction_formula=lambda gradient, _states, _parameter: apply(operation, *[gradient] * places),
    )
    add(row)
    is_function = rule.forms.python.template.startswith(f"{operation}(")
    if is_function and rule.in_frameworks is None:
        with pytest.raises(ValueError, match=operation):
            optimisers.optimiser(row.name)
    else:
        assert not any(map(undefined, scripts(row.name)))


def test_what_frameworks_cannot_do_to_numbers_alone_is_refused(add: Callable[[Optimiser], None]) -> None:
    """`torch.sqrt` takes no number of Python's, and that of TensorFlow makes 32 bits of it."""

    def corrected(gradient: Expr, _states: tuple[Expr, ...], _parameter: Expr) -> Expr:
        return multiply(apply("root", subtract(Name("eta"), Name("eta"))), gradient)

    add(BY_SIGN._replace(name="by_number", direction_formula=corrected))
    with pytest.raises(ValueError, match="root of a number alone"):
        optimisers.optimiser("by_number")


@pytest.mark.parametrize("letter", ["u", "v"])
def test_the_letter_of_what_is_remembered_stands_in_its_row_alone(letter: str) -> None:
    """One that nobody else has, and one that another row has for something else: in a process of its own, as
    what keys a lesson may have is read off the rows once."""
    command = [sys.executable, "-m", "tests.rules.another_letter", letter]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.stdout + done.stderr == ""
