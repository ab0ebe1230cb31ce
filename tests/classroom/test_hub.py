"""The leader's side of a class: what must not hold up the leader's own screen."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import msgspec
import pytest

from tests.campaigns.random_classes import OwnTime, run_in_own_time
from tests.classroom.ssh_class import eventually
from tests.pseudo_terminal import SAFETY
from tinynet_tui.classroom import shared_screens, watcher
from tinynet_tui.classroom.asking import asking_at, kind_at, question_at
from tinynet_tui.classroom.hub import Hub
from tinynet_tui.classroom.message_contents import VERSION, ClassNow, Hello, OwnAppNews, sent_place
from tinynet_tui.classroom.messages import CLASS, FRAME, GATHER, HELLO, KEPT, KEYS, NEWS, SIZE, TYPED
from tinynet_tui.classroom.room import Room
from tinynet_tui.classroom.room_events import (
    Asked,
    BrokeAway,
    Closed,
    Event,
    Gathered,
    GivenBack,
    Joined,
    Lent,
    Lost,
    Pinned,
    QuestionLeft,
    Revealed,
    TeacherBack,
)
from tinynet_tui.classroom.seat import Seat
from tinynet_tui.classroom.shared_screens import Kind, Own, Seen, Shown
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.history import train_on
from tinynet_tui.session.session import PANELS

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


class Nowhere:
    """The line of a seat: nobody sees what is sent."""

    is_closing = False

    def send(self, kind: bytes, content: bytes) -> None:
        """Send nothing."""

    def close(self) -> None:
        """Send no more."""


def test_no_screen_is_left_of_who_says_hello_again() -> None:
    """Nor are more of them drawn than of a window that is being dragged."""

    async def say_hello() -> None:
        hub = Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: None)
        seat = Seat(hub, Nowhere())
        hello = msgspec.json.encode(Hello(VERSION, "Ada", "truecolor", ascii=False, palette="dark"))
        for columns in range(80, 100):
            seat.take_message(HELLO, hello, is_teacher=False)
            seat.take_message(SIZE, b"%d 24" % columns, is_teacher=False)
            assert [kind.columns for kind in hub._screens] in ([80], [])
        while seat.kind is None:
            await asyncio.sleep(0)
        assert [kind.columns for kind in hub._screens] == [99]
        seat.lose()
        assert not hub._screens

    asyncio.run(say_hello())


class Watched(Nowhere):
    """The line of a seat whose frames are kept."""

    def __init__(self) -> None:
        self.frames = list[bytes]()
        self.is_called = False
        """Whether its own app was told to follow again."""
        self.class_now: ClassNow | None = None
        """What its own app was told last."""
        self.typed = b""
        """What it was told last that is typed of an answer."""

    def send(self, kind: bytes, content: bytes) -> None:
        """Keep what is sent."""
        if kind == FRAME:
            self.frames.append(content)
        self.is_called |= kind == GATHER
        if kind == CLASS:
            self.class_now = msgspec.json.decode(content, type=ClassNow)
        if kind == TYPED:
            self.typed = content


def watching(hub: Hub, name: str, columns: int = 80) -> tuple[Seat, Watched]:
    """Somebody who watches in 24 rows, and what they are sent."""
    line = Watched()
    seat = Seat(hub, line)
    hello = Hello(VERSION, name, "truecolor", ascii=False, palette="dark")
    seat.take_message(HELLO, msgspec.json.encode(hello), is_teacher=False)
    seat.take_message(SIZE, b"%d 24" % columns, is_teacher=False)
    return seat, line


def test_panels_jumps_and_the_next_step_are_only_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """They were drawn while nobody pressed a key, and look as they do where they were not."""

    async def lead(command: str, ahead: bool) -> list[bytes]:
        hub = Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: None)
        _, line = watching(hub, "Ada")
        if ahead:
            for _ in hub._drawings_ahead():
                pass
        line.frames.clear()
        coming = after(NOT_TRAINED, Command(command))
        with monkeypatch.context() as patched:
            if ahead:
                assert hub.is_prompt(coming)
                patched.setattr(shared_screens, "screen", None)
            hub.show(coming)
        hub.show(after(coming, Command("next")))  # from a picture that may have been let go of
        return line.frames

    for command in ("next", "back", "next-phase", "next-update", "chain", "table", "loss"):
        assert asyncio.run(lead(command, True)) == asyncio.run(lead(command, False))


def test_nobody_waits_for_sizes_that_few_have(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is drawn already is sent before anything is drawn."""
    sent = list[str]()

    async def lead() -> None:
        hub = Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: None)
        rare, _ = watching(hub, "Ada")
        rare.take_message(KEYS, b"3", is_teacher=False)  # a kind of its own, before the other's
        watching(hub, "Alan")
        for kind in hub._screens:
            if kind != rare.kind:
                hub.screen_of(kind).foresee(hub.shown.after("next"))
        monkeypatch.setattr(Seat, "take", lambda seat, *_: sent.append(seat.name))
        hub.show(after(NOT_TRAINED, Command("next")))

    asyncio.run(lead())
    assert sent == ["Alan", "Ada"]


