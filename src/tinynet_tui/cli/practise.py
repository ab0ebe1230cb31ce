"""The verb practise: exercises on the screen or in lines of text, and the record of how they went."""

from argparse import Namespace
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import SystemRandom
from time import time
from typing import NamedTuple

from tinynet_tui.cli.dialogue import Dialogue
from tinynet_tui.cli.faults import FAILED, INTERRUPTED, PROGRAM, Fault
from tinynet_tui.cli.keyboard import Keyboard, read_keys_from_terminal
from tinynet_tui.cli.output import say, text_writer, write_lines
from tinynet_tui.cli.parser import Parser, count, named_lesson
from tinynet_tui.cli.receipt import CLASS_CODE, class_code
from tinynet_tui.cli.stepper import add_screen, open_stepper
from tinynet_tui.engine.expression_reading import DIGITS
from tinynet_tui.handouts.plain_lines import answered_lines, network_lines, question_lines
from tinynet_tui.lessons.reading import LessonFault, bounded_file
from tinynet_tui.practice.course import (
    SHIPPED_COURSES,
    Course,
    course_of_file,
    course_of_lesson,
    is_course,
    shipped_course,
)
from tinynet_tui.practice.drill import (
    SEEDS,
    Drill,
    after_it,
    before_it,
    begun,
    done,
    left,
    next_exercise,
    opening,
    progress,
)
from tinynet_tui.practice.exercise import asked_of
from tinynet_tui.practice.record import PracticeAnswer, Record
from tinynet_tui.practice.report import (
    BY_KIND,
    course_lines,
    csv_lines,
    progress_lines,
    receipt_text,
    xapi_lines,
)
from tinynet_tui.session.commands import Command
from tinynet_tui.session.moment import moment
from tinynet_tui.session.people import TOUR_STATE, state_path

_UNASKED = 5
"""Exercises that are printed with their solutions where nobody answers."""
_EXAMPLES = (
    "tinynet-tui practise",
    "tinynet-tui practise mazur --seed 7",
    "tinynet-tui practise my-course.toml --as Ada",
    "tinynet-tui practise --progress --format csv --as Ada > ada.csv",
    "tinynet-tui practise --receipt --code SPRING --as Ada > ada.receipt",
)
_ABOUT = """Practise the steps of an update on numbers small enough to work out by hand: a course, by
default “update”, or a lesson. Type a result; Enter alone gives a hint, then a bigger one,
then the solution. A kind of step that is right three times in a row comes back
after 1, 3 and 7 days. Nothing is locked, and q leaves."""
_KEYS = "Type a result. Enter alone gives a hint, n and Enter the next exercise, q and Enter leaves."


class _ProgressFormat(NamedTuple):
    """A way to print a record."""

    about: str
    is_prose: bool
    """Whether it is for readers, and follows what their terminal can show."""
    lines: Callable[[str, Sequence[PracticeAnswer]], Iterable[str]]
    """Of a person's name and answers; those that are for readers come below the lines of courses."""


_FORMATS = {
    "text": _ProgressFormat(
        "a line for each kind of step", True, lambda _name, answers: progress_lines(answers, time())
    ),
    "csv": _ProgressFormat("a row for each answer", False, csv_lines),
    "xapi": _ProgressFormat(
        "a statement for each answer, as JSON Lines in the shape of xAPI", False, xapi_lines
    ),
}


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser("practise", _ABOUT, _EXAMPLES)
    parser.add_argument(
        "course",
        nargs="?",
        metavar="LESSON|COURSE",
        help=f"a course ({', '.join(SHIPPED_COURSES)}), a shipped lesson, or a file of either",
    )
    parser.add_person("keep the record of one person")
    parser.add_argument(
        "--seed",
        type=count(0, SEEDS),
        metavar="N",
        help="draw the numbers from N, the same for a whole class",
    )
    parser.add_argument(
        "--plain", action="store_true", help="print plain lines, as it does without a terminal"
    )
    own = parser.add_mutually_exclusive_group()
    own.add_argument(
        "--progress",
        action="store_true",
        help="print how far you are, with the course if one is named, and practise nothing",
    )
    own.add_argument("--receipt", action="store_true", help="print a receipt of the course, to hand in")
    own.add_argument("--forget", action="store_true", help="delete the record, and the place in the tour")
    parser.add_format({name: format.about for name, format in _FORMATS.items()})
    parser.add_argument("--code", metavar="CODE", help=f"the code of the class, for a receipt ({CLASS_CODE})")
    add_screen(parser)
    parser.set_defaults(format=None)
    return parser


