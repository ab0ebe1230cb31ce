"""Random use of the app: `python -m tests.campaigns.random_use --keys 100000`.

A lesson is opened, random keys are pressed and the terminal is resized; after each of them everything is
checked. Then the same is done again in a second app, which has to come to the same sessions. A failure
prints the command that repeats it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import resource
import tempfile
import time
import traceback
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from random import Random

from textual.pilot import Pilot

from tests.app.running import (
    assert_screen_is_the_sessions,
    list_is_open,
    press,
    run_app,
    settled,
    shown,
)
from tests.campaigns.random_lesson import random_lesson
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lesson
from tinynet_tui.lessons.writing import write_lesson
from tinynet_tui.session.commands import COMMANDS, Command, after, start
from tinynet_tui.session.history import initial_setup
from tinynet_tui.session.saved_session import decoded, encoded
from tinynet_tui.session.session import Session
from tinynet_tui.tui.app import Stepper
from tinynet_tui.tui.lists import ListPage

_KEYS_PER_LESSON = 100
_LARGE_ONE_IN = 20
"""So many lessons bring one that may be as large as any, and that gets few keys: each takes its time."""
_KEYS_PER_LARGE = 15

Action = str | tuple[int, int]
"""A key, or the size that the terminal gets."""

_LEFT_OUT = ("quit", "suspend", "autoplay", "measure")
"""The commands that end or pause the app, its clock, and one that only takes time."""
_KEYS = tuple(key for entry in COMMANDS for key in entry.keys if entry.name not in _LEFT_OUT)
_OFTEN = (
    *("e", "e", "e", "L", "g", "g", "o", "R", "z", "z", "Z", "u", *("down",) * 6, "right", "n", "t", "$"),
    *("p", "p", "right", "right", "P"),
)
"""Keys that change something, more often than the others."""
_TYPED = (
    *"0123456789.-+eE xyw₁ü∂表\t",
    *("enter", "backspace", "delete", "left", "home", "end", "up", "down", "pagedown", "escape"),
    *("tab", "ctrl+u", "ctrl+w", "f5", "?"),
)
"""No slash: nothing is saved outside the directory of the run."""
_ANSWERS = {
    "edit": ("0", "1", "-1.5", "0.25", "1/3", "−2", "1e-300", "1e300", "-1e308", "nan", "1/0"),
    "rate": ("0.1", "1e-9", "2", "1e300", "0", "-1", "η"),
    "answer": ("+", "-", "0", "1", "3/2", "−0.5", "1e-3", "0,5", "nan", "", "plus", "1/0"),
    "save": ("mine.toml", "a", "other-1.toml"),
    "handout": ("mine.html", "mine.md", "a.tex", "a.txt", "a.pdf", "a"),
    "list": ("other", "other", "mine", "xor", "deep", "random", "undo", "edit", "last", "nothing like it"),
}
"""What is typed into a question, by its command, or into a list."""
_SIZES = ((80, 24), (80, 24), (60, 20), (100, 30), (120, 36), (200, 60))
_WORK = 50_000
"""Parameters times samples times updates: no update is gone to that takes more training."""


class Recorded(Stepper):
    """The app, with a record of the commands that it gives to its session, and of the sessions that it takes
    over from the experiments."""

    commands: tuple[Command | Session, ...] = ()

    _commanded = False

    def command(self, name: str, argument: object = None) -> None:
        """Record it, and have it done."""
        self.commands = (*self.commands, Command(name, argument))
        self._commanded = True
        super().command(name, argument)

    def show(self, session: Session, by_itself: bool = False) -> None:
        """Record a session that no command has given, or not alone: by the learner's record, too."""
        if not self._commanded or session.fades:
            self.commands = (*self.commands, session)
        self._commanded = False
        super().show(session, by_itself)


