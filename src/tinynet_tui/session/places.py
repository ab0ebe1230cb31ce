"""Places as a person types them: an update, or a step of one by its number or by its name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

from tinynet_tui.engine.names import identifier, symbol
from tinynet_tui.engine.program import Program
from tinynet_tui.engine.steps import PHASES
from tinynet_tui.engine.training import LAST_UPDATE
from tinynet_tui.lessons.faults import nearest
from tinynet_tui.session.history import initial_setup, program_of
from tinynet_tui.session.session import Session

EXAMPLES = "20, 2.18 or dL/dw5"
"""Of places: an update, a step by its number, a step by its name."""
_NUMBERED = r"(?P<update>[0-9]{1,9})(?:[.,: ](?P<step>[0-9]{1,9}))?"
_OF_UPDATE = r"(?:(?P<update>[0-9]{1,9})[.,: ] ?)?"
_NAME = r"(?P<name>[^\W\d_](?:[^\s.,:]|(?<=[0-9]),(?=[0-9]))*?)"
"""A comma belongs to a name where it stands between two numbers: s1,1 is s₁,₁."""
_NAMED = rf"{_OF_UPDATE}{_NAME}(?: (?P<sample>[0-9]{{1,4}}))?"
_OF_SAMPLE = r" ?\( ?([0-9]{1,4}) ?\)"
"""The mark of a sample within a name, or a blank behind it: dL/dw5(2), dL/dw5 (2)."""
_OF_BATCH = r"(mean|sum) (?=dL/d|L(?: ?\+|$))"
"""What stands before a whole batch's gradient on screen, mean ∂L/∂w₅, and before its loss."""
_BATCH_LOSS = rf"{_OF_UPDATE}L(?P<added>(?: ?\+ ?L[12])*)"
"""The loss of a batch, with what is added to it: L + L2."""
_SMALL_DIGITS = r"(?:(?<=[^\W\d_])|(?<=[^\W\d_][0-9]))[₀-₉]+(?:,[₀-₉]+)*|⁽[⁰¹²³⁴-⁹]+⁾"
"""Where small digits belong: below behind a letter or a name such as w2, and above in the mark of a sample.
1² is not 12."""


class NoPlace(ValueError):
    """A text that names neither an update nor a step."""


class NoStep(ValueError):
    """A name that no step has; says which may have been meant."""


def numbered_place(text: str) -> tuple[int, int]:
    """An update and a step of it: 20 or 2.18.

    Raises: NoPlace, or another ValueError, with a sentence that says what is wrong.
    """
    match = re.fullmatch(_NUMBERED, _plain(text))
    if match is None:
        raise NoPlace(f"write an update or a step in it: {EXAMPLES}")
    return _update(match["update"]), int(match["step"] or 0)


def place_of(session: Session, text: str) -> tuple[int, int]:
    """The same for a session, where a step may also be named as traces and notes name it, or with signs.

    Of a batch's samples the one on screen is meant: ∂L/∂w₅ is the whole gradient, dL/dw5(2) that of sample 2,
    2.dL/dw5 that of update 2. A phase is its first step.

    Raises: NoPlace, NoStep, or another ValueError, with a sentence that says what is wrong.
    """
    plain = _plain(text)
    if joined := re.search(_OF_BATCH, plain):
        plain = plain.replace(joined[0], "", 1)
    if (loss := re.fullmatch(_BATCH_LOSS, plain)) and (joined or loss["added"]):
        return _batch_loss(session, loss, joined and joined[1])
    marks = re.findall(_OF_SAMPLE, plain)
    match = re.fullmatch(_NAMED, re.sub(_OF_SAMPLE, "", plain))
    if match is None or len({*marks, *filter(None, [match["sample"]])}) > 1:
        return numbered_place(text)
    update = _update(match["update"]) if match["update"] else session.update
    program = program_of(replace(session, update=update))
    _check_joins(program, joined and joined[1])
    sample = next((int(mark) for mark in (*marks, match["sample"]) if mark), None)
    if sample is not None and sample not in program.samples:
        raise ValueError(_sample_fault(session, update, sample))
    return update, _step(session, program, match["name"], sample)


def _check_joins(program: Program, joins: str | None) -> None:
    """See to it that a batch joins its samples in a way that was named, if one was."""
    if joins and (len(program.samples) == 1 or joins != program.model.reduction):
        here = f"the {program.model.reduction} of" if len(program.samples) > 1 else "one sample alone in"
        raise ValueError(f"there is {here} the batch here, no {joins}")


