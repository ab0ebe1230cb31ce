"""Random classes: `python -m tests.campaigns.random_classes --steps 10000 --followers 30`.

A leader goes anywhere; followers of random sizes come, go, drag their windows, choose panels, are slow, step
alone, follow again, are gathered, kept and lent the lead. After each of these everyone who watches has to
see, in an emulator, what an app of their size draws at the leader's place. Time is the class's own: nothing
waits.
"""

from __future__ import annotations

import argparse
import asyncio
import selectors
from collections.abc import Callable, Coroutine
from dataclasses import replace
from functools import lru_cache
from random import Random
from typing import Any

import msgspec
import pyte

from tests.pseudo_terminal import Emulator
from tinynet_tui.classroom.hub import Hub
from tinynet_tui.classroom.message_contents import VERSION, Hello, OwnAppNews, sent_place
from tinynet_tui.classroom.messages import FRAME, GATHER, HELLO, KEYS, NEWS, OWN_APP, PLACE, SIZE
from tinynet_tui.classroom.room import Room
from tinynet_tui.classroom.room_events import Gathered, GivenBack, Lent, Pinned
from tinynet_tui.classroom.seat import Seat
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.screen import screen
from tinynet_tui.drawing.theme import theme_of
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import COMMANDS, Command, after, start
from tinynet_tui.session.history import editable_names, initial_setup
from tinynet_tui.session.moment import moment
from tinynet_tui.session.saved_session import decoded
from tinynet_tui.session.session import Edit, Session
from tinynet_tui.terminal.painter import Painter

_LESSONS = ("lecture", "mazur", "xor")
_GOING = tuple(entry.name for entry in COMMANDS if entry.effect in ("move", "view") and entry.keys)
_OWN = tuple(entry for entry in COMMANDS if entry.effect == "view" and len(entry.keys[0]) == 1)
_CHOSEN = ("panel", "view", "digits", "selected")
_STYLES_ONE_IN = 20
"""So many looks at a follower's screen have one that looks at colours, too."""

_TOLD_EVERY = 100
"""Steps after which a line says how many are done."""


class OwnTime(asyncio.SelectorEventLoop):
    """A loop whose clock goes on to the next thing that is waited for, at once."""

    def __init__(self) -> None:
        self._now = 0.0
        loop = self

        class Selector(selectors.SelectSelector):
            def select(self, timeout: float | None = None) -> Any:
                loop._now += timeout or 0.0
                return super().select(0)

        super().__init__(Selector())

    def time(self) -> float:
        """Its seconds."""
        return self._now


def run_in_own_time(work: Coroutine[Any, Any, None]) -> None:
    """Do something in such a loop: however slow the machine is, nothing in it takes time."""
    with asyncio.Runner(loop_factory=OwnTime) as runner:
        runner.run(work)


@lru_cache(maxsize=512)
def _drawn(seen: Session, columns: int, rows: int, ascii: bool) -> Picture:
    """What an app of a size draws."""
    return screen(moment(seen), columns, rows, Look(ascii, watched=True))


