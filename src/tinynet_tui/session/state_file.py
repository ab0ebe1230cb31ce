"""The state file: the last session of a user, kept for --resume."""

from __future__ import annotations

import errno
import fcntl
import os
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from time import time
from typing import NamedTuple

import msgspec

from tinynet_tui.engine.model import Model
from tinynet_tui.engine.training import LAST_UPDATE
from tinynet_tui.lessons.reading import LessonFault, parse_lesson
from tinynet_tui.lessons.schema import LIMITS, Lesson
from tinynet_tui.lessons.writing import lesson_text
from tinynet_tui.safety.foreign_text import escaped_in_json
from tinynet_tui.safety.whole_files import replace_file
from tinynet_tui.session.history import edit_fault, editable_names, initial_setup, program_of
from tinynet_tui.session.session import (
    ALL_DIGITS,
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
    done_at: tuple[int, int, str, int] | None = None


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


class Kept(NamedTuple):
    """What a state file keeps."""

    session: Session
    changed: float = 0.0
    """When something was last done in it, in seconds since 1970."""


class _Version(msgspec.Struct):
    version: int


class StateFault(Exception):
    """A state file that cannot be used; says why, in one line."""


def state_path(person: str = "", kind: str = "session", ending: str = ".json") -> Path | None:
    """Where a file of this user's is kept, or of one person of an account that is shared.

    None for a user without a home directory.
    """
    from platformdirs import user_state_path

    try:
        path = user_state_path("tinynet-tui", appauthor=False) / state_file_name(person, kind, ending)
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
        session.view,
        tour=_saved_tour(session),
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
        lesson = parse_lesson(saved.lesson, "its lesson", is_kept=True)
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
        view=saved.view,
        digits=_digits(saved),
        level=saved.level,
        answers=saved.answers,
    )
    if not _is_sound(session):
        raise StateFault("it is damaged")
    return Kept(replace(session, tour=_tour(saved, session)), saved.changed)


def _saved_tour(session: Session) -> SavedTour | msgspec.UnsetType:
    tour = session.tour
    if tour is None:
        return msgspec.UNSET
    return SavedTour(tour.tour.text, tour.number, tour.answered, tour.is_open, tour.done_at)


def _tour(saved: SavedSession, session: Session) -> Touring | None:
    """The tour of a saved session; none where it does not fit any more, which is no loss of a place."""
    if isinstance(saved.tour, msgspec.UnsetType):
        return None
    from tinynet_tui.session.touring import read_tour

    try:
        tour = read_tour(saved.tour.text, "its tour", lesson=session.lesson)
    except LessonFault:
        return None
    if not 0 <= saved.tour.stop <= len(tour.stops):
        return None
    # What was done is told from its numbers: where there are none such, it is told no more.
    at = saved.tour.done_at
    if at and not _is_sound(replace(session, update=at[0], step=at[1], selected=at[2])):
        at = None
    if at and not 1 <= abs(at[3]) <= len(NUDGES):
        at = None
    return Touring(tour, saved.tour.stop, max(saved.tour.answered, 0), saved.tour.is_open, at)


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


def resume(
    path: Path | None, tells_paths: bool = True, nothing_yet: str | None = None
) -> tuple[Session | None, str | None]:
    """(the session kept in a file, or None; a line about it, or None).

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


# Who shares an account

_LONGEST = 64
"""Characters of a name."""
_LONGEST_IN_FILE = 120
"""Characters of a name as it stands in a file's name, of which a disk takes 255 in all."""
_BETWEEN = " .'_-"
"""Signs that names have between their letters."""
_OF_NAMES = ("L", "M", "Nd")
"""Categories of Unicode: letters of any script, the marks on them, digits."""


def person_called(text: str) -> str:
    """The name of a person as it was typed, without blanks around it.

    Raises: ValueError when it is none, with the reason in words.
    """
    name = unicodedata.normalize("NFC", " ".join(text.split(" ")).strip())
    if not 0 < len(name) <= _LONGEST or not all(map(_is_of_names, name)) or not any(map(str.isalnum, name)):
        raise ValueError(
            f"must be a name of 1 to {_LONGEST} letters, digits, spaces and . ' _ -, such as Ada"
        )
    return name


