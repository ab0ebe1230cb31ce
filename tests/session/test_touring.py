"""The tour: played by its conditions with the rules named so far; left and taken up; faults of files."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from msgspec import structs

from tests.session.random_lessons import LECTURE
from tinynet_tui.drawing.header_and_hints import tour_rows
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.drawing.screen import diagram_rows, screen
from tinynet_tui.engine.names import symbol
from tinynet_tui.lessons.reading import LessonFault
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.lessons.tour_file import SHIPPED_TOURS, shipped_tour_text
from tinynet_tui.prediction.judgement import result
from tinynet_tui.prediction.question import Question, question
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import moment
from tinynet_tui.session.saved_session import decoded, encoded
from tinynet_tui.session.session import Edit, Session, Touring
from tinynet_tui.session.touring import (
    advanced,
    at_stop,
    begun,
    commands_so_far,
    read_tour,
    shipped_tour,
    way_to_next_stop,
)
from tinynet_tui.teaching.tour import asked, is_answered_by, told, unkept_promises


def do(session: Session, name: str) -> Session:
    """The session after a command without an argument; a sign is guessed, +, and a number is worked out."""
    if name == "nudge-up" and session.shown_panel != "chain":
        return session  # no key does it there
    if name != "answer":
        return after(session, Command(name))
    asked_now = question(session)
    if asked_now is None:
        return session
    text = "+" if asked_now.level == "sign" else worked_out(asked_now)
    return after(session, Command(name, (text, result(asked_now.answer, asked_now.level, text))))


def worked_out(asked: Question) -> str:
    """What a pencil makes of a formula in letters with the numbers that it reads, knowing no other."""
    letters = asked.formula.removesuffix(" = ?").partition(" = ")[2]
    for read in sorted(asked.reads, key=lambda read: -len(symbol(read.name))):
        letters = letters.replace(symbol(read.name), f"({read.value!r})")
    for sign, operator in (("·", "*"), ("−", "-"), ("²", "**2")):
        letters = letters.replace(sign, operator)
    return repr(eval(letters, {"__builtins__": {}}))


def answered(session: Session, text: str) -> Session:
    """The session after something was typed at what it asks."""
    asked_now = question(session)
    assert asked_now is not None
    return after(session, Command("answer", (text, result(asked_now.answer, asked_now.level, text))))


def played(session: Session) -> list[tuple[tuple[str, ...], Session]]:
    """The shortest way of each stop, by the commands named so far alone."""
    ways = []
    while session.tour is not None and session.tour.stop is not None:
        found = way_to_next_stop(session, (*commands_so_far(session.tour), "answer"), do)
        assert found is not None, f"nothing named so far does stop {session.tour.number + 1}"
        ways.append(found)
        session = found[1]
    return ways


def test_a_learner_who_knows_only_what_was_named_finishes_it() -> None:
    """Ten stops, each by a few keys, and each is told with its numbers."""
    ways = played(begun(shipped_tour()))
    assert len(ways) == 10
    assert all(len(way) <= 9 for way, _ in ways)
    said = []
    for _, session in ways:
        assert session.tour is not None
        said.append(told(moment(session), session.tour))
    assert not any("?" in text.replace("? explains", "") or "{" in text for text in said)
    # By hand: 2; (2 − 3)² = 1; (2.1 − 3)² − 1 = −0.19; −2 · 5; −2 · 1 · (−1) · 1 · 3; as the lesson says.
    # Nudged to 0, w₁ makes z₁ 8 and z₃ −1, so ŷ − y −3: −6 · 0 · (−1) · 1 · 3.
    # Of two outputs, 2 and 4 for 3 and 2, moved by −0.06 and 0.12: 1.06² − 1 and 2.12² − 4.
    expected = [
        "ŷ = 2, and L = 1:", "w₅ −1 → −0.98: L changes by −0.19, −9.5 times",
        "w₅ −1 → −0.98 gives −9.5, a tiny nudge nearly ∂L/∂w₅ = −10,",
        "Changes along a path multiply, that is the chain rule: −2 · 1 · (−1) · 1 · 3 = 6",
        "At w₁ −1 → 0 the factors are others, 2 · (ŷ − y) too: ∂L/∂w₁ is −6 · 0 · (−1) · 1 · 3 = 0.",
        "w₁ 2 → 2.02: L gets +0.1236 via ŷ₁ and +0.4944 via ŷ₂, and adds both.",
        "All gradients came first", "L 1 → 0.6240: it fell", "one negative factor", "practice",
    ]  # fmt: skip
    for number, words in enumerate(expected):
        assert words in said[number]


@pytest.mark.parametrize("name", SHIPPED_TOURS)
def test_every_key_that_a_question_names_is_one_that_does_it(name: str) -> None:
    """The key of each command that is named first stands in the question."""
    for stop in read_tour(shipped_tour_text(name), name).stops:
        assert all(f"{{{key}}}" in " ".join((stop.ask, *stop.then)) for key in stop.keys), stop.ask


@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36), (200, 60)])
def test_question_and_tick_are_in_sight(size: tuple[int, int], ascii: bool) -> None:
    """At every stop, beside the nudge that it is about."""
    look = Look(ascii)
    for _, session in played(begun(shipped_tour())):
        assert session.tour is not None
        if session.stage != "off":
            continue
        text = " ".join(screen(moment(session), *size, look).text().split())
        now, tour = moment(session), session.tour
        for words in (asked(now, tour, ascii), told(now, tour, ascii)):
            assert " ".join(look.say(words).split()[-3:]) in text, words


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36)])
def test_how_weights_are_numbered_is_not_told_there(size: tuple[int, int]) -> None:
    """“By target” says nothing to a newcomer, and no stop needs it; where a weight sits is told."""
    for _, session in played(begun(shipped_tour())):
        text = screen(moment(session), *size, Look(False)).text()
        assert "by target" not in text
    text = screen(moment(begun(shipped_tour())), *size, Look(False)).text()
    assert "x₁ → node 1" in text
    assert "by target" in screen(moment(start(shipped_lesson("first"))), *size, Look(False)).text()


def test_no_stop_moves_the_diagram() -> None:
    """At 80×24 what was done and what is asked have at most four rows, and as many are kept for less."""
    rows = set()
    for _, session in played(begun(shipped_tour())):
        scene = Scene(moment(session), Look(False))
        assert len(tour_rows(scene, 80)) <= 4
        if session.lesson == shipped_lesson("first") and session.panel == "chain":
            rows.add(diagram_rows(scene, 80, 24))
    assert len(rows) == 1


def test_it_is_left_and_taken_up_and_nothing_is_locked() -> None:
    """Esc leaves it, c takes it up at its stop; any stop can be chosen, whatever lesson is open."""
    session = do(begun(shipped_tour()), "last-step")
    assert session.tour is not None
    assert session.tour.number == 1
    left = do(session, "leave")
    assert left.tour is not None
    assert not left.tour.is_open
    assert do(left, "next").tour == left.tour
    again = do(left, "tour")
    assert again.tour == session.tour
    far = after(again, Command("tour", 9))
    assert do(do(far, "select-next"), "tour").tour == far.tour
    assert do(do(far, "run-to"), "variants").tour != far.tour
    assert after(far, Command("open", LECTURE)).tour == far.tour
    ahead = do(start(LECTURE), "tour")
    assert ahead.lesson == shipped_lesson("first")
    assert do(ahead, "undo").lesson == LECTURE


@pytest.mark.parametrize("number", range(10))
def test_a_stop_chosen_from_the_list_is_asked_where_the_stops_before_it_lead(number: int) -> None:
    """At the step, selection, panel and nudge that it goes on from; from any other lesson as well."""
    reached = [begun(shipped_tour()), *(session for _, session in played(begun(shipped_tour())))][number]
    reached = do(reached, "tour")  # on the network on which it is asked
    there = after(after(start(LECTURE), Command("tour")), Command("tour", number))
    assert there.tour is not None
    assert there.tour.number == number
    assert (there.step, there.selected, there.shown_panel) == (
        reached.step,
        reached.selected,
        reached.shown_panel,
    )
    assert len(played(there)) == 10 - number


@pytest.mark.parametrize(
    ("number", "right", "wrong"),
    [
        # By hand: ŷ = 2, L = 1; w₅ + 0.01 gives (2.05 − 3)² − 1 = −0.0975, + 0.02 (2.1 − 3)² − 1 = −0.19.
        (0, ("2", "2.0", " 2 "), ("3", "1", "-2")),
        (1, ("yes", "Y", "-0.19", "−0.0975", "-9.5"), ("no", "0.19", "2")),
        (2, ("-10", "−10"), ("10", "-9.5")),
        (4, ("0",), ("6", "1")),
        # −1 − 0.001 · 6
        (6, ("-1.006",), ("-1", "-0.994")),
        (7, ("yes", "yes.", "0.624"), ("no", "1")),
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


def test_without_answers_any_number_that_is_told_is_one() -> None:
    """Mazur's loss, 0.298371109, and his w₁."""
    there = begun(read_tour(GOOD, "mine.toml"))
    assert [text for text in ("0.2984", "0.298", "0.15", "0.4") if is_answered_by(there, text)] == [
        "0.2984",
        "0.298",
        "0.15",
    ]


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


