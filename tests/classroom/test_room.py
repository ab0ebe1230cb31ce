"""A class as one value: whatever happens in whatever order, it makes sense."""

from __future__ import annotations

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinynet_tui.classroom.room import Room, after
from tinynet_tui.classroom.room_events import (
    Answered,
    AnswerSeen,
    Asked,
    AskedAgain,
    AskedAlone,
    BrokeAway,
    Closed,
    Ended,
    Event,
    Gathered,
    GivenBack,
    HandMoved,
    Joined,
    Lent,
    Lost,
    Moved,
    Passed,
    Pinned,
    QuestionLeft,
    Revealed,
    TeacherBack,
    WindowChanged,
)
from tinynet_tui.classroom.rounds import Answer

TEACHER = "Grace"
NAMES = st.sampled_from([TEACHER, "Ada", "Alan", "Barbara"])
FOLLOWERS = st.sampled_from(["Ada", "Alan", "Barbara"])
EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(Joined, NAMES),
    st.builds(Lost, NAMES),
    st.builds(TeacherBack),
    st.builds(Moved, NAMES, st.binary(max_size=3)),
    st.builds(BrokeAway, NAMES, st.sampled_from(["1.2", "1.3"])),
    st.builds(HandMoved, NAMES, st.booleans()),
    st.builds(WindowChanged, NAMES, st.booleans()),
    st.builds(Gathered),
    st.builds(Pinned, st.just(60.0), st.none() | NAMES),
    st.builds(Lent, NAMES),
    st.builds(GivenBack, NAMES),
    st.builds(Asked, st.just(b"1.0")),
    st.builds(Answered, NAMES, st.integers(0, 2), st.just("1"), st.sampled_from(["right", "sign", ""])),
    st.builds(AnswerSeen, NAMES),
    st.builds(Closed),
    st.builds(Passed),
    st.builds(AskedAgain),
    st.builds(Revealed),
    st.builds(AskedAlone, st.just(b"1.7")),
    st.builds(QuestionLeft),
)
EMPTY = Room("class", TEACHER)


def happen(*events: Event, room: Room = EMPTY) -> Room:
    """A room after several events."""
    return reduce(after, events, room)


@given(st.lists(EVENTS, max_size=40))
def test_there_is_one_leader_who_is_present_or_the_teacher(events: list[Event]) -> None:
    """A lead that was lent to somebody who is lost is the teacher's again."""
    room = happen(*events)
    assert room.leader == TEACHER or room.leader in {person.name for person in room.here}
    leading = room.person(room.leader)
    assert leading is None or leading.doing == "following"


@given(st.lists(EVENTS, max_size=40))
def test_nobody_is_there_twice_or_counted_twice(events: list[Event]) -> None:
    """One row for each person, one answer for each person and round, in rounds of at most three."""
    room = happen(*events)
    names = [person.name for person in room.people]
    assert len(names) == len(set(names))
    assert TEACHER not in names
    rounds = room.asking.rounds if room.asking else ()
    assert len(rounds) <= 3
    assert [one.alone for one in rounds] in ([], [False], [False] * 2, [False, True], [False, False, True])
    for one in rounds:
        answered = [answer.person for answer in one.answers]
        assert len(answered) == len(set(answered))
        assert sum(one.counts().values()) == len(answered)


@given(st.lists(EVENTS, max_size=40))
def test_the_place_is_the_last_one_of_who_led_then(events: list[Event]) -> None:
    """A place of anybody else changes nothing, and each change has the next number."""
    room, place, number = EMPTY, b"", 0
    for event in events:
        if isinstance(event, Moved) and event.by == room.leader:
            place, number = event.place, number + 1
        room = after(room, event)
        assert (room.place, room.number) == (place, number)


@given(st.lists(EVENTS, max_size=30), EVENTS)
def test_what_is_repeated_changes_nothing_more(events: list[Event], event: Event) -> None:
    """A message that arrives twice is as good as one, but for a place, a question and a round of its own."""
    once = happen(*events, event)
    if not isinstance(event, Moved | Asked | AskedAgain | AskedAlone):
        assert after(once, event) == once


@given(st.lists(EVENTS, max_size=30), EVENTS)
def test_nothing_happens_after_the_end(events: list[Event], event: Event) -> None:
    """A room that has ended stays as it is."""
    ended = happen(*events, Ended())
    assert after(ended, event) == ended


@given(st.lists(EVENTS, max_size=30))
def test_the_room_can_be_a_key(events: list[Event]) -> None:
    """All of it is frozen."""
    assert hash(happen(*events)) == hash(happen(*events))


def test_hands_are_in_the_order_in_which_they_went_up() -> None:
    """One that went down and up again is the last; one who is away has none up."""
    room = happen(
        *map(Joined, ("Ada", "Alan", "Barbara")),
        HandMoved("Barbara", True),
        HandMoved("Ada", True),
        HandMoved("Alan", True),
        HandMoved("Barbara", False),
        HandMoved("Barbara", True),
    )
    assert [person.name for person in room.hands()] == ["Ada", "Alan", "Barbara"]
    assert [person.name for person in after(room, Lost("Alan")).hands()] == ["Ada", "Barbara"]


