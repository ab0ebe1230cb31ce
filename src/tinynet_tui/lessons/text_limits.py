"""How much the text of a lesson may hold: told in one pass over it, before it is read as TOML.

A TOML reader needs time that grows faster than the text for keys of many parts, lists deep in each other and
numbers of many digits. Within these limits all of reading is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from tinynet_tui.lessons.schema import LIMITS

# None of these expressions looks at a character more than a fixed number of times. Each is of one kind of
# character, or begins only where a word or number begins and takes a fixed number of parts, and a part is
# followed by a character that it cannot have itself.
_OPENING = re.compile(r"\"\"\"|'''|[\"'#]")
_STOP = {
    # What a text or comment was opened with: what may end it, or has to be looked at in it.
    '"""': re.compile(r'"{3,5}|\\'),
    "'''": re.compile(r"'{3,5}"),
    '"': re.compile(r'["\n\\]'),
    "'": re.compile(r"['\n]"),
    "#": re.compile(r"\n"),
}
_SEPARATOR = re.compile(r"[=,.\[{]")
_BRACKET = re.compile(r"[\[\]{}]")
_LONG_KEY = re.compile(rf"(?<![\w-])(?:[\w-]+[ \t]*\.[ \t]*){{{LIMITS.key_parts}}}")
_LONG_NUMBER = re.compile(rf"(?<![\d_])\d[\d_]{{{LIMITS.digits}}}")


def limit_faults(text: str, entries: int = LIMITS.entries) -> Iterator[str]:
    """What a text has too much of, each as "place: words"; `\\r\\n` must have become `\\n`."""
    bare, texts = _bare(text)
    if len(texts) > LIMITS.entries:
        words = f"more than {LIMITS.entries:,} texts and comments; at most {LIMITS.entries:,} are taken"
        yield f"{line_of(text, texts[-1])}: {words}"
        return
    looked_for = {
        "lists nested too deep; must be at most three deep": _too_deep(bare),
        f"a number of over {LIMITS.digits} digits; must be a finite number": _LONG_NUMBER.search(bare),
        f"a key of too many parts; must have at most {LIMITS.key_parts}": _LONG_KEY.search(bare),
        f"more than {entries:,} keys and values; at most {entries:,} are taken": next(
            islice(_SEPARATOR.finditer(bare), entries, None), None
        ),
    }
    for words, found in looked_for.items():
        if found:
            yield f"{line_of(text, found.start())}: {words}"


def line_of(text: str, offset: int) -> str:
    """The line in which a place of a text is, in words."""
    number = text.count("\n", 0, offset) + 1
    return f"line {number}"


def _bare(text: str) -> tuple[str, list[int]]:
    """(a text of the same length, with _ for what is in quotes and blanks for comments; where each begins).

    One more than the limit is enough to know that there are too many.
    """
    parts: list[str] = []
    begins: list[int] = []
    end = 0
    while (opening := _OPENING.search(text, end)) and len(begins) <= LIMITS.entries:
        begin = opening.start()
        parts.append(text[end:begin])
        end = _end(text, opening)
        parts.append((" " if opening[0] == "#" else "_") * (end - begin))
        begins.append(begin)
    parts.append(text[end:])
    return "".join(parts), begins


def _end(text: str, opening: re.Match[str]) -> int:
    """Where a text or comment ends; one that is not closed ends with its line, or with the file."""
    at, stops = opening.end(), _STOP[opening[0]]
    while stop := stops.search(text, at):
        if stop[0] != "\\":
            return stop.start() if stop[0] == "\n" else stop.end()
        at = stop.end() + 1
    return len(text)


def _too_deep(bare: str) -> re.Match[str] | None:
    """The bracket with which more are open than a lesson has; None where there is none."""
    depth = 0
    for bracket in _BRACKET.finditer(bare):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > LIMITS.depth:
            return bracket
        if depth < 0:  # it is no TOML from here on
            return None
    return None
