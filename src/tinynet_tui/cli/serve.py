"""The verb serve: a class over SSH, for students who have nothing else."""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import sys
from argparse import Namespace
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from tinynet_tui.classroom.admission import LEAST_LEADER_CODE, Admission, CodeFault, checked_code, new_code
from tinynet_tui.classroom.confined import CONFINED, OUT_OF_TIME, SUCCEEDS, be_private, confine, take_terminal
from tinynet_tui.classroom.directory import Address, Claimed, apps_socket, own_user
from tinynet_tui.classroom.handing_over import handed_file
from tinynet_tui.classroom.host_key import host_key
from tinynet_tui.classroom.joining import joining_by_ssh, shown_address
from tinynet_tui.classroom.message_contents import sent_place
from tinynet_tui.classroom.names import room_fault
from tinynet_tui.classroom.ssh_limits import DESCRIPTORS, Limits
from tinynet_tui.cli.faults import PROGRAM, Fault
from tinynet_tui.cli.follow import run as follow
from tinynet_tui.cli.lead import add_class, claimed, recording, room_as_left, say_how_to_join
from tinynet_tui.cli.open_app import OpenApp, open_app
from tinynet_tui.cli.parser import DEFAULT_LESSON, Parser, Word, count, named_lesson
from tinynet_tui.cli.stepper import open_stepper
from tinynet_tui.safety.refusal import Refusal
from tinynet_tui.session.commands import start as begin
from tinynet_tui.session.people import state_path
from tinynet_tui.session.saved_session import decoded
from tinynet_tui.terminal.abilities import terminal_problem

if TYPE_CHECKING:
    from tinynet_tui.classroom.leader_terminal import LeaderTerminal
    from tinynet_tui.classroom.preloaded import Asker
    from tinynet_tui.classroom.ssh_server import SshServer

_EXAMPLES = (
    "tinynet-tui serve",
    "tinynet-tui serve mazur --host 0.0.0.0",
    "tinynet-tui serve --host 0.0.0.0 --authorized-keys students.keys",
    "tinynet-tui serve --shown-as school.example",
)
_ABOUT = """Lead a class over SSH: students type `ssh -p 2222 NAME@host` and the class code,
and see every step of yours. Nothing else can be reached there. This terminal is
the leader's."""
LEADER_CODE = "TINYNET_LEADER_CODE"
"""The variable of the environment with the code by which the teacher leads from elsewhere."""
_SPARE_DESCRIPTORS = 200
"""Beside one for each connection of a student, and one for each that has not shown who it is."""
_LARGEST_FILE = 1 << 20
"""Bytes of a file of keys."""
_NOT_INSTALLED = f"serve needs AsyncSSH: {sys.executable} -m pip install asyncssh"
_ENDED_IN_ORDER = (128 + signal.SIGTERM, 128 + signal.SIGINT)
"""How a server ends that has no terminal."""
_ANSWER = "import sys; from tinynet_tui.cli.serve import answer_apps; answer_apps(*sys.argv[1:])"
_NEEDED = re.compile(r"PATH|LANG|(LC_|LD_|PYTHON)\w+")
"""Variables with which apps are loaded; each app is sent its own."""
_FILES = ("authorized_keys", "leader_keys", "leader_code_file")
_OF_SERVER = ("room", "host", "port", "shown_as", *_FILES, "max_students")
"""Options without which another server would go on."""
_OLDEST = (2, 24, 1)
"""The version of AsyncSSH in which known faults are mended."""


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser("serve", _ABOUT, _EXAMPLES)
    parser.add_lesson(default=None)
    parser.add_argument("--room", default="class", metavar="ROOM", help="the name of the room (class)")
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="where to listen: 127.0.0.1 for this machine alone (the default), 0.0.0.0 for every network",
    )
    parser.add_argument("--port", type=count(0, 65_535), default=2222, metavar="N", help="the port (2222)")
    parser.add_argument(
        "--shown-as",
        type=Word(lambda text: shown_address(text, 1) and text),
        metavar="HOST[:PORT]",
        help="where students connect, if that is not this machine's address: it is forwarded, or has a name",
    )
    parser.add_argument(
        "--code", metavar="CODE", help="the class code, instead of a random one; `ps` shows it"
    )
    parser.add_argument(
        "--authorized-keys",
        metavar="FILE",
        help="let in students who have one of these keys; with --code, or the code of a class that goes on, "
        "also those who know it",
    )
    parser.add_argument(
        "--leader-keys", metavar="FILE", help="users lead and desk are whoever has one of these keys"
    )
    parser.add_argument(
        "--leader-code-file",
        metavar="FILE",
        help=f"or know the code in this file, or in {LEADER_CODE}",
    )
    parser.add_argument(
        "--max-students",
        type=count(1, 10_000),
        default=Limits().students,
        metavar="N",
        help=f"at once ({Limits().students})",
    )
    parser.add_person("your name in the class")
    add_class(parser)
    return parser


