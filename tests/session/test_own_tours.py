"""Tours of one's own: what their files may hold, their faults, and how they are kept."""

from __future__ import annotations

import pytest
from msgspec import structs

from tests.session.random_lessons import LECTURE
from tests.session.tours import do, is_answered_by, played
from tinynet_tui.lessons.reading import LessonFault
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.lessons.tour_file import SHIPPED_TOURS, shipped_tour_text
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.moment import moment
from tinynet_tui.session.saved_session import decoded, encoded
from tinynet_tui.session.session import Session
from tinynet_tui.session.touring import at_stop, begun, read_tour, shipped_tour, way_to_next_stop
from tinynet_tui.teaching.tour import told, unkept_promises


def test_without_answers_any_number_that_is_told_is_one() -> None:
    """Mazur's loss, 0.298371109, and his w₁."""
    there = begun(read_tour(GOOD, "mine.toml"))
    right = ["0.2984", "0.298", "0.30", "0.298371109", "0.15"]
    wrong = ["0.4", "0.3", "0.299", "0.2985"]
    assert [text for text in (*right, *wrong) if is_answered_by(there, text)] == right


@pytest.mark.parametrize("text", ["", "?", "."])
def test_a_number_that_is_not_there_is_answered_by_nothing(text: str) -> None:
    """One output alone has no parts of L."""
    own = GOOD.replace('"mazur"', '"first"').replace("keys", 'answers = ["{parts}", "old"]\nkeys')
    there = begun(read_tour(own, "mine.toml"))
    assert is_answered_by(there, "old")
    assert not is_answered_by(there, text)


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
        ('"mazur"', '"no-such"', "mine.toml: lesson: no-such: there is no such lesson or file"),
        ("Go to L.", 'Go to {w77}."\nanswers = ["{w77}"]\nreason = "{w77}', "stops[0]: {w77} is no quantity"),
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
    assert len(set(caught.value.lines)) == len(caught.value.lines)
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
