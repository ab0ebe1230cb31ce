"""Verdicts as text."""

from __future__ import annotations

from math import inf

import pytest

from tests.goldens import assert_golden
from tinynet_tui.frameworks.verdict_lines import text_lines
from tinynet_tui.frameworks.verdicts import Difference, Verdict
from tinynet_tui.tui.signs import to_ascii

VERDICTS = (
    Verdict(
        "numeric gradient",
        "agrees",
        checked=1196,
        gradients=Difference("dL/dw1040", 0.5, 0.5 + 2.0**-33, 1e-9),
        bends=("w5", "b2"),
        overflowing=("w7", "w8", "w9", "w10", "b3"),
    ),
    Verdict(
        "PyTorch",
        "differs",
        version="2.13.0",
        checked=1204,
        gradients=Difference("dL/dw6", 0.5, -0.5, 1e-9),
        parameters=Difference("b12", 0.125, inf, 0.0),
    ),
    Verdict("Keras", "no answer", "it was ended by SIGABRT"),
    Verdict("JAX", "not installed", "pip install jax"),
)


@pytest.mark.parametrize("ascii", [False, True])
def test_as_printed(ascii: bool) -> None:
    """All that can be said of a judge: agrees in part, differs, gives no answer, is not there."""
    lines = text_lines("A lesson", 1204, VERDICTS)
    text = "".join(f"{to_ascii(line) if ascii else line}\n" for line in lines)
    assert_golden(f"check-verdicts{'-ascii' if ascii else ''}.txt", text)