def test_the_next_key_does_not_wait_for_forty_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What most have is drawn first; the rest one by one, and of two steps only the second."""
    draw, drawn = Kind.picture, list[Kind]()

    def counted(kind: Kind, seen: Seen) -> Picture:
        drawn.append(kind)
        return draw(kind, seen)

    async def lead() -> None:
        hub = Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: None)
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
            assert seat._has is hub.screen_of(seat.kind).now
            assert hub.screen_of(seat.kind).now.seen == hub.shown
            seat.lose()

    run_in_own_time(lead())


def test_a_panel_of_the_leaders_is_nothing_to_who_has_chosen_another() -> None:
    """Nor is a step to whoever reads the help."""

    async def lead() -> None:
        hub = Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: None)
        seat, line = watching(hub, "Ada")
        seat.take_message(KEYS, b"3", is_teacher=False)
        line.frames.clear()
        hub.show(after(NOT_TRAINED, Command("table")))
        assert not line.frames
        seat.take_message(KEYS, b"?", is_teacher=False)
        line.frames.clear()
        hub.show(after(hub.session, Command("next")))
        assert not line.frames

    run_in_own_time(lead())


def test_an_app_that_says_much_at_once_is_still_heard() -> None:
    """A held key does more steps than are told in a second: the last one is told, and nobody is sent away."""

    async def hold() -> None:
        hub = Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: None)
        seat = Seat(hub, Nowhere())
        hello = Hello(VERSION, "Ada", "truecolor", ascii=False, palette="dark", is_alone=True)
        seat.take_message(HELLO, msgspec.json.encode(hello), is_teacher=False)
        seat.take_message(
            NEWS, msgspec.json.encode(OwnAppNews(hand=True, is_too_small=True)), is_teacher=False
        )
        for step in range(300):
            seat.take_message(NEWS, msgspec.json.encode(OwnAppNews(at=f"1.{step}")), is_teacher=False)
            if step % 100 == 0:  # of answers in practice all are told; of no kind that there is not
                practised = (("sum", step == 0), ("\x1b[31m", True))
                seat.take_message(
                    NEWS, msgspec.json.encode(OwnAppNews(practised=practised)), is_teacher=False
                )
        async with asyncio.timeout(SAFETY):
            await eventually(lambda: (person := hub.room.person("Ada")) is not None and person.at == "1.299")
        assert [person.name for person in hub.room.hands()] == ["Ada"]
        assert hub.room.practised == (("sum", 1, 3),)
        assert (ada := hub.room.person("Ada")) is not None
        assert ada.is_too_small
        seat.lose()

    asyncio.run(hold())


def test_a_room_that_changes_all_the_time_is_kept_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """At once where it has been at rest, and the last of it in the end."""
    kept = list[tuple[float, str]]()

    async def lead() -> None:
        hub = Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: None)
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

    with asyncio.Runner(loop_factory=OwnTime) as runner:
        runner.run(lead())
    assert kept[0][0] < 0.03
    assert kept[-1][1] == "1.39"
    assert 4 <= len(kept) <= 7


def test_an_app_is_told_of_the_class_only_what_is_new() -> None:
    """Thirty who step alone change the room all the time: none of their apps is woken for that."""

    async def step() -> None:
        hub = Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: None)
        (ada, line), (bob, _) = watching(hub, "Ada"), watching(hub, "Bob")
        for seat in (ada, bob):
            seat.break_away("next")
        hub.tell()
        assert line.class_now is not None
        line.class_now = None
        bob.take_message(NEWS, msgspec.json.encode(OwnAppNews(at="1.7")), is_teacher=False)
        assert (bobs := hub.room.person("Bob")) is not None
        assert bobs.at == "1.7"
        hub.tell()
        assert line.class_now is None
        hub.show(after(hub.session, Command("next")))
        hub.tell()
        assert line.class_now is not None
        line.class_now = None
        ada.pause()
        hub.show(after(hub.session, Command("next")))
        hub.tell()
        assert line.class_now is None
        ada.resume()
        assert line.class_now is not None
        line.class_now = None
        ada.go_alone()  # while there is its app, which knows
        hub.tell()
        assert line.class_now is None
        for seat in (ada, bob):
            seat.lose()

    asyncio.run(step())


def test_the_app_of_who_is_kept_is_told_for_how_long() -> None:
    """As long as it is not left."""

    async def keep() -> None:
        hub = Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: None)
        seat, line = watching(hub, "Ada")
        seat.go_alone()
        hub.happen(Pinned(asyncio.get_running_loop().time() + 100.0))
        seat.room_changed()
        assert line.class_now is not None
        assert 0 < line.class_now.pinned <= 100
        hub.happen(Pinned(0.0))
        seat.room_changed()
        assert line.class_now.pinned == 0
        seat.lose()

    asyncio.run(keep())


def test_who_is_kept_and_went_while_the_leader_was_gone_comes_back() -> None:
    """Their app says where they are as soon as it is connected again; nobody else is called back."""

    async def keep() -> None:
        hub = Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: None)
        (ada, kept), (bob, free) = watching(hub, "Ada"), watching(hub, "Bob")
        hub.happen(Pinned(hub.now + 100.0, "Ada"))
        for seat in (ada, bob):
            seat.go_alone()
            seat.take_message(NEWS, msgspec.json.encode(OwnAppNews(at="2.18")), is_teacher=False)
        assert [line.is_called for line in (kept, free)] == [True, False]
        assert [person.doing for person in hub.room.people] == ["following", "by themselves"]
        for seat in (ada, bob):
            seat.lose()

    asyncio.run(keep())


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ([BrokeAway("Ada", "2.18"), Gathered()], "Gathered by Grace: you follow again."),
        ([BrokeAway("Ada", "2.18"), Pinned(1e9, "Ada")], "following Grace · kept with the class"),
        ([Lent("Ada"), GivenBack("Grace")], "Grace leads now."),
        ([Lent("Ada"), Lent("Bob")], "Bob leads now."),
    ],
)
def test_whose_own_app_is_ended_for_them_is_told_why(events: list[Event], words: str) -> None:
    """Once they follow again, whatever they had open there: a step, practice, experiments."""

    async def call_back() -> None:
        hub = Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: None)
        (ada, line), (bob, other) = watching(hub, "Ada", 120), watching(hub, "Bob", 120)
        ada.go_alone()
        for event in events:
            hub.happen(event)
        assert line.is_called
        follow_again = Hello(VERSION, "Ada", "truecolor", ascii=False, palette="dark")
        ada.take_message(HELLO, msgspec.json.encode(follow_again), is_teacher=False)
        ada.take_message(SIZE, b"120 24", is_teacher=False)
        while ada.kind is None:
            await asyncio.sleep(0)
        assert words in ada._row
        assert not any(b"Gathered" in frame for frame in other.frames), "who watched all the time"
        for seat in (ada, bob):
            seat.lose()

    asyncio.run(call_back())


def test_the_leaders_screen_counts_down_with_those_who_are_kept() -> None:
    """Each second, and once more when they can step again."""
    changes: list[float] = []

    async def keep() -> None:
        hub = Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: changes.append(hub.now))
        hub.happen(Joined("Ada"), Pinned(hub.now + 3.0, "Ada"))
        await asyncio.sleep(10.0)

    loop = OwnTime()
    try:
        loop.run_until_complete(keep())
    finally:
        loop.close()
    assert [round(change) for change in changes] == [0, 0, 1, 2, 3]


def test_who_watches_is_told_that_what_is_open_is_not_theirs() -> None:
    """Esc closes a wrong way, or an edit's comparison, for the leader alone, whose keys stand beside it."""

    async def lead() -> None:
        hub = Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: None)
        seat, line = watching(hub, "Ada")
        seat.take_message(KEYS, b"\x1b", is_teacher=False)
        await eventually(lambda: b"the screen is Grace's" in line.frames[-1])
        assert not seat.has_app

    asyncio.run(lead())


