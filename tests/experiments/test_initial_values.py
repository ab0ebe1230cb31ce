"""Other initial weights: one run for each recipe, and many random starts."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests import reference
from tests.engine.setups import LECTURE, reference_of, setup_of, setups
from tests.examples import examples
from tests.published_cases import published_curves
from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.training import first_point, trained
from tinynet_tui.experiments.initial_values import RECIPES, hidden_neurons, start_runs, start_setup
from tinynet_tui.experiments.many_starts import bins_of, many_starts
from tinynet_tui.networks.dense import Network, dense_model, dense_network, parameters_of
from tinynet_tui.networks.layers import nested_parameters

S1 = next(curve for curve in published_curves() if curve.name == "S1 at 0.01")
S4 = next(curve for curve in published_curves() if curve.name == "S4_zeros at 0.01")
WIDE = Network((4, 16, 16, 1), ("relu", "relu", "linear"))


def test_equal_weights_are_the_published_twins() -> None:
    """All weights 0.5 on (1, 2) → 2: the same losses, and two neurons that differ by exactly 0."""
    run = start_runs(S1.setup, 2, 25, recipes=("equal",))[0]
    assert list(run.losses) == pytest.approx(S1.losses, rel=1e-11)
    assert [(n.name, n.fate, n.twin_of, n.difference) for n in run.neurons] == [
        ("node 1", "twin", "node 2", 0.0),
        ("node 2", "twin", "node 1", 0.0),
    ]
    assert run.words.endswith("Twins, with exactly equal weights: node 1, node 2.")


def test_zeros_are_the_published_standstill() -> None:
    """Every pre-activation is exactly 0, so both neurons are dead, and nothing ever changes."""
    run = start_runs(S4.setup, 2, 25, recipes=("zeros",))[0]
    assert list(run.losses) == list(S4.losses) == [4.0] * 26
    assert (run.verdict, run.at) == ("stuck", 0)
    assert [neuron.fate for neuron in run.neurons] == ["dead", "dead"]


def test_a_published_death() -> None:
    """At 0.25 the lecture's node 2 is dead after 25 updates and node 1 is not; they are no twins."""
    setup = replace(LECTURE, hyperparameters=LECTURE.hyperparameters._replace(learning_rate=0.25))
    end = trained(setup, first_point(setup), 25)
    one, two = hidden_neurons(setup, end.parameters)
    assert (one.fate, two.fate, one.twin_of, two.twin_of) == ("alive", "dead", None, None)
    # By the published end: weights in 0.8344, 1, weight out 0.8240, bias 0.3344; 0.25, −0.5, 0.875, −0.25.
    assert one.difference == two.difference == pytest.approx(1.5, rel=1e-12)


@examples(35)
@given(setups(), st.integers(0, 4))
def test_fates_are_what_the_weights_show(setup: Setup, updates: int) -> None:
    """Dead by the reference's z for every sample; the nearest neuron of the layer by its weights."""
    end = trained(setup, first_point(setup), updates)
    model = reference_of(setup, end.parameters)
    sums = [reference.forward(model, inputs)[0] for inputs in setup.inputs]
    found = iter(hidden_neurons(setup, end.parameters))
    for layer in range(dense_network(setup.model).depth - 1):
        width = dense_network(setup.model).layers[layer + 1]
        rows = [
            [*model.weights[layer][n], model.biases[layer][n], *(row[n] for row in model.weights[layer + 1])]
            for n in range(width)
        ]
        for n in range(width):
            neuron = next(found)
            is_relu = dense_network(setup.model).activations[layer] == "relu"
            if all(abs(z[layer][n]) > 1e-9 for z in sums):
                dead = is_relu and all(z[layer][n] <= 0 for z in sums)
                assert (neuron.fate == "dead") == dead
            distances = [
                max(abs(a - b) for a, b in zip(rows[n], rows[other], strict=True))
                for other in range(width)
                if other != n
            ]
            assert neuron.difference == (min(distances) if distances else None)
            assert (neuron.twin_of is not None) == (0 in distances)
    assert next(found, None) is None


