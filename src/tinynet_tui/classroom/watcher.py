"""What a follower types, and what comes of it: a choice for their screen, an answer, a hand."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from time import thread_time
from typing import TYPE_CHECKING

from tinynet_tui.classroom.answer_field import AnswerField
from tinynet_tui.classroom.last_row import SAID_FOR, Parts, answering, following, looking_up
from tinynet_tui.classroom.messages import KEYS
from tinynet_tui.classroom.room_events import HandMoved
from tinynet_tui.classroom.rounds import Asking
from tinynet_tui.classroom.shared_screens import CHOSEN, Own, Share
from tinynet_tui.classroom.watcher_commands import (
    ANSWER_EVERY,
    ANSWER_TOO_SOON,
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
from tinynet_tui.drawing.screen import shown_view
from tinynet_tui.drawing.text_page import Reading
from tinynet_tui.prediction.judgement import LONGEST
from tinynet_tui.session import commands
from tinynet_tui.session.moment import moment
from tinynet_tui.terminal.input import Input
from tinynet_tui.terminal.input_events import Heard, Key

if TYPE_CHECKING:
    from tinynet_tui.classroom.seat import Seat

_ACTS_A_SECOND = 60
"""Keys and messages of one follower that are done in a second, twice what a held key sends."""
_OWN_RESTS, _OWN_SAVED = 16, 1.0
"""The screens that one follower chooses take a sixteenth of the time: holding a key delays nobody else."""
_OF_ANSWERS = frozenset("0123456789.,-+/e")
"""Characters of numbers."""
_LONGEST_KEY = 8
"""Bytes that one key sends, at most."""
_LATE = "the question is closed: no answer is taken now"
_STILL_TYPING = 5.0
"""Seconds after a question is closed, or after a key of an answer, in which such a key is no command."""


class Watcher:
    """Who sits at a seat, as far as they watch."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat
        self.own = Own()
        """What they have chosen to see."""
        self.notice = ""
        """What the last row says for a moment, at most until the next key."""
        self._input = Input()
        self._silence: asyncio.TimerHandle | None = None
        """Ends what has begun of a key: an Escape that nothing follows is one."""
        self._forgetting: asyncio.TimerHandle | None = None
        """Ends what the last row says for a moment."""
        self._choosing: asyncio.TimerHandle | None = None
        """Draws what they have chosen to see."""
        self._share = Share(_OWN_RESTS, _OWN_SAVED)
        self._acts_left, self._acted_at = float(_ACTS_A_SECOND), 0.0
        self._answer = AnswerField()
        self._answered: tuple[object, float] = None, 0.0
        """What they have answered last, and when."""
        self._is_asked = False
        """Whether an answer is taken."""
        self._types_until = 0.0
        """When whoever was typing an answer as the question was closed has seen it."""
        self._hand_rests_until = float("-inf")
        """When their hand may go up or down again."""

    @property
    def _now(self) -> float:
        return self._seat.hub.now

    def cancel(self) -> None:
        """Do nothing more that was to be done later."""
        for handle in (self._silence, self._choosing, self._forgetting):
            if handle is not None:
                handle.cancel()

    def row_parts(self) -> Parts:
        """What the last row says."""
        room, now = self._seat.hub.room, self._now
        are_shown = room.asks is not None and room.asks.stage == "revealed"
        if self.notice and not (self.notice == _LATE and are_shown):
            return (self.notice,)
        hand = room.is_hand_up(self._seat.name)
        pinned = room.seconds_pinned(self._seat.name, now)
        if (asking := room.asks) is not None and not room.teacher_is_away:
            field = self._answer
            typed, has_arrived = (field.field.text, field.complaint), self._seat.hub.has_arrived
            return answering(asking, self._seat.name, *typed, pinned, room.lent_to, hand, has_arrived)
        if (kind := self._seat.kind) is not None and kind.own.over is not None:
            return looking_up(room, pinned, hand)
        return following(room, self._seat.name, now, self._seat.hub.aside)

    def room_changed(self) -> None:
        """Go on to what is asked now."""
        self._answer = self._answer.to(self._seat.hub.room.asking)
        self._note_question()
        if self.own.over is not None and self._seat.hub.room.asks is not None:
            self.own = self.own._replace(over=None)  # what is asked is answered on the step
            self._draw_own()

    def _note_question(self) -> None:
        """Take note of the end of a question: whoever types an answer has not seen it yet."""
        asking = self._seat.hub.room.asking
        was_asked, self._is_asked = self._is_asked, asking is not None and asking.stage == "open"
        if was_asked and not self._is_asked:
            self._types_until = self._now + _STILL_TYPING

    @property
    def typed(self) -> bytes:
        """What is asked, if answers are taken, and how much of one is typed."""
        asking = self._seat.hub.room.asking
        if asking is None or asking.stage != "open":
            return b""
        return _asked(asking) + self._answer.to(asking).field.text.encode()

    def take_up(self, typed: bytes) -> None:
        """Go on with an answer that they were typing as another leader was lost, if the same is asked now."""
        asking = self._seat.hub.room.asking
        if asking is None or not typed.startswith(_asked(asking)) or self._answer.to(asking).field.text:
            return
        self._answer = self._answer.to(asking)
        for event in Input().feed(typed.removeprefix(_asked(asking))[:LONGEST]):
            if isinstance(event, Key):
                self._answer = self._answer.after_key(event.name, event.character) or self._answer
        self._refresh_row()

    def type(self, typed: bytes) -> None:
        """Do what is typed, key by key; what follows a key that leads away is for the app."""
        if self._silence is not None:
            self._silence.cancel()
        for place in range(len(typed)):
            if self._acts_left_now() < 1:  # a flood: of the rest no key is done, and so none leads away
                self._input.feed(typed[place:])
                break
            self._press_all(self._input.feed(typed[place : place + 1]))
            if self._seat.has_app:
                self._refresh_row()
                self._seat.send(KEYS, typed[place + 1 :])
                return
        self._refresh_row()  # once for all that has come, as each row is a packet of its own
        self._draw_own()
        if self._may_quit(typed):
            self._seat.tell_hello()  # whoever hears nothing of it leaves: no leader may be there
        if (patience := self._input.patience) is not None:
            loop = asyncio.get_running_loop()
            self._silence = loop.call_later(patience, self._end_of_key)

    def _may_quit(self, typed: bytes) -> bool:
        """Whether one key was typed, and quits where it is no text."""
        if len(typed) > _LONGEST_KEY:
            return False
        named = [(key.name, key.character) for key in Input().feed(typed) if isinstance(key, Key)]
        entry = self._seat.look.keys.command(*named[0]) if len(named) == 1 else None
        return entry is not None and entry.name == "quit"

    def _end_of_key(self) -> None:
        """Take what has begun of a key for all of it."""
        self._press_all(self._input.silence())
        self._refresh_row()
        self._draw_own()

    def _press_all(self, events: Sequence[Heard]) -> None:
        for event in events:
            if isinstance(event, Key) and self.may_act() and not self._seat.has_app:
                self._press(event)

    def _refresh_row(self) -> None:
        if self._seat.kind is not None:
            self._seat.refresh_row()

    def _acts_left_now(self) -> float:
        """How many keys and messages may be done by now: a flood of them must not hold up the class."""
        now = self._now
        since, self._acted_at = now - self._acted_at, now
        self._acts_left = min(self._acts_left + since * _ACTS_A_SECOND, float(_ACTS_A_SECOND))
        return self._acts_left

    def may_act(self) -> bool:
        """Whether one more key or message is done now; one that is not does not count."""
        if may := self._acts_left_now() >= 1:
            self._acts_left -= 1
        return may

    def _press(self, key: Key) -> None:
        """Do what a key does for whoever watches: choose for oneself, ask for help, step alone, or leave."""
        self.notice = ""
        if self._answers(key):
            return
        own = command_of_follower(key.name, key.character, self._seat.look.keys)
        over = self.own.over
        is_hand_over_text = own == HAND.name and isinstance(over, Reading)
        if over is not None and key.name not in commands.EVERYWHERE_KEYS and not is_hand_over_text:
            self._look_up(over, key)
        elif own is not None:
            self._do(own)
        elif (entry := self._seat.look.keys.command(key.name, key.character)) is not None:
            self._do(entry.name)

    def _look_up(self, over: Over, key: Key) -> None:
        """Do what a key does to what covers the screen; a command that is chosen there is done without it."""
        kind = self._seat.kind
        assert kind is not None
        found = over_after_key(over, key.name, key.character, kind[:2], kind.look)
        if isinstance(found, str):
            self.own = self.own._replace(over=None)
            self._do(found)
        else:
            self.own = self.own._replace(over=found)

    def _do(self, command: str) -> None:
        """Do a command by its name."""
        if command == "quit":
            self._seat.leave()
        elif self._seat.kind is None:
            return
        elif command == "leave":
            self.say(f"Nothing of yours is open: the screen is {self._seat.hub.room.leader}'s.")
        elif command == "suspend":
            self.say("There is no shell to go back to here.")
        elif command in NOT_HERE:
            return
        elif command == HAND.name:
            self._raise_hand()
        elif command == "redraw":
            self._seat.redraw()
        elif command in OPENING:
            seen = self.own.applied(self._seat.hub.session)
            over = opened(command, seen, self._seat.kind.columns, self._seat.kind.look)
            self.own = self.own._replace(over=over)
        elif command in commands.BY_NAME and commands.BY_NAME[command].effect == "view":
            self._choose(command)
        elif not self._leads_nowhere(command):
            self._seat.break_away(command)

    def _leads_nowhere(self, command: str) -> bool:
        """Whether a command would change nothing, as a step back from the first; then the row says why."""
        entry = commands.BY_NAME.get(command)
        if entry is None or entry.effect != "move":
            return False
        seen = replace(self.own.applied(self._seat.hub.session), notice="")
        moved = commands.after(seen, commands.Command(command))
        if replace(moved, notice="") != seen:
            return False
        self.say(moved.notice)
        return True

    def say(self, notice: str) -> None:
        """Have the last row say something for a moment."""
        if self._forgetting is not None:
            self._forgetting.cancel()
        self.notice = notice
        self._forgetting = asyncio.get_running_loop().call_later(SAID_FOR, self._forget)

    def _forget(self) -> None:
        self.notice = ""
        self._refresh_row()

    def _answers(self, key: Key) -> bool:
        """Do what a key does to the answer that is being typed, while one is asked for; whether it did."""
        self._note_question()  # a key can come before the row says it
        asking = self._seat.hub.room.asking
        if self._seat.kind is None or asking is None or asking.stage != "open":
            return self.own.over is None and _is_of_answer(key) and self._is_late(key)
        if self._seat.name in asking.round.seen_by:
            return False
        typed = self._answer.to(asking)
        if (room := self._seat.hub.room).teacher_is_away:  # what is sent now would reach nobody in time
            if is_answer := _is_of_answer(key):
                self.say(f"no answer is taken now: {room.teacher} is not there")
            return is_answer
        what, at = self._answered
        if key.name == "enter" and typed.field.text and what == typed.asked and self._now < at + ANSWER_EVERY:
            self.say(ANSWER_TOO_SOON)
        elif key.name == "enter":
            self._answer, answered = typed.sent(self._seat.name, asking)
            if answered is not None:
                self._answered = typed.asked, self._now
                self._seat.hub.happen(answered)
        elif key.name == "escape":
            self._answer = AnswerField(typed.asked)
        elif command_of_follower(
            key.name, key.character, self._seat.look.keys
        ) == HAND.name and not _is_of_answer(key):
            return False
        elif (longer := typed.after_key(key.name, key.character)) is not None:
            self._answer = longer
        else:
            return False
        return True

    def _is_late(self, key: Key) -> bool:
        """Whether what is typed was for a question that is closed: then it is said, and leads nowhere."""
        now, asking = self._now, self._seat.hub.room.asking
        entry = self._seat.look.keys.command(key.name, key.character)
        leads_away = entry is not None and entry.effect != "view"
        is_closed = asking is not None and asking.stage == "closed"
        if now >= self._types_until and not (is_closed and leads_away):
            return False
        self._types_until = now + _STILL_TYPING
        self.say(_LATE)
        return True

    def _choose(self, command: str) -> None:
        """Do what changes nothing but how one's own screen shows the place."""
        kind = self._seat.kind
        assert kind is not None
        seen = self.own.applied(self._seat.hub.session)
        argument = shown_view(moment(seen), *kind[:2], kind.look) if command == "view" else None
        chosen = commands.after(seen, commands.Command(command, argument))
        changes = {
            name: getattr(chosen, name) for name in CHOSEN if getattr(chosen, name) != getattr(seen, name)
        }
        self.own = self.own._replace(**changes)
        self._seat.tell_hello()

    def _draw_own(self) -> None:
        """Show the place as they have chosen: in its turn, and of several choices the last."""
        if self._choosing is not None:
            self._choosing.cancel()
        if self._seat.kind is None or self._seat.kind.own == self.own:
            return
        shares = self._share, self._seat.hub.own_share
        now, rests_until = self._now, max(share.rests_until for share in shares)
        if now < rests_until:
            self._choosing = asyncio.get_running_loop().call_at(rests_until, self._draw_own)
            return
        before = thread_time()
        self._seat.show_own()
        self._seat.refresh_row()
        worked, passed = thread_time() - before, self._now - now
        for share in shares:
            share.take(worked, passed)

    def _raise_hand(self) -> None:
        """Ask for help, or no more."""
        if self.hand_rest > 0:
            self.say(HAND_TOO_SOON)
        else:
            self.move_hand(not self._seat.hub.room.is_hand_up(self._seat.name))

    def move_hand(self, raised: bool) -> None:
        """Have their hand up, or down."""
        self._hand_rests_until = self._now + HAND_EVERY
        self._seat.hub.happen(HandMoved(self._seat.name, raised))

    @property
    def hand_rest(self) -> float:
        """Seconds until their hand may go up or down again."""
        return self._hand_rests_until - self._now


def _asked(asking: Asking) -> bytes:
    """What is asked, as every leader of the class says it: in which round, and with which numbers."""
    return f"{len(asking.rounds)} {asking.round.mark}\t".encode()


def _is_of_answer(key: Key) -> bool:
    """Whether a key is one that answers are typed or sent with."""
    return key.name in ("enter", "backspace") or (key.character or " ") in _OF_ANSWERS
