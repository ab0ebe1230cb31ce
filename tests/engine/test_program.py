"""The steps of an update: which, in which order, under which names."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.engine.bits import bits
from tests.engine.setups import LECTURE, networks, setup_of, setups
from tests.examples import examples
from tinynet_tui.engine.expression_reading import letters
from tinynet_tui.engine.expressions import names_in
from tinynet_tui.engine.forward import Subject
from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.program import Program
from tinynet_tui.engine.steps import PHASES, state_names
from tinynet_tui.engine.trace import trace
from tinynet_tui.engine.training import first_point
from tinynet_tui.networks.dense import Network, dense_model, dense_network, parameters_of

# number, phase, role, name, of: kind layer neuron [input]
LECTURE_STEPS = """
1 forward value z1 pre_activation 1 1
2 forward value h1 activation 1 1
3 forward value z2 pre_activation 1 2
4 forward value h2 activation 1 2
5 forward value z3 pre_activation 2 1
6 forward value yhat activation 2 1
7 loss loss L loss
8 backward gradient dL/dyhat activation 2 1
9 backward local dyhat/dz3 pre_activation 2 1
10 backward gradient dL/dz3 pre_activation 2 1
11 backward local dz3/dw5 weight 2 1 1
12 backward gradient dL/dw5 weight 2 1 1
13 backward local dz3/dw6 weight 2 1 2
14 backward gradient dL/dw6 weight 2 1 2
15 backward local dz3/db3 bias 2 1
16 backward gradient dL/db3 bias 2 1
17 backward local dz3/dh1 activation 1 1
18 backward gradient dL/dh1 activation 1 1
19 backward local dh1/dz1 pre_activation 1 1
20 backward gradient dL/dz1 pre_activation 1 1
21 backward local dz1/dw1 weight 1 1 1
22 backward gradient dL/dw1 weight 1 1 1
23 backward local dz1/dw3 weight 1 1 2
24 backward gradient dL/dw3 weight 1 1 2
25 backward local dz1/db1 bias 1 1
26 backward gradient dL/db1 bias 1 1
27 backward local dz3/dh2 activation 1 2
28 backward gradient dL/dh2 activation 1 2
29 backward local dh2/dz2 pre_activation 1 2
30 backward gradient dL/dz2 pre_activation 1 2
31 backward local dz2/dw2 weight 1 2 1
32 backward gradient dL/dw2 weight 1 2 1
33 backward local dz2/dw4 weight 1 2 2
34 backward gradient dL/dw4 weight 1 2 2
35 backward local dz2/db2 bias 1 2
36 backward gradient dL/db2 bias 1 2
37 update update w1 weight 1 1 1
38 update update w2 weight 1 2 1
39 update update w3 weight 1 1 2
40 update update w4 weight 1 2 2
41 update update w5 weight 2 1 1
42 update update w6 weight 2 1 2
43 update update b1 bias 1 1
44 update update b2 bias 1 2
45 update update b3 bias 2 1
46 check check check loss
"""


def _described(number: int, program: Program) -> str:
    step = program.step(number)
    of = (step.of.layer, step.of.neuron, step.of.input)
    place = " ".join(str(part) for part in of if part is not None)
    return f"{number} {step.phase} {step.role} {step.name} {step.of.kind} {place}".strip()


def test_the_steps_of_the_lecture() -> None:
    """Forty-six of them, in the order of the design, each with its name, role and subject."""
    program = Program(LECTURE.model, (1,))
    described = [_described(number, program) for number in range(1, len(program) + 1)]
    assert described == LECTURE_STEPS.strip().splitlines()
    assert [s.sample for s in program.steps()] == [1] * 36 + [None] * 10


@pytest.mark.parametrize(
    ("layers", "changes", "samples", "expected"),
    [
        # forward 2 per neuron, loss 1, backward 3 per neuron and 1 per path out of it and 2 per parameter
        ((2, 2, 1), {}, 1, 46),
        ((3, 2), {}, 1, 4 + 1 + (2 * 3 + 2 * 8) + 8 + 1),
        ((1, 1), {}, 1, 2 + 1 + (3 + 4) + 2 + 1),
        ((2, 3, 2), {}, 1, 10 + 1 + (5 * 3 + 3 * 2 + 2 * 17) + 17 + 1),
        ((1, 1, 1, 1), {}, 1, 6 + 1 + (3 * 3 + 2 + 2 * 6) + 6 + 1),
        ((2, 2, 1), {}, 3, 3 * 36 + 9 + 9 + 1),
        ((2, 2, 1), {"regularized": True}, 1, 46 + 6),
        ((2, 2, 1), {"regularized": True}, 3, 3 * 36 + 9 + 9 + 1),
        ((2, 2, 1), {"optimizer": "momentum"}, 1, 46 + 9),
        ((2, 2, 1), {"optimizer": "adam"}, 1, 46 + 18),
        ((2, 2, 1), {"train_biases": False}, 1, 46 - 3),
        ((2, 2, 1), {"train_biases": False, "optimizer": "adam"}, 2, 2 * 36 + 9 + 6 * 3 + 1),
    ],
)
def test_how_many_steps(
    layers: tuple[int, ...], changes: dict[str, object], samples: int, expected: int
) -> None:
    """Counted by hand for each shape and rule."""
    network = Network(layers, ("tanh",) * (len(layers) - 1))._replace(**changes)  # type: ignore[arg-type]
    program = Program(dense_model(network), tuple(range(1, samples + 1)))
    assert len(program) == len(list(program.steps())) == expected


def test_joining_steps() -> None:
    """With several samples one step per parameter joins them, for the whole batch, before any update."""
    program = Program(LECTURE.model, (4, 5, 6))
    names = [s.name for s in program.steps() if s.phase == "backward" and s.sample is None]
    assert names == [f"dL/d{p.name}" for p in parameters_of(dense_network(LECTURE.model))]
    joined = program.step(program.number("dL/dw5") or 0)
    assert letters(joined.expression) == "(∂L/∂w₅⁽⁴⁾ + ∂L/∂w₅⁽⁵⁾ + ∂L/∂w₅⁽⁶⁾) / 3"
    summed = Program(dense_model(dense_network(LECTURE.model)._replace(reduction="sum")), (1, 2))
    joined = summed.step(summed.number("dL/db1") or 0)
    assert letters(joined.expression) == "∂L/∂b₁⁽¹⁾ + ∂L/∂b₁⁽²⁾"
    assert [s.sample for s in program.steps()] == [4] * 36 + [5] * 36 + [6] * 36 + [None] * 19


def test_joining_steps_with_l2() -> None:
    """For one sample only the weights have one: their penalty is theirs alone."""
    program = Program(dense_model(dense_network(LECTURE.model)._replace(regularized=True)), (1,))
    steps = [s for s in program.steps() if s.phase == "backward" and s.sample is None]
    assert [s.name for s in steps] == [f"dL/dw{n}" for n in range(1, 7)]
    assert letters(steps[0].expression) == "∂L/∂w₁⁽¹⁾ + λ · w₁"


def test_the_last_gradient_step_is_the_whole_gradient() -> None:
    """Without a sample it is the one asked for; with one, the sample's own."""
    program = Program(LECTURE.model, (1, 2))
    last = max(
        n for n, s in enumerate(program.steps(), start=1) if s.name == "dL/dw5" and s.role == "gradient"
    )
    assert program.number("dL/dw5") == last == 2 * 36 + 5
    assert (program.number("dL/dw5", 1), program.number("dL/dw5", 2)) == (12, 36 + 12)
    assert program.number("z1") is None, "it belongs to one sample or the other"
    assert program.number("nothing", 1) is None


