"""What the verbs share of a command line: a parser that complains in one line, its values, and the lesson."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Generic, NoReturn, TypeVar, get_args

from tinynet_tui.cli.faults import PROGRAM, Fault
from tinynet_tui.cli.output import write_lines
from tinynet_tui.engine.expression_reading import ALL_DIGITS, DIGITS
from tinynet_tui.engine.training import LAST_UPDATE
from tinynet_tui.lessons.faults import LessonFault
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lesson
from tinynet_tui.safety.foreign_text import one_line
from tinynet_tui.teaching import typed_values

if TYPE_CHECKING:
    from tinynet_tui.session.session import Session

T = TypeVar("T")

DEFAULT_LESSON = "lecture"

_NUMBER = re.compile(r"-(\d|\.\d|inf|nan)", re.IGNORECASE)
_LONGEST_NAME = 100
_WIDTH = 78
"""Of a help that nobody reads: argparse writes one to check each argument."""
_SHOWN = 40
"""Characters of a wrong value that are quoted."""


class Parser(argparse.ArgumentParser):
    """A parser for one verb, or for opening a lesson (verb "")."""

    def __init__(self, verb: str, about: str, examples: Sequence[str]) -> None:
        super().__init__(
            prog=f"{PROGRAM} {verb}".rstrip(),
            description=about,
            epilog="\n".join(("examples:", *(f"  {example}" for example in examples))),
            # With a width it does not ask for that of the terminal, for which modules would be loaded.
            formatter_class=partial(argparse.RawDescriptionHelpFormatter, width=_WIDTH),
            allow_abbrev=False,
            add_help=False,
        )
        self.add_argument("-h", "--help", action="help", help="show this help")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command line in one line, and where the help is."""
        raise Fault(
            f"{self.prog}: {message.removeprefix('argument ')}", f"`{self.prog} --help` shows how it is used."
        )

    def format_help(self) -> str:
        """The help, as wide as the terminal; options say in it which others they cannot be given with."""
        self.formatter_class = argparse.RawDescriptionHelpFormatter
        # Each version of argparse breaks a usage of twenty options in its own way, and none can be read.
        places = [action for action in self._actions if not action.option_strings]
        words = (f"[{place.metavar}]" if place.nargs == "?" else str(place.metavar) for place in places)
        self.usage = self.usage or " ".join((self.prog, *words, "[options]"))
        own: dict[argparse.Action, str | None] = {}
        for group in self._mutually_exclusive_groups:
            options = {action: action.option_strings[-1] for action in group._group_actions}
            for action in options:
                others = " or ".join(option for other, option in options.items() if other is not action)
                own.setdefault(action, action.help)
                action.help = f"{action.help}; not with {others}"
        try:
            return super().format_help()
        finally:
            for action, help in own.items():
                action.help = help

    def print_help(self, file: object = None) -> None:
        """Write the help; argparse itself would pass over an output that cannot be written."""
        write_lines(self.format_help().splitlines())

    def read(self, words: Sequence[str]) -> argparse.Namespace:
        """The arguments in the words of a command line; one that begins like -1 is a value, no option."""
        return self.parse_args([f" {word}" if _NUMBER.match(word) else word for word in words])

    def add_lesson(self, default: str | None = DEFAULT_LESSON) -> None:
        """Take the lesson; `default` is what it is where none is named."""
        self.add_argument(
            "lesson",
            nargs="?",
            default=default,
            metavar="LESSON",
            help=f"a shipped lesson, a file, or - for standard input ({DEFAULT_LESSON})",
        )

    def add_updates(self, default: int, least: int = 1) -> None:
        """Take --updates."""
        self.add_argument(
            "--updates",
            type=count(least),
            default=default,
            metavar="N",
            help=f"number of updates (default: {default})",
        )

    def add_format(self, abouts: Mapping[str, str]) -> None:
        """Take --format: one of some names, each with what it is; the first where none is given."""
        default, *_ = abouts
        self.add_argument(
            "--format",
            type=one_of(tuple(abouts)),
            default=default,
            metavar="FORMAT",
            help="; ".join(f"{name}: {about}" for name, about in abouts.items()),
        )

    def add_person(self, about: str) -> None:
        """Take --as; about: what is of that person."""
        self.add_argument("--as", dest="person", type=person, metavar="NAME", help=about)

    def add_place(self) -> None:
        """Take --at."""
        from tinynet_tui.session.places import EXAMPLES

        self.add_argument("--at", metavar="PLACE", help=f"start at an update, or at a step in it: {EXAMPLES}")

    def arrived(self, session: Session, text: str | None) -> Session:
        """A session at the place that --at names, if any: it has a notice where there is none such."""
        if text is None:
            return session
        from tinynet_tui.session.commands import Command, after
        from tinynet_tui.session.places import place_of

        try:
            return after(session, Command("goto", place_of(session, text)))
        except ValueError as error:
            self.error(f"--at: {quoted(text)}: {error}")

    def add_decimals(self, where: str = "") -> None:
        """Take --decimals: how many significant digits are shown, and where there may be fewer."""
        self.add_argument(
            "--decimals",
            type=count(1, ALL_DIGITS),
            metavar="N",
            help=f"show numbers with N significant digits ({DIGITS}); {ALL_DIGITS} shows all{where}",
        )

    def add_ascii(self) -> None:
        """Take --ascii and --no-ascii; neither leaves it to the locale."""
        signs = self.add_mutually_exclusive_group()
        signs.add_argument("--ascii", action="store_true", default=None, help="use ASCII characters only")
        signs.add_argument(
            "--no-ascii",
            dest="ascii",
            action="store_false",
            default=None,
            help="use Unicode signs whatever the locale is",
        )

    def add_palette(self) -> None:
        """Take --dark and --light; neither leaves it to the environment."""
        from tinynet_tui.drawing.theme import Palette

        palettes = self.add_mutually_exclusive_group()
        for palette in get_args(Palette):
            palettes.add_argument(
                f"--{palette}",
                action="store_const",
                const=palette,
                dest="palette",
                help=f"use colours for a {palette} background",
            )


