"""Random lessons, over everything that a lesson can say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from hypothesis import strategies as st
from msgspec.structs import fields, replace

from tests.engine.setups import networks
from tinynet_tui.lessons.schema import DataTable, Layout, Lesson, NetworkTable, Note, TrainingTable, idle_keys
from tinynet_tui.lessons.setup import laid_out
from tinynet_tui.networks.dense import Network, dense_model, parameters_of
from tinynet_tui.networks.initial import Initializer
from tinynet_tui.networks.layers import nested_parameters
from tinynet_tui.rules.activations import ACTIVATIONS
from tinynet_tui.rules.hyperparameters import Rule, hyperparameters
from tinynet_tui.rules.losses import LOSSES
from tinynet_tui.rules.optimisers import OPTIMISERS

_ANY = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from((1e-300, 5e-324, 1e300, 0.1, -0.0))
_FRACTION = st.floats(0, 1, exclude_max=True)
_FULL: Literal["full"] = "full"
_POSITIVE = st.floats(0, exclude_min=True, allow_infinity=False)
_NASTY = ('"', "\\", '"""', "'''", "\n", "\r\n", "\t", " ", "  ", "\0", "\x1b[31m", "\x7f", "\x85", "\u2028")
_TEXT = st.text(max_size=120) | st.lists(st.sampled_from((*_NASTY, "word", "η")), max_size=60).map("".join)
_IN_RANGE = {
    "finite": _ANY,
    "above 0": _POSITIVE,
    "0 or above": _POSITIVE | st.just(0.0),
    "from 0 to below 1": _FRACTION,
}
_PLACES = ("given", "backward", "L", "z1", "dL/dw1", "dz1/db1", "w1", "check")
"""Places that every network has."""


@st.composite
def lessons(draw: st.DrawFn) -> Lesson:
    """Any lesson that a file can hold."""
    network = draw(networks())
    samples = draw(st.integers(1, 4))
    of_loss = {name: st.floats(0, 1) for name in ("binary_cross_entropy", "cross_entropy")}
    target = {**of_loss, "hinge": st.sampled_from((-1.0, 1.0))}.get(network.loss, _ANY)

    def rows(number: st.SearchStrategy[float], width: int) -> tuple[tuple[float, ...], ...]:
        return tuple(tuple(draw(st.lists(number, min_size=width, max_size=width))) for _ in range(samples))

    table = NetworkTable(
        network.layers,
        network.activations,
        numbering=network.numbering,
        train_biases=network.train_biases,
    )
    lesson = Lesson(
        draw(_TEXT.filter(bool)),
        _started(draw, table, len(parameters_of(network))),
        DataTable(rows(_ANY, network.layers[0]), rows(target, network.layers[-1])),
        TrainingTable(
            draw(_POSITIVE),
            network.loss,
            batch=draw(st.integers(1, samples) | st.just(_FULL)),
            reduction=network.reduction,
            optimizer=network.optimizer,
            l2=draw(st.floats(0, allow_infinity=False)),
        ),
        draw(_TEXT),
        tuple(
            Note(
                draw(st.sampled_from(_PLACES)),
                draw(_TEXT.filter(bool)),
                update=draw(st.none() | st.integers(1, 99)),
            )
            for _ in range(draw(st.integers(0, 3)))
        ),
    )
    own = hyperparameters((*ACTIVATIONS.values(), *LOSSES.values(), *OPTIMISERS.values()))
    lesson = with_own_numbers(lesson, {number.name: draw(_IN_RANGE[number.range]) for number in own})
    return without_idle_keys(lesson)


def with_own_numbers(lesson: Lesson, numbers: Mapping[str, float]) -> Lesson:
    """A lesson with hyperparameters of activations and optimisers, given by their names in formulas."""
    in_training: list[Rule] = [*LOSSES.values(), *OPTIMISERS.values()]
    for table, rules in (("network", list[Rule](ACTIVATIONS.values())), ("training", in_training)):
        keys = {own.key: numbers[own.name] for own in hyperparameters(rules) if own.name in numbers}
        lesson = replace(lesson, **{table: replace(getattr(lesson, table), **keys)})
    return lesson


def without_idle_keys(lesson: Lesson) -> Lesson:
    """A lesson whose keys that do nothing have their defaults, as no file can say anything else."""
    defaults = {
        (name, field.name): field.default
        for name, table in (("network", NetworkTable), ("training", TrainingTable))
        for field in fields(table)
    }
    for name, key in idle_keys(lesson):
        changed = replace(getattr(lesson, name), **{key: defaults[name, key]})
        lesson = replace(lesson, **{name: changed})
    return lesson


def _started(draw: st.DrawFn, table: NetworkTable, count: int) -> NetworkTable:
    if draw(st.booleans()):
        recipes: tuple[Initializer, ...] = ("uniform", "he", "xavier", "zeros", "same")
        seed, value = draw(st.integers(0, 2**63 - 1)), draw(st.floats(-1e300, 1e300))
        return replace(table, init=draw(st.sampled_from(recipes)), seed=seed, value=value)
    numbers = tuple(draw(st.lists(_ANY, min_size=count, max_size=count)))
    shape = Network(table.layers, table.activations, numbering=table.numbering)
    weights, biases = nested_parameters(dense_model(shape), numbers)
    layout: Layout = draw(st.sampled_from(("neurons_by_inputs", "inputs_by_neurons")))
    return replace(table, weights=laid_out(weights, layout), weights_layout=layout, biases=biases)
