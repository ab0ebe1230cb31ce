"""The nudge: its numbers against an independent network and against differences, and its line."""

from __future__ import annotations

import dataclasses
from math import isclose

import pytest
from hypothesis import assume, given
from msgspec.structs import replace

from tests import reference
from tests.engine.programs import PROGRAMS
from tests.engine.setups import is_smooth, reference_of, setup_of, setups
from tests.examples import examples
from tests.session.random_lessons import LECTURE, lesson_of
from tests.teaching.test_any_program import first_update, moments
from tinynet_tui.drawing.chain_panel import chain_words
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.drawing.screen import screen
from tinynet_tui.engine.model import Setup, batch_setup
from tinynet_tui.engine.trace import trace
from tinynet_tui.engine.training import first_point
from tinynet_tui.lessons.parsing import parse_lesson
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.networks.dense import Network
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import Moment, moment, moment_in
from tinynet_tui.session.session import FIRST_NUDGE, NUDGES, Session
from tinynet_tui.teaching.nudge import Nudge, knob, nudge, nudge_lines
from tinynet_tui.teaching.sentences import explanation

FIRST = shipped_lesson("first")


def at(session: Session, step: str, sample: int | None = None) -> Moment:
    """The moment of a step, by its name."""
    number = program_of(session).number(step, sample)
    assert number is not None
    return moment(dataclasses.replace(session, step=number))


def line(lesson: str, step: str, sample: int | None = None) -> str:
    """The line of a shipped lesson's step."""
    return nudge_lines(at(start(shipped_lesson(lesson)), step, sample))[0]


def test_the_line_of_a_parameter_of_an_input_and_of_the_output() -> None:
    """By hand: z₁ = −3 + 6 + 2 = 5, z₃ = −5 + 6 + 1 = 2, so L = (1.97 − 3)² where w₁ is −0.99."""
    assert line("first", "dL/dw1") == (
        "w₁ −1 → −0.99   z₁ +0.03   h₁ +0.03   z₃ −0.03   ŷ −0.03   L +0.0609   gradient says +0.06"
    )
    assert line("first", "dL/dyhat") == "ŷ 2 → 2.01   L −0.0199   gradient says −0.02"
    assert line("first", "dL/dh2") == "h₂ 3 → 3.01   z₃ +0.02   ŷ +0.02   L −0.0396   gradient says −0.04"


def test_each_quantity_of_a_batch_has_the_number_of_its_sample() -> None:
    """The joined gradient is of all of them: what is on the way is told of the sample that is on screen.

    By hand, of sample 4 with x = (1, 1) and y = 0: tanh 0.31 − tanh 0.3 is 0.0091245, 0.9 of that 0.0082120,
    σ changes by 0.0018551, and −ln(1 − ŷ) by 0.0053810.
    """
    assert line("xor", "dL/dz3", 2).startswith("z₃⁽²⁾ ")
    assert line("xor", "dL/dw1", 3).split("   ")[0::5] == ["w₁ 1.2 → 1.21", "L⁽³⁾ −0.001244"]
    assert line("xor", "dL/dw1") == (
        "w₁ 1.2 → 1.21   z₁⁽⁴⁾ +0.01   h₁⁽⁴⁾ +0.009124   z₃⁽⁴⁾ +0.008212   ŷ⁽⁴⁾ +0.001855   L⁽⁴⁾ +0.005381"
        "   mean L +0.001034   gradient says +0.001033"
    )


def test_of_a_batch_it_is_said_whose_the_loss_is() -> None:
    """The change of mean L is not that of the sample on the way: the other samples change, too."""
    xor = at(start(shipped_lesson("xor")), "dL/dw1")
    assert "for 4 samples: they share the nudge and the update." in " ".join(explanation(xor).sentences)
    shown = dataclasses.replace(xor.session, panel="chain", selected="w1")
    assert "The product is that of sample 4; mean L is of all 4 samples." in chain_words(
        Scene(moment(shown), Look())
    )
    own = moment(dataclasses.replace(shown, step=program_of(shown).number("dL/dw1", 2) or 0))
    assert "The product is that of sample 2." in chain_words(Scene(own, Look()))


def test_of_a_batch_it_is_said_whose_the_numbers_on_the_way_are() -> None:
    """Those of one sample are told; the others move, too. A sample's own gradient has no others."""
    xor = start(shipped_lesson("xor"))
    told = "On the way are sample 4's numbers; the other 3 samples are in mean L alone."
    assert told in nudge_lines(at(xor, "dL/dw1"))
    assert len(nudge_lines(at(xor, "dL/dz3", 2))) == 1
    assert not any("On the way" in said for said in nudge_lines(at(start(shipped_lesson("first")), "dL/dw1")))


