"""Whether keys that a user has chosen can be used: what is wrong with them, in words."""

from __future__ import annotations

from collections.abc import Iterator
from unicodedata import category

from tinynet_tui.lessons.faults import nearest
from tinynet_tui.safety.foreign_text import shortened
from tinynet_tui.session.commands import EVERY_NAME, EVERYWHERE_KEYS, KEY_SIGNS, key_sign
from tinynet_tui.session.keys import OwnKeys

CHOOSABLE = tuple(row.name for row in EVERY_NAME.values() if row.keys)
"""The commands that keys can be chosen for."""
_FIXED = EVERYWHERE_KEYS | {"escape"}
_NEVER_WITHOUT = ("next", "help", "palette")
"""The commands that lead to all others; those that lead out have keys that nobody can take."""


def key_faults(own: OwnKeys) -> Iterator[str]:
    """What is wrong with a user's own keys, each "name: words"."""
    given, owners = dict(own), dict[str, str]()
    for name, keys in own:
        if name not in CHOOSABLE:
            close = nearest(name, CHOOSABLE)
            advice = f"; did you mean {close}?" if close else "; `tinynet-tui settings` lists the commands"
            yield f"{shortened(name)}: there is no such command{advice}"
            continue
        for key in keys:
            if fault := _key_fault(key, name):
                yield f"{name}: {fault}"
            elif (owner := owners.setdefault(key, name)) != name:
                yield f"{name}: {key} is given to {owner}, too; must be given to one command"
    for name in _NEVER_WITHOUT:
        if not any(owners.get(key, name) == name for key in given.get(name, EVERY_NAME[name].keys)):
            yield f"{name}: is left without a key; must have one"


def _key_fault(key: str, name: str) -> str:
    """What is wrong with a key for a command; "" for nothing."""
    is_typed = len(key) == 1 and key.isprintable() and key not in " ," and category(key)[0] != "M"
    if key not in KEY_SIGNS and not is_typed:  # a mark is no key: it goes with the letter before it
        return f"{shortened(key)} is no key; must be one character, or one of {', '.join(KEY_SIGNS)}"
    if key in _FIXED and key not in EVERY_NAME[name].keys:
        return f"{key_sign(key)} does the same everywhere; must be another key"
    return ""
