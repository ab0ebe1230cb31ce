"""The tour: played by its conditions with the rules named so far; left and taken up."""

from __future__ import annotations

import pytest

from tests.session.random_lessons import LECTURE
from tests.session.tours import do, played
from tinynet_tui.drawing.header_and_hints import tour_rows
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.drawing.screen import diagram_rows, screen
from tinynet_tui.engine.names import symbol
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.lessons.tour_file import SHIPPED_TOURS, shipped_tour_text
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.keys import OF_TABLE
from tinynet_tui.session.moment import moment
from tinynet_tui.session.saved_session import decoded, encoded
from tinynet_tui.session.session import Edit
from tinynet_tui.session.touring import begun, read_tour, shipped_tour
from tinynet_tui.teaching.tour import asked, told


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
    # By hand: 2; (2 − 3)² = 1; (2.1 − 3)² − 1 = −0.19; −2 · 5, and of d
    # −10 · d + 25 · d²; −2 · 1 · (−1) · 1 · 3; as the lesson says.
    # Nudged to 0, w₁ makes z₁ 8 and z₃ −1, so ŷ − y −3: −6 · 0 · (−1) · 1 · 3.
    # Of two outputs, 2 and 4 for 3 and 2, moved by −0.06 and 0.12: 1.06² − 1 and 2.12² − 4.
    expected = [
        "ŷ = 2, and L = 1:", "w₅ −1 → −0.98: L changes by −0.19, −9.5 times",
        "w₅ −1 → −0.98 gives −9.5, a nudge of 0.0001 gives −9.9975, nearly ∂L/∂w₅ = −10,",
        "Changes along a path multiply, that is the chain rule: −2 · 1 · (−1) · 1 · 3 = 6",
        "At w₁ = 0 the new ŷ makes the first factor 2 · (0 − 3) = −6: ∂L/∂w₁ is −6 · 0 · (−1)",
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
        for words in (asked(now, tour, look.keys), told(now, tour, look.keys)):
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


def test_where_two_weights_sit_is_said_where_it_begins() -> None:
    """The lecture, which is open first, numbers by source: there w₂ and w₃ are the other way round."""
    there = begun(shipped_tour())
    assert there.tour is not None
    for name, source, node in (("w2", "x₂", "1"), ("w3", "x₁", "2")):
        selected = after(there, Command("select", name))
        assert f"{source} → node {node}" in screen(moment(selected), 80, 24, Look(False)).text()
        assert f"{symbol(name)} " in asked(moment(there), there.tour)
        assert f"from {source} to node {node}" in asked(moment(there), there.tour)


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
        assert "At w₁ = 0 the new ŷ makes the first factor 2 · (0 − 3) = −6: ∂L/∂w₁ is" in said
        assert "∂L/∂w₁ is −6 · 0 · (−1) · 1 · 3 = 0 (6 at w₁ = −1)." in said


@pytest.mark.parametrize("first", [(), ("next",), ("next", "next")])
def test_a_shut_relu_is_asked_for_before_it_is_told(first: tuple[str, ...]) -> None:
    """The nudge that shuts it leaves the answer open, from any step on: a number is taken, and → tells."""
    (_, session) = played(begun(shipped_tour()))[3]
    for name in first:
        session = do(session, name)
    for _ in range(6):  # −0.98, −0.95, −0.9, −0.8, −0.5, 0
        assert session.tour is not None
        assert session.tour.number == 4
        question = "What is ∂L/∂w₁ at the nudged w₁, no longer at w₁ = −1? = answers, → shows it."
        assert question in asked(moment(session), session.tour)
        assert "· 0 ·" not in screen(moment(session), 80, 24, Look(False)).text()
        session = do(session, "nudge-up")
    session = do(session, "next")
    assert session.tour is not None
    assert session.tour.number == 5


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


def test_undo_out_of_a_tour_says_that_it_is_left() -> None:
    """With the key that takes it up again, at its stop; an edit that is taken back leaves nothing."""
    session = do(do(start(LECTURE), "tour"), "last-step")
    edited = after(session, Command("edit", Edit(1, "w5", 2.0)))
    assert do(edited, "undo").notice == ""
    left = do(do(edited, "undo"), "undo")
    assert left.lesson == LECTURE
    assert OF_TABLE.filled(left.notice) == "The tour is left; c takes it up again."
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
