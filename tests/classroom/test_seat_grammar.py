"""Whatever a follower sends that has the form of messages: it is done, or refused in words, and no more."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.campaigns.random_classes import run_in_own_time
from tests.classroom.seats import Line, press, resize, say_hello
from tests.session.random_lessons import LECTURE
from tinynet_tui.classroom.class_question import question_at
from tinynet_tui.classroom.hub import Hub
from tinynet_tui.classroom.local_line import MOST_CONNECTIONS, MOST_OF_ONE_USER, NONSENSE, Arrivals
from tinynet_tui.classroom.message_contents import VERSION, sent_place
from tinynet_tui.classroom.messages import END, HELLO, KEYS, NEWS, PLACE, SIZE
from tinynet_tui.classroom.room import Room
from tinynet_tui.classroom.room_events import (
    Asked,
    AskedAgain,
    Closed,
    Gathered,
    Lent,
    QuestionLeft,
    Revealed,
)
from tinynet_tui.classroom.seat import Seat
from tinynet_tui.session.commands import COMMANDS, Command, after, start

Sent = tuple[bytes, bytes]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
HELLOS = st.fixed_dictionaries(
    {
        "version": st.just(VERSION) | st.integers(-1, 9),
        "name": st.text(max_size=40) | JSON,
        "colours": st.sampled_from(["truecolor", "256", "16", "none"]) | JSON,
        "ascii": st.booleans() | JSON,
        "palette": st.sampled_from(["dark", "light"]) | JSON,
    },
    optional={"is_desk": st.booleans() | JSON, "more": JSON},
)
PLAIN_HELLO = {"version": VERSION, "name": "Ada", "colours": "truecolor", "ascii": False, "palette": "dark"}
WORDS = st.fixed_dictionaries({}, optional={"at": st.text(max_size=40) | JSON, "hand": st.booleans() | JSON})
SIZES = st.builds(lambda *ints: " ".join(map(str, ints)).encode(), st.integers(), st.integers())
TYPED = st.lists(
    st.sampled_from([key for entry in COMMANDS for key in entry.keys if len(key) == 1])
    | st.sampled_from(
        ["\r", "\x1b", "\x1b[A", "\x1b[200~", "!", "1/0", "nan", "-", "9" * 300, "\x7f", "\x03"]
    ),
    max_size=12,
).map(lambda keys: "".join(keys).encode())
MESSAGES = st.one_of(
    st.tuples(st.just(HELLO), st.just(PLAIN_HELLO).map(msgspec.json.encode)),
    st.tuples(st.just(HELLO), HELLOS.map(msgspec.json.encode)),
    st.tuples(st.just(SIZE), st.sampled_from([b"80 24", b"60 20", b"1 1"]) | SIZES | st.binary(max_size=20)),
    st.tuples(st.just(KEYS), TYPED | st.binary(max_size=40)),
    st.tuples(st.just(NEWS), (WORDS | JSON).map(msgspec.json.encode)),
    st.tuples(st.just(PLACE), st.just(sent_place(start(LECTURE))) | st.binary(max_size=60)),
    st.tuples(st.binary(min_size=1, max_size=1), st.binary(max_size=10)),
)
PLACE_NOW = sent_place(start(LECTURE))
EVENTS = st.sampled_from(
    [Asked(PLACE_NOW), Closed(), AskedAgain(), Revealed(), QuestionLeft(), Gathered(), Lent("Ada"), None]
)


@given(st.lists(st.tuples(MESSAGES, EVENTS), max_size=12), st.booleans())
def test_messages_are_done_or_refused_in_words(sent: list[tuple[Sent, Any]], is_teacher: bool) -> None:
    """Nothing else is raised, whatever happens in the class meanwhile, and nothing said steers a terminal."""

    async def follow() -> None:
        session = start(LECTURE)
        hub = Hub(Room("class", "Grace"), session, lambda _room: None)
        line = Line()
        seat, refused = Seat(hub, line), list[str]()
        try:
            for (kind, content), event in sent:
                seat.take_message(kind, content, is_teacher)
                if event is not None:
                    hub.happen(event)
                hub.show(session := after(session, Command("next")))
        except NONSENSE as fault:
            refused.append(str(fault))
        seat.lose()
        hub.close("The class is over.")
        assert all(refused)
        assert all(words.decode().strip().isprintable() for kind, words in line.said if kind == END)
        assert all(person.doing == "away" for person in hub.room.people)

    run_in_own_time(follow())


@pytest.mark.parametrize("ends", [Closed(), QuestionLeft(), None])
def test_the_rest_of_an_answer_is_no_command(ends: Any) -> None:
    """Where the question is closed, by hand or by a step, while it is typed; other keys are done at once."""

    async def answer() -> None:
        session = start(LECTURE)
        hub = Hub(Room("class", "Grace"), session, lambda _room: None)
        line = Line()
        seat = Seat(hub, line)
        say_hello(seat, "Ada")
        resize(seat, 80)
        place = sent_place(session)
        hub.happen(Asked(place, question_at(place)))
        press(seat, b"-1")
        hub.happen(Closed() if ends is None else ends)
        if ends is None:
            hub.show(after(session, Command("next")))
        has = seat.kind
        press(seat, b"20.5\r")
        assert seat.kind == has
        assert not seat.has_app
        press(seat, b"l")
        assert seat.has_app

    run_in_own_time(answer())


def test_no_user_fills_a_room_alone() -> None:
    """Neither at once nor by coming again and again; the teacher's own account may."""

    async def come() -> None:
        arrivals = Arrivals()
        assert [arrivals.enter(1, False) for _ in range(MOST_OF_ONE_USER)] == [""] * MOST_OF_ONE_USER
        assert arrivals.enter(1, False).startswith("Too many")
        assert not arrivals.enter(2, False)
        for _ in range(MOST_OF_ONE_USER + 1):
            arrivals.leave(1)
        assert arrivals.enter(1, False).startswith("Too many")
        arrivals = Arrivals()
        assert not any(arrivals.enter(0, True) for _ in range(MOST_CONNECTIONS))
        assert arrivals.enter(0, True) == "This room is full."

    asyncio.run(come())
