"""The state file: the last session of a user, kept for --resume."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from time import time

from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.safety.whole_files import replace_file
from tinynet_tui.session.saved_session import Kept, StateFault, decoded, encoded, kept_in, state_text
from tinynet_tui.session.session import Answer, Edit, Session, Tour


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


def left_tour(tour: Tour, path: Path | None) -> Session | None:
    """The session in which a tour was left, as a file keeps it; None where it was not begun."""
    with suppress(OSError, StateFault):
        left = decoded(state_text(path)) if path else None
        return left if left and left.tour and left.tour.tour.text == tour.text else None
    return None


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


class SharedFile:
    """A state file that other sessions may write meanwhile, each as long as it is open."""

    def __init__(self, path: Path, opened: float | None = None) -> None:
        """Have a file; opened: when the session that is to be kept began, if not just now."""
        self._path = path
        self._opened = time() if opened is None else opened
        self._known: tuple[bytes, Kept] | None = None
        """What was last written from here, as text and as it reads: not to be read again each time."""
        self._answered: tuple[Answer, ...] = ()
        """The answers that this session had then."""

    def keep(self, session: Session, changed: float) -> bool:
        """Write a session that was last changed at a time; returns whether the file has it now.

        False where another session has written a later one. What was answered in either is kept, if it was to
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
    """Hold a lock on a directory, where its file system has locks."""
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
