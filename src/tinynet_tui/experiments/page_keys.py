"""The keys of the page of experiments: the one place where they, their words and what they do are written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from tinynet_tui.experiments import table
from tinynet_tui.experiments.experiment_rows import LESS, MORE, OPEN, Experiment, Option, Prompt
from tinynet_tui.experiments.page import PageState, on_tab, other_on_tab, tabs
from tinynet_tui.session.commands import MOUSE, REDRAW, SUSPEND, Entry, command_table, key_sign, page_row

_FAR = 10
"""The cursor goes a tenth of the chart with one key."""

Change = Callable[[PageState, Any, Any], PageState]


Key = Entry[PageState]
"""A row of the table; what it changes is given its argument and the result that is shown, too."""


def _tab(tab: str) -> Change:
    def shown(state: PageState, _argument: Any, _result: Any) -> PageState:
        return state.showing(dict(state.last).get(tab, on_tab(tab)[0].name))

    return shown


def _other(state: PageState, _argument: Any, _result: Any) -> PageState:
    other = other_on_tab(state)
    if other is None:
        return replace(state, notice="There is only one chart on this tab.")
    return state.showing(other.name)


def _moving(by: Callable[[int], int]) -> Change:
    """The cursor moved by some places, given how many it has."""

    def moved(state: PageState, _argument: Any, result: Any) -> PageState:
        places = state.places(result)
        if places == 1:
            return replace(state, notice=_no_cursor(state, result))
        return state.pointing(max(0, min(state.at(result).cursor + by(places), places - 1)))

    return moved


def _no_cursor(state: PageState, result: Any) -> str:
    """Why the cursor cannot be moved."""
    if state.row.cursor is None:
        return "There is no cursor in this chart."
    if state.inputs is None:
        return state.row.topic.choice.no_chart
    if result is None:
        return "The chart and its cursor are not there yet."
    return "The cursor has only one place in this chart."


def _choosing(by: int) -> Change:
    def chosen(state: PageState, _argument: Any, result: Any) -> PageState:
        names = state.choices
        if len(names) < 2:
            return replace(state, notice="There is nothing else to choose.")
        order = state.row.special.order
        in_order = names if order is None or result is None else order(result)
        there = in_order[(in_order.index(names[state.choice]) + by) % len(names)]
        return state.choosing(names.index(there))

    return chosen


def _scale(state: PageState, _argument: Any, _result: Any) -> PageState:
    if state.row.scale.why_fixed:
        return replace(state, notice=state.row.scale.why_fixed)
    if state.inputs is None:
        return replace(state, notice=state.row.topic.choice.no_chart)
    state = replace(state, rescaled=state.rescaled ^ {state.experiment})
    return replace(
        state, notice=f"The losses are on a {'logarithmic' if state.logarithmic else 'linear'} scale."
    )


def _counting(by: int, only_seeds: bool, refused: str) -> Change:
    """What + and - change here, or the key for another seed, changed by 1."""

    def counted(state: PageState, _argument: Any, _result: Any) -> PageState:
        for option in state.row.options:
            if option.count is not None and (option.count.is_seed or not only_seeds):
                value, notice = option.count.step(state.setup, state[option], by)
                return replace(state.with_value(option, value), notice=notice)
        return replace(state, notice=refused.format(more=key_of("more"), less=key_of("less")))

    return counted


_NO_COUNT = "{more} and {less} change nothing here: elsewhere they choose a seed or nudge a parameter."


def asked_by_key(state: PageState, name: str) -> Option[Any] | None:
    """The option that a key asks for, by the name of the key: of this experiment, or else of another."""
    options = [*state.row.options, *(option for row in table.EXPERIMENTS for option in row.options)]
    return next((option for option in options if option.prompt and option.prompt.name == name), None)


def _answering(name: str) -> Change:
    def answered(state: PageState, value: Any, _result: Any) -> PageState:
        option = asked_by_key(state, name)
        prompt: Prompt[Any] | None = option.prompt if option else None
        assert option is not None, "the key is of an option"
        assert prompt is not None, "which has a prompt"
        if option in state.row.options:
            notice = prompt.notice
        elif prompt.notice_elsewhere is not None:
            notice = prompt.notice_elsewhere
        else:
            notice = prompt.notice
            state = state.showing(next(row.name for row in table.EXPERIMENTS if option in row.options))
        return replace(state.with_value(option, value), notice=notice(value))

    return answered


def _prompting(prompt: Prompt[Any]) -> Key:
    return Entry(prompt.name, (prompt.key,), prompt.title, prompt.about, _answering(prompt.name), "other")


def keys() -> tuple[Key, ...]:
    """The table of keys; those of tabs and prompts are the experiments' own."""
    return _keys(table.EXPERIMENTS)


