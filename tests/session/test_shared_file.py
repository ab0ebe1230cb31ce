"""One state file, several sessions: it has the place of the last to act, and what was answered in any."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from time import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.session.random_lessons import LECTURE
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session import state_file
from tinynet_tui.session.commands import start
from tinynet_tui.session.saved_session import Kept, encoded, kept_in
from tinynet_tui.session.session import Answer, Edit, Session
from tinynet_tui.session.state_file import SharedFile, newest, resume

AT = replace(start(LECTURE), update=2, step=17)
MAZUR = start(shipped_lesson("mazur"))


def answered(*steps: int, text: str = "1") -> tuple[Answer, ...]:
    """Answers to steps of the first update."""
    return tuple(Answer(1, step, "sign", text, "right") for step in steps)


def test_whoever_changed_last() -> None:
    """Of both, whichever way round; with equal times ours."""
    older, newer = Kept(AT, 100.0), Kept(replace(AT, step=1), 200.0)
    assert newest(older, newer, 0.0, ()) == newer
    assert newest(newer, older, 0.0, ()) == newer
    assert newest(Kept(AT, 200.0), newer, 0.0, ()) == Kept(AT, 200.0)


def test_a_time_that_is_still_to_come_does_not_win() -> None:
    """A clock that was set back must not keep every later session out of the file."""
    ours = Kept(AT, time())
    assert newest(ours, Kept(MAZUR, time() + 3600), 0.0, ()) == ours


@pytest.mark.parametrize("ours_is_newer", [False, True])
def test_answers_of_both(ours_is_newer: bool) -> None:
    """Once for each step, the newer one's; without what had been in the file and was taken back."""
    changed = 300.0 if ours_is_newer else 100.0
    ours = Kept(replace(AT, answers=answered(1, 2, text="ours")), changed)
    theirs = Kept(replace(AT, answers=answered(2, 3, 4, text="theirs")), 200.0)
    had = answered(1, 4)
    places = {(a.step, a.text) for a in newest(ours, theirs, 0.0, had).session.answers}
    if ours_is_newer:
        assert places == {(1, "ours"), (2, "ours"), (3, "theirs")}
    else:
        assert places == {(2, "theirs"), (3, "theirs"), (4, "theirs")}


def test_answers_of_another_lesson_or_of_an_earlier_time() -> None:
    """Say nothing of these steps; and who begins anew has asked for no answers of before."""
    theirs = Kept(replace(AT, answers=answered(3)), 100.0)
    assert newest(Kept(MAZUR, 200.0), theirs, 0.0, ()) == Kept(MAZUR, 200.0)
    assert newest(Kept(AT, 200.0), theirs, 150.0, ()) == Kept(AT, 200.0)
    assert newest(Kept(AT, 200.0), theirs, 50.0, ()).session.answers == answered(3)


@pytest.mark.parametrize(
    ("seed", "edits", "left"),
    [
        (None, (), [1, 2]),
        (7, (), []),
        (None, (Edit(1, "w1", 0.5),), []),
        (None, (Edit(2, "w1", 0.5),), [1]),
        (None, (Edit(3, "eta", 0.5),), [1, 2]),
    ],
)
def test_answers_to_other_numbers(seed: int | None, edits: tuple[Edit, ...], left: list[int]) -> None:
    """Of another random start none; where a number was changed, those of the updates before it alone."""
    answers = tuple(Answer(update, 3, "sign", "+", "right") for update in (1, 2))
    theirs = Kept(replace(AT, answers=answers), 100.0)
    kept = newest(Kept(replace(AT, seed=seed, edits=edits), 200.0), theirs, 0.0, ())
    assert (kept.session.seed, kept.session.edits) == (seed, edits)
    assert [answer.update for answer in kept.session.answers] == left


_ACTS = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(("act", "answer", "keep"))), max_size=30)


@given(_ACTS)
@examples(50)
def test_any_order_of_acts(acts: list[tuple[int, str]]) -> None:
    """Three at once: after each writing the place is that of the last act that anybody had written, and no
    answer that was written is ever missing again."""
    clock = map(float, count(1))
    with TemporaryDirectory() as directory, pytest.MonkeyPatch.context() as patched:
        patched.setattr(state_file, "time", lambda: next(clock))
        path = Path(directory) / "session.json"
        files = [SharedFile(path) for _ in range(3)]
        sessions, changed = [start(LECTURE)] * 3, [0.0] * 3
        written, steps = list[tuple[float, int]](), count(1)
        answers = set[tuple[int, int]]()
        for who, act in acts:
            match act:
                case "act":
                    sessions[who], changed[who] = replace(sessions[who], step=next(steps)), next(clock)
                case "answer":
                    step = next(steps)
                    given = (*sessions[who].answers, *answered(step))
                    sessions[who], changed[who] = (
                        replace(sessions[who], step=step, answers=given),
                        next(clock),
                    )
                case "keep":
                    files[who].keep(sessions[who], changed[who])
                    written.append((changed[who], sessions[who].step))
                    answers |= {(a.update, a.step) for a in sessions[who].answers}
                    kept = kept_in(path.read_bytes())
                    assert (kept.changed, kept.session.step) == max(written)
                    assert {(a.update, a.step) for a in kept.session.answers} == answers


def test_many_at_the_same_moment(tmp_path: Path) -> None:
    """Each read and write is one: of ten that write at once none loses another's answer."""
    path, began = tmp_path / "session.json", time()
    files = [SharedFile(path) for _ in range(10)]

    def keep(number: int) -> None:
        for step in range(1, 5):
            at_once = replace(AT, answers=answered(*(number * 4 + n for n in range(1, step + 1))))
            files[number].keep(at_once, began + number + step / 100)

    threads = [Thread(target=keep, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session, _ = resume(path)
    assert session is not None
    assert {answer.step for answer in session.answers} == set(range(1, 41))
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_cannot_be_used_is_moved_aside(tmp_path: Path) -> None:
    """Never overwritten: it may be of a newer version, or be mended by hand."""
    path = tmp_path / "session.json"
    path.write_text("of another kind")
    assert SharedFile(path).keep(AT, time())
    assert resume(path) == (AT, None)
    assert path.with_name("session.json.1").read_text() == "of another kind"


def test_a_pipe_in_its_place(tmp_path: Path) -> None:
    """Is not waited for: the file takes its place."""
    path = tmp_path / "session.json"
    os.mkfifo(path)
    assert SharedFile(path).keep(AT, time())
    assert resume(path) == (AT, None)


def test_a_session_that_the_file_has_is_not_written_again(tmp_path: Path) -> None:
    """Taking up a position and leaving it there changes nothing, not even the time."""
    path = tmp_path / "session.json"
    path.write_bytes(encoded(AT, 100.0))
    SharedFile(path).keep(AT, time())
    assert kept_in(path.read_bytes()) == Kept(AT, 100.0)


@pytest.mark.parametrize(("version", "precision"), [(1, 0), (2, 0), (3, 4)])
def test_files_of_older_versions(tmp_path: Path, version: int, precision: int) -> None:
    """Four digits, once the first of four choices; changed long ago, where they do not say when."""
    path = tmp_path / "session.json"
    fields = {**json.loads(encoded(AT)), "version": version, "precision": precision}
    del fields["changed"], fields["digits"]
    path.write_text(json.dumps(fields))
    assert kept_in(path.read_bytes()) == Kept(AT, 0.0)
    later: Session = replace(AT, step=18)
    assert SharedFile(path).keep(later, time())
    assert resume(path) == (later, None)
