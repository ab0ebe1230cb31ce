"""A class over SSH without a screen, as a program: does a command of the session for each line of its input.

Its arguments: a folder for its host key, the class code, the leader's code, files of keys of students and of
leaders ("" for none), and limits as name=number. `who` prints who is there, `objects` how much is kept;
`forget` has nothing kept of what was tried, as a server that was started anew. The
file `log` in the folder has what the server logs, and a line for each module that an app imports once it is
confined.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import socket
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from pathlib import Path

from tinynet_tui.classroom.admission import Admission
from tinynet_tui.classroom.directory import Claimed, audience, claim, give_up
from tinynet_tui.classroom.host_key import host_key
from tinynet_tui.classroom.hub import Hub
from tinynet_tui.classroom.message_contents import sent_place
from tinynet_tui.classroom.preloaded import Asker
from tinynet_tui.classroom.room import Room
from tinynet_tui.classroom.ssh_limits import Limits
from tinynet_tui.classroom.ssh_server import SshServer, new_host_key, public_keys
from tinynet_tui.classroom.tried_places import RecordsByName
from tinynet_tui.cli import serve as serving_apps
from tinynet_tui.cli.open_app import OpenApp
from tinynet_tui.lessons.reading import open_lesson
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.tui import alone_over_ssh
from tinynet_tui.tui.terminal_app import TerminalApp

_run_app = serving_apps.run_app
MEMORY = "LC_MEMORY"
"""The variable by which a client has its app be without memory at the key y."""
PAGES = "LC_PAGES"
"""The variable by which a client says with how many pages of memory its app asks for another process."""


class LateImports(MetaPathFinder):
    """Complains of each module that is looked for: no folder with one need be readable when confined."""

    def find_spec(self, name: str, *_: object) -> None:
        """Nothing is found here."""
        os.write(2, f"imports {name}\n".encode())


def out_of_memory(*_: object) -> None:
    """Do what is too much."""
    raise MemoryError


def run_watched(words: Sequence[str], asker: Asker, opened: OpenApp) -> int:
    """Run an app that complains of what it imports; another process goes on as soon as its user wishes."""
    sys.meta_path.insert(0, LateImports())
    if MEMORY in os.environ:
        TerminalApp.copy = out_of_memory  # type: ignore[method-assign, assignment]
    if PAGES in os.environ:
        alone_over_ssh._PAGES, alone_over_ssh._MORE = int(os.environ[PAGES]), 0
    return _run_app(words, asker, opened)


def answer_watched(*numbers: str) -> None:
    """Be the process that forks such apps."""
    serving_apps.run_app = run_watched
    serving_apps.answer_apps(*numbers)


async def serve(
    room: Claimed, folder: str, code: str, leader_code: str, keys: str, leader_keys: str, *limits: str
) -> None:
    """Serve until input ends."""
    session = start(open_lesson("lecture"))
    hub = Hub(Room("class", "Grace"), session, lambda _room: None)
    known = (public_keys(Path(file).read_text().splitlines()) if file else () for file in (keys, leader_keys))
    admission = Admission(code or None, next(known), leader_code or None, next(known))
    named = {name: float(number) for name, _, number in (limit.partition("=") for limit in limits)}
    whole = {"students", "teachers", "apps", "more_unknown", "bytes_a_second"}
    own = Limits(**{name: int(of) if name in whole else of for name, of in named.items()})  # type: ignore[arg-type]
    server = SshServer(admission, host_key(Path(folder) / "key", new_host_key), own)
    listening = socket.create_server(("127.0.0.1", 0))
    await server.open(hub, listening, str(room.apps), room.written)
    print(listening.getsockname()[1], server.fingerprint, flush=True)
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := (await reader.readline()).decode().strip():
        if line == "objects":
            gc.collect()
            print(json.dumps({"objects": len(gc.get_objects())}), flush=True)
            continue
        if line == "forget":
            server.apps.tried = RecordsByName()
        elif line != "who":
            session = after(session, Command(line))
            hub.show(session)
        people = {person.name: person.doing for person in hub.room.people}
        sizes = [kind[:2] for kind in hub.screens._of_kind]
        told = {"step": session.step, "people": people, "desks": len(hub.desks), "sizes": sizes}
        print(json.dumps(told), flush=True)
    await server.close("The class is over.")


def main() -> None:
    """Have apps preloaded, and serve."""
    room = claim("class", audience("me"))
    serving_apps._ANSWER = (
        f"import sys; sys.path.append({os.getcwd()!r}); "
        "from tests.classroom.serving import answer_watched; answer_watched(*sys.argv[1:])"
    )
    serving_apps._preload(room, sent_place(start(open_lesson("lecture"))), os.pipe()[0])
    logging.basicConfig(filename=Path(sys.argv[1]) / "log", level=logging.INFO)
    asyncio.run(serve(room, *sys.argv[1:]))
    give_up(room)


if __name__ == "__main__":
    main()
