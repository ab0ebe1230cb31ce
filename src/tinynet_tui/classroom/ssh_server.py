"""An SSH server that leads nowhere but into the room. The only file that knows asyncssh.

Its defaults let much more happen than a class needs; what is switched off and bounded here is listed in
docs/ssh.md, and each line of it is tried by tests/classroom/test_ssh_*.py.
"""

from __future__ import annotations

import asyncio
import logging
import re
import socket
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import asyncssh
from asyncssh.constants import MSG_IGNORE

from tinynet_tui.classroom.admission import MOST_WRONG, ROLES, Admission, Role, delay_of
from tinynet_tui.classroom.hub import Hub
from tinynet_tui.classroom.names import shown_name
from tinynet_tui.classroom.ssh_app import Apps
from tinynet_tui.classroom.ssh_limits import Channel, Limits, Meter
from tinynet_tui.classroom.ssh_line import SshLine
from tinynet_tui.classroom.stage import LeaderLine, Stage

_LOG = logging.getLogger(__name__)

_MOST_KEYS_OFFERED = 20
"""Keys that are looked at on one connection."""
_MOST_NAMES = 5
"""Names that may be told on one connection."""
_MOST_DEFERRED = 500
"""Packets that may wait for the end of a new exchange of keys."""
_UNANSWERED = 2
"""How often a client is asked whether it is there before it is taken for lost."""
_SWEEPS = 10
"""Looks for sessions that are over within the shortest of the times they are looked for."""
_LONGEST_EARLY = 1_024
"""Bytes that may be typed before there is a seat."""
_WINDOW, _PACKET = 8_192, 4_096
"""Bytes that a channel takes at once, and in one packet."""

_ENVIRONMENT = re.compile(r"COLORTERM|LANG|LC_[A-Z]{1,20}")
_HARMLESS = re.compile(r"[A-Za-z0-9._@+-]{1,40}")
"""Variables that are taken from a client, and what they may be; TERM too."""
_NO_COMMAND = "Only the class is here: connect without a command.\r\n"
_NO_TERMINAL = "The class needs a terminal: connect with `ssh -t`.\r\n"
_NO_CURSOR = "TERM is such that the terminal may not move its cursor: connect from another terminal."
_CANNOT = ("", "dumb", "unknown")

_ALGORITHMS: dict[str, Sequence[str] | None] = {
    "kex_algs": (
        "mlkem768x25519-sha256",
        "curve25519-sha256",
        "curve25519-sha256@libssh.org",
        "ecdh-sha2-nistp256",
        "ecdh-sha2-nistp384",
        "ecdh-sha2-nistp521",
    ),
    "encryption_algs": ("aes256-gcm@openssh.com", "aes128-gcm@openssh.com"),
    "mac_algs": ("hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com"),
    "compression_algs": None,
    "signature_algs": (
        "ssh-ed25519",
        "sk-ssh-ed25519@openssh.com",
        "sk-ecdsa-sha2-nistp256@openssh.com",
        "ecdsa-sha2-nistp256",
        "ecdsa-sha2-nistp384",
        "ecdsa-sha2-nistp521",
        "rsa-sha2-256",
        "rsa-sha2-512",
    ),
}


def _send_needed(send: Callable[..., None], kind: int, *parts: bytes, **named: Any) -> None:
    """Send a packet, but none to be ignored: asyncssh sends one before each, as only old ciphers need it."""
    if kind != MSG_IGNORE:
        send(kind, *parts, **named)


def _now() -> float:
    return asyncio.get_running_loop().time()


class KeysFault(Exception):
    """A file of keys that cannot be used; says why, with the line."""


def new_host_key() -> bytes:
    """A new key for a server, as its file has it."""
    return asyncssh.generate_private_key("ssh-ed25519").export_private_key()


