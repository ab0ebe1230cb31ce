"""The verb tour: ten stops on the screen, or in ordinary lines of text."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from tinynet_tui.cli.dialogue import Dialogue
from tinynet_tui.cli.faults import INTERRUPTED
from tinynet_tui.cli.file_or_input import bytes_of, source_of
from tinynet_tui.cli.keyboard import Keyboard, read_keys_from_terminal
from tinynet_tui.cli.output import finish_output, say, text_writer
from tinynet_tui.cli.parser import Parser
from tinynet_tui.cli.stepper import add_screen, open_stepper
from tinynet_tui.handouts.plain_lines import given_lines, question_lines
from tinynet_tui.lessons.reading import LessonFault, bounded_file
from tinynet_tui.lessons.tour_file import in_braces
from tinynet_tui.prediction.question import feedback, question
from tinynet_tui.prediction.tour_answer import reply
from tinynet_tui.session.commands import BY_NAME, Command, after, needs_no_argument
from tinynet_tui.session.history import program_of
from tinynet_tui.session.keys import Keys
from tinynet_tui.session.moment import moment
from tinynet_tui.session.people import TOUR_STATE, state_path
from tinynet_tui.session.saved_session import encoded
from tinynet_tui.session.session import Session, Tour, Touring
from tinynet_tui.session.state_file import left_tour
from tinynet_tui.session.touring import (
    at_stop,
    begun,
    commands_so_far,
    past_stop,
    read_tour,
    shipped_tour,
    way_to_next_stop,
)
from tinynet_tui.teaching.nudge import knob
from tinynet_tui.teaching.numbers import shown
from tinynet_tui.teaching.step_line import step_line
from tinynet_tui.teaching.tour import (
    THE_END,
    asked,
    key_to,
    told,
    unkept_promises,
)

_EXAMPLES = (
    "tinynet-tui tour",
    "tinynet-tui tour --plain",
    "tinynet-tui tour my-tour.toml",
    "tinynet-tui tour < /dev/null | less",
)
_ABOUT = """Take the tour: what a gradient is, in ten minutes. Each stop is a question that you
answer by doing; nothing is locked, Esc leaves, and it is taken up where you left it.
A file with stops of your own is a tour, too."""
_KEYS = (
    "Type what a stop asks for: a number, a sign, a word. Enter tells the answer. Other keys that are named "
    "are those on the screen. b goes back a stop, q leaves."
)


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser("tour", _ABOUT, _EXAMPLES)
    parser.add_argument(
        "file",
        nargs="?",
        metavar="FILE",
        help="a tour of your own, or - for standard input (the shipped one)",
    )
    parser.add_argument(
        "--plain", action="store_true", help="print plain lines, as it does without a terminal"
    )
    parser.add_argument("--anew", action="store_true", help="begin at the first stop")
    parser.add_person("keep the place of one person")
    add_screen(parser)
    return parser


def run(words: Sequence[str]) -> int:
    """Take the tour that a command line asks for."""
    own = parser()
    arguments = own.read(words)
    file = arguments.file
    tour = _of_file(file) if file is not None else shipped_tour()
    keyboard, path = Keyboard(), state_path(arguments.person or "", TOUR_STATE)
    session = begun(tour) if arguments.anew else _taken_up(tour, path)
    session = replace(session, digits=arguments.decimals or session.digits)
    if keyboard.is_terminal and not arguments.plain:
        return open_stepper(own, tour.lesson, arguments, at=session, kind=TOUR_STATE)
    walk = _PlainTour(keyboard, text_writer(arguments.ascii), session)
    try:
        walk.go()
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        walk.keep(path)
    return 0


def _of_file(file: str) -> Tour:
    """The tour of a file, or of standard input for -.

    Raises: LessonFault where it has a fault, or tells a number that is not there.
    """
    source = source_of(file)
    try:
        tour = read_tour(_bytes(file).decode(), source)
    except UnicodeDecodeError:
        raise LessonFault(source, ["is not a text in UTF-8"]) from None
    if faults := list(unkept_promises(tour)):
        raise LessonFault(source, faults)
    return tour


def _bytes(file: str) -> bytes:
    if file == "-":
        read = bytes_of(file)
        read_keys_from_terminal()
        return read
    if not os.path.exists(file):
        raise LessonFault(file or '""', ["there is no such tour: name a file, or none for the shipped tour"])
    return bounded_file(file)


def _taken_up(tour: Tour, path: Path | None) -> Session:
    """The session of a tour as it was left; at its beginning where it was not begun, or is done."""
    left = left_tour(tour, path)
    if left is None or left.tour is None:
        return begun(tour)
    if left.tour.stop is None:
        return replace(begun(tour), tour=Touring(tour, ticked=left.tour.ticked))
    return replace(left, tour=left.tour._replace(is_open=True))


def _done(session: Session, name: str) -> Session:
    """The session after a command; what is asked is answered, and nothing is nudged out of sight."""
    if name == "answer":
        text = _answer_to(session)
        return _answered(session, text) if text else session
    if name in ("nudge-up", "nudge-down") and session.shown_panel != "chain":
        return session
    return after(session, Command(name))


def _answered(session: Session, text: str) -> Session:
    """The session after an answer to what it asks, which is judged as on the screen."""
    from tinynet_tui.prediction.judgement import result

    asked = question(session)
    assert asked is not None, "the session asks"
    return after(session, Command("answer", (text, result(asked.answer, asked.level, text))))


def _answer_to(session: Session) -> str:
    """What is typed where a session asks: the number or its sign; empty where nothing is asked."""
    asked = question(session)
    if asked is None:
        return ""
    value = asked.answer.trace.value(asked.answer.session.step)
    if asked.level == "sign":
        return "+" if value > 0 else "−" if value < 0 else "0"
    return shown(value, session.digits)


def _led(session: Session) -> tuple[tuple[str, ...], Session]:
    """(the commands that the present stop names, in its order, the session after them), where it asks for
    predictions: these begin where that leads. Else nothing is done."""
    stop = session.tour and session.tour.stop
    if not stop or not stop.until.predicted:
        return (), session
    names = tuple(name for name in in_braces(stop.ask) if name in BY_NAME and needs_no_argument(name))
    for name in names:
        session = _done(session, name)
    return names, session


@dataclass
class _PlainTour(Dialogue):
    """A tour in lines: each question, and after Enter its answer, worked out by doing it."""

    session: Session
    is_changed: bool = False

    @property
    def _keys(self) -> Keys:
        """The keys on the screen, as they are called here."""
        return Keys(ascii=self.written("→") != "→")

    def go(self) -> None:
        """Ask every stop that is left, and tell its answer."""
        touring = self.session.tour
        assert touring is not None, "a tour is begun with its session"
        self.write(f"{touring.tour.title}: {touring.tour.lesson.title}.")
        if not self.keyboard.has_ended:
            self.write(_KEYS)
        while (touring := self.session.tour) is not None and touring.stop is not None:
            if self.session.lesson != touring.lesson:
                self.session = after(self.session, Command("tour"))
                self.write("", f"Another network, “{touring.lesson.title}”:")
                continue
            if self.session.step == 0:
                self.write(*_given_and_formulas(self.session))
            self.write("", f"Stop {asked(moment(self.session), touring, self._keys)}")
            finish_output()
            typed = self.keyboard.line()
            if typed is None and self.keyboard.is_terminal:
                return
            match typed and typed.lower():
                case "q":
                    return
                case "b":
                    self.session = at_stop(self.session, max(touring.number - 1, 0))
                case None | "":
                    self._answer()
                case answer:
                    self._judge(answer)
        self.write("", THE_END)

    def _judge(self, text: str) -> None:
        """Say whether what was typed answers the stop; if it does, the answer is told."""
        here = self.session
        text = text.removeprefix(self._keys.first("reply")).strip()  # the key for it on the screen
        assert here.tour is not None, "only a tour asks"
        assert here.tour.stop is not None, "a stop is asked"
        until = here.tour.stop.until
        if until.asks_for_steps:
            way = self._done_stop()
            self._ask_on_the_way(here, way, text)
            self._tell(here, way)
            return
        try:
            is_right, words = reply(here, text, "Enter tells the answer")
        except ValueError as fault:
            self.write(f"{fault}.", _KEYS)
            return
        self.write(words)
        if is_right:
            self._done_stop()
            self._tell(here, ())

    def _done_stop(self) -> tuple[str, ...]:
        """Do the present stop in the shortest way that has been named so far: its commands."""
        touring = self.session.tour
        assert touring is not None, "only a tour asks"
        until = touring.stop and touring.stop.until
        answer = ["answer"] if until and until.asks_for_steps else []
        led, there = _led(self.session)
        named = ("next", "answer") if led else (*commands_so_far(touring), *answer)
        found = way_to_next_stop(there, named, _done) or way_to_next_stop(
            there, tuple(n for n, entry in BY_NAME.items() if entry.change and n in _GOING), _done
        )
        if found is None:
            # A file may ask for what no command here brings about.
            self.session = past_stop(self.session)
            return ()
        way, self.session = found
        return (*led, *way)

    def _answer(self) -> None:
        """Do the present stop, and tell how and what came."""
        touring = self.session.tour
        assert touring is not None, "only a tour asks"
        here = self.session
        way = self._done_stop()
        if not way and not self.is_changed:
            # It was taken up where the screen was left, which may be far from where this stop is asked.
            here = self.session = at_stop(self.session, touring.number)
            way = self._done_stop()
        if self.keyboard.is_terminal:
            self._ask_on_the_way(here, way)
        self._tell(here, way)

    def _tell(self, here: Session, way: Sequence[str]) -> None:
        """Tell how the stop before the present one was done, from a session on, and what came."""
        touring = here.tour
        assert touring is not None, "only a tour asks"
        if way:
            self.write(f"On the screen: {_pressed(here, way, self._keys)}.")
        now = self.session.tour
        assert now is not None, "a stop leads to the next"
        self.is_changed = True
        if touring.stop is not None and (touring.stop.until.nudged or touring.stop.until.nudge):
            self.write(f"Changes by a nudge: {knob(moment(self.session)).line(self.session.digits)}")
        self.write(f"Answer: {told(moment(self.session), now, self._keys)}")

    def _ask_on_the_way(self, session: Session, way: Sequence[str], first: str = "") -> None:
        """Have the numbers and signs typed that the present stop of a session asks for.

        way: the commands that do it. first: what was typed already, to the first number.
        """
        assert session.tour is not None, "only a tour asks"
        if session.tour.stop and session.tour.stop.until.predicted:
            # Before a step is asked for that is predicted, nobody knows which one it is.
            self._ask_steps(_led(session)[1])
        else:
            self._ask_numbers(session, way, first)

    def _ask_steps(self, session: Session) -> None:
        """Ask for one step after another until the stop has its right ones, or Enter alone wants no more."""
        touring = session.tour
        assert touring is not None, "only a tour asks"
        while session.stage != "off" and session.tour and session.tour.number == touring.number:
            asked = question(session)
            if asked is None:
                session = _done(session, "next")
                continue
            self.write(*question_lines(asked))
            typed = self.typed(asked, ("",))
            if not isinstance(typed, Command):
                return
            session = after(session, typed)
            self.write(*feedback(moment(session)))

    def _ask_numbers(self, session: Session, way: Sequence[str], first: str) -> None:
        """Have the numbers typed that are asked for on a way from a session; Enter alone leaves one out."""
        for name in way:
            asked = question(session)
            if name == "answer" and asked is not None:
                self.write(*question_lines(asked))
            while name == "answer" and asked is not None:
                typed, first = self.typed(asked, ("",), first), ""
                if not isinstance(typed, Command):
                    break
                session = after(session, typed)
                self.write(*feedback(moment(session))[:1])
                still = question(session)
                if still is not None:
                    self.write_help(asked, still)
                asked = still
            if asked is not None or name != "answer":
                session = _done(session, name)

    def keep(self, path: Path | None) -> None:
        """Keep the place of whoever has answered something."""
        if path is None or not self.is_changed or not self.keyboard.is_terminal:
            return
        from tinynet_tui.safety.whole_files import replace_file

        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, encoded(self.session))
        except OSError as error:
            say(f"The place could not be kept: {path}: {error.strerror}.")


def _given_and_formulas(session: Session) -> Iterator[str]:
    """All that the prediction can be worked out from, as a screen would show it."""
    yield from given_lines(moment(session))
    for place, step in enumerate(program_of(session).steps(), start=1):
        if step.role != "value":
            break
        line = step_line(moment(replace(session, step=place)))
        yield f"Formula: {line.in_letters or line.result}"


_GOING = ("next", "select-next", "chain", "step", "nudge-up", "variants", "leave", "predict")
"""What is tried where a stop names too little."""


def _pressed(session: Session, way: Sequence[str], on_screen: Keys) -> str:
    """The keys of some commands from a session on: →, ↓ 4 times, 3, +, 5 Enter."""
    keys = []
    for name in way:
        keys.append(f"{_answer_to(session)} Enter" if name == "answer" else key_to(name, on_screen))
        session = _done(session, name)
    parts = []
    for key, together in groupby(keys):
        count = len(list(together))
        parts.append(key if count == 1 else f"{key} {count} times")
    return ", ".join(parts)
