"""A ReLU neuron's bias swept: the cliff, the samples, the gradient, the words."""

from __future__ import annotations

from dataclasses import replace
from math import inf, isfinite, nextafter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests import reference
from tests.engine.setups import LECTURE, rebuilt, reference_of, setup_of, setups
from tests.examples import examples
from tests.goldens import assert_golden
from tests.published_cases import published_curves
from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.training import first_point, trained
from tinynet_tui.experiments.dead_relu import BiasPoint, bias_sweep, relu_biases
from tinynet_tui.networks.dense import Network, dense_network, parameters_of

D1 = next(curve for curve in published_curves() if curve.name == "D1 at 0.1")
D4 = next(curve for curve in published_curves() if curve.name == "D4 at 0.25")
THREE_SAMPLES = replace(
    LECTURE, inputs=((1.0, 0.0), (-2.0, 0.5), (0.0, -3.0)), targets=((2.0,), (1.0,), (0.0,)), batch=3
)


def _with_bias(setup: Setup, name: str, bias: float) -> Setup:
    names = list(setup.model.parameter_names)
    at = names.index(name)
    return replace(setup, parameters=(*setup.parameters[:at], bias, *setup.parameters[at + 1 :]))


def _present(setup: Setup, name: str) -> BiasPoint:
    return bias_sweep(setup, name, 1).present


def test_the_lecture_by_hand() -> None:
    """z1 = w1 · 1 + w3 · 0 + b1 = 1 + b1, so that node 1 dies at b1 = −1."""
    sweep = bias_sweep(LECTURE, "b1", 25)
    assert (sweep.neuron, sweep.kind, sweep.cliffs, sweep.alive_from) == (
        "node 1",
        "hidden",
        ((1, -1.0),),
        -1.0,
    )
    assert [point.bias for point in sweep.points] == [tenth / 10 for tenth in range(-50, 51)]
    for point in sweep.points:
        assert list(point.z) == pytest.approx([1 + point.bias])
        assert point.dead == ("for all samples" if point.bias <= -1 else "no")
        # ŷ = relu(1 + b1) + 0.5 + 0.5, and ∂L/∂b1 = 2 (ŷ − 2) where the gate is open.
        prediction = max(0.0, 1 + point.bias) + 1
        assert point.loss == pytest.approx((prediction - 2) ** 2, abs=1e-12)
        assert point.gradient == pytest.approx(2 * (prediction - 2) if point.bias > -1 else 0, abs=1e-12)


def test_published_deaths() -> None:
    """With b1 = −10 the lecture's node 1 is dead, with b3 = −10 its output; their losses after 25 updates."""
    hidden = bias_sweep(D1.setup, "b1", 25)
    assert (hidden.present.bias, hidden.present.dead) == (-10, "for all samples")
    assert hidden.present.after == pytest.approx(D1.losses[25], rel=1e-9, abs=1e-28)
    assert hidden.points[0].bias == -10, "the sweep reaches to the present bias"
    output = bias_sweep(D4.setup, "b3", 25)
    assert (output.kind, output.present.dead, output.present.gradient) == ("output", "for all samples", 0)
    assert output.present.loss == output.present.after == 4.0
    assert output.alive_from == -2.0


def test_at_the_cliff_and_below_it_is_dead_and_just_above_alive() -> None:
    """By the next number that a float can be, for each sample of three."""
    sweep = bias_sweep(THREE_SAMPLES, "b1", 1)
    assert dict(sweep.cliffs) == {1: -1.0, 2: 1.5, 3: 3.0}
    assert sweep.alive_from == -1.0
    for sample, cliff in sweep.cliffs:
        assert _present(_with_bias(THREE_SAMPLES, "b1", cliff), "b1").z[sample - 1] == 0
        above = _present(_with_bias(THREE_SAMPLES, "b1", nextafter(cliff, inf)), "b1")
        assert sample in above.active
        for bias in (cliff, nextafter(cliff, -inf)):
            assert sample not in _present(_with_bias(THREE_SAMPLES, "b1", bias), "b1").active


def test_dead_for_some_samples_is_not_dead_for_all() -> None:
    """What is said of each bias goes by its samples."""
    sweep = bias_sweep(THREE_SAMPLES, "b1", 1)
    for point in sweep.points:
        alive = [sample for sample, cliff in sweep.cliffs if point.bias > cliff]
        assert list(point.active) == alive
        assert point.dead == {0: "for all samples", 3: "no"}.get(len(alive), "for some samples")


@examples(8)
@given(setups(), st.data())
def test_points_agree_with_the_reference(setup: Setup, data: st.DataObject) -> None:
    """z, loss and gradient at any bias of any network; at a dead neuron the gradient is 0."""
    names = relu_biases(setup)
    assume(names)
    name = data.draw(st.sampled_from(names))
    sweep = bias_sweep(setup, name, 1)
    place = next(p for p in parameters_of(dense_network(setup.model)) if p.name == name)
    for point in (*sweep.points[::25], sweep.present):
        changed = _with_bias(setup, name, point.bias)
        model = reference_of(changed)
        sums = [reference.forward(model, x)[0][place.layer - 1][place.neuron - 1] for x in setup.inputs]
        assert list(point.z) == pytest.approx(sums, rel=1e-9, abs=1e-9)
        loss = reference.batch_loss(model, setup.inputs, setup.targets)
        if not isfinite(loss) or not _is_plain(setup, model):
            continue
        assert point.loss == pytest.approx(loss, rel=1e-9, abs=1e-12)
        _, gradients = reference.batch_gradients(model, setup.inputs, setup.targets)
        gradient = gradients[place.layer - 1][place.neuron - 1]
        assert point.gradient == pytest.approx(gradient, rel=1e-7, abs=1e-10)
        if point.dead == "for all samples":
            assert point.gradient == 0


