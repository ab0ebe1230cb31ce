"""A broker that nothing leaves: what is published is kept, and what arrives is handed in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tinynet_tui.classroom.broker import Arrived, Broker
from tinynet_tui.classroom.broker_address import CLASS, broker_address


class PaperBroker(Broker):
    """Stands for a connection that is there."""

    def __init__(self) -> None:
        super().__init__(broker_address("mqtts://nowhere.example"), CLASS, "", "", 60)
        self.published: list[tuple[str, bytes]] = []
        """(topic, content) of all that was."""

    def listen(self, take: Callable[[Sequence[Arrived]], None], link_changed: Callable[[], None]) -> None:
        """Have what is handed in taken."""
        self.take = take

    def publish(self, topic: str, content: bytes, retain: bool = False) -> None:
        """Keep it."""
        self.published.append((topic, content))

    def say_last(self, *last: tuple[str, bytes, bool]) -> None:
        """Keep the last words."""
        self.published += [(topic, content) for topic, content, _ in last]
