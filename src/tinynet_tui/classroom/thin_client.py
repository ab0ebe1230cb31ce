"""A follower's terminal: writes what the leader sends, sends what is typed, and knows nothing else.

It is run as a script, without the rest of the package and most of the standard library (`python -I -S`), so
that it is there at once and takes next to no memory. Its arguments: the socket of the room, the number of the
user who owns it, what it says first, what its last row says while the leader is gone, and the command that it
becomes when its user steps alone. That command gets three arguments more: the descriptors of the connection
(-1 for none) and of a file with the last place and what has arrived since, and what is to be done first.
"""

import _signal  # type: ignore[import-not-found]
import _socket
import os
import select
import sys
import termios
import time

# The letters of `messages`, which cannot be imported here.
FRAME, PLACE, OWN_APP, END = b"F", b"P", b"A", b"E"
HELLO, SIZE, KEYS = b"H", b"S", b"K"
HEAD = 4
"""Bytes of a message's letter and length."""

ENTER = b"\x1b[?1049h\x1b[m\x1b[2J\x1b[?25l\x1b[?7l\x1b[?2004h"
LEAVE = b"\x1b[?2004l\x1b[?7h\x1b[0m\x1b[2J\x1b[H\x1b[?1049l\x1b[?25h"
SUSPEND, INTERRUPT = b"\x1a", b"\x03"
QUITS = (b"q", INTERRUPT)
AT_ONCE = 1024
"""Bytes that are written when the terminal takes any: a line of 9600 baud has them in a second."""
MOST_READ = 65_536
AGAIN = 1.0
"""Seconds between two looks for a leader who is gone."""
PATIENCE = 2.0
"""Seconds for the leader to say goodbye: one that is stopped says nothing."""
ENDS = (_signal.SIGTERM, _signal.SIGHUP, _signal.SIGINT, _signal.SIGQUIT)


