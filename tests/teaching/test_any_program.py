"""Words, chain and panels for programs that are no dense networks: nothing in them needs layers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.engine.programs import PROGRAMS, model_of, setup_of
from tests.session.random_lessons import LECTURE
from tests.shown_equations import far_off, faults, numeric_rows
from tinynet_tui.drawing.chain_panel import chain_panel
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.drawing.step_panel import step_panel
from tinynet_tui.drawing.table_panel import table_panel
from tinynet_tui.engine.trace import Trace, trace
from tinynet_tui.engine.training import first_point
from tinynet_tui.lessons.parsing import parse_lesson
from tinynet_tui.prediction.judgement import result
from tinynet_tui.prediction.mistakes import mistake
from tinynet_tui.session.commands import start
from tinynet_tui.session.moment import Moment, moment, moment_in
from tinynet_tui.teaching.chain import chain
from tinynet_tui.teaching.sentences import explanation
from tinynet_tui.teaching.step_line import step_line


def first_update(name: str, samples: int = 1, optimizer: str = "gradient_descent", l2: bool = False) -> Trace:
    """The first update of a program."""
    setup = setup_of(model_of(name, optimizer, l2=l2), name, samples, samples)
    return trace(setup, first_point(setup))


def moments(update: Trace) -> list[Moment]:
    """The moment after each step; the lesson that a session has to have is not looked at."""
    first = update.setup.model.parameter_names[0]
    session = replace(start(LECTURE), selected=first)
    return [moment_in(replace(session, step=step), update) for step in range(1, len(update.program) + 1)]


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize(
    ("samples", "optimizer", "l2"), [(1, "gradient_descent", False), (1, "adam", True), (3, "momentum", True)]
)
def test_every_step_has_words_and_true_equations(name: str, samples: int, optimizer: str, l2: bool) -> None:
    """Title, sentences, line and panels, each number in its digits."""
    if not PROGRAMS[name][0].assignments:
        samples = 1
    for now in moments(first_update(name, samples, optimizer, l2)):
        words, scene = explanation(now), Scene(now, Look())
        assert words.title
        assert words.sentences
        drawn = [step_panel(scene, 200, 60), chain_panel(scene, 200, 40)]
        lines = [
            step_line(now).text,
            *words.sentences,
            *(row for p in drawn for row in numeric_rows(p.text())),
        ]
        assert faults(lines, 4) + far_off(lines, 4) == [], now.step
        assert table_panel(scene, 200, 60).text().splitlines()[1].split()[0] == scene.look.symbol(
            now.session.selected
        )


def test_a_copy_in_formulas_is_no_linear_neuron() -> None:
    """A quantity that is another, or a parameter: that is what is said, and no slope of an activation."""
    copies = parse_lesson(
        '[program]\nforward = """\n# shares\nS[1] = w*x\nS[2] = S[1]\n"""\nloss = "(S[2] - y)^2"\n'
        '[program.parameters]\nw = 0.5\n[data]\ncolumns = ["x", "y"]\nrows = [[2, 1]]\n'
        "[training]\nlearning_rate = 0.1\n",
        "x.toml",
    )
    told = [explanation(moment(replace(start(copies), step=step))) for step in range(1, 9)]
    assert (told[1].title, told[1].sentences[0]) == ("S₂ is S₁", "S₂ is S₁, and nothing else.")
    words = " ".join(text for each in told for text in (each.title, *each.sentences))
    assert "neuron" not in words
    assert "passes its sum" not in words


def test_the_paths_to_a_recurrent_weight_are_told_apart() -> None:
    """By hand: w is read at three times, and each way back goes through the times after it."""
    now = moments(first_update("recurrent"))[-1]
    assert [path.through for path in chain(now, "dL/dw").paths] == [
        ("h1", "h2", "h3", "yhat"),
        ("h2", "h3", "yhat"),
        ("h3", "yhat"),
    ]


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_prediction_of_every_step_is_judged(name: str) -> None:
    """Its own value is right; its negative is wrong, and told to have the wrong sign."""
    for now in moments(first_update(name)):
        value = now.trace.value(now.session.step)
        assert result(now, "number", repr(value)) == "right"
        if abs(value) > 1e-3:
            assert result(now, "number", repr(-value)) == "wrong"
            assert mistake(now, "number", repr(-value)) == "The number is right, but its sign is wrong."