def test_a_batch_of_one() -> None:
    """What belongs to its sample belongs to the batch, unless a closing step completes it."""
    program = Program(LECTURE.model, (3,))
    assert program.number("z1") == program.number("z1", 3) == 1
    assert program.number("dL/dw5") == 12
    assert program.number("w5") == 41
    assert program.number("nothing") is None
    regularized = Program(dense_model(dense_network(LECTURE.model)._replace(regularized=True)), (3,))
    assert (regularized.number("dL/dw5"), regularized.number("dL/dw5", 3)) == (36 + 5, 12)


def test_there_is_no_step_0() -> None:
    """Steps are numbered from 1; 0 is the given."""
    program = Program(LECTURE.model, (1,))
    for number in (0, -1, 47):
        with pytest.raises(IndexError, match="1 to 46"):
            program.step(number)


def test_frozen_biases() -> None:
    """Their local derivatives and gradients are shown, an update there is none."""
    program = Program(
        dense_model(dense_network(LECTURE.model)._replace(train_biases=False, optimizer="momentum")), (1,)
    )
    names = [step.name for step in program.steps()]
    assert {"dz3/db3", "dL/db3", "dL/db1"} <= set(names)
    assert not {"b1", "b2", "b3", "v_b1"} & set(names)


def test_state_steps() -> None:
    """A parameter's state comes just before its update, in the phase of the update."""
    adam = Program(dense_model(dense_network(LECTURE.model)._replace(optimizer="adam")), (1,))
    closing = [(s.name, s.role, s.phase) for s in adam.closing_steps[:4]]
    assert closing == [
        ("m_w1", "state", "update"),
        ("v_w1", "state", "update"),
        ("w1", "update", "update"),
        ("m_w2", "state", "update"),
    ]
    assert adam.closing_steps[0].of == Subject("weight", 1, 1, 1)
    texts = {s.name: letters(s.expression) for s in adam.closing_steps}
    assert texts["m_w1"] == "β₁ · m(w₁) + (1 − β₁) · ∂L/∂w₁"
    assert texts["v_w1"] == "β₂ · v(w₁) + (1 − β₂) · (∂L/∂w₁)²"
    assert texts["w1"] == "w₁ − η · (m(w₁) / (1 − β₁^t) / (√(v(w₁) / (1 − β₂^t)) + ε))"
    momentum = Program(dense_model(dense_network(LECTURE.model)._replace(optimizer="momentum")), (1,))
    texts = {s.name: letters(s.expression) for s in momentum.closing_steps}
    assert (texts["v_w1"], texts["w1"]) == ("μ · v(w₁) + ∂L/∂w₁", "w₁ − η · v(w₁)")


