"""Samples that a lesson's own keys do not hold: those of a file of data, and those of a text that is kept."""

from __future__ import annotations

from typing import Any

from msgspec import ValidationError, convert
from msgspec.structs import replace

from tinynet_tui.engine.model import Rows
from tinynet_tui.lessons.data_faults import batch_fault
from tinynet_tui.lessons.documents import table_in
from tinynet_tui.lessons.faults import LessonFault
from tinynet_tui.lessons.schema import LIMITS, Lesson
from tinynet_tui.rules.class_losses import CROSS_ENTROPY
from tinynet_tui.rules.losses import LOSSES
from tinynet_tui.safety.foreign_text import printable


def with_file(lesson: Lesson, source: str, folder: str | None) -> Lesson:
    """A lesson with the samples of its file of data, if it names one; folder: where that is, None: nowhere.

    Raises: LessonFault where the file cannot be used.
    """
    data, layers, training = lesson.data, lesson.network.layers, lesson.training
    if data.file is None:
        return lesson
    if folder is None:
        raise LessonFault(source, ["data.file: no file is read here; must be inputs and targets"])
    from tinynet_tui.lessons.data_file import read_data  # most lessons have no such file

    try:
        found = read_data(folder, data.file, layers[0], layers[-1], training.loss == CROSS_ENTROPY.name)
    except LessonFault as bad:
        raise _of_lesson(bad, source) from None
    if fault := batch_fault(len(found.inputs), training.batch):
        raise LessonFault(source, [fault])
    needs = LOSSES[training.loss or ""].needs
    wrong = ((row, y) for row, ys in enumerate(found.targets, 1) for y in ys if needs and not needs.allows(y))
    if needs and (first := next(wrong, None)):
        words = f"a target must be {needs.targets} for the loss {training.loss}, not {first[1]:g}"
        raise LessonFault(source, [f"data.file: {printable(data.file)}: sample {first[0]}: {words}"])
    return replace(lesson, data=replace(data, file=None, **found._asdict()))


def rows_of_file(document: dict[str, Any], source: str, folder: str | None) -> dict[str, Any]:
    """The rows of the file of data that a lesson of formulas names, where they are more than its own file may
    have; the first are then in the document in place of that name, for what the other keys are held against.

    Raises: LessonFault where the file cannot be used.
    """
    data, program = table_in(document, "data"), table_in(document, "program")
    name, columns = data.get("file"), data.get("columns")
    forward, loss = program.get("forward", ""), program.get("loss")
    if not (isinstance(name, str) and isinstance(forward, str) and isinstance(loss, str)):
        return {}  # it will be said what is wrong
    if not name or not (
        columns is None or (isinstance(columns, list) and {str}.issuperset(map(type, columns)))
    ):
        return {}
    if any(key in data for key in ("inputs", "targets", "classes", "rows")):
        return {}
    if folder is None:
        raise LessonFault(source, ["data.file: no file is read here; must be columns and rows"])
    from tinynet_tui.lessons.data_file import read_columns
    from tinynet_tui.networks.formula_reading import names_read

    try:
        names, rows = read_columns(folder, name, columns, names_read(forward, loss))
    except LessonFault as bad:
        raise _of_lesson(bad, source) from None
    if fault := batch_fault(len(rows), table_in(document, "training").get("batch")):
        raise LessonFault(source, [fault])
    document["data"] = {"columns": names, "rows": rows[: LIMITS.samples]}
    return {"rows": convert(rows, Rows)} if len(rows) > LIMITS.samples else {}


def _of_lesson(fault: LessonFault, source: str) -> LessonFault:
    """The faults of a file of data as those of the lesson that names it."""
    told = [line for line in fault.lines if not line.startswith("…")]
    found = LessonFault(source, [f"data.file: {line}" for line in told])
    found.lines = (*found.lines, *fault.lines[len(told) :])
    return found


def many_samples(document: dict[str, Any]) -> dict[str, Any]:
    """The samples of a text that this program wrote, where they are more than a lesson's own file may have.

    They are taken out of the document; the first are left, for what the other keys are held against.
    """
    data, many = document.get("data"), dict[str, Any]()
    samples = (data.get("inputs") or data.get("rows")) if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(samples, list):
        return {}
    if not LIMITS.samples < len(samples) <= LIMITS.rows:
        return {}
    for key, kind in (("inputs", Rows), ("targets", Rows), ("classes", tuple[int, ...]), ("rows", Rows)):
        if key in data:
            try:
                many[key] = convert(data[key], kind)
            except ValidationError:
                return {}  # it will be said what is wrong
    if len(set(map(len, many.values()))) > 1:
        return {}
    document["data"] = {**data, **{key: data[key][: LIMITS.samples] for key in many}}
    return many
