"""The code panel: the update as lines of Python, around the one that is being executed.

While steps are predicted it ends with what is asked for: a line to come may give its value away.
"""

from __future__ import annotations

from tinynet_tui.engine.python_code import python_line
from tinynet_tui.prediction.question import question
from tinynet_tui.session.moment import Moment
from tinynet_tui.teaching.numbers import shown
from tinynet_tui.tui.drawing.look import Look, decimals_of
from tinynet_tui.tui.picture import Picture, shorten


def code_panel(moment: Moment, width: int, height: int, look: Look) -> Picture:
    """Lines of Python with their numbers; those not executed yet have no value."""
    canvas = look.canvas(width, height)
    current, asked = moment.session.step, question(moment.session)
    total = len(moment.program) if moment.session.stage == "off" else current + (asked is not None)
    first = max(1, min(current - height // 2, total - height + 1))
    for row, number in enumerate(range(first, min(first + height, total + 1))):
        step = moment.program.step(number)
        value = f"  # {shown(moment.trace.value(number), decimals_of(moment))}" if number <= current else ""
        if step.role == "check":
            value = f"{value or '  #'} after the forward lines again"
        pointer = "▸" if number == current else " "
        room = width - 8 - len(value)
        line = python_line(step)
        if asked is not None and number > current:
            line = f"{line.partition(' = ')[0]} = ?"
        code = shorten(look.say(line), max(room, 8), look.ascii)
        role = "strong" if number == current else "" if number < current else "dim"
        canvas.text(0, row, look.say(f"{pointer}{number:>5}  "), "strong" if number == current else "dim")
        after = canvas.text(8, row, code, role)
        canvas.text(after, row, look.say(value), "written" if number == current else "dim")
    return canvas.picture()
