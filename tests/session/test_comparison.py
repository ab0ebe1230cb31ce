"""The numbers from before an edit, beside those of now."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec.structs import replace as with_fields

from tests.session.random_lessons import LECTURE
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import Command, after, start, without_comparison
from tinynet_tui.session.history import Comparison, comparison
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Edit, Session


def compared(session: Session) -> Comparison:
    """The comparison of a session that has one."""
    found = comparison(session)
    assert found is not None
    return found


def test_an_edited_weight() -> None:
    """By hand: with w5 = 2 the lecture's output is 4 instead of 2.5, its loss 4 instead of 0.25."""
    edit = Edit(1, "w5", 2.0)
    edited = after(start(LECTURE), Command("edit", edit))
    assert compared(edited) == Comparison(edit, 1, 1, (1.0, 2.0), ((2.5, 4.0),), (0.25, 4.0))


def test_a_learning_rate_is_compared_after_its_update() -> None:
    """It changes nothing before: 0.18096516 is the lecture's next loss, 1.265625 that of a rate of 0.25."""
    found = compared(after(start(LECTURE), Command("rate", 0.25)))
    assert found.value == (0.01, 0.25)
    assert found.loss == pytest.approx((0.18096516, 1.265625))
    assert found.outputs[0][1] == pytest.approx(2 - 1.265625**0.5)


def test_an_input_is_compared_in_its_sample() -> None:
    """The others keep their outputs; the loss is that over all."""
    xor = start(shipped_lesson("xor"))
    edit = Edit(1, "x1", 0.5, 3)
    found = compared(after(xor, Command("edit", edit)))
    assert (found.edit, found.sample, found.samples) == (edit, 3, 4)
    assert found.value == (xor.lesson.data.inputs[2][0], 0.5)
    assert found.outputs[0][0] != found.outputs[0][1]


def test_with_a_batch_of_one_the_sample_of_the_update_is_compared() -> None:
    """At update 2 of xor one by one that is sample 2."""
    xor = shipped_lesson("xor")
    one_by_one = with_fields(xor, training=with_fields(xor.training, batch=1))
    session = after(start(one_by_one), Command("goto", (2, 0)))
    found = compared(after(session, Command("edit", Edit(2, "w5", 2.0))))
    assert (found.sample, found.samples) == (2, 4)


def test_it_stays_while_the_learner_goes_on() -> None:
    """Steps, updates and other selections leave it; it is of the update of the edit."""
    edited = after(start(LECTURE), Command("edit", Edit(1, "w5", 2.0)))
    first = compared(edited)
    for name in ("next", "next-phase", "next-update", "select-next", "precision", "restart"):
        edited = after(edited, Command(name))
        assert compared(edited) == first


def test_another_edit_takes_its_place() -> None:
    """And is compared with the session before it, not with the lesson."""
    once = after(start(LECTURE), Command("edit", Edit(1, "w5", 2.0)))
    twice = compared(after(once, Command("edit", Edit(1, "w5", 3.0))))
    assert twice.value == (2.0, 3.0)
    assert twice.loss[0] == compared(once).loss[1]


def test_what_ends_it() -> None:
    """Dismissing it, undo, a random start, another lesson, a run of an experiment; and an edit of nothing."""
    edited = after(start(LECTURE), Command("edit", Edit(1, "w5", 2.0)))
    assert without_comparison(edited) == replace(edited, before_edit=None, notice="")
    for command in (
        Command("undo"),
        Command("random"),
        Command("open", LECTURE),
        Command("try-rate", (0.25, 3)),
        Command("edit", Edit(1, "w5", 2.0)),
    ):
        assert comparison(after(edited, command)) is None, command
    assert comparison(start(LECTURE)) is None


def test_a_run_of_an_experiment() -> None:
    """Its rate holds from this update on, in the place of another, later edits are gone, those of the update
    itself are not, and so many updates are done."""
    session = after(start(LECTURE), Command("edit", Edit(9, "w5", 2.0)))
    session = replace(after(session, Command("edit", Edit(2, "w1", 2.0))), update=4, step=7)
    tried = after(session, Command("try-rate", (0.5, 3)))
    assert tried.edits == (Edit(2, "w1", 2.0), Edit(4, "eta", 0.5))
    assert (tried.update, tried.step) == (6, 46)
    assert after(tried, Command("undo")).bare == session.bare
    both = after(replace(session, update=2), Command("rate", 0.1))
    tried_there = after(both, Command("try-rate", (0.5, 3)))
    assert tried_there.edits == (Edit(2, "w1", 2.0), Edit(2, "eta", 0.5))
    at_once = after(session, Command("try-rate", (0.5, 0)))
    assert (at_once.update, at_once.step) == (4, 0)


def test_an_edit_that_changes_nothing_is_none() -> None:
    """Of a parameter, an input, the learning rate; of a number that was changed before, too."""
    session = replace(start(LECTURE), update=2)
    w1 = session_value(session, "w1")
    for command in (
        Command("edit", Edit(2, "w1", w1)),
        Command("edit", Edit(2, "x1", 1.0, 1)),
        Command("rate", 0.01),
    ):
        there = after(session, command)
        assert replace(there, notice="") == session
        assert there.notice.endswith(" already.")
    changed = after(session, Command("edit", Edit(2, "w1", 3.0)))
    assert after(changed, Command("edit", Edit(2, "w1", 3.0))).edits == changed.edits
    back = after(changed, Command("edit", Edit(2, "w1", w1)))  # what is 3 now is another number then
    assert back.edits == (Edit(2, "w1", w1),)


def session_value(session: Session, name: str) -> float:
    """The value of a parameter before a session's update."""
    return moment(session).given[name]
