"""The verb check as a shell runs it."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.command import ASCII_ONLY, UTF8, run, run_process
from tests.goldens import assert_golden
from tests.pseudo_terminal import SAFETY
from tinynet_tui.cli import check, main
from tinynet_tui.engine.model import Setup
from tinynet_tui.experiments.gradients import NumericalGradient, gradient_from_differences
from tinynet_tui.frameworks import gradient_check
from tinynet_tui.frameworks.installed import FRAMEWORKS
from tinynet_tui.lessons.shipped import shipped_text

_KEYS = [
    "judge", "version", "status", "words", "checked", "gradients", "parameters", "bends", "overflowing",
    "coarse",
]  # fmt: skip


@pytest.fixture
def without_frameworks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the numeric judge is asked."""
    monkeypatch.setattr(gradient_check, "FRAMEWORKS", ())


def fake(directory: Path, source: str) -> dict[str, str]:
    """An environment with a PyTorch of its own, which does what a source says when it is imported."""
    (directory / "torch.py").write_text(source, encoding="utf-8")
    return {**UTF8, "PYTHONPATH": str(directory)}


def row(output: bytes, judge: str) -> str:
    """The line of a judge in the table."""
    return next(line for line in output.decode().splitlines() if line.startswith(judge))


def test_a_shipped_lesson_is_right() -> None:
    """Every judge has its line, those not installed with the command that installs them; exit status 0."""
    done = run("check", "mazur")
    assert (done.returncode, done.stderr) == (0, b"")
    assert row(done.stdout, "numeric gradient").endswith("agrees")
    install = r"(\S+ -m pip install|uv pip install --python \S+)"
    for judge in ("PyTorch", "Keras", "JAX"):
        line = row(done.stdout, judge)
        assert line.endswith("agrees") or re.search(rf"not installed: {install} \w", line)
    assert done.stdout.decode().splitlines()[-1] == "Nothing differs by more than rounding."


@pytest.mark.usefixtures("with_pip")
def test_as_printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Of the lecture, where no framework is installed."""
    missing = [replace(framework, modules=("no_such_module",)) for framework in FRAMEWORKS]
    monkeypatch.setattr(gradient_check, "FRAMEWORKS", missing)
    monkeypatch.setattr(sys, "executable", str(Path.cwd() / ".venv" / "bin" / "python"))
    assert main(["check"]) == 0
    assert_golden("check-lecture.txt", capsys.readouterr().out)


def test_json_has_an_object_for_each_judge() -> None:
    """With all keys, in their order; the numbers of the worst difference are ours and theirs."""
    objects = [json.loads(line) for line in run("check", "--format", "json").stdout.splitlines()]
    assert [thing["judge"] for thing in objects] == ["numeric gradient", "PyTorch", "Keras", "JAX"]
    assert all(list(thing) == _KEYS for thing in objects)
    numeric = objects[0]
    assert (numeric["status"], numeric["checked"], numeric["parameters"]) == ("agrees", 9, None)
    assert list(numeric["gradients"]) == ["difference", "at", "ours", "theirs", "allowed"]


def test_a_lesson_from_standard_input_in_ascii() -> None:
    """As every verb takes it."""
    done = run("check", "-", stdin=shipped_text("xor").encode(), environ=ASCII_ONLY)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.isascii()
    assert b" at dL/d" in row(done.stdout, "numeric gradient").encode()


@pytest.mark.parametrize(
    ("source", "limit", "words"),
    [
        ("raise ImportError('libc10.so: cannot open shared object file')", SAFETY,
         "it stopped: ImportError: libc10.so: cannot open shared object file"),
        ("import os; os.abort()", SAFETY, "it was ended by SIGABRT"),
        ("import threading; threading.Event().wait()", 2, "no answer within 2 s"),
    ],
)  # fmt: skip
def test_a_broken_framework_is_one_line(tmp_path: Path, source: str, limit: int, words: str) -> None:
    """Wedged, crashed or failed: the other judges are still asked; exit status 1, and no traceback."""
    done = run_process("check", "--time-limit", str(limit), environ=fake(tmp_path, source))
    assert (done.returncode, done.stderr) == (1, b"")
    assert row(done.stdout, "PyTorch").split(maxsplit=1)[1] == words
    assert row(done.stdout, "numeric gradient").endswith("agrees")
    assert "No answer: PyTorch" in done.stdout.decode().splitlines()[-1]
    assert b"Traceback" not in done.stdout


@pytest.mark.usefixtures("without_frameworks")
def test_a_real_difference_is_exit_status_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is named, with both numbers."""

    def wrong(setup: Setup, name: str) -> NumericalGradient:
        right = gradient_from_differences(setup, name)
        return replace(right, value=2 * right.value) if name == "w5" else right

    monkeypatch.setattr(gradient_check, "gradient_from_differences", wrong)
    assert main(["check"]) == 1
    text = capsys.readouterr().out
    assert "differs" in text
    assert "∂L/∂w₅ is 1.5 here and 3 there: that is not rounding." in text
    assert text.splitlines()[-1] == "A real difference: numeric gradient."


@pytest.mark.usefixtures("without_frameworks")
def test_what_is_not_judged_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A ReLU whose sum is exactly 0, and inf."""
    lesson = tmp_path / "lesson.toml"
    lesson.write_text(shipped_text("lecture").replace("[[0.5, 0], [0.5]]", "[[0.5, -0.5], [1]]"))
    assert main(["check", str(lesson)]) == 0
    assert "Not judged: w₂, b₂. A ReLU opens or closes right here" in capsys.readouterr().out
    lesson.write_text(shipped_text("lecture").replace("[[2]]", "[[1e200]]"))
    assert main(["check", str(lesson)]) == 0
    assert (
        "Not judged: w₁, w₂, w₃ and 6 more. There is inf, nan or a number beyond 1e100."
        in capsys.readouterr().out
    )


@pytest.mark.usefixtures("without_frameworks")
def test_a_network_that_takes_too_long_is_checked_in_part(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """How far it came is said, and how to give it more time."""
    monkeypatch.setattr(gradient_check, "monotonic", iter(range(0, 10_000, 25)).__next__)
    assert main(["check", "deep-sigmoid"]) == 0
    assert "Time was up after 3 of 37 parameters; --time-limit gives more." in capsys.readouterr().out


def test_the_formats_are_those_of_the_help() -> None:
    """And no other is taken."""
    for name in check.FORMATS:
        assert run("check", "--format", name, "--time-limit", "60").returncode == 0
    done = run("check", "--format", "csv")
    assert done.returncode == 2
    assert done.stderr.startswith(b'tinynet-tui check: --format: "csv" is not one of text, json')
