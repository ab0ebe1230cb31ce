"""The trace as JSON Lines: a contract with whoever reads it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from tests.engine.setups import LECTURE, setups
from tests.goldens import assert_golden
from tests.handouts.test_text import BOTH
from tests.published_cases import PublishedCase, agrees, published_cases
from tinynet_tui.engine.network import Hyperparameters, Setup
from tinynet_tui.engine.trace import trace
from tinynet_tui.engine.training import first_point
from tinynet_tui.handouts.jsonl import lines
from tinynet_tui.tui.signs import to_ascii

KEYS = [
    "update", "step", "phase", "name", "symbol", "sample",
    "of", "role", "formula", "numbers", "value", "reads",
]  # fmt: skip

STEP_18 = (
    '{"update": 1, "step": 18, "phase": "backward", "name": "dL/dh1", "symbol": "∂L/∂h₁", "sample": 1, '
    '"of": {"kind": "activation", "layer": 1, "neuron": 1}, "role": "gradient", '
    '"formula": "∂L/∂z₃ · ∂z₃/∂h₁", "numbers": "1 · 1", "value": 1.0, "reads": ["dL/dz3", "dz3/dh1"]}'
)
"""As the description of the format has it."""


def _objects(setup: Setup, updates: int = 1) -> Iterator[dict[str, Any]]:
    return map(json.loads, lines(setup, updates, None))


def test_a_line_is_as_the_description_has_it() -> None:
    """Byte for byte, the order of the keys included."""
    assert list(lines(LECTURE, 1, None))[17] == STEP_18


@pytest.mark.parametrize(("name", "setup"), [("lecture", LECTURE), ("two-samples", BOTH)])
def test_as_printed(name: str, setup: Setup) -> None:
    """An update of the lecture, and one of two samples with momentum."""
    assert_golden(f"trace-{name}.jsonl", "".join(f"{line}\n" for line in lines(setup, 1, None)))


def test_in_ascii_a_reader_gets_the_same() -> None:
    """Other signs are escaped, not translated."""
    ascii = list(lines(LECTURE, 1, to_ascii))
    assert all(line.isascii() for line in ascii)
    assert list(map(json.loads, ascii)) == list(_objects(LECTURE))


def test_the_lecture_has_46_steps() -> None:
    """In their phases, numbered from 1 in every update."""
    objects = list(_objects(LECTURE, 2))
    assert [(o["update"], o["step"]) for o in objects] == [(u, s) for u in (1, 2) for s in range(1, 47)]
    phases = [o["phase"] for o in objects[:46]]
    assert [phases.count(p) for p in ("forward", "loss", "backward", "update", "check")] == [6, 1, 29, 9, 1]
    assert phases == sorted(phases, key=["forward", "loss", "backward", "update", "check"].index)


@given(setups())
@settings(deadline=None)
def test_every_line_has_all_keys_in_order(setup: Setup) -> None:
    """And `of` has those that apply: an input for weights alone, layer and neuron for all but the loss."""
    for number, step in enumerate(_objects(setup), start=1):
        assert list(step) == KEYS
        assert step["step"] == number
        of = {
            "loss": ["kind"],
            "weight": ["kind", "layer", "neuron", "input"],
        }.get(step["of"]["kind"], ["kind", "layer", "neuron"])
        assert list(step["of"]) == of
        assert step["name"].isascii()


def test_values_are_in_full_precision() -> None:
    """The number that is read back is the number that was computed."""
    run = trace(LECTURE, first_point(LECTURE))
    assert [o["value"] for o in _objects(LECTURE)] == [run.value(number) for number in range(1, 47)]


@pytest.mark.parametrize("case", published_cases(), ids=lambda case: case.name)
def test_published_numbers(case: PublishedCase) -> None:
    """The last step of a name in an update is the number that the worked example prints."""
    values = {o["name"]: o["value"] for o in _objects(case.setup)}
    for name, printed in case.printed:
        assert agrees(values[name], printed), name


def test_numbers_that_are_not_finite_are_strings() -> None:
    """A learning rate beyond all reason sends values to inf, then to nan; the lines stay JSON."""
    wild = replace(LECTURE, hyperparameters=Hyperparameters(learning_rate=1e200), targets=((9.0,),))
    text = "\n".join(lines(wild, 4, None))
    found = {json.loads(line)["value"] for line in text.splitlines()} & {"inf", "-inf", "nan"}
    assert found == {"inf", "-inf", "nan"}
    assert not {"NaN", "Infinity"} & set(text.replace(",", " ").split())
    assert all(
        isinstance(v, str) or math.isfinite(v) for v in (json.loads(t)["value"] for t in text.splitlines())
    )


def test_what_belongs_to_a_whole_batch_has_no_sample() -> None:
    """Gradients are joined over two samples, then parameters are updated."""
    both = replace(LECTURE, inputs=((1.0, 0.0), (2.0, 1.0)), targets=((2.0,), (6.0,)), batch=2)
    steps = list(_objects(both))
    joined = [s["name"] for s in steps if s["sample"] is None and s["phase"] == "backward"]
    assert joined == [f"dL/d{p}" for p in ("w1", "w2", "w3", "w4", "w5", "w6", "b1", "b2", "b3")]
    assert {s["sample"] for s in steps if s["phase"] in ("update", "check")} == {None}
    assert {s["sample"] for s in steps if s["phase"] == "forward"} == {1, 2}
