"""The leader's side of a class on an MQTT broker: publishes the place, and takes what followers say."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from itertools import pairwise
from secrets import token_hex
from time import monotonic, time
from typing import NamedTuple

import msgspec

from tinynet_tui.classroom.broker import Arrived, Broker
from tinynet_tui.classroom.broker_messages import (
    MOST_IN_PLACE,
    VERSION,
    ContentFault,
    Details,
    FollowerNews,
    Goodbye,
    Loan,
    PlaceNews,
    QuestionNews,
    Reply,
    RoundNews,
    Topics,
    key_of_follower,
    read_place,
    read_word,
    session_of,
)
from tinynet_tui.classroom.class_question import judged, stepping
from tinynet_tui.classroom.followed_page import PageNews, page_news
from tinynet_tui.classroom.hub import Hub
from tinynet_tui.classroom.names import free_name, shown_name
from tinynet_tui.classroom.recorded_place import PlaceFault, lesson_hash, recorded_place
from tinynet_tui.classroom.results import Results
from tinynet_tui.classroom.room import Person, Room, after
from tinynet_tui.classroom.room_events import (
    Answered,
    AnswerSeen,
    Event,
    GivenBack,
    HandMoved,
    Joined,
    Lost,
    Practised,
    WindowChanged,
)
from tinynet_tui.classroom.rounds import Round
from tinynet_tui.prediction.judgement import without_name
from tinynet_tui.prediction.kinds import KINDS
from tinynet_tui.safety.foreign_text import one_line
from tinynet_tui.session.saved_session import decoded
from tinynet_tui.session.session import Session

KEEPALIVE = 5
"""Seconds: followers are told within one and a half of them that a leader is gone whose line is dead."""
MOST_FOLLOWERS = 20_000
_COUNTS_EVERY = 0.5
"""Seconds between two messages of how many are here, or have answered."""
_COUNTED_A_SECOND = 1_000
"""Followers who are told such numbers in a second: more of them are told less often."""
_STRANGERS = 100
"""Keys that nobody in the room has any more, and that are kept until they are looked through."""
_MOST_PRACTISED = 20
"""Answers in practice of a kind that one word of a follower's counts."""
_MOST_TEXTS = 8
"""Lessons, and details of places, that stay published."""
_TOLD_AT_ONCE, _MOST_UNTOLD = 10, 1_000
"""Words for one follower alone that are said at once, since all hear them; those that wait, at most."""


class Found(NamedTuple):
    """What there is of a room on a broker before one leads it there."""

    leader: PlaceNews | None
    """What a living leader has said."""
    began: int
    """When the last leader began; 0 where none has left a place behind."""
    texts: tuple[str, ...]
    """The hashes of texts that are published."""


def found(broker: Broker, room: str, within: float) -> Found:
    """What is found of a room. A place may be a dead leader's: a living one answers within some seconds."""
    topics, began, is_heard = Topics(room), 0, False
    texts: list[str] = []
    asks = topics.word(f"asks-{token_hex(8)}")
    broker.publish(asks, msgspec.json.encode(FollowerNews(VERSION, 1, asks=True)))
    until = monotonic() + within
    while (left := until - monotonic()) > 0 and (began or not is_heard):
        for topic, content in broker.arrived_within(left):
            is_heard = is_heard or topic == asks  # what was there before has arrived by then
            news = _place_in(content) if topic == topics.place else None
            if news is not None and began:
                return Found(news, began, tuple(texts))
            if news is not None:
                began = news.began
            elif topic.startswith(topics.text("")) and content:
                texts.append(topic.rpartition("/")[2])
    return Found(None, began, tuple(texts))


def _place_in(content: bytes) -> PlaceNews | None:
    try:
        news = read_place(content)
    except ContentFault:
        return None
    return news if isinstance(news, PlaceNews) else None