def named_lesson(name: str) -> Lesson:
    """The lesson of a shipped name, of a path, or of standard input.

    Raises: Refusal with one line for each thing that is wrong with it.
    """
    if name in SHIPPED_NAMES:
        return shipped_lesson(name)
    from tinynet_tui.lessons.reading import file_in_folders, names_in, open_lesson  # with all its faults

    if name == "-" and (sys.stdin is None or sys.stdin.closed):
        raise Fault("standard input is closed: there is no lesson to read from it")
    try:
        folders = own_folders(name)
        file = file_in_folders(folders, name)
        return open_lesson(file or name, own=() if file else names_in(folders))
    except OSError as error:
        raise Fault(f"{name}: it cannot be read ({error.strerror})") from error


def own_folders(name: str) -> tuple[str, ...]:
    """The folders of the settings that may have the lesson of a name; none where something else has it."""
    if name == "-" or name in SHIPPED_NAMES or os.path.lexists(name) or os.path.basename(name) != name:
        return ()
    from tinynet_tui.session.people import settings_path
    from tinynet_tui.terminal.settings import read_settings

    try:
        return read_settings(settings_path()).lesson_folders
    except LessonFault:
        return ()  # the fault is that there is no such lesson


class Word(Generic[T]):
    """A reader for argparse: what is wrong is said after the quoted word."""

    def __init__(self, read: Callable[[str], T]) -> None:
        self.read = read

    def __call__(self, text: str) -> T:
        """What the word means. Raises: argparse.ArgumentTypeError when it cannot be read."""
        try:
            return self.read(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(f"{quoted(text)} {error}") from None


def count(least: int, most: int = LAST_UPDATE) -> Callable[[str], int]:
    """A reader of whole numbers from `least` to `most`."""
    return Word(typed_values.whole_number(least, most))


learning_rate = Word(typed_values.learning_rate)
parameter_name = Word(typed_values.parameter_name)


def one_of(names: Sequence[str]) -> Callable[[str], str]:
    """A reader of one of some names."""
    return Word(typed_values.OneOf(tuple(names)))


@Word
def student_name(text: str) -> str:
    """A name of one line, with something in it to be seen."""
    name = one_line(text)
    if not 0 < len(name) <= _LONGEST_NAME:
        raise ValueError(f"is not a name of 1 to {_LONGEST_NAME} characters, such as Ada")
    return name


@Word
def person(text: str) -> str:
    """The name of a person who shares an account."""
    from tinynet_tui.session.people import person_called

    return person_called(text)


def quoted(text: str) -> str:
    """A wrong value as it is shown, cut where it is long."""
    text = text.strip()
    return f'"{text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"}"'
