"""The lines around the drawing: header, title of the panel, timeline and hints."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Canvas, Line, cells_of, shorten, wrap
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.engine.model import Model
from tinynet_tui.engine.names import sample_mark, symbol
from tinynet_tui.engine.program import Program
from tinynet_tui.engine.steps import PHASES, Phase
from tinynet_tui.session.commands import BY_NAME
from tinynet_tui.session.history import Comparison
from tinynet_tui.session.keys import Keys
from tinynet_tui.session.moment import Moment
from tinynet_tui.session.moves import phase_starts
from tinynet_tui.session.session import LEARNING_RATE, PANELS
from tinynet_tui.teaching.numbers import cell, shown
from tinynet_tui.teaching.sample_or_batch import joined, marked

HINTED = (
    "next", "back", "next-group", "next-phase", "next-update", "select-next", "inspect", "edit", "predict",
    "variants", "experiments", "rate", "goto", "run-to", "autoplay", "undo", "random", "precision", "save",
    "open", "help", "quit",
)  # fmt: skip
"""The commands hinted at below, from left to right; as many as fit."""
_HINTED_FIRST = (
    "next", "back", "help", "quit", "next-phase", "next-group", "select-next", "edit", "predict",
    "experiments", "variants", "inspect", "next-update", "open", "rate", "autoplay", "undo", "goto",
)  # fmt: skip
"""Those that are needed most, the most needed first."""
_HINTED_AT_THE_CHECK = tuple(n for n in HINTED if n not in ("next-group", "next-phase", "predict"))
"""There → goes to the next group and the next phase, and it is time to try something else."""
_HINTED_BESIDE_A_VERDICT = ("next", "back", "level", "tally", "leave")


def draw_header(canvas: Canvas, scene: Scene) -> None:
    """Lesson and network; update and step; learning rate and loss."""
    width, moment, look = canvas.width, scene.moment, scene.look
    canvas.fill(0, 0, width, 1, " ", "title")
    session = moment.session
    parts = [session.lesson.title, moment.model.title]
    if session.seed is not None:
        parts.insert(1, f"seed {session.seed}")
    left = " " + look.apart.join(map(look.say, parts))
    # Room for the loss is kept while it is not known, so that nothing moves when it comes.
    mark, known = _loss(moment)
    number, digits = scene.number_width, moment.session.digits
    loss = "" if known is None else cell(known, number, digits).strip("+ ")
    longest = joined("L", moment.model, len(moment.program.samples))
    room = max(len(look.say(text)) for text in (mark, longest))
    rate = shown(moment.setup.hyperparameters.learning_rate, 6)
    mark = look.say(mark if loss else "").rjust(room)
    right = look.say(f"η {rate}   {mark} {loss:<{number - 1}} ")
    right_x = width - len(right)
    middle = _place(moment, look, right_x - 2 - min(len(left) + 2, _LEAST_TITLE))
    x = max(0, min(max((width - len(middle)) // 2, len(left) + 2), right_x - len(middle) - 2))
    if len(left) > x - 2:
        # A name that is cut is marked so; the shape is simply left out.
        left = " " + look.apart.join(map(look.say, parts[:-1]))
    canvas.text(0, 0, shorten(left, max(x - 2, 0), look.ascii), "title")
    canvas.text(x, 0, middle, "title")
    canvas.text(right_x, 0, right, "title")


def _loss(moment: Moment) -> tuple[str, float | None]:
    """(what it is called, its value): the loss of the sample on screen, or in its steps that of the batch."""
    if not moment.is_of_batch:
        return marked("L", moment), moment.value("L")
    loss = moment.trace.loss_after if moment.phase == "check" else moment.trace.loss_before
    return joined("L", moment.model, len(moment.program.samples)), loss


_LEAST_TITLE = 12
"""Cells that the lesson's title should have, before the place is written shorter."""


def _place(moment: Moment, look: Look, room: int) -> str:
    """Update, sample and step, as fully as there is room."""
    session, samples, steps = moment.session, len(moment.setup.inputs), len(moment.program)
    step = f"{session.step:>{len(str(steps))}}"
    parts = [(f"update {session.update}", f"{session.update}")]
    if samples > 1:
        parts.append(_samples(moment, samples))
    parts.append((f"step {step} of {steps}", f"step {step}/{steps}"))
    long, short = (look.apart.join(form) for form in zip(*parts, strict=True))
    middling = look.apart.join((parts[0][0], *(form[1] for form in parts[1:])))
    return next((text for text in (long, middling) if len(text) <= room), short)


