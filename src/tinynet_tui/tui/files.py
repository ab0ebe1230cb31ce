"""The files that the app writes for its user: a step as text, the screen as a picture."""

from __future__ import annotations

import itertools
from pathlib import Path

from tinynet_tui.engine.names import symbol
from tinynet_tui.session.moment import Moment
from tinynet_tui.teaching.numbers import equals, shown
from tinynet_tui.teaching.sentences import explanation, notes
from tinynet_tui.tui.drawing.look import decimals_of


def step_text(moment: Moment) -> str:
    """The present step in plain text: where it is, formula, numbers, words."""
    session = moment.session
    words = explanation(moment)
    lines = [
        f"{session.lesson.title}, update {session.update}, step {session.step} of {len(moment.program)}",
        f"{moment.phase}: {words.title}",
    ]
    if moment.step is not None:
        value, decimals = moment.trace.value(session.step), decimals_of(moment)
        name = symbol("L" if moment.step.role == "check" else moment.step.name)
        lines.append(f"{name} = {moment.trace.formula(session.step)}")
        lines.append(f"{' ' * len(name)} = {moment.trace.numbers(session.step)}")
        lines.append(f"{' ' * len(name)} {equals(value, decimals)} {shown(value, decimals)}")
    return "\n".join((*lines, *words.sentences, *notes(moment))) + "\n"


def write_new(directory: Path, stem: str, ending: str, text: str) -> Path:
    """Write a text to a file that was not there before; returns its path.

    Raises: OSError when it cannot be written.
    """
    for number in itertools.count(1):
        path = directory / (f"{stem}{ending}" if number == 1 else f"{stem}-{number}{ending}")
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            continue
        return path
    raise AssertionError("counting does not end")
