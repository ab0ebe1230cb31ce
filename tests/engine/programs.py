"""Programs for tests that are no dense networks: several paths, shared parameters, no inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

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
from tinynet_tui.engine.forward import Assignment, Block, Forward, Parameter, Subject
from tinynet_tui.engine.model import Hyperparameters, Model, Reduction, Setup
from tinynet_tui.rules.optimisers import OPTIMISERS

Numbers = Mapping[str, float]
Program = tuple[Forward, Numbers]
"""A forward pass, and the numbers of its parameters and data."""


def times(*names: str) -> Expr:
    """A product of names, as it stands."""
    return apply("multiply", *map(Name, names))


def block(**lines: Expr) -> Block:
    """A block of assignments, by name."""
    return Block(
        tuple(
            Assignment(name, expression, Subject("quantity", name=name)) for name, expression in lines.items()
        )
    )


def program(levels: Sequence[Sequence[Block]], loss: Expr, parameters: Numbers, data: Numbers) -> Program:
    """A forward pass and its numbers."""
    forward = Forward(
        tuple(map(tuple, levels)),
        loss,
        tuple(Parameter(name, Subject("parameter", name=name)) for name in parameters),
    )
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

    def seen(weight: str, token: int) -> Expr:
        return add(times(f"{weight}[1]", f"x[{token},1]"), times(f"{weight}[2]", f"x[{token},2]"))

    scores = [
        block(q=seen("wq", 2)),
        *(block(**{f"{name}{token}": seen(f"w{name}", token)}) for name in "kv" for token in (1, 2)),
    ]
    powers = [block(**{f"s{i}": times("q", f"k{i}"), f"e{i}": apply("exp", Name(f"s{i}"))}) for i in (1, 2)]
    total = [block(S=add(Name("e1"), Name("e2")))]
    shares = [block(**{f"a{i}": divide(Name(f"e{i}"), Name("S"))}) for i in (1, 2)]
    output = block(
        o=add(times("a1", "v1"), times("a2", "v2")),
        r=add(Name("o"), Name("x[2,1]")),
        yhat=times("wo", "r"),
    )
    parameters = {
        "wq[1]": 0.5,
        "wq[2]": -0.25,
        "wk[1]": 1.0,
        "wk[2]": 0.5,
        "wv[1]": 0.5,
        "wv[2]": 1.0,
        "wo": 0.75,
    }
    data = {"x[1,1]": 1.0, "x[1,2]": 0.3, "x[2,1]": -0.4, "x[2,2]": 0.8, "y": 0.5}
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


def data_of(name: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The names of a program's inputs, targets and predictions."""
    return {
        "softmax": (("x1", "x2"), ("y1", "y2", "y3"), ("yhat1", "yhat2", "yhat3")),
        "recurrent": (("x1", "x2", "x3"), ("y",), ("yhat",)),
        "attention": (("x[1,1]", "x[1,2]", "x[2,1]", "x[2,2]"), ("y",), ("yhat",)),
        "plain function": ((), (), ()),
    }[name]


def model_of(
    name: str, optimizer: str = "gradient_descent", reduction: Reduction = "mean", l2: bool = False
) -> Model:
    """The model of a program; with L2 on parameters that begin with w, of which the last is frozen."""
    forward, _ = PROGRAMS[name]
    rule = OPTIMISERS[optimizer]
    last = forward.parameters[-1].name
    parameters = (
        p._replace(penalties=("L2",) * (l2 and p.name.startswith("w")), is_trained=not l2 or p.name != last)
        for p in forward.parameters
    )
    inputs, targets, predictions = data_of(name)
    own = ((number.name, number.default) for number in rule.hyperparameters)
    return Model(
        source=(name, optimizer, reduction, l2),
        title=name,
        facts=(("Program", name),),
        with_optimiser=lambda other: model_of(name, other, reduction, l2),
        forward=replace(forward, parameters=tuple(parameters)),
        loss=None,
        inputs=inputs,
        targets=targets,
        predictions=predictions,
        reduction=reduction,
        optimiser=rule,
        hyperparameters=(("eta", 0.01), *own, *((("lambda", 0.0),) if l2 else ())),
    )


def setup_of(model: Model, name: str, samples: int = 1, batch: int = 1, rate: float = 0.1) -> Setup:
    """The start of training a program on its own numbers; further samples are moved away from them."""
    given = PROGRAMS[name][1]
    names = (*model.inputs, *model.targets)
    rows = [{n: given[n] + (0.25 * s if n in model.inputs else 0.0) for n in names} for s in range(samples)]
    return Setup(
        model,
        tuple(given[n] for n in model.parameter_names),
        tuple(tuple(row[n] for n in model.inputs) for row in rows),
        tuple(tuple(row[n] for n in model.targets) for row in rows),
        Hyperparameters(rate, 0.05),
        batch,
    )