@lru_cache(maxsize=2)
def _keys(experiments: tuple[Experiment[Any], ...]) -> tuple[Key, ...]:
    asked = {o.prompt.name: o for row in experiments for o in row.options if o.prompt is not None}
    # How much + and - change something is asked beside them.
    counted = [option.prompt for option in asked.values() if option.count is not None]
    others = [option.prompt for option in asked.values() if option.count is None]
    others_by_key = [row.short_title for row in experiments if row is not on_tab(row.topic.tab)[0]]
    rows = command_table(
        *(
            Entry(f"tab:{tab}", (str(number),), tab, on_tab(tab)[0].topic.tab_about, _tab(tab), "other")
            for number, tab in enumerate(tabs(), start=1)
        ),
        Entry("other-chart", ("f",), "other chart",
              f"The tab's other chart: {', '.join(others_by_key)}.", _other, "other"),
        Entry("right", ("right", "l"), "cursor", "Move the cursor right.",
              _moving(lambda _places: 1), "other"),
        Entry("left", ("left", "h"), "cursor left", "Move the cursor left.",
              _moving(lambda _places: -1), "other"),
        Entry("far-right", ("]", "pagedown"), "far right", "Move it right by a tenth of the chart.",
              _moving(lambda places: max(places // _FAR, 1)), "other"),
        Entry("far-left", ("[", "pageup"), "far left", "Move it left by a tenth of the chart.",
              _moving(lambda places: -max(places // _FAR, 1)), "other"),
        Entry("first", ("home", "0"), "first", "Move it to the left end.",
              _moving(lambda places: -places), "other"),
        Entry("last", ("end", "$"), "last", "Move it to the right end.",
              _moving(lambda places: places), "other"),
        Entry("down", ("down", "j", "tab"), "choose", "Choose the next curve, recipe, bias or parameter.",
              _choosing(+1), "other"),
        Entry("up", ("up", "k", "shift+tab"), "choose back", "Choose the one before.",
              _choosing(-1), "other"),
        Entry("scale", ("m",), "scale", "Show the losses on a linear or on a logarithmic scale.",
              _scale, "other"),
        Entry("more", (MORE,), "more", "Nudge the selected parameter up, or take the next seed.",
              _counting(+1, False, _NO_COUNT), "other"),
        Entry("less", (LESS,), "less", "Nudge it down, or take the seed before.",
              _counting(-1, False, _NO_COUNT), "other"),
        *map(_prompting, filter(None, counted)),
        Entry("seed", ("R",), "another seed", "Take the next seed for the random initial values.",
              _counting(+1, True, "There is no seed here: nothing is random."), "other"),
        *map(_prompting, filter(None, others)),
        page_row("open", (OPEN, "i"), "open",
                 "Open the stepper at this rate and update, or resume stopped work."),
        page_row("screenshot", ("s",), "screenshot", "Save the page as an SVG picture."),
        MOUSE,
        page_row("help", ("?", "f1"), "help", "List these keys; type to search, Enter to do it."),
        REDRAW,
        page_row("leave", ("escape",), "back", "Stop what is being computed, or go back to the stepper."),
        page_row("back", ("x",), "back", "Go back to the stepper; {back} there comes back to this page."),
        page_row("quit", ("q", "ctrl+c"), "quit", "Quit; the place in the stepper is kept for --resume."),
        SUSPEND,
    )  # fmt: skip
    return tuple(rows.values())


def key_named(name: str) -> Key:
    """A row of the table."""
    return next(key for key in keys() if key.name == name)


def key_of(name: str) -> str:
    """The key of a row, as it stands in a sentence."""
    return key_sign(key_named(name).keys[0])


def after(state: PageState, name: str, argument: Any = None, result: Any = None) -> PageState:
    """The page after a key, by its name: the only way in which one changes.

    result: what the page shows, as far as it is known.
    Raises: ValueError for a key that the screen itself does something by.
    """
    change = key_named(name).change
    if change is None:
        raise ValueError(f"{name!r} is not a key of the state")
    return change(replace(state, notice=""), argument, result)
