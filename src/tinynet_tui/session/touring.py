"""The tour as a part of the session: whether a stop is done, and the way that does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from heapq import heappop, heappush

from msgspec import structs

from tinynet_tui.engine.expression_reading import number_text
from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.program import Program
from tinynet_tui.lessons.faults import LessonFault
from tinynet_tui.lessons.reading import lesson_beside
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lesson
from tinynet_tui.lessons.tour_file import (
    SHIPPED_TOURS,
    WORKED_OUT,
    Stop,
    in_braces,
    shipped_tour_text,
    tour_file,
)
from tinynet_tui.session import predicting
from tinynet_tui.session.commands import BY_NAME, needs_no_argument, place_of_key
from tinynet_tui.session.history import editable_names, first_session, initial_setup, program_of
from tinynet_tui.session.session import FIRST_NUDGE, NUDGES, PANELS, Session, Tour, Touring

_MOST_TRIED = 1_000
"""Places that are looked at for the way to do a stop."""


def read_tour(text: str, source: str, lesson: Lesson | None = None) -> Tour:
    """The tour that a text holds, checked against its lesson.

    lesson: the tour's own, where its file is not to be read. A shipped one that it names goes before.

    Raises: LessonFault with a line for each fault.
    """
    usable = frozenset(name for name in BY_NAME if needs_no_argument(name))

    file = tour_file(text, source)
    is_given = lesson is not None and file.lesson not in SHIPPED_NAMES
    through = lesson if lesson and is_given else lesson_beside(file.lesson, source, "lesson")
    if faults := [
        f"stops[{n}].lesson: there is no shipped lesson {stop.lesson}; {SHIPPED_NAMES[0]} is one"
        for n, stop in enumerate(file.stops)
        if stop.lesson is not None and stop.lesson not in SHIPPED_NAMES
    ]:
        raise LessonFault(source, faults)
    others = {stop.lesson: shipped_lesson(stop.lesson) for stop in file.stops if stop.lesson}
    lessons = tuple(_of_stop(stop, others[stop.lesson] if stop.lesson else through) for stop in file.stops)
    known = frozenset(BY_NAME)
    if faults := [
        fault
        for n, (stop, own) in enumerate(zip(file.stops, lessons, strict=True))
        for fault in _faults(n, stop, first_session(own), known, usable)
    ]:
        raise LessonFault(source, faults)
    return Tour(text, file.title, file.stops, through, lessons)


def _of_stop(stop: Stop, lesson: Lesson) -> Lesson:
    """The lesson of a stop with its own learning rate, if it has one: what is said of numbers goes then."""
    if stop.learning_rate is None:
        return lesson
    training = structs.replace(lesson.training, learning_rate=stop.learning_rate)
    title = f"{lesson.title}, η = {number_text(stop.learning_rate)}"
    return structs.replace(lesson, title=title, training=training, notes=(), expect=())


def shipped_tour() -> Tour:
    """The tour that `c` opens."""
    name = SHIPPED_TOURS[0]
    return read_tour(shipped_tour_text(name), f"{name}.toml")


def _faults(
    number: int, stop: Stop, session: Session, commands: frozenset[str], usable: frozenset[str]
) -> Iterator[str]:
    """What a stop names that its lesson, or the program, does not have."""
    where, until, program = f"stops[{number}]", stop.until, program_of(session)
    model = initial_setup(session).model
    names = editable_names(model)
    if until.step is not None and _step_number(program, until.step) is None:
        known = f"dL/d{model.parameter_names[0]}"
        yield f"{where}.until.step: there is no step {until.step} in this lesson; {known} is one"
    for name in until.answered:
        if _step_number(program, name) is None:
            yield f"{where}.until.answered: there is no step {name} in this lesson; L is one"
    if until.selected is not None and until.selected not in names:
        yield f"{where}.until.selected: there is no {until.selected} in this lesson; {names[0]} is one"
    if until.panel is not None and until.panel not in PANELS:
        yield f"{where}.until.panel: must be one of {', '.join(PANELS)}, not {until.panel}"
    for key in stop.keys:
        if key not in commands:
            yield f"{where}.keys: there is no command {key}; next, chain and nudge-up are some"
        elif key not in usable:
            yield f"{where}.keys: {key} cannot be done by its name alone; next, chain and nudge-up can"
    texts = " ".join((stop.ask, *stop.then, stop.told, *stop.answers, stop.reason or ""))
    for name in dict.fromkeys(in_braces(texts)):
        if name not in commands.union(WORKED_OUT, names) and program.sample_position(name) is None:
            known = ", ".join(WORKED_OUT)
            yield f"{where}: {{{name}}} is no quantity of this lesson, no command, and none of {known}"
    if stop.answers and until.asks_for_steps:
        yield f"{where}.answers: this stop asks for steps on the way, by until; leave answers out"
    if until == type(until)():
        yield f'{where}.until: must say what ends the stop, such as {{ step = "L" }}'


def begun(tour: Tour) -> Session:
    """A session at the first stop of a tour."""
    return replace(first_session(tour.lessons[0]), tour=Touring(tour))


def stop_here(session: Session) -> Stop | None:
    """The stop of an open tour that a session is at: the lesson on which it is asked is open, too."""
    touring = session.tour
    return touring.stop if touring and touring.is_open and session.lesson == touring.lesson else None


def advanced(session: Session, before: Session) -> Session:
    """The session at the next stop, where a command given at `before` did what the present one asks."""
    touring = session.tour
    if touring is None or touring.stop is None or stop_here(session) is None:
        return session
    session = _asking(session, before, touring.stop)
    if not _is_done(session, before, touring, touring.stop):
        return replace(session, notice=session.notice or _missing(session, before, touring))
    step, asked = session.step, touring.stop.until.step
    if asked is not None and not _asks_for_more(touring.stop):
        step = _step_number(program_of(session), asked) or step  # it may have gone past it
    place = (session.update, step, session.selected, session.knob)
    ticked = tuple(sorted({*touring.ticked, touring.number}))
    number, answered = touring.number + 1, _predicted(session)
    there = touring._replace(number=number, answered=answered, done_at=place, ticked=ticked)
    if touring.stop.until.predicted and session.stage == "telling":
        session = replace(session, back_to=session.level)  # the stop wants no more of them
    return replace(session, tour=there)


def _asking(session: Session, before: Session, stop: Stop) -> Session:
    """The session with a step asked for that a stop wants answered, where a command would go over it."""
    if session.stage != "off" or session.update != before.update:
        return session
    steps = (_step_number(program_of(session), name) or 0 for name in unanswered(session, stop))
    over = min((step for step in steps if before.step < step <= session.step), default=None)
    if over is None:
        return session
    if before.stage == "asking" and before.step + 1 == over:
        return replace(before, notice=f"Type it, or {place_of_key('next')} shows it.")
    return predicting.asked_alone(session, over)


def ask_of(session: Session, stop: Stop) -> str:
    """The words of a stop that are its question now."""
    left, names = unanswered(session, stop), stop.until.answered
    return (stop.ask, *stop.then)[min(names.index(left[0]) if left else len(names), len(stop.then))]


def unanswered(session: Session, stop: Stop) -> list[str]:
    """The steps that a stop wants answered, and that are not, in this update."""
    right = {
        answer.step
        for answer in session.answers
        if answer.update == session.update and answer.level != "sign" and answer.result in _RIGHT
    }
    program = program_of(session)
    return [name for name in stop.until.answered if _step_number(program, name) not in right]


def left_behind(session: Session, stop: Stop) -> tuple[str, bool] | None:
    """(the first step that a stop wants answered and that was gone over without that, whether it is the one
    on screen); None where there is none."""
    for name in unanswered(session, stop):
        if _has_done(session, name):
            return name, session.step == _step_number(program_of(session), name)
    return None


def _missing(session: Session, before: Session, touring: Touring) -> str:
    """What a stop that asks for a nudge still wants, where no more than that is missing; else nothing."""
    assert touring.stop is not None, "a stop is asked"
    until, selected = touring.stop.until, symbol(session.selected)
    if session.stage == "off" and unanswered(session, touring.stop):
        return ""
    is_turned = until.nudge is not None and is_as_far(session.knob, touring.stop)
    if not (until.nudged or until.nudge) or is_turned or session.stage == "asking":
        return ""
    if session.knob not in (FIRST_NUDGE, before.knob) and until.selected not in (None, session.selected):
        return f"This stop is about {symbol(until.selected)}; {selected} is nudged here."
    knob = NUDGES[-1] if session.knob == FIRST_NUDGE or until.nudge else session.knob
    # A knob may have to be turned before the step at which that is told.
    step = (until.step and until.nudge and _step_number(program_of(session), until.step)) or session.step
    there = replace(session, knob=knob, step=max(step, session.step + 1))
    is_near = _is_done(there, before, touring, touring.stop)
    if is_near and (session.knob, before.knob) != (FIRST_NUDGE, FIRST_NUDGE):
        return f"Go on with {place_of_key('faster')}: {selected} is not yet nudged far enough."
    return (
        f"What is missing at this stop is {place_of_key('faster')}: it nudges {selected}." if is_near else ""
    )


def at_stop(session: Session, number: int) -> Session:
    """A session on a tour where a stop of it is asked: at what the stops before it lead to."""
    touring = session.tour
    assert touring is not None, "a stop is of a tour"
    touring, here = touring._replace(number=number), session
    if session.lesson != touring.lesson:
        fresh = first_session(touring.lesson)
        here = replace(fresh, digits=session.digits, past=(*session.past, session.bare))
    start, step, knob = first_session(here.lesson), 0, FIRST_NUDGE
    selected, panel = start.selected, start.panel
    for stop, lesson in zip(touring.tour.stops[:number], touring.tour.lessons, strict=False):
        until = stop.until
        if lesson != here.lesson:
            continue
        if until.step is not None:
            number_of_it = _step_number(program_of(here), until.step) or 0
            step = max(step, number_of_it) if _asks_for_more(stop) else number_of_it
        if until.selected not in (None, selected):
            selected, knob = until.selected, FIRST_NUDGE
        panel = until.panel or panel
        if until.nudge is not None:
            knob = next((by for by in NUDGES if by >= until.nudge), NUDGES[-1])
        elif until.nudged and knob == FIRST_NUDGE:
            knob = NUDGES[NUDGES.index(FIRST_NUDGE) + 1]
    wanted = touring.stop.until.answered if touring.stop else ()
    asked = [_step_number(program_of(here), name) for name in wanted]
    if number and touring.tour.lessons[number - 1] != here.lesson:
        knob = FIRST_NUDGE  # it was turned before the other network was opened
    there = touring._replace(answered=_predicted(here), is_open=True, done_at=None)
    return replace(
        here.unasked, update=1, step=step, selected=selected, panel=panel, knob=knob, variant=None, notice="",
        answers=tuple(answer for answer in here.answers if answer.step not in asked), tour=there,
    )  # fmt: skip


def past_stop(session: Session) -> Session:
    """A session on a tour where its present stop is done, on its own network, with the numbers to tell."""
    touring = session.tour
    assert touring is not None, "a stop is of a tour"
    tour, end = touring.tour, touring.number + 1
    so_far = structs.replace(tour, stops=tour.stops[:end], lessons=tour.lessons[:end])
    there = at_stop(replace(session, tour=touring._replace(tour=so_far)), end)
    place = (there.update, there.step, there.selected, there.knob)
    return replace(there, tour=touring._replace(number=end, answered=_predicted(there), done_at=place))


def _predicted(session: Session) -> int:
    """How many steps were predicted, and right in the end."""
    return sum(answer.result in _RIGHT for answer in session.answers)


_RIGHT = ("right", "helped")


def _is_done(session: Session, before: Session, touring: Touring, stop: Stop) -> bool:
    return not _left_to_do(session, before, touring, stop)


def _left_to_do(session: Session, before: Session, touring: Touring, stop: Stop) -> int:
    """How much of what a stop asks for is still to come about, each by a command of its own."""
    until, has_come, left = stop.until, True, unanswered(session, stop)
    if until.step is not None and _asks_for_more(stop):
        has_come = _has_done(session, until.step)
        if stop.answers and until.nudge is not None:
            # The nudge asks for the answer, wherever it is turned: the next step alone tells it.
            has_come = has_come and session.step > before.step
    elif until.step is not None:
        has_come = _has_just_done(session, before, until.step)
    is_turned = is_as_far(session.knob, stop)
    done = (
        # Whoever answers comes to it; where a nudge is to be seen first, it is gone to last.
        (has_come and is_turned) or until.step in left,
        until.selected in (None, session.selected),
        until.panel in (None, session.shown_panel),
        not until.nudged or session.knob != FIRST_NUDGE,
        is_turned,
        not until.variant or session.variant is not None,
    )
    predicted = max((until.predicted or 0) - _predicted(session) + touring.answered, 0)
    return done.count(False) + predicted + len(left)


def is_as_far(knob: float, stop: Stop) -> bool:
    """Whether a knob is turned as far as a stop wants it, if it does."""
    return stop.until.nudge is None or knob >= stop.until.nudge


def is_past(session: Session, stop: Stop) -> bool:
    """Whether the step that a stop asks for lies behind, where it is not seen to be done."""
    if stop.until.step is None or _asks_for_more(stop):
        return False
    return _has_done(session, stop.until.step)


def _asks_for_more(stop: Stop) -> bool:
    """Whether something besides a step is to be done."""
    until = stop.until
    more = (until.panel, until.predicted, until.nudge)
    return until.nudged or until.variant or any(each is not None for each in more) or bool(until.answered)


def _has_done(session: Session, name: str) -> bool:
    """Whether a session is at a step, or past it."""
    number = _step_number(program_of(session), name)
    return number is not None and session.step >= number


def _has_just_done(session: Session, before: Session, name: str) -> bool:
    """Whether a session is at a step, or has gone over it: being far behind it does nothing."""
    number = _step_number(program_of(session), name)
    if number is None or session.step < number or session.update > before.update + 1:
        return False
    return session.step == number or (before.update, before.step) < (session.update, number)


def step_called(session: Session, name: str) -> int:
    """The number of the step of a name; that of the session where there is none."""
    return _step_number(program_of(session), name) or session.step


def _step_number(program: Program, name: str) -> int | None:
    """Where a step of a name is: of the whole batch, or else of its first sample."""
    return program.number(name) or program.number(name, program.samples[0])


def way_to_next_stop(
    session: Session, commands: tuple[str, ...], do: Callable[[Session, str], Session]
) -> tuple[tuple[str, ...], Session] | None:
    """(the commands that do the present stop, the session after them): the fewest; None where none do.

    commands: those that may be used; do: does one.
    """
    touring, seen, found = session.tour, set[tuple[object, ...]](), 0
    assert touring is not None, "a stop is of a tour"
    assert touring.stop is not None, "it is asked"
    # (fewest commands that it may take in all, of these still to come; the order of finding; way; session)
    waiting: list[tuple[int, int, int, tuple[str, ...], Session]] = [(0, 0, 0, (), session)]
    while waiting and len(seen) < _MOST_TRIED:
        *_, way, here = heappop(waiting)
        if (place := _place(here)) in seen:
            continue
        seen.add(place)
        is_there = here.lesson == touring.lesson
        for name in (name for name in commands if is_there or name == "tour"):
            there = do(here, name)
            if there.tour is not None and there.tour.number > touring.number:
                return (*way, name), there
            if _place(there) not in seen:
                left, found = _left_to_do(there, there, touring, touring.stop), found + 1
                heappush(waiting, (len(way) + 1 + left, left, found, (*way, name), there))
    return None


def _place(session: Session) -> tuple[object, ...]:
    """What tells two sessions of a tour apart."""
    return (
        session.update, session.step, session.selected, session.panel, session.knob, session.variant,
        session.stage, len(session.answers), _predicted(session), len(session.tried), session.lesson.title,
    )  # fmt: skip


def commands_so_far(touring: Touring) -> tuple[str, ...]:
    """The commands that were named up to the present stop, the latest first.

    Where a stop is asked on another lesson than the one before it, what opens that is said.
    """
    named, before = list[str](), touring.tour.lesson
    for stop, lesson in zip(touring.tour.stops[: touring.number + 1], touring.tour.lessons, strict=False):
        named += (*(("tour",) if lesson != before else ()), *stop.keys)
        before = lesson
    return tuple(dict.fromkeys(reversed(named)))
