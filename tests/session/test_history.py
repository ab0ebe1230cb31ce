"""The training behind a session: random starts, losses, and long ways trained piece by piece."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from msgspec.structs import replace as replaced

from tests.examples import examples
from tests.session.random_lessons import LECTURE, sessions
from tinynet_tui.engine.training import evaluation, first_point, trained
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.networks.dense import dense_network, parameters_of
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.history import initial_setup, losses, trace_of, train_on
from tinynet_tui.session.session import Edit, Session


def test_the_lectures_losses() -> None:
    """0.25 before the first update and 0.18096516 before the second, as the design has them."""
    assert list(losses(start(LECTURE), 2)) == pytest.approx([0.25, 0.18096516], abs=1e-12)


def test_losses_are_over_all_samples_whatever_the_batch() -> None:
    """Of XOR one by one, the mean of all four before each update."""
    xor = shipped_lesson("xor")
    one_by_one = start(replaced(xor, training=replaced(xor.training, batch=1)))
    setup = initial_setup(one_by_one)
    point = first_point(setup)
    for update in range(1, 6):
        joined = losses(one_by_one, update)
        for left_out in range(update + 1):
            assert losses(one_by_one, update, left_out) == joined[left_out:]
        assert len(joined) == update
        assert joined[-1] == evaluation(setup, point.parameters).loss
        point = trained(setup, point, 1)


@given(sessions())
@examples(25)
def test_there_is_one_loss_before_each_update(session: Session) -> None:
    """Across edits too, where each loss is that of the numbers of its update."""
    joined = losses(session, 5)
    assert len(joined) == 5
    for update in range(1, 6):
        run = trace_of(replace(session, update=update))
        expected = evaluation(run.setup, run.start.parameters).loss
        assert joined[update - 1] == expected or expected != expected


def test_a_random_start_is_the_same_for_the_same_seed() -> None:
    """Weights from −1 to 1, biases as the recipe has them; every seed another, none the lesson's own."""
    session = start(LECTURE)
    seen = []
    for seed in (2, 5, 10):
        session = after(session, Command("random"))
        assert (session.seed, session.update, session.step) == (seed, 1, 0)
        assert initial_setup(session) == initial_setup(replace(start(LECTURE), seed=seed))
        setup = initial_setup(session)
        weights = [
            value
            for parameter, value in zip(
                parameters_of(dense_network(setup.model)), setup.parameters, strict=True
            )
            if parameter.is_weight
        ]
        assert all(-1 <= weight <= 1 for weight in weights)
        assert len(set(weights)) == len(weights)
        seen.append(setup.parameters)
    assert len({setup_of(LECTURE).parameters, *seen}) == 4


def test_a_random_start_keeps_the_data_and_forgets_the_edits() -> None:
    """They were edits of another training."""
    session = after(start(LECTURE), Command("edit", Edit(1, "w1", 7.0)))
    random = after(session, Command("random"))
    assert random.edits == ()
    assert initial_setup(random).inputs == setup_of(LECTURE).inputs
    assert after(random, Command("undo")).edits == session.edits


def test_training_a_long_way_in_pieces() -> None:
    """Each call trains no more than it is told, says how many may be left, and the end is the same."""
    session = after(start(LECTURE), Command("rate", 0.0123))  # of no other test: trained by nobody yet
    session = after(session, Command("goto", (100, 0)))
    left = [train_on(session, 30) for _ in range(5)]
    assert left == [69, 39, 9, 0, 0]
    setup = trace_of(session).setup
    assert trace_of(session).start == trained(setup, first_point(setup), 99)
    assert train_on(start(LECTURE), 1) == 0


def test_training_a_long_way_across_edits() -> None:
    """Every stretch is trained, and the way is never longer than it was."""
    session = start(LECTURE)
    for update in (10, 20, 30):
        session = after(replace(session, update=update), Command("rate", 0.001 * update))
    session = replace(session, update=50)
    left: list[int] = []
    while not left or left[-1] > 0:
        left.append(train_on(session, 8))
        assert len(left) < 20
    assert left == sorted(left, reverse=True)
    run = trace_of(session)
    assert run.start.update == 50


@pytest.mark.parametrize("edits", [5, 16, 17, 300])
def test_training_comes_to_an_end_whatever_the_number_of_edits(edits: int) -> None:
    """Another learning rate at each update is still trained in as many pieces as there are."""
    session = start(LECTURE)
    for update in range(2, edits + 2):
        session = after(replace(session, update=update), Command("rate", 0.0001 * update + 1e-5 * edits))
    session = replace(session, update=edits + 10)
    assert any(train_on(session, 1000) == 0 for _ in range(2 * edits + 20))
