"""Faults between the keys of a lesson: values that do not fit each other, and keys that do nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, repeat
from typing import Any

from tinynet_tui.engine.program import Program
from tinynet_tui.engine.steps import PHASES
from tinynet_tui.lessons.data_faults import data_faults
from tinynet_tui.lessons.documents import Document, table_in
from tinynet_tui.lessons.faults import nearest
from tinynet_tui.lessons.key_faults import sound_values
from tinynet_tui.lessons.program_faults import IDLE, idle_in_recipes, program_faults
from tinynet_tui.lessons.schema import LIMITS, TABLES, Layout, Lesson, Needs, is_idle, keys_of, needed
from tinynet_tui.lessons.setup import model_of
from tinynet_tui.lessons.training_faults import has_bias, training_faults
from tinynet_tui.lessons.values import shown
from tinynet_tui.networks.layers import Weights
from tinynet_tui.rules.class_losses import CROSS_ENTROPY
from tinynet_tui.rules.losses import LOSSES
from tinynet_tui.rules.softmax import SOFTMAX
from tinynet_tui.safety.foreign_text import shortened

Sound = Mapping[str, Any]
"""Values without a fault of their own, by place."""

_ROWS_AND_COLUMNS: Mapping[Layout, tuple[str, str]] = {
    "neurons_by_inputs": ("one for each neuron of the layer", "one for each input of the neuron"),
    "inputs_by_neurons": ("one for each input of the layer", "one for each neuron of the layer"),
}
"""What there is a row, and a column, of a matrix of weights for."""
_TURNED: Mapping[Layout, str] = {
    "neurons_by_inputs": 'this looks like inputs × neurons; weights_layout = "inputs_by_neurons" turns it',
    "inputs_by_neurons": "this looks like neurons × inputs; weights_layout must be left out",
}
"""What is said of matrices that fit the other way round alone."""


def cross_faults(document: Document) -> Iterator[str]:
    """The faults between keys, each as "place: words"; a key with a fault of its own is left out."""
    sound = sound_values(document)
    yield from _start_faults(table_in(document, "network"))
    yield from _idle_key_faults(document, sound)
    yield from _shape_faults(sound)
    yield from data_faults(document, sound)
    yield from training_faults(document, sound)
    yield from _batch_faults(sound)
    yield from _loss_faults(document, sound)
    yield from program_faults(document, sound)


def unknown_step_faults(lesson: Lesson) -> Iterator[str]:
    """A fault for each note that stands at neither a phase nor a step of the lesson, and each expectation."""
    if not (lesson.notes or lesson.expect):
        return
    names = {*PHASES, *(step.name for step in Program(model_of(lesson), (1,)).steps())}
    places = f"a phase ({', '.join(PHASES)}) or a step, such as dL/dw1"
    noun = "this network has" if lesson.program is None else "these formulas have"
    lost = [(index, note.at) for index, note in enumerate(lesson.notes) if note.at not in names]
    for number, (index, at) in enumerate(lost):
        # Looking for the step that was meant takes time: it is done for those that will be seen.
        close = nearest(at, names) if number < LIMITS.faults else None
        advice = f"did you mean {close}?" if close else f"must be {places}"
        yield f'notes[{index}].at: {noun} no step "{shortened(at)}"; {advice}'
    samples = len(lesson.samples)
    for index, expected in enumerate(lesson.expect):
        if expected.step not in names - {*PHASES} | {"check"}:
            close = nearest(expected.step, names)
            advice = f"did you mean {close}?" if close else "must be a step, such as dL/dw1"
            yield f'expect[{index}].step: {noun} no step "{shortened(expected.step)}"; {advice}'
        if (expected.sample or 1) > samples:
            yield f"expect[{index}].sample: must be 1 to {samples}, not {expected.sample}"


def _start_faults(table: Document) -> Iterator[str]:
    """Faults in what training starts from: weights with biases, or init."""
    given = [key for key in ("weights", "biases") if key in table]
    if "init" in table and given:
        yield f"network.init: must not be given with {' and '.join(given)}; keep one or the other"
    elif "init" in table and "weights_layout" in table:
        needs = "does nothing without weights; give them in place of init, or leave this out"
        yield f"network.weights_layout: {needs}"
    elif "init" not in table:
        has_biases = has_bias(table)
        if table and not given:
            yield f"network: must have weights{' and biases' * has_biases}, or init; has none of them"
        if len(given) == 1 and (has_biases or given == ["biases"]):
            missing = "biases" if given == ["weights"] else "weights"
            yield f"network.{missing}: missing; must be given with {given[0]}"


def _idle_key_faults(document: Document, sound: Sound) -> Iterator[str]:
    """A fault for each key that does nothing beside what was chosen."""
    for table, key, needs in _idle_in(document, sound):
        instead = needs.choice == "init" and [key for key in ("weights", "biases") if key in document[table]]
        give = f"give that in place of {' and '.join(instead)}" if instead else "add that"
        yield f"{table}.{key}: does nothing without {needed(needs)}; {give}, or leave this out"


def without_idle_keys(document: Document) -> dict[str, Any]:
    """A document without the keys that do nothing, as earlier versions wrote them."""
    sound = sound_values(document)
    idle = {(table, key) for table, key, _ in _idle_in(document, sound)}
    idle |= IDLE.keys() if "program" in document else set()
    kept = {
        name: {key: item for key, item in value.items() if (name, key) not in idle}
        if isinstance(value, dict)
        else value
        for name, value in document.items()
    }
    for names, key, _ in idle_in_recipes(document, sound):
        recipes = kept["program"]["init"]
        kept["program"]["init"] = recipes | {names: {k: v for k, v in recipes[names].items() if k != key}}
    return kept


def _idle_in(document: Document, sound: Sound) -> Iterator[tuple[str, str, Needs]]:
    """(table, key, what it needs) of each that does nothing; beside a choice with a fault none is told."""
    for name, kind in TABLES.items():
        table = table_in(document, name)
        for key, row in keys_of(kind).items():
            if key not in table or row.needs is None:
                continue
            chosen = sound.get(f"{name}.{row.needs.choice}")
            is_open = row.needs.choice == "init" and "init" not in table and "weights" in table
            if (chosen is not None or is_open) and is_idle(row.needs, chosen):
                yield name, key, row.needs


def _shape_faults(sound: Sound) -> Iterator[str]:
    """Faults of lists that are not as long as the layers, or each other, say."""
    inputs, targets = sound.get("data.inputs", ()), sound.get("data.targets", ())
    layers = sound.get("network.layers")
    if inputs and targets:
        yield from _length_faults("data.targets", targets, len(inputs), "one for each row of inputs")
    if layers is None:
        return
    bias = sound.get("network.bias", True)
    if bias is False or (isinstance(bias, tuple) and not any(bias)):
        sound = {**sound, "network.biases": None}  # it is said that they do nothing, and that is all
    for place in ("network.activations", "network.weights", "network.biases", "network.bias"):
        if isinstance(sound.get(place), tuple):
            meaning = "one for each layer after the inputs"
            yield from _length_faults(place, sound[place], len(layers) - 1, meaning)
    if "network.weights" in sound and "network.weights_layout" in sound:
        yield from _weight_faults(sound["network.weights"], sound["network.weights_layout"], layers)
    kinds = bias if isinstance(bias, tuple) and len(bias) == len(layers) - 1 else repeat(bias is not False)
    biases = [width if has_any else 0 for width, has_any in zip(layers[1:], kinds, strict=False)]
    rows = (
        ("network.biases", sound.get("network.biases") or (), biases, "one for each neuron of the layer"),
        ("data.inputs", inputs, repeat(layers[0]), "one for each input"),
        ("data.targets", targets, repeat(layers[-1]), "one for each output"),
    )
    for place, lists, lengths, meaning in rows:
        for index, (numbers, wanted) in enumerate(zip(lists, lengths, strict=False)):
            yield from _length_faults(f"{place}[{index}]", numbers, wanted, meaning)


def _weight_faults(weights: Weights[float], layout: Layout, layers: Sequence[int]) -> Iterator[str]:
    """Faults of matrices that do not fit the layers; where all fit the other way round, only that is said."""
    of_row, of_column = _ROWS_AND_COLUMNS[layout]
    shapes = [(outs, ins) if layout == "neurons_by_inputs" else (ins, outs) for ins, outs in pairwise(layers)]
    turned = [(columns, rows) for rows, columns in shapes]
    if len(weights) == len(shapes) and not _fit(weights, shapes) and _fit(weights, turned):
        yield f"network.weights: {_TURNED[layout]}"
        return
    for index, (matrix, (rows, columns)) in enumerate(zip(weights, shapes, strict=False)):
        place = f"network.weights[{index}]"
        if rows != columns and _fit([matrix], [(columns, rows)]):
            faults = _length_faults(place, matrix, rows, of_row)
            yield from (f"{fault}; it fits when it is turned" for fault in faults)
            continue
        yield from _length_faults(place, matrix, rows, of_row)
        for number, row in enumerate(matrix):
            yield from _length_faults(f"{place}[{number}]", row, columns, of_column)


def _fit(weights: Sequence[Sequence[Sequence[float]]], shapes: Sequence[tuple[int, int]]) -> bool:
    """Whether every matrix has its number of rows and columns."""
    return all(
        len(matrix) == rows and all(len(row) == columns for row in matrix)
        for matrix, (rows, columns) in zip(weights, shapes, strict=False)
    )


def _length_faults(place: str, entries: Sequence[object], wanted: int, meaning: str) -> Iterator[str]:
    if len(entries) != wanted:
        noun = "entry" if wanted == 1 else "entries"
        yield f"{place}: must have {wanted} {noun}, {meaning}, not {len(entries)}"


def _batch_faults(sound: Sound) -> Iterator[str]:
    batch = sound.get("training.batch")
    samples = len(sound.get("data.inputs") or sound.get("data.rows") or ())
    if isinstance(batch, int) and batch > LIMITS.batch:
        yield f"training.batch: must be {LIMITS.batch} at most, not {shown(batch)}"
        return
    if isinstance(batch, int) and 0 < samples < batch:
        right = f"1 to {samples}, as there are samples" if samples > 1 else "1, as there is one sample"
        yield f'training.batch: must be "full" or {right}, not {shown(batch)}'


def _loss_faults(document: Document, sound: Sound) -> Iterator[str]:
    """Faults of what the loss needs: the last activation, outputs enough, and targets within a range."""
    loss = LOSSES.get(sound.get("training.loss", ""))
    activations = sound.get("network.activations", ())
    for layer, name in enumerate(activations):
        if name == SOFTMAX.name and layer < len(activations) - 1:
            yield f"network.activations[{layer}]: {name} must be the last activation"
    if activations[-1:] == (SOFTMAX.name,) and loss is not None and loss is not CROSS_ENTROPY:
        yield f"training.loss: must be {CROSS_ENTROPY.name} with softmax, not {loss.name}"
        return
    if loss is None or loss.needs is None:
        return
    needs, why = loss.needs, f"for the loss {loss.name}"
    if needs.last_activation and activations and activations[-1] != needs.last_activation:
        place = f"network.activations[{len(activations) - 1}]"
        yield f"{place}: must be {needs.last_activation} {why}, not {activations[-1]}"
    layers = sound.get("network.layers", ())
    if layers and layers[-1] < needs.outputs:
        place = f"network.layers[{len(layers) - 1}]"
        yield f"{place}: must be {needs.outputs} or more {why}, one output for each class, not {layers[-1]}"
    for row, numbers in enumerate(sound.get("data.targets", ())):
        for output, number in enumerate(numbers):
            if not needs.allows(number):
                written = document["data"]["targets"][row][output]
                place = f"data.targets[{row}][{output}]"
                yield f"{place}: must be {needs.targets} {why}, not {shown(written)}"
