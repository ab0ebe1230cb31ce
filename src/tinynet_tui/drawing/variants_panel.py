"""The panel of wrong variants: the right line and the wrong one, and the numerical gradient as judge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import accumulate, chain

from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Line, Picture, cells_of, shorten
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.drawing.step_panel import draw_key_to_the_rest, draw_lines, lines_of
from tinynet_tui.engine.names import symbol
from tinynet_tui.experiments.variant_words import (
    FormulaLine,
    digits_apart,
    loss_words,
    moved_otherwise,
    numeric_text,
    right_line,
    verdict_words,
    why,
    wrong_as_well,
    wrong_line,
)
from tinynet_tui.experiments.variants import MOST_STEPS, WRONG_WAYS
from tinynet_tui.experiments.wrong_updates import Judgement, WrongUpdate, judgement, wrong_update
from tinynet_tui.session.moment import Moment
from tinynet_tui.session.session import PRECISIONS, VARIANTS
from tinynet_tui.teaching.numbers import shown
from tinynet_tui.teaching.sample_or_batch import joined

_UNLIMITED = 1_000_000
"""Cells: no line is longer."""
_APART = "  "
"""Stands between two pieces of a line."""
_FEWEST = min(PRECISIONS)
"""Significant digits with which a number is shown at least, where more would take another line."""


def variants_panel(scene: Scene, width: int, height: int) -> Picture:
    """The update done wrong at this step and for the selected parameter, as far as is known by now."""
    look = scene.look
    canvas = look.canvas(width, height)
    items = [
        lines_of([(item, "")], width, look) if isinstance(item, str) else [item]
        for item in _items(scene.moment, look, width - 2)
    ]
    title, *lines = chain.from_iterable(items)
    if len(lines) < height:
        draw_lines(canvas, 0, [title, *lines], look)
        return canvas.picture()
    # No row is left for the key below the numbers, which must not be cut.
    next_way = f"{look.keys.of('variants')} next"
    x = draw_key_to_the_rest(canvas, 0, look) - len(next_way) - 2
    if x > cells_of(title[:2]) + 1 and not look.watched:
        canvas.text(x, 0, next_way, "dim")
    shown = [title[:2], *lines[: height - 1]]
    if height not in accumulate(map(len, items)):  # in the middle of a sentence
        ((line, role),) = shown.pop()
        shown.append(((shorten(line + " " * width, width - 2, look.ascii), role),))
    draw_lines(canvas, 0, shown, look)
    return canvas.picture()


def variant_words(scene: Scene) -> tuple[str, ...]:
    """All that the panel says, in paragraphs."""
    title, *items = _items(scene.moment, scene.look, _UNLIMITED)
    number_and_name = title if isinstance(title, str) else title[:2]
    return tuple(
        item if isinstance(item, str) else "".join(text for text, _ in item)
        for item in (number_and_name, *items)
    )


def _items(moment: Moment, look: Look, room: int) -> Iterator[Line | str]:
    """Lines of at most `room` cells, and sentences; the most needed first."""
    session = moment.session
    variant = session.variant or VARIANTS[0]
    if len(moment.program) > MOST_STEPS:
        yield f"With {len(moment.program):,} steps this update is too long to be done in wrong ways."
        return
    yield _title(variant, moment, look, room)
    if moment.program.sample_position(f"dL/d{session.selected}") is None:
        up, down = map(look.keys.of, ("select-previous", "select-next"))
        given = symbol(moment.session.selected)
        yield f"{given} is given, not learned. Select a parameter with {up} and {down}."
        return
    wrong = wrong_update(moment.setup, moment.trace.start, variant)
    place, digits = _place(moment, wrong), moment.session.digits
    known = _is_done(moment, wrong, place)
    yield _rule("right  ", "strong", right_line(wrong, place, digits, known), look, room)
    yield _rule("wrong  ", "fault", wrong_line(wrong, place, digits, known), look, room)
    if known and (moved := moved_otherwise(wrong, place)):
        yield moved
    yield from _verdict(moment, wrong, place, look, room)


def _title(variant: str, moment: Moment, look: Look, room: int) -> Line:
    """Which mistake this is, and where there is room, the keys; none where they are somebody else's."""
    number = f"{VARIANTS.index(variant) + 1} of {len(VARIANTS)}: "
    words = look.say(WRONG_WAYS[variant].title(moment.model))
    keys = f"{look.keys.of('variants')} next  {look.keys.of('leave')} closes"
    gap = room - len(number) - len(words) - len(keys)
    return (
        (number, "dim"),
        (words, "strong"),
        *(((" " * gap + keys, "dim"),) if gap > 1 and not look.watched else ()),
    )


