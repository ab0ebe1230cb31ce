"""Training from many starts side by side: as arrays where numpy is installed, or else on all cores.

The loop over arrays is printed from the same expressions as that for one start. Sums and products come out
the same to the last bit; exp, ln and tanh of numpy may differ there from Python's.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from tinynet_tui.engine.loop_code import array_source, loop_source
from tinynet_tui.engine.model import Rows, Setup, Values, batch_samples
from tinynet_tui.engine.operations import OPERATIONS
from tinynet_tui.engine.python_code import compiled, constants
from tinynet_tui.engine.training import first_point
from tinynet_tui.experiments.long_work import Watch, part, point_after, stretch

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[np.float64]]


_WORTH_ARRAYS = 1_000_000
"""Parameters × samples × starts × updates: for less, to load numpy takes longer than it saves."""
_WORTH_CORES = 30_000_000
"""The same for processes, which have to be started."""


def ends(starts: Sequence[Setup], updates: int, watch: Watch) -> Iterator[Values]:
    """The parameters after a number of updates from each start; these differ in their parameters alone."""
    first = starts[0]
    work = len(first.parameters) * len(first.inputs) * len(starts) * updates
    if work >= _WORTH_ARRAYS and has_numpy():
        yield from ends_as_arrays(starts, updates, watch)
    elif work >= _WORTH_CORES and (os.cpu_count() or 1) > 1:
        yield from ends_on_all_cores(starts, updates, watch)
    else:
        for index, start in enumerate(starts):
            yield point_after(start, updates, part(watch, index, len(starts))).parameters


def has_numpy() -> bool:
    """Whether numpy is installed; that does not load it."""
    return find_spec("numpy") is not None


def ends_on_all_cores(starts: Sequence[Setup], updates: int, watch: Watch) -> Iterator[Values]:
    """The same, each start in one of as many processes as there are cores.

    What they are given is the printed loop and numbers: a model is no data that could be sent.
    """
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    first = starts[0]
    data = first_point(first).state, constants(first), first.inputs, first.targets, first.batch
    source = loop_source(first.model, len(first.inputs), first.batch)
    with ProcessPoolExecutor(None, get_context("spawn"), _begin, (source, (*data, 1, updates))) as pool:
        try:
            for index, end in enumerate(pool.map(_end, [start.parameters for start in starts])):
                watch(index / len(starts))
                yield end
        finally:
            pool.shutdown(cancel_futures=True)


_begun: dict[str, Any] = {}
"""In a process of its own: the loop, and what it is called with beside the parameters."""


def _begin(source: str, data: tuple[Any, ...]) -> None:
    # Ctrl+C reaches every process of a terminal; the one that waits for the others ends them.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _begun.update(loop=compiled(source, "loop"), data=data)


def _end(parameters: Values) -> Values:
    end: tuple[Values, Values] = _begun["loop"](parameters, *_begun["data"], _recorded_nowhere)
    return end[0]


def _recorded_nowhere(_loss: float) -> None:
    """The losses on the way are not looked at."""


def ends_as_arrays(setups: Sequence[Setup], updates: int, watch: Watch) -> list[Values]:
    """The same, all at once: each number is an array of all starts."""
    import numpy as np

    first = setups[0]
    scope: dict[str, Any] = {**array_operations(), "summed": _summed(len(setups))}
    source = array_source(first.model, first.batch)
    exec(compile(source, "<loop over arrays, printed from the steps>", "exec"), scope)
    parameters = tuple(np.array([setup.parameters for setup in setups]).T)
    state: tuple[Array, ...] = (np.zeros(len(setups)),) * len(first_point(first).state)
    at_once = max(1, min(stretch(first) // len(setups) * _AS_FAST, updates // _LEAST_WATCHED))
    done = 0
    while done < updates:
        watch(done / updates)
        count = min(at_once, updates - done)
        with np.errstate(all="ignore"):
            parameters, state = scope["loop"](
                parameters, state, constants(first), _batches(first), done + 1, count
            )
        done += count
    return [tuple(map(float, row)) for row in np.array(parameters).T]


_AS_FAST = 10
"""How many times as many updates of one start go by in the same time, at least."""
_LEAST_WATCHED = 4
"""How often the watch is called even where all is done at once."""


def _summed(starts: int) -> Callable[[Array, int], Array]:
    """The sum of something over a number of samples of a batch."""
    import numpy as np

    def summed(rows: Array, samples: int) -> Any:
        # What is the same for all samples has its rows only here.
        is_by_sample = np.ndim(rows) == 2
        # Row by row, as a loop over the samples adds them up.
        return np.add.reduce(rows if is_by_sample else np.broadcast_to(rows, (samples, starts)))

    return summed


def _batches(setup: Setup) -> list[tuple[list[Any], list[Any], int]]:
    """(inputs, targets, samples) of each batch: a column for each input and target, a row for each sample."""
    import numpy as np

    def columns(rows: Rows, samples: Sequence[int]) -> list[Any]:
        if setup.batch == 1:
            return list(rows[samples[0]])
        return [np.array([[rows[sample][column]] for sample in samples]) for column in range(len(rows[0]))]

    batches = []
    for update in range(1, setup.batches + 1):
        samples = batch_samples(len(setup.inputs), setup.batch, update)
        batches.append((columns(setup.inputs, samples), columns(setup.targets, samples), len(samples)))
    return batches


@cache
def array_operations() -> dict[str, Any]:
    """What operations that are written as calls do with arrays."""
    import numpy as np

    return {name: row.arrays(np) for name, row in OPERATIONS.items() if row.arrays is not None}
