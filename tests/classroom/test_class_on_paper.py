"""A class elsewhere, whatever happens in whatever order: both ends know the same once all is said."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from random import Random

import pytest

from tests.campaigns.random_classes import run_in_own_time
from tests.classroom.paper_broker import PaperBroker
from tinynet_tui.classroom.broadcast import Broadcast, Found
from tinynet_tui.classroom.broker_messages import key_of_follower
from tinynet_tui.classroom.class_question import can_ask, is_at, judged, stepping, with_other_numbers
from tinynet_tui.classroom.hub import Hub
from tinynet_tui.classroom.message_contents import sent_place
from tinynet_tui.classroom.mirror import Mirror
from tinynet_tui.classroom.room import Person, Room
from tinynet_tui.classroom.room_events import (
    Answered,
    Asked,
    AskedAgain,
    AskedAlone,
    Closed,
    Event,
    Gathered,
    GivenBack,
    HandMoved,
    Joined,
    Lent,
    Passed,
    Pinned,
    Practised,
    QuestionLeft,
    Revealed,
)
from tinynet_tui.lessons.reading import open_lesson
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.session import Session

_PLACE = "tinynet/class/place"
_WORDS = "tinynet/class/word/"
_QUIET = 60.0
"""Seconds after which everything was said, also what is said again."""


class Student:
    """Somebody at the broker, with a line that can be lost."""

    def __init__(self, name: str, number: int) -> None:
        self.name, self.identity = name, f"{name} {number}"
        self.unheard: list[tuple[str, bytes]] = []
        """What the broker has sent, and has not arrived."""

    def come(self, paper: Paper) -> None:
        """Be there."""
        topic = f"{_WORDS}{self.identity}"
        self.broker = PaperBroker(lambda _topic, content, _retain: paper.hear(topic, content))
        self.mirror = Mirror(self.broker, "class", self.identity, self.name)
        self.mirror.begin()
        self.unheard = list(paper.retained.items())

    @property
    def me(self) -> Person | None:
        """As this machine knows them."""
        return self.mirror.room.person(self.name)

    def hear(self, most: int) -> None:
        """Have some of it arrive."""
        arrived, self.unheard = self.unheard[:most], self.unheard[most:]
        if arrived:
            self.broker.take(arrived)
        if self.mirror.has_begun.is_set() and self.me is None:
            self.mirror.happen(Joined(self.name))


class Paper:
    """A leader, a broker and students, as far as they tell each other something."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.retained: dict[str, bytes] = {}
        self.unheard: list[tuple[str, bytes]] = []
        self.came = 0
        session = start(open_lesson("xor"))
        self.students: list[Student] = []
        self.lead(Room("class", "Grace", place=sent_place(session)), session, 0)

    def lead(self, room: Room, session: Session, began: int) -> None:
        """Begin to lead, or go on."""
        self.hub = Hub(room, session, lambda _: None)
        self.broker = PaperBroker(self.publish)
        self.broadcast = Broadcast(self.broker, "class", Found(None, began, ()))
        self.broadcast.open(self.hub, lambda _: None)
        self.began = began + 1

    def publish(self, topic: str, content: bytes, retain: bool) -> None:
        """Be the broker for what the leader says."""
        if retain:
            self.retained.pop(topic, None)
            if content:
                self.retained[topic] = content
        for student in self.students:
            if student.broker.is_linked:
                student.unheard.append((topic, content))
        if topic == _PLACE:
            self.hear(topic, content)

    def hear(self, topic: str, content: bytes) -> None:
        """Be the broker for what is said to the leader."""
        if self.broker.is_linked:
            self.unheard.append((topic, content))

    def take(self, most: int) -> None:
        """Have some of what was said arrive at the leader."""
        arrived, self.unheard = self.unheard[:most], self.unheard[most:]
        if arrived:
            self.broker.take(arrived)

    def counts(self) -> list[tuple[str, tuple[int, int]]]:
        """What the desk sees of practice: (right at once, all) by kind."""
        return [(kind, (right, answered)) for kind, right, answered in self.hub.room.practised]

    # What can happen

    def comes(self) -> None:
        """A student."""
        if len(self.students) < 4:
            self.came += 1
            student = Student(self.chance.choice(("Ada", "Alan")), self.came)
            student.come(self)
            self.students.append(student)

    def goes(self, student: Student) -> None:
        """And is another to the broker when they come again."""
        student.mirror.leave()
        student.broker.is_linked = False
        self.students.remove(student)

    def line_drops(self, student: Student) -> None:
        """The broker says so with their last will."""
        if student.broker.is_linked:
            student.unheard = []
            self.hear(f"{_WORDS}{student.identity}", b"")
            student.broker.link(False)

    def line_is_back(self, student: Student) -> None:
        """They are told what was retained."""
        if not student.broker.is_linked and self.broker.is_linked:
            student.unheard = list(self.retained.items())
            student.broker.link(True)

    def broker_stops(self) -> None:
        """It forgets all, and nobody hears a last will."""
        if self.broker.is_linked:
            self.retained, self.unheard = {}, []
            for student in self.students:
                student.unheard = []
                student.broker.link(False)
            self.broker.link(False)

    def leader_is_killed(self) -> None:
        """And goes on with what was kept."""
        self.unheard = []
        if self.broker.is_linked:
            self.publish(_PLACE, b"", True)
        self.broker.is_linked = False
        room, session = self.hub.room, self.hub.session
        people = tuple(replace(person, doing="away") for person in room.people)
        self.lead(replace(room, people=people, lent_to=None), session, int(2e12) + self.began)

    def student_does(self, student: Student) -> None:
        """What the screen of a follower lets them do."""
        me, mirror = student.me, student.mirror
        if me is None:
            return
        asking = mirror.room.asking
        match self.chance.choice(("answers", "answers", "steps", "follows", "hand", "gives back")):
            case "answers" if asking is not None and asking.stage == "open" and me.doing == "following":
                if not mirror.room.teacher_is_away and me.name not in asking.round.seen_by:
                    text = str(self.chance.randint(1, 9))
                    found = judged(asking.round.place, text)
                    mirror.happen(Answered(me.name, len(asking.rounds) - 1, text, found))
            case "steps" if mirror.room.lent_to == me.name:
                mirror.show(after(mirror.session, Command("next")))
            case "steps" if not mirror.room.seconds_pinned(me.name, mirror.now):
                steps = self.chance.randint(0, 3)
                at = f"{mirror.session.update}.{mirror.session.step + steps}"
                mirror.happen(*stepping(mirror.room, me.name, at))
            case "follows":
                mirror.happen(GivenBack(me.name), Joined(me.name))
            case "hand":
                mirror.happen(HandMoved(me.name, me.hand is None))
            case "gives back" if mirror.room.lent_to == me.name:
                mirror.happen(GivenBack(me.name), Joined(me.name))
            case _:
                pass

    def teacher_does(self) -> None:
        """Ask, step, or do something with the people."""
        room, session, happen = self.hub.room, self.hub.session, self.hub.happen
        asking = room.asking
        events: list[Event] = [Gathered(), GivenBack("Grace"), Pinned(self.hub.now + 5)]
        events += [Lent(person.name) for person in room.here]
        match self.chance.choice(("asks", "asks", "asks", "asks", "steps", "event")):
            case "steps" if room.lent_to is None:
                there = after(session, Command("next"))
                self.hub.show(there)
                if asking is not None and not is_at(asking.round.place, there):
                    happen(Passed())
            case "event":
                happen(self.chance.choice(events))
            case "asks" if asking is None and can_ask(session):
                happen(Asked(sent_place(session), "z = ?", "sum"))
            case "asks" if asking is None:
                self.hub.show(after(session, Command("next-update")))
            case "asks" if asking is not None and asking.stage == "open":
                happen(Closed())
            case "asks" if asking is not None and asking.stage == "revealed" and not asking.round.alone:
                others = with_other_numbers(session)
                happen(AskedAlone(sent_place(others), "z = ?", "sum"))
                self.hub.show(others)
            case "asks" if asking is not None and asking.stage == "revealed":
                happen(QuestionLeft())
            case "asks" if asking is not None and len(asking.rounds) == 1 and asking.stage == "closed":
                happen(self.chance.choice((AskedAgain(), Revealed())))
            case "asks":
                happen(Revealed())
            case _:
                pass

    async def anything(self) -> None:
        """One thing that can happen."""
        student = self.chance.choice(self.students) if self.students else None
        what = self.chance.random()
        if student is None or what < 0.05:
            self.comes()
        elif what < 0.08:
            self.goes(student)
        elif what < 0.13:
            self.line_drops(student)
        elif what < 0.18:
            self.line_is_back(student)
        elif what < 0.2:
            self.broker_stops()
        elif what < 0.23:
            self.broker.link(True)
        elif what < 0.24:
            self.leader_is_killed()
        elif what < 0.45:
            self.take(self.chance.randint(1, 3))
        elif what < 0.65:
            student.hear(self.chance.randint(1, 5))
        elif what < 0.8:
            self.student_does(student)
        elif what < 0.95:
            self.teacher_does()
        else:
            await asyncio.sleep(self.chance.choice((0.1, 1.0)))

    async def quiet(self) -> None:
        """Wait until all that there is to say has arrived."""
        self.broker.link(True)
        for student in self.students:
            self.line_is_back(student)
        until = self.hub.now + _QUIET
        while self.hub.now < until or self.unheard or any(student.unheard for student in self.students):
            self.take(100)
            for student in self.students:
                student.hear(100)
            await asyncio.sleep(0.1)

    def agree(self) -> None:
        """What each sees of themselves is what the leader has of them."""
        room = self.hub.room
        names = {person.key: person.name for person in room.here}
        assert len(names) == len(self.students) == room.count
        for student in self.students:
            me, there = student.me, room.person(names[key_of_follower(student.identity)])
            mirrored = student.mirror.room
            assert me is not None
            assert there is not None
            assert (me.doing, me.at, me.hand is None) == (there.doing, there.at, there.hand is None)
            assert (mirrored.count, mirrored.teacher_is_away) == (room.count, False)
            assert mirrored.leader.removesuffix(" (another)") == room.leader or me.name == mirrored.leader
            assert (mirrored.lent_to == me.name) == (room.lent_to == there.name)
            assert student.mirror.session.bare == self.hub.session.bare
            asking, asked = room.asks, mirrored.asks
            assert (asking is None) == (asked is None)
            if asking is None or asked is None:
                continue
            assert (asking.stage, len(asking.rounds)) == (asked.stage, len(asked.rounds))
            assert [one.answered for one in asking.rounds] == [one.answered for one in asked.rounds]
            seen = there.name in asking.round.seen_by
            assert asking.stage == "revealed" or (me.name in asked.round.seen_by) == seen
            counted, said = asking.round.answer_of(there.name), asked.round.answer_of(me.name)
            assert (counted is None) == (said is None)
            if counted is not None and said is not None:
                assert said.text in ("", counted.text)
                assert counted in asking.round.counted


