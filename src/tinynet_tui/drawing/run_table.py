"""The table of runs below their chart: what each is called, its loss at the cursor, and what it did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tinynet_tui.drawing.experiment_charts import LEAST_CHART, words_picture
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.loss_chart import curve_letter
from tinynet_tui.drawing.picture import Canvas, Picture, shorten, wrap
from tinynet_tui.engine.expression_reading import number_text
from tinynet_tui.experiments.varied_run import RunTable, VariedRun
from tinynet_tui.teaching.charts import curve_style
from tinynet_tui.teaching.numbers import equals, shown

_DIGITS = 6


def run_table_picture(table: RunTable, width: int, height: int, look: Look) -> Picture:
    """The table, in the rows at the foot that the chart above leaves to it.

    Each run has its sentences beside it where all have room so; or else each has a few words, and the
    chosen one its sentences below.
    """
    drawing, most = _Drawing(table, look), height - LEAST_CHART
    long = drawing.with_sentences(width)
    return long if long.height <= most else drawing.with_few_words(width, most)


@dataclass(frozen=True, slots=True)
class _Drawing:
    """A table, and how it looks."""

    table: RunTable
    look: Look

    @property
    def rows(self) -> Sequence[VariedRun[Any]]:
        """The runs."""
        return self.table.runs

    def with_sentences(self, width: int) -> Picture:
        x = self._words_x()
        wrapped = [wrap(self.look.say(row.told), max(width - x - 1, 20)) or ("",) for row in self.rows]
        canvas = self.look.canvas(width, 1 + sum(map(len, wrapped)))
        self._draw_heading(canvas)
        y = 1
        for index, lines in enumerate(wrapped):
            self._draw_run(canvas, y, index)
            for row, line in enumerate(lines):
                canvas.text(x, y + row, line, self._style(index))
            y += len(lines)
        return canvas.picture()

    def with_few_words(self, width: int, most: int) -> Picture:
        words = words_picture([self.rows[self.table.chosen].told], width, most - 2, self.look)
        in_view = max(1, min(len(self.rows), most - 1 - words.height))
        top = max(0, min(self.table.chosen - in_view // 2, len(self.rows) - in_view))
        canvas = self.look.canvas(width, 1 + in_view + words.height)
        part = f"{top + 1} to {top + in_view} of {len(self.rows)}" if in_view < len(self.rows) else ""
        self._draw_heading(canvas, part)
        x = self._words_x()
        for y, index in enumerate(range(top, top + in_view), start=1):
            self._draw_run(canvas, y, index)
            brief = shorten(self.look.say(self.rows[index].brief), width - x - 1, self.look.ascii)
            canvas.text(x, y, brief, self._style(index))
        canvas.blit(words, 0, 1 + in_view)
        return canvas.picture()

    def _draw_heading(self, canvas: Canvas, part: str = "") -> None:
        """What the columns are, the chosen loss in full, and at the right which part of the runs is seen."""
        right = canvas.width - len(part) - 1
        canvas.text(right, 0, part, "dim")
        canvas.text(_NAME_X, 0, self.look.say(self.table.differ_in), "dim")
        canvas.text(self._words_x() - 6, 0, "loss", "dim")
        x = self._words_x()
        forms = [self.look.say(form) for form in self._places()]
        text = next((form for form in forms if x + len(form) < right), forms[-1])
        canvas.text(x, 0, text, "dim")

    def _places(self) -> tuple[str, ...]:
        """Where the losses are taken, with the chosen one in full where it is rounded; and shorter."""
        place = f"after update {self.table.update:,}"
        loss = self.rows[self.table.chosen].losses[self.table.update]
        if equals(loss, _DIGITS) == "=":
            return (place,)
        letter = curve_letter(self.table.chosen, len(self.rows))
        exact = f"{', ' + letter if letter else ''}: {number_text(loss)}"
        return f"{place}{exact} in full", f"{place}{exact}", f"update {self.table.update:,}{exact}", place

    def _draw_run(self, canvas: Canvas, y: int, index: int) -> None:
        style = curve_style(index)
        if index == self.table.chosen:
            canvas.text(0, y, "▸", "strong")
        canvas.text(1, y, curve_letter(index, len(self.rows)), style)
        canvas.text(_NAME_X, y, self.look.say(self.rows[index].name), f"{style} {self._style(index)}".strip())
        loss = self._losses()[index]
        canvas.text(self._words_x() - 2 - len(loss), y, loss, self._style(index))
        canvas.mark(f"choice:{index}", 0, y, canvas.width)

    def _style(self, index: int) -> str:
        return "strong" if index == self.table.chosen and len(self.rows) > 1 else ""

    def _losses(self) -> list[str]:
        return [self.look.say(shown(row.losses[self.table.update], _DIGITS)) for row in self.rows]

    def _words_x(self) -> int:
        """The column in which the words begin."""
        names = max(
            len(self.look.say(name)) for name in (self.table.differ_in, *(row.name for row in self.rows))
        )
        return _NAME_X + names + 2 + max(map(len, (*self._losses(), "loss"))) + 2


_NAME_X = 3
