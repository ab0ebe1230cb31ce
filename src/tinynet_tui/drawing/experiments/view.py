"""What the page of experiments shows, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from tinynet_tui.engine.model import Setup
from tinynet_tui.experiments.dead_relu import DEFAULT_UPDATES, relu_biases
from tinynet_tui.experiments.initial_values import DEFAULT_SEED, RECIPES
from tinynet_tui.experiments.learning_rates import DEFAULT_RATES, default_rates
from tinynet_tui.experiments.many_starts import DEFAULT_THRESHOLD, FIRST_SEED
from tinynet_tui.experiments.many_starts import DEFAULT_UPDATES as MANY_UPDATES
from tinynet_tui.experiments.sensitivity import DEFAULT_NUDGE
from tinynet_tui.handouts.training_summary import rate_text
from tinynet_tui.networks.dense import parameters_of

Tab = Literal["rates", "start", "dead", "sensitivity"]
Experiment = Literal["rates", "rate finder", "starts", "many starts", "bias", "slice", "influences"]

TABS: dict[Tab, tuple[Experiment, ...]] = {
    "rates": ("rates", "rate finder"),
    "start": ("starts", "many starts"),
    "dead": ("bias",),
    "sensitivity": ("slice", "influences"),
}
"""In the order of the keys 1 to 4; each with its first chart and its second, if it has one."""

LOGARITHMIC: tuple[Experiment, ...] = ("rate finder", "starts")
"""Charts whose losses are on a logarithmic scale from the beginning."""
SCALABLE: tuple[Experiment, ...] = ("rates", "rate finder", "starts", "bias")
"""Charts that can have either scale."""


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows: which experiment, with which numbers, and where the cursor is."""

    setup: Setup
    """What every experiment starts from."""
    title: str
    """Of the lesson."""
    update: int
    """The update of the session that the setup is of."""
    tab: Tab = "rates"
    seconds: frozenset[Tab] = frozenset()
    """The tabs that show their second chart."""
    rates: tuple[float, ...] = DEFAULT_RATES
    updates: int = DEFAULT_UPDATES
    many_updates: int = MANY_UPDATES
    """For each of many starts."""
    threshold: float = DEFAULT_THRESHOLD
    """The loss that many starts are to reach."""
    seed: int = DEFAULT_SEED
    first_seed: int = FIRST_SEED
    """Of many starts."""
    nudge: float = DEFAULT_NUDGE
    """What + adds to the selected parameter, and − takes from it."""
    nudges: int = 0
    """How often the selected parameter was nudged, down if below 0."""
    chosen: tuple[tuple[Tab, int], ...] = ()
    """Which curve, recipe, bias or parameter is chosen on a tab, if it is not the first."""
    cursors: tuple[tuple[Experiment, int], ...] = ()
    """Where the cursor was put in a chart."""
    rescaled: frozenset[Experiment] = frozenset()
    """The charts whose scale is not the one they begin with."""
    notice: str = ""
    """What the last key has to say, such as why it could do nothing."""

    @property
    def experiment(self) -> Experiment:
        """The one that is shown."""
        return TABS[self.tab][self.tab in self.seconds]

    @property
    def logarithmic(self) -> bool:
        """Whether the losses of the chart are on a logarithmic scale."""
        return (self.experiment in LOGARITHMIC) != (self.experiment in self.rescaled)

    @property
    def choices(self) -> tuple[str, ...]:
        """What there is to choose from on this tab, by name."""
        match self.tab:
            case "rates":
                return tuple(rate_text(rate) for rate in self.rates)
            case "start":
                return tuple(RECIPES)
            case "dead":
                return _biases(self.setup)
            case "sensitivity":
                return tuple(parameter.name for parameter in parameters_of(self.setup.network))

    @property
    def choice(self) -> int:
        """Which of them is chosen, from 0."""
        return min(dict(self.chosen).get(self.tab, 0), max(len(self.choices) - 1, 0))

    @property
    def chosen_name(self) -> str:
        """What it is called; empty where there is nothing to choose."""
        return self.choices[self.choice] if self.choices else ""

    @property
    def updates_shown(self) -> int:
        """The updates of each run of this experiment."""
        return self.many_updates if self.experiment == "many starts" else self.updates

    @property
    def seed_shown(self) -> int:
        """The seed of this experiment's random starts; of many, the first."""
        return self.first_seed if self.experiment == "many starts" else self.seed

    @property
    def nudged_by(self) -> float:
        """How far the selected parameter was nudged."""
        return float(f"{self.nudges * self.nudge:.12g}")  # 0.3, not 0.30000000000000004

    def choosing(self, choice: int) -> View:
        """The view with another choice on this tab; a nudge was that of the one before."""
        others = tuple(pair for pair in self.chosen if pair[0] != self.tab)
        cursors = self.cursors if self.tab == "rates" else _without(self.cursors, TABS[self.tab])
        return replace(self, chosen=(*others, (self.tab, choice)), cursors=cursors, nudges=0)

    def pointing(self, cursor: int) -> View:
        """The view with the cursor elsewhere in this chart."""
        others = _without(self.cursors, (self.experiment,))
        return replace(self, cursors=(*others, (self.experiment, cursor)))


def _without(
    cursors: tuple[tuple[Experiment, int], ...], charts: tuple[Experiment, ...]
) -> tuple[tuple[Experiment, int], ...]:
    return tuple(pair for pair in cursors if pair[0] not in charts)


@lru_cache(maxsize=8)
def _biases(setup: Setup) -> tuple[str, ...]:
    return relu_biases(setup)


_FIRST_RECIPE = "uniform"
"""The start that is chosen first: one that is random, so that many of them differ."""


def first_view(setup: Setup, title: str, update: int, selected: str) -> View:
    """The page as it opens: the parameter selected in the stepper is the one whose loss is sliced."""
    names = [parameter.name for parameter in parameters_of(setup.network)]
    biases = _biases(setup)
    chosen: list[tuple[Tab, int]] = [("start", list(RECIPES).index(_FIRST_RECIPE))]
    if selected in names:
        chosen.append(("sensitivity", names.index(selected)))
    if selected in biases:
        chosen.append(("dead", biases.index(selected)))
    return View(setup, title, update, rates=default_rates(setup), chosen=tuple(chosen))
