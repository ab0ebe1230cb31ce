"""What a class is asked, and how its answers are judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import reduce

import pytest

from tinynet_tui.classroom.answer_field import AnswerField
from tinynet_tui.classroom.class_question import asking_at, judged, label_at, question_at, with_other_numbers
from tinynet_tui.classroom.message_contents import sent_place
from tinynet_tui.classroom.room import Room
from tinynet_tui.classroom.room import after as room_after
from tinynet_tui.classroom.room_events import BrokeAway, Event, Joined
from tinynet_tui.classroom.rounds import Asking, Round
from tinynet_tui.engine.trace import Trace
from tinynet_tui.lessons.reading import open_lesson
from tinynet_tui.networks.initial import is_alive
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.history import program_of, trace_of


@pytest.mark.parametrize(
    ("text", "result"),
    [("0.59326999", "right"), ("0.5933", "right"), ("0.59", "right"), ("0.58", ""), ("0.6", "")],
)
def test_who_answers_is_not_told_whether_they_are_right(text: str, result: str) -> None:
    """Nor by being asked for one more digit: mazur's first node has 0.593269992, as published."""
    place = sent_place(after(start(open_lesson("mazur")), Command("next")))
    assert question_at(place).startswith("h₁")
    field, answered = AnswerField(field=AnswerField().field.holding(text)).sent(
        "Ada", Asking((Round(place, alone=False),))
    )
    assert field.complaint == ""
    assert answered is not None
    assert answered.result == judged(place, text) == result


def test_an_answer_in_sight_is_not_one_that_is_known() -> None:
    """Whoever is past the step by themselves when it is asked gives none: at the step itself they may, and
    where their numbers are others.
    """
    places = {"Ada": "1.4", "Alan": "2.1", "Eve": "1.3", "Bea": "1.4*", "Cleo": ""}
    people: list[Event] = [Joined(name) for name in places]
    people += [BrokeAway(name, at) for name, at in places.items() if at]
    room = reduce(room_after, people, Room("class", "Grace"))
    there = replace(start(open_lesson("mazur")), step=3)
    asked = reduce(room_after, asking_at(room, there), room)
    assert asked.asking is not None
    assert asked.asking.round.seen_by == ("Ada", "Alan")
    assert asked.asked_count == 3


@pytest.mark.parametrize(
    ("lesson", "step", "mistake", "wrong"),
    [
        ("mazur", 2, "b₂ is forgotten", lambda trace: trace.value(3) - 0.35),
        ("dead-relu", 1, "lets nothing through", lambda trace: trace.value(1)),
    ],
)
def test_other_numbers_show_the_same_mistake(
    lesson: str, step: int, mistake: str, wrong: Callable[[Trace], float]
) -> None:
    """A bias that is left out, 0.35 as published, or a ReLU that is; from a start that learns."""
    there = replace(start(open_lesson(lesson)), step=step)
    others = with_other_numbers(there)
    trace = trace_of(others)
    assert trace.start.parameters != trace_of(there).start.parameters
    assert is_alive(replace(trace.setup, parameters=trace.start.parameters))
    assert mistake in judged(sent_place(others), str(wrong(trace)))


def test_a_new_value_is_asked_for_as_one() -> None:
    """The diagram has the old one beside it."""
    session = start(open_lesson("mazur"))
    steps = program_of(session)
    place = next(
        n for n in range(len(steps)) if (steps.step(n + 1).name, steps.step(n + 1).role) == ("w5", "update")
    )
    assert label_at(sent_place(replace(session, step=place))) == "new w₅ ="
