"""Answers on paper, marked: numbers of published examples, worked out by hand, and of the handouts."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from msgspec.structs import replace as replaced

from tests.prediction.asked import lesson
from tinynet_tui.drawing.picture import to_ascii
from tinynet_tui.engine.expression_reading import number_text
from tinynet_tui.handouts import markdown
from tinynet_tui.handouts.request import Request
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lesson
from tinynet_tui.prediction.marking import Mark, _of_worksheet, marks, paper_answers
from tinynet_tui.prediction.mistakes import mistakes
from tinynet_tui.session.commands import start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Session
from tinynet_tui.teaching.step_in_moment import StepInMoment

LECTURE, MAZUR, XOR = lesson("lecture"), lesson("mazur"), lesson("xor")


def of(session: Session, text: str) -> list[Mark]:
    """The marks of a text that can be read."""
    paper = paper_answers(session, text)
    assert not paper.faults
    return list(marks(session, paper.answers, "tinynet-tui x"))


def marked(session: Session, text: str) -> list[str]:
    """Their lines."""
    return [mark.line for mark in of(session, text)]


def test_right_rounded_and_wrong() -> None:
    """By hand: z₁ = 1.5, ŷ = 2.5, ∂L/∂w₆ = 0.5, then L = 0.18096516. Mazur prints h₁ = 0.593269992."""
    assert marked(LECTURE, "z1 = 1.5\nyhat = 5/2\ncheck = 0.181\ndL/dw6 = 0.7\n") == [
        "z1 = 1.5  right",
        "yhat = 5/2  right",
        "check = 0.181  rounded",
        "dL/dw6 = 0.7  wrong: `tinynet-tui x --at 1.14` shows how it is worked out.",
    ]
    assert marked(MAZUR, "h1 = 0.593269992\nh1 = 0.5933\nh1 = 0.59\nh1 = 0.5932") == [
        "h1 = 0.593269992  right",
        "h1 = 0.5933  rounded",
        "h1 = 0.59  rounded",
        "h1 = 0.5932  wrong: `tinynet-tui x --at 1.2` shows how it is worked out.",
    ]


def test_names_may_be_those_of_a_trace_and_those_of_the_screen() -> None:
    """Spaces, empty lines and remarks are passed over; a parameter's own name is its new value."""
    text = "# Ada\n\n ∂L/∂w₅ = 1.5 \n`dL/dw5 ≈ 1.5`\nw5=0.985\n1.12 = 1.5\n2.w5 = 0.97"
    assert [line.partition("  ")[2] for line in marked(LECTURE, text)][:4] == ["right"] * 4
    # The gradient of update 2, by hand: 2 · (ŷ − 2) · h₁ with ŷ = 2.4254 and h₁ = 1.48.
    assert marked(LECTURE, "2.dL/dw5 = 1.259184") == ["2.dL/dw5 = 1.259184  right"]


def test_of_a_batch_a_gradient_is_that_of_the_whole() -> None:
    """And of one sample where it is named."""
    program = program_of(XOR)
    whole, second = program.number("dL/dw1"), program.number("dL/dw1", 2)
    assert [mark.answer.place for mark in of(XOR, "dL/dw1 = 1\ndL/dw1(2) = 1")] == [
        (1, whole),
        (1, second),
    ]


@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_a_worksheet_with_the_handout_s_own_results_is_right(name: str) -> None:
    """Every answer of two updates, whatever the lesson: what a student copies from the handout."""
    own = shipped_lesson(name)
    text = "\n".join(markdown.lines(Request(own, updates=2), None))
    session = start(own)
    found = of(session, text)
    programs = [program_of(replace(session, update=update)) for update in (1, 2)]
    # What is given is printed there, and is no answer.
    assert len(found) == sum(not p.step(n).is_given for p in programs for n in range(1, len(p) + 1))
    assert [mark.line for mark in found if mark.verdict == "wrong"] == []


