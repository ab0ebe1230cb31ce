"""Another row among the optimisers: it may be made of any operation, and remember under any letter."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from inspect import signature
from pathlib import Path

import pytest

from tests.networks.own_names import SCRIPTS, undefined
from tinynet_tui.engine.expression_reading import applied_in
from tinynet_tui.engine.expressions import Expr, Name, apply, multiply, names_in, subtract
from tinynet_tui.engine.names import STATE_LETTERS
from tinynet_tui.engine.operations import OPERATIONS
from tinynet_tui.experiments.optimizers import with_optimiser
from tinynet_tui.frameworks.installed import FRAMEWORKS
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.rules import optimisers
from tinynet_tui.rules.optimiser_rows import MomentumForm, Optimiser, Variation, WrittenOut

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
        with_optimiser(setup_of(shipped_lesson(lesson)), name) for lesson in ("lecture", "recurrent")
    )
    written = [asked.lines(lecture, 1) for asked in FRAMEWORKS]
    written += [lines(formulas, updates) for lines in SCRIPTS.values() for updates in (1, 3)]
    return ["\n".join(lines) for lines in written]


def test_the_sign_of_the_gradient(add: Callable[[Optimiser], None]) -> None:
    """Every script says what a sign is there."""
    add(BY_SIGN)
    written = scripts("by_sign")
    for line in ("sign = torch.sign", "sign = tf.sign", "sign = jnp.sign"):
        assert any(line in source.splitlines() for source in written), line
    assert not any(map(undefined, written))


REFUSED = {
    *("xlogy", "xdivy", "relu_slope", "leaky_relu_slope", "precise_or", "above", "elu", "elu_slope"),
    *("swish", "gelu", "gelu_slope", "step", "huber", "huber_slope", "largest"),
}
"""Operations that neither Python nor a framework has under one name: no optimiser may read them."""


@pytest.mark.parametrize("operation", OPERATIONS)
def test_any_operation_has_right_scripts_or_is_refused(
    operation: str, add: Callable[[Optimiser], None]
) -> None:
    """A script that reads an unknown name would be found out by the student who runs it."""
    places = signature(OPERATIONS[operation].value).parameters.values()
    count = sum(2 if place.kind is place.VAR_POSITIONAL else 1 for place in places)
    row = BY_SIGN._replace(
        name=f"by_{operation}",
        direction_formula=lambda gradient, _states, _parameter: apply(operation, *[gradient] * count),
    )
    add(row)
    if operation in REFUSED:
        with pytest.raises(ValueError, match=operation):
            scripts(row.name)
    else:
        assert not any(map(undefined, scripts(row.name)))


def calls_of_numbers(row: Optimiser) -> Iterator[str]:
    """The functions of frameworks that a row has called with numbers alone: `torch.sqrt` takes none of
    Python's, and that of TensorFlow makes 32 bits of it."""
    states, direction = row.direction("w")
    arrays, called = {"w", "dL/dw", *(name for name, _ in states)}, row.functions()
    for made in (direction, *(made for _, made in states)):
        for part in applied_in(made):
            # Of a quotient or a power the first has to be none; of the larger of two, both.
            of = part.arguments if part.operation in ("larger", "smaller") else part.arguments[:1]
            if part.operation in called and any(arrays.isdisjoint(n.name for n in names_in(x)) for x in of):
                yield part.operation


@pytest.mark.parametrize("counts_on", [False, True])
@pytest.mark.parametrize("epsilon_inside", [False, True])
@pytest.mark.parametrize("form", ["sum", "average"])
@pytest.mark.parametrize("name", optimisers.OPTIMISERS)
def test_frameworks_have_all_that_a_row_calls(
    name: str, form: MomentumForm, epsilon_inside: bool, counts_on: bool
) -> None:
    """In each of its forms, and of tensors alone."""
    assert not [*calls_of_numbers(optimisers.optimiser(name, Variation(form, epsilon_inside, counts_on)))]


def test_a_number_alone_is_found() -> None:
    """A row that takes the root of a number, or the larger of one and the gradient, is told."""

    def corrected(gradient: Expr, _states: tuple[Expr, ...], _parameter: Expr) -> Expr:
        of_number = apply("root", subtract(Name("eta"), Name("eta")))
        return multiply(of_number, apply("larger", gradient, Name("eta")))

    assert [*calls_of_numbers(BY_SIGN._replace(direction_formula=corrected))] == ["root", "larger"]


@pytest.mark.parametrize("letter", sorted({*STATE_LETTERS, "u"} - {"s"}))
def test_a_row_may_remember_under_another_letter(letter: str) -> None:
    """Whatever other rows have it for, or as a new one of the letters: in a process of its own, as rows are
    read once."""
    command = [sys.executable, "-m", "tests.rules.another_letter", letter]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.stdout + done.stderr == ""
