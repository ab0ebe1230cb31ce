"""Networks for pencil and paper, drawn from a seed: whole numbers, no gradient 0 unless a ReLU is shut."""

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import NamedTuple

from tinynet_tui.lessons.parsing import parse_lesson
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.rules.activations import gated_in
from tinynet_tui.rules.distance_losses import SQUARED_ERROR
from tinynet_tui.rules.piecewise_activations import LINEAR, RELU
from tinynet_tui.session.history import initial_setup, program_of
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Edit, Session

LARGEST_SUM = 9
"""A neuron's sum is a whole number from 1 to this."""
_WEIGHTS = (-4, -3, -2, -1, 1, 2, 3, 4)
_BIASES = (-3, -2, -1, 1, 2, 3)
_INPUTS = (1, 2, 3)
_ERRORS = (-3, -2, -1, 1, 2, 3)
_RATE = 0.1
_LEAST_GRADIENT = 0.01
"""Of a lesson's numbers that are dealt anew no more gradients are nearer to 0 than in the lesson."""
_AT_BEND = 1e-9
_MOST_DEALT = 20


class Generator(NamedTuple):
    """One shape of network, and how it is called."""

    about: str
    layers: tuple[int, ...]
    activations: tuple[str, ...]
    has_shut: bool
    """Whether the sum of one hidden neuron is below 0, so that its ReLU is shut."""


GENERATORS: Mapping[str, Generator] = {
    "neuron": Generator("one ReLU neuron", (2, 1), (RELU.name,), has_shut=False),
    "relu": Generator("two hidden ReLU neurons", (2, 2, 1), (RELU.name, RELU.name), has_shut=False),
    "relu-shut": Generator(
        "two hidden ReLU neurons, one of them shut", (2, 2, 1), (RELU.name, RELU.name), has_shut=True
    ),
    "two-outputs": Generator(
        "two hidden neurons and two outputs", (2, 2, 2), (RELU.name, LINEAR.name), has_shut=False
    ),
}
"""By name. What is drawn has the same numbers wherever and whenever it is drawn."""


def generated_lesson(name: str, seed: int) -> Lesson:
    """The lesson that a generator draws from a seed.

    Inputs, weights, biases, sums and gradients are whole numbers; new values have one decimal.

    Raises: KeyError when there is no such generator.
    """
    generator = GENERATORS[name]
    chance = Random(f"{name} {seed}")
    while True:
        drawn = _drawn(generator, chance)
        if drawn is not None:
            return parse_lesson(drawn, f"{name}, seed {seed}")


def _drawn(generator: Generator, chance: Random) -> str | None:
    """The file of a lesson; None where a hidden neuron's gradient is 0, as its paths cancel."""
    values = [chance.choice(_INPUTS) for _ in range(generator.layers[0])]
    inputs, weights, biases = values, list[list[list[int]]](), list[list[int]]()
    shut = chance.randrange(generator.layers[1]) if generator.has_shut else None
    for width in generator.layers[1:]:
        neurons = [_neuron(values, chance, is_shut=number == shut) for number in range(width)]
        shut = None
        weights.append([neuron[0] for neuron in neurons])
        biases.append([neuron[1] for neuron in neurons])
        values = [max(neuron[2], 0) for neuron in neurons]
    # Whatever the activation of the output: a ReLU never comes to a target below 0.
    errors = [chance.choice([error for error in _ERRORS if error <= value]) for value in values]
    back = [
        sum(e * row[j] for e, row in zip(errors, weights[-1], strict=True))
        for j in range(len(weights[-1][0]))
    ]
    if 0 in back:
        return None
    targets = [value - error for value, error in zip(values, errors, strict=True)]
    return f"""
title = "Practice: {generator.about}"
[network]
layers = {list(generator.layers)}
activations = {list(generator.activations)}
weights = {weights}
biases = {biases}
numbering = "target"
[data]
inputs = [{inputs}]
targets = [{targets}]
[training]
learning_rate = {_RATE}
loss = "{SQUARED_ERROR.name}"
""".replace("'", '"')


def _neuron(values: list[int], chance: Random, is_shut: bool) -> tuple[list[int], int, int]:
    """(weights, bias, sum) of a neuron whose sum is small, and above 0 unless it is to be shut."""
    while True:
        weights, bias = [chance.choice(_WEIGHTS) for _ in values], chance.choice(_BIASES)
        total = sum(w * v for w, v in zip(weights, values, strict=True)) + bias
        if 1 <= (-total if is_shut else total) <= LARGEST_SUM:
            return weights, bias, total


def dealt_anew(session: Session, seed: int) -> Session:
    """A session at the start of a lesson, with the numbers of its parameters dealt to other ones of them;
    a 0 stays where it is, as who multiplies by it works out nothing.

    The lesson's own where they cannot be without a gradient that all but vanishes, or a sum at a bend.
    """
    setup, chance = initial_setup(session), Random(seed)
    own = dict(zip(setup.model.parameter_names, setup.parameters, strict=True))
    values = [number for number in own.values() if number]
    tiny, at_bend = _as_good_as_zero(session)
    for _ in range(_MOST_DEALT):
        chance.shuffle(values)
        there = zip((name for name, number in own.items() if number), values, strict=True)
        edits = tuple(Edit(1, name, number) for name, number in there if number != own[name])
        dealt = replace(session, edits=edits)
        if edits:
            now_tiny, now_at_bend = _as_good_as_zero(dealt)
            if now_tiny <= tiny and now_tiny < len(own) and now_at_bend <= at_bend:
                return dealt
    return session


def _as_good_as_zero(session: Session) -> tuple[int, int]:
    """How many parameters have gradients as good as 0 in the session's update, and how many sums are where a
    ReLU bends."""
    there = moment(session)
    trace, program = there.trace, program_of(session)

    def is_below(name: str, least: float) -> bool:
        place = program.number(name) or program.number(name, program.samples[0])
        return place is not None and abs(trace.value(place)) < least

    tiny = sum(is_below(f"dL/d{name}", _LEAST_GRADIENT) for name in there.model.parameter_names)
    return tiny, sum(is_below(z, _AT_BEND) for z in gated_in(there.model))
