"""A follower's terminal: writes what the leader sends, sends what is typed, and knows nothing else.

A leader of the same user writes frames to the terminal itself, as a file: then this only waits.

It is run as a script, without the rest of the package and most of the standard library (`python -I -S`), so
that it is there at once and takes next to no memory. Its arguments: the socket of the room, the number of the
user who owns it, what it says first, what its last row says while the leader is gone (wordings on lines, the
longest first; what is between tabs gives way to how long one is kept; after an empty line, what the first
row says), what an app of its user's hands back, what is
sent by the keys that lead there without a leader (in hexadecimal digits), and by those that leave, and the
command of that app.

Where there is a preloaded process (see `preloaded`) that is its user's own, it forks the app, and this lends
it the terminal; elsewhere this becomes the app. Either way the line keeps its modes, nothing on the screen is
cleared, and the command gets two arguments more: the descriptors of a file of messages (the line's first
modes, what to say first, the place, what to do first, what has arrived since, what was tried) and of the
connection, -1 for none. An app that is left for the class hands the same two back, here as an argument
"FILE CONNECTION".
"""

import _signal  # type: ignore[import-not-found]
import _socket
import os
import select
import sys
import termios
import time

TYPE_CHECKING = False
"""As `typing` has it, which would be one more module to load."""
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# The letters of `messages`, which cannot be imported here.
FRAME, PLACE, OWN_APP, END, OVER, KEPT, LOST, TYPED = b"F", b"P", b"A", b"E", b"O", b"U", b"Y", b"X"
MODES, REST, ANEW, TRIED = b"M", b"R", b"N", b"B"
ENVIRON, COMMAND_LINE, APP = b"V", b"W", b"I"
HELLO, SIZE, KEYS, TERMINAL = b"H", b"S", b"K", b"T"
APPS = "~apps"
"""What follows the name of a room in that of its preloaded process."""
FOLLOWS = 3
"""The exit status of an app whose user follows again."""
COMMAND = 4
"""Words of a command before those that a preloaded process takes: Python, and what it runs."""
HEAD = 4
"""Bytes of a message's letter and length."""

SCREEN = b"\x1b[?1049h\x1b[m\x1b[2J"
ENTER = b"\x1b[?25l\x1b[?7l\x1b[?2004h"
LEAVE = b"\x1b[?2004l\x1b[?7h\x1b[0m\x1b[2J\x1b[H\x1b[?1049l\x1b[?25h"
NO_MOUSE = b"\x1b[?1006l\x1b[?1000l"
"""What undoes the one thing beside these that an app does to a terminal, where that was killed."""
SUSPEND, INTERRUPT = b"\x1a", b"\x03"
EINTR = 4
"""As `errno` has it, which would be one more module to load."""
AT_ONCE = 1024
"""Bytes that are written when the terminal takes any: a line of 9600 baud has them in a second."""
MOST_READ = 65_536
AGAIN = 1.0
"""Seconds between two looks for a leader who is gone."""
STOPPED_AFTER = 5.0
"""Seconds in which a leader has said nothing until it is looked whether they were stopped."""
OF_ANSWERS = b"0123456789.,-+/e\x7f\b\r"
"""What is typed into an answer, and sends it."""
STILL_TYPING = 2.0
"""Seconds in which that may be the rest of one."""
PATIENCE = 2.0
"""Seconds for the leader to say goodbye, and for the terminal to take last words: a stopped one does not."""
ENDS = (
    *(_signal.SIGTERM, _signal.SIGHUP, _signal.SIGINT, _signal.SIGQUIT),
    *(_signal.SIGUSR2, _signal.SIGALRM, _signal.SIGVTALRM, _signal.SIGPROF),
)
HEARD = (*ENDS, _signal.SIGWINCH, _signal.SIGCONT, _signal.SIGUSR1, _signal.SIGTSTP)


