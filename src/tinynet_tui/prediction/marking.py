"""Answers on paper, marked: lines with a name and a number, or a worksheet in Markdown that was filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import isfinite

from tinynet_tui.lessons.faults import LessonFault, printable, shortened
from tinynet_tui.prediction.judgement import (
    Verdict,
    is_rounded_to_one_digit,
    prediction,
    verdict,
    verdict_of_loss_before,
)
from tinynet_tui.prediction.mistakes import mistake, mistake_before
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import Moment, moment
from tinynet_tui.session.places import EXAMPLES, place_of
from tinynet_tui.session.session import Session

_STEP = re.compile(r"\*\*(?P<place>\d+\.\d+)\*\*")
"""How a worksheet begins a step."""
_SIGN = re.compile(r"(?:=|≈|←|<-|~(?==|\s))\s*")
"""What stands between a name and a number, and within a worksheet's line. The blanks before it are not looked
for: where no sign follows, a long row of them would be gone through from each of them."""
_PAPER = " \t_`\\*"
"""What a worksheet has around a number: the line to write on, and what Markdown needs."""


@dataclass(frozen=True, slots=True)
class PaperAnswer:
    """A number that somebody wrote down."""

    name: str
    """As it was written."""
    text: str
    place: tuple[int, int]
    """The update and the step that it answers."""
    is_before: bool = False
    """Whether it is the loss of a batch before the update, which no step gives, and not that of the check."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What an answer is worth."""

    answer: PaperAnswer
    verdict: Verdict
    words: str = ""
    """For the first wrong one: the mistake that it is likely to be, or where to look."""

    @property
    def line(self) -> str:
        """The mark as one line."""
        after = f": {self.words}" if self.words else ""
        return f"{self.answer.name} = {self.answer.text}  {self.verdict}{after}"


def paper_answers(session: Session, text: str, source: str) -> tuple[PaperAnswer, ...]:
    """The answers in a text about a session's lesson, in its order; what was left blank is none.

    source: what faults call the text.

    A name is that of a trace, or as the screen writes it: dL/dw5, ∂L/∂w₅, dL/dw5(2) for sample 2,
    2.dL/dw5 for update 2; a parameter's own name is its new value.

    Raises: LessonFault with a line for each that cannot be read.
    """
    rows = list(_of_worksheet(text) if _STEP.search(text) else _of_lines(text))
    answers, faults = list[PaperAnswer](), list[str]()
    for line, place, name, written in rows:
        if not written:
            continue
        try:
            answer, (update, step) = prediction(written, "number"), _place(session, place)
            there = moment(replace(session, update=update, step=step))
            if _SIGN.match(written) or (isfinite(there.trace.value(step)) and not isfinite(answer)):
                raise ValueError(f"“{shortened(written)}” is not a number, such as 0.5 or −1/3")
            step, is_before = _meant(there, place, written)
            answers.append(PaperAnswer(printable(name), printable(written), (update, step), is_before))
        except ValueError as fault:
            faults.append(f"line {line}: {shortened(name)}: {fault}")
    if not (answers or faults):
        faults.append("there is no answer in it; write lines such as dL/dw5 = 1.5")
    if faults:
        raise LessonFault(source, faults)
    return tuple(answers)


def worksheet_title(text: str) -> str:
    """The title of the lesson that a worksheet is of; empty where the text is none, or has none."""
    heading = next((line for line in text.splitlines() if line.strip()), "")
    return heading[2:].strip().replace("\\", "") if heading.startswith("# ") and _STEP.search(text) else ""


def _meant(there: Moment, place: str, written: str) -> tuple[int, bool]:
    """(the step, whether it is the loss before the update) that an answer to a named place is for.

    A loss is printed before the update and at the check: an answer is that of the one that it fits.
    there: the moment of the step that has the name.
    """
    step, last = there.session.step, len(there.program)
    assert there.step is not None, "a step is answered"
    if there.step.role == "check" and "L" in place:
        return step, verdict_of_loss_before(there, written) != "wrong"
    if there.step.role == "loss" and place.endswith("L") and verdict(there, written) == "wrong":
        checked = moment(replace(there.session, step=last))
        return (last if verdict(checked, written) != "wrong" else step), False
    return step, False


def _place(session: Session, text: str) -> tuple[int, int]:
    try:
        update, step = place_of(session, text)
    except ValueError as fault:
        # Only what may have been meant is said of a misspelt name.
        words = str(fault) if EXAMPLES not in str(fault) else "write dL/dw5, or 1.18 for step 18 of update 1"
        raise ValueError(f"no such step; {words}" if " is " not in words else words) from None
    if step == 0:
        raise ValueError("is an update; name a step of it, as a trace does")
    if step > (last := len(program_of(replace(session, update=update)))):
        raise ValueError(f"no such step; update {update} has {last}")
    return update, step


_Row = tuple[int, str, str, str]
"""The number of a line, the place that it answers, and the name and the number in it."""


def _of_lines(text: str) -> Iterator[_Row]:
    """Rows of lines such as dL/dw5 = 1.5; empty lines and those that begin with # say nothing."""
    for number, line in enumerate(text.splitlines(), start=1):
        plain = line.strip().strip("`")
        if plain and not plain.startswith("#"):
            # Without a sign the whole line stands for the number, and is told to be none; so do two answers.
            name, *values = _SIGN.split(plain, maxsplit=1)
            name = name.rstrip()
            yield number, name, name, values[-1].strip(_PAPER) if values else plain


def _of_worksheet(text: str) -> Iterator[_Row]:
    """Rows of a worksheet in Markdown: below a step's place and title, its line."""
    place = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if found := _STEP.search(line):
            place = found["place"]
        elif place and _SIGN.search(line):
            name, *values = _SIGN.split(line.strip().strip("`"))
            yield number, place, name.rstrip(), values[-1].strip(_PAPER)
            place = ""


def marks(session: Session, answers: tuple[PaperAnswer, ...]) -> Iterator[Mark]:
    """What each answer is worth: it is held against the true numbers, whatever was wrong before it."""
    is_first = True
    for answer in answers:
        update, step = answer.place
        there = moment(replace(session, update=update, step=step))
        judged = (verdict_of_loss_before if answer.is_before else verdict)(there, answer.text)
        words = mistake(there, "number", answer.text) or "" if judged == "wrong" and is_first else ""
        if judged == "wrong" and not words and is_rounded_to_one_digit(there, answer.text):
            words = "rounded further than two digits."
        elif judged == "wrong" and is_first:
            is_first = False
            words = (
                words
                or mistake_before(there, answer.text)
                or f"step {update}.{step} shows how it is worked out."
            )
        yield Mark(answer, judged, words)
