"""The loss panel: the loss over the updates so far."""

from __future__ import annotations

from tinynet_tui.handouts.loss_curve import Curve
from tinynet_tui.session.history import losses
from tinynet_tui.session.moment import Moment
from tinynet_tui.tui.drawing.look import Look
from tinynet_tui.tui.drawing.loss_chart import loss_chart
from tinynet_tui.tui.picture import Picture


def loss_panel(moment: Moment, width: int, height: int, look: Look) -> Picture:
    """The curve of the loss over all samples, up to this update, and after its check to the next."""
    update = moment.session.update + (moment.phase == "check")
    before_each = losses(moment.session, update)
    # The loss before update 1 is that of update 0, before training.
    curve = Curve("", range(len(before_each)), before_each)
    return loss_chart((curve,), width, height, look.ascii)
