"""Neurons that another builder made have the words and the tables of those of a dense network: only its
diagram, its scripts and a few entries of the glossary ask what a model was made of."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

import tinynet_tui
from tests.teaching.test_any_program import moments
from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.trace import trace
from tinynet_tui.engine.training import first_point
from tinynet_tui.experiments.initial_values import RECIPES, start_runs
from tinynet_tui.experiments.many_starts import many_starts
from tinynet_tui.handouts.conventions import facts_of
from tinynet_tui.handouts.script_parts import title
from tinynet_tui.handouts.training_table import csv_lines, json_lines
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.networks.layers import layer_sizes, nested_parameters
from tinynet_tui.teaching.glossary import glossary
from tinynet_tui.teaching.notation import PLAIN
from tinynet_tui.teaching.sentences import explanation

NETWORKS = ("lecture", "dead-relu", "dead-output", "two-outputs", "xor", "softmax-3", "large-weights")
PACKAGE = Path(tinynet_tui.__file__).parent
_OF_DENSE_NETWORKS = {"by source, by target", "framework"}
"""Entries of the glossary on what a dense network alone has: how weights are numbered, frameworks."""
_MAY_ASK = {
    *("networks/dense.py", "handouts/framework.py", "handouts/framework_words.py"),
    *("handouts/written_update.py", "handouts/pytorch.py", "handouts/keras.py", "handouts/jax.py"),
    *("drawing/above_panels.py", "drawing/handout_diagram.py", "drawing/step_panel.py"),
    *("drawing/diagram.py", "drawing/diagram_captions.py", "drawing/lit_path.py"),
    "teaching/glossary_networks.py",
}
"""The files that ask whether a model is a dense network."""
_ASKS = re.compile(r"\b(is_dense|dense_network)\(|\.source, Network\)")
"""How it is asked: `dense_network` raises where it is none."""


def of(lesson: str) -> tuple[Setup, Setup]:
    """The setup of a lesson, and the same of a model that another builder has made."""
    setup = setup_of(shipped_lesson(lesson))
    model = replace(setup.model, source=("another builder", setup.model.source))
    return setup, replace(setup, model=model)


@pytest.mark.parametrize("lesson", NETWORKS)
def test_every_step_has_the_same_words(lesson: str) -> None:
    """And so has every entry of the glossary, but for those on dense networks."""
    walks = [moments(trace(setup, first_point(setup))) for setup in of(lesson)]
    for dense, other in zip(*walks, strict=True):
        assert explanation(dense) == explanation(other)
    for dense, other in zip(*([walk[0], walk[-1]] for walk in walks), strict=True):
        told, told_of_other = (
            [entry for entry in glossary(now) if entry.word not in _OF_DENSE_NETWORKS]
            for now in (dense, other)
        )
        assert told == told_of_other


@pytest.mark.parametrize("lesson", NETWORKS)
def test_handouts_are_the_same(lesson: str) -> None:
    """The head of a handout, the title of a script, and a training run as a table."""
    dense, other = of(lesson)
    assert list(facts_of(dense, 4, PLAIN)) == list(facts_of(other, 4, PLAIN))
    assert title(dense.model, 1, 2) == title(other.model, 1, 2)
    for lines in (csv_lines, json_lines):
        assert list(lines([dense], 2, 1)) == list(lines([other], 2, 1))


@pytest.mark.parametrize("lesson", ["lecture", "xor", "softmax-3"])
def test_other_starts_are_the_same(lesson: str) -> None:
    """Every recipe draws the same weights, and the same neurons die or are twins; as many of many starts."""
    dense, other = of(lesson)
    assert [run.neurons for run in start_runs(dense, 2, 3)] == [
        run.neurons for run in start_runs(other, 2, 3)
    ]
    for recipe in RECIPES:
        assert many_starts(dense, recipe, starts=3, updates=3) == many_starts(
            other, recipe, starts=3, updates=3
        )


def test_layers_are_told_by_what_parameters_are() -> None:
    """The inputs come first; formulas have none."""
    assert layer_sizes(of("lecture")[1].model) == (2, 2, 1)
    assert layer_sizes(of("softmax-3")[1].model) == (2, 3)
    assert layer_sizes(of("recurrent")[1].model) == layer_sizes(of("valley")[1].model) == ()


def test_parameters_may_stand_in_any_order_of_kinds() -> None:
    """Biases before weights, as a builder may have them: the lecture's, b₁ b₂ b₃ and w₁ to w₆, by hand."""
    model = of("lecture")[1].model
    parameters = sorted(model.parameters, key=lambda parameter: parameter.of.kind)
    names = [parameter.name for parameter in parameters]
    assert names == ["b1", "b2", "b3", "w1", "w2", "w3", "w4", "w5", "w6"]
    other = replace(
        model, source="another order", forward=replace(model.forward, parameters=tuple(parameters))
    )
    weights = ((("w1", "w3"), ("w2", "w4")), (("w5", "w6"),))
    assert nested_parameters(other, names) == (weights, (("b1", "b2"), ("b3",)))


def test_few_files_ask() -> None:
    """Only the diagram, the scripts, and what the glossary says of dense networks."""
    files = {
        path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8")
        for path in PACKAGE.rglob("*.py")
    }
    assert {name for name, text in files.items() if _ASKS.search(text)} == _MAY_ASK