def _is_plain(setup: Setup, model: reference.Model) -> bool:
    """Whether no z is next to the kink of a ReLU, and no sigmoid of a cross-entropy is saturated."""
    every = [reference.forward(model, inputs)[0] for inputs in setup.inputs]
    kinks = any(abs(z) < 1e-9 for sums in every for layer in sums for z in layer)
    saturated = setup.model.loss == "binary_cross_entropy" and any(
        abs(z) > 8 for sums in every for z in sums[-1]
    )
    return not kinks and not saturated


@pytest.mark.parametrize(
    ("setup", "name", "words"),
    [
        (LECTURE, "w1", "w1 is not the bias of a ReLU neuron: choose one of b1, b2, b3"),
        (LECTURE, "b9", "b9 is not the bias of a ReLU neuron: choose one of b1, b2, b3"),
        (
            setup_of(Network((1, 2, 1), ("relu", "linear")), (0.5,) * 7),
            "b3",
            "b3 is not the bias of a ReLU neuron: choose one of b1, b2",
        ),
        (
            setup_of(Network((1, 1), ("sigmoid",)), (0.5, 0.0)),
            "b1",
            "no neuron of this network has a ReLU and a bias, so there is no bias to sweep",
        ),
    ],
)
def test_what_cannot_be_swept_is_refused(setup: Setup, name: str, words: str) -> None:
    """With the biases that can."""
    with pytest.raises(ValueError, match=f"^{words}$"):
        bias_sweep(setup, name, 25)


def test_every_cliff_is_within_the_sweep() -> None:
    """Also beyond −5 and 5, where z = x₁ + b₁ of the lecture is 0; its ends are multiples of 5."""
    far = replace(LECTURE, inputs=((12.0, 0.0), (-7.0, 0.0)), targets=((2.0,), (2.0,)), batch=2)
    sweep = bias_sweep(far, "b1", 1)
    assert sweep.cliffs == ((1, -12.0), (2, 7.0))
    assert (sweep.points[0].bias, sweep.points[-1].bias) == (-15.0, 10.0)


def test_so_many_updates() -> None:
    """From 1 to the last there is."""
    for updates in (0, 10**9):
        with pytest.raises(ValueError, match="is not a number of updates from 1 to 1,000,000"):
            bias_sweep(LECTURE, "b1", updates)


def test_a_network_that_is_not_finite_is_swept_too() -> None:
    """Its words say so."""
    sweep = bias_sweep(replace(LECTURE, inputs=((1e200, 0.0),), parameters=(1e200,) * 9), "b1", 2)
    assert sweep.words == ("The weighted sum of node 1 is not finite.",)


def test_the_words() -> None:
    """For each way to be alive or dead, as golden text."""
    deep = replace(
        setup_of(Network((1, 1, 2, 2), ("relu", "relu", "relu")), (1.0,) * 7 + (0.0,) * 5),
        inputs=((1.0,), (2.0,)),
        targets=((1.0, 1.0), (2.0, 0.0)),
    )
    regularized = rebuilt(LECTURE, regularized=True)
    shown = (
        ("alive", LECTURE, "b1", 0.5),
        ("dead hidden", LECTURE, "b1", -10.0),
        ("dead hidden, on the cliff", LECTURE, "b1", -1.0),
        ("dead output", LECTURE, "b3", -10.0),
        ("alive for all samples", THREE_SAMPLES, "b1", 4.0),
        ("dead for some samples", THREE_SAMPLES, "b1", 2.0),
        ("dead for all samples", THREE_SAMPLES, "b1", -1.0),
        ("dead in a second layer", deep, "b2", -7.0),
        ("one of two outputs dead", deep, "b4", -7.0),
        ("dead with L2", regularized, "b1", -7.0),
    )
    lines = []
    for title, setup, name, bias in shown:
        words = bias_sweep(_with_bias(setup, name, bias), name, 1).words
        lines += [f"{title}: {name} = {bias:g}", *(f"    {sentence}" for sentence in words)]
    assert_golden("experiment-words-dead.txt", "\n".join((*lines, "")))


@examples(8)
@given(setups(), st.data(), st.sampled_from((-3.0, -30.0)))
def test_what_training_cannot_wake_stays_dead(setup: Setup, data: st.DataObject, bias: float) -> None:
    """However it goes on: where the words say so, the neuron is as dead after 20 updates."""
    names = relu_biases(setup)
    assume(names)
    name = data.draw(st.sampled_from(names))
    setup = _with_bias(setup, name, bias)
    sweep = bias_sweep(setup, name, 1)
    if any("Training cannot wake it" in words for words in sweep.words):
        end = trained(setup, first_point(setup), 20)
        trained_on = bias_sweep(replace(setup, parameters=end.parameters), name, 1)
        assert trained_on.present.dead == "for all samples"
        assert trained_on.present.z == sweep.present.z or sweep.kind == "output"
