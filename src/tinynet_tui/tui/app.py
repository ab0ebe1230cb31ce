"""The app: keys and clicks become commands, commands a new session, and the session a picture."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.geometry import Size
from textual.screen import Screen
from textual.timer import Timer

from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.walks import number_text
from tinynet_tui.lessons.reading import LessonFault, open_lesson
from tinynet_tui.lessons.writing import lesson_text
from tinynet_tui.prediction.tally import total
from tinynet_tui.session.commands import BY_KEY, BY_NAME, COMMANDS, Command, after, key_sign
from tinynet_tui.session.edits import Edit, edit_fault, editable_names
from tinynet_tui.session.history import initial_setup, train_on
from tinynet_tui.session.moment import Moment, moment
from tinynet_tui.session.session import Session
from tinynet_tui.teaching.numbers import number
from tinynet_tui.tui.answers import complaint, new_file, place, positive_number
from tinynet_tui.tui.autoplay import Autoplay
from tinynet_tui.tui.beside import beside
from tinynet_tui.tui.board import Board
from tinynet_tui.tui.drawing.look import Look
from tinynet_tui.tui.drawing.screen import being_computed, screen
from tinynet_tui.tui.driver import TerminalApp
from tinynet_tui.tui.files import saved, step_text, write_fault, written
from tinynet_tui.tui.keys import entry_of, no_key
from tinynet_tui.tui.last_position import LastPosition
from tinynet_tui.tui.lists import key_choices, lesson_choices, tally_choices
from tinynet_tui.tui.predicting import (
    PREDICTION,
    goes_on,
    is_prediction,
    judged,
    passes,
    prediction_field,
)
from tinynet_tui.tui.prompt import HandedPrompt, Prompt
from tinynet_tui.tui.screens.choice import Choice, ChoiceScreen
from tinynet_tui.tui.terminal import Colours
from tinynet_tui.tui.theme import theme_of

if TYPE_CHECKING:
    from tinynet_tui.frameworks.costs import Costs
    from tinynet_tui.tui.experiments.visit import Visit

LARGEST_WIDTH, LARGEST_HEIGHT = 240, 80
"""Cells: a terminal may be larger; the picture stays in its corner."""

_KEPT_AFTER = 0.8
"""Seconds after a change at which the position is kept, so that even a kill loses no more."""
_TRAINING, _MEASURING = "training", "measuring"
"""The groups of workers: any key ends the first."""
_TRAINED_AT_ONCE = 200_000
"""Parameters times samples times updates between two looks at the keyboard while training goes a long way."""
_COMPUTED_AT_ONCE = 20_000
"""Parameters times samples: what an update of more comes to is computed beside the keyboard."""


class _Main(Screen[None], inherit_bindings=False):
    """The main screen. Textual's own would take Tab for itself."""

    def on_paste(self, event: events.Paste) -> None:
        """Give pasted text to the question that is open."""
        self.query_one(Prompt).paste(event.text)