def _rule(label: str, role: str, line: FormulaLine, look: Look, room: int) -> Line:
    """A line in letters and numbers; without the numbers where there is no room, but with the result."""
    letters, numbers, result = map(look.say, (line.letters, line.numbers, line.result))
    if len(label + letters + numbers + result) <= room:
        return (label, role), (letters + numbers, ""), (result, "strong")
    result = look.say(line.result_alone)
    return (label, role), (shorten(letters, room - len(label + result), look.ascii), ""), (result, "strong")


def _verdict(moment: Moment, wrong: WrongUpdate, place: int, look: Look, room: int) -> Iterator[Line | str]:
    """The two gradients and the judge; what else they come of than the step at a place; why; what became of
    the loss."""
    name, digits = moment.session.selected, moment.session.digits
    gradient = moment.program.number(f"dL/d{name}")
    if gradient is None or gradient > moment.session.step:
        key = look.keys.of("run-to")
        yield f"{symbol(f'dL/d{name}')} is not computed yet: {key} goes to its step."
        return
    found = judgement(moment.setup, moment.trace.start, wrong.variant, name)
    fewest = min(digits, _FEWEST)
    called = joined(symbol(f"dL/d{name}"), moment.model, len(moment.program.samples))
    fewer = range(digits, fewest - 1, -1)
    choices = [_flowed(_judged(found, called, n, look), room) for n in fewer]
    yield from min(choices, key=lambda lines: (any(cells_of(line) > room for line in lines), len(lines)))
    others = tuple(other for other in wrong.rules(name, moment.sample) if other != place)
    if told := wrong_as_well(wrong, others, digits):
        yield told
    yield why(wrong, found)
    if moment.phase == "check":  # last, as the loss of one update proves nothing
        yield loss_words(wrong, digits)


def _judged(found: Judgement, gradient: str, digits: int, look: Look) -> tuple[Line, ...]:
    """The two gradients and what the judge says, with as many digits as tell them apart at least."""
    digits = digits_apart(found.right, found.wrong, digits)
    return (
        (
            (look.say(gradient), ""),
            ("  right ", ""),
            (look.say(shown(found.right, digits)), "strong"),
        ),
        (("wrong ", ""), (look.say(shown(found.wrong, digits)), "fault")),
        (
            ("by numerical gradient: ", ""),
            (look.say(numeric_text(found, digits)), "strong"),
            (look.say(f" → {verdict_words(found)}"), ""),
        ),
    )


def _flowed(pieces: Iterable[Line], room: int) -> tuple[Line, ...]:
    """Pieces beside each other, on as many lines of `room` cells as it takes to cut none of them."""
    lines: list[Line] = []
    for piece in pieces:
        if lines and cells_of(lines[-1]) + len(_APART) + cells_of(piece) <= room:
            lines[-1] = (*lines[-1], (_APART, ""), *piece)
        else:
            lines.append(piece)
    return tuple(lines)


def _place(moment: Moment, wrong: WrongUpdate) -> int:
    """The place of the step to show: the present one where the rules differ in it; else, and where that gives
    the selected parameter's gradient, the one where they part on the way to it; else that gradient."""
    rule = wrong.rule(moment.session.selected, moment.sample)
    if moment.step is not None and moment.step.role != "check":
        here = wrong.place(moment.step.name, moment.step.sample)
        assert here is not None, "a wrong program assigns what the right one does"
        differs = wrong.values[here] != moment.trace.value(moment.session.step)
        is_own = moment.step.name == f"dL/d{moment.session.selected}"
        parts_before = is_own and rule is not None and not moved_otherwise(wrong, rule)
        if wrong.is_changed(here) or (differs and not parts_before):
            return here
    own = wrong.place(f"dL/d{moment.session.selected}", moment.sample)
    assert own is not None, "every parameter has a gradient"
    return own if rule is None else rule


def _is_done(moment: Moment, wrong: WrongUpdate, place: int) -> bool:
    """Whether the step at a place has been done by now."""
    step = wrong.step(place)
    number = moment.program.number(step.name, step.sample)
    return number is not None and number <= moment.session.step