class Broadcast:
    """A class as it is published."""

    def __init__(self, broker: Broker, room: str, before: Found) -> None:
        self._broker, self._topics = broker, Topics(room)
        self._began = max(int(time() * 1000), before.began + 1)
        self._left_over = before.texts
        self._number, self._called = 0, 0
        self._texts: dict[str, str] = {}
        """What is published under its hash, the newest last."""
        self._shown: object = None
        """What was published last, but for numbers that grow slowly."""
        self._soon: asyncio.TimerHandle | None = None
        self._names: dict[str, str] = {}
        """Those of followers, by their keys."""
        self._kept = frozenset[str]()
        """The keys of those whom the room has kept from a leader before this one."""
        self._practised: dict[str, dict[str, tuple[int, int]]] = {}
        """What each follower has said that they practised, by their keys."""
        self._heard: dict[str, int] = {}
        """The number of the last word of each follower."""
        self._refused: dict[str, str] = {}
        """Why followers are out, by who they are."""
        self._untold: dict[str, Goodbye | Reply] = {}
        """What is to be said to one follower each, by their keys."""
        self._led_to: Session | None = None
        """Where a follower who leads has just gone."""
        self.trouble = ""
        """Why nobody elsewhere can follow now."""

    def open(self, hub: Hub, tell: Callable[[str], None]) -> None:
        """Publish what a hub shows, from now on; tell: says something to the leader."""
        self._hub, self._tell = hub, tell
        self._names = {person.key: person.name for person in hub.room.people if person.key}
        self._kept = frozenset(self._names)
        self._broker.listen(self._take, self._link_changed)
        hub.outside = self._changed
        self._publish()
        for name in self._left_over:
            if name not in self._texts:
                self._broker.publish(self._topics.text(name), b"", retain=True)

    def stop(self) -> None:
        """Have everyone know that the leader is away, as the last will does: the program is stopped."""
        self._broker.say_last((self._topics.place, b"", True))

    def close(self, words: str) -> None:
        """Leave the broker; words: said to everyone, where the class has ended."""
        if self._soon is not None:
            self._soon.cancel()
        last = [(self._topics.place, b"", True)]
        if words:
            goodbye = msgspec.json.encode(Goodbye(VERSION, words))
            texts = [(self._topics.text(name), b"", True) for name in self._texts]
            last = [(self._topics.place, goodbye, False), *last, *texts]
        self._broker.close(*last)

    # What is published

    def _changed(self) -> None:
        """Publish what has changed: a place at once, numbers together with what changes until then."""
        room = self._hub.room
        asking = room.asks
        question = None if asking is None else (asking.stage, len(asking.rounds))
        pins = tuple((person.key, person.pinned_until) for person in room.here if person.pinned_until)
        shown = (
            self._hub.session,
            self._on_top(),
            room.lent_to,
            room.gathered,
            len(room.asked),
            question,
            pins,
        )
        if shown != self._shown:
            self._publish()
        else:
            self._publish_soon(max(_COUNTS_EVERY, room.count / _COUNTED_A_SECOND))
        self._shown = shown

    def _publish_soon(self, seconds: float) -> None:
        """Publish within a time, once for all who want it until then."""
        loop = asyncio.get_running_loop()
        if self._soon is not None and self._soon.when() > loop.time() + seconds:
            self._soon.cancel()
            self._soon = None
        if self._soon is None:
            self._soon = loop.call_later(seconds, self._publish)

    def _publish(self) -> None:
        """Publish the place, and what it needs before it."""
        if self._soon is not None:
            self._soon.cancel()
            self._soon = None
        for key in list(self._untold)[:_TOLD_AT_ONCE]:
            self._broker.publish(self._topics.place, msgspec.json.encode(self._untold.pop(key)))
        self._number += 1
        self._broker.publish(self._topics.place, self._place(self._hub.room), retain=True)
        if self._untold:
            self._publish_soon(max(_COUNTS_EVERY, self._hub.room.count / _COUNTED_A_SECOND))

    def _place(self, room: Room) -> bytes:
        place, lesson = recorded_place(self._hub.session)
        self._publish_text(lesson)
        now = asyncio.get_running_loop().time()
        pinned = _pinned(room, now)
        question = self._question(room, place)
        details = Details(msgspec.Raw(place), question, pinned, *self._on_top())
        lent = room.person(room.lent_to) if room.lent_to else None
        news = PlaceNews(
            VERSION,
            self._began,
            self._number,
            room.teacher,
            len(room.here),
            room.gathered,
            self._called,
            Loan(room.lendings, lent.key, lent.name) if lent else None,
            round(now, 1) if pinned else 0.0,
            details,
        )
        written = msgspec.json.encode(news)
        if len(written) <= MOST_IN_PLACE:
            return written
        apart = msgspec.json.encode(details).decode()
        self._publish_text(apart)
        return msgspec.json.encode(msgspec.structs.replace(news, details=None, apart=lesson_hash(apart)))

    def _on_top(self) -> tuple[str, PageNews | None, bool]:
        """(what the leader does that is not shown elsewhere, in words; the page of experiments; whether it is
        the answers), of what covers the step at the leader."""
        cover = self._hub.shown.cover
        page, is_answers = page_news(self._hub.session, cover), isinstance(cover, Results)
        is_told = cover is not None and page is None and not is_answers
        return self._hub.aside or (cover.doing if cover and is_told else ""), page, is_answers

    def _question(self, room: Room, place: bytes) -> QuestionNews | None:
        asking = room.asks
        if asking is None:
            return None
        rounds = tuple(
            RoundNews(one.answered, one.right, one.alone, one.counts())
            if asking.stage == "revealed"
            else RoundNews(one.answered, alone=one.alone)
            for one in asking.rounds
        )
        places = [place]
        for one in (asking.round, asking.rounds[0]):
            asked_at, lesson = recorded_place(decoded(one.place))
            self._publish_text(lesson)
            places.append(asked_at)
        elsewhere = {
            name: msgspec.Raw(there)
            for name, (before, there) in zip(("place", "first"), pairwise(places), strict=True)
            if there != before
        }
        return QuestionNews(len(room.asked) + 1, asking.stage, rounds, **elsewhere)

    def _publish_text(self, text: str) -> None:
        """Publish a text once; of many the oldest is no longer there."""
        name = lesson_hash(text)
        is_new = name not in self._texts
        self._texts.pop(name, None)
        self._texts[name] = text
        if is_new:
            self._broker.publish(self._topics.text(name), text.encode(), retain=True)
        if len(self._texts) > _MOST_TEXTS:
            oldest = next(iter(self._texts))
            del self._texts[oldest]
            self._broker.publish(self._topics.text(oldest), b"", retain=True)

    def _link_changed(self) -> None:
        """Publish everything anew where the broker is back: it may have forgotten all."""
        host = self._broker.address.host
        self.trouble = "" if self._broker.is_linked else f"{host} cannot be reached"
        if self._broker.is_linked:
            self._called += 1
            texts, self._texts = self._texts, {}
            for text in texts.values():
                self._publish_text(text)
            self._publish()
        else:  # they say who they are again, once they can
            elsewhere = (person.name for person in self._hub.room.here if person.key in self._names)
            self._hub.happen(*map(Lost, elsewhere))
        self._tell(self.trouble or f"{host} is there again.")

    # What followers say

    def _take(self, arrived: Sequence[Arrived]) -> None:
        room = self._hub.room
        for topic, content in arrived:
            if topic == self._topics.place:
                self._take_place(content)
            elif topic.startswith(self._topics.word("")):
                for event in self._heard_from(topic.removeprefix(self._topics.word("")), content, room):
                    room = after(room, event)
        self._hub.become(room)
        led_to, self._led_to = self._led_to, None
        if led_to is not None and self._hub.room.lent_to is not None:
            self._hub.lead_to(led_to)

    def _take_place(self, content: bytes) -> None:
        """Hold the room against what is not this leader's: a late last will, or a second leader."""
        news = _place_in(content)
        if news is not None and news.began > self._began:
            self.trouble = f"{shown_name(news.teacher)} leads on {self._broker.address.host} now"
            self._broker.close()
            self._tell(self.trouble)
        elif not content or (news is not None and news.began < self._began):
            self._publish_soon(_COUNTS_EVERY)

    def _heard_from(self, who: str, content: bytes, room: Room) -> Iterator[Event]:
        """What a follower's word changes in the room."""
        key = key_of_follower(who)
        person = room.person(self._names.get(key, ""))
        is_here = person is not None and person.doing != "away" and person.key == key
        if who in self._refused:
            return
        if not content:
            self._heard.pop(who, None)
            if person is not None and is_here:
                yield Lost(person.name)
            return
        leads = is_here and person is not None and room.lent_to == person.name
        try:
            word = read_word(content, leads)
            if word.asks:
                self._publish_soon(_COUNTS_EVERY)  # whoever asks, and however many do
                return
            if word.number <= self._heard.get(who, 0):
                return
            if not is_here and len(room.people) >= MOST_FOLLOWERS:
                raise ContentFault("this room is full")
            self._heard[who] = word.number
            events = list(self._changes(word, key, room))
            yield from events
            self._reply(word, key, reduce(after, events, room))
        except (ContentFault, PlaceFault) as fault:
            self._refuse(who, key, f"This was not understood: {one_line(str(fault))[:200]}.")
            if person is not None and is_here:
                yield Lost(person.name)

    def _changes(self, word: FollowerNews, key: str, room: Room) -> Iterator[Event]:
        name = self._names.get(key, shown_name(word.name))
        person = room.person(name)
        if person is None or person.doing == "away" or person.key != key:
            if name == room.teacher or (person is not None and person.doing != "away"):
                taken = {room.teacher, *(person.name for person in room.here)}
                name = free_name(shown_name(word.name), taken.__contains__)
            self._forget_strangers(room)
            self._names[key] = name
            yield Joined(name, key)
            person = room.person(name) or Person(name)
        elif word.at is None and person.doing != "following":
            yield Joined(name, key)
        at = None if word.at is None else one_line(word.at)[:20]
        if at is not None and (person.doing, person.at) != ("by themselves", at):
            yield from stepping(room, name, at)
        if word.is_too_small != person.is_too_small:
            yield WindowChanged(name, word.is_too_small)
        if word.hand != (person.hand is not None):
            yield HandMoved(name, word.hand)
        yield from self._practised_since(word, key, room)
        if word.seen is not None and word.seen == _asked_now(room):
            yield AnswerSeen(name)
        if word.answer is not None:
            yield from _answers(name, word.answer, room)
        if room.lent_to == name and word.gave_back >= room.lendings:
            yield GivenBack(name)
        elif room.lent_to == name and bytes(word.place):
            self._hub.lead_aside(word.aside, word.page)
            self._follow(word)

    def _practised_since(self, word: FollowerNews, key: str, room: Room) -> Iterator[Event]:
        """What a follower has practised since their last word; room: as it was before they said it."""
        known = self._practised.get(key)
        if known is None:  # of whom the room has kept a leader before this one has heard that
            known = dict(word.practised) if key in self._kept else {}
        self._practised[key] = known
        for kind in KINDS:
            said, before = (counts.get(kind, (0, 0)) for counts in (word.practised, known))
            if said[1] > before[1]:  # those that were less meanwhile are not counted again
                known[kind] = said
                new = range(min(said[1] - before[1], _MOST_PRACTISED))
                yield from (Practised(kind, nth < said[0] - before[0]) for nth in new)

    def _forget_strangers(self, room: Room) -> None:
        """Forget what the keys were called that nobody in the room has any more."""
        if len(self._names) >= len(room.people) + _STRANGERS:
            keys = {person.key for person in room.people}
            self._names = {key: name for key, name in self._names.items() if key in keys}
            self._practised = {key: said for key, said in self._practised.items() if key in keys}

    def _reply(self, word: FollowerNews, key: str, room: Room) -> None:
        """Say to a follower what they do not know: their name, and what is known of them in the question."""
        name, asked, last = self._names[key], _asked_now(room), Round(b"", alone=False)
        if room.asks is not None:
            last = room.asks.round
        ending = name.rpartition(" ")[2]
        number = int(ending) if name != shown_name(word.name) and ending.isdecimal() else 1
        counted, seen = last.answer_of(name), name in last.seen_by
        said = word.answer[2] if word.answer is not None and word.answer[:2] == asked else None
        late = bool(said) and (counted is None or counted.text != _kept_text(said or ""))
        if number > 1 or late or (counted is not None and said is None) or (seen and word.seen != asked):
            self._say_to(Reply(VERSION, key, number, asked, counted is not None, seen, late))

    def _say_to(self, words: Goodbye | Reply) -> None:
        """Say something to one follower, soon; of much only the last."""
        if len(self._untold) < _MOST_UNTOLD:
            self._untold[words.key] = words
        self._publish_soon(_COUNTS_EVERY)

    def _follow(self, word: FollowerNews) -> None:
        """Have the class go where a follower leads it."""
        texts = {lesson_hash(word.lesson): word.lesson} if word.lesson else {}
        self._led_to = session_of(word.place, {**self._texts, **texts})

    def _refuse(self, who: str, key: str, words: str) -> None:
        self._refused[who] = words
        self._heard.pop(who, None)
        if len(self._refused) > MOST_FOLLOWERS:
            del self._refused[next(iter(self._refused))]
        self._say_to(Goodbye(VERSION, words, key))


def _asked_now(room: Room) -> tuple[int, int] | None:
    """(the number of what is asked, its round from 0)."""
    return None if room.asking is None else (len(room.asked) + 1, len(room.asking.rounds) - 1)


def _answers(name: str, answer: tuple[int, int, str], room: Room) -> Iterator[Event]:
    """What a follower has answered to what is asked now; one without a text says that they know they have."""
    *asked, text = answer
    if room.asking is None or tuple(asked) != _asked_now(room) or not text:
        return
    try:
        yield Answered(name, answer[1], _kept_text(text), judged(room.asking.round.place, text[:40]))
    except ValueError as fault:
        raise ContentFault(str(fault)) from None


def _kept_text(text: str) -> str:
    """What is kept of an answer: not what stands before the number, as a formula of a spreadsheet might."""
    return without_name(one_line(text)[:40])


def _pinned(room: Room, now: float) -> dict[str, float]:
    """Until when followers are kept with the class, by their keys; under "" where it is everyone."""
    kept = [(person.key, until) for person in room.here if (until := person.pinned_until or 0.0) > now]
    if kept and len(kept) == len(room.here) and len({until for _, until in kept}) == 1:
        return {"": kept[0][1]}
    return {key: until for key, until in kept if key}
