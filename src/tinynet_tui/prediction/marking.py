"""Answers on paper, marked: lines with a name and a number, or a worksheet in Markdown that was filled in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import isfinite

from tinynet_tui.prediction.earlier_mistakes import (
    comes_to,
    lost_factors,
    mistake_before,
    mistakes_on_the_way,
)
from tinynet_tui.prediction.judgement import (
    AnswerVerdict,
    is_rounded_to_one_digit,
    prediction,
    verdict,
    verdict_of_loss_before,
)
from tinynet_tui.prediction.mistakes import OR, WRONG_SIGN, mistake
from tinynet_tui.prediction.own_numbers import steps_behind, value_from
from tinynet_tui.safety.foreign_text import printable, shortened
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import Moment, moment
from tinynet_tui.session.places import NoPlace, NoStep, place_of
from tinynet_tui.session.session import Session
from tinynet_tui.teaching.numbers import shown
from tinynet_tui.teaching.step_line import quantity

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
    value: float
    place: tuple[int, int]
    """The update and the step that it answers."""
    when: str
    """Of which update it is; of a loss, whether it is that before or after it, and whose: several have one
    name."""
    is_before: bool = False
    """Whether it is the loss of a batch before the update, which no step gives, and not that of the check."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What is written on a paper."""

    answers: tuple[PaperAnswer, ...]
    """Those that can be marked, in their order."""
    faults: tuple[str, ...]
    """A line for each that cannot."""
    blanks: int
    """Places that were left empty."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What an answer is worth."""

    answer: PaperAnswer
    verdict: AnswerVerdict
    words: str = ""
    """For a wrong one: the mistake that it is likely to be, what it follows from, or where to look."""
    when: str = ""
    """Which of several answers with the same name it is."""

    @property
    def line(self) -> str:
        """The mark as one line."""
        words = f": {self.words}" if self.words else ""
        when = f"  ({self.when})" if self.when else ""
        return f"{self.answer.name} = {self.answer.text}  {self.verdict}{words}{when}"


def paper_answers(session: Session, text: str) -> Paper:
    """The answers in a text about a session's lesson; what was left blank is none.

    A name is that of a trace, or as the screen writes it: dL/dw5, ∂L/∂w₅, dL/dw5(2) for sample 2,
    2.dL/dw5 for update 2; a parameter's own name is its new value.
    """
    is_sheet = _STEP.search(text) is not None
    rows = _of_worksheet(text) if is_sheet else _of_lines(text)
    answers, faults, blanks = list[PaperAnswer](), list[str](), 0
    for line, place, name, written in rows:
        if written is None:
            faults.append(f"line {line}: {shortened(name)}: has no =; write lines such as dL/dw5 = 1.5")
            continue
        if not written:
            blanks += 1
            continue
        try:
            answer = _answer(session, place, name, written)
        except ValueError as fault:
            faults.append(f"line {line}: {shortened(name)}: {fault}")
            continue
        if not (is_sheet and _at(session, answer).program.step(answer.place[1]).is_given):
            answers.append(answer)  # a worksheet prints what is given: h₀ = 0
    if not (answers or faults):
        faults.append("there is no answer in it; write lines such as dL/dw5 = 1.5")
    return Paper(tuple(answers), tuple(faults), blanks)


def _answer(session: Session, place: str, name: str, written: str) -> PaperAnswer:
    """The answer to a named place. Raises: ValueError when the place or the number cannot be read."""
    value, (update, step) = prediction(written, "number"), _place(session, place)
    there = moment(replace(session, update=update, step=step))
    if _SIGN.match(written) or (isfinite(there.trace.value(step)) and not isfinite(value)):
        raise ValueError(f"“{shortened(written)}” is not a number, such as 0.5 or −1/3")
    step, is_before = _meant(there, place, written)
    role, model, samples = there.program.step(step).role, there.model, there.program.samples
    before_or_after = {"loss": "before ", "check": "before " if is_before else "after "}.get(role, "")
    when = f"{before_or_after}update {update}"
    if len(samples) > 1 and place.endswith("L") and model.reduction not in place:
        # L alone may be that of the sample on screen, or that of the batch.
        when = f"{f'sample {there.sample}' if role == 'loss' else model.reduction}, {when}"
    return PaperAnswer(printable(name), printable(written), value, (update, step), when, is_before)


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
        if verdict(checked, written) != "wrong":
            return last, False
        if len(there.program.samples) > 1 and verdict_of_loss_before(checked, written) != "wrong":
            return last, True
    return step, False


def _place(session: Session, text: str) -> tuple[int, int]:
    try:
        update, step = place_of(session, text)
    except NoPlace:
        raise ValueError("no such step; write dL/dw5, or 1.18 for step 18 of update 1") from None
    except NoStep as fault:
        raise ValueError(f"no such step; {fault}") from None
    if step == 0:
        raise ValueError("is an update; name a step of it, as a trace does")
    if step > (last := len(program_of(replace(session, update=update)))):
        raise ValueError(f"no such step; update {update} has {last}")
    return update, step


_Row = tuple[int, str, str, str | None]
"""The number of a line, the place that it answers, and the name and the number in it; None without a sign."""