def test_its_last_words_go_away_with_one_key() -> None:
    """Though a wrong way is shown beside them; and it is not said to be left, as it is done."""
    _, over = played(begun(shipped_tour()))[-1]
    assert over.tour is not None
    assert over.tour.stop is None
    assert over.variant is not None
    assert asked(moment(over), over.tour) == "That was the tour. Esc takes its words away."
    there = do(over, "leave")
    assert there.tour is not None
    assert (there.tour.is_open, there.variant, there.notice) == (False, None, "")


def test_a_shut_relu_and_a_sum_over_two_outputs_are_seen() -> None:
    """By hand: w₁ + 1 moves z₁ by 3 and z₃ to 2 − 3 = −1, of which ReLU makes 0: ŷ moves by −2 only.

    With two outputs w₁ + 0.02 moves ŷ₁ by −0.06 and ŷ₂ by 0.12, so L by 1.06² − 1 + 2.12² − 4 = 0.618.
    """
    (_, shut), (_, two) = played(begun(shipped_tour()))[4:6]
    assert "z₃ −3 ŷ −2" in " ".join(screen(moment(shut), 60, 20, Look(False)).text().split())
    seen = " ".join(screen(moment(two), 80, 24, Look(False)).text().split())
    for words in ("a via ŷ₁", "b via ŷ₂", "sum of 2 paths: ∂L/∂w₁ = 6 + 24 = 30", "ŷ₁ −0.06", "L +0.618"):
        assert words in seen