def run(words: Sequence[str]) -> int:
    """Serve as a command line asks for."""
    own = parser()
    arguments = own.read(words)
    if fault := room_fault(arguments.room):
        raise Refusal(f"--room {fault}")
    problem = terminal_problem(sys.stdin, sys.stdout, os.environ)
    if problem and not (arguments.leader_keys or arguments.leader_code_file or LEADER_CODE in os.environ):
        raise Refusal(
            problem,
            "Or lead from elsewhere, over SSH: --leader-keys or --leader-code-file says who may.",
        )
    lesson = named_lesson(arguments.lesson or DEFAULT_LESSON)
    room, start = room_as_left(arguments, own_user())
    with recording(room.record, start is not None) as recorder, claimed(room) as own_room:
        ends_with, _ = os.pipe()  # nobody has the other end any more when this process has ended
        preload = partial(_preload, own_room, sent_place(begin(lesson)), ends_with)
        preloaded = None
        with suppress(OSError):  # without it nobody steps alone; the class goes on
            preloaded = preload()
        from tinynet_tui.cli.serve_log import start_log

        be_private()
        server, listening, lines = _server(arguments, room.code)
        room = replace(room, code=server.admission.code or "")
        terminal = _leader_terminal(takes_place=bool(problem))
        start_log(to_file=not problem)
        line, *notes = lines
        if problem:
            notes.append(f"You lead: {line.replace('NAME@', 'lead@')}")
        say_how_to_join(line, notes, room, start)
        from tinynet_tui.tui.permissions import LED_OVER_SSH
        from tinynet_tui.tui.serving import Serving

        make = partial(
            Serving,
            room=room,
            claimed=own_room,
            join_lines=lambda: lines,
            recorder=recorder,
            server=server,
            listening=listening,
            going_on=_going_on(own, vars(arguments) | {"port": listening.getsockname()[1]}),
            terminal=terminal,
            has_terminal=not problem,
            preloaded=preloaded,
            preload_again=preload,
        )
        status = open_stepper(own, lesson, arguments, make, start, LED_OVER_SSH if problem else None)
        return 0 if problem and status in _ENDED_IN_ORDER else status


def _going_on(own: Parser, options: dict[str, Any]) -> str:
    """What goes on with a class, as it is typed: all of the server that is not kept with the room."""
    words = ["serve"]
    for name in _OF_SERVER:
        value = options[name]
        if value != own.get_default(name):
            value = os.path.abspath(value) if name in _FILES else str(value)
            words += [f"--{name.replace('_', '-')}", value]
    return shlex.join(words)


def _preload(room: Claimed, place: bytes, ends_with: int) -> int:
    """Have a process ready that forks apps; returns its number.

    It is another program: a fork of this one would have every code and secret of its environment in memory,
    the host key later on, and all connections. place: one with the lesson of the class; ends_with: a pipe,
    whose end is its end.

    Raises: OSError when it cannot be.
    """
    environ = {name: value for name, value in os.environ.items() if _NEEDED.fullmatch(name)}
    null = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in range(3)]
    with open(handed_file(place), "rb") as lesson, apps_socket(room) as listening:
        numbers = listening.fileno(), ends_with, lesson.fileno()
        for number in numbers:
            os.set_inheritable(number, True)
        words = [sys.executable, "-P", "-c", _ANSWER, *map(str, numbers)]
        return os.posix_spawn(sys.executable, words, environ, file_actions=null)


