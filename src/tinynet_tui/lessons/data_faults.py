"""Faults of the samples: given in two ways at once, classes that no output is for, too many for one batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tinynet_tui.lessons.documents import Document, table_in
from tinynet_tui.lessons.schema import LIMITS
from tinynet_tui.lessons.values import shown


def data_faults(document: Document, sound: Mapping[str, Any]) -> Iterator[str]:
    """The faults, each as "place: words"; sound: the values without a fault of their own, by place."""
    data = table_in(document, "data")
    if "file" in data:
        for key in ("inputs", "targets", "classes", "columns", "rows"):
            if key in data and not (key == "columns" and "program" in document):
                yield f"data.file: must not be given with {key}; keep one or the other"
                return
    if "classes" in data and "targets" in data:
        yield "data.classes: must not be given with targets; keep one or the other"
        return
    classes, inputs, layers = (sound.get(name) for name in ("data.classes", "data.inputs", "network.layers"))
    if not classes:
        return
    if inputs and len(classes) != len(inputs):
        yield f"data.classes: must have {len(inputs)} entries, one for each row of inputs, not {len(classes)}"
    if layers:
        yield from class_faults(classes, layers[-1])


def class_faults(classes: tuple[int, ...], outputs: int) -> Iterator[str]:
    """Faults of classes that are no numbers of outputs."""
    if outputs == 1:
        yield "data.classes: must be targets for one output; classes need two or more"
        return
    for index, number in enumerate(classes):
        if not 1 <= number <= outputs:
            right = f"must be the number of an output, 1 to {outputs}"
            yield f"data.classes[{index}]: {right}, not {shown(number)}"


def batch_fault(samples: int, batch: object) -> str | None:
    """What is said of the batch beside the samples of a file; None where it is right."""
    if isinstance(batch, int) and batch > samples:
        return f'training.batch: must be "full" or 1 to {samples:,}, as there are samples, not {batch}'
    if samples > LIMITS.samples and batch in (None, "full"):
        why = f"above {LIMITS.samples} samples (here {samples:,})"
        return f"training.batch: must be a whole number from 1 to {LIMITS.batch} {why}, such as batch = 32"
    return None
