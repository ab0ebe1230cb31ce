"""Ports for programs that take a number and do not say which one they have found."""

from __future__ import annotations

import socket


def held_port() -> tuple[socket.socket, int]:
    """A port of this machine that nobody is given while the socket is open; whoever knows it can listen.

    Nor does a connection to it, before anybody listens, find itself at the other end.
    """
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    return held, held.getsockname()[1]
