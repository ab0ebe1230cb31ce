"""The selected parameter's way to the loss on the diagram: the factors of the panel, each at its place."""

from __future__ import annotations

import re
from dataclasses import replace
from math import isclose, prod

import pytest
from hypothesis import assume, given

from tests.engine.setups import networks
from tests.examples import examples
from tinynet_tui.drawing.chain_panel import chain_words
from tinynet_tui.drawing.lit_path import Factor, _marks, _with_numbers, lit_path
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.drawing.screen import screen
from tinynet_tui.engine.trace import trace
from tinynet_tui.lessons.parsing import parse_lesson
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.networks.dense import Network, dense_model, parameters_of
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Session
from tinynet_tui.teaching.chain import chain

_MARK = re.compile(r"(?<![\w∂.])(\d{1,2}[a-z]{0,2})([:≈~])([−-]?\d+(?:\.\d+)?(?:e[−-]?\d+)?)")


def chain_shown(lesson: str, selected: str, step: str | int = "w1") -> Session:
    """A shipped lesson at a step, with the chain of a parameter."""
    session = start(shipped_lesson(lesson))
    number = step if isinstance(step, int) else program_of(session).number(step)
    assert number is not None
    return replace(session, step=number - (step == "w1"), selected=selected, panel="chain")


def marks(session: Session, width: int = 80, height: int = 24, ascii: bool = False) -> dict[str, float]:
    """The numbers on the diagram, by their marks."""
    text = screen(moment(session), width, height, Look(ascii)).text()
    above = text[: text.index(" chain ")]
    found = {mark: float(number.replace("−", "-")) for mark, _, number in _MARK.findall(above)}
    assert len(found) == len(_MARK.findall(above)), "every mark stands once"
    return found


@pytest.mark.parametrize("ascii", [False, True], ids=["unicode", "ascii"])
@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36), (200, 60)])
def test_the_factors_of_the_first_lesson(size: tuple[int, int], ascii: bool) -> None:
    """By hand: ŷ − y = −1, so −2; the output ReLU is open; w₅ = −1; node 1 is open; x₁ = 3."""
    assert marks(chain_shown("first", "w1"), *size, ascii) == {"1": -2, "2": 1, "3": -1, "4": 1, "5": 3}
    # At the smallest size a neuron has no room for the factor 1 of its bias beside that of its sum.
    of_bias = {"1": -2, "2": 1, "3": 2, "4": 1} | ({"5": 1} if size > (60, 20) else {})
    assert marks(chain_shown("first", "b2"), *size, ascii) == of_bias
    assert marks(chain_shown("first", "w6"), *size, ascii) == {"1": -2, "2": 1, "3": 3}


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36)])
@pytest.mark.parametrize(
    ("lesson", "name"),
    [("recurrent", "w"), ("attention", "wq[1]"), ("deep-sigmoid", "w1"), ("softmax-3", "w1")],
)
def test_of_three_paths_and_more_it_says_where_all_numbers_are(
    lesson: str, name: str, size: tuple[int, int]
) -> None:
    """In a crowd of edges, or where a place has several marks, not each has room; of two paths each has.

    The panel has no room for every path of these; what `d` shows has them all, each with its factors.
    """
    there = start(shipped_lesson(lesson))
    number = program_of(there).number(f"dL/d{name}")
    assert number is not None
    now = moment(replace(there, step=number, selected=name, panel="chain"))
    text = screen(now, *size, Look()).text()
    paths = chain(now, f"dL/d{name}").paths
    words = chain_words(Scene(now, Look()))
    assert all(any(" · ".join(path.numbers) in paragraph for paragraph in words) for path in paths)
    assert ": =" not in text
    assert "d shows all" in text[: text.index(" chain ")]
    two = screen(moment(chain_shown("mazur", "w1")), *size, Look()).text()
    assert "d shows all" not in two


@pytest.mark.parametrize("ascii", [False, True], ids=["unicode", "ascii"])
@pytest.mark.parametrize(
    ("lesson", "names", "size"),
    [
        ("recurrent", ("w", "u"), (120, 36)),
        ("convolution", ("k[1]", "b"), (120, 36)),
        ("attention", ("wv[1]", "wv[2]"), (120, 36)),
        ("softmax-misprint", ("w7", "b2"), (200, 60)),
        ("deep-sigmoid", ("w1",), (160, 48)),
    ],
)
def test_where_three_paths_and_more_have_room_every_factor_has_its_number(
    lesson: str, names: tuple[str, ...], size: tuple[int, int], ascii: bool
) -> None:
    """Behind a box that is too narrow there is room; each has its place in the product for a mark."""
    for name in names:
        session = chain_shown(lesson, name, f"dL/d{name}")
        text = screen(moment(session), *size, Look(ascii)).text()
        found = [
            (mark, float(number.replace("−", "-")))
            for mark, _, number in _MARK.findall(text[: text.index(" backward ")])
        ]
        places = lit_path(moment(session).model, chain(moment(session), f"dL/d{name}").paths)
        standing = [f for at in (*places.on_edges.values(), *places.at.values()) for f in at]
        assert sorted(mark for mark, _ in found) == sorted(factor.mark for factor in standing)
        for factor in standing:
            shown = [number for mark, number in found if mark == factor.mark]
            assert any(isclose(number, factor.value or 0.0, rel_tol=6e-2) for number in shown), factor


