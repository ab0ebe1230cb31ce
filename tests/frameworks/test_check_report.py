"""What is said of result: no agreement where nothing was judged, no alarm where numbers are large."""

from __future__ import annotations

import json
from math import inf

import pytest

from tests.goldens import assert_golden
from tinynet_tui.drawing.signs import to_ascii
from tinynet_tui.frameworks.check_report import json_lines, text_lines
from tinynet_tui.frameworks.gradient_check import NUMERIC, CheckResult, Difference

VERDICTS = (
    CheckResult(
        "numeric gradient",
        "agrees",
        checked=1195,
        gradients=Difference("dL/dw1040", 0.5, 0.5 + 2.0**-33, 1e-9),
        bends=("w5", "b2"),
        overflowing=("w7", "w8", "w9", "w10", "b3"),
        coarse=("b4",),
    ),
    CheckResult(
        "PyTorch",
        "differs",
        version="2.13.0",
        checked=1204,
        gradients=Difference("dL/dw6", 0.5, -0.5, 1e-9),
        parameters=Difference("b12", 0.125, inf, 0.0),
    ),
    CheckResult("Keras", "no answer", "it was ended by SIGABRT"),
    CheckResult("JAX", "not installed", "pip install jax"),
)


@pytest.mark.parametrize("ascii", [False, True])
def test_as_printed(ascii: bool) -> None:
    """All that can be said of a judge: agrees in part, differs, gives no answer, is not there."""
    lines = text_lines("A lesson", 1204, VERDICTS)
    text = "".join(f"{to_ascii(line) if ascii else line}\n" for line in lines)
    assert_golden(f"check-verdicts{'-ascii' if ascii else ''}.txt", text)


def test_where_nothing_was_judged_nothing_agrees() -> None:
    """Neither in the table nor in JSON, and the result says so."""
    result = CheckResult(NUMERIC, "agrees", overflowing=("w1", "b1"))
    lines = list(text_lines("Huge", 2, [result]))
    assert lines[3].split() == ["numeric", "gradient", "not", "judged"]
    assert lines[-1] == "Nothing was judged."
    assert [json.loads(line)["status"] for line in json_lines([result], ascii=True)] == ["not judged"]


def test_rounding_of_large_numbers_is_called_rounding() -> None:
    """9.7 beside 1.9e19 is none of the differences that a reader looks for; 1.4e-15 is written out."""
    large = Difference("dL/db3", 1.9e19, 1.9e19 + 4096, allowed=1.9e10)
    small = Difference("w5", 1.0, 1.0 + 1.4e-15, allowed=1e-9)
    agreeing = CheckResult("PyTorch", "agrees", checked=9, gradients=large, parameters=small)
    row = list(text_lines("Large", 9, [agreeing]))[3]
    assert row.split(maxsplit=1)[1].split("  ")[0] == "rounding at ∂L/∂b₃"
    assert " 1.3e-15 at w₅ " in row
    assert row.endswith(" agrees")


def test_a_real_difference_has_its_number() -> None:
    """However large it is."""
    real = Difference("dL/db3", 1e19, 2e19, allowed=1e10)
    row = list(text_lines("Wrong", 9, [CheckResult("PyTorch", "differs", checked=9, gradients=real)]))[3]
    assert "1.0e+19 at ∂L/∂b₃" in row
    assert row.endswith(" differs")


@pytest.mark.parametrize("version", ["2.13.0", "2.14.1+cu130", "2.15.0.dev20260101+cu130"])
def test_columns_never_run_together(version: str) -> None:
    """However long a version is, the numbers stand apart from it."""
    same = Difference("w5", 1.0, 1.0, allowed=1e-9)
    agreeing = CheckResult("PyTorch", "agrees", version=version, gradients=same, parameters=same)
    assert list(text_lines("Long", 9, [agreeing]))[3].split() == ["PyTorch", version, "0", "0", "agrees"]
