"""The loss panel."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite

import pytest
from msgspec import structs

from tests.session.random_lessons import LECTURE
from tinynet_tui.drawing import loss_panel as module
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.loss_chart import loss_chart
from tinynet_tui.drawing.loss_panel import loss_panel
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.session.history import losses, program_of
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Session
from tinynet_tui.teaching.charts import Curve
from tinynet_tui.teaching.numbers import shown


@pytest.mark.parametrize("update", [2, 3, 10, 11, 20, 99, 100, 101, 234])
def test_a_curve_put_together_from_blocks_is_the_whole_curve(
    update: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever the update falls among the blocks."""
    monkeypatch.setattr(module, "_BLOCKS", (100, 10))
    session = Session(LECTURE, update=update)
    whole = Curve("", range(update), losses(session, update))
    assert loss_panel(Scene(moment(session), Look()), 80, 12) == loss_chart(
        (whole,), 80, 12, now=f"now {shown(whole.losses[-1])}"
    )


def test_a_curve_ends_where_it_is_not_finite_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Though blocks follow."""
    monkeypatch.setattr(module, "_BLOCKS", (100, 10))
    network = structs.replace(LECTURE.network, activations=("linear", "linear"))
    training = structs.replace(LECTURE.training, learning_rate=1.0)
    diverging = structs.replace(LECTURE, network=network, training=training)
    curve = losses(Session(diverging), 250)
    assert not isfinite(curve[99])
    session = Session(diverging, update=250)
    whole = Curve("", range(250), curve)
    assert loss_panel(Scene(moment(session), Look()), 80, 12) == loss_chart((whole,), 80, 12)


def test_a_loss_that_is_not_computed_yet_is_not_told() -> None:
    """The lecture's first is 0.25, known from its step on; that of update 2 from the check of update 1."""
    session = Session(LECTURE)
    last = program_of(session).number("L", 1)
    assert last is not None
    before, there = (
        loss_panel(Scene(moment(replace(session, step=n)), Look()), 80, 12) for n in (last - 1, last)
    )
    assert before.text().strip() == "The first loss is not computed yet."
    assert "now 0.25" in there.text()
    assert "now 0.1810" in loss_panel(Scene(moment(Session(LECTURE, update=2)), Look()), 80, 12).text()
