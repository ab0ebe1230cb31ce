"""A connection to a broker, as far as it needs none."""

from __future__ import annotations

import asyncio

from tinynet_tui.classroom.broker import Broker
from tinynet_tui.classroom.broker_address import CLASS, broker_address


def test_what_has_arrived_is_known_when_it_is_told() -> None:
    """However late whoever tells it takes note, and whatever arrives before or after it."""

    async def tell() -> None:
        broker, seen = Broker(broker_address("mqtts://nowhere.example"), CLASS, "", "", 60), list[bool]()
        broker.listen(lambda _: None, lambda: None)
        broker.tell_arrivals(lambda: seen.append(broker.has_arrived))
        assert broker.has_arrived
        broker.is_linked = True
        broker.publish("word", b"1")  # the first message has the number 1
        broker.publish("word", b"2")
        assert not broker.has_arrived
        confirm = broker._client.on_publish
        assert confirm is not None
        for number in (7, 2, 1):
            confirm(broker._client, None, number, None, None)
            while len(seen) < (7, 2, 1).index(number) + 1:
                await asyncio.sleep(0)
        assert seen == [False, True, True]

    asyncio.run(tell())
