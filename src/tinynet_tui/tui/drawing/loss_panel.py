"""The loss panel: the loss over the updates so far."""

from __future__ import annotations

from functools import lru_cache
from itertools import chain
from math import isfinite

from tinynet_tui.handouts.loss_curve import Curve, thinned
from tinynet_tui.session.history import losses
from tinynet_tui.session.moment import Moment
from tinynet_tui.session.session import Session
from tinynet_tui.tui.drawing.look import Look
from tinynet_tui.tui.drawing.loss_chart import loss_chart
from tinynet_tui.tui.picture import Picture

_STRETCHES = 1000
"""More than any screen has columns of dots."""
_BLOCK = 10_000
"""Updates: up to the last whole block the curve is thinned once, and at each update only what follows."""


def loss_panel(moment: Moment, width: int, height: int, look: Look) -> Picture:
    """The curve of the loss over all samples, up to this update, and after its check to the next."""
    here = moment.session
    training = Session(here.lesson, here.edits, here.seed)
    shown = here.update + (moment.phase == "check")
    # The loss before update 1 is that of update 0, before training.
    whole = shown - shown % _BLOCK
    parts = [_part(training, first, end) for first, end in ((0, whole), (whole, shown)) if first < end]
    if not isfinite(parts[0].losses[-1]):
        parts = parts[:1]
    curve = Curve(
        "",
        tuple(chain.from_iterable(part.updates for part in parts)),
        tuple(chain.from_iterable(part.losses for part in parts)),
    )
    return loss_chart((curve,), width, height, look.ascii)


@lru_cache(maxsize=8)
def _part(training: Session, first: int, end: int) -> Curve:
    """The losses after the updates from one to another, in few points."""
    return thinned(Curve("", range(first, end), losses(training, end, first)), _STRETCHES)
