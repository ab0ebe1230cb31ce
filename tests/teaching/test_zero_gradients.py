"""What is said where a gradient is 0 or a neuron dead, and where it only looks like that."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from msgspec.structs import replace as replaced

from tests.session.random_lessons import LECTURE
from tests.teaching.sentences_said import lecture, said, with_network, with_training
from tinynet_tui.engine.model import Model
from tinynet_tui.engine.python_code import Block, sample_block
from tinynet_tui.lessons.parsing import parse_lesson
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.networks import initial
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Edit, Session
from tinynet_tui.teaching.sentences import explanation


def test_a_dead_hidden_neuron() -> None:
    """b₁ = −10: z₁ = 1 − 10 = −9; the gradient −2 stops at its ReLU, and w₁ gets none of it."""
    session = lecture(b1=-10)
    assert "z₁ = −9 is negative, so ReLU gives 0: node 1 is dead" in said(session, "h1")
    assert "ReLU has slope 0: a shut gate. No gradient gets through." in said(session, "dh1/dz1")
    assert "The gradient −2 at h₁ stops here, because ReLU has slope 0. Stuck" in said(session, "dL/dz1")
    assert "0, because ReLU has slope 0 at z₁: no gradient gets through." in said(session, "dL/dw1")
    assert said(session, "dL/dw5") == "0, because h₁ is 0: for this sample w₅ has no effect at all."
    assert "The step is 0, so w₁ stays as it is." in said(session, "w1")
    # The other neuron goes on: ŷ = 1 is below 2, its gradient is negative.
    assert "Negative: a larger w₂ would lower the loss" in said(session, "dL/dw2")
    assert "w₂ grows ↑ by 0.02" in said(session, "w2")


def test_dead_for_one_sample_or_for_all() -> None:
    """x = (1, 0) shuts node 1 of b₁ = −2 (z₁ = −1); x = (3, 0) would open it (z₁ = 1)."""
    two = replaced(LECTURE, data=replaced(LECTURE.data, inputs=((1, 0), (3, 0)), targets=((2,), (2,))))
    session = after(start(two), Command("edit", Edit(1, "b1", -2.0)))
    assert "node 1 is dead for this sample." in said(session, "h1", 1)
    assert "passes a positive sum on as it is: 1." in said(session, "h1", 2)
    session = after(session, Command("edit", Edit(1, "b1", -5.0)))
    assert "node 1 is dead for all samples." in said(session, "h1", 1)
    assert "dead for the one sample there is" in said(lecture(b1=-5), "h1")


def test_a_sum_of_exactly_zero() -> None:
    """b₁ = −1: z₁ = 0."""
    session = lecture(b1=-1)
    assert said(session, "h1") == "z₁ is exactly 0, so ReLU gives 0; its derivative there is taken as 0."
    assert "as PyTorch and TensorFlow do" in said(session, "dh1/dz1")


def test_on_target() -> None:
    """y = 2.5 is the very prediction: an error of 0 is not a slope of 0."""
    session = lecture(y=2.5)
    assert "exactly on target: no error" in said(session, "L")
    assert "The error ŷ − y is 0: this output is on target" in said(session, "dL/dyhat")
    assert "0, because the error ŷ − y is 0: the prediction is on target." in said(session, "dL/dw5")
    assert "0, because the error ŷ − y is 0: the prediction is on target." in said(session, "dL/dw1")
    assert "no parameter moved, because the loss is 0" in said(session, "check")


def test_a_dead_output_is_stuck_not_done() -> None:
    """The loss stays y² = 4."""
    session = start(shipped_lesson("dead-output"))
    stuck = "Stuck, not done: the prediction is still off target."
    assert f"The gradient −4 at ŷ stops here, because ReLU has slope 0. {stuck}" in said(session, "dL/dz3")
    assert f"0, because ReLU has slope 0 at z₃: no gradient gets through. {stuck}" in said(session, "dL/dw5")
    assert "0, because a slope of 0 nearer to the loss lets no gradient through" in said(session, "dL/dw1")
    assert said(session, "check") == (
        "L stays 4: no parameter moved, because every gradient is 0. "
        "Stuck, not done: the output has slope 0, so no gradient gets through."
    )


def test_gradients_that_cancel_are_no_dead_output() -> None:
    """ŷ = 0 against 1 and −1: every gradient of the batch is 0, though those of the samples get through."""
    network = replaced(
        LECTURE.network, layers=(1, 1), activations=("linear",), weights=(((0,),),), biases=((0,),)
    )
    data = replaced(LECTURE.data, inputs=((1,), (1,)), targets=((1,), (-1,)))
    flat = start(with_training(replaced(LECTURE, network=network, data=data), batch=2))
    assert said(flat, "check") == (
        "L stays 1: no parameter moved, because every gradient is 0: here the loss is flat."
    )


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "linear", "leaky_relu", "relu", "softplus"])
def test_zero_weights_are_no_shut_gate(activation: str) -> None:
    """With w₅ = 0 no error comes to node 1, whose gate is open."""
    session = after(
        start(with_network(LECTURE, activations=(activation, "relu"))), Command("edit", Edit(1, "w5", 0.0))
    )
    assert "shut" not in said(session, "dL/dw1")
    assert "shut" not in said(session, "dL/dz1")


def test_a_saturated_sigmoid_is_no_shut_gate() -> None:
    """σ(40) is 1 to the last bit, so that its slope is 0: no ReLU is in this network."""
    session = start(with_network(LECTURE, activations=("sigmoid", "sigmoid")))
    for name, value in (("b3", 40.0), ("y", 0.5)):
        session = after(session, Command("edit", Edit(1, name, value, 1 if name == "y" else None)))
    for name in ("dL/dz3", "dL/dw5", "dL/dw1", "check"):
        assert "shut" not in said(session, name), name


def test_one_output_on_target_is_no_shut_gate() -> None:
    """Two linear outputs, the first exactly on target: its weights' gradients are 0 for that reason."""
    lesson = replaced(
        with_network(
            LECTURE,
            layers=(2, 2),
            activations=("linear",),
            weights=(((1, 1), (0.5, -0.5)),),
            biases=((0.5, 0),),
        ),
        data=replaced(LECTURE.data, targets=((1.5, 3),)),
        notes=(),
    )
    words = said(start(lesson), "dL/dw1")
    assert words.startswith("0, because")
    assert "shut" not in words
    assert "target" in words


