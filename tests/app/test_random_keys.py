"""Keys in any order, over any lesson and size: a short slice of the campaign of random use."""

from __future__ import annotations

import pytest

from tests.campaigns.random_use import Use


@pytest.mark.parametrize("number", range(4))
def test_random_keys(number: int) -> None:
    """Nothing breaks, undo is exact; the screen, the state file and a second app have the same session."""
    Use(seed=20, number=number, keys=100).run()
