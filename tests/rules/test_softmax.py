"""Where models have a softmax."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tinynet_tui.lessons.parsing import parse_lesson
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.rules.softmax import softmaxes_in

LESSON = """
title = "Shifted"
[program]
forward = '''
z1 = w*x
z2 = v*x
{shift}
e1 = exp(z1 - m)
e2 = exp(z2 - m)
S = e1 + e2
p = e1/S
q = e2/S
'''
loss = "(p - y)^2 + q"
[program.parameters]
w = 0.5
v = 0.25
[data]
columns = ["x", "y"]
rows = [[1, 2]]
[training]
learning_rate = 0.1
"""


def _running(other: str, lines: int) -> list[str]:
    """A largest so far over many lines; {k} is the line before."""
    return [f"a{k} = max(a{k - 1}, {other.format(k=k - 1)})" for k in range(1, lines)]


@pytest.mark.parametrize(
    ("shift", "is_found"),
    [
        (["m = max(z1, z2)"], True),
        (["a0 = max(z2, z1)", "m = max(a0, z1)"], True),
        (["m = max(z1, 1)"], False),
        (["a0 = max(z1, z2)", "m = max(a0, 0)"], False),
        (["a0 = max(z1, z2)", *_running("z1", 600), "m = max(a599, z2)"], True),
        (["a0 = max(z1, z2)", *_running("a{k}", 60), "m = max(a59, a59)"], True),
        (["a0 = max(z1, x)", *_running("a{k}", 60), "m = max(a59, z2)"], False),
    ],
    ids=["largest", "nested", "one", "zero", "deep", "doubled", "doubled with another"],
)
def test_the_largest_sum_is_found_over_any_number_of_lines(shift: Sequence[str], is_found: bool) -> None:
    """Each line is looked at once, and none within another."""
    (found,) = softmaxes_in(setup_of(parse_lesson(LESSON.format(shift="\n".join(shift)), "x")).model)
    assert found.sums == ("z1", "z2")
    assert found.shift == ("m" if is_found else None)
