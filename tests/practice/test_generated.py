"""Generated networks: whole numbers in their range, alive, the same for a seed, exercises of all kinds."""

from __future__ import annotations

from random import Random

import pytest

from tests.campaigns.generated_networks import assert_for_the_hand
from tests.campaigns.unique_answers import assert_one_right_answer, assert_one_slip
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.practice.exercise import exercise, steps_by_kind
from tinynet_tui.practice.generated import GENERATORS, dealt_anew, generated_lesson
from tinynet_tui.prediction.judgement import result
from tinynet_tui.prediction.kinds import KINDS
from tinynet_tui.session.commands import start
from tinynet_tui.session.moment import moment


@pytest.mark.parametrize("name", GENERATORS)
def test_networks_are_for_pencil_and_paper(name: str) -> None:
    """As an independent program works them out; the campaign tries 10,000 seeds."""
    drawn = [generated_lesson(name, seed) for seed in range(200)]
    for lesson in drawn:
        assert_for_the_hand(lesson, has_shut=GENERATORS[name].has_shut)
    # A neuron may be 6,586 networks: over all 9 pairs of inputs, weights and bias make a sum from 1 to 9 in
    # 1,175 ways, and there are six errors, of which those above the sum are left out. So of the 19,900 pairs
    # of 200 networks 3 are alike on average; 9 are more than three standard deviations (√3) above that.
    assert len(set(drawn)) >= 200 - 9
    assert drawn[7] == generated_lesson(name, 7)


@pytest.mark.parametrize("name", GENERATORS)
def test_every_kind_of_step_can_be_practised(name: str) -> None:
    """On every generator's networks; only the check and the loss are no exercises."""
    session = start(generated_lesson(name, 1))
    steps = steps_by_kind(session)
    # In one neuron alone no path leads on from anything but a parameter.
    assert set(steps) == set(KINDS) - ({"path"} if name == "neuron" else set())
    assert (
        sum(map(len, steps.values())) == {"neuron": 14, "relu": 44, "relu-shut": 44, "two-outputs": 60}[name]
    )


@pytest.mark.parametrize("mends", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_is_right_only_where_it_is_the_value(kind: str, mends: bool) -> None:
    """The result that is to be mended is judged wrong, the true one right, twice the true one wrong."""
    for seed in range(20):
        session = start(generated_lesson("relu", seed))
        asked = exercise("relu", seed, session, [k for k in KINDS if k == kind], mends, Random(seed))
        assert asked is not None
        assert asked.kind == kind
        there = asked.question.answer
        value = there.trace.value(there.session.step)
        assert result(there, "number", repr(value)) == "right"
        assert result(there, "number", repr(2 * value)) == "wrong"
        if asked.planted is not None:
            assert mends
            assert result(there, "number", repr(asked.planted.expected.values[0])) == "wrong"


@pytest.mark.parametrize("name", GENERATORS)
def test_each_question_has_one_right_answer_and_each_wrong_result_one_slip(name: str) -> None:
    """As an independent program works them out; the campaign tries 10,000 seeds."""
    mended = 0
    for seed in range(60):
        lesson = generated_lesson(name, seed)
        assert assert_one_right_answer(lesson) >= 14
        mended += assert_one_slip(name, seed, lesson)
    assert mended >= 3 * 60


def test_a_lesson_without_such_a_step_has_no_exercise_of_it() -> None:
    """Linear neurons: their activation is no function to be practised, but the step is there."""
    session = start(generated_lesson("neuron", 1))
    assert exercise("neuron", 1, session, (), False, Random(1)) is None


@pytest.mark.parametrize("name", ["dead-output", "deep-sigmoid", "gpt-block"])
def test_a_deal_leaves_zeros_where_they_are_and_is_alive(name: str) -> None:
    """No weight is 0, no prediction on target, and no ReLU's sum at its bend that was not so before."""
    session = start(shipped_lesson(name))
    own = moment(session).given
    for seed in range(8):
        there = moment(dealt_anew(session, seed))
        if not there.session.edits:
            continue
        names = there.model.parameter_names
        assert [there.given[each] == 0 for each in names] == [own[each] == 0 for each in names]
        assert sorted(there.given[each] for each in names) == sorted(own[each] for each in names)
        values = {step.name: there.trace.value(n) for n, step in enumerate(there.program.steps(), start=1)}
        assert any(abs(values[f"dL/d{each}"]) > 0.005 for each in names)
        if name == "dead-output":
            assert 0.0 not in (values["z1"], values["z2"], values["z3"])
