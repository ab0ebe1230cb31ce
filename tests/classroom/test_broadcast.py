"""A leader at a true broker: what it publishes, and what it makes of what others say there."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from time import monotonic
from typing import Any

import pytest

from tests.classroom.brokers import CLASS_CODE, TEACHER_CODE, Client, Mosquitto
from tests.classroom.paper_broker import PaperBroker
from tests.pseudo_terminal import LOOK_AGAIN, SAFETY
from tinynet_tui.classroom.broadcast import KEEPALIVE, Broadcast, Found, found
from tinynet_tui.classroom.broker import Broker
from tinynet_tui.classroom.broker_address import CLASS, TEACHER, broker_address
from tinynet_tui.classroom.broker_messages import LONGEST_LED, LONGEST_TEXT, Topics, key_of_follower
from tinynet_tui.classroom.hub import Hub
from tinynet_tui.classroom.message_contents import sent_place
from tinynet_tui.classroom.mirror import Mirror
from tinynet_tui.classroom.recorded_place import recorded_place
from tinynet_tui.classroom.results import Results
from tinynet_tui.classroom.room import Room
from tinynet_tui.classroom.room_events import (
    Answered,
    Asked,
    AskedAgain,
    Closed,
    Joined,
    Lent,
    Pinned,
    Revealed,
)
from tinynet_tui.drawing.experiment_page import ShownExperiment, Waiting
from tinynet_tui.drawing.look import Look
from tinynet_tui.experiments.page_of_session import opened_page
from tinynet_tui.lessons.reading import open_lesson
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.session import Edit

_PLACE = "tinynet/class/place"


async def eventually(condition: Callable[[], Any]) -> None:
    """Wait until something holds."""
    last = monotonic() + SAFETY
    while not condition():
        assert monotonic() < last, "the condition never came true"
        await asyncio.sleep(LOOK_AGAIN)


@pytest.fixture
def trusting(broker: Mosquitto, monkeypatch: pytest.MonkeyPatch) -> Mosquitto:
    """The broker, and that its certificate is trusted here."""
    monkeypatch.setenv("SSL_CERT_FILE", broker.environ["SSL_CERT_FILE"])
    return broker


def opened(broker: Mosquitto, room: str) -> Broker:
    """The teacher's connection, as the command makes it."""
    topics = Topics(room)
    opened = Broker(broker_address(broker.mqtts), TEACHER, TEACHER_CODE, "", KEEPALIVE)
    opened.last_will(topics.place, retain=True)
    opened.open((topics.place, topics.text(), topics.word()), LONGEST_LED)
    return opened


@asynccontextmanager
async def leading(broker: Mosquitto, room: str = "class", lesson: str = "xor") -> AsyncIterator[Hub]:
    """A leader without a screen, until the block ends."""
    connection = opened(broker, room)
    session = start(open_lesson(lesson))
    hub = Hub(Room(room, "Grace", place=sent_place(session)), session, lambda _: None)
    broadcast = Broadcast(connection, room, found(connection, room, 0.2))
    broadcast.open(hub, lambda _: None)
    try:
        yield hub
    finally:
        broadcast.close("The class is over.")


@contextmanager
def student(broker: Mosquitto, name: str = "") -> Iterator[Client]:
    """Somebody who has the class's code."""
    client = Client(broker, CLASS, CLASS_CODE, name)
    try:
        yield client
    finally:
        client.leave()


@contextmanager
def teacher(broker: Mosquitto, hears: str = "tinynet/#") -> Iterator[Client]:
    """Somebody who has the teacher's code, and hears all."""
    client = Client(broker, TEACHER, TEACHER_CODE)
    client.hear(hears)
    try:
        yield client
    finally:
        client.leave()


