"""What a session knows at a step: nothing that is not computed yet, and nothing that is no longer so."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import pytest
from hypothesis import given
from msgspec.structs import replace as changed

from tests.examples import examples
from tests.session.random_lessons import LECTURE, places
from tinynet_tui.engine.model import Hyperparameters
from tinynet_tui.engine.training import evaluation, first_point, trained
from tinynet_tui.lessons.parsing import parse_lesson
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.lessons.writing import lesson_text
from tinynet_tui.rules.optimisers import OPTIMISERS
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.moment import Moment, lesson_now, moment, shut_for_all
from tinynet_tui.session.session import Edit, Session


def lecture_at(step: int, update: int = 1) -> Moment:
    """The lecture at a step."""
    return moment(replace(start(LECTURE), update=update, step=step))


@pytest.mark.parametrize(
    ("name", "computed_at", "value"),
    [
        ("z1", 1, 1.5), ("h1", 2, 1.5), ("z2", 3, 0.5), ("h2", 4, 0.5), ("z3", 5, 2.5), ("yhat", 6, 2.5),
        ("L", 7, 0.25), ("dL/dyhat", 8, 1.0), ("dyhat/dz3", 9, 1.0), ("dL/dz3", 10, 1.0),
        ("dL/dw5", 12, 1.5), ("dL/dw6", 14, 0.5), ("dL/db3", 16, 1.0), ("dz3/dh1", 17, 1.0),
        ("dL/dh1", 18, 1.0),
    ],
)  # fmt: skip
def test_values_are_unknown_until_they_are_computed(name: str, computed_at: int, value: float) -> None:
    """None before its step, its value from there on, up to the check."""
    for step in range(46):
        assert lecture_at(step).value(name) == (value if step >= computed_at else None)


def test_parameters_change_at_their_own_step_and_no_other() -> None:
    """The lecture's first update, by hand."""
    by_hand = {"w1": (37, 1.0, 0.99), "w2": (38, 0.5, 0.49), "w3": (39, 1.0, 1.0), "w4": (40, -0.5, -0.5),
               "w5": (41, 1.0, 0.985), "w6": (42, 1.0, 0.995), "b1": (43, 0.5, 0.49),
               "b2": (44, 0.0, -0.01), "b3": (45, 0.5, 0.49)}  # fmt: skip
    for name, (number, old, new) in by_hand.items():
        for step in range(47):
            assert lecture_at(step).value(name) == pytest.approx(new if step >= number else old, abs=1e-15)


def test_the_check_shows_forward_once_more() -> None:
    """The prediction and the loss are those after the update; the gradients stay those before it."""
    check = lecture_at(46)
    assert check.value("L") == pytest.approx(0.18096516, abs=1e-12)
    assert check.value("yhat") == pytest.approx(2 + 0.18096516**0.5, abs=1e-9)
    assert check.value("dL/dw5") == 1.5


def test_no_old_gradient_is_displayed_beside_new_values() -> None:
    """At the check all but the gradients is computed anew: these are known before it, and not there."""
    assert lecture_at(45).displayed("dL/dw5") == 1.5
    for name in ("dL/dw5", "dL/db1", "dL/dz3", "dL/dyhat"):
        assert lecture_at(46).displayed(name) is None
    assert lecture_at(46).displayed("yhat") == lecture_at(46).value("yhat")
    assert lecture_at(46).gradient("w5") == 1.5


def test_a_gradient_of_one_sample_is_never_displayed_beside_a_batchs() -> None:
    """XOR: from the first joined gradient on, all that are not joined yet are unknown."""
    xor = start(shipped_lesson("xor"))
    names = [f"w{k}" for k in range(1, 7)] + ["b1", "b2", "b3"]
    last_of_sample = moment(replace(xor, step=144))
    assert not last_of_sample.is_of_batch
    assert all(last_of_sample.displayed(f"dL/d{name}") is not None for name in names)
    for joined in range(1, 10):
        now = moment(replace(xor, step=144 + joined))
        assert now.is_of_batch
        known = [now.displayed(f"dL/d{name}") for name in names]
        assert known == [now.trace.gradient(name) for name in names[:joined]] + [None] * (9 - joined)
        assert now.displayed("dL/dz3") == last_of_sample.value("dL/dz3")


def test_several_samples_share_the_screen_one_after_another() -> None:
    """Each sample's values begin unknown again; what closes the batch shows the last sample."""
    xor = start(shipped_lesson("xor"))
    first = moment(replace(xor, step=36))
    assert (first.sample, first.value("x1"), first.value("x2"), first.value("L") is None) == (1, 0, 0, False)
    second = moment(replace(xor, step=37))
    assert (second.sample, second.value("x2"), second.value("L")) == (2, 1, None)
    assert second.value("dL/dw1") is None
    joined = moment(replace(xor, step=145))
    assert joined.sample == 4
    gradients = [moment(replace(xor, step=36 * n)).value("dL/dw1") for n in (1, 2, 3, 4)]
    assert None not in gradients
    assert joined.value("dL/dw1") == pytest.approx(sum(g for g in gradients if g is not None) / 4)


