"""What is typed into a prompt: read, or turned down with a reason."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from math import isfinite
from pathlib import Path

from tinynet_tui.engine.training import LAST_UPDATE

_FRACTION = re.compile(r"(?P<top>[^/]+)/(?P<bottom>[^/]+)")
_PLACE = re.compile(r"(?P<update>\d{1,9})(?:[.,: ](?P<step>\d{1,9}))?")


def number(text: str) -> float:
    """A number as people write it: 0.5, −1, 1e-3, 1/3.

    Raises: ValueError with a sentence that says what is wrong.
    """
    plain = text.strip().replace("−", "-")
    try:
        if match := _FRACTION.fullmatch(plain):
            value = float(match["top"]) / float(match["bottom"])
        else:
            value = float(plain)
    except ZeroDivisionError:
        raise ValueError("nothing can be divided by 0") from None
    except ValueError:
        raise ValueError(f"“{text.strip()}” is not a number, such as 0.5 or −1/3") from None
    if not isfinite(value):
        raise ValueError("it has to be a finite number")
    return value


def positive_number(text: str) -> float:
    """A number above 0.

    Raises: ValueError with a sentence that says what is wrong.
    """
    value = number(text)
    if value <= 0:
        raise ValueError("it has to be greater than 0")
    return value


def place(text: str) -> tuple[int, int]:
    """An update and a step of it: 20 or 2.18.

    Raises: ValueError with a sentence that says what is wrong.
    """
    match = _PLACE.fullmatch(text.strip())
    if match is None:
        raise ValueError("write an update or a step of one: 20 or 2.18")
    update = int(match["update"])
    if not 1 <= update <= LAST_UPDATE:
        raise ValueError(f"updates go from 1 to {LAST_UPDATE:,}")
    return update, int(match["step"] or 0)


def new_file(text: str) -> Path:
    """A path at which there is no file yet.

    Raises: ValueError with a sentence that says what is wrong.
    """
    if not text.strip():
        raise ValueError("write the name of a file")
    path = Path(text.strip()).expanduser()
    if path.exists():
        raise ValueError("there is such a file; choose another name")
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
