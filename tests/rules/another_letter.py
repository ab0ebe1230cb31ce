"""A program of its own: RMSprop remembers under another letter, one of those that there are or a new one.

Its argument is the letter. It prints what is wrong then, and nothing else.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tinynet_tui.engine import names
from tinynet_tui.rules import adaptive_optimisers
from tinynet_tui.rules.optimiser_rows import Optimiser, Variation


def rename(letter: Any) -> None:
    """Give the state another letter, before anything has read the row or the letters."""
    names.STATE_LETTERS = tuple(dict.fromkeys((*names.STATE_LETTERS, letter)))
    made = adaptive_optimisers.rmsprop

    def rmsprop(variation: Variation) -> Optimiser:
        row = made(variation)
        return row._replace(states=(row.states[0]._replace(letter=letter),))

    adaptive_optimisers.rmsprop = rmsprop


def faults(letter: str) -> Iterator[str]:
    """What is wrong on the screen, in handouts and in files."""
    from tinynet_tui.drawing.look import Look
    from tinynet_tui.drawing.screen import screen
    from tinynet_tui.drawing.signs import to_ascii
    from tinynet_tui.handouts.formats import FORMATS
    from tinynet_tui.handouts.request import Request
    from tinynet_tui.lessons.json_schema import json_schema
    from tinynet_tui.lessons.parsing import parse_lesson
    from tinynet_tui.lessons.schema import Lesson
    from tinynet_tui.lessons.shipped import shipped_lesson
    from tinynet_tui.lessons.writing import lesson_text
    from tinynet_tui.networks.formula_expressions import name_fault
    from tinynet_tui.session.commands import start
    from tinynet_tui.session.history import program_of
    from tinynet_tui.session.moment import moment

    text = lesson_text(shipped_lesson("lecture"))
    state = f"{{ {letter} = {{ w1 = 0.25 }} }}"
    lesson = parse_lesson(
        text.replace("[training]\n", f'[training]\noptimizer = "rmsprop"\nstate = {state}\n').replace(
            'optimizer = "gradient_descent"', ""
        ),
        "x",
    )
    if f"state = {state}" not in lesson_text(lesson) or parse_lesson(lesson_text(lesson), "x") != lesson:
        yield lesson_text(lesson)
    if letter not in json_schema(Lesson)["$defs"]["StateTable"]["properties"]:
        yield "the schema does not have it"
    if not name_fault(f"{letter}_w"):
        yield "formulas may have a quantity of that name"
    session = start(lesson)
    steps = [step.name for step in program_of(session).steps()]
    shown = screen(moment(replace(session, step=steps.index(f"{letter}_w1") + 1)), 80, 24, Look(ascii=False))
    if f"{letter}(w₁)" not in shown.text():
        yield shown.text()
    signs = {"text": f"{letter}(w₁)", "latex": f"{letter}_{{w_{{1}}}}", "json": f'"{letter}_w1"'}
    signs |= {"python": f"{letter}_w1 = ", "pytorch": '"step": torch.tensor(0.0), "square_avg"'}
    for name, sign in signs.items():
        written = "\n".join(FORMATS[name].lines(Request(lesson, 1), to_ascii if name == "json" else None))
        if sign not in written:
            yield f"{name}: no {sign}"


if __name__ == "__main__":
    rename(sys.argv[1])
    print(*faults(sys.argv[1]), sep="\n", end="")