def test_who_comes_back_keeps_hand_and_row() -> None:
    """They follow, in the row that they had."""
    room = happen(
        Joined("Ada"), Joined("Alan"), HandMoved("Ada", True), BrokeAway("Ada", "2.18"), Lost("Ada")
    )
    assert [person.doing for person in room.people] == ["away", "following"]
    back = after(room, Joined("Ada"))
    assert [person.name for person in back.people] == ["Ada", "Alan"]
    assert back.people[0].doing == "following"
    assert back.hands() == (back.people[0],)


def test_gathered_and_pinned_follow() -> None:
    """Whoever is pinned follows, until the time is over; being gathered pins nobody."""
    room = happen(Joined("Ada"), Joined("Alan"), BrokeAway("Ada", "1.3"), BrokeAway("Alan", "1.4"))
    gathered = after(room, Gathered())
    assert [(p.doing, p.at) for p in gathered.people] == [("following", "")] * 2
    assert gathered.seconds_pinned("Ada", 0.0) == 0
    pinned = after(room, Pinned(120.0, "Ada"))
    assert [p.doing for p in pinned.people] == ["following", "by themselves"]
    assert [pinned.seconds_pinned("Ada", now) for now in (0.0, 118.5, 119.0, 120.0, 200.0)] == [
        120,
        2,
        1,
        0,
        0,
    ]
    assert pinned.seconds_pinned("Alan", 0.0) == 0


def test_nobody_escapes_a_pin_by_coming_back() -> None:
    """Everyone is kept who comes, until all are let go; of one alone, capitals are no other name."""
    room = happen(Joined("Ada"), Joined("Alan"), Lost("Alan"), Pinned(120.0))
    room = happen(Lost("Ada"), Joined("ada"), Joined("Eve"), Joined("Alan"), room=room)
    assert [room.seconds_pinned(name, 0.0) for name in ("ada", "Eve", "Alan")] == [120] * 3
    free = happen(Pinned(1.0), Joined("Ada"), Joined("Bob"), room=room)
    assert not any(free.seconds_pinned(person.name, 1.0) for person in free.people)
    one = happen(Joined("Ada"), Pinned(120.0, "Ada"), Lost("Ada"), Joined("ADA"), Joined("Eve"))
    assert [one.seconds_pinned(name, 0.0) for name in ("ADA", "Eve")] == [120, 0]


def test_the_lead_is_lent_and_cannot_be_taken() -> None:
    """Whoever has it may give it back; nobody else but the teacher takes it."""
    lent = happen(Joined("Ada"), Joined("Alan"), Lent("Ada"))
    assert lent.leader == "Ada"
    assert after(lent, GivenBack("Alan")).leader == "Ada"
    assert after(lent, GivenBack("Ada")).leader == TEACHER
    assert after(lent, GivenBack(TEACHER)).leader == TEACHER
    assert after(lent, Lost("Ada")).leader == TEACHER
    assert after(lent, Lost(TEACHER)).leader == "Ada"


def test_two_rounds_then_the_answers_then_one_alone() -> None:
    """The rounds follow each other; answers count while a round is open, the latest of each person."""
    room = happen(Joined("Ada"), Joined("Alan"), Asked(b"1.0"), Answered("Ada", 0, "2", "sign"))
    room = happen(Answered("Ada", 0, "−2", ""), Answered("Alan", 0, "2", "right"), room=room)
    assert room.asking is not None
    assert room.asking.round.answers == (Answer("Ada", "−2", ""), Answer("Alan", "2", "right"))
    assert room.asking.round.counts() == {"right": 1, "": 1}
    room = happen(Closed(), Answered("Ada", 0, "2", "right"), AskedAgain(), room=room)
    room = happen(Answered("Alan", 0, "9", ""), Answered("Ada", 1, "2", "right"), room=room)
    assert room.asking is not None
    assert [one.counts() for one in room.asking.rounds] == [{"right": 1, "": 1}, {"right": 1}]
    assert after(room, Revealed()).asking == room.asking, "a round that is open is closed first"
    room = happen(Closed(), Revealed(), AskedAlone(b"1.7"), room=room)
    assert room.asking is not None
    assert (room.asking.stage, room.asking.round.alone, room.asking.round.answers) == ("open", True, ())
    assert after(room, QuestionLeft()).asking is None


def test_one_person_answers_once_under_however_many_names() -> None:
    """Whoever has left is not counted, and is again once they are back; whoever leaves later has answered."""
    room = happen(Joined("Ada"), Joined("Alan"), Asked(b"1.0"), Answered("Ada", 0, "2", "right"))
    for number in range(12):
        name = f"Sock {number}"
        room = happen(Joined(name), Answered(name, 0, "9", "sign"), Lost(name), room=room)
        assert room.asking is not None
        assert (room.asking.round.answered, room.asked_count) == (1, 2)
    assert room.asking is not None
    assert room.asking.round.counts() == {"right": 1}
    assert len(room.asking.round.answers) == 13
    assert len(room.asking.round.left) == 12
    gone = after(room, Lost("Ada"))
    assert gone.asking is not None
    assert (gone.asking.round.answered, gone.asked_count) == (0, 1)
    back = happen(Joined("Ada"), Closed(), Lost("Ada"), room=gone)
    assert back.asking is not None
    assert back.asking.round.counts() == {"right": 1}
    late = happen(Closed(), Joined("Ada"), room=gone)
    assert late.asking is not None
    assert late.asking.round.counts() == {"right": 1}


