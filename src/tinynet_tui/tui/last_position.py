"""The last position, kept in the state file while the learner goes on."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread
from time import time
from typing import TYPE_CHECKING

from tinynet_tui.session.commands import start
from tinynet_tui.session.session import Session
from tinynet_tui.tui.permissions import OPEN, Permissions

if TYPE_CHECKING:
    from tinynet_tui.session.state_file import SharedFile

_PATIENCE = 5.0
"""Seconds that leaving waits for a disk."""
_KEPT_AGAIN = "The position is kept again."


class LastPosition:
    """Keeps the newest session in the state file, written by a thread of its own: disks can be slow.

    A lesson that is opened and left at its start takes the place of no earlier position, and a session in
    which nothing was done since takes the place of no later one.
    """

    def __init__(
        self,
        path: Path | None,
        opened: Session,
        permissions: Permissions = OPEN,
        tell: Callable[[str], object] = lambda _words: None,
    ) -> None:
        homeless = path is None and permissions.keeps_position
        self.fault = "The position could not be kept: this user has no home directory." if homeless else None
        """Why the newest session is not in the file, if it is not."""
        self._tell = tell
        """Called by the thread with a line, as soon as keeping fails and as soon as it works again."""
        self._path, self._opened = path, time()
        self._where = f"{path}: " if permissions.is_open else ""
        """How a fault begins to say where it was."""
        self._newest = opened.bare, self._opened
        """The session to keep, and when its learner made it what it is: one value, as two threads use it."""
        self.begun: Session | None = None
        """Where others have brought its user: until something is done, that takes the place of nothing."""
        self._settled: Session | None = None
        """The session for which there is nothing left to write, once one was written."""
        self._kept: Session | None = None
        """The session that was last seen to be in the file."""
        self._wishes: SimpleQueue[Event] = SimpleQueue()
        """What to set when the newest session is written."""
        # A daemon: a disk that never answers must not hold up the end of the program.
        if path is not None:
            Thread(target=self._run, name="last-position", daemon=True).start()

    def keep(self, session: Session, acted: float | None = None) -> Event:
        """Have a session written soon; the event is set when that is done, or has failed.

        acted: when the learner last did something, if not just now: what goes on by itself is no act.
        """
        if session.bare != self._newest[0]:
            self._newest = session.bare, time() if acted is None else acted
        done = Event()
        if self._path is None:
            done.set()
        else:
            self._wishes.put(done)
        return done

    def keep_now(self, session: Session, acted: float | None = None) -> None:
        """Write a session before anything else happens."""
        if not self.keep(session, acted).wait(_PATIENCE):
            self.fault = f"The position could not be kept: {self._where}the disk does not answer."

    def has(self, session: Session) -> bool:
        """Whether the file is known to have a session."""
        return session.bare == self._kept

    @cached_property
    def _file(self) -> SharedFile:
        """The file; all that writes it is loaded when there is something to keep."""
        from tinynet_tui.session.state_file import SharedFile

        assert self._path is not None, "there is no thread to write it otherwise"
        return SharedFile(self._path, self._opened)

    def _run(self) -> None:
        while True:
            done = self._wishes.get()
            self._write()
            done.set()

    def _write(self) -> None:
        """Write the newest session, unless there is no need."""
        session, changed = self._newest
        if session == self._settled:
            return
        if self._settled is None and session.as_shown_first in (start(session.lesson), self.begun):
            return  # nothing was done yet, however it is shown
        try:
            is_kept = self._file.keep(session, changed)
        except Exception as error:  # nobody waits for this thread: whatever goes wrong is told
            why = getattr(error, "strerror", None) or type(error).__name__
            self._turn_out(f"The position could not be kept: {self._where}{why}.")
        else:
            self._settled, self._kept = session, session if is_kept else None
            self._turn_out(None)

    def _turn_out(self, fault: str | None) -> None:
        """Take note of how writing went, and tell it where it went otherwise before."""
        before, self.fault = self.fault, fault
        if (fault is None) != (before is None):
            self._tell(fault or _KEPT_AGAIN)