def _refuse_what_has_no_effect(own: Parser, arguments: Namespace) -> None:
    """End with a line about an option that does nothing beside the others."""
    given = (f"--{name}" for name in ("forget", "progress", "receipt") if getattr(arguments, name))
    prints = next(given, "")
    for option, is_given, is_used in (
        ("--code", arguments.code is not None, arguments.receipt),
        ("--format", arguments.format is not None, arguments.progress),
        ("--seed", arguments.seed is not None, prints in ("", "--receipt")),
        ("--plain", arguments.plain, not prints),
        ("--decimals", arguments.decimals is not None, not prints),
    ):
        if is_given and not is_used:
            need = {"--code": "without --receipt", "--format": "without --progress"}
            own.error(f"{option} has no effect {need.get(option) or f'beside {prints}'}")
    if arguments.forget and arguments.course:
        own.error(f"--forget deletes the whole record, not only that of {arguments.course}; name no course")


def run(words: Sequence[str]) -> int:
    """Practise as a command line asks for."""
    own = parser()
    arguments = own.read(words)
    _refuse_what_has_no_effect(own, arguments)
    name = arguments.person or ""
    if arguments.forget:
        return _forget(_record_path(name), state_path(name, TOUR_STATE))
    record = own_record(name)
    written = text_writer(arguments.ascii)
    if arguments.progress:
        return _print_progress(arguments, record.answers, written)
    if arguments.course is None:
        arguments.course = SHIPPED_COURSES[0]
    course = _course(arguments.course)
    if arguments.receipt:
        return _print_receipt(own, arguments, course, record.answers)
    if arguments.course == "-":
        read_keys_from_terminal()
    seed = SystemRandom().randrange(SEEDS) if arguments.seed is None else arguments.seed
    drill = begun(course, seed, record.answers, time(), arguments.decimals or DIGITS)
    keyboard = Keyboard()
    if keyboard.is_terminal and not arguments.plain:
        from tinynet_tui.tui.practising import Practiser

        arguments.lesson = arguments.course
        make = partial(Practiser, drill=drill, record=record)
        return open_stepper(own, drill.session.lesson, arguments, make, drill.session)
    return _Practice(keyboard, written, drill, record).go()


def _print_progress(
    arguments: Namespace, answers: tuple[PracticeAnswer, ...], written: Callable[[str], str]
) -> int:
    """Print a record: that of the course which is named, or all of it, with each shipped course in it."""
    format = _FORMATS[arguments.format or next(iter(_FORMATS))]
    practised = {answer.course for answer in answers}
    names = [arguments.course] if arguments.course else [n for n in SHIPPED_COURSES if n in practised]
    courses = [_course(name) for name in names]
    if not format.is_prose:
        shown = [answer for answer in answers if arguments.course in (None, answer.course)]
        write_lines(format.lines(arguments.person or "", shown))
        return 0
    told = [line for course in courses for line in course_lines(course, answers)]
    if arguments.course and answers:
        told.append(", ".join(BY_KIND))
    write_lines(map(written, (*told, *format.lines(arguments.person or "", answers))))
    return 0


def _print_receipt(
    own: Parser, arguments: Namespace, course: Course, answers: tuple[PracticeAnswer, ...]
) -> int:
    code = class_code(own, arguments.code)
    of_course = [answer for answer in answers if answer.course == course.name]
    seed = of_course[-1].practice if of_course else arguments.seed or 0
    write_lines([receipt_text(arguments.person or "", course, seed, of_course, code)])
    return 0