def answer_apps(listening: str, ends_with: str, lesson: str) -> NoReturn:
    """Be that process, with the descriptors of the socket, the pipe and the file with the lesson."""
    from tinynet_tui.classroom.preloaded import answer

    with open(int(lesson), "rb") as file:
        place = file.read()
    opened: OpenApp | None = None

    def load() -> None:
        nonlocal opened
        opened = open_app(decoded(place).lesson)

    def run(words: Sequence[str], asker: Asker) -> int:
        assert opened is not None, "it is loaded before anybody is answered"
        return run_app(words, asker, opened)

    answer(socket.socket(fileno=int(listening)), int(ends_with), run, load)


def _leader_terminal(takes_place: bool) -> LeaderTerminal:
    """A terminal for the leader's app that is seen over SSH; takes_place: at once, as there is no other.

    Raises: Refusal when there can be none.
    """
    from tinynet_tui.classroom.leader_terminal import LeaderTerminal

    try:
        terminal = LeaderTerminal()
    except OSError as error:
        raise Refusal(f"there is no terminal to be had ({error.strerror})") from None
    if takes_place:
        terminal.take_place()
        for name in ("COLORTERM", "TMUX", "STY"):
            os.environ.pop(name, None)
        os.environ["TERM"] = "xterm-256color"
    return terminal


def run_app(words: Sequence[str], asker: Asker, opened: OpenApp) -> int:
    """Run the app of whoever steps alone, in a process of its own: confined where they came over SSH.

    opened: one that is open, for that.
    """
    if words[0] not in (CONFINED, SUCCEEDS):
        return follow(words, asker)
    confine()
    signal.signal(signal.SIGXCPU, partial(_out_of_time, asker))
    if words[0] == CONFINED:
        take_terminal()
    _, written, *descriptors = words
    room, _, teacher = written.partition("@")
    # Confined, it can look in no folder for a leader who is gone.
    return opened.go_on(Address(room, teacher, Path()), asker, *map(int, descriptors))


def _out_of_time(asker: Asker, *_: object) -> NoReturn:
    """Be the end of an app that has computed for as long as it may: the system kills it soon."""
    asker.end(OUT_OF_TIME)
    os._exit(OUT_OF_TIME)


def _server(arguments: Namespace, kept: str | None) -> tuple[SshServer, socket.socket, tuple[str, ...]]:
    """(the server, what it listens on, what students have to know); kept: the code of a class that goes on.

    Raises: Refusal for whatever of it cannot be.
    """
    try:
        from tinynet_tui.classroom.ssh_server import VERSION, SshServer, new_host_key
    except ImportError:
        raise Fault(f"{PROGRAM} {_NOT_INSTALLED}") from None
    except OSError as error:  # it looks for libraries by writing a file: the disk may be full
        raise Refusal(f"AsyncSSH cannot be loaded ({error.strerror or error})") from None
    if tuple(map(int, VERSION.split(".")[:3])) < _OLDEST:
        raise Fault(f"{PROGRAM} {_NOT_INSTALLED}; {VERSION} is too old")
    limits = _limits(arguments.max_students)
    admission = _admission(arguments, kept)
    path = state_path()
    if path is None:
        raise Refusal("there is no home directory to keep the host key in")
    path = path.with_name("ssh_host_ed25519_key")
    try:
        server = SshServer(admission, host_key(path, new_host_key), limits)
    except ValueError as fault:
        raise Refusal(f"{path}: {fault}; move it away for a new one") from None
    listening = _listening(arguments.host, arguments.port)
    host, port, *_ = listening.getsockname()
    known = admission.code, server.fingerprint, arguments.shown_as
    return server, listening, joining_by_ssh(_seen_as(host), port, *known)