def test_the_recipes_draw_what_they_say() -> None:
    """Bounds and deviations over 336 weights of a wide network; biases are 0."""
    for recipe in RECIPES:
        start = start_setup(setup_of(WIDE, (0.0,) * 369), recipe, 5)
        weights, biases = nested_parameters(dense_model(WIDE), start.parameters)
        assert not any(map(any, biases)), recipe
        layers = [[w for row in layer for w in row] for layer in weights]
        assert _is_as_said(recipe, layers), recipe


def _is_as_said(recipe: str, layers: list[list[float]]) -> bool:
    every = [weight for layer in layers for weight in layer]
    match recipe:
        case "equal":
            return set(every) == {0.5}
        case "zeros":
            return set(every) == {0.0}
        case "mixed":
            return set(every) == {0.5, -0.5} and abs(sum(every)) <= 0.5
        case "large":
            return 9 < max(every) <= 10 and -10 <= min(every) < -9
        case "uniform":
            return 0.9 < max(every) <= 1 and -1 <= min(every) < -0.9
        case "he":  # He et al. 2015: deviation √(2 / 16) = 0.354 of the 256 weights of the middle layer
            return math.sqrt(math.fsum(w * w for w in layers[1]) / 256) == pytest.approx(0.354, rel=0.1)
        case _:  # Glorot and Bengio 2010: within √(6 / (16 + 16)) = 0.433
            return 0.39 < max(layers[1]) <= 0.4331 and -0.4331 <= min(layers[1]) < -0.39


def test_mixed_signs_make_no_twins() -> None:
    """However weights are numbered, neighbours have opposite signs at each input."""
    for numbering in ("source", "target"):
        network = dense_network(LECTURE.model)._replace(numbering=numbering)
        start = start_setup(replace(LECTURE, model=dense_model(network)), "mixed", 1)
        weights, _ = nested_parameters(dense_model(network), start.parameters)
        assert weights == (((0.5, -0.5), (-0.5, 0.5)), ((0.5, -0.5),))


def test_a_seed_makes_the_same_run_again() -> None:
    """And another seed another one, for the recipes that are random."""
    first, again, other = (start_runs(LECTURE, seed, 5) for seed in (3, 3, 4))
    assert first == again
    for one, two in zip(first, other, strict=True):
        same = list(one.losses) == list(two.losses)
        assert same or RECIPES[one.value].random
    assert any(list(a.losses) != list(b.losses) for a, b in zip(first, other, strict=True))


def test_an_unknown_recipe_is_refused() -> None:
    """With the names that there are."""
    words = "there is no recipe best: there are equal, zeros, mixed, large, uniform, he, xavier"
    with pytest.raises(ValueError, match=words):
        start_runs(LECTURE, 2, 25, recipes=("best",))
    with pytest.raises(ValueError, match=words):
        many_starts(LECTURE, "best")


@pytest.mark.parametrize("recipe", list(RECIPES))
def test_many_starts_add_up(recipe: str) -> None:
    """Each is a run of its own seed; every count is found again by hand."""
    found = many_starts(LECTURE, recipe, 0.001, starts=20, updates=30, seed=7)
    assert (found.recipe, found.seed, found.starts, found.updates) == (recipe, 7, 20, 30)
    assert len(found.losses) == 20
    dead = 0
    for index, final in enumerate(found.losses):
        run = start_runs(LECTURE, 7 + index, 30, recipes=(recipe,))[0]
        assert run.losses[-1] == final
        hidden = all(neuron.fate == "dead" for neuron in run.neurons)
        dead += hidden or run.verdict == "stuck"
    assert found.died == dead
    assert found.reached == sum(loss < 0.001 for loss in found.losses)
    assert found.not_finite == 0
    assert sum(count for _, _, count in found.bins) == 20
    assert many_starts(LECTURE, recipe, 0.001, starts=20, updates=30, seed=7) == found


