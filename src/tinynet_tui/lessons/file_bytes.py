"""The bytes of a file that a person names: a regular file alone, and no more than a limit."""

from __future__ import annotations

import os
import stat

from tinynet_tui.lessons.faults import LessonFault


def read_bounded(path: str, limit: int) -> bytes:
    """The bytes of a file.

    Raises: FileNotFoundError where there is none; LessonFault where it is no file, too large, or unreadable.
    """
    try:
        # Looked at first: to open a device may do something. Then again: by then it may be another file.
        _assert_readable(path, os.stat(path), limit)
        with open(path, "rb", opener=_opened_at_once) as file:
            _assert_readable(path, os.fstat(file.fileno()), limit)
            return file.read(limit + 1)
    except FileNotFoundError:
        raise
    except ValueError:  # a NUL in the path
        raise FileNotFoundError(path) from None
    except OSError as error:
        raise LessonFault(path, [f"cannot be read: {error.strerror}"]) from None


def too_large(source: str, limit: int) -> LessonFault:
    """The fault of a file that is over the limit."""
    return LessonFault(source, [f"too large; must be at most {limit:,} bytes"])


def _opened_at_once(path: str, flags: int) -> int:
    """A file descriptor; a FIFO is not waited for until somebody writes to it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _assert_readable(path: str, status: os.stat_result, limit: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise LessonFault(path, [_not_a_file(status.st_mode)])
    if status.st_size > limit:
        raise too_large(path, limit)


def _not_a_file(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "is a directory; must be a file"
    return "is not a regular file; use - to read from standard input"
