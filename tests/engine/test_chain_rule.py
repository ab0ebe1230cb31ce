"""The chain rule for programs that are no dense networks: several paths, shared parameters, no inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from tinynet_tui.engine.chain_rule import Derivative, backward
from tinynet_tui.engine.expressions import (
    Expr,
    Name,
    Number,
    add,
    apply,
    divide,
    multiply,
    negative,
    subtract,
)
from tinynet_tui.engine.forward import Block, Forward, Subject, parameter, quantity
from tinynet_tui.engine.walks import value

Numbers = Mapping[str, float]
Program = tuple[Forward, Numbers]
"""A forward pass, and the numbers of its parameters and data."""


def times(*names: str) -> Expr:
    """A product of names, as it stands."""
    return apply("multiply", *map(Name, names))


def block(**lines: Expr) -> Block:
    """A block of assignments, by name."""
    return Block(tuple(quantity(name, expression) for name, expression in lines.items()))


def program(levels: Sequence[Sequence[Block]], loss: Expr, parameters: Numbers, data: Numbers) -> Program:
    """A forward pass and its numbers."""
    forward = Forward(tuple(map(tuple, levels)), loss, tuple(map(parameter, parameters)))
    return forward, {**parameters, **data}


def squared_error() -> Expr:
    """(ŷ − y)²."""
    return apply("square", subtract(Name("yhat"), Name("y")))


def softmax() -> Program:
    """Three classes from two inputs, softmax and cross-entropy: every ŷ reads every z."""
    scores = [
        block(**{f"z{k}": add(times(f"w{2 * k - 1}", "x1"), times(f"w{2 * k}", "x2"), Name(f"b{k}"))})
        for k in (1, 2, 3)
    ]
    powers = [block(**{f"e{k}": apply("exp", Name(f"z{k}"))}) for k in (1, 2, 3)]
    total = block(S=add(Name("e1"), Name("e2"), Name("e3")))
    shares = [block(**{f"yhat{k}": divide(Name(f"e{k}"), Name("S"))}) for k in (1, 2, 3)]
    terms = (multiply(Name(f"y{k}"), apply("ln", Name(f"yhat{k}"))) for k in (1, 2, 3))
    weights = {"w1": 0.5, "w2": -0.25, "w3": 0.1, "w4": 0.75, "w5": -0.6, "w6": 0.3}
    return program(
        [scores, powers, [total], shares],
        negative(add(*terms)),
        {**weights, "b1": 0.1, "b2": -0.2, "b3": 0.05},
        {"x1": 1.5, "x2": -0.5, "y1": 0.0, "y2": 1.0, "y3": 0.0},
    )


def recurrent() -> Program:
    """Three steps in time with the same weights: w and b are read three times, u twice."""
    levels = [[block(z1=add(times("w", "x1"), Name("b")), h1=apply("tanh", Name("z1")))]]
    for t in (2, 3):
        z = add(times("w", f"x{t}"), times("u", f"h{t - 1}"), Name("b"))
        levels.append([block(**{f"z{t}": z, f"h{t}": apply("tanh", Name(f"z{t}"))})])
    levels.append([block(yhat=add(times("v", "h3"), Name("c")))])
    parameters = {"w": 0.7, "u": -0.4, "b": 0.1, "v": 1.2, "c": -0.3}
    return program(levels, squared_error(), parameters, {"x1": 1.0, "x2": -0.5, "x3": 0.25, "y": 0.5})


def attention() -> Program:
    """One head over two tokens, with a residual: the values reach the loss along several paths."""
    scores = [
        block(q=add(times("wq1", "x3"), times("wq2", "x4"))),
        block(k1=add(times("wk1", "x1"), times("wk2", "x2"))),
        block(k2=add(times("wk1", "x3"), times("wk2", "x4"))),
        block(v1=add(times("wv1", "x1"), times("wv2", "x2"))),
        block(v2=add(times("wv1", "x3"), times("wv2", "x4"))),
    ]
    powers = [block(**{f"s{i}": times("q", f"k{i}"), f"e{i}": apply("exp", Name(f"s{i}"))}) for i in (1, 2)]
    total = [block(S=add(Name("e1"), Name("e2")))]
    shares = [block(**{f"a{i}": divide(Name(f"e{i}"), Name("S"))}) for i in (1, 2)]
    output = block(
        o=add(times("a1", "v1"), times("a2", "v2")),
        r=add(Name("o"), Name("x3")),
        yhat=times("wo", "r"),
    )
    parameters = {"wq1": 0.5, "wq2": -0.25, "wk1": 1.0, "wk2": 0.5, "wv1": 0.5, "wv2": 1.0, "wo": 0.75}
    data = {"x1": 1.0, "x2": 0.3, "x3": -0.4, "x4": 0.8, "y": 0.5}
    return program([scores, powers, total, shares, [output]], squared_error(), parameters, data)


def plain_function() -> Program:
    """A function of two parameters and nothing else: 0.1 · w1² + 2 · w2²."""
    loss = add(
        multiply(Number(0.1), apply("square", Name("w1"))), multiply(Number(2.0), apply("square", Name("w2")))
    )
    return program([], loss, {"w1": -5.0, "w2": -2.0}, {})


PROGRAMS = {
    "softmax": softmax(),
    "recurrent": recurrent(),
    "attention": attention(),
    "plain function": plain_function(),
}


def loss_of(forward: Forward, given: Numbers) -> float:
    """The loss, every assignment computed in turn."""
    return computed(forward, given)["L"]


def computed(forward: Forward, given: Numbers) -> dict[str, float]:
    """The numbers of a forward pass, the loss as L."""
    known = dict(given)
    for line in forward.assignments:
        known[line.name] = value(line.expression, lambda name: known[name.name])
    known["L"] = value(forward.loss, lambda name: known[name.name])
    return known


def gradients(forward: Forward, given: Numbers) -> dict[str, float]:
    """The numbers of a backward pass, each step from those before it alone."""
    known = computed(forward, given)
    for step in backward(forward):
        known[step.name] = value(step.expression, lambda name: known[name.name])
    return known


@pytest.mark.parametrize("name", PROGRAMS)
def test_gradients_are_differences_of_the_loss(name: str) -> None:
    """Of every parameter, by a difference of fourth order."""
    forward, given = PROGRAMS[name]
    found, h = gradients(forward, given), 1e-3

    def moved(parameter: str, by: float) -> float:
        return loss_of(forward, {**given, parameter: given[parameter] + by})

    for p in (found.name for found in forward.parameters):
        near, far = moved(p, h) - moved(p, -h), moved(p, 2 * h) - moved(p, -2 * h)
        assert found[f"dL/d{p}"] == pytest.approx((8 * near - far) / (12 * h), rel=1e-9, abs=1e-10), p


@pytest.mark.parametrize(
    ("name", "forward_steps", "backward_steps"),
    [("softmax", 10, 40), ("recurrent", 7, 28), ("attention", 15, 51), ("plain function", 0, 2)],
)
def test_how_many_steps(name: str, forward_steps: int, backward_steps: int) -> None:
    """A step for each assignment; back, one for each reader of a name, and one for each sum."""
    forward, _ = PROGRAMS[name]
    assert len(forward.assignments) == forward_steps
    assert len(list(backward(forward))) == backward_steps


def test_a_shared_parameter_has_one_gradient_after_all_that_it_needs() -> None:
    """The recurrent weight is read three times: three local derivatives, then their sum, at the first z."""
    steps = list(backward(PROGRAMS["recurrent"][0]))
    names = [step.name for step in steps]
    assert [name for name in names if name.endswith("/dw")] == ["dz1/dw", "dz2/dw", "dz3/dw", "dL/dw"]
    assert names.index("dL/dz1") < names.index("dz1/dw")
    # v belongs to the output alone, and comes first.
    assert names[:3] == ["dL/dyhat", "dyhat/dv", "dL/dv"]


def test_softmax_has_its_published_gradients() -> None:
    """The scores of a worked example, with the loss and the shares as a program apart from this one has them.

    That program has softmax and −ln of the share as they are defined; ŷ − y at each z is the known result for
    softmax with cross-entropy (Bishop 2006, eq. 4.109).
    """
    forward, _ = softmax()
    # Scores as they come out of the hidden layer: only the biases carry them here.
    scores = {"b1": 0.4332, "b2": -0.228, "b3": 0.228}
    given = {
        **{f"w{n}": 0.0 for n in range(1, 7)},
        **scores,
        "x1": 0.0,
        "x2": 0.0,
        "y1": 0.0,
        "y2": 0.0,
        "y3": 1.0,
    }
    found = gradients(forward, given)
    assert found["L"] == pytest.approx(1.0513754685043635, rel=1e-12)
    shares = [0.4290527237144287, 0.2214905246525316, 0.34945675163303985]
    assert [found[f"yhat{k}"] for k in (1, 2, 3)] == pytest.approx(shares, rel=1e-12)
    wanted = [0.42905272371442865, 0.22149052465253158, -0.6505432483669601]
    assert [found[f"dL/dz{k}"] for k in (1, 2, 3)] == pytest.approx(wanted, rel=1e-12)


def test_a_parameter_that_both_a_block_and_the_loss_read() -> None:
    """Its gradient has the loss's own derivative beside the path through the block: L = w · (w · x)."""
    forward, given = program([[block(z=times("w", "x"))]], times("w", "z"), {"w": 3.0}, {"x": 2.0})
    assert [(step.name, step.role) for step in backward(forward)] == [
        ("dL/dz", "gradient"),
        ("dz/dw", "local"),
        ("dL/dw", "gradient"),
    ]
    assert gradients(forward, given)["dL/dw"] == 12.0  # d(2w²)/dw


def test_what_nothing_reads_has_the_gradient_0() -> None:
    """A quantity may be there to be seen alone."""
    blocks = [[block(seen=times("w", "x"), yhat=times("w", "x"))]]
    forward, given = program(blocks, squared_error(), {"w": 3.0}, {"x": 2.0, "y": 5.0})
    found = gradients(forward, given)
    assert (found["dL/dseen"], found["dL/dw"]) == (0.0, 4.0)


def test_roles() -> None:
    """∂u/∂v is local, ∂L/∂v a gradient, and both are about v."""
    local, gradient = list(backward(PROGRAMS["recurrent"][0]))[1:3]
    assert isinstance(local, Derivative)
    assert (local.role, gradient.role) == ("local", "gradient")
    assert local.of == gradient.of == Subject("parameter", name="v")
