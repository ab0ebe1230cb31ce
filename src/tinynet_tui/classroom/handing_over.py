"""What one process of a follower hands to the next, with the terminal: `thin_client` writes the same."""

from __future__ import annotations

import os
from typing import NamedTuple

import msgspec

from tinynet_tui.classroom.message_contents import Hello
from tinynet_tui.classroom.messages import HELLO, MODES, OWN_APP, PLACE, REST, STATE, TRIED, Messages, message
from tinynet_tui.terminal.job import take_line


class Handed(NamedTuple):
    """All that is needed to go on where another process has stopped."""

    modes: bytes
    """The first modes of the line, before any program of ours."""
    hello: bytes
    """What is said to the leader first."""
    place: bytes
    """The last place that the leader has sent."""
    first: str = ""
    """What is to be done first: a command, or "typed " and what was typed, in hexadecimal digits."""
    rest: bytes = b""
    """What has come from the leader and was not read."""
    tried: bytes = b""
    """What its user has tried before, where there is no file for it."""
    state: bytes = b""
    """All that an app has, where the next process is to be the same app."""

    @classmethod
    def read(cls, file: int) -> Handed:
        """What stands in a file, which is closed."""
        with open(file, "rb") as messages:
            found = dict(Messages().feed(messages.read()))
        first, tried = found[OWN_APP].decode(), found.get(TRIED, b"")
        state = found.get(STATE, b"")
        return cls(found[MODES], found[HELLO], found[PLACE], first, found[REST], tried, state)

    @property
    def messages(self) -> bytes:
        """As it is written."""
        parts = (MODES, self.modes), (HELLO, self.hello), (PLACE, self.place), (REST, self.rest)
        return b"".join(message(*part) for part in (*parts, (TRIED, self.tried)))


def handed_file(content: bytes) -> int:
    """The descriptor of a file in memory with it, which is read from the beginning."""
    file = os.memfd_create("handed")
    os.write(file, content)
    os.lseek(file, 0, os.SEEK_SET)
    return file


def handed_at(terminal: int, hello: Hello, place: bytes, tried: bytes, first: bytes) -> bytes:
    """What an app goes on with at a pseudo-terminal, which is taken over here; else as in `Handed`."""
    modes = take_line(terminal) or []
    numbers = [*modes[:6], *(sign if isinstance(sign, int) else sign[0] for sign in modes[6])]
    modes_now = " ".join(map(str, numbers)).encode()
    handed = Handed(modes_now, msgspec.json.encode(hello), place, tried=tried)
    return handed.messages + message(OWN_APP, first)
