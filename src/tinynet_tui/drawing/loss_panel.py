"""The loss panel: the loss over the updates so far."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from tinynet_tui.drawing.loss_chart import loss_chart
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.session.history import losses
from tinynet_tui.session.moment import Moment
from tinynet_tui.session.session import Session
from tinynet_tui.teaching.charts import Curve, thinned
from tinynet_tui.teaching.numbers import shown
from tinynet_tui.teaching.sample_or_batch import joined

_STRETCHES = 1000
"""More than any screen has columns of dots."""
_BLOCKS = (100_000, 10_000)
"""Updates: blocks of these sizes are thinned once, and at each update only what follows the last of them."""


def loss_panel(scene: Scene, width: int, height: int) -> Picture:
    """The curve of the loss over all samples, up to this update, and after its check to the next."""
    moment, look, here = scene.moment, scene.look, scene.moment.session
    training = Session(here.lesson, here.edits, here.seed)
    end = here.update + (moment.phase == "check") - _is_still_open(moment)
    if end == 0:
        canvas = look.canvas(width, height)
        said = "still to be predicted" if here.stage != "off" else "not computed yet"
        canvas.text(0, 0, f"The first loss is {said}.", "dim")
        return canvas.picture()
    # The loss before update 1 is that of update 0, before training.
    parts = [_part(training, first, after) for first, after in _blocks(end)]
    curve = Curve(
        "",
        tuple(chain.from_iterable(part.updates for part in parts)),
        tuple(chain.from_iterable(part.losses for part in parts)),
    )
    now = f"now {shown(curve.losses[-1], here.digits)}"
    return loss_chart((curve,), width, height, look.ascii, heading=_heading(moment), now=look.say(now))


def _heading(moment: Moment) -> str:
    """What the curve shows: of several samples, what the loss makes of all of them."""
    samples = len(moment.setup.inputs)
    of = f" of all {samples} samples" if samples > 1 else ""
    return f"{joined('loss', moment.model, samples)}{of} after each update"


def _is_still_open(moment: Moment) -> bool:
    """Whether the loss at this update is still to be predicted, or the very first to be computed."""
    last = moment.program.number_of("L", moment.program.samples[-1])
    session = moment.session
    # The loss of a later update is known from the check of the one before.
    return (session.stage != "off" or session.update == 1) and session.step < last


def _blocks(end: int) -> Iterator[tuple[int, int]]:
    """The (first, end) of each block up to an update, and of the rest."""
    first = 0
    for size in _BLOCKS:
        while first + size <= end:
            yield first, first + size
            first += size
    if first < end:
        yield first, end


@lru_cache(maxsize=64)
def _part(training: Session, first: int, end: int) -> Curve:
    """The losses after the updates from one to another, in few points."""
    return thinned(Curve("", range(first, end), losses(training, end, first)), _STRETCHES)
