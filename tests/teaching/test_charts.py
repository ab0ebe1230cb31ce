"""Curves thinned for the eye."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from tinynet_tui.teaching.charts import Curve, thinned


def _curve(losses: list[float]) -> Curve:
    return Curve("", range(len(losses)), losses)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=300), st.integers(1, 50))
def test_ends_and_extremes_stay(losses: list[float], stretches: int) -> None:
    """At most two points of a stretch and the two ends are kept, each as it was."""
    thin = thinned(_curve(losses), stretches)
    assert len(thin.losses) <= 2 * stretches + 2
    assert list(thin.updates) == sorted(set(thin.updates))
    assert [losses[update] for update in thin.updates] == list(thin.losses)
    assert (thin.updates[0], thin.updates[-1]) == (0, len(losses) - 1)
    assert (min(thin.losses), max(thin.losses)) == (min(losses), max(losses))


@given(st.lists(st.floats(0, 1e6), max_size=100), st.sampled_from([math.inf, math.nan]), st.integers(1, 50))
def test_nothing_stays_after_what_is_not_finite(before: list[float], end: float, stretches: int) -> None:
    """That point is the last one."""
    thin = thinned(_curve([*before, end, 1.0, math.nan]), stretches)
    assert thin.updates[-1] == len(before)
    assert not math.isfinite(thin.losses[-1])
    assert all(map(math.isfinite, thin.losses[:-1]))


def test_a_short_curve_stays_whole() -> None:
    """Thinning what is thin changes nothing; a curve without points has none."""
    curve = Curve("a", (0, 2, 4), (3.0, 1.0, 2.0))
    assert thinned(curve, 3) == thinned(thinned(curve, 3), 3) == curve
    assert thinned(_curve([]), 5).losses == ()
