"""What a class is asked, and how its answers are judged."""

from __future__ import annotations

import pytest

from tinynet_tui.classroom.answer_field import AnswerField
from tinynet_tui.classroom.asking import judged, question_at
from tinynet_tui.classroom.message_contents import sent_place
from tinynet_tui.classroom.room import Asking, Round
from tinynet_tui.lessons.reading import open_lesson
from tinynet_tui.session.commands import Command, after, start


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
