"""The last position, kept in the state file while the learner goes on."""

from __future__ import annotations

from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread

from tinynet_tui.session.commands import start
from tinynet_tui.session.session import Session
from tinynet_tui.session.state_file import save

_PATIENCE = 5.0
"""Seconds that leaving waits for a disk."""


class LastPosition:
    """Keeps the newest session in the state file, written by a thread of its own: disks can be slow.

    A lesson that is opened and left at its start takes the place of no earlier position.
    """

    def __init__(self, path: Path | None, opened: Session, tells_path: bool = True) -> None:
        self.fault = None if path else "The position could not be kept: this user has no home directory."
        """Why the newest session is not in the file, if it is not."""
        self._told = self.fault
        self._path = path
        self._where = f"{path}: " if tells_path else ""
        """How a fault begins to say where it was."""
        self._newest = opened.bare
        self._kept = self._newest if self._newest == start(opened.lesson) else None
        self._file_is_ours = False
        """Whether the file has been written from here; another one that is open may have done so since."""
        self._wishes: SimpleQueue[tuple[bool, Event]] = SimpleQueue()
        """(whether to write what the file has, once more; what to set when it is done)."""
        # A daemon: a disk that never answers must not hold up the end of the program.
        Thread(target=self._run, name="last-position", daemon=True).start()

    def keep(self, session: Session) -> None:
        """Have a session written soon."""
        self._wish(session, again=False)

    def keep_now(self, session: Session) -> None:
        """Write a session before anything else happens: of several that are open, the last to leave wins."""
        if not self._wish(session, again=self._file_is_ours).wait(_PATIENCE):
            self.fault = f"The position could not be kept: {self._where}the disk does not answer."

    def news(self) -> str | None:
        """The fault, the first time after it has come."""
        told, self._told = self._told, self.fault
        return self.fault if self.fault != told else None

    def has(self, session: Session) -> bool:
        """Whether the file is known to have a session."""
        return session.bare == self._kept

    def _wish(self, session: Session, again: bool) -> Event:
        """Have the thread write a session; the event is set when that is done."""
        self._newest = session.bare
        done = Event()
        self._wishes.put((again, done))
        return done

    def _run(self) -> None:
        while True:
            again, done = self._wishes.get()
            self._write(again)
            done.set()

    def _write(self, again: bool) -> None:
        """Write the newest session, unless the file has it."""
        session = self._newest
        if self._path is None or (session == self._kept and not again):
            return
        try:
            save(session, self._path)
        except Exception as error:  # nobody waits for this thread: whatever goes wrong is told at the end
            why = getattr(error, "strerror", None) or type(error).__name__
            self.fault = f"The position could not be kept: {self._where}{why}."
        else:
            self._kept, self._file_is_ours, self.fault = session, True, None