class Stepper(TerminalApp, inherit_bindings=False):
    """Walks a learner through training, one step at a time."""

    TITLE = "tinynet-tui"
    CSS = "Screen { background: ansi_default; color: ansi_default; }"

    def __init__(
        self, session: Session, look: Look, colours: Colours, state: Path | None, differences: bool = True
    ) -> None:
        super().__init__(differences)
        far = train_on(session, _updates_at_once(session)) > 0
        self.session = replace(session, update=1, step=0) if far else session
        """Where the learner is."""
        self._opening = session if far else None
        """Where the learner will be once it is trained for, from the opening of the app on."""
        self._computed: Session | None = None
        """The update that was last computed beside the keyboard."""
        self._computing = False
        self.last_position = LastPosition(state, session)
        self._look = look
        self._colours = theme_of(colours)
        self._room = Size(0, 0)
        self._drawing = False
        self._keeping: Timer | None = None
        self._autoplay = Autoplay(self.set_interval, self._play)
        self._visit: Visit | None = None
        self._costs: Costs | None = None
        self._own: dict[str, Callable[[], None]] = {
            "goto": self._ask_place,
            "edit": self._ask_value,
            "rate": self._ask_rate,
            "open": self._choose_lesson,
            "experiments": self._open_experiments,
            "autoplay": self._toggle_autoplay,
            "faster": lambda: self._say(self._autoplay.change_speed(+1)),
            "slower": lambda: self._say(self._autoplay.change_speed(-1)),
            "measure": self._measure,
            "save": self._ask_file,
            "copy": self._copy,
            "screenshot": self._take_screenshot,
            "tally": self._choose_step,
            "help": self._choose_command,
            "palette": self._choose_command,
            "quit": self._quit,
            "suspend": self._suspend,
        }

    def get_default_screen(self) -> Screen[None]:
        """The main screen."""
        return _Main()

    def compose(self) -> ComposeResult:
        """One board, and the prompt over its last row."""
        yield Board(self._colours, id="board")
        yield HandedPrompt(self._colours, self._look.ascii)

    # What is on screen

    @property
    def board(self) -> Board:
        """The board of the main screen, also while a list covers it."""
        return self.screen_stack[0].query_one("#board", Board)

    @property
    def _question(self) -> HandedPrompt:
        return self.screen_stack[0].query_one(HandedPrompt)

    def screenshot(self) -> str:
        """The screen as an SVG picture."""
        from tinynet_tui.tui.svg import picture_svg

        return picture_svg(self.screen.query(Board).first().picture, self._colours)

    @property
    def moment(self) -> Moment:
        """The session with its numbers."""
        return moment(self.session)

    def on_mount(self) -> None:
        """Go where the app was opened, if that is far."""
        if self._opening is not None:
            self.show(self._opening)

    def show(self, session: Session) -> None:
        """Take another session, and draw it; training that takes long goes on beside the keyboard."""
        self._stop_training()
        if train_on(session, _updates_at_once(session)) > 0:
            self.run_worker(self._train_and_show(session), group=_TRAINING)
        else:
            self._arrive(session)

    def _stop_training(self) -> None:
        self.workers.cancel_group(self, _TRAINING)

    async def _train_and_show(self, session: Session) -> None:
        while (left := train_on(session, _updates_at_once(session))) > 0:
            self._say(f"Training: {left:,} updates to go. Esc stops.")
            await asyncio.sleep(0)
        self._arrive(session)

    def _arrive(self, session: Session) -> None:
        self.session, self._opening = session, None
        self._ask_prediction()
        self._draw()
        # Not begun anew by the next change: keys that never pause would put it off for ever.
        if self._keeping is None:
            self._keeping = self.set_timer(_KEPT_AFTER, self._keep)

    def command(self, name: str, argument: object = None) -> None:
        """Have a command of the session done."""
        self.show(after(self.session, Command(name, argument)))

    def _draw(self) -> None:
        """Draw once for all keys that wait: a burst of them must not wait for pictures that nobody sees."""
        if not self._drawing:
            self._drawing = True
            self.call_later(self._draw_now)

    def _draw_now(self) -> None:
        self._drawing = False
        width, height = min(self._room.width, LARGEST_WIDTH), min(self._room.height, LARGEST_HEIGHT)
        if self._is_computed():
            self.board.show(screen(self.moment, width, height, self._look, self._costs))
        else:
            self.board.show(being_computed(self.session, self.board.picture, width, height, self._look))
            if not self._computing:
                self._computing = True
                self.run_worker(self._compute(self.session))

    def _is_computed(self) -> bool:
        """Whether the numbers of the update are there, or there at once."""
        setup = initial_setup(self.session)
        large = len(setup.parameters) * len(setup.inputs) > _COMPUTED_AT_ONCE
        return not large or self._computed == _update_of(self.session)

    async def _compute(self, session: Session) -> None:
        """Compute what a large network's update comes to, and then draw it, or what has come after it."""
        await beside(lambda: screen(moment(session), LARGEST_WIDTH, LARGEST_HEIGHT, self._look))
        self._computed, self._computing = _update_of(session), False
        self._draw()

    def _say(self, notice: str) -> None:
        """Show a line in place of the hints."""
        self.session = replace(self.session, notice=notice)
        self._draw()

    def on_resize(self, event: events.Resize) -> None:
        """Draw for the new size; the first one is also when there is a field to ask in."""
        self._room = event.size
        self._ask_prediction()
        self._draw()

    # Keys and clicks

    def on_key(self, event: events.Key) -> None:
        """Do what a key stands for."""
        event.stop()
        if not passes(event, self._question.question) and self._question.takes(event, self._answered):
            self._ask_prediction()
            return
        entry = BY_NAME["next"] if goes_on(event, self.session) else entry_of(event, BY_KEY)
        if entry is None:
            self._autoplay.stop()
            self._say(no_key(event))
        else:
            self.do(entry.name)

    def do(self, name: str) -> None:
        """Do what a command says, by its name."""
        if name not in ("autoplay", "faster", "slower"):
            self._autoplay.stop()
        if name in self._own:
            self._stop_training()
            self._own[name]()
        else:
            self.command(name)

    def on_board_clicked(self, message: Board.Clicked) -> None:
        """Select what was clicked, open a panel, or do the command of a hint."""
        kind, _, name = message.name.rpartition(":")
        if self._question.is_open and not is_prediction(self._question.question):
            return
        if kind:
            self.do(name)
        elif message.name in editable_names(self.moment.network):
            self._autoplay.stop()
            self.command("select", message.name)

    def on_board_scrolled(self, message: Board.Scrolled) -> None:
        """Step with the wheel."""
        if not self._question.is_open:
            self.do("next" if message.rows > 0 else "back")

    # Questions

    def _ask(self, command: str, label: str, initial: str, read: Callable[[str], object]) -> None:
        self._say("")
        self._question.ask(self._look.say(label), initial, complaint(read), name=command)

    def _ask_place(self) -> None:
        self._ask("goto", "go to:", "", place)

    def _ask_value(self) -> None:
        name = self.session.selected
        value = self.moment.given[name]
        label = f"{symbol(name)} from update {self.session.update} on:"
        self._ask("edit", label, _as_typed(value), self._new_value)

    def _new_value(self, text: str) -> float:
        value = number(text)
        fault = edit_fault(self.moment.network, self.session.selected, value)
        if fault is not None:
            raise ValueError(fault)
        return value

    def _ask_rate(self) -> None:
        rate = self.moment.setup.hyperparameters.learning_rate
        label = f"η from update {self.session.update} on:"
        self._ask("rate", label, _as_typed(rate), positive_number)

    def _ask_file(self) -> None:
        self._ask("save", "save as:", "my-lesson.toml", new_file)

    def _ask_prediction(self) -> None:
        """Have the field be for what the session asks now; another question that is open comes first."""
        here, asked = self._question.question, prediction_field(self.session, self._look)
        if here is not None and not is_prediction(here):
            return
        if asked is None and here is not None:
            self._question.withdraw()
        elif asked is not None and (here is None or here.name != asked.name):
            self._question.open(asked)

    def _answered(self, message: Prompt.Submitted) -> None:
        match message.name:
            case name if name.startswith(PREDICTION):
                self.command("answer", judged(self.session, message.text))
            case "goto":
                self.command("goto", place(message.text))
            case "rate":
                self.command("rate", positive_number(message.text))
            case "edit":
                self.command("edit", self._edit(number(message.text)))
            case "save":
                self._say(saved(self.moment, new_file(message.text)))

    def _edit(self, value: float) -> Edit:
        name = self.session.selected
        sample = self.moment.sample if name.startswith(("x", "y")) else None
        return Edit(self.session.update, name, value, sample)

    # Lists

    def _choose_command(self) -> None:
        self._choose("Help: every key", key_choices(COMMANDS, self._look.ascii), self.do)

    def _choose_step(self) -> None:
        if not self.session.answers:
            self._say(total(self.session))
            return
        self._choose(total(self.session), tally_choices(self.session), self._ask_again)

    def _ask_again(self, step: str) -> None:
        if step:
            self.command("ask-again", place(step))

    def _choose_lesson(self) -> None:
        self._choose("Open a lesson", lesson_choices(), self._open_lesson)

    def _choose(self, title: str, choices: list[Choice[str]], chosen: Callable[[str], None]) -> None:
        def left(value: str | None) -> None:
            if value is not None:
                chosen(value)

        self.push_screen(ChoiceScreen(title, choices, self._colours, self._look.ascii), left)

    def _open_lesson(self, name: str) -> None:
        try:
            lesson = open_lesson(name)
        except LessonFault as fault:
            self._say(fault.lines[0])
        else:
            self.command("open", lesson)

    # Experiments

    def _open_experiments(self) -> None:
        from tinynet_tui.tui.experiments.visit import visit
        from tinynet_tui.tui.screens.experiments import ExperimentsScreen

        self._visit = visit(self.session, self._visit)
        self.push_screen(ExperimentsScreen(self._visit, self._colours, self._look), self._left_experiments)

    def _left_experiments(self, left: Visit | None) -> None:
        """Keep the page as it was left; open the run and the update that were chosen there."""
        if left is not None:
            self._visit = left
            if left.opened is not None:
                self.show(left.opened)

    # Costs

    def _measure(self) -> None:
        """Show the framework panel, and begin to measure; stepping goes on beside it."""
        self.command("framework")
        self.run_worker(self._measure_costs(), group=_MEASURING, exclusive=True)

    async def _measure_costs(self) -> None:
        from tinynet_tui.tui.measuring import measured

        setup = self.moment.setup
        async for costs in measured(setup.network, len(setup.inputs), lesson_text(self.session.lesson)):
            self._costs = costs
            self._draw()

    # Autoplay

    def _toggle_autoplay(self) -> None:
        if self.session.stage != "off":
            self._say(f"Steps are predicted now: {key_sign(BY_NAME['predict'].keys[0])} ends that.")
            return
        self._say("Autoplay stopped." if self._autoplay.stop() else self._autoplay.start())

    def _play(self) -> None:
        here = self.session
        there = after(here, Command("next"))
        if (there.update, there.step) == (here.update, here.step):
            self._autoplay.stop()
            self.show(there)
        else:
            self.show(replace(there, notice=here.notice))

    # Files

    def _copy(self) -> None:
        text = step_text(self.moment)
        self.copy_to_clipboard(text)
        self._say(written("as text", self._stem, ".txt", text, "sent to the clipboard, if there is one"))

    def _take_screenshot(self) -> None:
        self._say(written("as a picture", self._stem, ".svg", self.screenshot()))

    @property
    def _stem(self) -> str:
        return f"tinynet-{self.session.update}.{self.session.step}"

    # Leaving

    def _quit(self) -> None:
        self.exit()

    def _suspend(self) -> None:
        self.last_position.keep_now(self._place)
        self.action_suspend_process()

    @property
    def _place(self) -> Session:
        """What is kept: where the learner is, or is still on the way to from the opening on."""
        return self._opening or self.session

    def _keep(self) -> None:
        self._keeping = None
        self.last_position.keep(self._place)
        if (fault := self.last_position.news()) is not None:
            self._say(fault)

    def on_unmount(self) -> None:
        """Keep the position, however the app ends."""
        self.last_position.keep_now(self._place)


def _update_of(session: Session) -> Session:
    """The update that a session is in, and nothing else of it."""
    return Session(session.lesson, session.edits, session.seed, session.update)


def _updates_at_once(session: Session) -> int:
    setup = initial_setup(session)
    return max(1, _TRAINED_AT_ONCE // (len(setup.parameters) * len(setup.inputs)))


def _as_typed(value: float) -> str:
    """A number as a person would type it."""
    return number_text(value).replace("−", "-")


def run_stepper(
    session: Session,
    look: Look,
    colours: Colours,
    state: Path | None,
    differences: bool = True,
    mouse: bool = True,
) -> tuple[int, Session, str | None]:
    """Open the app on this terminal; returns (exit status, last session, what there is to say afterwards).

    differences: whether only the cells that changed are sent; mouse: whether clicks are asked for.
    """
    app = Stepper(session, look, colours, state, differences)
    app.run(mouse=mouse)
    unkept = app.last_position.fault
    if app.fault is not None:
        where = write_fault(app.fault, state)
        kept = unkept or ("The position is kept." if app.last_position.has(app._place) else "")
        return 1, app.session, f"It has stopped by a fault of its own, {where}. {kept}".rstrip()
    return app.return_code or 0, app.session, unkept
