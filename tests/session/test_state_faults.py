"""State files that cannot be used: each is said in one line and set aside, none ends in an exception."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.session.random_lessons import LECTURE
from tests.session.saving import save
from tinynet_tui.engine.training import LAST_UPDATE
from tinynet_tui.session import saved_session
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.saved_session import LARGEST, StateFault, decoded, encoded
from tinynet_tui.session.session import Answer, Edit, Session
from tinynet_tui.session.state_file import resume

SESSION = after(
    after(start(LECTURE), Command("goto", (2, 18))), Command("edit", Edit(2, "x1", 0.5, 1))
)  # fmt: skip
WRITTEN: dict[str, Any] = json.loads(encoded(SESSION))


def changed(**fields: Any) -> bytes:
    """A sound state file with some fields changed."""
    return json.dumps({**WRITTEN, **fields}).encode()


def before(version: int, precision: int | None) -> bytes:
    """A file with the digits under the name that they had in earlier versions."""
    fields = {**WRITTEN, "version": version, "precision": precision}
    del fields["digits"]
    return json.dumps(fields).encode()


def edit(**fields: Any) -> bytes:
    """A sound state file with its one edit changed."""
    return changed(edits=[{**WRITTEN["edits"][0], **fields}])


DAMAGED: dict[str, bytes] = {
    "empty": b"",
    "truncated": encoded(SESSION)[:-40],
    "binary": bytes(range(256)),
    "not UTF-8": encoded(SESSION).replace(b"lecture", b"\xff\xfe", 1),
    "another JSON": b"[1, 2, 3]",
    "null": b"null",
    "nested too deeply": b'{"version":' + b"[" * 200_000,
    "no version": json.dumps({k: v for k, v in WRITTEN.items() if k != "version"}).encode(),
    "version 0": changed(version=0),
    "version as text": changed(version="1"),
    "a key missing": json.dumps({k: v for k, v in WRITTEN.items() if k != "step"}).encode(),
    "a key too many": changed(more=1),
    "update as text": changed(update="2"),
    "update a fraction": changed(update=1.5),
    "update 0": changed(update=0),
    "update beyond the last": changed(update=LAST_UPDATE + 1),
    "step below 0": changed(step=-1),
    "step out of range": changed(step=47),
    "unknown panel": changed(panel="graph"),
    "more digits than there are": changed(digits=18),
    "no digits": changed(digits=0),
    "a choice of decimals that there was not": before(2, 4),
    "no choice of decimals": before(2, None),
    "more digits than there are, of version 3": before(3, 18),
    "digits under their later name": changed(version=3),
    "digits under both their names": changed(precision=4),
    "digits under their name of before": before(4, 4),
    "digits as text": changed(digits="4"),
    "selected is not there": changed(selected="w7"),
    "no lesson": changed(lesson=""),
    "wrong lesson": changed(lesson="title = 3"),
    "another lesson": changed(lesson=WRITTEN["lesson"].replace("[2, 2, 1]", "[2, 3, 1]")),
    "lesson not a text": changed(lesson={"title": "x"}),
    "edit of no parameter": edit(name="w7", sample=None),
    "edit at update 0": edit(update=0),
    "edit beyond the last update": edit(update=LAST_UPDATE + 1),
    "edit of an input without a sample": edit(sample=None),
    "edit of sample 2 of 1": edit(sample=2),
    "edit of sample 0": edit(sample=0),
    "edit of a weight with a sample": edit(name="w1"),
    "edit as text": edit(value="0.5"),
    "edit of no number": edit(value=None),
    "edit of too large a number": changed(edits=[]).replace(
        b'"edits": []', b'"edits": [{"update": 1, "name": "w1", "value": 1e999, "sample": null}]'
    ),
    "learning rate 0": edit(name="eta", value=0.0, sample=None),
    "edits out of order": changed(
        edits=[{**WRITTEN["edits"][0], "update": 3}, {**WRITTEN["edits"][0], "update": 2}]
    ),
    "seed as text": changed(seed="1"),
    "a selected that is a derivative": changed(selected="dL/dw1"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_files(name: str, tmp_path: Path) -> None:
    """Said in one line, and set aside."""
    path = tmp_path / "session.json"
    path.write_bytes(DAMAGED[name])
    session, said = resume(path)
    assert session is None
    assert said == (f"The last position cannot be used: it is damaged. It was moved to {path}.1.")
    assert not path.exists()
    assert (tmp_path / "session.json.1").read_bytes() == DAMAGED[name]


@pytest.mark.parametrize(
    "fields", [{"version": 6}, {"version": 6, "more": "of what is to come"}, {"version": 99, "lesson": []}]
)
def test_a_file_of_a_newer_version(fields: dict[str, Any], tmp_path: Path) -> None:
    """Is not called damaged, whatever else is in it."""
    path = tmp_path / "session.json"
    path.write_bytes(changed(**fields))
    session, said = resume(path)
    assert session is None
    assert said == (
        f"The last position cannot be used: it was written by a newer version. It was moved to {path}.1."
    )


@pytest.mark.parametrize("size", [LARGEST + 1, 4_000_000_000])
def test_a_file_of_any_size(size: int, tmp_path: Path) -> None:
    """Is not read to its end, but set aside as it is, by whoever opens it and by whoever keeps a position."""
    path = tmp_path / "session.json"
    for number in (1, 2):
        path.write_bytes(encoded(SESSION))
        os.truncate(path, size)  # of blanks that take no room on the disk
        if number == 1:
            assert resume(path) == (
                None,
                "The last position cannot be used: its file is larger than 8,000,000 bytes. "
                f"It was moved to {path}.1.",
            )
        else:
            save(SESSION, path)
            assert resume(path) == (SESSION.bare, None)
        assert path.with_name(f"session.json.{number}").stat().st_size == size


def test_a_position_that_would_be_too_large_to_be_read_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is there stays; why it does is said as of a full disk."""
    monkeypatch.setattr(saved_session, "LARGEST", 80_000)
    path = tmp_path / "session.json"
    save(SESSION, path)
    answers = tuple(Answer(update, 7, "number", "9" * 1000, "wrong") for update in range(1, 80))
    with pytest.raises(OSError, match="File too large"):
        save(replace(SESSION, answers=answers), path)
    assert resume(path) == (SESSION.bare, None)
    fewer = replace(SESSION, answers=answers[:70])
    save(fewer, path)
    assert resume(path) == (fewer.bare, None)


