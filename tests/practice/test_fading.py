"""Fading in the stepper: what the record of a kind of step leaves to be asked, and what it is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.practice.fading import COURSE, Fading
from tinynet_tui.practice.record import PracticeAnswer, Record, read_record, standings
from tinynet_tui.prediction.kinds import StepKind
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.session import Result, Session

LECTURE = replace(start(shipped_lesson("lecture")), fades=True)


def record_of(results: dict[StepKind, list[Result]], path: Path | None = None) -> Record:
    """A record with such results of some kinds."""
    record = Record(path, pytest.fail)
    for kind, given in results.items():
        for n, each in enumerate(given):
            record.keep(PracticeAnswer(float(n), "update", "relu", 1, 1, "z1", kind, each, 1, 0, "", 1.0))
    return record


def led(fading: Fading, session: Session, *commands: Command | str) -> Session:
    """A session after commands, faded."""
    for command in commands:
        there = after(session, Command(command) if isinstance(command, str) else command)
        session = fading.after(session, there, 5.0)
    return session


@pytest.mark.parametrize(
    ("sums", "stage", "level"),
    [
        ([], "telling", "number"),
        (["wrong"], "telling", "number"),
        # 0.3, then 0.3 + 0.3 · 0.7 = 0.51 and 0.657; from 0.7 on nothing is shown: 0.7599.
        (["right"], "asking", "number"),
        (["right"] * 3, "asking", "number"),
        (["right"] * 4, "asking", "diagram"),
        (["right"] * 4 + ["helped"], "asking", "number"),
    ],
)
def test_the_moving_average_of_its_kind_decides(sums: list[Result], stage: str, level: str) -> None:
    """Shown, half shown or asked; of another kind nothing follows."""
    there = led(Fading(record_of({"sum": sums, "path": ["right"] * 9})), LECTURE, "predict")
    assert there.stage == stage
    assert stage == "telling" or there.level == level


def test_after_a_step_that_was_shown_one_is_asked() -> None:
    """However often it went wrong: nobody is only told."""
    fading = Fading(Record(None, pytest.fail))
    stages = []
    session = led(fading, LECTURE, "predict")
    for _ in range(6):
        stages.append((session.step, session.stage))
        wrong = Command("answer", ("9", "wrong"))
        session = led(fading, session, *([wrong] * 4 if session.stage == "asking" else []), "next")
    # z₁ and h₁ are shown, z₂ and h₂ asked (from the step before), z₃ and ŷ shown again.
    assert stages == [(1, "telling"), (2, "telling"), (2, "asking"), (3, "asking"), (5, "telling"),
                      (6, "telling")]  # fmt: skip


def test_every_answer_goes_into_the_record(tmp_path: Path) -> None:
    """With its kind and its result; what is shown is no answer, and neither is the loss of any kind."""
    path = tmp_path / "practice.jsonl"
    record = record_of({"sum": ["right"], "activation": ["right"]}, path)
    before, fading = record.answers, Fading(record)
    session = led(fading, LECTURE, "predict", Command("answer", ("1.5", "right")), "next", "next", "next")
    assert (session.step, session.stage) == (2, "asking")
    assert [(a.course, a.step, a.kind, a.result) for a in read_record(path, pytest.fail)[len(before) :]] == [
        (COURSE, "z1", "sum", "right"),
        (COURSE, "h1", "activation", "shown"),
    ]
    assert record.answers == read_record(path, pytest.fail)
    # 0.51 and 0.21, by hand.
    assert standings(record.answers)["sum"].average == pytest.approx(0.51)
    assert standings(record.answers)["activation"].average == pytest.approx(0.21)
    at_loss = led(fading, session, Command("goto", (1, 7)))
    told = led(fading, at_loss, Command("answer", ("0.25", "right")))
    assert len(record.answers) == len(before) + 2
    assert told.step == 7


@pytest.mark.parametrize("leaves", ["predict", "first-step", "back", "leave"])
def test_what_was_tried_and_left_goes_into_it(leaves: str) -> None:
    """As wrong: who skips what is hard has not done it."""
    record = record_of({"sum": ["right"]})
    led(Fading(record), LECTURE, "predict", Command("answer", ("9", "wrong")), "next-group", leaves)
    assert [(a.step, a.result, a.tries) for a in record.answers[1:]] == [("z1", "wrong", 1)]


def test_hints_and_second_tries_change_nothing_of_what_is_shown() -> None:
    """The question stays the one that it is."""
    fading = Fading(record_of({"sum": ["right"] * 4}))
    asked = led(fading, LECTURE, "predict", "hint", Command("answer", ("9", "wrong")))
    assert (asked.level, asked.hints, asked.tried) == ("diagram", 1, ("9",))
    # Another level takes the record's place, and one key ends all of it.
    assert led(fading, asked, "level").level == "sign"
    assert led(fading, asked, "predict").stage == "off"


def test_without_it_nothing_is_kept(tmp_path: Path) -> None:
    """Whoever chooses a level is not watched."""
    path = tmp_path / "practice.jsonl"
    plain = replace(LECTURE, level="number", fades=False)
    fading = Fading(Record(path, pytest.fail))
    there = led(fading, plain, "predict", Command("answer", ("1.5", "right")))
    assert there.step == 1
    assert read_record(path, pytest.fail) == ()