def test_a_hand_goes_up_or_down_once_a_second() -> None:
    """A held key is refused in words; what an app says too soon is done as soon as it can be."""

    async def hold() -> None:
        hub = Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: None)
        seat, line = watching(hub, "Ada")
        for _ in range(10):
            seat.take_message(KEYS, b"!", is_teacher=False)
        assert len(hub.room.hands()) == 1
        assert b"once a second" in line.frames[-1]
        await asyncio.sleep(1.0)
        seat.take_message(KEYS, b"!", is_teacher=False)
        assert not hub.room.hands()
        assert b"once a second" not in line.frames[-1]
        seat.go_alone()
        for hand in (True, False, True):
            seat.take_message(NEWS, msgspec.json.encode(OwnAppNews(hand=hand)), is_teacher=False)
        seat.take_message(NEWS, msgspec.json.encode(OwnAppNews(at="1.2")), is_teacher=False)
        assert not hub.room.hands()
        await asyncio.sleep(1.0)
        assert len(hub.room.hands()) == 1
        seat.lose()

    run_in_own_time(hold())


def test_what_who_is_lent_the_lead_does_unseen_is_told() -> None:
    """As long as they lead, wherever they go meanwhile; nobody else's words are."""

    async def lead() -> None:
        hub = Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: None)
        (ada, _), (alan, line) = watching(hub, "Ada"), watching(hub, "Alan")
        looks = msgspec.json.encode(OwnAppNews(aside="is looking at experiments"))
        ada.take_message(NEWS, looks, is_teacher=False)
        assert hub.aside == ""
        hub.happen(Lent("Ada"))
        ada.take_message(NEWS, looks, is_teacher=False)
        alan.take_message(NEWS, msgspec.json.encode(OwnAppNews(aside="is asleep")), is_teacher=False)
        hub.lead_to(after(NOT_TRAINED, Command("next")))
        alan.room_changed()
        assert b"Ada is looking at experiments" in line.frames[-1]
        hub.happen(GivenBack("Ada"))
        hub.lead_to(NOT_TRAINED)
        assert hub.aside == ""
        ada.lose()
        alan.lose()

    asyncio.run(lead())


