"""The picture of what has been learnt: each part of the plane has the prediction of that place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests import reference
from tests.engine.programs import model_of, setup_of
from tests.engine.setups import dense_setup, reference_of
from tests.session.opened_programs import Opened
from tinynet_tui.drawing.learnt_picture import chart_of, learnt
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.drawing.screen import screen
from tinynet_tui.engine.model import Hyperparameters
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.networks.dense import Network
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Session
from tinynet_tui.teaching.charts import SHADES

XOR = replace(start(shipped_lesson("xor")), view="picture")


def predictions(session: Session, places: list[tuple[float, float]]) -> list[float]:
    """What an independent program predicts at places of the plane, with the parameters of an update."""
    now = moment(session)
    model = reference_of(now.setup, now.trace.start.parameters)
    return [reference.forward(model, place)[1][-1][0] for place in places]


@pytest.mark.parametrize("update", [1, 2, 300])
def test_the_plane_is_the_prediction(update: int) -> None:
    """In the samples and between them, before training and after."""
    places = [(0.0, 0.0), (1.0, 0.0), (0.25, 0.8), (-0.2, 1.2)]
    ground = chart_of(moment(replace(XOR, update=update))).ground
    assert ground is not None
    assert [ground.value(*place) for place in places] == pytest.approx(
        predictions(replace(XOR, update=update), places), rel=1e-12
    )


def test_it_follows_the_steps_of_an_update() -> None:
    """A parameter that has taken its step is new in it: at the check it is the picture of the next update."""
    first, last = (chart_of(moment(replace(XOR, step=step))).ground for step in (0, 163))
    following = chart_of(moment(replace(XOR, update=2))).ground
    assert first is not None
    assert last is not None
    assert following is not None
    assert last.value(0.3, 0.4) == following.value(0.3, 0.4) != first.value(0.3, 0.4)
    assert last == following != first


def test_shades_go_from_low_to_high() -> None:
    """Where the reference predicts more, the sign is no lighter; colours part at the targets' middle."""
    picture = learnt(Scene(moment(replace(XOR, update=300)), Look()), 80, 14)
    row = picture.rows[6]  # the middle one, of 11 from 1.5 down to −0.5
    cells = [(sign, run.style) for run in row for sign in run.text][8:]
    places = [(-0.2 + 1.4 * (column + 0.5) / len(cells), 0.5) for column in range(len(cells))]
    values = predictions(replace(XOR, update=300), places)
    by_value = list(zip(values, cells, strict=True))
    shades = [(value, SHADES.index(sign)) for value, (sign, _) in by_value if sign in SHADES]
    assert len({shade for _, shade in shades}) > 1
    for (low, lower), (high, higher) in zip(sorted(shades), sorted(shades)[1:], strict=False):
        assert lower <= higher or high - low < 0.1
    sure = [(value, style) for value, (_, style) in by_value if abs(value - 0.5) > 0.1]
    assert all(("positive" in style) == (value > 0.5) for value, style in sure if style.startswith("edge"))


def test_the_curve_over_one_input(opened: Opened) -> None:
    """A line, by hand: ŷ = 2 · x − 0.5, with its samples on the chart."""
    line = dense_setup(
        Network((1, 1), ("linear",)), (2.0, -0.5), ((0.0,), (1.0,)), ((1.0,), (3.0,)), Hyperparameters(), 2
    )
    session = replace(opened(line), view="picture")
    chart = chart_of(moment(session))
    assert [y for _, y in chart.lines[0].points] == pytest.approx(
        [2 * x - 0.5 for x, _ in chart.lines[0].points]
    )
    assert [(spot.x, spot.y) for spot in chart.spots] == [(0.0, 1.0), (1.0, 3.0)]
    for ascii in (False, True):
        assert "x" in screen(moment(session), 80, 24, Look(ascii)).text().splitlines()[1]


def test_the_path_of_an_optimiser_is_what_one_works_out(opened: Opened) -> None:
    """By hand, with η = 0.1: w₁ ← w₁ − 0.1 · 0.2 · w₁ and w₂ ← w₂ − 0.1 · 4 · w₂, from (−5, −2)."""
    session = opened(setup_of(model_of("plain function"), "plain function"))
    chart = chart_of(moment(replace(session, update=4)))
    hand = [(-5 * 0.98**k, -2 * 0.6**k) for k in range(4)]
    points = list(chart.lines[0].points)
    assert points[:4] == [pytest.approx(point) for point in hand]
    assert chart.ground is not None
    assert chart.ground.value(1.5, -0.5) == pytest.approx(0.1 * 1.5**2 + 2 * 0.5**2)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36), (200, 60)])
@pytest.mark.parametrize("ascii", [False, True])
def test_screens(size: tuple[int, int], ascii: bool, opened: Opened) -> None:
    """A plane, and level lines, in any room; numbers that are not finite draw no fault."""
    for session in (XOR, opened(setup_of(model_of("plain function"), "plain function", rate=1e200))):
        for update in (1, 3, 6):
            there = replace(session, update=update, view="picture")
            picture = screen(moment(there), *size, Look(ascii))
            assert {sum(len(run.text) for run in row) for row in picture.rows} == {size[0]}
            assert picture.text().isascii() or not ascii


def test_the_key_leads_to_the_picture_where_there_is_one(opened: Opened) -> None:
    """After the sheet; three inputs have none."""
    sheet = after(XOR, Command("view", "diagram"))
    assert [sheet.view, after(sheet, Command("view", "sheet")).view] == ["sheet", "picture"]
    assert after(XOR, Command("view", "picture")).view == "diagram"
    recurrent = opened(setup_of(model_of("recurrent"), "recurrent"))
    assert after(recurrent, Command("view", "sheet")).view == "diagram"


def test_the_picture_of_a_valley_fits_the_smallest_screen() -> None:
    """Its legend is whole; what the key says takes the row of the hints alone, the timeline stays."""
    session = replace(start(shipped_lesson("valley")), view="sheet")
    session = after(session, Command("view"))
    while session.view != "picture":
        session = after(session, Command("view"))
    lines = screen(moment(session), 60, 20, Look()).text().splitlines()
    assert lines[1].endswith("path from ○ to ● (now)")
    assert lines[-2].startswith(" given forward loss")
    assert lines[-1].endswith("V changes it.")
