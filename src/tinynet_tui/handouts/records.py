"""Data for programs: rows as lines of CSV, objects as JSON Lines. Numbers are in full precision, −0 is 0."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from math import isfinite

from tinynet_tui.safety.foreign_text import escaped_in_json


class _Line:
    """Gives back what is written to it."""

    @staticmethod
    def write(text: str) -> str:
        return text


_CSV_WRITER = csv.writer(_Line, lineterminator="")


def csv_line(cells: Iterable[object]) -> str:
    """One line, without its end; None is an empty cell."""
    # Adding 0 takes the sign from −0, and nothing from any other number.
    return str(_CSV_WRITER.writerow(cell + 0.0 if isinstance(cell, float) else cell for cell in cells))


def json_line(record: object, ascii: bool = True) -> str:
    """A mapping or a dataclass as an object on one line, its keys in their order."""
    return _ENCODERS[ascii].encode(_in_json(record))


def json_number(number: float) -> str:
    """A number as it is written in JSON, which has no inf and no nan: they are "inf", "-inf" and "nan"."""
    return repr(number + 0.0) if isfinite(number) else f'"{number!r}"'


def _in_json(value: object) -> object:
    """A value as the encoder takes it."""
    match value:
        case float():
            return value + 0.0 if isfinite(value) else repr(value)
        case Mapping():
            return {str(key): _in_json(item) for key, item in value.items()}
        case str():
            return value
        case Sequence():
            return [_in_json(item) for item in value]
        case _ if is_dataclass(value):
            return {field.name: _in_json(getattr(value, field.name)) for field in fields(value)}
        case _:
            return value


class _OneLine(json.JSONEncoder):
    """Writes what cannot be seen as an escape, so that no terminal obeys it and no line ends in it."""

    def encode(self, o: object) -> str:
        """An object on one line."""
        return escaped_in_json(super().encode(o))


_ENCODERS = {ascii: _OneLine(ensure_ascii=ascii, allow_nan=False) for ascii in (True, False)}
