"""Rows are complete: what is left out of one is refused when it is made."""

from __future__ import annotations

from collections.abc import Iterable
from inspect import signature
from itertools import chain, combinations
from typing import Any

import pytest

from tinynet_tui.drawing.theme import ROLES
from tinynet_tui.engine.names import STATE_LETTERS
from tinynet_tui.engine.operations import OPERATIONS
from tinynet_tui.experiments.initial_values import RECIPES
from tinynet_tui.experiments.variants import WRONG_WAYS
from tinynet_tui.frameworks.installed import FRAMEWORKS
from tinynet_tui.handouts.formats import FORMATS
from tinynet_tui.practice.generated import GENERATORS
from tinynet_tui.prediction.kinds import KINDS
from tinynet_tui.rules.activations import ACTIVATIONS
from tinynet_tui.rules.hyperparameters import Hyperparameter, hyperparameters
from tinynet_tui.rules.losses import LOSSES
from tinynet_tui.rules.optimiser_rows import USUAL
from tinynet_tui.rules.optimisers import OPTIMISERS
from tinynet_tui.session.commands import BY_NAME
from tinynet_tui.teaching.notation import PLAIN

TABLES: dict[str, dict[str, Any]] = {
    "operations": {**OPERATIONS},
    "activations": {**ACTIVATIONS},
    "losses": {**LOSSES},
    "optimisers": {**OPTIMISERS},
}
ROWS: list[Any] = [row for table in TABLES.values() for row in table.values()]
OWN = hyperparameters((*ACTIVATIONS.values(), *LOSSES.values(), *OPTIMISERS.values()))


def _with_parts(row: Any) -> list[Any]:
    """A row, and the rows within it."""
    parts = [value if isinstance(value, tuple) and not _is_row(value) else (value,) for value in row]
    return [row, *(found for part in chain(*parts) if _is_row(part) for found in _with_parts(part))]


def _is_row(value: Any) -> bool:
    """Whether a value has named parts."""
    return hasattr(value, "_fields")


@pytest.mark.parametrize("kind", {type(part) for row in ROWS for part in _with_parts(row)}, ids=str)
def test_a_row_with_a_hole_is_refused(kind: type) -> None:
    """Whatever is left out of it is asked for by its name."""
    part: Any = next(part for row in ROWS for part in _with_parts(row) if type(part) is kind)
    whole = part._asdict()
    assert kind(**whole) == part
    assert not part._field_defaults
    for left_out in whole:
        with pytest.raises(TypeError, match=left_out):
            kind(**{name: value for name, value in whole.items() if name != left_out})


OTHERS: tuple[Iterable[object], ...] = (
    *(table.values() for table in (BY_NAME, FORMATS, GENERATORS, KINDS, RECIPES, ROLES, WRONG_WAYS)),
    *(FRAMEWORKS, (USUAL,), (PLAIN,)),
)
"""Rows of other tables."""


@pytest.mark.parametrize("kind", {type(row) for table in OTHERS for row in table}, ids=str)
def test_no_row_has_defaults(kind: type) -> None:
    """What is left out of a row is missed, so that nothing is forgotten."""
    assert all(place.default is place.empty for place in signature(kind).parameters.values())


@pytest.mark.parametrize("table", ["activations", "losses", "optimisers"])
def test_a_row_is_found_by_its_name(table: str) -> None:
    """And names are such as stand in a lesson's file."""
    for name, row in TABLES[table].items():
        assert row.name == name
        assert name.isidentifier()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: getattr(row, "name", ""))
def test_a_row_cannot_be_changed(row: Any) -> None:
    """Frozen all through: it can be hashed, so that no list is in it."""
    assert all(isinstance(hash(part), int) for part in _with_parts(row))
    with pytest.raises(AttributeError):
        setattr(row, row._fields[0], None)


def test_rules_that_share_a_hyperparameter_agree_about_it() -> None:
    """One key of a lesson's file has one name in formulas, one default and one range."""
    for rules in (ACTIVATIONS.values(), LOSSES.values(), OPTIMISERS.values()):
        every = [own for rule in rules for own in rule.hyperparameters]
        for one, other in combinations(every, 2):
            if one.key == other.key or one.name == other.name:
                assert (one.key, one.name, one.default, one.range, one.comment) == (
                    *(other.key, other.name, other.default, other.range, other.comment),
                )


@pytest.mark.parametrize("own", OWN, ids=lambda own: own.name)
def test_defaults_are_in_range(own: Hyperparameter) -> None:
    """Of every hyperparameter."""
    match own.range:
        case "above 0":
            assert own.default > 0
        case "0 or above":
            assert own.default >= 0
        case "from 0 to below 1":
            assert 0 <= own.default < 1


def test_the_states_of_an_optimiser_are_told_apart() -> None:
    """By letters of their own, which no script has for anything else."""
    for optimiser in OPTIMISERS.values():
        letters = [state.letter for state in optimiser.states]
        assert len(set(letters)) == len(letters)
        assert set(letters) <= set(STATE_LETTERS), "the engine writes those alone as m(w₁)"
        assert set(letters).isdisjoint("giptxy")