def _is_of_names(character: str) -> bool:
    return character in _BETWEEN or unicodedata.category(character).startswith(_OF_NAMES)


def state_file_name(person: str, kind: str = "session", ending: str = ".json") -> str:
    """The name of a person's file of some kind; "" is the user of an account that is not shared.

    It is plain ASCII, and the same for a name in capitals: every disk tells the same people apart. Nothing
    else makes two names one: Weiß is not Weiss.

    Example:
        >>> state_file_name("Ada Lovelace"), state_file_name("Åsa")
        ('session-ada%20lovelace.json', 'session-%C3%A5sa.json')
    """
    if not person:
        return f"{kind}{ending}"
    from hashlib import sha256
    from urllib.parse import quote

    known_as = unicodedata.normalize("NFC", person.lower())
    name = quote(known_as)
    if len(name) > _LONGEST_IN_FILE:
        name = f"{name[:_LONGEST_IN_FILE]}~{sha256(known_as.encode()).hexdigest()[:32]}"
    return f"{kind}-{name}{ending}"


# Several open sessions with one file


class SharedFile:
    """A state file that other sessions may write meanwhile, each as long as it is open."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened = time()
        self._known: tuple[bytes, Kept] | None = None
        """What was last written from here, as text and as it reads: not to be read again each time."""
        self._answered: tuple[Answer, ...] = ()
        """The answers that this session had then."""

    def keep(self, session: Session, changed: float) -> bool:
        """Write a session that was last changed at a time; returns whether the file has it now.

        It has not where another session has changed later. What was answered in either is kept, if it was to
        the same numbers.

        Raises: OSError when it cannot be written; what was there before is then untouched.
        """
        with suppress(FileExistsError):  # a file in its place is told by the next line
            self._path.parent.mkdir(parents=True, mode=0o700)
        with _alone_in(self._path.parent):
            ours, theirs = Kept(session, changed), self._read()
            kept = ours if theirs is None else newest(ours, theirs, self._opened, self._answered)
            if theirs is None or kept.session != theirs.session:
                text = encoded(*kept)
                replace_file(self._path, text)
                self._known = text, kept
        self._answered = session.answers
        return kept.changed == changed

    def _read(self) -> Kept | None:
        """What the file has; None where there is none. One that cannot be used is moved aside."""
        if not self._path.is_file():  # to read a pipe would take for ever
            return None
        try:
            text = state_text(self._path)
            if self._known is not None and text == self._known[0]:
                return self._known[1]
            return kept_in(text)
        except FileNotFoundError:
            return None
        except StateFault:
            with suppress(OSError):
                move_aside(self._path)
            return None


def newest(ours: Kept, theirs: Kept, opened: float, answered: tuple[Answer, ...]) -> Kept:
    """Of two sessions the one that was changed last, with what was answered to the same numbers in the other.

    opened: when ours began: what was left before is taken up by --resume, not by chance.
    answered: what of ours the file has had already: where it is missing, it was taken back.
    """
    # A time that is still to come is of a clock that was wrong: it would win for ever.
    is_newer = ours.changed < theirs.changed <= time()
    winner, other = (theirs, ours) if is_newer else (ours, theirs)
    if theirs.changed < opened:
        return winner
    places = {(answer.update, answer.step) for answer in (*winner.session.answers, *answered)}
    more = [
        answer
        for answer in other.session.answers
        if (answer.update, answer.step) not in places
        and _source_of_numbers(other.session, answer.update)
        == _source_of_numbers(winner.session, answer.update)
    ]
    return Kept(replace(winner.session, answers=(*more, *winner.session.answers)), winner.changed)


def _source_of_numbers(session: Session, update: int) -> tuple[Lesson, int | None, list[Edit]]:
    """All that decides the numbers of an update: where they are the same, so is every right answer."""
    return session.lesson, session.seed, [edit for edit in session.edits if edit.update <= update]


@contextmanager
def _alone_in(directory: Path) -> Iterator[None]:
    """Let nobody else be here at the same time who asks for the same, where the disk can do that."""
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