class Follower:
    """The terminal of standard input and output, and the connection to the leader."""

    def __init__(self, path: str, owner: int, hello: bytes, lost: str, becomes: list[str]) -> None:
        self.path, self.owner, self.hello, self.lost, self.becomes = path, owner, hello, lost, becomes
        self.connection: _socket.socket | None = None
        self.arrived = b""
        """What has come of a message that is not whole yet."""
        self.unwritten = b""
        self.place = b""
        """The last place that the leader has sent."""
        self.leaves_at: float | None = None
        """When its user leaves, whether the leader has answered or not."""
        self.modes = termios.tcgetattr(0)
        self.wake, woken = os.pipe()
        os.set_blocking(woken, False)
        _signal.set_wakeup_fd(woken)
        for number in (*ENDS, _signal.SIGWINCH, _signal.SIGCONT):
            _signal.signal(number, lambda *_: None)  # it arrives through the pipe

    def follow(self) -> int:
        """Follow until the class is over or its user has left; returns the exit status."""
        self.enter()
        self.connect()
        status = None
        while status is None:
            status = self.turn()
        return status

    def turn(self) -> "int | None":
        """Wait for what comes next, and do it; returns the exit status where that is the end."""
        server = self.connection.fileno() if self.connection else -1
        # What the leader sends waits while the terminal has not taken what was before: it is told so by that.
        awaited = [0, self.wake, *([server] if server >= 0 and not self.unwritten else [])]
        is_calm = server >= 0 and self.leaves_at is None
        ready, writable, _ = select.select(
            awaited, [1] if self.unwritten else [], [], None if is_calm else AGAIN
        )
        if writable:
            self.write()
        for number in os.read(self.wake, 64) if self.wake in ready else b"":
            if number in ENDS:
                return self.left(128 + number)
            if number == _signal.SIGCONT:
                self.enter()
            self.send_size()
        if 0 in ready:
            return self.take_typed()
        if server in ready:
            status = self.take_sent()
            # Most of what arrives can be written at once: no other turn is needed to find that out.
            if status is None and self.unwritten and select.select([], [1], [], 0)[1]:
                self.write()
            return status
        if self.leaves_at is not None and time.monotonic() >= self.leaves_at:
            return self.left(0)
        if not ready and not writable and server < 0:
            self.connect()
        return None

    def write(self) -> None:
        """Write some of what is to be written."""
        self.unwritten = self.unwritten[os.write(1, self.unwritten[:AT_ONCE]) :]

    def connect(self) -> None:
        """Look for the leader, and say who is here; without one, the last row says so."""
        connection = _socket.socket(_socket.AF_UNIX)
        try:
            connection.connect(self.path)
            peer = connection.getsockopt(_socket.SOL_SOCKET, _socket.SO_PEERCRED, 12)
            if int.from_bytes(peer[4:8], sys.byteorder) != self.owner:
                raise OSError
        except OSError:
            connection.close()
            columns, rows = os.get_terminal_size(1)
            self.unwritten += f"\x1b[{rows};1H\x1b[m\x1b[K{self.lost[:columns]}".encode()
            return
        self.connection, self.arrived = connection, b""
        self.send(HELLO, self.hello)
        self.send_size()

    def disconnect(self) -> None:
        """Take note that the leader is gone: what was sent last stays on the screen."""
        if self.connection:
            self.connection.close()
        self.connection = None

    def take_typed(self) -> "int | None":
        """Send what was typed to the leader; without one, anything typed is done in an app of one's own."""
        try:
            typed = os.read(0, 1024)
        except OSError:
            typed = b""
        if not typed:
            return self.left(128 + _signal.SIGHUP)
        if SUSPEND in typed:
            self.suspend()
        typed = typed.replace(SUSPEND, b"")
        if self.connection and typed != INTERRUPT:
            self.send(KEYS, typed)
            self.leaves_at = time.monotonic() + PATIENCE if typed in QUITS else None
            return None
        if typed in QUITS:
            return self.left(0)
        return self.become("typed " + typed.hex()) if typed and self.place else None

    def take_sent(self) -> "int | None":
        """Do what the leader has sent; returns the exit status where that is the end."""
        assert self.connection
        try:
            received = self.connection.recv(MOST_READ)
        except OSError:
            received = b""
        self.arrived += received
        if not received:
            self.disconnect()
        while len(self.arrived) >= HEAD and self.connection:
            end = HEAD + int.from_bytes(self.arrived[1:HEAD], "big")
            if len(self.arrived) < end:
                return None
            kind, content, self.arrived = self.arrived[:1], self.arrived[HEAD:end], self.arrived[end:]
            if kind == FRAME:
                self.unwritten += content
                self.leaves_at = None  # q was typed into an answer
            elif kind == PLACE:
                self.place = content
            elif kind == OWN_APP:
                return self.become(content.decode())
            elif kind == END:
                return self.left(0, content)
        return None

    def send(self, kind: bytes, content: bytes) -> None:
        """Send a message to the leader; one who is gone is noticed when nothing arrives any more."""
        if self.connection:
            try:  # noqa: SIM105 - contextlib would be one more module to load
                self.connection.sendall(kind + len(content).to_bytes(3, "big") + content)
            except OSError:
                pass

    def send_size(self) -> None:
        """Tell the leader how large the terminal is; the answer is the whole screen."""
        columns, rows = os.get_terminal_size(1)
        self.send(SIZE, b"%d %d" % (columns, rows))

    def enter(self) -> None:
        """Take the terminal over: keys one by one, unechoed, on the other screen."""
        modes = termios.tcgetattr(0)
        modes[0] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
        modes[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
        modes[6][termios.VMIN] = 1
        termios.tcsetattr(0, termios.TCSANOW, modes)
        self.unwritten = ENTER

    def leave(self) -> None:
        """Give the terminal back as it was."""
        os.write(1, LEAVE)
        termios.tcsetattr(0, termios.TCSAFLUSH, self.modes)

    def left(self, status: int, words: bytes = b"") -> int:
        """Leave for good, with last words; returns the exit status."""
        try:
            self.leave()
            os.write(1, words)
        except (OSError, termios.error):
            pass  # the terminal is gone
        return status

    def suspend(self) -> None:
        """Give the terminal to the shell until its user brings this back."""
        self.leave()
        _signal.signal(_signal.SIGTSTP, _signal.SIG_DFL)
        os.kill(0, _signal.SIGTSTP)

    def become(self, first: str) -> int:
        """Become the app in which a user goes on alone: on the same terminal, with the same connection."""
        # What has arrived after the order to become it is the app's to read.
        place = os.memfd_create("place")
        os.write(place, PLACE + len(self.place).to_bytes(3, "big") + self.place + self.arrived)
        os.lseek(place, 0, os.SEEK_SET)
        os.set_inheritable(place, True)
        connection = self.connection.fileno() if self.connection else -1
        if connection >= 0:
            os.set_inheritable(connection, True)
        _signal.set_wakeup_fd(-1)
        for number in (*ENDS, _signal.SIGWINCH, _signal.SIGCONT):
            _signal.signal(number, _signal.SIG_DFL)
        termios.tcsetattr(0, termios.TCSANOW, self.modes)
        os.execv(self.becomes[0], [*self.becomes, str(connection), str(place), first])


if __name__ == "__main__":
    _, path, owner, hello, lost, *becomes = sys.argv
    sys.exit(Follower(path, int(owner), os.fsencode(hello), lost, becomes).follow())