def _samples(moment: Moment, samples: int) -> tuple[str, str]:
    """Which of the samples the step is about, in full and in short."""
    in_batch = len(moment.program.samples)
    if not moment.is_of_batch or in_batch == 1:
        return f"sample {moment.sample} of {samples}", f"{moment.sample}/{samples}"
    if in_batch == samples:
        return f"all {samples} samples", f"all {samples}"
    return f"{in_batch} of {samples} samples", f"{in_batch} of {samples}"


def draw_step_title(canvas: Canvas, x: int, y: int, width: int, scene: Scene, below: str = "") -> None:
    """The phase and the title of the step, or of the step that is asked for.

    below: the gradient that the panel under it is about, where the step gives another one.
    """
    look = scene.look
    moment = scene.asked.answer if scene.asked else scene.moment
    x = draw_phase(canvas, x, y, moment.phase)
    room = max(width - len(moment.phase) - 4, 0)
    session = moment.session
    is_new = moment.step is None and session.update == 1 and not (session.tour and session.tour.is_open)
    words = scene.asked.title if scene.asked else scene.words.title
    titles = _first_keys(look) if is_new else (look.say(words),)
    if below:
        titles = look.say(f"{words}; below: {below}"), look.say(f"below: {below}")
    title = next((title for title in titles if len(title) <= room), titles[-1])
    canvas.text(x + 1, y, shorten(title, room, look.ascii), "strong")


def _first_keys(look: Look) -> tuple[str, ...]:
    """What a new session opens with, in ever shorter forms."""
    on, tour, all_keys = map(look.keys.of, ("next", "tour", "help"))
    first = f"Press {on} to take the first step"
    short = f"{on} takes the first step"
    tours = (f"{first}, {tour} for the tour, {all_keys} for all keys", f"{first}, {tour} for the tour")
    return (*tours, f"{short}, {tour} the tour", f"{on} first step, {tour} tour")


def draw_phase(canvas: Canvas, x: int, y: int, phase: Phase) -> int:
    """The phase on its own ground; returns the column after it."""
    return canvas.text(x, y, f" {phase} ", f"badge phase.{phase}")


def draw_tabs(canvas: Canvas, y: int, panel: str, keys: Keys) -> int:
    """The digits of the panels at the right edge, the open one marked; returns the column of the first."""
    names = (*PANELS, *(() if panel in PANELS else (panel,)))
    labels = [
        (f"{keys.first(name)} {BY_NAME[name].title if name == panel else ''}".rstrip(), name)
        for name in names
    ]
    return draw_labels(canvas, canvas.width, y, labels, panel)


def draw_labels(
    canvas: Canvas,
    right: int,
    y: int,
    labels: Sequence[tuple[str, str]],
    chosen: str | None = None,
    apart: int = 0,
) -> int:
    """Labels, each with a blank around and its command, before a column; returns the column of the first.

    chosen: the command whose label stands out; apart: cells after each.
    """
    x = first = right - sum(len(label) + 2 + apart for label, _ in labels)
    for label, command in labels:
        canvas.mark(f"command:{command}", x, y, len(label) + 2)
        x = canvas.text(x, y, f" {label} ", "selected" if command == chosen else "dim") + apart
    return first


def draw_level(canvas: Canvas, right: int, y: int, level: str, keys: Keys) -> int:
    """The level of prediction before a column, and the key that changes it; returns the column of the key."""
    key = keys.first("level")
    x = right - len(key) - len(level) - 2
    canvas.mark("command:level", x, y, right - x)
    after = canvas.text(x, y, key, "key")
    canvas.text(after + 1, y, level, "selected")
    return x


def name_of_panel(panel: str, asking: bool, keys: Keys) -> str:
    """A panel's digit and name; no digit while something is asked, where it would be typed."""
    return BY_NAME[panel].title if asking else f"{keys.first(panel)} {BY_NAME[panel].title}"


