"""The costs of an update, measured in a process of its own while the app goes on."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from dataclasses import replace

from tinynet_tui.engine.network import Network
from tinynet_tui.frameworks.costs import Cost, Costs

PROGRAM = (sys.executable, "-P", "-m", "tinynet_tui.frameworks.costs")
"""-P: a file of the working directory is never taken for a library."""
TIME_LIMIT = 120.0
"""Seconds for all of it: a framework may take many to be loaded, but none is waited for without end."""


async def measured(
    network: Network, samples: int, lesson: str, program: tuple[str, ...] = PROGRAM
) -> AsyncIterator[Costs]:
    """The costs of an update of a lesson, again whenever one is there, at first without any.

    The process ends when nobody asks any more, or when it takes too long; what it told by then is complete.
    """
    costs = Costs(network, samples)
    yield costs
    process = await asyncio.create_subprocess_exec(*program, stdin=PIPE, stdout=PIPE, stderr=DEVNULL)
    assert process.stdin is not None, "it was asked for"
    assert process.stdout is not None, "it was asked for"
    try:
        process.stdin.write(lesson.encode())
        process.stdin.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(TIME_LIMIT):
                async for line in process.stdout:
                    costs = replace(costs, found=(*costs.found, Cost(**json.loads(line))))
                    yield costs
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    yield replace(costs, is_complete=True)