def test_nothing_that_was_set_aside_is_overwritten(tmp_path: Path) -> None:
    """The next one has the next number."""
    path = tmp_path / "session.json"
    for number in (1, 2, 3):
        path.write_text(f"damaged {number}")
        _, said = resume(path)
        assert said is not None
        assert said.endswith(f"It was moved to {path}.{number}.")
    kept = sorted(tmp_path.iterdir())
    assert [entry.read_text() for entry in kept] == ["damaged 1", "damaged 2", "damaged 3"]


def test_the_sound_file_behind_these_is_sound() -> None:
    """So that each is damaged by its own fault alone."""
    assert decoded(changed()) == SESSION.bare
    assert decoded(edit(value=0.25)) != SESSION.bare
    assert decoded(changed(step=46, seed=7, panel="loss")).seed == 7


@given(st.integers(0, len(encoded(SESSION)) - 1), st.binary(max_size=3), st.integers(0, 4))
@examples(100)
def test_any_damage_gives_a_session_or_a_fault(place: int, inserted: bytes, removed: int) -> None:
    """Never another exception, and never a session that cannot be shown."""
    text = encoded(SESSION)
    damaged = text[:place] + inserted + text[place + removed :]
    _decoded_or_refused(damaged)


@given(st.dictionaries(st.sampled_from(sorted(WRITTEN)), st.one_of(
    st.none(), st.booleans(), st.integers(-2, 3), st.floats(), st.text(max_size=3), st.lists(st.integers()),
    st.integers(10**20, 10**21)
)))  # fmt: skip
@examples(120)
def test_any_field_gives_a_session_or_a_fault(fields: dict[str, Any]) -> None:
    """Of any type and size."""
    _decoded_or_refused(changed(**fields))


def _decoded_or_refused(text: bytes) -> None:
    session: Session | None = None
    with contextlib.suppress(StateFault):
        session = decoded(text)
    assert session is None or decoded(encoded(session)) == session
