"""What is typed into a prompt: read, or turned down with a reason."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

LESSON_ENDING = ".toml"


def new_lesson_file(text: str) -> Path:
    """A path at which there is no file yet, for a lesson: .toml is added where the name ends otherwise.

    Raises: ValueError with a sentence that says what is wrong.
    """
    if not text.strip():
        raise ValueError("write the name of a file")
    path = Path(text.strip()).expanduser()
    if text.strip().endswith(os.sep) or path.is_dir():
        raise ValueError("that is a directory; add the name of a file")
    if path.suffix.lower() != LESSON_ENDING:
        path = path.with_name(f"{path.name}{LESSON_ENDING}")
    if path.exists():
        raise ValueError(f"{path.name} is there already; choose another name")
    if not path.parent.is_dir():
        raise ValueError("there is no such directory")
    if not os.access(path.parent, os.W_OK):
        raise ValueError("nothing can be written in that directory")
    return path


def complaint(read: Callable[[str], object]) -> Callable[[str], str | None]:
    """What a prompt wants: a function that says what is wrong with a text, or None."""

    def check(text: str) -> str | None:
        try:
            read(text)
        except (ValueError, OSError, RuntimeError) as error:
            return str(error)
        return None

    return check
