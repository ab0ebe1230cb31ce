"""Prediction as a state of the session: what asks, what tells, what is kept."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given

from tests.examples import examples
from tests.session.random_lessons import LECTURE, places, sessions
from tinynet_tui.engine.training import LAST_UPDATE
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.keys import OF_TABLE
from tinynet_tui.session.predicting import last_answer
from tinynet_tui.session.saved_session import StateFault, decoded, encoded
from tinynet_tui.session.session import LEVELS, Answer, Edit, Session

AT = replace(start(LECTURE), step=7)
RIGHT = Answer(1, 8, "sign", "+", "right")


def given_after(session: Session, *commands: str | Command) -> Session:
    """A session after commands, one after another."""
    for command in commands:
        session = after(session, Command(command) if isinstance(command, str) else command)
    return session


def answer(text: str = "+") -> Command:
    """A right answer."""
    return Command("answer", (text, "right"))


def test_p_begins_and_ends_it() -> None:
    """Where the learner is stays the same; what was answered is kept, and Esc ends it as well."""
    asking = after(AT, Command("predict"))
    assert asking == replace(AT, stage="asking")
    for end in ("predict", "leave"):
        ended = after(asking, Command(end))
        assert ended == replace(AT, notice="Predicting is over: each step is shown at once again.")
    told = after(asking, answer())
    assert given_after(told, "predict").bare == replace(AT, step=8, answers=(RIGHT,))


def test_an_answer_does_the_step() -> None:
    """It is kept with what was typed, the level and what it was worth; then → asks for the next."""
    told = given_after(AT, "predict", answer())
    assert told == replace(AT, step=8, stage="telling", answers=(RIGHT,))
    assert last_answer(told) == RIGHT
    asking = after(told, Command("next"))
    assert asking == replace(told, stage="asking")
    assert last_answer(asking) is None


def test_looking_again_takes_nothing_from_an_answer() -> None:
    """Who goes over the same steps once more with p and → has still answered them; who answers anew, anew."""
    told = given_after(AT, "predict", answer(), "predict", "back", "predict", "next")
    assert (told.step, told.stage, told.answers) == (8, "telling", (RIGHT,))
    anew = given_after(told, "predict", "back", "predict", Command("answer", ("-", "wrong")))
    assert [each.result for each in anew.answers] == ["wrong"]


def test_next_without_an_answer_looks_it_up() -> None:
    """It is counted as that, not as wrong."""
    told = given_after(AT, "predict", "next")
    assert told == replace(AT, step=8, stage="telling", answers=(Answer(1, 8, "sign", "", "shown"),))


def test_back_asks_for_the_step_again() -> None:
    """From its answer, and from the question after it; each step counts once, by its latest answer."""
    wrong = given_after(AT, "predict", Command("answer", ("-", "wrong")))
    for there in (after(wrong, Command("back")), given_after(wrong, "next", "back")):
        assert (there.step, there.stage, there.answers) == (7, "asking", wrong.answers)
        assert after(there, answer()).answers == (RIGHT,)
    # The latest stands last.
    two = given_after(wrong, "next", answer("0"), "back", "back", answer())
    assert [(a.step, a.result) for a in two.answers] == [(9, "right"), (8, "right")]


def test_nothing_is_answered_that_is_not_asked() -> None:
    """One line says so."""
    for session in (AT, given_after(AT, "predict", answer())):
        assert after(session, answer()) == replace(session, notice="Nothing is asked now.")


MOVES = [
    # command, argument, (update, step) asked for before, after; phases begin at 1, 7, 8, 37 and 46
    ("next-phase", None, (1, 7), (1, 8)),
    ("next-phase", None, (1, 8), (1, 37)),
    ("previous-phase", None, (1, 8), (1, 7)),
    ("previous-phase", None, (1, 10), (1, 8)),
    ("next-group", None, (1, 8), (1, 17)),
    ("previous-group", None, (1, 18), (1, 17)),
    ("finish", None, (1, 8), (1, 36)),
    ("first-step", None, (1, 8), (1, 1)),
    ("last-step", None, (1, 8), (1, 46)),
    ("next-update", None, (1, 8), (2, 8)),
    ("previous-update", None, (2, 8), (1, 8)),
    ("run-to", None, (1, 8), (1, 22)),
    ("goto", (2, 18), (1, 8), (2, 18)),
    ("goto", (2, 0), (1, 8), (2, 1)),
    ("restart", None, (2, 8), (1, 1)),
    ("back", None, (1, 8), (1, 7)),
    ("back", None, (2, 1), (1, 46)),
]


@pytest.mark.parametrize(("name", "argument", "before", "then"), MOVES)
def test_moves_lead_from_question_to_question(
    name: str, argument: object, before: tuple[int, int], then: tuple[int, int]
) -> None:
    """The step that a move leads to is asked for, not shown."""
    session = replace(AT, update=before[0], step=before[1] - 1, stage="asking")
    moved = after(session, Command(name, argument))
    assert moved == replace(session, update=then[0], step=then[1] - 1)


@pytest.mark.parametrize(("name", "argument", "told", "then"), [
    ("next-phase", None, (1, 8), (1, 37)),
    ("previous-phase", None, (1, 8), (1, 7)),
    ("next-update", None, (1, 8), (2, 8)),
    ("back", None, (1, 8), (1, 8)),
    ("next", None, (1, 8), (1, 9)),
    ("next", None, (1, 46), (2, 1)),
])  # fmt: skip
def test_moves_from_a_verdict(
    name: str, argument: object, told: tuple[int, int], then: tuple[int, int]
) -> None:
    """They count from the step that has been told; ← asks that very step again."""
    session = replace(AT, update=told[0], step=told[1], stage="telling")
    moved = after(session, Command(name, argument))
    assert moved == replace(session, update=then[0], step=then[1] - 1, stage="asking")


def test_a_move_that_cannot_be_made_says_why_and_leaves_the_question() -> None:
    """As without it; one that ends elsewhere says so, too."""
    first = replace(AT, step=0, stage="asking")
    nothing = "This is the start of training: there is nothing before it."
    for name in ("back", "previous-phase"):
        there = after(first, Command(name))
        assert (there.update, there.step, there.stage) == (1, 0, "asking")
    assert after(first, Command("back")).notice == nothing
    beyond = after(first, Command("goto", (2, 99)))
    assert (beyond.update, beyond.step, beyond.stage) == (2, 45, "asking")
    assert beyond.notice == "Update 2 has 46 steps: this is the last one."


def test_an_edit_asks_anew_and_undo_takes_it_back_without_what_was_answered() -> None:
    """An answer is no change of the numbers: it is kept, and prediction stays on."""
    told = given_after(AT, "predict", answer())
    edited = after(told, Command("edit", Edit(1, "w1", 2.0)))
    assert (edited.stage, edited.step) == ("asking", 8)
    later = after(edited, answer("1"))
    undone = after(later, Command("undo"))
    assert (undone.edits, undone.step, undone.stage) == ((), 8, "asking")
    assert undone.answers == later.answers
    again = after(undone, Command("redo"))
    assert (again.edits, again.answers) == (edited.edits, later.answers)


def test_undo_at_the_end_of_an_update_shows_it_again() -> None:
    """Nothing is left to ask there; → goes on to the next update."""
    edited = after(replace(AT, step=46), Command("edit", Edit(1, "w1", 2.0)))
    undone = given_after(edited, "predict", "undo")
    assert (undone.update, undone.step, undone.stage, undone.edits) == (1, 46, "telling", ())
    following = after(undone, Command("next"))
    assert (following.update, following.step, following.stage) == (2, 0, "asking")


def test_looking_about_asks_nothing_anew() -> None:
    """Panels, precision, selection and the level leave a verdict where it is."""
    told = given_after(AT, "predict", answer())
    for look in ("table", "chain", "precision", "select-next", "level"):
        looked = after(told, Command(look))
        assert (looked.stage, looked.step, last_answer(looked)) == ("telling", 8, RIGHT)


def test_the_wrong_ways_wait() -> None:
    """They tell gradients that are still to be predicted; what is open is closed by the first question."""
    for session in (after(AT, Command("predict")), given_after(AT, "predict", answer())):
        refused = after(session, Command("variants"))
        assert (refused.variant, refused.stage) == (None, session.stage)
        said = "The wrong ways would give the answer away; Esc ends predicting."
        assert OF_TABLE.filled(refused.notice) == said
    opened = after(AT, Command("variants"))
    assert opened.variant is not None
    assert after(opened, Command("predict")).variant is None


def test_levels_go_round() -> None:
    """From the easiest on, and each says what it asks for; another lesson keeps the level."""
    session, seen = AT, []
    for _ in (*LEVELS, "record"):
        session = after(session, Command("level"))
        seen.append((session.level, session.notice))
    assert seen == [
        ("number", "Predict each value, by its formula."),
        ("diagram", "Predict each value without its formula."),
        ("diagram", "Predict as your record says: what you know well is shown less."),
        ("sign", "Predict the sign of each value."),
    ]
    assert after(replace(AT, level="diagram"), Command("open", shipped_lesson("xor"))).level == "diagram"


def test_another_lesson_begins_without_answers_and_without_questions() -> None:
    """Undo brings back the lesson with what was answered in it."""
    told = given_after(AT, "predict", answer())
    opened = after(told, Command("open", shipped_lesson("mazur")))
    assert (opened.stage, opened.answers) == ("off", ())
    assert after(opened, Command("undo")).answers == (RIGHT,)


def test_the_end_of_an_update() -> None:
    """→ there begins the next one with its first step, as p does; an edit asks for the last step again."""
    told = given_after(replace(AT, step=45), "predict", answer("0.18"))
    assert (told.update, told.step, told.stage) == (1, 46, "telling")
    following = after(told, Command("next"))
    assert (following.update, following.step, following.stage) == (2, 0, "asking")
    assert after(replace(AT, step=46), Command("predict")) == replace(AT, update=2, step=0, stage="asking")
    edited = after(told, Command("edit", Edit(1, "w1", 2.0)))
    assert (edited.step, edited.stage, last_answer(edited)) == (45, "asking", None)


def test_the_end_of_training() -> None:
    """After the last update there is none: its last step is asked for."""
    last = after(replace(AT, update=LAST_UPDATE, step=46), Command("predict"))
    assert (last.update, last.step, last.stage) == (LAST_UPDATE, 45, "asking")
    assert last.notice == f"{LAST_UPDATE:,} is the last update."


def test_a_step_can_be_asked_again_from_anywhere() -> None:
    """Also when prediction is off."""
    session = after(replace(AT, answers=(RIGHT,)), Command("ask-again", (1, 8)))
    assert session == replace(AT, answers=(RIGHT,), stage="asking")


@given(places())
@examples(35)
def test_prediction_goes_through_every_step_that_there_is(session: Session) -> None:
    """The steps are those that → leads through without it."""
    predicted, alone = after(session, Command("predict")), session
    if session.step == len(program_of(session)):
        alone = after(alone, Command("next"))
    for _ in range(5):
        assert (predicted.update, predicted.step, predicted.stage) == (alone.update, alone.step, "asking")
        predicted, alone = given_after(predicted, answer(), "next"), after(alone, Command("next"))
        if alone.step == len(program_of(alone)):
            alone = after(alone, Command("next"))


# The state file


def test_the_file_keeps_answers_and_level_and_no_open_question() -> None:
    """Nobody is met by a question on coming back."""
    told = given_after(replace(AT, level="number"), "predict", answer("1"))
    assert told.stage == "telling"
    read = decoded(encoded(told))
    assert (read.stage, read.level, read.answers) == (
        "off",
        "number",
        (Answer(1, 8, "number", "1", "right"),),
    )


@given(sessions())
@examples(25)
def test_a_file_from_before_there_were_predictions_still_opens(session: Session) -> None:
    """As a session without any; its precision was the third of four choices."""
    fields = json.loads(encoded(session))
    older = {
        name: value for name, value in fields.items() if name not in ("digits", "level", "answers", "view")
    }
    read = decoded(json.dumps({**older, "version": 1, "precision": 2}).encode())
    assert read == replace(session.bare, level="sign", answers=(), digits=8, view=None)


DAMAGED: dict[str, dict[str, object]] = {
    "a step that is not there": {"step": 47},
    "step 0": {"step": 0},
    "update 0": {"update": 0},
    "an update beyond the last": {"update": LAST_UPDATE + 1},
    "an unknown result": {"result": "maybe"},
    "an unknown level": {"level": "hard"},
    "a text that is none": {"text": 1},
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_answers(name: str) -> None:
    """Refused, as everything that no session could have written."""
    written = json.loads(encoded(replace(AT, answers=(RIGHT,))))
    assert decoded(json.dumps(written).encode()).answers == (RIGHT,)
    written["answers"] = [{**written["answers"][0], **DAMAGED[name]}]
    with pytest.raises(StateFault):
        decoded(json.dumps(written).encode())


def test_two_answers_to_one_step_are_damage() -> None:
    """Each step counts once."""
    written = json.loads(encoded(replace(AT, answers=(RIGHT,))))
    written["answers"] *= 2
    with pytest.raises(StateFault):
        decoded(json.dumps(written).encode())


def test_a_wrong_number_has_a_second_try_and_then_hints() -> None:
    """Wrong, wrong, wrong, wrong at the level of numbers: no hint, the rule, the numbers, the value."""
    wrong = Command("answer", ("7", "wrong"))
    session = replace(AT, level="number")
    for hints in (0, 1, 2):
        session = given_after(session, *(["predict"] if not hints else []), wrong)
        assert (session.stage, session.hints, len(session.tried)) == ("asking", hints, hints + 1)
    told = after(session, wrong)
    assert told == replace(
        AT, step=8, level="number", stage="telling", answers=(Answer(1, 8, "number", "7", "wrong"),)
    )
    helped = after(session, Command("answer", ("1", "right")))
    assert helped.answers == (Answer(1, 8, "number", "1", "helped"),)


@pytest.mark.parametrize("way", ["next", "back", "leave", "next-phase", "level", "predict"])
def test_help_belongs_to_one_question(way: str) -> None:
    """However it is left."""
    session = given_after(replace(AT, level="diagram"), "predict", "hint", Command("answer", ("7", "wrong")))
    assert (session.hints, session.tried) == (1, ("7",))
    left = after(session, Command(way))
    assert (left.hints, left.tried) == (0, ())


def test_a_sign_has_hints_and_no_second_try() -> None:
    """Two signs are left after a wrong one. The rule comes before the numbers, and then the sign."""
    asking = after(AT, Command("predict"))
    assert after(asking, Command("answer", ("-", "wrong"))).stage == "telling"
    hinted = given_after(asking, "hint", "hint")
    assert (hinted.stage, hinted.hints) == ("asking", 2)
    assert after(hinted, Command("hint")).answers == (Answer(1, 8, "sign", "", "shown"),)
    assert after(hinted, Command("answer", ("+", "right"))).answers == (Answer(1, 8, "sign", "+", "helped"),)


def test_hints_leave_the_second_try() -> None:
    """All hints first, then wrong: it is asked once more, and only then told."""
    wrong = Command("answer", ("7", "wrong"))
    session = given_after(replace(AT, level="number"), "predict", "hint", "hint", wrong)
    assert (session.stage, session.tried) == ("asking", ("7",))
    assert after(session, wrong).stage == "telling"


def test_what_is_given_is_not_asked_for() -> None:
    """h₀ = 0 stands in the lesson: the first question is about z₁, back and forth and in each update."""
    first = given_after(start(shipped_lesson("recurrent")), "predict")
    assert (first.step, first.stage) == (1, "asking")
    second = given_after(first, answer(), "next")
    assert second.step == 2
    assert given_after(second, "back", "back").step == 1
    assert given_after(first, "next-update").step == 1
    again = given_after(first, "next-update", "back")
    assert (again.update, again.step > 1) == (0 + first.update, True)
    assert given_after(start(shipped_lesson("recurrent")), Command("ask-again", (1, 1))).step == 1
