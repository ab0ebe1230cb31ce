"""What a hand without a calculator needs stands in the last hint: powers of e from a table."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.prediction.question import question
from tinynet_tui.session.commands import start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.predicting import with_question
from tinynet_tui.session.session import HINTS


@pytest.mark.parametrize(
    ("lesson", "step", "words"),
    [
        # From a table: e^0.5 = 1.648721, e^−0.5 = 0.606531, e^−0.3775 = 0.685573.
        ("recurrent", "h[1]", "e^u ≈ 1.64872 and e^−u ≈ 0.606531."),
        ("mazur", "h1", "σ(u) = 1 / (1 + e^−u), with e^−u ≈ 0.685573."),
        # e₂ is e^−1, the square of e^−0.5.
        ("softmax-3", "e2", "e^u is the square of e^(u/2) ≈ 0.606531."),
    ],
)
def test_powers_of_e_are_given(lesson: str, step: str, words: str) -> None:
    """So that tanh, the sigmoid and a power of e can be worked out on paper."""
    session = start(shipped_lesson(lesson))
    number = program_of(session).number(step, 1)
    assert number is not None
    asking = with_question(replace(session, step=number - 1, level="number"))
    asked = question(replace(asking, hints=len(HINTS["number"])))
    assert asked is not None
    assert any(words in text for text in asked.help)
