"""The page that train prints."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.setups import LECTURE, setups
from tests.goldens import assert_golden
from tinynet_tui.drawing.printed_pages import training_page
from tinynet_tui.engine.model import Hyperparameters, Setup
from tinynet_tui.experiments.row import SHELL_HEIGHT, SHELL_WIDTH

ROW_2 = replace(LECTURE, inputs=((2.0, 1.0),), targets=((6.0,),))


def _with_rates(setup: Setup, *rates: float) -> list[Setup]:
    return [replace(setup, hyperparameters=Hyperparameters(learning_rate=rate)) for rate in rates]


@pytest.mark.parametrize("ascii", [False, True])
def test_as_printed(ascii: bool) -> None:
    """One run; four of the lecture's second row and one beyond reason; more than there is room for."""
    pages = (
        training_page("lecture", [LECTURE], 100, ascii),
        training_page("lecture, row 2", _with_rates(ROW_2, 0.005, 0.01, 0.1, 0.25, 1e99), 25, ascii),
        training_page("lecture", _with_rates(LECTURE, *(0.05 * k for k in range(1, 12))), 25, ascii),
    )
    text = "\n".join(f"{page.text()}\n" for page in pages)
    assert_golden(f"training-page{'-ascii' if ascii else ''}.txt", text)


@given(setups(), st.lists(st.floats(1e-9, 1e300), min_size=1, max_size=12), st.text(max_size=100))
def test_any_training_fits_one_screen(setup: Setup, rates: list[float], title: str) -> None:
    """Whatever is trained, at whatever rates, and whatever it is called."""
    several = [
        replace(setup, hyperparameters=setup.hyperparameters._replace(learning_rate=rate)) for rate in rates
    ]
    page = training_page(title, several, 5)
    assert page.width == SHELL_WIDTH
    assert page.height <= SHELL_HEIGHT
