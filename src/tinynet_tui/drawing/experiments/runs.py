"""The table of runs below their chart: what each is called, its loss at the cursor, and what it did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tinynet_tui.drawing.chart import Rule
from tinynet_tui.drawing.experiments.words import LEAST_CHART, Words, stacked, words_picture
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.loss_chart import curve_letter, curve_style, loss_chart
from tinynet_tui.drawing.picture import Canvas, Picture, shorten, wrap
from tinynet_tui.engine.walks import number_text
from tinynet_tui.handouts.loss_curve import Curve
from tinynet_tui.teaching.numbers import equals, shown

_DIGITS = 6


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run in the table."""

    name: str
    loss: float
    """At the cursor."""
    brief: str
    """What it did, in a few words."""
    words: str
    """What it did, in sentences."""


@dataclass(frozen=True, slots=True)
class RunTable:
    """Runs, of which one is chosen, at one update."""

    named: str
    """What the runs differ in."""
    rows: Sequence[RunRow]
    chosen: int
    update: int

    def picture(self, width: int, height: int, look: Look) -> Picture:
        """The table, in the rows at the foot that the chart above leaves to it.

        Each run has its sentences beside it where all have room so; or else each has a few words, and the
        chosen one its sentences below.
        """
        most = height - LEAST_CHART
        long = self._with_sentences(width, look)
        return long if long.height <= most else self._with_few_words(width, most, look)

    def _with_sentences(self, width: int, look: Look) -> Picture:
        x = self._words_x(look)
        wrapped = [wrap(look.say(row.words), max(width - x - 1, 20)) or ("",) for row in self.rows]
        canvas = look.canvas(width, 1 + sum(map(len, wrapped)))
        self._draw_heading(canvas, look)
        y = 1
        for index, lines in enumerate(wrapped):
            self._draw_run(canvas, y, index, look)
            for row, line in enumerate(lines):
                canvas.text(x, y + row, line, self._style(index))
            y += len(lines)
        return canvas.picture()

    def _with_few_words(self, width: int, most: int, look: Look) -> Picture:
        words = words_picture([Words(self.rows[self.chosen].words)], width, most - 2, look)
        in_view = max(1, min(len(self.rows), most - 1 - words.height))
        top = max(0, min(self.chosen - in_view // 2, len(self.rows) - in_view))
        canvas = look.canvas(width, 1 + in_view + words.height)
        part = f"{top + 1} to {top + in_view} of {len(self.rows)}" if in_view < len(self.rows) else ""
        self._draw_heading(canvas, look, part)
        x = self._words_x(look)
        for y, index in enumerate(range(top, top + in_view), start=1):
            self._draw_run(canvas, y, index, look)
            brief = shorten(look.say(self.rows[index].brief), width - x - 1, look.ascii)
            canvas.text(x, y, brief, self._style(index))
        canvas.blit(words, 0, 1 + in_view)
        return canvas.picture()

    def _draw_heading(self, canvas: Canvas, look: Look, part: str = "") -> None:
        """What the columns are, the chosen loss in full, and at the right which part of the runs is seen."""
        right = canvas.width - len(part) - 1
        canvas.text(right, 0, part, "dim")
        canvas.text(_NAME_X, 0, look.say(self.named), "dim")
        canvas.text(self._words_x(look) - 6, 0, "loss", "dim")
        x = self._words_x(look)
        forms = [look.say(form) for form in self._places()]
        text = next((form for form in forms if x + len(form) < right), forms[-1])
        canvas.text(x, 0, text, "dim")

    def _places(self) -> tuple[str, ...]:
        """Where the losses are taken, with the chosen one in full where it is rounded; and shorter."""
        place = f"after update {self.update:,}"
        loss = self.rows[self.chosen].loss
        if equals(loss, _DIGITS) == "=":
            return (place,)
        letter = curve_letter(self.chosen, len(self.rows))
        exact = f"{', ' + letter if letter else ''}: {number_text(loss)}"
        return f"{place}{exact} in full", f"{place}{exact}", f"update {self.update:,}{exact}", place

    def _draw_run(self, canvas: Canvas, y: int, index: int, look: Look) -> None:
        style = curve_style(index)
        if index == self.chosen:
            canvas.text(0, y, "▸", "strong")
        canvas.text(1, y, curve_letter(index, len(self.rows)), style)
        canvas.text(_NAME_X, y, look.say(self.rows[index].name), f"{style} {self._style(index)}".strip())
        loss = self._losses(look)[index]
        canvas.text(self._words_x(look) - 2 - len(loss), y, loss, self._style(index))
        canvas.mark(f"choice:{index}", 0, y, canvas.width)

    def _style(self, index: int) -> str:
        return "strong" if index == self.chosen and len(self.rows) > 1 else ""

    def _losses(self, look: Look) -> list[str]:
        return [look.say(shown(row.loss, _DIGITS)) for row in self.rows]

    def _words_x(self, look: Look) -> int:
        """The column in which the words begin."""
        names = max(len(look.say(name)) for name in (self.named, *(row.name for row in self.rows)))
        return _NAME_X + names + 2 + max(map(len, (*self._losses(look), "loss"))) + 2


_NAME_X = 3


def run_page(
    curves: Sequence[Curve],
    table: RunTable,
    heading: str,
    logarithmic: bool | None,
    width: int,
    height: int,
    look: Look,
) -> Picture:
    """The curves of some runs, with the cursor of their table, above the table."""
    below = table.picture(width, height, look)
    rules = [Rule(table.update, "dim")]
    chart = loss_chart(curves, width, height - below.height, look.ascii, logarithmic, rules, heading=heading)
    return stacked(chart, below, height, look)
