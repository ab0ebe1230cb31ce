"""A random start is one that can learn; seeds that give a dead network are passed over, and told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from msgspec.structs import replace as replaced

from tests.examples import examples
from tests.session.random_lessons import LECTURE, lessons
from tinynet_tui.engine.trace import trace
from tinynet_tui.engine.training import first_point
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.networks.dense import dense_network, parameters_of
from tinynet_tui.networks.initial import is_alive, levels_reached, tries
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.history import initial_setup
from tinynet_tui.session.saved_session import decoded, encoded
from tinynet_tui.session.session import Session

DEAD = "no gradient gets back to the first parameters"


def random(session: Session) -> Session:
    """The session after R."""
    return after(session, Command("random"))


def gradients(session: Session) -> list[float]:
    """∂L/∂p of every parameter in the first update."""
    setup = initial_setup(session)
    update = trace(setup, first_point(setup))
    return [update.gradient(parameter.name) for parameter in parameters_of(dense_network(setup.model))]


def test_four_of_the_lecture_s_first_six_seeds_are_dead() -> None:
    """Every gradient of seeds 1, 3, 4 and 6 is 0: R goes from 2 to 5 to the next alive."""
    dead = [seed for seed in range(1, 7) if not any(gradients(replace(start(LECTURE), seed=seed)))]
    assert dead == [1, 3, 4, 6]
    first = random(start(LECTURE))
    second = random(first)
    third = random(second)
    assert (first.seed, second.seed) == (2, 5)
    new = "A new random start, seed {}, without edits."
    assert first.notice == f"{new.format(2)} Seed 1 was passed over as dead: {DEAD}."
    assert second.notice == f"{new.format(5)} Seeds 3 and 4 were passed over as dead: {DEAD}."
    assert third.notice == f"{new.format(10)} Seeds 6 to 9 were passed over as dead: {DEAD}."
    assert random(third).notice == new.format(11)
    assert all(any(gradients(session)) for session in (first, second, third))


def test_one_undo_takes_it_back_and_a_saved_place_has_the_seed() -> None:
    """However many seeds were passed over."""
    first = random(start(LECTURE))
    assert after(random(first), Command("undo")).bare == first.bare
    assert decoded(encoded(first)).bare == first.bare


def test_where_no_seed_is_alive_the_next_one_is_taken_and_called_dead() -> None:
    """x = (0, 0) and biases of 0: every sum is 0, whatever the weights, and every ReLU gives 0."""
    nothing = replaced(LECTURE, data=replaced(LECTURE.data, inputs=((0, 0),)))
    session = random(start(nothing))
    assert session.seed == 1
    assert session.notice == (
        f"A new random start, seed 1, without edits. It is dead: {DEAD}. The next 63 seeds are no better."
    )
    assert random(session).seed == 2


@pytest.mark.parametrize("name", ["mazur", "xor", "deep-sigmoid"])
def test_sigmoid_and_tanh_are_alive_from_any_seed(name: str) -> None:
    """Their slopes are above 0: no seed is passed over."""
    session = start(shipped_lesson(name))
    for seed in range(1, 6):
        session = random(session)
        assert (session.seed, session.notice) == (seed, f"A new random start, seed {seed}, without edits.")


def test_a_dead_hidden_layer_behind_a_living_output() -> None:
    """A linear output gets a gradient, −2 · 2, but w5 and w6 pass it to two dead neurons: none in layer 1."""
    network = replaced(LECTURE.network, activations=("relu", "linear"), biases=((-9, -9), (0,)))
    setup = initial_setup(start(replaced(LECTURE, network=network)))
    assert levels_reached(setup) == {2}
    assert not is_alive(setup)


@given(lessons())
@examples(25)
def test_a_start_that_is_not_called_dead_has_a_gradient(lesson: Lesson) -> None:
    """In the first layer, for at least one sample; and the work has its bound."""
    session = random(start(lesson))
    setup = initial_setup(session)
    assert ("It is dead" in session.notice) != is_alive(setup)
    assert 1 <= tries(setup) <= 64
