"""Who leads a class: what becomes of a question where they go on, and of their screen where they lend it."""

from __future__ import annotations

import asyncio
import errno
import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest
from textual.pilot import Pilot

from tests.app.running import bottom, press, run_app, settled, shown, until
from tests.pseudo_terminal import SAFETY
from tinynet_tui.classroom import hub
from tinynet_tui.classroom.class_question import answer_rows, is_at
from tinynet_tui.classroom.directory import ROOT, audience, claim
from tinynet_tui.classroom.results import Results
from tinynet_tui.classroom.room import Room
from tinynet_tui.classroom.room_events import (
    Answered,
    BrokeAway,
    Event,
    Gathered,
    GivenBack,
    HandMoved,
    Joined,
    Lent,
    Lost,
    Pinned,
    QuestionLeft,
    WindowChanged,
)
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.screen import screen
from tinynet_tui.lessons.schema import Note
from tinynet_tui.session.commands import Command, after
from tinynet_tui.session.moment import Moment
from tinynet_tui.session.session import Session
from tinynet_tui.tui import app as tui_app
from tinynet_tui.tui import in_class, leader_page
from tinynet_tui.tui.app import Stepper
from tinynet_tui.tui.driver import TerminalDriver
from tinynet_tui.tui.leading import Leader
from tinynet_tui.tui.page import Page


