"""The stepper's page: what keys, clicks and answers do to the session."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from textual import events

from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.text_field import Field
from tinynet_tui.engine.expression_reading import number_text
from tinynet_tui.engine.names import symbol
from tinynet_tui.session.commands import BY_NAME, COMMANDS, OF_NUMBERS
from tinynet_tui.session.history import edit_fault, editable_names
from tinynet_tui.session.keys import Keys
from tinynet_tui.session.places import EXAMPLES, numbered_place, place_of
from tinynet_tui.session.predicting import last_answer
from tinynet_tui.session.session import Edit, Result, Session
from tinynet_tui.teaching.numbers import number, positive_number
from tinynet_tui.tui.autoplay import Autoplay
from tinynet_tui.tui.page import Page, bindings
from tinynet_tui.tui.prompt import TAKE_OR_LEAVE, Prompt

if TYPE_CHECKING:
    from tinynet_tui.drawing.listing import Choice
    from tinynet_tui.experiments.page_of_session import OpenPage
    from tinynet_tui.prediction.question import Question
    from tinynet_tui.session.session import Touring
    from tinynet_tui.tui.app import Stepper

_NOT_BETWEEN = ("edit", "rate", "random", "measure", "save", "copy", "screenshot")
"""The commands whose letters do nothing between two questions, where they would be a word typed too late."""
_OF_AUTOPLAY = ("autoplay", "faster", "slower")
"""The commands that autoplay goes on after, or that begin and end it."""


class StepperPage(Page[None]):
    """Shows the session of the app, and changes it."""

    BINDINGS = bindings(COMMANDS)
    TABLE = COMMANDS
    HELP = "Help: every key; type a word or a sign to have it explained"

    def __init__(self, stepper: Stepper) -> None:
        super().__init__(stepper.cell_theme, stepper.look)
        self._stepper = stepper
        self._predicted: tuple[int, int, str, bool] | None = None
        """Update, step and level of what was asked for last, and whether there were hints."""
        self.autoplay = Autoplay(stepper)
        self._experiments: OpenPage | None = None
        self._judgement = ""
        """What was said of the last answer to a stop of the tour."""
        self.own |= {
            "goto": self._ask_place,
            "edit": self._ask_value,
            "rate": self._ask_rate,
            "save": self._ask_file,
            "handout": self._ask_handout,
            "open": self._choose_lesson,
            "tally": self._choose_step,
            "help": self._help,
            "palette": self._help,
            "tour": self._tour,
            "reply": self._ask_reply,
            "leave": self._leave,
            "practise": lambda: self.choose("Practice", self._courses(), self._tour_or_practise),
            "read": self._read_on,
            "experiments": self._open_experiments,
            "measure": self._measure,
            "view": self._other_view,
            "copy": self._copy,
            "autoplay": self._switch_autoplay,
            "faster": lambda: self._change_speed(+1),
            "slower": lambda: self._change_speed(-1),
        }

    @property
    def _session(self) -> Session:
        return self._stepper.session

    @property
    def stem(self) -> str:
        """What the names of this step's files begin with."""
        return f"tinynet-{self._session.update}.{self._session.step}"

    @property
    def aside(self) -> str:
        """What others are told: of a prediction that was judged, how it was, which this row alone says."""
        answer = last_answer(self._session)
        if answer is None:
            return super().aside
        if answer.result == "shown":
            return "looked it up"
        return f"predicted {answer.written}, which is {answer.result}"

    def picture(self, width: int, height: int) -> Picture:
        """The session, as far as it is computed."""
        return self._stepper.picture(width, height)

    def change(self, name: str, argument: Any = None) -> None:
        """Have the session changed by a command."""
        self._stepper.command(name, argument)

    def say(self, words: str) -> None:
        """Show a line in place of the hints."""
        self._stepper.say(words)

    # Keys and clicks

    def takes(self, event: events.Key) -> bool:
        """Do what a key does to the prompt; Enter also leads from a verdict to the next prediction."""
        if super().takes(event):
            self.ask_prediction()
            return True
        if self._session.stage != "telling":
            return False
        if event.key == "enter":
            self.action_do("next")
        elif self._session.back_to is None and _is_meant_as_answer(event, self.look.keys):
            on, read, keys = map(self.look.keys.of, ("next", "read", "help"))
            words = f"{on} asks the next one, {read} tells all about this one"
            self.say(f"This step is answered: {words}; {keys} lists the keys.")
        elif (event.character or "").isdecimal() and (name := self._given_up()):
            back, on = map(self.look.keys.of, ("back", "next"))
            self.say(f"Nothing is asked now: {back} goes back to {symbol(name)}, {on} goes on.")
        else:
            return False
        return True

    def _given_up(self) -> str:
        """The step on screen that the tour wants answered, and that was told without that; "" for none."""
        from tinynet_tui.session.touring import left_behind, stop_here

        stop = stop_here(self._session)
        name, is_here = (stop and left_behind(self._session, stop)) or ("", False)
        return name if is_here else ""

    def on_key(self, event: events.Key) -> None:
        """Say that a key does nothing."""
        self.autoplay.stop()
        super().on_key(event)

    def action_do(self, name: str) -> None:
        """Do a command, by its name."""
        if name not in _OF_AUTOPLAY:
            self.autoplay.stop()
        self._stepper.stop_training()
        super().action_do(name)

    def clicked(self, name: str) -> None:
        """Select the parameter, input or target that was clicked."""
        if name in editable_names(self._stepper.moment.model):
            self.autoplay.stop()
            self.change("select", name)

    def scrolled(self, rows: int) -> None:
        """Step with the wheel."""
        self.action_do("next" if rows > 0 else "back")

    # Prompts

    def _ask(
        self, command: str, label: str, initial: str, read: Callable[[str], Any], keys: str = TAKE_OR_LEAVE
    ) -> None:
        self.say("")
        self.ask(Prompt(command, self.look.say(label), read, Field.holding(initial), keys))

    def answered(self, command: str, value: Any) -> None:
        """Do what was asked for."""
        from tinynet_tui.tui.files import handout_written, saved

        if command == "save":
            self.say(saved(self._stepper.moment, value))
        elif command == "handout":
            self.say(handout_written(self._stepper.moment, value))
        elif command == "reply":
            self._judgement = value
            self.say(value)
        elif command == "answer" and value is None:
            self.change("hint")
        else:
            self.change(command, value)

    def _ask_place(self) -> None:
        keys = f"{EXAMPLES}; Esc leaves"
        self._ask("goto", "go to:", "", lambda text: place_of(self._session, text), keys)

    def _ask_value(self) -> None:
        session, moment = self._session, self._stepper.moment
        name = session.selected
        sample = None if name in moment.model.parameter_names else moment.sample

        def new_value(text: str) -> Edit:
            value = number(text)
            if fault := edit_fault(moment.model, name, value):
                raise ValueError(fault)
            return Edit(session.update, name, value, sample)

        label = f"{symbol(name)} before update {session.update}:"
        self._ask("edit", label, _as_typed(moment.given[name]), new_value)

    def _ask_rate(self) -> None:
        rate = self._stepper.moment.setup.hyperparameters.learning_rate
        self._ask("rate", f"η from update {self._session.update} on:", _as_typed(rate), positive_number)

    def _ask_file(self) -> None:
        from tinynet_tui.tui.files import LESSON_ENDING, free_name, new_file

        self._ask("save", "save as:", free_name("my-lesson", LESSON_ENDING), new_file)

    def _ask_handout(self) -> None:
        if self._is_predicting():
            return
        from tinynet_tui.tui.files import HANDOUT_ENDINGS, free_name, new_file

        keys = f"or {' '.join([*HANDOUT_ENDINGS][1:])}; Esc leaves"
        initial = free_name("handout", next(iter(HANDOUT_ENDINGS)))
        self._ask("handout", "handout as:", initial, lambda text: new_file(text, HANDOUT_ENDINGS), keys)

    # Predictions

    def ask_prediction(self) -> None:
        """Ask for what the session asks; another prompt that is open comes first."""
        if self.prompt is not None and self.prompt.commands is None:
            return
        session, asked = self._session, self._asked()
        if asked is None:
            if self.prompt is not None:
                self.ask(None)
            return
        predicted = (session.update, session.step, session.level, asked.has_hints)
        if self.prompt is not None and predicted == self._predicted:
            return
        self._predicted = predicted
        show, leave = map(self.look.keys.while_typing.of, ("next", "leave"))
        enter = f"Enter gives a hint, {show} shows it" if asked.has_hints else f"Enter or {show} shows it"
        self.ask(
            Prompt(
                "answer",
                self.look.say(asked.label),
                self._judged,
                keys=self.look.say(f"{enter}, {leave} ends"),
                keys_typed=self.look.say(f"Enter takes it, {show} shows it, {leave} clears it"),
                untouched=False,
                commands=self.look.keys.never_typed,
            )
        )

    def _asked(self) -> Question | None:
        """The prediction that the session asks for, if it does."""
        if self._session.stage == "off":
            return None
        from tinynet_tui.prediction.question import question

        return question(self._session)

    def _judged(self, text: str) -> tuple[str, Result] | None:
        """A prediction that can be read, and what it is worth; None where a hint is wanted."""
        from tinynet_tui.prediction.judgement import result

        asked = self._asked()
        assert asked is not None, "only what is asked for is answered"
        text = _without_key(text, self.look.keys)
        if not text.strip():
            return None
        return text.strip(), result(asked.answer, asked.level, text)

    def _is_predicting(self) -> bool:
        """Whether steps are predicted, so that nothing may show what is to come; that is said."""
        if self._session.stage == "off":
            return False
        self.say(f"You are predicting steps: {self.look.keys.of('predict')} ends that.")
        return True

    # Lists and other pages

    def _tour(self) -> None:
        """Begin the tour, take it up where it was left, or list its stops."""
        from tinynet_tui.session.touring import stop_here

        left = self._stepper.take_up_tour()
        touring = self._session.tour
        if touring is not None and (stop_here(self._session) or touring.stop is None):
            self._choose_stop(touring)
        else:
            self.change("tour", left)

    def _ask_reply(self) -> None:
        """Ask for the answer to the present stop of the tour, where it is not a step that is asked for."""
        from tinynet_tui.prediction.tour_answer import reply
        from tinynet_tui.session.touring import stop_here
        from tinynet_tui.teaching.tour import where_asked

        session, touring, stop = self._session, self._session.tour, stop_here(self._session)
        if touring is None or stop is None:
            self.say(f"The tour asks nothing here: {self.look.keys.of('tour')} opens it.")
        else:
            is_asked_later = stop.until.asks_for_steps

            def judged(text: str) -> str:
                if is_asked_later:
                    return where_asked(session, stop, self.look.keys)
                return reply(self._session, _without_key(text, self.look.keys), "go on and see")[1]

            # A field even where no answer is taken: in it no letter of one is a command.
            keys = "asked on the way: Enter says where" if is_asked_later else TAKE_OR_LEAVE
            self._ask("reply", f"stop {touring.number + 1}:", "", judged, keys)

    def clears_typed(self) -> bool:
        """Whether something was typed to what is asked: it is cleared then, which comes before leaving."""
        if self.prompt is None or not self.prompt.field.text:
            return False
        self.ask(replace(self.prompt, field=Field(), complaint=""))
        return True

    def _leave(self) -> None:
        """Clear what was typed, or said of an answer to the tour; else leave what is open in the session."""
        if self.clears_typed():
            return
        if self._judgement and self._session.notice == self._judgement:
            self.say("")
        else:
            self.change("leave")

    def _choose_stop(self, touring: Touring) -> None:
        """List the stops of the tour, none of them locked, and the courses of practice."""
        from tinynet_tui.tui.stepper_lists import stop_choices

        stops = stop_choices(touring, self._stepper.moment, self.look)
        # Who has done all stops comes here to practise, also from one that is looked at again.
        is_done = touring.is_finished or touring.stop is None
        rows = [*self._courses(), *stops] if is_done else [*stops, *self._courses()]
        keys, at = self.look.keys.row("tour").keys, touring.number if touring.stop else None
        self.choose(touring.tour.title, rows, self._tour_or_practise, opened_by=keys, at=at)

    def _courses(self) -> list[Choice[int | str]]:
        """The rows of the courses of practice, where there is practice."""
        if not self._stepper.offers_practice:
            return []
        from tinynet_tui.tui.practising import course_choices

        return list(course_choices(self._stepper.practice_record().answers))

    def _tour_or_practise(self, chosen: int | str) -> None:
        if isinstance(chosen, str):
            self._stepper.practise(chosen)
        else:
            self.change("tour", chosen)

    def _help(self) -> None:
        """List every key, and what words and signs mean."""
        from tinynet_tui.tui.stepper_lists import key_and_word_choices

        practises = self._stepper.offers_practice and BY_NAME["tour"] in self.TABLE
        rows = key_and_word_choices(self.TABLE, practises, self._stepper.moment, self.look)
        self.choose(self.HELP, rows, self.action_do, aside="is reading the help")

    def _choose_lesson(self) -> None:
        from tinynet_tui.tui.stepper_lists import file_choices, shipped_choices

        files = file_choices(self._stepper.lesson_folders) if self._stepper.permissions.is_open else None
        self.choose("Open a lesson", shipped_choices(), self._open_lesson, files, "is choosing a lesson")

    def _open_lesson(self, lesson: object) -> None:
        """Open a lesson, or say why it cannot be."""
        if isinstance(lesson, str):
            self.say(lesson)
        else:
            self.change("open", lesson)

    def _choose_step(self) -> None:
        """List how the predictions went by kind of step, and the steps to look at again."""
        from tinynet_tui.prediction.tally import total
        from tinynet_tui.tui.stepper_lists import prediction_choices

        if not self._session.answers:
            self.say(total(self._session))
            return

        def ask_again(place: str) -> None:
            self.change("ask-again", numbered_place(place))

        rows = prediction_choices(self._session)
        self.choose(total(self._session), rows, ask_again, aside="is looking at predictions")

    def _read_on(self) -> None:
        from tinynet_tui.drawing.text_page import text_of_step
        from tinynet_tui.tui.cover_page import ReadingPage

        text = text_of_step(self._stepper.scene, self.app.size.width)
        self.app.push_screen(ReadingPage(text, self.colours, self.look))

    def _open_experiments(self) -> None:
        if self._is_predicting():
            return
        from tinynet_tui.experiments.page_of_session import opened_page
        from tinynet_tui.tui.experiments import ExperimentsPage

        self._experiments = opened_page(self._session, self._experiments)
        page = ExperimentsPage(self._experiments, self.colours, self.look)
        self.app.push_screen(page, self._left_experiments)

    def _left_experiments(self, left: OpenPage | None) -> None:
        """Keep the page as it was left; open the run and the update that were chosen there."""
        if left is not None:
            self._experiments = left
            if left.opened is not None:
                self._stepper.show(left.opened)

    # Autoplay

    def _switch_autoplay(self) -> None:
        if not self._is_predicting():
            self.say("Autoplay stopped." if self.autoplay.stop() else self.autoplay.start())

    def _change_speed(self, by: int) -> None:
        """Play faster (+1) or slower (−1), if it plays; else nudge the quantity whose chain is shown."""
        if self.autoplay.stop():
            self.say(self.autoplay.start_at_other_speed(by))
        elif self._session.shown_panel == "chain":
            self.change("nudge-up" if by > 0 else "nudge-down")
        else:
            key, chain, starts = map(
                self.look.keys.of, ("faster" if by > 0 else "slower", "chain", "autoplay")
            )
            is_touring = self._session.tour is not None and self._session.tour.is_open
            autoplay = "" if is_touring else f"Autoplay is off: {starts} starts it. "
            # Beside a nudge the key is likely to be meant for that.
            is_nudged = is_touring or (self._session.stage == "off" and bool(self._stepper.scene.nudge))
            nudges = f"{chain} opens the chain of {symbol(self._session.selected)}; there {key} nudges it."
            self.say(f"{autoplay}{nudges if is_nudged else ''}".strip())

    # What the app does beside the session

    def _measure(self) -> None:
        """Show the framework panel, and begin to measure; stepping goes on beside it."""
        from tinynet_tui.handouts.framework_words import calls_for

        self.change("framework")
        if calls_for(self._stepper.moment.model):
            self._stepper.measure_costs()
            self.say(f"Measuring; {self.look.keys.of('leave')} stops.")
        else:
            self.say("Costs are measured for networks of layers alone.")

    def _other_view(self) -> None:
        from tinynet_tui.drawing.screen import shown_view

        size = self.app.size
        self.change("view", shown_view(self._stepper.moment, size.width, size.height, self.look))

    def _copy(self) -> None:
        from tinynet_tui.tui.files import step_text, written

        text, own = step_text(self._stepper.moment), self._stepper.permissions
        in_file = written("as text", self.stem, ".txt", text) if own.is_open else own.no_copy_in_file
        self.say(in_file)
        self._stepper.copy(text, lambda words: self.say(f"{in_file} {words}"))


def _is_meant_as_answer(event: events.Key, keys: Keys) -> bool:
    """Whether a key between two questions is likely to be typed for one: a sign of numbers, or one that
    would write or change something. What steps, looks and ends goes on working."""
    character, entry = event.character or "", keys.command(event.key, event.character)
    is_of_number = character in OF_NUMBERS and not character.isalpha()
    return is_of_number or (len(character) == 1 and entry is not None and entry.name in _NOT_BETWEEN)


def _as_typed(value: float) -> str:
    """A number as a person would type it."""
    return number_text(value).replace("−", "-")


def _without_key(text: str, keys: Keys) -> str:
    """An answer without the key for an answer to the tour, pressed where its field is open already."""
    return text.removeprefix(keys.first("reply"))
