"""The app: it has a session on its page, trains for it in the background, and keeps the position."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Any, ClassVar

from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import LARGEST_HEIGHT, LARGEST_WIDTH, Picture
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.drawing.screen import being_computed, screen
from tinynet_tui.drawing.theme import GROUNDS, Theme
from tinynet_tui.engine.training import loop_of
from tinynet_tui.session.commands import Command, after
from tinynet_tui.session.history import initial_setup, is_large, train_on
from tinynet_tui.session.moment import Moment, moment
from tinynet_tui.session.session import Session
from tinynet_tui.terminal.background import in_background
from tinynet_tui.tui.board import Board
from tinynet_tui.tui.last_position import LastPosition
from tinynet_tui.tui.later import later
from tinynet_tui.tui.page import PagedApp
from tinynet_tui.tui.permissions import OPEN, Permissions
from tinynet_tui.tui.stepper import StepperPage

if TYPE_CHECKING:
    from tinynet_tui.frameworks.costs import Costs
    from tinynet_tui.practice.fading import Fading
    from tinynet_tui.practice.record import PracticeAnswer, Record

_KEPT_AFTER = 0.5
"""Seconds after a change at which the position is kept: a kill loses no more, a full disk is told soon."""
_TRAINING, _MEASURING = "training", "measuring"
"""The groups of workers: any key ends the first."""
_TRAINED_AT_ONCE = 200_000
"""Parameters times samples times updates between two looks at the keyboard while training goes a long way."""


class Stepper(PagedApp):
    """Walks a learner through training, one step at a time."""

    TITLE = "tinynet-tui"
    PAGE: ClassVar[type[StepperPage]] = StepperPage
    offers_practice = True
    """Whether exercises can be done in place of its session: not where a class sees it."""

    def __init__(
        self,
        session: Session,
        look: Look,
        theme: Theme,
        state: Path | None,
        differences: bool = True,
        permissions: Permissions = OPEN,
    ) -> None:
        super().__init__(theme, differences, permissions)
        self._open_at(session, look, state)
        self.lesson_folders: tuple[str, ...] = ()
        """Where lessons are looked for beside the working directory."""
        self._keeping: asyncio.TimerHandle | None = None
        self._acted = time()
        """When the learner last did something."""
        self._computed: Session | None = None
        """The update that was last computed in the background."""
        self._computing = False
        self._costs: Costs | None = None
        self.last_words = ""
        """What there is to say when the app has ended."""
        self._untold = list[str]()
        """What there is to say beside the session that is shown next."""
        self.practice_file: Path | None = None
        """Where the record of practice is kept, if it is."""
        self.tour_file: Path | None = None
        """Where the tour is kept, if not with the position."""
        self._tour_position: LastPosition | None = None
        self._fading: Fading | None = None
        self.page_before: tuple[StepperPage, Session] | None = None
        """While practice was begun from here: the page and the session to go back to."""
        self.page = self.PAGE(self)
        """The page that shows the session, also while another one covers it."""

    def _open_at(self, session: Session, look: Look, state: Path | None) -> None:
        """Begin with a session."""
        far = train_on(session, _updates_at_once(session)) > 0
        self.session = replace(session, update=1, step=0) if far else session
        """Where the learner is."""
        self._opening = session if far else None
        """Where the learner will be once it is trained for, from the opening of the app on."""
        self.look = look
        self.use_keys(look.keys)
        self.last_position = LastPosition(state, session, self.permissions, self._tell)

    def get_default_screen(self) -> StepperPage:
        """The stepper's page."""
        return self.page

    @property
    def board(self) -> Board:
        """The board of the stepper's page."""
        return self.page.board

    @property
    def moment(self) -> Moment:
        """The session with its numbers."""
        return moment(self.session)

    @property
    def scene(self) -> Scene:
        """The moment as it is drawn."""
        return Scene(self.moment, self.look, self._costs)

    # Another session

    @property
    def escape_leaves(self) -> bool:
        """Whether something is open that Escape leaves; a line that is shown is not."""
        if len(self.screen_stack) > 1 or self.page.prompt is not None or self._is_measuring:
            return True
        left = after(self.session, Command("leave"))
        return replace(left, notice="") != replace(self.session, notice="")

    def on_mount(self) -> None:
        """Begin."""
        self.begin()

    def begin(self) -> None:
        """Go where the app was opened, if that is far."""
        if self._opening is not None:
            self.show(self._opening)
        else:
            self.page.ask_prediction()

    def on_ready(self) -> None:
        """Give a page in a browser the colours that the palette is for: it has none of its user's choice."""
        if self.driver is not None and self.driver.is_web:
            foreground, background = GROUNDS[self.cell_theme.palette]
            self.driver.write(f"\x1b]10;{foreground}\a\x1b]11;{background}\a")

    def command(self, name: str, argument: Any = None) -> None:
        """Have a command of the session done; what leaves ends measuring first."""
        if name == "leave" and self._is_measuring:
            self._stop_measuring()
            return
        there = after(self.session, Command(name, argument))
        self.show(self._faded(there) if there.fades else there)

    def _faded(self, there: Session) -> Session:
        """A session with as much of its question shown as the learner's record says."""
        if self._fading is None:
            from tinynet_tui.practice.fading import Fading

            self._fading = Fading(self.practice_record())
        return self._fading.after(self.session, there, time())

    # Practice

    def practice_record(self) -> Record:
        """What has been answered, and goes on; it is only remembered where no record is kept."""
        from tinynet_tui.practice.record import Record

        path = self.practice_file
        try:
            return Record(path, self.say_with_next)
        except OSError as error:
            self.say_with_next(
                f"The record cannot be read ({path}: {error.strerror}): this practice is not kept."
            )
            return Record(None, self.say_with_next)

    def has_practised(self, answer: PracticeAnswer) -> None:
        """Be told of an answer in practice, which the record has already."""

    def practise(self, course: str) -> None:
        """Ask the exercises of a shipped course, until that is left."""
        from tinynet_tui.tui.practising import opened_practice

        page = opened_practice(self, course)
        self.page_before, self.page = (self.page, self.session), page
        self._fading = None  # the record goes on without it
        self.push_screen(page, self._left_practice)
        self.show(page.asking(page.drill.session))

    def _left_practice(self, _nothing: None) -> None:
        assert self.page_before is not None, "practice that was begun is left"
        (self.page, session), self.page_before = self.page_before, None
        self.show(replace(session, notice=self.last_words))

    def show(self, session: Session, by_itself: bool = False) -> None:
        """Take another session, and draw it; training that takes long goes on in the background.

        by_itself: whether no key and no click has asked for it.
        """
        if not by_itself:
            self._acted = time()
        self.stop_training()
        if train_on(session, _updates_at_once(session)) > 0:
            self._work_on(_TRAINING, partial(self._train_and_show, session))
        else:
            self._arrive(session)

    def _work_on(self, group: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do something beside the keys, in place of what its group does.

        A coroutine that is ended before it has begun would be complained of: it is made when it begins.
        """
        self.run_worker(work, group=group, exclusive=True)  # type: ignore[arg-type]

    def stop_training(self) -> None:
        """Go nowhere that is still trained for."""
        self.workers.cancel_group(self, _TRAINING)

    async def _train_and_show(self, session: Session) -> None:
        while (left := train_on(session, _updates_at_once(session))) > 0:
            self.say(f"Training: {left:,} updates to go. {self.look.keys.of('leave')} stops.")
            await asyncio.sleep(0)
        self._arrive(session)

    def _arrive(self, session: Session) -> None:
        if self._untold:
            # A verdict gives way to a notice: it is part of this one.
            said = (session.notice,) if session.notice else Scene(moment(session), self.look).feedback[:1]
            session = replace(session, notice=" ".join((*said, *self._untold)))
            self._untold.clear()
        self.session, self._opening = session, None
        self.page.ask_prediction()
        self.page.draw()
        # Not begun anew by the next change: keys that never pause would put it off for ever.
        if self._keeping is None:
            self._keeping = later(self, _KEPT_AFTER, self._keep)

    def say(self, notice: str) -> None:
        """Show a line in place of the hints."""
        self.session = replace(self.session, notice=notice)
        self.page.draw()

    def say_with_next(self, words: str) -> None:
        """Show a line beside what comes next; shown now, that would cover it."""
        if words not in self._untold:
            self._untold.append(words)

    # What is on screen

    def picture(self, width: int, height: int) -> Picture:
        """The session; of an update that takes long to compute, at first that it is computed."""
        if self._is_computed():
            return screen(self.moment, width, height, self.look, self._costs)
        if not self._computing:
            self._computing = True
            self.run_worker(self._compute(self.session))
        return being_computed(self.session, self.board.picture, width, height, self.look)

    def _is_computed(self) -> bool:
        """Whether the numbers of the update are there, or there at once."""
        return not is_large(self.session) or self._computed == _update_of(self.session)

    async def _compute(self, session: Session) -> None:
        """Compute what a large network's update comes to, and then draw it, or what has come after it."""
        await in_background(lambda: screen(moment(session), LARGEST_WIDTH, LARGEST_HEIGHT, self.look))
        await in_background(lambda: loop_of(initial_setup(session)))  # no key waits for it to be compiled
        self._computed, self._computing = _update_of(session), False
        self.page.draw()

    def measure_costs(self) -> None:
        """Measure what an update costs, in the background."""
        self._work_on(_MEASURING, self._measure_costs)

    async def _measure_costs(self) -> None:
        from tinynet_tui.lessons.writing import lesson_text
        from tinynet_tui.tui.measuring import measured

        async for costs in measured(self.moment.setup, lesson_text(self.session.lesson)):
            self._costs = costs
            self.page.draw()

    @property
    def _is_measuring(self) -> bool:
        return self._costs is not None and not self._costs.has_ended

    def _stop_measuring(self) -> None:
        assert self._costs is not None, "it is measured"
        self.workers.cancel_group(self, _MEASURING)
        self._costs = replace(self._costs, has_ended=True)
        self.say("Measuring stopped.")

    # The position

    @property
    def _place(self) -> Session:
        """What is kept: where the learner is, or is still on the way to from the opening on."""
        return self._opening or (self.page_before[1] if self.page_before else self.session)

    def _keep(self) -> None:
        self._keeping = None
        for position in self._positions:
            position.keep(self._place, self._acted)

    @property
    def _positions(self) -> tuple[LastPosition, ...]:
        """What keeps the place; on a tour also what keeps that, for a start without --resume."""
        place = self._place
        if self.tour_file is None or place.tour is None or place.lesson not in place.tour.tour.lessons:
            return (self.last_position,)
        if self._tour_position is None:
            self._tour_position = LastPosition(self.tour_file, place, self.permissions, self._tell)
        return self.last_position, self._tour_position

    def take_up_tour(self) -> int | None:
        """Have the shipped tour as it was left before the app was opened; returns its stop, if any."""
        from tinynet_tui.session.state_file import left_tour
        from tinynet_tui.session.touring import shipped_tour

        if self.session.tour is not None or self.tour_file is None:
            return None
        there = left_tour(shipped_tour(), self.tour_file)
        if there is None or (left := there.tour) is None:
            return None
        number = len(left.tour.stops) if left.is_finished else left.number
        self.session = replace(self.session, tour=left._replace(number=number, is_open=False))
        return number

    def _tell(self, words: str) -> None:
        """Show a line, from any thread."""
        self.call_later(self.say, words)

    def stopping(self) -> None:
        """Keep the position, and the tour."""
        for position in self._positions:
            position.keep_now(self._place, self._acted)

    def on_unmount(self) -> None:
        """Keep the position, however the app ends; what could not be shown any more is said then."""
        self.stopping()
        self.last_words = "\n".join(filter(None, (*self._untold, self.last_words)))

    @property
    def position_is_kept(self) -> bool:
        """Whether the position is known to be in the state file."""
        return self.last_position.has(self._place)


def _update_of(session: Session) -> Session:
    """The update that a session is in, and nothing else of it."""
    return Session(session.lesson, session.edits, session.seed, session.update)


def _updates_at_once(session: Session) -> int:
    setup = initial_setup(session)
    return max(1, _TRAINED_AT_ONCE // (len(setup.parameters) * len(setup.inputs)))


def run_stepper(app: Stepper, state: Path | None, mouse: bool = True) -> tuple[int, Session, str | None]:
    """Run the app on this terminal; returns how it ended.

    state: its state file; mouse: whether clicks are asked for.
    """
    app.run(mouse=mouse)
    return how_it_ended(app, state)


def how_it_ended(app: Stepper, state: Path | None) -> tuple[int, Session, str | None]:
    """(exit status, last session, words for afterwards, if any); state: its state file."""
    unkept = app.last_position.fault
    if app.fault is None:
        return app.return_code or 0, app.session, unkept
    from tinynet_tui.tui.files import write_fault

    where = write_fault(app.fault, state) if app.permissions.is_open else type(app.fault).__name__
    kept = unkept or ("The position is kept." if app.position_is_kept else "")
    why = "its memory ran out" if isinstance(app.fault, MemoryError) else "of a fault in it"
    return 1, app.session, f"The app stopped because {why}: {where}. {kept}".rstrip()