@dataclass
class Use:
    """One lesson, used for some keys: all that chance decides follows from the seed and the number."""

    seed: int
    number: int
    keys: int
    actions: list[Action] = field(default_factory=list)
    """What was done so far."""
    sessions: list[Session] = field(default_factory=list)
    """The session after each of them."""

    def run(self) -> None:
        """Use the app, then use a second one in the same way.

        Raises: whatever a check raises, with a note of how to repeat it.
        """
        try:
            self._run()
        except BaseException as fault:
            fault.add_note(f"after the keys {self.actions}")
            again = f"python -m tests.campaigns.random_use --seed {self.seed} --lesson {self.number}"
            fault.add_note(f"again: {again}")
            raise

    def _run(self) -> None:
        chance = Random(f"{self.seed}/{self.number}")
        lesson = shipped_lesson(chance.choice(SHIPPED_NAMES)) if chance.random() < 0.1 else None
        first = start(lesson or random_lesson(chance, _is_large(self.number)))
        others = [random_lesson(chance) for _ in range(2)]
        ascii, size = chance.random() < 0.4, chance.choice(_SIZES)

        async def use(app: Stepper, pilot: Pilot[None]) -> None:
            pure, to_come = first, deque[Action]()
            for _ in range(self.keys):
                to_come = to_come or deque(_next_actions(app, chance))
                self.actions.append(_without_leaving(app, to_come.popleft()))
                before, commands = app.session, len(recorded(app))
                await _do(app, pilot, self.actions[-1])
                for command in recorded(app)[commands:]:
                    pure = command if isinstance(command, Session) else after(pure, command)
                self.sessions.append(app.session)
                check_session(app, ascii, before, pure)

        async def use_again(app: Stepper, pilot: Pilot[None]) -> None:
            for action, session in zip(self.actions, self.sessions, strict=True):
                await _do(app, pilot, action)
                assert app.session == session, "a second app comes to another session"
                assert hash(app.session) == hash(session), "a second app comes to another hash"

        for check in (use, use_again):
            with tempfile.TemporaryDirectory() as directory, contextlib.chdir(directory):
                for number, other in enumerate(others, start=1):
                    write_lesson(other, Path(f"other-{number}.toml"))
                run_app(check, first, size, ascii, kind=Recorded)


def recorded(app: Stepper) -> tuple[Command | Session, ...]:
    """The commands that an app has given so far, and the sessions that it has taken over."""
    assert isinstance(app, Recorded)
    return app.commands


def _next_actions(app: Stepper, chance: Random) -> list[Action]:
    """What is done next: one key or a new size, or all the keys of an answer."""
    if chance.random() < 0.02:
        return [chance.choice((*_SIZES, (chance.randint(1, 260), chance.randint(1, 90))))]
    question = app.page.prompt
    if question is None and not list_is_open(app):
        return [chance.choice(_KEYS if chance.random() < 0.7 else _OFTEN)]
    asked = question.command if question else "list"
    if asked == "answer" and chance.random() < 0.5:
        # What is not for the field goes to the app: the next question, another place, the end of predicting.
        return [chance.choice(("right", "left", "P", "p", "T", "down", "pagedown", "f1", "escape"))]
    if chance.random() < 0.3:
        # A digit more could make an update of a million, which takes long to train.
        return [chance.choice([key for key in _TYPED if asked != "goto" or not key.isdigit()])]
    answer = _place(app, chance) if asked == "goto" else chance.choice(_ANSWERS[asked])
    return ["ctrl+u", *answer, "enter"]