def draw_panel_title(
    canvas: Canvas, x: int, y: int, width: int, panel: str, chosen: bool, look: Look, asking: bool
) -> None:
    """A panel's name in a rule."""
    title = look.say(f"─ {name_of_panel(panel, asking, look.keys)} ")
    canvas.mark(f"command:{panel}", x, y, len(title))
    after = canvas.text(x, y, title, "strong" if chosen else "dim")
    canvas.text(after, y, look.say("─" * (x + width - after)), "dim")


def draw_timeline(canvas: Canvas, y: int, scene: Scene) -> None:
    """The phases of the update, each as long as it has steps, filled as far as they are done."""
    moment, look = scene.moment, scene.look
    spans = _phase_spans(moment.program, moment.sample)
    lengths = {phase: sum(end - start + 1 for start, end in parts) for phase, parts in spans.items()}
    room = canvas.width - sum(len(phase) + 2 for phase in spans) - 1
    x = 1
    for phase, parts in spans.items():
        done = sum(max(0, min(moment.session.step, end) - start + 1) for start, end in parts)
        cells = max(1, room * lengths[phase] // sum(lengths.values())) if parts else 0
        filled = -(-done * cells // lengths[phase]) if parts else 0
        now = phase == moment.phase
        x = canvas.text(x, y, phase, f"strong phase.{phase}" if now else f"phase.{phase}" if done else "dim")
        x = canvas.text(x + bool(cells), y, look.say("━" * filled), f"phase.{phase}")
        x = canvas.text(x, y, look.say("╌" * (cells - filled)), "dim") + 1


@lru_cache(maxsize=64)
def _phase_spans(program: Program, sample: int) -> dict[Phase, list[tuple[int, int]]]:
    """The (first, last) steps of each phase, for a sample and for what closes the batch."""
    starts = phase_starts(program)
    spans: dict[Phase, list[tuple[int, int]]] = {phase: [] for phase in PHASES}
    for start, after in zip(starts[1:], (*starts[2:], len(program) + 1), strict=True):
        step = program.step(start)
        if step.sample is None or step.sample == sample:
            spans[step.phase].append((start, after - 1))
    return spans


class _Form(NamedTuple):
    """How fully a comparison is written."""

    names_update: bool
    was: str
    """What stands before an old value."""
    names_sample: bool
    closing: str
    """What the line ends with; {} stands for the key."""


_FORMS = (
    _Form(names_update=True, was="was ", names_sample=True, closing="{} closes"),
    _Form(names_update=True, was="", names_sample=True, closing="{} closes"),
    _Form(names_update=True, was="", names_sample=False, closing="{} closes"),
    _Form(names_update=True, was="", names_sample=False, closing="{}"),
    _Form(names_update=False, was="", names_sample=False, closing="{}"),
)
"""From long to short."""
_LEAST_PAIRS = 3
"""Value, loss and the first output."""
_BETWEEN_PAIRS = 2
"""Cells between two pairs of numbers."""


def draw_comparison(canvas: Canvas, y: int, compared: Comparison, model: Model, look: Look) -> None:
    """Old and new value, loss and outputs, in the longest form that has room; outputs as many as fit."""
    for form in _FORMS:
        closes = form.closing.format(look.keys.of("leave"))
        room = canvas.width - len(closes) - 3
        compared_in_words = _compared(compared, model, form)
        pairs = [_pair(f"{name} {form.was}", *values, look) for name, values in compared_in_words]
        if 1 + sum(cells_of(pair) + _BETWEEN_PAIRS for pair in pairs[:_LEAST_PAIRS]) - _BETWEEN_PAIRS <= room:
            break
    x = 1
    for pair in pairs:
        if x + cells_of(pair) > room:
            break
        x = canvas.line_of_text(x, y, pair) + _BETWEEN_PAIRS
    canvas.text(room + 2, y, closes, "dim")


def _compared(compared: Comparison, model: Model, form: _Form) -> list[tuple[str, tuple[float, float]]]:
    """What is compared, by its name and in numbers, the most needed first.

    What a learning rate changes is the loss after the update; of any other edit it is the loss before.
    """
    edit, of = compared.edit, ""
    is_rate = edit.name == LEARNING_RATE
    place = f"{'' if is_rate else 'before '}update {edit.update:,}: " if form.names_update else ""
    if compared.samples > 1:
        of = f" of sample {compared.sample}" if form.names_sample else sample_mark(compared.sample)
    loss = joined("L", model, compared.samples)
    outputs = zip(model.predictions, compared.outputs, strict=True)
    return [
        (f"{place}{symbol(edit.name)}", compared.value),
        (f"{loss} after it" if is_rate else loss, compared.loss),
        *((symbol(name) + of, pair) for name, pair in outputs),
    ]


def _pair(name: str, old: float, new: float, look: Look) -> Line:
    return (look.say(name), "dim"), (look.say(f"{shown(old)}, now "), ""), (look.say(shown(new)), "strong")


_NOTICE_ROWS = 4
"""Rows of the longest notice: all that the app itself says fits."""


def draw_notice(canvas: Canvas, y: int, words: str, look: Look) -> None:
    """Write a notice whose last line is at a row; a long one covers rows above it."""
    lines = wrap(look.say(look.keys.filled(words)), canvas.width - 2)
    above = min(len(lines), _NOTICE_ROWS) - 1
    for row, line in enumerate(lines[:above], start=y - above):
        canvas.fill(0, row, canvas.width, 1)
        canvas.text(1, row, line, "strong")
    canvas.text(1, y, shorten(" ".join(lines[above:]), canvas.width - 2, look.ascii), "strong")


def tour_rows(scene: Scene, width: int) -> list[tuple[str, str]]:
    """(text, role) of the rows of a tour: what was done last, with a tick, and what is asked now."""
    touring = scene.moment.session.tour
    if touring is None or not scene.moment.session.is_on_tour:
        return []
    from tinynet_tui.teaching.tour import asked, told

    look, moment = scene.look, scene.moment
    # While something is asked, the room is for hints.
    done = told(moment, touring, look.keys) if moment.session.stage != "asking" else ""
    question = asked(moment, touring, look.keys)
    rows = [(line, "phase.given") for line in wrap(look.say(f"✓ {done}"), width - 2)] if done else []
    return rows + [(line, "note") for line in wrap(look.say(question), width - 2)]


def draw_tour(canvas: Canvas, bottom: int, rows: Sequence[tuple[str, str]]) -> None:
    """Draw these rows, the last of them above a row."""
    for y, (line, role) in enumerate(rows, start=bottom - len(rows)):
        canvas.text(1, y, line, role)


def draw_hints(canvas: Canvas, y: int, scene: Scene) -> None:
    """What the last command had to say, if need be over the rows above too, or else the keys most needed.

    They stand after the verdict on an answer, if there is one. A question tells its notice itself.
    """
    moment, look = scene.moment, scene.look
    if moment.session.notice and moment.session.stage != "asking":
        draw_notice(canvas, y, moment.session.notice, look)
        return
    hinted = _HINTED_AT_THE_CHECK if moment.phase == "check" else HINTED
    x = 1
    if scene.feedback:
        verdict = shorten(look.say(scene.feedback[0]), canvas.width - 2, look.ascii)
        x, hinted = canvas.text(x, y, verdict, "strong") + 2, _HINTED_BESIDE_A_VERDICT
    keys = ((name, look.keys.first(name)) for name in hinted)
    hints = {name: (key, BY_NAME[name].title) for name, key in keys if key}
    draw_keys_that_fit(canvas, x, y, hints, _HINTED_FIRST)


def draw_keys_that_fit(
    canvas: Canvas, x: int, y: int, hints: Mapping[str, tuple[str, str]], needed: Iterable[str]
) -> None:
    """Draw what keys do, as many as fit, in their order.

    hints: (key, title) by the name of the command; needed: the names of those that are needed most.
    """
    left, fitting = canvas.width - x + 1, set()
    for name in dict.fromkeys((*needed, *hints)):
        cells = sum(map(len, hints[name])) + 3 if name in hints else left + 1
        if cells <= left:
            left -= cells
            fitting.add(name)
    for name, (key, title) in hints.items():
        if name in fitting:
            canvas.mark(f"command:{name}", x, y, len(key) + 1 + len(title))
            x = canvas.text(canvas.text(x, y, key, "key") + 1, y, title, "dim") + 2