def test_where_too_much_follows_in_a_batch_the_loss_alone_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the whole batch that is worked out by the loop that training runs."""
    monkeypatch.setattr("tinynet_tui.teaching.nudge.MOST_FOLLOWING", 5)
    assert line("xor", "dL/dw1") == "w₁ 1.2 → 1.21   mean L +0.001034   gradient says +0.001033"


def one_sigmoid(z: float, target: float) -> Session:
    """σ(z) by binary cross-entropy."""
    network = Network((1, 1), ("sigmoid",), "binary_cross_entropy")
    setup = setup_of(network, (z, 0.0), inputs=((1.0,),), targets=((target,),))
    return start(lesson_of(setup))


@pytest.mark.parametrize(
    ("z", "target", "told"),
    [
        # With σ(5.5) = 0.99592986: ln(0.99592986) − ln(0.98592986) = 0.0100916.
        (5.5, 1.0, ("ŷ 0.9959 → 0.9859   L +0.01009   gradient says +0.01004",
                    "L has no finite value at ŷ = 1.00593, so it is nudged the other way.")),
        # −ln(0.99) = 0.0100503
        (40.0, 1.0, ("ŷ 1 → 0.99   L +0.01005   gradient says +0.01",
                     "L has no finite value at ŷ = 1.01, so it is nudged the other way.")),
        (40.0, 0.0, ("ŷ 1 → 1.01   gradient says +inf",
                     "L is inf before the nudge: no change of it can be told.")),
    ],
)  # fmt: skip
def test_where_the_loss_ends_the_nudge_goes_the_other_way(
    z: float, target: float, told: tuple[str, ...]
) -> None:
    """No σ is above 1: there ln(1 − ŷ) has no value."""
    assert nudge_lines(at(one_sigmoid(z, target), "dL/dyhat")) == told


def test_the_knob_says_where_the_loss_ends() -> None:
    """It is turned by hand, and so not turned back."""
    shut = dataclasses.replace(one_sigmoid(40.0, 0.0), selected="w1", panel="chain")
    text = screen(at(shut, "dL/dw1"), 80, 24, Look()).text()
    assert "L is inf before the nudge: no change of it can be told." in text
    assert "nan times" not in text


def test_rounding_is_no_change() -> None:
    """In the GPT block nothing follows from q: the shares are equal whatever it is."""
    assert line("gpt-block", "dL/dq").endswith("ŷ₁ +0   ŷ₂ +0   ŷ₃ +0   L +0   gradient says +0")


def test_a_shut_gate_and_a_bend_are_said() -> None:
    """A sum of −0.005 is nudged over 0: then L changes, though the gradient is 0."""
    lesson = replace(FIRST, network=replace(FIRST.network, biases=((-3.005, 1.0), (1.0,))))
    told = nudge_lines(at(start(lesson), "dL/db1"))
    assert told[0] == (
        "b₁ −3.005 → −2.995   z₁ +0.01   h₁ +0.005   z₃ −0.005   ŷ −0.005   L −0.039975   gradient says +0"
    )
    assert "z₁ gets to the other side of 0, where the slope of ReLU changes" in told[1]


def test_all_sums_that_get_below_0_are_named() -> None:
    """x₁ 3 → 5 by hand: z₂ = −2 · 5 + 4 · 2 + 1 = −1, z₁ = −5 + 3 · 2 + 2 = 3, z₃ = −3 + 2 · 0 + 1 = −2."""
    session = dataclasses.replace(start(FIRST), selected="x1", knob=2.0)
    assert knob(at(session, "L")).bend.startswith(
        "z₂ gets to the other side of 0 and z₃ gets to the other side of 0, where the slope of ReLU changes"
    )


@given(setup=setups())
@examples(60)
def test_parameters_of_any_dense_network(setup: Setup) -> None:
    """Each change is that of an independent network, for a sample and for the whole batch."""
    update = trace(setup, first_point(setup))
    session = start(LECTURE)
    batch = batch_setup(setup, 1)
    compared = 0
    for number in range(1, len(update.program) + 1):
        step = update.program.step(number)
        name = step.name.removeprefix("dL/d")
        if step.role != "gradient" or name not in setup.model.parameter_names:
            continue
        now = moment_in(dataclasses.replace(session, step=number), update)
        found = nudge(now, name, step.sample is None)
        place = setup.model.parameter_names.index(name)
        old = setup.parameters
        new = (*old[:place], old[place] + found.by, *old[place + 1 :])
        before, after_ = (reference_of(setup, numbers) for numbers in (old, new))
        changes = found.changes
        if step.sample is None and (len(update.program.samples) > 1 or setup.model.penalties):
            losses = [reference.batch_loss(model, batch.inputs, batch.targets) for model in (before, after_)]
            assert isclose(found.change, losses[1] - losses[0], rel_tol=1e-6, abs_tol=1e-12)
            assert len(changes) > 1
            changes = changes[:-1]  # those on the way are of the sample on screen
        values = [values_of(model, setup, now.sample - 1) for model in (before, after_)]
        for symbol, change in changes:
            plain = symbol.translate(str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")).partition("⁽")[0]
            if plain.rstrip("0123456789") in ("e", "S"):
                continue  # a softmax's own, which the reference does not name
            old_value, new_value = (of_model[plain] for of_model in values)
            assert isclose(change, new_value - old_value, rel_tol=1e-6, abs_tol=1e-12), symbol
            compared += 1
    assert compared >= len(setup.model.parameter_names)


def values_of(model: reference.Model, setup: Setup, sample: int) -> dict[str, float]:
    """The sums, activations and loss of one sample (from 0) by their names, as the reference has them."""
    sums, activations = reference.forward(model, setup.inputs[sample])
    *_, outputs = activations
    names = [f"ŷ{place}" if len(outputs) > 1 else "ŷ" for place in range(1, len(outputs) + 1)]
    hidden = [value for layer in activations[:-1] for value in layer]
    return {
        **{f"z{place}": z for place, z in enumerate((z for layer in sums for z in layer), start=1)},
        **{f"h{place}": h for place, h in enumerate(hidden, start=1)},
        **dict(zip(names, outputs, strict=True)),
        "L": reference.sample_loss(model.loss, outputs, setup.targets[sample]),
    }


@given(setup=setups())
@examples(60)
def test_the_smaller_the_nudge_the_nearer_the_gradient(setup: Setup) -> None:
    """For every quantity, parameter, input and target of a dense network."""
    assume(is_smooth(setup))
    update = trace(setup, first_point(setup))
    last = moment_in(dataclasses.replace(start(LECTURE), step=len(update.program) - 1), update)
    assert_near(last, (*names_of(last), *setup.model.inputs))


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("samples", [1, 3])
def test_any_program(name: str, samples: int) -> None:
    """Softmax, recurrence, attention, a plain function: nothing in the nudge needs layers."""
    if not PROGRAMS[name][0].assignments:
        samples = 1
    update = first_update(name, samples, l2=samples > 1)
    last = moments(update)[-2]
    assert_near(last, (*names_of(last), *update.setup.model.inputs, *update.setup.model.targets))
    for now in moments(update):
        told = nudge_lines(now)
        assert bool(told) == (now.step is not None and now.step.role == "gradient")
        assert not told or "gradient says" in told[0]


def names_of(now: Moment) -> tuple[str, ...]:
    """All that a moment's model has gradients of."""
    steps = now.program.sample_steps
    return tuple(step.name.removeprefix("dL/d") for step in steps if step.role == "gradient")


