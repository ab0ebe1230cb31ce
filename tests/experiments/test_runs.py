"""The course of a training run: its losses, what it did, and the words for that."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import reference
from tests.engine.setups import LECTURE, reference_of, setup_of, setups
from tests.examples import examples
from tests.goldens import assert_golden
from tests.published_cases import PublishedCurve, published_curves
from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.training import first_point, trained
from tinynet_tui.experiments.learning_rates import with_rate
from tinynet_tui.experiments.rate_finder import rate_sweep
from tinynet_tui.experiments.run_words import end_sentences, run_words
from tinynet_tui.experiments.runs import EACH, TrainingRun, training_run
from tinynet_tui.experiments.side_by_side import _path
from tinynet_tui.lessons.parsing import parse_lesson
from tinynet_tui.lessons.setup import setup_of as setup_of_lesson
from tinynet_tui.networks.dense import Network, dense_model, dense_network, parameters_of

ROW_2 = replace(LECTURE, inputs=((2.0, 1.0),), targets=((6.0,),))
ONE_WEIGHT = Network((1, 1), ("linear",), train_biases=False)
"""ŷ = w · x: with x = 1 an update multiplies the error by 1 − 2η."""


def _one_weight(rate: float, weight: float = 3.0, samples: int = 1, target: float = 2.0) -> Setup:
    """The one weight on equal samples: w goes towards the target."""
    made = setup_of(ONE_WEIGHT, (weight, 0.0), samples)
    return with_rate(replace(made, inputs=((1.0,),) * samples, targets=((target,),) * samples), rate)


def _dying_at_last(setup: Setup) -> Setup:
    """The setup with an output bias of −10, under which its output is dead."""
    return replace(setup, parameters=(*setup.parameters[:-1], -10.0))


_TWO_SAMPLES = replace(LECTURE, inputs=((1.0, 0.0), (0.5, 0.5)), targets=((2.0,), (1.0,)), batch=2)

BETWEEN = replace(
    setup_of(Network((1, 1), ("linear",)), (0.0, 0.5)), inputs=((0.0,), (0.0,)), targets=((0.0,), (1.0,))
)
"""One prediction for two targets, in their middle: the errors cancel."""
MOMENTUM = replace(
    with_rate(ROW_2, 0.1), model=dense_model(dense_network(ROW_2.model)._replace(optimizer="momentum"))
)

SHOWN: tuple[tuple[str, Setup, int], ...] = (
    ("slow", with_rate(LECTURE, 0.0001), 25),
    ("slow, by less than can be seen", with_rate(LECTURE, 1e-9), 25),
    ("slow, not moving", replace(BETWEEN, batch=2), 3),
    ("slow, to and fro between two samples", BETWEEN, 3),
    ("falls, with nothing to learn", replace(LECTURE, targets=((2.5,),)), 3),
    ("falls, 0.005", with_rate(LECTURE, 0.005), 25),
    ("falls, 0.01", with_rate(LECTURE, 0.01), 25),
    ("falls at once", _one_weight(0.4), 1),
    ("falls, one hidden neuron dead from the start", published_curves()[12].setup, 25),
    ("overshoots", with_rate(LECTURE, 0.1), 25),
    ("overshoots, several samples", _one_weight(0.75, samples=3), 5),
    ("overshoots without settling", _one_weight(1.0), 4),
    ("rises", with_rate(LECTURE, 0.25), 25),
    ("rises at every update", _one_weight(1.1), 10),
    ("stuck", with_rate(ROW_2, 0.1), 25),
    ("stuck from the start", _dying_at_last(LECTURE), 25),
    ("stuck, several samples", _dying_at_last(_TWO_SAMPLES), 25),
    ("stuck with momentum", MOMENTUM, 25),
    ("diverged", with_rate(ROW_2, 1e200), 25),
    ("diverged in time", _one_weight(1e3), 200),
    ("diverged from the start", replace(LECTURE, inputs=((1e200, 0.0),)), 3),
)  # fmt: skip


def test_the_words_of_each_verdict() -> None:
    """On networks made to show it, as golden text."""
    lines = []
    for title, setup, updates in SHOWN:
        run = training_run(setup, updates)
        assert title.split()[0].rstrip(",") == run.verdict, title
        lines += [f"{title}: at {run.at}", f"    {run_words(setup, run)}"]
    assert_golden("experiment-words.txt", "\n".join((*lines, "")))


@pytest.mark.parametrize("curve", published_curves(), ids=lambda curve: curve.name)
def test_published_curves(curve: PublishedCurve) -> None:
    """Their losses, their rises, and who is dead at the end."""
    run = training_run(curve.setup, len(curve.losses) - 1)
    assert list(run.losses) == pytest.approx(curve.losses, rel=1e-11, abs=1e-30)
    assert len(run.rises) == curve.rises
    died = dict(run.died)
    assert ("node 1" in died, "node 2" in died) == curve.hidden_dead_at_end
    assert died.get("out") == curve.output_dead_since
    assert (run.verdict == "stuck") == (curve.output_dead_since is not None)
    if run.verdict == "stuck":
        assert run.at == curve.output_dead_since


@pytest.mark.parametrize(
    ("name", "verdict", "at"),
    [
        ("LR0_lecture_default at 0.005", "falls", None),
        ("LR0_lecture_default at 0.01", "falls", None),
        ("LR0_lecture_default at 0.1", "overshoots", 1),
        ("LR0_lecture_default at 0.25", "rises", 1),
        ("LR4_lecture_init_row_2_1_6 at 0.1", "stuck", 2),
        ("LR4_lecture_init_row_2_1_6 at 0.25", "stuck", 2),
        ("D4 at 0.01", "stuck", 0),
        ("S4_zeros at 0.01", "stuck", 0),
        ("B1 at 0.01", "stuck", 1),
    ],
)
def test_what_published_runs_did(name: str, verdict: str, at: int | None) -> None:
    """As their numbers show: ŷ goes from 2.5 to 1.79 at 0.1, the loss from 0.25 to 1.27 at 0.25."""
    curve = next(curve for curve in published_curves() if curve.name == name)
    run = training_run(curve.setup, 25)
    assert (run.verdict, run.at) == (verdict, at)


def _end(setup: Setup, updates: int) -> list[str]:
    run = training_run(setup, updates)
    return list(end_sentences(run.run, run.losses, run.verdict))


def test_where_the_loss_was_lowest_is_said_if_it_did_not_stay_there() -> None:
    """At 0.25 the lecture's losses are 0.25, 1.27, 0.70, 1.60; at 0.01 they fall. At 0.03 row 2 comes to its
    target, where the last bits go to and fro."""
    assert _end(with_rate(LECTURE, 0.25), 3) == ["Lowest before training: 0.25."]
    assert _end(with_rate(LECTURE, 0.01), 3) == []
    assert _end(with_rate(ROW_2, 1e200), 3) == ["Lowest before training: 2.25."]
    assert _end(replace(LECTURE, inputs=((1e200, 0.0),)), 3) == []
    assert not any("Lowest" in sentence for sentence in _end(with_rate(ROW_2, 0.03), 500))


def test_a_run_that_rests_says_since_when() -> None:
    """ŷ = w, y = 2: at η = ½ one update takes 3 to 2, where nothing is left to learn; 2 is there at once."""
    assert _end(_one_weight(0.5), 4) == ["At rest: the loss has been the same since update 1."]
    assert _end(_one_weight(0.5, weight=2.0), 4) == []
    assert _end(_one_weight(0.5), 1) == ["At rest: the loss has been the same since update 1."]
    assert _end(_one_weight(1.0), 4) == [], "it goes to and fro"
    assert _end(with_rate(ROW_2, 0.1), 25) == ["Lowest before training: 2.25."], "stuck says more"


def _below_0(rate: float, weight: float = 1.0) -> Setup:
    """L = w² − 5: an update multiplies w by 1 − 2η."""
    text = f"""[program]
