"""What followers and their own apps say, and what they are told themselves."""

from __future__ import annotations

import asyncio

import msgspec

from tests.classroom.seats import (
    NOT_TRAINED,
    Line,
    graces_class,
    in_a_loop,
    in_own_time,
    press,
    say_hello,
    tell,
    watching,
)
from tests.classroom.ssh_class import eventually
from tests.pseudo_terminal import SAFETY
from tinynet_tui.classroom.message_contents import Hello
from tinynet_tui.classroom.messages import HELLO
from tinynet_tui.classroom.room_events import GivenBack, Lent
from tinynet_tui.classroom.seat import Seat
from tinynet_tui.session.commands import Command, after


@in_a_loop
async def test_an_app_that_says_much_at_once_is_still_heard() -> None:
    """A held key does more steps than are told in a second: the last one is told, and nobody is sent away."""
    hub = graces_class()
    seat = Seat(hub, Line())
    say_hello(seat, "Ada", is_alone=True)
    tell(seat, hand=True, is_too_small=True)
    for step in range(300):
        tell(seat, at=f"1.{step}")
        if step % 100 == 0:  # of answers in practice all are told; of no kind that there is not
            practised = (("sum", step == 0), ("\x1b[31m", True))
            tell(seat, practised=practised)
    async with asyncio.timeout(SAFETY):
        await eventually(lambda: (person := hub.room.person("Ada")) is not None and person.at == "1.299")
    assert [person.name for person in hub.room.hands()] == ["Ada"]
    assert hub.room.practised == (("sum", 1, 3),)
    assert (ada := hub.room.person("Ada")) is not None
    assert ada.is_too_small
    seat.lose()


@in_a_loop
async def test_an_app_is_told_of_the_class_only_what_is_new() -> None:
    """Thirty who step alone change the room all the time: none of their apps is woken for that."""
    hub = graces_class()
    (ada, line), (bob, _) = watching(hub, "Ada"), watching(hub, "Bob")
    for seat in (ada, bob):
        seat.break_away("next")
    hub.tell()
    assert line.class_now is not None
    line.class_now = None
    tell(bob, at="1.7")
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


@in_a_loop
async def test_who_watches_is_told_that_what_is_open_is_not_theirs() -> None:
    """Esc closes a wrong way, or an edit's comparison, for the leader alone, whose keys stand beside it."""
    hub = graces_class()
    seat, line = watching(hub, "Ada")
    press(seat, b"\x1b")
    await eventually(lambda: b"the screen is Grace's" in line.frames[-1])
    assert not seat.has_app


@in_own_time
async def test_a_hand_goes_up_or_down_once_a_second() -> None:
    """A held key is refused in words; what an app says too soon is done as soon as it can be."""
    hub = graces_class()
    seat, line = watching(hub, "Ada")
    for _ in range(10):
        press(seat, b"!")
    assert len(hub.room.hands()) == 1
    assert b"once a second" in line.frames[-1]
    await asyncio.sleep(1.0)
    press(seat, b"!")
    assert not hub.room.hands()
    assert b"once a second" not in line.frames[-1]
    seat.go_alone()
    for hand in (True, False, True):
        tell(seat, hand=hand)
    tell(seat, at="1.2")
    assert not hub.room.hands()
    await asyncio.sleep(1.0)
    assert len(hub.room.hands()) == 1
    seat.lose()


@in_a_loop
async def test_what_who_is_lent_the_lead_does_unseen_is_told() -> None:
    """As long as they lead, wherever they go meanwhile; nobody else's words are."""
    hub = graces_class()
    (ada, _), (alan, line) = watching(hub, "Ada"), watching(hub, "Alan")
    tell(ada, aside="is looking at experiments")
    assert hub.aside == ""
    hub.happen(Lent("Ada"))
    tell(ada, aside="is looking at experiments")
    tell(alan, aside="is asleep")
    hub.lead_to(after(NOT_TRAINED, Command("next")))
    alan.room_changed()
    assert b"Ada is looking at experiments" in line.frames[-1]
    hub.happen(GivenBack("Ada"))
    hub.lead_to(NOT_TRAINED)
    assert hub.aside == ""
    ada.lose()
    alan.lose()


@in_a_loop
async def test_a_seat_whose_line_is_gone_does_nothing_more() -> None:
    """Whatever it is still asked for, by what was to be done later."""
    hub = graces_class()
    seat, line = watching(hub, "Ada")
    seat.lose()
    frames = len(line.frames)
    seat.resume()
    seat.notice("the class is led again")
    seat.room_changed()
    seat.class_over("The class is over.")
    assert not hub.screens._of_kind
    assert len(line.frames) == frames


@in_own_time
async def test_who_comes_again_has_forgotten_nothing() -> None:
    """A new user of a kiosk has tried nothing; its client has kept what was tried since."""
    hub = graces_class()
    line = Line()
    seat = Seat(hub, line)
    say_hello(seat, "Ada", forgets=True)
    assert not msgspec.json.decode(dict(line.said)[HELLO], type=Hello).forgets
    seat.lose()


@in_own_time
async def test_who_has_another_name_than_wished_for_is_told() -> None:
    """The second Ada is nobody else on the desk."""
    hub = graces_class()
    (first, line), (second, other) = watching(hub, "Ada"), watching(hub, "Ada")
    assert b"Others know you as Ada 2 here." in b"".join(other.frames)
    assert b"Others know you" not in b"".join(line.frames)
    for seat in (first, second):
        seat.lose()
