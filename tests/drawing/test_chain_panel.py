"""The chain and the wrong variants of what is no parameter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.prediction.asked import lesson
from tinynet_tui.drawing.chain_panel import chain_panel, chain_words
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.drawing.screen import screen
from tinynet_tui.drawing.text_page import text_of_step
from tinynet_tui.drawing.variants_panel import variants_panel
from tinynet_tui.engine.names import symbol
from tinynet_tui.lessons.parsing import parse_lesson
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lesson
from tinynet_tui.session.commands import start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import Moment, moment
from tinynet_tui.session.places import place_of
from tinynet_tui.session.touring import begun, shipped_tour
from tinynet_tui.teaching.chain import chain, products
from tinynet_tui.teaching.nudge import knob


def test_the_keys_that_select_a_parameter_are_named_in_ascii() -> None:
    """As everywhere where an arrow cannot be shown."""
    at_input = moment(replace(lesson("lecture"), selected="x1"))
    for look, keys in ((Look(), "↑ and ↓"), (Look(ascii=True), "Up and Down")):
        assert f"Select a parameter with {keys}." in variants_panel(Scene(at_input, look), 80, 6).text()


@pytest.mark.parametrize("name", ["x1", "x2", "y"])
def test_the_gradient_by_what_is_given_is_the_sum_over_what_reads_it(name: str) -> None:
    """By hand: 2 · (−1) + (−4) · (−2) = 6, 2 · 3 + (−4) · 4 = −10, and −2 · (2 − 3) = 2 of the loss alone."""
    session = replace(lesson("first"), selected=name)
    end = program_of(session).number("dL/db2", 1)
    assert end is not None
    told = chain_panel(Scene(moment(replace(session, step=end)), Look()), 80, 6).text()
    lines = {
        "x1": "∂L/∂x₁ = ∂L/∂z₁ · w₁ + ∂L/∂z₂ · w₃ = 2 · (−1) + (−4) · (−2) = 6",
        "x2": "∂L/∂x₂ = ∂L/∂z₁ · w₂ + ∂L/∂z₂ · w₄ = 2 · 3 + (−4) · 4 = −10",
        "y": "∂L/∂y = −2 · (ŷ − y) = −2 · (2 − 3) = 2",
    }
    assert lines[name] in told
    is_known = chain_panel(Scene(moment(replace(session, step=7)), Look()), 80, 6).text()
    assert name == "y" or "w₁ + ∂L/∂z₂ · w₃ = ?" in is_known or "w₂ + ∂L/∂z₂ · w₄ = ?" in is_known


def test_what_has_no_room_below_the_product_is_told_to_be_there() -> None:
    """At 80 × 24 with 8 digits the last of what is said of xor's chain has no row; d shows it."""
    session = replace(lesson("xor"), digits=8)
    update, step = place_of(session, "1.145")
    at_mean = moment(replace(session, update=update, step=step, selected="w1"))
    rest = "∂z₁/∂w₁ = x₁"
    words = chain_words(Scene(at_mean, Look()))
    assert any(rest in said for said in words)
    assert rest in chain_panel(Scene(at_mean, Look()), 80, 12).text()
    short = chain_panel(Scene(at_mean, Look()), 80, 6).text()
    assert rest not in short
    assert short.rstrip().endswith("d read on")


def products_of_all_paths(now: Moment, gradient: str) -> Iterator[float]:
    """Every one that begins at what L = −ln(ŷ₃) reads: the steps themselves, gone through one by one."""
    found = products(now.program, gradient)
    if gradient == "dL/dyhat[3]":
        yield now.value(gradient) or 0.0
    for before, local in found:
        for product in products_of_all_paths(now, before):
            yield product * (now.value(local) or 0.0)


@pytest.mark.parametrize("parameter", ["we[1,1]", "we[2,2]", "wv[1]"])
def test_of_thousands_of_paths_the_largest_are_shown(parameter: str) -> None:
    """Of a GPT block's 1,700 to we₁,₁ many are 0; in the order of the formulas those came first."""
    session = start(shipped_lesson("gpt-block"))
    session = replace(session, step=len(program_of(session)) - 1, selected=parameter)
    now = moment(session)
    every = sorted(map(abs, products_of_all_paths(now, f"dL/d{parameter}")), reverse=True)
    found = chain(now, f"dL/d{parameter}")
    sizes = [abs(path.value or 0.0) for path in found.paths]
    assert found.count == len(every) > len(sizes)
    assert sizes == pytest.approx(every[: len(sizes)], rel=1e-12)
    text = chain_panel(Scene(now, Look()), 80, 6).text()
    assert f"… and {found.count - text.count(' via '):,} more paths, with products no larger in size" in text
    assert text.lstrip().startswith("a via ")
    told = [words for words in chain_words(Scene(now, Look())) if "via " in words[:6]]
    ends = [re.search(r"[=≈] (−?)([\d.e+−]+)$", words) for words in told]
    numbers = [float(end[1].replace("−", "-") + end[2].replace("−", "-")) for end in ends if end]
    assert numbers == pytest.approx([path.value for path in found.paths], rel=1e-3)
    assert f"… and {len(every) - len(told):,} more paths, with products no larger in size" in chain_words(
        Scene(now, Look())
    )


