"""The code panel: the update as a Python script, around the line that is being executed.

While steps are predicted it ends with what is asked for: a line to come may give its value away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tinynet_tui.drawing.picture import Picture, shorten
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.handouts.python import line_of, script
from tinynet_tui.handouts.python_steps import ScriptLine
from tinynet_tui.session.moment import Moment
from tinynet_tui.teaching.numbers import shown


def code_panel(scene: Scene, width: int, height: int) -> Picture:
    """Lines of the script with their numbers, and the values of those that are executed."""
    moment, look = scene.moment, scene.look
    canvas = look.canvas(width, height)
    lines = script(moment.setup, moment.trace.start)
    step = moment.session.step
    current = line_of(lines, moment.program, step)
    if moment.session.stage != "off":
        lines = (*lines[: current + 1], *_asked_line(moment, lines))
    first = max(0, min(current - height // 2, len(lines) - height))
    for row, position in enumerate(range(first, min(first + height, len(lines)))):
        is_current = position == current and step > 0
        line, done = lines[position], position <= current
        value = _value(moment, line) if done else ""
        pointer = "▸" if is_current else " "
        canvas.text(0, row, look.say(f"{pointer}{position + 1:>5}  "), "strong" if is_current else "dim")
        code = shorten(line.text, max(width - 8 - len(value), 8), look.ascii)
        after = canvas.text(8, row, code, "strong" if is_current else "" if done else "dim")
        canvas.text(after, row, look.say(value), "written" if is_current else "dim")
    return canvas.picture()


def _asked_line(moment: Moment, lines: tuple[ScriptLine, ...]) -> Iterator[ScriptLine]:
    """The line that is asked for, without what it assigns."""
    if moment.session.stage == "asking":
        line = lines[line_of(lines, moment.program, moment.session.step + 1)]
        yield replace(line, text=f"{line.text.partition(' = ')[0]} = ?")


def _value(moment: Moment, line: ScriptLine) -> str:
    """What an executed line has assigned, as a comment; nothing where it assigns no step."""
    if line.step is None:
        return ""
    of_sample, offset = line.step
    position = None
    if of_sample:
        last = len(moment.program.samples) - 1
        at = moment.program.place(moment.session.step)[0]
        position = last if at is None else at
    number = moment.program.number_at(position, offset)
    return f"  # {shown(moment.trace.value(number), moment.session.digits)}"
