"""The costs of an update, measured in a process of its own while the app goes on."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from tempfile import TemporaryFile

from tinynet_tui.engine.model import Setup
from tinynet_tui.frameworks.costs import Cost, Costs
from tinynet_tui.frameworks.own_process import own_process

PROGRAM = (sys.executable, "-P", "-m", "tinynet_tui.frameworks.costs")
"""-P: a file of the working directory is never taken for a library."""
TIME_LIMIT = 120.0
"""Seconds for all of it: a framework may take many to be loaded, but none is waited for without end."""


async def measured(setup: Setup, lesson: str) -> AsyncIterator[Costs]:
    """The costs of an update of a lesson with its setup, again whenever one is there, at first without any.

    The process ends when nobody asks any more, or when it takes too long; what it told by then stays.
    """
    costs = Costs(setup.model, len(setup.inputs), setup.batch)
    yield costs
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(TIME_LIMIT):
            async for cost in _told(lesson):
                costs = replace(costs, found=(*costs.found, cost))
                yield costs
    yield replace(costs, has_ended=True)


async def _told(lesson: str) -> AsyncIterator[Cost]:
    """What the program tells of a lesson; it is ended when that is no longer wanted."""
    # In a file: a pipe would have to be written by a thread, which may still be at it when all is to end.
    with TemporaryFile("w+", encoding="utf-8") as text:
        text.write(lesson)
        text.seek(0)
        with own_process(PROGRAM, text) as process:
            assert process.stdout is not None, "it was asked for"
            while line := await asyncio.to_thread(process.stdout.readline):
                yield Cost(**json.loads(line))
