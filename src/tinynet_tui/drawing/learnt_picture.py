"""What has been learnt, as a picture that follows every step."""

from __future__ import annotations

from tinynet_tui.drawing.chart import chart_picture
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.engine.model import Values
from tinynet_tui.session.history import parameters_before
from tinynet_tui.session.moment import Moment
from tinynet_tui.teaching.charts import Chart
from tinynet_tui.teaching.learnt_charts import learnt_chart, valley_chart

_MOST_UPDATES = 64
"""The path of the parameters goes back so far."""


def learnt(scene: Scene, width: int, height: int) -> Picture:
    """A curve for one input, a plane for two, and for a function of two parameters its level lines."""
    return chart_picture(chart_of(scene.moment), width, height, scene.look.ascii)


def chart_of(moment: Moment) -> Chart:
    """The picture as a chart, without its size."""
    now: Values = tuple(moment.value(name) or 0.0 for name in moment.model.parameter_names)
    if moment.model.inputs:
        return learnt_chart(moment.setup, now, f", at update {moment.session.update}", moment.sample)
    path = [*parameters_before(moment.session, _MOST_UPDATES), now]
    return valley_chart(moment.setup, [(path, "●", "edge.lit")], "path from ○ to ● (now)")
