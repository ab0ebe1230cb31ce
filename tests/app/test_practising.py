"""Practice on the screen: one exercise after another, kept in the record, and no place but that."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import cast

import pytest
from textual.pilot import Pilot

from tests.app.running import Check, bottom, is_asked, press, prompt_of, run_app, shown
from tests.practice.test_drill import first, right
from tinynet_tui.practice.drill import Drill
from tinynet_tui.practice.record import Record, read_record
from tinynet_tui.tui.app import Stepper
from tinynet_tui.tui.practising import PracticePage, Practiser


def drill_of(app: Stepper) -> Drill:
    """The drill that is on screen."""
    assert isinstance(app.page, PracticePage)
    return app.page.drill


def practise(
    check: Check, record: Path | None = None, size: tuple[int, int] = (80, 24), state: Path | None = None
) -> Practiser:
    """Run the first exercises of a course, check something in them; returns the app."""
    drill = first()
    kind = partial(Practiser, drill=drill, record=Record(record, pytest.fail))
    return cast(Practiser, run_app(check, drill.session, size, state=state, kind=kind))  # type: ignore[arg-type]


def test_exercises_follow_each_other_and_are_kept(tmp_path: Path) -> None:
    """Enter answers, → asks the next one; the title has how many are right, and leaving says it in full."""
    record, state = tmp_path / "practice.jsonl", tmp_path / "session.json"

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        assert " 0 of 25 right" in shown(app).splitlines()[0]
        assert "Worked example" in shown(app)
        for count in (1, 2, 3):
            await press(app, *right(drill_of(app)).replace("−", "-"), "enter")
            assert f" {count} of 25 right" in shown(app).splitlines()[0]
            assert bottom(app).startswith(" Correct: ")
            await press(app, "right")
            assert is_asked(app)
        await press(app, "escape")

    app = practise(check, record, state=state)
    assert [answer.result for answer in read_record(record, pytest.fail)] == ["right"] * 3
    assert app.last_words.startswith("One update by hand: 3 of 25 right, ")
    assert not state.exists()


def test_a_second_try_hints_and_looking_it_up_are_kept_as_that(tmp_path: Path) -> None:
    """As in prediction."""
    record = tmp_path / "practice.jsonl"

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, *"123", "enter")
        assert "Not 123." in shown(app)
        await press(app, "enter", *right(drill_of(app)).replace("−", "-"), "enter")
        await press(app, "right", "right")

    practise(check, record)
    assert [(a.result, a.tries, a.hints) for a in read_record(record, pytest.fail)] == [
        ("helped", 2, 1),
        ("shown", 0, 0),
    ]


@pytest.mark.parametrize("keys", [("escape",), ("ctrl+c",)])
def test_what_is_tried_and_left_is_kept(tmp_path: Path, keys: tuple[str, ...]) -> None:
    """However practice ends."""
    record = tmp_path / "practice.jsonl"

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, *"1234", "enter", *keys)

    practise(check, record)
    assert [(answer.result, answer.tries) for answer in read_record(record, pytest.fail)] == [("wrong", 1)]


@pytest.mark.parametrize("key", ["e", "R", "L", "o", "x", "u", "w", "p", "z", "v"])
def test_no_key_changes_the_exercise(key: str) -> None:
    """One line says that it does nothing here; digits and signs are typed."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        before = drill_of(app)
        await press(app, key)
        assert drill_of(app) == before
        assert is_asked(app)

    practise(check)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36), (200, 60)])
def test_it_fits_every_size(size: tuple[int, int]) -> None:
    """The question, its example, and the ways out."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        text = shown(app)
        assert "= ?" in text
        assert "from another network" in text
        assert "Esc" in text

    practise(check, size=size)


def test_esc_clears_what_was_typed_before_it_leaves() -> None:
    """Whoever wants to type another number does not lose the practice by it."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "1", ".", ".")
        assert "Esc clears it" in bottom(app)
        await press(app, "enter")
        assert "is not a number" in bottom(app)
        await press(app, "escape")
        assert is_asked(app)
        assert prompt_of(app).field.text == prompt_of(app).complaint == ""
        assert app.return_code is None
        await press(app, "escape")
        assert app.return_code == 0

    practise(check)


