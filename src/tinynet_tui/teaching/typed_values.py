"""What somebody typed as a word of a command line: read, or refused with what is wrong.

Each reader raises ValueError with words that follow the quoted word: "is not …".
"""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct

from tinynet_tui.engine.training import LAST_UPDATE
from tinynet_tui.teaching.numbers import number, positive_number

_PARAMETER = r"[^\W\d]\w{0,99}(\[\d{1,9}(,\d{1,9})*\])?"


def whole_number(least: int, most: int = LAST_UPDATE) -> Callable[[str], int]:
    """A reader of whole numbers from `least` to `most`."""

    def read(text: str) -> int:
        try:
            whole = int(text)
        except ValueError:
            whole = least - 1
        if not least <= whole <= most:
            raise ValueError(f"is not a whole number from {least} to {most:,}")
        return whole

    return read


def learning_rate(text: str) -> float:
    """A finite number above 0."""
    return _read(positive_number, text, f" above 0, such as 0.01{_rate_hint(text)}")


def _rate_hint(text: str) -> str:
    """What may have been meant by a word that is no learning rate: a list, or the lesson."""
    try:
        float(text)
    except ValueError:
        return (
            "; separate several with blanks: 0.01 0.1" if "," in text else "; LESSON comes before the options"
        )
    return ""


def positive(text: str) -> float:
    """A finite number above 0 of any kind."""
    return _read(positive_number, text, " above 0")


def finite_number(text: str) -> float:
    """A finite number."""
    return _read(number, text, ", such as 0.1")


def _read(read: Callable[[str], float], text: str, which: str) -> float:
    try:
        return read(text)
    except ValueError:
        raise ValueError(f"is not a finite number{which}") from None


def parameter_name(text: str) -> str:
    """What may be the name of a parameter: w5, or in a lesson of formulas k[1]."""
    if not re.fullmatch(_PARAMETER, text):
        raise ValueError("is not a parameter's name, such as w5 or b1")
    return text


class OneOf(Struct, frozen=True):
    """A reader of one of some names."""

    names: tuple[str, ...]

    def __call__(self, text: str) -> str:
        """The name. Raises: ValueError when it is none of these."""
        if text not in self.names:
            raise ValueError(f"is not one of {', '.join(self.names)}")
        return text