def test_a_shut_relu_is_told_of_a_nudge_that_shuts_it() -> None:
    """Whoever turns the knob back, after it was far enough, is told where it was, and what was so there."""
    (_, session) = played(begun(shipped_tour()))[4]
    assert session.tour is not None
    for _ in range(4):
        session = do(session, "nudge-down")
        assert session.tour is not None
        said = told(moment(session), session.tour)
        words = "At w₁ −1 → 0 the factors are others, 2 · (ŷ − y) too: ∂L/∂w₁ is −6 · 0 · (−1) · 1 · 3 = 0."
        assert words in said


@pytest.mark.parametrize(("turns", "knob"), [((), 2), (("nudge-up",), 3), (("nudge-down",), 1)])
def test_a_tick_tells_of_the_nudge_that_stands_there(turns: tuple[str, ...], knob: int) -> None:
    """By hand, for w₁ + d: (3d + 1)² − 1 via ŷ₁, and (6d + 2)² − 4 via ŷ₂; also from another step."""
    (_, session) = played(begun(shipped_tour()))[5]
    for name in turns:
        session = do(session, name)
    by = (0.01, 0.02, 0.05)[knob - 1]
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
    assert [answer.text for answer in over.answers] == ["6.0"]
    again = after(over, Command("tour", 3))
    assert again.answers == ()
    assert "answer" in played(again)[0][0]