def test_the_page_has_every_path_that_the_panel_has_no_room_for() -> None:
    """Of deep-sigmoid's nine paths, at the smallest size: d shows all, with their sum."""
    session = start(shipped_lesson("deep-sigmoid"))
    session = replace(session, step=len(program_of(session)) - 1, panel="chain")
    shown = chain_panel(Scene(moment(session), Look()), 60, 6).text()
    assert shown.count(" via ") < 9
    assert "d read on" in shown
    words = text_of_step(Scene(moment(session), Look()), 60).paragraphs
    assert [said.partition(" via ")[0] for said in words if " via " in said] == list("abcdefghi")
    assert sum(said.startswith("sum of 9 paths: ∂L/∂w₁ ≈ ") for said in words) == 1


def test_paths_without_number_are_counted_and_not_gone_through() -> None:
    """Each pair reads both of the pair before: 2ⁿ⁺¹ − 2 paths, more than there are atoms."""
    steps = 300
    text = f"""
[program]
forward = '''
h[0] = x
g[0] = 1
h[t] = tanh(w*(h[t-1] + g[t-1]))    for t in 1..{steps}
g[t] = tanh(w*(h[t-1] - g[t-1]))    for t in 1..{steps}
yhat = h[{steps}] + g[{steps}]
'''
loss = "(yhat - y)^2"
[program.parameters]
w = 0.5
[data]
columns = ["x", "y"]
rows = [[1, 2]]
[training]
learning_rate = 0.01
"""
    session = start(parse_lesson(text, "pairs"))
    for step in (0, len(program_of(session)) - 1):
        now = moment(replace(session, step=step, selected="w"))
        assert chain(now, "dL/dw").count == 2 ** (steps + 1) - 2
        assert "sum of about 10^90 paths" in chain_panel(Scene(now, Look()), 80, 6).text()


def test_a_path_of_thousands_of_factors_is_drawn() -> None:
    """A chain as long as a program may be, at the size that shows it beside the step."""
    formulas = "h[0] = 0\nh[t] = tanh(w*x + u*h[t-1])    for t in 1..1990\nyhat = h[1990]"
    text = f"""
[program]
forward = '''
{formulas}
'''
loss = "(yhat - y)^2"
[program.parameters]
w = 0.5
u = 0.3
[data]
columns = ["x", "y"]
rows = [[1, 2]]
[training]
learning_rate = 0.01
"""
    session = replace(start(parse_lesson(text, "long")), selected="w")
    assert "sum of 1,990 paths" in screen(moment(session), 200, 60, Look()).text()


def test_a_gradient_that_the_loss_gives_stands_once() -> None:
    """At x = 2 the slope of x² is 4: one factor is no product of factors. Where the loss gives a part of it,
    and a path another, each has its line: −2 · (1 − x) and 20 · 2 at x = −1, d = 1."""
    valley = start(shipped_lesson("valley"))
    before, after_step = (moment(replace(valley, step=step, selected="x")) for step in (3, 4))
    panels = [chain_panel(Scene(now, Look()), 80, 10).text() for now in (before, after_step)]
    for text in panels:
        assert text.splitlines()[0].strip() == "∂L/∂x = 2 · x = 2 · 2 = 4"
    old = "All of it is from before the update."
    assert [old in text for text in panels] == [False, True]
    curved = moment(replace(start(shipped_lesson("curved-valley")), step=7, selected="x"))
    rows = chain_panel(Scene(curved, Look()), 60, 10).text().splitlines()
    assert [row.strip() for row in rows[1:4]] == [
        "by L itself: −2 · (1 − (−1)) = −4",
        "via d: 20 · 2 = 40",
        "sum of 2 terms: ∂L/∂x = −4 + 40 = 36",
    ]
    short = chain_panel(Scene(curved, Look()), 80, 4).text()
    assert "−2 · (1 − (−1)) + 20 · 2 = 36" in short
    y = moment(replace(valley, step=4, selected="y"))
    assert old not in chain_panel(Scene(y, Look()), 80, 10).text()


