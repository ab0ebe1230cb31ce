"""Practice, asked for one right answer: `python -m tests.campaigns.unique_answers --count 10000`.

Of each generated network every step is asked, judged by a program that shares no code with the package
(`tests/reference.py`): what the words of the question may mean has one value, that alone is right, and where
a wrong result is to be mended, just one slip gives it.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from math import prod
from random import Random

from tests.campaigns.generated_networks import network_of
from tests.reference import Model, passed
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.practice.exercise import exercise, steps_by_kind
from tinynet_tui.practice.generated import GENERATORS, generated_lesson
from tinynet_tui.prediction.judgement import expected, result
from tinynet_tui.prediction.kinds import KINDS
from tinynet_tui.prediction.question import Question, question
from tinynet_tui.session.commands import start
from tinynet_tui.session.predicting import with_question
from tinynet_tui.session.session import Level, Session

_TINY = 1e-9


def quantities(lesson: Lesson) -> tuple[Mapping[str, float], Mapping[str, list[list[float]]]]:
    """(the value of everything in an update, by name; the terms that each is the sum of, as their factors).

    A new value has the name of its parameter with `new ` before it.
    """
    model, rate = network_of(lesson), lesson.training.learning_rate
    inputs, targets = lesson.data.inputs[0], lesson.data.targets[0]
    came = passed(model, inputs, targets)
    values = {f"x{n}": x for n, x in enumerate(inputs, 1)}
    terms = dict[str, list[list[float]]]()
    neuron, weight = 0, 0
    for layer, sums in enumerate(came.z):
        before = inputs if layer == 0 else came.a[layer - 1]
        for j, z in enumerate(sums):
            neuron += 1
            own, bias = f"z{neuron}", model.biases[layer][j]
            name = _output(model, layer, j, neuron)
            values |= {own: z, name: came.a[layer][j], f"b{neuron}": bias}
            values |= {f"dL/d{own}": came.deltas[layer][j], f"dL/d{name}": came.errors[layer][j]}
            slope = float(z > 0 or model.activations[layer] == "linear")
            values |= {f"d{name}/d{own}": slope, f"d{own}/db{neuron}": 1.0}
            values[f"dL/db{neuron}"] = came.bias_gradients[layer][j]
            terms[own] = [[bias]]
            terms[f"dL/d{own}"] = [[came.errors[layer][j], slope]]
            terms[f"dL/db{neuron}"] = [[came.deltas[layer][j], 1.0]]
            for i, (w, read) in enumerate(zip(model.weights[layer][j], before, strict=True)):
                weight += 1
                source = (
                    f"x{i + 1}" if layer == 0 else _output(model, layer - 1, i, neuron - j - len(before) + i)
                )
                gradient = came.weight_gradients[layer][j][i]
                values |= {f"w{weight}": w, f"d{own}/dw{weight}": read, f"dL/dw{weight}": gradient}
                terms[own].append([w, read])
                terms[f"dL/dw{weight}"] = [[came.deltas[layer][j], read]]
                if layer:
                    values[f"d{own}/d{source}"] = w
                    terms.setdefault(f"dL/d{source}", []).append([came.deltas[layer][j], w])
    for j, (prediction, target) in enumerate(zip(came.a[-1], targets, strict=True)):
        end = "" if len(targets) == 1 else f"{j + 1}"
        values[f"y{end}"] = target
        terms[f"dL/dyhat{end}"] = [[2.0, prediction], [-2.0, target]]
    for name in [name for name in values if name[0] in "wb"]:
        values[f"new {name}"] = values[name] - rate * values[f"dL/d{name}"]
        terms[f"new {name}"] = [[values[name]], [-1.0, rate, values[f"dL/d{name}"]]]
    return values, terms


def _output(model: Model, layer: int, j: int, neuron: int) -> str:
    """What a neuron hands on is called."""
    if layer < len(model.weights) - 1:
        return f"h{neuron}"
    return "yhat" if len(model.weights[layer]) == 1 else f"yhat{j + 1}"


def assert_one_right_answer(lesson: Lesson) -> int:
    """Fail unless each step of a lesson's update has just one right answer; returns how many were asked."""
    session, (values, _) = start(lesson), quantities(lesson)
    numbers = [number for steps in steps_by_kind(session).values() for number in steps]
    for number in numbers:
        asked = _asked(session, number, "number")
        for one in (asked, _asked(session, number, "sign")):
            _assert_named(one, values)
        there, right = asked.answer, values[_name(asked)]
        assert there.step is not None, "a question is about a step"
        assert abs(there.trace.value(number) - right) <= _TINY, (_name(asked), right)
        assert result(there, "number", repr(right)) == "right"
        accepted = expected(
            there.step.expression, partial(there.trace.value_of, number), there.session.digits
        )
        for other in {*values.values(), right + 1, right - 1, -right or 1.0, right + 0.1, right / 2 or 2.0}:
            is_accepted = accepted.verdict(other) == "right"
            assert is_accepted == (abs(other - right) <= _TINY), (_name(asked), other, right)
    return len(numbers)