def test_the_tally_is_that_of_the_course() -> None:
    """Not of the one step that has just been asked."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, *right(drill_of(app)).replace("−", "-"), "enter", "right", "T")
        assert "One update by hand: 1 of 25 right at once" in shown(app)
        assert "Back through two layers" in shown(app)
        assert "not tried yet" in shown(app)
        await press(app, "escape")
        assert is_asked(app)

    practise(check, size=(120, 36))


def test_d_reads_on_while_a_step_is_asked_for() -> None:
    """No number has a d: the page is that of the question, and the field is as it was left."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        title = drill_of(app).exercise.question.title
        await press(app, "7", "d")
        assert title in shown(app).splitlines()[0]
        await press(app, "d", "enter")
        assert "Not 7." in shown(app)

    practise(check)


def test_c_lists_the_courses_too_and_leaving_one_comes_back(tmp_path: Path) -> None:
    """From the tour: what is answered is kept; the place and the lesson are those of before."""
    record = tmp_path / "practice.jsonl"

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        app.practice_file = record
        await press(app, "right", "c", "right", "right", "c", "up")
        assert "Practice, steps to work out by hand. From the embedding" in " ".join(shown(app).split())
        await press(app, *"classifier by")
        assert "A classifier by hand: 0 of 16 right." in shown(app)
        before = app.session
        await press(app, "enter")
        assert drill_of(app).course.name == "classifier"
        assert is_asked(app)
        await press(app, *right(drill_of(app)).replace("−", "-"), "enter")
        assert " 1 of 16 right" in shown(app).splitlines()[0]
        await press(app, "right", "escape")
        assert app.page_before is None
        assert app.session.bare == before.bare
        assert "A classifier by hand: 1 of 16 right" in shown(app)
        await press(app, "right")
        assert app.session.step == before.step + 1

    run_app(check)
    assert [(answer.course, answer.result) for answer in read_record(record, pytest.fail)] == [
        ("classifier", "right")
    ]


def test_the_record_decides_what_predicting_shows(tmp_path: Path) -> None:
    """P chooses that: a new kind is shown first, then asked with its formula; what is answered is kept."""
    record = tmp_path / "practice.jsonl"

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        app.practice_file = record
        await press(app, "p", "P", "P", "P")
        assert is_asked(app)  # a question that is open is not taken away
        assert "P record" in shown(app)
        await press(app, *"1.5", "enter", "right")
        assert "Still new: an activation function. This one is shown, the next is asked." in shown(app)
        assert (app.session.step, app.session.stage) == (2, "telling")
        await press(app, "right")
        assert is_asked(app)
        assert "z₂ = w₂ · x₁" in shown(app)
        await press(app, "p", "right")
        assert (app.session.step, app.session.stage) == (3, "off")

    run_app(check)
    [kept] = read_record(record, pytest.fail)
    assert (kept.course, kept.step, kept.kind, kept.result) == ("stepper", "z1", "sum", "right")


DAMAGED = "2 lines are damaged in the record"


def damaged(path: Path) -> Path:
    """A record of two lines that are none."""
    path.write_bytes(b'{"when": 1}\n\xff\xfe\n')
    return path


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
@pytest.mark.parametrize(
    ("keys", "beside"),
    [
        (("p", "P", "P", "P"), "P record"),
        (("c", "c", "up", *"update by", "enter"), "= ?"),
        (("c", "c", "escape", "right"), "z₁ = "),
    ],
)
def test_damaged_lines_of_a_record_are_told_on_the_page_that_comes(
    tmp_path: Path, keys: tuple[str, ...], beside: str, size: tuple[int, int]
) -> None:
    """Once, beside what else there is to say, whichever page or list is opened as the record is read."""
    record = damaged(tmp_path / "practice.jsonl")

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        app.practice_file = record
        await press(app, *keys)
        text = " ".join(shown(app).split())
        assert DAMAGED in text
        assert beside in text
        await press(app, "enter", "right")
        assert DAMAGED not in " ".join(shown(app).split())

    run_app(check, size=size)


@pytest.mark.parametrize("is_left", [False, True])
def test_that_an_answer_cannot_be_kept_is_told(tmp_path: Path, is_left: bool) -> None:
    """Beside the verdict; of what was tried in vain as the app ends."""
    record = tmp_path / "practice.jsonl"

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        record.mkdir()
        if is_left:
            await press(app, *"1234", "enter", "escape")
        else:
            await press(app, *right(drill_of(app)).replace("−", "-"), "enter")
            assert "The record cannot be written" in shown(app)
            assert "Correct" in shown(app)

    app = practise(check, record)
    assert app.last_words.startswith("The record cannot be written") == is_left
