"""Keys that do nothing are told; what a lesson is trained by shows which those are."""

from __future__ import annotations

import re
from typing import Any, get_args

import msgspec
import pytest

from tests.lessons.made import without_idle_keys
from tinynet_tui.engine.names import STATE_LETTERS
from tinynet_tui.engine.training import first_point, trained
from tinynet_tui.lessons.reading import LessonFault, parse_lesson
from tinynet_tui.lessons.schema import (
    TABLES,
    Lesson,
    NetworkTable,
    StateTable,
    TrainingTable,
    idle_keys,
    keys_of,
)
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.lessons.shipped import shipped_lesson, shipped_lessons
from tinynet_tui.lessons.writing import lesson_text
from tinynet_tui.networks.initial import Initializer
from tinynet_tui.rules.activation_rows import Activation
from tinynet_tui.rules.activations import ACTIVATIONS
from tinynet_tui.rules.losses import LOSSES
from tinynet_tui.rules.optimisers import OPTIMISERS

OTHER: dict[tuple[str, str], Any] = {
    ("training", "momentum"): 0.25,
    ("training", "beta1"): 0.25,
    ("training", "beta2"): 0.25,
    ("training", "epsilon"): 0.25,
    ("training", "rho"): 0.25,
    ("network", "leaky_slope"): 0.25,
    ("network", "seed"): 25,
    ("network", "value"): 0.25,
    ("network", "elu_alpha"): 0.25,
    ("network", "train_biases"): True,
    ("training", "huber_delta"): 0.25,
    ("training", "weight_decay"): 0.25,
    ("training", "momentum_form"): "average",
    ("training", "epsilon_inside"): True,
    ("training", "state"): msgspec.structs.replace(
        StateTable(), **dict.fromkeys(STATE_LETTERS, (("w1", 0.5),))
    ),
}
"""A value of each key that belongs to a choice, other than its default."""


def _changed(lesson: Lesson, table: str, **values: Any) -> Lesson:
    part = msgspec.structs.replace(getattr(lesson, table), **values)
    return msgspec.structs.replace(lesson, **{table: part})


def _lessons() -> dict[tuple[str, str, str], Lesson]:
    """A lesson for everything that can be chosen, by table, key and name."""
    lesson = _changed(shipped_lesson("mazur"), "network", activations=("tanh", "tanh"))
    lesson = _changed(lesson, "data", inputs=((-0.5, 1.0),))
    by_init = {
        ("network", "init", name): _changed(lesson, "network", weights=None, biases=None, init=name)
        for name in get_args(Initializer)
    }
    by_optimizer = {
        ("training", "optimizer", name): _changed(lesson, "training", optimizer=name)
        for name in tuple(OPTIMISERS)
    }
    negative = _changed(lesson, "network", weights=(((-1.0, -1.0),) * 2, ((-1.0, -1.0),) * 2))
    by_activation = {
        ("network", "activations", name): _changed(negative, "network", activations=(name, name))
        for name, row in ACTIVATIONS.items()
        if isinstance(row, Activation) and name != "step"  # nothing learns there at all
    }
    by_loss = {
        ("training", "loss", name): _changed(lesson, "training", loss=name)
        for name, row in LOSSES.items()
        if row.needs is None
    }
    return by_init | by_optimizer | by_activation | by_loss