@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_every_name_that_a_worksheet_prints_is_taken(name: str, ascii: bool) -> None:
    """With the number beside it, as a line: s₁,₁ = 1, L⁽²⁾ = 0.7242; that of the check is L, too."""
    own = shipped_lesson(name)
    rows = list(_of_worksheet("\n".join(markdown.lines(Request(own), None))))
    session, written = start(own), [(named, value) for _, _, named, value in rows]
    assert len(written) == len(program_of(session))
    lines = [to_ascii(f"{named} = {value}") if ascii else f"{named} = {value}" for named, value in written]
    marks_of_lines = of(session, "\n".join(lines))
    assert [mark.line for mark in marks_of_lines if mark.verdict == "wrong"] == []
    places = {mark.answer.place[1] for mark in marks_of_lines}
    assert places >= set(
        range(1, len(lines))
    )  # where the loss stays the same, that of the check is as well L


def test_the_loss_of_a_batch_has_the_name_of_the_screen() -> None:
    """By hand (0.7177 + 0.7242 + 0.4915 + 1.0623) / 4; after it (0.6529 + 0.7740 + 0.5401 + 0.9152) / 4."""
    assert marked(XOR, "mean L = 0.7489\nmean L = 0.72055\n1.mean L = 0.75\nmean L = 0.3") == [
        "mean L = 0.7489  rounded  (before update 1)",
        "mean L = 0.72055  rounded  (after update 1)",
        "1.mean L = 0.75  rounded",
        "mean L = 0.3  wrong: `tinynet-tui x --at 1.163` shows how it is worked out.  (after update 1)",
    ]
    assert paper_answers(XOR, "sum L = 3\nmean L + L2 = 3").faults == (
        "line 1: sum L: there is the mean of the batch here, no sum",
        "line 2: mean L + L2: the loss here has nothing added to it",
    )
    added = replaced(XOR.lesson, training=replaced(XOR.lesson.training, l2=0.5, reduction="sum"))
    # 2.9957 and half of 0.5 · (1.44 + 0.64 + 0.36 + 1 + 0.81 + 0.49).
    assert marked(start(added), "sum L + L2 = 4.1807")[0].startswith("sum L + L2 = 4.1807  r")


def test_a_bare_loss_of_a_batch_is_that_of_a_sample_or_of_all() -> None:
    """By hand as above: of sample 1 0.7177, the mean 0.7489, and after the update 0.72055."""
    assert marked(XOR, "L = 0.7489") == ["L = 0.7489  rounded"]
    assert marked(XOR, "L = 0.7177\nL = 0.7489\nL = 0.72055\nL = 0.3") == [
        "L = 0.7177  rounded  (sample 1, before update 1)",
        "L = 0.7489  rounded  (mean, before update 1)",
        "L = 0.72055  rounded  (mean, after update 1)",
        "L = 0.3  wrong: `tinynet-tui x --at 1.7` shows how it is worked out.  (sample 1, before update 1)",
    ]


@pytest.mark.parametrize("loss", ["mean L + L1 + L2", "mean L + L2 + L1"])
def test_what_is_added_to_a_loss_has_no_order(loss: str) -> None:
    """A sum has none."""
    both = start(replaced(XOR.lesson, training=replaced(XOR.lesson.training, l1=0.5, l2=0.5)))
    paper = paper_answers(both, f"{loss} = 1\nmean L + L2 = 1")
    assert [answer.place for answer in paper.answers] == [(1, len(program_of(both)))]
    [fault] = paper.faults
    assert fault.endswith(
        ("the loss here has L1 and L2 added to it", "the loss here has L2 and L1 added to it")
    )


def test_a_loss_is_that_before_the_update_or_that_of_the_check() -> None:
    """By hand 0.25, and then 0.18096516; where both stand on one paper, it is said which is which."""
    assert marked(LECTURE, "L = 0.25\nL = 0.18096516\nL = 0.7") == [
        "L = 0.25  right  (before update 1)",
        "L = 0.18096516  right  (after update 1)",
        "L = 0.7  wrong: `tinynet-tui x --at 1.7` shows how it is worked out.  (before update 1)",
    ]
    assert marked(LECTURE, "L = 0.25") == ["L = 0.25  right"]