def test_a_stop_on_another_network_opens_it_with_one_key() -> None:
    """Until then what was done before is told, and which key opens it; and so on the way back."""
    session = played(begun(shipped_tour()))[4][1]
    tour = session.tour
    assert tour is not None
    assert told(moment(session), tour).startswith("Below 0 a ReLU is shut")
    words = "6/10 is asked on another network, “Two outputs on paper”: c opens it."
    assert asked(moment(session), tour) == words
    there = do(session, "tour")
    assert (there.lesson, there.step, there.selected) == (shipped_lesson("two-outputs"), 0, "w1")
    assert there.tour is not None
    assert told(moment(there), there.tour) == ""
    assert asked(moment(there), there.tour).startswith("6/10 Two outputs, and L adds")
    kept = decoded(encoded(there.bare))
    assert (kept.lesson, kept.tour) == (there.lesson, there.tour)
    back = played(there)[0][1]
    assert back.tour is not None
    assert "“Whole numbers on paper”: c opens it" in asked(moment(back), back.tour)
    assert do(back, "tour").lesson == shipped_lesson("first")


OWN = structs.replace(LECTURE, title="My network, η = 0.5")


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("other", ['lesson = "two-outputs"', "learning_rate = 0.5"])
def test_a_tour_of_ones_own_is_kept_with_its_lesson(number: int, other: str) -> None:
    """Left on its own network or on another, whatever the titles; its file need not be there."""
    text = GOOD.replace('"mazur"', '"own.toml"') + f"\n[[stops]]\n{other}\n" + GOOD[GOOD.index("ask") :]
    session = at_stop(begun(read_tour(text, "mine.toml", lesson=OWN)), number)
    kept = decoded(encoded(session.bare))
    assert (kept.lesson == OWN) is (number == 0)
    assert (kept.lesson, kept.tour) == (session.lesson, session.tour)
    left = after(session, Command("open", shipped_lesson("xor")))
    kept = decoded(encoded(left.bare))
    assert (kept.lesson, kept.tour) == (shipped_lesson("xor"), left.tour)


def test_undo_out_of_a_tour_says_that_it_is_left() -> None:
    """With the key that takes it up again, at its stop; an edit that is taken back leaves nothing."""
    session = do(do(start(LECTURE), "tour"), "last-step")
    edited = after(session, Command("edit", Edit(1, "w5", 2.0)))
    assert do(edited, "undo").notice == ""
    left = do(do(edited, "undo"), "undo")
    assert left.lesson == LECTURE
    assert left.notice == "The tour is left; c takes it up again."
    again = do(left, "tour")
    assert again.tour is not None
    assert (again.tour.number, again.lesson) == (1, shipped_lesson("first"))


def test_the_right_way_is_confirmed_by_nudging_not_by_the_loss() -> None:
    """Where there is least room, the judge is seen; the loss, which is lower the wrong way, is not."""
    _, session = played(begun(shipped_tour()))[-1]
    assert "by numerical gradient: 6 → the right one" in screen(moment(session), 60, 20, Look(False)).text()
    text = screen(moment(session), 80, 24, Look(False)).text()
    # By hand: the new w₅ is −1 − 0.1 · (−10) = 0, so nothing would come through it.
    assert "wrong  ∂z₃/∂h₁ = new w₅ = −1 − 0.1 · (−10) = 0" in text
    assert "is not its slope" in text
    assert "L after" not in text


def test_an_update_is_done_by_one_step_with_its_rule() -> None:
    """By hand: −1 − 0.001 · 6 = −1.006; and why no weight is new before."""
    tour = shipped_tour()
    assert "w₁ ← w₁ − η · ∂L/∂w₁" in tour.stops[6].ask
    way, session = played(begun(tour))[6]
    assert way[-1] == "next"
    assert session.tour is not None
    said = told(moment(session), session.tour)
    assert "w₁ is −1.006 now; η = 0.001, the learning rate" in said
    assert "All gradients came first, from the old weights" in said


