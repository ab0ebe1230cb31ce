"""Followers who choose for themselves take a part of the time of the leader's process, and no more."""

from __future__ import annotations

import asyncio

import pytest

from tests.campaigns.random_classes import OwnTime
from tests.classroom.seats import graces_class, in_own_time, press, watching
from tinynet_tui.classroom import watcher
from tinynet_tui.classroom.screens import Screens
from tinynet_tui.classroom.shared_screens import Kind, Own, Seen, Shown
from tinynet_tui.classroom.watcher_commands import HAND_TOO_SOON
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.session.session import PANELS


@in_own_time
async def test_who_holds_a_key_takes_a_part_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many choices few are drawn, and the last is; the next step is drawn ahead for others, too."""
    draw, drawn = Kind.picture, list[Kind]()

    def slowly(kind: Kind, seen: Seen) -> Picture:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, OwnTime)
        loop._now += 0.05
        if isinstance(seen, Shown) and (seen.session.update, seen.session.step) == (1, 0) and kind.own.panel:
            drawn.append(kind)
        return draw(kind, seen)

    hub = graces_class()
    (ada, _), (alan, _) = watching(hub, "Ada"), watching(hub, "Alan")
    assert alan.kind is not None
    monkeypatch.setattr(Kind, "picture", slowly)
    monkeypatch.setattr(watcher, "thread_time", asyncio.get_running_loop().time)
    for _ in range(20):
        for key in b"123456":
            press(ada, b"%c" % key)
            await asyncio.sleep(1 / 30)
    took = asyncio.get_running_loop().time()
    assert len(drawn) * 0.05 < took / 3
    assert hub.screens.screen_of(alan.kind).has_foreseen(hub.shown.after("next"))
    await asyncio.sleep(2)
    assert ada.kind == drawn[-1] == alan.kind._replace(own=Own(panel=[*PANELS][5]))
    ada.lose()
    alan.lose()


@in_own_time
async def test_who_holds_a_key_delays_nobody_elses_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another follower's is drawn at once."""
    draw = Kind.picture

    def slowly(kind: Kind, seen: Seen) -> Picture:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, OwnTime)
        loop._now += 0.05
        return draw(kind, seen)

    hub = graces_class()
    (ada, _), (alan, _) = watching(hub, "Ada"), watching(hub, "Alan")
    monkeypatch.setattr(Kind, "picture", slowly)
    monkeypatch.setattr(watcher, "thread_time", asyncio.get_running_loop().time)
    for number in range(120):
        press(ada, b"%d" % (1 + number % 6))
        await asyncio.sleep(1 / 30)
    press(alan, b"3")
    assert alan.kind is not None
    assert alan.kind.own.panel == [*PANELS][2]
    ada.lose()
    alan.lose()


@in_own_time
async def test_a_machine_with_much_to_do_has_nobody_wait_for_their_own_choice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is drawn takes long there because others are in its way: that is no reason to rest much longer."""
    draw = Kind.picture

    def late(kind: Kind, seen: Seen) -> Picture:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, OwnTime)
        loop._now += 0.4
        return draw(kind, seen)

    hub = graces_class()
    ada, _ = watching(hub, "Ada")
    monkeypatch.setattr(Kind, "picture", late)
    monkeypatch.setattr(watcher, "thread_time", lambda: 0.0)
    for number in range(12):
        press(ada, b"%d" % (2 + number % 5))
        assert ada.kind is not None
        assert ada.kind.own.panel == [*PANELS][1 + number % 5]
        await asyncio.sleep(1)
    ada.lose()


@in_own_time
async def test_many_who_hold_keys_leave_a_busy_machine_time_for_the_class(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However little of the processor there is: what all choose takes a third of the time."""
    draw, drawn = Kind.picture, list[Kind]()

    def late(kind: Kind, seen: Seen) -> Picture:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, OwnTime)
        loop._now += 0.2
        drawn.append(kind)
        return draw(kind, seen)

    hub = graces_class()
    seats = [watching(hub, f"Ada {number}", 80 + number)[0] for number in range(10)]
    await asyncio.sleep(2)
    monkeypatch.setattr(Screens, "_draw_ahead_soon", lambda _screens: None)
    monkeypatch.setattr(Kind, "picture", late)
    monkeypatch.setattr(watcher, "thread_time", lambda: 0.0)
    began = asyncio.get_running_loop().time()
    for number in range(100):
        for seat in seats:
            press(seat, b"%d" % (1 + number % 6))
        await asyncio.sleep(0.1)
    took = asyncio.get_running_loop().time() - began
    assert 0.25 * took < 0.2 * len(drawn) < took / 3 + 1.0
    for seat in seats:
        seat.lose()


def test_of_keys_that_come_too_fast_for_long_as_many_are_done_as_may_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Those that are passed over are not counted: of two hundred a second sixty are left.

    Drawing takes no time here: how long it does take is another limit.
    """
    monkeypatch.setattr(watcher, "thread_time", lambda: 0.0)

    async def hold() -> int:
        hub = graces_class()
        seat, _ = watching(hub, "Ada")
        changes, panel = 0, ""
        for number in range(160):
            await asyncio.sleep(0.005)
            press(seat, b"23"[number % 2 :][:1])
            assert seat.kind is not None
            is_other = seat.kind.own.panel != panel
            panel = seat.kind.own.panel or ""
            changes += is_other and number >= 100
        return changes

    loop = OwnTime()
    assert 5 < loop.run_until_complete(hold()) < 25
    loop.close()


@in_own_time
async def test_what_comes_at_once_is_told_at_once() -> None:
    """Keys that change one's last row to and fro change it once, as each row is a packet of its own."""
    hub = graces_class()
    ada, line = watching(hub, "Ada")
    press(ada, b"!")
    before = len(line.frames)
    press(ada, b"!." * 20 + b"!")
    rows = [frame for frame in line.frames[before:] if HAND_TOO_SOON.encode() in frame]
    assert len(rows) == 1
    ada.lose()