def test_what_is_left_blank_is_no_answer() -> None:
    """A worksheet with two lines filled in, as one writes on the line or in its place."""
    lines = list(markdown.lines(Request(LECTURE.lesson, blank_every=1), None))
    filled = "\n".join(lines).replace(
        "w₁ · x₁ + w₃ · x₂ + b₁ = 1 · 1 + 1 · 0 + 0.5 = __________", "… = __1.5__"
    )
    filled = filled.replace("`h₁ = ReLU(z₁) = ReLU(____) = __________`", "`h₁ = ReLU(z₁) = ReLU(1.5) = -1.5")
    assert marked(LECTURE, filled) == [
        "z₁ = 1.5  right",
        "h₁ = -1.5  wrong: The number is right, but its sign is wrong.",
    ]


def test_what_a_worksheet_prints_as_given_is_no_answer() -> None:
    """The start of a recurrence, h₀ = 0, stands on a sheet that nobody has touched."""
    sheet = "\n".join(markdown.lines(Request(shipped_lesson("recurrent"), blank_every=1), None))
    assert "h₀ = 0" in sheet
    paper = paper_answers(lesson("recurrent"), sheet)
    assert paper.answers == ()
    assert paper.faults[0].startswith("there is no answer in it")


def test_what_follows_from_a_wrong_answer_is_wrong_and_said_to_follow() -> None:
    """Two outputs, by hand: one path alone gives 8 for ∂L/∂h₁ = −2 · (−1) + 4 · 2; then 8 · 1, 8 · 3 = 24
    and 2 − 0.001 · 24 = 1.976. That w₂ = −1 + 0.001 · (−10) is a mistake of its own."""
    text = "dL/dh1 = 8\ndL/dz1 = 8\ndL/dw1 = 24\nw1 = 1.976\nw2 = -1.01\ndL/db1 = 10"
    assert marked(lesson("two-outputs"), text) == [
        "dL/dh1 = 8  wrong: That is one path alone: the products of all paths are added up.",
        "dL/dz1 = 8  wrong: follows from dL/dh1 = 8.",
        "dL/dw1 = 24  wrong: follows from dL/dh1 = 8.",
        "w1 = 1.976  wrong: follows from dL/dh1 = 8.",
        "w2 = -1.01  wrong: The step was added: an update subtracts it.",
        "dL/db1 = 10  right",
    ]


def test_the_loss_after_the_update_follows_from_the_new_parameters() -> None:
    """By hand, with w₅ = 0.9 and all else right: ŷ = 0.9 · 1.48 + 0.995 · 0.48 + 0.49 = 2.2996,
    and (2.2996 − 2)² = 0.08976016. With w₅ right it would be 0.18096516. Of three, two are named."""
    assert marked(LECTURE, "w5 = 0.9\ncheck = 0.08976016")[1] == (
        "check = 0.08976016  wrong: follows from w5 = 0.9."
    )
    # ŷ = 2 · 1.48 + 2 · 0.48 + 2 = 5.92
    last = marked(LECTURE, "w5 = 2\nw6 = 2\nb3 = 2\ncheck = 15.3664")[-1]
    assert last == "check = 15.3664  wrong: follows from w5 = 2 and w6 = 2 and more."


def test_a_mistake_before_a_wrong_answer_is_told_once() -> None:
    """The factor 2 is lost at ∂L/∂ŷ, which stands nowhere; what follows is held against the true numbers."""
    factor = "already at step 1.8, ∂L/∂ŷ: The factor 2 is missing."
    assert marked(LECTURE, "dL/dw5 = 0.75\ndL/dw6 = 0.25\nw5 = 0.9925\nz1 = 1.5") == [
        f"dL/dw5 = 0.75  wrong: {factor}",
        "dL/dw6 = 0.25  wrong: follows from ∂L/∂ŷ = 0.5.",
        "w5 = 0.9925  wrong: follows from dL/dw5 = 0.75.",
        "z1 = 1.5  right",
    ]
    # Where it does stand, and right, the mistake is none that was made there.
    assert "1.12" in marked(LECTURE, "dL/dyhat = 1\ndL/dw5 = 0.75")[1]
    # The gradient goes back through w₅ = 1, not through 0.985.
    assert "updated weight" in marked(LECTURE, "dL/dw1 = 0.985")[0]


