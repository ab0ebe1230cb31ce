"""Many SSH clients in one process, told by lines of their input what to do; a line of JSON answers each.

Its arguments: the port, the code, the number of the first and how many there are, and the file of a key, if
all of them come with one under the name of who runs this. They read as clients do, until `listen` has them
note what comes and when, which takes no time. From then on `since T S` has the time at which the last of them
got something after T, and the bytes that all of each size have got, as soon as all have and nothing came for
S seconds; `key K SECONDS` has each press a key, spread over some time, and says how long each waited for
something; `type KEYS SECONDS` has each press keys, which are written in hexadecimal digits, and waits. Of
those that read, `misbehave HOW` has the first stall, flood or resize until `rest`, and says at which port
that is. `cycles N` has N others come and go.
"""

from __future__ import annotations

import asyncio
import getpass
import json
import socket
import sys
from itertools import count
from time import perf_counter
from typing import Any

import asyncssh

SIZES = ((80, 24), (100, 30), (120, 36), (60, 20), (132, 40))
_AT_ONCE = 50
"""Clients that connect at the same time."""
_PATIENCE = 60.0
"""Seconds after which what has not come is not waited for."""
_ALIVE = 8.0
"""Seconds between two signs of life: what a server asks is not read here, and so not answered."""
_READ_AT_ONCE = 65_536
_LITTLE = 4_096
"""Bytes that the system holds for a client that does not read."""
_IGNORE = 2
"""The kind of a packet that is nothing but that."""


class Client(asyncio.Protocol):
    """A client that watches: what comes to it is read, and later only noted."""

    def __init__(self, port: int, code: str, number: int, key: str = "") -> None:
        self._port, self._code, self._number, self._key = port, code, number, key
        self._size = SIZES[number % len(SIZES)]
        self.arrived: list[tuple[float, int]] = []

    async def connect(self) -> None:
        """Sit down."""
        self.connection = await asyncssh.connect(
            "127.0.0.1",
            self._port,
            username=getpass.getuser() if self._key else f"Student {self._number}",
            password=self._code,
            known_hosts=None,
            client_keys=[self._key] if self._key else None,
            config=None,
        )
        self.process: asyncssh.SSHClientProcess[bytes] = await self.connection.create_process(
            term_type="xterm-256color", term_size=self._size, encoding=None
        )
        await self.process.stdout.read(1)
        transport = self.connection._transport
        assert transport is not None
        self.transport = transport

    async def read(self) -> None:
        """Read what comes, until this is cancelled."""
        while await self.process.stdout.read(_READ_AT_ONCE):
            pass

    def listen(self) -> None:
        """Note what comes, from now on, and read it no more: nor could that be begun again."""
        self.transport.set_protocol(self)

    def data_received(self, data: bytes) -> None:
        """Take note of it."""
        self.arrived.append((perf_counter(), len(data)))

    def first_since(self, since: float) -> float:
        """When something came first after a time."""
        return min((at for at, _ in self.arrived if at >= since), default=float("inf"))

    async def press(self, key: str, wait: float) -> float:
        """Press a key, after a while; how long it took until something came."""
        await asyncio.sleep(wait)
        begun = perf_counter()
        self.process.stdin.write(key.encode())
        while self.first_since(begun) == float("inf"):
            await asyncio.sleep(0.001)
        return self.first_since(begun) - begun

    async def misbehave(self, how: str) -> None:
        """Stall, flood or resize until this is cancelled."""
        if how == "stall":
            plug: socket.socket = self.transport.get_extra_info("socket")
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _LITTLE)  # else the system holds megabytes
            self.transport.pause_reading()
            return
        for number in count():
            if how == "flood":
                self.process.stdin.write(b"!2" * 500)
                await self.process.stdin.drain()
            else:
                self.process.change_terminal_size(60 + number % 120, 20 + number % 40)
            await asyncio.sleep(0.01)

    def rest(self) -> None:
        """Be as any other again."""
        self.transport.resume_reading()
        self.process.change_terminal_size(*self._size)


async def rest(clients: list[Client], since: float, still: float) -> None:
    """Wait until each has got something after a time, and then none for some seconds; not for ever."""
    begun = now = perf_counter()
    while now < begun + _PATIENCE:
        last = [client.arrived[-1][0] if client.arrived else 0.0 for client in clients]
        if min(last) >= since and now >= max(begun, *last) + still:
            return
        await asyncio.sleep(0.02)
        now = perf_counter()


async def come_and_go(port: int, code: str, number: int) -> None:
    """One who connects, sees the class, and is gone."""
    client = Client(port, code, number)
    await client.connect()
    client.connection.abort()


async def stay(clients: list[Client]) -> None:
    """Have the server know that its clients are there."""
    while True:
        await asyncio.sleep(_ALIVE)
        for client in clients:
            if not client.transport.is_closing():
                client.connection.send_packet(_IGNORE, bytes(4))


async def main(port: int, code: str, first: int, most: int, key: str = "") -> None:
    """Connect, and answer until input ends."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def gated(work: Any) -> None:
        async with gate:
            await work

    begun = perf_counter()
    clients = [Client(port, code, number, key) for number in range(first, first + most)]
    await asyncio.gather(*(gated(client.connect()) for client in clients))
    staying = asyncio.ensure_future(stay(clients))
    print(perf_counter() - begun, flush=True)
    reading = [asyncio.ensure_future(client.read()) for client in clients]
    reader, misbehaving = asyncio.StreamReader(), None
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while words := (await reader.readline()).decode().split():
        answer: Any = None
        match words:
            case ("listen",):
                for client, task in zip(clients, reading, strict=True):
                    task.cancel()
                    client.listen()
            case "since", since, still:
                await rest(clients, float(since), float(still))
                last = max(client.first_since(float(since)) for client in clients)
                answer = (
                    last,
                    [
                        sum(size for client in clients[place :: len(SIZES)] for at, size in client.arrived)
                        for place in range(len(SIZES))
                    ],
                )
            case "key", key, seconds:
                each = float(seconds) / most
                presses = (client.press(key, number * each) for number, client in enumerate(clients))
                answer = await asyncio.gather(*presses)
            case "type", keys, seconds:
                for client in clients:
                    client.process.stdin.write(bytes.fromhex(keys))
                await asyncio.sleep(float(seconds))
            case "misbehave", how:
                _, answer = clients[0].connection.get_extra_info("sockname")
                misbehaving = loop.create_task(clients[0].misbehave(how))
            case ("rest",) if misbehaving is not None:
                misbehaving.cancel()
                clients[0].rest()
            case "cycles", number:
                await asyncio.gather(
                    *(
                        gated(come_and_go(port, code, most + one % (2 * _AT_ONCE)))
                        for one in range(int(number))
                    )
                )
        for client in clients:
            client.arrived.clear()
        print(json.dumps(answer), flush=True)
    staying.cancel()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), *sys.argv[5:]))
