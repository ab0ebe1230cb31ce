"""The same training with every optimiser, side by side; its verb and its flag are spelt with a z."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tinynet_tui.engine.model import Setup
from tinynet_tui.experiments.experiment_rows import LOGARITHMIC, Experiment, Flag, Option, Topic, one_of_runs
from tinynet_tui.experiments.long_work import Watch, unwatched
from tinynet_tui.experiments.side_by_side import Noun, SideBySide, varied_experiment, varied_runs
from tinynet_tui.experiments.varied_run import VariedRun
from tinynet_tui.rules.optimisers import OPTIMISERS, optimiser_of
from tinynet_tui.teaching.typed_values import OneOf


def optimisers_for(setup: Setup) -> tuple[str, ...]:
    """Those that a model can be trained by: none of whose numbers has the name of one of its quantities."""
    model = setup.model
    taken = {*model.parameter_names, *model.inputs, *model.targets, *model.formulas}
    return tuple(
        name
        for name, rule in OPTIMISERS.items()
        if taken.isdisjoint(
            {own.name for own in rule.hyperparameters} | ({"t"} if rule.counts_updates else set())
        )
    )


def with_optimiser(setup: Setup, name: str) -> Setup:
    """The setup with another optimiser in its usual form, which remembers nothing yet."""
    if optimiser_of(setup.model).name == name:
        return setup
    return replace(setup, model=setup.model.with_optimiser(name), state=())


def optimiser_runs(
    setup: Setup, names: Sequence[str], updates: int, watch: Watch = unwatched
) -> tuple[VariedRun[str], ...]:
    """A run with each optimiser, in their order.

    Raises: ValueError with a sentence, where a quantity has the name of an optimiser's number, or where there
    are no updates or more than training goes.
    """
    for name in names:
        if name not in optimisers_for(setup):
            raise ValueError(f"a quantity of this lesson has the name of one of {name}'s numbers")
    return varied_runs([(name, with_optimiser(setup, name)) for name in names], updates, watch)


NAMES: Option[tuple[str, ...]] = Option(
    "optimizers",
    optimisers_for,
    Flag(
        "--optimizer",
        "NAME",
        f"one run with each of these (default: {', '.join(OPTIMISERS)})",
        OneOf(tuple(OPTIMISERS)),
        several=True,
    ),
    prompt=None,
    count=None,
    of_choice=None,
)

OPTIMISERS_SIDE_BY_SIDE: Experiment[SideBySide[VariedRun[str]]] = varied_experiment(
    name="optimizers",
    title="Optimisers",
    short_title="optimisers",
    topic=Topic(
        verb="optimizers",
        about="all optimisers side by side, from the same start",
        description="Train a lesson with several optimisers, and say what each run did.",
        examples=(
            "tinynet-tui experiment optimizers valley",
            "tinynet-tui experiment optimizers xor --optimizer adam rmsprop --updates 500",
        ),
        tab="rates",
        tab_about="",
        choice=one_of_runs(lambda inputs: inputs[NAMES]),
    ),
    option=NAMES,
    runs=optimiser_runs,
    has_own_rate=False,
    scale=LOGARITHMIC,
    opens=None,
    hints="right down back other-chart scale updates help quit",
    key="optimizer",
    sign="optimiser",
    varied=Noun("optimiser", "optimisers"),
)
