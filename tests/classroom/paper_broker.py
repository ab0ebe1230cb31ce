"""A broker that nothing leaves: what is published is kept, and what arrives is handed in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tinynet_tui.classroom.broker import Arrived, Broker
from tinynet_tui.classroom.broker_address import CLASS, broker_address


class PaperBroker(Broker):
    """Stands for a connection that is there until it is said to be lost."""

    def __init__(self, publish: Callable[[str, bytes, bool], None] | None = None) -> None:
        """publish: what is published is also given to."""
        super().__init__(broker_address("mqtts://nowhere.example"), CLASS, "", "", 60)
        self.is_linked = True
        self.published: list[tuple[str, bytes]] = []
        """(topic, content) of all that was."""
        self._publish = publish

    def listen(self, take: Callable[[Sequence[Arrived]], None], link_changed: Callable[[], None]) -> None:
        """Have what is handed in taken."""
        self.take, self.link_changed = take, link_changed

    def link(self, is_there: bool) -> None:
        """Lose the link, or have it back."""
        if is_there != self.is_linked:
            self.is_linked = is_there
            self.link_changed()

    def publish(self, topic: str, content: bytes, retain: bool = False) -> None:
        """Keep it."""
        if self.is_linked:
            self.published.append((topic, content))
            if self._publish is not None:
                self._publish(topic, content, retain)

    def say_last(self, *last: tuple[str, bytes, bool]) -> None:
        """Keep the last words."""
        for one in last:
            self.publish(*one)
