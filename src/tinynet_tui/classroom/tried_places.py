"""What a follower has tried by themselves, to go back to: in a file, or at a server."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from threading import Thread

import msgspec

from tinynet_tui.safety.whole_files import replace_file
from tinynet_tui.session.saved_session import DAMAGED, LARGEST, StateFault, decoded, encoded, state_text
from tinynet_tui.session.session import Session

_PATIENCE = 5.0
"""Seconds that are waited for a disk."""
_MOST = 9
"""Places that are kept."""
_LONGEST_RECORD = 1 << 16
"""Bytes of what a server keeps of one person; a place of a shipped lesson has some thousands."""
_MOST_RECORDED = 1 << 25
"""Bytes of what it keeps of all: whoever has left their app the longest time ago is forgotten first."""


class RecordsByName:
    """What everyone has tried, as their apps have said it: it is read by the same person's next app alone."""

    def __init__(self) -> None:
        self._records: dict[str, bytes] = {}
        self._bytes = 0

    def keep(self, name: str, record: bytes) -> None:
        """Keep what somebody has tried, in place of what was kept before; too much of it is not kept."""
        if len(record) > _LONGEST_RECORD:
            return
        self._bytes += len(record) - len(self._records.pop(name, b""))
        self._records[name] = record
        while self._bytes > _MOST_RECORDED:
            self._bytes -= len(self._records.pop(next(iter(self._records))))

    def of(self, name: str) -> bytes:
        """What somebody has tried; nothing of whoever is not known."""
        return self._records.get(name, b"")


class TriedPlaces:
    """What a follower has tried, in this app and before it: a thread reads it, and writes what comes."""

    def __init__(
        self,
        begun: Session,
        state: Path | None,
        recorded: bytes,
        tell: Callable[[bytes], None] | None,
    ) -> None:
        """Begin to read.

        begun: where the class was, as it is shown first, which is nothing that was tried; state: the state
        file beside which it is kept, if it is; recorded: what a server has kept, where there is no file;
        tell: has a server keep it.
        """
        self._begun, self._state, self._tell = begun, state, tell
        self.places: tuple[Session, ...] = ()
        """The latest first, once it is waited for."""
        self._told: tuple[Session, ...] = ()
        """What the server was told last."""
        self._at_disk = Thread(target=self._read, args=[recorded], name="tried", daemon=True)
        self._at_disk.start()

    def wait(self) -> None:
        """Wait until what there is is read, and written; not for ever, if the disk does not answer."""
        self._at_disk.join(_PATIENCE)

    def add(self, session: Session) -> None:
        """Have a place be among what was tried."""
        self.wait()
        if session.as_shown_first != self._begun and session.bare not in self.places:
            self.places = (session.bare, *self.places)
            self._at_disk = Thread(target=self._keep, args=[session], daemon=True)
            self._at_disk.start()

    def tell(self, here: Session) -> None:
        """Tell a server, where no file can be written, what was tried until here, if that is news."""
        if self._tell is None:
            return
        self.wait()
        tried_now = (*[here.bare][: here.as_shown_first != self._begun], *self.places)
        if tried_now != self._told:
            self._told = tried_now
            self._tell(record(tried_now))

    def _read(self, recorded: bytes) -> None:
        """Read what was tried before the state file, which has the latest of it, is written anew."""
        self.places = tried(self._state, recorded)
        self._keep()

    def _keep(self, latest: Session | None = None) -> None:
        with suppress(OSError):  # a full disk: it is there as long as this app is
            keep_tried(self._state, latest)


def record(places: Iterable[Session]) -> bytes:
    """What was tried, the latest first, as a server keeps it: without what there is no room for."""
    texts = [text.decode() for text in _different(encoded(place.bare) for place in places)[:_MOST]]
    while len(found := msgspec.json.encode(texts)) > _LONGEST_RECORD:
        texts.pop()
    return found


def tried_path(state: Path) -> Path:
    """The file of what was tried by the person of a state file."""
    return state.with_name(f"tried-{state.name}")


def tried(state: Path | None, recorded: bytes = b"") -> tuple[Session, ...]:
    """What was tried, the latest first: where the state file was left, and what stood there before that.

    A file that cannot be read has nothing in it. recorded: what a server has kept, where there is no file.
    """
    found = list[Session]()
    for text in _texts(state) or _recorded(recorded):
        with suppress(StateFault):
            found.append(decoded(text))
    return tuple(found)


def keep_tried(state: Path | None, latest: Session | None = None) -> None:
    """Put where the state file was left among what was tried, before something else is written there.

    latest: what was tried after that.

    Raises: OSError when that cannot be done.
    """
    if state is not None and (texts := _texts(state, latest)):
        while len(texts) > _MOST or sum(map(len, texts)) > LARGEST:
            texts.pop()
        state.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(tried_path(state), msgspec.json.encode([text.decode() for text in texts]))


def _texts(state: Path | None, latest: Session | None = None) -> list[bytes]:
    """The texts of a state file and of what was tried before it, the latest first."""
    texts = [] if latest is None else [encoded(latest.bare)]
    if state is None:
        return texts
    with suppress(OSError, StateFault):
        texts.append(state_text(state))
    with suppress(OSError, StateFault):
        texts += _recorded(state_text(tried_path(state)))
    return _different(texts)


def _recorded(record: bytes) -> list[bytes]:
    """The texts of a record; none of what cannot be read."""
    with suppress(*DAMAGED):
        return [text.encode() for text in msgspec.json.decode(record, type=list[str])]
    return []


def _different(texts: Iterable[bytes]) -> list[bytes]:
    """Texts of state files, of those that are the same place the first."""
    places = dict[object, bytes]()
    for text in texts:
        with suppress(StateFault):
            session = decoded(text)
            places.setdefault(
                (session.lesson, session.edits, session.seed, session.update, session.step), text
            )
    return list(places.values())
