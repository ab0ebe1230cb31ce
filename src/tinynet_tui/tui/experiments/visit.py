"""A visit to the page of experiments: where in the session it began, and what is kept of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tinynet_tui.drawing.experiments.view import Experiment, View, first_view
from tinynet_tui.drawing.experiments.work import Result, Work
from tinynet_tui.engine.model import Setup
from tinynet_tui.experiments.learning_rates import default_rates
from tinynet_tui.session.commands import Command, after
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Session


@dataclass(frozen=True, slots=True)
class Visit:
    """The page as it is, or as it was left."""

    view: View
    origin: Session
    """The session whose numbers the experiments start from."""
    session: Session
    """The session when the page was opened."""
    opened: Session | None = None
    """Where the page is left to: an update of one of the runs; None: where it was opened."""
    run: Session | None = None
    """The last update of a run that was opened; while its training goes on, the page stays as it is."""
    results: dict[Experiment, tuple[Work, Result]] = field(default_factory=dict, compare=False)
    """The last result of each experiment, and the work that it is of; filled as they come."""

    def result(self, work: Work | None) -> Result | None:
        """The result of a work, if it is there."""
        done = self.results.get(work.experiment) if work is not None else None
        return done[1] if done is not None and done[0] == work else None

    def leaving_for(self, rate: float, updates: int) -> Visit:
        """The visit when it is left for the stepper, after a number of updates with a rate.

        An update of another run that was opened before has no part in it. Undo leads back to where the
        learner was, which need not be where the runs begin.
        """
        begin = replace(
            self.session, edits=self.origin.edits, update=self.origin.update, step=self.origin.step
        )
        opened = after(begin, Command("try-rate", (rate, updates)))
        opened = replace(opened, past=(*opened.past[:-1], self.session.bare))
        return replace(self, opened=opened, run=opened)


def visit(session: Session, before: Visit | None) -> Visit:
    """The page as it opens on a session, given the visit before.

    A run that was opened from the page leads back to the page as it was, however often, until an edit, undo
    or another lesson makes it another training. Any other session is one to experiment with: its numbers take
    the place of those before, and the rest of the page stays.
    """
    if before is not None and before.run is not None and _same_training(session, before.run):
        return replace(before, session=session, opened=None)
    origin = origin_of(session)
    view = first_view(setup_now(origin), session.lesson.title, origin.update, session.selected)
    if before is not None and before.view.setup.network == view.setup.network:
        is_asked_for = before.view.rates != default_rates(before.view.setup)
        view = replace(
            before.view,
            setup=view.setup,
            title=view.title,
            update=view.update,
            rates=before.view.rates if is_asked_for else view.rates,
            notice="",
        )
    return Visit(view, origin, session, results=before.results if before else {})


def _same_training(session: Session, other: Session) -> bool:
    return (session.lesson, session.seed, session.edits) == (other.lesson, other.seed, other.edits)


def origin_of(session: Session) -> Session:
    """Where the runs of a session begin: at its update, or at the start of training.

    At the start where an optimizer brings a state along or batches follow each other: there alone a run with
    its numbers is the stepper's own.
    """
    start = moment(session).trace.start
    setup = moment(session).setup
    if not start.state and setup.batch >= len(setup.inputs):
        return session.bare
    return replace(session.bare, update=1, step=0)


def setup_now(session: Session) -> Setup:
    """The numbers that training stands on at a session's update."""
    trace = moment(session).trace
    return replace(trace.setup, parameters=trace.start.parameters)
