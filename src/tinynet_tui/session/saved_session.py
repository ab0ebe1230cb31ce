"""A session as text: what a state file and a kept room have of it, and whether that can be trusted."""

import errno
import os
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from tinynet_tui.engine.expression_reading import ALL_DIGITS
from tinynet_tui.engine.model import Model
from tinynet_tui.engine.training import LAST_UPDATE
from tinynet_tui.lessons.reading import LessonFault, parse_lesson
from tinynet_tui.lessons.schema import LIMITS, Lesson
from tinynet_tui.lessons.writing import lesson_text, with_text
from tinynet_tui.safety.foreign_text import escaped_in_json
from tinynet_tui.session.history import edit_fault, editable_names, initial_setup, program_of
from tinynet_tui.session.session import (
    LEARNING_RATE,
    NUDGES,
    PANELS,
    Answer,
    Edit,
    Level,
    Session,
    Touring,
    View,
)

VERSION = 5
"""2 added what was predicted; 3 when the session was last changed, and the significant digits where 2 had one
of four choices of decimals; 4 calls them digits; 5 added the view."""
LARGEST = 8 * LIMITS.file_bytes
"""Bytes of a state file: a lesson of any size, and tens of thousands of answers."""
_DIGITS_BEFORE = (4, 3, 8, 17)
"""The significant digits for each choice of version 2 and before."""


