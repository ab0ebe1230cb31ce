"""What a TOML document that has no faults comes to: values of their kinds, and a lesson."""

from __future__ import annotations

from collections.abc import Mapping
from types import NoneType
from typing import Annotated, Any, get_args, get_origin

from msgspec import Struct, ValidationError, convert

from tinynet_tui.lessons.schema import Lesson, Numbers, OwnNames, kinds_of
from tinynet_tui.lessons.values import fraction

Document = Mapping[str, Any]
"""A TOML file as it was read, fractions in quotes still as they were written."""


def lesson_of(document: Document) -> Lesson:
    """The lesson in a document that has no faults."""
    if "program" in document:
        training = {**document["training"], "loss": None}
        document = {"data": {}, **document, "network": {}, "training": training}
    lesson: Lesson = as_kind(Lesson, document)
    return lesson


def table_in(document: Document, table: str) -> Document:
    """A table by name, the whole document for ""; empty where there is none."""
    value = document.get(table) if table else document
    return value if isinstance(value, dict) else {}


def as_kind(kind: Any, value: object) -> Any:
    """A value of a TOML file as a type has it.

    Raises: ValidationError where it does not fit.
    """
    return convert(as_kept(kind, value), kind)


def as_kept(kind: Any, value: object) -> object:
    """A value of a document as it is kept: a table of names that its writer has chosen is a list of pairs;
    where numbers are wanted a fraction in quotes is one, and −0.0 is 0.0: equal lessons show the same.

    Raises: ValidationError where such a table is given as the list that it is kept as.
    """
    own, table, inside = own_names(kind), table_of(kind), kind_inside(bare_kind(kind))
    if own:
        if not isinstance(value, dict):
            raise ValidationError("must be a table")
        return [[name, as_kept(own.kind, item)] for name, item in value.items()]
    if table and isinstance(value, dict):
        kinds = kinds_of(table)
        return {key: as_kept(kinds.get(key), item) for key, item in value.items()}
    if innermost(kind) is float:
        return _numbers_read(value)
    return [as_kept(inside, item) for item in value] if inside and isinstance(value, list) else value


def _numbers_read(value: object) -> object:
    match value:
        case list():
            return list(map(_numbers_read, value))
        case str():
            number = fraction(value)
            return value if number is None else number
        case float():
            return value + 0.0
        case _:
            return value


def own_names(kind: Any) -> OwnNames | None:
    """The mark of a table whose keys are the lesson's own names."""
    return next((item for item in getattr(kind, "__metadata__", ()) if isinstance(item, OwnNames)), None)


def kind_inside(bare: Any) -> Any:
    """What may stand in a list; of numbers in lists of any depth, the same again; None: it is no list."""
    if get_origin(bare) is tuple:
        return get_args(bare)[0]
    return Numbers if bare == bare_kind(Numbers) else None


def table_of(kind: Any) -> type[Struct] | None:
    """The table that a key holds; None where it holds none."""
    bare = bare_kind(kind)
    return bare if isinstance(bare, type) and issubclass(bare, Struct) else None


def bare_kind(kind: Any) -> Any:
    """A type without its limits and without its None."""
    if get_origin(kind) is Annotated:
        return bare_kind(get_args(kind)[0])
    if NoneType in get_args(kind):
        return bare_kind(get_args(kind)[0])
    return kind


def innermost(kind: Any) -> Any:
    """The type of what stands in a list, or in lists of lists; of any other type, itself."""
    bare = bare_kind(kind)
    if bare == bare_kind(Numbers):
        return float
    return innermost(get_args(bare)[0]) if get_origin(bare) is tuple else bare
