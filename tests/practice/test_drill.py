"""A drill: help that fades, a record of what was answered, a course that is gone through to its end."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import replace

import msgspec
import pytest

from tests.practice.test_record import answer as right_answer
from tinynet_tui.engine.expression_reading import number_text
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lesson
from tinynet_tui.practice.course import (
    SHIPPED_COURSES,
    Course,
    Goal,
    course_of_lesson,
    reached,
    shipped_course,
)
from tinynet_tui.practice.drill import Drill, after_it, before_it, begun, done, left, next_exercise, progress
from tinynet_tui.practice.exercise import asked_of, steps_by_kind
from tinynet_tui.practice.generated import GENERATORS, generated_lesson
from tinynet_tui.practice.record import PracticeAnswer, standings
from tinynet_tui.prediction.judgement import result
from tinynet_tui.prediction.kinds import KINDS, StepKind
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.history import initial_setup, program_of
from tinynet_tui.session.moment import moment
from tinynet_tui.session.predicting import with_question


def right(drill: Drill) -> str:
    """The value that is asked for."""
    there = drill.exercise.question.answer
    return number_text(there.trace.value(there.session.step))


def answered(drill: Drill, text: str, now: float = 1.0) -> Drill:
    """The drill after an answer."""
    asked = drill.exercise.question
    return done(drill, Command("answer", (text, result(asked.answer, "number", text))), now)


def of_neuron(kind: StepKind) -> PracticeAnswer:
    """A right answer, of one neuron, in a course of one's own."""
    return msgspec.structs.replace(right_answer(kind), course="own", source="neuron")


def first(course: str = "update", seed: int = 3) -> Drill:
    """The first exercise of a course, for somebody new."""
    return begun(shipped_course(course), seed, (), 0.0)


def test_what_was_looked_up_is_kept_as_that() -> None:
    """With how many hints were taken before, and how long it took."""
    drill = done(done(done(first(), Command("hint"), 1.0), Command("hint"), 2.0), Command("next"), 4.0)
    assert drill.is_over
    [answer] = drill.answers
    assert (answer.result, answer.tries, answer.hints, answer.seconds) == ("shown", 0, 2, 4.0)
    # Once it is over nothing more is kept of it.
    assert done(drill, Command("back"), 5.0).answers == (answer,)


def test_what_is_looked_up_after_a_wrong_try_is_one_try() -> None:
    """By hints to their end, or by →."""
    for ends in (["hint"] * 4, ["next"]):
        drill = answered(first(), "1234")
        for name in ends:
            drill = done(drill, Command(name), 2.0)
        [answer] = drill.answers
        assert (answer.result, answer.tries) == ("wrong", 1)


def test_what_is_tried_and_left_is_kept_as_wrong() -> None:
    """What was not tried is not: it may be left for another day."""
    [answer] = left(answered(first(), "1234"), 2.0).answers
    assert (answer.result, answer.tries) == ("wrong", 1)
    assert left(first(), 2.0).answers == ()
    over = answered(first(), right(first()))
    assert left(over, 2.0) == over


def test_the_first_mistake_is_kept_with_how_often_was_tried() -> None:
    """Right in the end is right with help."""
    drill = first(seed=1)
    drill = answered(answered(drill, "-" + right(drill).replace("−", "")), "1234")
    assert not drill.is_over
    over = answered(drill, right(drill), 3.0)
    [answer] = over.answers
    assert after_it(over) == "Right with a hint. It counts when it is right at the first try."
    assert (answer.result, answer.tries, answer.hints) == ("helped", 3, 1)
    assert answer.mistake == "The number is right, but its sign is wrong."
    assert answer.is_right
    assert not answer.is_unaided


def test_a_sign_alone_is_not_the_whole_answer() -> None:
    """Whoever chooses that level has help; and another step than the one that was asked does not count."""
    sign = done(first(), Command("level"), 1.0)
    sign = done(sign, Command("level"), 1.0)
    assert sign.session.level == "sign"
    [answer] = done(sign, Command("answer", ("+", "right")), 1.0).answers
    assert answer.result == "helped"
    assert done(done(first(), Command("back"), 1.0), Command("next"), 1.0).answers == ()


