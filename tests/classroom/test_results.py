"""The page of answers, as everyone sees it."""

from __future__ import annotations

import pytest

from tests.session.random_lessons import LECTURE
from tinynet_tui.classroom.message_contents import sent_place
from tinynet_tui.classroom.results import Results
from tinynet_tui.classroom.rounds import Asking, Round
from tinynet_tui.drawing.look import Look
from tinynet_tui.session.commands import start

MISTAKE = "The activation function is forgotten: z₂ still has to go through the sigmoid."


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (200, 60)])
@pytest.mark.parametrize("rounds", [1, 2, 3])
def test_a_mistake_is_named_whole(size: tuple[int, int], rounds: int) -> None:
    """It is what teaches; beside it how many made it, in each round."""
    told = 73, (("right", 41), (MISTAKE, 32))
    page = Results(Asking((Round(sent_place(start(LECTURE)), alone=False, told=told),) * rounds, "revealed"))
    words = page.picture(*size, Look()).text().split()
    named = [word for word in words[words.index("The") :] if word in MISTAKE.split()]
    assert named[: len(MISTAKE.split())] == MISTAKE.split()
    assert words.count("41") == words.count("32") == rounds