def public_keys(lines: Iterable[str]) -> frozenset[bytes]:
    """The keys in the lines of an authorized_keys file, as clients send them.

    Raises: KeysFault for a line that is neither empty, a comment nor a key without options.
    """
    found = set()
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if text and not text.startswith("#"):
            try:
                found.add(asyncssh.import_public_key(text).public_data)
            except (asyncssh.KeyImportError, ValueError):
                raise KeysFault(
                    f"line {number}: it must be a kind of key, the key and, if you like, a comment; "
                    "options are not taken"
                ) from None
    return frozenset(found)


class SshServer:
    """The server: who is connected, and what they may do."""

    hub: Hub
    """Of the room, once it is open."""
    apps: Apps
    """Of those who step alone."""

    def __init__(self, admission: Admission, key: bytes, limits: Limits) -> None:
        """Raises: ValueError when the key is none."""
        self.admission = admission
        self.limits = limits
        try:
            self._key = asyncssh.import_private_key(key)
        except asyncssh.KeyImportError:
            raise ValueError("it is no key") from None
        self._doors: dict[Door, None] = {}
        """Every connection, the oldest first."""
        self._unknown: dict[Door, None] = {}
        """Those that have not shown who they are."""
        self._sitting: dict[str | None, dict[Door, None]] = {}
        """Those with somebody at a terminal, by the names that they came under."""
        self._seated: Counter[Role] = Counter()
        self._acceptor: asyncssh.SSHAcceptor | None = None
        self._sweeping: asyncio.TimerHandle | None = None
        self._stage: Stage | None = None

    @property
    def fingerprint(self) -> str:
        """By which clients know the server again."""
        return self._key.get_fingerprint()

    async def open(
        self, hub: Hub, listening: socket.socket, apps: str, address: str, stage: Stage | None = None
    ) -> None:
        """Let people into a room.

        apps: the socket where a preloaded process answers; address: the room's, as it is written; stage: the
        terminal of the leader's app, if it has none of its own.
        """
        self._stage = stage
        self.hub, self.apps = hub, Apps(apps, address, self.limits.apps)
        logging.getLogger("asyncssh").disabled = True  # it would write to the leader's screen
        self._acceptor = await asyncssh.create_server(
            lambda: Door(self),
            sock=listening,
            backlog=512,
            server_host_keys=[self._key],
            server_version="tinynet-tui",
            login_timeout=self.limits.login,
            keepalive_interval=self.limits.keepalive,
            keepalive_count_max=_UNANSWERED,
            host_based_auth=False,
            gss_host=None,
            agent_forwarding=False,
            x11_forwarding=False,
            allow_scp=False,
            line_editor=False,
            encoding=None,
            window=_WINDOW,
            max_pktsize=_PACKET,
            **_ALGORITHMS,
        )
        self._sweep()

    async def close(self, words: str) -> None:
        """Say goodbye to everyone, and let nobody in any more."""
        if self._acceptor is None:
            return
        self._acceptor.close()
        if self._sweeping is not None:
            self._sweeping.cancel()
        doors = [*self._doors]
        for door in doors:
            door.end(words)
        last = _now() + self.limits.goodbye
        while self._doors and _now() < last:
            await asyncio.sleep(0.01)
        for door in [*self._doors]:
            door.connection.abort()

    def let_in(self, door: Door) -> None:
        """Take a connection; where too many are unknown, the oldest of them gives way, not a newer one."""
        self._doors[door] = self._unknown[door] = None
        if len(self._unknown) > self.limits.students + self.limits.more_unknown:
            # Whoever has told a name has done some work for it, and may be typing a code.
            oldest = min(self._unknown, key=lambda one: one.user is not None)
            oldest.connection.abort()
            self.forget(oldest)

    def new_line(self, door: Door, channel: Channel, environ: dict[str, str]) -> SshLine | LeaderLine:
        """The line of who may sit down."""
        if door.role == "lead" and self._stage is not None:
            return LeaderLine(self.hub, self._stage, channel)
        return SshLine(self.hub, self.apps, channel, door.user or "", door.role, environ)

    def forget(self, door: Door) -> None:
        """Take note that a connection is gone."""
        self._doors.pop(door, None)
        self._unknown.pop(door, None)

    def know(self, door: Door) -> None:
        """Take note that a connection has shown that it may come in; there is a limit on these, too."""
        self._unknown.pop(door, None)
        limits = self.limits
        if len(self._doors) - len(self._unknown) > limits.students + limits.teachers + limits.more_unknown:
            door.end("The class is full.")

    def seat(self, door: Door) -> None:
        """Take note that somebody sits here."""
        self._sitting.setdefault(door.user, {})[door] = None
        self._seated[door.role] += 1

    def unseat(self, door: Door) -> None:
        """Take note that they do not any more."""
        del self._sitting[door.user][door]
        if not self._sitting[door.user]:
            del self._sitting[door.user]
        self._seated[door.role] -= 1

    def refusal(self, door: Door) -> str:
        """Why there is no room for one more session, or ""."""
        if door.role == "lead" and self._stage is None:
            return "The class is led at the server's own terminal; desk shows you who is here."
        if door.role == "lead":
            return "Somebody leads the class already." if self._others_like(door) else ""
        if door.role == "student":
            return "The class is full." if self._seated["student"] >= self.limits.students else ""
        is_often = self._seated["lead"] + self._seated["desk"] >= self.limits.teachers
        return "The teacher is connected often enough." if is_often else ""

    async def has_room_for(self, door: Door) -> None:
        """Wait until an older session of the same name has answered, or is taken for lost and ended."""
        for other in self._others_like(door):
            if not await other.answers():
                other.connection.abort()
                other.lose_line()

    def _others_like(self, door: Door) -> list[Door]:
        """Older sessions of the same name: a student's, or the one that leads."""
        return (
            []
            if door.role == "desk"
            else [one for one in self._sitting.get(door.user, ()) if one is not door]
        )

    def _sweep(self) -> None:
        """End what lasts too long."""
        now = _now()
        for door in [*self._doors]:
            door.end_if_over(now)
        every = min(self.limits.session, self.limits.idle, self.limits.total) / _SWEEPS
        self._sweeping = asyncio.get_running_loop().call_later(every, self._sweep)


