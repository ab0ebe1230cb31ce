"""The record: what is mastered when, when it comes back, and a file that survives what happens to files."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tinynet_tui.practice.record import (
    PracticeAnswer,
    Record,
    Standing,
    append_answer,
    kinds_due,
    read_record,
    standings,
)
from tinynet_tui.prediction.kinds import StepKind
from tinynet_tui.session.session import Result

DAY = 86_400.0


def answer(
    kind: StepKind = "sum", when: float = 0.0, result: Result = "right", tries: int = 1, hints: int = 0
) -> PracticeAnswer:
    """An answer to some exercise."""
    return PracticeAnswer(when, "update", "relu", 1, 7, "z1", kind, result, tries, hints, "", 3.0)


def test_three_in_a_row_come_back_after_1_3_and_7_days() -> None:
    """Each time they are due, three more make the next interval; in between nothing is due."""
    now, answers = 1000.0, list[PracticeAnswer]()
    for days in (1, 3, 7, 7):
        answers += [answer(when=now)] * 3
        standing = standings(answers)["sum"]
        assert standing.due == now + days * DAY
        assert "sum" not in kinds_due(standings(answers), now + days * DAY - 1)
        assert "sum" in kinds_due(standings(answers), now + days * DAY)
        # What is practised before it is due changes nothing.
        answers += [answer(when=now + 1)] * 2
        assert standings(answers)["sum"].due == standing.due
        now = standing.due


@pytest.mark.parametrize("missed", [answer(result="wrong"), answer(result="shown"), answer(result="helped")])
def test_what_was_not_right_at_once_breaks_the_row(missed: PracticeAnswer) -> None:
    """Whether wrong, looked up, or right with help: it is due at once."""
    standing = standings([answer(), answer(), missed])["sum"]
    assert (standing.in_a_row, standing.level, standing.due) == (0, 0, missed.when)
    assert standings([answer(), answer(), answer(), missed])["sum"].level == 0


def test_of_three_in_a_row_one_at_most_is_a_zero() -> None:
    """Who types 0 for whatever is shut has mastered nothing; a kind that has only zeros is never mastered."""
    zero = msgspec.structs.replace(answer("activation"), is_zero=True)
    other = answer("activation")
    assert standings([zero] * 20)["activation"].level == 0
    assert standings([zero] * 20)["activation"].in_a_row == 1
    assert standings([zero, zero, other, zero])["activation"].level == 0
    assert standings([zero, zero, other, other])["activation"].level == 1
    assert standings([other, zero, other])["activation"].level == 1
    # What was kept before zeros were told apart reads, and is told to others, as it was.
    assert b"is_zero" not in msgspec.json.encode(other)
    assert msgspec.json.decode(msgspec.json.encode(zero), type=PracticeAnswer) == zero


def test_help_fades_with_the_moving_average() -> None:
    """By hand, with the weight 0.3: 0.3, 0.51, 0.657, 0.7599 after one to four right answers."""
    standing, seen = Standing(), list[str]()
    for average in (0.3, 0.51, 0.657, 0.7599):
        seen.append(standing.support)
        standing = standing.after(answer())
        assert standing.average == pytest.approx(average)
    assert [*seen, standing.support] == ["shown", "half shown", "half shown", "half shown", "asked"]


def test_kinds_are_counted_apart() -> None:
    """Sums say nothing about products."""
    found = standings([answer("sum")] * 3)
    assert (found["sum"].level, found["product"]) == (1, Standing())


def test_a_record_survives_a_line_that_is_damaged(tmp_path: Path) -> None:
    """What is half written, of another version, or no text at all is passed over; and that is said."""
    path = tmp_path / "deep" / "practice.jsonl"
    assert read_record(path, pytest.fail) == ()
    for kind in ("sum", "product"):
        append_answer(path, answer(kind))
    with path.open("ab") as file:
        file.write(b'{"when": 1}\n\xff\xfe\n[[[[\n{"when":0.0,"course')
    said = list[str]()
    assert Record(path, said.append).answers == (answer("sum"), answer("product"))
    assert said == [f"4 lines are damaged in the record ({path}), and passed over."]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_very_long_record_is_read_from_its_end(tmp_path: Path) -> None:
    """Four megabytes of it: a line that is cut at the beginning is passed over."""
    path = tmp_path / "practice.jsonl"
    append_answer(path, answer("path"))
    line = path.read_bytes()
    path.write_bytes(line * (5_000_000 // len(line)))
    said = list[str]()
    assert 0.7 < len(read_record(path, said.append)) * len(line) / 4_000_000 <= 1.0
    assert not said


def test_nothing_in_a_record_steers_a_terminal(tmp_path: Path) -> None:
    """A course may have any name."""
    path = tmp_path / "practice.jsonl"
    bad = PracticeAnswer(0.0, "\x1b[31m\u202e", "relu", 1, 7, "z1", "sum", "right", 1, 0, "", 1.0)
    append_answer(path, bad)
    assert path.read_text().isascii()
    assert "\x1b" not in path.read_text()
    assert read_record(path, pytest.fail) == (bad,)