def lead(check: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Check something of a leader with two followers."""
    (folder / "rooms").mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv(ROOT, "rooms")
    claimed = claim("class", audience("me"))
    kind = partial(Leader, room=Room("class", "Grace"), claimed=claimed, join_lines=lambda: ["follow class"])

    async def led(app: Stepper, _pilot: Pilot[None]) -> None:
        assert isinstance(app, Leader)
        app.hub.happen(Joined("Ada"), Joined("Alan"))
        await check(app)

    with claimed.listening:
        run_app(led, kind=cast("type[Stepper]", kind))


def row(app: Leader, *words: str) -> None:
    """The leader's last row says something."""
    assert all(word in bottom(app) for word in words), bottom(app)


@pytest.mark.parametrize("stage", ["open", "closed", "revealed"])
def test_other_numbers_end_the_question(stage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answers are kept, the leader is told, and what is asked next is of the new numbers."""

    async def check(app: Leader) -> None:
        await press(app, "A")
        app.hub.happen(Answered("Ada", 0, "1.5", "right"))
        if stage != "open":
            await press(app, "A")
        if stage == "revealed":
            await press(app, "A", "down", "enter", "escape")
        assert app.hub.room.asking is not None
        assert app.hub.room.asking.stage == stage
        await press(app, "R")
        assert app.hub.room.asking is None
        row(app, "The question is over")
        assert [row[2:5] for row in answer_rows(app.hub.room)] == [("Ada", "1.5", "right")]
        await press(app, "A")
        assert app.hub.room.asking is not None
        assert is_at(app.hub.room.asking.round.place, app.session)

    lead(check, tmp_path, monkeypatch)


def test_what_is_said_of_a_key_gives_way_to_the_class(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a refused command says, as well as what the app says."""
    monkeypatch.setattr(in_class, "SAID_FOR", 0.01)

    async def check(app: Leader) -> None:
        for key in ("z", "T"):
            await press(app, key)
            await until(app, lambda: "leading class" in bottom(app))

    lead(check, tmp_path, monkeypatch)


def test_that_answers_could_not_be_written_is_seen_while_something_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The class goes on; the next key of the question shows that again."""

    def refuse(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(leader_page, "write_new", refuse)
    monkeypatch.setattr(in_class, "SAID_FOR", SAFETY)

    async def check(app: Leader) -> None:
        await press(app, "A")
        app.hub.happen(Answered("Ada", 0, "1.5", "right"))
        await press(app, "q", *"write", "enter")
        row(app, "Not written here: Read-only file system. The class goes on.")
        await press(app, "A")
        row(app, "1 of 2 have answered", "closed")

    lead(check, tmp_path, monkeypatch)


def test_what_the_terminal_has_said_gives_way_to_the_class(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thread that writes to it, where it gives no answer, knows no app: timers of its would have none."""
    monkeypatch.setattr(in_class, "SAID_FOR", 0.01)

    async def check(app: Leader) -> None:
        driver = TerminalDriver(app)
        app.own_driver = None
        writer = Thread(target=driver._call_in_loop, args=(lambda: app.say("It does not answer."),))
        writer.start()
        await until(app, lambda: "does not answer" in bottom(app))
        await until(app, lambda: "leading class" in bottom(app))
        writer.join()

    lead(check, tmp_path, monkeypatch)


def test_a_step_is_drawn_before_its_key_and_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was drawn ahead is what would be drawn; that the class has gone on draws nothing again."""
    drawn = list[Session]()

    def draw(moment: Moment, *size: Any) -> Picture:
        drawn.append(moment.session)
        return screen(moment, *size)

    async def check(app: Leader) -> None:
        await press(app, "l")
        await until(app, lambda: app._foreseen[0] == after(app.session, Command("next")))
        monkeypatch.setattr(tui_app, "screen", draw)
        await press(app, "l")
        assert not drawn
        assert app.board.picture.rows[:-1] == screen(app.moment, *app.size, app.look).rows[:-1]
        await press(app, "2")
        assert drawn == [app.session]
        app.hub.happen(BrokeAway("Ada", "1.7"))  # as with every step of everyone who steps alone
        await settled(app)
        assert drawn == [app.session]
        app.hub.happen(HandMoved("Ada", raised=True))
        await settled(app)
        assert len(drawn) == 2

    lead(check, tmp_path, monkeypatch)


def test_a_pin_counts_from_when_it_is_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the list was open."""

    async def check(app: Leader) -> None:
        await press(app, "K")
        loop = asyncio.get_running_loop()
        time = loop.time
        monkeypatch.setattr(loop, "time", lambda: time() + 100)
        app.hub.happen(HandMoved("Ada", raised=True))
        await press(app, "enter")
        assert 290 < app.hub.room.seconds_pinned("Ada", loop.time()) <= 300

    lead(check, tmp_path, monkeypatch)


def test_what_is_shown_is_not_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its answers can be shown; the last row is the class's again; the coming step can be asked for."""

    async def check(app: Leader) -> None:
        await press(app, "A", "A", "right")
        row(app, "The question is closed: A shows the answers.")
        app.say("")
        await settled(app)
        row(app, "leading class", "2 here")
        await press(app, "left", "A")
        assert "show the answers" in shown(app)
        assert "ask again" not in shown(app)
        await press(app, "escape", "right", "A", "down", "enter")
        asking = app.hub.room.asking
        assert asking is not None
        assert (asking.stage, app.session.step) == ("open", 1)
        assert is_at(asking.round.place, app.session)
        assert len(app.hub.room.asked) == 1

    lead(check, tmp_path, monkeypatch)


def test_the_list_of_people_has_what_can_be_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not with whoever has the lead; whoever is kept can be let go, alone."""

    async def check(app: Leader) -> None:
        app.hub.happen(Pinned(app.hub.now + 100.0, "Ada"), Lent("Alan"))
        await press(app, "K")
        assert "keep Ada with" not in shown(app)
        assert "to Alan" not in shown(app)
        assert "keep Alan" not in shown(app)
        await press(app, *"let Ada", "enter")
        assert app.hub.room.pinned(app.hub.now) == (0, 0)

    lead(check, tmp_path, monkeypatch)


@pytest.mark.parametrize("way", ["revealed", "stepped past"])
def test_a_question_whose_answer_was_shown_is_not_asked_anew(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the same numbers, however they are shown; the coming step and other numbers are."""

    async def check(app: Leader) -> None:
        if way == "revealed":
            await press(app, "A", "A", "A", "down", "enter", "escape", "A", "down", "enter")
        else:
            await press(app, "A", "right", "A", "down", "enter", "A", "left")
            app.hub.happen(QuestionLeft())
        for keys in ((), ("2",), ("full_stop",), ("right", "left")):
            await press(app, *keys, "A")
            assert app.hub.room.asking is None
            row(app, "This answer was shown: → first, or R, then ask.")
        await press(app, "R", "A")
        assert app.hub.room.asking is not None

    lead(check, tmp_path, monkeypatch)


def test_what_is_asked_again_is_where_it_was_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a look back, with another panel."""

    async def check(app: Leader) -> None:
        await press(app, "right", "right", "A", "A", "left", "2")
        assert (app.session.step, app.session.panel) == (1, "table")
        row(app, "closed: A goes on")
        await press(app, "A", "enter")
        asking = app.hub.room.asking
        assert asking is not None
        assert (asking.stage, len(asking.rounds)) == ("open", 2)
        assert (app.session.step, app.session.panel) == (2, "table")

    lead(check, tmp_path, monkeypatch)


def test_other_numbers_are_asked_for_and_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The class is back where it was."""

    async def check(app: Leader) -> None:
        await press(app, "A", "A", "A", "down", "enter", "escape", "A", "enter")
        asking, before = app.hub.room.asking, app.session
        assert asking is not None
        assert asking.round.alone
        assert is_at(asking.round.place, before)
        await press(app, "A", "A", "escape", "A", "down", "enter")
        assert isinstance(app.hub.shown.cover, Results), "shown again"
        await press(app, "escape", "A", "enter")
        assert app.hub.room.asking is None
        assert (app.session.seed, before.seed) == (None, before.seed)
        assert before.seed is not None

    lead(check, tmp_path, monkeypatch)


def test_the_teachers_choice_comes_back_with_the_lead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of digits and panel; the class stays where it was led."""

    async def check(app: Leader) -> None:
        await press(app, "2")
        digits = app.session.digits
        app.hub.happen(Lent("Ada"))
        there = after(after(app.session, Command("chain")), Command("precision"))
        app.hub.lead_to(after(there, Command("next")))
        await settled(app)
        assert (app.session.panel, app.session.step) == ("chain", 1)
        assert app.session.digits != digits
        app.hub.happen(GivenBack("Ada"))
        await settled(app)
        for session in (app.session, app.hub.session):
            assert (session.panel, session.digits, session.step) == ("table", digits, 1)

    lead(check, tmp_path, monkeypatch)


def test_who_has_the_lead_is_told_beside_a_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other numbers are not asked for then: the class could not be brought to them."""

    async def check(app: Leader) -> None:
        await press(app, "A")
        app.hub.happen(Lent("Ada"))
        await settled(app)
        row(app, "Ada leads", "takes the lead back")
        await press(app, "A", "A", "down", "enter", "escape", "A", "enter")
        assert app.hub.room.asking is not None
        assert len(app.hub.room.asking.rounds) == 1

    lead(check, tmp_path, monkeypatch)


_OF_OTHERS: tuple[Event, ...] = (
    HandMoved("Ada", True),
    Joined("Eve"),
    BrokeAway("Alan", "1.3"),
    WindowChanged("Ada", True),
    Lost("Eve"),
    Gathered(),
    Pinned(0.0),
    Lent("Ada"),
    GivenBack("Ada"),
)
"""What can happen in a room while the teacher has something open."""


@pytest.mark.parametrize("key", ["K", "q", "J", "?", "o", "d", "x", "g", "e", "AAA"])
def test_what_is_open_stays_on_the_screen(key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever others do: what takes the keys is what is seen, and followers see the same of it as before."""

    async def check(app: Leader) -> None:
        sent = list[Picture]()
        await press(app, *key)
        await until(app, lambda: not getattr(app.screen, "is_working", False))
        await settled(app)
        app.own_driver = cast("TerminalDriver", SimpleNamespace(display=SimpleNamespace(show=sent.append)))
        on_top, cover = app.screen, app.hub.shown.cover
        assert isinstance(on_top, Page)
        on_top.board.show(on_top.board.picture)
        for event in _OF_OTHERS:
            app.hub.happen(event)
            await settled(app)
            assert app.screen is on_top
            assert sent[-1] == on_top.board.picture, event
            if app.hub.room.lent_to is None:
                assert app.hub.shown.cover == cover
        if len(app.screen_stack) > 1:
            await press(app, "escape")
            assert app.screen is app.page
            assert sent[-1] == app.board.picture
        app.own_driver = None

    lead(check, tmp_path, monkeypatch)


def test_a_class_whose_followers_are_away_is_not_ended_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They may come back: it can be left waiting for them."""

    async def check(app: Leader) -> None:
        app.hub.happen(Lost("Ada"), Lost("Alan"))
        await press(app, "q")
        assert "leave it waiting" in shown(app)
        await press(app, "escape")

    lead(check, tmp_path, monkeypatch)


def test_a_page_of_the_leaders_says_how_the_class_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it is seen, and hands: else they would be on the desk alone."""

    async def check(app: Leader) -> None:
        app.hub.happen(HandMoved("Ada", raised=True))
        await press(app, "x")
        await until(app, lambda: not getattr(app.screen, "is_working", False))
        row(app, "all see this", "2 here", "1 hand up")
        app.hub.happen(Lent("Ada"))
        await until(app, lambda: "Ada leads" in app.row_end(cast(Page[Any], app.screen)))
        assert app.row_end(cast(Page[Any], app.screen)).endswith("yours alone · Esc, then K")
        app.hub.happen(GivenBack("Ada"))
        await press(app, "escape", "g")
        row(app, "leading class", "1 hand up")

    lead(check, tmp_path, monkeypatch)


def test_a_class_that_cannot_be_kept_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once, and again when it can be: a teacher who is cut off would come back to another class."""
    said = list[str]()

    async def check(app: Leader) -> None:
        monkeypatch.setattr(app.hub, "say", said.append)
        place = app._claimed.kept.with_name(f"{app._claimed.kept.name}.new")
        place.symlink_to("/dev/full")  # which is not followed: nothing can be written there
        for _ in range(2):
            app.hub.keep()
        place.unlink()
        for _ in range(2):
            app.hub.keep()

    lead(check, tmp_path, monkeypatch)
    assert [words.partition("(")[0] for words in said] == [
        "If you were cut off now, you could not come back to this class ",
        "If you were cut off now, you could come back to this class again.",
    ]


def test_a_class_that_cannot_be_kept_from_the_beginning_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the leader's screen, which is not there yet when the class is opened."""
    monkeypatch.setattr(hub, "keep_room", lambda _path, _room: fail_for_want_of_space())

    async def check(app: Leader) -> None:
        await until(app, lambda: "(No space left on device)" in " ".join(shown(app).split()))

    lead(check, tmp_path, monkeypatch)


def test_a_class_that_cannot_be_kept_says_so_until_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the last row, whatever is pressed; and it is not left waiting, as who goes on would find another."""

    async def check(app: Leader) -> None:
        with monkeypatch.context() as full:
            full.setattr(hub, "keep_room", lambda _path, _room: fail_for_want_of_space())
            await press(app, "l")
            await until(app, lambda: bool(app.hub.why_not_kept))
            await press(app, "l")
            row(app, "this class is not saved", "leading class")
            await press(app, "q", "down", "enter")
            row(app, "Not saved here: No space left on device. The class goes on.")
        await press(app, "l")
        await until(app, lambda: not app.hub.why_not_kept)
        await press(app, "l")
        assert "saved" not in bottom(app)

    lead(check, tmp_path, monkeypatch)


@pytest.mark.parametrize("is_over", [False, True])
def test_a_class_that_was_not_kept_is_told_on_leaving(
    is_over: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However the app ends; of one that is over there is nothing to keep."""
    words = list[str]()
    monkeypatch.setattr(hub, "keep_room", lambda _path, _room: fail_for_want_of_space())

    async def check(app: Leader) -> None:
        await until(app, lambda: bool(app.hub.why_not_kept))
        if is_over:
            app.leave(ends=True)
        app.on_unmount()
        words.append(app.last_words)

    lead(check, tmp_path, monkeypatch)
    not_kept = "The class could not be saved as it was (No space left on device)."
    assert words == ["The class is over." if is_over else not_kept]


@pytest.mark.parametrize("changes", [False, True])
def test_who_takes_the_lead_back_has_what_is_theirs(
    changes: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Private notes, and what undo takes back, to which a change of whoever led meanwhile is added."""

    async def check(app: Leader) -> None:
        private = Note(at="forward", text="Wait here.", kind="private")
        lesson = app.session.lesson
        lesson = msgspec.structs.replace(lesson, notes=(*lesson.notes, private))
        app.show(replace(app.session, lesson=lesson))
        await press(app, "R")
        own = app.session
        app.hub.happen(Lent("Ada"))
        there = after(app.hub.session, Command("random" if changes else "next"))
        app.hub.show_led(there)
        await until(app, lambda: app.session.seen == there.seen)
        app.hub.happen(GivenBack("Ada"))
        assert app.session == replace(app.session, leads=True, lesson=lesson)
        assert (app.session.seed, app.session.step) == (there.seed, there.step)
        for before in (own, own.past[-1]) if changes else own.past[-1:]:
            await press(app, "z")
            assert app.session.seed == before.seed
            assert app.session.lesson == lesson

    lead(check, tmp_path, monkeypatch)


def fail_for_want_of_space() -> None:
    """As a full disk does."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