def _limits(students: int) -> Limits:
    """Limits with as many apps as the system has descriptors for, beside one for each connection.

    Raises: Refusal where it does not have them for connections.
    """
    from tinynet_tui.classroom.local_line import files_allowed

    limits = Limits(students)
    connections = 2 * students + _SPARE_DESCRIPTORS
    allowed = files_allowed(connections + DESCRIPTORS * limits.apps)
    apps = (allowed - connections) // DESCRIPTORS
    if apps < 1:
        raise Refusal(
            f"--max-students {students}: takes {connections + DESCRIPTORS:,} open files; "
            f"{allowed:,} are allowed"
        )
    return limits._replace(apps=min(limits.apps, apps))


def _admission(arguments: Namespace, kept: str | None = None) -> Admission:
    """Who is let in; kept: the code of a class that goes on.

    Raises: Refusal for codes that are none, and files that cannot be read.
    """
    keys = _keys("--authorized-keys", arguments.authorized_keys)
    leader_keys = _keys("--leader-keys", arguments.leader_keys)
    code = kept
    if arguments.code is not None:
        code = _checked("--code", arguments.code)
    elif not keys and code is None:
        code = new_code()
    elif not keys and not code:
        raise Refusal(f"{arguments.room} lets in keys only: give --authorized-keys FILE, or --code CODE")
    leader_code = _leader_code(arguments)
    admission = Admission(code or None, keys, leader_code, leader_keys)
    if leader_code is not None and admission.opens("student", leader_code):
        raise Refusal("the leader's code must be another than the class code")
    return admission


def _leader_code(arguments: Namespace) -> str | None:
    """The code by which the teacher leads, if there is one.

    Raises: Refusal when it is none, or cannot be read.
    """
    if arguments.leader_code_file is not None:
        text = _text("--leader-code-file", arguments.leader_code_file, is_secret=True)
        return _checked("--leader-code-file", text, LEAST_LEADER_CODE)
    if LEADER_CODE in os.environ:
        return _checked(LEADER_CODE, os.environ[LEADER_CODE], LEAST_LEADER_CODE)
    return None


def _checked(option: str, text: str, least: int | None = None) -> str:
    try:
        return checked_code(text, *([] if least is None else [least]))
    except CodeFault as fault:
        raise Refusal(f"{option} {fault}") from None


def _keys(option: str, path: str | None) -> frozenset[bytes]:
    """The keys in a file; none where there is no file."""
    from tinynet_tui.classroom.ssh_server import KeysFault, public_keys

    if path is None:
        return frozenset()
    try:
        found = public_keys(_text(option, path).splitlines())
    except KeysFault as fault:
        raise Refusal(f"{option} {path}: {fault}") from None
    if not found:
        raise Refusal(f"{option} {path}: there is no key in it")
    return found


def _text(option: str, path: str, is_secret: bool = False) -> str:
    try:
        with open(path, "rb") as file:
            if is_secret and os.fstat(file.fileno()).st_mode & 0o077:
                raise Refusal(f"{option} {path}: others can read or change it; chmod 600 it")
            text = file.read(_LARGEST_FILE + 1)
    except OSError as error:
        raise Refusal(f"{option} {path}: {error.strerror}") from None
    if len(text) > _LARGEST_FILE:
        raise Refusal(f"{option} {path}: it is larger than {_LARGEST_FILE:,} bytes")
    return text.decode("utf-8", "replace")


def _listening(host: str, port: int) -> socket.socket:
    """What listens at an address.

    Raises: Refusal when it cannot.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(512)
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise Refusal(f"cannot listen at {host}, port {port}: {why}") from None
    return listening


def _seen_as(host: str) -> str:
    """The address that others reach this machine by, as far as it can be told from here."""
    if host not in ("0.0.0.0", "::"):
        return host
    family, anywhere = (
        (socket.AF_INET, "192.0.2.1") if host == "0.0.0.0" else (socket.AF_INET6, "2001:db8::1")
    )
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((anywhere, 9))  # sends nothing: it only finds the way
            return str(probe.getsockname()[0])
    except OSError:
        return socket.gethostname()