def test_two_paths_have_marks_of_their_own_and_share_what_they_share() -> None:
    """Mazur's w₁ reaches the loss by both outputs; his own figures, and their sum is his gradient of w₁."""
    found = marks(chain_shown("mazur", "w1"), 120, 36)
    assert set(found) == {"1a", "2a", "3a", "1b", "2b", "3b", "4", "5"}
    for mark, published in {
        "1a": 0.74136507,
        "2a": 0.186815602,
        "3a": 0.4,
        "4": 0.241300709,
        "5": 0.05,
    }.items():
        assert isclose(found[mark], published, rel_tol=3e-3)
    products = [prod(found[f"{i}{path}"] for i in (1, 2, 3)) * found["4"] * found["5"] for path in "ab"]
    assert isclose(sum(products), 0.000438568, rel_tol=2e-2)


@pytest.mark.parametrize("lesson", ["first", "lecture", "mazur", "xor", "dead-relu"])
def test_panel_and_picture_tell_the_same_numbers_in_the_same_order(lesson: str) -> None:
    """For every parameter: the i-th number of the panel's product stands on the diagram with the mark i."""
    for name in moment(chain_shown(lesson, "w1")).model.parameter_names:
        session = chain_shown(lesson, name)
        found, paths = marks(session, 120, 36), chain(moment(session), f"dL/d{name}").paths
        for letter, path in zip("ab" if len(paths) > 1 else [""], paths, strict=True):
            shown = [found.get(f"{i}{letter}", found.get(str(i))) for i in range(1, len(path.factors) + 1)]
            assert None not in shown, (name, found)
            for number, value in zip(shown, path.values, strict=True):
                assert number is not None
                assert value is not None
                assert isclose(number, value, rel_tol=6e-2), (name, found)


def test_the_sheet_has_every_factor_at_the_line_of_what_it_is_a_derivative_by() -> None:
    """By hand, as above: ŷ, z₃, h₁, z₁ and w₁, each with its mark at the end of its line."""
    session = replace(chain_shown("first", "w1"), view="sheet")
    assert marks(session) == {"1": -2, "2": 1, "3": -1, "4": 1, "5": 3}
    rows = screen(moment(session), 80, 24, Look()).text().splitlines()
    for start_of_line, factor in {"ŷ  =": "1:−2", "z₃ =": "2:1", "h₁ =": "3:−1", "z₁ =": "4:1"}.items():
        (row,) = (row for row in rows if start_of_line in row[:12])
        assert factor in row
    assert any("w₁ −1.0000 5:3" in row for row in rows)
    assert any(row.startswith("     node 1 ") and "1 to 5: the factors" in row for row in rows)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36), (200, 60)])
@pytest.mark.parametrize("name", ["w", "u", "v"])
def test_the_sheet_of_a_recurrence_has_the_factors_of_every_path(name: str, size: tuple[int, int]) -> None:
    """Each that is in sight is that of its path; the products of the paths add up to the gradient."""
    session = replace(chain_shown("recurrent", name, 36), view="sheet")
    found, paths = marks(session, *size), chain(moment(session), f"dL/d{name}").paths
    for mark, number in found.items():
        order, letters = re.fullmatch(r"(\d+)([a-z]*)", mark).groups()  # type: ignore[union-attr]
        of = [paths["abc".index(letter)] for letter in letters] or paths
        assert all(isclose(number, path.values[int(order) - 1] or 0.0, rel_tol=6e-2) for path in of), mark
    # At the smallest size w's three paths leave the sheet four rows, and none of its lines.
    assert found or (name, size) == ("w", (60, 20))
    products = [prod(value or 0.0 for value in path.values) for path in paths]
    assert isclose(sum(products), moment(session).value(f"dL/d{name}") or 0.0)


@pytest.mark.parametrize("ascii", [False, True], ids=["unicode", "ascii"])
@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36), (200, 60)])
@pytest.mark.parametrize("lesson", ["mazur", "xor", "deep-sigmoid", "softmax-3", "recurrent", "attention"])
def test_a_number_is_the_panels_or_said_to_be_rounded(
    lesson: str, size: tuple[int, int], ascii: bool
) -> None:
    """And no mark stands without one, nor is one like a quantity's name, such as b1 is a bias's."""
    for name in moment(start(shipped_lesson(lesson))).model.parameter_names:
        session = chain_shown(lesson, name, f"dL/d{name}")
        text = screen(moment(session), *size, Look(ascii)).text()
        above = text[: text.index(" backward ")]
        numbers = [number for path in chain(moment(session), f"dL/d{name}").paths for number in path.numbers]
        whole = {number.strip("()").replace("−", "-") for number in numbers}
        for mark, sign, number in _MARK.findall(above):
            assert (number.replace("−", "-") in whole) == (sign == ":"), (mark, number)
        assert re.findall(r"(?<![\w∂.])\d[ab]?[:≈~](?! (?:the |their )?factors|[−?\d-])", above) == []


