"""A connection to an MQTT broker: what is published there, and what arrives. Nothing else knows of paho."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from contextvars import copy_context
from threading import Condition
from time import monotonic
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from tinynet_tui.classroom.broker_address import BrokerAddress
from tinynet_tui.safety.foreign_text import one_line
from tinynet_tui.safety.refusal import Refusal

Arrived = tuple[str, bytes]
"""The topic of a message, and what is in it."""
_ANSWER_WITHIN = 10.0
"""Seconds for a broker to say whether it lets somebody in."""
_AGAIN = 1, 4
"""Seconds between two looks for a broker that is gone, at first and at most."""
_LAST_WORDS_WITHIN = 2.0
"""Seconds for a broker to take what is said last."""
_TAKEN_AT_ONCE = 50
"""Messages between two looks at whatever else there is to do."""
_MOST_CONFIRMED = 64
"""Numbers of messages that are remembered: they can be confirmed in another order, and are used again."""
_MOST_WAITING = 20_000
"""Messages that wait to be taken: of more, the oldest are dropped."""


class BrokerFault(Refusal):
    """A broker that cannot be reached, or does not let somebody in; says why, in one line."""


class Broker:
    """A connection that is there again by itself after it was lost."""

    def __init__(
        self, address: BrokerAddress, account: str, code: str, name: str, keepalive: int, code_from: str = ""
    ) -> None:
        """code_from: where the code comes from, for whoever has given none, or a wrong one."""
        self.address = address
        self._account, self._keepalive = account, keepalive
        wrong = f"the code for {account} is wrong" if code else f"{account} needs a code, and none was given"
        self._not_let_in = f"{wrong}: {code_from}" if code_from else wrong
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2, name, transport="websockets" if address.web_path else "tcp"
        )
        self._client.username_pw_set(account, code or None)
        if address.is_secure:
            self._client.tls_set_context(ssl.create_default_context())
        if address.web_path:
            self._client.ws_set_options(path=address.web_path)
        self._client.reconnect_delay_set(*_AGAIN)
        self._client.on_connect = self._connected
        self._client.on_disconnect = self._disconnected
        self._client.on_message = self._message
        self._client.on_subscribe = self._subscribed
        self._topics: tuple[str, ...] = ()
        self._longest = 0
        # What the connection's own thread shares with others:
        self._change = Condition()
        self._answer: str | None = None
        """What the broker has said to whom it was asked to let in; "" for yes."""
        self._is_subscribed = False
        self.is_linked = False
        self._waiting: dict[object, Arrived] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._context = copy_context()
        self._take: Callable[[Sequence[Arrived]], None] = lambda _: None
        self._link_changed: Callable[[], None] = lambda: None
        self._last = 0
        """The number of what was published last."""
        self._arrived = deque[int](maxlen=_MOST_CONFIRMED)
        """The last ones that the broker has."""

    def last_will(self, topic: str, retain: bool) -> None:
        """Have the broker publish nothing under a topic, when the connection is lost."""
        self._client.will_set(topic, b"", qos=1, retain=retain)

    def open(self, topics: tuple[str, ...], longest: int) -> None:
        """Connect, and subscribe; longest: bytes of a message that is taken whole.

        Raises: BrokerFault when the broker cannot be reached, or does not let the account in.
        """
        self._topics, self._longest = topics, longest
        place = f"{self.address.host}:{self.address.port}"
        try:
            self._client.connect(self.address.host, self.address.port, self._keepalive)
        except ssl.SSLCertVerificationError as error:
            raise BrokerFault(
                f"{place}: its certificate is not trusted ({one_line(error.verify_message)}); "
                "SSL_CERT_FILE may name a file that vouches for it"
            ) from None
        except OSError as error:
            raise BrokerFault(
                f"{place} cannot be reached ({one_line(error.strerror or str(error))})"
            ) from None
        self._client.loop_start()
        with self._change:
            self._change.wait_for(lambda: self._answer or self._is_subscribed, _ANSWER_WITHIN)
            answer = self._answer
        if answer != "" or not self._is_subscribed:
            self._leave()
            raise BrokerFault(f"{place}: {answer}" if answer else f"{place} does not answer as a broker does")

    def arrived_within(self, seconds: float) -> list[Arrived]:
        """What has arrived, waited for so long at most: before `listen` alone."""
        with self._change:
            self._change.wait_for(lambda: bool(self._waiting), seconds)
            return self._taken(_MOST_WAITING)

    def listen(self, take: Callable[[Sequence[Arrived]], None], link_changed: Callable[[], None]) -> None:
        """Have what arrives taken in the running loop, and be told when the link is lost or back."""
        self._take, self._link_changed = take, link_changed
        with self._change:
            self._loop = asyncio.get_running_loop()
            self._context = copy_context()  # of the app that runs in the loop: its timers need it
            self._loop.call_soon(self._deliver)

    def publish(self, topic: str, content: bytes, retain: bool = False) -> None:
        """Publish something, if the broker is there: what is published for nobody is not kept for later."""
        if self.is_linked:
            self._last = self._client.publish(topic, content, qos=1, retain=retain).mid

    @property
    def has_arrived(self) -> bool:
        """Whether the broker has what was published last."""
        return not self._last or self._last in self._arrived

    def tell_arrivals(self, arrived: Callable[[], None]) -> None:
        """Have something called in the loop whenever the broker says that it has what was published."""

        def confirmed(_client: mqtt.Client, _data: Any, number: int, *_: Any) -> None:
            self._arrived.append(number)  # paho takes note of it only after this
            self._call(arrived)

        self._client.on_publish = confirmed

    def say_last(self, *last: tuple[str, bytes, bool]) -> None:
        """Publish something (topic, content, whether it is retained), and wait for it to be taken."""
        until = monotonic() + _LAST_WORDS_WITHIN
        if self.is_linked:
            with suppress(RuntimeError, ValueError):
                said = [self._client.publish(*one[:2], qos=1, retain=one[2]) for one in last]
                for one in said:
                    one.wait_for_publish(max(until - monotonic(), 0.0))

    def close(self, *last: tuple[str, bytes, bool]) -> None:
        """Say something last, and close the connection."""
        with self._change:
            self._loop = None
        self.say_last(*last)
        self._leave()

    def _leave(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()
        # Without a way back to here it closes its own sockets at once.
        self._client.on_connect = self._client.on_disconnect = None
        self._client.on_message = self._client.on_subscribe = self._client.on_publish = None

    # What the connection's own thread calls

    def _connected(self, client: mqtt.Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        with self._change:
            self._answer = self._refusal(reason) if reason.is_failure else ""
            self._change.notify_all()
        if not reason.is_failure:
            client.subscribe([(topic, 1) for topic in self._topics])

    def _refusal(self, reason: Any) -> str:
        if reason.getName() in ("Bad user name or password", "Not authorized"):
            return self._not_let_in
        return f"it does not let {self._account} in ({one_line(str(reason))})"

    def _subscribed(
        self, _client: mqtt.Client, _data: Any, _number: int, reasons: Any, _properties: Any
    ) -> None:
        refused = [topic for topic, reason in zip(self._topics, reasons, strict=False) if reason.is_failure]
        self._set_linked(not refused)
        with self._change:
            if refused:
                self._answer = f"{self._account} may not read {', '.join(refused)} there"
            self._is_subscribed = not refused
            self._change.notify_all()

    def _disconnected(self, *_: Any) -> None:
        self._set_linked(False)

    def _set_linked(self, is_linked: bool) -> None:
        if is_linked != self.is_linked:
            self.is_linked = is_linked
            self._call(lambda: self._link_changed())

    def _message(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        content = bytes(message.payload[: self._longest + 1])
        # Of one who says much only the last is taken. What the teacher says is taken in its order.
        key = message.topic if "/word/" in message.topic else (message.topic, content)
        with self._change:
            is_first = not self._waiting
            self._waiting.pop(key, None)
            self._waiting[key] = message.topic, content
            if len(self._waiting) > _MOST_WAITING:
                del self._waiting[next(iter(self._waiting))]
            self._change.notify_all()
        if is_first:
            self._call(self._deliver)

    def _call(self, called: Callable[[], None]) -> None:
        with self._change:
            if self._loop is not None:
                with suppress(RuntimeError):  # it has just ended
                    self._loop.call_soon_threadsafe(called, context=self._context)

    # What is called in the loop

    def _deliver(self) -> None:
        with self._change:
            taken = self._taken(_TAKEN_AT_ONCE)
            loop = self._loop if self._waiting else None
        if taken:
            self._take(taken)
        if loop is not None:
            loop.call_later(0, self._deliver)

    def _taken(self, most: int) -> list[Arrived]:
        keys = list(self._waiting)[:most]
        return [self._waiting.pop(key) for key in keys]
