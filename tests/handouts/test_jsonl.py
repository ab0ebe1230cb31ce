"""The trace as JSON Lines: a contract with whoever reads it."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from tests.engine import programs
from tests.engine.notation import evaluated
from tests.engine.programs import PROGRAMS
from tests.engine.setups import LECTURE, setups
from tests.examples import examples
from tests.goldens import assert_golden
from tests.handouts.test_text import BOTH
from tests.published_cases import PublishedCase, agrees, published_cases
from tests.session.random_lessons import lesson_of
from tinynet_tui.drawing.signs import to_ascii
from tinynet_tui.engine.model import Hyperparameters, Setup
from tinynet_tui.engine.trace import trace
from tinynet_tui.engine.training import first_point
from tinynet_tui.handouts.formats import Writer
from tinynet_tui.handouts.jsonl import lines, step_object, update_object
from tinynet_tui.handouts.records import json_line
from tinynet_tui.handouts.request import Request
from tinynet_tui.handouts.updates import traces
from tinynet_tui.networks.dense import dense_model, dense_network

KEYS = [
    "update", "step", "phase", "name", "symbol", "sample",
    "of", "role", "formula", "numbers", "value", "reads", "inputs",
]  # fmt: skip

STEP_18 = (
    '{"update": 1, "step": 18, "phase": "backward", "name": "dL/dh1", "symbol": "∂L/∂h₁", "sample": 1, '
    '"of": {"kind": "activation", "layer": 1, "neuron": 1}, "role": "gradient", '
    '"formula": "∂L/∂z₃ · ∂z₃/∂h₁", "numbers": "1 · 1", "value": 1.0, "reads": ["dL/dz3", "dz3/dh1"], '
    '"inputs": {"dL/dz3": 1.0, "dz3/dh1": 1.0}}'
)
UPDATE_1 = (
    '{"trace": 2, "update": 1, "lesson": "any", "samples": [1], '
    '"parameters": {"w1": 1.0, "w2": 0.5, "w3": 1.0, "w4": -0.5, "w5": 1.0, "w6": 1.0, '
    '"b1": 0.5, "b2": 0.0, "b3": 0.5}, "inputs": {"1": {"x1": 1.0, "x2": 0.0}}, '
    '"targets": {"1": {"y": 2.0}}, "hyperparameters": {"eta": 0.01}, "state": {}}'
)
"""As the description of the format has them."""


def _lines(setup: Setup, updates: int = 1, to_ascii: Writer | None = None) -> list[str]:
    return list(lines(Request(lesson_of(setup), updates), to_ascii))


def _objects(setup: Setup, updates: int = 1) -> list[dict[str, Any]]:
    return list(map(json.loads, _lines(setup, updates)))


def _steps(setup: Setup, updates: int = 1) -> list[dict[str, Any]]:
    return [object for object in _objects(setup, updates) if "trace" not in object]


def test_a_line_is_as_the_description_has_it() -> None:
    """Byte for byte, the order of the keys included."""
    first, *steps = _lines(LECTURE)
    assert (first, steps[17]) == (UPDATE_1, STEP_18)


@pytest.mark.parametrize(("name", "setup"), [("lecture", LECTURE), ("two-samples", BOTH)])
def test_as_printed(name: str, setup: Setup) -> None:
    """An update of the lecture, and one of two samples with momentum."""
    assert_golden(f"trace-{name}.jsonl", "".join(f"{line}\n" for line in _lines(setup)))


def test_in_ascii_a_reader_gets_the_same() -> None:
    """Other signs are escaped, not translated."""
    ascii = _lines(LECTURE, 1, to_ascii)
    assert all(line.isascii() for line in ascii)
    assert list(map(json.loads, ascii)) == _objects(LECTURE)


@pytest.mark.parametrize("to_ascii", [None, to_ascii])
def test_a_title_is_only_data(to_ascii: Writer | None) -> None:
    """Nothing in it ends a line, turns the text or is obeyed by a terminal; a reader gets it as it was."""
    title = '"red"\x1b[31m\x7f\x85\x9b31m\u2028\u202egnirts\u2066 ŷ 表\U000e0041\n'
    first, *_ = lines(Request(lesson_of(LECTURE, title)), to_ascii)
    assert first.isprintable()
    assert json.loads(first)["lesson"] == title


def test_the_lecture_has_46_steps() -> None:
    """In their phases, numbered from 1 in every update."""
    objects = _steps(LECTURE, 2)
    assert [(o["update"], o["step"]) for o in objects] == [(u, s) for u in (1, 2) for s in range(1, 47)]
    phases = [o["phase"] for o in objects[:46]]
    assert [phases.count(p) for p in ("forward", "loss", "backward", "update", "check")] == [6, 1, 29, 9, 1]
    assert phases == sorted(phases, key=["forward", "loss", "backward", "update", "check"].index)


@given(setups())
@examples(25)
def test_every_line_has_all_keys_in_order(setup: Setup) -> None:
    """And `of` has those that apply: an input for weights alone, layer and neuron for all but the loss."""
    for number, step in enumerate(_steps(setup), start=1):
        assert list(step) == KEYS
        assert step["step"] == number
        of = {
            "loss": ["kind"],
            "weight": ["kind", "layer", "neuron", "input"],
            "quantity": ["kind", "name"],  # of a softmax: its shift, its powers of e, their sum
        }.get(step["of"]["kind"], ["kind", "layer", "neuron"])
        assert list(step["of"]) == of
        assert step["name"].isascii()


def test_values_are_in_full_precision() -> None:
    """The number that is read back is the number that was computed."""
    run = trace(LECTURE, first_point(LECTURE))
    assert [o["value"] for o in _steps(LECTURE)] == [run.value(number) for number in range(1, 47)]


@pytest.mark.parametrize("case", published_cases(), ids=lambda case: case.name)
def test_published_numbers(case: PublishedCase) -> None:
    """The last step of a name in an update is the number that the worked example prints."""
    values = {o["name"]: o["value"] for o in _steps(case.setup)}
    for name, printed in case.printed:
        assert agrees(values[name], printed), name


def test_numbers_that_are_not_finite_are_strings() -> None:
    """A learning rate beyond all reason sends values to inf, then to nan; the lines stay JSON."""
    wild = replace(LECTURE, hyperparameters=Hyperparameters(learning_rate=1e200), targets=((9.0,),))
    text = "\n".join(_lines(wild, 4))
    values = [step["value"] for step in _steps(wild, 4)]
    found = set(values) & {"inf", "-inf", "nan"}
    assert found == {"inf", "-inf", "nan"}
    assert not {"NaN", "Infinity"} & set(text.replace(",", " ").split())
    assert all(isinstance(v, str) or math.isfinite(v) for v in values)


def test_minus_zero_is_zero() -> None:
    """In lists and in objects, too: no reader has to tell them apart."""
    assert json_line({"a": -0.0, "b": [-0.0, {"c": -0.0}]}) == '{"a": 0.0, "b": [0.0, {"c": 0.0}]}'


def test_what_belongs_to_a_whole_batch_has_no_sample() -> None:
    """Gradients are joined over two samples, then parameters are updated."""
    both = replace(LECTURE, inputs=((1.0, 0.0), (2.0, 1.0)), targets=((2.0,), (6.0,)), batch=2)
    steps = _steps(both)
    joined = [s["name"] for s in steps if s["sample"] is None and s["phase"] == "backward"]
    assert joined == [f"dL/d{p}" for p in ("w1", "w2", "w3", "w4", "w5", "w6", "b1", "b2", "b3")]
    assert {s["sample"] for s in steps if s["phase"] in ("update", "check")} == {None}
    assert {s["sample"] for s in steps if s["phase"] == "forward"} == {1, 2}


def test_what_an_update_starts_from() -> None:
    """Each update begins with one record, with its own samples and the state that its steps read."""
    network = dense_network(LECTURE.model)._replace(optimizer="adam", regularized=True)
    inputs, targets = ((1.0, 0.0), (2.0, 1.0), (0.5, 0.25)), ((2.0,), (6.0,), (1.0,))
    steering = LECTURE.hyperparameters._replace(l2=0.5)
    setup = replace(
        LECTURE, model=dense_model(network), inputs=inputs, targets=targets, batch=2, hyperparameters=steering
    )
    first, second = (o for o in _objects(setup, 2) if "trace" in o)
    assert (first["update"], first["samples"], second["update"], second["samples"]) == (1, [1, 2], 2, [3])
    assert second["inputs"] == {"3": {"x1": 0.5, "x2": 0.25}}
    assert first["targets"] == {"1": {"y": 2.0}, "2": {"y": 6.0}}
    assert list(first["hyperparameters"]) == ["eta", "beta1", "beta2", "epsilon", "lambda"]
    assert (first["state"]["t"], second["state"]["t"]) == (1.0, 2.0)
    assert first["state"]["m_w1"] == 0.0 != second["state"]["m_w1"]


def test_what_joins_samples_reads_each_by_its_number() -> None:
    """As the formula marks them, in ASCII."""
    joined = next(step for step in _steps(BOTH) if step["sample"] is None)
    assert joined["formula"] == "(∂L/∂w₁⁽¹⁾ + ∂L/∂w₁⁽²⁾) / 2"
    assert (joined["reads"], joined["inputs"]) == (["dL/dw1"], {"dL/dw1(1)": 1.0, "dL/dw1(2)": -6.0})


_NUMBER = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}
_SIGNS = {
    **dict(zip("0123456789", "₀₁₂₃₄₅₆₇₈₉", strict=True)),
    "yhat": "ŷ", "eta": "η", "mu": "μ", "beta": "β", "epsilon": "ε", "lambda": "λ", "alpha": "α", "rho": "ρ",
    "omega": "ω", "d": "∂",
}  # fmt: skip
_SIGN = re.compile("|".join(sorted(_SIGNS, key=len, reverse=True)))


def _written(name: str) -> str:
    """A name of the stream as formulas write it, by rules of this test's own: dL/dw1(2) is ∂L/∂w₁⁽²⁾."""
    name, _, sample = name.rstrip(")").partition("(")
    letters = _SIGN.sub(lambda found: _SIGNS[found[0]], name)
    state = re.fullmatch("([mvs])_(.*)", letters)
    mark = "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)] for digit in sample)
    return (f"{state[1]}({state[2]})" if state else letters) + (f"⁽{mark}⁾" if mark else "")


