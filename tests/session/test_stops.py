"""What a stop of the tour takes for its answer, when it is done, and what is said then and before."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.session.random_lessons import LECTURE
from tests.session.tours import answered, changed, do, is_answered_by, nudged, played
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.screen import screen
from tinynet_tui.prediction.question import question
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.keys import OF_TABLE
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Session, Touring
from tinynet_tui.session.touring import (
    advanced,
    at_stop,
    begun,
    commands_so_far,
    shipped_tour,
    way_to_next_stop,
)
from tinynet_tui.teaching.tour import asked, told


@pytest.mark.parametrize(
    ("number", "right", "wrong"),
    [
        # By hand: ŷ = 2, L = 1; w₅ + 0.01 gives (2.05 − 3)² − 1 = −0.0975, + 0.02 (2.1 − 3)² − 1 = −0.19.
        (0, ("2", "2.0", " 2 "), ("3", "1", "-2", ".2")),
        (1, ("yes", "Y", "-0.19", "−0.0975"), ("no", "0.19", "2", "-9.5")),
        (2, ("-10", "−10"), ("10", "-9.5")),
        (4, ("0",), ("6", "1")),
        # −1 − 0.001 · 6; −1.0 is the old value, −1.01 and −1.006 are the new one, rounded and not.
        (6, ("-1.006", "−1.01"), ("-1", "-1.0", "-1.00", "-0.994", "-1.001")),
        (7, ("yes", "yes.", "0.624", "0.62"), ("no", "1")),
        (9, ("old", "The old one", "the old one."), ("new", "the new one", "6")),
    ],
)
def test_a_stop_takes_what_is_typed(number: int, right: tuple[str, ...], wrong: tuple[str, ...]) -> None:
    """A number to two digits, yes or no, a word; and it is no answer that is not one."""
    there = at_stop(begun(shipped_tour()), number)
    assert [text for text in (*right, *wrong) if is_answered_by(there, text)] == list(right)


@pytest.mark.parametrize("number", [0, 2, 4, 6])
def test_where_a_number_is_asked_a_word_is_none(number: int) -> None:
    """And so no wrong answer."""
    with pytest.raises(ValueError, match="“old” is not a number"):
        is_answered_by(at_stop(begun(shipped_tour()), number), "old")


def test_an_answer_is_that_of_the_numbers_on_screen() -> None:
    """With a learning rate of 5 the loss rises; with w₅ = −9, by hand, no small change of w₅ moves L."""
    steep = at_stop(after(begun(shipped_tour()), Command("rate", 5.0)), 7)
    assert is_answered_by(steep, "no")
    assert not is_answered_by(steep, "yes")
    assert is_answered_by(at_stop(changed(-9), 1), "no")
    assert is_answered_by(at_stop(changed(-9), 1), "0")


def test_every_stop_of_the_shipped_tour_can_be_answered() -> None:
    """By what is typed, or by the steps that it asks for."""
    for stop in shipped_tour().stops:
        assert bool(stop.answers) != bool(stop.until.answered or stop.until.predicted)


def test_your_turn_is_done_by_two_right_answers() -> None:
    """In backward of update 2, where ∂L/∂ŷ = 2 · (2.21 − 3) and ∂L/∂z₃ are below 0, the slope is 1."""
    there = do(after(do(start(LECTURE), "tour"), Command("tour", 8)), "predict")
    ways = ["next-phase", "next-phase", "answer", "next", "answer", "next", "next", "next"]
    for name in ways:  # wrong, right, looked up
        there = do(there, name)
        assert there.tour is not None
        assert there.tour.number == 8
    assert [answer.result for answer in there.answers] == ["wrong", "right", "shown"]
    there = do(there, "answer")  # ∂z₃/∂w₅ = h₁
    assert there.tour is not None
    assert there.tour.number == 9


@pytest.mark.parametrize(("turns", "by"), [((), 0.02), (("nudge-up",), 0.05), (("nudge-down",), 0.01)])
def test_a_tick_tells_of_the_nudge_that_stands_there(turns: tuple[str, ...], by: float) -> None:
    """By hand, for w₁ + d: (3d + 1)² − 1 via ŷ₁, and (6d + 2)² − 4 via ŷ₂; also from another step."""
    (_, session) = played(begun(shipped_tour()))[5]
    for name in turns:
        session = do(session, name)
    first, second = (3 * by + 1) ** 2 - 1, (6 * by + 2) ** 2 - 4
    for there in (session, do(session, "first-step")):
        assert there.tour is not None
        said = told(moment(there), there.tour)
        assert f"w₁ 2 → {2 + by:.4g}: L gets +{first:.4g} via ŷ₁ and +{second:.4g} via ŷ₂" in said


def test_a_sum_over_two_outputs_is_done() -> None:
    """On the way to ∂L/∂w₁ L and the sum at h₁ are asked for, by hand 5 and 2 + 8; no move goes over them."""
    session = do(after(do(start(LECTURE), "tour"), Command("tour", 5)), "chain")
    for name in ("run-to", "run-to", "last-step", "next-phase"):
        session = do(session, name)
        assert (session.step, session.stage, session.level) == (6, "asking", "number")
    assert answered(session, "1").tried == ("1",)
    session = answered(session, "5")
    assert (session.step, session.tour and session.tour.number) == (7, 5)
    # Left of the last output and below the edge to it: between the edges L would seem to come before ŷ.
    text = screen(moment(session), 80, 24, Look(False)).text()
    assert re.search(r"L \+5\.0000 [│┃]ŷ₂.*\n.* = 1 \+ 4 [│┃]y₂", text)
    session = do(do(session, "nudge-up"), "run-to")
    assert (session.step, session.stage) == (23, "asking")
    text = screen(moment(session), 200, 60, Look(False)).text()
    assert "sum of 2 paths: ∂L/∂w₁ = ?" in text
    asked_now = question(answered(session, "8"))
    assert asked_now is not None
    assert asked_now.help == ("Not 8. That is one path alone: the products of all paths are added up.",)
    session = do(answered(session, "10"), "run-to")
    assert (session.step, session.stage) == (27, "asking")
    assert "= 30" not in screen(moment(session), 200, 60, Look(False)).text()
    session = answered(session, "30")
    assert session.tour is not None
    assert (session.step, session.stage, session.tour.number) == (28, "telling", 6)
    assert do(session, "next").level == "sign"


def test_what_is_asked_for_on_the_way_never_blocks() -> None:
    """→ shows it, and goes on; what is missing is said then, and asked later. Esc leaves the question."""
    there = do(after(do(start(LECTURE), "tour"), Command("tour", 5)), "run-to")
    shown_ = do(there, "next")
    assert (shown_.step, shown_.stage, shown_.notice) == (7, "telling", "")
    assert (do(shown_, "next").step, do(shown_, "next").stage) == (8, "off")
    for there_now, way in ((shown_, "← goes back to it"), (do(shown_, "next"), "0 goes back")):
        assert there_now.tour is not None
        assert asked(moment(there_now), there_now.tour) == f"6/10 L is still to be answered: {way}."
    back = do(shown_, "back")
    assert (back.step, back.stage) == (6, "off")
    assert do(back, "next") == replace(there, answers=shown_.answers)
    left = do(there, "leave")
    assert (left.stage, left.step, left.level) == ("off", 6, "sign")
    assert left.tour == there.tour
    assert left.bare.back_to is None


def test_a_number_answered_before_is_asked_again_where_its_stop_is_chosen() -> None:
    """From the list, once the tour is over."""
    _, over = played(begun(shipped_tour()))[3]
    assert [answer.text for answer in over.answers] == ["2.0", "6.0"]
    again = after(over, Command("tour", 3))
    assert again.answers == ()
    assert "answer" in played(again)[0][0]


def test_an_update_is_done_by_one_step_with_its_rule() -> None:
    """By hand: −1 − 0.001 · 6 = −1.006; and why no weight is new before."""
    tour = shipped_tour()
    assert "w₁ ← w₁ − η · ∂L/∂w₁" in tour.stops[6].ask
    way, session = played(begun(tour))[6]
    assert way[-1] == "next"
    assert session.tour is not None
    said = told(moment(session), session.tour)
    assert "w₁ is −1.006 now; the learning rate η scales the step" in said
    assert "All gradients came first, from the old weights" in said


def test_one_command_ticks_one_stop() -> None:
    """So that each answer is read: here the loss is there already when ŷ is asked for."""
    session = do(begun(shipped_tour()), "last-step")
    assert session.tour is not None
    assert session.tour.number == 1


@pytest.mark.parametrize(
    ("session", "words"),
    [
        # By hand: z₁ = 5, z₂ = 3, w₆ = 2, b₃ = 1. With w₅ = 9 ŷ = 52 and L rises by more of w₅; the step of
        # 0.001 against 2 · 49 · 5 and the like lets L fall. With w₅ = −9 ŷ = ReLU(−38) = 0: nothing moves.
        (changed(9), ("At w₅ = 9 a little more of it makes L larger", "it fell")),
        (
            changed(-9),
            (
                "L changes by +0, 0 times as much as w₅. At w₅ = −9 a little more of it leaves L as it is",
                "it stayed the same",
            ),
        ),
        (after(begun(shipped_tour()), Command("rate", 5.0)), ("makes L smaller", "it rose")),
    ],
)
def test_what_is_told_holds_after_a_change(session: Session, words: tuple[str, str]) -> None:
    """Every claim is that of the numbers on screen."""
    for number, step, claim in ((1, 7, words[0]), (7, 0, words[1])):
        there = replace(session, tour=Touring(shipped_tour(), number), step=step)
        found = way_to_next_stop(there, commands_so_far(Touring(shipped_tour(), number)), do)
        assert found is not None
        assert found[1].tour is not None
        assert claim in told(moment(found[1]), found[1].tour)


@pytest.mark.parametrize(
    ("number", "place", "name"),
    [
        (2, 0, "last-step"),
        (0, 30, "run-to"),
        (3, 0, "last-step"),
        (5, 0, "nudge-up"),
        (4, 7, "nudge-up"),
        (8, 0, "predict"),
        (9, 0, "variants"),
    ],
)
def test_what_is_not_done_gets_no_tick(number: int, place: int, name: str) -> None:
    """With another parameter selected, far behind the step, or before there is a number to see."""
    there = replace(begun(shipped_tour()), tour=Touring(shipped_tour(), number), step=place, selected="w2")
    after_it = do(there, name)
    assert after_it.tour == there.tour


def test_a_step_that_lies_behind_is_said_to() -> None:
    """With the key that leads before it."""
    behind = Touring(shipped_tour(), 2)
    session = replace(begun(shipped_tour()), tour=behind, step=46)
    words = "(∂L/∂w₅ lies behind: w₅ has to be selected there; ← goes back to it.)"
    assert words in asked(moment(session), behind)
    there = do(replace(session, step=13, selected="w5"), "back")
    assert there.tour is not None
    assert there.tour.number == 3


def test_what_is_missing_is_said_where_it_is_the_nudge_alone() -> None:
    """At the gradient of w₁, reached step by step; and while a nudge is not far enough."""
    there = at_stop(begun(shipped_tour()), 3)
    there = do(replace(there, step=17, selected="w1", knob=0.01, panel="step"), "next")
    there = do(answered(there, "2"), "run-to")
    there = do(answered(there, "6"), "chain")
    assert OF_TABLE.filled(there.notice) == "What is missing at this stop is +: it nudges w₁."
    again = do(there, "nudge-up")
    assert again.tour is not None
    assert (again.tour.number, again.notice) == (4, "")
    once_more = do(again, "nudge-up")
    assert OF_TABLE.filled(once_more.notice) == "Go on with +: w₁ is not yet nudged far enough."
    assert not do(replace(again, selected="w2"), "next").notice
    far = nudged(again, 5)
    assert far.tour is not None
    assert (far.tour.number, far.notice) == (4, "")


def test_a_nudge_of_another_parameter_is_said_to_be_that() -> None:
    """Only where the stop asks for a nudge, of one that it names."""
    there = at_stop(begun(shipped_tour()), 1)
    session = do(do(replace(there, selected="b2"), "chain"), "nudge-up")
    assert session.notice == "This stop is about w₅; b₂ is nudged here."
    assert not do(session, "next").notice
    assert not do(replace(there, selected="w5"), "nudge-up").notice


@pytest.mark.parametrize(("update", "is_ticked"), [(1, True), (25, False)])
def test_a_stop_is_done_at_the_step_that_it_names(update: int, is_ticked: bool) -> None:
    """Whoever goes past it has the numbers of it; from far away, where an experiment leads, none are told."""
    session = begun(shipped_tour())
    last = len(program_of(session))
    there = advanced(replace(session, update=update, step=last), session)
    assert there.tour is not None
    assert bool(there.tour.ticked) is is_ticked
    if is_ticked:
        assert told(moment(there), there.tour).startswith("ŷ = 2, and L = 1:")


@pytest.mark.parametrize(
    ("turns", "words"),
    [
        # By hand, w₅ − 1 + d: ŷ − y = 5 · d − 1. Down to −2 it is 0 − 3, as the sum is below 0.
        (7, "w₅ −1 → 1: L changes by +80, 40 times as much as w₅. At w₅ = −1 a little more of it makes "
            "L smaller; this nudge goes too far for that."),
        (-11, "w₅ −1 → −2: L changes by +8, −8 times as much as w₅. At w₅ = −1 a little more of it makes "
             "L smaller."),
    ],
)  # fmt: skip
def test_a_tick_says_where_the_slope_holds(turns: int, words: str) -> None:
    """A large nudge may do the contrary of a small one; a small one may be farther from the gradient."""
    session = nudged(replace(at_stop(begun(shipped_tour()), 1), selected="w5", panel="chain"), turns)
    assert session.tour is not None
    assert told(moment(session), session.tour) == words
    session = do(session, "run-to")
    assert session.tour is not None
    assert "nearer" not in told(moment(session), session.tour)


def test_no_row_names_a_key_that_is_text_in_the_open_field() -> None:
    """Digits, signs and letters are typed where a number is asked: neither the tour nor a panel names one."""
    there = at_stop(begun(shipped_tour()), 3)
    asking = do(nudged(replace(there, selected="w1", panel="chain"), 1), "run-to")
    assert asking.stage == "asking"
    assert asking.tour is not None
    # By hand: −2 comes back to z₃, and w₅ is −1; then 1, as z₁ is above 0, and x₁ = 3.
    assert asked(moment(asking), asking.tour) == "4/10 Type ∂L/∂z₃ times how far z₃ moves with h₁."
    asking = do(answered(asking, "2"), "run-to")
    words = asked(moment(asking), asking.tour or Touring(shipped_tour()))
    assert words == (
        "4/10 From h₁ to z₁ it is multiplied by the slope of ReLU: 1 above 0, else 0. "
        "Type the product of ∂L/∂z₁ and how far z₁ moves with w₁."
    )
    assert answered(asking, "6").tour != asking.tour
    two = do(do(after(do(start(LECTURE), "tour"), Command("tour", 5)), "chain"), "run-to")
    assert two.tour is not None
    words = "Two outputs, and L adds both squared errors: work out L."
    assert asked(moment(two), two.tour) == f"6/10 {words}"
    two = do(answered(two, "5"), "run-to")
    assert two.tour is not None
    assert asked(moment(two), two.tour) == "6/10 How many times as much as h₁ does L change?"
    given_up = two
    while given_up.stage == "asking":
        given_up = answered(given_up, "7")
    later = do(given_up, "run-to")
    assert (later.step, later.stage) == (27, "asking")
    assert later.tour is not None
    # 0 would be typed; [ never is, and leads back to before h₁ is asked.
    assert asked(moment(later), later.tour) == "6/10 ∂L/∂h₁ is still to be answered: [ goes back."
    back = do(later, "previous-phase")
    assert (back.step < 23, back.stage) == (True, "off")
    for session in (asking, two, later):
        text = screen(moment(session), 120, 36, Look(False)).text()
        assert re.search("─ table ─.* code ─ loss ─ framework", text)
        assert not re.search("─ [2-6] | P number", text)
