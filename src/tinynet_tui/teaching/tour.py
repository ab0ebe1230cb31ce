"""The words of a tour: the present question, and what is said of the stop before it, with its numbers."""

from __future__ import annotations

from tinynet_tui.lessons.tour_file import in_braces
from tinynet_tui.session.moment import Moment
from tinynet_tui.session.session import Touring
from tinynet_tui.teaching.chain import chain
from tinynet_tui.teaching.nudge import knob, signed
from tinynet_tui.teaching.numbers import shown

THE_END = "That was the tour."


def asked(moment: Moment, touring: Touring) -> str:
    """The present question, after its number; once all are done, that they are."""
    if touring.stop is None:
        return THE_END
    return f"{touring.number + 1}/{len(touring.tour.stops)} {filled(touring.stop.ask, moment)}"


def told(moment: Moment, touring: Touring) -> str:
    """What is said of the stop that was done last; nothing before that."""
    if not touring.number:
        return ""
    return filled(touring.tour.stops[touring.number - 1].told, moment)


def filled(text: str, moment: Moment) -> str:
    """A text with the numbers of a moment in its braces; what is not known is a ?."""
    for name in in_braces(text):
        text = text.replace(f"{{{name}}}", _number(name, moment))
    return text


def _number(name: str, moment: Moment) -> str:
    digits, trace = min(moment.session.digits, 8), moment.trace
    match name:
        case "before":
            return shown(trace.loss_before, digits)
        case "after":
            return shown(trace.loss_after, digits)
        case "product":
            return _product(moment)
        case "nudge" | "change" | "ratio":
            if moment.value("L") is None:
                return "?"
            found = knob(moment)
            ratio = shown(found.change / found.by, digits)
            return {"nudge": found.line(digits), "change": signed(found.change, digits), "ratio": ratio}[name]
    value = moment.value(name)
    return "?" if value is None else shown(value, digits)


def _product(moment: Moment) -> str:
    """The product of the selected parameter's first path: −2 · 1 · 5 = −10."""
    gradient = f"dL/d{moment.session.selected}"
    if moment.program.sample_position(gradient) is None:
        return "?"
    path = chain(moment, gradient).paths[0]
    return f"{' · '.join(path.numbers)} {path.came.sign} {path.came.value}" if path.came else "?"
