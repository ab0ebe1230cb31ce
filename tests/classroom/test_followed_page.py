"""The page of experiments on machines of their own, which are told what is set there."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from tests.classroom.paper_broker import PaperBroker
from tests.classroom.seats import Line, say_hello, tell
from tests.classroom.ssh_class import eventually
from tests.classroom.test_broadcast import on_paper
from tinynet_tui.classroom.broker_messages import MOST_IN_PLACE
from tinynet_tui.classroom.followed_page import PageNews, page_at, page_news
from tinynet_tui.classroom.mirror import Mirror
from tinynet_tui.classroom.room_events import GivenBack, Joined, Lent
from tinynet_tui.classroom.seat import Seat
from tinynet_tui.drawing.cover import Cover
from tinynet_tui.drawing.experiment_page import ShownExperiment, Waiting
from tinynet_tui.drawing.look import Look
from tinynet_tui.experiments.long_work import unwatched
from tinynet_tui.experiments.page_keys import after as after_key
from tinynet_tui.experiments.page_of_session import opened_page
from tinynet_tui.experiments.table import EXPERIMENTS
from tinynet_tui.lessons.reading import open_lesson
from tinynet_tui.session.commands import Command, start
from tinynet_tui.session.commands import after as after_command
from tinynet_tui.session.session import Session


def computed(session: Session, *keys: str) -> ShownExperiment:
    """The leader's page after some keys, with its result."""
    state, result = opened_page(session, None).state, None
    for key in keys:
        name, _, argument = key.partition("=")
        state = after_key(state, name, int(argument) if argument else None, result)
        result = None if state.inputs is None else state.row.compute(state.inputs, unwatched)
    return ShownExperiment(state, result)


@pytest.mark.parametrize(
    "keys",
    [
        ("down", "right", "right"),
        ("updates=7", "scale"),
        ("tab:start", "seed", "down", "other-chart"),
        ("tab:dead", "down", "down", "left"),
        ("tab:sensitivity", "down", "more", "more"),
        ("tab:sensitivity", "other-chart"),
    ],
    ids=" ".join,
)
def test_a_follower_elsewhere_sees_the_page_of_the_leader(keys: tuple[str, ...]) -> None:
    """With what is chosen, set and pointed at; what is sent of it is no longer than a place may be."""

    async def follow() -> None:
        broker, hub, broadcast = on_paper()
        hub.show(after_command(hub.session, Command("goto", (2, 5))))
        cover = computed(hub.session, *keys)
        hub.show(hub.session, cover=cover)
        there = PaperBroker()
        mirror = Mirror(there, "class", "ada", "Ada")
        mirror.begin()
        there.take([(topic, content) for topic, content in broker.published if content])
        assert len(broker.published[-1][1]) <= MOST_IN_PLACE

        await eventually(lambda: rows(mirror.shown.cover) == rows(cover))
        assert mirror.aside == ""
        hub.show(hub.session)
        there.take(broker.published[-1:])
        assert mirror.shown.cover is None
        broadcast.close("")

    asyncio.run(follow())


def rows(shown: Cover | None) -> object:
    """What a page looks like, but for the last row, which is each one's own."""
    return shown and shown.picture(80, 24, Look()).rows[:-1]


def test_the_page_of_who_is_lent_the_lead_is_everybodys() -> None:
    """Of a follower beside the leader, and of one elsewhere; no longer than they lead."""

    async def lend() -> None:
        broker, hub, broadcast = on_paper()
        cover = computed(hub.session, "down", "right")
        seat = Seat(hub, Line())
        say_hello(seat, "Alan")
        hub.happen(Lent("Alan"))
        page = msgspec.to_builtins(page_news(hub.session, cover))
        tell(seat, aside=cover.doing, page=page)
        await eventually(lambda: rows(hub.shown.cover) == rows(cover))
        assert hub.aside == ""
        hub.happen(GivenBack("Alan"))
        assert hub.shown.cover is None
        seat.lose()
        there = PaperBroker()
        mirror = Mirror(there, "class", "ada", "Ada")
        mirror.begin()

        def talk() -> None:
            there.take([(topic, content) for topic, content in broker.published if content])
            broker.take([one for one in there.published if "/word/" in one[0]])

        talk()
        mirror.happen(Joined("Ada"))
        talk()
        hub.happen(Lent("Ada"))
        talk()
        mirror.lead_aside(cover.doing, page_news(mirror.session, cover))
        await eventually(lambda: rows(mirror.shown.cover) == rows(cover))
        talk()
        await eventually(lambda: rows(hub.shown.cover) == rows(cover))
        mirror.lead_aside("", None)
        talk()
        assert hub.shown.cover is None
        broadcast.close("")

    asyncio.run(lend())


def test_every_experiment_comes_back_as_it_was_sent() -> None:
    """As the leader has it, by what is said in JSON."""
    session = start(open_lesson("xor"))
    for row in EXPERIMENTS:
        state = opened_page(session, None).state.showing(row.name)
        news = page_news(session, ShownExperiment(state, Waiting(None)))
        assert news is not None
        assert (there := page_at(session, news)) is not None
        assert there.inputs == state.inputs


@pytest.mark.parametrize(
    "news",
    [
        PageNews("nothing"),
        PageNews("rates", values={"updates": 10**12}),
        PageNews("rates", values={"updates": "many"}),
        PageNews("rates", values={"updates": None}),
        PageNews("rates", values={"rates": [[1]]}),
        PageNews("rates", values={"rates": [None]}),
        PageNews("rates", values={"rates": ["0.1", "0.2"]}),
        PageNews("rates", values={"eta": 1}),
        PageNews("rates", choice=-1),
        PageNews("rates", cursor=10**30),
    ],
    ids=str,
)
def test_what_nobody_can_have_set_is_no_page(news: PageNews) -> None:
    """Others must not have a follower's machine compute for ever."""
    assert page_at(start(open_lesson("xor")), news) is None
