"""Training: many updates at once, and any one of them again from checkpoints."""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Callable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from tinynet_tui.engine.expression_reading import value
from tinynet_tui.engine.expressions import Name
from tinynet_tui.engine.model import Model, Rows, Setup, Values, hyperparameters_of
from tinynet_tui.engine.python_code import constants, forward_block
from tinynet_tui.engine.steps import batch_loss, sample_positions, state_names

if TYPE_CHECKING:
    from tinynet_tui.engine.loop_code import Loop

LAST_UPDATE = 1_000_000
"""As far as training is taken anywhere in the program."""

_CHECKPOINTS = 512
"""The most that are kept; beyond, every other one is dropped and the distance between them doubles."""
_POINTS_OF_RUN = 500_000
"""Numbers in them: of large models fewer are kept, but not fewer than eight."""
_RUNS, _IN_RUNS = 32, 5_000_000
"""How many runs are kept for whoever asks again, and how many numbers in all of them: a million updates have
a million losses."""


class Point(NamedTuple):
    """Where training stands before an update: all that the update changes."""

    update: int
    """The update that comes next, from 1."""
    parameters: Values
    state: Values
    """The optimiser's own numbers, in the order of `state_names`."""


def first_point(setup: Setup) -> Point:
    """The start of training: the initial parameters, and the optimiser's state, 0 unless it is given."""
    given = dict(setup.state)
    return Point(1, setup.parameters, tuple(given.get(name, 0.0) for name in state_names(setup.model)))


def trained(setup: Setup, point: Point, updates: int, losses: array[float] | None = None) -> Point:
    """The point after a number of updates; the loss over all samples before each is appended to `losses`."""
    return _trained(setup, point, updates, deque[float](maxlen=0).append if losses is None else losses.append)


def comes_back(setup: Setup, before: Point, after: Point) -> bool:
    """Whether updates led back to where they began: then as many more do the same again."""
    is_back = (after.parameters, after.state) == (before.parameters, before.state)
    whole_epochs = (after.update - before.update) % setup.batches == 0
    return is_back and whole_epochs and not setup.model.optimiser.counts_updates


Row = tuple[float, ...]
"""The loss over all samples, the outputs for one sample after another, and the parameters: of one point."""


def trained_in_rows(setup: Setup, point: Point, updates: int) -> tuple[Point, list[Row]]:
    """(the point after a number of updates, a row for the point before each of them)."""
    rows: list[Row] = []
    return _trained(setup, point, updates, rows.append, rows=True), rows


def row_at(setup: Setup, point: Point) -> Row:
    """The row of one point."""
    result = evaluation(setup, point.parameters)
    return (result.loss, *chain.from_iterable(result.predictions), *point.parameters)


def loop_of(setup: Setup, rows: bool = False) -> Loop:
    """The loop over updates of a setup; printed and compiled where that has not been done."""
    from tinynet_tui.engine.loop_code import training_loop  # a single update is traced without it

    return training_loop(setup.model, len(setup.inputs), setup.batch, rows)


def _trained(
    setup: Setup, point: Point, updates: int, record: Callable[[Any], object], rows: bool = False
) -> Point:
    parameters, state = loop_of(setup, rows)(
        point.parameters,
        point.state,
        constants(setup),
        setup.inputs,
        setup.targets,
        setup.batch,
        point.update,
        updates,
        record,
    )
    return Point(point.update + updates, parameters, state)


class Evaluation(NamedTuple):
    """How a model does on all of its samples."""

    loss: float
    """Over all samples, joined as the reduction says, L2 included."""
    predictions: Rows
    """Shape: samples × outputs."""


def evaluation(setup: Setup, parameters: Values) -> Evaluation:
    """Predictions and loss of given parameters over all samples of a setup."""
    positions = sample_positions(setup.model)
    outputs = [positions[name] for name in setup.model.predictions]
    losses, predictions = list[float](), list[Values]()
    for row in forward(setup)(parameters):
        losses.append(row[-1])
        predictions.append(tuple(row[position] for position in outputs))
    return Evaluation(joined_loss(setup, parameters, losses), tuple(predictions))