forward = ""
loss = "w^2 - 5"
[program.parameters]
w = {weight}
[training]
learning_rate = {rate}
"""
    return setup_of_lesson(parse_lesson(text, "x.toml"))


@pytest.mark.parametrize(
    ("rate", "weight", "rises", "words"),
    [
        (0.1, 1.0, 0, "Falls steadily by 0.9885, to −4.988."),  # 1 − 0.8²⁰
        (0.1, 3.0, 0, "Falls steadily by 8.896, to −4.896."),  # from 4, and 9 · 0.8²⁰ is 0.1038
        (1.1, 1.0, 10, "Rises 10 times, first at update 1: −4 → −3.56."),  # −1.2
        (1.0, 1.0, 0, "Does not move: the loss stays at −4."),
    ],
)
def test_losses_below_0(rate: float, weight: float, rises: int, words: str) -> None:
    """Half of such a loss says nothing, and a thousandth of it is no negative number."""
    setup = _below_0(rate, weight)
    run = training_run(setup, 10)
    assert (len(run.rises), run_words(setup, run)) == (rises, words)


def test_what_else_is_said_of_losses_below_0() -> None:
    """Where it was lowest, how far it is in the picture, and which learning rate first has it rise."""
    assert _end(_below_0(1.1), 10) == ["Lowest before training: −4."]
    assert _end(_below_0(0.1), 10) == []
    assert len(_path(training_run(_below_0(0.1), 10).run, 10)) == 11
    sweep = rate_sweep(_below_0(0.1), 10)
    assert sweep.cliff == min(rate for rate in sweep.rates if rate > 1), "1 − 2η is below −1"


def test_rounding_near_0_is_no_rise() -> None:
    """A run at its target rises and falls in the last bits, which is not said to be rising."""
    run = training_run(with_rate(ROW_2, 0.03), 500)
    late = [update for update, (a, b) in enumerate(pairwise(run.losses), start=1) if b > 1.001 * a]
    assert 181 in late, "the run does rise in its last bits"
    assert 181 not in run.rises


def test_a_rise_of_less_than_a_thousandth_does_not_count() -> None:
    """One weight whose error grows by 0.04 % an update makes its loss grow by 0.08 %, or by 0.16 %."""
    assert list(training_run(_one_weight(1.0002), 20).rises) == []
    assert list(training_run(_one_weight(1.0004), 20).rises) == list(range(1, 21))


def test_twice_the_target_is_not_dead_yet() -> None:
    """ŷ = 4 for y = 2 has the loss of a dead output; it dies at the next update, and is stuck since then."""
    relu = setup_of(Network((1, 1), ("relu",)), (4.0, 0.0), inputs=((1.0,),), targets=((2.0,),))
    run = training_run(with_rate(relu, 1.0), 5)
    assert list(run.losses) == [4.0] * 6
    assert (run.verdict, run.at, run.died) == ("stuck", 1, (("out", 1),))


def test_with_momentum_an_output_is_stuck_so_far() -> None:
    """Its velocity goes on without a gradient: this one is dead at updates 2 to 8, and learns from 9 on."""
    woken = replace(
        with_rate(LECTURE, 0.05),
        model=dense_model(dense_network(LECTURE.model)._replace(optimizer="momentum")),
        parameters=(-1.0, 2.0, 2.0, 0.5, 1.0, 1.0, 1.0, 2.0, 1.0),
    )
    early, late = training_run(woken, 6), training_run(woken, 13)
    assert (early.verdict, early.at) == ("stuck", 2)
    assert "stays at y² = 4 so far. Momentum still moves" in run_words(woken, early)
    assert list(late.losses[2:9]) == [4.0] * 7
    assert late.losses[13] < 0.5
    assert late.verdict == "rises"
    plain = with_rate(ROW_2, 0.1)
    assert "so far" not in run_words(plain, training_run(plain, 25))


def test_a_dead_output_whose_weights_decay_is_not_stuck() -> None:
    """L2 is part of the loss: with η · l2 = 0.1 each update leaves 0.9 of every weight, and so 0.81 of the
    ½ · l2 · Σw² beside y² = 4."""
    dead = _dying_at_last(LECTURE)
    decaying = replace(
        dead,
        model=dense_model(dense_network(dead.model)._replace(regularized=True)),
        hyperparameters=dead.hyperparameters._replace(learning_rate=0.1, l2=1.0),
    )
    run = training_run(decaying, 3)
    squares = sum(
        value**2
        for value, parameter in zip(dead.parameters, parameters_of(dense_network(dead.model)), strict=True)
        if parameter.is_weight
    )
    assert list(run.losses) == pytest.approx([4 + squares / 2 * 0.81**update for update in range(4)])
    assert run.verdict == "slow"
    assert run.died == (("out", 0),)


def test_a_death_between_two_looks_is_found() -> None:
    """In a run so long that not every update is looked at, it is still told to the update."""
    falling = replace(
        setup_of(Network((1, 1, 1), ("relu", "linear")), (1.0, 1.0, 0.0, 0.0)),
        inputs=((1.0,),),
        targets=((-1e3,),),
    )
    slow = with_rate(falling, 2e-8)
    point, update = first_point(slow), 0
    while reference.forward(reference_of(slow, point.parameters), (1.0,))[0][0][0] > 0:
        point, update = trained(slow, point, 1), update + 1
    assert update > EACH + 100, "the run is long enough"
    for updates in (4 * EACH, 8 * EACH, 12 * EACH):
        assert training_run(slow, updates).died == (("node 1", update),)


_RATES = st.sampled_from((1e-3, 0.1, 1.0, 3.0, 100.0, 1e4))


@examples(50)
@given(setups(), _RATES, st.integers(1, 15))
def test_a_verdict_is_what_the_numbers_show(setup: Setup, rate: float, updates: int) -> None:
    """Found again by plain loops, with predictions from the reference, over all that a lesson can say."""
    setup = with_rate(setup, rate)
    run = training_run(setup, updates)
    losses = run.losses
    assert len(losses) == updates + 1
    points = [first_point(setup)]
    for _ in range(updates):
        points.append(trained(setup, points[-1], 1))
    broken = [update for update, loss in enumerate(losses) if not isfinite(loss)]
    assert (run.verdict == "diverged") == bool(broken)
    if broken:
        assert run.at == broken[0]
        return
    silent = [not any(map(any, _predictions(setup, point.parameters))) for point in points]
    if run.verdict == "stuck":
        assert dense_network(setup.model).activations[-1] == "relu"
        assert run.at is not None
        assert all(silent[run.at :])
        assert set(losses[run.at :]) == {losses[-1]}
        assert losses[-1] > 0
        # L2 may lower the loss for a while after the output has died.
        assert run.at == 0 or not silent[run.at - 1] or losses[run.at - 1] != losses[run.at]
        return
    risen = [
        update
        for update in range(1, updates + 1)
        if losses[update] > 1.001 * losses[update - 1] and losses[update] > 1e-12 * losses[0]
    ]
    assert list(run.rises) == risen
    assert (run.verdict == "rises") == bool(risen)
    if risen:
        assert run.at == risen[0]
    elif run.verdict in ("slow", "falls"):
        assert (run.verdict == "slow") == (2 * losses[-1] > losses[0])
    else:
        assert run.at is not None
        for sample, row in enumerate(_predictions(setup, points[run.at].parameters)):
            for output, prediction in enumerate(row):
                before = _predictions(setup, points[run.at - 1].parameters)[sample][output]
                target = setup.targets[sample][output]
                assert (before - target) * (prediction - target) <= 1e-12


def _predictions(setup: Setup, parameters: tuple[float, ...]) -> list[list[float]]:
    model = reference_of(setup, parameters)
    return [reference.forward(model, inputs)[1][-1] for inputs in setup.inputs]


@examples(50)
@given(setups(), _RATES, st.integers(1, 15))
def test_the_words_agree_with_the_numbers(setup: Setup, rate: float, updates: int) -> None:
    """Every number in them is one of the run's, and each verdict has its own."""
    setup = with_rate(setup, rate)
    run = training_run(setup, updates)
    words = run_words(setup, run)
    assert len(words) <= 4 * 78  # four rows of the smallest page
    assert words.endswith(".")
    _agree(run, words)


