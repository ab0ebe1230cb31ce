"""The costs of an update, measured beside the keys by a program of their own."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import replace
from pathlib import Path
from subprocess import run

import pytest
from textual.pilot import Pilot

from tests.app.running import bottom, press, run_app, settled, shown, until
from tests.frameworks.grandchild import Grandchild
from tests.session.random_lessons import LECTURE
from tinynet_tui.frameworks.costs import Costs
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.lessons.writing import lesson_text
from tinynet_tui.session.commands import start
from tinynet_tui.tui import measuring
from tinynet_tui.tui.app import Stepper

IN_TURN = """
import json, os, sys
lesson = sys.stdin.read()
assert "Lecture network" in lesson
def tell(place, seconds, fault=""):
    print(json.dumps({"place": place, "seconds": seconds, "fault": fault}), flush=True)
tell("the loop used here", 5e-7)
tell("PyTorch", None, "not installed: pip install torch")
"""
FOR_EVER = """
import json, os, signal
print(json.dumps({"place": str(os.getpid()), "seconds": 1.0, "fault": ""}), flush=True)
signal.pause()
"""


def test_frameworks_are_not_loaded_before_they_are_asked_for() -> None:
    """Starting the app costs nothing for them, nor for the wrong variants."""
    program = (
        "import sys, tinynet_tui.tui.app\n"
        "print([name for name in sys.modules if 'framework' in name or 'variants' in name])"
    )
    done = run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def use(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Have a made-up program measure."""
    monkeypatch.setattr(measuring, "PROGRAM", (sys.executable, "-c", program))


def never_ending(started: Grandchild) -> str:
    """A program that starts another, tells a cost when that runs, and goes on."""
    return "\n".join((*started.start, FOR_EVER))


async def told(app: Stepper, count: int) -> None:
    """Wait until so many costs are there."""
    await until(app, lambda: app._costs is not None and len(app._costs.found) >= count)


async def complete(app: Stepper) -> None:
    """Wait until nothing more comes."""
    await until(app, lambda: app._costs is not None and app._costs.has_ended)
    await settled(app)


def test_m_measures_and_shows_what_it_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the framework panel; what is missing is said with its remedy."""
    use(monkeypatch, IN_TURN)

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "6")
        assert "m measures the cost of an update" in shown(app)
        await press(app, "1", "m")
        assert app.session.panel == "framework"
        await complete(app)
        assert "An update: the loop used here 0.5 µs" in shown(app)
        assert "PyTorch: not installed: pip install torch" in shown(app)

    run_app(check, start(LECTURE))


def test_keys_go_on_while_it_measures(monkeypatch: pytest.MonkeyPatch) -> None:
    """None of them ends it, and its program is gone when the app is."""
    use(monkeypatch, FOR_EVER)
    processes = []

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "m")
        await told(app, 1)
        await press(app, "right", "right", "u")
        assert (app.session.update, app.session.step) == (2, 2)
        assert "measuring …" in shown(app)
        assert app._costs is not None
        processes.append(int(app._costs.found[0].place))
        os.kill(processes[0], 0)
        assert bottom(app).endswith("q quit")

    run_app(check, start(LECTURE))
    with pytest.raises(ProcessLookupError):
        os.kill(processes[0], 0)


def test_escape_stops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its program is ended, what it told by then stays, and the session is where it was."""
    use(monkeypatch, FOR_EVER)

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "right", "m")
        assert bottom(app).strip() == "Measuring; Esc stops."
        await told(app, 1)
        assert app._costs is not None
        process = int(app._costs.found[0].place)
        await press(app, "escape")
        assert bottom(app).strip() == "Measuring stopped."
        assert "measuring …" not in shown(app)
        assert f"An update: {process} 1 s" in shown(app)
        assert (app.session.update, app.session.step, app.session.panel) == (1, 1, "framework")
        while True:
            try:
                os.kill(process, 0)
            except ProcessLookupError:
                break
            await settled(app)
        await press(app, "escape")
        assert bottom(app).strip() != "Measuring stopped."

    run_app(check, start(LECTURE))


def test_what_the_program_has_started_ends_with_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A framework may have started processes itself."""
    started = Grandchild(tmp_path)
    use(monkeypatch, never_ending(started))

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "m")
        await told(app, 1)

    run_app(check, start(LECTURE))
    assert started.is_gone()


def test_no_file_of_the_working_directory_is_taken_for_a_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program measures although there is a json.py."""
    (tmp_path / "json.py").write_text("raise SystemExit('this is not the library')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    places = list[str]()

    async def first() -> None:
        async for costs in measuring.measured(setup_of(LECTURE), lesson_text(LECTURE)):
            places.extend(cost.place for cost in costs.found)
            if costs.found:
                return

    asyncio.run(first())
    assert places == ["the loop used here"]


def test_m_again_measures_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program before it is ended."""
    use(monkeypatch, FOR_EVER)

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "m")
        await told(app, 1)
        assert app._costs is not None
        first = int(app._costs.found[0].place)
        await press(app, "m")
        await told(app, 1)
        while True:
            try:
                os.kill(first, 0)
            except ProcessLookupError:
                return
            await settled(app)

    run_app(check, start(LECTURE))


@pytest.mark.parametrize("program", ["raise SystemExit(1)", "import signal; signal.pause()"])
def test_a_program_that_tells_nothing(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Because it fails, or because it takes too long."""
    use(monkeypatch, program)
    monkeypatch.setattr(measuring, "TIME_LIMIT", 0.0 if "pause" in program else 60.0)

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "m")
        await complete(app)
        assert "Nothing was measured." in shown(app)

    run_app(check, start(LECTURE))


def test_a_program_that_cannot_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no fault of the app."""
    monkeypatch.setattr(measuring, "PROGRAM", ("/no/such/program",))

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "m")
        await complete(app)
        assert "Nothing was measured." in shown(app)

    run_app(check, start(LECTURE))


def test_costs_are_not_shown_for_another_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """They belong to the size that they were measured at."""
    use(monkeypatch, IN_TURN)

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "m")
        await complete(app)
        app.show(replace(start(LECTURE), panel="framework", seed=3))
        await settled(app)
        assert "An update: the loop used here" in shown(app)
        await press(app, "o", *"xor", "enter")
        await press(app, "6")
        assert "m measures the cost of an update" in shown(app)

    run_app(check, start(LECTURE))


def test_the_costs_are_those_of_the_setup() -> None:
    """Of its network, samples and batch, from the start on."""
    setup = replace(setup_of(shipped_lesson("xor")), batch=2)

    async def check() -> None:
        first = await anext(measuring.measured(setup, ""))
        assert first.fits(setup)
        assert not first.fits(replace(setup, batch=1))

    asyncio.run(check())


def test_the_lesson_is_handed_over_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not in a pipe: a thread that writes it might close it just when the measurement is ended."""
    program = """
import json, os, stat, sys
lesson = sys.stdin.read()
place = f"{stat.S_ISREG(os.fstat(0).st_mode)} {len(lesson)}"
print(json.dumps({"place": place, "seconds": 1.0, "fault": ""}))
"""
    use(monkeypatch, program)

    async def last() -> Costs:
        *_, last = [costs async for costs in measuring.measured(setup_of(LECTURE), "#" * 200_000)]
        return last

    costs = asyncio.run(last())
    assert [cost.place for cost in costs.found] == ["True 200000"]
