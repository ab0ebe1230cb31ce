"""A file of samples: CSV with a header row; columns are x1 … xn and y, y1 … or class, or inputs first."""

import csv
import os
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from math import isfinite
from typing import NamedTuple

from tinynet_tui.lessons.faults import LessonFault
from tinynet_tui.lessons.file_bytes import read_bounded
from tinynet_tui.lessons.schema import LIMITS
from tinynet_tui.safety.foreign_text import shortened

_Table = Sequence[tuple[int, list[str]]]
"""(the number of its line, its cells) of each row, the header first."""
_SEPARATORS = (",", ";", "\t")


class DataFile(NamedTuple):
    """The samples of a file: targets for the outputs, or the class of each."""

    inputs: tuple[tuple[float, ...], ...]
    targets: tuple[tuple[float, ...], ...]
    classes: tuple[int, ...]


class _Columns(NamedTuple):
    """Where (from 0) in a row inputs stand, and targets or the class."""

    inputs: tuple[int, ...]
    targets: tuple[int, ...]
    is_class: bool


def read_data(folder: str, name: str, inputs: int, outputs: int, takes_classes: bool) -> DataFile:
    """The samples in a file of a folder, for as many inputs and outputs.

    takes_classes: whether one column beside the inputs is the class where there are several outputs.

    Raises: LessonFault, which names the file, where it is missing or has a fault.
    """
    (at, header), *body = _table(folder, name)
    columns = _columns(header, inputs, outputs, takes_classes)
    if isinstance(columns, str):
        raise LessonFault(name, [f"line {at}: {columns}"])
    classes = range(1, outputs + 1) if columns.is_class else None
    right = {**dict.fromkeys(columns.inputs), **dict.fromkeys(columns.targets, classes)}
    rows = _numbers(name, header, body, right)
    targets = tuple(tuple(row[place] for place in columns.targets) for row in rows)
    return DataFile(
        tuple(tuple(row[place] for place in columns.inputs) for row in rows),
        () if columns.is_class else targets,
        tuple(int(row[0]) for row in targets) if columns.is_class else (),
    )


def read_columns(
    folder: str, name: str, called: Sequence[str] | None, wanted: Container[str]
) -> tuple[list[str], list[list[float]]]:
    """(the columns of a file that are wanted, by name, the numbers in their rows).

    called: what the columns are called, in their order; None: as the header has them.

    Raises: LessonFault, which names the file, where it is missing or has a fault.
    """
    (at, header), *body = _table(folder, name)
    if words := _repeated(header):
        raise LessonFault(name, [f"line {at}: {words}"])
    names = header if called is None else called
    if len(names) != len(header):
        raise LessonFault(name, [f"must have {len(names)} columns, as data.columns has, not {len(header)}"])
    places = [place for place, column in enumerate(names) if column in wanted]
    if not places:
        raise LessonFault(name, [f"no formula reads a column of it; there are {shortened(', '.join(names))}"])
    rows = _numbers(name, header, body, dict.fromkeys(places))
    return [names[place] for place in places], [[row[place] for place in places] for row in rows]


def _table(folder: str, name: str) -> list[tuple[int, list[str]]]:
    """(the number of its line, its cells) of each row of a file that is not empty, the header first.

    Raises: LessonFault, which names the file, where it cannot be read, or has no header.
    """
    if os.path.basename(name) != name or name in (os.curdir, os.pardir):
        raise LessonFault(name, ["must be the name of a file beside the lesson, without a folder"])
    path = os.path.join(folder, name) if folder != os.curdir else name
    try:
        raw = read_bounded(path, LIMITS.data_bytes)
    except FileNotFoundError:
        raise LessonFault(name, ["there is no such file beside the lesson"]) from None
    try:
        lines = raw.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise LessonFault(name, ["is not UTF-8; must be saved as CSV in UTF-8"]) from None
    header = next((line for line in lines if line.strip()), "")
    separator = max(_SEPARATORS, key=header.count)
    rows = [(number, row) for number, row in _rows(lines, separator) if any(row)]
    if not rows:
        raise LessonFault(name, ["is empty; must have a header row and a row for each sample"])
    if all(_number(cell) is not None for cell in rows[0][1]):
        words = "must be a header row with the names of the columns, such as x1,x2,y"
        raise LessonFault(name, [f"line {rows[0][0]}: {words}"])
    return rows