@pytest.mark.parametrize("name", SHIPPED_COURSES)
def test_a_course_can_be_gone_through_to_its_end(name: str) -> None:
    """By one who answers right: every goal is reached, the kinds come mixed, and then it goes on."""
    drill, kinds = first(name), list[str]()
    needed = sum(goal.right for goal in drill.course.goals)
    while sum(reached(drill.course, drill.answers)) < needed and drill.number < 4 * needed:
        kinds.append(drill.exercise.kind)
        drill = next_exercise(answered(drill, right(drill), float(drill.number)), float(drill.number))
    assert sum(reached(drill.course, drill.answers)) == needed
    assert (
        f"{needed} of {needed} right, {len(drill.course.goals)} of {len(drill.course.goals)} parts done"
        in progress(drill)[0]
    )
    there = {
        kind for goal in drill.course.goals for kind in steps_by_kind(start(drill.course.lesson(goal, 1)))
    }
    assert set(kinds) == there
    for _ in range(20):
        drill = next_exercise(answered(drill, right(drill), float(drill.number)), float(drill.number))


def test_help_fades_and_wrong_results_come_to_be_mended() -> None:
    """For one who answers right: an example first, then none; no formula at the end; mistakes to be found."""
    drill, mended, examples, levels = first(), 0, 0, list[str]()
    for number in range(60):
        levels.append(drill.session.level)
        examples += "Worked example" in before_it(drill)
        planted = drill.exercise.planted
        if planted is not None:
            mended += 1
            assert "That is wrong: what is right?" in before_it(drill)
        drill = answered(drill, right(drill), float(number))
        counts = reached(drill.course, drill.answers) != reached(drill.course, drill.answers[:-1])
        done = "" if counts else "This part is done: more of it keeps you in practice, and is not counted."
        mistake = f"The mistake was: {planted.words}" if planted else ""
        assert after_it(drill) == f"{mistake} {done}".strip()
        drill = next_exercise(drill, float(number))
    assert examples == 5  # the sixth kind began with a constant, of which there is nothing to be worked out
    assert levels[0] == "number"
    assert set(levels[-10:]) == {"diagram"}
    assert mended > 3


@pytest.mark.parametrize("seed", range(8))
def test_a_worked_example_is_of_the_same_sort(seed: int) -> None:
    """∂z₁/∂w₁ for ∂z₂/∂w₄, never ∂L/∂ŷ; a shut ReLU for a shut one; and with other numbers."""
    drill, found = first(seed=seed), 0
    for number in range(20):
        _, has_example, example = before_it(drill).partition("Worked example, from another network: ")
        if has_example:
            found += 1
            asked, shown = (re.sub(r"[₀-₉]", "", text) for text in (drill.exercise.solution, example))
            assert asked.split(" = ")[0] == shown.split(" = ")[0]
            assert asked.endswith(" = 0") == shown.endswith(" = 0.")
            assert drill.exercise.solution not in example
        drill = done(drill, Command("next"), float(number))
        drill = next_exercise(drill, float(number))
    assert found


@pytest.mark.parametrize("name", ["recurrence", "attention", "gpt-block"])
def test_a_step_of_formulas_has_a_worked_example_too(name: str) -> None:
    """Where its kind is new: the same step with other numbers, never with its own."""
    drill, found = begun(shipped_course(name), 3, (), 0.0), set()
    for number in range(14):
        _, has_example, example = before_it(drill).partition("Worked example, with other numbers: ")
        if has_example:
            found.add(drill.exercise.kind)
            asked, shown = (
                re.split(" [=≈←] ", text) for text in (drill.exercise.solution, example.removesuffix("."))
            )
            assert asked[0] == shown[0]
            assert asked != shown
            assert asked[-1] in ("0", "1") or asked[-1] != shown[-1]
        drill = next_exercise(done(drill, Command("next"), float(number)), float(number))
    assert len(found) >= 4


def test_other_numbers_are_said_to_be_new() -> None:
    """From the second exercise on: z₁ of the one before is not what this one's h₁ is of."""
    drill = first()
    assert "New numbers." not in before_it(drill)
    again = next_exercise(answered(drill, right(drill)), 1.0)
    assert again.exercise.source in GENERATORS
    assert before_it(again).startswith("New numbers.")


