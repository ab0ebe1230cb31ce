"""The loss panel: the loss over the updates so far."""

from __future__ import annotations

from functools import lru_cache

from tinynet_tui.handouts.loss_curve import Curve, thinned
from tinynet_tui.session.history import losses
from tinynet_tui.session.moment import Moment
from tinynet_tui.session.session import Session
from tinynet_tui.tui.drawing.look import Look
from tinynet_tui.tui.drawing.loss_chart import loss_chart
from tinynet_tui.tui.picture import Picture

_STRETCHES = 1000
"""More than any screen has columns of dots."""


def loss_panel(moment: Moment, width: int, height: int, look: Look) -> Picture:
    """The curve of the loss over all samples, up to this update, and after its check to the next."""
    here = moment.session
    last = here.update + (moment.phase == "check")
    training = Session(here.lesson, here.edits, here.seed, last)
    return loss_chart((_curve(training),), width, height, look.ascii)


@lru_cache(maxsize=4)
def _curve(training: Session) -> Curve:
    """The losses up to and including the one before a session's update, in few points."""
    before_each = losses(training, training.update)
    # The loss before update 1 is that of update 0, before training.
    return thinned(Curve("", range(len(before_each)), before_each), _STRETCHES)
