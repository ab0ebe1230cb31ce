"""Many SSH clients in one process: they connect, and say when the last of them has something of a step.

Its arguments: the port, the code, how many there are. Its input: a line for each question, with the time from
which on something counts; its output: one line when all are there, and one for each question, with the time
at which the last has something, and the bytes that all have got since then.
"""

from __future__ import annotations

import asyncio
import sys
from time import perf_counter
from typing import Any

import asyncssh

SIZES = ((80, 24), (100, 30), (120, 36), (60, 20), (132, 40))
_AT_ONCE = 50
"""Clients that connect at the same time."""


class Ear(asyncio.Protocol):
    """Takes what comes to a client, once it is there, and reads none of it."""

    def __init__(self) -> None:
        self.arrived: list[tuple[float, int]] = []

    def data_received(self, data: bytes) -> None:
        """Take note of it."""
        self.arrived.append((perf_counter(), len(data)))


async def connected(port: int, code: str, number: int) -> tuple[Ear, asyncssh.SSHClientConnection]:
    """A client that watches."""
    connection = await asyncssh.connect(
        "127.0.0.1",
        port,
        username=f"Student {number}",
        password=code,
        known_hosts=None,
        client_keys=None,
        config=None,
    )
    columns, rows = SIZES[number % len(SIZES)]
    process: asyncssh.SSHClientProcess[Any] = await connection.create_process(
        term_type="xterm-256color", term_size=(columns, rows), encoding=None
    )
    await process.stdout.read(1)
    await asyncio.sleep(0.5)
    transport = connection._transport
    assert transport is not None
    ear = Ear()
    transport.set_protocol(ear)
    return ear, connection


async def main(port: int, code: str, count: int) -> None:
    """Connect, and answer until input ends."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(number: int) -> tuple[Ear, asyncssh.SSHClientConnection]:
        async with gate:
            return await connected(port, code, number)

    begun = perf_counter()
    pairs = await asyncio.gather(*(one(number) for number in range(count)))
    print(perf_counter() - begun, flush=True)
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        since = float(line)
        firsts, total = [], 0
        for ear, _ in pairs:
            later = [piece for piece in ear.arrived if piece[0] >= since]
            ear.arrived.clear()
            firsts.append(min((at for at, _ in later), default=float("inf")))
            total += sum(size for _, size in later)
        print(max(firsts), total, flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
