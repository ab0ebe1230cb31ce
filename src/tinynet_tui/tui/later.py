"""What a page or an app does once, after a time."""

import asyncio
from collections.abc import Callable

from textual.message_pump import MessagePump


def later(pump: MessagePump, seconds: float, do: Callable[[], object]) -> asyncio.TimerHandle:
    """Have a page or an app do something once, after a time; `cancel` of what is returned calls it off.

    Textual's own `set_timer` passes over what it is late for, and what happens but once is lost then: where
    the system stops the process for as long just as the timer begins.
    """
    return asyncio.get_running_loop().call_later(seconds, pump.call_next, do)