def word(number: int, name: str, **more: Any) -> bytes:
    """What a follower says."""
    return json.dumps({"version": 1, "number": number, "name": name, **more}).encode()


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a test in a loop of its own."""
    asyncio.run(test())


def names(hub: Hub) -> list[str]:
    """Who is here."""
    return [person.name for person in hub.room.here]


def answers(hub: Hub) -> dict[str, str]:
    """What each has answered in this round."""
    assert hub.room.asking is not None
    return {answer.person: answer.text for answer in hub.room.asking.round.answers}


def test_a_place_is_small_and_there_for_who_comes_late(trusting: Mosquitto) -> None:
    """However much was edited; what is long is published once, apart; after the class nothing is left."""

    async def test() -> None:
        async with leading(trusting) as hub:
            hub.show(after(hub.session, Command("next")))
            with student(trusting) as late:
                late.hear(_PLACE)
                late.hear("tinynet/class/lesson/+")
                await eventually(lambda: late.last(_PLACE))
                place = json.loads(late.last(_PLACE))
                assert (place["teacher"], place["details"]["place"]["at"]["step"]) == ("Grace", 1)
                assert len(late.last(_PLACE)) <= 600
                session = hub.session
                for number in range(100):
                    session = after(session, Command("edit", Edit(session.update, "w1", 0.125 + number)))
                    session = after(session, Command("next-update"))
                hub.show(session)
                await eventually(lambda: "apart" in json.loads(late.last(_PLACE)))
                assert len(late.last(_PLACE)) <= 600
                apart = json.loads(late.last(_PLACE))["apart"]
                await eventually(lambda: late.last(f"tinynet/class/lesson/{apart}"))
        with student(trusting) as later, teacher(trusting) as observer:
            later.hear(_PLACE)
            observer.say("tinynet/class/word/mark", b"")
            await eventually(lambda: observer.last("tinynet/class/word/mark") == b"")
            assert [one for one in observer.heard if one[1]] == []

    run(test)


def test_nobody_forges_a_place(trusting: Mosquitto) -> None:
    """Nor a lesson, nor the word of another: with the class's code the broker takes one's own word alone."""

    async def test() -> None:
        with teacher(trusting) as observer, student(trusting, "mallory") as forger:
            for topic in (_PLACE, "tinynet/class/lesson/0", "tinynet/class/word/ada", "tinynet/class"):
                forger.say(topic, b"forged", retain=True)
            forger.say("tinynet/class/word/mallory", b"own")
            await eventually(lambda: observer.last("tinynet/class/word/mallory") == b"own")
            assert [topic for topic, content in observer.heard if content == b"forged"] == []
            forger.hear("tinynet/class/word/+")
            observer.say("tinynet/class/word/ada", b"of Ada alone")
            observer.say(_PLACE, b"for all")
            forger.hear(_PLACE)
            observer.say(_PLACE, b"for all")
            await eventually(lambda: forger.last(_PLACE))
            assert forger.last("tinynet/class/word/ada") == b""

    run(test)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"{", "damaged or unknown"),
        (b"\xff\x1b[2J", "damaged or unknown"),
        (b"[" * 3_000, "damaged or unknown"),
        (b"{}", "damaged or unknown"),
        (word(1, "Eve" * 2_000), "more than 4,096 bytes"),
        (word(1, "Eve") + b" " * 5_000, "more than 4,096 bytes"),
        (b'{"version": 2, "number": 1, "will": "come"}', "of version 2"),
        (word(1, "Eve", hand="yes"), "damaged or unknown"),
    ],
)
def test_who_makes_no_sense_is_out_alone(trusting: Mosquitto, content: bytes, why: str) -> None:
    """With a reason; everyone else stays, and nothing more of theirs is heard."""

    async def test() -> None:
        async with leading(trusting) as hub:
            with student(trusting, "ada") as ada, student(trusting, "eve") as eve:
                ada.say("tinynet/class/word/ada", word(1, "Ada"))
                eve.hear(_PLACE)
                eve.say("tinynet/class/word/eve", content)
                key = key_of_follower("eve")
                await eventually(lambda: any(key.encode() in heard for _, heard in eve.heard))
                (goodbye,) = (json.loads(heard) for _, heard in eve.heard if key.encode() in heard)
                assert (goodbye["is"], goodbye["key"]) == ("end", key)
                assert why in goodbye["words"]
                eve.say("tinynet/class/word/eve", word(2, "Eve"))
                ada.say("tinynet/class/word/ada", word(2, "Ada", hand=True))
                await eventually(lambda: hub.room.hands())
                assert names(hub) == ["Ada"]

    run(test)


def test_each_is_counted_once(trusting: Mosquitto) -> None:
    """However often, and in whatever order, what they say arrives."""

    async def test() -> None:
        async with leading(trusting) as hub:
            hub.happen(Asked(sent_place(hub.session)))
            with student(trusting, "ada") as ada, student(trusting, "other") as other:
                for number, text in ((1, "1"), (1, "1"), (3, "@SUM(A1:A9)=-0.1")):
                    ada.say("tinynet/class/word/ada", word(number, "Ada", answer=[1, 0, text]))
                await eventually(lambda: answers(hub) == {"Ada": "-0.1"})
                ada.say("tinynet/class/word/ada", word(2, "Ada", answer=[1, 0, "2"]))
                other.say("tinynet/class/word/other", word(1, "Ada", answer=[1, 0, "1"]))
                await eventually(lambda: len(answers(hub)) == 2)
                other.say("tinynet/class/word/other", word(2, "Ada", answer=[7, 0, "9"], hand=True))
                await eventually(lambda: hub.room.hands())
                assert names(hub) == ["Ada", "Ada 2"]
                assert answers(hub) == {"Ada": "-0.1", "Ada 2": "1"}
                ada.say("tinynet/class/word/ada", b"")  # as its last will has it
                await eventually(lambda: names(hub) == ["Ada 2"])
                ada.say("tinynet/class/word/ada", word(1, "Ada"))
                await eventually(lambda: names(hub) == ["Ada", "Ada 2"])

    run(test)


def test_two_rooms_at_once(trusting: Mosquitto) -> None:
    """Nothing of one is in the other."""

    async def test() -> None:
        async with leading(trusting, "one") as one, leading(trusting, "two", "mazur") as two:
            with student(trusting, "ada") as ada, student(trusting, "alan") as alan:
                for client, room in ((ada, "one"), (alan, "two")):
                    client.hear(f"tinynet/{room}/place")
                ada.say("tinynet/one/word/ada", word(1, "Ada"))
                alan.say("tinynet/two/word/alan", word(1, "Alan", hand=True))
                await eventually(lambda: names(one) == ["Ada"] and names(two) == ["Alan"])
                one.show(after(one.session, Command("next")))
                await eventually(lambda: b'"step":1' in ada.last("tinynet/one/place"))
                assert b'"step":0' in alan.last("tinynet/two/place")
                assert {topic for topic, _ in ada.heard} == {"tinynet/one/place"}

    run(test)


def test_many_followers(trusting: Mosquitto) -> None:
    """All are counted, each under a name of their own."""

    async def test() -> None:
        async with leading(trusting) as hub:
            for number in range(60):
                with student(trusting, f"id{number}") as one:
                    one.say(f"tinynet/class/word/id{number}", word(1, "Ada"))
            await eventually(lambda: len(hub.room.here) == 60)
            assert len(set(names(hub))) == 60
            hub.happen(Pinned(asyncio.get_running_loop().time() + 300))
            with student(trusting) as late:
                late.hear(_PLACE)
                await eventually(lambda: late.last(_PLACE))
                place = json.loads(late.last(_PLACE))
                assert (place["here"], list(place["details"]["pinned"])) == (60, [""])

    run(test)


def test_a_living_leader_is_found_and_a_dead_one_is_not(trusting: Mosquitto) -> None:
    """A place may be left of one who died with the broker."""

    async def test() -> None:
        async with leading(trusting):
            second = await asyncio.to_thread(opened, trusting, "class")
            there = await asyncio.to_thread(found, second, "class", SAFETY)
            second.close()
            assert there.leader is not None
            assert there.leader.teacher == "Grace"
        place = {"is": "place", "version": 1, "began": 1 << 50, "number": 1, "teacher": "Grace"}
        with teacher(trusting) as dead:
            dead.say(_PLACE, json.dumps(place).encode(), retain=True)
        third = opened(trusting, "class")
        there = found(third, "class", 0.5)
        third.close((_PLACE, b"", True))
        assert (there.leader, there.began) == (None, 1 << 50)

    run(test)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "What the leader sent was not understood"),
        (b'{"version": 1, "is": "news"}', "What the leader sent was not understood"),
        (b'{"version": 2, "is": "place"}', "of version 2, and this program of 1"),
        (b" " * 5_000, "more than 4,096 bytes"),
        (b'{"version": 1, "is": "end", "words": "Bye \\u001b[2J"}', "Bye [2J"),
    ],
)
def test_a_place_that_makes_no_sense_ends_following(trusting: Mosquitto, content: bytes, words: str) -> None:
    """With a reason."""

    async def test() -> None:
        connection = Broker(broker_address(trusting.wss), CLASS, CLASS_CODE, "ada", KEEPALIVE)
        connection.open((_PLACE, "tinynet/class/lesson/+"), LONGEST_TEXT)
        mirror = Mirror(connection, "class", "ada", "Ada")
        mirror.begin()
        try:
            with teacher(trusting) as bad:
                bad.say(_PLACE, content)
                await eventually(mirror.has_begun.is_set)
            assert words in (mirror.farewell or "")
        finally:
            mirror.leave()

    run(test)


def on_paper() -> tuple[PaperBroker, Hub, Broadcast]:
    """A leader whose words stay here."""
    session = start(open_lesson("xor"))
    hub = Hub(Room("class", "Grace", place=sent_place(session)), session, lambda _: None)
    broker = PaperBroker()
    broadcast = Broadcast(broker, "class", Found(None, 0, ()))
    broadcast.open(hub, lambda _: None)
    return broker, hub, broadcast


def test_many_who_ask_are_answered_together() -> None:
    """However fast they ask, and also where nothing else is to be said for long."""

    async def test() -> None:
        broker, hub, broadcast = on_paper()
        clock = asyncio.get_running_loop().time
        hub.become(replace(hub.room, unnamed=10**9))
        hub.become(replace(hub.room, unnamed=10**9 + 1))  # which is said in a week
        before, begun = len(broker.published), clock()
        for number in range(500):
            broker.take([(f"tinynet/class/word/{number}", word(1, "", asks=True))])
            await asyncio.sleep(0)
        assert len(broker.published) - before <= 1 + 2 * (clock() - begun)
        await eventually(lambda: len(broker.published) > before)
        broadcast.close("")

    run(test)


def test_a_leader_who_is_stopped_is_away_for_those_elsewhere() -> None:
    """At once; they follow again when the leader goes on."""

    async def test() -> None:
        broker, _hub, broadcast = on_paper()
        there = PaperBroker()
        mirror = Mirror(there, "class", "ada", "Ada")
        mirror.begin()
        there.take(broker.published)
        assert not mirror.room.teacher_is_away
        broadcast.stop()
        there.take(broker.published[-1:])
        assert mirror.room.teacher_is_away
        broker.take([(_PLACE, b"")])  # as the leader hears it, too
        await eventually(lambda: broker.published[-1][1])
        there.take(broker.published[-1:])
        assert not mirror.room.teacher_is_away
        broadcast.close("")

    run(test)


def test_names_of_keys_that_nobody_has_are_forgotten() -> None:
    """Somebody comes under one name again and again, each time as another."""

    async def test() -> None:
        broker, hub, broadcast = on_paper()
        for number in range(1_000):
            topic = f"tinynet/class/word/{number}"
            broker.take([(topic, word(1, "Ada")), (topic, b"")])
        assert [person.name for person in hub.room.people] == ["Ada"]
        assert len(broadcast._names) <= 200
        broker.take([("tinynet/class/word/999", word(2, "Somebody"))])
        assert names(hub) == ["Ada"]
        broadcast.close("")

    run(test)


def test_what_a_leader_looks_at_that_cannot_be_sent_is_said() -> None:
    """The teacher's page, and that of whoever is lent the lead."""

    async def test() -> None:
        broker, hub, broadcast = on_paper()

        def said() -> str:
            return str(json.loads(broker.published[-1][1])["details"].get("aside", ""))

        state = opened_page(start(open_lesson("mazur")), None).state  # of numbers that the class has not
        hub.show(hub.session, cover=ShownExperiment(state, Waiting(None)))
        await eventually(lambda: said() == "is looking at experiments")
        hub.show(hub.session)
        await eventually(lambda: said() == "")
        broker.take([("tinynet/class/word/ada", word(1, "Ada"))])
        hub.happen(Lent("Ada"))
        place = json.loads(recorded_place(hub.session)[0])
        broker.take([("tinynet/class/word/ada", word(2, "Ada", place=place, aside="is choosing\n" * 9))])
        await eventually(lambda: said().startswith("is choosing"))
        assert len(said()) == 60
        assert said().isprintable()
        broadcast.close("")

    run(test)