class Follower:
    """The terminal of standard input and output, and the connection to the leader."""

    def __init__(
        self,
        path: str,
        owner: int,
        hello: bytes,
        lost: str,
        handed: str,
        steps: str,
        quits: str,
        becomes: list[str],
    ) -> None:
        self.path, self.owner, self.hello, self.becomes = path, owner, hello, becomes
        self.gone, _, self.lost = lost.rpartition("\r")
        self.over = ""
        """What the last row says once the class has ended, until somebody leads it again."""
        self.kept_until = 0.0
        """Until when no key steps, also without a leader."""
        self.steps = tuple(map(bytes.fromhex, steps.split()))
        self.quits = tuple(map(bytes.fromhex, quits.split()))
        self.connection: _socket.socket | None = None
        self.arrived = b""
        """What has come of a message that is not whole yet."""
        self.unwritten = b""
        self.place = b""
        """The last place that the leader has sent."""
        self.tried = b""
        """What an app has handed back of what was tried in it, where there is no file for that."""
        self.leader = 0
        """The leader's process, as the system says."""
        self.then: Callable[[], int | None] | None = None
        """What is done once the terminal has taken all that was before: a full one holds up no signal."""
        self.first = ""
        """What is done first in an app of one's own."""
        self.leaves_at: float | None = None
        """When its user leaves, whether the leader has answered or not."""
        self.types_until = 0.0
        """Until when digits are the rest of an answer to a leader who has just gone, and no keys."""
        self.typed = b""
        """What of an answer is typed, if one is asked for: a leader who was killed comes back without it."""
        self.modes = termios.tcgetattr(0)
        """Those of the line before anything of this program."""
        self.app: int | None = None
        """The process that has the terminal for now, if one has."""
        self.wake, woken = os.pipe()
        os.set_blocking(woken, False)
        _signal.set_wakeup_fd(woken)
        for number in HEARD:
            _signal.signal(number, lambda *_: None)  # it arrives through the pipe
        if handed:
            file, connection = map(int, handed.split())
            with open(file, "rb") as messages:
                for kind, content in whole(messages.read()):
                    self.take_back(kind, content)
            self.connection = _socket.socket(fileno=connection) if connection >= 0 else None
        self.is_handed = bool(handed)
        """Whether the terminal is as a program before has left it, which had taken it over."""

    def follow(self) -> int:
        """Follow until the class is over or its user has left; returns the exit status."""
        self.enter(self.is_handed)
        self.join()
        status = None
        while status is None:
            status = self.turn()
        return status

    def turn(self) -> "int | None":
        """Wait for what comes next, and do it; returns the exit status where that is the end."""
        server = self.connection.fileno() if self.connection else -1
        if self.then and not self.unwritten:
            then, self.then = self.then, None
            return then()
        # What the leader sends waits while the terminal has not taken what was before: it is told so by that.
        keyboard = [] if self.then else [0]
        awaited = [*keyboard, self.wake, *([server] if server >= 0 and not self.unwritten else [])]
        is_calm = server >= 0 and self.leaves_at is None
        ready, writable, _ = select.select(
            awaited, [1] if self.unwritten else [], [], STOPPED_AFTER if is_calm else AGAIN
        )
        if writable:
            self.write()
        for number in os.read(self.wake, 64) if self.wake in ready else b"":
            if number in ENDS:
                return self.left(128 + number)
            if number == _signal.SIGTSTP:
                self.suspend()
            if number == _signal.SIGCONT:
                self.enter()
                if not self.connection:
                    self.connect()
            if number in (_signal.SIGCONT, _signal.SIGWINCH) and not self.then:
                self.send_size()
        if server in ready:
            # What the leader said before a key is no answer to it: it comes first.
            status = self.take_sent()
            # Most of what arrives can be written at once: no other turn is needed to find that out.
            if status is None and self.unwritten and select.select([], [1], [], 0)[1]:
                self.write()
            if status is not None or self.then:
                return status
        if 0 in ready:
            return self.take_typed()
        if self.leaves_at is not None and time.monotonic() >= self.leaves_at:
            return self.left(0)
        if not ready and not writable:
            if self.is_stopped():
                self.disconnect()
            if not self.connection:
                self.connect()
        return None

    def write(self) -> None:
        """Write some of what is to be written."""
        self.unwritten = self.unwritten[os.write(1, self.unwritten[:AT_ONCE]) :]

    def join(self) -> None:
        """Say who is here to the leader that there is, or look for one."""
        if self.connection:
            self.then = self.greet
        else:
            self.connect()

    def connect(self) -> None:
        """Look for the leader, and say who is here; without one, the last row says so."""
        connection = _socket.socket(_socket.AF_UNIX)
        try:
            if self.is_stopped():
                raise OSError
            connection.connect(self.path)
            peer = connection.getsockopt(_socket.SOL_SOCKET, _socket.SO_PEERCRED, 12)
            if int.from_bytes(peer[4:8], sys.byteorder) != self.owner:
                raise OSError
        except OSError:
            connection.close()
            columns, rows = os.get_terminal_size(1)
            lost, seconds = self.lost.replace("\v", self.gone), int(self.kept_until - time.monotonic())
            if seconds > 0:
                kept = f"kept {seconds // 60}:{seconds % 60:02}"
                parts = [line.split("\t") for line in lost.split("\n")]
                lost = "\n".join(kept.join((line[0], line[-1])) if line[1:] else line[0] for line in parts)
            wordings, _, title = (self.over or lost.replace("\t", "")).partition("\n\n")
            row = wordings.split("\n")[-1]
            for wording in reversed(wordings.split("\n")):
                row = wording if len(wording) < columns else row
            told = f"\x1b[1;1H\x1b[m\x1b[K{title[:columns]}" if title else ""
            self.unwritten += f"{told}\x1b[{rows};1H\x1b[m\x1b[K{row[:columns]}".encode()
            return
        self.connection, self.arrived, self.then = connection, b"", self.greet

    def is_stopped(self) -> bool:
        """Whether a shell has stopped the leader: whoever types now is heard by nobody there."""
        try:
            with open(f"/proc/{self.leader}/stat", "rb") as file:
                return file.read().rpartition(b") ")[2][:1] == b"T"
        except OSError:
            return False

    def greet(self) -> None:
        """Say who is here; the answer is the whole screen.

        A leader of the same user writes it to the terminal without this program: that is not to write then.
        """
        assert self.connection
        peer = self.connection.getsockopt(_socket.SOL_SOCKET, _socket.SO_PEERCRED, 4)
        self.leader = int.from_bytes(peer, sys.byteorder)
        self.connection.setblocking(True)  # an app that has had it may not have waited
        if self.owner == os.getuid():
            try:
                device = os.fstat(1)
                self.send(TERMINAL, f"{os.ttyname(1)} {device.st_dev} {device.st_ino} {os.getpid()}".encode())
            except OSError:
                pass  # it has no name here
        self.send(HELLO, self.hello)
        self.send_size()
        if self.typed:
            self.send(TYPED, self.typed)

    def disconnect(self) -> None:
        """Take note that the leader is gone: what was sent last stays on the screen."""
        if self.connection:
            self.connection.close()
            self.types_until = time.monotonic() + STILL_TYPING
        self.connection = self.then = None

    def take_typed(self) -> "int | None":
        """Send what was typed to the leader; without one, a step is done in an app of one's own."""
        try:
            typed = os.read(0, 1024)
        except OSError:
            typed = b""
        if not typed:
            return self.left(128 + _signal.SIGHUP)
        if SUSPEND in typed:
            self.suspend()
        typed = typed.replace(SUSPEND, b"")
        if self.is_stopped():
            self.disconnect()
        if self.connection and typed != INTERRUPT:
            self.send(KEYS, typed)
            self.leaves_at = time.monotonic() + PATIENCE if typed in self.quits else None
            return None
        if typed in self.quits:
            return self.left(0)
        now = time.monotonic()
        if now < self.types_until and all(sign in OF_ANSWERS for sign in typed):
            self.types_until = now + STILL_TYPING
            self.typed += typed if self.typed else b""
            return None
        while typed and not typed.startswith(self.steps):
            typed = b"" if typed[:1] == b"\x1b" else typed[1:]
        if not typed or not self.place or now < self.kept_until:
            return None
        self.first = "typed " + typed.hex()
        return self.become()

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
        while self.connection and (first := first_of(self.arrived)):
            kind, content, self.arrived = first
            self.leaves_at = None  # the key was typed into an answer, or a search
            self.over = ""
            if kind == FRAME:
                self.unwritten += content
            elif kind == PLACE:
                self.place = content
            elif kind == LOST:
                self.gone = content.decode()
            elif kind == KEPT:
                self.kept_until = time.monotonic() + int(content)
            elif kind == TYPED:
                self.typed = content
            elif kind == HELLO:
                self.hello = content
            elif kind == OWN_APP:
                self.first, self.then = content.decode(), self.become
                return None
            elif kind == END:
                return self.left(0, content)
            elif kind == OVER:
                self.over, self.kept_until = content.decode(), 0.0
                self.disconnect()
                self.connect()
        return None

    def send(self, kind: bytes, content: bytes) -> None:
        """Send a message to the leader; one who is gone is noticed when nothing arrives any more."""
        if self.connection:
            try:  # noqa: SIM105 - contextlib would be one more module to load
                self.connection.sendall(message(kind, content))
            except OSError:
                pass

    def send_size(self) -> None:
        """Tell the leader how large the terminal is; the answer is the whole screen."""
        columns, rows = os.get_terminal_size(1)
        self.send(SIZE, b"%d %d" % (columns, rows))

    def enter(self, is_handed: bool = False) -> None:
        """Take the terminal over: keys one by one, unechoed, on the other screen."""
        modes = termios.tcgetattr(0)
        modes[0] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
        modes[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
        modes[6][termios.VMIN] = 1
        while True:
            try:
                termios.tcsetattr(0, termios.TCSANOW, modes)
                break
            except termios.error as error:
                if error.args[0] != EINTR:  # a shell has had the terminal, and gives it back just now
                    raise
        self.unwritten = b""
        os.set_blocking(1, True)  # an app that was killed may have left it otherwise: then not all is taken
        os.write(1, ENTER if is_handed else NO_MOUSE + SCREEN + ENTER)

    def leave(self) -> None:
        """Give the terminal back as it was; a leader who writes to it ceases at the modes."""
        try:
            termios.tcsetattr(0, termios.TCSAFLUSH, self.modes)
        finally:  # a shell that has taken the terminal back has set its modes
            self.write_last(LEAVE)

    def left(self, status: int, words: bytes = b"") -> int:
        """Leave for good, with last words; returns the exit status."""
        if self.leaves_at is None:  # else the leader is stopped
            self.say_goodbye()
        try:
            self.leave()
            self.write_last(words)
        except (OSError, termios.error):
            pass  # the terminal is gone
        return status

    def write_last(self, words: bytes) -> None:
        """Write a few bytes, unless the terminal takes none: nobody can wait for that for ever."""
        if select.select([], [1], [], PATIENCE)[1]:
            os.write(1, words)

    def suspend(self) -> None:
        """Give the terminal to the shell until its user brings this back: the leader writes nothing there."""
        if "--kiosk" in self.becomes:
            return
        self.say_goodbye()
        self.leave()
        self.stop()
        self.enter()  # where no shell could bring it back, nothing was stopped

    def stop(self) -> None:
        """Be stopped with the whole job, as the keyboard would."""
        heard = _signal.signal(_signal.SIGTSTP, _signal.SIG_DFL)
        os.kill(0, _signal.SIGTSTP)
        _signal.signal(_signal.SIGTSTP, heard)

    # Stepping alone

    def become(self) -> "int | None":
        """Have a follower's own app take the terminal; returns the exit status if that is the end."""
        handed = self.handed_on()
        app = self.forked(handed) if self.owner == os.getuid() else None
        if app:
            os.close(handed)
            return self.lend(app)
        sign = "..." if self.lost.isascii() else "\u2026"
        os.write(1, f"\x1b[{os.get_terminal_size(1)[1]};1H\x1b[m\x1b[K opening {sign}".encode())
        connection = self.connection.fileno() if self.connection else -1
        for number in (handed, connection):
            if number >= 0:
                os.set_inheritable(number, True)
        _signal.set_wakeup_fd(-1)
        for number in HEARD:
            _signal.signal(number, _signal.SIG_DFL)
        os.execv(self.becomes[0], [*self.becomes, str(handed), str(connection)])

    def handed_on(self) -> int:
        """The descriptor of a file with all that the app needs to go on from here."""
        signs = [sign if isinstance(sign, int) else sign[0] for sign in self.modes[6]]
        modes = " ".join(map(str, [*self.modes[:6], *signs])).encode()
        before = message(MODES, modes) + message(HELLO, self.hello) + message(TRIED, self.tried)
        handed = before + message(PLACE, self.place) + message(OWN_APP, self.first.encode())
        file = os.memfd_create("handed")
        os.write(file, handed + message(REST, self.arrived))
        os.lseek(file, 0, os.SEEK_SET)
        return file

    def take_back(self, kind: bytes, content: bytes) -> None:
        """Go on with what an app hands back."""
        if kind == MODES:
            *flags, count = content.split(None, 6)
            self.modes = [*map(int, flags), list(map(int, count.split()))]
        elif kind == HELLO:
            self.hello = content
        elif kind == PLACE:
            self.place = content
        elif kind == REST:
            self.arrived = content
        elif kind == TRIED:
            self.tried = content
        elif kind == ANEW:
            self.disconnect()

    def forked(self, handed: int) -> "_socket.socket | None":
        """The connection to an app that has the terminal now; None where nobody forks one."""
        folder = os.open(".", os.O_RDONLY | os.O_DIRECTORY)
        app: _socket.socket | None = _socket.socket(_socket.AF_UNIX)
        assert app
        try:
            app.settimeout(PATIENCE)
            app.connect(self.path + APPS)
            numbers = [0, 1, 2, folder, handed, *([self.connection.fileno()] if self.connection else [])]
            packed = b"".join(number.to_bytes(4, sys.byteorder) for number in numbers)
            app.sendmsg([b"\0"], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, packed)])
            variables = b"\0".join(name + b"=" + value for name, value in os.environb.items())
            words = "\0".join(self.becomes[COMMAND:]).encode()
            app.sendall(message(ENVIRON, variables) + message(COMMAND_LINE, words))
            head = app.recv(HEAD, _socket.MSG_WAITALL)
            if head[:1] != APP:
                raise OSError
            self.app = int(app.recv(int.from_bytes(head[1:], "big"), _socket.MSG_WAITALL))
            app.settimeout(None)
        except OSError:
            app.close()
            app = None
        os.close(folder)
        return app

    def lend(self, app: _socket.socket) -> "int | None":
        """Wait until an app gives the terminal back; returns the exit status, None where its user follows."""
        said, ended, last = b"", False, 0
        while not ended:
            ready, _, _ = select.select([app.fileno(), self.wake], [], [])
            for number in os.read(self.wake, 64) if self.wake in ready else b"":
                if number == _signal.SIGUSR1:  # it has left the screen, and waits
                    self.stop()
                else:
                    self.tell(number)
                    last = number if number in ENDS else last
            if app.fileno() in ready:
                received = app.recv(MOST_READ)
                said += received
                ended = not received or has_end(said)
        app.close()
        if last and not has_end(said):  # the app was ended by it, and said nothing
            return self.left(128 + last)
        return self.came_back(said)

    def tell(self, number: int) -> None:
        """Have the app hear of a signal."""
        assert self.app
        try:  # noqa: SIM105
            os.kill(self.app, number)
        except OSError:
            pass  # it has just ended

    def came_back(self, said: bytes) -> "int | None":
        """Go on when an app has ended, with what it has said; one that was killed has said nothing."""
        self.app = status = None
        for kind, content in whole(said):
            if kind == END:
                status = int(content)
            else:
                self.take_back(kind, content)
        if status not in (None, FOLLOWS):
            return status
        if status is None:  # what it has read of a message is lost
            self.say_goodbye()
        self.enter(is_handed=status is not None)
        self.join()
        return None

    def say_goodbye(self) -> None:
        """Close the connection, so that the leader knows it before there is another one of that name."""
        if not self.connection:
            return
        try:
            self.connection.settimeout(PATIENCE)
            self.connection.shutdown(_socket.SHUT_WR)
            while self.connection.recv(MOST_READ):
                pass
        except OSError:
            pass
        self.disconnect()


def message(kind: bytes, content: bytes) -> bytes:
    """A message as it is sent."""
    return kind + len(content).to_bytes(3, "big") + content


def first_of(messages: bytes) -> "tuple[bytes, bytes, bytes] | None":
    """(letter, content, what comes after it) of the first message; None where it is not whole."""
    end = HEAD + int.from_bytes(messages[1:HEAD], "big")
    return (messages[:1], messages[HEAD:end], messages[end:]) if len(messages) >= end else None


def whole(messages: bytes) -> "Iterator[tuple[bytes, bytes]]":
    """(letter, content) of each message that is whole."""
    while first := first_of(messages):
        kind, content, messages = first
        yield kind, content


def has_end(messages: bytes) -> bool:
    """Whether there is a whole message of the end among messages."""
    return any(kind == END for kind, _ in whole(messages))


if __name__ == "__main__":
    _, path, owner, hello, lost, handed, steps, quits, *becomes = sys.argv
    sys.exit(Follower(path, int(owner), os.fsencode(hello), lost, handed, steps, quits, becomes).follow())
