"""What a lesson comes to: the setup that its training starts from, and a lesson of other numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from tinynet_tui.engine.model import Hyperparameters, Model, Rows, Setup
from tinynet_tui.engine.names import STATE_LETTERS
from tinynet_tui.lessons.schema import Layout, Lesson, NetworkTable, StateTable, TrainingTable
from tinynet_tui.networks.dense import (
    Network,
    dense_model,
    flat_parameters,
    parameters_of,
)
from tinynet_tui.networks.initial import random_parameters
from tinynet_tui.networks.layers import Weights, nested_parameters
from tinynet_tui.rules.activations import ACTIVATIONS
from tinynet_tui.rules.hyperparameters import hyperparameters
from tinynet_tui.rules.losses import LOSSES
from tinynet_tui.rules.optimiser_rows import Variation
from tinynet_tui.rules.optimisers import OPTIMISERS

if TYPE_CHECKING:
    from tinynet_tui.networks.formulas import Formulas


def setup_of(lesson: Lesson) -> Setup:
    """What the lesson's training starts from."""
    training = lesson.training
    numbers = Hyperparameters(training.learning_rate, training.l2, _of_rules(lesson))
    state = _state(training)
    batch = len(lesson.samples) if training.batch == "full" else training.batch
    if lesson.program is None:
        network, data = network_of(lesson), lesson.data
        parameters = _initial_parameters(network, lesson.network)
        return Setup(dense_model(network), parameters, data.inputs, targets_of(lesson), numbers, batch, state)
    by_name = dict(program_parameters(lesson))
    model = _formula_model(lesson, tuple(by_name))
    parameters = tuple(by_name[name] for name in model.parameter_names)
    at = {name: column for column, name in enumerate(lesson.data.columns)}
    inputs, targets = (
        tuple(tuple(row[at[name]] for name in names) for row in lesson.samples)
        for names in (model.inputs, model.targets)
    )
    return Setup(model, parameters, inputs, targets, numbers, batch, state)


def targets_of(lesson: Lesson) -> Rows:
    """The targets of the samples.

    A class stands for 1 at its own output. At all others it stands for 0, or for −1 if the loss takes no 0.
    """
    data = lesson.data
    if not data.classes:
        return data.targets
    outputs = range(1, lesson.network.layers[-1] + 1)
    needs = LOSSES[lesson.training.loss].needs if lesson.training.loss else None
    wrong = 0.0 if needs is None or needs.allows(0.0) else -1.0
    return tuple(tuple(1.0 if number == right else wrong for number in outputs) for right in data.classes)


def _state(training: TrainingTable) -> tuple[tuple[str, float], ...]:
    """What the optimiser remembers, by its names in formulas."""
    return tuple(
        (f"{letter}_{name}", value)
        for letter in STATE_LETTERS
        for name, value in getattr(training.state, letter)
    )


def state_table(training: TrainingTable, state: Mapping[str, float], updates: int) -> StateTable:
    """What the optimiser remembers, by its names in formulas, as a lesson says it.

    updates: those that were done since the lesson began.
    """
    by_letter: dict[str, list[tuple[str, float]]] = {letter: [] for letter in STATE_LETTERS}
    for name, value in state.items():
        if value:
            letter, _, parameter = name.partition("_")
            by_letter[letter].append((parameter, value))
    counted = training.state.t + updates if OPTIMISERS[training.optimizer].counts_updates else 0
    return replace(StateTable(t=counted), **{letter: tuple(found) for letter, found in by_letter.items()})


def variation_of(training: TrainingTable) -> Variation:
    """The form of the optimizer."""
    return Variation(training.momentum_form, training.epsilon_inside, counts_on=training.state.t > 0)


def with_numbers(lesson: Lesson, parameters: Mapping[str, float], inputs: Rows, targets: Rows) -> Lesson:
    """A lesson with other parameters, by name, and other samples; its recipes have done their work."""
    model, program, data = model_of(lesson), lesson.program, lesson.data
    if program is not None:
        from tinynet_tui.networks.formula_start import nested

        numbers = tuple((name, nested(name, old, parameters)) for name, old in program_numbers(lesson))
        samples = [
            dict(zip((*model.inputs, *model.targets), (*x, *y), strict=True))
            for x, y in zip(inputs, targets, strict=True)
        ]
        rows = tuple(tuple(sample[name] for name in data.columns) for sample in samples)
        program = replace(program, parameters=numbers, init=())
        return replace(lesson, program=program, data=replace(data, rows=rows if data.columns else ()))
    table, values = lesson.network, tuple(parameters[name] for name in model.parameter_names)
    weights, biases = nested_parameters(model, values)
    weights = laid_out(weights, table.weights_layout)
    with_classes = bool(data.classes) and targets == targets_of(lesson)
    data = replace(data, classes=data.classes if with_classes else ())
    return replace(
        lesson,
        network=replace(table, weights=weights, biases=biases if any(biases) else None, init=None),
        data=replace(data, inputs=inputs, targets=() if with_classes else targets),
    )


