"""A training run: its losses, what became of it, and the words for that."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, compress, count, groupby, islice, repeat
from math import isfinite, nan
from operator import gt, ne, not_
from typing import Literal

from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.steps import sample_positions
from tinynet_tui.engine.training import LAST_UPDATE, Point, Run, evaluation, first_point, forward, trained
from tinynet_tui.experiments.long_work import Watch, part, stretch, unwatched
from tinynet_tui.experiments.relus import dead_for_all, relus
from tinynet_tui.rules.losses import compared_pairs, loss_of
from tinynet_tui.rules.optimisers import optimiser_of
from tinynet_tui.teaching.numbers import shown, sign_and_number, updates_text

Verdict = Literal["slow", "falls", "overshoots", "rises", "stuck", "diverged"]
"""What a run did, from mild to severe. slow: none of the others. falls: half of the first loss is gone; where
one is below 0, it is lower. overshoots: an update carried every prediction past its target. rises: one made
the loss higher. stuck: the output ReLU is dead for all samples, with an error left; with momentum or Adam so
far, as they may wake it. diverged: the loss is inf or nan."""

RISE = 1e-3
"""A loss that is higher by no more than this part of itself has not risen."""
ROUNDING = 1e-12
"""Of the first loss: a difference that is smaller is rounding, which may rise here and fall there."""
EACH = 10_000
"""The first updates, which are looked at one by one; of a longer run as many more are, evenly spaced."""
_MOST_NAMES = 4
"""Neurons that are named in a sentence; of others it says how many they are."""


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """What a run did."""

    losses: Sequence[float]
    """From update 0, which is before training, to the last; over all samples."""
    rises: Sequence[int]
    """The updates after which the loss was higher by more than a thousandth of what it was."""
    verdict: Verdict
    at: int | None
    """The update at which it first shows; None for slow and falls."""
    died: tuple[tuple[str, int], ...]
    """("node 2", 1): the neurons that are dead for all samples at the end, and the update since which."""
    parameters: tuple[float, ...]
    """After the last update."""
    run: Run
    """Its parameters at any update."""


def training_run(setup: Setup, updates: int, watch: Watch = unwatched) -> TrainingRun:
    """The run of training from a setup's start."""
    run = _trained(setup, updates, part(watch, 0, 3))
    rises = rises_of(run.losses)
    verdict, at = _verdict(run, rises, part(watch, 1, 3))
    died = deaths(run, updates, part(watch, 2, 3))
    watch(1.0)
    return TrainingRun(run.losses, rises, verdict, at, died, run.point(updates + 1).parameters, run)


def check_updates(updates: int) -> None:
    """Raise ValueError with a sentence, where there are no updates or more than training goes."""
    if not 1 <= updates <= LAST_UPDATE:
        raise ValueError(f"{updates} is not a number of updates from 1 to {LAST_UPDATE:,}")


def rises_of(losses: Sequence[float]) -> array[int]:
    """The updates after which the loss was higher by more than a thousandth, rounding left aside."""
    rounding = _rounding(losses)
    return array("l", (at for at in _higher(losses) if has_risen(losses[at - 1], losses[at], rounding)))


def has_risen(before: float, after: float, rounding: float = 0.0) -> bool:
    """Whether a loss, which may be below 0, is higher than another by more than a thousandth of that."""
    return after - before > max(RISE * abs(before), rounding)


def _rounding(losses: Sequence[float]) -> float:
    return ROUNDING * abs(losses[0])


def _higher(losses: Sequence[float]) -> Iterator[int]:
    """The updates after which the loss was higher at all."""
    # Few of a million are: they are found without a line of Python for each of the others.
    return compress(count(1), map(gt, islice(losses, 1, None), losses))


def _trained(setup: Setup, updates: int, watch: Watch) -> Run:
    """A run whose losses are those of update 0 to the last."""
    run = Run(setup, first_point(setup))
    # The loss before an update is known when the update is done: one more is, for the loss after the last.
    while run.reached < updates + 2:
        watch((run.reached - 1) / (updates + 1))
        run.extend(min(run.reached + stretch(setup), updates + 2))
    return run


def _verdict(run: Run, rises: Sequence[int], watch: Watch) -> tuple[Verdict, int | None]:
    """What a run did, and the update at which it first shows."""
    losses, updates = run.losses, len(run.losses) - 1
    broken = first_not_finite(losses)
    if broken is not None:
        return "diverged", broken
    if is_stuck(run.setup, run.point(updates + 1)):
        return "stuck", stuck_since(run.setup, losses)
    if rises:
        return "rises", rises[0]
    crossed = overshoot(run, updates, _rounding(losses), watch)
    if crossed is not None:
        return "overshoots", crossed
    return ("falls" if _has_fallen(losses) else "slow"), None


def _has_fallen(losses: Sequence[float]) -> bool:
    """Whether half of the first loss is gone; where one is below 0, half says nothing, but lower does."""
    return losses[-1] < losses[0] if min(losses) < 0 else losses[-1] <= losses[0] / 2


# Whether it has diverged, is stuck or at rest, and since when


def first_not_finite(losses: Sequence[float]) -> int | None:
    """The first update (from 0) whose loss is inf or nan, or None."""
    if isfinite(sum(losses)):
        return None  # almost always, and known much sooner; a sum that overflows is looked at below
    return next(compress(count(), map(not_, map(isfinite, losses))), None)


