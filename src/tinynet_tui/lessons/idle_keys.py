"""Keys that do nothing beside what was chosen: they are faults in a file, and are never written.

Each choice has the keys that belong to everything that can be chosen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tinynet_tui.lessons.key_checks import Document, sound_value, table_in
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.networks.initial import Initializer
from tinynet_tui.rules.activations import ACTIVATIONS
from tinynet_tui.rules.hyperparameters import Rule
from tinynet_tui.rules.optimisers import OPTIMISERS

_INITIALIZERS: Mapping[Initializer, tuple[str, ...]] = {
    "uniform": ("seed", "value"),
    "he": ("seed",),
    "xavier": ("seed",),
    "zeros": (),
    "same": ("value",),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A key whose value decides which other keys of its table do something."""

    table: str
    key: str
    needed: str
    """What a key of its own needs, in words, with {} for the names that have it."""
    own: Mapping[Any, tuple[str, ...]]
    """By everything that can be chosen: the keys that do something beside it."""

    def idle(self, chosen: Collection[str]) -> Iterator[str]:
        """The keys that belong to something else than what was chosen."""
        busy = {key for name in chosen for key in self.own[name]}
        yield from dict.fromkeys(key for keys in self.own.values() for key in keys if key not in busy)

    def fault(self, key: str) -> str:
        """What is said of such a key."""
        *names, last = [f'"{name}"' for name, keys in self.own.items() if key in keys]
        needed = self.needed.format(f"{', '.join(names)} or {last}" if names else last)
        return f"{self.table}.{key}: does nothing without {needed}; add that, or leave this out"


def _own_keys(rules: Mapping[str, Rule]) -> Mapping[str, tuple[str, ...]]:
    return {name: tuple(own.key for own in rule.hyperparameters) for name, rule in rules.items()}


CHOICES = (
    Choice("network", "activations", "{} in activations", _own_keys(ACTIVATIONS)),
    Choice("network", "init", "init = {}", _INITIALIZERS),
    Choice("training", "optimizer", "optimizer = {}", _own_keys(OPTIMISERS)),
)


def idle_keys(lesson: Lesson) -> frozenset[tuple[str, str]]:
    """The (table, key) of every key that would do nothing in a lesson."""
    return frozenset(
        (choice.table, key)
        for choice in CHOICES
        for key in choice.idle(_names(getattr(getattr(lesson, choice.table), choice.key)))
    )


def idle_key_faults(document: Document) -> Iterator[str]:
    """A fault for each key of a file that does nothing beside what was chosen."""
    for choice, key in _idle_in(document):
        yield choice.fault(key)


def without_idle_keys(document: Document) -> dict[str, Any]:
    """A document without the keys that do nothing, as earlier versions wrote them."""
    idle = {(choice.table, key) for choice, key in _idle_in(document)}
    return {
        name: {key: item for key, item in value.items() if (name, key) not in idle}
        if isinstance(value, dict)
        else value
        for name, value in document.items()
    }


def _idle_in(document: Document) -> Iterator[tuple[Choice, str]]:
    """The keys in a file that do nothing; where a choice has a fault of its own, none are told."""
    for choice in CHOICES:
        table = table_in(document, choice.table)
        chosen = sound_value(document, choice.table, choice.key)
        is_open = choice.key == "init" and "init" not in table and "weights" in table
        if chosen is not None or is_open:
            yield from ((choice, key) for key in choice.idle(_names(chosen)) if key in table)


def _names(chosen: str | Collection[str] | None) -> Collection[str]:
    """What was chosen as names: one, one for each layer, or none."""
    if chosen is None:
        return ()
    return (chosen,) if isinstance(chosen, str) else chosen
