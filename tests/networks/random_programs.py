"""Random programs of formulas, and what they are worth by Python's own evaluation: a reader of its own."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from random import Random
from typing import Any, NamedTuple

from tests.networks.own_names import ALLOWED
from tinynet_tui.lessons.parsing import parse_lesson
from tinynet_tui.lessons.schema import Lesson

NAMES = ("w", "u", "w1", "h_prev", "x_1", "len", "sum_L", *(name for name in ALLOWED if name != "i"))
"""Of parameters: most are what printed code calls things of its own; but for i, which counts in formulas."""
_SAFE = (
    "exp(tanh({}))", "ln(1.5 + ({})^2)", "sqrt(2 + ({})^2)", "abs({})", "sin({})", "cos({})", "tanh({})",
    "sigmoid({})", "relu({})", "leaky_relu({})", "leaky_relu({}, 0.3)", "softplus({})", "max({}, 0.3*{})",
    "min({}, {} - 0.2)", "({})^3", "({})**2", "(2 + sigmoid({}))^1.5", "2^tanh({})",
    "(1.2 + sigmoid({}))^sigmoid({})", "1/(2 + ({})^2)", "-({})", "(({})^2 + 1)^2",
)  # fmt: skip
"""Every function, with arguments that it has a slope at."""


class Program(NamedTuple):
    """A program's text in parts, and its numbers."""

    lines: tuple[tuple[str, str, bool], ...]
    """(name, formula, whether it runs for i in 1..2)."""
    loss: str
    parameters: Mapping[str, Any]
    sample: Mapping[str, float]

    def lesson(self, training: str = "learning_rate = 0.01") -> Lesson:
        """It as a lesson."""
        text = "\n".join(
            f"{'# part' + chr(10) if number % 3 == 2 else ''}{name} = {formula}{' for i in 1..2' * loop}"
            for number, (name, formula, loop) in enumerate(self.lines)
        )
        numbers = "\n".join(f"{name} = {value}" for name, value in self.parameters.items())
        return parse_lesson(
            f'title = "random"\n[program]\nforward = """\n{text}\n"""\nloss = "{self.loss}"\n'
            f"[program.parameters]\n{numbers}\n[data]\ncolumns = {list(self.sample)}\n"
            f"rows = [{list(self.sample.values())}]\n[training]\n{training}\n".replace("'", '"'),
            "random.toml",
        )


def random_program(seed: int) -> Program:
    """A program in which parameters are shared and quantities reach the loss along several paths."""
    chance = Random(seed)
    scalars = chance.sample(NAMES, 4)
    parameters: dict[str, Any] = {name: round(chance.uniform(-1.5, 1.5), 3) for name in scalars}
    parameters["k"] = [round(chance.uniform(-1.5, 1.5), 3) for _ in range(2)]
    sample = {name: round(chance.uniform(-1.5, 1.5), 3) for name in ("x[1]", "x[2]", "y")}
    known, lines = [*scalars, "k[1]", "k[2]", "x[1]", "x[2]"], list[tuple[str, str, bool]]()
    for number in range(chance.randint(3, 8)):
        loop = chance.random() < 0.4
        own = ["k[i]", "x[i]"] if loop else []
        if not loop and chance.random() < 0.3:
            formula = f"sum(k[j]*{_formula(chance, [*known, 'x[j]'])} for j in 1..2)"
        else:
            formula = _formula(chance, [*known, *own])
        name = f"q{'abcdefgh'[number]}"
        lines.append((f"{name}[i]" if loop else name, formula, loop))
        known += [f"{name}[1]", f"{name}[2]"] if loop else [name]
    last = known[-1]
    loss = f"({last} - y)^2 + 0.1*{chance.choice(known)}*{chance.choice(scalars)} + {_formula(chance, known)}"
    text = " ".join((loss, *(formula for _, formula, _ in lines)))
    read = {name: value for name, value in parameters.items() if re.search(rf"\b{name}\b", text)}
    return Program(tuple(lines), loss, read, sample)


def _formula(chance: Random, names: list[str]) -> str:
    terms = [f"{chance.choice(names)}*{chance.choice(names)}" for _ in range(chance.randint(1, 2))]
    inner = f" {chance.choice('+-')} ".join((*terms, str(round(chance.uniform(0.1, 1), 2))))
    form = chance.choice(_SAFE)
    return form.format(*[inner] * form.count("{}"))


_FUNCTIONS: dict[str, Any] = {
    **{name: getattr(math, name) for name in ("exp", "sqrt", "sin", "cos", "tanh")},
    "ln": math.log,
    "sigmoid": lambda z: (1 + math.tanh(z / 2)) / 2,
    "relu": lambda z: max(z, 0.0),
    "leaky_relu": lambda z, slope=0.01: z if z > 0 else slope * z,
    "softplus": lambda z: max(z, 0.0) + math.log1p(math.exp(-abs(z))),
    **{"abs": abs, "max": max, "min": min, "sum": sum, "range": range},
}


def loss_of(program: Program, changed: Mapping[str, float]) -> float:
    """The loss by Python's own evaluation of the same text, with some parameters changed."""
    scope: dict[str, Any] = {}
    lists = {name: value for name, value in program.parameters.items() if isinstance(value, list)}
    flat = {f"{name}[{i}]": v for name, values in lists.items() for i, v in enumerate(values, start=1)}
    scalars = {name: value for name, value in program.parameters.items() if name not in lists}
    for name, value in {**scalars, **flat, **program.sample, **changed}.items():
        _assign(scope, name, value)
    for name, formula, loop in program.lines:
        for i in (1, 2) if loop else (0,):
            _assign(scope, name.replace("[i]", f"[{i}]"), _evaluated(formula, {**scope, "i": i}))
    return float(_evaluated(program.loss, scope))


def _assign(scope: dict[str, Any], name: str, value: float) -> None:
    base, _, index = name.partition("[")
    if index:
        scope.setdefault(base, {})[int(index[:-1])] = value
    else:
        scope[base] = value


def _evaluated(formula: str, scope: Mapping[str, Any]) -> float:
    text = re.sub(r"(\d+)\.\.(\d+)", lambda m: f"range({m[1]}, {int(m[2]) + 1})", formula.replace("^", "**"))
    # Names of functions are taken from the functions; a parameter may be called as a built-in one is.
    return float(eval(text, {"__builtins__": {}, **scope, **_FUNCTIONS}))