def test_who_holds_a_key_takes_a_part_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many choices few are drawn, and the last is; the next step is drawn ahead for others, too."""
    draw, drawn = Kind.picture, list[Kind]()

    def slowly(kind: Kind, seen: Seen) -> Picture:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, OwnTime)
        loop._now += 0.05
        if isinstance(seen, Shown) and (seen.session.update, seen.session.step) == (1, 0) and kind.own.panel:
            drawn.append(kind)
        return draw(kind, seen)

    async def hold() -> None:
        hub = Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: None)
        (ada, _), (alan, _) = watching(hub, "Ada"), watching(hub, "Alan")
        assert alan.kind is not None
        monkeypatch.setattr(Kind, "picture", slowly)
        monkeypatch.setattr(watcher, "thread_time", asyncio.get_running_loop().time)
        for _ in range(20):
            for key in b"123456":
                ada.take_message(KEYS, b"%c" % key, is_teacher=False)
                await asyncio.sleep(1 / 30)
        took = asyncio.get_running_loop().time()
        assert len(drawn) * 0.05 < took / 3
        assert hub.screen_of(alan.kind).has_foreseen(hub.shown.after("next"))
        await asyncio.sleep(2)
        assert ada.kind == drawn[-1] == alan.kind._replace(own=Own(panel=[*PANELS][5]))
        ada.lose()
        alan.lose()

    run_in_own_time(hold())


def test_who_holds_a_key_delays_nobody_elses_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another follower's is drawn at once."""
    draw = Kind.picture

    def slowly(kind: Kind, seen: Seen) -> Picture:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, OwnTime)
        loop._now += 0.05
        return draw(kind, seen)

    async def hold() -> None:
        hub = Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: None)
        (ada, _), (alan, _) = watching(hub, "Ada"), watching(hub, "Alan")
        monkeypatch.setattr(Kind, "picture", slowly)
        monkeypatch.setattr(watcher, "thread_time", asyncio.get_running_loop().time)
        for number in range(120):
            ada.take_message(KEYS, b"%d" % (1 + number % 6), is_teacher=False)
            await asyncio.sleep(1 / 30)
        alan.take_message(KEYS, b"3", is_teacher=False)
        assert alan.kind is not None
        assert alan.kind.own.panel == [*PANELS][2]
        ada.lose()
        alan.lose()

    run_in_own_time(hold())