def test_of_two_mistakes_before_a_wrong_answer_both_are_named() -> None:
    """The tour's lesson: ∂L/∂ŷ = −2, and the output's slope is 1: without the 2 it is −1, and so is −2 + 1.
    Times h₁ = 5, h₂ = 3 and the rate 0.001."""
    both = (
        "already at step 1.8, ∂L/∂ŷ: The factor 2 is missing. "
        "Or: already at step 1.10, ∂L/∂z₃: These were added: changes along a path multiply."
    )
    for line in ("dL/dw5 = -5", "dL/dw6 = -3", "dL/dw3 = -6", "w1 = -1.003"):
        assert marked(lesson("first"), line) == [f"{line}  wrong: {both}"]


def test_a_factor_that_was_lost_before_is_named_beside_the_step_s_own_mistake() -> None:
    """The tour's lesson without the 2: ∂L/∂w₁ = −1 · (−1) · 3 = 3, as far as z₁ moves with w₁; and
    ∂L/∂b₃ = −1, as −2 + 1 is."""
    factor = "Or: already at step 1.8, ∂L/∂ŷ: The factor 2 is missing."
    [w1, b3] = [marked(lesson("first"), line)[0] for line in ("dL/dw1 = 3", "dL/db3 = -1")]
    assert w1.startswith("dL/dw1 = 3  wrong: That is ∂z₁/∂w₁ alone: ")
    assert w1.endswith(factor)
    assert b3 == f"dL/db3 = -1  wrong: These were added: changes along a path multiply. {factor}"
    # Where it stands, and right, it was not lost.
    assert factor not in marked(lesson("first"), "dL/dyhat = -2\ndL/db3 = -1")[1]
    # It is told once.
    assert marked(lesson("first"), "dL/dw1 = 3\ndL/db3 = -1")[1] == (
        "dL/db3 = -1  wrong: These were added: changes along a path multiply."
    )


def test_a_factor_that_is_lost_at_every_output_is_named() -> None:
    """By hand: without the 2 they are −1 and 2; (−1 · (−1) + 2 · 2) · 3 = 15, and 2 − 0.001 · 15 = 1.985."""
    factor = "already at step 1.8, ∂L/∂ŷ₁, and 1 more like it: The factor 2 is missing."
    assert marked(lesson("two-outputs"), "dL/dw1 = 15\ndL/dw2 = -5\nw1 = 1.985") == [
        f"dL/dw1 = 15  wrong: {factor}",
        "dL/dw2 = -5  wrong: follows from ∂L/∂ŷ₁ = −1.",
        "w1 = 1.985  wrong: follows from dL/dw1 = 15.",
    ]


def test_what_follows_from_a_rounded_answer_is_no_mistake_of_another_kind() -> None:
    """mazur: z₁ = 0.3775, and 1 / (1 + e^−0.38) = 0.593873."""
    assert marked(MAZUR, "z1 = 0.38\nh1 = 0.5939") == [
        "z1 = 0.38  rounded",
        "h1 = 0.5939  wrong: follows from z1 = 0.38, rounded.",
    ]


def test_of_several_reasons_the_first_that_holds_is_told() -> None:
    """What follows from a wrong answer is no mistake of its own; else a mistake is told before rounding is.

    The tour's lesson: without the 2 ∂L/∂ŷ is −1, and so is −2 + 1, where the output's slope of 1 is added.
    One weight: 2 · 0.25 · 2.96 = 1.48, and 1.48 + 2.96 = 4.44 is also 1.5 · 2.96; 2 · 0.0312 · 2.5 = 0.156,
    and 0.156 · 2.5 = 0.39 is 0.4 in one digit, which is also 0.16 · 2.5.
    """
    added = "These were added: changes along a path multiply."
    assert marked(lesson("first"), "dL/dyhat = -1\ndL/dz3 = -1") == [
        "dL/dyhat = -1  wrong: The factor 2 is missing.",
        "dL/dz3 = -1  wrong: follows from dL/dyhat = -1.",
    ]
    assert marked(lesson("first"), "dL/dz3 = -1")[0].startswith(f"dL/dz3 = -1  wrong: {added}")
    assert marked(one_weight(0.25, 2.96), "dL/dyhat = 1.5\ndL/dw1 = 4.44") == [
        "dL/dyhat = 1.5  rounded",
        f"dL/dw1 = 4.44  wrong: {added}",
    ]
    assert marked(one_weight(0.0312, 2.5), "dL/dyhat = 0.16\ndL/dw1 = 0.4") == [
        "dL/dyhat = 0.16  rounded",
        "dL/dw1 = 0.4  wrong: follows from dL/dyhat = 0.16, rounded.",
    ]


