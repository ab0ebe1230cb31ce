"""Faults between the keys of a lesson: values that are sound alone and do not fit each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from tinynet_tui.engine.program import Program
from tinynet_tui.engine.steps import PHASES
from tinynet_tui.lessons.errors import nearest, shortened, shown
from tinynet_tui.lessons.idle_keys import idle_key_faults
from tinynet_tui.lessons.key_checks import Document, sound_value, table_in
from tinynet_tui.lessons.schema import LIMITS, Layout, Lesson, network_of
from tinynet_tui.networks.dense import Biases, Weights, dense_model
from tinynet_tui.rules.losses import LOSSES

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
    yield from _start_faults(document)
    yield from idle_key_faults(document)
    yield from _shape_faults(document)
    yield from _batch_faults(document)
    yield from _loss_faults(document)


def unknown_step_faults(lesson: Lesson) -> Iterator[str]:
    """A fault for each note that stands at neither a phase nor a step of the lesson's network."""
    if not lesson.notes:
        return
    names = {*PHASES, *(step.name for step in Program(dense_model(network_of(lesson)), (1,)).steps())}
    places = f"a phase ({', '.join(PHASES)}) or a step, such as dL/dw1"
    lost = [(index, note.at) for index, note in enumerate(lesson.notes) if note.at not in names]
    for number, (index, at) in enumerate(lost):
        # Looking for the step that was meant takes time: it is done for those that will be seen.
        close = nearest(at, names) if number < LIMITS.faults else None
        advice = f"did you mean {close}?" if close else f"must be {places}"
        yield f'notes[{index}].at: this network has no step "{shortened(at)}"; {advice}'


def _start_faults(document: Document) -> Iterator[str]:
    """Faults in what training starts from: weights with biases, or init."""
    table = table_in(document, "network")
    given = [key for key in ("weights", "biases") if key in table]
    if "init" in table and given:
        yield f"network.init: must not be given with {' and '.join(given)}; keep one or the other"
    elif "init" in table and "weights_layout" in table:
        yield "network.weights_layout: does nothing without weights; add them, or leave this out"
    elif "init" not in table:
        if table and not given:
            yield "network: must have weights and biases, or init; has none of them"
        if len(given) == 1:
            missing = "biases" if given == ["weights"] else "weights"
            yield f"network.{missing}: missing; must be given with {given[0]}"


def _shape_faults(document: Document) -> Iterator[str]:
    """Faults of lists that are not as long as the layers, or each other, say."""
    inputs = sound_value(document, "data", "inputs") or ()
    targets = sound_value(document, "data", "targets") or ()
    if inputs and targets:
        yield from _length_faults("data.targets", targets, len(inputs), "one for each row of inputs")
    layers = sound_value(document, "network", "layers")
    if layers is None:
        return
    for key in ("activations", "weights", "biases"):
        entries = sound_value(document, "network", key)
        if entries is not None:
            wanted, meaning = len(layers) - 1, "one for each layer after the inputs"
            yield from _length_faults(f"network.{key}", entries, wanted, meaning)
    yield from _weight_faults(document, layers)
    yield from _bias_faults(layers, sound_value(document, "network", "biases") or ())
    for row, numbers in enumerate(inputs):
        yield from _length_faults(f"data.inputs[{row}]", numbers, layers[0], "one for each input")
    for row, numbers in enumerate(targets):
        yield from _length_faults(f"data.targets[{row}]", numbers, layers[-1], "one for each output")


def _weight_faults(document: Document, layers: Sequence[int]) -> Iterator[str]:
    """Faults of matrices that do not fit the layers; where all fit the other way round, only that is said."""
    weights: Weights = sound_value(document, "network", "weights") or ()
    layout: Layout | None = sound_value(document, "network", "weights_layout")
    if layout is None:
        return
    of_row, of_column = _ROWS_AND_COLUMNS[layout]
    shapes = [(outs, ins) if layout == "neurons_by_inputs" else (ins, outs) for ins, outs in pairwise(layers)]
    turned = [(columns, rows) for rows, columns in shapes]
    if len(weights) == len(shapes) and not _fit(weights, shapes) and _fit(weights, turned):
        yield f"network.weights: {_TURNED[layout]}"
        return
    for index, (matrix, (rows, columns)) in enumerate(zip(weights, shapes, strict=False)):
        place = f"network.weights[{index}]"
        if rows != columns and _fits(matrix, (columns, rows)):
            yield from (
                f"{fault}; it fits when it is turned" for fault in _length_faults(place, matrix, rows, of_row)
            )
            continue
        yield from _length_faults(place, matrix, rows, of_row)
        for number, row in enumerate(matrix):
            yield from _length_faults(f"{place}[{number}]", row, columns, of_column)


def _fit(weights: Weights, shapes: Sequence[tuple[int, int]]) -> bool:
    """Whether every matrix has its number of rows and columns."""
    return all(map(_fits, weights, shapes))


def _fits(matrix: Sequence[Sequence[float]], shape: tuple[int, int]) -> bool:
    """Whether a matrix has that many rows and columns."""
    return len(matrix) == shape[0] and all(len(row) == shape[1] for row in matrix)


def _bias_faults(layers: Sequence[int], biases: Biases) -> Iterator[str]:
    for index, (neurons, row) in enumerate(zip(layers[1:], biases, strict=False)):
        yield from _length_faults(
            f"network.biases[{index}]", row, neurons, "one for each neuron of the layer"
        )


def _length_faults(place: str, entries: Sequence[object], wanted: int, meaning: str) -> Iterator[str]:
    if len(entries) != wanted:
        noun = "entry" if wanted == 1 else "entries"
        yield f"{place}: must have {wanted} {noun}, {meaning}, not {len(entries)}"


def _batch_faults(document: Document) -> Iterator[str]:
    batch = sound_value(document, "training", "batch")
    inputs = sound_value(document, "data", "inputs")
    if isinstance(batch, int) and inputs is not None and batch > len(inputs):
        samples = (
            f"1 to {len(inputs)}, as there are samples" if len(inputs) > 1 else "1, as there is one sample"
        )
        yield f'training.batch: must be "full" or {samples}, not {shown(batch)}'


def _loss_faults(document: Document) -> Iterator[str]:
    loss = LOSSES.get(sound_value(document, "training", "loss"))
    if loss is None or loss.needs is None:
        return
    needs, why = loss.needs, f"for the loss {loss.name}"
    activations = sound_value(document, "network", "activations")
    if activations and activations[-1] != (wanted := needs.last_activation.name):
        yield f"network.activations[{len(activations) - 1}]: must be {wanted} {why}, not {activations[-1]}"
    for row, numbers in enumerate(sound_value(document, "data", "targets") or ()):
        for output, number in enumerate(numbers):
            if not needs.allows(number):
                written = document["data"]["targets"][row][output]
                place = f"data.targets[{row}][{output}]"
                yield f"{place}: must be {needs.targets} {why}, not {shown(written)}"