def test_a_machine_with_much_to_do_has_nobody_wait_for_their_own_choice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is drawn takes long there because others are in its way: that is no reason to rest much longer."""
    draw = Kind.picture

    def late(kind: Kind, seen: Seen) -> Picture:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, OwnTime)
        loop._now += 0.4
        return draw(kind, seen)

    async def press() -> None:
        hub = Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: None)
        ada, _ = watching(hub, "Ada")
        monkeypatch.setattr(Kind, "picture", late)
        monkeypatch.setattr(watcher, "thread_time", lambda: 0.0)
        for number in range(12):
            ada.take_message(KEYS, b"%d" % (2 + number % 5), is_teacher=False)
            assert ada.kind is not None
            assert ada.kind.own.panel == [*PANELS][1 + number % 5]
            await asyncio.sleep(1)
        ada.lose()

    run_in_own_time(press())


def test_many_who_hold_keys_leave_a_busy_machine_time_for_the_class(monkeypatch: pytest.MonkeyPatch) -> None:
    """However little of the processor there is: what all choose takes a third of the time."""
    draw, drawn = Kind.picture, list[Kind]()

    def late(kind: Kind, seen: Seen) -> Picture:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, OwnTime)
        loop._now += 0.2
        drawn.append(kind)
        return draw(kind, seen)

    async def hold() -> None:
        hub = Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: None)
        seats = [watching(hub, f"Ada {number}", 80 + number)[0] for number in range(10)]
        await asyncio.sleep(2)
        monkeypatch.setattr(Hub, "_draw_ahead_soon", lambda _hub: None)
        monkeypatch.setattr(Kind, "picture", late)
        monkeypatch.setattr(watcher, "thread_time", lambda: 0.0)
        began = asyncio.get_running_loop().time()
        for number in range(100):
            for seat in seats:
                seat.take_message(KEYS, b"%d" % (1 + number % 6), is_teacher=False)
            await asyncio.sleep(0.1)
        took = asyncio.get_running_loop().time() - began
        assert 0.25 * took < 0.2 * len(drawn) < took / 3 + 1.0
        for seat in seats:
            seat.lose()

    run_in_own_time(hold())


def test_a_seat_whose_line_is_gone_does_nothing_more() -> None:
    """Whatever it is still asked for, by what was to be done later."""

    async def lose() -> None:
        hub = Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: None)
        seat, line = watching(hub, "Ada")
        seat.lose()
        frames = len(line.frames)
        seat.resume()
        seat.notice("the class is led again")
        seat.room_changed()
        seat.class_over("The class is over.")
        assert not hub._screens
        assert len(line.frames) == frames

    asyncio.run(lose())


def test_of_keys_that_come_too_fast_for_long_as_many_are_done_as_may_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Those that are passed over are not counted: of two hundred a second sixty are left.

    Drawing takes no time here: how long it does take is another limit.
    """
    monkeypatch.setattr(watcher, "thread_time", lambda: 0.0)

    async def hold() -> int:
        hub = Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: None)
        seat, _ = watching(hub, "Ada")
        changes, panel = 0, ""
        for number in range(160):
            await asyncio.sleep(0.005)
            seat.take_message(KEYS, b"23"[number % 2 :][:1], is_teacher=False)
            assert seat.kind is not None
            is_other = seat.kind.own.panel != panel
            panel = seat.kind.own.panel or ""
            changes += is_other and number >= 100
        return changes

    loop = OwnTime()
    assert 5 < loop.run_until_complete(hold()) < 25
    loop.close()


