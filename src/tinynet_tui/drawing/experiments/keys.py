"""The keys of the experiments: the one place where they, their words and what they do are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tinynet_tui.drawing.experiments.view import SCALABLE, TABS, Experiment, Tab, View
from tinynet_tui.drawing.experiments.work import Result, choice_beside, cursor_of, stops, work_of
from tinynet_tui.engine.initial import is_alive
from tinynet_tui.engine.walks import number_text
from tinynet_tui.experiments.initial_values import RECIPES, start_setup
from tinynet_tui.session.commands import MOUSE, REDRAW, SUSPEND, Entry, table
from tinynet_tui.teaching.numbers import updates_text

_FAR = 10
"""The cursor goes a tenth of the chart with one key."""

_FEW = 6
"""So many learning rates are told one by one."""

Change = Callable[[View, Any, Result | None], View]


def _tab(tab: Tab) -> Change:
    return lambda view, _argument, _result: replace(view, tab=tab)


def _second(view: View, _argument: Any, _result: Result | None) -> View:
    if len(TABS[view.tab]) == 1:
        return replace(view, notice="There is only one chart on this tab.")
    return replace(view, seconds=view.seconds ^ {view.tab})


def _moving(by: Callable[[int], int]) -> Change:
    """The cursor moved by so much, given how many places it has."""

    def moved(view: View, _argument: Any, result: Result | None) -> View:
        places = stops(view, result)
        if places == 1:
            return replace(view, notice=_no_cursor(view, result))
        return view.pointing(max(0, min(cursor_of(view, result) + by(places), places - 1)))

    return moved


_NO_CHART = "There is no chart here: this network has no ReLU to sweep."


def _no_cursor(view: View, result: Result | None) -> str:
    """Why the cursor cannot be moved."""
    if view.experiment == "influences":
        return "There is no cursor in this chart."
    if work_of(view) is None:
        return _NO_CHART
    if result is None:
        return "The chart and its cursor are not there yet."
    return "The cursor has only one place in this chart."


def _choosing(by: int) -> Change:
    def chosen(view: View, _argument: Any, result: Result | None) -> View:
        if len(view.choices) < 2:
            return replace(view, notice="There is nothing else to choose.")
        return view.choosing(choice_beside(view, by, result))

    return chosen


def _scale(view: View, _argument: Any, _result: Result | None) -> View:
    if view.experiment not in SCALABLE:
        return replace(view, notice=_UNSCALED[view.experiment])
    if work_of(view) is None:
        return replace(view, notice=_NO_CHART)
    view = replace(view, rescaled=view.rescaled ^ {view.experiment})
    return replace(
        view, notice=f"The losses are on a {'logarithmic' if view.logarithmic else 'linear'} scale."
    )


_UNSCALED: dict[Experiment, str] = {
    "many starts": "This chart has one scale: its bins are fixed.",
    "slice": "This chart has a linear scale only: the tangent is straight there.",
    "influences": "These bars have a linear scale only.",
}
"""Why a chart has not the other scale."""


def _more(by: int) -> Change:
    def changed(view: View, _argument: Any, _result: Result | None) -> View:
        if view.tab == "start":
            return _with_seed(view, view.seed_shown + by)
        if view.experiment == "slice":
            return replace(view, nudges=view.nudges + by)
        return replace(
            view, notice="+ and - change nothing here: elsewhere they choose a seed or nudge a parameter."
        )

    return changed


def _next_seed(view: View, _argument: Any, _result: Result | None) -> View:
    if view.tab != "start":
        return replace(view, notice="There is no seed here: nothing is random.")
    return _with_seed(view, view.seed_shown + 1)


def _with_seed(view: View, seed: int) -> View:
    if seed < 0:
        return replace(view, notice="The first seed is 0.")
    if view.experiment == "many starts":
        return replace(view, first_seed=seed, notice=f"The first of the starts has seed {seed}.")
    random = [name for name, recipe in RECIPES.items() if recipe.random]
    dead = [name for name in random if not is_alive(start_setup(view.setup, name, seed))]
    said = f" Dead, no gradient gets back to the first layer: {', '.join(dead)}." if dead else ""
    return replace(view, seed=seed, notice=f"The random recipes have seed {seed}.{said}")


def _rates(view: View, rates: tuple[float, ...], _result: Result | None) -> View:
    words = ", ".join(map(number_text, rates)) if len(rates) <= _FEW else f"{len(rates)} learning rates"
    return replace(
        view, tab="rates", seconds=view.seconds - {"rates"}, rates=rates, notice=f"Side by side: {words}."
    )


def _updates(view: View, updates: int, _result: Result | None) -> View:
    notice = f"Every run has {updates_text(updates)}."
    if view.tab == "sensitivity":
        notice = f"Every run of the other tabs has {updates_text(updates)}: here nothing is trained."
    if view.experiment == "many starts":
        return replace(view, many_updates=updates, notice=notice)
    cursors = tuple(pair for pair in view.cursors if pair[0] not in ("rates", "starts"))
    return replace(view, updates=updates, cursors=cursors, notice=notice)


def _nudge(view: View, nudge: float, _result: Result | None) -> View:
    return replace(view, tab="sensitivity", seconds=view.seconds - {"sensitivity"}, nudge=nudge, nudges=1)


def _threshold(view: View, threshold: float, _result: Result | None) -> View:
    return replace(view, tab="start", seconds=view.seconds | {"start"}, threshold=threshold)


BY_NAME: Mapping[str, Entry[View]] = table(
    Entry("tab:rates", ("1",), "rates", "Learning rates side by side, on the same network.", _tab("rates")),
    Entry("tab:start", ("2",), "start", "Initial values: equal, zero, mixed, large, random.", _tab("start")),
    Entry("tab:dead", ("3",), "dead", "A ReLU neuron's bias swept: where it dies.", _tab("dead")),
    Entry("tab:sensitivity", ("4",), "sensitivity", "The loss along one parameter, and its gradient.",
        _tab("sensitivity")),
    Entry("second", ("f",), "other chart", "The tab's other chart: rate finder, many seeds, all parameters.",
        _second),
    Entry("right", ("right", "l"), "cursor", "Move the cursor right.", _moving(lambda _places: 1)),
    Entry("left", ("left", "h"), "cursor left", "Move the cursor left.", _moving(lambda _places: -1)),
    Entry("far-right", ("]", "pagedown"), "far right", "Move it right by a tenth of the chart.",
        _moving(lambda places: max(places // _FAR, 1))),
    Entry("far-left", ("[", "pageup"), "far left", "Move it left by a tenth of the chart.",
        _moving(lambda places: -max(places // _FAR, 1))),
    Entry("first", ("home", "0"), "first", "Move it to the left end.", _moving(lambda places: -places)),
    Entry("last", ("end", "$"), "last", "Move it to the right end.", _moving(lambda places: places)),
    Entry("down", ("down", "j", "tab"), "choose", "Choose the next curve, recipe, bias or parameter.",
        _choosing(+1)),
    Entry("up", ("up", "k", "shift+tab"), "choose back", "Choose the one before.", _choosing(-1)),
    Entry("scale", ("m",), "scale", "Show the losses on a linear or on a logarithmic scale.", _scale),
    Entry("more", ("+",), "more", "Nudge the selected parameter up, or take the next seed.", _more(+1)),
    Entry("less", ("-",), "less", "Nudge it down, or take the seed before.", _more(-1)),
    Entry("nudge", ("n",), "nudge by", "Type by how much {more} and {less} nudge the selected parameter.",
          _nudge),
    Entry("seed", ("R",), "another seed", "Take the next seed for the random initial values.", _next_seed),
    Entry("rates", ("L",), "rates", "Type other learning rates: 0.01 0.02 0.05.", _rates),
    Entry("updates", ("u",), "updates", "Type the number of updates of each run.", _updates),
    Entry("threshold", ("t",), "threshold", "Type the loss that many starts are to reach.", _threshold),
    Entry("open", ("enter", "i"), "open",
          "Open the stepper at this rate and update, or resume stopped work."),
    Entry("screenshot", ("s",), "screenshot", "Save the page as an SVG picture."),
    MOUSE,
    Entry("help", ("?", "f1"), "help", "List these keys; type to search, Enter to do it."),
    REDRAW,
    Entry("leave", ("escape",), "back", "Stop what is being computed, or go back to the stepper."),
    Entry("back", ("x",), "back", "Go back to the stepper; {back} there comes back to this page."),
    Entry("quit", ("q", "ctrl+c"), "quit", "Quit; the place in the stepper is kept for --resume."),
    SUSPEND,
)  # fmt: skip

KEYS = tuple(BY_NAME.values())
BY_KEY = {sign: key for key in KEYS for sign in key.keys}


def after(view: View, name: str, argument: Any = None, result: Result | None = None) -> View:
    """The view after a key, by its name: the only way in which one changes.

    result: what the page shows, as far as it is known.
    Raises: ValueError for a key that is the screen's own.
    """
    change = BY_NAME[name].change
    if change is None:
        raise ValueError(f"{name!r} is not a key of the view")
    return change(replace(view, notice=""), argument, result)
