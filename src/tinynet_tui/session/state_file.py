"""The state file: the last session of a user, kept for --resume."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import msgspec

from tinynet_tui.engine.model import Model
from tinynet_tui.engine.training import LAST_UPDATE
from tinynet_tui.lessons.reading import LessonFault, parse_lesson
from tinynet_tui.lessons.schema import LIMITS
from tinynet_tui.lessons.writing import lesson_text
from tinynet_tui.safety.foreign_text import escaped_in_json
from tinynet_tui.session.answer import Answer, Level
from tinynet_tui.session.edits import (
    LEARNING_RATE,
    Edit,
    edit_fault,
    editable_names,
)
from tinynet_tui.session.history import initial_setup, program_of
from tinynet_tui.session.people import state_file_name
from tinynet_tui.session.session import ALL_DIGITS, PANELS, Session

VERSION = 4
"""2 added what was predicted; 3 when the session was last changed, and the significant digits where 2 had one
of four choices of decimals; 4 calls them digits."""
LARGEST = 8 * LIMITS.file_bytes
"""Bytes of a state file: a lesson of any size, and tens of thousands of answers."""
_DIGITS_BEFORE = (4, 3, 8, 17)
"""The significant digits for each choice of version 2 and before."""


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
    precision: int | msgspec.UnsetType = msgspec.UNSET
    """What versions before 4 have in place of the digits."""


class Kept(NamedTuple):
    """What a state file keeps."""

    session: Session
    changed: float = 0.0
    """When something was last done in it, in seconds since 1970."""


class _Version(msgspec.Struct):
    version: int


class StateFault(Exception):
    """A state file that cannot be used; says why, in one line."""


def state_path(person: str = "") -> Path | None:
    """Where the state file of this user is, or of one person of an account that is shared.

    None for a user without a home directory.
    """
    from platformdirs import user_state_path

    try:
        path = user_state_path("tinynet-tui", appauthor=False) / state_file_name(person)
    except RuntimeError:
        return None
    return path if path.is_absolute() else None  # as older versions of platformdirs say the same


def encoded(session: Session, changed: float = 0.0) -> bytes:
    """A session as the text of a state file.

    Raises: OSError when it would be larger than one may be that is read.
    """
    saved = SavedSession(
        VERSION,
        lesson_text(session.lesson),
        session.edits,
        session.seed,
        session.update,
        session.step,
        session.selected,
        session.panel,
        session.digits,
        session.level,
        session.answers,
        changed,
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
        lesson = parse_lesson(saved.lesson, "its lesson", is_older=True)
    except (msgspec.MsgspecError, UnicodeDecodeError, LessonFault, RecursionError) as fault:
        raise StateFault("it is damaged") from fault
    session = Session(
        lesson,
        saved.edits,
        saved.seed,
        saved.update,
        saved.step,
        saved.selected,
        panel=saved.panel,
        digits=_digits(saved),
        level=saved.level,
        answers=saved.answers,
    )
    if not _is_sound(session):
        raise StateFault("it is damaged")
    return Kept(session, saved.changed)


def _digits(saved: SavedSession) -> int:
    """The significant digits that a saved session shows; 0, which no session has, where it does not say."""
    match saved.version, saved.digits, saved.precision:
        case 1 | 2, msgspec.UNSET, int(choice) if 0 <= choice < len(_DIGITS_BEFORE):
            return _DIGITS_BEFORE[choice]
        case 3, msgspec.UNSET, int(digits):
            return digits
        case 4, int(digits), msgspec.UNSET:
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


def resume(
    path: Path | None, tells_paths: bool = True, nothing_yet: str | None = None
) -> tuple[Session | None, str | None]:
    """(the session kept in a file, or None; what there is to say about it, in one line, or None).

    A file that cannot be used is moved aside, never overwritten; tells_paths: whether files are named;
    nothing_yet: what is said, if anything, where there is no file yet and that is to be expected.
    """
    if path is None:
        return None, "There is no last position to go back to (no home directory): this is the start."
    file = str(path) if tells_paths else "the state file"
    try:
        if path.exists() and not path.is_file():
            return None, f"The last position cannot be read ({file} is not a file): this is the start."
        return decoded(state_text(path)), None
    except FileNotFoundError:
        if nothing_yet is not None:
            return None, nothing_yet or None
        where = f" ({path})" if tells_paths else ""
        return None, f"There is no last position to go back to{where}: this is the start."
    except OSError as error:
        return None, f"The last position cannot be read ({file}: {error.strerror}): this is the start."
    except StateFault as fault:
        return None, f"The last position cannot be used: {fault}. {_moved_aside(path, tells_paths)}"


def move_aside(path: Path) -> Path:
    """Give a file the first free name beside its own; returns it.

    Raises: OSError when that cannot be done.
    """
    number = 1
    while (aside := path.with_name(f"{path.name}.{number}")).exists():
        number += 1
    os.replace(path, aside)
    return aside


def _moved_aside(path: Path, tells_paths: bool) -> str:
    try:
        aside = move_aside(path)
    except OSError as error:
        where = f"{path}: " if tells_paths else ""
        return f"It could not be moved aside ({where}{error.strerror})."
    return f"It was moved to {aside}." if tells_paths else "It was set aside."
