"""What followers type where the class is asked something."""

from __future__ import annotations

import asyncio

import pytest

from tests.classroom.seats import (
    NOT_TRAINED,
    Line,
    asked_now,
    graces_class,
    in_own_time,
    press,
    resize,
    say_hello,
    tell,
    watching,
)
from tinynet_tui.classroom.class_question import answer_rows, asking_at
from tinynet_tui.classroom.messages import HELLO, TYPED
from tinynet_tui.classroom.room_events import Closed, Lost, QuestionLeft, Revealed, TeacherBack
from tinynet_tui.classroom.seat import Seat
from tinynet_tui.session.session import PANELS


@in_own_time
async def test_who_goes_past_what_is_asked_is_told_that_they_have_seen_it() -> None:
    """What they type then is no answer; whoever has only looked back still gives one."""
    hub = graces_class()
    (ada, line), (alan, _) = watching(hub, "Ada"), watching(hub, "Alan")
    hub.happen(asked_now())
    for seat, at in ((ada, "1.5"), (alan, "1.0")):
        seat.go_alone("next-phase")
        tell(seat, at=at)
        say_hello(seat, seat.name)
        resize(seat, 80)
        await asyncio.sleep(1)
        press(seat, b"0.5\r")
        seat.room_changed()
    assert hub.room.asking is not None
    assert [answer.person for answer in hub.room.asking.round.answers] == ["Alan"]
    assert hub.room.asked_count == 1
    assert any(b"you have gone past it, and seen the answer" in frame for frame in line.frames)
    ada.lose()
    alan.lose()


@in_own_time
async def test_the_number_alone_is_kept_of_an_answer() -> None:
    """What stands before it may be anything: the teacher opens the answers in a spreadsheet."""
    hub = graces_class()
    ada, _ = watching(hub, "Ada")
    hub.happen(asked_now())
    press(ada, b"@cmd|'/C calc'!A0=-5\r")
    assert hub.room.asking is not None
    assert [row[3] for row in answer_rows(hub.room)] == ["-5"]
    ada.lose()


@in_own_time
async def test_no_answer_is_taken_while_the_leader_is_cut_off() -> None:
    """Who is asked is told that nobody is there, and may answer once they are back."""
    hub = graces_class()
    ada, line = watching(hub, "Ada")

    def given() -> list[str]:
        assert hub.room.asking is not None
        return [answer.text for answer in hub.room.asking.round.answers]

    hub.happen(asked_now(), Lost("Grace"))
    ada.room_changed()
    assert b"Grace is not there" in line.frames[-1]
    press(ada, b"0.5\r")
    assert b"no answer is taken now: Grace is not there" in b"".join(line.frames)
    assert given() == []
    hub.happen(TeacherBack())
    press(ada, b"0.5\r")
    assert given() == ["0.5"]
    ada.lose()


@in_own_time
async def test_an_answer_is_taken_up_where_a_leader_was_lost() -> None:
    """As it was typed to them, and then to nobody; not where something else is asked, or nothing."""
    hub = graces_class()
    ada, line = watching(hub, "Ada")
    hub.happen(*asking_at(hub.room, NOT_TRAINED))
    press(ada, b"0")
    typed = line.typed
    ada.lose()
    ada, line = watching(hub, "Ada")
    ada.take_message(TYPED, typed.replace(b"1 ", b"2 ") + b"7", is_teacher=False)
    assert b"= _" in line.frames[-1]
    ada.take_message(TYPED, typed + b".7\x7f5\r", is_teacher=False)
    assert b"= 0.5_ \xc2\xb7 Enter sends it" in line.frames[-1]
    press(ada, b"\r")
    assert hub.room.asking is not None
    assert [answer.text for answer in hub.room.asking.round.answers] == ["0.5"]
    hub.happen(Closed(), QuestionLeft())
    ada.room_changed()
    assert not line.typed
    ada.lose()


@in_own_time
async def test_a_hand_goes_up_while_something_is_asked() -> None:
    """And is seen in the row, before and after the question is closed; Esc takes back what was typed."""
    hub = graces_class()
    ada, line = watching(hub, "Ada", columns=160)
    hub.happen(asked_now())
    press(ada, b"12!")
    assert [person.name for person in hub.room.hands()] == ["Ada"]
    ada.room_changed()
    row = line.frames[-1].decode()
    assert "= 12_" in row
    assert "your hand is up: ! takes it down" in row
    press(ada, b"\x1b")
    await asyncio.sleep(1)
    assert "= _" in line.frames[-1].decode()
    hub.happen(Closed())
    ada.room_changed()
    row = line.frames[-1].decode()
    assert "closed · your hand is up: ! takes it down · q leaves" in row
    ada.lose()


@in_own_time
async def test_whoever_types_q_into_something_is_told_that_it_was_heard() -> None:
    """Else their terminal takes the leader for stopped, and leaves."""
    hub = graces_class()
    line = Line()
    seat = Seat(hub, line)
    say_hello(seat, "Ada")
    resize(seat, 80)
    hub.happen(asked_now())
    line.said.clear()
    press(seat, b"q")
    assert HELLO in dict(line.said)
    seat.lose()


@in_own_time
async def test_only_an_open_question_is_asked_of_who_steps_alone() -> None:
    """Once it is closed, how far the class is stands there again."""
    hub = graces_class()
    ada, line = watching(hub, "Ada")
    ada.break_away("next")
    for event, asks in ((asked_now(), True), (Closed(), False), (Revealed(), False)):
        hub.happen(event)
        ada.room_changed()
        assert line.class_now is not None
        assert line.class_now.asks is asks
    ada.lose()


@pytest.mark.parametrize("seconds", [0, 30])
@in_own_time
async def test_who_answers_late_is_told_and_stays(seconds: float) -> None:
    """However late and slowly they type: a digit goes to another panel only once they have ceased."""
    hub = graces_class()
    ada, line = watching(hub, "Ada")
    hub.happen(asked_now())
    ada.room_changed()
    hub.happen(Closed())
    ada.room_changed()
    await asyncio.sleep(seconds)
    for sign in b"0.25\r":
        await asyncio.sleep(3)
        press(ada, bytes([sign]))
    assert not ada.has_app
    assert b"the question is closed: no answer is taken now" in line.frames[-1]
    hub.happen(Revealed())
    ada.room_changed()
    ada.refresh_row()
    assert b"0 of 0 right" in line.frames[-1]  # what is shown gives the moment's words no time
    await asyncio.sleep(6)
    press(ada, b"2")
    assert ada.kind is not None
    assert ada.kind.own.panel == [*PANELS][1]
    ada.lose()


@in_own_time
async def test_who_has_just_answered_waits_a_second() -> None:
    """To judge one takes a while: a flood of them would hold up the class. What is typed stays."""
    hub = graces_class()
    ada, line = watching(hub, "Ada")

    def given() -> list[str]:
        assert hub.room.asking is not None
        return [answer.text for answer in hub.room.asking.round.answers]

    hub.happen(asked_now())
    press(ada, b"0.5\r")
    press(ada, b"0.6\r")
    assert b"You have just answered" in line.frames[-1]
    assert given() == ["0.5"]
    await asyncio.sleep(1)
    press(ada, b"\r")
    assert given() == ["0.6"]
    ada.lose()
