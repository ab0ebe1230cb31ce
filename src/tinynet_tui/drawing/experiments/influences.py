"""All parameters side by side: which of them moves the loss most, and which the output."""

from __future__ import annotations

from collections.abc import Callable

from tinynet_tui.drawing.experiments.bars import draw_bar
from tinynet_tui.drawing.experiments.view import View
from tinynet_tui.drawing.experiments.words import Words, stacked, words_picture
from tinynet_tui.drawing.experiments.work import Influences
from tinynet_tui.drawing.look import Look, sign_role
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.experiments.sensitivity import Influence, longest_size, most_words
from tinynet_tui.teaching.numbers import cell, shown

_NUMBER = 8
"""Cells of a number."""


def influences_picture(view: View, result: Influences, width: int, height: int, look: Look) -> Picture:
    """Two columns of bars, each sorted; and for the chosen parameter the gradient in two ways."""
    chosen = result.of[view.chosen_name]
    said = [Words(_gradients(chosen, look), "strong"), Words(most_words(tuple(result.of.values()))), *_SAYS]
    words = words_picture(said, width, height // 3, look)
    half = width // 2
    columns = look.canvas(width, height - words.height)
    rows = columns.height - 1
    loss = _column(
        "moves the loss most: ∂L/∂p",
        result.by_loss,
        view,
        look,
        half - 2,
        rows,
        lambda name: result.of[name].on_loss,
    )
    output = _column(
        "moves ŷ most: |∂ŷ/∂p|",
        result.by_output,
        view,
        look,
        width - half - 1,
        rows,
        lambda name: result.of[name].on_output,
    )
    columns.blit(loss, 1, 0)
    columns.blit(output, half + 1, 0)
    return stacked(columns.picture(), words, height, look)


_SAYS = (
    Words("A parameter with 0 does not change this output or this loss: its input is 0, or a ReLU is shut."),
    Words(
        "The ± is an estimate of how far off the differences are: large where a ReLU is about to shut.", "dim"
    ),
)


def _gradients(chosen: Influence, look: Look) -> str:
    name = look.symbol(chosen.name)
    return (
        f"∂L/∂{name}: {shown(chosen.on_loss, 8)} by the chain rule, {shown(chosen.numeric, 8)} from "
        f"differences of the loss, give or take {shown(chosen.uncertainty, 2)}"
    )


def _column(
    title: str,
    names: tuple[str, ...],
    view: View,
    look: Look,
    width: int,
    rows: int,
    size: Callable[[str], float],
) -> Picture:
    """Bars in order, as many as have room, the chosen one among them."""
    canvas = look.canvas(width, rows + 1)
    canvas.text(0, 0, look.say(title), "dim")
    in_view = min(rows - (len(names) > rows), len(names))
    place = names.index(view.chosen_name)
    top = max(0, min(place - in_view // 2, len(names) - in_view))
    longest = longest_size(map(size, names))
    for y, name in enumerate(names[top : top + in_view], start=1):
        value = size(name)
        style = "strong" if name == view.chosen_name else ""
        if style:
            canvas.text(0, y, "▸", style)
        canvas.text(1, y, look.symbol(name), style)
        canvas.text(6, y, look.say(cell(value, _NUMBER, 4)), style or sign_role(value))
        draw_bar(canvas, 6 + _NUMBER + 1, y, width - 6 - _NUMBER - 1, abs(value) / longest, sign_role(value))
        canvas.mark(f"choice:{view.choices.index(name)}", 0, y, width)
    if in_view < len(names):
        canvas.text(1, rows, look.say(f"{top + 1} to {top + in_view} of {len(names)}"), "dim")
    return canvas.picture()
