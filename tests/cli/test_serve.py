"""What a server is started with: codes, and as many as the system has room for."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from tinynet_tui.cli import serve
from tinynet_tui.safety.refusal import Refusal


def test_students_do_not_know_the_leaders_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """However it is written: each of them would lead."""
    monkeypatch.setenv(serve.LEADER_CODE, "Blue-Kite-7777")
    with pytest.raises(Refusal, match="must be another than the class code"):
        serve._admission(serve.parser().read(["--code", "bluekite 7777"]))


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o620, 0o602])
def test_a_leaders_code_that_others_can_read_is_none(tmp_path: Path, mode: int) -> None:
    """What helps is said, and helps."""
    path = tmp_path / "code"
    path.write_text("blue-kite-7777")
    path.chmod(mode)
    words = serve.parser().read(["--leader-code-file", str(path)])
    with pytest.raises(Refusal, match="others can read or change it; chmod 600 it"):
        serve._admission(words)
    path.chmod(0o600)
    assert serve._admission(words).leader_code == "blue-kite-7777"


@pytest.mark.parametrize(
    ("soft", "hard", "students", "apps"),
    [
        (1_024, resource.RLIM_INFINITY, 200, 100),
        (256, 4_096, 200, 100),
        (1_024, 1_024, 200, 84),
        (300, 300, 28, 8),
    ],
)
def test_there_are_descriptors_for_everyone_and_their_apps(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, students: int, apps: int
) -> None:
    """Two connections for each student, one of which has shown nothing, and five for each app."""
    allowed = [(soft, hard)]
    monkeypatch.setattr(resource, "getrlimit", lambda _what: allowed[-1])
    monkeypatch.setattr(resource, "setrlimit", lambda _what, pair: allowed.append(pair))
    limits = serve._limits(students)
    assert (limits.students, limits.apps) == (students, apps)
    assert allowed[-1][0] >= 2 * students + 5 * apps


def test_where_there_are_too_few_the_server_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the number that there would have to be."""
    monkeypatch.setattr(resource, "getrlimit", lambda _what: (256, 256))
    monkeypatch.setattr(resource, "setrlimit", lambda _what, _pair: None)
    with pytest.raises(Refusal, match=r"--max-students 28: takes 261 open files; 256 are allowed"):
        serve._limits(28)
