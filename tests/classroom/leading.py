"""A leader without a screen, as a program: does a command of the session for each line of its input."""

from __future__ import annotations

import asyncio
import sys

from tinynet_tui.classroom.directory import audience, claim
from tinynet_tui.classroom.hub import Hub
from tinynet_tui.classroom.room import Room
from tinynet_tui.lessons.reading import open_lesson
from tinynet_tui.session.commands import Command, after, start


async def lead(room: str, lesson: str) -> None:
    """Lead a room until input ends."""
    session = start(open_lesson(lesson))
    hub = Hub(Room(room, "Grace"), session, lambda _room: None)
    await hub.open(claim(room, audience("me")))
    print("open", flush=True)
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := (await reader.readline()).decode().strip():
        session = after(session, Command(line))
        hub.show(session)
        print(f"{session.update}.{session.step} {len(hub.room.here)}", flush=True)
    hub.close("The class is over.")
    await asyncio.sleep(0)


if __name__ == "__main__":
    asyncio.run(lead(*sys.argv[1:]))
