"""What an update costs: what is measured, and what is said where nothing can be. No time is compared."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from tests.engine.setups import LECTURE, setup_of
from tests.frameworks.one_process import installed
from tinynet_tui.engine.model import Setup
from tinynet_tui.frameworks import costs as measuring
from tinynet_tui.frameworks.costs import Cost, Costs, costs, main, silent
from tinynet_tui.frameworks.installed import FRAMEWORKS
from tinynet_tui.frameworks.own_process import environment
from tinynet_tui.handouts import python
from tinynet_tui.handouts.framework import pip_install
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.lessons.writing import lesson_text
from tinynet_tui.networks.dense import Network
from tinynet_tui.tui.measuring import PROGRAM


@pytest.fixture
def _unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have two updates done, and say that one takes a second; no framework is loaded into this process."""

    def second(train: Callable[[int], object]) -> float:
        train(2)
        return 1.0

    monkeypatch.setattr(measuring, "_seconds_per_update", second)
    missing = [replace(framework, modules=("no_such_module",)) for framework in FRAMEWORKS]
    monkeypatch.setattr(measuring, "FRAMEWORKS", missing)


def test_the_time_of_an_update_is_told_without_what_is_done_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a clock that a made-up training moves: 7 s for loading, and 3 ms for each update."""
    clock = 0.0

    def train(updates: int) -> None:
        nonlocal clock
        clock += 7.0 + 0.003 * updates

    monkeypatch.setattr(measuring, "perf_counter", lambda: clock)
    assert measuring._seconds_per_update(train) == pytest.approx(0.003)


def test_the_least_of_the_rounds_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine has something else to do in the first round and in the last one."""
    clock = 0.0
    delays = iter((4.0, 0.0, 9.0))

    def train(updates: int) -> None:
        nonlocal clock
        is_round = 0.003 * updates > 0.2
        clock += 0.003 * updates + (next(delays) if is_round else 0.0)

    monkeypatch.setattr(measuring, "perf_counter", lambda: clock)
    assert measuring._seconds_per_update(train) == pytest.approx(0.003)
    assert list(delays) == []


@pytest.mark.usefixtures("_unmeasured")
def test_here_and_by_hand_are_always_measured() -> None:
    """The rest is said with its remedy where it is not installed."""
    assert list(costs(LECTURE)) == [
        Cost("the loop used here", 1.0),
        Cost("plain Python step by step", 1.0),
        Cost("PyTorch", None, f"not installed: {pip_install()} torch"),
        Cost("Keras", None, f"not installed: {pip_install()} keras tensorflow"),
    ]


@pytest.mark.parametrize("name", ["PyTorch", "Keras"])
def test_a_framework_that_is_installed_is_measured(name: str) -> None:
    """In the program's own process, whatever the framework itself prints."""
    installed(name)
    done = subprocess.run(
        PROGRAM,
        input=lesson_text(shipped_lesson("lecture")),
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment(),
        check=True,
    )
    found = {cost.place: cost for cost in (Cost(**json.loads(line)) for line in done.stdout.splitlines())}
    assert found[name].fault == ""
    assert found[name].seconds is not None


@pytest.mark.usefixtures("_unmeasured")
def test_a_handout_that_fails_is_said_to_and_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it raises."""

    def broken(setup: Setup, updates: int) -> Iterator[str]:
        yield "raise RuntimeError('no device')"

    monkeypatch.setattr(measuring, "_HANDOUTS", {"broken": broken, "plain Python": python.lines})
    _, failed, by_hand = costs(LECTURE)
    assert failed == Cost("broken", None, "failed: RuntimeError")
    assert by_hand.seconds is not None


def test_nothing_is_printed_while_it_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    """Of a script's lines those that print are left out, on how many rows and in what block they may be."""
    script = silent(
        "import math\nfor n in range(3):\n    print(\n        n,\n    )\nprint('done')\nx = math.pi"
    )
    script()
    assert capsys.readouterr().out == ""
    silent("for n in 1 / 0:\n    print(n)")()  # a loop that only prints is not begun
    with pytest.raises(ZeroDivisionError):
        silent("y = 1 / 0")()


def test_costs_are_those_of_a_size() -> None:
    """Other numbers cost the same; another network, more samples or another batch do not."""
    found = Costs(LECTURE.model, 1, 1)
    assert found.fits(replace(LECTURE, parameters=(0.0,) * 9))
    assert not found.fits(replace(LECTURE, inputs=LECTURE.inputs * 2))
    assert not found.fits(replace(LECTURE, batch=2))
    assert not found.fits(setup_of(Network((1, 1), ("linear",)), (1.0, 0.0)))


@pytest.mark.usefixtures("_unmeasured")
def test_the_program_writes_a_cost_on_each_line() -> None:
    """As JSON, for the app to read."""
    out = io.StringIO()
    main(lesson_text(shipped_lesson("lecture")), out)
    found = [Cost(**json.loads(line)) for line in out.getvalue().splitlines()]
    assert [cost.place for cost in found][:2] == ["the loop used here", "plain Python step by step"]
