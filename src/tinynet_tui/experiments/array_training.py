"""Training from many starts at once with numpy, where it is installed: each number is an array of all starts.

The loop is printed from the same expressions as that for one start. Sums and products come out the same to
the last bit; exp, ln and tanh of numpy may differ there from Python's.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from tinynet_tui.engine.loop_code import array_source
from tinynet_tui.engine.model import Setup, Values, batch_samples
from tinynet_tui.engine.operations import OPERATIONS
from tinynet_tui.engine.python_code import constants
from tinynet_tui.engine.training import first_point
from tinynet_tui.experiments.watch import Watch, stretch

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[np.float64]]


_WORTH_IT = 1_000_000
"""Parameters × samples × starts × updates: for less, to load numpy takes longer than it saves."""


def is_worth_it(starts: Sequence[Setup], updates: int) -> bool:
    """Whether numpy is there to be used, and there is enough to do for it."""
    first = starts[0]
    work = len(first.parameters) * len(first.inputs) * len(starts) * updates
    return work >= _WORTH_IT and find_spec("numpy") is not None


def parameters_after(setups: Sequence[Setup], updates: int, watch: Watch) -> list[Values]:
    """The parameters that each of some setups has after a number of updates; they differ in these alone."""
    import numpy as np

    first = setups[0]
    scope: dict[str, Any] = dict(array_operations())
    exec(compile(array_source(first.model), "<loop over arrays, printed from the steps>", "exec"), scope)
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


def _batches(setup: Setup) -> list[tuple[list[Array], list[Array], int]]:
    """(inputs, targets, samples) of each batch: a column for each input and target, a row for each sample."""
    import numpy as np

    batches = []
    for update in range(1, -(-len(setup.inputs) // setup.batch) + 1):
        samples = batch_samples(len(setup.inputs), setup.batch, update)
        inputs, targets = (
            [np.array([[rows[sample][column]] for sample in samples]) for column in range(len(rows[0]))]
            for rows in (setup.inputs, setup.targets)
        )
        batches.append((inputs, targets, len(samples)))
    return batches


@cache
def array_operations() -> dict[str, Any]:
    """What operations that are written as calls do with arrays, and the sum over the samples of a batch."""
    import numpy as np

    operations = {name: row.arrays(np) for name, row in OPERATIONS.items() if row.arrays is not None}
    # Row by row, as a loop over the samples adds them up.
    return {**operations, "summed": np.add.reduce}