def loses_digits(model: Model, predictions: Values, targets: Values) -> bool:
    """Whether a prediction that a sample's loss reads has lost digits, so that it is not taken of it."""
    known = dict(zip((*model.predictions, *model.targets), (*predictions, *targets), strict=True))
    return any(found.is_needed(lambda name: known[name.name]) for _, found in model.forward.stable_forms)


def forward(setup: Setup) -> Callable[[Values], Iterator[Values]]:
    """A function of parameters that gives, for each sample in turn, the forward values and the loss.

    Nobody keeps them: of 10,000 samples they would fill the memory.
    """
    block, fixed = forward_block(setup.model), constants(setup)
    samples = tuple(zip(setup.inputs, setup.targets, strict=True))
    return lambda parameters: (block(parameters, fixed, *sample) for sample in samples)


def joined_loss(setup: Setup, parameters: Values, losses: list[float]) -> float:
    """The loss of a batch from the losses of its samples, L2 included."""
    by_name = dict(zip(setup.model.parameter_names, parameters, strict=True))
    by_name |= hyperparameters_of(setup)

    def value_of(name: Name) -> float:
        return by_name[name.name] if name.sample is None else losses[name.sample - 1]

    return value(batch_loss(setup.model, tuple(range(1, len(losses) + 1))), value_of)


class Run:
    """A training run from one point on, computed as far as someone has asked, never further.

    It keeps the loss before every update and the points at some of them, and trains again from the nearest of
    these when another is asked for, so that any update opens at once in little memory.
    """

    def __init__(self, setup: Setup, start: Point) -> None:
        self.setup = setup
        self.start = self._reached = start
        self.losses = array("d")
        """The loss over all samples before each update, from the start's on."""
        self._points = {start.update: start}
        self._distance = 64
        self._circle = 0
        """The updates of the last stretch, where it led back to its beginning."""

    @property
    def size(self) -> int:
        """How many numbers it keeps."""
        return len(self.losses) + len(self._points) * _numbers(self.start)

    @property
    def reached(self) -> int:
        """The update that is computed up to, and not yet done."""
        return self._reached.update

    def extend(self, update: int) -> None:
        """Train on until an update is the next."""
        while self._reached.update < update:
            into = (self._reached.update - self.start.update) % self._distance
            count = min(self._distance - into, update - self._reached.update)
            self._reached = self._later(count)
            if into + count == self._distance:
                self._keep(self._reached)

    def _later(self, count: int) -> Point:
        """Where training stands after more updates: it rests, or goes round in a circle, or is computed."""
        before = self._reached
        if count == self._circle:
            self.losses.extend(self.losses[-count:])
            return before._replace(update=before.update + count)
        after = trained(self.setup, before, count, self.losses)
        self._circle = count if comes_back(self.setup, before, after) else 0
        return after

    def _keep(self, point: Point) -> None:
        self._points[point.update] = point
        if len(self._points) > min(_CHECKPOINTS, max(8, _POINTS_OF_RUN // _numbers(point))):
            self._distance *= 2
            self._points = {
                update: kept
                for update, kept in self._points.items()
                if (update - self.start.update) % self._distance == 0
            }

    def point(self, update: int) -> Point:
        """Where training stands before an update that is not before the start."""
        self.extend(update)
        if update == self._reached.update:
            return self._reached
        offset = (update - self.start.update) // self._distance * self._distance
        nearest = self._points[self.start.update + offset]
        return trained(self.setup, nearest, update - nearest.update)


def _numbers(point: Point) -> int:
    """As many as take the memory of a point, whose own are objects: a loss in an array is none."""
    return 4 * (len(point.parameters) + len(point.state))


_kept: dict[tuple[Setup, Point], Run] = {}
"""The runs that somebody has asked for, the last one last."""


def run_from(setup: Setup, start: Point) -> Run:
    """The one run of a setup from a point, shared by all who ask while it is kept."""
    run = _kept.pop((setup, start), None) or Run(setup, start)
    _kept[setup, start] = run
    for oldest in [*_kept][:-1]:
        runs = [*_kept.values()]
        if len(runs) <= _RUNS and sum(one.size for one in runs) <= _IN_RUNS:
            break
        _kept.pop(oldest, None)
    return run
