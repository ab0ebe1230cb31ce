"""What became of a training run, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import isfinite, nan

from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.training import Run
from tinynet_tui.experiments.runs import (
    TrainingRun,
    Verdict,
    has_risen,
    only_falls,
    rest_start,
    rests,
    rounding_of,
)
from tinynet_tui.rules.losses import loss_of
from tinynet_tui.rules.optimisers import optimiser_of
from tinynet_tui.teaching.numbers import shown, sign_and_number, updates_text

_MOST_NAMES = 4
"""Neurons that are named in a sentence; of others it says how many they are."""


def run_words(setup: Setup, run: TrainingRun) -> str:
    """What a run did, in one to four short sentences."""
    return " ".join((*verdict_sentences(setup, run), *_death_sentences(setup, run)))


def verdict_sentences(setup: Setup, run: TrainingRun) -> Iterator[str]:
    """What the loss of a run did."""
    return VERDICTS[run.verdict].sentences(setup, run)


def verdict_brief(verdict: Verdict, at: int | None) -> str:
    """A verdict, and the update at which it first shows."""
    if at is None:
        return verdict
    return f"{verdict} at update {at:,}" if at else f"{verdict} from the start"


def lowest_of(losses: Sequence[float]) -> float:
    """The lowest finite loss; nan where none is."""
    return min(losses if isfinite(sum(losses)) else filter(isfinite, losses), default=nan)


def end_sentences(run: Run, losses: Sequence[float], verdict: Verdict) -> Iterator[str]:
    """Where the loss was lowest, if it did not stay there; and whether it has come to rest."""
    lowest, last = lowest_of(losses), losses[-1]
    is_lowest = isfinite(last) and not has_risen(lowest, last, rounding_of(losses))
    if isfinite(lowest) and not is_lowest:
        at = losses.index(lowest)
        yield f"Lowest {f'at update {at:,}' if at else 'before training'}: {shown(lowest)}."
    if verdict not in ("stuck", "diverged") and rests(run.setup, run.point(len(losses))):
        since = rest_start(losses)
        if since:
            yield f"At rest: the loss has been the same since update {since:,}."


def _slow(_setup: Setup, run: TrainingRun) -> Iterator[str]:
    first, last = run.losses[0], run.losses[-1]
    if min(run.losses) == max(run.losses):
        yield f"Does not move: the loss stays at {shown(first)}."
    elif last >= first:
        yield f"Does not fall: the loss is {shown(first)} at first, {shown(last)} in the end."
    else:
        left = 100 * (last / first)
        share = "more than 99.9 %" if left > 99.9 else f"{max(left, 50.1):.1f} %"
        yield f"Falls slowly: after {updates_text(len(run.losses) - 1)} {share} of the first loss is left."


def _falls(_setup: Setup, run: TrainingRun) -> Iterator[str]:
    losses = run.losses
    how = "Falls steadily" if only_falls(losses) else "Falls"
    if min(losses) < 0:
        yield f"{how} by {shown(losses[0] - losses[-1])}, to {shown(losses[-1])}."
        return
    if losses[0] == 0:
        yield "The loss is 0 from the start: there is nothing to learn."
        return
    half = next(update for update, loss in enumerate(losses) if loss <= losses[0] / 2)
    yield f"{how}: half of the first loss is gone after {updates_text(half)}."


def _overshoots(setup: Setup, run: TrainingRun) -> Iterator[str]:
    past = "past the target" if _is_single(setup) else "past every target"
    settles = ", and settles" if run.losses[-1] < run.losses[0] else ""
    never = "; the loss never rises" if only_falls(run.losses) else ""
    yield f"Overshoots at update {run.at}, {past}{settles}{never}."


def _rises(_setup: Setup, run: TrainingRun) -> Iterator[str]:
    first = run.rises[0]
    change = f"{shown(run.losses[first - 1])} → {shown(run.losses[first])}"
    times = "Rises once, at" if len(run.rises) == 1 else f"Rises {len(run.rises):,} times, first at"
    yield f"{times} update {first}: {change}."


def _stuck(setup: Setup, run: TrainingRun) -> Iterator[str]:
    if run.rises:
        yield from _rises(setup, run)
    since = "from the start" if run.at == 0 else f"since update {run.at}"
    dead = f"dead{_for_all(setup)}"
    loss, optimiser = _target_squared(setup, run.losses[-1]), optimiser_of(setup.model)
    if not optimiser.goes_on_alone:
        yield f"Stuck {since}: the output is {dead}, so the loss stays at {loss}."
    else:
        yield f"Stuck {since}: the output is {dead}, so the loss stays at {loss} so far."
        yield f"{optimiser.noun} still moves the parameters, which may wake it."


def _diverged(_setup: Setup, run: TrainingRun) -> Iterator[str]:
    at = run.at or 0
    begins = f"Diverged at update {at}" if at else "Not finite from the start"
    yield f"{begins}: the loss is {shown(run.losses[at])}."


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """What may become of a run."""

    sentences: Callable[[Setup, TrainingRun], Iterator[str]]
    """What such a run did, in its own numbers."""
    first_lost: str
    """How the first of several runs is told that ends like this; "" where such a run still learns."""


VERDICTS: dict[Verdict, VerdictRow] = {
    "slow": VerdictRow(_slow, ""),
    "falls": VerdictRow(_falls, ""),
    "overshoots": VerdictRow(_overshoots, ""),
    "rises": VerdictRow(_rises, ""),
    "stuck": VerdictRow(_stuck, "a run first ends stuck"),
    "diverged": VerdictRow(_diverged, "a run first diverges"),
}
"""From mild to severe: a run has the most severe that applies."""


def named(neurons: Sequence[str]) -> str:
    """Some neurons by their names, or many by their number."""
    return ", ".join(neurons) if len(neurons) <= _MOST_NAMES else f"{len(neurons)} neurons"


def _death_sentences(setup: Setup, run: TrainingRun) -> Iterator[str]:
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
    row = loss_of(setup.model)
    letters = row.words.at_output_0 if row else ""
    return f"{letters} {sign_and_number(loss)}" if single and letters else shown(loss)
