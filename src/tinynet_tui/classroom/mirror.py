"""The class as a follower's own machine shows it: what the broker has of the room, and who sits here."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import replace
from secrets import token_hex
from typing import TYPE_CHECKING

import msgspec

from tinynet_tui.classroom.broker import Arrived, Broker
from tinynet_tui.classroom.broker_messages import (
    VERSION,
    ContentFault,
    Details,
    FollowerNews,
    Goodbye,
    PlaceNews,
    QuestionNews,
    Reply,
    RoundNews,
    Topics,
    key_of_follower,
    read_details,
    read_place,
    session_of,
    text_at,
)
from tinynet_tui.classroom.followed_page import FollowedPage, page_at, page_news
from tinynet_tui.classroom.hub import Hub
from tinynet_tui.classroom.message_contents import LONGEST_ASIDE, sent_place
from tinynet_tui.classroom.names import numbered, shown_name
from tinynet_tui.classroom.recorded_place import PlaceFault, lesson_hash, recorded_place
from tinynet_tui.classroom.results import Results
from tinynet_tui.classroom.room import Person, Room, after
from tinynet_tui.classroom.room_events import Event, Gathered, Lent, Lost, Pinned
from tinynet_tui.classroom.rounds import Answer, Asking, Round
from tinynet_tui.drawing.cover import Cover
from tinynet_tui.drawing.experiment_page import ShownExperiment
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.safety.foreign_text import one_line
from tinynet_tui.session.commands import start
from tinynet_tui.session.saved_session import DAMAGED
from tinynet_tui.session.session import Session

if TYPE_CHECKING:
    from tinynet_tui.frameworks.costs import Costs

KEEPALIVE = 10
"""Seconds: the teacher is told within one and a half of them that a follower is gone whose line is dead."""
_SAID_AGAIN = 20.0, 40.0
"""Seconds between two times that the same is said: a word that was lost is heard then."""
_MOST_TEXTS = 16
"""Lessons, and details of places, that are kept."""
_LONGEST_GOODBYE = 200
"""Characters of the leader's last words that are shown."""
_LONGEST_RESULT = 200
"""Characters of the words for what an answer showed."""


def new_identity() -> str:
    """Who a follower is to the broker and to the teacher: nobody can guess it, and speak for them."""
    return token_hex(16)


