"""What the page of experiments shows, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeVar

from tinynet_tui.engine.model import Setup
from tinynet_tui.experiments import table
from tinynet_tui.experiments.experiment_rows import At, Experiment, Inputs, Option

T = TypeVar("T")


def tabs() -> tuple[str, ...]:
    """The tabs, in the order of their keys 1, 2, 3, …"""
    return tuple(dict.fromkeys(row.topic.tab for row in table.EXPERIMENTS))


def other_on_tab(state: PageState) -> Experiment[Any] | None:
    """The experiment that comes next on the tab; None where there is one alone."""
    rows = on_tab(state.row.topic.tab)
    return rows[(rows.index(state.row) + 1) % len(rows)] if len(rows) > 1 else None


def on_tab(tab: str) -> list[Experiment[Any]]:
    """The experiments of a tab."""
    return [row for row in table.EXPERIMENTS if row.topic.tab == tab]


@dataclass(frozen=True, slots=True)
class PageState:
    """Which experiment is shown, with which numbers, and where the cursor is."""

    setup: Setup
    """What every experiment starts from."""
    title: str
    """Of the lesson."""
    update: int
    """The update of the session that the setup is of."""
    selected: str
    """The parameter that is selected in the stepper."""
    experiment: str
    """The name of the one that is shown."""
    last: tuple[tuple[str, str], ...] = ()
    """(tab, the experiment that it shows when one comes back), where that is not its first."""
    values: tuple[tuple[str, object], ...] = ()
    """(the name of an option, what it was set to)."""
    chosen: tuple[tuple[str, int], ...] = ()
    """(topic, which curve, recipe, bias or parameter is chosen there), where one was."""
    cursors: tuple[tuple[str, int], ...] = ()
    """(experiment, where the cursor was put)."""
    rescaled: frozenset[str] = frozenset()
    """The experiments whose scale is not the one they begin with."""
    notice: str = ""
    """What the last key has to say, such as why it could do nothing."""

    @property
    def row(self) -> Experiment[Any]:
        """The experiment that is shown."""
        return next(row for row in table.EXPERIMENTS if row.name == self.experiment)

    @property
    def logarithmic(self) -> bool:
        """Whether the losses of the chart are on a logarithmic scale."""
        return self.row.scale.logarithmic != (self.experiment in self.rescaled)

    def __getitem__(self, option: Option[T]) -> T:
        """The value of an option."""
        return self.given[option]

    @property
    def given(self) -> Inputs:
        """What is set, whether the experiment asks for it or not."""
        return Inputs(self.experiment, self.setup, self.values, "")

    @property
    def choices(self) -> tuple[str, ...]:
        """What there is to choose from on this tab, by name."""
        return self.row.topic.choice.names(self.given)

    @property
    def choice(self) -> int:
        """Which of them is chosen, from 0."""
        choice, names = self.row.topic.choice, self.choices
        first = choice.first(names, self.selected) if names else 0
        return min(dict(self.chosen).get(self.row.topic.verb, first), max(len(names) - 1, 0))

    @property
    def inputs(self) -> Inputs | None:
        """What the experiment is done with; None where there is nothing to do it with."""
        row, names = self.row, self.choices
        if not names:
            return None
        chosen = names[self.choice] if row.computes_choice else ""
        return Inputs(row.name, self.setup, tuple((o.name, self[o]) for o in row.options), chosen)

    def places(self, result: object) -> int:
        """How many places the cursor has; 1 where that is not known yet."""
        cursor = self.row.cursor
        return 1 if cursor is None or result is None else cursor.places(result)

    def at(self, result: object) -> At:
        """What is shown of a result: the cursor is where it was put, or else where the chart says most."""
        inputs, cursor, put = self.inputs, self.row.cursor, dict(self.cursors).get(self.experiment)
        assert inputs is not None, "there is no result without inputs"
        place = cursor.first(result) if put is None and cursor is not None else put or 0
        return At(inputs, min(place, self.places(result) - 1), self.choice, self.choices, self.logarithmic)

    def showing(self, experiment: str) -> PageState:
        """The page with another experiment."""
        there = replace(self, experiment=experiment)
        return replace(there, last=_with(self.last, there.row.topic.tab, experiment))

    def with_value(self, option: Option[T], value: T) -> PageState:
        """The page with an option set; where runs are longer or shorter, the cursor is not at an update."""
        over = {row.name for row in table.EXPERIMENTS if row.cursor and row.cursor.over == option}
        cursors = tuple(pair for pair in self.cursors if pair[0] not in over)
        return replace(self, values=_with(self.values, option.name, value), cursors=cursors)

    def choosing(self, choice: int) -> PageState:
        """The page with another choice."""
        topic = self.row.topic
        rows = [row for row in table.EXPERIMENTS if row.topic is topic]
        anew = {row.name for row in rows if row.computes_choice}
        cursors = tuple(pair for pair in self.cursors if pair[0] not in anew)
        state = replace(self, chosen=_with(self.chosen, topic.verb, choice), cursors=cursors)
        for option in dict.fromkeys(option for row in rows for option in row.options):
            if option.of_choice is not None:
                state = state.with_value(option, option.of_choice(state[option]))
        return state

    def pointing(self, cursor: int) -> PageState:
        """The page with the cursor elsewhere in this chart."""
        return replace(self, cursors=_with(self.cursors, self.experiment, cursor))


def _with(pairs: tuple[tuple[str, T], ...], name: str, value: T) -> tuple[tuple[str, T], ...]:
    """Names and their values, with one of them set."""
    return (*(pair for pair in pairs if pair[0] != name), (name, value))


def first_state(setup: Setup, title: str, update: int, selected: str) -> PageState:
    """The page as it opens."""
    return PageState(setup, title, update, selected, table.EXPERIMENTS[0].name)