def test_one_command_ticks_one_stop() -> None:
    """So that each answer is read: here the loss is there already when ŷ is asked for."""
    session = do(begun(shipped_tour()), "last-step")
    assert session.tour is not None
    assert session.tour.number == 1


def test_the_state_file_keeps_it() -> None:
    """With its stop; a session without one has no word of it in the file."""
    session = do(begun(shipped_tour()), "last-step")
    kept = decoded(encoded(session.bare))
    assert kept.tour == session.tour
    assert b"tour" not in encoded(start(LECTURE))


GOOD = """
title = "Mine"
lesson = "mazur"
[[stops]]
ask = "Go to L."
told = "L = {L}, w1 = {w1}"
keys = ["next"]
until = { step = "L" }
"""


def test_a_tour_of_ones_own() -> None:
    """Through another lesson."""
    ((way, session),) = played(begun(read_tour(GOOD, "mine.toml")))
    assert set(way) == {"next"}
    assert session.tour is not None
    assert told(moment(session), session.tour) == "L = 0.2984, w1 = 0.15"


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (
            'step = "L"',
            'step = "dL/dw99"',
            "stops[0].until.step: there is no step dL/dw99 in this lesson; dL/dw1 is one",
        ),
        ('step = "L"', 'selected = "q"', "stops[0].until.selected: there is no q in this lesson"),
        ('step = "L"', 'panel = "chains"', "stops[0].until.panel: must be one of step, table, chain"),
        ('{ step = "L" }', '[["step", "L"]]', "stops[0].until: must be a table, not a list of 1"),
        ('{ step = "L" }', "{}", "stops[0].until: must say what ends the stop"),
        ('"next"', '"hop"', "stops[0].keys: there is no command hop"),
        ("{w1}", "{w77}", "stops[0]: {w77} is no quantity of this lesson"),
        ("[[stops]]", "[[stop]]", "stop"),
        (
            "told =",
            'lesson = "mine.toml"\ntold =',
            "stops[0].lesson: there is no shipped lesson mine.toml; first",
        ),
        ("ask =", "asks =", "asks"),
        ('{ step = "L" }', '{ answered = ["K"] }', "stops[0].until.answered: there is no step K in this"),
        ("keys =", 'then = ["{w77}"]\nkeys =', "stops[0]: {w77} is no quantity of this lesson"),
        ("keys =", 'answers = ["{w77}"]\nkeys =', "stops[0]: {w77} is no quantity of this lesson"),
        (
            'until = { step = "L" }',
            'answers = ["2"]\nuntil = { answered = ["L"] }',
            "stops[0].answers: this stop asks for steps on the way",
        ),
        ("keys =", "learning_rate = -1\nkeys =", "stops[0].learning_rate: must be a number above 0"),
        ('"mazur"', '"no-such"', "no-such"),
        *(
            ('"next"', f'"{key}"', f"stops[0].keys: {key} cannot be done by its name alone")
            for key in ("goto", "edit", "select", "open", "answer", "rate", "help", "mouse")
        ),
    ],
)
def test_a_fault_is_one_line_with_its_place(old: str, new: str, line: str) -> None:
    """As of a lesson."""
    with pytest.raises(LessonFault) as caught:
        read_tour(GOOD.replace(old, new), "mine.toml")
    assert any(line in text for text in caught.value.lines), caught.value.lines
    assert all("\n" not in text for text in caught.value.lines)


