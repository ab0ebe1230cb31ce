"""What is printed for a person of an experiment or of training, in 80 × 24."""

from __future__ import annotations

from tinynet_tui.drawing.experiment_charts import LEAST_CHART, charts_picture
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Canvas, Picture
from tinynet_tui.drawing.signs import clean, columns, shorten, to_ascii, wrap
from tinynet_tui.experiments.experiment_rows import SHELL_HEIGHT, SHELL_WIDTH, Printed


def printed_picture(printed: Printed, ascii: bool = False) -> Picture:
    """Lines, then the words if all of them have room, then the charts."""
    say = to_ascii if ascii else clean
    # Cells are written before they are counted.
    table = columns([tuple(map(say, row)) for row in printed.table], SHELL_WIDTH) if printed.table else []
    text = [*wrap(say(printed.heading), SHELL_WIDTH)]
    text += [shorten(say(line), SHELL_WIDTH, ascii) for line in (*table, *printed.notes)]
    least = LEAST_CHART + 1 if printed.charts else 0
    told = [line for sentence in printed.words for line in wrap(say(sentence), SHELL_WIDTH)]
    if len(text) + len(told) + least <= SHELL_HEIGHT:
        text += told
    room = SHELL_HEIGHT - len(text) - 1
    drawn = charts_picture(printed.charts, SHELL_WIDTH, room, Look(ascii)) if printed.charts else None
    canvas = Canvas(SHELL_WIDTH, len(text) + (drawn.height + 1 if drawn else 0), ascii)
    for row, line in enumerate(text):
        canvas.text(0, row, line)
    if drawn:
        canvas.blit(drawn, 0, len(text) + 1)
    return canvas.picture()
