"""What is typed into the prompts of the experiments: read, or turned down with a reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tinynet_tui.drawing.experiments.view import View
from tinynet_tui.engine.training import LAST_UPDATE
from tinynet_tui.engine.walks import number_text
from tinynet_tui.experiments.learning_rates import MOST_RATES
from tinynet_tui.teaching.numbers import positive_number


@dataclass(frozen=True, slots=True)
class Question:
    """What a prompt asks for."""

    label: str
    typed: Callable[[View], str]
    """What stands there to be changed."""
    read: Callable[[str], object]
    """What an answer means.

    Raises: ValueError with a sentence that says what is wrong.
    """


def rates(text: str) -> tuple[float, ...]:
    """Learning rates, with spaces or commas between them.

    Raises: ValueError with a sentence that says what is wrong.
    """
    found = tuple(positive_number(part) for part in re.split(r"[\s,;]+", text.strip()) if part)
    if not found:
        raise ValueError("write one or more numbers: 0.01 0.1")
    if len(found) > MOST_RATES:
        raise ValueError(f"write at most {MOST_RATES} numbers, not {len(found):,}")
    return found


def updates(text: str) -> int:
    """A number of updates.

    Raises: ValueError with a sentence that says what is wrong.
    """
    plain = text.strip().replace(",", "")
    if not plain.isdecimal() or not 1 <= int(plain[:9]) <= LAST_UPDATE or len(plain) > 9:
        raise ValueError(f"write a whole number from 1 to {LAST_UPDATE:,}")
    return int(plain)


QUESTIONS: dict[str, Question] = {
    "rates": Question("learning rates:", lambda view: " ".join(map(number_text, view.rates)), rates),
    "updates": Question("updates of each run:", lambda view: str(view.updates_shown), updates),
    "threshold": Question("loss to reach:", lambda view: number_text(view.threshold), positive_number),
    "nudge": Question("nudge by:", lambda view: number_text(view.nudge), positive_number),
}
"""By the name of the key that asks it."""
