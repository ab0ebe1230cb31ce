"""The verb walk: a plain stepper, one step for each Enter, in ordinary lines of text."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import time
from typing import TYPE_CHECKING

from tinynet_tui.cli.dialogue import Dialogue
from tinynet_tui.cli.faults import INTERRUPTED
from tinynet_tui.cli.keyboard import Keyboard, read_keys_from_terminal
from tinynet_tui.cli.output import finish_output, say, text_writer
from tinynet_tui.cli.parser import Parser, named_lesson, one_of
from tinynet_tui.cli.progress import progress
from tinynet_tui.engine.training import LAST_UPDATE
from tinynet_tui.handouts.plain_lines import answered_lines, question_lines, told_lines
from tinynet_tui.prediction.question import Question, question
from tinynet_tui.prediction.tally import tally_lines
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.history import program_of, train_on
from tinynet_tui.session.keys import OF_TABLE
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import BY_RECORD, LEVELS, Session

if TYPE_CHECKING:
    from tinynet_tui.practice.fading import Fading

_EXAMPLES = (
    "tinynet-tui walk",
    "tinynet-tui walk mazur --predict --level number",
    "tinynet-tui walk lecture --at 1.8 --ascii",
    "tinynet-tui walk < /dev/null | less",
)
_ABOUT = """Walk through an update line by line: Enter goes on, b and Enter goes back,
q and Enter leaves. Where input ends, or nobody can see the questions, all that
is left is printed without waiting."""

_STRETCH = 1000
"""Updates that are done between two times of saying how far the way to the first one is."""
_KEYS = "Enter goes on. b goes back, q leaves."
_PREDICTING_KEYS = "Type an answer. Enter alone shows the value, h gives a hint, b goes back, q leaves."


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser("walk", _ABOUT, _EXAMPLES)
    parser.add_lesson()
    parser.add_updates(1)
    parser.add_place()
    parser.add_argument("--predict", action="store_true", help="ask for every value before it is shown")
    default, *_ = LEVELS
    abouts = "; ".join(f"{level}: {about}" for level, about in LEVELS.items())
    parser.add_argument(
        "--level",
        type=one_of((*LEVELS, BY_RECORD)),
        metavar="LEVEL",
        help=f"{abouts}; {BY_RECORD}: what you know well is shown less ({default})",
    )
    parser.add_person(f"the record of one person ({BY_RECORD})")
    parser.add_decimals()
    parser.add_ascii()
    return parser


def run(words: Sequence[str]) -> int:
    """Walk as a command line asks for."""
    own = parser()
    arguments = own.read(words)
    if arguments.level and not arguments.predict:
        say("--level has no effect without --predict.")
    goes_by_record = arguments.predict and arguments.level == BY_RECORD
    if arguments.person and not goes_by_record:
        say(f"--as has no effect without --predict --level {BY_RECORD}.")
    session = _first_session(own, arguments)
    if arguments.lesson == "-":
        read_keys_from_terminal()
    last_update = min(session.update + arguments.updates - 1, LAST_UPDATE)
    fading = _fading(arguments.person or "") if goes_by_record else None
    walk = _Walk(Keyboard(), text_writer(arguments.ascii), session, last_update, fading)
    try:
        walk.go()
    except KeyboardInterrupt:
        walk.leave()
        return INTERRUPTED
    return 0


def _first_session(own: Parser, arguments: Namespace) -> Session:
    session = start(named_lesson(arguments.lesson))
    session = replace(session, digits=arguments.decimals or session.digits)
    if arguments.predict:
        fades = arguments.level == BY_RECORD
        level = session.level if fades else arguments.level or session.level
        session = after(replace(session, level=level, fades=fades), Command("predict"))
    session = own.arrived(session, arguments.at)
    if arguments.at and session.notice:
        say(OF_TABLE.filled(session.notice))
    with progress() as watch:
        while left := train_on(session, _STRETCH):
            watch(1 - left / session.update)
    return session


def _fading(person: str) -> Fading:
    from tinynet_tui.cli.practise import own_record
    from tinynet_tui.practice.fading import Fading

    return Fading(own_record(person))


@dataclass
class _Walk(Dialogue):
    """A session on its way through some updates, told in lines."""

    session: Session
    last_update: int
    fading: Fading | None = None
    """The learner's record, where that decides what is asked."""
    is_untold: bool = False
    """Whether the present step was taken by the record, in place of a question, and is still to be told."""

    def go(self) -> None:
        """Tell everything, a piece for each line that is read, until the end or until it is left."""
        begin = moment(self.session)
        if self.session.stage != "off":
            # A question is asked from what is given.
            begin = moment(after(after(self.session, Command("leave")), Command("first-step")))
        title = f"{self.session.lesson.title}: {begin.model.title}."
        self.write(title, *self._keys(), "", *told_lines(begin))
        self._arrive(begin.session, self.session)
        goes_on = True
        while goes_on and not self._is_done():
            if self.keyboard.has_ended:
                self._do("leave")
            goes_on = self._go_on()
        if goes_on:
            self.write("", f"Update {self.session.update} is done.")
        self._write_tally()

    def leave(self) -> None:
        """End in the middle of a line."""
        self.write("")
        self._write_tally()

    def _is_done(self) -> bool:
        session = self.session
        is_last = session.update == self.last_update and session.step == len(program_of(session))
        return is_last and session.stage != "asking"

    def _go_on(self) -> bool:
        """Tell or ask the next thing; whether the walk goes on."""
        asked = question(self.session)
        if asked is not None:
            return self._predict(asked)
        if self.is_untold:
            self.is_untold = False
            self.write("", *self._notice(), *told_lines(moment(self.session)))
            return True
        return self._ask_next() if self.session.stage == "telling" else self._step()

    def _step(self) -> bool:
        """Do what one line says."""
        finish_output()
        typed = self.keyboard.line()
        if typed is None and self.keyboard.is_terminal:
            self.write("")
            return False
        match typed and typed.lower():
            case "q":
                return False
            case None | "":
                self._do("next")
            case "b":
                self._do("back")
            case _:
                self.write(*self._keys())
                return True
        # The Enter of a person has left an empty line.
        apart = () if self.keyboard.is_terminal else ("",)
        self.write(*apart, *(self._notice() or told_lines(moment(self.session))))
        return True

    def _ask_next(self) -> bool:
        """Go on to the next question, and tell what is given where another update begins with it."""
        update = self.session.update
        self._do("next")
        if self.session.update != update:
            self.write("", *told_lines(moment(replace(self.session, step=0))))
        return True

    def _predict(self, asked: Question) -> bool:
        """Ask until there is an answer or none is wanted."""
        self.write("", *question_lines(asked))
        while True:
            match self.typed(asked, ("", "q", "b", "h")):
                case None:
                    return self._tell_the_rest()
                case "q":
                    return False
                case "b" if self.session.step == 0:
                    self.write("The update begins here.")
                    continue
                case "b":
                    self._do("back")
                    return True
                case "":
                    self._do("next")
                case "h":
                    self._do("hint")
                case answer:
                    assert isinstance(answer, Command), "it is no other word"
                    self._do(*answer)
            still = question(self.session)
            if still is None:
                self.write(*answered_lines(moment(self.session)))
                return True
            self.write_help(asked, still)
            asked = still

    def _tell_the_rest(self) -> bool:
        """Ask no more where a program has sent its last line; a person who ends the input leaves."""
        self._do("leave")
        if self.keyboard.is_terminal:
            return False
        self._do("next")
        self.write(*answered_lines(moment(self.session)))
        return True

    def _do(self, command: str, argument: object = None) -> None:
        self._arrive(self.session, after(self.session, Command(command, argument)))

    def _arrive(self, before: Session, there: Session) -> None:
        self.session = there if self.fading is None else self.fading.after(before, there, time())
        self.is_untold = there.stage == "asking" and self.session.stage == "telling"

    def _notice(self) -> tuple[str, ...]:
        return (OF_TABLE.filled(self.session.notice),) if self.session.notice else ()

    def _keys(self) -> tuple[str, ...]:
        """What can be typed, where there is anybody to type."""
        if self.keyboard.has_ended:
            return ()
        return (_KEYS if self.session.stage == "off" else _PREDICTING_KEYS,)

    def _write_tally(self) -> None:
        if self.session.answers:
            self.write("", *tally_lines(self.session))
