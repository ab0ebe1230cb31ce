"""Opening a lesson: a shipped one by its name, a person's own by its path, or from standard input."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import BinaryIO

from tinynet_tui.lessons.faults import LessonFault, nearest
from tinynet_tui.lessons.file_bytes import read_bounded
from tinynet_tui.lessons.parsing import parse_lesson
from tinynet_tui.lessons.schema import LIMITS, Lesson
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lesson
from tinynet_tui.safety.foreign_text import printable

__all__ = ["LessonFault", "open_lesson", "parse_lesson"]

_STANDARD_INPUT = "standard input"
_SPEAKS_OF_A_NETWORK = (
    rb"(?m)^[ \t]*(?:\[[ \t]*[\"']?(?:network|program)[\"']?[ \t]*\]|network[ \t]*(?:\.|=[ \t]*\{))"
)
"""A table [network], however it is written: other programs have tables of other names."""


def open_lesson(name: str, stdin: BinaryIO | None = None, own: Sequence[str] = ()) -> Lesson:
    """The lesson of a shipped name, or of a path; "-" reads standard input, or `stdin`.

    A shipped name wins over a file of that name: `./lecture` is the file.
    own: names of other lessons, one of which a misspelt name may mean.

    Raises: LessonFault when there is none, or it cannot be used.
    """
    if name == "-":
        return _own_lesson(_standard_input(stdin), _STANDARD_INPUT, os.curdir)
    if name in SHIPPED_NAMES:
        return shipped_lesson(name)
    return _own_lesson(bounded_file(name, own), name, os.path.dirname(name) or os.curdir)


def _own_lesson(text: bytes, source: str, folder: str) -> Lesson:
    """A person's own lesson, with the text of its file: comments are kept where it is written again."""
    from tinynet_tui.lessons.writing import with_text

    return with_text(parse_lesson(text, source, folder=folder), text)


def lesson_beside(name: str, file: str, place: str) -> Lesson:
    """The lesson that a file names at a place of it: a shipped one, or one in the same folder.

    Raises: as `open_lesson`, with the file and the place before each line.
    """
    try:
        return open_lesson(name if name in SHIPPED_NAMES else os.path.join(os.path.dirname(file), name))
    except LessonFault as fault:
        raise LessonFault(file, [f"{place}: {line}" for line in fault.lines]) from None


def _standard_input(stdin: BinaryIO | None) -> bytes:
    if stdin is None and sys.stdin is None:
        raise LessonFault(_STANDARD_INPUT, ["is closed; name a lesson or a file"])
    try:
        return (stdin or sys.stdin.buffer).read(LIMITS.file_bytes + 1)
    except OSError as error:
        raise LessonFault(_STANDARD_INPUT, [f"cannot be read: {error.strerror}"]) from None


def lesson_file(name: str) -> Lesson | None:
    """The lesson in a file; None where the file was not meant as one: other programs write TOML too.

    Raises: LessonFault when it was, and cannot be used.
    """
    try:
        text = bounded_file(name)
    except LessonFault:
        return None
    folder = os.path.dirname(name) or os.curdir
    return _own_lesson(text, name, folder) if re.search(_SPEAKS_OF_A_NETWORK, text) else None


def files_here() -> list[str]:
    """The TOML files of the working directory, as paths."""
    return files_in(os.curdir)


def files_in(folder: str) -> list[str]:
    """The TOML files of a folder, as paths; what is no regular file is passed over."""
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if entry.name.endswith(".toml") and _is_regular(entry)]
    except OSError:
        return []
    return [os.path.join(folder, name) for name in sorted(names)]


def names_in(folders: Iterable[str]) -> list[str]:
    """The names of the lessons in some folders."""
    files = chain.from_iterable(map(files_in, folders))
    return [os.path.basename(file).removesuffix(".toml") for file in files]


def file_in_folders(folders: Iterable[str], name: str) -> str | None:
    """The file of a lesson that is named without its folder; None where there is none."""
    if os.path.basename(name) != name:
        return None
    files = (os.path.join(folder, f"{name.removesuffix('.toml')}.toml") for folder in folders)
    return next(filter(os.path.isfile, files), None)


def _is_regular(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False


def bounded_file(path: str, own: Sequence[str] = ()) -> bytes:
    """The bytes of a regular file that is no larger than a lesson may be.

    own: as `open_lesson` has it.

    Raises: LessonFault when it cannot be read.
    """
    try:
        return read_bounded(path, LIMITS.file_bytes)
    except FileNotFoundError:
        raise LessonFault(path or '""', [_missing(path, own)]) from None


def _missing(name: str, own: Sequence[str]) -> str:
    close = nearest(os.path.basename(name).removesuffix(".toml").lower(), (*own, *SHIPPED_NAMES))
    hint = f"; did you mean {printable(close)}?" if close else ";"
    kind = "file" if os.sep in name or name.endswith(".toml") else "lesson or file"
    return f"there is no such {kind}{hint} `tinynet-tui lessons` lists the shipped ones"
