"""What is said to a prediction: whether it is right, what is so, and which mistake it shows."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan

from tinynet_tui.prediction.judgement import mistake
from tinynet_tui.prediction.tally import of_update
from tinynet_tui.session.moment import Moment
from tinynet_tui.session.predicting import last_answer
from tinynet_tui.session.session import Answer
from tinynet_tui.teaching.step_line import step_line


def verdict(moment: Moment) -> tuple[str, ...]:
    """The sentences on the last answer, the shortest first; none where nothing has just been answered."""
    answer = last_answer(moment.session)
    if answer is None:
        return ()
    is_last = answer.step == len(moment.program)
    return (*_sentences(moment, answer), *((of_update(moment.session),) if is_last else ()))


def _sentences(moment: Moment, answer: Answer) -> Iterator[str]:
    match answer.result:
        case "right":
            yield f"Right: {_truth(moment, answer)}."
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