@pytest.mark.parametrize("name", SHIPPED_TOURS)
def test_a_shipped_tour_keeps_its_promises(name: str) -> None:
    """Every number that it has in braces is there where it is said."""
    assert list(unkept_promises(read_tour(shipped_tour_text(name), name))) == []


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("L = {L}", "{dL/dw1}", "stops[0].told: {dL/dw1} has no number when this stop is done"),
        ("L = {L}", "{product}", "stops[0].told: {product} has no number when this stop is done"),
        ("Go to L.", "Go to L = {L}.", "stops[0].ask: {L} has no number where this is asked"),
        ("keys =", 'answers = ["{sum}"]\nkeys =', "stops[0].answers: {sum} has no number when this"),
        ("Go to L.", "{nudge}", "stops[0].ask: {nudge} has no number where this is asked"),
        # Of one output alone there are no parts.
        ("L = {L}", "{parts}", "stops[0].told: {parts} has no number when this stop is done"),
        (
            'until = { step = "L" }',
            'then = ["{dL/dw1}"]\nuntil = { step = "dL/dw1", answered = ["L"] }',
            "stops[0].then: {dL/dw1} has no number where this is asked",
        ),
    ],
)
def test_a_number_that_is_not_there_is_a_fault(old: str, new: str, line: str) -> None:
    """With its place: else a ? would stand where a number is promised."""
    text = GOOD.replace('"mazur"', '"first"') if "parts" in new else GOOD
    found = list(unkept_promises(read_tour(text.replace(old, new), "mine.toml")))
    assert [fault for fault in found if fault.startswith(line)]
    assert all("{w1}" not in fault for fault in found)


def test_parts_of_two_outputs_are_kept() -> None:
    """Mazur has two."""
    assert list(unkept_promises(read_tour(GOOD.replace("L = {L}", "{parts}"), "mine.toml"))) == []


def changed(number: float, name: str = "w5") -> Session:
    """The tour begun with another number in its lesson."""
    return after(begun(shipped_tour()), Command("edit", Edit(1, name, number)))


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
    there = do(
        replace(at_stop(begun(shipped_tour()), 3), step=21, selected="w1", knob=1, panel="step"), "next"
    )
    there = do(answered(there, "6"), "chain")
    assert there.notice == "What is missing at this stop is +: it nudges w₁."
    again = do(there, "nudge-up")
    assert again.tour is not None
    assert (again.tour.number, again.notice) == (4, "")
    assert do(again, "nudge-up").notice == "Go on with +: w₁ is not yet nudged far enough."
    assert not do(replace(again, selected="w2"), "next").notice


def test_the_search_for_a_way_has_an_end() -> None:
    """At a stop that cannot be done, after about a thousand places."""
    looked = 0

    def counted(session: Session, name: str) -> Session:
        nonlocal looked
        looked += 1
        return do(session, name)

    tour = read_tour(GOOD.replace('step = "L"', "predicted = 50"), "mine.toml")
    assert way_to_next_stop(begun(tour), ("next", "select-next", "chain", "step"), counted) is None
    assert looked <= 4 * 1_000


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


def nudged(session: Session, turns: int) -> Session:
    """A session with its knob turned up, or down, so many times."""
    for _ in range(abs(turns)):
        session = do(session, "nudge-up" if turns > 0 else "nudge-down")
    return session


@pytest.mark.parametrize(
    ("turns", "words"),
    [
        # By hand, w₅ − 1 + d: ŷ − y = 5 · d − 1. Down to −2 it is 0 − 3, as the sum is below 0.
        (7, "w₅ −1 → 1: L changes by +80, 40 times as much as w₅. At w₅ = −1 a little more of it makes "
            "L smaller; this nudge goes too far for that."),
        (-7, "w₅ −1 → −2: L changes by +8, −8 times as much as w₅. At w₅ = −1 a little more of it makes "
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
    assert asked(moment(asking), asking.tour) == "4/10 Type the product."
    two = do(do(after(do(start(LECTURE), "tour"), Command("tour", 5)), "chain"), "run-to")
    assert two.tour is not None
    words = "Two outputs, and L adds both squared errors: work out L."
    assert asked(moment(two), two.tour) == f"6/10 {words}"
    two = do(answered(two, "5"), "run-to")
    assert two.tour is not None
    assert asked(moment(two), two.tour) == "6/10 At h₁ both paths meet: what do they make there?"
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