def test_several_outputs() -> None:
    """A hidden neuron has a local derivative for each path, and its gradient is their sum."""
    program = Program(dense_model(Network((1, 2, 3), ("tanh", "linear"))), (1,))
    names = [step.name for step in program.steps()]
    start = names.index("dz3/dh2")
    assert names[start : start + 4] == ["dz3/dh2", "dz4/dh2", "dz5/dh2", "dL/dh2"]
    total = program.step(program.number("dL/dh2") or 0)
    assert letters(total.expression) == "∂L/∂z₃ · ∂z₃/∂h₂ + ∂L/∂z₄ · ∂z₄/∂h₂ + ∂L/∂z₅ · ∂z₅/∂h₂"
    assert [n for n in names if n.startswith("yhat")] == ["yhat1", "yhat2", "yhat3"]
    # Target numbering: w3, w4 enter the first output, w5, w6 the second; w6 comes from the second neuron.
    assert letters(program.step(program.number("dz4/dh2") or 0).expression) == "w₆"


def test_no_hidden_layer() -> None:
    """Inputs and outputs alone: no error goes back any further."""
    network = Network((2, 1), ("linear",))
    names = [step.name for step in Program(dense_model(network), (1,)).steps()]
    expected = (
        "z1 yhat L dL/dyhat dyhat/dz1 dL/dz1 dz1/dw1 dL/dw1 dz1/dw2 dL/dw2 dz1/db1 dL/db1 w1 w2 b1 check"
    )
    assert names == expected.split()
    setup = setup_of(network, (1.0, 2.0, 3.0), inputs=((5.0, 7.0),), targets=((20.0,),))
    run = trace(setup, first_point(setup))
    # ŷ = 5 + 14 + 3 = 22, L = 4, ∂L/∂ŷ = 4, gradients 4 · (5, 7, 1)
    assert [run.value(n) for n in (1, 2, 3, 4, 5, 6, 8, 10, 12)] == [22, 22, 4, 4, 1, 4, 20, 28, 4]


@given(networks())
@examples(60)
def test_rules_of_every_program(network: Network) -> None:
    """Phases follow each other, each name is assigned before it is read, nothing is updated too early."""
    program = Program(dense_model(network), (1, 2))
    steps = list(program.steps())
    order = [PHASES.index(s.phase) for s in steps if s.sample in (1, None)]
    assert order == sorted(order)
    assert [s.name for s in steps if s.sample == 1] == [s.name for s in steps if s.sample == 2]
    updated = [s.name for s in steps if s.role == "update"]
    assert updated == [p.name for p in dense_model(network).trained_parameters]
    assert [s.name for s in steps if s.role == "state"] == list(state_names(dense_model(network)))
    assert [s.name for s in steps].count("check") == 1
    assert steps[-1].name == "check"
    for number, step in enumerate(steps, start=1):
        position, offset = program.place(number)
        assert (position is None) == (step.sample is None)
        assert program.number(step.name, step.sample) == number
        lines = program.closing_steps if position is None else program.sample_steps
        assert lines[offset]._replace(sample=step.sample) == step
    gradients = [s.name for s in steps if s.role == "gradient" and s.of.kind in ("weight", "bias")]
    assert {f"dL/d{p.name}" for p in parameters_of(network)} == set(gradients)


@given(setups())
@examples(25)
def test_where_a_step_finds_what_it_reads(setup: Setup) -> None:
    """At a step before it, which assigned that very value; or else it is given, or new in the check."""
    run = trace(setup, first_point(setup))
    for number in range(1, len(run.program) + 1):
        step = run.program.step(number)
        for name in names_in(step.expression):
            source, value = run.program.assigned_at(name, number), run.value_of(number, name)
            if source is not None:
                assert source < number
                assert run.program.step(source).name == name.name
                assert bits([run.value(source)]) == bits([value])
            elif step.phase != "check":
                sample = name.sample or step.sample or run.program.samples[0]
                assert run.given(sample)[name.name] == value
