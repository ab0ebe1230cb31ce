"""Opening the screen: what the command does without a verb."""

from __future__ import annotations

import gc
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tinynet_tui.cli import VERBS
from tinynet_tui.cli.faults import PROGRAM, Fault
from tinynet_tui.cli.keyboard import read_keys_from_terminal
from tinynet_tui.cli.output import say, text_writer, write_lines
from tinynet_tui.cli.parser import DEFAULT_LESSON, Parser, named_lesson, own_folders
from tinynet_tui.engine.expression_reading import DIGITS
from tinynet_tui.lessons.faults import LessonFault, nearest
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lesson
from tinynet_tui.safety.foreign_text import shortened
from tinynet_tui.safety.refusal import Refusal
from tinynet_tui.session.session import FIRST_PANEL, Session
from tinynet_tui.terminal.abilities import (
    ON_WINDOWS,
    WIDE_SIGNS,
    ascii_wanted,
    colours_wanted,
    has_terminals,
    mouse_wanted,
    signs_may_be_wide,
    terminal_problem,
)
from tinynet_tui.tui.permissions import BROWSER, DRIVER_SETTING, KIOSK, OPEN, Permissions

if TYPE_CHECKING:
    from tinynet_tui.terminal.settings import Settings, Value
    from tinynet_tui.tui.app import Stepper

MISSING_FOLDERS = f"A folder of lessons in the settings file is not there: `{PROGRAM} settings` says which."
BROKEN_SETTINGS = f"The settings file cannot be used: `{PROGRAM} settings` says why."
_EXAMPLES = (
    "tinynet-tui",
    "tinynet-tui mazur --at 2.18",
    "tinynet-tui xor --at dL/dw5",
    "tinynet-tui my-lesson.toml",
    "tinynet-tui --resume",
)


def parser() -> Parser:
    """The parser of its arguments; the help lists the verbs."""
    parser = Parser("", "Walk through the training of a tiny neural network, one step at a time.", _EXAMPLES)
    parser.add_lesson(default=None)
    parser.add_argument("--resume", action="store_true", help="continue from the last position")
    parser.add_place()
    parser.add_argument("--tally", action="store_true", help="print how the predictions went, on leaving")
    parser.add_person("keep the position of one person of a shared account")
    parser.add_argument(
        "--kiosk", action="store_true", help="open shipped lessons only, and write nothing but the position"
    )
    add_screen(parser)
    parser.add_argument("--version", action="store_true", help="print the version")
    width = max(map(len, VERBS))
    rows = (f"  {name:{width}}  {about}" for name, about in VERBS.items())
    parser.epilog = "\n".join(
        ("verbs, each with its own --help:", *rows, "", str(parser.epilog), "  tinynet-tui trace")
    )
    return parser


def add_screen(parser: Parser) -> None:
    """Take the options of every verb that opens the screen; what it does not take has its default."""
    parser.set_defaults(lesson=None, person=None, at=None, resume=False, tally=False, kiosk=False)
    parser.add_decimals("; diagram and table show as many as fit")
    parser.add_ascii()
    parser.add_palette()
    parser.add_argument(
        "--no-diff", action="store_true", help="send whole regions, not only the cells that changed"
    )
    mouse = parser.add_mutually_exclusive_group()
    mouse.add_argument(
        "--no-mouse",
        dest="mouse",
        action="store_false",
        default=None,
        help="leave the mouse to the terminal, to select text",
    )
    mouse.add_argument("--mouse", action="store_true", default=None, help="take clicks and the wheel")


def run(words: Sequence[str]) -> int:
    """Open the screen as a command line asks for; returns the app's exit status."""
    own = parser()
    arguments = own.read(words)
    if arguments.version:
        write_lines((f"{PROGRAM} {version_text()}",))
        return 0
    if arguments.lesson in VERBS:
        verb = arguments.lesson
        raise Fault(f"{PROGRAM}: a verb comes first: `{PROGRAM} {verb} …`; a lesson file is ./{verb}.")
    if arguments.kiosk:
        return open_stepper(own, _shipped(arguments.lesson or DEFAULT_LESSON), arguments)
    name = arguments.lesson or DEFAULT_LESSON
    try:
        lesson = named_lesson(name)
    except Refusal as fault:
        raise Fault(*(_meant_verb(name) or fault.lines)) from fault
    return open_stepper(own, lesson, arguments)


