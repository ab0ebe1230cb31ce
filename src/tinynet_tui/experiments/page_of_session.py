"""The page of experiments as it opens on a session, and as it is left and found again."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any

from tinynet_tui.engine.model import Setup
from tinynet_tui.experiments.experiment_rows import Inputs
from tinynet_tui.experiments.page import PageState, first_state
from tinynet_tui.session.commands import Command, after
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Session


@dataclass(frozen=True, slots=True)
class OpenPage:
    """The page as it is, or as it was left."""

    state: PageState
    origin: Session
    """The session whose numbers the experiments start from."""
    session: Session
    """The session when the page was opened."""
    opened: Session | None = None
    """Where the page is left to: an update of one of the runs; None: where it was opened."""
    run: Session | None = None
    """The last update of a run that was opened; while its training goes on, the page stays as it is."""
    results: dict[str, tuple[Inputs, object]] = field(default_factory=dict, compare=False)
    """By the name of an experiment: its last result, and what it was done with; filled as they come."""

    def __reduce__(self) -> tuple[object, ...]:
        """The page without numbers, which are computed again: of these some come with code."""
        chosen = {
            one.name: getattr(self.state, one.name) for one in fields(self.state) if one.name != "setup"
        }
        return _page_again, (chosen, self.origin, self.session, self.opened, self.run)

    @property
    def result(self) -> object:
        """The result of what is shown; None where it is not there yet."""
        inputs, result = self.results.get(self.state.experiment, (None, None))
        return result if inputs == self.state.inputs else None

    def leaving_for(self, rate: float, updates: int) -> OpenPage:
        """The page when it is left for the stepper, after a number of updates with a rate.

        An update of another run that was opened before has no part in it. Undo leads back to where the
        learner was, which need not be where the runs begin.
        """
        begin = replace(
            self.session, edits=self.origin.edits, update=self.origin.update, step=self.origin.step
        )
        opened = after(begin, Command("try-rate", (rate, updates)))
        opened = replace(opened, past=(*opened.past[:-1], self.session.bare))
        return replace(self, opened=opened, run=opened)


def opened_page(session: Session, before: OpenPage | None) -> OpenPage:
    """The page as it opens on a session, given the one before.

    A run that was opened from the page leads back to the page as it was, however often, until an edit, undo
    or another lesson makes it another training. Any other session is one to experiment with: its numbers take
    the place of those before, and the rest of the page stays.
    """
    if before is not None and before.run is not None and _same_training(session, before.run):
        return replace(before, session=session, opened=None)
    origin = origin_of(session)
    setup = _setup_of(origin)
    state = first_state(setup, session.lesson.title, origin.update, session.selected)
    if before is not None and before.state.setup.model == state.setup.model:
        state = replace(before.state, setup=state.setup, title=state.title, update=state.update, notice="")
    return OpenPage(state, origin, session, results=before.results if before else {})


def _setup_of(origin: Session) -> Setup:
    """What experiments start from."""
    trace = moment(origin).trace
    return replace(trace.setup, parameters=trace.start.parameters)


def _page_again(
    chosen: dict[str, Any], origin: Session, session: Session, opened: Session | None, run: Session | None
) -> OpenPage:
    """A page that was left, as another process has written it."""
    return OpenPage(PageState(_setup_of(origin), **chosen), origin, session, opened, run)


def _same_training(session: Session, other: Session) -> bool:
    return (session.lesson, session.seed, session.edits) == (other.lesson, other.seed, other.edits)


def origin_of(session: Session) -> Session:
    """Where the runs of a session begin: at its update, or at the start of training.

    At the start where an optimiser brings a state along or batches follow each other: there alone a run with
    its numbers is the stepper's own.
    """
    start = moment(session).trace.start
    setup = moment(session).setup
    if not start.state and setup.batch >= len(setup.inputs):
        return session.bare
    return replace(session.bare, update=1, step=0)
