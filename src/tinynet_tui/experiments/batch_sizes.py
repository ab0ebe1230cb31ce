"""The same network trained with batches of several sizes, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tinynet_tui.engine.model import Setup
from tinynet_tui.experiments.experiment_rows import LINEAR, Experiment, Flag, Option, Topic, one_of_runs
from tinynet_tui.experiments.long_work import Watch, unwatched
from tinynet_tui.experiments.side_by_side import Noun, SideBySide, varied_experiment, varied_runs
from tinynet_tui.experiments.varied_run import VariedRun
from tinynet_tui.teaching.typed_values import whole_number

MOST_SAMPLES = 10_000


def default_sizes(setup: Setup) -> tuple[int, ...]:
    """1, 2, 4, … and all samples; the lesson's own size is one of them."""
    samples = len(setup.inputs)
    return tuple(
        sorted({*(2**n for n in range(samples.bit_length()) if 2**n <= samples), setup.batch, samples})
    )


def batch_runs(
    setup: Setup, sizes: Sequence[int], updates: int, watch: Watch = unwatched
) -> tuple[VariedRun[int], ...]:
    """A run with each batch size, in their order.

    Raises: ValueError with a sentence, where there are fewer samples, no updates, or more than training goes.
    """
    samples = len(setup.inputs)
    for size in sizes:
        if not 1 <= size <= samples:
            noun = "sample" if samples == 1 else "samples"
            raise ValueError(f"{size} is not a batch size: this lesson has {samples} {noun}")
    return varied_runs([(size, replace(setup, batch=size)) for size in sizes], updates, watch)


SIZES: Option[tuple[int, ...]] = Option(
    "batch sizes",
    default_sizes,
    Flag(
        "--batch-size",
        "SIZE",
        "one run with each of these (default: 1 2 4 and so on, and all samples)",
        whole_number(1, MOST_SAMPLES),
        several=True,
    ),
    prompt=None,
    count=None,
    of_choice=None,
)

BATCH_SIZES: Experiment[SideBySide[VariedRun[int]]] = varied_experiment(
    name="batch sizes",
    title="Batch sizes",
    short_title="batches",
    topic=Topic(
        verb="batch",
        about="batch sizes side by side, from one sample to all",
        description="Train a lesson's network with several batch sizes, and say what each run did.",
        examples=(
            "tinynet-tui experiment batch xor",
            "tinynet-tui experiment batch xor --batch-size 1 4 --updates 1000 --format csv",
        ),
        tab="rates",
        tab_about="",
        choice=one_of_runs(lambda inputs: tuple(map(str, inputs[SIZES]))),
    ),
    option=SIZES,
    runs=batch_runs,
    has_own_rate=False,
    scale=LINEAR,
    opens=None,
    hints="right down back other-chart scale updates help quit",
    key="batch",
    sign="batch",
    varied=Noun("batch size", "batch sizes"),
)
