"""The keys of whoever reads or types: their own, where they have chosen others than those of the table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from tinynet_tui.session.commands import (
    BY_NAME,
    EVERY_NAME,
    EVERY_ROW,
    EVERYWHERE_KEYS,
    KEY,
    OF_NUMBERS,
    Entry,
    command_table,
    is_chosen_by_users,
    key_of,
    key_sign,
)
from tinynet_tui.session.session import Session

OwnKeys = tuple[tuple[str, tuple[str, ...]], ...]
"""Commands by name, each with all of its keys."""

_NEVER_TYPED = ("predict", "level", "tally", "read", "next-phase", "previous-phase", "help")
_KEPT = re.compile(key_of("([a-z-]+)"))
"""The place of a key in a sentence that was kept."""


class Keys(NamedTuple):
    """The keys of one user, as they can be shown to them."""

    own: OwnKeys | None = ()
    """None: not known yet; sentences keep the places, for `filled`."""
    ascii: bool = False
    """Whether arrows are called by their names, as only ASCII can be shown."""

    def of(self, name: str) -> str:
        """The key of a command of the stepper or a class, as it stands in a sentence; else what finds it."""
        if self.own is None:
            return key_of(name)
        return self.first(name) or f"{self.first('palette')} {EVERY_NAME[name].title}"

    def first(self, name: str) -> str:
        """The key of a command, as it stands beside its title; "" for none."""
        keys = self.row(name).keys
        return key_sign(keys[0], self.ascii) if keys else ""

    def row(self, name: str) -> Entry[Session]:
        """The row of a command with these keys."""
        return _rows(self.own)[name] if self.own else EVERY_NAME[name]

    def row_of(self, entry: Entry[Any]) -> Entry[Any]:
        """A row of any page's table with these keys, where they are for users to choose."""
        return self.row(entry.name) if self.own and is_chosen_by_users(entry) else entry

    def command(self, key: str, character: str | None) -> Entry[Session] | None:
        """The command of a key of the stepper's, by its name or by what it types."""
        by_key = _by_key(self.own or ())
        return by_key.get(key) or by_key.get(character or "")

    def filled(self, text: str) -> str:
        """A text with these keys where a sentence that was kept names commands: see `key_of`."""
        return _filled(self, text) if KEY in text else text

    @property
    def never_typed(self) -> frozenset[str]:
        """Those that go on working where a prediction is typed, since no number has them."""
        keys = (key for name in _NEVER_TYPED for key in self.row(name).keys)
        return frozenset(key for key in keys if len(key) == 1) - OF_NUMBERS

    def is_typed(self, name: str) -> bool:
        """Whether the key of a command is text where a prediction is typed."""
        key = self.first(name)
        return len(key) == 1 and key.isascii() and key not in self.never_typed


OF_TABLE = Keys()
"""The keys of whoever has chosen none."""


@lru_cache(maxsize=64)
def _rows(own: OwnKeys) -> Mapping[str, Entry[Session]]:
    """Every row with a user's own keys: one that is given to a command is taken from the one that has it."""
    given = dict(own)
    taken = {key for keys in given.values() for key in keys}

    def keys(row: Entry[Session]) -> tuple[str, ...]:
        fixed = tuple(key for key in row.keys if key in EVERYWHERE_KEYS or key == "escape")
        left = tuple(key for key in row.keys if key not in taken)
        return tuple(dict.fromkeys((*given[row.name], *fixed))) if row.name in given else left

    return command_table(*(row._replace(keys=keys(row)) for row in EVERY_ROW))


@lru_cache(maxsize=256)  # rows of a class say the same to many
def _filled(keys: Keys, text: str) -> str:
    return _KEPT.sub(lambda found: keys.of(found[1]) if found[1] in EVERY_NAME else found[0], text)


@lru_cache(maxsize=64)
def _by_key(own: OwnKeys) -> Mapping[str, Entry[Session]]:
    rows = _rows(own) if own else BY_NAME
    return {key: row for name, row in rows.items() if name in BY_NAME for key in row.keys}