def test_who_goes_past_what_is_asked_is_told_that_they_have_seen_it() -> None:
    """What they type then is no answer; whoever has only looked back still gives one."""

    async def peek() -> None:
        hub = Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: None)
        (ada, line), (alan, _) = watching(hub, "Ada"), watching(hub, "Alan")
        place = sent_place(NOT_TRAINED)
        hub.happen(Asked(place, question_at(place), kind_at(place)))
        for seat, at in ((ada, "1.5"), (alan, "1.0")):
            seat.go_alone("next-phase")
            seat.take_message(NEWS, msgspec.json.encode(OwnAppNews(at=at)), is_teacher=False)
            hello = Hello(VERSION, seat.name, "truecolor", ascii=False, palette="dark")
            seat.take_message(HELLO, msgspec.json.encode(hello), is_teacher=False)
            seat.take_message(SIZE, b"80 24", is_teacher=False)
            await asyncio.sleep(1)
            seat.take_message(KEYS, b"0.5\r", is_teacher=False)
            seat.room_changed()
        assert hub.room.asking is not None
        assert [answer.person for answer in hub.room.asking.round.answers] == ["Alan"]
        assert hub.room.asked_count == 1
        assert any(b"you have gone past it, and seen the answer" in frame for frame in line.frames)
        ada.lose()
        alan.lose()

    run_in_own_time(peek())


def test_no_answer_is_taken_while_the_leader_is_cut_off() -> None:
    """Who is asked is told that nobody is there, and may answer once they are back."""

    async def drop() -> None:
        hub = Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: None)
        ada, line = watching(hub, "Ada")
        place = sent_place(NOT_TRAINED)

        def given() -> list[str]:
            assert hub.room.asking is not None
            return [answer.text for answer in hub.room.asking.round.answers]

        hub.happen(Asked(place, question_at(place), kind_at(place)), Lost("Grace"))
        ada.room_changed()
        assert b"Grace is not there" in line.frames[-1]
        ada.take_message(KEYS, b"0.5\r", is_teacher=False)
        assert b"no answer is taken now: Grace is not there" in b"".join(line.frames)
        assert given() == []
        hub.happen(TeacherBack())
        ada.take_message(KEYS, b"0.5\r", is_teacher=False)
        assert given() == ["0.5"]
        ada.lose()

    run_in_own_time(drop())


def test_an_answer_is_taken_up_where_a_leader_was_lost() -> None:
    """As it was typed to them, and then to nobody; not where something else is asked, or nothing."""

    async def take_up() -> None:
        hub = Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: None)
        ada, line = watching(hub, "Ada")
        hub.happen(*asking_at(hub.room, NOT_TRAINED))
        ada.take_message(KEYS, b"0", is_teacher=False)
        typed = line.typed
        ada.lose()
        ada, line = watching(hub, "Ada")
        ada.take_message(TYPED, typed.replace(b"1 ", b"2 ") + b"7", is_teacher=False)
        assert b"= _" in line.frames[-1]
        ada.take_message(TYPED, typed + b".7\x7f5\r", is_teacher=False)
        assert b"= 0.5_ \xc2\xb7 Enter sends it" in line.frames[-1]
        ada.take_message(KEYS, b"\r", is_teacher=False)
        assert hub.room.asking is not None
        assert [answer.text for answer in hub.room.asking.round.answers] == ["0.5"]
        hub.happen(Closed(), QuestionLeft())
        ada.room_changed()
        assert not line.typed
        ada.lose()

    run_in_own_time(take_up())


def test_a_hand_goes_up_while_something_is_asked() -> None:
    """And is seen in the row, before and after the question is closed; Esc takes back what was typed."""

    async def ask() -> None:
        hub = Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: None)
        ada, line = watching(hub, "Ada", columns=160)
        place = sent_place(NOT_TRAINED)
        hub.happen(Asked(place, question_at(place), kind_at(place)))
        ada.take_message(KEYS, b"12!", is_teacher=False)
        assert [person.name for person in hub.room.hands()] == ["Ada"]
        ada.room_changed()
        row = line.frames[-1].decode()
        assert "= 12_" in row
        assert "your hand is up: ! takes it down" in row
        ada.take_message(KEYS, b"\x1b", is_teacher=False)
        await asyncio.sleep(1)
        assert "= _" in line.frames[-1].decode()
        hub.happen(Closed())
        ada.room_changed()
        row = line.frames[-1].decode()
        assert "closed · your hand is up: ! takes it down · q leaves" in row
        ada.lose()

    run_in_own_time(ask())


def test_who_comes_again_has_forgotten_nothing() -> None:
    """A new user of a kiosk has tried nothing; its client has kept what was tried since."""

    async def come() -> None:
        hub = Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: None)
        said = dict[bytes, bytes]()

        class Told(Nowhere):
            def send(self, kind: bytes, content: bytes) -> None:
                said[kind] = content

        seat = Seat(hub, Told())
        hello = Hello(VERSION, "Ada", "truecolor", ascii=False, palette="dark", forgets=True)
        seat.take_message(HELLO, msgspec.json.encode(hello), is_teacher=False)
        assert not msgspec.json.decode(said[HELLO], type=Hello).forgets
        seat.lose()

    run_in_own_time(come())