def _agree(run: TrainingRun, words: str) -> None:
    losses = run.losses
    if found := re.search(r"half of the first loss is gone after ([\d,]+) update", words):
        half = int(found[1])
        assert losses[half] <= losses[0] / 2
        assert all(loss > losses[0] / 2 for loss in losses[:half])
    if found := re.search(r"Rises ([\d,]+) times, first at update (\d+)", words):
        assert (int(found[1]), int(found[2])) == (len(run.rises), run.rises[0])
    if found := re.search(r"Rises once, at update (\d+)", words):
        assert list(run.rises) == [int(found[1])]
    if found := re.search(r"([\d.]+) % of the first loss is left", words):
        assert float(found[1]) == pytest.approx(100 * losses[-1] / losses[0], abs=0.11)
    if found := re.search(r"(?:Stuck since|Overshoots at|Diverged at) update (\d+)", words):
        assert int(found[1]) == run.at
    assert ("from the start: the output" in words) == (run.verdict == "stuck" and run.at == 0)
    if "never rises" in words or "steadily" in words:
        assert all(b <= a or b <= 1e-12 * losses[0] for a, b in pairwise(losses))
    if "Does not move" in words:
        assert len(set(losses)) == 1
    for name, since in run.died:
        if run.verdict not in ("stuck", "diverged"):
            assert name in words or "neurons" in words
            assert f"since update {since}" in words or (since == 0 and "from the start" in words)