def is_stuck(setup: Setup, point: Point) -> bool:
    """Whether the output ReLUs are dead for all samples, with an error that the next pass does not lower.

    By plain descent it is never lowered again. Momentum and Adam go on by what they remember, which may wake
    an output after some passes.
    """
    if not output_is_dead(setup, point):
        return False
    return evaluation(setup, _passed(setup, point).parameters) == evaluation(setup, point.parameters)


def rests(setup: Setup, point: Point) -> bool:
    """Whether another pass over all samples would change nothing."""
    passed = _passed(setup, point)
    return (passed.parameters, passed.state) == (point.parameters, point.state)


def _passed(setup: Setup, point: Point) -> Point:
    """Where training stands after another pass over all samples."""
    return trained(setup, point, setup.batches)


def rest_start(losses: Sequence[float]) -> int:
    """The update from which the loss has been what it is at the end."""
    last, before = losses[-1], islice(reversed(losses), 1, None)
    different = compress(count(1), map(ne, before, repeat(last)))
    return len(losses) - next(different, len(losses))


def stuck_since(setup: Setup, losses: Sequence[float]) -> int:
    """The update since which a run that is stuck at its end has had a dead output and the same loss."""
    # A prediction of 2y has the loss of a dead output, so that the same loss may have begun a little before.
    point = trained(setup, first_point(setup), rest_start(losses))
    while point.update < len(losses) and not output_is_dead(setup, point):
        point = trained(setup, point, 1)
    return point.update - 1


def output_is_dead(setup: Setup, point: Point) -> bool:
    """Whether the output ReLUs pass nothing on for any sample, with an error left to learn from."""
    result = evaluation(setup, point.parameters)
    silent = not any(output for sample in result.predictions for output in sample)
    gated = {relu.gives for relu in relus(setup.model)}.issuperset(setup.model.predictions)
    return bool(setup.model.predictions) and gated and silent and result.loss > 0


# What its updates show one by one: predictions past their targets, and deaths


def overshoot(run: Run, last: int, rounding: float, watch: Watch) -> int | None:
    """The first update that carried every prediction past its target, up to a loss that is rounding."""
    values_of, model = forward(run.setup), run.setup.model
    pairs = compared_pairs(model)
    if not pairs:
        return None
    places = [(sample_positions(model)[one], model.targets.index(other)) for one, other in pairs]
    before: list[float] = []
    for point in _watched(run, _first_points(run, last), min(last, EACH), watch):
        if not run.losses[point.update - 1] > rounding:
            return None
        errors = [
            row[output] - targets[goal]
            for row, targets in zip(values_of(point.parameters), run.setup.targets, strict=True)
            for output, goal in places
        ]
        if before and all(a < 0 < b or b < 0 < a for a, b in zip(before, errors, strict=True)):
            return point.update - 1
        before = errors
    return None


def deaths(run: Run, last: int, watch: Watch) -> tuple[tuple[str, int], ...]:
    """The neurons that are dead for all samples after the last update, and the update since which."""
    values_of, model = forward(run.setup), run.setup.model
    if not dead_for_all(model, values_of(run.point(last + 1).parameters)):
        return ()
    apart = -(-max(last - EACH, 0) // EACH)
    since: dict[str, int] = {}
    for point in _watched(run, chain(_first_points(run, last), _spaced(run, last, apart)), last, watch):
        dead = dead_for_all(model, values_of(point.parameters))
        since = {relu.name: since.get(relu.name, point.update - 1) for relu in dead}
    return tuple((name, _first_dead(run, name, seen, apart)) for name, seen in since.items())


def _first_dead(run: Run, name: str, seen: int, apart: int) -> int:
    """The update since which a neuron is dead, up to one at which it was seen to be."""
    if seen <= EACH:
        return seen
    values_of, since = forward(run.setup), seen
    first = max(seen - apart, EACH)
    for point in islice(_points(run, first), seen - first):
        if name not in (relu.name for relu in dead_for_all(run.setup.model, values_of(point.parameters))):
            since = point.update
    return since


def _points(run: Run, first: int) -> Iterator[Point]:
    """Where a run stands after an update (from 0), and after each one that follows."""
    point = run.point(first + 1)
    while True:
        yield point
        point = trained(run.setup, point, 1)


def _first_points(run: Run, last: int) -> Iterator[Point]:
    """Where a run stands after each update from 0 to the last, as far as each is looked at."""
    return islice(_points(run, 0), min(last, EACH) + 1)


def _watched(run: Run, points: Iterator[Point], last: int, watch: Watch) -> Iterator[Point]:
    """The same points, up to that after a last update; the watch is called now and then."""
    called = 0
    for point in points:
        if point.update - called >= stretch(run.setup):
            called = point.update
            watch(point.update / (last + 1))
        yield point


def _spaced(run: Run, last: int, apart: int) -> Iterator[Point]:
    """Where a longer run stands after updates that are so far apart, and after the last."""
    if last <= EACH:
        return
    point = run.point(EACH + 1)
    while point.update <= last:
        point = trained(run.setup, point, min(apart, last + 1 - point.update))
        yield point


# In words


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
    is_lowest = isfinite(last) and not has_risen(lowest, last, _rounding(losses))
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
    how = "Falls steadily" if _only_falls(losses) else "Falls"
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
    never = "; the loss never rises" if _only_falls(run.losses) else ""
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
"""From mild to severe: `_verdict` gives a run the most severe that applies."""


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


def _only_falls(losses: Sequence[float]) -> bool:
    """Whether no update made the loss higher by more than rounding."""
    rounding = _rounding(losses)
    return all(losses[at] - losses[at - 1] <= rounding for at in _higher(losses))