def _toml(value: Any) -> str:
    """A value as a lesson's file has it."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case StateTable():
            return "{ }" if value == StateTable() else "{ v = { w1 = 0.5 } }"
    return str(value)


@pytest.mark.parametrize(("chosen", "lesson"), _lessons().items(), ids=lambda item: str(item)[:60])
def test_a_key_does_nothing_if_training_is_the_same_without_it(
    chosen: tuple[str, str, str], lesson: Lesson
) -> None:
    """Three updates, with another value of each key that some choice has as its own."""
    setup = setup_of(lesson)
    after = trained(setup, first_point(setup), 3)
    does_nothing = set()
    for (table, key), value in OTHER.items():
        other = setup_of(_changed(lesson, table, **{key: value}))
        if trained(other, first_point(other), 3) == after:
            does_nothing.add((table, key))
    assert set(idle_keys(lesson)) == does_nothing


def test_every_key_that_needs_a_choice_is_asked_about() -> None:
    """And what it needs can be chosen."""
    needs = {
        (table, key): row.needs
        for table, kind in TABLES.items()
        for key, row in keys_of(kind).items()
        if row.needs
    }
    assert set(needs) == set(OTHER)
    names = {"optimizer": {*OPTIMISERS}, "activations": {*ACTIVATIONS}, "init": {*get_args(Initializer)}}
    names |= {"loss": {*LOSSES}, "bias": {"true"}}
    assert all(set(needed.names) <= names[needed.choice] for needed in needs.values())


@pytest.mark.parametrize(("table", "key"), OTHER)
def test_a_key_that_does_nothing_is_a_fault_in_a_file(table: str, key: str) -> None:
    """Told at its place, whatever its value is, the default too."""
    default = next(
        field.default
        for field in msgspec.structs.fields(NetworkTable if table == "network" else TrainingTable)
        if field.name == key
    )
    text = lesson_text(shipped_lesson("linear" if key == "train_biases" else "lecture"))
    for value in (default, OTHER[table, key]):
        wrong = text.replace(f"[{table}]\n", f"[{table}]\n{key} = {_toml(value)}\n")
        with pytest.raises(LessonFault) as raised:
            parse_lesson(wrong, "x")
        (line,) = raised.value.lines
        assert line.startswith(f"x: {table}.{key}: does nothing without ")
        _takes_the_advice(wrong, line, table, key)


def _takes_the_advice(text: str, line: str, table: str, key: str) -> None:
    """Do what a fault says, literally: the key it asks for stands there, then the fault is not told again."""
    choice = re.search(r'without (?:(\w+) = (true|"\w+")|("\w+") in activations)', line)
    assert choice is not None, line
    name, value = (choice[1], choice[2]) if choice[1] else ("activations", f"[{choice[3]}, {choice[3]}]")
    text = re.sub(rf"^{name} = .*\n", "", text, flags=re.MULTILINE)
    if gone := re.search("in place of (weights and biases|weights|biases), or", line):
        for each in gone[1].split(" and "):
            text = re.sub(rf"^{each} = \[.*?\]\n(?=\w|\n|\[|#)", "", text, flags=re.MULTILINE | re.DOTALL)
    text = text.replace(f"[{table}]\n", f"[{table}]\n{name} = {value}\n")
    # A bias asks for its biases now, a loss for its own targets and activation: faults of another kind.
    other = ("network.biases: missing", "network.activations[", "data.targets")
    assert all(found.removeprefix("x: ").startswith(other) for found in _told(text))


def _told(text: str) -> tuple[str, ...]:
    """The faults of a lesson's text."""
    try:
        parse_lesson(text, "x")
    except LessonFault as fault:
        return tuple(fault.lines)
    return ()


def test_reduction_batch_and_numbering_are_never_faults() -> None:
    """Whatever they say, for one sample of a small network too."""
    text = lesson_text(shipped_lesson("lecture"))
    assert 'numbering = "source"' in text
    said = text.replace('batch = "full"', 'batch = 1\nreduction = "sum"')
    assert said != text
    assert parse_lesson(said, "x").training.reduction == "sum"


def test_what_is_written_has_no_key_that_does_nothing() -> None:
    """And has those that do something, for a random start as well."""
    for item in shipped_lessons():
        written = lesson_text(item.lesson).partition("[[")[0]  # an expectation has a value, too
        keys = {("network", key) for key in ("seed", "value", "leaky_slope")}
        keys |= {("training", key) for key in ("momentum", "beta1", "beta2", "epsilon")}
        assert not any(
            re.search(rf"^{key} =", written, re.MULTILINE) for _, key in keys & set(idle_keys(item.lesson))
        )
    same = _lessons()["network", "init", "same"]
    assert re.search(r"^value = 0.5 ", lesson_text(same), re.MULTILINE)
    assert "seed" not in lesson_text(same)


def test_a_lesson_in_memory_may_have_them() -> None:
    """They are left out when it is written, so that the file is sound."""
    lesson = _changed(shipped_lesson("mazur"), "training", momentum=0.5, beta1=0.25)
    assert parse_lesson(lesson_text(lesson), "x") == without_idle_keys(lesson) == shipped_lesson("mazur")


def test_older_texts_are_read_without_them() -> None:
    """As a state file may hold one: it trained as it trains now."""
    text = lesson_text(shipped_lesson("lecture"))
    older = text.replace("[training]\n", "[training]\nmomentum = 0.5\nbeta1 = 0.5\nepsilon = 1.0\n")
    older = older.replace("[network]\n", "[network]\nleaky_slope = 0.5\n")
    assert parse_lesson(older, "x", is_kept=True) == shipped_lesson("lecture")
    with pytest.raises(LessonFault, match="learning_rte"):
        parse_lesson(older.replace("learning_rate", "learning_rte"), "x", is_kept=True)
