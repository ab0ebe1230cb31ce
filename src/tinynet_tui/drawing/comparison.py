"""One line with the numbers from before the last edit, beside those of now."""

from __future__ import annotations

from dataclasses import dataclass

from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Canvas
from tinynet_tui.engine.model import Model
from tinynet_tui.engine.names import sample_mark, symbol
from tinynet_tui.session.commands import key_of
from tinynet_tui.session.history import Comparison
from tinynet_tui.session.session import LEARNING_RATE
from tinynet_tui.teaching.numbers import shown
from tinynet_tui.teaching.of_samples import joined


@dataclass(frozen=True, slots=True)
class _Form:
    """How much is said of each number."""

    with_update: bool
    was: str
    with_sample: bool
    closes: str
    """What closes the line."""


_LEAVE = key_of("leave")
_FORMS = (
    _Form(True, "was ", True, f"{_LEAVE} closes"),
    _Form(True, "", True, f"{_LEAVE} closes"),
    _Form(True, "", False, f"{_LEAVE} closes"),
    _Form(True, "", False, _LEAVE),
    _Form(False, "", False, _LEAVE),
)
"""From long to short."""

_Pair = tuple[str, tuple[float, float]]


def draw_comparison(canvas: Canvas, y: int, compared: Comparison, model: Model, look: Look) -> None:
    """Old and new value, loss and outputs, in the longest form that has room; outputs as many as fit."""
    for form in _FORMS:
        room = canvas.width - len(form.closes) - 3
        pairs = _pairs(compared, model, form)
        if 1 + sum(_cells(pair, form, look) for pair in pairs[:_NEEDED]) - _APART <= room:
            break
    x = 1
    for pair in pairs:
        if x + _cells(pair, form, look) - _APART > room:
            break
        for text, style in _parts(pair, form):
            x = canvas.text(x, y, look.say(text), style)
        x += _APART
    canvas.text(room + 2, y, form.closes, "dim")


_NEEDED = 3
"""Value, loss and the first output."""
_APART = 2
"""Cells between two pairs of numbers."""


def _pairs(compared: Comparison, model: Model, form: _Form) -> list[_Pair]:
    """What is compared, the most needed first.

    What a learning rate changes is the loss after the update; of any other edit it is the loss before.
    """
    edit, of = compared.edit, ""
    is_rate = edit.name == LEARNING_RATE
    place = f"{'' if is_rate else 'before '}update {edit.update:,}: " if form.with_update else ""
    if compared.samples > 1:
        of = f" of sample {compared.sample}" if form.with_sample else sample_mark(compared.sample)
    many = len(compared.outputs) > 1
    loss = joined("L", model, compared.samples)
    return [
        (f"{place}{symbol(edit.name)}", compared.value),
        (f"{loss} after it" if is_rate else loss, compared.loss),
        *(
            (symbol(f"yhat{number}" if many else "yhat") + of, pair)
            for number, pair in enumerate(compared.outputs, start=1)
        ),
    ]


def _parts(pair: _Pair, form: _Form) -> tuple[tuple[str, str], ...]:
    name, (old, new) = pair
    return (f"{name} {form.was}", "dim"), (f"{shown(old)}, now ", ""), (shown(new), "strong")


def _cells(pair: _Pair, form: _Form, look: Look) -> int:
    return sum(len(look.say(text)) for text, _ in _parts(pair, form)) + _APART