def _asked(session: Session, number: int, level: Level) -> Question:
    asked = question(with_question(replace(session, step=number - 1, level=level)))
    assert asked is not None, "it asks for the step"
    return asked


def _name(asked: Question) -> str:
    step = asked.answer.step
    assert step is not None, "a question is about a step"
    return f"new {step.name}" if step.role == "update" else step.name


_LETTERS = {"∂": "d", "ŷ": "yhat", **{letter: str(n) for n, letter in enumerate("₀₁₂₃₄₅₆₇₈₉")}}


def _assert_named(asked: Question, values: Mapping[str, float]) -> None:
    """What stands before the answer is the name of what is asked for, and of nothing with another value."""
    for words in (asked.name.removeprefix("the "), asked.label.removeprefix("sign of the ").strip(" =:")):
        plain = words.removeprefix("sign of ")
        for letter, ascii in _LETTERS.items():
            plain = plain.replace(letter, ascii)
        meant = {value for name, value in values.items() if name == plain}
        assert meant == {values[_name(asked)]}, (words, meant)


def assert_one_slip(source: str, seed: int, lesson: Lesson) -> int:
    """Fail unless each wrong result that is to be mended comes of one slip alone; returns how many came."""
    session, (values, terms), found = start(lesson), quantities(lesson), 0
    for kind in KINDS:
        drawn = exercise(source, seed, session, (kind,), True, Random(f"{source} {seed} {kind}"))
        if drawn is None or drawn.planted is None:
            continue
        found += 1
        name, wrong = _name(drawn.question), drawn.planted.expected.exact
        assert abs(wrong - values[name]) > _TINY, (name, wrong)
        assert result(drawn.question.answer, "number", repr(wrong)) == "wrong"
        ways = {words for words, came in _slips(name, terms.get(name, [])) if abs(came - wrong) <= _TINY}
        assert len(ways) <= 1, (name, wrong, ways, drawn.planted.words)
    return found


def _slips(name: str, terms: list[list[float]]) -> Iterator[tuple[str, float]]:
    """(what went wrong, what comes of it) for each single thing that may be left out or have another sign.

    Two that a hand would do by the same stroke are one: of a factor or of its term the sign is changed.
    """
    total = sum(map(prod, terms))
    for place, term in enumerate(terms):
        rest = total - prod(term)
        if len(terms) > 1:
            yield f"without term {place}", rest
            yield f"sign of term {place}", rest - prod(term)
        for index, factor in enumerate(term) if len(term) > 1 else ():
            if name.startswith("dL/dyhat") and index == 0:
                continue  # the 2 stands before both of its terms
            if factor != -1.0 or not name.startswith("new "):
                yield f"without factor {index} of term {place}", rest + prod(term[:index] + term[index + 1 :])
    if name.startswith("dL/dyhat"):
        yield "without the 2", total / 2
    if len(terms) == 1 and len(terms[0]) == 2:
        yield "added", sum(terms[0])


def main() -> None:
    """Try as many seeds of every generator as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    count, asked, mended = parser.parse_args().count, 0, 0
    for name in GENERATORS:
        for seed in range(count):
            lesson = generated_lesson(name, seed)
            asked += assert_one_right_answer(lesson)
            mended += assert_one_slip(name, seed, lesson)
    print(f"{count} seeds of {len(GENERATORS)} generators: {asked} questions, {mended} wrong results to mend")


if __name__ == "__main__":
    main()