def assert_near(now: Moment, names: tuple[str, ...]) -> None:
    """A nudge of 1e-5 to both sides agrees with the gradient: the curvature cancels."""
    for name in names:
        whole = name in now.model.parameter_names
        up, down = (nudge(now, name, whole, by) for by in (1e-5, -1e-5))
        assert up.gradient is not None
        slope = (up.change - down.change) / (up.by - down.by)
        assert isclose(slope, up.gradient, rel_tol=1e-4, abs_tol=1e-6), name


def test_a_large_number_is_nudged_so_that_it_is_seen() -> None:
    """By 0.1 where it is 30,000, and not by 0.01; its digits tell how far."""
    lesson = replace(FIRST, data=replace(FIRST.data, inputs=((30_000.0, 2.0),)))
    session = after(start(lesson), Command("select", "x1"))
    found = nudge(at(session, "L"), "x1", False)
    assert found.by == pytest.approx(0.1)
    assert found.line(4).startswith("x₁ 30000 → 30000.1   ")


def test_the_knob_turns_where_the_chain_is_shown() -> None:
    """Through the sizes, near to 0 and never there; another selection has a knob of its own."""
    session = at(after(start(FIRST), Command("chain")), "dL/dw1").session
    assert "w₁ −1 → −0.99   z₁ +0.03" in shown(session)
    session = after(session, Command("nudge-up"))
    assert "w₁ −1 → −0.98   z₁ +0.06" in shown(session)
    # By hand, of d: (1 + 3 · d)² − 1, so 6 + 9 · d times as much: the digits tell it from 6, and its side.
    for changed, ratio in (("−0.99", "6.09"), ("−0.999", "6.009"), ("−0.9999", "6.0009"),
                           ("−1.0001", "5.9991"), ("−1.001", "5.991"), ("−1.01", "5.91")):  # fmt: skip
        session = after(session, Command("nudge-down"))
        assert f"w₁ −1 → {changed}   z₁ " in shown(session)
        assert f"L changes {ratio} times as much as w₁; a tiny nudge gives nearly 6." in said(session)
    for _ in range(2 * len(NUDGES)):
        session = after(session, Command("nudge-up"))
    assert session.notice == "w₁ cannot be nudged further."
    assert "w₁ −1 → 9   " in shown(session)
    assert "gradient says +60" in shown(session)
    assert after(session, Command("select", "w2")).knob == FIRST_NUDGE


