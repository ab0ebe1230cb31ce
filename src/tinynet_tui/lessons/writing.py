"""Writing a lesson as a file that a person would like to edit."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import get_args

from msgspec import NODEFAULT, Struct
from msgspec.structs import FieldInfo, fields

from tinynet_tui.engine.model import Reduction
from tinynet_tui.lessons.idle_keys import idle_keys
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.networks.initial import Initializer
from tinynet_tui.rules.activations import ACTIVATIONS
from tinynet_tui.rules.hyperparameters import hyperparameters
from tinynet_tui.rules.losses import LOSSES
from tinynet_tui.rules.optimisers import OPTIMISERS
from tinynet_tui.safety.whole_files import create_file

_WIDTH = 100
_COMMENT_COLUMN = 40
_ALWAYS_WRITTEN = {"seed", "value", "numbering", "train_biases", "batch", "optimizer"}
"""Keys that tell something even where they have their default."""
_LARGEST_WHOLE = 1e15
"""Whole numbers below are written without a point."""


def _choice(names: Iterable[str]) -> str:
    return " | ".join(f'"{name}"' for name in names)


_COMMENTS = {
    "layers": "inputs, hidden layers, outputs",
    "activations": "for each layer after the inputs: " + ", ".join(ACTIVATIONS),
    "weights": "weights[layer][neuron][input], or as weights_layout says",
    "weights_layout": "weights[layer][input][neuron]",
    "biases": "biases[layer][neuron]",
    "init": _choice(get_args(Initializer)),
    "seed": "the same seed draws the same weights",
    "value": 'bound of "uniform", every weight of "same"',
    "numbering": 'w1, w2, … counted by the neuron they leave ("source") or enter ("target")',
    "inputs": "one row per sample",
    "targets": "one row per sample",
    "loss": _choice(LOSSES),
    "batch": 'samples per update: "full" or 1, 2, …',
    "reduction": "how a batch joins its samples: " + _choice(get_args(Reduction)),
    "optimizer": _choice(OPTIMISERS),
    "l2": "adds ½ · l2 · Σw² to the loss",
    **{own.key: own.comment for own in hyperparameters((*ACTIVATIONS.values(), *OPTIMISERS.values()))},
}


def lesson_text(lesson: Lesson) -> str:
    """A lesson as a TOML file, which reads back as the same lesson."""
    idle = idle_keys(lesson)
    parts = [
        _head(lesson),
        *(
            f"[{name}]\n" + "".join(_lines(table, {key for home, key in idle if home == name}))
            for name, table in (
                ("network", lesson.network),
                ("data", lesson.data),
                ("training", lesson.training),
            )
        ),
        *("[[notes]]\n" + "".join(_lines(note)) for note in lesson.notes),
    ]
    return "\n".join(parts)


def _head(lesson: Lesson) -> str:
    about = f"about = {_text(lesson.about, len('about = '))}\n" if lesson.about else ""
    return f"title = {_quoted(lesson.title)}\n{about}"


def _lines(table: Struct, idle: Collection[str] = ()) -> Iterator[str]:
    """The lines of a table, without the keys that do nothing."""
    for field in fields(table):
        value = getattr(table, field.name)
        if field.name not in idle and _is_written(field, value):
            yield _line(field.name, value)


def _is_written(field: FieldInfo, value: object) -> bool:
    return field.default is NODEFAULT or field.name in _ALWAYS_WRITTEN or value != field.default


def _line(key: str, value: object) -> str:
    line = f"{key} = {_value(value, len(key) + 3)}"
    comment = _COMMENTS.get(key)
    if not comment:
        return f"{line}\n"
    if "\n" in line:
        return f"# {comment}\n{line}\n"
    beside = f"{line:<{_COMMENT_COLUMN}}  # {comment}\n"
    return beside if len(beside) <= _WIDTH + 1 else f"# {comment}\n{line}\n"


def _value(value: object, indent: int) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _text(value, indent)
        case int():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < _LARGEST_WHOLE else repr(value)
        case tuple():
            return _list(value, 0)
    raise TypeError(f"a lesson holds no {type(value).__name__}")


def _list(values: tuple[object, ...], depth: int) -> str:
    """A list on one line where it fits or holds numbers alone; else one entry on each line."""
    entries = [_list(v, depth + 1) if isinstance(v, tuple) else _value(v, 0) for v in values]
    line = f"[{', '.join(entries)}]"
    if (len(line) <= _WIDTH and "\n" not in line) or not any(isinstance(v, tuple) for v in values):
        return line
    inside, outside = "    " * (depth + 1), "    " * depth
    return "[\n" + "".join(f"{inside}{entry},\n" for entry in entries) + f"{outside}]"


def _text(text: str, indent: int) -> str:
    """A text in quotes: on one line where it fits, else in lines broken between words."""
    line = _quoted(text)
    if "\n" not in text and indent + len(line) <= _WIDTH:
        return line
    # TOML drops the line end right after the quotes, and only that one.
    return '"""\n' + "\n".join(_folded(_escaped(part)) for part in text.split("\n")) + '"""'


def _quoted(text: str) -> str:
    return '"' + _escaped(text).replace("\n", "\\n") + '"'


def _escaped(text: str) -> str:
    """A text without quotes, backslashes and characters that cannot be seen, except for line ends."""
    return "".join(
        "\\" + c
        if c in '"\\'
        else c
        if c.isprintable() or c == "\n"
        else f"\\u{ord(c):04x}"
        if ord(c) < 0x10000
        else f"\\U{ord(c):08x}"
        for c in text
    )


def _folded(line: str) -> str:
    """A line broken between words by backslashes, which TOML reads as if it were whole."""
    folded, column = "", 0
    for word in re.split(r"(?<=\S )(?=\S)", line):
        if column and column + len(word) > _WIDTH:
            folded, column = folded + "\\\n", 0
        folded, column = folded + word, column + len(word)
    return folded


def write_lesson(lesson: Lesson, path: Path) -> None:
    """Write a lesson to a file that was not there before, whole or not at all.

    Raises: as `create_file`.
    """
    create_file(path, lesson_text(lesson))
