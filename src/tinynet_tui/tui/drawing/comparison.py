"""One line with the numbers from before the last edit, beside those of now."""

from __future__ import annotations

from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.network import Network
from tinynet_tui.session.comparison import Comparison
from tinynet_tui.session.edits import LEARNING_RATE
from tinynet_tui.teaching.numbers import shown
from tinynet_tui.teaching.of_samples import joined
from tinynet_tui.tui.drawing.look import Look
from tinynet_tui.tui.picture import Canvas

_CLOSES = ("Esc closes", "Esc closes", "Esc")
"""What closes it, in the forms from long to short."""

_Pair = tuple[str, tuple[float, float]]


def draw_comparison(canvas: Canvas, y: int, compared: Comparison, network: Network, look: Look) -> None:
    """Old and new value, loss and outputs, in the longest form that has room; outputs as many as fit."""
    for form, closes in enumerate(_CLOSES):
        room = canvas.width - len(closes) - 3
        pairs = _pairs(compared, network, form)
        if 1 + sum(_cells(pair, look) for pair in pairs[:_NEEDED]) <= room:
            break
    x = 1
    for pair in pairs:
        if x + _cells(pair, look) - _APART > room:
            break
        for text, style in _parts(pair):
            x = canvas.text(x, y, look.say(text), style)
        x += _APART
    canvas.text(room + 2, y, closes, "dim")


_NEEDED = 3
"""Value, loss and the first output."""
_APART = 2
"""Cells between two pairs of numbers."""


def _pairs(compared: Comparison, network: Network, form: int) -> list[_Pair]:
    """What is compared, the most needed first; in a form from 0, the longest, to 2."""
    edit = compared.edit
    place = f"update {edit.update:,}: " if form == 0 else ""
    of = f" of sample {compared.sample}" if compared.samples > 1 and form < len(_CLOSES) - 1 else ""
    many = len(compared.outputs) > 1
    loss = joined("L", network, compared.samples)
    return [
        (f"{place}{symbol(edit.name)}", compared.value),
        (f"then {loss}" if edit.name == LEARNING_RATE else loss, compared.loss),
        *(
            (symbol(f"yhat{number}" if many else "yhat") + of, pair)
            for number, pair in enumerate(compared.outputs, start=1)
        ),
    ]


def _parts(pair: _Pair) -> tuple[tuple[str, str], ...]:
    name, (old, new) = pair
    return (f"{name} ", "dim"), (f"{shown(old)} → ", ""), (shown(new), "strong")


def _cells(pair: _Pair, look: Look) -> int:
    return sum(len(look.say(text)) for text, _ in _parts(pair)) + _APART