def model_of(lesson: Lesson) -> Model:
    """What the lesson trains."""
    if lesson.program is None:
        return dense_model(network_of(lesson))
    return _formula_model(lesson, tuple(dict(program_parameters(lesson))))


def _formula_model(lesson: Lesson, parameters: tuple[str, ...]) -> Model:
    from tinynet_tui.networks.formulas import formula_model  # dense networks are opened without it

    return formula_model(formulas_of(lesson, parameters))


def formulas_of(lesson: Lesson, parameters: tuple[str, ...]) -> Formulas:
    """The formulas of a lesson that has a program, with all names of its parameters."""
    from tinynet_tui.networks.formulas import Formulas

    program, training = lesson.program, lesson.training
    assert program is not None, "a lesson of formulas has a program"
    frozen, trained = program.frozen, program.trained
    return Formulas(
        program.forward,
        program.loss,
        parameters,
        lesson.data.columns,
        training.reduction,
        training.optimizer,
        regularized=training.l2 != 0,
        shrinks=training.l1 != 0,
        variation=variation_of(training),
        frozen=tuple(
            name
            for name in parameters
            if (_is_among(name, frozen) if trained is None else not _is_among(name, trained))
        ),
    )


def _is_among(name: str, chosen: tuple[str, ...]) -> bool:
    """Whether a parameter is one of those chosen, by its own name or by that of its list: w[1] by w."""
    return name in chosen or name.partition("[")[0] in chosen


def program_numbers(lesson: Lesson) -> tuple[tuple[str, Any], ...]:
    """The parameters of a program by their names without indices, with their lists of numbers."""
    from tinynet_tui.networks.formula_start import Recipe, drawn

    program = lesson.program
    assert program is not None, "a lesson of formulas has a program"
    recipes = tuple(Recipe(name, r.init, r.shape, r.value, r.seed) for name, r in program.init)
    known = frozenset(name.partition("[")[0] for name in (*dict(program.parameters), *lesson.data.columns))
    return (*program.parameters, *drawn(program.forward, program.loss, known, recipes))


def program_parameters(lesson: Lesson) -> Iterator[tuple[str, float]]:
    """The numbers of a program's parameters, each with its name and indices."""
    from tinynet_tui.networks.formula_start import flat

    return (item for name, numbers in program_numbers(lesson) for item in flat(name, numbers))


def network_of(lesson: Lesson) -> Network:
    """The network of a lesson that is not of formulas, without its numbers."""
    table, training = lesson.network, lesson.training
    assert training.loss is not None, "a network comes with a loss"
    network = Network(
        table.layers,
        table.activations,
        training.loss,
        training.reduction,
        training.optimizer,
        table.numbering,
        table.train_biases,
        regularized=training.l2 != 0,
        bias=_bias_of(table),
        decays_biases=training.l2_biases,
        shrinks=training.l1 != 0,
        variation=variation_of(training),
    )
    if table.trained is None:
        return network._replace(frozen=table.frozen)
    names = (parameter.name for parameter in parameters_of(network))
    return network._replace(frozen=tuple(name for name in names if name not in table.trained))


def _bias_of(table: NetworkTable) -> tuple[bool, ...]:
    """Whether each layer has biases; empty where all have."""
    bias = table.bias if isinstance(table.bias, tuple) else (table.bias,) * (len(table.layers) - 1)
    return () if all(bias) else bias


def _of_rules(lesson: Lesson) -> tuple[tuple[str, float], ...]:
    """The hyperparameters of activations, losses and optimisers, by their names in formulas."""
    tables = ((lesson.network, ACTIVATIONS), (lesson.training, LOSSES), (lesson.training, OPTIMISERS))
    own_numbers = (
        (own.name, getattr(table, own.key))
        for table, rules in tables
        for own in hyperparameters(rules.values())
    )
    training = lesson.training
    return (*own_numbers, ("lambda1", training.l1), ("t0", float(training.state.t)))


def _initial_parameters(network: Network, table: NetworkTable) -> tuple[float, ...]:
    if table.init is not None:
        return random_parameters(dense_model(network), table.init, table.seed, table.value)
    assert table.weights is not None, "a lesson has weights or init"
    return flat_parameters(network, laid_out(table.weights, table.weights_layout), table.biases or ())


def laid_out(weights: Weights[float], layout: Layout) -> Weights[float]:
    """Matrices of neurons × inputs in a layout, or matrices in that layout as neurons × inputs again."""
    if layout == "neurons_by_inputs":
        return weights
    return tuple(tuple(zip(*matrix, strict=True)) for matrix in weights)
