"""A loss curve: the loss of one training run after each of its updates, or after some of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite


@dataclass(frozen=True, slots=True)
class Curve:
    """The losses of a run, and what the run is called."""

    label: str
    """A few characters, such as its learning rate; may be empty where there is one curve."""
    updates: Sequence[int]
    """Ascending; update 0 is before training."""
    losses: Sequence[float]
    """One for each of these updates."""


def thinned(curve: Curve, stretches: int) -> Curve:
    """The same curve to the eye, in few points, and none after the first that is inf or nan.

    The curve is cut into stretches. Of each the lowest and the highest point stay, so that no peak is lost;
    and so do the first point and the last.
    """
    places = tuple(_places(curve.losses, max(1, -(-len(curve.losses) // max(stretches, 1)))))
    return Curve(
        curve.label,
        tuple(curve.updates[place] for place in places),
        tuple(curve.losses[place] for place in places),
    )


def _places(losses: Sequence[float], length: int) -> Iterator[int]:
    """The positions of the points that stay, in order, for stretches of a length."""
    last = len(losses) - 1
    for start in range(0, last + 1, length):
        part = losses[start : start + length]
        # A sum of finite numbers may overflow, but one with inf or nan in it is never finite.
        broken = not isfinite(sum(part)) and not all(map(isfinite, part))
        if broken:
            last = start + next(place for place, loss in enumerate(part) if not isfinite(loss))
            part = part[: last - start]
        kept = {start + part.index(extreme(part)) for extreme in (min, max) if part}
        ends = {end for end in (0, last) if start <= end < start + length}
        yield from sorted(kept | ends)
        if broken:
            return