def test_goals_are_mixed() -> None:
    """Once every kind was asked, two of five exercises are of the kinds of goals before or after it."""
    kinds: dict[str, StepKind] = {"neuron": "sum", "relu": "slope", "two-outputs": "path"}
    goals = tuple(Goal(name, (kind,), right=1, generator=name) for name, kind in kinds.items())
    course = Course("own", "Own", "", goals, {})
    before: dict[StepKind, str] = {"slope": "relu", "path": "two-outputs", "update": "relu"}
    asked = [
        msgspec.structs.replace(of_neuron(kind), result="shown", source=source)
        for kind, source in before.items()
    ]
    answers = (of_neuron("sum"), *asked)
    sources = Counter(begun(course, seed, answers, 1.0).exercise.source for seed in range(100))
    assert set(sources) == {"neuron", "relu", "two-outputs"}
    assert 45 <= sources["relu"] <= 75
    assert sources["neuron"] >= 10 <= sources["two-outputs"]


@pytest.mark.parametrize("name", SHIPPED_COURSES)
def test_every_kind_is_asked_once_soon(name: str) -> None:
    """Before any kind a second time, also of somebody who gets nothing right."""
    drill, kinds = first(name), list[StepKind]()
    there = {
        kind
        for goal in drill.course.goals
        for kind in steps_by_kind(start(drill.course.lesson(goal, 1)))
        if kind in goal.kinds
    }
    for number in range(len(there)):
        kinds.append(drill.exercise.kind)
        drill = next_exercise(done(drill, Command("next"), float(number)), float(number))
    assert set(kinds) == there


@pytest.mark.parametrize("is_right", [True, False])
@pytest.mark.parametrize("seed", range(6))
def test_a_sum_of_two_paths_comes_soon(is_right: bool, seed: int) -> None:
    """Within ten exercises of the course, whoever answers them: each part is met before one comes again."""
    drill, expressions = first(seed=seed), list[str]()
    for number in range(10):
        asked = drill.exercise
        expressions += [asked.question.line.letters or ""] if asked.source == "two-outputs" else []
        over = answered(drill, right(drill)) if is_right else done(drill, Command("next"), float(number))
        drill = next_exercise(over, float(number))
    assert any(re.fullmatch(r"∂L/∂\S+ · \S+ \+ ∂L/∂\S+ · \S+", letters) for letters in expressions)


def test_a_constant_slope_is_asked_with_what_it_is_a_slope_of() -> None:
    """∂z₁/∂b₁ has no formula of its own; and of a 0 two examples are shown, as one would only be copied."""
    formulas, zeros = set[str](), 0
    for seed in range(12):
        drill = first(seed=seed)
        for number in range(6):
            letters, example = drill.exercise.question.line.letters, drill.example
            if letters is None:
                top = drill.exercise.question.line.name[1:].partition("/")[0]
                assert example.startswith(f"It is a slope of {top} = ")
                formulas.add(example)
            elif example.endswith(" = 0."):
                zeros += 1
                assert re.match(r"Worked examples, from another network: .* = [1-9]\d*; .* = 0\.$", example)
            drill = next_exercise(done(drill, Command("next"), float(number)), float(number))
    assert formulas
    assert zeros


@pytest.mark.parametrize("name", ["classifier", "recurrence"])
def test_a_lesson_that_comes_again_has_new_numbers(name: str) -> None:
    """Those of its parameters, dealt to others of them: an answer that was seen before is none."""
    drill = first(name)
    lesson = drill.exercise.session.lesson
    assert not drill.exercise.session.is_edited
    dealt = list[tuple[float, ...]]()
    for number in range(1, 8):
        drill = next_exercise(answered(drill, right(drill), float(number)), float(number))
        session = drill.exercise.session
        if session.lesson == lesson:
            setup, given = initial_setup(session), moment(session).given
            now = tuple(given[parameter] for parameter in setup.model.parameter_names)
            assert sorted(setup.parameters) == sorted(now)
            assert setup.parameters != now
            is_new = now not in dealt[-1:]
            assert before_it(drill).startswith("New numbers, not the lesson's own.") == is_new
            dealt.append(now)
    assert len(set(dealt)) > 1