def _of_lines(text: str) -> Iterator[_Row]:
    """Rows of lines such as dL/dw5 = 1.5; empty lines and those that begin with # say nothing."""
    for number, line in enumerate(text.splitlines(), start=1):
        plain = line.strip().strip("`")
        if plain and not plain.startswith("#"):
            name, *values = _SIGN.split(plain, maxsplit=1)
            name = name.rstrip()
            yield number, name, name, values[-1].strip(_PAPER) if values else None


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


def marks(session: Session, answers: tuple[PaperAnswer, ...], command: str) -> Iterator[Mark]:
    """What each answer is worth: it is held against the true numbers, whatever was wrong before it.

    command: what opens the lesson, as the reasons say.
    """
    verdicts = [_verdict(session, answer) for answer in answers]
    updates = dict[int, _OfUpdate]()
    for answer, judged in zip(answers, verdicts, strict=True):
        updates.setdefault(answer.place[0], _OfUpdate()).add(answer, judged)
    meanings = {(answer.name, answer.when) for answer in answers}
    times = Counter(name for name, _ in meanings)
    explained, is_first = 0, True
    for answer, judged in zip(answers, verdicts, strict=True):
        words, written = "", updates[answer.place[0]]
        if judged == "wrong" and (explained := explained + 1) <= _MOST_EXPLAINED:
            words = _reason(session, answer, written, is_first=explained == 1)
            if not words and is_first:
                words, is_first = _earlier_mistake(session, answer, written), False
            words = words or f"`{command} --at {'{}.{}'.format(*answer.place)}` shows how it is worked out."
        yield Mark(answer, judged, words, answer.when if times[answer.name] > 1 else "")


_MOST_EXPLAINED = 100
"""Wrong answers that a reason is looked for."""


class _OfUpdate:
    """The numbers that were written down, or meant, for the steps of one update."""

    def __init__(self) -> None:
        self.values = dict[int, float]()
        self.origins = dict[AnswerVerdict, dict[int, tuple[str, ...]]](right={}, rounded={}, wrong={})
        """For each verdict, name and number of what the value of a step comes from: its own, or others'."""

    def add(self, answer: PaperAnswer, judged: AnswerVerdict) -> None:
        """Take in an answer."""
        if not answer.is_before:
            step = answer.place[1]
            self.values[step] = answer.value
            self.origins[judged][step] = (f"{answer.name} = {answer.text}",)


def _at(session: Session, answer: PaperAnswer) -> Moment:
    update, step = answer.place
    return moment(replace(session, update=update, step=step))


def _verdict(session: Session, answer: PaperAnswer) -> AnswerVerdict:
    judge = verdict_of_loss_before if answer.is_before else verdict
    return judge(_at(session, answer), answer.text)


def _reason(session: Session, answer: PaperAnswer, written: _OfUpdate, is_first: bool) -> str:
    """Why an answer is wrong: what it follows from, or the likely mistake; empty where neither is known.

    is_first: whether it is the first wrong one.
    """
    there = _at(session, answer)
    return (
        _followed(there, answer, written, "wrong")
        or _own_mistake(there, answer, written, is_first)
        or _followed(there, answer, written, "rounded")
        or ("rounded further than two digits." if is_rounded_to_one_digit(there, answer.text) else "")
    )


def _own_mistake(there: Moment, answer: PaperAnswer, written: _OfUpdate, is_first: bool) -> str:
    """The likely mistake at the step itself; empty where none is known.

    Of a gradient a factor that was lost at ∂L/∂ŷ is named, too, as the number may come of either: once, at
    the first wrong answer. The wrong sign is named alone, as it is what one sees first.
    """
    assert there.step is not None, "a step is answered"
    own = mistake(there, "number", answer.text) or ""
    if own in ("", WRONG_SIGN) or there.step.role != "gradient" or not is_first:
        return own
    lost = mistake_before(there, answer.text, written.values, lost_factors)
    return OR.join((own, lost.words)) if lost else own


def _earlier_mistake(session: Session, answer: PaperAnswer, written: _OfUpdate) -> str:
    """The mistake at a step that was not written down, which others may follow from; empty if none is known.

    It takes long in a large batch, and so is looked for once: behind the first that nothing else explains.
    """
    there = _at(session, answer)
    earlier = mistake_before(there, answer.text, written.values, mistakes_on_the_way)
    if earlier is None:
        return ""
    for step, value in earlier.values.items():
        name = quantity(there.program, there.program.step(step))
        written.values[step] = value
        written.origins["wrong"][step] = (f"{name} = {shown(value, session.digits)}",)
    return earlier.words


def _followed(there: Moment, answer: PaperAnswer, written: _OfUpdate, judged: AnswerVerdict) -> str:
    """What an answer follows from, of the steps with a verdict; empty where it does not follow."""
    step, origins = there.session.step, written.origins[judged]
    behind = steps_behind(there.program, step, written.values)
    read = [earlier for earlier in reversed(behind) if earlier in origins]
    if not read:
        return ""
    if not comes_to(there, value_from(there.trace, step, written.values, behind), answer.value):
        return ""
    first = tuple(dict.fromkeys(origin for earlier in read for origin in origins[earlier]))
    written.origins["wrong"][step] = first
    more = " and more" if len(first) > _ORIGINS else ""
    return f"follows from {' and '.join(first[:_ORIGINS])}{more}{_ROUNDED if judged == 'rounded' else ''}."


_ORIGINS = 2
"""Of an answer, how many are told."""
_ROUNDED = ", rounded"