def one_weight(weight: float, given: float) -> Session:
    """ŷ = w · x and the loss ŷ², so ∂L/∂ŷ = 2 · w · x and ∂L/∂w = ∂L/∂ŷ · x."""
    shipped = shipped_lesson("linear")
    network = replaced(shipped.network, weights=(((weight,),),))
    data = replaced(shipped.data, inputs=((given,),), targets=((0.0,),))
    return start(replaced(shipped, network=network, data=data))


def test_of_a_paper_that_is_wrong_from_end_to_end_a_hundred_reasons_are_told() -> None:
    """However many there are."""
    lines = marked(LECTURE, "dL/dw5 = 7\n" * 102)
    assert [line.count("`") for line in lines] == [2] * 100 + [0] * 2
    assert lines[-1] == "dL/dw5 = 7  wrong"


_MOST_STEPS = 60
"""Steps of a lesson that are rounded: all of most lessons, and some of a long one."""


@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_every_known_mistake_is_named_at_every_step(name: str) -> None:
    """Planted in the steps of an update of each lesson, one at a time: found, and named by its own words."""
    session = lesson(name)
    for number in range(1, len(program_of(session)) + 1):
        there = moment(replace(session, step=number))
        assert there.step is not None
        made = mistakes(StepInMoment(there, there.step), session.digits)
        for planted in made:
            value = planted.expected.values[0]
            on_sheet = f"**1.{number}** a step\n`q = __{number_text(value)}__`\n"
            [line] = marked(session, on_sheet if number % 2 else f"1.{number} = {number_text(value)}")
            same = [other for other in made if other.expected.includes(value)]
            named = line.partition("  wrong: ")[2].split(" Or: ")
            if named[-1].startswith("already at "):
                # A gradient is a multiple of that by the prediction: half of that is half of it.
                lost = 1 / 2 if "The factor 2 is missing." in named[-1] else 2
                assert lost == 1 / 2 or "The factor ½ is missing" in named[-1], line
                assert value == pytest.approx(there.trace.value(number) * lost), line
                named.pop()
            assert named == sorted(named, key=[m.words for m in made].index)
            # The wrong sign is seen first, where that is what was done.
            is_sign = same[0].comes_first
            assert set(named) == {other.words for other in (same[:1] if is_sign else same)}, line


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "there is no answer in it; write lines such as dL/dw5 = 1.5"),
        ("z1 = __________", "there is no answer in it; write lines such as dL/dw5 = 1.5"),
        ("z1 = 1.5\nz1 = one", "line 2: z1: “one” is not a number, such as 0.5 or −1/3"),
        ("dL/dw99 = 1", "line 1: dL/dw99: no such step; did you mean dL/dw6?"),
        ("1.47 = 1", "line 1: 1.47: no such step; update 1 has 46"),
        ("dL/dz9 = 1", "line 1: dL/dz9: no such step; did you mean dL/dz3?"),
        ("x1 = 1", "line 1: x1: x1 is given: no step computes it"),
        ("2 = 1", "line 1: 2: is an update; name a step of it, as a trace does"),
        ("z1 = 5 and z2 = 3", "line 1: z1: “5 and z2 = 3” is not a number"),
        ("w1 == 3", "line 1: w1: “= 3” is not a number, such as 0.5 or −1/3"),
        ("w1 = nan", "line 1: w1: “nan” is not a number, such as 0.5 or −1/3"),
        ("hello", "line 1: hello: has no =; write lines such as dL/dw5 = 1.5"),
        ("b1 1.0", "line 1: b1 1.0: has no =; write lines such as dL/dw5 = 1.5"),
        ("w1 = w1", "line 1: w1: “w1” is not a number, such as 0.5 or −1/3"),
        ("\x1b[31mz1 = 2", "line 1: \\x1b[31mz1: "),
    ],
)
def test_what_cannot_be_marked_is_said_with_its_line(text: str, words: str) -> None:
    """All else is marked."""
    paper = paper_answers(LECTURE, text)
    assert words in paper.faults[0]
    assert [answer.name for answer in paper.answers] == (["z1"] if text.startswith("z1 = 1.5") else [])