@pytest.mark.parametrize(("in_a_row", "least", "most"), [(2, 0, 0), (3, 20, 40)])
def test_wrong_results_are_to_be_mended_once_a_kind_is_mastered(in_a_row: int, least: int, most: int) -> None:
    """About three of ten exercises are such; before that, none is."""
    course = Course("own", "Own", "", (Goal("All", ("update",), right=9, generator="relu"),), {})
    answers = (of_neuron("update"),) * in_a_row
    drills = [begun(course, seed, answers, 1.0) for seed in range(100)]
    assert least <= sum(drill.exercise.planted is not None for drill in drills) <= most


@pytest.mark.parametrize("seed", [0, 2, 15])
def test_a_worked_example_never_is_the_answer(seed: int) -> None:
    """Of these seeds the network that is drawn first for the example has the very numbers of the exercise."""
    goal = Goal("All", ("activation",), right=10, generator="two-outputs")
    drill = begun(Course("own", "Own", "", (goal,), {}), seed, (), 0.0)
    assert drill.example
    assert drill.example != drill.exercise.solution


def test_an_activation_is_mastered_on_a_shut_relu_too() -> None:
    """Whose sum is below 0: whoever only hands on sums is not right three times in a row."""
    for seed in range(20):
        drill, asked = first(seed=seed), list[float]()
        while not standings(drill.answers)["activation"].level and drill.number < 40:
            if drill.exercise.kind == "activation" and drill.exercise.source == "relu-shut":
                asked.append(float(right(drill)))
            drill = next_exercise(answered(drill, right(drill), float(drill.number)), float(drill.number))
        assert 0.0 in asked, seed


def test_after_a_zero_comes_a_step_that_is_none() -> None:
    """Until the kind is mastered, where the network has such a step."""
    for seed in range(20):
        drill = first(seed=seed)
        while not standings(drill.answers)["activation"].level:
            had_zero = standings(drill.answers)["activation"].has_zero
            if drill.exercise.kind == "activation" and had_zero:
                assert float(right(drill)) != 0, seed
            drill = next_exercise(answered(drill, right(drill), float(drill.number)), float(drill.number))


@pytest.mark.parametrize(("kind", "is_hard"), [("slope", r"dh\d/dz\d"), ("path", r"dL/dh\d")])
def test_what_is_easy_alone_does_not_master_a_kind(kind: StepKind, is_hard: str) -> None:
    """Of the three right answers at least one is a slope that is not always 1, or a sum of two paths."""
    goal = Goal("All", (kind,), right=10, generator="two-outputs")
    course = Course("own", "Own", "", (goal,), {})
    for seed in range(20):
        drill = begun(course, seed, (), 0.0)
        while not standings(drill.answers)[kind].level:
            drill = next_exercise(answered(drill, right(drill), float(drill.number)), float(drill.number))
        assert len(drill.answers) == 3
        assert any(re.fullmatch(is_hard, answer.step) for answer in drill.answers), seed


def test_no_kind_is_mastered_on_one_step_asked_three_times() -> None:
    """Where a network has several of the kind: all of the first course have."""
    for seed in range(30):
        drill = first(seed=seed)
        while drill.number < 25:
            drill = next_exercise(answered(drill, right(drill), float(drill.number)), float(drill.number))
        for kind in KINDS:
            steps = [(answer.source, answer.step) for answer in drill.answers if answer.kind == kind][:3]
            assert len(steps) < 3 or len({step for _, step in steps}) > 1, (seed, kind, steps)


def test_the_first_course_has_no_slope_mastered_without_that_of_a_relu() -> None:
    """Whose network with one neuron has one, too: a slope that is 1 whatever z is shows nothing."""
    for seed in range(20):
        drill = first(seed=seed)
        while not standings(drill.answers)["slope"].level:
            drill = next_exercise(answered(drill, right(drill), float(drill.number)), float(drill.number))
        slopes = [answer for answer in drill.answers if answer.kind == "slope"]
        assert len({answer.step for answer in slopes}) > 1, seed  # more than one slope is asked
        with_relu = {"neuron": r"dyhat/dz1", "relu": r"d(h\d|yhat)/dz\d"}
        assert any(re.fullmatch(with_relu[answer.source], answer.step) for answer in slopes), seed


