"""The step panel: the formula in letters and in numbers, and why it is so; or the question about the step."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from tinynet_tui.drawing.formula import draw_rows, formula_rows
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Canvas, Line, Picture, cells_of, shorten, wrap
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.networks.dense import is_dense
from tinynet_tui.session.commands import BY_NAME
from tinynet_tui.teaching.card import what_next
from tinynet_tui.teaching.nudge import APART, MOST_FOLLOWING, SAYS, in_fewer, nudge_lines
from tinynet_tui.teaching.sentences import notes
from tinynet_tui.teaching.step_line import step_line

if TYPE_CHECKING:
    from tinynet_tui.prediction.question import Question

_LEAST_WORDS = 2
"""Rows that a formula leaves to the words below it."""

Paragraph = tuple[str, str]
"""(text, role)."""


def step_panel(scene: Scene, width: int, height: int) -> Picture:
    """The present step in words and numbers; what has least room goes first, and a key shows it."""
    canvas = scene.look.canvas(width, height)
    formula, lines = _whole(scene, width)
    most = max(2, height - _LEAST_WORDS)
    is_cut = len(formula) > most
    if is_cut:
        formula = formula_rows(scene.formula, width - 1, scene.look, most)
    row = draw_rows(canvas, formula)
    if row and row + 1 + len(lines) <= height:
        row += 1
    nudge = scene.nudge[:1]
    if nudge and row + len(lines) > height:
        nudge, lines = _with_whole_nudge(scene, width, height - row)
    draw_lines(canvas, row, lines, scene.look, is_cut or any("…" in line for line in nudge))
    return canvas.picture()


def _with_whole_nudge(scene: Scene, width: int, rows: int) -> tuple[tuple[str, ...], Sequence[Line]]:
    """The nudge's line, and all lines of the words, some rows of which are seen: it keeps its end in them."""
    said = list(_paragraphs(scene))
    place = said.index((scene.nudge[0], "strong"))
    before = lines_of(said[:place], width, scene.look)
    said = with_fitting_nudge(said[place:], width, rows - len(before), scene.look)
    return (said[0][0],), [*before, *lines_of(said, width, scene.look)]


def question_panel(
    scene: Scene, question: Question, unseen: tuple[str, ...], width: int, height: int
) -> Picture:
    """The line to complete, what is wanted, and the ways out; what has least room to be said goes first.

    unseen: what is read and has no number of its name in the diagram, in sentences.
    """
    canvas, look = scene.look.canvas(width, height), scene.look
    paragraphs = list(question_paragraphs(scene, question, unseen))
    lines = lines_of(((text, role) for text, role in paragraphs if role != "dim"), width, look)
    draw_lines(canvas, 0, lines, look)
    row = len(lines)
    for text, role in paragraphs:
        # Of what only helps along, half a sentence says less than none.
        first = f"{text.partition('. ')[0].removesuffix('.')}."
        forms = (lines_of([(form, role)], width, look) for form in (text, first) if role == "dim")
        lines = next((form for form in forms if len(form) <= height - row), [])
        draw_lines(canvas, row, lines, look)
        row += len(lines)
    return canvas.picture()


@lru_cache(maxsize=1)  # asked for the diagram's sake, and again for the panels'
def _whole(scene: Scene, width: int) -> tuple[Sequence[Line], Sequence[Line]]:
    """All rows of the step's formula, none before the first step, and all lines of the words about it."""
    formula = [] if scene.moment.step is None else formula_rows(scene.formula, width - 1, scene.look)
    return formula, lines_of(_paragraphs(scene), width, scene.look)


def rows_of_step(scene: Scene, width: int) -> int:
    """The rows that a step's whole formula needs, and two for words; at the start, those of all words.

    Above a lesson of formulas there is a sheet, which scrolls: there the lesson's own words are shown whole.
    """
    formula, lines = _whole(scene, width)
    if scene.moment.step is None:
        return len(lines)
    words = _LEAST_WORDS
    if not is_dense(scene.moment.model):
        noted = max((row for row, ((_, role),) in enumerate(lines, start=1) if role == "note"), default=0)
        words = max(words, noted + (0 < noted < len(lines)))  # with a row for the key to what comes after
    return len(formula) + words


def lines_of(paragraphs: Iterable[Paragraph], width: int, look: Look) -> list[tuple[Paragraph]]:
    """Each line of some paragraphs, in a panel of some width."""
    return [((line, role),) for text, role in paragraphs for line in wrap(look.say(text), width - 2)]


_LEAST_CHANGE = len(APART) + len("a +1")
"""Cells of the shortest change of a quantity: it bounds how many changes some rows hold."""


