"""The page of experiments as it is sent to other machines: what is set there, of which each draws it anew."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from types import GenericAlias
from typing import Any

import msgspec

from tinynet_tui.drawing.cover import Cover
from tinynet_tui.drawing.experiment_page import ShownExperiment, Waiting
from tinynet_tui.experiments.experiment_rows import Experiment, Inputs, Option
from tinynet_tui.experiments.long_work import EVERY, PATIENCE, Stopped
from tinynet_tui.experiments.page import PageState
from tinynet_tui.experiments.page_of_session import opened_page
from tinynet_tui.experiments.table import EXPERIMENTS
from tinynet_tui.session.session import Session
from tinynet_tui.terminal.background import in_background

_FARTHEST = 1 << 20
"""Of a choice and a cursor: no list and no chart is longer."""


class PageNews(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is set on the page, beside where the class is; see `PageState`."""

    experiment: str
    values: dict[str, Any] = {}
    choice: int | None = None
    cursor: int | None = None
    is_rescaled: bool = False


def page_news(session: Session, cover: Cover | None) -> PageNews | None:
    """What to send of a page that covers a session; None where it is another page, or of other numbers."""
    if not isinstance(cover, ShownExperiment):
        return None
    state, row = cover.state, cover.state.row
    given = dict(state.values)
    values = {option.name: given[option.name] for option in _settable(row) if option.name in given}
    news = PageNews(
        row.name,
        values,
        dict(state.chosen).get(row.topic.verb),
        dict(state.cursors).get(row.name),
        row.name in state.rescaled,
    )
    there = page_at(session, news)
    return news if there is not None and (there.setup, there.inputs) == (state.setup, state.inputs) else None


def page_at(session: Session, news: PageNews) -> PageState | None:
    """The page as it is set, over a session; None where it cannot be so."""
    row = next((row for row in EXPERIMENTS if row.name == news.experiment), None)
    places = news.choice or 0, news.cursor or 0
    if row is None or not all(0 <= place <= _FARTHEST for place in places):
        return None
    state = opened_page(session, None).state
    try:
        options = {option.name: option for option in _settable(row)}
        values = [(name, _value(options[name], state, sent)) for name, sent in news.values.items()]
    except (KeyError, ValueError, OverflowError, msgspec.ValidationError):
        return None
    return replace(
        state,
        experiment=row.name,
        values=tuple(values),
        chosen=() if news.choice is None else ((row.topic.verb, news.choice),),
        cursors=() if news.cursor is None else ((row.name, news.cursor),),
        rescaled=frozenset({row.name} if news.is_rescaled else ()),
    )


def _settable(row: Experiment[Any]) -> list[Option[Any]]:
    """The options of an experiment that a key sets."""
    return [option for option in row.options if option.prompt is not None or option.count is not None]


def _value(option: Option[Any], state: PageState, sent: object) -> object:
    """Raises: ValueError or ValidationError where nobody could have set it so."""
    default = option.default(state.setup)
    # Of a tuple each entry is told, too: what is no number must not get as far as to be computed with.
    kind = GenericAlias(tuple, (type(default[0]), ...)) if type(default) is tuple else type(default)
    value: object = msgspec.convert(sent, type=kind)
    if option.prompt is not None:
        option.prompt.read(option.prompt.written(value))
    return value


class FollowedPage:
    """The page on a follower's own machine, where its results are computed."""

    def __init__(self, changed: Callable[[], None]) -> None:
        """changed: is called when the cover is another one."""
        self._changed = changed
        self.cover: ShownExperiment | None = None
        """What covers the step."""
        self._state: PageState | None = None
        self._done: tuple[Inputs | None, object] = None, None
        """The last result, after what it was computed with."""
        self._wanted: Inputs | None = None
        """What is computed now."""

    def show(self, state: PageState | None) -> None:
        """Go to another state of the page, or leave it; what was there stays as long as its own would."""
        self._state = state
        if state is None:
            self.cover = self._wanted = None
            return
        inputs = state.inputs
        if inputs is None or inputs == self._done[0]:
            self._wanted = None
            self.cover = ShownExperiment(state, self._done[1] if inputs is not None else None)
        elif inputs != self._wanted:
            self._wanted = inputs
            self.cover = self.cover or ShownExperiment(state, Waiting(None))
            self._work = asyncio.ensure_future(self._compute(state.row, inputs))

    async def _compute(self, row: Experiment[Any], inputs: Inputs) -> None:
        """Compute what is wanted, and show it, or how far it is, as long as it is wanted."""
        done = 0.0

        def watch(share: float) -> None:
            nonlocal done
            done = share
            if self._wanted is not inputs:
                raise Stopped

        work = asyncio.ensure_future(in_background(partial(row.compute, inputs, watch)))
        wait = PATIENCE
        while not (await asyncio.wait([work], timeout=wait))[0]:
            wait = EVERY
            if self._wanted is inputs and self._state is not None:
                self.cover = ShownExperiment(self._state, Waiting(done))
                self._changed()
        # Where it fails, it was ended by `watch`, or cannot be done with what was sent.
        if work.exception() is None and self._wanted is inputs:
            self._done = inputs, work.result()
            self.show(self._state)
            self._changed()
