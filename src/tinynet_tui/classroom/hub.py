"""The leader's side of a class on one machine: the room, its seats, and the screens that they share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial, reduce
from typing import TYPE_CHECKING

from tinynet_tui.classroom.directory import WAITING, Claimed, give_up
from tinynet_tui.classroom.kept_room import keep_room, kept_place
from tinynet_tui.classroom.local_line import MOST_FILES, Arrivals, LocalLine, files_allowed
from tinynet_tui.classroom.message_contents import LONGEST_ASIDE, sent_place
from tinynet_tui.classroom.room import Room, after
from tinynet_tui.classroom.room_events import Ended, Event, Lost, Moved
from tinynet_tui.classroom.screens import Screens
from tinynet_tui.classroom.seat import Seat
from tinynet_tui.classroom.shared_screens import Share, Shown
from tinynet_tui.drawing.cover import Cover
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.screen import LEAST_HEIGHT, LEAST_WIDTH, screen
from tinynet_tui.safety.foreign_text import one_line
from tinynet_tui.session.history import is_large, train_on
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Session
from tinynet_tui.terminal.background import in_background

if TYPE_CHECKING:
    from tinynet_tui.classroom.followed_page import FollowedPage, PageNews
    from tinynet_tui.frameworks.costs import Costs

_COUNT_DOWN_EVERY = 1.0
"""Seconds between two redraws of how long followers are still kept with the class."""
_TELL_AFTER = 0.05
"""Seconds after something has happened in the room until everyone is told: many things are told together."""
_TELL_EACH = 0.0005
"""Seconds more for each who is told: while a thousand join, all of them are told a few times."""
_KEEP_AFTER, _KEEP_EVERY = 0.005, 0.25
"""Seconds after something has happened until the room is kept, and between two times for people alone."""
_SEND_PLACE_AFTER = 1.0
"""Seconds after a step, or after the first of several joins, until everyone is sent the place itself."""
_CUT_OFF = "If you were cut off now, you"
_OWN_RESTS, _OWN_SAVED = 4, 1.0
"""The screens that followers choose take a quarter of the time, all together."""


class Hub:
    """A room, what everyone in it sees, and the ways in which it changes."""

    def __init__(self, room: Room, session: Session, changed: Callable[[Room], None]) -> None:
        self.room = room
        self.aside = ""
        """What the leader does that is not shown, in words after their name."""
        self.led_aside = ""
        """The same of whoever is lent the lead, as they have said it last."""
        self._led_page: FollowedPage | None = None
        """The page of experiments of whoever is lent the lead, once one has opened it."""
        self._changed = changed
        """Called whenever somebody comes, goes, or does something, and each second that somebody is kept."""
        self.outside: Callable[[], None] = lambda: None
        """Called whenever followers elsewhere are to be shown or told something."""
        self.say: Callable[[str], None] = lambda _words: None
        """Called with what the leader is to know of how the room is kept, whenever that changes."""
        self.seats: dict[str, Seat] = {}
        """Those of followers, by their names."""
        self.desks: set[Seat] = set()
        """Those of the teacher, who sees the class there."""
        self.screens = Screens(self.seats, Shown(session.seen))
        self._server: asyncio.Server | None = None
        self._claimed: Claimed | None = None
        self._placing: asyncio.TimerHandle | None = None
        self.own_share = Share(_OWN_RESTS, _OWN_SAVED)
        """In which screens are drawn that followers have chosen: all together hold nobody up."""
        self._telling: asyncio.TimerHandle | None = None
        self._kept = 0
        """How many were kept with the class when everyone was told last."""
        self._keeping: asyncio.TimerHandle | None = None
        self._kept_at = float("-inf")
        self.why_not_kept = ""
        """Why the room could not be kept the last time; "" where it was."""
        self._led_to: Session | None = None
        """Where the class is to go, and is still computed."""

    @property
    def has_arrived(self) -> bool:
        """Whether what is said here has left this machine, if it has to."""
        return True

    @property
    def shown(self) -> Shown:
        """What everyone sees."""
        return self.screens.shown

    @property
    def session(self) -> Session:
        """Where the leader is."""
        return self.shown.session

    @property
    def now(self) -> float:
        """Seconds of the clock of the room, by which somebody is kept with the class."""
        return asyncio.get_running_loop().time()

    async def open(self, claimed: Claimed) -> None:
        """Let followers in, from now on."""
        self._claimed = claimed
        files_allowed(MOST_FILES)
        self.keep()
        claimed.listening.setblocking(False)
        arrivals = Arrivals()
        self._server = await asyncio.get_running_loop().create_unix_server(
            lambda: LocalLine(self, arrivals), sock=claimed.listening, backlog=WAITING
        )

    def close(self, words: str) -> None:
        """End the class, with a sentence to everyone."""
        claimed, self._claimed, self.why_not_kept = self._claimed, None, ""
        self.happen(Ended())
        self.screens.stop_drawing_ahead()
        for handle in (self._placing, self._telling, self._keeping):
            if handle is not None:
                handle.cancel()
        for seat in (*self.seats.values(), *self.desks):
            seat.class_over(words)
        if self._server is not None:
            self._server.close()
        if claimed is not None:
            claimed.kept.unlink(missing_ok=True)
            give_up(claimed)

    def stop(self) -> None:
        """Have everyone know at once that the teacher is away, and where to go on from meanwhile."""
        self.happen(Lost(self.room.teacher))
        self.tell()
        self._send_place()

    def keep(self) -> None:
        """Keep the room, for a leader who is cut off and comes back; a full disk does not end the class."""
        if self._keeping is not None:
            self._keeping.cancel()
            self._keeping = None
        if self._claimed is not None:
            before, self.why_not_kept = self.why_not_kept, ""
            try:
                keep_room(self._claimed.kept, self.room)
            except OSError as error:
                self.why_not_kept = error.strerror or str(error)
            if self.why_not_kept and not before:
                self.say(f"{_CUT_OFF} could not come back to this class ({self.why_not_kept}).")
            elif before and not self.why_not_kept:
                self.say(f"{_CUT_OFF} could come back to this class again.")

    def _keep_soon(self, is_of_people: bool) -> None:
        """Have the room kept: what people do by themselves, which is much, less often."""
        at = self.now + _KEEP_AFTER
        if is_of_people:
            at = max(at, self._kept_at + _KEEP_EVERY)
        if self._keeping is not None:
            if self._keeping.when() <= at:
                return
            self._keeping.cancel()
        self._keeping = asyncio.get_running_loop().call_at(at, self._keep_now)

    def _keep_now(self) -> None:
        self._kept_at = self.now
        self.keep()

    def happen(self, *events: Event) -> None:
        """Have something happen in the room, or several things at once."""
        self.become(reduce(after, events, self.room))

    def become(self, room: Room) -> None:
        """Take the room as it is after something has happened, and have everyone see that."""
        before, self.room = self.room, room
        if room == before:
            return
        if room.lent_to != before.lent_to:
            self.aside = self.led_aside = ""  # what is done now is not yet known
            if self._led_page is not None:
                self._led_page.show(None)
            self.show(self.session, self.shown.costs)
        self.outside()
        self._changed(room)
        self._tell_soon()
        self._keep_soon(is_of_people=replace(room, people=before.people) == before)
        is_gathered = room.gathered != before.gathered  # of who is kept the row says so anyway
        why = f"Gathered by {room.teacher}: you follow again." if is_gathered else ""
        for was in before.people:
            if was.doing == "by themselves" and was.name != room.lent_to:
                person = room.person(was.name)
                if person is not None and person.doing == "following":
                    self._send_back(was.name, why)
        if room.lent_to != before.lent_to:
            self._send_back(before.lent_to, "" if room.teacher_is_away else f"{room.leader} leads now.")
            if room.lent_to in self.seats:
                self.seats[room.lent_to].has_led = True
                self.seats[room.lent_to].go_alone()

    def is_taken(self, name: str, key: str = "") -> bool:
        """Whether somebody who is here has a name, or it belongs to another key than a newcomer's."""
        person = self.room.person(name)
        is_here = person is not None and person.doing != "away"
        is_anothers = self.room.belongs_to_another(name, key)
        return is_here or is_anothers or name == self.room.teacher or name in self.seats

    def _send_back(self, name: str | None, why: str) -> None:
        """Have somebody who has an app of their own follow again, and say why."""
        if name in self.seats and self.seats[name].has_app:
            self.seats[name].call_back(why)

    def _tell_soon(self) -> None:
        """Tell everyone of this, and of whatever else happens until then."""
        loop = asyncio.get_running_loop()
        wait = _TELL_AFTER + len(self.seats) * _TELL_EACH
        if self._telling is not None and self._telling.when() > loop.time() + wait:
            self._telling.cancel()
            self._telling = None
        if self._telling is None:
            self._telling = loop.call_later(wait, self.tell)

    def tell(self) -> None:
        """Show everyone what has changed: once, however much that was."""
        were_kept, (self._kept, _) = self._kept, self.room.pinned(self.now)
        self._telling = None
        if self._kept:
            self._telling = asyncio.get_running_loop().call_later(_COUNT_DOWN_EVERY, self.tell)
        if self._kept or were_kept:
            self._changed(self.room)
        for seat in (*self.seats.values(), *self.desks):
            seat.room_changed()

    def show(
        self, session: Session, costs: Costs | None = None, cover: Cover | None = None, aside: str = ""
    ) -> None:
        """Have everyone who watches see what the leader sees now.

        cover: what covers the step there; aside: what the leader does that is not to be seen.
        """
        if aside != self.aside:
            self.aside = aside
            self._changed(self.room)
            self._tell_soon()
            self.outside()
        shown = Shown(session.seen, costs, cover)
        if shown == self.shown:
            return
        self.screens.show(shown)
        if (place := kept_place(session)) != self.room.place:
            self.happen(Moved(self.room.leader, place))
        else:
            self.outside()
        if self._placing is not None:
            self._placing.cancel()
            self._placing = None
        self.place_soon()

    def lead_to(self, session: Session) -> None:
        """Have everyone see where whoever is lent the lead has gone, once it is computed, beside the loop."""
        if not is_large(session) and train_on(session, 0) == 0:
            self._led_to = None
            self.show_led(session)
            return
        is_busy, self._led_to = self._led_to is not None, session
        if not is_busy:
            self._leading = asyncio.ensure_future(self._lead_on(self.room.leader))

    async def _lead_on(self, leader: str) -> None:
        """Go where the class is led, as long as that is somewhere else."""
        while (session := self._led_to) is not None:
            await in_background(partial(_compute, session))
            if self._led_to is session:
                self._led_to = None
                if self.room.leader == leader:
                    self.show_led(session)

    def lead_aside(self, aside: str, page: PageNews | None) -> None:
        """Have everyone see what whoever is lent the lead looks at: a page of experiments, or else words."""
        from tinynet_tui.classroom.followed_page import FollowedPage, page_at  # few come to that

        self._led_page = self._led_page or FollowedPage(lambda: self.show_led(self.session))
        state = None if page is None else page_at(self.session, page)
        self._led_page.show(state)
        self.led_aside = one_line(aside)[:LONGEST_ASIDE] if state is None else ""
        self.show_led(self.session)

    def show_led(self, session: Session) -> None:
        """Have everyone see what whoever is lent the lead sees."""
        cover = None if self._led_page is None else self._led_page.cover
        self.show(session, cover=cover, aside=self.led_aside)
        self._changed(self.room)

    def place_soon(self) -> None:
        """Send the place to everyone, once it stays the same for a while."""
        if self._placing is None:
            self._placing = asyncio.get_running_loop().call_later(_SEND_PLACE_AFTER, self._send_place)

    def _send_place(self) -> None:
        """Give everyone the place itself, to go on from when the leader is lost."""
        self._placing = None
        place = sent_place(self.session)
        for seat in self.seats.values():
            seat.send_place(place)


def _compute(session: Session) -> None:
    """Have the numbers of a place be there for every screen."""
    screen(moment(session), LEAST_WIDTH, LEAST_HEIGHT, Look(ascii=True))
