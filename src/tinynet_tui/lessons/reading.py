"""Opening a lesson: a shipped one by its name, a person's own by its path, or from standard input."""

from __future__ import annotations

import os
import re
import stat
import sys
from typing import BinaryIO

from tinynet_tui.lessons.faults import LessonFault, nearest, printable
from tinynet_tui.lessons.parsing import parse_lesson, too_large
from tinynet_tui.lessons.schema import LIMITS, Lesson
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lesson

__all__ = ["LessonFault", "open_lesson", "parse_lesson"]

_STANDARD_INPUT = "standard input"
_SPEAKS_OF_A_NETWORK = re.compile(
    rb"^[ \t]*(?:\[[ \t]*[\"']?(?:network|program)[\"']?[ \t]*\]|network[ \t]*(?:\.|=[ \t]*\{))", re.MULTILINE
)
"""A table [network], however it is written: other programs have tables of other names."""


def open_lesson(name: str, stdin: BinaryIO | None = None) -> Lesson:
    """The lesson of a shipped name, or of a path; "-" reads standard input, or `stdin`.

    A shipped name wins over a file of that name: `./lecture` is the file.

    Raises: LessonFault when there is none, or it cannot be used.
    """
    if name == "-":
        return parse_lesson(_standard_input(stdin), _STANDARD_INPUT)
    if name in SHIPPED_NAMES:
        return shipped_lesson(name)
    return parse_lesson(bounded_file(name), name)


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
    return parse_lesson(text, name) if _SPEAKS_OF_A_NETWORK.search(text) else None


def files_here() -> list[str]:
    """The TOML files of the working directory, as paths; what is no regular file is passed over."""
    try:
        with os.scandir() as entries:
            names = [entry.name for entry in entries if entry.name.endswith(".toml") and _is_regular(entry)]
    except OSError:
        return []
    return [os.path.join(os.curdir, name) for name in sorted(names)]


def _is_regular(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False


def bounded_file(path: str) -> bytes:
    """The bytes of a regular file that is no larger than a lesson may be.

    Raises: LessonFault when it cannot be read.
    """
    try:
        # Looked at first: to open a device may do something. Then again: by then it may be another file.
        _assert_readable(path, os.stat(path))
        with open(path, "rb", opener=_opened_at_once) as file:
            _assert_readable(path, os.fstat(file.fileno()))
            return file.read(LIMITS.file_bytes + 1)
    except (FileNotFoundError, ValueError):  # ValueError: a NUL in the path
        raise LessonFault(path or '""', [_missing(path)]) from None
    except OSError as error:
        raise LessonFault(path, [f"cannot be read: {error.strerror}"]) from None


def _opened_at_once(path: str, flags: int) -> int:
    """A file descriptor; a FIFO is not waited for until somebody writes to it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _assert_readable(path: str, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise LessonFault(path, [_not_a_file(status.st_mode)])
    if status.st_size > LIMITS.file_bytes:
        raise too_large(path)


def _not_a_file(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "is a directory; must be a file"
    return "is not a regular file; use - to read from standard input"


def _missing(name: str) -> str:
    close = nearest(os.path.basename(name).removesuffix(".toml").lower(), SHIPPED_NAMES)
    hint = f"; did you mean {printable(close)}?" if close else ";"
    kind = "file" if os.sep in name or name.endswith(".toml") else "lesson or file"
    return f"there is no such {kind}{hint} `tinynet-tui lessons` lists the shipped ones"
