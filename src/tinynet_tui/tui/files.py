"""The files that the app writes for its user: a step as text, the screen as a picture, a lesson."""

from __future__ import annotations

import itertools
import os
import traceback
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from tinynet_tui.handouts.formats import FORMATS
from tinynet_tui.lessons.own_text import comments_lost
from tinynet_tui.lessons.reading import LessonFault, parse_lesson
from tinynet_tui.lessons.writing import lesson_text, write_lesson
from tinynet_tui.safety.foreign_text import one_line
from tinynet_tui.safety.whole_files import create_file, opened_privately
from tinynet_tui.session.moment import Moment, lesson_now, moment_in
from tinynet_tui.teaching.sentences import explanation, notes, said
from tinynet_tui.teaching.step_line import step_line

LESSON_ENDING = ".toml"
HANDOUT_ENDINGS = dict(sorted((row.ending, row) for row in FORMATS.values() if row.ending))
"""The format that a handout is written in, by the ending of its file's name."""
_OTHER_ENDINGS = {
    LESSON_ENDING,
    *HANDOUT_ENDINGS,
    ".pdf",
    ".docx",
    ".odt",
    ".htm",
    ".json",
    ".svg",
    ".png",
    ".py",
}
"""Endings that ask for a format; any other, as in lesson-1.5, is a part of the name."""


def step_text(moment: Moment) -> str:
    """The present step in plain text: where it is, formula, numbers, words."""
    session = moment.session
    words = explanation(moment)
    place = f"update {session.update}, step {session.step} of {len(moment.program)}"
    lines = [
        f"{one_line(session.lesson.title)}, {place}",
        f"{moment.phase}: {words.title}",
    ]
    if moment.step is not None:
        lines += step_line(moment).sides
    return "\n".join((*lines, *said(moment), *map(one_line, notes(moment)))) + "\n"


def write_new(
    directory: Path, stem: str, ending: str, text: str, opener: Callable[[str, int], int] | None = None
) -> Path:
    """Write a text to a file that was not there before; returns its path.

    Raises: OSError when it cannot be written; nothing of it is left then.
    """
    for name in _names(stem, ending):
        with suppress(FileExistsError):
            create_file(directory / name, text, opener)
            return directory / name
    raise AssertionError("counting does not end")


def new_file(text: str, endings: Collection[str] = (LESSON_ENDING,)) -> Path:
    """A path at which there is no file yet: the first of some endings is added where it has none of them.

    Raises: ValueError with a sentence that says what is wrong.
    """
    if not text.strip():
        raise ValueError("write the name of a file")
    path = Path(os.path.expanduser(text.strip()))  # as it stands for a home that nobody has
    if text.strip().endswith(os.sep) or path.is_dir():
        raise ValueError("that is a directory; add the name of a file")
    if path.exists() and not path.is_file():
        raise ValueError(f"{path} is no file; choose another name")
    if path.suffix.lower() in _OTHER_ENDINGS - {*endings}:
        raise ValueError(f"a name must end in {' or '.join(endings)}, not in {path.suffix}")
    if path.suffix.lower() not in endings:
        path = path.with_name(f"{path.name}{next(iter(endings))}")
    if path.exists():
        raise ValueError(f"{path.name} is there already; choose another name")
    if not path.parent.is_dir():
        raise ValueError("there is no such directory")
    if not os.access(path.parent, os.W_OK):
        raise ValueError("nothing can be written in that directory")
    return path


def free_name(stem: str, ending: str) -> str:
    """The first name that no file here has: a.toml, a-2.toml, a-3.toml."""
    return next(name for name in _names(stem, ending) if not os.path.lexists(name))


def _names(stem: str, ending: str) -> Iterator[str]:
    yield f"{stem}{ending}"
    yield from (f"{stem}-{number}{ending}" for number in itertools.count(2))


def written(what: str, stem: str, ending: str, text: str) -> str:
    """Write a text to a new file here; returns a sentence that says where, or why not."""
    try:
        path = write_new(Path(), stem, ending, text)
    except OSError as error:
        return f"Nothing could be written here: {error.strerror}."
    return f"Written {what} to {path}."


def saved(moment: Moment, path: Path) -> str:
    """Save a lesson file with the values of a moment; returns a sentence that says so, or why not."""
    lesson = lesson_now(moment)
    try:
        text = lesson_text(lesson)
        parse_lesson(text, "These values", is_kept=True)
        write_lesson(lesson, path)
    except LessonFault as fault:
        return f"Not saved. {fault.lines[0]}."
    except OSError as error:
        return f"It could not be saved: {path}: {error.strerror}."
    lost = comments_lost(lesson.own.text or "", text)
    without = f" without {lost:,} comment{'s' * (lost > 1)} of its file" if lost else ""
    return f"Saved{without}: tinynet-tui {path} opens it."


def handout_written(here: Moment, path: Path) -> str:
    """Write the update that a moment is in as a handout; returns a sentence that says so, or why not."""
    from tinynet_tui.drawing.handout_diagram import diagram_of
    from tinynet_tui.handouts.request import Request

    session = here.session
    given = moment_in(replace(session.bare, step=0), here.trace)
    request = Request(session.lesson, digits=session.digits, diagram=diagram_of(given, False), here=given)
    lines = HANDOUT_ENDINGS[path.suffix.lower()].lines(request, None)
    try:
        create_file(path, "".join(f"{line}\n" for line in lines))
    except OSError as error:
        return f"It could not be written: {path}: {error.strerror}."
    return f"Update {session.update} is in {path}."


def write_fault(fault: BaseException, state: Path | None) -> str:
    """Write what a report of a fault needs beside the state file; returns where it is told, in words."""
    name = type(fault).__name__
    if state is None:
        return f"{name}; no report was written: there is no home directory"
    try:
        state.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        report = "".join(traceback.format_exception(fault))
        return f"{name}; the report is {write_new(state.parent, 'fault', '.txt', report, opened_privately)}"
    except OSError as error:
        return f"{name}; no report could be written in {state.parent}: {error.strerror}"