class Door(asyncssh.SSHServer):
    """One connection: who comes, and the one session that they may have."""

    connection: asyncssh.SSHServerConnection

    def __init__(self, server: SshServer) -> None:
        self._server = server
        self.user: str | None = None
        """The name that was told, before it is known whether that may be."""
        self.is_known = False
        """Whether whoever comes has shown that they may."""
        self.line: SshLine | LeaderLine | None = None
        self._wrong = 0
        self._keys_offered = self._names_told = 0
        self._is_held_back = False
        self._has_session = False
        self._waits_for = {"window": False, "connection": False}
        """What has not taken all that was sent."""
        self.heard = self.typed = self._began = _now()
        """When anything has come from it, when a key has, and when it began."""

    @property
    def role(self) -> Role:
        """What the user of the name is."""
        return ROLES.get(self.user or "", "student")

    @property
    def address(self) -> str:
        """Where it comes from."""
        return str((self.connection.get_extra_info("peername") or ("?",))[0])

    # What asyncssh calls

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Let a connection in, with a meter in front of it."""
        self.connection = conn
        transport = conn._transport
        assert transport is not None
        transport.set_protocol(Meter(self, transport, conn, self._server.limits.bytes_a_second))
        conn.send_packet = partial(_send_needed, conn.send_packet)  # type: ignore[method-assign]
        self._server.let_in(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Take note that it is gone."""
        self.lose_line()
        self._server.forget(self)

    def begin_auth(self, username: str) -> bool:
        """Everybody has to show who they are; who tells one name after another is sent away."""
        self.user = username
        self._names_told += 1
        if self._names_told > _MOST_NAMES:
            self.connection.abort()
        return True

    def auth_completed(self) -> None:
        """Take note of who it is."""
        self.user, self.is_known = self.connection.get_extra_info("username"), True
        self._began = self.typed = _now()
        _LOG.info("%r is let in, from %s", shown_name(self.user or ""), self.address)
        self._server.know(self)

    def public_key_auth_supported(self) -> bool:
        """Always: whose keys are known is nobody's to find out."""
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """Whether a key is known; that its owner is there is shown to asyncssh."""
        self._keys_offered += 1
        if self._keys_offered > _MOST_KEYS_OFFERED:
            self.connection.abort()
            return False
        return self._server.admission.knows(username, key.public_data)

    def password_auth_supported(self) -> bool:
        """Where a code opens it."""
        return self._server.admission.takes_codes(self.user or "")

    async def validate_password(self, username: str, password: str) -> bool:
        """Whether it is the code."""
        return await self._is_right(username, password)

    def kbdint_auth_supported(self) -> bool:
        """Where a code opens it."""
        return self.password_auth_supported()

    def get_kbdint_challenge(self, username: str, lang: str, submethods: str) -> Any:
        """Ask for the code."""
        words = "Leader's code: " if username in ROLES else "Class code: "
        return ("", "", "", [(words, False)])

    async def validate_kbdint_response(self, username: str, responses: Any) -> bool:
        """Whether it is the code."""
        return len(responses) == 1 and await self._is_right(username, responses[0])

    async def _is_right(self, user: str, code: str) -> bool:
        """Whether a code is right, said at once; that one is wrong waits, longer each time."""
        if self._is_held_back:  # an answer before the last one has been judged: no person does that
            self.connection.abort()
            return False
        if self._server.admission.opens(user, code):
            return True
        self._wrong += 1
        self._is_held_back = True
        try:
            await asyncio.sleep(delay_of(self._wrong, self._server.limits.wrong))
        except asyncio.CancelledError:  # something else was sent meanwhile, which no person does either
            self.connection.abort()
            raise
        self._is_held_back = False
        if self._wrong >= MOST_WRONG:
            _LOG.info("%d wrong codes from %s", self._wrong, self.address)
            raise asyncssh.PermissionDenied("Too many wrong answers.")
        return False

    def session_requested(self) -> Any:
        """The one session of a connection; every other kind of channel is refused by asyncssh itself."""
        if self._has_session:
            return False
        self._has_session = True
        channel = NarrowChannel(
            self.connection,
            asyncio.get_running_loop(),
            True,
            False,
            False,
            0,
            0,
            None,
            "strict",
            _WINDOW,
            _PACKET,
        )
        return channel, Session(self, self._server)

    # What the server calls

    async def answers(self) -> bool:
        """Whether the other end says anything within a few seconds, when it is asked."""
        asked = _now()
        self.connection.set_keepalive(0.2, 1_000)
        while self.heard < asked and _now() < asked + self._server.limits.answer:
            await asyncio.sleep(0.05)
        self.connection.set_keepalive(self._server.limits.keepalive, _UNANSWERED)
        return self.heard >= asked

    def wait_for(self, what: str, waits: bool) -> None:
        """Hold frames back while not all has been taken that was sent."""
        self._waits_for[what] = waits
        if self.line is not None:
            self.line.hold(any(self._waits_for.values()))

    def sit(self, line: SshLine | LeaderLine) -> None:
        """Take note of who sits here."""
        self.line = line
        self._server.seat(self)
        line.hold(any(self._waits_for.values()))

    def lose_line(self) -> None:
        """Take note that nobody sits here any more."""
        line, self.line = self.line, None
        if line is not None:
            self._server.unseat(self)
            line.lose()

    def end(self, words: str) -> None:
        """Say goodbye, in order where there is a terminal."""
        if self.line is not None:
            self.line.end(words)
        else:
            self.connection.disconnect(asyncssh.DISC_BY_APPLICATION, words)

    def end_if_over(self, now: float) -> None:
        """End what has lasted too long, waits for nothing, or has too much waiting."""
        if len(self.connection._deferred_packets) > _MOST_DEFERRED:
            self.connection.abort()
        elif self.is_known and self.line is None and now > self._began + self._server.limits.session:
            self.end("Only the class is here: connect without -N.")
        elif self.line is not None and now > self.typed + self._server.limits.idle:
            self.end("No key was pressed here for hours: connect again to follow.")
        elif self.line is not None and now > self._began + self._server.limits.total:
            self.end("This has lasted for hours: connect again to follow.")


