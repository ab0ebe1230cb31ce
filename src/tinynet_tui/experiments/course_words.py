"""The words for the course of a run, told from its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from tinynet_tui.engine.model import Setup
from tinynet_tui.experiments.course import ROUNDING, Course
from tinynet_tui.teaching.numbers import shown, sign_and_number, updates_text

_MOST_NAMES = 4
"""Neurons that are named in a sentence; of others it says how many they are."""


def course_words(setup: Setup, run: Course) -> str:
    """What a run did, in one to four short sentences."""
    return " ".join((*verdict_sentences(setup, run), *_death_sentences(setup, run)))


def verdict_sentences(setup: Setup, run: Course) -> Iterator[str]:
    """What the loss of a run did."""
    losses, at = run.losses, run.at
    last = losses[-1]
    match run.verdict:
        case "diverged" if at == 0:
            yield f"Not finite from the start: the loss is {shown(losses[0])}."
        case "diverged":
            yield f"Diverged at update {at}: the loss is {shown(losses[at or 0])}."
        case "stuck":
            if run.rises:
                yield _rise_sentence(run)
            since = "from the start" if at == 0 else f"since update {at}"
            dead = f"dead{_for_all(setup)}"
            loss, optimizer = _target_squared(setup, last), setup.network.optimizer
            if optimizer == "gradient_descent":
                yield f"Stuck {since}: the output is {dead}, so the loss stays at {loss}."
            else:
                yield f"Stuck {since}: the output is {dead}, so the loss stays at {loss} so far."
                yield f"{optimizer.capitalize()} still moves the parameters, which may wake it."
        case "rises":
            yield _rise_sentence(run)
        case "overshoots":
            past = "past the target" if _is_single(setup) else "past every target"
            settles = ", and settles" if last < losses[0] else ""
            never = "; the loss never rises" if _only_falls(losses) else ""
            yield f"Overshoots at update {at}, {past}{settles}{never}."
        case "falls":
            yield _fall_sentence(losses)
        case "slow":
            yield _slow_sentence(losses)


def named(neurons: Sequence[str]) -> str:
    """Some neurons by their names, or many by their number."""
    return ", ".join(neurons) if len(neurons) <= _MOST_NAMES else f"{len(neurons)} neurons"


def _death_sentences(setup: Setup, run: Course) -> Iterator[str]:
    """The deaths that the verdict does not speak of."""
    if run.verdict in ("stuck", "diverged"):
        return
    for since, together in groupby(sorted(run.died, key=lambda death: death[1]), key=lambda death: death[1]):
        when = "from the start" if since == 0 else f"since update {since}"
        yield f"Dead{_for_all(setup)} {when}: {named([name for name, _ in together])}."


def _for_all(setup: Setup) -> str:
    return " for all samples" if len(setup.inputs) > 1 else ""


def _is_single(setup: Setup) -> bool:
    """Whether there is one prediction in all."""
    return len(setup.targets) == len(setup.targets[0]) == 1


def _target_squared(setup: Setup, loss: float) -> str:
    """A loss; where it is the target's square, that too."""
    single = _is_single(setup) and setup.targets[0][0] ** 2 == loss
    return f"y² {sign_and_number(loss)}" if single and setup.network.loss == "squared_error" else shown(loss)


def _rise_sentence(run: Course) -> str:
    first = run.rises[0]
    change = f"{shown(run.losses[first - 1])} → {shown(run.losses[first])}"
    if len(run.rises) == 1:
        return f"Rises once, at update {first}: {change}."
    return f"Rises {len(run.rises):,} times, first at update {first}: {change}."


def _only_falls(losses: Sequence[float]) -> bool:
    """Whether no update made the loss higher by more than rounding."""
    rounding = ROUNDING * losses[0]
    return all(after <= max(before, rounding) for before, after in pairwise(losses))


def _fall_sentence(losses: Sequence[float]) -> str:
    if losses[0] == 0:
        return "The loss is 0 from the start: there is nothing to learn."
    half = next(update for update, loss in enumerate(losses) if loss <= losses[0] / 2)
    how = "Falls steadily" if _only_falls(losses) else "Falls"
    return f"{how}: half of the first loss is gone after {updates_text(half)}."


def _slow_sentence(losses: Sequence[float]) -> str:
    first, last = losses[0], losses[-1]
    if min(losses) == max(losses):
        return f"Does not move: the loss stays at {shown(first)}."
    if last >= first:
        return f"Does not fall: the loss is {shown(first)} at first, {shown(last)} in the end."
    left = 100 * (last / first)
    part = "more than 99.9 %" if left > 99.9 else f"{max(left, 50.1):.1f} %"
    return f"Falls slowly: after {updates_text(len(losses) - 1)} {part} of the first loss is left."
