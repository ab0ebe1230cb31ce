"""The app of a follower who steps by themselves: the stepper, and the class to come back to."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from textual import events
from textual.constants import DRIVER

from tinynet_tui.classroom.class_question import OTHER_NUMBERS
from tinynet_tui.classroom.connection_to_leader import ConnectionToLeader
from tinynet_tui.classroom.directory import Address
from tinynet_tui.classroom.handing_over import Handed
from tinynet_tui.classroom.last_row import (
    Parts,
    by_oneself,
    fitting,
    on_own_page,
    with_last_row,
    without_class,
)
from tinynet_tui.classroom.message_contents import (
    ClassNow,
    Hello,
    OwnAppNews,
    mark_of_lesson,
    numbers_of,
    sent_place,
)
from tinynet_tui.classroom.messages import (
    CLASS,
    END,
    GATHER,
    HELLO,
    KEYS,
    LAST,
    NEWS,
    PLACE,
)
from tinynet_tui.classroom.shared_screens import CHOSEN
from tinynet_tui.classroom.thin_client import FOLLOWS
from tinynet_tui.classroom.tried_places import TriedPlaces
from tinynet_tui.classroom.watcher_commands import HAND_EVERY, HAND_TOO_SOON
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture, within_reach
from tinynet_tui.drawing.screen import LEAST_HEIGHT, LEAST_WIDTH, screen
from tinynet_tui.drawing.theme import Theme
from tinynet_tui.session.commands import (
    BY_NAME,
    OF_NUMBERS,
    Command,
    after,
    place_of_key,
)
from tinynet_tui.session.history import is_large, program_of, train_on
from tinynet_tui.session.keys import Keys
from tinynet_tui.session.moment import moment
from tinynet_tui.session.saved_session import decoded
from tinynet_tui.session.session import Session
from tinynet_tui.terminal.display import TakenOver
from tinynet_tui.terminal.input import Input
from tinynet_tui.terminal.input_events import Key
from tinynet_tui.terminal.job import read_modes
from tinynet_tui.terminal.painter import Painter
from tinynet_tui.tui.alone_page import AlonePage
from tinynet_tui.tui.in_class import ClassStepper
from tinynet_tui.tui.page import Page

if TYPE_CHECKING:
    from tinynet_tui.practice.record import PracticeAnswer

_RECORDED_EVERY = 5.0
"""Seconds between two times that a server is told what was tried."""
_NOTHING: tuple[str, dict[str, Any]] = "", {}
"""What a leader looks at beside the step."""
TRAINED_BEFORE = 1_000
"""Updates that are done before the place is shown; farther ones are gone to by the app."""


def _not_told_yet() -> Parts:
    """What the last row says until it is told where the class is."""
    return "by yourself", f"{place_of_key('follow')} follows"


def shown_at_once(session: Session, look: Look, theme: Theme, whole_rows: bool) -> Painter | None:
    """Show a place before there is an app, which takes a while; returns what knows that it is shown.

    None where it is not: there is much to compute, or another driver draws.
    """
    if DRIVER or is_large(session) or train_on(session, TRAINED_BEFORE) > 0:
        return None
    painter = Painter(*within_reach(*os.get_terminal_size(1)), theme, whole_rows)
    picture = with_last_row(screen(moment(session), *painter.size, look), _not_told_yet(), look)
    unwritten = painter.paint(picture)
    while unwritten:
        unwritten = unwritten[os.write(1, unwritten) :]
    return painter


def begun(handed: Handed, keys: Keys) -> tuple[Session, str]:
    """(where somebody goes on, the command that is still to be done first, if any); keys: theirs."""
    session, first = decoded(handed.place), handed.first
    if first.startswith("typed "):
        typed = Input().feed(bytes.fromhex(first.removeprefix("typed ")))
        found = (keys.command(key.name, key.character) for key in typed if isinstance(key, Key))
        first = next((entry.name for entry in found if entry is not None), "")
    if first in BY_NAME and BY_NAME[first].effect == "move":  # done before it is opened, which opens there
        return after(session, Command(first)), ""
    return session, first


class Alone(ClassStepper):
    """Walks one follower through training, apart from the class."""

    PAGE = AlonePage
    offers_practice = True

    def __init__(
        self,
        session: Session,
        look: Look,
        theme: Theme,
        state: Path | None,
        *,
        connection: socket.socket | None,
        address: Address,
        handed: Handed,
        first: str,
        hand_back: Callable[[Alone], None],
        painter: Painter | None,
        **stepper: Any,
    ) -> None:
        """Go on from a place.

        hand_back: lets another program have the terminal, before the app has ended; painter: what knows that
        the place is on the terminal, if it is.
        """
        super().__init__(session, look, theme, state, **stepper)
        self._hand_back = hand_back
        self._come(session, connection, address, handed, first, state)
        self.handed = TakenOver(read_modes(handed.modes), painter)

    def _come(
        self,
        session: Session,
        connection: socket.socket | None,
        address: Address,
        handed: Handed,
        first: str,
        state: Path | None = None,
    ) -> None:
        """Be the app of a follower."""
        self.to_leader = ConnectionToLeader(address, connection, self)
        self.address = address
        """Where the room is."""
        self._handed = handed
        self._hello = msgspec.json.decode(handed.hello, type=Hello)
        self._first = first
        self._class_now: ClassNow | None = None
        self._leader = self._hello.leader or address.teacher
        self._is_over = self._hello.is_over
        """Whether its leader has ended the class."""
        self._last = handed.place
        """The whole place of the class, when it was sent last."""
        there = decoded(handed.place)
        self._numbers, self._lesson = numbers_of(there), mark_of_lesson(there.lesson)
        """By which it is told whether the class still has what it had when this follower went."""
        self._begun = session
        self._waits: Session | None = None
        """What was tried last, where the class is followed as soon as it is there."""
        self._is_too_small = False
        """Whether the window is."""
        self._hand_moved_at = float("-inf")
        self._looks_at = _NOTHING
        """(what the class was told last that its leader does, while that is who sits here; their page)."""
        self.last_position.begun = there.as_shown_first
        self.tried = TriedPlaces(
            self.last_position.begun,
            state if self.permissions.is_open else None,
            handed.tried,
            None if self.permissions.is_open else self._hand_on_tried,
        )
        """Where this follower was by themselves before."""

    def begin(self) -> None:
        """Do what the follower has pressed to go on alone, and listen to the class."""
        if self._opening is None:  # else on arrival
            self._tell_place()
            self._do_first()
        self.to_leader.open(self._handed.rest)
        self.set_interval(_RECORDED_EVERY, lambda: self.tried.tell(self._place))
        super().begin()

    def _do_first(self) -> None:
        first, self._first = self._first, ""
        if first:
            self.page.action_do(first)

    def _arrive(self, session: Session) -> None:
        super()._arrive(session)
        self._waits = None
        self._do_first()
        self._tell_place()

    def _tell_place(self) -> None:
        """Tell the class where its follower, or its leader for now, is."""
        session, now = self.session, self._class_now
        if now is not None and now.leads:
            self.to_leader.send(PLACE, sent_place(session))
            return
        numbers = now.numbers if now is not None else self._numbers
        is_own = numbers_of(session) != numbers
        at = f"{session.update}.{session.step}{OTHER_NUMBERS if is_own else ''}"
        news = OwnAppNews(at=at, is_too_small=self._is_too_small)
        self.to_leader.send(NEWS, msgspec.json.encode(news))

    def on_resize(self, event: events.Resize) -> None:
        """Tell the class whether the window is too small, or is not any more."""
        self._is_too_small = event.size.width < LEAST_WIDTH or event.size.height < LEAST_HEIGHT
        self._tell_place()

    def has_practised(self, answer: PracticeAnswer) -> None:
        """Tell the class, whose desk counts by kind."""
        practised = ((answer.kind, answer.is_unaided),)
        self.to_leader.send(NEWS, msgspec.json.encode(OwnAppNews(practised=practised)))

    async def on_event(self, event: events.Event) -> None:
        """Do what keys of a follower do on every page, where they are no text."""
        if not (isinstance(event, events.Key) and self._takes(event)):
            await super().on_event(event)

    def _takes(self, event: events.Key) -> bool:
        """Follow or ask for help, where another page than the stepper's has no key for that."""
        page = self._page
        if page.is_typing or (isinstance(page, AlonePage) and page.prompt is None):
            return False
        does = {"follow": self.follow, "hand": self.raise_hand}
        named = {key: do for name, do in does.items() for key in self.look.keys.row(name).keys}
        do = named.get(event.key) or named.get(event.character or "")
        if do is None or (page.prompt is not None and event.character in OF_NUMBERS):
            return False
        do()
        return True

    def row_end(self, page: Page[Any]) -> str:
        """That one is in a class: where its row, which says more, has no room."""
        now = self._class_now
        if page is self.page and page.prompt is None and self.session.stage == "off":
            return ""
        parts = self._words()[:2] if now is None else on_own_page(now, page.is_typing)
        return self.look.named(fitting(parts, page.drawn.width // 2, self.look))

    def has_drawn(self) -> None:
        """Tell the class what whoever leads for now does that it does not see."""
        page = self.screen
        assert isinstance(page, Page), "every screen is one"
        aside, news = page.aside or (page.cover.doing if page.cover is not None else ""), None
        leads = self._class_now is not None and self._class_now.leads
        if leads and page.cover is not None:
            from tinynet_tui.classroom.followed_page import page_news  # few come to that

            news = page_news(self.session, page.cover)
        looks_at = aside, {} if news is None else msgspec.to_builtins(news)
        if leads and looks_at != self._looks_at:
            self.to_leader.send(NEWS, msgspec.json.encode(OwnAppNews(aside=aside, page=looks_at[1])))
        self._looks_at = looks_at if leads else _NOTHING

    def picture(self, width: int, height: int) -> Picture:
        """The session, with the class in the last row, where nothing else is to be said."""
        drawn = super().picture(width, height)
        if self.session.notice or self.session.stage != "off":
            return drawn
        return with_last_row(drawn, self._words(), self.look)

    def _words(self) -> Parts:
        now, here = self._class_now, self.session
        if self.to_leader.socket is None:
            return without_class(self._leader, self._waits is not None, self._is_over)
        if now is None:  # it is told in a moment
            return _not_told_yet()
        differs = f"{now.leader} works with other numbers" if now.numbers != self._numbers else ""
        if now.lesson not in (0, self._lesson):
            differs = f"{now.leader} has opened another lesson"
        elif mark_of_lesson(here.lesson) != self._lesson:
            differs = "you have another lesson open"
        steps = len(program_of(here))
        return *self.autoplaying, *by_oneself(now, here.update, here.step, steps, differs)

    def follow(self) -> None:
        """Follow the class again; where its leader is gone, wait for them at its last place."""
        if self.to_leader.socket is None:
            tried_last = self._place
            self.tried.add(tried_last)
            self._leave_pages()
            self.show(decoded(self._last), by_itself=True)
            self._waits = tried_last
            self.page.draw()
            return
        if self.own_driver is not None:
            self.own_driver.display.hands_on = True
        self.exit(return_code=FOLLOWS)

    def _leave_pages(self) -> None:
        """Have nothing cover the step, and end practice."""
        while len(self.screen_stack) > 1:
            self.pop_screen()
        if self.page_before is not None:
            (self.page, self.session), self.page_before = self.page_before, None

    def on_unmount(self) -> None:
        """Let whoever goes on with the terminal have it, before the position is on the disk."""
        self.tried.tell(self._place)
        driver = self.own_driver
        if driver is not None and driver.display.hands_on:
            driver.display.close()
            self.to_leader.stop()
            self._hand_back(self)
        self.tried.wait()

    def _hand_on_tried(self, tried: bytes) -> None:
        """Have what was tried be there for the next app of this follower."""
        self._handed = self._handed._replace(tried=tried)

    @property
    def _place(self) -> Session:
        """What is kept: where the class is waited for, what was tried before that."""
        return self._waits or super()._place

    @property
    def handed_on(self) -> Handed:
        """What the program that follows the class goes on with: what was chosen here is kept there."""
        chosen = {
            name: getattr(self.session, name)
            for name in CHOSEN
            if getattr(self.session, name) != getattr(self._begun, name)
        }
        hello = msgspec.structs.replace(self._hello, own=self._hello.own | chosen)
        return self._handed._replace(
            hello=msgspec.json.encode(hello), place=self._last, rest=self.to_leader.rest
        )

    def raise_hand(self) -> None:
        """Ask for help, or no more."""
        if self.to_leader.socket is None:
            self._page.say("Nobody is there to see your hand.")
            return
        now = asyncio.get_running_loop().time()
        if now < self._hand_moved_at + HAND_EVERY:
            self._page.say(HAND_TOO_SOON)
            return
        self._hand_moved_at = now
        raised = self._class_now is None or not self._class_now.hand
        self.to_leader.send(NEWS, msgspec.json.encode(OwnAppNews(hand=raised)))
        up = f"Your hand is up: {self.look.keys.of('hand')} takes it down."
        self._page.say(up if raised else "Your hand is down.")

    def hear(self, kind: bytes, content: bytes) -> None:
        """Do what the leader has sent."""
        if kind == CLASS:
            before, now = self._class_now, msgspec.json.decode(content, type=ClassNow)
            is_back, self._class_now = before is None, now
            self._leader, self._is_over, self.offers_practice = now.leader, False, not now.leads
            if now.numbers != (self._numbers if before is None else before.numbers) and not now.leads:
                self._tell_place()
            if is_back and self._waits is not None:
                self.follow()
            elif is_back and self.to_leader.is_new:
                self.say(f"{now.leader} is back: {self.look.keys.of('follow')} follows.")
        elif kind == LAST:
            self._last = content
        elif kind == HELLO:
            self._hello = msgspec.json.decode(content, type=Hello)
        elif kind == KEYS:
            for event in Input().feed(content):
                if isinstance(event, Key):
                    entry = self.look.keys.command(event.name, event.character)
                    if entry is not None:
                        self.page.action_do(entry.name)
        elif kind == PLACE:
            if self.page_before is not None:
                self._leave_pages()
            self.show(decoded(content), by_itself=True)
        elif kind == GATHER:
            self.follow()
        elif kind == END:
            self.to_leader.lose()
            self._is_over = True
            words = content.decode("utf-8", "replace").strip()
            self.say(f"{words} You go on by yourself; {self.look.keys.of('quit')} leaves.")
        self.draw_pages()

    def miss_leader(self) -> None:
        """Go on without the class."""
        self._class_now = None
        self.draw_pages()

    def greet_leader(self) -> None:
        """Go back to the class, as one who steps by themselves."""
        hello = msgspec.structs.replace(self._hello, is_alone=True)
        self.to_leader.send(HELLO, msgspec.json.encode(hello))
        self._tell_place()
