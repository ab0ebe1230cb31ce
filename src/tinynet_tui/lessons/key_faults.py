"""Faults of a lesson's keys, each on its own: unknown, missing, or of the wrong kind."""

from __future__ import annotations

from collections.abc import Iterator
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from msgspec import NODEFAULT, Meta, Struct, ValidationError

from tinynet_tui.lessons.documents import (
    Document,
    as_kind,
    bare_kind,
    kind_inside,
    own_names,
    table_in,
    table_of,
)
from tinynet_tui.lessons.faults import nearest
from tinynet_tui.lessons.schema import (
    LIMITS,
    OF_NETWORKS,
    TABLES,
    Lesson,
    defaults_of,
    kinds_of,
)
from tinynet_tui.lessons.values import advice_on, shown
from tinynet_tui.safety.foreign_text import shortened


def key_faults(document: Document) -> Iterator[str]:
    """The faults of every key of a lesson, each as "place: words"."""
    given = OF_NETWORKS if "program" in document else _given_otherwise(document)
    yield from _table_faults(Lesson, document, "", _keys_meant(document) | given)


def struct_faults(kind: type[Struct], document: Document) -> Iterator[str]:
    """The faults of a file that is no lesson, and has the keys of another struct."""
    yield from _table_faults(kind, document, "", set())


def without_faults(kind: type[Struct], document: Document) -> dict[str, Any]:
    """A file with the keys of a struct, without those that have faults, or the names in a table that have."""
    sound, kinds = dict[str, Any](), kinds_of(kind)
    for key, item in document.items():
        own = own_names(kinds.get(key))
        if own and isinstance(item, dict):
            sound[key] = {
                name: inner for name, inner in item.items() if _converted(own.kind, inner) is not None
            }
        elif key in kinds and _converted(kinds[key], item) is not None:
            sound[key] = item
    return sound


def _given_otherwise(document: Document) -> frozenset[str]:
    """The places of what is there in another way: samples in a file, classes as targets."""
    data = table_in(document, "data")
    if "file" in data:
        return frozenset(("data.inputs", "data.targets"))
    return frozenset(("data.targets",)) if "classes" in data else frozenset()


def sound_values(document: Document) -> dict[str, Any]:
    """By place, such as network.layers: every value that has no fault of its own, and every default."""
    sound = dict[str, Any]()
    for name, kind in TABLES.items():
        table = table_in(document, name)
        kinds = kinds_of(kind)
        for key, default in defaults_of(kind).items():
            given = table.get(key)
            if given is None:
                value = None if default in ((), NODEFAULT) else default  # a lesson need not have it
            else:
                value = _converted(kinds[key], given)
            if value is not None:
                sound[_place(name, key)] = value
    return sound


def _place(table: str, key: str) -> str:
    return f"{table}.{key}" if table else key


def _keys_meant(document: Document) -> set[str]:
    """The places of the keys that unknown keys are likely to mean: these are not missing as well."""
    return {
        _key_meant(kind, key, table)
        for table, kind in TABLES.items()
        for key in _unknown_keys(kind, table_in(document, table))[: LIMITS.faults]
    }


def _key_meant(kind: type[Struct], key: str, place: str) -> str:
    """The place of the key that an unknown key of a table is likely to mean, or ""."""
    for home, other in TABLES.items():
        if key in kinds_of(other):
            return _place(home, key)
    close = nearest(key, kinds_of(kind))
    return _place(place, close) if close else ""


def _unknown_keys(table: type[Struct], value: Document) -> list[str]:
    return [key for key in value if key not in kinds_of(table)]


def _table_faults(table: type[Struct], value: Document, place: str, meant: set[str]) -> Iterator[str]:
    for number, key in enumerate(_unknown_keys(table, value)):
        # Looking for the key that was meant takes time: it is done for those that will be seen.
        advice = _advice(table, key, place) if number < LIMITS.faults else ""
        yield f"{_place(place, shortened(key))}: unknown key{advice}"
    meant = meant | {_key_meant(table, key, place) for key in _unknown_keys(table, value)[: LIMITS.faults]}
    kinds = kinds_of(table)
    for key, default in defaults_of(table).items():
        here, kind = _place(place, key), kinds[key]
        if key in value:
            yield from _value_faults(kind, value[key], here, meant)
        elif (default is NODEFAULT or here in OF_NETWORKS) and here not in meant:
            yield f"{here}: missing; must be {wanted(kind)}"


def _advice(table: type[Struct], key: str, place: str) -> str:
    *home, name = _key_meant(table, key, place).split(".")
    if name == key:
        return f"; it belongs in [{home[0]}]" if home else "; it belongs above the first table"
    return f"; did you mean {name}?" if name else f"; the keys here are {', '.join(kinds_of(table))}"


def _value_faults(kind: Any, value: object, place: str, meant: set[str]) -> Iterator[str]:
    """The faults of a value, each at its own place inside it."""
    bare = bare_kind(kind)
    if own := own_names(kind):
        if not isinstance(value, dict):
            yield f"{place}: must be {wanted(kind)}, not {shown(value)}"
            return
        for name, item in value.items():
            yield from _value_faults(own.kind, item, _place(place, shortened(name)), meant)
        return
    if (table := table_of(kind)) and isinstance(value, dict):
        yield from _table_faults(table, value, place, meant)
        return
    if _converted(kind, value) is not None:
        return
    faults_inside = False
    if isinstance(value, list) and (inner := kind_inside(bare)):
        for index, item in enumerate(value):
            for fault in _value_faults(inner, item, f"{place}[{index}]", meant):
                faults_inside = True
                yield fault
    if not faults_inside:
        advice = advice_on(value) if isinstance(value, str) and bare is float else ""
        yield f"{place}: must be {wanted(kind)}, not {shown(value)}{advice}"


def _converted(kind: Any, value: object) -> Any:
    """A value as the type of its key has it; None where it does not fit."""
    try:
        return as_kind(kind, value)
    except ValidationError:
        return None


def wanted(kind: Any) -> str:
    """What a value of a type must be, in words."""
    for item in getattr(kind, "__metadata__", ()):
        if isinstance(item, Meta) and item.description:
            return item.description
    bare = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    if NoneType in get_args(bare):
        return wanted(get_args(bare)[0])
    if get_origin(bare) is Literal:
        return f"one of {', '.join(get_args(bare))}"
    if get_origin(bare) is tuple:
        nested = get_origin(get_args(bare)[0]) is tuple
        return "a list of lists of numbers" if nested else "a list of numbers"
    return {str: "a text", bool: "true or false"}.get(bare, "a table")