def test_a_linear_neuron_has_a_hint_that_helps_and_the_last_hint_is_said_to_be() -> None:
    """Its slope is 1, and has no formula to be put into."""
    session = start(generated_lesson("two-outputs", 1))
    number = program_of(session).number("dyhat1/dz3", 1)
    assert number in steps_by_kind(session)["slope"]
    linear = replace(session, step=number - 1, level="number")
    hinted = after(with_question(linear), Command("hint"))
    assert asked_of(hinted).help == (
        "A linear neuron hands on z itself: the slope of z is 1, whatever z is.",
    )
    assert asked_of(after(hinted, Command("hint"))).help[-1] == "There are no more hints."


@pytest.mark.parametrize("name", ["attention", "gpt-block"])
def test_what_is_0_by_hand_and_not_as_computed_is_not_asked(name: str) -> None:
    """Where shares cancel, rounding leaves 4e-16 of a gradient: no hand has that, and 0 would be wrong."""
    for seed in range(12):
        drill = first(name, seed)
        for _ in range(6):
            there = drill.exercise.question
            values = (there.answer.trace.value(there.answer.session.step), *(r.value for r in there.reads))
            assert not any(0 < abs(value) < 1e-12 for value in values), (seed, drill.number)
            drill = next_exercise(answered(drill, right(drill), float(drill.number)), float(drill.number))


def test_a_level_that_was_chosen_stays() -> None:
    """In place of what the record says, also for what comes next."""
    drill = done(first(), Command("level"), 1.0)
    assert drill.session.level == "diagram" != first().session.level
    drill = next_exercise(next_exercise(done(drill, Command("next"), 1.0), 1.0), 1.0)
    assert drill.session.level == "diagram"


def test_the_same_seed_asks_a_class_the_same() -> None:
    """As long as they answer alike."""
    one, other = first(seed=1), first(seed=1)
    for _ in range(5):
        assert one.session == other.session
        one, other = (next_exercise(answered(each, right(each)), 1.0) for each in (one, other))
    assert first(seed=1).session != first(seed=2).session


@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_every_lesson_can_be_practised(name: str) -> None:
    """Ten exercises, answered by the true value or looked up."""
    drill = begun(course_of_lesson(name, shipped_lesson(name)), 1, (), 0.0)
    for number in range(10):
        drill = answered(drill, right(drill)) if number % 2 else done(drill, Command("next"), 1.0)
        assert drill.answers[-1].result == ("right" if number % 2 else "shown")
        drill = next_exercise(drill, 1.0)


def test_the_same_question_is_not_asked_twice_nor_called_new() -> None:
    """While there are others: a surface of two numbers has four steps, and one other way to deal them."""
    drill = begun(course_of_lesson("valley", shipped_lesson("valley")), 5, (), 0.0)
    asked = [drill]
    for number in range(1, 5):
        drill = next_exercise(done(drill, Command("next"), float(number)), float(number))
        asked.append(drill)
    questions = [(each.exercise.solution, each.exercise.session.edits) for each in asked]
    assert len(set(questions)) == len(questions)
    for one, other in itertools.pairwise(asked):
        is_new = one.exercise.session.edits != other.exercise.session.edits
        assert before_it(other).startswith("New numbers") == is_new


@pytest.mark.parametrize("name", SHIPPED_COURSES)
def test_what_is_said_on_leaving_fits_a_row_of_80(name: str) -> None:
    """Before anything is mastered, and once all is: a terminal would break it in a word."""
    fresh = first(name)
    answers = tuple(right_answer(kind=kind) for kind in KINDS for _ in range(3))
    for drill in (fresh, replace(fresh, answers=answers)):
        assert all(len(line) <= 80 for line in progress(drill))
    assert progress(replace(fresh, answers=answers))[1] == f"Mastered: {', '.join(KINDS)}."