def drawn(recipe: str, *activations: str) -> Session:
    """The lecture with weights from a recipe."""
    network = {"init": recipe, "weights": None, "biases": None}
    return start(with_network(LECTURE, **network, **({"activations": activations} if activations else {})))


def test_a_start_that_is_dead_says_so() -> None:
    """All zeros: with ReLU every gradient is 0; with tanh and a linear output ∂L/∂b₃ is not, but w₅ = 0."""
    assert explanation(moment(drawn("zeros"))).sentences[0] == (
        "This start is dead: every gradient is 0, so nothing can be learned from it."
    )
    assert explanation(moment(drawn("zeros", "tanh", "linear"))).sentences[0] == (
        "In this start no gradient gets back to the first parameters."
    )
    for session in (drawn("same"), start(shipped_lesson("dead-output")), lecture(b1=-10)):
        assert "start" not in explanation(moment(session)).sentences[0]


def test_whether_a_start_is_dead_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not anew for each of the drawings and words of a screen."""
    session = drawn("zeros")
    setup = replace(moment(session).setup, inputs=((0.123, 4.567),))
    runs: list[Model] = []

    def counted(model: Model) -> Block:
        runs.append(model)
        return sample_block(model)

    monkeypatch.setattr(initial, "sample_block", counted)
    assert [initial.is_alive(setup) for _ in range(5)] == [False] * 5
    assert len(runs) == 1
    assert initial.levels_reached.cache_info().maxsize


def formulas(forward: str, loss: str, parameters: str) -> Session:
    """A program without data."""
    text = f'[program]\nforward = "{forward}"\nloss = "{loss}"\n[program.parameters]\n{parameters}\n'
    return start(parse_lesson(f"{text}[training]\nlearning_rate = 0.1\n", "x.toml"))


@pytest.mark.parametrize(
    ("forward", "loss", "step", "words"),
    [
        # By hand: 0.01² = 0.0001; −1 and −0.99 under a ReLU are both 0; 0 · w is 0 for every w.
        ("", "w^2", "dL/dw", "0: for a very small change of w, the loss barely changes."),
        ("", "relu(w-1)", "dL/dw", "0: a small change of w does not change the loss."),
        ("h = w^2", "h", "dh/dw", "If w grows a little, h barely changes."),
        (
            "h = w^2",
            "h",
            "dL/dw",
            "0, because ∂h/∂w is 0: for a very small change of w, the loss barely changes.",
        ),
        ("h = 0.5*w^2", "h", "dh/dw", "If w grows a little, h barely changes."),
        ("h = u*w", "h", "dh/dw", "u is 0, so w has no effect at all."),
        ("h = u*w", "h + 1", "dL/dw", "0, because u is 0: w has no effect at all."),
        # h · w = w²: h is 0, but not for long.
        ("h = 3*w\\nq = h*w", "q + u", "dq/dw", "If w grows a little and h stays as it is, q barely"),
        ("h = 3*w\\nq = h*w", "q + u", "dL/dw", "0: for a very small change of w, the loss barely changes."),
        ("h = w - 1", "(h + 1)^2", "dh/dw", "h contains + w: if w grows by 1, so does h."),
        ("h = w - 1", "(h + 1)^2 + u", "dL/dh", "It is 0: for a very small change of h, the loss barely"),
    ],
)
def test_what_a_gradient_of_0_says(forward: str, loss: str, step: str, words: str) -> None:
    """No effect is said only of what has none; of a point where a slope is 0, that it is so there."""
    parameters = "\n".join(f"{name} = 0" for name in "uw" if re.search(rf"\b{name}\b", f"{forward} {loss}"))
    assert words in said(formulas(forward, loss, parameters), step)