def _record_path(person: str) -> Path | None:
    return state_path(person, "practice", ".jsonl")


def own_record(person: str) -> Record:
    """The record of this user, or of one person of an account that is shared.

    Raises: Fault when it cannot be read.
    """
    path = _record_path(person)
    try:
        return Record(path, say)
    except OSError as error:
        raise Fault(f"{PROGRAM}: the record cannot be read ({path}: {error.strerror})") from None


def _forget(*paths: Path | None) -> int:
    for path in filter(None, paths):
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise Fault(
                f"{PROGRAM}: the record cannot be deleted ({path}: {error.strerror})", status=FAILED
            ) from None
    say("The record and the place in the tour are deleted.")
    return 0


def _course(name: str) -> Course:
    """The course of a name: a shipped one, that of a file, or that of a lesson.

    Raises: Fault with one line for each thing that is wrong with it.
    """
    if name in SHIPPED_COURSES:
        return shipped_course(name)
    text = b""
    with suppress(LessonFault):  # what is wrong with it as a lesson is told then
        text = bounded_file(name) if name.endswith(".toml") else text
    return course_of_file(name, text, name) if is_course(text) else course_of_lesson(name, named_lesson(name))


@dataclass
class _Practice(Dialogue):
    """A drill on its way, told in lines."""

    drill: Drill
    record: Record

    def go(self) -> int:
        """Ask until it is left; where nobody answers, print some exercises with their solutions."""
        self.write(opening(self.drill))
        if not self.keyboard.has_ended:
            self.write(_KEYS)
        status, goes_on = 0, True
        try:
            while goes_on:
                goes_on = self._ask()
        except KeyboardInterrupt:
            status = INTERRUPTED
        self._leave_exercise()
        self.write("", *progress(self.drill))
        return status

    def _ask(self) -> bool:
        """Ask one exercise until it is over; whether to go on."""
        self._write_question()
        while not self.drill.is_over:
            asked = asked_of(self.drill.session)
            match self.typed(asked, ("", "q", "n")):
                case None:
                    return self._print_the_rest()
                case "q":
                    return False
                case "n":
                    self._leave_exercise()
                    self.drill = next_exercise(self.drill, time())
                    return True
                case "":
                    self._do(Command("hint"))
                case answer:
                    assert isinstance(answer, Command), "it is no other word"
                    self._do(answer)
            if not self.drill.is_over:
                self.write_help(asked, asked_of(self.drill.session))
        self.record.keep(self.drill.answers[-1])
        self._write_answer()
        self.write(*progress(self.drill))
        self.drill = next_exercise(self.drill, time())
        return True

    def _leave_exercise(self) -> None:
        """Keep what was tried in vain at an exercise that is left open."""
        known = len(self.drill.answers)
        self.drill = left(self.drill, time())
        for answer in self.drill.answers[known:]:
            self.record.keep(answer)

    def _do(self, command: Command) -> None:
        self.drill = done(self.drill, command, time())

    def _print_the_rest(self) -> bool:
        """Where a program has sent its last line, or nobody sends one: exercises with their solutions."""
        if self.keyboard.is_terminal:
            return False
        for asked in range(_UNASKED):
            if asked:
                self._write_question()
            self._leave_exercise()
            if not self.drill.is_over:
                self._do(Command("next"))
            self._write_answer()
            self.drill = next_exercise(self.drill, time())
        return False

    def _write_question(self) -> None:
        drill = self.drill
        heading = f"Exercise {drill.number}, {drill.exercise.question.answer.model.title}: "
        title = drill.exercise.question.title
        end = "" if title.endswith("?") else "."
        self.write("", f"{heading}{title}{end}", *filter(None, [before_it(drill)]))
        asked = asked_of(drill.session)
        self.write(*question_lines(asked, has_heading=False))
        if asked.level == "diagram" or not asked.line.letters:
            self.write(*network_lines(asked))

    def _write_answer(self) -> None:
        self.write(*answered_lines(moment(self.drill.session)), *filter(None, [after_it(self.drill)]))
