"""Where rooms are on a machine: one folder for each user who leads, with a socket for each room.

The folder is the leader's, and nobody else may write to it: so whoever connects there reaches the leader, as
the system says who owns both ends. A lock tells a room that goes on from one whose leader is gone.
"""

import fcntl
import grp
import os
import pwd
import socket
import stat
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

from tinynet_tui.classroom.names import room_fault
from tinynet_tui.safety.refusal import Refusal

ROOT = "TINYNET_TUI_ROOMS"
"""The variable of the environment that names another folder for the folders of all users."""
BEGINNING = "tinynet-tui-rooms-"
"""What the name of a user's folder begins with; the user's number follows."""
APPS = "~apps"
"""What follows the name of a room in that of the socket where its followers ask for apps."""
WAITING = 512
"""Followers who may connect at once."""
_PATIENCE = 2.0
"""Seconds for a leader to answer who lets nobody in any more, or to close a connection."""
_CREDENTIALS = struct.Struct("3i")
"""Process, user and group of the other end of a socket, as Linux has them."""
_EVERYONE, _ME, _GROUP = "everyone", "me", "group:"


class RoomFault(Refusal):
    """A room that cannot be opened or found; says why, in one line."""


class NobodyLeads(RoomFault):
    """There is nobody to follow there now; somebody may come."""


class Audience(NamedTuple):
    """Who may join: the modes of the folder and of the socket, and their group."""

    folder: int
    socket: int
    group: int


def audience(who: str) -> Audience:
    """Who "me", "group:NAME" or "everyone" lets in.

    Raises: RoomFault when it is none of these, or there is no such group.
    """
    if who == _ME:
        return Audience(0o700, 0o600, -1)
    if who == _EVERYONE:
        return Audience(0o755, 0o666, -1)
    if not who.startswith(_GROUP):
        raise RoomFault(f"--who {who}: must be me, group:NAME or everyone")
    name = who.removeprefix(_GROUP)
    try:
        # The folder lets everybody look: two rooms may be for two groups. The socket lets in its own group.
        return Audience(0o755, 0o660, grp.getgrnam(name).gr_gid)
    except KeyError:
        raise RoomFault(f"--who {who}: there is no group {name} here") from None


@dataclass(frozen=True, slots=True)
class Address:
    """Where a room of a user is: its socket."""

    room: str
    teacher: str
    """The user who leads it, by name."""
    path: Path

    @property
    def written(self) -> str:
        """As one types it, whoever else has a room of that name."""
        return f"{self.room}@{self.teacher}"


class Claimed(NamedTuple):
    """A room that is this process's own: what it listens on, and what holds the name until it ends."""

    listening: socket.socket
    lock: int
    path: Path

    @property
    def kept(self) -> Path:
        """The file in which the room is kept."""
        return kept_path(self.path.name)

    @property
    def written(self) -> str:
        """As one types it, whoever else has a room of that name."""
        return f"{self.path.name}@{own_user()}"

    @property
    def apps(self) -> Path:
        """The socket at which this user's followers ask for an app; no room has such a name."""
        return self.path.with_name(f"{self.path.name}{APPS}")


def own_user() -> str:
    """This user, as the rooms of a machine are told apart by them."""
    return _name_of(os.getuid())


def _name_of(user: int) -> str:
    """What a machine calls a user: by their number where it has no name for it, as in a container."""
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)


def _number_of(user: str) -> int:
    """The number of a user who is called so."""
    try:
        return pwd.getpwnam(user).pw_uid
    except KeyError:
        return int(user)


def kept_path(room: str) -> Path:
    """The file in which a room of this user is kept, for a leader who is cut off and comes back."""
    return _folder_of(os.getuid()) / f"{room}.kept"


def claim(room: str, who: Audience) -> Claimed:
    """Open a room of this user.

    Raises: RoomFault when somebody leads it already, or its folder cannot be made or written to.
    """
    try:
        return _claimed(room, who)
    except OSError as error:
        where = _folder_of(os.getuid()) if _root().is_dir() else f"{ROOT}={_root()}"
        raise RoomFault(f"{where}: {error.strerror or error}") from None