class SavedTour(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tour that a session is on, or that was left."""

    text: str
    stop: int
    answered: int
    is_open: bool
    done_at: tuple[int, int, str, float] | None = None
    ticked: tuple[int, ...] | None = None
    lesson: str | msgspec.UnsetType = msgspec.UNSET
    """The tour's own, where another is open: a stop may have one, or its own learning rate."""


class SavedSession(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A session as it is written; the lesson is kept whole, so that its file may change or go."""

    version: int
    lesson: str
    edits: tuple[Edit, ...]
    seed: int | None
    update: int
    step: int
    selected: str
    panel: str
    digits: int | msgspec.UnsetType = msgspec.UNSET
    level: Level = "sign"
    answers: tuple[Answer, ...] = ()
    changed: float = 0.0
    view: View | None = None
    precision: int | msgspec.UnsetType = msgspec.UNSET
    """What versions before 4 have in place of the digits."""
    tour: SavedTour | msgspec.UnsetType = msgspec.UNSET
    fades: bool | msgspec.UnsetType = msgspec.UNSET
    own: bool | msgspec.UnsetType = msgspec.UNSET
    """Whether the lesson is a person's own."""


class Kept(NamedTuple):
    """What a state file keeps."""

    session: Session
    changed: float = 0.0
    """When something was last done in it, in seconds since 1970."""


DAMAGED = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What reading JSON ends in that was cut, or that somebody has made up."""


class _Version(msgspec.Struct):
    version: int


class StateFault(Exception):
    """A state file that cannot be used; says why, in one line."""


def encoded(session: Session, changed: float = 0.0) -> bytes:
    """A session as the text of a state file.

    Raises: OSError when it would be larger than one may be that is read.
    """
    saved = SavedSession(
        version=VERSION,
        lesson=lesson_text(session.lesson),
        edits=session.edits,
        seed=session.seed,
        update=session.update,
        step=session.step,
        selected=session.selected,
        panel=session.panel,
        digits=session.digits,
        level=session.back_to or session.level,
        answers=session.answers,
        changed=changed,
        view=session.view,
        tour=_saved_tour(session),
        fades=session.fades or msgspec.UNSET,
        own=session.lesson.own.text is not None or msgspec.UNSET,
    )
    formatted = msgspec.json.format(msgspec.json.encode(saved).decode(), indent=1)
    text = f"{escaped_in_json(formatted)}\n".encode()
    if len(text) > LARGEST:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    return text


def state_text(path: Path) -> bytes:
    """The text of a state file.

    Raises: StateFault when it is larger than any that was written; OSError when it cannot be read.
    """
    with path.open("rb") as file:
        text = file.read(LARGEST + 1)
    if len(text) > LARGEST:
        raise StateFault(f"its file is larger than {LARGEST:,} bytes")
    return text


def decoded(text: bytes) -> Session:
    """The session that a state file keeps.

    Raises: as `kept_in`.
    """
    return kept_in(text).session


def kept_in(text: bytes) -> Kept:
    """All that a state file keeps.

    Raises: StateFault when the text is damaged, or of a newer version of the program.
    """
    try:
        if msgspec.json.decode(text, type=_Version).version > VERSION:
            raise StateFault("it was written by a newer version")
        saved = msgspec.json.decode(text, type=SavedSession)
        if saved.version < 1:
            raise StateFault("it is damaged")
        lesson = _kept_lesson(saved.lesson, saved.own is True)
    except (*DAMAGED, LessonFault) as fault:
        raise StateFault("it is damaged") from fault
    session = Session(
        lesson,
        edits=saved.edits,
        seed=saved.seed,
        update=saved.update,
        step=saved.step,
        selected=saved.selected,
        panel=saved.panel,
        view=saved.view,
        digits=_digits(saved),
        level=saved.level,
        fades=saved.fades is True,
        answers=saved.answers,
    )
    if not _is_sound(session):
        raise StateFault("it is damaged")
    return Kept(replace(session, tour=_tour(saved, session)), saved.changed)


@lru_cache(maxsize=4)
def _kept_lesson(text: str, is_own: bool) -> Lesson:
    """The lesson of a kept text; a class has the same one at every place.

    Raises: LessonFault when it holds none.
    """
    lesson = parse_lesson(text, "its lesson", is_kept=True)
    return with_text(lesson, text) if is_own else lesson


def _saved_tour(session: Session) -> SavedTour | msgspec.UnsetType:
    tour = session.tour
    if tour is None:
        return msgspec.UNSET
    is_elsewhere = session.lesson != tour.tour.lesson
    own = lesson_text(tour.tour.lesson) if is_elsewhere else msgspec.UNSET
    return SavedTour(tour.tour.text, tour.number, tour.answered, tour.is_open, tour.done_at, tour.ticked, own)


def _tour(saved: SavedSession, session: Session) -> Touring | None:
    """The tour of a saved session; none where it does not fit any more, which is no loss of a place."""
    if isinstance(saved.tour, msgspec.UnsetType):
        return None
    from tinynet_tui.session.touring import read_tour

    text = saved.tour.lesson
    try:
        lesson = session.lesson if isinstance(text, msgspec.UnsetType) else _kept_lesson(text, is_own=True)
        tour = read_tour(saved.tour.text, "its tour", lesson)
    except LessonFault:
        return None
    if not 0 <= saved.tour.stop <= len(tour.stops):
        return None
    # What was done is told from its numbers: where there are none such, it is told no more.
    at = saved.tour.done_at
    if at and not _is_sound(replace(session, update=at[0], step=at[1], selected=at[2])):
        at = None
    if at and at[3] not in NUDGES:
        at = None
    ticked = range(saved.tour.stop) if saved.tour.ticked is None else saved.tour.ticked
    known = tuple(sorted(set(ticked).intersection(range(len(tour.stops)))))
    return Touring(tour, saved.tour.stop, max(saved.tour.answered, 0), saved.tour.is_open, at, known)


def _digits(saved: SavedSession) -> int:
    """The significant digits that a saved session shows; 0, which no session has, where it does not say."""
    match saved.version, saved.digits, saved.precision:
        case 1 | 2, msgspec.UNSET, int(choice) if 0 <= choice < len(_DIGITS_BEFORE):
            return _DIGITS_BEFORE[choice]
        case 3, msgspec.UNSET, int(digits):
            return digits
        case 4 | 5, int(digits), msgspec.UNSET:
            return digits
        case _:
            return 0


def _is_sound(session: Session) -> bool:
    """Whether a session that was read could have been written."""
    if not 1 <= session.update <= LAST_UPDATE or session.panel not in PANELS:
        return False
    setup = initial_setup(session)
    names = editable_names(setup.model)
    return (
        0 <= session.step <= len(program_of(session))
        and 1 <= session.digits <= ALL_DIGITS
        and session.selected in names
        and list(session.edits) == sorted(session.edits, key=lambda edit: edit.update)
        and all(_is_sound_edit(edit, setup.model, len(setup.inputs)) for edit in session.edits)
        and len({(answer.update, answer.step) for answer in session.answers}) == len(session.answers)
        and all(_is_sound_answer(answer, session) for answer in session.answers)
    )


def _is_sound_edit(edit: Edit, model: Model, samples: int) -> bool:
    if not 1 <= edit.update <= LAST_UPDATE or edit_fault(model, edit.name, edit.value) is not None:
        return False
    if edit.name == LEARNING_RATE:
        return edit.sample is None
    of_sample = edit.name in (*model.inputs, *model.targets)
    if of_sample:
        return edit.sample is not None and 1 <= edit.sample <= samples
    return edit.name in editable_names(model) and edit.sample is None


def _is_sound_answer(answer: Answer, session: Session) -> bool:
    if not 1 <= answer.update <= LAST_UPDATE:
        return False
    return 1 <= answer.step <= len(program_of(replace(session, update=answer.update)))
