"""The same network trained with several learning rates, side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from math import isfinite

from tinynet_tui.engine.expression_reading import number_text
from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.training import evaluation
from tinynet_tui.experiments.experiment_rows import (
    LINEAR,
    MOST_PRINTED,
    Experiment,
    Flag,
    Option,
    Printed,
    Prompt,
    Topic,
    one_of_runs,
)
from tinynet_tui.experiments.long_work import Watch, unwatched
from tinynet_tui.experiments.side_by_side import (
    Noun,
    SideBySide,
    loss_heading,
    side_by_side,
    varied_experiment,
    varied_printed,
    varied_runs,
)
from tinynet_tui.experiments.varied_run import VariedRun
from tinynet_tui.teaching.numbers import positive_number, rate_text, shown
from tinynet_tui.teaching.typed_values import learning_rate

NOUN = Noun("learning rate", "learning rates")
DEFAULT_RATES = (0.005, 0.01, 0.1, 0.25)
"""To be tried beside the lesson's own."""
MOST_RATES = 24
"""As many as a chart can tell apart."""
_FEW = 6
"""Learning rates that are told one by one."""


def rate_runs(
    setup: Setup, rates: Sequence[float], updates: int, watch: Watch = unwatched
) -> tuple[VariedRun[float], ...]:
    """A run with each learning rate, in their order.

    Raises: ValueError with a sentence, where there are no rates, too many, one that is not a finite number
    above 0, or where there are no updates or more than training goes.
    """
    _check(rates)
    return varied_runs([(rate, with_rate(setup, rate)) for rate in rates], updates, watch)


def training_printed(
    title: str, setup: Setup, rates: Sequence[float], updates: int, watch: Watch = unwatched
) -> Printed:
    """What train prints of a run with each learning rate: the first of them, side by side.

    updates: 0 for the loss alone.

    Raises: ValueError with a sentence, where there are more updates than training goes.
    """
    if not updates:
        heading = loss_heading(title, updates, evaluation(setup, setup.parameters).loss)
        return Printed(heading, [], [], [], [])
    setups = [(rate, with_rate(setup, rate)) for rate in rates[:MOST_PRINTED]]
    found = side_by_side(varied_runs(setups, updates, watch))
    return varied_printed(found, title, len(rates), NOUN, None)


def default_rates(setup: Setup) -> tuple[float, ...]:
    """The learning rates that are tried where none are asked for: the setup's own is one of them."""
    return tuple(sorted({*DEFAULT_RATES, setup.hyperparameters.learning_rate}))


def with_rate(setup: Setup, rate: float) -> Setup:
    """The setup with another learning rate."""
    return replace(setup, hyperparameters=setup.hyperparameters._replace(learning_rate=rate))


def _check(rates: Sequence[float]) -> None:
    if not rates:
        raise ValueError("there is no learning rate")
    if len(rates) > MOST_RATES:
        raise ValueError(f"{len(rates):,} learning rates are too many: at most {MOST_RATES} go side by side")
    for rate in rates:
        if not (isfinite(rate) and rate > 0):
            raise ValueError(f"{shown(rate)} is not a learning rate: it has to be a finite number above 0")


def _typed_rates(text: str) -> tuple[float, ...]:
    found = tuple(positive_number(part) for part in re.split(r"[\s,;]+", text.strip()) if part)
    if not found:
        raise ValueError("write one or more numbers: 0.01 0.1")
    if len(found) > MOST_RATES:
        raise ValueError(f"write at most {MOST_RATES} numbers, not {len(found):,}")
    return found


def _notice(rates: tuple[float, ...]) -> str:
    words = ", ".join(map(number_text, rates)) if len(rates) <= _FEW else f"{len(rates)} learning rates"
    return f"Side by side: {words}."


RATES: Option[tuple[float, ...]] = Option(
    "rates",
    default_rates,
    Flag(
        "--learning-rate",
        "RATE",
        f"one run with each of these, at most {MOST_RATES} (default: "
        f"{' '.join(f'{rate:g}' for rate in DEFAULT_RATES)} and the lesson's own)",
        learning_rate,
        several=True,
    ),
    Prompt(
        name="rates",
        key="L",
        title="rates",
        about="Type other learning rates: 0.01 0.02 0.05.",
        label="learning rates:",
        written=lambda rates: " ".join(map(number_text, rates)),
        read=_typed_rates,
        notice=_notice,
        notice_elsewhere=None,
    ),
    count=None,
    of_choice=None,
)

TOPIC = Topic(
    verb="rates",
    about="learning rates side by side, or the rate finder",
    description="Train a lesson's network with several learning rates, and say what each run did.",
    examples=(
        "tinynet-tui experiment rates",
        "tinynet-tui experiment rates lecture-row-2 --updates 50 --logarithmic",
        "tinynet-tui experiment rates xor --learning-rate 0.1 1 10 --format csv",
        "tinynet-tui experiment rates --find",
    ),
    tab="rates",
    tab_about="Learning rates side by side, on the same network.",
    choice=one_of_runs(lambda inputs: tuple(map(rate_text, inputs[RATES]))),
)

LEARNING_RATES: Experiment[SideBySide[VariedRun[float]]] = varied_experiment(
    name="rates",
    title="Learning rates",
    short_title="rates",
    topic=TOPIC,
    option=RATES,
    runs=rate_runs,
    has_own_rate=True,
    scale=LINEAR,
    opens=lambda found, at: (found.runs[at.choice].value, at.cursor),
    hints="right down open back rates other-chart scale updates help quit",
    key="learning_rate",
    sign="η",
    varied=NOUN,
)
