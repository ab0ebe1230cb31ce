"""Where a class is on an MQTT broker: the URLs that its teacher and its students type."""

from typing import NamedTuple
from urllib.parse import urlsplit

from tinynet_tui.classroom.names import room_fault

TEACHER, CLASS = "tinynet-teacher", "tinynet-class"
"""The two accounts of a broker."""


class _Way(NamedTuple):
    port: int
    is_secure: bool
    path: str
    """Where a WebSocket is asked for; "" where none is used."""


_WAYS = {
    "mqtts": _Way(8883, True, ""),
    "wss": _Way(443, True, "/mqtt"),
    "mqtt": _Way(1883, False, ""),
}
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


class AddressFault(ValueError):
    """A URL that leads to no broker; says why, in one line."""


class BrokerAddress(NamedTuple):
    """A broker, and how it is reached."""

    scheme: str
    host: str
    port: int
    path: str
    """Of the WebSocket, "" for the usual one."""

    @property
    def is_secure(self) -> bool:
        """Whether nobody between can read or change what is sent."""
        return _WAYS[self.scheme].is_secure

    @property
    def web_path(self) -> str:
        """Where the WebSocket is asked for; "" where none is used."""
        return self.path or _WAYS[self.scheme].path

    @property
    def written(self) -> str:
        """The URL, without a port that goes without saying."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _WAYS[self.scheme].port else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"


def is_url(text: str) -> bool:
    """Whether a word is meant as the URL of a broker."""
    return "://" in text


def broker_address(url: str) -> BrokerAddress:
    """The broker of a URL.

    Raises: AddressFault when it cannot be one.

    Example:
        >>> broker_address("wss://class.example/mqtt").written
        'wss://class.example/mqtt'
        >>> broker_address("mqtts://class.example:8883/").written
        'mqtts://class.example'
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise AddressFault("it is no URL, such as mqtts://class.example") from None
    way = _WAYS.get(parts.scheme)
    if way is None or not parts.hostname:
        known = ", ".join(f"{scheme}://HOST" for scheme in _WAYS)
        raise AddressFault(f"it is none of {known}")
    if parts.username is not None or parts.query or parts.fragment:
        raise AddressFault("it must be a host, a port and a path alone; codes are given in other ways")
    if not way.is_secure and parts.hostname not in _THIS_MACHINE:
        raise AddressFault(
            "mqtt:// sends codes as plain text, so only to this machine: use mqtts:// or wss://"
        )
    path = parts.path.rstrip("/")
    if path and not way.path:
        raise AddressFault(f"{parts.scheme}:// has no path")
    return BrokerAddress(parts.scheme, parts.hostname, port or way.port, path)


def broker_room(url: str) -> tuple[BrokerAddress, str]:
    """(the broker, the room) of the URL that a student types.

    Raises: AddressFault when it cannot be one.

    Example:
        >>> broker_room("mqtts://class.example/room-7")[1]
        'room-7'
    """
    broker, _, room = url.rstrip("/").rpartition("/")
    if not is_url(f"{broker}/") or broker.endswith("/"):
        raise AddressFault("it has no room at its end, such as mqtts://class.example/class")
    if fault := room_fault(room):
        raise AddressFault(f"the room at its end {fault}")
    return broker_address(broker), room