@pytest.mark.parametrize("selected", ["x1", "w1"])
def test_at_the_check_a_nudge_is_told_to_be_of_the_old_numbers(selected: str) -> None:
    """Of an input, too: what the diagram shows beside it is new already."""
    now = moment(replace(lesson("lecture"), step=46, selected=selected))
    text = chain_panel(Scene(now, Look()), 120, 10).text()
    assert f"Before the update: {symbol(selected)} 1 → 1.01" in text
    # A knob that is turned at the step of the update itself begins at the old value, too.
    turned = replace(lesson("first"), panel="chain", selected="w1", knob=0.02)
    number = program_of(turned).number("w1")
    assert number is not None
    for step, begins in ((number - 1, ""), (number, "Before the update: ")):
        at_update = chain_panel(Scene(moment(replace(turned, step=step)), Look()), 80, 10).text()
        assert f" {begins}w₁ −1 → −0.98" in at_update


@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_no_two_paths_have_one_name(name: str) -> None:
    """Of every parameter: what paths go through tells them apart, within a block of softmax, too."""
    session = start(shipped_lesson(name))
    now = moment(replace(session, step=len(program_of(session))))
    for parameter in now.model.parameter_names:
        found = [path.through for path in chain(now, f"dL/d{parameter}").paths]
        assert len(set(found)) == len(found), (parameter, found)


def test_paths_end_at_the_loss() -> None:
    """L = −ln(ŷ₃) of a GPT block does not read ŷ₁ and ŷ₂: nothing leads from them to L, whatever is known."""
    session = start(shipped_lesson("gpt-block"))
    for step in (0, len(program_of(session)) - 1):
        found = chain(moment(replace(session, step=step, selected="we[1,1]")), "dL/dwe[1,1]")
        assert found.count == 1700
        assert {path.factors[0] for path in found.paths} == {"dL/dyhat[3]"}
    # Cross-entropy of a dense network reads every ŷ, though its target may be 0.
    assert chain(moment(start(shipped_lesson("softmax-3"))), "dL/dw1").count == 4


def test_whose_chain_it_is_stands_above_it() -> None:
    """Where the step gives another gradient."""
    session = replace(start(shipped_lesson("softmax-3")), panel="chain", selected="w1")
    at = {name: program_of(session).number(name) or 0 for name in ("dL/dw1", "dL/dw5")}
    text = screen(moment(replace(session, step=at["dL/dw5"])), 80, 24, Look()).text()
    assert "the gradient of w₅; below: ∂L/∂w₁" in text
    assert "; below:" not in screen(moment(replace(session, step=at["dL/dw1"])), 80, 24, Look()).text()


def test_a_sum_of_paths_and_of_the_loss_itself_is_no_product_of_factors() -> None:
    """Before it is known it is named, with its formula."""
    text = (
        'title = "S"\nabout = "."\n[program]\nforward = "h = tanh(w)\\nz = w*h"\nloss = "(z-2)^2 + 0.1*w^2"\n'
        "[program.parameters]\nw = 1\n[training]\nlearning_rate = 0.1\n"
    )
    session = start(parse_lesson(text, "made"))
    here = moment(replace(session, step=3, selected="w"))
    shown = chain_panel(Scene(here, Look()), 100, 8).text()
    assert "∂L/∂w is still unknown; the backward pass computes it." in shown
    assert "factors" not in shown
    assert "∂L/∂h · ∂h/∂w + ∂L/∂z · ∂z/∂w" in shown


@pytest.mark.parametrize("ascii", [False, True], ids=["unicode", "ascii"])
@pytest.mark.parametrize("selected", ["w5", "w1"])
def test_what_a_tour_asks_for_stands_whole_on_the_smallest_screen(selected: str, ascii: bool) -> None:
    """Stops 2 and 4: how far each number and L move when a weight is nudged, below the product."""
    session, look = begun(shipped_tour()), Look(ascii)
    number = program_of(session).number("L")
    assert number is not None
    there = moment(replace(session, step=number, selected=selected, panel="chain", knob=0.02))
    rows = " ".join(screen(there, 60, 20, look).text().split())
    nudged = look.say(knob(there).line(4).partition("gradient says")[0])
    assert " ".join(nudged.split()) in rows
    assert look.say(f"∂L/∂{symbol(selected)} = ") in rows
    assert look.say("more …") not in rows


