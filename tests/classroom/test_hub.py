"""The leader's side of a class: what must not hold up the leader's own screen."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from tinynet_tui.classroom.hub import Hub
from tinynet_tui.classroom.room import Joined, Lent, Room
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.history import train_on

NOT_TRAINED = after(start(shipped_lesson("lecture")), Command("rate", 0.001234))
"""With a rate of no other test, so that nobody has trained it yet."""


def led(*ways: int) -> tuple[Hub, list[int]]:
    """(a class that who is lent the lead has led far away, the updates that it was at meanwhile)."""
    hub = Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: None)
    seen = list[int]()

    async def lead() -> None:
        hub.happen(Joined("Ada"), Lent("Ada"))
        for update in ways:
            hub.lead_to(replace(NOT_TRAINED, update=update))
            seen.append(hub.session.update)
        while hub.session.update != ways[-1]:
            await asyncio.sleep(0)

    asyncio.run(lead())
    return hub, seen


def test_a_far_way_of_who_is_lent_the_lead_is_trained_beside_the_loop() -> None:
    """The leader's process goes on meanwhile; of several ways the newest is gone."""
    hub, seen = led(9_000, 20_000)
    assert seen == [1, 1]
    assert train_on(hub.session, 0) == 0


def test_a_short_way_is_gone_at_once() -> None:
    """Without a thread."""
    _, seen = led(1)
    assert seen == [1]
