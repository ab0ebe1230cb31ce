"""The last row of a screen in a class."""

from __future__ import annotations

from functools import reduce

import msgspec
import pytest
from wcwidth import wcswidth

from tinynet_tui.classroom.class_question import judged, question_at
from tinynet_tui.classroom.last_row import (
    answering,
    by_oneself,
    fitting,
    following,
    leading,
    looking_up,
    with_last_row,
    without_class,
)
from tinynet_tui.classroom.message_contents import ClassNow, sent_place
from tinynet_tui.classroom.room import Room, after
from tinynet_tui.classroom.room_events import (
    Answered,
    Asked,
    AskedAgain,
    Closed,
    Event,
    HandMoved,
    Joined,
    Lent,
    Lost,
    Passed,
    Pinned,
    Revealed,
)
from tinynet_tui.classroom.rounds import Answer, Asking, Round
from tinynet_tui.drawing.look import Look
from tinynet_tui.lessons.reading import open_lesson
from tinynet_tui.session.commands import Command, start
from tinynet_tui.session.commands import after as after_step
from tinynet_tui.session.history import program_of


@pytest.mark.parametrize("lesson", ["lecture", "softmax-3", "gpt-block"])
def test_whether_answers_are_taken_has_room(lesson: str) -> None:
    """However long the formula is that is asked for."""
    place = sent_place(start(open_lesson(lesson)))
    room = after(Room("class", "Grace"), Asked(place, question_at(place)))
    asks, closed = (fitting(leading(one, 0.0), 60, Look()) for one in (room, after(room, Closed())))
    assert "0 of 0 have answered · A closes" in asks
    assert "0 of 0 have answered · closed: A goes on" in closed


