"""The question about the coming step, and what is said to its answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import exp, isnan

from tinynet_tui.engine.expression_reading import value
from tinynet_tui.engine.expressions import Apply, names_in
from tinynet_tui.prediction.kinds import rule_of
from tinynet_tui.prediction.mistakes import mistake
from tinynet_tui.prediction.tally import of_update
from tinynet_tui.session.moment import Moment, moment
from tinynet_tui.session.predicting import last_answer
from tinynet_tui.session.session import HINTS, Answer, Hint, Level, Session, with_minus
from tinynet_tui.teaching.numbers import shown, sign_and_number
from tinynet_tui.teaching.sample_or_batch import letter_in
from tinynet_tui.teaching.sentences import explanation
from tinynet_tui.teaching.step_line import StepLine, step_line

_DIGITS_OF_TABLES = 6
"""Of a power of e, so that what is worked out from it is right in all digits shown."""
_LARGEST_POWER = 300.0


@dataclass(frozen=True, slots=True)
class ValueRead:
    """A quantity that the step reads, with the value that it has for it."""

    name: str
    value: float
    text: str
    """Both as they are shown: w₁ = 1."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, with nothing in it that gives the answer away but the moment that it leads to."""

    answer: Moment
    """The moment after the step that is asked for."""
    level: Level
    line: StepLine
    """The step's line, of which the question shows the name and perhaps the letters."""

    @property
    def name(self) -> str:
        """The quantity that is asked for: of a parameter that is updated the new value, not the old one."""
        step = self.answer.step
        return f"the new {self.line.name}" if step and step.role == "update" else self.line.name

    @property
    def title(self) -> str:
        """What the step does, in half a line."""
        return explanation(self.answer).title

    @property
    def formula(self) -> str:
        """The line that is to be completed: ∂L/∂ŷ = 2 · (ŷ − y) = ?; a constant is not written out."""
        in_letters = self.line.in_letters if self.level != "diagram" else ""
        return f"{in_letters} = ?" if in_letters else f"{self.line.name} {self.line.assigns} ?"

    @property
    def reads(self) -> tuple[ValueRead, ...]:
        """What the step reads, in the order of its formula."""
        step, number = self.answer.step, self.answer.session.step
        assert step is not None, "a question is about a step"
        digits = self.answer.session.digits
        in_letters = letter_in(self.answer.program, step.sample)
        values = [(name, self.answer.trace.value_of(number, name)) for name in names_in(step.expression)]
        return tuple(
            ValueRead(name.name, value, f"{in_letters(name)} {sign_and_number(value, digits)}")
            for name, value in values
        )

    @property
    def help(self) -> tuple[str, ...]:
        """What helps so far: what is said of the last wrong answer, and the hints that are shown."""
        session = self.answer.session
        hints = HINTS[self.level][: session.hints]
        no_more = ("There are no more hints.",) if hints and not self.has_hints else ()
        return (*self._about_last_try(), *filter(None, map(self._hint, hints)), *no_more)

    @property
    def has_hints(self) -> bool:
        """Whether Enter alone gives one more; else it shows the value."""
        return self.answer.session.hints < len(HINTS[self.level])

    def _about_last_try(self) -> Iterator[str]:
        tried = self.answer.session.tried
        if tried:
            named = mistake(self.answer, self.level, tried[-1])
            yield " ".join(filter(None, (f"Not {with_minus(tried[-1])}.", named)))

    def _hint(self, hint: Hint) -> str:
        """A hint in words; empty where the step has nothing of that kind, being a constant."""
        step = self.answer.step
        assert step is not None, "a question is about a step"
        match hint:
            case "rule":
                return rule_of(self.answer.program, step)
            case "letters":
                return self.line.in_letters
            case "numbers":
                return " ".join(filter(None, (self.line.in_numbers, self._powers_of_e())))

    def _powers_of_e(self) -> str:
        """What a hand without a calculator needs for tanh, the sigmoid or a power of e; else nothing."""
        step, number = self.answer.step, self.answer.session.step
        match step and step.expression:
            case Apply("tanh" | "sigmoid" | "exp" as function, (inner,)):
                u = value(inner, lambda name: self.answer.trace.value_of(number, name))
                if not abs(u) <= _LARGEST_POWER:
                    return ""
                up, down, half = (shown(exp(power), _DIGITS_OF_TABLES) for power in (u, -u, u / 2))
                return {
                    "tanh": f"tanh u = (e^u − e^−u) / (e^u + e^−u), with e^u ≈ {up} and e^−u ≈ {down}.",
                    "sigmoid": f"σ(u) = 1 / (1 + e^−u), with e^−u ≈ {down}.",
                    "exp": f"e^u is the square of e^(u/2) ≈ {half}.",
                }[function]
        return ""

    @property
    def asked(self) -> str:
        """What is wanted, in one sentence."""
        if self.level == "sign":
            return f"Is {self.name} positive, negative or 0? Answer +, − or 0."
        return "Answer with a number or a fraction, such as 0.5 or −3/2."

    @property
    def label(self) -> str:
        """What stands before the field that is typed into."""
        return f"sign of {self.name}:" if self.level == "sign" else f"{self.name.removeprefix('the ')} ="

    @property
    def full_label(self) -> str:
        """The label where nothing else says what may be typed."""
        return f"sign of {self.name} (+, − or 0):" if self.level == "sign" else self.label


def question(session: Session) -> Question | None:
    """The question that a session asks now, if it asks one."""
    if session.stage != "asking":
        return None
    answer = moment(replace(session, step=session.step + 1, stage="off"))
    return Question(answer, session.level, step_line(answer))


def feedback(moment: Moment) -> tuple[str, ...]:
    """The sentences on the last answer, the verdict first; none where nothing has just been answered."""
    answer = last_answer(moment.session)
    if answer is None:
        return ()
    is_last = answer.step == len(moment.program)
    return (*_sentences(moment, answer), *((of_update(moment.session),) if is_last else ()))


def _sentences(moment: Moment, answer: Answer) -> Iterator[str]:
    match answer.result:
        case "right":
            yield f"Correct: {_truth(moment, answer)}."
        case "helped":
            yield f"Correct now: {_truth(moment, answer)}."
        case "shown":
            yield f"Looked up: {_truth(moment, answer)}."
        case "wrong":
            if answer.level == "sign":
                yield f"No: {_truth(moment, answer)}."
            else:
                yield f"Not quite: {_truth(moment, answer)}, not {answer.written}."
            shown = mistake(moment, answer.level, answer.text)
            if shown is not None:
                yield shown


def _truth(moment: Moment, answer: Answer) -> str:
    """What is so, as far as it was asked for."""
    line = step_line(moment)
    if answer.level != "sign":
        return line.result
    value = moment.trace.value(moment.session.step)
    if isnan(value):
        return f"{line.name} is nan"
    return f"{line.name} is {'positive' if value > 0 else 'negative' if value < 0 else '0'}"
