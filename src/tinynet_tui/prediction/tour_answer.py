"""What is typed at a stop of a tour: whether it is the answer, and what it may be where it is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from tinynet_tui.engine.expressions import Number
from tinynet_tui.engine.names import symbol
from tinynet_tui.lessons.tour_file import Stop, in_braces
from tinynet_tui.prediction.earlier_mistakes import mistake_before, mistakes_on_the_way
from tinynet_tui.prediction.judgement import Expected, expected, expected_at
from tinynet_tui.prediction.mistakes import WRONG_SIGN, mistake
from tinynet_tui.session.commands import BY_NAME
from tinynet_tui.session.moment import Moment
from tinynet_tui.session.moment import moment as moment_of
from tinynet_tui.session.session import FIRST_NUDGE, Session, with_minus
from tinynet_tui.session.touring import is_as_far, past_stop, step_called
from tinynet_tui.teaching.nudge import Nudge, knob
from tinynet_tui.teaching.numbers import MOST_IN_SENTENCES, number, shown
from tinynet_tui.teaching.tour import after_nudge, filled


class _Asked(NamedTuple):
    """One text that answers a stop, with the numbers of a place where that may be done."""

    text: str
    """As the file has it: a word, or {dL/dw5}."""
    there: Moment
    word: str
    """With its number, as it is compared."""

    @property
    def is_number(self) -> bool:
        """Whether a number is asked for."""
        return _is_number(self.word)

    @property
    def step(self) -> Moment | None:
        """The moment whose step gives the number; None where no single one does."""
        name = self.text.strip("{}")
        match name:
            case "product" | "sum" | "nudged":
                there = after_nudge(self.there) if name == "nudged" else self.there
                name = f"dL/d{there.session.selected}"
            case _:
                there = self.there
        place = step_called(there.session, name)
        found = moment_of(replace(there.session, step=min(place, there.session.step)))
        return found if found.step is not None and found.step.name == name else None

    def comes_to(self, number_: float) -> Expected:
        """Another number of the same place, to hold an answer against."""
        return expected(Number(number_), lambda _: number_, self.there.session.digits)

    def takes(self, typed: float, text: str) -> bool:
        """Whether a number that was typed is the one that is asked for, or is it rounded."""
        step = self.step
        came = expected_at(step) if step else self.comes_to(number(self.word))
        return came.verdict(typed, text) != "wrong"


def reply(session: Session, text: str, otherwise: str) -> tuple[bool, str]:
    """(whether what was typed answers the present stop, what is said of it).

    A number is judged as a prediction is, but may be rounded to two digits, or three if it is whole. What
    is wrong has its reason, where there is a likely one. otherwise: what else can be done there.

    Raises: ValueError for what is no number, where numbers alone answer it.
    """
    asked, said = list(_asked(session)), with_minus(text.strip())
    assert session.tour is not None, "a tour asks"
    assert session.tour.stop is not None, "a stop is asked"
    stop, right = session.tour.stop, f"Right: {said}."
    words = {each.word for each in asked}
    meant = _meant(stop, text)
    if _plain(text) in words or (meant and meant <= words):
        return True, right
    if not _is_number(text):
        if all(each.is_number for each in asked):
            number(text)  # it says what is wrong
        if stop.same and not meant:
            return False, f"“{said}” is not understood here: try other words, or {otherwise}."
        return False, f"Not “{said}”. {_help(stop, asked) or f'Try again, or {otherwise}.'}"
    typed, numbers = number(text), [each for each in asked if each.is_number]
    if any(each.takes(typed, text) for each in numbers):
        return True, right
    likely = next(filter(None, (_reason(each, typed, text) for each in numbers)), "")
    return False, f"Not {said}. {likely or _help(stop, asked) or f'Try again, or {otherwise}.'}"


def _asked(session: Session) -> Iterator[_Asked]:
    """What answers the present stop: at the numbers where it is done, by any nudge that does it; those of the
    nudge that stands there first."""
    done, here = past_stop(session), session.tour
    assert here is not None, "a tour asks"
    assert here.stop is not None, "a stop is asked"
    assert done.tour is not None, "it goes on"
    assert done.tour.done_at is not None, "a stop was done"
    told = (f"{{{name}}}" for name in in_braces(here.stop.told) if name not in BY_NAME)
    texts = here.stop.answers or tuple(told)
    update, step, selected, turned = done.tour.done_at
    now = session.knob if session.selected == selected else turned
    for by in dict.fromkeys((now, turned, FIRST_NUDGE)):
        if not is_as_far(by, here.stop):
            continue
        there = moment_of(replace(done.unasked, update=update, step=step, selected=selected, knob=by))
        # In all digits of a sentence: who types more of them than are shown is right as well.
        in_full = moment_of(replace(there.session, digits=MOST_IN_SENTENCES))
        for text in texts:
            word = _plain(re.split("[=≈]", filled(text, in_full))[-1])
            # What is told is words, too: none of them was asked for. A number that is not there is a ?.
            if word and (here.stop.answers or _is_number(word)):
                yield _Asked(text, there, word)


def _help(stop: Stop, asked: list[_Asked]) -> str:
    """What a stop says of a wrong answer whose mistake is not known; empty where it says nothing."""
    # What a larger one does is what a nudge upwards does.
    there = next((each.there for each in asked if each.there.session.knob > 0), None)
    return filled(stop.reason, there) if stop.reason and there else ""


def _meant(stop: Stop, text: str) -> set[str]:
    """What the words of an answer mean: of each the first of the list that it is in."""
    found = {_plain(text), *re.findall(r"[^\W\d_]+(?:'t)?", text.lower().replace("’", "'"))}
    return {_plain(same[0]) for same in stop.same if found & {_plain(word) for word in same}}


def _reason(asked: _Asked, typed: float, text: str) -> str | None:
    """What a wrong number is likely to be, in a sentence."""
    found = knob(asked.there)
    for name, value, words in _of_nudge(asked, found):
        if asked.text == f"{{{name}}}" and asked.comes_to(value).includes(typed):
            return words
    step = asked.step
    if step is not None:
        if own := mistake(step, "number", text):
            return own
        earlier = mistake_before(step, text, {}, mistakes_on_the_way)
        return earlier and earlier.words[0].upper() + earlier.words[1:]
    return WRONG_SIGN if asked.comes_to(-number(asked.word)).includes(typed) else None


def _of_nudge(asked: _Asked, found: Nudge) -> Iterator[tuple[str, float, str]]:
    """(what is asked for, a number beside it on screen, what to say to whoever types that)."""
    ratio, loss = found.change / found.by, found.changes[-1][0]
    times = f"how many times as much {loss} changes as {found.name}"
    yield "change", ratio, f"That is {times}: by how much {loss} changes is asked."
    for other, change in found.changes[:-1]:
        yield "change", change, f"That is the change of {other}: that of {loss} is asked."
    selected = asked.there.session.selected
    yield f"dL/d{selected}", ratio, "It is so for this nudge: a smaller one comes nearer to what is asked."
    if found.gradient is not None:
        place = f"at {found.name} = {shown(found.before)}, before the nudge"
        yield "nudged", found.gradient, f"That is {symbol(f'dL/d{selected}')} {place}."


def _plain(text: str) -> str:
    """A word as it is compared: “The old one.” is old, and y is yes."""
    word = text.strip(" “”").rstrip(" .!?”").lower().removeprefix("the ").removesuffix(" one")
    return {"y": "yes", "n": "no"}.get(word, word)


def _is_number(text: str) -> bool:
    try:
        number(text)
    except ValueError:
        return False
    return True