def test_whoever_types_q_into_something_is_told_that_it_was_heard() -> None:
    """Else their terminal takes the leader for stopped, and leaves."""

    async def type_it() -> None:
        hub = Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: None)
        said = list[bytes]()

        class Told(Nowhere):
            def send(self, kind: bytes, content: bytes) -> None:
                said.append(kind)

        seat = Seat(hub, Told())
        hello = Hello(VERSION, "Ada", "truecolor", ascii=False, palette="dark")
        seat.take_message(HELLO, msgspec.json.encode(hello), is_teacher=False)
        seat.take_message(SIZE, b"80 24", is_teacher=False)
        place = sent_place(NOT_TRAINED)
        hub.happen(Asked(place, question_at(place), kind_at(place)))
        said.clear()
        seat.take_message(KEYS, b"q", is_teacher=False)
        assert HELLO in said
        seat.lose()

    run_in_own_time(type_it())


def test_who_has_another_name_than_wished_for_is_told() -> None:
    """The second Ada is nobody else on the desk."""

    async def join() -> None:
        hub = Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: None)
        (first, line), (second, other) = watching(hub, "Ada"), watching(hub, "Ada")
        assert b"Others know you as Ada 2 here." in b"".join(other.frames)
        assert b"Others know you" not in b"".join(line.frames)
        for seat in (first, second):
            seat.lose()

    run_in_own_time(join())


def test_only_an_open_question_is_asked_of_who_steps_alone() -> None:
    """Once it is closed, how far the class is stands there again."""

    async def ask() -> None:
        hub = Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: None)
        ada, line = watching(hub, "Ada")
        ada.break_away("next")
        place = sent_place(NOT_TRAINED)
        for event, asks in ((Asked(place, question_at(place)), True), (Closed(), False), (Revealed(), False)):
            hub.happen(event)
            ada.room_changed()
            assert line.class_now is not None
            assert line.class_now.asks is asks
        ada.lose()

    run_in_own_time(ask())


@pytest.mark.parametrize("seconds", [0, 30])
def test_who_answers_late_is_told_and_stays(seconds: float) -> None:
    """However late and slowly they type: a digit goes to another panel only once they have ceased."""

    async def answer() -> None:
        hub = Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: None)
        ada, line = watching(hub, "Ada")
        place = sent_place(NOT_TRAINED)
        hub.happen(Asked(place, question_at(place), kind_at(place)))
        ada.room_changed()
        hub.happen(Closed())
        ada.room_changed()
        await asyncio.sleep(seconds)
        for sign in b"0.25\r":
            await asyncio.sleep(3)
            ada.take_message(KEYS, bytes([sign]), is_teacher=False)
        assert not ada.has_app
        assert b"the question is closed: no answer is taken now" in line.frames[-1]
        hub.happen(Revealed())
        ada.room_changed()
        ada.refresh_row()
        assert b"0 of 0 right" in line.frames[-1]  # what is shown gives the moment's words no time
        await asyncio.sleep(6)
        ada.take_message(KEYS, b"2", is_teacher=False)
        assert ada.kind is not None
        assert ada.kind.own.panel == [*PANELS][1]
        ada.lose()

    run_in_own_time(answer())


def test_who_is_kept_is_kept_whatever_becomes_of_the_leader() -> None:
    """Their terminal is told for how long, and when it is over."""

    async def keep() -> None:
        hub = Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: None)
        said = list[bytes]()

        class Told(Nowhere):
            def send(self, kind: bytes, content: bytes) -> None:
                said.extend([content] if kind == KEPT else [])

        seat = Seat(hub, Told())
        hello = Hello(VERSION, "Ada", "truecolor", ascii=False, palette="dark")
        seat.take_message(HELLO, msgspec.json.encode(hello), is_teacher=False)
        seat.take_message(SIZE, b"80 24", is_teacher=False)
        for seconds in (300.0, 0.0):
            hub.happen(Pinned(hub.now + seconds))
            for _ in range(3):
                seat.room_changed()
        assert said == [b"300", b"0"]
        seat.lose()

    run_in_own_time(keep())