def _claimed(room: str, who: Audience) -> Claimed:
    path = _own_folder(who) / room
    lock = os.open(path.with_name(f"{room}.lock"), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise RoomFault(
            f"somebody leads {room} already; to follow: tinynet-tui follow {room}", *_how_to_end(path)
        ) from None
    listening = socket.socket(socket.AF_UNIX)
    with suppress(FileNotFoundError):
        path.unlink()  # of a leader who is gone: the lock was free
    listening.bind(os.fspath(path))
    path.chmod(who.socket)
    if who.group >= 0:
        _give_to_group(path, who.group)
    listening.listen(WAITING)
    return Claimed(listening, lock, path)


def _how_to_end(path: Path) -> Iterator[str]:
    """What ends the leader of a room of this user's, whose terminal may hang."""
    with socket.socket(socket.AF_UNIX) as connection, suppress(OSError):
        connection.settimeout(_PATIENCE)
        connection.connect(os.fspath(path))
        process = process_of(connection)
        yield f"Where its terminal hangs: `kill -9 {process}` ends that one, and you can lead on."


def _give_to_group(path: Path, group: int) -> None:
    try:
        os.chown(path, -1, group)
    except PermissionError:
        path.unlink()
        name = grp.getgrgid(group).gr_name
        raise RoomFault(f"--who group:{name}: you are not in the group {name} yourself") from None


def apps_socket(claimed: Claimed) -> socket.socket:
    """What listens for followers of this user's own who ask for an app.

    Raises: OSError when it cannot be made.
    """
    listening = socket.socket(socket.AF_UNIX)
    with suppress(FileNotFoundError):
        claimed.apps.unlink()
    listening.bind(os.fspath(claimed.apps))
    claimed.apps.chmod(0o600)
    listening.listen(WAITING)
    return listening


def give_up(claimed: Claimed) -> None:
    """Close a room: nobody can join it any more."""
    for path in (claimed.path, claimed.apps):
        with suppress(OSError):
            path.unlink()
    claimed.listening.close()
    os.close(claimed.lock)


def rooms() -> Iterator[Address]:
    """The rooms that somebody leads on this machine and that this user may look for, by name."""
    for folder, owner in _safe_folders():
        with suppress(OSError):
            teacher = _name_of(owner)
            for path in sorted(folder.iterdir()):
                if stat.S_ISSOCK(path.lstat().st_mode) and room_fault(path.name) is None:
                    yield Address(path.name, teacher, path)


def address_of(written: str) -> Address:
    """The address of a room as `Address.written` has it, whether somebody leads there or not."""
    room, _, teacher = written.partition("@")
    return Address(room, teacher, _folder_of(_number_of(teacher)) / room)


def connected(address: Address) -> socket.socket:
    """A connection to the leader of a room.

    Raises: RoomFault when nobody leads it now, or this user may not join, or it is not the leader's. A leader
    whom a shell has stopped would hear nobody: there is none.
    """
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.settimeout(_PATIENCE)
        connection.connect(os.fspath(address.path))
        connection.settimeout(None)
        owner, peer = address.path.parent.lstat().st_uid, peer_of(connection)
    except (ConnectionRefusedError, FileNotFoundError, BlockingIOError, TimeoutError):
        connection.close()  # the last two: the queue at its door is full, and stays so
        raise NobodyLeads(f"nobody leads {address.room} now") from None
    except PermissionError:
        connection.close()
        raise RoomFault(f"{address.written} is not open to you: its teacher chooses who may join") from None
    if owner != peer:
        connection.close()
        raise RoomFault(f"{address.written} is not led by whoever owns it")
    if is_stopped(connection):
        connection.close()
        raise NobodyLeads(f"nobody leads {address.room} now")
    return connection


def is_stopped(connection: socket.socket) -> bool:
    """Whether who is at the other end was stopped, as by a shell: nothing is heard there."""
    try:
        status = Path(f"/proc/{process_of(connection)}/stat").read_bytes()
    except OSError:
        return False
    return status.rpartition(b") ")[2][:1] == b"T"


def say_goodbye(connection: socket.socket | None) -> None:
    """Close a connection to a leader, who knows of it before there is another one of that name."""
    if connection is not None:
        with connection, suppress(OSError):
            connection.settimeout(_PATIENCE)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65_536):
                pass


def peer_of(connection: socket.socket) -> int:
    """The user at the other end, as the system says."""
    return _credentials(connection)[1]


def process_of(connection: socket.socket) -> int:
    """The process that has connected to this end."""
    return _credentials(connection)[0]


def _credentials(connection: socket.socket) -> tuple[int, int, int]:
    """Process, user and group of the other end."""
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    process, user, group = _CREDENTIALS.unpack(credentials)
    return process, user, group


def _root() -> Path:
    return Path(os.environ.get(ROOT, "/tmp"))


def _folder_of(user: int) -> Path:
    """The folder of a user's rooms, or where it would be."""
    plain = _root() / f"{BEGINNING}{user}"
    if _is_safe(plain, user):
        return plain
    return next((folder for folder, owner in _safe_folders() if owner == user), plain)


def _own_folder(who: Audience) -> Path:
    """The folder of this user's rooms, made if there is none, and open to whom a room of it is."""
    folder = _folder_of(os.getuid())
    if not _is_safe(folder, os.getuid()):
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:  # whoever has taken the name keeps nobody out: another one serves as well
            folder = Path(mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
    # A folder of two rooms lets in whom either does; each socket has its own modes.
    folder.chmod(stat.S_IMODE(folder.lstat().st_mode) | who.folder)
    return folder


def _safe_folders() -> Iterator[tuple[Path, int]]:
    """(a folder, the user whose it is), of all that are what their names say."""
    for folder in sorted(_root().glob(f"{BEGINNING}*")):
        number = folder.name.removeprefix(BEGINNING).partition(".")[0]
        if number.isascii() and number.isdecimal() and _is_safe(folder, int(number)):
            yield folder, int(number)


def _is_safe(folder: Path, owner: int) -> bool:
    """Whether a folder is there, is a user's own, and nobody else may write to it."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == owner and not found.st_mode & 0o022