@pytest.mark.parametrize("seed", range(6))
def test_both_ends_know_the_same_once_all_is_said(seed: int) -> None:
    """Whatever was lost, late, or said twice: who is here, who leads, and which answers count."""

    async def test() -> None:
        paper = Paper(seed)
        for _ in range(5):
            for _ in range(40):
                await paper.anything()
            await paper.quiet()
            paper.agree()

    run_in_own_time(test())


def test_each_is_told_the_name_that_others_see() -> None:
    """However many of one name come at once; they say it from then on."""

    async def test() -> None:
        paper = Paper(0)
        paper.students = [Student("Ada", number) for number in range(25)]
        for student in paper.students:
            student.come(paper)
        await paper.quiet()
        said = {json.loads(student.broker.published[-1][1])["name"] for student in paper.students}
        assert said == {person.name for person in paper.hub.room.here}
        assert len(said) == 25

    run_in_own_time(test())


@pytest.mark.parametrize("goes_past", [False, True])
def test_who_comes_back_knows_what_they_have_done(goes_past: bool) -> None:
    """Under a name that is not the one they type: that they have answered, or have seen what is right."""

    async def test() -> None:
        paper = Paper(0)
        for student in (Student("Ada", 1), Student("Ada", 2)):
            student.come(paper)
            paper.students.append(student)
            await paper.quiet()
        paper.hub.happen(Asked(sent_place(paper.hub.session), "z = ?", "sum"))
        await paper.quiet()
        second = paper.students[1]
        mirror = second.mirror
        events = (Answered("Ada", 0, "5", ""), *stepping(mirror.room, "Ada", "1.1"))
        mirror.happen(*(events[1:] if goes_past else events[:1]))
        await paper.quiet()
        paper.goes(second)
        await paper.quiet()
        back = Student("Ada", 3)
        paper.students.append(back)
        back.come(paper)
        await paper.quiet()
        paper.agree()
        asking, here = back.mirror.room.asking, paper.hub.room.asking
        assert asking is not None
        assert here is not None
        assert ("Ada 2" in here.round.seen_by) == ("Ada" in asking.round.seen_by) == goes_past
        assert (here.round.answer_of("Ada 2") is None) == (asking.round.answer_of("Ada") is None) == goes_past

    run_in_own_time(test())


