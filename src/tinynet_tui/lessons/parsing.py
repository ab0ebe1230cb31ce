"""From the text of a lesson file to a lesson, or to every fault there is."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from msgspec import Struct, ValidationError
from msgspec.structs import replace

from tinynet_tui.lessons.cross_faults import cross_faults, unknown_step_faults, without_idle_keys
from tinynet_tui.lessons.documents import as_kind, lesson_of
from tinynet_tui.lessons.faults import LessonFault
from tinynet_tui.lessons.file_bytes import too_large
from tinynet_tui.lessons.key_faults import key_faults, struct_faults, without_faults
from tinynet_tui.lessons.samples import many_samples, rows_of_file, with_file
from tinynet_tui.lessons.schema import LIMITS, Lesson
from tinynet_tui.lessons.text_limits import limit_faults, line_of
from tinynet_tui.safety.foreign_text import printable, shortened

T = TypeVar("T", bound=Struct)

_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_KEY_PART = r"""(?:[\w-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
_KEY_OR_TABLE = re.compile(
    rf"^[ \t]*+(?:({_KEY_PART})[ \t]*+=|\[\[?+[ \t]*+{_KEY_PART}[ \t]*+[].])", re.MULTILINE
)
_SYNTAX = {
    # How a message of tomllib begins: what to say in its place.
    "Cannot overwrite a value": "this is given twice; must be given once",
    "Cannot declare": "this table is given twice; must be given once",
    "Cannot mutate": "this is given twice; must be given once",
    "Cannot redefine": "this is given twice; must be given once",
    "Duplicate inline table key": "a key is given twice in { }; must be given once",
    "Expected '=' after a key": "a key must be followed by = and its value",
    "Expected ']": "a table must be closed by ] as it is opened: [network], [[notes]]",
    "Expected \"'": "the text that begins with ' is not closed; must end with the same quotes",
    "Invalid initial character": 'no key begins like this; must be letters, digits, - and _, or in "quotes"',
    "Found invalid character '\\n'": "a text must be closed by ' on its line; use ''' for several lines",
    "Found invalid character": 'a control character; must be left out, or be an escape in a text in " "',
    "Expected newline or end of document": "the line must end after the value",
    "Invalid value": 'this is not a value; must be a number, true, false, a "text" or a [list]',
    "Invalid statement": "this is not a line of TOML; must be key = value, [table] or # comment",
    "Illegal character '\\n'": 'a text must be closed by " on its line; use """ for several lines',
    "Illegal character": "a control character; must be written as an escape such as \\u001b",
    "Unterminated string": "a text is not closed; must end with the quotes that it begins with",
    "Unclosed array": "the list that begins earlier is not closed; must end with ]",
    "Unclosed inline table": "the table that begins earlier is not closed; must end with }",
    "Unescaped '\\'": "a \\ in a text must be written \\\\",
    "Invalid hex value": "this is not an escape; must be \\u and 4 or \\U and 8 digits from 0 to f",
    "Escaped character": "this escape stands for no character; must not be from \\ud800 to \\udfff",
    "Invalid date": 'this is not a date; must be a number, true, false, a "text" or a [list]',
}
_ABOUT_KEY = {
    # The same, where it can be said at the key that it is about.
    "Cannot overwrite a value": "{} is given twice; must be given once",
    "Unclosed array": "the list of {} is not closed; must end with ]",
    "Unclosed inline table": "the table of {} is not closed; must end with }}",
}
_OPENED = {'Expected "\'"': "'", "Expected \"'''\"": "'''", "Unterminated string": '"""'}
"""What a text was opened with whose end is missing, by how the message begins."""
_DIGITS = "0123456789"
_BARE_FRACTION = 'a fraction must stand in quotes, such as "1/3"'


def parse_lesson(text: str | bytes, source: str, is_kept: bool = False, folder: str | None = None) -> Lesson:
    """The lesson that a text holds; `source` is what faults call its file, and its title where it has none.

    is_kept: whether this program wrote the text for itself: then keys that do nothing are left out, as older
    versions wrote them, and there may be as many samples as in a file of data.
    folder: where a file of data is looked for; None: none is read.

    Raises: LessonFault when it holds none.
    """
    document = _document(_decoded(text, source, is_kept), source, is_kept)
    if not document:
        words = "holds no lesson; `tinynet-tui lessons --show lecture` prints one to start from"
        raise LessonFault(source, [words])
    document.setdefault("title", printable(os.path.splitext(os.path.basename(source))[0]))
    many = many_samples(document) if is_kept else rows_of_file(document, source, folder)
    if is_kept:
        document = without_idle_keys(document)
    if faults := [*key_faults(document), *cross_faults(document)]:
        raise LessonFault(source, faults)
    lesson = lesson_of(document)
    lesson = replace(lesson, data=replace(lesson.data, **many)) if many else with_file(lesson, source, folder)
    if faults := list(unknown_step_faults(lesson)):
        raise LessonFault(source, faults)
    return lesson


def parse_struct(
    kind: type[T], text: str | bytes, source: str, more: Callable[[T], Iterable[str]] = lambda _sound: ()
) -> T:
    """What a TOML text holds that is no lesson, as a struct; its faults are told as a lesson's are.

    more: what else is wrong with it; keys that have faults of their own are left out for that.

    Raises: LessonFault when it does not hold one.
    """
    document = _document(_decoded(text, source), source)
    faults = list(struct_faults(kind, document))
    try:
        read: T = as_kind(kind, without_faults(kind, document) if faults else document)
    except ValidationError as error:  # keys that must be there have faults, if any were found
        raise LessonFault(source, faults or [printable(str(error))]) from None
    if faults := [*faults, *more(read)]:
        raise LessonFault(source, faults)
    return read


def _decoded(text: str | bytes, source: str, is_kept: bool = False) -> str:
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    limit = LIMITS.kept_bytes if is_kept else LIMITS.file_bytes
    if len(raw) > limit:
        raise too_large(source, limit)
    if raw.startswith(_UTF_16):
        raise LessonFault(source, ["line 1, byte 1: this is UTF-16; must be saved as UTF-8"])
    raw = raw.removeprefix(_BOM)
    nul = raw.find(b"\0")
    if nul >= 0:
        raise LessonFault(source, [f"{_byte_place(raw, nul)}: a NUL byte; must be a text file in UTF-8"])
    try:
        return raw.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        words = (
            f"{_byte_place(raw, error.start)}: 0x{raw[error.start]:02x} is not UTF-8; must be saved as UTF-8"
        )
        raise LessonFault(source, [words]) from None


def _byte_place(raw: bytes, offset: int) -> str:
    line = raw.count(b"\n", 0, offset) + 1
    before = raw.rfind(b"\n", 0, offset)
    return f"line {line}, byte {offset - before}"


def _document(text: str, source: str, is_kept: bool = False) -> dict[str, Any]:
    if faults := list(limit_faults(text, LIMITS.kept_entries if is_kept else LIMITS.entries)):
        raise LessonFault(source, faults)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LessonFault(source, [_syntax_fault(str(error), text)]) from None


def _syntax_fault(message: str, text: str) -> str:
    """A message of tomllib as "line, column: not TOML: words"."""
    words, _, place = message.rpartition(" (at ")
    place = place.rstrip(")")
    if place == "end of document":
        offset, place = len(text), f"{line_of(text.rstrip(), len(text))}, at the end"
    else:
        offset = _offset(text, *map(int, re.findall(r"\d+", place)))
    if text[offset - 1 : offset + 1].strip(_DIGITS) == "/":
        return f"{place}: not TOML: {_BARE_FRACTION}"
    clearer = next((said for begin, said in _SYNTAX.items() if words.startswith(begin)), words)
    quotes = next((quotes for begin, quotes in _OPENED.items() if words.startswith(begin)), None)
    if quotes and text.count(quotes) % 2:
        place = line_of(text, text.rindex(quotes))
    for begin, about_key in _ABOUT_KEY.items():
        if words.startswith(begin) and (key := _last_key(text[: offset + 1])):
            place, clearer = line_of(text, key.start(1)), about_key.format(shortened(key[1]))
    return f"{place}: not TOML: {printable(clearer)}"


def _offset(text: str, line: int, column: int) -> int:
    """Where a line and column, both from 1, are in a text."""
    return sum(len(before) + 1 for before in text.split("\n")[: line - 1]) + column - 1


def _last_key(text: str) -> re.Match[str] | None:
    """The last key that begins a line; None where it is followed by a table."""
    keys = list(_KEY_OR_TABLE.finditer(text))
    return keys[-1] if keys and keys[-1][1] else None
