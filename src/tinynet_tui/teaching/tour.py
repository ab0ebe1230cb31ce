"""The words of a tour: the present question, and what is said of the stop before it, with its numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from math import isnan

from tinynet_tui.engine.names import symbol
from tinynet_tui.lessons.tour_file import Stop, in_braces
from tinynet_tui.session.commands import BY_NAME, Command, after
from tinynet_tui.session.keys import OF_TABLE, Keys
from tinynet_tui.session.moment import Moment
from tinynet_tui.session.moment import moment as moment_of
from tinynet_tui.session.session import LEAST_NUDGE, Edit, Session, Tour, Touring
from tinynet_tui.session.touring import (
    ask_of,
    at_stop,
    begun,
    is_as_far,
    is_past,
    left_behind,
    past_stop,
    step_called,
    unanswered,
)
from tinynet_tui.teaching.chain import chain
from tinynet_tui.teaching.nudge import knob, parts_of_change
from tinynet_tui.teaching.numbers import MOST_IN_SENTENCES, ends, shown, signed
from tinynet_tui.teaching.step_line import step_line

THE_END = "That was the tour."


def asked(moment: Moment, touring: Touring, keys: Keys = OF_TABLE) -> str:
    """The present question, after its number; once all are done, that they are."""
    is_open = moment.session.stage == "asking"
    keys = keys.while_typing if is_open else keys
    if touring.stop is None:
        return f"{THE_END} {keys.of('leave')} takes its words away."
    place = f"{touring.number + 1}/{len(touring.tour.stops)}"
    here, asked_on = moment.session.lesson, touring.lesson
    if here != asked_on:
        is_same = (here.network, here.program, here.data) == (
            asked_on.network,
            asked_on.program,
            asked_on.data,
        )
        other = "with another learning rate" if is_same else "on another network"
        return f"{place} is asked {other}, “{asked_on.title}”: {keys.of('tour')} opens it."
    if behind := left_behind(moment.session, touring.stop):
        name, is_here = behind
        way = (
            f"{keys.of('back')} goes back to it"
            if is_here
            else f"{keys.of('previous-phase' if is_open else 'first-step')} goes back"
        )
        return f"{place} {symbol(name)} is still to be answered: {way}."
    ask = ask_of(moment.session, touring.stop)
    words = f"{place} {filled(_without_typed_keys(ask, keys) if is_open else ask, moment, keys)}"
    # A command of the same kind may have gone over two stops at once: the second is still to be seen.
    if not is_past(moment.session, touring.stop):
        return words
    until, back = touring.stop.until, f"{keys.of('back')} goes back to it"
    if until.selected not in (None, moment.session.selected):
        back = f"{symbol(until.selected)} has to be selected there; {back}"
    return f"{words} ({symbol(until.step or '')} lies behind: {back}.)"


def _without_typed_keys(ask: str, keys: Keys) -> str:
    """The sentences of a question all of whose commands have keys that work where its answer is typed."""
    sentences = [
        sentence
        for sentence in _SENTENCES.split(ask)
        if all(keys.first(_command_of(name)) for name in in_braces(sentence) if name in BY_NAME)
    ]
    return " ".join(sentences) or "Type it, or {next} shows it."


_SENTENCES = re.compile(r"(?<=[.?!]) ")


def told(moment: Moment, touring: Touring, keys: Keys = OF_TABLE) -> str:
    """What is said of the stop that was done last, with the numbers it was done at; nothing without one."""
    found = _told_at(moment, touring)
    return filled(touring.tour.stops[touring.number - 1].told, found, keys) if found else ""


def where_asked(session: Session, stop: Stop, keys: Keys) -> str:
    """Of a stop that asks on the way: what it asks for next, and the key that leads there."""
    left = unanswered(session, stop)
    if stop.until.predicted and session.stage == "off":
        return f"This stop asks for its answers step by step: {keys.of('predict')} begins that."
    if not left or left_behind(session, stop):
        return "This stop asks for its answers on the way, each at its step."
    name = min(left, key=lambda each: step_called(session, each))
    run = after(session, Command("run-to"))
    is_on_way = run.stage == "asking" and run.step + 1 == step_called(session, name)
    key = keys.of("run-to" if is_on_way else "next")
    return f"This stop asks for {symbol(name)} at its step: {key} leads there."


def _told_at(moment: Moment, touring: Touring) -> Moment | None:
    """The moment whose numbers are said of the stop that was done last; None where nothing is said of it."""
    if touring.done_at is None or not touring.number:
        return None
    update, step, selected, knob = touring.done_at
    here, stop = moment.session, touring.number - 1
    if here.lesson != touring.tour.lessons[stop]:
        return None
    is_seen = (here.update, here.selected) == (update, selected)
    if is_seen and is_as_far(here.knob, touring.tour.stops[stop]):
        knob = here.knob  # it may have been turned further, or back
    there = replace(here.unasked, update=update, step=step, selected=selected, knob=knob)
    return moment_of(there)


def unkept_promises(tour: Tour) -> Iterator[str]:
    """A line for each number that a text of a tour has in braces and that is not there where it is said."""
    session = begun(tour)
    for n, stop in enumerate(tour.stops):
        there = at_stop(session, n)
        done = past_stop(there)
        assert done.tour is not None, "it goes on"
        asked_at, told_at = moment_of(there), _told_at(moment_of(done), done.tour) or moment_of(done)
        said = [("ask", stop.ask, asked_at), ("told", stop.told, told_at)]
        said += [("answers", text, told_at) for text in stop.answers]
        said += [("reason", stop.reason, told_at)] if stop.reason else []
        said += [
            ("then", text, moment_of(replace(there, step=step_called(there, name))))
            for name, text in zip(stop.until.answered, stop.then, strict=False)
        ]
        for key, text, now in said:
            when = "where this is asked" if key in ("ask", "then") else "when this stop is done"
            for name in in_braces(text):
                if not _is_key(name, now) and _number(name, now) == "?":
                    yield f"stops[{n}].{key}: {{{name}}} has no number {when}"


def filled(text: str, moment: Moment, keys: Keys = OF_TABLE) -> str:
    """A text with the numbers of a moment, and the keys of commands, in its braces; a ? is not known yet."""
    for name in in_braces(text):
        said = key_to(name, keys) if _is_key(name, moment) else _number(name, moment)
        text = text.replace(f"{{{name}}}", said)
    return text


def _is_key(name: str, moment: Moment) -> bool:
    """Whether what stands in braces is a command, and not a quantity of the same name."""
    return name in BY_NAME and moment.program.sample_position(name) is None


def key_to(name: str, keys: Keys) -> str:
    """The key that does a command in a tour: + and − nudge where the chain is shown."""
    return keys.of(_command_of(name))


def _command_of(name: str) -> str:
    """The command whose key does one that has none of its own."""
    return {"nudge-up": "faster", "nudge-down": "slower"}.get(name, name)


def _number(name: str, moment: Moment) -> str:
    digits, trace = min(moment.session.digits, MOST_IN_SENTENCES), moment.trace
    match name:
        case "before":
            return shown(trace.loss_before, digits)
        case "after":
            return shown(trace.loss_after, digits)
        case "product" | "sum":
            return _worked_out(moment, is_sum=name == "sum")
        case "nudged":
            return _worked_out(after_nudge(moment), is_sum=False)
        case "factor":
            return _first_factor(after_nudge(moment))
        case "went":
            return _compared(trace.loss_after, trace.loss_before, _WENT)
        case "fell":
            return _compared(trace.loss_after, trace.loss_before, ("yes", "no", "no", "no"))
        case "parts":
            return parts_of_change(moment) or "?"
        case "nudge" | "turned" | "there" | "change" | "ratio" | "tiny" | "larger" | "helps":
            if moment.value("L") is None:
                return "?"
            # Beside the least nudge itself stands that to the other side.
            other = -LEAST_NUDGE if moment.session.knob == LEAST_NUDGE else LEAST_NUDGE
            found, least = knob(moment), knob(moment_of(replace(moment.session, knob=other)))
            slope = least.change / least.by
            too_far = "; this nudge goes too far for that" if found.change / found.by * slope < 0.0 else ""
            return {
                "nudge": found.line(digits),
                "turned": found.turned(digits),
                "change": signed(found.change, digits),
                "ratio": found.times(digits),
                "there": ends(found.before, found.before + found.by, digits)[1],
                "tiny": f"{shown(least.by)} gives {least.times(digits)}",
                "larger": _compared(slope, 0.0, _MAKES) + too_far,
                "helps": _compared(slope, 0.0, ("yes", "no", "no", "no")),
            }[name]
    value = moment.value(name)
    return "?" if value is None else shown(value, digits)


_WENT = ("it fell", "it rose", "it stayed the same", "it is no number any more")
_MAKES = ("makes L smaller", "makes L larger", "leaves L as it is", "leaves no number of L")


def _compared(number: float, other: float, words: tuple[str, str, str, str]) -> str:
    """Which of the words hold: for a smaller, a larger, the same number, or none."""
    smaller, larger, same, none = words
    if isnan(number) or isnan(other):
        return none
    return smaller if number < other else larger if number > other else same


def after_nudge(moment: Moment) -> Moment:
    """The moment if what is selected had the value to which the knob nudges it."""
    session, found = moment.session, knob(moment)
    edit = Edit(session.update, session.selected, found.before + found.by)
    return moment_of(replace(session, edits=(*session.edits, edit), knob=1))


def _first_factor(moment: Moment) -> str:
    """How the first factor of the selected parameter's first path is worked out: 2 · (0 − 3) = −6."""
    session = moment.session
    gradient = f"dL/d{session.selected}"
    if moment.program.sample_position(gradient) is None:
        return "?"
    path = chain(moment, gradient).paths[0]
    line = step_line(moment_of(replace(session, step=step_called(session, path.factors[0]))))
    return f"{line.numbers} = {path.numbers[0]}" if line.numbers else path.numbers[0]


def _worked_out(moment: Moment, is_sum: bool) -> str:
    """The product of the selected parameter's first path, −2 · 1 · 5 = −10, or the sum of all paths'."""
    gradient = f"dL/d{moment.session.selected}"
    if moment.program.sample_position(gradient) is None:
        return "?"
    found = chain(moment, gradient)
    if is_sum and found.joins:
        numbers, came = found.joins[0].numbers, found.joins[0].came
    else:
        numbers, came = " · ".join(found.paths[0].numbers), found.paths[0].came
    return f"{numbers} {came.sign} {came.value}" if came else "?"
