"""A terminal somewhere that follows: what it is sent, and what is done with what it sends."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

import msgspec

from tinynet_tui.classroom.answer_field import AnswerField
from tinynet_tui.classroom.desk import DeskScreen
from tinynet_tui.classroom.last_row import Parts, answering, fitting, following, looking_up
from tinynet_tui.classroom.message_contents import (
    LONGEST_ASIDE,
    VERSION,
    ClassNow,
    Hello,
    OwnAppNews,
    numbers_of,
    sent_place,
)
from tinynet_tui.classroom.messages import (
    CLASS,
    END,
    FRAME,
    HELLO,
    KEYS,
    LAST,
    OVER,
    OWN_APP,
    PLACE,
    SIZE,
    WORD,
)
from tinynet_tui.classroom.names import free_name, shown_name
from tinynet_tui.classroom.room import (
    BrokeAway,
    GivenBack,
    HandMoved,
    Joined,
    Lost,
    WindowChanged,
)
from tinynet_tui.classroom.shared_screens import CHOSEN, CLEAR, Kind, Own, Sent
from tinynet_tui.classroom.watching import (
    HAND,
    HAND_EVERY,
    HAND_TOO_SOON,
    NOT_HERE,
    OPENING,
    Over,
    command_of_follower,
    opened,
    over_after_key,
)
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import within_reach
from tinynet_tui.drawing.screen import LEAST_HEIGHT, LEAST_WIDTH, shown_view
from tinynet_tui.drawing.theme import theme_of
from tinynet_tui.safety.foreign_text import one_line
from tinynet_tui.session import commands
from tinynet_tui.session.keys_chosen import keys_of_another
from tinynet_tui.session.moment import moment
from tinynet_tui.session.saved_session import decoded
from tinynet_tui.terminal.input import Input
from tinynet_tui.terminal.input_events import Heard, Key

if TYPE_CHECKING:
    from tinynet_tui.classroom.hub import Hub

_ACTS_A_SECOND = 60
"""Keys and messages of one follower that are done in a second, twice what a held key sends."""
LONGEST_WORDS = 4_096
"""Bytes of any message that is no place."""
_OF_ANSWERS = frozenset("0123456789.,-+/e")
"""Characters of numbers."""
_STILL_TYPING = 2.0
"""Seconds after a question is closed in which what may be the rest of an answer is no command."""
_NEWS_AFTER = 0.1
"""Seconds after which the last of too much that an app says is told."""
_SIZE_AFTER = 0.05
"""Seconds in which the sizes of a window that is being dragged are taken together."""
_SIZE_AGAIN = 0.3
"""Seconds at least between two sizes of one window that are drawn."""


class Line(Protocol):
    """The way to the terminal of a seat, whichever it is."""

    @property
    def is_closing(self) -> bool:
        """Whether nothing more can be sent."""

    def send(self, kind: bytes, content: bytes) -> None:
        """Send a message of a kind of `messages`."""

    def close(self) -> None:
        """Send what waits, and no more."""


class Seat:
    """Somebody who watches, steps by themselves, or is the teacher at the desk."""

    def __init__(self, hub: Hub, line: Line) -> None:
        self._hub = hub
        self._line = line
        self._input = Input()
        self.name = ""
        self._hello: Hello | None = None
        self.kind: Kind | None = None
        """What is drawn for it; None where its size is not known yet, and while it has an app of its own."""
        self._own = Own()
        self._has: Sent | None = None
        """The last that it was sent completely; None: nothing is known of its screen."""
        self._is_new = True
        """Whether it has not been drawn yet: what is on its screen need not stay until it is painted over."""
        self._is_full = False
        """Whether so much waits for it that no more is sent."""
        self._row = ""
        self._acts_left, self._acted_at = float(_ACTS_A_SECOND), 0.0
        self._is_alone = False
        """Whether its user steps by themselves, in an app."""
        self._sizing: asyncio.TimerHandle | None = None
        self._sized_at = float("-inf")
        self._choosing: asyncio.TimerHandle | None = None
        """Draws what its user has chosen to see."""
        self._silence: asyncio.TimerHandle | None = None
        """Ends what has begun of a key: an Escape that nothing follows is one."""
        self._answer = AnswerField()
        self._is_asked = False
        """Whether an answer is taken."""
        self._types_until = 0.0
        """When whoever was typing an answer as the question was closed has seen it."""
        self._notice = ""
        """What its row says until the next key."""
        self._hand_rests_until = float("-inf")
        """When its user's hand may go up or down again."""
        self._late: tuple[asyncio.TimerHandle, OwnAppNews] | None = None
        """What its own app has said last, where that was too much at once."""
        self.has_led = False
        """Whether the class was led from here, or is: what is on its way from there is still taken."""
        self._desk: DeskScreen | None = None
        """What draws the class, where the teacher sits here."""

    @property
    def has_said_hello(self) -> bool:
        """Whether it is known who this is."""
        return self._hello is not None

    @property
    def has_app(self) -> bool:
        """Whether its user has an app of their own."""
        return self._is_alone

    # What its line says

    def lose(self) -> None:
        """Take note that the line is gone."""
        late = None if self._late is None else self._late[0]
        for handle in (self._sizing, self._choosing, self._silence, late):
            if handle is not None:
                handle.cancel()
        self._hub.desks.discard(self)
        if self._hub.seats.get(self.name) is self:
            del self._hub.seats[self.name]
            self._hub.leave_kind(self.kind)
            self._hub.happen(Lost(self.name))

    def pause(self) -> None:
        """Give it nothing more for now: much waits."""
        self._is_full = True

    def resume(self) -> None:
        """Give it the newest picture, if it has missed that."""
        self._is_full = False
        self._catch_up()
        self.room_changed()

    # What it is sent

    def send(self, kind: bytes, content: bytes = b"") -> None:
        """Send what has to arrive, however much is waiting."""
        if not self._line.is_closing:
            self._line.send(kind, content)

    def offer(self, kind: bytes, content: bytes) -> None:
        """Send what something newer can take the place of, if there is room for it."""
        if not self._is_full:
            self.send(kind, content)

    def take(self, frame: bytes, before: Sent) -> None:
        """Take the bytes that lead from one picture of its kind to the next."""
        if self._is_full or self.kind is None:
            return
        if self._has is not before:
            self._catch_up()
            return
        self._has = self._hub.screen_of(self.kind).now
        if frame:
            self.offer(FRAME, frame)

    def room_changed(self) -> None:
        """Show what has changed in the class beside the place."""
        if self._desk is not None:
            self._draw_desk()
        elif self.kind is not None:
            self._answer = self._answer.to(self._hub.room.asking)
            self._note_question()
            if self._own.over is not None and self._hub.room.asks is not None:
                self._own = self._own._replace(over=None)  # what is asked is answered on the step
                self._draw_own()
            self._refresh_row()
        elif self._is_alone:
            self._tell_class()

    def _note_question(self) -> None:
        """Take note of the end of a question: who types an answer has not seen it yet."""
        asking = self._hub.room.asking
        was_asked, self._is_asked = self._is_asked, asking is not None and asking.stage == "open"
        if was_asked and not self._is_asked:
            self._types_until = asyncio.get_running_loop().time() + _STILL_TYPING

    def send_place(self, place: bytes) -> None:
        """Give it the place itself, to go on from when the leader is lost."""
        self.offer(LAST if self._is_alone else PLACE, place)

    def class_over(self, words: str) -> None:
        """Say that the class is over, and close the connection; who watches can step on by themselves."""
        if self.kind is None:
            self.end(words)
            return
        self.send(PLACE, sent_place(self._own.applied(self._hub.session)))
        with self._for_its_user():
            step, leave = map(commands.key_of, ("next", "quit"))
        parts = words.rstrip("."), f"{step} steps by yourself", f"{leave} leaves"
        self.send(OVER, fitting(parts, self.kind.columns, Look(self.kind.ascii)).encode())
        self._line.close()

    def notice(self, words: str) -> None:
        """Have its row say something until the next key."""
        self._notice = words
        if self.kind is not None:
            self._refresh_row()

    def end(self, words: str) -> None:
        """Say something, and close the connection."""
        self.send(END, f"{words}\r\n".encode())
        self._line.close()

    def _catch_up(self) -> None:
        """Have it show the newest picture, whatever it shows."""
        if self.kind is None or self._is_full:
            return
        screen = self._hub.screen_of(self.kind)
        if self._has is None:
            self._row = self._row_words()
            self.offer(FRAME, screen.repaint(self._is_new) + self._row_bytes())
            self._is_new = False
            self._hub.place_soon()
        elif self._has is not screen.now:
            self.offer(FRAME, screen.since(self._has))
        self._has = screen.now

    def _refresh_row(self) -> None:
        words = self._row_words()
        if words != self._row and not self._is_full:
            self._row = words
            self.offer(FRAME, self._row_bytes())

    def _row_words(self) -> str:
        assert self.kind is not None
        with self._for_its_user():
            return fitting(self._row_parts(), self.kind.columns, Look(self.kind.ascii), " here")

    def _row_parts(self) -> Parts:
        if self._notice:
            return (self._notice,)
        room, now = self._hub.room, asyncio.get_running_loop().time()
        pinned = room.seconds_pinned(self.name, now)
        if (asking := room.asks) is not None:
            field = self._answer
            return answering(asking, self.name, field.field.text, field.complaint, pinned, room.lent_to)
        if self._own.over is not None:
            return looking_up(room, pinned)
        return following(room, self.name, now, self._hub.aside)

    def _row_bytes(self) -> bytes:
        """Its last row: erased, and written in the terminal's own style."""
        assert self.kind is not None
        return f"\x1b[{self.kind.rows};1H\x1b[m\x1b[K{self._row}".encode()

    def _tell_class(self) -> None:
        """Tell its own app where the class is."""
        there, room = self._hub.session, self._hub.room
        person = room.person(self.name)
        hand = person is not None and person.hand is not None
        leads = room.leader == self.name
        now = ClassNow(
            room.leader,
            there.update,
            there.step,
            room.count,
            numbers_of(there),
            leads,
            hand,
            room.asks is not None,
            room.teacher_is_away,
            room.seconds_pinned(self.name, asyncio.get_running_loop().time()),
        )
        self.offer(CLASS, msgspec.json.encode(now))

    def _draw_desk(self) -> None:
        assert self._desk is not None
        if not self._is_full:
            now = asyncio.get_running_loop().time()
            self.offer(FRAME, self._desk.frame(self._hub.room, now))

    # What it sends

    def take_message(self, kind: bytes, content: bytes, is_teacher: bool) -> None:
        """Do what a follower sends; is_teacher: whether it comes from the teacher's own account.

        Raises: ValueError, MsgspecError, StateFault or RecursionError for what makes no sense.
        """
        if kind == PLACE and self.has_led:
            if self.name == self._hub.room.leader:  # who has just lost the lead may still send one
                self._hub.lead_to(decoded(content))
            return
        if len(content) > LONGEST_WORDS:
            raise ValueError(f"a message of {len(content):,} bytes")
        if self._is_alone and kind == KEYS:
            self.send(KEYS, content)  # typed before the app was there: it is for the app
            return
        if self._is_alone and kind == SIZE:
            return  # it was on its way when its user went on alone
        if kind not in (KEYS, WORD) and not self._may_act():
            raise ValueError("too many messages at once")
        if kind == HELLO:
            self.greet(msgspec.json.decode(content, type=Hello), is_teacher)
        elif self._hello is None:
            raise ValueError("it did not say who it is")
        elif kind == SIZE:
            columns, rows = (int(number) for number in content.split())
            self.resize(columns, rows)
        elif kind == KEYS:
            self._type(content)
        elif kind == WORD:
            self._take_news(msgspec.json.decode(content, type=OwnAppNews))
        else:
            raise ValueError("a message of an unknown kind")

    def greet(self, hello: Hello, is_teacher: bool) -> None:
        """Let somebody in, or have them follow again.

        Raises: ValueError where they cannot be.
        """
        if hello.version != VERSION:
            raise ValueError(f"it is of version {hello.version}, and this class of {VERSION}")
        left, self.kind = self.kind, None
        self._hub.leave_kind(left)
        if self._is_alone:
            self._sized_at = float("-inf")  # who comes back sees the class at once
        self._hello, self._has, self._is_alone = hello, None, hello.is_alone
        if hello.is_desk:
            if not is_teacher:
                raise ValueError("the desk is the teacher's alone")
            self._hub.desks.add(self)
            return
        if not self.name:
            self.name = free_name(shown_name(hello.name), self._hub.is_taken)
            self._hub.seats[self.name] = self
        self._own = Own.of(hello.own)
        if self.name != hello.name:
            self._tell_hello()
        self._hub.happen(GivenBack(self.name), Joined(self.name))

    def _tell_hello(self) -> None:
        """Have it come back as who it is, with what it has chosen, also to a leader who knows nothing."""
        assert self._hello is not None
        again = msgspec.structs.replace(self._hello, name=self.name, own=self._own.chosen, is_alone=False)
        self.send(HELLO, msgspec.json.encode(again))

    def resize(self, columns: int, rows: int) -> None:
        """Draw for a size: the first one at once, of several that follow each other the last.

        A window that is being dragged, or a storm of sizes, has a new kind drawn a few times a second; so has
        who says hello before each of them.
        """
        if self._sizing is not None:
            self._sizing.cancel()
        now = asyncio.get_running_loop().time()
        is_first = self.kind is None and self._desk is None
        at = max(now if is_first else now + _SIZE_AFTER, self._sized_at + _SIZE_AGAIN)
        if at == now:
            self._resize(columns, rows)
        else:
            self._sizing = asyncio.get_running_loop().call_at(at, self._resize, columns, rows)

    def _resize(self, columns: int, rows: int) -> None:
        hello = self._hello
        if self._is_alone or self._line.is_closing or hello is None:
            return
        self._sized_at = asyncio.get_running_loop().time()
        size = within_reach(columns, rows)
        if hello.is_desk:
            self._desk = DeskScreen(
                *size, Look(hello.ascii), theme_of(hello.colours, hello.palette, hello.chosen_paints)
            )
            self._draw_desk()
            return
        if size != (columns, rows):
            self.send(FRAME, CLEAR)
        left = self.kind
        self.kind = Kind(
            *size,
            hello.ascii,
            hello.colours,
            hello.palette,
            self._own,
            hello.chosen_keys,
            hello.chosen_paints,
        )
        self._has = None
        self._catch_up()
        self._hub.leave_kind(left)
        self._hub.happen(WindowChanged(self.name, columns < LEAST_WIDTH or rows < LEAST_HEIGHT))

    def _type(self, typed: bytes) -> None:
        """Do what is typed, key by key; what follows a key that leads away is for the app."""
        if self._silence is not None:
            self._silence.cancel()
        for place in range(len(typed)):
            if not self._acts_left_now() > 0:  # a flood: of the rest no key is done, and so none leads away
                self._input.feed(typed[place:])
                break
            self._press_all(self._input.feed(typed[place : place + 1]))
            if self._is_alone:
                self.send(KEYS, typed[place + 1 :])
                return
        self._draw_own()
        if (patience := self._input.patience) is not None:
            loop = asyncio.get_running_loop()
            self._silence = loop.call_later(patience, self._end_of_key)

    def _end_of_key(self) -> None:
        """Take what has begun of a key for all of it."""
        self._press_all(self._input.silence())
        self._draw_own()

    def _press_all(self, events: Sequence[Heard]) -> None:
        for event in events:
            if isinstance(event, Key) and self._may_act() and not self._is_alone:
                with self._for_its_user():
                    self._press(event)
                if self.kind is not None:
                    self._refresh_row()

    def _for_its_user(self) -> AbstractContextManager[None]:
        """Has sentences and keys be those of its user, not of the leader."""
        return keys_of_another(self._hello.chosen_keys if self._hello else ())

    def _acts_left_now(self) -> float:
        """How many keys and messages may be done by now: a flood of them must not hold up the class."""
        now = asyncio.get_running_loop().time()
        since, self._acted_at = now - self._acted_at, now
        self._acts_left = min(max(self._acts_left, 0.0) + since * _ACTS_A_SECOND, float(_ACTS_A_SECOND))
        return self._acts_left

    def _may_act(self) -> bool:
        """Whether one more key or message is done now."""
        self._acts_left = self._acts_left_now() - 1
        return self._acts_left >= 0

    def _press(self, key: Key) -> None:
        """Do what a key does for who watches: choose for oneself, ask for help, step alone, or leave."""
        self._notice = ""
        if self._answers(key):
            return
        if self._own.over is not None and key.name not in commands.EVERYWHERE_KEYS:
            self._look_up(self._own.over, key)
        elif (own := command_of_follower(key.name, key.character)) is not None:
            self._do(own)
        elif (entry := commands.command_of_key(key.name, key.character)) is not None:
            self._do(entry.name)

    def _look_up(self, over: Over, key: Key) -> None:
        """Do what a key does to what covers the screen; a command that is chosen there is done without it."""
        assert self.kind is not None
        found = over_after_key(over, key.name, key.character, self.kind[:2], Look(self.kind.ascii))
        if isinstance(found, str):
            self._own = self._own._replace(over=None)
            self._do(found)
        else:
            self._own = self._own._replace(over=found)

    def _do(self, command: str) -> None:
        """Do a command by its name."""
        if command == "quit":
            self.end("You have left the class." if self._desk is None else "The class goes on.")
        elif self.kind is None or command in NOT_HERE:
            return
        elif command == HAND.name:
            self._raise_hand()
        elif command == "redraw":
            self._has = None
            self.send(FRAME, CLEAR)
            self._catch_up()
        elif command in OPENING:
            seen = self._own.applied(self._hub.session)
            over = opened(command, seen, self.kind.columns, self.kind.ascii)
            self._own = self._own._replace(over=over)
        elif command in commands.BY_NAME and commands.BY_NAME[command].effect == "view":
            self._choose(command)
        else:
            self._break_away(command)

    def _raise_hand(self) -> None:
        """Ask for help, or no more."""
        if self._hand_rest() > 0:
            self._notice = HAND_TOO_SOON
        else:
            person = self._hub.room.person(self.name)
            self._move_hand(person is None or person.hand is None)

    def _move_hand(self, raised: bool) -> None:
        self._hand_rests_until = asyncio.get_running_loop().time() + HAND_EVERY
        self._hub.happen(HandMoved(self.name, raised))

    def _hand_rest(self) -> float:
        """Seconds until its user's hand may go up or down again."""
        return self._hand_rests_until - asyncio.get_running_loop().time()

    def _answers(self, key: Key) -> bool:
        """Do what a key does to the answer that is being typed, while one is asked for; whether it did."""
        self._note_question()  # a key can come before the row says it
        asking = self._hub.room.asking
        if self.kind is None or asking is None or asking.stage != "open":
            is_late = asyncio.get_running_loop().time() < self._types_until
            return is_late and (key.name in ("enter", "backspace") or (key.character or " ") in _OF_ANSWERS)
        typed = self._answer.to(asking)
        if key.name == "enter":
            self._answer, answered = typed.sent(self.name, asking)
            if answered is not None:
                self._hub.happen(answered)
        elif (longer := typed.after_key(key.name, key.character)) is not None:
            self._answer = longer
        else:
            return False
        return True

    def _choose(self, command: str) -> None:
        """Do what changes nothing but how one's own screen shows the place."""
        assert self.kind is not None
        seen = self._own.applied(self._hub.session)
        argument = (
            shown_view(moment(seen), *self.kind[:2], Look(self.kind.ascii)) if command == "view" else None
        )
        chosen = commands.after(seen, commands.Command(command, argument))
        changes = {
            name: getattr(chosen, name) for name in CHOSEN if getattr(chosen, name) != getattr(seen, name)
        }
        self._own = self._own._replace(**changes)
        self._tell_hello()

    def _draw_own(self) -> None:
        """Show the place as its user has chosen: in its turn, and of several choices the last."""
        if self._choosing is not None:
            self._choosing.cancel()
        if self.kind is None or self.kind.own == self._own:
            return
        now, rests_until = asyncio.get_running_loop().time(), self._hub.own_rests_until
        if now < rests_until:
            self._choosing = asyncio.get_running_loop().call_at(rests_until, self._draw_own)
            return
        left, self.kind = self.kind, self.kind._replace(own=self._own)
        self._catch_up()
        self._hub.leave_kind(left)
        self._hub.drawn_own(now)

    def _break_away(self, command: str) -> None:
        """Have it become an app of its own, in which a command is done first."""
        if self._hub.room.seconds_pinned(self.name, asyncio.get_running_loop().time()):
            return
        self.go_alone(command)
        self._hub.happen(BrokeAway(self.name, f"{self._hub.session.update}.{self._hub.session.step}"))

    def go_alone(self, command: str = "") -> None:
        """Have it become an app of its own at the place, if it is none; a command is done in it first."""
        self.send(PLACE, sent_place(self._own.applied(self._hub.session)))
        if not self._is_alone:
            self.send(OWN_APP, command.encode())
        left, self.kind, self._is_alone = self.kind, None, True
        self._hub.leave_kind(left)

    def _take_news(self, news: OwnAppNews) -> None:
        """Take what its own app says: of much at once, as a held key has it say, the last, a moment later."""
        if self._late is not None:
            self._late[0].cancel()
            said, late = (msgspec.structs.asdict(one) for one in (news, self._late[1]))
            news = OwnAppNews(**{name: late[name] if said[name] is None else said[name] for name in said})
        rest = 0.0 if news.hand is None else self._hand_rest()
        if self._may_act() and rest <= 0:
            self._tell_news(news)
        else:
            wait = max(rest, _NEWS_AFTER)
            self._late = (asyncio.get_running_loop().call_later(wait, self._tell_news, news), news)

    def _tell_news(self, news: OwnAppNews) -> None:
        """Tell the room."""
        self._late = None
        if news.at is not None and self._is_alone:
            self._hub.happen(BrokeAway(self.name, one_line(news.at)[:20]))
        if news.hand is not None:
            self._move_hand(news.hand)
        if news.aside is not None and self.name == self._hub.room.lent_to:
            self._hub.led_aside = one_line(news.aside)[:LONGEST_ASIDE]
            self._hub.show(self._hub.session, aside=self._hub.led_aside)