def test_dead_for_this_sample_and_for_all() -> None:
    """Only a ReLU whose sum is known to be at most 0, and no other sample's either."""
    dead_relu = start(shipped_lesson("dead-relu"))
    assert moment(replace(dead_relu, step=0)).dead("z1") is None
    assert moment(replace(dead_relu, step=1)).dead("z1") == "for all samples"
    assert moment(replace(dead_relu, step=46)).dead("z2") is None
    two = after(dead_relu, Command("edit", Edit(1, "b1", 0.5)))
    assert moment(replace(two, step=10)).dead("z1") is None
    zero = after(start(LECTURE), Command("edit", Edit(1, "b1", -1.0)))
    assert moment(replace(zero, step=1)).value("z1") == 0.0
    assert moment(replace(zero, step=1)).dead("z1") == "for all samples"
    sigmoid = start(shipped_lesson("mazur"))
    assert moment(replace(sigmoid, step=20)).dead("z1") is None


def test_at_the_check_the_dead_are_those_of_the_new_numbers() -> None:
    """η = 0.25 kills node 2 of the lecture at the first update, for this sample, the only one."""
    session = after(start(LECTURE), Command("rate", 0.25))
    assert moment(replace(session, step=45)).dead("z2") is None
    assert moment(replace(session, step=46)).dead("z2") == "for all samples"


def test_neurons_are_called_nodes_and_outputs() -> None:
    """One output needs no number; a block without a title is called by what it computes last."""
    assert [lecture_at(0).block_title(block) for block in range(3)] == ["node 1", "node 2", "out"]
    mazur = moment(start(shipped_lesson("mazur")))
    assert mazur.block_title(3) == "out 2"


@given(places())
@examples(30)
def test_nothing_is_known_before_its_step(session: Session) -> None:
    """A quantity of the sample on screen is known if, and only if, its step is done; the check aside."""
    now = moment(session)
    if now.phase == "check":
        return
    for step in now.program.sample_steps:
        number = now.program.number(step.name, now.sample)
        assert number is not None
        whole = now.program.number(step.name)
        done = number <= session.step or (whole is not None and whole <= session.step)
        assert (now.value(step.name) is None) == (not done)
        if number <= session.step and not (whole and whole <= session.step):
            assert repr(now.value(step.name)) == repr(now.trace.value(number))


@given(places())
@examples(25)
def test_a_lesson_saved_now_starts_from_the_numbers_on_screen(session: Session) -> None:
    """Parameters, data and learning rate; written as a lesson it says where it comes from."""
    now = moment(session)
    saved = moment(start(lesson_now(now)))
    names = [name for name in now.trace.given(now.sample) if name[0] in "wb" and name[1:].isdigit()]
    assert {name: saved.value(name) for name in names} == {name: now.value(name) for name in names}
    assert saved.setup.inputs == now.setup.inputs
    assert _without_t0(saved.setup.hyperparameters) == _without_t0(now.setup.hyperparameters)
    assert f"update {session.update}, step {session.step}." in lesson_now(now).about


def _without_t0(numbers: Hyperparameters) -> Hyperparameters:
    """All but the updates that were done before, which are counted on."""
    return numbers._replace(of_rules=tuple(own for own in numbers.of_rules if own[0] != "t0"))


@pytest.mark.parametrize("optimizer", [name for name, rule in OPTIMISERS.items() if rule.states])
@pytest.mark.parametrize("name", ["mazur", "recurrent"])
def test_a_lesson_saved_now_goes_on_as_it_would_have(name: str, optimizer: str) -> None:
    """What the optimiser remembers is saved too: the next update is the same, to the last bit."""
    lesson = shipped_lesson(name)
    training = changed(lesson.training, optimizer=optimizer)
    lesson = changed(lesson, notes=(), expect=(), training=training)
    session = replace(start(lesson), update=4)
    saved = parse_lesson(lesson_text(lesson_now(moment(session))), "saved")
    setup, again = setup_of(lesson), setup_of(saved)
    point, begun = trained(setup, first_point(setup), 3), first_point(again)
    assert (begun.parameters, begun.state) == (point.parameters, point.state)
    assert trained(again, begun, 2).parameters == trained(setup, point, 2).parameters


def test_no_sample_s_values_are_kept() -> None:
    """What is asked of many samples leaves a number or a yes behind, not the values of each."""
    lesson = changed(LECTURE, data=changed(LECTURE.data, inputs=((1.0, 0.0),) * 256, targets=((2.0,),) * 256))
    setup = setup_of(lesson)
    sums = ("z1", "z2", "z3")
    tracemalloc.start()
    try:
        for number in range(20):
            parameters = (-1.0 - number, *setup.parameters[1:])
            assert shut_for_all(setup, parameters).issubset(sums)
            evaluation(setup, parameters)
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # Seven values of each sample, each of 8 bytes at the least.
    assert held < 20 * 256 * 7 * 8