def _shipped(name: str) -> Lesson:
    """The shipped lesson of a name.

    Raises: Fault for any other name, the same whether there is a file of that name or not.
    """
    if name not in SHIPPED_NAMES:
        raise Fault(f"{PROGRAM}: --kiosk opens shipped lessons only: {', '.join(SHIPPED_NAMES)}")
    return shipped_lesson(name)


def _meant_verb(name: str) -> list[str]:
    """A line about the verb that is meant by what is no file, if one is nearer to it than any lesson."""
    from tinynet_tui.lessons.reading import names_in

    names = (*VERBS, *SHIPPED_NAMES, *names_in(own_folders(name)))
    verb = "" if os.path.lexists(name) else nearest(name, names)
    if verb not in VERBS:
        return []
    words = f"there is no such lesson or file; did you mean the verb: `{PROGRAM} {verb}`?"
    return [f"{shortened(name)}: {words} `{PROGRAM} lessons` lists the shipped lessons"]


def version_text() -> str:
    """The version of this program that is installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(PROGRAM)
    except PackageNotFoundError:
        return "(not installed)"


def open_stepper(
    own: Parser,
    lesson: Lesson,
    arguments: Namespace,
    make: Callable[..., Stepper] | None = None,
    at: Session | None = None,
    within: Permissions | None = None,
    kind: str = "session",
) -> int:
    """Open the screen with a lesson or the last position; returns the app's exit status.

    make: makes the app, where it is not the stepper alone; at: the session to open, if that is known; within:
    what may be touched, where the command line does not say it; kind: that of the file with the position.

    Raises: Fault when there is no terminal to open the screen on.
    """
    if not has_terminals():
        raise Fault(ON_WINDOWS)
    elsewhere = _elsewhere()
    is_here = elsewhere is None
    permissions, environ = elsewhere or (within or (KIOSK if arguments.kiosk else OPEN), os.environ)
    if arguments.at and not arguments.resume:
        # What is wrong with the place is told without a screen, too.
        _first_session(own, lesson, arguments, None, permissions)
    permissions.close_environment(os.environ)
    gc.disable()  # nothing that opening makes is garbage: the app looks for some from its first screen on
    if is_here:
        _check_terminal(arguments)
    from tinynet_tui.drawing.look import Look
    from tinynet_tui.drawing.theme import theme_of
    from tinynet_tui.session.people import TOUR_STATE, state_path
    from tinynet_tui.tui.app import Stepper, run_stepper

    settings, about_settings = own_settings(permissions)
    state = state_path(arguments.person or "", kind) if is_here and permissions.keeps_position else None
    session, about_position = (at, "") if at else _first_session(own, lesson, arguments, state, permissions)
    if not at and not arguments.resume:
        session = replace(session, digits=settings.decimals or DIGITS, panel=settings.panel or FIRST_PANEL)
    encoding = sys.stdout.encoding if is_here else "utf-8"
    held = values_in_force(settings, arguments, environ, encoding)
    ascii, is_guess = held["ascii"].value, held["ascii"].source == "default"
    about_signs = WIDE_SIGNS if is_guess and signs_may_be_wide(environ) else ""
    notice = " ".join(filter(None, (about_settings, about_position, about_signs)))
    if notice:
        say(notice)  # for the scrollback: the screen may have to cut it
    app = (make or Stepper)(
        replace(session, digits=arguments.decimals or session.digits, notice=notice or session.notice),
        Look(ascii, are_letters_shown(held, environ, encoding), own_keys=settings.keys),
        theme_of(colours_wanted(environ), held["palette"].value, settings.colours),
        state,
        differences=not arguments.no_diff,
        permissions=permissions,
    )
    if is_here and permissions.is_open:
        app.practice_file = state_path(arguments.person or "", "practice", ".jsonl")
        app.tour_file = state_path(arguments.person or "", TOUR_STATE) if kind != TOUR_STATE else None
    app.page.autoplay.pause, app.lesson_folders = held["autoplay"].value, settings.lesson_folders
    mouse = held["mouse"].value and mouse_wanted(environ)
    status, last_session, words = run_stepper(app, state, mouse)
    say(*filter(None, (words, *app.last_words.splitlines())))
    if arguments.tally:
        _print_tally(last_session, arguments.ascii, is_here)
    return status


def own_settings(permissions: Permissions) -> tuple[Settings, str]:
    """(the settings of whose screen this is, what is said where they cannot be used)."""
    from tinynet_tui.session.people import settings_path
    from tinynet_tui.terminal.settings import NO_SETTINGS, read_settings

    if not permissions.is_open:  # the account is another's
        return NO_SETTINGS, ""
    try:
        settings = read_settings(settings_path())
        return settings, MISSING_FOLDERS if settings.missing_folders else ""
    except LessonFault:
        return NO_SETTINGS, BROKEN_SETTINGS


def values_in_force(
    settings: Settings, arguments: Namespace, environ: Mapping[str, str], encoding: str | None
) -> dict[str, Value]:
    """The value of every setting, with where it comes from.

    Raises: Fault where the environment has a value that is not allowed.
    """
    from tinynet_tui.terminal.settings import values

    try:
        return values(settings, vars(arguments), environ, encoding)
    except ValueError as fault:
        raise Fault(f"{PROGRAM}: {fault}; or use --dark or --light") from None


def are_letters_shown(held: Mapping[str, Value], environ: Mapping[str, str], encoding: str | None) -> bool:
    """Whether letters of any script are shown: in ASCII too, where only its signs may be too wide."""
    return held["ascii"].source == "default" and not ascii_wanted(environ, encoding)


def _print_tally(session: Session, ascii: bool | None, is_here: bool) -> None:
    """How the predictions went; a screen elsewhere has standard output."""
    from tinynet_tui.prediction.tally import tally_lines

    lines = map(text_writer(ascii), tally_lines(session))
    write_lines(lines) if is_here else say(*lines)


def need_screen(arguments: Namespace) -> None:
    """Make sure that there is a screen before anything else is opened, which would be left behind.

    Raises: Fault when there is no terminal to open it on.
    """
    if _elsewhere() is None:
        _check_terminal(arguments)


def _check_terminal(arguments: Namespace) -> None:
    """Have the keyboard on standard input, which the lesson may have come from; the screen on the other end.

    Raises: Fault when there is no terminal to open the screen on.
    """
    if arguments.lesson == "-":
        read_keys_from_terminal()
    problem = terminal_problem(sys.stdin, sys.stdout, os.environ, not arguments.kiosk)
    if problem:
        raise Fault(problem)


def _first_session(
    own: Parser, lesson: Lesson, arguments: Namespace, state: Path | None, permissions: Permissions
) -> tuple[Session, str | None]:
    """The session to open, and a notice about the last position."""
    from tinynet_tui.session.commands import start

    session, notice = start(lesson), None
    if arguments.resume and not permissions.keeps_position:
        notice = f"No position is kept here ({permissions.closed_because}): this is the start."
    elif arguments.resume:
        from tinynet_tui.session.state_file import resume

        last, notice = resume(state, permissions.is_open, _welcome(arguments))
        if last is not None and arguments.lesson and last.lesson != lesson:
            notice = "The last position was in another lesson: this is the start."
        elif last is not None:
            session = replace(last, lesson=lesson) if arguments.lesson else last  # comments may be new
    return own.arrived(session, arguments.at), notice


def _welcome(arguments: Namespace) -> str | None:
    """What is said to a person who comes for the first time, for whom --resume stands in a command line."""
    if arguments.person:
        return f"Welcome, {arguments.person}: from here on your place is kept under this name."
    return "" if arguments.kiosk else None


def _elsewhere() -> tuple[Permissions, Mapping[str, str]] | None:
    """What may be touched where a driver of another name draws, and what the environment would be there.

    None where that is this terminal. Raises: Fault when the setting names no driver.
    """
    name = os.environ.get(DRIVER_SETTING)
    if not name:
        return None
    BROWSER.close_environment(os.environ)  # before Textual is loaded
    from tinynet_tui.tui.other_drivers import environment, named_driver, permissions_of

    try:
        permissions = permissions_of(named_driver(name))
    except ValueError as fault:
        raise Fault(
            f"{PROGRAM}: {DRIVER_SETTING}: {fault}; unset it, or write module:Class, as textual-serve does."
        ) from None
    return None if permissions.is_open else (permissions, environment(os.environ))