def test_practice_elsewhere_reaches_the_desk() -> None:
    """Each answer counts once, by kind; also after all was said to a new leader."""

    async def test() -> None:
        paper = Paper(0)
        ada, alan = paper.students = [Student("Ada", 1), Student("Alan", 2)]
        for student in paper.students:
            student.come(paper)
        await paper.quiet()
        ada.mirror.happen(Practised("sum", True))
        ada.mirror.happen(Practised("sum", False), Practised("path", True))
        alan.mirror.happen(Practised("sum", True))
        await paper.quiet()
        assert dict(paper.counts()) == {"sum": (2, 3), "path": (1, 1)}
        await paper.quiet()
        paper.leader_is_killed()
        paper.broker.link(True)
        await paper.quiet()
        ada.mirror.happen(Practised("path", False))
        await paper.quiet()
        assert dict(paper.counts()) == {"sum": (2, 3), "path": (1, 2)}
        topic = f"{_WORDS}{alan.identity}"
        word = json.loads(alan.broker.published[-1][1])
        word |= {"number": 10**6, "practised": {"sum": [10**9, 10**9], "\x1b[31m": [1, 1], "path": [-5, -5]}}
        paper.hear(topic, json.dumps(word).encode())
        await paper.quiet()
        assert {kind for kind, _ in paper.counts()} == {"sum", "path"}
        assert dict(paper.counts())["sum"][1] <= 30
        counted = paper.counts()
        for number, answered in ((2, 0), (3, 20)):
            word |= {"number": number * 10**6, "practised": {"sum": [answered, answered]}}
            paper.hear(topic, json.dumps(word).encode())
            await paper.quiet()
        assert paper.counts() == counted, "what goes down and up again is counted once"

    run_in_own_time(test())


