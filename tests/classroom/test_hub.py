"""The leader's side of a class: what must not hold up the leader's own screen."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from tests.classroom.seats import (
    NOT_TRAINED,
    Line,
    graces_class,
    in_a_loop,
    in_own_time,
    press,
    resize,
    say_hello,
    watching,
)
from tinynet_tui.classroom import shared_screens
from tinynet_tui.classroom.hub import Hub
from tinynet_tui.classroom.room_events import BrokeAway, Joined, Lent
from tinynet_tui.classroom.seat import Seat
from tinynet_tui.classroom.shared_screens import Kind, Seen
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.session.commands import Command, after
from tinynet_tui.session.history import train_on


def led(*ways: int) -> tuple[Hub, list[int]]:
    """(a class that who is lent the lead has led far away, the updates that it was at meanwhile)."""
    hub = graces_class()
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


@in_a_loop
async def test_no_screen_is_left_of_who_says_hello_again() -> None:
    """Nor are more of them drawn than of a window that is being dragged."""
    hub = graces_class()
    seat = Seat(hub, Line())
    for columns in range(80, 100):
        say_hello(seat, "Ada")
        resize(seat, columns)
        assert [kind.columns for kind in hub.screens._of_kind] in ([80], [])
    while seat.kind is None:
        await asyncio.sleep(0)
    assert [kind.columns for kind in hub.screens._of_kind] == [99]
    seat.lose()
    assert not hub.screens._of_kind


def test_panels_jumps_and_the_next_step_are_only_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """They were drawn while nobody pressed a key, and look as they do where they were not."""

    async def lead(command: str, ahead: bool) -> list[bytes]:
        hub = graces_class()
        _, line = watching(hub, "Ada")
        if ahead:
            for _ in hub.screens._drawings_ahead():
                pass
        line.frames.clear()
        coming = after(NOT_TRAINED, Command(command))
        with monkeypatch.context() as patched:
            if ahead:
                assert hub.screens.is_prompt(coming)
                patched.setattr(shared_screens, "screen", None)
            hub.show(coming)
        hub.show(after(coming, Command("next")))  # from a picture that may have been let go of
        return line.frames

    for command in ("next", "back", "next-phase", "next-update", "chain", "table", "loss"):
        assert asyncio.run(lead(command, True)) == asyncio.run(lead(command, False))


@in_a_loop
async def test_nobody_waits_for_sizes_that_few_have(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is drawn already is sent before anything is drawn."""
    sent = list[str]()
    hub = graces_class()
    rare, _ = watching(hub, "Ada")
    press(rare, b"3")  # a kind of its own, before the other's
    watching(hub, "Alan")
    for kind in hub.screens._of_kind:
        if kind != rare.kind:
            hub.screens.screen_of(kind).foresee(hub.shown.after("next"))
    monkeypatch.setattr(Seat, "take", lambda seat, *_: sent.append(seat.name))
    hub.show(after(NOT_TRAINED, Command("next")))
    assert sent == ["Alan", "Ada"]


@in_own_time
async def test_the_next_key_does_not_wait_for_forty_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What most have is drawn first; the rest one by one, and of two steps only the second."""
    draw, drawn = Kind.picture, list[Kind]()

    def counted(kind: Kind, seen: Seen) -> Picture:
        drawn.append(kind)
        return draw(kind, seen)

    hub = graces_class()
    rare = [watching(hub, f"Size {number}", columns=60 + number) for number in range(40)]
    many = [watching(hub, f"Ada {number}", columns=120) for number in range(3)]
    monkeypatch.setattr(Kind, "picture", counted)
    one = after(NOT_TRAINED, Command("next"))
    for step in (one, after(one, Command("next"))):
        for _, line in (*rare, *many):
            line.frames.clear()
        drawn.clear()
        hub.show(step)
        assert len(drawn) <= 2 * 8  # what was there before, and what is there now
        assert all(line.frames for _, line in many)
    assert sum(bool(line.frames) for _, line in rare) < 8
    drawn.clear()
    for turn in range(1, 41):
        await asyncio.sleep(0)
        assert len(drawn) <= 2 * turn
    assert all(line.frames for _, line in rare)
    for seat, _ in (*rare, *many):
        assert seat.kind is not None
        assert seat._has is hub.screens.screen_of(seat.kind).now
        assert hub.screens.screen_of(seat.kind).now.seen == hub.shown
        seat.lose()


@in_a_loop
async def test_the_next_step_is_only_sent_where_each_window_has_a_size_of_its_own() -> None:
    """As in a class that has dragged them: thirty sizes are drawn while nobody presses a key."""
    hub = graces_class()
    seats = [watching(hub, f"Size {number}", columns=60 + number)[0] for number in range(30)]
    for _ in hub.screens._drawings_ahead():
        pass
    assert hub.screens.is_prompt(after(NOT_TRAINED, Command("next")))
    for seat in seats:
        seat.lose()


@in_own_time
async def test_nobody_waits_for_large_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of sizes that as many have, small ones are drawn first."""
    sent = list[int]()
    hub = graces_class()
    for columns in (240, 60, 120, 80):
        watching(hub, str(columns), columns)
    monkeypatch.setattr(Seat, "take", lambda seat, *_: sent.append(int(seat.name)))
    hub.show(after(NOT_TRAINED, Command("next")))
    assert sent == [60, 80, 120, 240]


@in_own_time
async def test_a_panel_of_the_leaders_is_nothing_to_who_has_chosen_another() -> None:
    """Nor is a step to whoever reads the help."""
    hub = graces_class()
    seat, line = watching(hub, "Ada")
    press(seat, b"3")
    line.frames.clear()
    hub.show(after(NOT_TRAINED, Command("table")))
    assert not line.frames
    press(seat, b"?")
    line.frames.clear()
    hub.show(after(hub.session, Command("next")))
    assert not line.frames


@in_own_time
async def test_a_room_that_changes_all_the_time_is_kept_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """At once where it has been at rest, and the last of it in the end."""
    kept = list[tuple[float, str]]()
    hub = graces_class()
    loop = asyncio.get_running_loop()
    keep = hub.keep

    def noted() -> None:
        kept.append((loop.time(), hub.room.here[-1].at))
        keep()

    monkeypatch.setattr(hub, "keep", noted)
    hub.happen(Joined("Ada"))
    for step in range(40):
        hub.happen(BrokeAway("Ada", f"1.{step}"))
        await asyncio.sleep(0.03)
    await asyncio.sleep(1)
    assert kept[0][0] < 0.03
    assert kept[-1][1] == "1.39"
    assert 4 <= len(kept) <= 7
