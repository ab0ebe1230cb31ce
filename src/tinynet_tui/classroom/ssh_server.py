"""An SSH server that leads nowhere but into the room. The only file that knows asyncssh.

Its defaults let much more happen than a class needs; what is switched off and bounded here is listed in
docs/ssh.md, and each line of it is tried by tests/classroom/test_ssh_*.py. Six private names of asyncssh are
needed for what it bounds in no public way; a test looks whether the installed version has them:
`SSHConnection._transport`, to put a meter between a connection and its socket; `_max_recv_pktlen`, as packets
of 256 KB are taken from anybody; `_deferred_packets`, which grow without end while keys are exchanged;
`_recv_handler`, let go of so that a lost connection frees its memory at once;
`SSHServerChannel._process_env_request`, `SSHChannel._env`, as it keeps every variable sent.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import socket
from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from typing import Any

import asyncssh
from asyncssh.constants import MSG_IGNORE

from tinynet_tui.classroom.admission import Admission, CodeChecks, Guesses, Role, ToldTogether, role_of
from tinynet_tui.classroom.hub import Hub
from tinynet_tui.classroom.leader_terminal import LeaderLine, LeaderTerminal
from tinynet_tui.classroom.names import cleaned_name
from tinynet_tui.classroom.ssh_algorithms import ALGORITHMS
from tinynet_tui.classroom.ssh_app import Apps
from tinynet_tui.classroom.ssh_attendance import Attendance, network_of
from tinynet_tui.classroom.ssh_limits import Limits, Meter
from tinynet_tui.classroom.ssh_line import SshLine
from tinynet_tui.classroom.ssh_terminal import HARMLESS, Channel, RemoteTerminal

VERSION = asyncssh.__version__
"""Of the library."""

_LOG = logging.getLogger(__name__)

_TEACHERS = "The names lead and desk are the teacher's;\r\nstudents put their own name before the @.\r\n"
_KEYS_ALONE = "This class has no code: it lets in those whose key the teacher has added.\r\n"
_MOST_KEYS_OFFERED = 20
"""Keys that are looked at on one connection."""
_MOST_NAMES = 5
"""Names that may be told on one connection."""
_LONGEST_PACKET = 8_192
"""Bytes: more than any key and its signature. A longer code would be read as text while all wait."""
_MOST_DEFERRED = 500
"""Packets that may wait for the end of a new exchange of keys."""
_UNANSWERED = 2
"""How often a client is asked whether it is there before it is taken for lost."""
_WINDOW, _PACKET = 8_192, 4_096
"""Bytes that a channel takes at once, and in one packet."""

_ENVIRONMENT = re.compile(r"COLORTERM|LANG|LC_[A-Z]{1,20}")
"""Variables that are taken from a client, beside TERM."""


def _send_needed(
    transport: asyncio.Transport, send: Callable[..., None], kind: int, *parts: bytes, **named: Any
) -> None:
    """Send a packet, but none to be ignored: asyncssh sends one before each, as only old ciphers need it.

    Nor one to a client that is gone: asyncio would complain of that in the log.
    """
    if kind != MSG_IGNORE and not transport.is_closing():
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
    """The server of one room."""

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
        self.attendance = Attendance(limits)
        self.guesses = Guesses()
        self.wrong_codes = ToldTogether(partial(_LOG.info, "wrong codes: %d, the last by %s"))
        self.unknown_keys = ToldTogether(
            partial(_LOG.info, "refused without a known key: %d, the last was %s")
        )
        self._acceptor: asyncssh.SSHAcceptor | None = None
        self._terminal: LeaderTerminal | None = None

    @property
    def fingerprint(self) -> str:
        """By which clients know the server again."""
        return self._key.get_fingerprint()

    async def open(
        self,
        hub: Hub,
        listening: socket.socket,
        apps: str,
        address: str,
        terminal: LeaderTerminal | None = None,
    ) -> None:
        """Let people into a room.

        apps: the socket where a preloaded process answers; address: the room's, as it is written; terminal:
        at which the leader's app is for whoever leads over SSH, if that can be.
        """
        self._terminal, self.attendance.has_leader_terminal = terminal, terminal is not None
        self.hub, self.apps = hub, Apps(apps, address, self.limits.apps)
        logging.getLogger("asyncssh").disabled = True  # it would write to the leader's screen
        # asyncssh needs tasks that begin after the call that makes them; Textual asks for others if it can.
        asyncio.get_running_loop().set_task_factory(None)
        if not os.path.isabs(os.path.expanduser("~")):
            os.environ["HOME"] = "/"  # asyncssh opens for nobody without a home, and looks for nothing there
        self._acceptor = await asyncssh.create_server(
            lambda: Connection(self),
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
            **ALGORITHMS,
        )
        self.attendance.sweep()

    async def close(self, words: str) -> None:
        """Say goodbye to everyone, and let nobody in any more."""
        if self._acceptor is not None:
            self._acceptor.close()
            await self.attendance.dismiss(words)

    def new_line(self, connection: Connection, channel: Channel, environ: dict[str, str]) -> ConnectionLine:
        """The line of whoever may sit down."""
        if connection.role == "lead" and self._terminal is not None:
            return LeaderLine(self._terminal, channel, connection.address)
        return SshLine(
            *(self.hub, self.apps, channel, connection.user or "", connection.role, environ, connection.key)
        )


ConnectionLine = SshLine | LeaderLine


class Connection(asyncssh.SSHServer):
    """One connection: who comes, and the one session that they may have."""

    _ssh: asyncssh.SSHServerConnection

    def __init__(self, server: SshServer) -> None:
        self._server, self._attendance = server, server.attendance
        self.user: str | None = None
        """The name that was told, before it is known whether that may be."""
        self.key = ""
        """The fingerprint of the last key that was offered; "" where a code has let them in."""
        self.is_known = False
        """Whether whoever comes has shown that they may."""
        self.line: ConnectionLine | None = None
        self._codes = CodeChecks(server.admission, server.guesses, server.limits.wrong)
        self._keys_offered = self._names_told = 0
        self._has_session = False
        self._waits_for = {"window": False, "connection": False}
        """What has not taken all that was sent."""
        self.heard = self.typed = self._began = _now()
        """When anything has come from it, when a key has, and when it began."""

    @property
    def role(self) -> Role:
        """What the user of the name is."""
        return role_of(self.user or "")

    # What asyncssh calls

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Let a connection in, with a meter in front of it."""
        self._ssh = conn
        self.address = str((conn.get_extra_info("peername") or ("?",))[0])
        """Where it comes from."""
        self.network = network_of(self.address)
        transport = conn._transport
        assert transport is not None
        transport.set_protocol(Meter(self, transport, conn, self._server.limits.bytes_a_second))
        conn._max_recv_pktlen = _LONGEST_PACKET
        conn.send_packet = partial(_send_needed, transport, conn.send_packet)  # type: ignore[method-assign]
        self._attendance.take(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Take note that it is gone."""
        if self.is_known and not self._has_session:
            self.note("has shown who they are, and has gone without a word")
        elif not self.is_known and self.user is not None and not self._takes_codes:
            self._server.unknown_keys.tell_of(self._whom)
        self.lose_line()
        self._attendance.forget(self)
        # It knows itself by these, and much memory hangs on it until the collector comes by.
        del self._ssh.send_packet
        self._ssh._recv_handler = lambda: False

    def begin_auth(self, username: str) -> bool:
        """Everybody has to show who they are; whoever tells one name after another is sent away."""
        self.user = username
        self._names_told += 1
        if self._names_told > _MOST_NAMES:
            self.abort()
        elif not self._takes_codes:  # else they would be told of keys alone, without a reason
            self._ssh.send_auth_banner(_KEYS_ALONE if role_of(username) == "student" else _TEACHERS)
        return True

    @property
    def _takes_codes(self) -> bool:
        """Whether whoever has told their name is asked for a code."""
        return self._server.admission.takes_codes(self.user or "")

    @property
    def _whom(self) -> str:
        """Who it is, as the log has it."""
        return f"{cleaned_name(self.user or '')!r}, from {self.address}"

    def auth_completed(self) -> None:
        """Take note of who it is."""
        self.user, self.is_known = self._ssh.get_extra_info("username"), True
        self.user = self.user if self.role == "student" else self.role
        self._began = self.typed = _now()
        self._attendance.know(self)

    def public_key_auth_supported(self) -> bool:
        """Always: whose keys are known is nobody's to find out."""
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """Whether a key is known; that its owner is there is shown to asyncssh."""
        self._keys_offered += 1
        if self._keys_offered > _MOST_KEYS_OFFERED:
            self.abort()
            return False
        self.key = key.get_fingerprint()
        return self._server.admission.knows(username, key.public_data)

    def password_auth_supported(self) -> bool:
        """Where a code opens it."""
        return self._takes_codes

    async def validate_password(self, username: str, password: str) -> bool:
        """Whether it is the code."""
        return await self._is_right(username, password)

    def kbdint_auth_supported(self) -> bool:
        """Where a code opens it."""
        return self.password_auth_supported()

    def get_kbdint_challenge(self, username: str, lang: str, submethods: str) -> Any:
        """Ask for the code."""
        code = "Class code" if role_of(username) == "student" else "Leader's code"
        return ("", "", "", [(self._codes.asked_for(code), False)])

    async def validate_kbdint_response(self, username: str, responses: Any) -> bool:
        """Whether it is the code."""
        return len(responses) == 1 and await self._is_right(username, responses[0])

    async def _is_right(self, user: str, code: str) -> bool:
        """Whether a code is right; whoever guesses often, or without waiting to be told, is sent away."""
        try:
            judged = await self._codes.judged(user, code)
        except asyncio.CancelledError:  # something else was sent meanwhile, which no person does either
            self.abort()
            raise
        if judged == "too fast":
            self.abort()
        elif judged == "right":
            self.key = ""
        else:
            self._server.wrong_codes.tell_of(self._whom)
        if judged == "too often":
            raise asyncssh.PermissionDenied("Too many wrong answers.")
        return judged == "right"

    def session_requested(self) -> Any:
        """The one session of a connection; every other kind of channel is refused by asyncssh itself."""
        if self._has_session:
            return False
        self._has_session = True
        channel = NarrowChannel(
            self._ssh,
            asyncio.get_running_loop(),
            allow_pty=True,
            line_editor=False,
            line_echo=False,
            line_history=0,
            max_line_length=0,
            encoding=None,
            errors="strict",
            window=_WINDOW,
            max_pktsize=_PACKET,
        )
        return channel, RemoteTerminal(self, self._server)

    # What the server calls

    async def answers(self) -> bool:
        """Whether the other end says anything within a few seconds, when it is asked."""
        asked = _now()
        self._ssh.set_keepalive(0.2, 1_000)
        while self.heard < asked and _now() < asked + self._server.limits.answer:
            await asyncio.sleep(0.05)
        self._ssh.set_keepalive(self._server.limits.keepalive, _UNANSWERED)
        return self.heard >= asked

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Have something done as long as the connection is there."""
        self._ssh.create_task(work)

    def close(self) -> None:
        """End it in order: nothing is left that it is there for."""
        self._ssh.close()

    def abort(self) -> None:
        """End it at once, without a word."""
        self._ssh.abort()

    def note(self, what: str, why: str = "") -> None:
        """Write to the log what has become of whoever is there."""
        _LOG.info("%r %s, from %s%s", cleaned_name(self.user or ""), what, self.address, why and f": {why}")

    def wait_for(self, what: str, waits: bool) -> None:
        """Hold frames back while not all has been taken that was sent."""
        self._waits_for[what] = waits
        if self.line is not None:
            self.line.hold(any(self._waits_for.values()))

    def sit(self, line: ConnectionLine) -> None:
        """Take note of whoever sits here."""
        self.line = line
        self.note("is let in")
        self._attendance.seat(self)
        line.hold(any(self._waits_for.values()))

    def lose_line(self) -> None:
        """Take note that nobody sits here any more."""
        line, self.line = self.line, None
        if line is not None:
            self.note("has left")
            self._attendance.unseat(self)
            line.lose()

    def end(self, words: str) -> None:
        """Say goodbye, in order where there is a terminal."""
        if self.line is not None:
            self.line.end(words)
        else:
            self._ssh.disconnect(asyncssh.DISC_BY_APPLICATION, words)

    def end_if_over(self, now: float) -> None:
        """End what has lasted too long, waits for nothing, or has too much waiting."""
        if len(self._ssh._deferred_packets) > _MOST_DEFERRED:
            self._ssh.abort()
        elif self.is_known and self.line is None and now > self._began + self._server.limits.session:
            self.end("Only the class is here: connect without -N.")
        elif self.line is not None and now > self.typed + self._server.limits.idle:
            self.end("No key was pressed here for hours: connect again to follow.")
        elif self.line is not None and now > self._began + self._server.limits.total:
            self.end("This has lasted for hours: connect again to follow.")


class NarrowChannel(asyncssh.SSHServerChannel[bytes]):
    """A channel that takes next to nothing from the environment of the other end."""

    @property
    def variables(self) -> dict[str, str]:
        """What was taken."""
        return {name.decode(): value.decode() for name, value in self._env.items()}

    def _process_env_request(self, packet: Any) -> bool:
        name, value = (packet.get_string().decode("ascii", "replace") for _ in range(2))
        packet.check_end()
        is_taken = bool(_ENVIRONMENT.fullmatch(name) and HARMLESS.fullmatch(value))
        if is_taken:
            self._env[name.encode()] = value.encode()
        return is_taken