def _rows(lines: Sequence[str], separator: str) -> Iterator[tuple[int, list[str]]]:
    """(the number of its line, its cells) of each row."""
    reader = csv.reader(lines, delimiter=separator)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:  # a cell of more characters than any number has
            row = ["?"]
        yield reader.line_num, [cell.strip() for cell in row]


def _repeated(header: Sequence[str]) -> str:
    """What is wrong with a header that names a column twice; "" where none does."""
    name = next((name for name, times in Counter(header).items() if name and times > 1), None)
    return f"the column {shortened(name)} is there twice; must be there once" if name else ""


def _numbers(
    name: str, header: Sequence[str], body: _Table, places: Mapping[int, range | None]
) -> list[dict[int, float]]:
    """The numbers in each row below the header, by their place in it.

    places: those that are looked at, each with the classes that a number there may be.

    Raises: LessonFault, of the file's name, where a row has a fault.
    """
    if faults := list(_row_faults(header, body, places)):
        raise LessonFault(name, faults)
    return [{place: float(row[place]) + 0.0 for place in places} for _, row in body]


def _row_faults(header: Sequence[str], body: _Table, places: Mapping[int, range | None]) -> Iterator[str]:
    """What is wrong with the rows below the header, each as "line 3, column x1: words"."""
    if not body:
        yield "has no samples; must have a row for each below the header"
    if len(body) > LIMITS.rows:
        yield f"has {len(body):,} samples; must have at most {LIMITS.rows:,}"
    for line, row in body[: LIMITS.rows]:
        if len(row) != len(header):
            yield f"line {line}: must have {len(header)} columns, as the header has, not {len(row)}"
            continue
        for place, classes in places.items():
            if words := _cell_fault(row[place], classes):
                yield f"line {line}, column {shortened(header[place]) or place + 1}: {words}"


def _cell_fault(cell: str, classes: range | None) -> str:
    """What is wrong with a cell, which is a number, or one of the classes; "" where it is right."""
    number = _number(cell)
    if number is None:
        has_comma = _number(cell.replace(",", ".")) is not None
        advice = "; decimals are written with a point" if has_comma else ""
        return f'must be a finite number, not "{shortened(cell)}"{advice}'
    if classes is not None and number not in classes:
        return f"must be the number of an output, 1 to {classes[-1]}, not {shortened(cell)}"
    return ""


def _number(cell: str) -> float | None:
    """The number in a cell; None where there is none that is finite."""
    try:
        number = float(cell)
    except ValueError:
        return None
    return number if isfinite(number) and "_" not in cell else None


def _columns(header: list[str], inputs: int, outputs: int, takes_classes: bool) -> _Columns | str:
    """Which columns are which; or what is wrong with the header."""
    names = [name.lower() for name in header]
    if words := _repeated(names):
        return words
    of_inputs = [f"x{number}" for number in range(1, inputs + 1)]
    if all(name in names for name in of_inputs):
        return _named_columns(names, of_inputs, outputs)
    rest = len(header) - inputs
    if rest == 1 and outputs > 1 and takes_classes:
        return _Columns(tuple(range(inputs)), (inputs,), is_class=True)
    if rest != outputs:
        last = f"{outputs} targets" if outputs > 1 else "the target"
        of = f"{inputs} input{'s' * (inputs > 1)} and {last}"
        return f"must have {inputs + outputs} columns, {of}, not {len(header)}"
    return _Columns(tuple(range(inputs)), tuple(range(inputs, len(header))), is_class=False)


def _named_columns(names: list[str], of_inputs: list[str], outputs: int) -> _Columns | str:
    """The columns of a header that has all inputs by name."""
    places = tuple(map(names.index, of_inputs))
    of_targets = ["y"] if outputs == 1 and "y" in names else [f"y{n}" for n in range(1, outputs + 1)]
    if all(name in names for name in of_targets):
        return _Columns(places, tuple(map(names.index, of_targets)), is_class=False)
    label = next((name for name in ("class", "y") if name in names), None)
    if label is not None and outputs > 1:
        return _Columns(places, (names.index(label),), is_class=True)
    wanted = "y" if outputs == 1 else f"y1 to y{outputs}, or class"
    return f"must have a column {wanted} beside {', '.join(of_inputs)}"
