"""What is sent between the parts of a class on one machine: a letter, three bytes of length, the rest.

The same few letters are written in `thin_client`, which can import nothing from here.
"""

from __future__ import annotations

from collections.abc import Iterator

HEAD = 4
"""Bytes of the letter and the length."""
LONGEST = (1 << 24) - 1

FRAME, PLACE, OWN_APP, END = b"F", b"P", b"A", b"E"
"""To a follower: what to write, the place, to have an app of its own and what to do in it first, the end."""
OVER = b"O"
"""To a watcher: the class has ended, and this is to be the last row for as long as there is no other."""
LOST = b"Y"
"""To a watcher: who it is that is gone, in words, while there is no leader."""
KEPT = b"U"
"""To a watcher: for how many seconds they cannot step by themselves, also where there is no leader."""
TYPED = b"X"
"""To a watcher: what they are asked, and what of an answer is typed; from them, to a leader who is back."""
CLASS, GATHER, LAST = b"C", b"G", b"L"
"""To a follower's own app: how far the class is, to come back to it, its whole place."""
MODES, REST, ANEW = b"M", b"R", b"N"
"""From one process of a follower to the next: the line's first modes, what has come of later messages, and
that the connection to the leader is gone: another one is to be made."""
ENVIRON, COMMAND_LINE, APP = b"V", b"W", b"I"
"""To a preloaded process, what to be; from the app that it forks, its number."""
HELLO, SIZE, KEYS, NEWS = b"H", b"S", b"K", b"D"
"""From a follower: who it is, its window, what was typed, and what it says to the room.

The first of them also to a follower: what it is to say when it comes again.
"""
TRIED = b"B"
"""To an app over SSH or in a kiosk, where there is no file for it, and from it: what they have tried."""
SUCCESSOR, STATE, READY = b"J", b"Q", b"Z"
"""From an app for somebody over SSH: that a new process is to take its place, with all that is handed on. The
state of the app is a part of that. From the new process: that it is there."""
TERMINAL = b"T"
"""From a follower of the leader's own user, before it says who it is: its terminal, which is written to."""


class TooLong(ValueError):
    """A message is longer than whoever receives it takes."""


def message(kind: bytes, content: bytes = b"") -> bytes:
    """A message as it is sent."""
    return kind + len(content).to_bytes(3, "big") + content


class Messages:
    """Messages out of the bytes that arrive, however they are cut."""

    def __init__(self, longest: int = LONGEST) -> None:
        self.longest = longest
        """Bytes of the longest message that is taken."""
        self.rest = b""
        """What has arrived of a message that is not whole yet."""

    def feed(self, arrived: bytes) -> Iterator[tuple[bytes, bytes]]:
        """(letter, content) of each message that is whole by now.

        Raises: TooLong when one is announced that is longer than is taken.
        """
        self.rest += arrived
        while len(self.rest) >= HEAD:
            length = int.from_bytes(self.rest[1:HEAD], "big")
            if length > self.longest:
                raise TooLong(f"a message of {length:,} bytes; at most {self.longest:,} are taken")
            if len(self.rest) < HEAD + length:
                return
            kind, content = self.rest[:1], self.rest[HEAD : HEAD + length]
            self.rest = self.rest[HEAD + length :]
            yield kind, content
