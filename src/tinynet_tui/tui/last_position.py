"""The last position, kept in the state file while the learner goes on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tinynet_tui.session.commands import start
from tinynet_tui.session.session import Session
from tinynet_tui.session.state_file import save


class LastPosition:
    """Keeps the newest session in the state file, written by a thread of its own: disks can be slow.

    A lesson that is opened and left at its start takes the place of no earlier position.
    """

    def __init__(self, path: Path | None, opened: Session) -> None:
        self.fault = None if path else "The position could not be kept: this user has no home directory."
        """Why the newest session is not in the file, if it is not."""
        self._path = path
        self._newest = opened.bare
        self._kept = self._newest if self._newest == start(opened.lesson) else None
        self._file_is_ours = False
        """Whether the file has been written from here; another one that is open may have done so since."""
        self._disk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="last-position")

    def keep(self, session: Session) -> None:
        """Have a session written soon."""
        self._newest = session.bare
        self._disk.submit(self._write)

    def keep_now(self, session: Session) -> None:
        """Write a session before anything else happens: of several that are open, the last to leave wins."""
        self._newest = session.bare
        self._disk.submit(self._write, again=self._file_is_ours).result()

    def _write(self, again: bool = False) -> None:
        """Write the newest session, unless the file has it."""
        session = self._newest
        if self._path is None or (session == self._kept and not again):
            return
        try:
            save(session, self._path)
        except Exception as error:  # nobody waits for this thread: whatever goes wrong is told at the end
            why = getattr(error, "strerror", None) or type(error).__name__
            self.fault = f"The position could not be kept: {self._path}: {why}."
        else:
            self._kept, self._file_is_ours, self.fault = session, True, None
