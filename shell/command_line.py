"""The verbs with all that they take, read off their parsers: what completion and the man page are made of."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from importlib import import_module
from typing import Any, Literal, NamedTuple

from tinynet_tui.cli import VERBS, experiment, stepper
from tinynet_tui.cli.parser import Parser, Word
from tinynet_tui.lessons.shipped import shipped_lessons
from tinynet_tui.practice.course import SHIPPED_COURSES
from tinynet_tui.teaching.typed_values import OneOf


class Words(NamedTuple):
    """What may stand at a place of the command line, as far as it can be named."""

    names: tuple[tuple[str, str], ...] = ()
    """Each with what it is."""
    has_files: bool = False
    has_own_lessons: bool = False
    """Whether the lessons in the folders of the settings are among them, which the shell looks for itself."""
    rooms: Literal["", "all", "own"] = ""
    """Whose rooms on this machine; the shell looks for them, too."""


class Argument(NamedTuple):
    """An option, or a word that has its place."""

    flags: tuple[str, ...]
    """None: it is known by its place."""
    metavar: str
    """What stands for its value; empty where it has none."""
    about: str
    words: Words
    may_repeat: bool
    """Whether it takes one word or more."""
    is_needed: bool


class Verb(NamedTuple):
    """A verb, or an experiment, or (with no name) what opens the screen."""

    name: str
    about: str
    description: str
    arguments: tuple[Argument, ...]
    examples: tuple[str, ...]

    @property
    def options(self) -> list[Argument]:
        """What begins with a dash."""
        return [argument for argument in self.arguments if argument.flags]

    @property
    def places(self) -> list[Argument]:
        """What is known by its place, in that order."""
        return [argument for argument in self.arguments if not argument.flags]


_NOTHING, _FILES = Words(), Words(has_files=True)
_LESSONS = Words(tuple((name, lesson.title) for name, lesson in shipped_lessons()), True, True)
_COURSES = tuple((name, "a course") for name in SHIPPED_COURSES)
_EXPERIMENTS = Words(tuple((name, topic.about) for name, topic in experiment.topics().items()))

_BY_METAVAR = {
    "LESSON": _LESSONS,
    "LESSON|COURSE": _LESSONS._replace(names=(*_COURSES, *_LESSONS.names)),
    "FILE": _FILES,
    "EXPERIMENT": _EXPERIMENTS,
    "ROOM[@TEACHER]|URL": Words(rooms="all"),
    "WHO": Words(
        (("me", "this user alone"), ("group:", "a group of users"), ("everyone", "on this machine"))
    ),
}
"""What may stand for a metavar whose parser has no list of names; nothing can be offered for the others."""
_OF_DESK = Words(rooms="own")


def verbs() -> Iterator[Verb]:
    """The screen first, then each verb as the help has them; after `experiment` each of its kinds."""
    yield _verb("", "walk through the training of a tiny neural network", stepper.parser())
    for name, about in VERBS.items():
        module: Any = import_module(f"tinynet_tui.cli.{name}")
        yield _verb(name, about, module.parser())
    for name, topic in experiment.topics().items():
        yield _verb(f"experiment {name}", topic.about, experiment.topic_parser(topic))


def _verb(name: str, about: str, parser: Parser) -> Verb:
    arguments = tuple(
        _argument(name, action) for action in parser._actions if action.help != argparse.SUPPRESS
    )
    if name == "experiment":  # it takes its first word before its parser sees the others
        arguments += (Argument((), "EXPERIMENT", "one of those below", _EXPERIMENTS, False, True),)
    _, _, examples = str(parser.epilog).rpartition("examples:\n")
    lines = tuple(line.strip() for line in examples.splitlines())
    return Verb(name, about, " ".join(str(parser.description).split()), arguments, lines)


def _argument(verb: str, action: argparse.Action) -> Argument:
    takes_value = action.nargs != 0
    metavar = str(action.metavar) if takes_value else ""
    about = str(action.help)
    read = action.type.read if isinstance(action.type, Word) else None
    if isinstance(read, OneOf):
        abouts = dict(part.split(": ", 1) for part in about.split("; ") if ": " in part)
        words = Words(tuple((name, abouts.get(name, "")) for name in read.names))
    elif (verb, metavar) == ("desk", "ROOM"):
        words = _OF_DESK
    else:
        words = _BY_METAVAR.get(metavar, _NOTHING)
    return Argument(
        tuple(action.option_strings), metavar, about, words, action.nargs == "+", action.nargs != "?"
    )