def test_a_factor_that_is_not_known_is_a_question_mark() -> None:
    """At ∂L/∂h₁ two factors of five are still to come."""
    text = screen(moment(chain_shown("first", "w1", "dL/dh1")), 80, 24, Look()).text()
    assert "4:?" in text
    assert "5:?" in text
    assert "3:−1" in text


@pytest.mark.parametrize("more", ["…", "..."])
@pytest.mark.parametrize("room", range(12))
def test_marks_keep_to_their_room(room: int, more: str) -> None:
    """Also with what says in ASCII that there are more of them."""
    factors = [Factor(number, "a", "−0.123456", -0.123456, "w1") for number in (1, 2, 10)]
    assert len(" ".join(_with_numbers(factors, room))) <= room
    assert len(" ".join(_marks(factors, room, more))) <= room


@pytest.mark.parametrize(("order", "letters"), [(1, ""), (1, "a"), (10, "a")])
def test_a_form_of_a_number_is_shorter_than_those_before(order: int, letters: str) -> None:
    """However long its mark is."""
    mark = f"{order}{letters}"
    for number, value in (("−0.12", -0.12), ("−0.123", -0.123), ("−0.1234", -0.1234)):
        forms = Factor(order, letters, number, value, "w1").forms
        assert [len(form) for form in forms] == sorted({len(form) for form in forms}, reverse=True)
        assert forms[-1] == (f"{mark}≈−0.12" if len(number) > 5 else f"{mark}:{number}")


@pytest.mark.parametrize("size", [(80, 24), (120, 30), (200, 60)])
def test_the_tenth_factor_stands_behind_the_ninth(size: tuple[int, int]) -> None:
    """Marks are ordered by their numbers: as text, 10 would come before 9c."""
    text = """title = "deep"
    [network]
    layers = [1, 1, 1, 1, 1, 2]
    activations = ["sigmoid", "sigmoid", "sigmoid", "sigmoid", "softmax"]
    weights = [[[1.0]], [[1.0]], [[1.0]], [[1.0]], [[1.0], [0.5]]]
    biases = [[0.1], [0.1], [0.1], [0.1], [0.1, 0.1]]
    [data]
    inputs = [[1.0]]
    targets = [[1, 0]]
    [training]
    learning_rate = 0.5
    loss = "cross_entropy"
    """
    there = start(parse_lesson(text, "deep"))
    last = replace(there, step=len(program_of(there)), selected="b2", panel="chain")
    assert re.search(r"\b9cf.*\b10\b", screen(moment(last), *size, Look()).text())


def test_it_is_lit_while_the_chain_is_looked_at_and_not_while_a_step_is_asked() -> None:
    """Else the diagram shows what the step touches."""
    session = chain_shown("first", "w1")
    assert lit(session)
    assert not lit(replace(session, panel="table"))
    assert "3:" not in screen(moment(replace(session, stage="asking", step=20)), 80, 24, Look()).text()


def lit(session: Session) -> bool:
    """Whether a line of the diagram stands out."""
    picture: Picture = screen(moment(session), 80, 24, Look())
    return any(run.style == "edge.lit" and set(run.text) & set("⣤⠙⢦⡀") for row in picture.rows for run in row)


@given(network=networks())
@examples(60)
def test_every_factor_of_any_dense_network_has_one_place(network: Network) -> None:
    """Lit are the edge itself, those out of its neuron, and all between the layers behind it."""
    model = dense_model(network)
    session = start(shipped_lesson("first"))
    from tests.engine.setups import setup_of
    from tinynet_tui.engine.training import first_point
    from tinynet_tui.session.moment import moment_in

    setup = setup_of(network, [0.5] * len(parameters_of(network)))
    update = trace(setup, first_point(setup))
    now = moment_in(replace(session, step=len(update.program) - 1), update)
    for parameter in parameters_of(network):
        found = chain(now, f"dL/d{parameter.name}")
        assume(found.count == len(found.paths))
        path = lit_path(model, found.paths)
        behind = {
            other.name
            for other in parameters_of(network)
            if other.is_weight
            and (
                other.layer > parameter.layer + 1
                or (other.layer == parameter.layer + 1 and other.input == parameter.neuron)
            )
        }
        assert set(path.on_edges) == behind | ({parameter.name} if parameter.is_weight else set())
        placed = sum(len(at) for at in (*path.on_edges.values(), *path.at.values()))
        factors = {(i, name) for way in found.paths for i, name in enumerate(way.factors)}
        assert placed == len(factors)


def test_a_knob_that_is_turned_early_is_seen_to_stand_where_it_does() -> None:
    """Before L is known, too: else turns would collect unseen."""
    session = replace(chain_shown("lecture", "w1", 1), step=0)
    for _ in range(12):
        session = after(session, Command("nudge-up"))
    assert (
        "w₁ 1 → 11: what that does is seen once L is known." in screen(moment(session), 80, 24, Look()).text()
    )