class Follower:
    """A terminal of a follower, and what its program would do."""

    def __init__(self, hub: Hub, name: str, chance: Random) -> None:
        self.hub, self.name, self.chance = hub, name, chance
        self.ascii = chance.random() < 0.3
        self.colours = chance.choice(("none", "16", "256", "truecolor"))
        self.chosen: dict[str, Any] = {}
        self.is_closing = self.is_alone = self.is_slow = self.covered = False
        self.place = b""
        self.size = (0, 0)
        self.seat = Seat(hub, self)
        self._greet()
        self.resize()

    # What a seat calls

    def send(self, kind: bytes, content: bytes) -> None:
        """Draw a frame, or become an app, or follow again."""
        if kind == FRAME:
            assert not self.is_alone, "an app has the terminal"
            self._stream.feed(content)
        elif kind == PLACE:
            self.place = content
        elif kind == OWN_APP:
            self.is_alone = True
            seen = decoded(self.place)
            assert seen.bare == replace(self._seen(), variant=None).bare, "the app is where the class is"
        elif kind == GATHER:
            self.hub_later(self.follow)

    def close(self) -> None:
        """Be gone."""
        self.is_closing = True

    def hub_later(self, call: Callable[[], None]) -> None:
        """Do something as another program does: not at once."""
        asyncio.get_running_loop().call_soon(call)

    # What its user does

    def _greet(self) -> None:
        self.is_alone = False
        hello = Hello(VERSION, self.name, self.colours, self.ascii, "dark", own=self.chosen)  # type: ignore[arg-type]
        self.seat.take_message(HELLO, msgspec.json.encode(hello), is_teacher=False)

    def resize(self) -> None:
        """Have a window of another size."""
        if not self.is_alone:
            self.size = self.chance.choice(
                ((60, 20), (80, 24), (100, 30), (120, 36), (self.chance.randint(60, 200), 40))
            )
            self._tell_size()

    def _tell_size(self) -> None:
        self.screen = Emulator(*self.size)
        self._stream = pyte.ByteStream(self.screen)
        self.seat.take_message(SIZE, b"%d %d" % self.size, is_teacher=False)

    def follow(self) -> None:
        """Follow the class again, if it is not followed."""
        if self.is_alone and not self.is_closing:
            self._greet()
            self._tell_size()

    def look(self) -> None:
        """Choose something for the own screen."""
        entry = self.chance.choice(_OWN)
        if self.is_alone or self.covered:
            return
        seen = self._seen()
        argument = "diagram" if entry.name == "view" and seen.view is None else None
        new = after(seen, Command(entry.name, argument))
        self.chosen |= {
            name: getattr(new, name) for name in _CHOSEN if getattr(new, name) != getattr(seen, name)
        }
        self.type(entry.keys[0].encode())

    def help(self) -> None:
        """Open the list of keys, or leave it."""
        if not self.is_alone:
            self.covered = not self.covered
            self.type(b"?" if self.covered else b"\x1b\x1b")

    def type(self, keys: bytes) -> None:
        """Press keys."""
        self.seat.take_message(KEYS, keys, is_teacher=False)

    def step(self) -> None:
        """Step alone, or on; the one who is lent the lead leads."""
        if self.covered:
            return
        if not self.is_alone:
            self.type(b"l")
        elif self.hub.room.leader == self.name:
            there = after(self.hub.session, Command(self.chance.choice(_GOING)))
            self.seat.take_message(PLACE, sent_place(there), is_teacher=False)
        else:
            at = f"1.{self.chance.randint(0, 46)}"
            self.seat.take_message(NEWS, msgspec.json.encode(OwnAppNews(at=at)), is_teacher=False)

    def be_slow(self) -> None:
        """Take nothing for a while, or again."""
        self.is_slow = not self.is_slow
        self.seat.pause() if self.is_slow else self.seat.resume()

    # What is to be seen

    def _seen(self) -> Session:
        there = self.hub.session
        chosen = dict(self.chosen)
        if chosen.get("selected") not in (None, *editable_names(initial_setup(there).model)):
            del chosen["selected"]
        if "panel" in chosen:
            chosen["variant"] = None
        return replace(there, **chosen)

    def check(self) -> None:
        """Compare what is seen with what an app would draw."""
        if self.is_alone or self.is_slow or self.covered or self.is_closing or self.seat.kind is None:
            return
        if self.seat.kind in self.hub.screens._late:  # the sizes that few have wait a turn of the loop
            return
        assert self.seat.kind[:2] == self.size
        columns, rows = self.size
        picture = _drawn(self._seen(), columns, rows, self.ascii)
        wanted = picture.text().split("\n")[: rows - 1]
        shown = [row.rstrip() for row in self.screen.display][:-1]
        wrong = [pair for pair in zip(shown, wanted, strict=True) if pair[0] != pair[1]]
        assert not wrong, (self.name, self.size, self.chosen, wrong[:2])
        if self.chance.random() < 1 / _STYLES_ONE_IN:
            other = Emulator(columns, rows)
            painter = Painter(columns, rows, theme_of(self.colours, "dark"))
            pyte.ByteStream(other).feed(painter.paint(picture))
            for row in range(rows - 1):
                for column in range(columns):
                    assert self.screen.buffer[row][column] == other.buffer[row][column], (
                        self.name,
                        row,
                        column,
                    )