def test_the_answers_are_shown_elsewhere_without_names() -> None:
    """The page of those beside the leader: every result of both rounds, and what is right."""

    async def test() -> None:
        broker, hub, broadcast = on_paper()
        there = PaperBroker()
        mirror = Mirror(there, "class", "ada", "Ada")
        mirror.begin()
        for number in range(4):
            hub.happen(Joined(f"Person {number}"))
        place = sent_place(hub.session)
        hub.happen(Asked(place, "z", "sum"))
        hub.happen(Answered("Person 0", 0, "0.1", "right"), Answered("Person 1", 0, "7", "the sign is wrong"))
        hub.happen(Closed(), AskedAgain(), Answered("Person 0", 1, "0.1", "right"))
        hub.happen(Answered("Person 1", 1, "0.1", "right"), Answered("Person 2", 1, "5", ""), Closed())
        hub.happen(Revealed())
        assert hub.room.asking is not None
        results = Results(hub.room.asking)
        hub.show(hub.session, cover=results)
        await eventually(lambda: json.loads(broker.published[-1][1])["details"].get("shows_answers"))
        assert b"Person" not in broker.published[-1][1]
        assert len(broker.published[-1][1]) <= 600
        there.take(broker.published)
        cover = mirror.shown.cover
        assert cover is not None
        shown = cover.picture(80, 24, Look()).text()
        assert "the sign is wrong" in shown
        assert shown == results.picture(80, 24, Look()).text()
        hub.show(hub.session)
        await eventually(lambda: "shows_answers" not in json.loads(broker.published[-1][1])["details"])
        there.take(broker.published[-1:])
        assert mirror.shown.cover is None
        broadcast.close("")

    run(test)


def test_what_somebody_leads_to_is_not_what_was_chosen_before() -> None:
    """Lent the lead, they choose nothing yet: it was the teacher who did."""

    async def test() -> None:
        _broker, hub, broadcast = on_paper()
        hub.happen(Joined("Ada"))
        hub.show(hub.session, aside="is choosing")
        hub.happen(Lent("Ada"))
        assert hub.aside == ""
        broadcast.close("")

    run(test)
