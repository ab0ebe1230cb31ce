"""The step in the words of frameworks."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest
from msgspec.structs import replace as changed

from tests.engine.setups import OPTIMISER_NAMES
from tests.session.random_lessons import LECTURE
from tinynet_tui.engine.steps import PHASES
from tinynet_tui.handouts import keras, pytorch
from tinynet_tui.handouts.framework import Calls
from tinynet_tui.handouts.framework_words import CALLS, kept, phase_words, zero_grad_words
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import start
from tinynet_tui.session.history import program_of, trace_of
from tinynet_tui.session.moment import Moment, moment


def at(name: str, lesson: Lesson = LECTURE, update: int = 1, sample: int | None = None) -> Moment:
    """A lesson at a step, by its name; "given" for the start of the update."""
    session = replace(start(lesson), update=update)
    number = 0 if name == "given" else program_of(session).number(name, sample)
    assert number is not None
    return moment(replace(session, step=number))


@pytest.mark.parametrize(
    ("name", "pytorch", "keras"),
    [
        ("given", "optimizer.zero_grad()", "tf.GradientTape()"),
        ("z1", "model(x)", "model(x)"),
        ("L", "loss_of(x, y)", "loss_of(x, y)"),
        ("dL/dyhat", "loss.backward()", "tape.gradient(…)"),
        ("w1", "optimizer.step()", "optimizer.apply(…)"),
        ("check", "loss_of(x, y)", "loss_of(x, y)"),
    ],
)
def test_each_phase_is_one_call(name: str, pytorch: str, keras: str) -> None:
    """As the scripts for both have it."""
    now = at(name)
    calls = [framework.of[now.phase](now.model) for framework in CALLS]
    assert calls == [pytorch, keras]


@pytest.mark.parametrize(
    ("name", "pytorch", "keras"),
    [
        ("given", "", ""),
        ("z1", "not kept; only ŷ comes out", "not kept; only ŷ comes out"),
        ("L", "loss.item() = 0.25", "loss.numpy() = 0.25"),
        ("dz3/dh1", "not kept", "not kept"),
        ("dL/dw3", "layer1.weight.grad[0, 1] = 0", "gradients[0][1, 0] = 0"),
        ("dL/dw5", "layer2.weight.grad[0, 0] = 1.5", "gradients[2][0, 0] = 1.5"),
        ("w5", "layer2.weight[0, 0] = 0.985", "layer2.kernel[0, 0] = 0.985"),
        ("check", "in the next update", "in the next update"),
    ],
)
def test_where_the_number_of_a_step_is(name: str, pytorch: str, keras: str) -> None:
    """Parameters and their gradients have an attribute; the rest is inside. Numbers are the lecture's."""
    assert [kept(framework, at(name), 4) for framework in CALLS] == [pytorch, keras]


def test_of_several_samples_only_the_whole_is_kept() -> None:
    """A sample's gradient is a part of what .grad will hold."""
    xor = shipped_lesson("xor")
    assert kept(CALLS[0], at("dL/dw1", xor, sample=2), 4) == "part of layer1.weight.grad[0, 0]"
    assert kept(CALLS[0], at("L", xor, sample=2), 4) == "part of the loss of the batch"
    assert kept(CALLS[0], at("dL/dw1", xor), 4).startswith("layer1.weight.grad[0, 0] ≈ ")


def test_backward_counts_the_gradients_that_are_there() -> None:
    """Those of whole batches: 3 of the lecture's 9 belong to the output, the first three that come."""
    assert "; 3 of 9 gradients are known" in phase_words(at("dz3/dh1"))
    assert "for all 4 samples; 0 of 9" in phase_words(at("dL/dw1", shipped_lesson("xor"), sample=4))


def test_zero_grad_from_the_second_update_on() -> None:
    """∂L/∂w1 is 1, then 0.838038; with both, w1 = 0.99 − 0.01 · 1.838038 = 0.97161962: all by hand."""
    assert zero_grad_words(None, at("dL/dw1"), "w1", 4).endswith("adds up from update 2 on.")
    before = trace_of(start(LECTURE))
    told = [zero_grad_words(before, at(name, update=2), "w1", 4) for name in ("given", "dL/dw1", "w1")]
    assert told[0] == "Without zero_grad() w₁'s .grad would begin at 1, not at 0."
    still = zero_grad_words(before, at("given", update=2), "w3", 4)
    assert still == "Without zero_grad() w₃'s .grad would begin at 0, too: its last gradient was 0."
    assert told[1] == "Without zero_grad() w₁'s .grad is 1 + 0.8380 = 1.838."
    assert told[2].endswith("= 1.838, and w₁ 0.9716 instead of 0.9816.")
    slow = changed(LECTURE, training=changed(LECTURE.training, learning_rate=1e-9))
    before = trace_of(start(slow))
    assert zero_grad_words(before, at("w1", slow, update=2), "w1", 4).endswith(
        ", and w₁ 0.999999997 instead of 0.999999998."
    )
    slow = changed(LECTURE, training=changed(LECTURE.training, learning_rate=1e-30))
    before = trace_of(start(slow))
    assert zero_grad_words(before, at("w1", slow, update=2), "w1", 4).endswith(", and w₁ 1 all the same.")


def test_l2_is_part_of_the_loss() -> None:
    """So a weight's gradient is whole only with it, as in the scripts."""
    lesson = changed(LECTURE, training=changed(LECTURE.training, l2=0.5))
    before, whole = at("dL/dw1", lesson, sample=1), at("dL/dw1", lesson)
    assert kept(CALLS[0], before, 4) == "part of layer1.weight.grad[0, 0]"
    # 1 + 0.5 · w1
    assert kept(CALLS[0], whole, 4) == "layer1.weight.grad[0, 0] = 1.5"
    # L is 0.25; what loss.item() gives is that and ½ · 0.5 · Σw² = ¼ · 4.5.
    for framework in CALLS:
        assert kept(framework, at("L", lesson), 4) == "part of the loss of the batch"
    assert "PyTorch's weight_decay would do this to the biases too, unseen in .grad" in phase_words(whole)
    assert "unseen" not in phase_words(before)


@pytest.mark.parametrize(("framework", "script"), [(CALLS[0], pytorch), (CALLS[1], keras)])
@pytest.mark.parametrize("lesson", [LECTURE, shipped_lesson("mazur")])
@pytest.mark.parametrize("optimizer", OPTIMISER_NAMES)
def test_the_calls_are_those_of_the_scripts(
    framework: Calls, script: ModuleType, lesson: Lesson, optimizer: str
) -> None:
    """Word for word, but for brackets that are cut short; also where biases are frozen."""
    setup = setup_of(changed(lesson, training=changed(lesson.training, optimizer=optimizer)))
    text = "\n".join(script.lines(setup, 1))
    for phase in PHASES:
        assert framework.of[phase](setup.model).partition("…")[0] in text
    assert framework.loss in text


def test_keras_does_adam_by_hand() -> None:
    """As its script says; so its state is in the script's own lists, and no optimizer has it."""
    adam = at("m_w3", changed(LECTURE, training=changed(LECTURE.training, optimizer="adam")))
    assert "Keras: written out" in phase_words(adam)
    assert "written out" not in phase_words(at("w1"))
    # 0.1 · ∂L/∂w₃, which is 0.
    assert kept(CALLS[1], adam, 4) == "m[0][1, 0] = 0"