def _number(value: float | str) -> float:
    return _NUMBER[value] if isinstance(value, str) else value


def _same(one: float | str, other: float | str) -> bool:
    """Whether two numbers are one; not a number is itself here."""
    values = [_number(value) for value in (one, other)]
    return values[0] == values[1] or all(map(math.isnan, values))


@given(setups())
@examples(15)
def test_the_stream_is_self_contained(setup: Setup) -> None:
    """A program that has the stream alone works out every value, and knows where every number came from."""
    known: dict[str, float | str] = {}
    for object in _objects(setup, 3):
        if "trace" in object:
            began = object["parameters"] | object["state"]
            assert all(_same(known.get(name, value), value) for name, value in began.items() if name != "t")
            known = began | object["hyperparameters"]
            for sample, row in (*object["inputs"].items(), *object["targets"].items()):
                known |= {f"{name}({sample})": value for name, value in row.items()}
            alone = object["samples"][0]
            continue
        for name, value in object["inputs"].items():
            sources = (f"{name}({object['sample']})", name, f"{name}({alone})")
            source = next(known[source] for source in sources if source in known)
            # The check reads predictions and losses that it computes anew.
            anew = object["phase"] == "check" and name.startswith(("yhat", "L"))
            assert anew or _same(source, value), (object, name)
        read = {_written(name): _number(value) for name, value in object["inputs"].items()}
        assert _same(evaluated(object["formula"], read), object["value"]), object
        mark = f"({object['sample']})" if object["sample"] else ""
        known[object["name"] + mark] = object["value"]


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_that_is_no_network_is_told_as_one(name: str) -> None:
    """Each step is about a quantity or a parameter by its name, and reads what stands before it."""
    setup = programs.setup_of(programs.model_of(name), name)
    update = next(traces(setup, 1))
    began = update_object(update, name)
    assert began["parameters"] == dict(zip(setup.model.parameter_names, setup.parameters, strict=True))
    known = {**began["parameters"], **began["hyperparameters"]}  # type: ignore[dict-item]
    known |= {**began["inputs"].get("1", {}), **began["targets"].get("1", {})}  # type: ignore[attr-defined]
    for number in range(1, len(update.program) + 1):
        step: dict[str, Any] = json.loads(json_line(step_object(update, number)))
        assert list(step) == KEYS
        assert step["of"] == {"kind": "loss"} or step["of"].keys() == {"kind", "name"}
        assert step["phase"] == "check" or all(known[name] == read for name, read in step["inputs"].items())
        known[step["name"]] = step["value"]