def _batch_loss(session: Session, typed: re.Match[str], joins: str | None) -> tuple[int, int]:
    """The check, the step that works out what a batch makes of its samples' losses."""
    update = _update(typed["update"]) if typed["update"] else session.update
    program = program_of(replace(session, update=update))
    _check_joins(program, joins)
    added, penalties = tuple(re.findall("L[12]", typed["added"])), program.model.penalties
    if sorted(added) != sorted(penalties):
        raise ValueError(f"the loss here has {' and '.join(penalties) or 'nothing'} added to it")
    return update, len(program)


def parameter_of(program: Program, text: str) -> str:
    """The parameter that a text names, as the screen or a lesson writes it: wq1 for wq[1]; else the text."""
    name = _names(program).get(_plain(text), text)
    return name if name in program.model.parameter_names else text


def _plain(text: str) -> str:
    """A text with the digits and letters of its signs: ∂L/∂w₅⁽²⁾ becomes dL/dw5(2)."""
    composed = unicodedata.normalize("NFC", " ".join(text.split())).replace("∂", "d").replace("ŷ", "yhat")
    full_size = re.sub(_SMALL_DIGITS, lambda digits: unicodedata.normalize("NFKC", digits[0]), composed)
    # Any other small digit, and the like of ①, stays as it is: no place is written with one.
    return "".join(
        c if unicodedata.category(c) == "No" else unicodedata.normalize("NFKC", c) for c in full_size
    )


def _update(text: str) -> int:
    update = int(text)
    if not 1 <= update <= LAST_UPDATE:
        raise ValueError(f"updates go from 1 to {LAST_UPDATE:,}")
    return update


def _step(session: Session, program: Program, typed: str, sample: int | None) -> int:
    """The number of the step of a name; 0 for what is given before the first."""
    names = _names(program)
    name = names.get(typed) or names.get(typed.lower()) or typed
    here = sample or _sample_here(session, program)
    number = program.number(name) if sample is None else None
    number = number or program.number(name, here)
    if number is None and name in PHASES:
        return _phase_start(program, name, here)
    if number is not None:
        return number
    if program.closing_position(name) is not None:
        raise ValueError(f"{name} belongs to the whole batch, not to one sample")
    if name in (*program.model.inputs, *program.model.targets, *program.model.hyperparameter_names):
        raise ValueError(f"{name} is given: no step computes it")
    close = _numbered(names, typed) or nearest(name, (*names, *PHASES))
    # What was typed stands beside these words, and in 60 columns there is room for few.
    raise NoStep(f"did you mean {names.get(close, close)}?" if close else "steps are named z1, dL/dw1, w1, …")


def _numbered(names: Mapping[str, str], typed: str) -> str:
    """The steps whose names are what was typed and a number: yhat1 or yhat2, w1 to w8; "" for none."""
    begun = typed.lower()
    ends = {spelling.lower().removeprefix(begun): name for spelling, name in names.items()
            if spelling.lower().startswith(begun)}  # fmt: skip
    numbers = sorted(int(end) for end in ends if end.isascii() and end.isdecimal())
    match [ends[str(number)] for number in numbers]:
        case [first, *_, last] if len(numbers) > 2:
            return f"{first} to {last}"
        case few:
            return " or ".join(few)


def _phase_start(program: Program, phase: str, sample: int) -> int:
    """The first step of a phase, in a batch that of a sample where each has the phase for itself."""
    first = next((n for n, step in enumerate(program.sample_steps) if step.phase == phase), None)
    if first is not None:
        return program.number_at(program.samples.index(sample), first)
    closing = next((n for n, step in enumerate(program.closing_outline) if step.phase == phase), None)
    return 0 if closing is None else program.number_at(None, closing)


def _sample_here(session: Session, program: Program) -> int:
    """The sample that a session shows, or the first one of an update without it."""
    here = program_of(session)
    sample = (here.step(session.step).sample or here.samples[-1]) if session.step else here.samples[0]
    return sample if sample in program.samples else program.samples[0]


def no_such_sample(samples: int, sample: int) -> str | None:
    """What is wrong with the number of a sample, given how many there are; None where it is one of them."""
    if 1 <= sample <= samples:
        return None
    return "there is only sample 1" if samples == 1 else f"samples go from 1 to {samples}"


def _sample_fault(session: Session, update: int, sample: int) -> str:
    setup = initial_setup(session)
    if fault := no_such_sample(len(setup.inputs), sample):
        return fault
    later = update + ((sample - 1) // setup.batch - (update - 1)) % setup.batches
    return f"sample {sample} comes in update {later}, not {update}"


@lru_cache(maxsize=16)
def _names(program: Program) -> Mapping[str, str]:
    """The names of all steps by every way to spell them, in lower case too where that is no other's."""
    names = dict.fromkeys(step.name for step in (*program.sample_steps, *program.closing_outline))
    spelt = {spelling: name for name in names for spelling in (identifier(name), _plain(symbol(name)), name)}
    return MappingProxyType({**{spelling.lower(): name for spelling, name in spelt.items()}, **spelt})
