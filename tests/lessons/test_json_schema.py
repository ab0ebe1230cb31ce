"""The schemas for editors, by a validator that is not ours: against every shipped file and every bad one."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import tinynet_tui
from tests.cli.command import run
from tinynet_tui.cli.schema import FILES

_HOME = Path(tinynet_tui.__file__).parent
_SHIPPED = {
    "lesson": sorted((_HOME / "lessons/builtin").glob("*.toml")),
    "tour": sorted((_HOME / "lessons/tours").glob("*.toml")),
    "course": sorted((_HOME / "practice/courses").glob("*.toml")),
}
_FAULTS = Path(__file__).parent / "faults"
_OF_SEVERAL_KEYS = frozenset(
    {
        *("activations-too-many", "batch-over-samples", "biases-shape", "cross-entropy", "inputs-row"),
        *("note-at-nowhere", "note-at-unknown", "phase-misspelt", "targets-rows", "targets-wide"),
        *("weights-inputs-by-neurons", "weights-layer-missing", "weights-layout-not-so"),
        *("weights-layout-shape", "weights-one-layer-turned", "weights-shape"),
        "weights-layout-without-weights",
        # No schema tells the size of a number in a text, and JSON has no nan.
        *("fraction-out-of-range", "fraction-too-large", "number-nan"),
    }
)
"""Files in which each key may be as it is, and they do not fit each other: that no schema says."""
_BAD = {
    "settings": (
        'palette = "blue"',
        "decimals = 0",
        "colour = 1",
        '[colours]\nposetive = "red"',
        '[keys]\nnxt = ["x"]',
        '[keys]\nnext = "x"',
    ),
    "course": ('title = "t"', 'title = "t"\n[[goals]]\ntitle = "g"\nkinds = ["sums"]'),
    "tour": ('title = "t"\nlesson = "l"\nstops = []', 'title = "t"\nlesson = "l"\n[[stops]]\nask = "?"'),
}


@cache
def validator(name: str) -> Draft202012Validator:
    """The schema that the command prints."""
    printed = run("schema", name)
    assert (printed.returncode, printed.stderr) == (0, b"")
    schema: dict[str, Any] = json.loads(printed.stdout)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize(
    "path", [path for paths in _SHIPPED.values() for path in paths], ids=lambda p: p.stem
)
def test_what_is_shipped_is_valid(path: Path) -> None:
    """Every lesson, tour and course."""
    (name,) = (name for name, paths in _SHIPPED.items() if path in paths)
    assert [fault.message for fault in validator(name).iter_errors(tomllib.loads(path.read_text()))] == []


def test_what_has_a_fault_of_its_own_is_not() -> None:
    """All but those whose keys do not fit each other, and what is no TOML at all."""
    valid = set()
    for path in _FAULTS.glob("*.toml"):
        try:
            document = tomllib.loads(path.read_bytes().decode())
        except (UnicodeDecodeError, ValueError, RecursionError):
            continue
        if validator("lesson").is_valid(document):
            valid.add(path.stem)
    assert valid == _OF_SEVERAL_KEYS


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in _BAD.items() for text in texts])
def test_other_files(name: str, text: str) -> None:
    """Unknown keys, wrong values, and what is missing."""
    assert not validator(name).is_valid(tomllib.loads(text))


def test_settings_that_can_be_used() -> None:
    """Roles and commands are known by name: an editor completes them."""
    text = 'autoplay = 0.3\nlessons = ["~/l"]\n[colours]\n"edge.lit" = "red"\n[keys]\nnext = ["right", "x"]'
    assert validator("settings").is_valid(tomllib.loads(text))
    assert set(FILES) == {"settings", "lesson", "course", "tour"}
