"""A session is a value: commands replayed give it again, and undo returns to the very same one."""

from __future__ import annotations

import itertools
import pickle

from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.session.random_lessons import LECTURE, commands, lessons
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.session import Edit, Session


@st.composite
def walks(draw: st.DrawFn) -> list[tuple[Command, Session]]:
    """Commands given one after another to a new session, each with the session after it."""
    session = start(draw(lessons()))
    walked = [(Command("restart"), session)]
    for _ in range(draw(st.integers(0, 25))):
        command = draw(commands(session))
        session = after(session, command)
        walked.append((command, session))
    return walked


@given(walks())
@examples(30)
def test_the_same_commands_give_the_same_session(walked: list[tuple[Command, Session]]) -> None:
    """A session can be hashed, compared and copied, and depends on nothing but what was done."""
    session = walked[0][1]
    for command, expected in walked[1:]:
        session = after(session, command)
        assert session == expected
        assert hash(session) == hash(expected)
    assert pickle.loads(pickle.dumps(session)) == session


@given(walks())
@examples(40)
def test_undo_and_redo_return_the_very_same_value(walked: list[tuple[Command, Session]]) -> None:
    """Whatever a change was, taking it back is the session before, and making it again the one after."""
    for (_, before), (command, session) in itertools.pairwise(walked):
        is_change = session.past != before.past or session.edits != before.edits
        if command.name in ("edit", "rate", "random", "open") and is_change:
            undone = after(session, Command("undo"))
            assert undone.bare == before.bare
            assert undone.past == before.past[-199:]
            again = after(undone, Command("redo"))
            assert again.bare == session.bare
            assert (again.past, again.future) == (session.past, ())


@given(walks())
@examples(25)
def test_everything_can_be_taken_back(walked: list[tuple[Command, Session]]) -> None:
    """To the first change, and all of it made again."""
    session = walked[-1][1]
    changes = len(session.past)
    for _ in range(changes):
        session = after(session, Command("undo"))
    assert session.past == ()
    assert len(session.future) >= changes
    for _ in range(changes):
        session = after(session, Command("redo"))
    assert session.bare == walked[-1][1].bare


def test_moving_is_no_change_and_leaves_what_can_be_redone() -> None:
    """Only a new change forgets it."""
    session = start(LECTURE)
    edited = after(session, Command("edit", Edit(1, "w1", 5.0)))
    undone = after(edited, Command("undo"))
    moved = after(undone, Command("next"))
    assert moved.future == (edited.bare,)
    assert after(moved, Command("redo")).bare == edited.bare
    assert after(moved, Command("rate", 0.5)).future == ()


def test_two_hundred_changes_can_be_taken_back() -> None:
    """Beyond, the oldest are forgotten."""
    session = start(LECTURE)
    for number in range(210):
        session = after(session, Command("rate", 1.0 + number))
    assert len(session.past) == 200
    for _ in range(200):
        session = after(session, Command("undo"))
    assert session.edits == (Edit(1, "eta", 10.0),)
    assert after(session, Command("undo")).notice == "There is no change to undo."


def test_a_session_kept_in_the_past_has_none_of_its_own() -> None:
    """So that it stays small."""
    session = start(LECTURE)
    for name, value in (("w1", 1.0), ("w2", 2.0), ("w1", 3.0)):
        session = after(session, Command("edit", Edit(1, name, value)))
    assert all(kept == kept.bare for kept in (*session.past, *session.future))


def test_opening_the_same_lesson_anew_loses_no_prediction() -> None:
    """Nor does taking that back, and making it again."""
    session = start(LECTURE)
    for command in (Command("predict"), Command("next"), Command("open", LECTURE)):
        session = after(session, command)
    assert (session.step, len(session.answers)) == (0, 1)
    undone = after(session, Command("undo"))
    assert (undone.step, undone.answers) == (1, session.answers)
    assert after(undone, Command("redo")).bare == session.bare