class Mirror(Hub):
    """A hub whose room is the leader's: they are told what happens here, and what they say is shown here."""

    def __init__(self, broker: Broker, room: str, identity: str, name: str) -> None:
        placeholder = start(shipped_lesson("lecture"))  # until the first place has arrived
        super().__init__(Room(room, teacher="", teacher_is_away=True), placeholder, lambda _room: None)
        self.has_begun = asyncio.Event()
        """Whether the room is known, or the reason why there is none for this follower."""
        self.farewell: str | None = None
        """What was said last, once the class or this connection has ended."""
        self._broker, self._topics = broker, Topics(room)
        self._identity, self._key, self._name = identity, key_of_follower(identity), name
        self._texts: dict[str, str] = {}
        self._news: PlaceNews | None = None
        """What the leader has said last, and where it has been shown."""
        self._awaited: PlaceNews | None = None
        """The same, where a text of it has not arrived yet."""
        self._page = FollowedPage(self._page_changed)
        self._teacher = ""
        self._gave_back = 0
        self._question = 0
        self._number = 0
        self._said: FollowerNews | None = None

    def begin(self) -> None:
        """Hear the broker from now on."""
        self._broker.listen(self._take, self._link_changed)
        self._broker.tell_arrivals(self._word_arrived)
        self._say_again()

    def leave(self) -> None:
        """Leave the class: the teacher is told."""
        self._broker.close((self._topics.word(self._identity), b"", False))

    def happen(self, *events: Event) -> None:
        """Have something happen here, and say so to the leader."""
        led = self._leads
        super().happen(*events)
        if led and not self._leads and self._news is not None and self._news.loan is not None:
            self._gave_back = self._news.loan.number
        self._say()

    def show(
        self, session: Session, costs: Costs | None = None, cover: Cover | None = None, aside: str = ""
    ) -> None:
        """Show where the class is, wherever it is led from."""
        super().show(session, costs, cover, aside)
        self._say()

    def keep(self) -> None:
        """Keep nothing: the leader does."""

    @property
    def has_arrived(self) -> bool:
        """Whether the broker has what was said last."""
        return self._broker.has_arrived

    def _word_arrived(self) -> None:
        for seat in self.seats.values():
            seat.room_changed()

    @property
    def _me(self) -> Person | None:
        return next(iter(self.room.people), None)

    @property
    def _leads(self) -> bool:
        return self._me is not None and self.room.lent_to == self._me.name

    # What is said to the leader

    def _say(self) -> None:
        """Say all that there is to say, if it is not what was said last."""
        me = self._me
        if me is None:
            return
        asking, asked = self.room.asking, self._asked_now
        last = Round(b"", alone=False) if asking is None else asking.round
        word = FollowerNews(
            version=VERSION,
            number=0,
            name=self._name,
            at=me.at if me.doing == "by themselves" else None,
            hand=me.hand is not None,
            is_too_small=me.is_too_small,
            answer=(*asked, last.answers[0].text) if asked is not None and last.answers else None,
            seen=asked if me.name in last.seen_by else None,
            practised={kind: (right, answered) for kind, right, answered in self.room.practised},
            gave_back=self._gave_back,
        )
        if self._leads and self._news is not None:
            place, lesson = recorded_place(self.session)
            is_known = lesson_hash(lesson) in self._texts
            page = page_news(self.session, self.shown.cover)
            news = {"place": msgspec.Raw(place), "aside": self.aside, "page": page}
            news["lesson"] = "" if is_known else lesson
            word = msgspec.structs.replace(word, **news)
        if word != self._said:
            self._said = word
            self._publish_word()

    def _publish_word(self) -> None:
        if self._said is not None and self.farewell is None:
            self._number += 1
            word = msgspec.structs.replace(self._said, number=self._number)
            self._broker.publish(self._topics.word(self._identity), msgspec.json.encode(word))

    def _say_again(self) -> None:
        self._publish_word()
        asyncio.get_running_loop().call_later(random.uniform(*_SAID_AGAIN), self._say_again)

    @property
    def _asked_now(self) -> tuple[int, int] | None:
        """(the number of what is asked, its round from 0)."""
        return None if self.room.asking is None else (self._question, len(self.room.asking.rounds) - 1)

    # What the leader says

    def _link_changed(self) -> None:
        if self._broker.is_linked:
            self.become(replace(self.room, teacher=self._teacher))
            self._publish_word()
        else:  # the teacher may well be there
            self._lose_leader(self._broker.address.host)

    def _lose_leader(self, missing: str) -> None:
        """Take note that the teacher cannot be heard: whoever has been lent the lead has nobody to lead.

        missing: who or what is not there.
        """
        self.become(replace(after(self.room, Lost(self.room.teacher)), lent_to=None, teacher=missing))

    def _take(self, arrived: Sequence[Arrived]) -> None:
        for topic, content in arrived:
            if self.farewell is not None:
                return  # what comes now is of another class, which nobody here sees
            try:
                if topic == self._topics.place:
                    self._take_place(content)
                elif content:
                    self._take_text(topic, content)
            except (ContentFault, PlaceFault) as fault:
                self._end(
                    f"What the leader sent was not understood: {one_line(str(fault))[:_LONGEST_GOODBYE]}.",
                    is_over=False,
                )

    def _take_text(self, topic: str, content: bytes) -> None:
        name, text = text_at(topic, content)
        self._texts.pop(name, None)
        self._texts[name] = text
        if len(self._texts) > _MOST_TEXTS:
            del self._texts[next(iter(self._texts))]
        if self._awaited is not None:
            self._take_news(self._awaited)

    def _take_place(self, content: bytes) -> None:
        if not content:
            self._news = self._awaited = None
            self._lose_leader(self.room.teacher)
            return
        news = read_place(content)
        if isinstance(news, Goodbye):
            if news.key in ("", self._key):
                self._end(one_line(news.words)[:_LONGEST_GOODBYE], is_over=not news.key)
        elif isinstance(news, Reply):
            if news.key == self._key:
                self._take_reply(news)
        elif self._is_newer(news):
            self._take_news(news)

    def _take_reply(self, reply: Reply) -> None:
        """Say under which name others know whoever sits here, and whether an answer of theirs counts."""
        told = ""
        if reply.number > 1:
            self._name = numbered(shown_name(self._name), reply.number)
            told = f"Others know you as {self._name} here."
        asking, me = self.room.asking, self._me
        if reply.question == self._asked_now and asking is not None and me is not None:
            *before, last = asking.rounds
            if reply.late and not reply.seen:
                told = "Your answer has come too late: the question was closed."
            if reply.late or not last.answers:  # else there is a newer one
                last = replace(last, answers=(Answer(me.name, "", ""),) if reply.answered else ())
            last = replace(last, seen_by=(me.name,) if reply.seen else last.seen_by)
            self.become(replace(self.room, asking=replace(asking, rounds=(*before, last))))
            self._say()
        for seat in self.seats.values() if told else ():
            seat.notice(told)

    def _is_newer(self, news: PlaceNews) -> bool:
        last = self._awaited or self._news
        return last is None or (news.began, news.number) >= (last.began, last.number)

    def _take_news(self, news: PlaceNews) -> None:
        """Show where the class is; where a text is still on its way, once that has arrived."""
        self._awaited = news
        details = news.details
        if details is None:
            if news.apart not in self._texts:
                return
            details = read_details(self._texts[news.apart].encode())
        asked = details.question
        places = [details.place, *(asked.places(details.place) if asked is not None else ())]
        if not all(_lesson_of(place) in self._texts for place in places):
            return
        found = {bytes(place): session_of(place, self._texts) for place in places}
        session, *asked_at = (found[bytes(place)] for place in places)
        before, self._news, self._awaited = self._news, news, None
        asking = self._asking(asked, asked_at)
        if not self._leads:
            page = None if details.page is None else page_at(session, details.page)
            self._page.show(page)
            unknown = ShownExperiment.doing if details.page is not None and page is None else ""
            aside = unknown or one_line(details.aside)[:LONGEST_ASIDE]
            answers = Results(asking) if details.shows_answers and asking is not None else None
            super().show(session, cover=answers or self._page.cover, aside=aside)
        self.become(self._room(news, before, details, asking))
        if before is None or (before.began, before.called) != (news.began, news.called):
            self._publish_word()  # the leader may not have heard it
        self._say()
        self.has_begun.set()

    def _page_changed(self) -> None:
        if not self._leads:
            super().show(self.session, cover=self._page.cover, aside=self.aside)

    def _room(
        self, news: PlaceNews, before: PlaceNews | None, details: Details, asking: Asking | None
    ) -> Room:
        """The room as the leader has it, with whoever sits here in it."""
        me = self._me
        self._teacher = shown_name(news.teacher)
        room = replace(
            self.room,
            teacher=self._teacher,
            teacher_is_away=False,
            unnamed=max(news.here - (me is not None), 0),
            asking=asking,
        )
        self._question = details.question.number if details.question is not None else 0
        loan = news.loan
        is_mine = loan is not None and loan.key == self._key
        if loan is None or (is_mine and loan.number <= self._gave_back):
            room = replace(room, lent_to=None)
        elif not is_mine:
            name = shown_name(loan.name)
            room = replace(room, lent_to=f"{name} (another)" if me is not None and name == me.name else name)
        elif me is not None and room.lent_to != me.name:
            room = after(room, Lent(me.name))
        if before is not None and before.began == news.began and before.gathered < news.gathered:
            room = after(room, Gathered())
        return self._with_pin(room, details.pinned, news.clock)

    def _with_pin(self, room: Room, pinned: dict[str, float], clock: float) -> Room:
        """The room with whoever sits here kept for as long as the leader says, by this machine's clock."""
        me = self._me
        if me is None:
            return room
        until = pinned.get(self._key, pinned.get(""))
        if until is None:
            people = tuple(replace(person, pinned_until=None) for person in room.people)
            return replace(room, people=people)
        here = round(until - clock + asyncio.get_running_loop().time(), 1)
        is_known = me.pinned_until is not None and abs(me.pinned_until - here) < 1
        return room if is_known or room.lent_to == me.name else after(room, Pinned(here, me.name))

    def _asking(self, news: QuestionNews | None, asked_at: Sequence[Session]) -> Asking | None:
        if news is None or not news.rounds:
            return None
        before = self.room.asking.rounds if self.room.asking and news.number == self._question else ()
        place, first = map(sent_place, asked_at)
        seen = before[-1].seen_by if before else ()
        rounds = tuple(
            Round(
                place if one.alone else first,
                one.alone,
                before[which].answers if which < len(before) else (),
                (one.answered, _counts(one)),
                seen_by=next((known.seen_by for known in before[which:]), () if one.alone else seen),
            )
            for which, one in enumerate(news.rounds)
        )
        return Asking(rounds, news.stage)

    def _end(self, words: str, is_over: bool) -> None:
        """End the class for this follower, with words.

        is_over: whether it is over for all: then its last place stays on the screen, to go on from alone.
        """
        if self.farewell is None:
            self.farewell = words
            if not is_over:
                for seat in tuple(self.seats.values()):
                    seat.end(words)
            self.close(words)
            self.has_begun.set()


def _counts(news: RoundNews) -> tuple[tuple[str, int], ...]:
    """How many answers showed what, the right ones first; their words are a stranger's."""
    said = news.results.items()
    counts = {one_line(result)[:_LONGEST_RESULT]: count for result, count in said if count > 0}
    return tuple(counts.items()) or ((("right", news.right),) if news.right else ())


def _lesson_of(place: msgspec.Raw) -> str:
    """The hash of the lesson of a place; "" where it says none."""
    try:
        return msgspec.json.decode(place, type=_WithLesson).lesson
    except DAMAGED:
        raise PlaceFault("it is damaged") from None


class _WithLesson(msgspec.Struct):
    lesson: str
