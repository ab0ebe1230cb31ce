"""The page that train prints."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.setups import LECTURE, setups
from tests.goldens import assert_golden
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.printed_pages import printed_picture
from tinynet_tui.engine.model import Setup
from tinynet_tui.experiments.experiment_rows import SHELL_HEIGHT, SHELL_WIDTH
from tinynet_tui.experiments.learning_rates import training_printed

ROW_2 = replace(LECTURE, inputs=((2.0, 1.0),), targets=((6.0,),))


def _page(title: str, setup: Setup, rates: list[float], updates: int, ascii: bool = False) -> Picture:
    return printed_picture(training_printed(title, setup, rates, updates), ascii)


@pytest.mark.parametrize("ascii", [False, True])
def test_as_printed(ascii: bool) -> None:
    """One run; four of the lecture's second row and one beyond reason; more than there is room for; none."""
    pages = (
        _page("lecture", LECTURE, [0.01], 100, ascii),
        _page("lecture, row 2", ROW_2, [0.005, 0.01, 0.1, 0.25, 1e99], 25, ascii),
        _page("lecture", LECTURE, [0.05 * k for k in range(1, 12)], 25, ascii),
        _page("lecture", LECTURE, [0.01, 0.1], 0, ascii),
    )
    text = "\n".join(f"{page.text()}\n" for page in pages)
    assert_golden(f"training-page{'-ascii' if ascii else ''}.txt", text)


@given(setups(), st.lists(st.floats(1e-9, 1e300), min_size=1, max_size=12), st.text(max_size=100))
def test_any_training_fits_one_screen(setup: Setup, rates: list[float], title: str) -> None:
    """Whatever is trained, at whatever rates, and whatever it is called."""
    page = _page(title, setup, rates, 5)
    assert page.width == SHELL_WIDTH
    assert page.height <= SHELL_HEIGHT
