"""The app of a follower who steps alone, as the room knows it: what it is told, and what it says."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec

from tinynet_tui.classroom.class_question import stepping
from tinynet_tui.classroom.message_contents import (
    ClassNow,
    OwnAppNews,
    mark_of_lesson,
    numbers_of,
)
from tinynet_tui.classroom.messages import GATHER
from tinynet_tui.classroom.room_events import Practised, WindowChanged
from tinynet_tui.prediction.kinds import KINDS
from tinynet_tui.safety.foreign_text import one_line

if TYPE_CHECKING:
    from tinynet_tui.classroom.seat import Seat
    from tinynet_tui.classroom.watcher import Watcher

_NEWS_AFTER = 0.1
"""Seconds after which the last of too much that an app says is told."""
_MOST_PRACTISED = 20
"""Answers in practice that are told at once."""


class OwnApp:
    """What a seat and its user's own app tell each other."""

    def __init__(self, seat: Seat, watcher: Watcher) -> None:
        self._seat, self._watcher = seat, watcher
        self._late: tuple[asyncio.TimerHandle, OwnAppNews] | None = None
        """What it has said last, where that was too much at once."""

    def cancel(self) -> None:
        """Tell nothing more that was to be told later."""
        if self._late is not None:
            self._late[0].cancel()

    def class_now(self) -> bytes:
        """What it is told of where the class is."""
        there, room, name = self._seat.hub.session, self._seat.hub.room, self._seat.name
        now = ClassNow(
            room.leader,
            there.update,
            there.step,
            room.count,
            numbers_of(there),
            leads=room.leader == name,
            hand=room.is_hand_up(name),
            asks=room.asks is not None and room.asks.stage == "open",
            is_away=room.teacher_is_away,
            pinned=room.seconds_pinned(name, asyncio.get_running_loop().time()),
            lesson=mark_of_lesson(there.lesson),
        )
        return msgspec.json.encode(now)

    def take_news(self, news: OwnAppNews) -> None:
        """Take what it says: of much at once, as a held key has it say, the last, a moment later."""
        if self._late is not None:
            self._late[0].cancel()
            said, late = (msgspec.structs.asdict(one) for one in (news, self._late[1]))
            practised = [*(late["practised"] or ()), *(said["practised"] or ())][-_MOST_PRACTISED:]
            said["practised"] = tuple(practised) or None  # of these none is let go for a later one
            news = OwnAppNews(**{name: late[name] if said[name] is None else said[name] for name in said})
        rest = 0.0 if news.hand is None else self._watcher.hand_rest
        if self._watcher.may_act() and rest <= 0:
            self._tell_news(news)
        else:
            wait = max(rest, _NEWS_AFTER)
            self._late = (asyncio.get_running_loop().call_later(wait, self._tell_news, news), news)

    def _tell_news(self, news: OwnAppNews) -> None:
        """Tell the room."""
        self._late = None
        hub, name = self._seat.hub, self._seat.name
        if hub.room.seconds_pinned(name, hub.now):
            self._seat.send(GATHER)  # they went while the leader was gone
        elif news.at is not None and self._seat.has_app:
            hub.happen(*stepping(hub.room, name, one_line(news.at)[:20]))
        if news.is_too_small is not None:
            hub.happen(WindowChanged(name, news.is_too_small))
        if news.hand is not None:
            self._watcher.move_hand(news.hand)
        for kind, is_right in (news.practised or ())[:_MOST_PRACTISED]:
            if kind in KINDS:
                hub.happen(Practised(kind, is_right))
        if news.aside is not None and name == hub.room.lent_to:
            from tinynet_tui.classroom.followed_page import PageNews  # few come to that

            hub.lead_aside(news.aside, msgspec.convert(news.page, PageNews) if news.page else None)
