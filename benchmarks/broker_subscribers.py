"""Many subscribers of a broker, as a program: tells when the last of them has had a message.

Arguments: the port of the broker on this machine, how many subscribers, and the topics. It speaks just enough
of MQTT 3.1.1 for that. It prints a line when all have subscribed, and then, for each message, the time of the
monotonic clock at which the last one had it.
"""

from __future__ import annotations

import selectors
import socket
import sys
from collections import Counter
from time import monotonic

_PUBLISH, _SUBACK = 3, 9
_PACKET_NUMBER = b"\x00\x01"


def _text(text: str) -> bytes:
    return len(text).to_bytes(2, "big") + text.encode()


def _packet(kind: int, content: bytes) -> bytes:
    assert len(content) < 128, "the length is one byte"
    return bytes((kind, len(content))) + content


class Subscriber:
    """One connection to the broker."""

    def __init__(self, port: int, number: int, topics: list[str]) -> None:
        self.connection = socket.create_connection(("127.0.0.1", port))
        self._arrived = b""
        # MQTT, level 4, a clean session, no keepalive.
        connect = _text("MQTT") + b"\x04\x02\x00\x00" + _text(f"subscriber-{number}")
        asked = b"".join(_text(topic) + b"\x01" for topic in topics)
        self.connection.sendall(_packet(0x10, connect) + _packet(0x82, _PACKET_NUMBER + asked))

    def kinds(self) -> list[int]:
        """The kinds of packets that have arrived now; messages are acknowledged."""
        self._arrived += self.connection.recv(65_536)
        found = []
        while len(self._arrived) >= 2:
            length, place = self._length()
            if len(self._arrived) < place + length:
                break
            head, content = self._arrived[0], self._arrived[place : place + length]
            self._arrived = self._arrived[place + length :]
            found.append(head >> 4)
            if head >> 4 == _PUBLISH and head & 0x06:
                after_topic = 2 + int.from_bytes(content[:2], "big")
                self.connection.sendall(_packet(0x40, content[after_topic : after_topic + 2]))
        return found

    def _length(self) -> tuple[int, int]:
        """(how long the packet is, where its content begins)."""
        length = 0
        for place in range(1, min(5, len(self._arrived))):
            length |= (self._arrived[place] & 0x7F) << 7 * (place - 1)
            if self._arrived[place] < 0x80:
                return length, place + 1
        return 1 << 28, 5


def main(port: int, count: int, topics: list[str]) -> None:
    """Subscribe, and tell of messages until the output is closed."""
    waits = selectors.DefaultSelector()
    for number in range(count):
        one = Subscriber(port, number, topics)
        waits.register(one.connection, selectors.EVENT_READ, one)
    had = Counter[int]()
    for awaited, each in ((_SUBACK, 1), *((_PUBLISH, number) for number in range(1, 1_000_000))):
        while had[awaited] < count * each:
            for key, _ in waits.select():
                had.update(key.data.kinds())
        print(monotonic(), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
