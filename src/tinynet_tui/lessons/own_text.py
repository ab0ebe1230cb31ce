"""The text of a person's own lesson file with other numbers in it: all else stays as it was written."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any

from msgspec import Struct

from tinynet_tui.lessons.schema import TABLES, Expectation, Note, defaults_of, is_idle, keys_of
from tinynet_tui.lessons.values import fraction

_LONGEST = 50_000
"""Characters of a text that is changed: the library that does it reads sign by sign."""
_WIDTH = 100
_TEXT_OR_COMMENT = re.compile(
    r'"""(?:\\.|[^\\])*?"""|"(?:\\.|[^"\\\n])*"' + r"|'''.*?'''|'[^'\n]*'|(#[^\n]*)", re.DOTALL
)
_KINDS: Mapping[str, type[Struct]] = {**TABLES, "notes": Note, "expect": Expectation}


@lru_cache(maxsize=4)
def own_text(text: str, plain: str) -> str | None:
    """A lesson in the lines of its file, with their comments; None where it would not read as it should.

    plain: the lesson as it is written without them.
    """
    wanted = tomllib.loads(plain)
    if not _change(tomllib.loads(text), wanted):
        return text
    if len(text) > _LONGEST or len(plain) > _LONGEST:
        return None
    import tomlkit

    # It stumbles over some rare forms in ways of its own: over keys with dots, of which one has to go.
    with suppress(Exception):
        document = tomlkit.parse(text)
        _change(document, wanted)
        changed = tomlkit.dumps(document)
        return None if _change(tomllib.loads(changed), wanted) else changed
    return None


def comments_lost(text: str, written: str) -> int:
    """How many comments of a file are not in what is written in its place."""
    before, after = (Counter(_TEXT_OR_COMMENT.findall(toml)) for toml in (text, written))
    return sum(count for comment, count in (before - after).items() if comment)


def _change(table: Any, wanted: Mapping[str, Any], name: str = "") -> bool:
    """Change what is not as it is wanted in a table; whether that was anything.

    name: its key, "" for the whole file. Keys that have their default may be there or not, unless they do
    nothing beside what is wanted.
    """
    kind = _KINDS.get(name)
    default = defaults_of(kind) if kind else {}
    needs = {key: row.needs for key, row in keys_of(kind).items() if row.needs} if kind else {}
    chosen = {**default, **{key: tuple(v) if isinstance(v, list) else v for key, v in wanted.items()}}
    idle = [
        key
        for key in table
        if key not in wanted
        and (
            table[key] != default.get(key)
            or (key in needs and is_idle(needs[key], chosen[needs[key].choice]))
        )
    ]
    for key in idle:
        _remove(table, key)
    added = [key for key, value in wanted.items() if key not in table and value != default.get(key)]
    for key in added:
        _add(table, key, wanted[key])
    put = [_put(table, key, value, key) for key, value in wanted.items() if key in table]
    return bool(idle or added) or any(put)


def _remove(table: Any, key: str) -> None:
    """Take a key out of a table; the comments beside and inside it stay in its place."""
    body = _body(table)
    keys = [name.key if name else None for name, _ in body]
    place = keys.index(key) if key in keys else None
    words = [] if place is None else list(_comments(table[key]))
    del table[key]
    if place is not None and words:
        from tomlkit.items import Comment, Trivia

        body[place] = (None, Comment(Trivia(comment_ws="", comment="\n".join(words))))


def _comments(item: Any) -> Iterator[str]:
    """All comments of a part of a document."""
    from tomlkit.items import Item, Null, Whitespace

    if not isinstance(item, Item) or isinstance(item, (Null, Whitespace)):
        return
    if item.trivia.comment:
        yield item.trivia.comment
    for inside in _body(item):
        yield from _comments(inside[1] if isinstance(inside, tuple) else inside)


def _body(item: Any) -> Any:
    """What a document, a table or a list of tables is made of; nothing of anything else."""
    return getattr(item, "body", None) or getattr(getattr(item, "value", None), "body", [])


def _add(table: Any, key: str, value: object) -> None:
    """Add a key behind the last one of a table, before the comments that lead to the next table."""
    body = getattr(getattr(table, "value", None), "body", [])
    first = len(body)
    while first and body[first - 1][0] is None:
        first -= 1
    comments = body[first:]
    del body[first:]
    table[key] = value
    if body and isinstance(value, list) and len(str(value)) > _WIDTH:
        table[key].multiline(True)
    body += comments


def _put(place: Any, key: Any, value: Any, name: str) -> bool:
    """Put a value in its place, number by number where lists are as long as before; whether it is another."""
    before = place[key]
    if isinstance(value, dict) and isinstance(before, dict):
        return _change(before, value, name)
    if isinstance(value, list) and isinstance(before, list) and len(value) == len(before):
        changes = [_put(before, index, entry, name) for index, entry in enumerate(value)]
        return any(changes)
    if before == value or (isinstance(before, str) and fraction(before) == value):
        return False
    place[key] = value
    return True
