"""Random lessons of every shape that a lesson file can have, from a seeded chance."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import get_args

from msgspec.structs import replace

from tests.lessons.made import with_own_numbers, without_idle_keys
from tinynet_tui.engine.model import Reduction
from tinynet_tui.engine.program import Program
from tinynet_tui.engine.steps import PHASES
from tinynet_tui.lessons.schema import LIMITS, DataTable, Layout, Lesson, NetworkTable, Note, TrainingTable
from tinynet_tui.lessons.setup import laid_out, network_of
from tinynet_tui.networks.dense import Network, Numbering, dense_model, parameters_of
from tinynet_tui.networks.initial import Initializer
from tinynet_tui.networks.layers import nested_parameters
from tinynet_tui.rules.activation_rows import Activation
from tinynet_tui.rules.activations import ACTIVATIONS
from tinynet_tui.rules.hyperparameters import Range, hyperparameters
from tinynet_tui.rules.losses import LOSSES
from tinynet_tui.rules.optimisers import OPTIMISERS

_MOST_WORK = 3_000
"""Parameters times samples: a wide network gets few samples as a rule, so that keys are not kept waiting."""
_EXTREME = (0.0, 1e300, -1e300, 5e-324, 1e-300, 1.7976931348623157e308, 0.1 + 0.2)
_IN_RANGE: Mapping[Range, tuple[float, ...]] = {
    "finite": (0.01, 0.2, 0.0, -0.5),
    "above 0": (1e-8, 1e-3, 5e-324),
    "0 or above": (0.0, 0.01, 0.5),
    "from 0 to below 1": (0.0, 0.5, 0.9, 0.999),
}
_WORDS = (
    *("the error", "ŷ", "½", "∂L/∂w₅", " ", "\n", "\t", '"', "\\", "'''", '"""', "\x1b[31m", "\x7f", "\0"),
    *("表", "e\u0301", "\u202e", "🙂", "a" * 90, "η = 0.01"),
)


def random_lesson(chance: Random, large: bool = False) -> Lesson:
    """Any lesson: small and ordinary as a rule, wide, extreme or with many samples now and then.

    large: wide, deep and with many samples at once, often as much of each as a lesson can have.
    """
    layers = _large_layers(chance) if large else _layers(chance)
    loss = chance.choice(tuple(LOSSES))
    neurons = [name for name, row in ACTIVATIONS.items() if isinstance(row, Activation)]
    activations = [chance.choice(neurons) for _ in layers[1:]]
    if needs := LOSSES[loss].needs:
        activations[-1] = needs.last_activation or activations[-1]
        layers = (*layers[:-1], max(needs.outputs, layers[-1]))
    table = NetworkTable(
        layers,
        tuple(activations),
        numbering=chance.choice(get_args(Numbering)),
        train_biases=chance.random() < 0.7,
    )
    count = len(parameters_of(Network(layers, table.activations)))
    samples = _up_to(chance, LIMITS.samples) if large else min(_samples(chance), max(1, _MOST_WORK // count))
    targets = {"hinge": _sides, "binary_cross_entropy": _unit_rows, "cross_entropy": _unit_rows}.get(
        loss, _rows
    )
    lesson = Lesson(
        _text(chance) or "a lesson",
        _started(chance, table, count),
        DataTable(_rows(chance, samples, layers[0]), targets(chance, samples, layers[-1])),
        _training(chance, loss, samples),
        about=_text(chance),
    )
    own = hyperparameters((*ACTIVATIONS.values(), *LOSSES.values(), *OPTIMISERS.values()))
    lesson = with_own_numbers(lesson, {rule.name: chance.choice(_IN_RANGE[rule.range]) for rule in own})
    return without_idle_keys(replace(lesson, notes=_notes(chance, lesson)))


def _layers(chance: Random) -> tuple[int, ...]:
    widest = chance.choices((3, 6, LIMITS.width), (80, 15, 5))[0]
    depth = chance.randint(LIMITS.fewest_layers, LIMITS.most_layers)
    return tuple(chance.randint(1, widest) for _ in range(depth))


def _large_layers(chance: Random) -> tuple[int, ...]:
    depth = chance.choice((LIMITS.fewest_layers, LIMITS.most_layers))
    return tuple(_up_to(chance, LIMITS.width) for _ in range(depth))


def _up_to(chance: Random, limit: int) -> int:
    """The limit as often as not, or less."""
    return chance.choice((limit, chance.randint(1, limit)))


def _samples(chance: Random) -> int:
    return chance.randint(1, chance.choices((1, 6, 30, LIMITS.samples), (40, 45, 10, 5))[0])


def _number(chance: Random) -> float:
    kind = chance.random()
    if kind < 0.01:
        return chance.choice(_EXTREME)
    return round(chance.uniform(-2, 2), chance.choice((0, 1, 6))) + 0.0  # + 0.0 makes 0 of −0


def _rows(chance: Random, samples: int, width: int) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(_number(chance) for _ in range(width)) for _ in range(samples))


def _unit_rows(chance: Random, samples: int, width: int) -> tuple[tuple[float, ...], ...]:
    return tuple(
        tuple(chance.choice((0.0, 1.0, chance.random())) for _ in range(width)) for _ in range(samples)
    )


def _sides(chance: Random, samples: int, width: int) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(chance.choice((-1.0, 1.0)) for _ in range(width)) for _ in range(samples))


def _started(chance: Random, table: NetworkTable, count: int) -> NetworkTable:
    """The table with weights and biases, or with a recipe for them."""
    if chance.random() < 0.4:
        recipe = chance.choice(get_args(Initializer))
        seed = chance.choice((0, 1, chance.getrandbits(63)))
        return replace(table, init=recipe, seed=seed, value=_number(chance) % LIMITS.initial_value)
    shape = Network(table.layers, table.activations, numbering=table.numbering)
    weights, biases = nested_parameters(dense_model(shape), tuple(_number(chance) for _ in range(count)))
    layout = chance.choice(get_args(Layout))
    return replace(table, weights=laid_out(weights, layout), weights_layout=layout, biases=biases)


def _training(chance: Random, loss: str, samples: int) -> TrainingTable:
    return TrainingTable(
        chance.choice((0.001, 0.01, 0.1, 1.5, 1e-300, 1e300)),
        loss,
        batch=chance.choice(("full", chance.randint(1, samples))),
        reduction=chance.choice(get_args(Reduction)),
        optimizer=chance.choice(tuple(OPTIMISERS)),
        l2=chance.choice((0.0, 0.0, 0.01, 0.5, 1e300)),
    )


def _text(chance: Random) -> str:
    return "".join(chance.choices(_WORDS, k=chance.randint(0, 8)))


def _notes(chance: Random, lesson: Lesson) -> tuple[Note, ...]:
    """Notes at phases and at steps of the lesson's network."""
    steps = [step.name for step in Program(dense_model(network_of(lesson)), (1,)).steps()]
    places = chance.choices((*PHASES, *chance.choices(steps, k=4)), k=chance.randint(0, 3))
    return tuple(Note(at, _text(chance) or "a note") for at in places)