@pytest.mark.parametrize("width", range(10, 90))
def test_a_name_of_wide_letters_takes_two_cells_a_letter(width: int) -> None:
    """The row is never wider than the screen, on a canvas either."""
    room = after(Room("class", "山田花子先生"), Joined("Ada"))
    parts = following(room, "Ada", 0, "")
    row = fitting(parts, width, Look())
    assert row.startswith(" following 山田花子先生"[: (width - 1) // 2])
    assert wcswidth(row) <= width
    below = with_last_row(Look().canvas(width, 1).picture(), parts, Look())
    assert below.text() == row.rstrip()


@pytest.mark.parametrize(("teacher", "has_hand_up"), [("Grace", True), ("Grace B Hopper", False)])
def test_the_keys_have_room_where_the_window_is_narrow(teacher: str, has_hand_up: bool) -> None:
    """How to step alone, ask for help and leave, at 60 columns; in whole words where there is room."""
    room = after(after(Room("class", teacher), Joined("Ada")), HandMoved("Ada", has_hand_up))
    narrow, wide = (fitting(following(room, "Ada", 0, ""), width, Look()) for width in (60, 120))
    assert f"following {teacher}" in narrow
    for key in ("→ steps", "your hand is up: !" if has_hand_up else "! help", "q leaves"):
        assert key in narrow
    assert "→ steps by yourself" in wide
    assert "1 here" in wide


def test_how_many_are_here_stays_on_the_screen_of_the_class() -> None:
    """With hands up, too."""
    room = after(after(Room("class", "Grace"), Joined("Ada")), HandMoved("Ada", raised=True))
    assert fitting(leading(room, 0.0), 80, Look()).startswith(
        " leading class · 1 here · 1 hand up · J to join"
    )


def test_the_screen_of_the_class_says_that_somebody_is_kept() -> None:
    """How many and for how long, without names; while something is asked, too."""
    events: tuple[Event, ...] = (Joined("Ada"), Joined("Alan"), Pinned(272.5, "Ada"))
    room = reduce(after, events, Room("class", "Grace"))
    assert "2 here · 1 kept 4:32 · J" in fitting(leading(room, 0.5), 80, Look())
    place = sent_place(start(open_lesson("lecture")))
    asked = fitting(leading(after(room, Asked(place, question_at(place))), 0.5), 80, Look())
    assert asked.endswith("A closes · 1 kept 4:32")
    assert "all kept 0:09" in fitting(leading(after(room, Pinned(10.0)), 1.5), 80, Look())
    assert "kept" not in fitting(leading(room, 273.0), 80, Look())


@pytest.mark.parametrize("width", [60, 120])
def test_who_is_kept_with_the_class_is_told_for_how_long(width: int) -> None:
    """Whatever else their screen is about: the class, a question, a text of their own, or their own steps."""
    room = after(after(Room("class", "Grace"), Joined("Ada")), Pinned(272.5, "Ada"))
    place = sent_place(start(open_lesson("lecture")))
    rows = [following(one, "Ada", 0.5, "is typing") for one in (room, after(room, Lost("Grace")))]
    rows += [looking_up(room, 272), by_oneself(_class_now(272), 2, 18, 46)]
    events: tuple[Event, ...] = (
        Asked(place, question_at(place)),
        Answered("Ada", 0, "1.5", "right"),
        Closed(),
        AskedAgain(),
        Closed(),
        Revealed(),
    )
    for event in events:
        room = after(room, event)
        assert room.asking is not None
        rows.append(answering(room.asking, "Ada", "", "", 272))
    for row in rows:
        assert ("kept 4:32" if width == 60 else "kept with the class for 4:32") in fitting(row, width, Look())
        assert "steps by yourself" not in fitting(row, 400, Look())


@pytest.mark.parametrize("width", [60, 120])
def test_who_is_asked_alone_is_told_so(width: int) -> None:
    """Also on a narrow screen: there it is the word alone that counts."""
    place = sent_place(start(open_lesson("mazur")))
    asking = Asking((Round(place, alone=False), Round(place, alone=True)))
    row = fitting(answering(asking, "Ada", "", "", 0), width, Look())
    assert ("Enter sends it · alone" if width == 60 else "alone, without talking") in row


@pytest.mark.parametrize("width", [80, 160])
def test_how_far_an_answer_may_be_rounded_is_told(width: int) -> None:
    """And it is so: to one digit it is another number, as it is to none after the point."""
    place = sent_place(after_step(start(open_lesson("mazur")), Command("next")))
    asking = Asking((Round(place, alone=False),))
    row = fitting(answering(asking, "Ada", "", "", 0), width, Look())
    assert ("2 digits or more" if width == 80 else "round to 2 digits or more, 1 after the point") in row
    assert [bool(judged(place, text)) for text in ("0.5933", "0.593", "0.59", "0.6")] == [
        True,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("width", [60, 80])
def test_who_has_the_lead_is_told_whatever_is_asked(width: int) -> None:
    """To whoever leads the class and to whoever follows, as long as a question stands."""
    before: tuple[Event, ...] = (Joined("Ada"), Joined("Alan"), Lent("Ada"))
    room = reduce(after, before, Room("class", "Grace"))
    place = sent_place(start(open_lesson("lecture")))
    events: tuple[Event, ...] = (Asked(place, question_at(place)), Closed(), Revealed())
    for event in events:
        room = after(room, event)
        assert room.asks is not None
        for row in (leading(room, 0.0), answering(room.asks, "Alan", "", "", 0, room.lent_to)):
            assert "Ada leads" in fitting(row, width, Look())


def test_how_all_rounds_went_has_room_where_the_window_is_narrow() -> None:
    """The last one above all: it shows what was learnt."""
    place = sent_place(after_step(start(open_lesson("mazur")), Command("next")))
    rounds = tuple(Round(place, alone, (), (5, (("right", 2),))) for alone in (False, False, True))
    row = fitting(answering(Asking(rounds, "revealed"), "Ada", "", "", 0), 60, Look())
    assert row == " h₁ = 0.5933 · 2 of 5, 2 of 5, alone 2 of 5 right"
    wide = fitting(answering(Asking(rounds, "revealed"), "Ada", "", "", 0), 120, Look())
    assert "0.5933 · round 1: 2 of 5 right · round 2: 2 of 5 right · alone: 2 of 5 right · q leaves" in wide


@pytest.mark.parametrize("given", [False, True])
def test_how_to_leave_is_told_while_something_is_asked(given: bool) -> None:
    """In the narrowest window, too; and once it is closed or shown."""
    place = sent_place(after_step(start(open_lesson("mazur")), Command("next-group")))
    room = after(after(Room("class", "Grace"), Joined("Ada")), Asked(place, question_at(place)))
    if given:
        room = after(room, Answered("Ada", 0, "0.3925", "right"))
    for event, width in ((None, 60), (Closed(), 120), (Revealed(), 60)):
        room = room if event is None else after(room, event)
        assert room.asking is not None
        assert "leaves" in fitting(answering(room.asking, "Ada", "", "", 0), width, Look())


def test_a_recorded_class_is_told_so() -> None:
    """On the leader's screen."""
    assert "0 here · recorded · J" in fitting(leading(Room("class", "Grace", record="/x"), 0.0), 80, Look())


def test_hands_are_counted_while_something_is_asked() -> None:
    """On the screen that the class sees, which has no other place for them."""
    place = sent_place(start(open_lesson("lecture")))
    events: tuple[Event, ...] = (Joined("Ada"), HandMoved("Ada", True), Asked(place, question_at(place)))
    assert "1 hand up" in fitting(leading(reduce(after, events, Room("class", "Grace")), 0.0), 80, Look())


def test_a_leader_who_is_gone_is_told_in_a_narrow_window() -> None:
    """With the keys for it, by oneself, too; and over a text that is being read."""
    room = after(after(Room("class", "Grace"), Joined("Ada")), Lost("Grace"))
    row = fitting(following(room, "Ada", 0, ""), 60, Look())
    assert row == " Grace is not there · class waits · → steps · q leaves"
    alone = fitting(without_class("Grace", waits=False, is_over=False), 60, Look())
    assert alone == " by yourself · Grace is not there · F follows"
    assert "Grace is not there" in fitting(looking_up(room, 0), 80, Look())


def test_what_has_not_arrived_is_told() -> None:
    """An answer may be on its way for long, where a line is down and nobody knows it yet."""
    place = sent_place(start(open_lesson("lecture")))
    events: tuple[Event, ...] = (Joined("Ada"), Asked(place), Answered("Ada", 0, "1.5", "right"))
    asking = reduce(after, events, Room("class", "Grace")).asking
    assert asking is not None
    row = fitting(answering(asking, "Ada", "", "", 0, has_arrived=False), 80, Look())
    assert "you said 1.5: it has not arrived yet" in row
    row = fitting(answering(asking, "Alan", "", "", 0, has_arrived=False), 80, Look())  # it is no answer
    assert "Enter sends it" in row


def test_who_has_gone_on_from_a_question_has_the_usual_row() -> None:
    """Nothing is being asked."""
    place = sent_place(start(open_lesson("lecture")))
    room = after(Room("class", "Grace"), Joined("Ada"))
    assert leading(after(after(room, Asked(place)), Passed()), 0.0) == leading(room, 0.0)


def test_who_is_not_kept_is_told_nothing_of_it() -> None:
    """Nor once the time is over."""
    room = after(after(Room("class", "Grace"), Joined("Ada")), Pinned(9.0, "Ada"))
    for row in (
        following(room, "Ada", 9.0, ""),
        looking_up(room, 0),
        by_oneself(_class_now(0), 2, 18, 46),
    ):
        assert "kept" not in fitting(row, 400, Look())


def _class_now(pinned: int) -> ClassNow:
    """What the app of whoever steps by themselves is told: the leader is seven steps ahead."""
    return ClassNow("Grace", 2, 25, 23, 0, False, False, False, False, pinned)


@pytest.mark.parametrize(("at", "presses"), [((1, 40), 7), ((1, 46), 1), ((1, 0), 47), ((3, 0), 94)])
def test_how_far_the_class_is_counts_presses_of_the_key(at: tuple[int, int], presses: int) -> None:
    """Also from one update to the next, which begins with what is given."""
    session = start(open_lesson("lecture"))
    while (session.update, session.step) != at:
        session = after_step(session, Command("next"))
    seen, end = set[tuple[int, int]](), session
    for _ in range(presses):
        end = after_step(end, Command("next"))
        seen.add((end.update, end.step))
    assert len(seen) == presses
    now = msgspec.structs.replace(_class_now(0), update=end.update, step=end.step)
    row = fitting(by_oneself(now, *at, len(program_of(session))), 120, Look())
    assert f"Grace is {presses} {'step' if presses == 1 else 'steps'} ahead" in row


@pytest.mark.parametrize("waits", [False, True])
def test_what_is_over_is_not_waited_for(waits: bool) -> None:
    """Nor where somebody has gone to the class's last place."""
    row = fitting(without_class("Grace", waits=waits, is_over=True), 120, Look())
    assert "the class is over" in row
    assert "goes on" not in row
    assert "not there" not in row


@pytest.mark.parametrize(
    ("text", "result", "words"),
    [
        ("0.5933", "right", "you said 0.5933: right"),
        ("0.5", "", "you said 0.5: wrong, it is 0.5933"),
        ("", "", "h₁ = 0.5933"),
    ],
)
def test_once_shown_one_is_told_how_ones_own_answer_was(text: str, result: str, words: str) -> None:
    """And what is right, also after the answers are covered no more: mazur's first node, as published."""
    place = sent_place(after_step(start(open_lesson("mazur")), Command("next")))
    events: tuple[Event, ...] = (Joined("Ada"), Asked(place), Closed(), Revealed())
    if text:
        events = (*events[:2], Answered("Ada", 0, text, result), *events[2:])
    room = reduce(after, events, Room("class", "Grace"))
    assert room.asking is not None
    for width in (60, 120):
        row = fitting(answering(room.asking, "Ada", "", "", 0), width, Look())
        assert row.startswith(f" {words}")


def test_the_teacher_is_told_what_whoever_leads_does() -> None:
    """As everyone is who follows."""
    room = after(after(Room("class", "Grace"), Joined("Ada")), Lent("Ada"))
    row = fitting(leading(room, 0.0, "is looking at experiments"), 80, Look())
    assert "Ada leads class · Ada is looking at experiments" in row


@pytest.mark.parametrize("asked", [(), ("asked",), ("asked", Closed()), ("asked", Closed(), Revealed())])
def test_the_key_that_takes_the_lead_back_has_room(asked: tuple[Event | str, ...]) -> None:
    """Whatever the class does meanwhile, and however much else there is to say."""
    place = sent_place(start(open_lesson("lecture")))
    events: tuple[Event, ...] = (Joined("Ada"), Joined("Alan"), HandMoved("Alan", True), Lent("Ada"))
    asks = (Asked(place, question_at(place)) if event == "asked" else event for event in asked)
    events = (*events, *(event for event in asks if not isinstance(event, str)))
    room = reduce(after, events, Room("class", "Grace", record="/x"))
    for aside in ("", "is looking at experiments"):
        for width, words in ((80, "K takes "), (120, "K takes the lead back")):
            assert words in fitting(leading(room, 0.0, aside), width, Look())


def test_the_key_that_takes_the_lead_back_has_room_beside_three_rounds() -> None:
    """Two before and after talk, and one with other numbers, with the answers shown."""
    place = sent_place(start(open_lesson("lecture")))
    rounds = tuple(Round(place, alone, (), (5, (("right", 2),))) for alone in (False, False, True))
    room = Room("class", "Grace", lent_to="Ada", asking=Asking(rounds, "revealed"))
    for width in (80, 120):
        row = fitting(leading(room, 0.0), width, Look())
        assert "A goes on · K takes " in row


@pytest.mark.parametrize(
    ("again", "said", "result"),
    [
        ((), "you said 0.5 in round 1", ": wrong, it is 0.5933"),
        ((Answered("Ada", 1, "0.5933", "right"),), "you said 0.5933", ": right"),
    ],
)
def test_who_has_answered_in_the_first_round_alone_is_told_how_it_was(
    again: tuple[Event, ...], said: str, result: str
) -> None:
    """And that this is what counts, where they give no second answer: mazur's first node, as published."""
    place = sent_place(after_step(start(open_lesson("mazur")), Command("next")))
    asked: tuple[Event, ...] = (Asked(place), Answered("Ada", 0, "0.5", ""), Closed(), AskedAgain())
    room = reduce(after, (Joined("Ada"), *asked, *again, Closed()), Room("class", "Grace"))
    assert room.asking is not None
    assert said in fitting(answering(room.asking, "Ada", "", "", 0), 120, Look())
    shown = after(room, Revealed()).asking
    assert shown is not None
    assert f" {said}{result} · " in fitting(answering(shown, "Ada", "", "", 0), 120, Look())
    narrow = fitting(answering(shown, "Ada", "", "", 0), 60, Look())
    assert narrow.startswith(f" {said.removesuffix(' in round 1')}{result} · ")


def test_an_answer_to_other_numbers_is_no_answer_to_these() -> None:
    """Whoever gives none alone is told what is right."""
    place = sent_place(after_step(start(open_lesson("mazur")), Command("next")))
    first = Round(place, False, (Answer("Ada", "0.5", ""),))
    row = fitting(answering(Asking((first, Round(place, True)), "revealed"), "Ada", "", "", 0), 80, Look())
    assert row.startswith(" h₁ = 0.5933 · ")
