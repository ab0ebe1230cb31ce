"""Options that several experiments have: the number of updates, and the seed of random weights."""

from __future__ import annotations

from collections.abc import Callable

from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.training import LAST_UPDATE
from tinynet_tui.experiments.experiment_rows import Count, Flag, Option, Prompt
from tinynet_tui.teaching.numbers import updates_text
from tinynet_tui.teaching.typed_values import whole_number

LAST_SEED = 2**63 - 1


def updates_option(name: str, default: int, help: str) -> Option[int]:
    """The number of updates of each run."""
    prompt = Prompt(
        name="updates",
        key="u",
        title="updates",
        about="Type the number of updates of each run.",
        label="updates of each run:",
        written=str,
        read=_typed_updates,
        notice=lambda updates: f"Every run has {updates_text(updates)}.",
        notice_elsewhere=lambda updates: (
            f"Every run of the other tabs has {updates_text(updates)}: here nothing is trained."
        ),
    )
    flag = Flag("--updates", "N", help, whole_number(1), several=False)
    return Option(name, lambda _setup: default, flag, prompt, None, None)


def _typed_updates(text: str) -> int:
    plain = text.strip().replace(",", "")
    if not plain.isdecimal() or not 1 <= int(plain[:9]) <= LAST_UPDATE or len(plain) > 9:
        raise ValueError(f"write a whole number from 1 to {LAST_UPDATE:,}")
    return int(plain)


UPDATES = updates_option("updates", 25, "number of updates (default: 25)")


def seed_option(name: str, default: int, help: str, notice: Callable[[Setup, int], str]) -> Option[int]:
    """The seed of random weights, with what is said of another one."""

    def step(setup: Setup, seed: int, by: int) -> tuple[int, str]:
        if seed + by < 0:
            return seed, "The first seed is 0."
        return seed + by, notice(setup, seed + by)

    flag = Flag("--seed", "S", help, whole_number(0, LAST_SEED), several=False)
    return Option(name, lambda _setup: default, flag, None, Count(step, is_seed=True), None)