class RandomClass:
    """A leader, and followers who do anything."""

    def __init__(self, followers: int, seed: int) -> None:
        self.chance = Random(seed)
        self.session = start(shipped_lesson("lecture"))
        self.acts: list[tuple[str, str]] = []
        """What has happened."""
        self.hub = Hub(Room("class", "Grace"), self.session, lambda _room: None)
        self.followers = [Follower(self.hub, f"Ada {number}", self.chance) for number in range(followers)]

    async def do(self) -> None:
        """Have one thing happen, and something of time go by; then look at every screen."""
        one = self.chance.choice(self.followers)
        acts = (self._lead,) * 12 + (one.look, one.step, one.follow, one.resize, one.be_slow, one.help)
        others = (self._gather, self._keep_together, self._lend, self._leave, self._change)
        act = self.chance.choice((*acts, *acts, *others))
        self.acts.append((act.__name__, one.name))
        act()
        await asyncio.sleep(self.chance.choice((0.0, 0.001, 0.04, 0.3, 2.0)))
        if act in (one.resize, one.help):  # a window that is being dragged is drawn a little later, and an
            await asyncio.sleep(1.0)  # Escape that another key follows at once would be Alt with that key
        for follower in self.followers:
            follower.check()
        names = [person.name for person in self.hub.room.people]
        assert len(names) == len(set(names))
        assert self.hub.room.lent_to is None or self.hub.room.lent_to in names

    def _lead(self) -> None:
        if self.hub.room.lent_to is None:
            self.session = after(self.hub.session, Command(self.chance.choice(_GOING)))
            self.hub.show(self.session)

    def _change(self) -> None:
        """Change the lesson, a value or the rate."""
        if self.hub.room.lent_to is not None:
            return
        here = self.hub.session
        names = editable_names(initial_setup(here).model)
        edit = Edit(here.update, self.chance.choice([name for name in names if name[0] in "wb"]), 0.25)
        command = self.chance.choice(
            (
                Command("open", shipped_lesson(self.chance.choice(_LESSONS))),
                Command("edit", edit),
                Command("rate", 0.1),
                Command("goto", (self.chance.randint(1, 300), 3)),
            )
        )
        self.hub.show(after(here, command))

    def _gather(self) -> None:
        self.hub.happen(Gathered())

    def _keep_together(self) -> None:
        until = asyncio.get_running_loop().time() + self.chance.choice((0.0, 5.0))
        self.hub.happen(Pinned(until, self.chance.choice((None, self.chance.choice(self.followers).name))))

    def _lend(self) -> None:
        if self.hub.room.lent_to is None:
            self.hub.happen(Lent(self.chance.choice(self.followers).name))
        else:
            self.hub.happen(GivenBack("Grace"))

    def _leave(self) -> None:
        """Have somebody cut off, and come back under the same name."""
        number = self.chance.randrange(len(self.followers))
        gone = self.followers[number]
        gone.is_closing = True
        gone.seat.lose()
        self.followers[number] = Follower(self.hub, gone.name, self.chance)


def check_class(followers: int, steps: int, seed: int) -> None:
    """Have a random class, and check it after every step."""

    async def run() -> None:
        one = RandomClass(followers, seed)
        try:
            for step in range(1, steps + 1):
                await one.do()
                if step % _TOLD_EVERY == 0:
                    print(f"{step:,} of {steps:,} steps done", flush=True)
        except Exception:
            print("The last acts:", one.acts[-30:])
            raise

    loop = OwnTime()
    try:
        loop.run_until_complete(run())
    finally:
        loop.close()


def main() -> None:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--followers", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    check_class(arguments.followers, arguments.steps, arguments.seed)
    print(f"{arguments.steps:,} steps of {arguments.followers} followers: every screen was right.")


if __name__ == "__main__":
    main()
