"""A follower's terminal: writes what the leader sends, sends what is typed, and knows nothing else.

It is run as a script, without the rest of the package and most of the standard library (`python -I -S`), so
that it is there at once and takes next to no memory. Its arguments: the descriptor of the connection to the
leader, what it says first, and the command that it becomes when its user steps alone or the leader is gone.
That command gets two arguments more: why, and the descriptor of a file with the last place.
"""

import _signal  # type: ignore[import-not-found]
import _socket
import os
import select
import sys
import termios

# The letters of `messages`, which cannot be imported here.
FRAME, PLACE, OWN_APP, END = b"F", b"P", b"A", b"E"
HELLO, SIZE, KEYS = b"H", b"S", b"K"
HEAD = 4
"""Bytes of a message's letter and length."""
LONGEST = 1 << 20
"""Bytes of the longest message that is taken: a whole screen is smaller."""

ENTER = b"\x1b[?1049h\x1b[m\x1b[2J\x1b[?25l\x1b[?7l\x1b[?2004h"
LEAVE = b"\x1b[?2004l\x1b[?7h\x1b[0m\x1b[2J\x1b[H\x1b[?1049l\x1b[?25h"
SUSPEND = b"\x1a"
AT_ONCE = 256
"""Bytes that a terminal takes without waiting when it says that it takes any."""
MOST_READ = 65_536
ENDS = (_signal.SIGTERM, _signal.SIGHUP, _signal.SIGINT, _signal.SIGQUIT)


class Follower:
    """The terminal of standard input and output, and the connection to the leader."""

    def __init__(self, connection: int, becomes: list[str]) -> None:
        self.connection = _socket.socket(fileno=connection)
        self.becomes = becomes
        self.arrived = b""
        self.unwritten = b""
        self.place = b""
        self.modes = termios.tcgetattr(0)
        self.wake, woken = os.pipe()
        os.set_blocking(woken, False)
        _signal.set_wakeup_fd(woken)
        for number in (*ENDS, _signal.SIGWINCH, _signal.SIGCONT):
            _signal.signal(number, lambda *_: None)  # it arrives through the pipe

    def follow(self, hello: bytes) -> int:
        """Follow until the class is over or its user has left; returns the exit status."""
        self.enter()
        self.send(HELLO, hello)
        self.send_size()
        while True:
            awaited = [0, self.wake] if self.unwritten else [0, self.wake, self.connection.fileno()]
            ready, writable, _ = select.select(awaited, [1] if self.unwritten else [], [])
            if writable:
                self.unwritten = self.unwritten[os.write(1, self.unwritten[:AT_ONCE]) :]
            for number in os.read(self.wake, 64) if self.wake in ready else b"":
                if number in ENDS:
                    return self.left(128 + number)
                if number == _signal.SIGCONT:
                    self.enter()
                self.send_size()
            if 0 in ready and not self.take_typed():
                return self.left(128 + _signal.SIGHUP)
            if self.connection.fileno() in ready:
                status = self.take_sent()
                if status is not None:
                    return status

    def take_typed(self) -> bool:
        """Send what was typed to the leader; returns False at the end of input."""
        try:
            typed = os.read(0, 1024)
        except OSError:
            typed = b""
        if SUSPEND in typed:
            self.suspend()
        self.send(KEYS, typed.replace(SUSPEND, b""))
        return typed != b""

    def take_sent(self) -> "int | None":
        """Do what the leader has sent; returns the exit status where that is the end."""
        try:
            received = self.connection.recv(MOST_READ)
        except OSError:
            received = b""
        if not received:
            return self.become("lost")
        self.arrived += received
        while len(self.arrived) >= HEAD:
            end = HEAD + int.from_bytes(self.arrived[1:HEAD], "big")
            if end > LONGEST:
                return self.become("lost")
            if len(self.arrived) < end:
                return None
            kind, content, self.arrived = self.arrived[:1], self.arrived[HEAD:end], self.arrived[end:]
            if kind == FRAME:
                self.unwritten += content
            elif kind == PLACE:
                self.place = content
            elif kind == OWN_APP:
                return self.become(content.decode())
            elif kind == END:
                return self.left(0, content)
        return None

    def send(self, kind: bytes, content: bytes) -> None:
        """Send a message to the leader; what cannot be sent is noticed when nothing arrives any more."""
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

    def become(self, why: str) -> int:
        """Become the command that goes on by itself, on the same screen and the same connection."""
        file = os.memfd_create("place")
        os.write(file, self.place)
        os.lseek(file, 0, os.SEEK_SET)
        for inherited in (file, self.connection.fileno()):
            os.set_inheritable(inherited, True)
        _signal.set_wakeup_fd(-1)
        for number in (*ENDS, _signal.SIGWINCH, _signal.SIGCONT):
            _signal.signal(number, _signal.SIG_DFL)
        os.execv(self.becomes[0], [*self.becomes, why, str(file)])


if __name__ == "__main__":
    _, connection, hello, *becomes = sys.argv
    sys.exit(Follower(int(connection), becomes).follow(os.fsencode(hello)))