def with_fitting_nudge(said: Sequence[Paragraph], width: int, rows: int, look: Look) -> list[Paragraph]:
    """Paragraphs that begin with a nudge's line, which leaves out as much of its middle as has no room in
    some rows, beside the key to the rest; and of what is nudged before what comes of it."""
    (line, role), *others = said
    most = min(line.count(APART) - 1, max(rows * width // _LEAST_CHANGE, 1))
    fewer = (in_fewer(line, kept) for kept in range(most, 0, -1))
    shorter = [(line, role), *others]
    for form in (*fewer, APART.join(line.split(APART)[-2:])):
        shorter = [(form, role), *others]
        own = lines_of(shorter[:1], width, look)
        has_key = shorter[0][0] != line or len(lines_of(shorter, width, look)) > rows
        if len(own) < rows or (len(own) == rows and cells_of(own[-1]) < width - of_key(look) * has_key):
            break
    return shorter


def of_key(look: Look) -> int:
    """The cells that the key to the rest takes at the end of a row, with a gap and an ellipsis before it."""
    return 13 + len(look.say("…"))


ENDS_NUDGE = re.compile(rf"{SAYS} \S+$")
"""The end of a nudge's line."""
CHANGES = "  (changes)"
"""What its numbers are, which look like those of the diagram: told where it is turned, not at each step."""


def draw_lines(canvas: Canvas, row: int, lines: Sequence[Line], look: Look, is_cut: bool = False) -> None:
    """Draw lines from a row on; where not all have room, with the key that shows the rest.

    is_cut: whether what stands above them has not all had room.
    """
    room = canvas.height - row
    has_key = is_cut or len(lines) > room
    fitting = lines[: max(room - has_key, 0)]
    for y, line in enumerate(fitting, start=row):
        canvas.line_of_text(1, y, line)
    if has_key and room > 0:
        _draw_last_line(canvas, lines[len(fitting)] if len(fitting) < len(lines) else (), look)


def _draw_last_line(canvas: Canvas, line: Line, look: Look) -> None:
    """The last line that there is room for, if one is left, and at its end the key that shows the rest."""
    y = canvas.height - 1
    room = draw_key_to_the_rest(canvas, y, look) - 3
    if line:
        # A line that has room is a sentence's end, perhaps: the ellipsis stands apart from it, or nowhere.
        (first, role), whole = line[0], "".join(text for text, _ in line)
        forms = (form for form in (f"{whole} {look.say('…')}", whole, first) if len(form) <= room)
        canvas.text(1, y, next(forms, shorten(whole, room, look.ascii)), role)


def draw_key_to_the_rest(canvas: Canvas, y: int, look: Look) -> int:
    """Draw the key that shows what has no room at the end of a row; returns where it begins."""
    key, title = look.keys.first("read"), BY_NAME["read"].title
    x = canvas.width - len(key) - len(title) - 2
    canvas.mark("command:read", x, y, canvas.width - x)
    canvas.text(canvas.text(x, y, key, "key") + 1, y, title, "dim")
    return x


def all_words(scene: Scene, is_nudged: bool = False) -> tuple[str, ...]:
    """All that the panel would say if it had room, in paragraphs, and what the lesson says of itself.

    is_nudged: whether a nudge of what the step is about is told elsewhere.
    """
    moment = scene.moment
    if scene.asked is not None:
        reads = ", ".join(read.text for read in scene.asked.reads) if scene.asked.level != "diagram" else ""
        asked = tuple(text for text, role in question_paragraphs(scene, scene.asked, ()) if role != "dim")
        return (*asked, *((f"It reads {reads}.",) if reads else ()))
    about = moment.session.lesson.about if moment.step is None else ""
    formula = () if moment.step is None else (step_line(moment).text,)
    whole = dict(zip(scene.nudge[:1], nudge_lines(moment, MOST_FOLLOWING), strict=False))
    left_out = scene.nudge if is_nudged else ()
    words = (*formula, *(whole.get(text, text) for text, _ in _paragraphs(scene) if text not in left_out))
    if about and moment.session.is_edited:
        about = f"The lesson before it was changed: {about.strip()}"
    return (*words, about) if about and about not in words else words


def _paragraphs(scene: Scene) -> Iterator[Paragraph]:
    """The words about the step, in the order of their importance."""
    moment, session = scene.moment, scene.moment.session
    yield from ((sentence, "strong") for sentence in scene.feedback[1:])
    if moment.step is None and session.lesson.about and session.update == 1 and not session.is_edited:
        yield session.lesson.about, ""
    yield from ((line, "strong") for line in scene.nudge[:1])
    first, *others = scene.words.sentences or ("",)
    if first:
        yield first, ""
    # In ASCII » is a quotation mark, as it is in a text.
    sign = ">" if scene.look.ascii else "»"
    yield from ((f"{sign} {note}", "note") for note in notes(moment))
    if moment.step is not None and moment.step.role == "check" and session.stage == "off":
        # The last two sentences of a card go deeper than what there is to do now.
        place = len(others) - 2 if len(others) > 2 else len(others)
        others.insert(place, what_next(moment, scene.look.keys))
    yield from ((sentence, "") for sentence in (*scene.nudge[1:], *others))


def question_paragraphs(scene: Scene, question: Question, unseen: tuple[str, ...]) -> Iterator[Paragraph]:
    """What is asked, in the order of its importance."""
    session, keys = scene.moment.session, scene.look.keys.while_typing
    yield question.formula, "strong"
    yield from ((words, "note") for words in question.help)
    yield from ((words, "") for words in unseen)
    if session.notice:
        yield keys.filled(session.notice), "note"
    yield question.asked, ""
    show, back, level, leave = map(keys.of, ("next", "back", "level", "leave"))
    shows = f"{show} shows it, Enter gives a hint" if question.has_hints else f"{show} shows it"
    if session.hints and not question.has_hints:
        shows = f"Enter or {show} shows it"
    others = "" if session.back_to else f"{level} changes the level, "
    yield f"With nothing typed, {shows}. {others}{leave} ends, {back} goes back.", "dim"
    if question.level != "diagram" and question.reads and not unseen:
        yield "The numbers that this step needs are marked in the diagram.", "dim"
    if session.answers:
        from tinynet_tui.prediction.tally import total

        yield total(session), "dim"
