"""JSON Schemas of the files that people write: editors complete and check by them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import msgspec
from msgspec import Struct

from tinynet_tui.lessons.documents import own_names
from tinynet_tui.lessons.schema import OF_NETWORKS, Lesson, OwnNames, keys_of, kinds_of

Schema = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_FRACTION: Schema = {"type": "string", "pattern": "^[+-]?[0-9]+ ?/ ?0*[1-9][0-9]*$"}
_ONE_START: Schema = {
    "oneOf": [{"required": ["weights"]}, {"required": ["init"]}],
    "dependentRequired": {"biases": ["weights"]},
    "if": {"required": ["weights"], "not": {"required": ["bias"]}},
    "then": {"required": ["biases"]},
}
"""A network's parameters are given or drawn."""
_OTHERWISE = {"data": ({"inputs": "file", "targets": "file"}, {"targets": "classes"})}
"""By table: what need not be there where something else is, in each of the ways to give it."""


def json_schema(kind: type[Struct]) -> Schema:
    """The schema of a TOML file that holds a struct: of its keys, each on its own, as its faults are told."""
    tables = {table.__name__: table for table in _tables(kind)}
    chosen = [
        (name, key, own)
        for name, table in tables.items()
        for key, written in kinds_of(table).items()
        if (own := own_names(written))
    ]
    asked = (kind, *(own.kind for *_, own in chosen))
    (_, *inside), parts = msgspec.json.schema_components(asked, ref_template="#/$defs/{name}")
    for (name, key, own), schema in zip(chosen, inside, strict=True):
        named: Schema = {"additionalProperties": schema}
        if own.names:
            named = {"properties": dict.fromkeys(own.names, schema), "additionalProperties": False}
        words = parts[name]["properties"][key].get("description", "")
        parts[name]["properties"][key] = {"description": words, "type": "object", **named}
    for name, table in tables.items():
        part = _as_in_toml(parts[name])
        for key, row in keys_of(table).items():
            said = (row.comment, part["properties"][key].get("description"))
            if words := "; ".join(filter(None, said)):
                part["properties"][key]["description"] = words
        parts[name] = part | _needs(table, part["properties"])
    whole = parts.pop(kind.__name__)
    if kind is Lesson:
        whole |= _needed_in_a_lesson(whole.pop("required"), parts)
    return {"$schema": _DIALECT, **whole, "$defs": parts}


def _tables(kind: Any) -> Iterator[type[Struct]]:
    """Every table that a kind of value is or may have inside."""
    if isinstance(kind, type) and issubclass(kind, Struct):
        yield kind
        inside = tuple(kinds_of(kind).values())
    else:
        inside = (kind.kind,) if isinstance(kind, OwnNames) else get_args(kind)
    for inner in inside:
        yield from _tables(inner)


def _as_in_toml(schema: Any) -> Any:
    """A schema without null and empty defaults, which no TOML file has; with fractions in quotes."""
    if isinstance(schema, list):
        return [_as_in_toml(item) for item in schema if item != {"type": "null"}]
    if not isinstance(schema, dict):
        return schema
    read = {
        key: _as_in_toml(item)
        for key, item in schema.items()
        if key != "default" or isinstance(item, (bool, int, float, str))
    }
    if len(read.get("anyOf", ())) == 1:
        read |= read.pop("anyOf")[0]
    if read.get("type") == "number":
        words = {key: read.pop(key) for key in ("description", "default") if key in read}
        read = {**words, "anyOf": [read, _FRACTION]}
    return read


def _needs(table: type[Struct], properties: Schema) -> Schema:
    """That keys stand beside the choice without which they do nothing."""
    found = {}
    for key, row in keys_of(table).items():
        if row.needs:
            choice = row.needs.choice
            names = [{"true": True}.get(name, name) for name in row.needs.names]
            one: Schema = {"enum": names}
            chosen = {"anyOf": [one, {"type": "array", "contains": one}]}
            has_default = properties[choice].get("default") in names
            found[key] = {"properties": {choice: chosen}, "required": [] if has_default else [choice]}
    return {"dependentSchemas": found} if found else {}


def _needed_in_a_lesson(required: list[str], parts: Schema) -> Schema:
    """What has to be there: a title has a default, and a lesson of formulas needs less than a network."""
    parts["TrainingTable"]["required"].remove("loss")
    needed: dict[str, list[str]] = {}
    for place in sorted(OF_NETWORKS):
        table, _, key = place.partition(".")
        needed.setdefault(table, []).extend([key] if key else [])
    keys = {table: _all_of(table, keys) for table, keys in needed.items() if table}
    keys["network"] |= _ONE_START
    network = {"required": [*needed], "properties": keys}
    return {
        "required": [name for name in required if name not in {"title", *OF_NETWORKS}],
        "if": {"required": ["program"]},
        "else": network,
    }


def _all_of(table: str, keys: list[str]) -> Schema:
    """That keys are there, or what may stand for them."""
    instead = _OTHERWISE.get(table, ())
    ways = [{"required": keys}]
    for others in instead:
        ways.append({"required": sorted({others.get(key, key) for key in keys})})
    return {"anyOf": ways} if instead else ways[0]