def test_who_comes_back_counts_in_every_round_they_answered() -> None:
    """Not only in the one that goes on."""
    room = happen(Joined("Ada"), Asked(b"1.0"), Answered("Ada", 0, "2", "right"), Lost("Ada"))
    room = happen(Closed(), AskedAgain(), Joined("Ada"), Answered("Ada", 1, "2", "right"), room=room)
    assert room.asking is not None
    assert [one.answered for one in room.asking.rounds] == [1, 1]


def test_who_has_seen_the_answer_gives_none() -> None:
    """Nor after talk; what they said before stays; other numbers are anybody's."""
    room = happen(Joined("Ada"), Joined("Alan"), Asked(b"1.0"), Answered("Ada", 0, "2", "right"))
    room = happen(AnswerSeen("Ada"), AnswerSeen("Alan"), room=room)
    room = happen(Answered("Ada", 0, "3", ""), Answered("Alan", 0, "2", "right"), room=room)
    assert room.asking is not None
    assert room.asking.round.answers == (Answer("Ada", "2", "right"),)
    assert room.asked_count == 1
    room = happen(Closed(), AskedAgain(), Answered("Alan", 1, "2", "right"), room=room)
    assert room.asking is not None
    assert (room.asking.round.answers, room.asked_count) == ((), 0)
    room = happen(Closed(), Revealed(), AskedAlone(b"1.7"), Answered("Alan", 2, "2", "right"), room=room)
    assert room.asking is not None
    assert (room.asking.round.answered, room.asked_count) == (1, 2)


def test_who_looks_between_the_rounds_gives_no_answer_in_the_second() -> None:
    """A closed question can be asked once more."""
    room = happen(Joined("Ada"), Joined("Alan"), Asked(b"1.0"), Answered("Ada", 0, "2", ""), Closed())
    room = happen(AnswerSeen("Ada"), AskedAgain(), Answered("Ada", 1, "3", "right"), room=room)
    assert room.asking is not None
    assert (room.asking.round.answers, room.asked_count) == ((), 1)


def test_what_the_class_has_gone_on_from_is_not_asked_again() -> None:
    """Nobody is told of it any more, until its answers are shown."""
    asked = happen(Joined("Ada"), Asked(b"1.0"), Answered("Ada", 0, "2", "right"))
    for room in (asked, after(asked, Closed())):
        past = after(room, Passed())
        assert past.asks is None
        assert happen(AskedAgain(), Answered("Ada", 0, "3", ""), Closed(), room=past) == past
        shown = after(past, Revealed())
        assert shown.asks is not None
        assert shown.asks.round.counts() == {"right": 1}
        assert after(shown, Passed()) == shown


def test_not_all_who_were_ever_here_are_remembered() -> None:
    """Of those who are away, who joined first is forgotten, beyond a thousand; no answer of theirs is."""
    asked = happen(Joined("Ada"), Asked(b"1.0"), Answered("Ada", 0, "2", "right"), Lost("Ada"))
    room = happen(Joined("Alan"), room=asked)
    for number in range(1_500):
        room = happen(Joined(f"Kurt {number}"), Lost(f"Kurt {number}"), room=room)
    assert len(room.people) == 1_000
    assert room.person("Alan") is not None, "who is here stays"
    assert room.person("Ada") is None
    assert room.asking is not None
    assert room.asking.round.answers == (Answer("Ada", "2", "right"),)


def test_of_a_question_that_is_over_the_words_are_kept() -> None:
    """Its places have the whole lesson each: many questions would not be kept any more."""
    room = happen(Joined("Ada"), Asked(b"1.0", "z₁ = ?"), Answered("Ada", 0, "2", "right"), Closed())
    room = happen(AskedAgain(), QuestionLeft(), room=room)
    (asking,) = room.asked
    assert [(one.place, one.question) for one in asking.rounds] == [(b"", "z₁ = ?")] * 2
    assert asking.rounds[0].answers == (Answer("Ada", "2", "right"),)


@pytest.mark.parametrize("key", ["", "of Eve"])
def test_nobody_frees_the_name_of_a_key_by_coming_under_many(key: str) -> None:
    """Neither with the code nor with a key of their own: Ada's name is Ada's as long as the class is kept."""
    room = happen(Joined("Ada", "of Ada"), Lost("Ada"), room=Room("class", "Grace"))
    for number in range(1_100):
        room = happen(Joined(f"Eve {number}", key), Lost(f"Eve {number}"), room=room)
    assert len(room.people) == 1_000
    assert room.belongs_to_another("ADA", key)
    assert not room.belongs_to_another("Ada", "of Ada")
