"""Writing a lesson as a file that a person would like to edit."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import starmap
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from tinynet_tui.engine.names import STATE_LETTERS
from tinynet_tui.lessons.own_text import own_text
from tinynet_tui.lessons.schema import (
    LIMITS,
    DataTable,
    Lesson,
    NetworkTable,
    OwnText,
    ProgramTable,
    RecipeTable,
    StateTable,
    defaults_of,
    idle_keys,
    is_idle,
    keys_of,
)
from tinynet_tui.safety.whole_files import create_file

_WIDTH = 100
_COMMENT_COLUMN = 40
_LARGEST_WHOLE = 1e15
"""Whole numbers below are written without a point."""


def lesson_text(lesson: Lesson) -> str:
    """A lesson as a TOML file, which reads back as the same lesson; in the lines of its own file, if any."""
    plain = _plain_text(lesson)
    return plain if lesson.own.text is None else own_text(lesson.own.text, plain) or plain


def with_text(lesson: Lesson, text: str | bytes) -> Lesson:
    """A person's own lesson, with the text of its file."""
    if isinstance(text, bytes):
        text = text.decode("utf-8-sig")
    return replace(lesson, own=OwnText(text.replace("\r\n", "\n")))


@lru_cache(maxsize=4)
def _plain_text(lesson: Lesson) -> str:
    idle = set(idle_keys(lesson))
    tables = (("network", lesson.network), ("data", lesson.data), ("training", lesson.training))
    parts = [
        _head(lesson),
        *(_program(lesson.program) if lesson.program else ()),
        *(
            f"[{name}]\n{_lines(table, {key for home, key in idle if home == name})}"
            for name, table in tables
            if table not in (NetworkTable(), DataTable())
        ),
        *(f"[[notes]]\n{_lines(note)}" for note in lesson.notes),
        *(f"[[expect]]\n{_lines(expected)}" for expected in lesson.expect),
    ]
    return "\n".join(parts)


def _head(lesson: Lesson) -> str:
    about = f"about = {_text(lesson.about, len('about = '))}\n" if lesson.about else ""
    return f"title = {_quoted(lesson.title)}\n{about}"


def _program(program: ProgramTable) -> Iterator[str]:
    """The tables of a program: its text as it is, line by line, and its numbers by name."""
    forward = f'"""\n{_escaped(program.forward)}"""' if program.forward else '""'
    chosen = (_line(k, v, "") for k in ("frozen", "trained") if (v := getattr(program, k)))
    yield f"[program]\nforward = {forward}\nloss = {_text(program.loss, len('loss = '))}\n{''.join(chosen)}"
    if program.parameters:
        lines = (f"{name} = {_value(numbers, 0)}\n" for name, numbers in program.parameters)
        yield f"[program.parameters]\n{''.join(lines)}"
    if program.init:
        yield f"[program.init]\n{''.join(starmap(_recipe, program.init))}"


def _recipe(names: str, recipe: RecipeTable) -> str:
    needs = {key: row.needs for key, row in keys_of(RecipeTable).items() if row.needs}
    keys = (
        key
        for key, default in defaults_of(RecipeTable).items()
        if getattr(recipe, key) != default and not (key in needs and is_idle(needs[key], recipe.init))
    )
    inside = ", ".join(f"{key} = {_value(getattr(recipe, key), 0)}" for key in keys)
    return f"{_quoted(names)} = {{ {inside} }}\n"


def _lines(table: Struct, idle: Collection[str] = ()) -> str:
    """The lines of a table, without the keys that do nothing."""
    rows = keys_of(type(table))
    return "".join(
        _line(key, getattr(table, key), rows[key].comment)
        for key, default in defaults_of(type(table)).items()
        if key not in idle
        and (rows[key].is_always_written or getattr(table, key) != default)
        and getattr(table, key) is not None
    )


def _line(key: str, value: object, comment: str) -> str:
    line = f"{key} = {_value(value, len(key) + 3)}"
    if not comment:
        return f"{line}\n"
    beside = f"{line:<{_COMMENT_COLUMN}}  # {comment}\n"
    return beside if "\n" not in line and len(beside) <= _WIDTH + 1 else f"# {comment}\n{line}\n"


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
        case StateTable():
            return _state(value)
    raise TypeError(f"a lesson holds no {type(value).__name__}")


def _state(state: StateTable) -> str:
    """What an optimiser remembers, as tables on one line."""
    tables = {letter: getattr(state, letter) for letter in STATE_LETTERS}
    inside = [
        f"{letter} = {{ {', '.join(f'{_key(name)} = {_value(number, 0)}' for name, number in numbers)} }}"
        for letter, numbers in tables.items()
        if numbers
    ]
    return f"{{ {', '.join((*inside, *([f't = {state.t}'] if state.t else [])))} }}"


def _key(name: str) -> str:
    """A name as a key: one with indices, w[1,2], must stand in quotes."""
    return name if name.isidentifier() else _quoted(name)


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
    data = lesson.data
    if len(lesson.samples) > LIMITS.samples:  # more than a lesson's own file may have: they go beside it
        beside = path.with_suffix(".csv")
        create_file(beside, _csv(data))
        lesson = replace(lesson, data=DataTable(file=beside.name))
    create_file(path, lesson_text(lesson))


def _csv(data: DataTable) -> str:
    """Samples as a file of data: the columns of formulas, or x1, x2, … and y, y1, … or class."""
    if data.rows:
        # x[2,1] has a comma of its own.
        header, samples = [f'"{name}"' if "," in name else name for name in data.columns], data.rows
    else:
        right = [(number,) for number in data.classes] or data.targets
        outputs = ["class"] if data.classes else [f"y{n}" for n in range(1, len(right[0]) + 1)]
        header = [f"x{n}" for n in range(1, len(data.inputs[0]) + 1)] + outputs
        samples = tuple((*inputs, *found) for inputs, found in zip(data.inputs, right, strict=True))
    return "\n".join(map(",".join, (header, *(map(repr, row) for row in samples)))) + "\n"
