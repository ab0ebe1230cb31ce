"""Generated networks for practice: `python -m tests.campaigns.generated_networks --count 10000`.

Each has to be alive, in whole numbers small enough for the hand, judged by a program that shares no code with
the package (`tests/reference.py`).
"""

from __future__ import annotations

import argparse

from tests.reference import Model, passed
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.practice.generated import GENERATORS, LARGEST_SUM, generated_lesson

LARGEST_GRADIENT = 2 * 3 * 2 * 4 * 9
"""2 · (ŷ − y), over two outputs, times a weight, times an input or an activation."""


def network_of(lesson: Lesson) -> Model:
    """A generated lesson's network, as the program that judges it has it."""
    network, loss = lesson.network, lesson.training.loss
    assert network.weights is not None
    assert network.biases is not None
    assert loss is not None
    weights = [[list(row) for row in layer] for layer in network.weights]
    return Model(weights, [list(layer) for layer in network.biases], network.activations, loss)


def assert_for_the_hand(lesson: Lesson, has_shut: bool = False) -> None:
    """Fail unless the network is alive and all its numbers are whole, not 0, and small.

    has_shut: whether just one hidden ReLU is shut instead, and so the gradients behind it are 0.
    """
    came = passed(network_of(lesson), lesson.data.inputs[0], lesson.data.targets[0])
    sums = [z for layer in came.z for z in layer]
    assert all(z.is_integer() and 1 <= abs(z) <= LARGEST_SUM for z in sums), sums
    assert [z < 0 for z in sums].count(True) == [z < 0 for z in came.z[0]].count(True) == has_shut
    gradients = [g for layer in came.deltas for g in layer]
    gradients += [g for layer in came.weight_gradients for row in layer for g in row]
    gradients += [g for layer in came.bias_gradients for g in layer]
    assert all(g.is_integer() and abs(g) <= LARGEST_GRADIENT for g in gradients), gradients
    assert has_shut == (0 in gradients), gradients


def main() -> None:
    """Try as many seeds of every generator as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    count = parser.parse_args().count
    drawn = {(name, generated_lesson(name, seed)) for name in GENERATORS for seed in range(count)}
    for name, lesson in drawn:
        assert_for_the_hand(lesson, GENERATORS[name].has_shut)
    print(f"{count} seeds of {len(GENERATORS)} generators, {len(drawn)} different networks: all for the hand")


if __name__ == "__main__":
    main()
