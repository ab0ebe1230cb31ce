"""The card at the end of an update: its numbers by hand and from the trace, and what it proposes."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import isfinite

from hypothesis import given

from tests.examples import examples
from tests.session.random_lessons import LECTURE, places
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.screen import screen
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.keys import OF_TABLE
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Session
from tinynet_tui.teaching.card import what_next
from tinynet_tui.teaching.sentences import explanation


def at_check(session: Session) -> Session:
    """The last step of an update."""
    return replace(session, step=len(program_of(session)))


def test_the_first_lesson() -> None:
    """By hand: the gradients are 6, −4, 4, −12, −8, −10, −6, 2, −4 and −2, their squares add up to 420."""
    told = explanation(moment(at_check(start(shipped_lesson("first"))))).sentences
    went = "L 1 → 0.6240: it fell by 0.3760; the gradients promised 0.42."
    assert told[0] == went
    assert told[1] == "w₃ had the largest gradient in size, −12, and moved most, by +0.012."
    assert told[2].startswith("The gradients by size: w₃ −12, w₅ −10, w₄ −8, w₁ 6, w₆ −6, ")


def test_who_is_largest_need_not_be_who_moves_most() -> None:
    """Adam moves every parameter by η at first: one has the largest gradient, seven move by as much."""
    told = explanation(moment(at_check(start(replace_training("adam"))))).sentences
    assert told[1].startswith("w₅ had the largest gradient in size, 1.5; 7 parameters moved most, by 0.01")


def replace_training(optimizer: str) -> Lesson:
    """The lecture with another optimiser."""
    from msgspec.structs import replace as changed

    return changed(LECTURE, training=changed(LECTURE.training, optimizer=optimizer))


def test_what_to_do_next_depends_on_what_came() -> None:
    """A rise asks for smaller rates; what did not move, for another start."""
    fell, rose = at_check(start(LECTURE)), at_check(after(start(LECTURE), Command("rate", 0.25)))
    stuck = at_check(start(shipped_lesson("dead-output")))
    said = what_next(moment(fell), OF_TABLE)
    assert said == "Next: → on, v a wrong way, x learning rates, o another lesson."
    assert "smaller learning rates" in what_next(moment(rose), OF_TABLE)
    assert what_next(moment(stuck), OF_TABLE).startswith("Next: R starts from other weights")


def test_it_is_on_the_check_step_at_the_design_size() -> None:
    """No key of its own: the loss, the note, who moved, and what next are in sight."""
    text = screen(moment(at_check(start(shipped_lesson("first")))), 80, 24, Look()).text()
    for words in (
        "L 1 → 0.6240: it fell by 0.3760",
        "w₃ had the largest gradient",
        "Next: → on, v a wrong way",
    ):
        assert words in text


@given(places())
@examples(60)
def test_the_largest_gradient_is_the_largest(session: Session) -> None:
    """Of any lesson, where the card names one parameter."""
    now = moment(at_check(session))
    told = " ".join(explanation(now).sentences)
    found = re.search(r"([wb])([₀-₉]+) had the largest gradient in size,", told)
    if found is None:
        return
    name = found[1] + found[2].translate(str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789"))
    sizes = {p.name: abs(now.trace.gradient(p.name)) for p in now.model.trained_parameters}
    assert sizes[name] == max(sizes.values())


_WENT = re.compile(r"L (\S+) → (\S+): it (?:rose|fell) by ([^,;.]\S*?)[,;.]? ")


@given(places())
@examples(150)
def test_by_how_much_the_loss_changed_is_true_and_what_its_ends_differ_by(session: Session) -> None:
    """Of any lesson: rounded to the digits told it is the true difference, and that of the numbers shown."""
    now = moment(at_check(session))
    found = _WENT.search(" ".join(explanation(now).sentences))
    if found is None or not all(map(isfinite, (now.trace.loss_before, now.trace.loss_after))):
        return
    old, new, told = (Decimal(number.replace("−", "-")) for number in found.groups())
    half = Fraction(5, 10) * Fraction(10) ** int(told.as_tuple().exponent)
    before, after = Fraction(now.trace.loss_before), Fraction(now.trace.loss_after)
    noise = max(abs(before), abs(after)) / 10**11
    assert abs(abs(after - before) - Fraction(told)) <= half + noise
    assert abs(abs(Fraction(new) - Fraction(old)) - Fraction(told)) <= half + noise


def test_the_fall_of_the_classifier() -> None:
    """−ln of the probabilities 0.2447285 and 0.9368017: 1.4076059 and 0.0652837; 1.3423 lie between."""
    told = explanation(moment(at_check(start(shipped_lesson("softmax-3"))))).sentences[0]
    assert told.startswith("L 1.4076 → 0.065284: it fell by 1.3423;")
