"""The app: keys and clicks become commands, commands a new session, and the session a picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.theme import Theme
from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.walks import number_text
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.prediction.tally import total
from tinynet_tui.session.commands import BY_KEY, BY_NAME, COMMANDS, Command, after, key_sign
from tinynet_tui.session.edits import Edit, edit_fault, editable_names
from tinynet_tui.session.places import EXAMPLES, numbered_place, place_of
from tinynet_tui.session.session import Session
from tinynet_tui.teaching.numbers import number, positive_number
from tinynet_tui.teaching.sentences import explanation
from tinynet_tui.tui.answers import LESSON_ENDING, complaint, new_lesson_file
from tinynet_tui.tui.autoplay import Autoplay
from tinynet_tui.tui.board import Board, BoardScreen
from tinynet_tui.tui.files import free_name, saved, step_text, write_fault, written
from tinynet_tui.tui.keys import entry_of, no_key
from tinynet_tui.tui.lazy_rows import LazyRows
from tinynet_tui.tui.lists import key_choices, lesson_choices, lesson_files, tally_choices
from tinynet_tui.tui.predicting import (
    PREDICTION,
    goes_on,
    is_prediction,
    judged,
    passes,
    prediction_field,
)
from tinynet_tui.tui.prompt import TAKE_OR_LEAVE, Answer, Prompt
from tinynet_tui.tui.reach import OPEN, Reach
from tinynet_tui.tui.screens.choice import Choice, ChoiceScreen
from tinynet_tui.tui.showing import SessionApp

if TYPE_CHECKING:
    from tinynet_tui.experiments.page_of_session import OpenPage

Chosen = TypeVar("Chosen")


class _Main(BoardScreen[None]):
    """The main screen."""

    def on_paste(self, event: events.Paste) -> None:
        """Give pasted text to the question that is open."""
        self.query_one(Prompt).paste(event.text)


class Stepper(SessionApp, inherit_bindings=False):
    """Walks a learner through training, one step at a time."""

    TITLE = "tinynet-tui"

    def __init__(
        self,
        session: Session,
        look: Look,
        theme: Theme,
        state: Path | None,
        differences: bool = True,
        reach: Reach = OPEN,
    ) -> None:
        super().__init__(session, look, theme, state, differences, reach)
        self._autoplay = Autoplay(self.set_interval, self._play)
        self._experiments: OpenPage | None = None
        self._own: dict[str, Callable[[], None]] = {
            "goto": self._ask_place,
            "edit": self._ask_value,
            "rate": self._ask_rate,
            "open": self._choose_lesson,
            "experiments": self._open_experiments,
            "autoplay": self._toggle_autoplay,
            "faster": lambda: self._say(self._autoplay.change_speed(+1)),
            "slower": lambda: self._say(self._autoplay.change_speed(-1)),
            "read": self._read_on,
            "measure": self._measure,
            "save": self._ask_file,
            "copy": self._copy,
            "screenshot": self._take_screenshot,
            "mouse": lambda: self._say(self.switch_mouse()),
            "tally": self._choose_step,
            "help": self._choose_command,
            "palette": self._choose_command,
            "redraw": self.draw_anew,
            "quit": self._quit,
            "suspend": lambda: self._say(self.suspended()),
        }

    def get_default_screen(self) -> Screen[None]:
        """The main screen."""
        return _Main()

    def compose(self) -> ComposeResult:
        """One board, and the prompt over its last row."""
        yield Board(self._theme, id="board")
        yield Prompt(self._theme, self._look.ascii)

    # What is on screen

    @property
    def _question(self) -> Prompt:
        return self.screen_stack[0].query_one(Prompt)

    def on_resize(self, event: events.Resize) -> None:
        """Ask what there is to predict: the first size is also when there is a field to ask in."""
        self._ask_prediction()

    def arrived(self) -> None:
        """Ask what there is to predict now."""
        self._ask_prediction()

    # Keys and clicks

    @property
    def escape_leaves(self) -> bool:
        """Whether something is open that Escape leaves; a line that is shown is not."""
        if len(self.screen_stack) > 1 or self._question.is_open:
            return True
        left = after(self.session, Command("leave"))
        return replace(left, notice="") != replace(self.session, notice="")

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
        if refusal := self.reach.refusal(name):
            self._say(refusal)
        elif name in self._own:
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
        elif message.name in editable_names(self.moment.model):
            self._autoplay.stop()
            self.command("select", message.name)

    def on_board_scrolled(self, message: Board.Scrolled) -> None:
        """Step with the wheel."""
        if not self._question.is_open:
            self.do("next" if message.rows > 0 else "back")

    # Questions

    def _ask(
        self, command: str, label: str, initial: str, read: Callable[[str], object], keys: str = TAKE_OR_LEAVE
    ) -> None:
        self._say("")
        self._question.ask(self._look.say(label), initial, complaint(read), name=command, keys=keys)

    def _ask_place(self) -> None:
        self._ask("goto", "go to:", "", self._place_of, keys=f"{EXAMPLES}; Esc leaves")

    def _place_of(self, text: str) -> tuple[int, int]:
        return place_of(self.session, text)

    def _ask_value(self) -> None:
        name = self.session.selected
        value = self.moment.given[name]
        label = f"{symbol(name)} before update {self.session.update}:"
        self._ask("edit", label, _as_typed(value), self._new_value)

    def _new_value(self, text: str) -> float:
        value = number(text)
        fault = edit_fault(self.moment.model, self.session.selected, value)
        if fault is not None:
            raise ValueError(fault)
        return value

    def _ask_rate(self) -> None:
        rate = self.moment.setup.hyperparameters.learning_rate
        label = f"η from update {self.session.update} on:"
        self._ask("rate", label, _as_typed(rate), positive_number)

    def _ask_file(self) -> None:
        self._ask("save", "save as:", free_name("my-lesson", LESSON_ENDING), new_lesson_file)

    def _ask_prediction(self) -> None:
        """Have the field be for what the session asks now; another question that is open comes first."""
        here, asked = self._question.question, prediction_field(self.session, self._look)
        if here is not None and not is_prediction(here):
            return
        if asked is None and here is not None:
            self._question.withdraw()
        elif asked is not None and (here is None or here.name != asked.name):
            self._question.open(asked)

    def _answered(self, message: Answer) -> None:
        match message.name:
            case name if name.startswith(PREDICTION):
                self.command("answer", judged(self.session, message.text))
            case "goto":
                self.command("goto", self._place_of(message.text))
            case "rate":
                self.command("rate", positive_number(message.text))
            case "edit":
                self.command("edit", self._edit(number(message.text)))
            case "save":
                self._say(saved(self.moment, new_lesson_file(message.text)))

    def _edit(self, value: float) -> Edit:
        name = self.session.selected
        sample = self.moment.sample if name.startswith(("x", "y")) else None
        return Edit(self.session.update, name, value, sample)

    # Lists

    def _choose_command(self) -> None:
        self._choose("Help: every key", key_choices(COMMANDS, self._look.ascii), self.do)

    def _read_on(self) -> None:
        from tinynet_tui.drawing.chain_panel import chain_words
        from tinynet_tui.drawing.screen import TWO_COLUMNS
        from tinynet_tui.drawing.step_panel import all_words
        from tinynet_tui.tui.screens.reading import ReadingScreen

        title = f"{self.session.lesson.title}: {explanation(self.moment).title}"
        has_chain = self.session.shown_panel == "chain" or self.size.width >= TWO_COLUMNS
        words = (*all_words(self.moment), *(chain_words(self.moment) if has_chain else ()))
        self.push_screen(ReadingScreen(title, words, self._theme, self._look))

    def _choose_step(self) -> None:
        if not self.session.answers:
            self._say(total(self.session))
            return
        self._choose(total(self.session), tally_choices(self.session), self._ask_again)

    def _ask_again(self, step: str) -> None:
        self.command("ask-again", numbered_place(step))

    def _choose_lesson(self) -> None:
        files = lesson_files() if self.reach.is_open else None
        self._choose("Open a lesson", lesson_choices(), self._open_lesson, files)

    def _choose(
        self,
        title: str,
        choices: list[Choice[Chosen]],
        chosen: Callable[[Chosen], None],
        more: LazyRows[Choice[Chosen]] | None = None,
    ) -> None:
        def left(value: Chosen | None) -> None:
            if value is not None:
                chosen(value)

        self.push_screen(ChoiceScreen(title, choices, self._theme, self._look.ascii, more), left)

    def _open_lesson(self, lesson: Lesson | str) -> None:
        """Open a lesson, or say why it cannot be."""
        if isinstance(lesson, str):
            self._say(lesson)
        else:
            self.command("open", lesson)

    # Experiments

    def _open_experiments(self) -> None:
        if self._is_predicting():
            return
        from tinynet_tui.experiments.page_of_session import opened_page
        from tinynet_tui.tui.screens.experiments import ExperimentsScreen

        self._experiments = opened_page(self.session, self._experiments)
        self.push_screen(
            ExperimentsScreen(self._experiments, self._theme, self._look), self._left_experiments
        )

    def _left_experiments(self, left: OpenPage | None) -> None:
        """Keep the page as it was left; open the run and the update that were chosen there."""
        if left is not None:
            self._experiments = left
            if left.opened is not None:
                self.show(left.opened)

    # Costs

    def _measure(self) -> None:
        """Show the framework panel, and begin to measure; stepping goes on beside it."""
        self.command("framework")
        self.measure_costs()

    def _is_predicting(self) -> bool:
        """Whether steps are predicted, so that nothing may show what is to come; that is said."""
        if self.session.stage == "off":
            return False
        self._say(f"You are predicting steps: {key_sign(BY_NAME['predict'].keys[0])} ends that.")
        return True

    # Autoplay

    def _toggle_autoplay(self) -> None:
        if self._is_predicting():
            return
        self._say("Autoplay stopped." if self._autoplay.stop() else self._autoplay.start())

    def _play(self) -> None:
        here = self.session
        there = after(here, Command("next"))
        if (there.update, there.step) == (here.update, here.step):
            self._autoplay.stop()
            self.show(there)
        else:
            self.show(replace(there, notice=here.notice), by_itself=True)

    # Files

    def _copy(self) -> None:
        text = step_text(self.moment)
        if self.reach.is_open:
            in_file = written("as text", self._stem, ".txt", text)
        else:
            in_file = self.reach.no_copy_in_file
        self._say(in_file)
        self.copy(text, lambda words: self._say(f"{in_file} {words}"))

    def _take_screenshot(self) -> None:
        self._say(written("as a picture", self._stem, ".svg", self.screenshot()))

    @property
    def _stem(self) -> str:
        return f"tinynet-{self.session.update}.{self.session.step}"

    # Leaving

    def _quit(self) -> None:
        self.exit()

    def suspended(self) -> str:
        """Give the terminal to the shell, with the position kept; returns the notice."""
        self.last_position.keep_now(self._place, self._acted)
        return super().suspended()


def _as_typed(value: float) -> str:
    """A number as a person would type it."""
    return number_text(value).replace("−", "-")


def run_stepper(
    session: Session,
    look: Look,
    theme: Theme,
    state: Path | None,
    reach: Reach,
    differences: bool = True,
    mouse: bool = True,
) -> tuple[int, Session, str | None]:
    """Open the app on this terminal; returns (exit status, last session, what there is to say afterwards).

    reach: what may be touched beside the screen; differences: whether only the cells that changed are sent;
    mouse: whether clicks are asked for.
    """
    app = Stepper(session, look, theme, state, differences, reach)
    app.run(mouse=mouse)
    unkept = app.last_position.fault
    if app.fault is not None:
        where = write_fault(app.fault, state) if reach.is_open else type(app.fault).__name__
        kept = unkept or ("The position is kept." if app.last_position.has(app._place) else "")
        return 1, app.session, f"The app stopped because of a fault in it: {where}. {kept}".rstrip()
    return app.return_code or 0, app.session, unkept
