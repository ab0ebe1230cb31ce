"""The verb lead, as far as it opens nothing."""

from __future__ import annotations

import os

import pytest

from tinynet_tui.classroom.room import Via
from tinynet_tui.cli.lead import parser, via_as_left
from tinynet_tui.safety.refusal import Refusal

LEFT = Via("wss://class.example", "K7QM", "/home/grace/teacher.code")


@pytest.mark.parametrize(
    ("words", "left", "expected"),
    [
        ([], None, None),
        ([], LEFT, LEFT),
        (["--code", "X2"], LEFT, LEFT._replace(code="X2")),
        (["--code-file", "new"], LEFT, LEFT._replace(code_file=os.path.abspath("new"))),
        (["--via", "mqtts://b.example"], LEFT, Via("mqtts://b.example")),
        (["--via", ""], LEFT, None),
    ],
)
def test_a_class_that_goes_on_knows_its_broker(
    words: list[str], left: Via | None, expected: Via | None
) -> None:
    """But for what is said anew; another broker has other codes."""
    assert via_as_left(parser().read(["class", *words]), left) == expected


def test_codes_without_a_broker_are_refused() -> None:
    """They would open nothing."""
    with pytest.raises(Refusal, match="name it with --via"):
        via_as_left(parser().read(["class", "--code", "K7QM"]), None)