def _place(app: Stepper, chance: Random) -> str:
    setup = initial_setup(app.session)
    update = chance.randint(0, max(5, _WORK // (len(setup.parameters) * len(setup.inputs))))
    return chance.choice((f"{update}", f"{update}.{chance.randint(0, 60)}"))


def _without_leaving(app: Stepper, action: Action) -> Action:
    """An action, or Escape in place of Enter on a row that ends or pauses the app."""
    chosen = app.screen._listing.chosen if isinstance(app.screen, ListPage) else None
    leaves = action == "enter" and chosen is not None and chosen.value in _LEFT_OUT
    return "escape" if leaves else action


async def _do(app: Stepper, pilot: Pilot[None], action: Action) -> None:
    """Do one thing, and wait until all is done that it has started."""
    if isinstance(action, str):
        await press(app, action)
    else:
        await pilot.resize_terminal(*action)
    while app._exception is None and any(not worker.is_finished for worker in app.workers):
        await asyncio.sleep(0)
    await settled(app)


def check_session(app: Stepper, ascii: bool, before: Session, pure: Session) -> None:
    """The screen, the state file, undo and redo agree with a session that commands alone came to."""
    assert app._exception is None, "the app has stopped"
    assert_screen_is_the_sessions(app, ascii)
    assert not ascii or shown(app).isascii(), "there is more than ASCII on the screen"
    session = replace(app.session, notice="")
    assert session == replace(pure, notice=""), "the commands alone come to another session"
    assert hash(session) == hash(replace(pure, notice="")), "the commands alone come to another hash"
    read = decoded(encoded(session))
    assert read == session.bare, "the state file keeps another session"
    assert hash(read) == hash(session.bare), "the state file keeps a session of another hash"
    if session.past:
        undone = after(session, Command("undo"))
        assert undone.past == session.past[:-1], "undo is not exact"
        assert _as_trained(undone) == _as_trained(session.past[-1]), "undo is not exact"
        redone = after(undone, Command("redo"))
        assert replace(redone.bare, tour=None) == replace(session.bare, tour=None), "redo is not exact"
        if _is_change(before, session):
            assert _as_trained(undone) == _as_trained(before), "undo comes to another session than there was"


def _as_trained(session: Session) -> Session:
    """A session without what was predicted and what was done of a tour, which no undo takes back."""
    return replace(session.bare, level="sign", answers=(), tour=None)


def _is_change(before: Session, session: Session) -> bool:
    """Whether a key changed what is trained, and no undo or redo did."""
    changed = (session.lesson, session.edits, session.seed) != (before.lesson, before.edits, before.seed)
    return changed and not session.future


def _is_large(number: int) -> bool:
    return number % _LARGE_ONE_IN == _LARGE_ONE_IN - 1


def keys_for(number: int) -> int:
    """How many keys are pressed on the lesson of a number."""
    return _KEYS_PER_LARGE if _is_large(number) else _KEYS_PER_LESSON


def uses(keys: int, seed: int) -> Iterator[Use]:
    """Lessons used one after another, until so many keys have been pressed."""
    left = keys
    for number in count():
        if left <= 0:
            return
        yield Use(seed, number, min(left, keys_for(number)))
        left -= keys_for(number)


def main() -> int:
    """Run as the command line asks; returns the exit status."""
    parser = argparse.ArgumentParser(description="Press random keys, and check everything after each.")
    parser.add_argument("--keys", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--lesson", type=int, help="only the lesson of this number, as a failure names it")
    arguments = parser.parse_args()
    chosen = uses(arguments.keys, arguments.seed)
    if arguments.lesson is not None:
        chosen = iter([Use(arguments.seed, arguments.lesson, keys_for(arguments.lesson))])
    pressed, failures, started = 0, 0, time.monotonic()
    for use in chosen:
        try:
            use.run()
        except Exception:
            failures += 1
            traceback.print_exc(limit=-6)
        pressed += len(use.actions)
        if use.number % 10 == 9:
            print(_progress(pressed, failures, time.monotonic() - started), flush=True)
    print(f"Done. {_progress(pressed, failures, time.monotonic() - started)}")
    return 1 if failures else 0


def _progress(pressed: int, failures: int, seconds: float) -> str:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return (
        f"{pressed:,} keys in {seconds:,.0f} s ({pressed / seconds:.0f} a second), "
        f"{failures} failures, peak memory {peak} MB"
    )


if __name__ == "__main__":
    raise SystemExit(main())