def test_starts_that_diverge_are_counted_apart() -> None:
    """They are in no bin."""
    linear = Network((1, 1, 1), ("linear", "linear"))
    setup = replace(setup_of(linear, (0.0,) * 4), inputs=((1e5,),), targets=((1.0,),))
    setup = replace(setup, hyperparameters=setup.hyperparameters._replace(learning_rate=10.0))
    found = many_starts(setup, "uniform", starts=10, updates=50)
    assert found.not_finite == 10
    assert found.bins == ()
    assert found.words[-1] == "10 diverged: the loss is inf or nan."


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"starts": 0}, "0 is not a number of starts from 1 to 10,000"),
        ({"starts": 10_001}, "10001 is not a number of starts from 1 to 10,000"),
        ({"updates": 0}, "0 is not a number of updates from 1 to 1,000,000"),
        ({"threshold": 0.0}, "0 is not a threshold: it has to be a number above 0"),
        ({"threshold": math.nan}, "nan is not a threshold: it has to be a number above 0"),
    ],
)
def test_numbers_out_of_their_limits_are_refused(changes: dict[str, float], words: str) -> None:
    """With a sentence that names the limits."""
    with pytest.raises(ValueError, match=words):
        many_starts(LECTURE, "he", **changes)  # type: ignore[arg-type]


_LOSSES = st.one_of(
    st.just(0.0),
    st.floats(0, 1e3),
    st.floats(-320, 300).map(lambda power: 10.0**power),
    st.sampled_from((math.inf, math.nan)),
)


@given(st.lists(_LOSSES, max_size=60))
@example([999.9999999999999])
@example([0.0009999999999999996, 9.999999999999999e-14, 1.9999999999999997e-14])
def test_bins_hold_every_finite_loss_once(losses: list[float]) -> None:
    """Side by side, at most 12, with edges of one digit."""
    bins = bins_of(losses)
    finite = [loss for loss in losses if math.isfinite(loss)]
    assert len(bins) <= 12
    assert sum(count for _, _, count in bins) == len(finite)
    for low, high, count in bins:
        assert count == sum(low <= loss < high for loss in finite)
        assert low == float(f"{low:.0e}")
    assert all(bins[i][1] == bins[i + 1][0] for i in range(len(bins) - 1))
    if bins:
        assert bins[-1][2] > 0
        assert bins[0][2] > 0


def test_every_parameter_has_a_place_in_a_neuron() -> None:
    """A change of any weight or bias of a hidden neuron shows in its difference from its twin."""
    network = Network((2, 2, 2, 1), ("tanh", "tanh", "linear"))
    equal = start_setup(setup_of(network, (0.0,) * len(parameters_of(network))), "equal", 1)
    assert all(neuron.fate == "twin" for neuron in hidden_neurons(equal, equal.parameters))
    for position, parameter in enumerate(parameters_of(network)):
        changed = list(equal.parameters)
        changed[position] += 0.25
        fates = [neuron.fate for neuron in hidden_neurons(equal, tuple(changed))]
        # The output's bias belongs to no hidden neuron.
        assert ("alive" in fates) == (parameter.layer < 3 or parameter.is_weight), parameter.name


@pytest.mark.parametrize(("threshold", "reached", "both"), [(4.0, 0, False), (4.5, 3, True)])
def test_starts_that_died_below_the_threshold_are_told(threshold: float, reached: int, both: bool) -> None:
    """With zeros the lecture's output is dead at y² = 4, which is not below 4 but below 4.5."""
    found = many_starts(LECTURE, "zeros", threshold, starts=3, updates=5)
    assert (found.reached, found.died) == (reached, 3)
    assert ("3 of them end below that loss all the same." in " ".join(found.words)) == both
