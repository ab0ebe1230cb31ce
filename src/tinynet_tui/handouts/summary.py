"""The words and numbers of a summary, as every handout has them."""

from __future__ import annotations

from collections.abc import Iterator

from tinynet_tui.handouts.rows import Pen
from tinynet_tui.handouts.worked import Change, Summary

COLUMNS = ("old value", "∂L/∂p", "change", "new value")


def cells(change: Change, pen: Pen) -> tuple[str, ...]:
    """A parameter and its numbers in the order of `COLUMNS`."""
    after = (
        (pen.frozen, pen.frozen) if change.is_frozen else map(pen.number_or_gap, (change.change, change.new))
    )
    return (
        pen.symbol(change.name),
        *map(pen.number_or_gap, (change.old, change.gradient)),
        *after,
    )


def totals(summary: Summary, pen: Pen) -> Iterator[tuple[str, str]]:
    """(label, "= value") of the loss before and after, and of the change at the same slope."""
    yield "The loss before the update:", pen.result(summary.loss_before)
    yield "The loss after it:", pen.result(summary.loss_after)
    label = f"The change if the slope stayed the same, {summary.promise} ({summary.promise_words}):"
    yield label, pen.result(summary.promised)