def test_an_answer_that_comes_after_the_end_is_taken_back() -> None:
    """Else whoever gave it would take it for one that counts."""

    async def test() -> None:
        paper = Paper(0)
        paper.comes()
        await paper.quiet()
        paper.hub.happen(Asked(sent_place(paper.hub.session), "z = ?", "sum"))
        await paper.quiet()
        (student,) = paper.students
        assert student.me is not None
        paper.hub.happen(Closed())
        student.mirror.happen(Answered(student.me.name, 0, "5", ""))  # before it has heard that
        await paper.quiet()
        assert student.mirror.room.asking is not None
        assert student.mirror.room.asking.round.answers == ()
        paper.agree()

    run_in_own_time(test())


def test_what_is_missing_is_told() -> None:
    """The teacher, where they are gone; where it is one's own line, what it leads to."""

    async def test() -> None:
        paper = Paper(0)
        paper.comes()
        await paper.quiet()
        (student,) = paper.students
        paper.broadcast.stop()
        student.hear(100)
        assert (student.mirror.room.teacher_is_away, student.mirror.room.teacher) == (True, "Grace")
        await paper.quiet()
        student.broker.link(False)
        room = student.mirror.room
        assert (room.teacher_is_away, room.leader) == (True, "nowhere.example")
        student.broker.link(True)
        room = student.mirror.room
        assert (room.teacher_is_away, room.leader) == (True, "Grace")
        student.unheard = list(paper.retained.items())
        await paper.quiet()
        assert not student.mirror.room.teacher_is_away

    run_in_own_time(test())


def test_who_stays_after_the_end_is_not_in_the_next_class() -> None:
    """They see that theirs is over."""

    async def test() -> None:
        paper = Paper(0)
        paper.comes()
        await paper.quiet()
        session = paper.hub.session
        paper.broadcast.close("The class is over.")
        paper.students[0].hear(100)
        assert paper.students[0].mirror.farewell == "The class is over."
        paper.lead(Room("class", "Grace", place=sent_place(session)), session, int(2e12))
        await paper.quiet()
        assert paper.hub.room.count == 0

    run_in_own_time(test())