@pytest.mark.parametrize("line", ["a{}b", "{}", "dL/dw5{}1.5", "{0}={0}"])
def test_a_long_row_of_blanks_is_gone_through_once(line: str) -> None:
    """A million of them: from each of them to the end of all would take hours."""
    for begin in ("", "**1.1** z1\n"):
        assert paper_answers(LECTURE, begin + line.format(" " * 1_000_000)).faults


def test_names_of_a_batch_are_those_on_the_screen() -> None:
    """The mean is called so; that the lesson has no sum is said."""
    value = number_text(moment(replace(XOR, step=149)).trace.value(149))
    assert marked(XOR, f"mean ∂L/∂w₅ = {value}\nmean dL/dw5 = {value}") == [
        f"mean ∂L/∂w₅ = {value}  right",
        f"mean dL/dw5 = {value}  right",
    ]
    [fault] = paper_answers(XOR, "sum dL/dw5 = 1").faults
    assert fault.endswith("there is the mean of the batch here, no sum")


def test_one_digit_of_a_right_answer_is_no_mistake_of_another_kind() -> None:
    """mazur's published gradients, 0.000438568 and 0.082167041; what goes wrong after them is still named."""
    assert marked(lesson("mazur"), "dL/dw1 = 0.0004\ndL/dw5 = 0.08\ndL/dw1 = 0.00044\ndh1/dz1 = 0.5933") == [
        "dL/dw1 = 0.0004  wrong: rounded further than two digits.",
        "dL/dw5 = 0.08  wrong: rounded further than two digits.",
        "dL/dw1 = 0.00044  rounded",
        "dh1/dz1 = 0.5933  wrong: That is h₁ itself: its slope is asked.",
    ]


def test_a_sum_for_a_mean_and_a_probability_for_its_logarithm_are_named() -> None:
    """xor's batch has four samples; softmax-3 gives 0.2447 to the right class."""
    total = 4 * moment(replace(XOR, step=145)).trace.value(145)
    [line] = marked(XOR, f"dL/dw1 = {number_text(total)}")
    assert "That is the sum of the samples' gradients: their mean is this divided by 4." in line
    [line] = marked(lesson("softmax-3"), "L = 0.2447")
    assert line.endswith("wrong: That is the probability itself: L is −ln of it.")


@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_what_is_rounded_to_three_digits_is_never_wrong(name: str) -> None:
    """Zeros at the end are digits: 0.200 for 0.19956, whatever the value."""
    session = lesson(name)
    count = len(program_of(session))
    for number in Random(name).sample(range(1, count + 1), min(count, _MOST_STEPS)):
        value = moment(replace(session, step=number)).trace.value(number)
        text = f"{value:#.3g}".rstrip(".")
        [line] = marked(session, f"1.{number} = {text}")
        assert "wrong" not in line, (value, text)


def test_a_half_is_rounded_either_way_and_whole_numbers_are_rounded_too() -> None:
    """mazur's first sum is 0.3775, as published; w₅ of the lecture 0.985."""
    assert marked(lesson("mazur"), "z1 = 0.378\nz1 = 0.377\nw2 = 0.200\nw2 = 0.201")[:3] == [
        "z1 = 0.378  rounded",
        "z1 = 0.377  rounded",
        "w2 = 0.200  rounded",
    ]
    assert [line.split()[3] for line in marked(LECTURE, "w5 = 0.99\nw5 = 0.98\nw5 = 0.97")] == [
        "rounded", "rounded", "wrong:",
    ]  # fmt: skip