def said(session: Session) -> str:
    """All that the chain says at a session's place."""
    return " ".join(chain_words(Scene(moment(session), Look())))


def shown(session: Session) -> str:
    """What is on the screen at the design size."""
    return screen(moment(session), 80, 24, Look()).text()


def test_nothing_is_told_before_it_is_known() -> None:
    """Before the loss there is no nudge; before the gradient a ?; and none while steps are predicted."""
    session = after(after(start(FIRST), Command("chain")), Command("nudge-up"))
    assert ": what that does is seen once L is known." in shown(session)
    assert "gradient says ?" in shown(at(session, "L").session)
    asking = after(at(after(start(FIRST), Command("chain")), "L").session, Command("predict"))
    turned = after(asking, Command("nudge-up"))
    assert turned.knob == FIRST_NUDGE
    assert "would give the answer away" in turned.notice
    assert "gradient says" not in shown(turned)


def test_what_counts_as_a_constant_is_held() -> None:
    """The largest sum m of a softmax: z₁ 2 → 2.01 makes e⁰ to e^0.01, as ∂e₁/∂z₁ = e₁ = 1 foretells."""
    session = start(shipped_lesson("softmax-3"))
    number = program_of(session).number("dL/dz1")
    assert number is not None
    (line,) = nudge_lines(moment(dataclasses.replace(session, step=number)))
    assert line.startswith("z₁ 2 → 2.01   e₁ +0.01005   S +0.01005   ŷ₁ +0.00222")


def test_where_too_much_follows_that_is_said() -> None:
    """Of a weight that 600 numbers follow from no step works out a nudge; the panel of the chain does."""
    text = """
[program]
forward = '''
h[0] = w * x
h[i] = h[i-1] * 1 for i in 1..600
yhat = h[600] + b
'''
loss = "(yhat - y)^2"
[program.parameters]
w = 0.5
b = 1
[data]
columns = ["x", "y"]
rows = [[2, 1]]
[training]
learning_rate = 0.1
"""
    session = start(parse_lesson(text, "long"))
    assert nudge_lines(at(session, "dL/dw")) == (
        "No nudge here: 603 quantities follow from w, more than the 500 that are worked out at every step.",
    )
    # By hand: ŷ = 2, so that L is 1, and 1.01² with b 1.01.
    told = nudge_lines(at(session, "dL/db"))
    assert told == ("b 1 → 1.01   ŷ +0.01   L +0.0201   gradient says +0.02",)
    turned = after(after(at(session, "dL/dw").session, Command("select", "w")), Command("chain"))
    assert "gradient says +0.04" in shown(turned)


@pytest.mark.parametrize(
    ("step", "words"),
    [
        # e₂ = 1 / e, and S = 1 + 1 / e + 1 / e² = 1.50321: e₂ / 1.51321 − e₂ / 1.50321 = −0.00161724.
        ("dyhat2/dS", "S 1.503 → 1.513 gives ŷ₂ −0.001617, −0.1617 times as much."),
        # 1.01 / S − 1 / S.
        ("dyhat1/de1", "e₁ 1 → 1.01 gives ŷ₁ +0.006652, 0.6652 times as much."),
        # The largest sum is taken off: e⁰·⁰¹ − 1.
        ("de1/dz1", "z₁ 2 → 2.01 gives e₁ +0.01005, 1.005 times as much."),
    ],
)
def test_a_slope_of_softmax_can_be_tried(step: str, words: str) -> None:
    """By hand, with what the step alone reads."""
    session = start(shipped_lesson("softmax-3"))
    number = program_of(session).number(step)
    assert number is not None
    told = explanation(moment(dataclasses.replace(session, step=number))).sentences
    assert f"Try it, all else as it is: {words}" in told


def test_once_as_much_is_as_much() -> None:
    """No 1 times."""
    found = Nudge("y₃", 0.0, 0.01, (("L", 0.01),), 1.0, "")
    assert found.ratio(4) == "L changes as much as y₃, as the gradient says."


def test_what_a_tiny_nudge_gives_is_the_gradient() -> None:
    """By hand, (5 · 0.02 − 1)² − 1 = −0.19. Of others nothing is said: −0.5 gives −16 times, −1 gives −8."""
    now = moment(dataclasses.replace(start(shipped_lesson("first")), step=13))
    assert (
        nudge(now, "w5", False, 0.02).ratio(4)
        == "L changes −9.5 times as much as w₅; a tiny nudge gives nearly −10."
    )