class NarrowChannel(asyncssh.SSHServerChannel[bytes]):
    """A channel that takes next to nothing from the environment of the other end."""

    def _process_env_request(self, packet: Any) -> bool:
        name, value = (packet.get_string().decode("ascii", "replace") for _ in range(2))
        packet.check_end()
        is_taken = bool(_ENVIRONMENT.fullmatch(name) and _HARMLESS.fullmatch(value))
        if is_taken:
            self._env[name.encode()] = value.encode()
        return is_taken


class Session(asyncssh.SSHServerSession[bytes]):
    """A terminal at the other end, and its way to a seat."""

    _channel: asyncssh.SSHServerChannel[bytes]

    def __init__(self, door: Door, server: SshServer) -> None:
        self._door, self._server = door, server
        self._term: str | None = None
        self._refused = ""
        self._early = b""
        """What was typed before there was a seat."""

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        """Know the channel; what waits in it is to be known at once."""
        self._channel = chan
        chan.set_write_buffer_limits(high=0)

    def pty_requested(self, term_type: str, term_size: Any, term_modes: Any) -> bool:
        """Take any terminal, by a harmless name."""
        self._term = term_type if _HARMLESS.fullmatch(term_type) else "unknown"
        return True

    def shell_requested(self) -> bool:
        """The class."""
        if self._term is None:
            self._refused = _NO_TERMINAL
        elif self._term in _CANNOT:
            self._refused = _NO_CURSOR
        return True

    def exec_requested(self, command: str) -> bool:
        """No command is run, whatever it is."""
        self._refused = _NO_COMMAND
        return True

    def subsystem_requested(self, subsystem: str) -> bool:
        """There is none, sftp the least."""
        return False

    def session_started(self) -> None:
        """Show the class, or say why not."""
        if self._refused:
            self._say(self._refused)
        else:
            self.connection.create_task(self._begin())

    def _say(self, words: str) -> None:
        self._channel.write_stderr(f"{words.strip()}\r\n".encode())
        self._channel.exit(1)

    @property
    def connection(self) -> asyncssh.SSHServerConnection:
        """The connection that it is of."""
        return self._door.connection

    async def _begin(self) -> None:
        """Sit down, under a name that nobody else has."""
        await self._server.has_room_for(self._door)
        if self._channel.is_closing():
            return
        if refusal := self._server.refusal(self._door):
            self._say(refusal)
            return
        environ = {name.decode(): value.decode() for name, value in self._channel._env.items()}
        environ["TERM"] = self._term or "unknown"
        line = self._server.new_line(self._door, self._channel, environ)
        self._door.sit(line)
        columns, rows, *_ = self._channel.get_terminal_size()
        line.begin(columns, rows)
        line.take_typed(self._early)

    def data_received(self, data: bytes, datatype: Any) -> None:
        """Do what is typed."""
        self._door.typed = _now()
        if self._door.line is not None:
            self._door.line.take_typed(data)
        else:
            self._early = (self._early + data)[:_LONGEST_EARLY]

    def terminal_size_changed(self, width: int, height: int, pixwidth: int, pixheight: int) -> None:
        """Draw for another size."""
        if self._door.line is not None:
            self._door.line.resize(width, height)

    def eof_received(self) -> bool:
        """Nothing more can be typed: whoever goes on watching is not there."""
        return False

    def pause_writing(self) -> None:
        """The window of the channel is used up."""
        self._door.wait_for("window", True)

    def resume_writing(self) -> None:
        """It is not any more."""
        self._door.wait_for("window", False)

    def connection_lost(self, exc: Exception | None) -> None:
        """The terminal is gone; the connection has nothing else to be there for."""
        self._door.lose_line()
        self.connection.close()