def test_a_nudge_beside_two_paths_is_whole_and_leaves_the_picture() -> None:
    """By hand, w₁ + 0.01 and + 0.02: z₁ by 3 times that, z₂ by −1 times that, z₃ by 2 times. Turning the knob
    draws no other picture above the panel."""
    there = replace(start(shipped_lesson("two-outputs")), step=28, panel="chain")
    texts = [screen(moment(replace(there, knob=knob)), 80, 24, Look()).text() for knob in (0.01, 0.02)]
    first, second = (" ".join(text.split()) for text in texts)
    assert "w₁ 2 → 2.01 z₁ +0.03 h₁ +0.03 z₂ −0.03 ŷ₁ −0.03 z₃ +0.06 ŷ₂ +0.06 L +0.3045 gradient" in first
    assert "b via ŷ₂: ∂L/∂ŷ₂ · ∂ŷ₂/∂z₃ · ∂z₃/∂h₁ · ∂h₁/∂z₁ · ∂z₁/∂w₁" in first
    assert "w₁ 2 → 2.02 z₁ +0.06 h₁ +0.06 z₂ −0.06" in second
    assert "L gets +0.1236 via ŷ₁ and +0.4944 via ŷ₂." in second
    pictures = [text.partition(" backward  ")[0] for text in texts]
    assert pictures[0] == pictures[1]
    assert "┏━ out 2 · ReLU" in pictures[0]


def test_a_nudge_says_that_its_numbers_are_changes() -> None:
    """The diagram writes values in the same way: ŷ −0.05 beside ŷ +2.0000 is by how much."""
    there = replace(start(shipped_lesson("first")), step=7, panel="chain", selected="w5")
    text = screen(moment(there), 80, 24, Look()).text()
    assert " w₅ −1 → −0.99   z₃ +0.05   ŷ +0.05   L −0.0975   gradient says ?  (changes)\n" in text


@pytest.mark.parametrize(("length", "more"), [(20, 17), (200, 198)])
def test_a_product_that_is_too_long_says_how_many_factors_are_missing(length: int, more: int) -> None:
    """The factors are ∂L/∂ŷ, ∂ŷ/∂a, one for each tanh, and ∂a₀/∂w; the product has a row of its own."""
    text = f"a[0] = w\na[i] = 2*tanh(a[i-1]) for i in 1..{length - 1}\nyhat = a[{length - 1}]"
    made = parse_lesson(
        f'[program]\nforward = """\n{text}\n"""\nloss = "(yhat - 1)^2"\n[program.parameters]\nw = 0.5\n'
        "[training]\nlearning_rate = 0.1\n",
        "x",
    )
    session = replace(start(made), panel="chain")
    session = replace(session, step=len(program_of(session)))
    rows = chain_panel(Scene(moment(session), Look()), 80, 6).text().split("\n")
    assert rows[0].startswith(" ∂L/∂w = ")
    assert all(row.endswith(f"· … {more} more") for row in rows[:2])
    assert rows[0].count("∂") == 2 + 2 * (length + 2 - more)
    one = chain_panel(Scene(moment(session), Look()), 60, 3).text().split("\n")[0]
    assert re.fullmatch(r" ∂L/∂w ≈ [0-9.e-]+", one.rstrip())


@pytest.mark.parametrize("name", SHIPPED_NAMES)
@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36)])
def test_no_number_that_a_nudge_ends_with_runs_into_an_ellipsis(name: str, size: tuple[int, int]) -> None:
    """+0… could be +0.5: what comes after it is said by the key to the rest."""
    session = lesson(name)
    last = len(program_of(session)) - 1
    for selected in moment(session).model.parameter_names[:6]:
        there = replace(session, step=last, panel="chain", selected=selected)
        shown = screen(moment(there), *size, Look(False)).text()
        assert not re.search(r"gradient says \S*…", shown), selected


def test_where_a_path_goes_on_below_the_sheet_is_counted() -> None:
    """By hand, of wq₁: q₁ and q₂ are read by three scores, these by three e's; two S, three shares,
    two outputs, two ŷ and L follow. One e is in sight."""
    session = lesson("attention")
    number = program_of(session).number("dL/dwq[1]", 1) or program_of(session).number("dL/dwq[1]")
    assert number is not None
    there = replace(session, step=number, panel="chain", selected="wq[1]")
    assert "↓ 15 more, 12 of them on the way to L\n" in screen(moment(there), 80, 24, Look(False)).text()
