"""Places as they are typed: updates, steps by number, and steps by name."""

from __future__ import annotations

import re
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.session.random_lessons import LECTURE, places
from tinynet_tui.drawing.signs import to_ascii
from tinynet_tui.engine.names import identifier, name_of_sample, sample_mark, symbol
from tinynet_tui.engine.training import LAST_UPDATE
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.places import numbered_place, place_of
from tinynet_tui.session.session import Session

XOR = shipped_lesson("xor")
"""Four samples, all in one batch: 36 steps each, then 9 that join them, 9 updates and the check."""


def at(lesson: Lesson, update: int = 1, step: int = 0) -> Session:
    """A session at a step."""
    return replace(start(lesson), update=update, step=step)


def test_numbers() -> None:
    """Up to the last update."""
    assert numbered_place(str(LAST_UPDATE)) == (LAST_UPDATE, 0)
    assert numbered_place(" 2.18 ") == numbered_place("2,18") == numbered_place("2 18") == (2, 18)
    assert place_of(at(LECTURE, 3), "2.18") == (2, 18)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("z1", (3, 1)),
        ("z₁", (3, 1)),
        ("yhat", (3, 6)),
        ("ŷ", (3, 6)),
        ("y\u0302", (3, 6)),
        ("L", (3, 7)),
        ("dL/dyhat", (3, 8)),
        ("∂L/∂ŷ", (3, 8)),
        ("dL/dw5", (3, 12)),
        ("∂L/∂w₅", (3, 12)),
        ("dL_dw5", (3, 12)),
        ("dl/dw5", (3, 12)),
        (" dL/dw5 ", (3, 12)),
        ("dL/dw5(1)", (3, 12)),
        ("dL/dw5 (1)", (3, 12)),
        ("２.∂L/∂w₅ ( 1 )", (2, 12)),
        ("w1", (3, 37)),
        ("check", (3, 46)),
        ("2.dL/dw5", (2, 12)),
        ("2 ∂L/∂w₅", (2, 12)),
        ("given", (3, 0)),
        ("backward", (3, 8)),
        ("4.update", (4, 37)),
    ],
)
def test_names_in_the_lecture(text: str, place: tuple[int, int]) -> None:
    """As notes, traces and the screen write them; the numbers are counted on DESIGN's table of 46 steps."""
    assert place_of(at(LECTURE, 3, 20), text) == place


@pytest.mark.parametrize(
    ("step", "text", "number"),
    [
        (0, "z1", 1),
        (40, "z1", 37),
        (160, "z1", 109),
        (40, "dL/dw5", 149),
        (40, "∂L/∂w₅", 149),
        (40, "dL/dw5(2)", 48),
        (0, "∂L/∂w₅⁽²⁾", 48),
        (0, "∂L⁽²⁾/∂w₅", 48),
        (0, "dL/dw5 2", 48),
        (0, "dL/dw5 (2)", 48),
        (0, "1.dL/dw5(4)", 120),
        (40, "loss", 43),
        (40, "update", 154),
    ],
)
def test_names_in_a_batch(step: int, text: str, number: int) -> None:
    """What each sample has is that of the sample on screen; a name without a mark is the whole gradient."""
    assert place_of(at(XOR, 1, step), text) == (1, number)


@pytest.mark.parametrize(
    ("lesson", "text", "name"),
    [
        ("attention", "s₁,₁", "s[1,1]"),
        ("attention", "s1,1", "s[1,1]"),
        ("attention", "∂o₁/∂a₁,₁", "do[1]/da[1,1]"),
        ("gpt-block", "∂L/∂w2₁,₂", "dL/dw2[1,2]"),
        ("gpt-block", "dL/dw21,2", "dL/dw2[1,2]"),
    ],
)
def test_names_with_two_numbers(lesson: str, text: str, name: str) -> None:
    """As the sheet writes them: the comma stands between the two."""
    session = at(shipped_lesson(lesson))
    number = program_of(session).number(name)
    assert place_of(session, text) == (1, number)
    assert place_of(session, f"2.{text}") == (2, number)


def test_the_loss_of_a_batch_is_worked_out_at_the_check() -> None:
    """By the name that it has on the screen."""
    assert place_of(at(XOR), "mean L") == (1, 163)
    assert place_of(at(XOR), "3.mean L") == (3, 163)
    with pytest.raises(ValueError, match="there is one sample alone in the batch here, no mean"):
        place_of(at(LECTURE), "mean L")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "write an update or a step in it: 20, 2.18 or dL/dw5"),
        ("2.", "write an update or a step in it"),
        ("99999999999999999999", "write an update or a step in it"),
        ("0.z1", "updates go from 1 to 1,000,000"),
        ("dL/dw66", "did you mean dL/dw6?"),
        ("forwrd", "did you mean forward?"),
        ("qqq", "steps are named z1, dL/dw1, w1, …"),
        ("x1", "x1 is given: no step computes it"),
        ("eta", "eta is given: no step computes it"),
        ("dL/dw5(5)", "samples go from 1 to 4"),
        ("dL/dw5(0)", "samples go from 1 to 4"),
        ("w5(2)", "w5 belongs to the whole batch, not to one sample"),
        ("dL/dw5(1)(2)", "write an update or a step in it"),
        ("1²", "write an update or a step in it"),
        ("1₂", "write an update or a step in it"),
        ("②", "steps are named z1, dL/dw1, w1, …"),
        ("²", "steps are named z1, dL/dw1, w1, …"),
        ("₂", "steps are named z1, dL/dw1, w1, …"),
        ("dL/dw5²", "did you mean dL/dw5?"),
        ("w5 ²", "write an update or a step in it"),
        ("w", "did you mean w1 to w6?"),
        ("dl_dz", "did you mean dL/dz1 to dL/dz3?"),
    ],
)
def test_what_is_wrong_is_said(text: str, said: str) -> None:
    """With the name that may have been meant."""
    with pytest.raises(ValueError, match=re.escape(said)):
        place_of(at(XOR), text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [("yhat", "yhat1 or yhat2"), ("ŷ", "yhat1 or yhat2"), ("dL/dŷ", "dL/dyhat1 or dL/dyhat2")],
)
def test_a_name_without_its_number_may_mean_each_that_has_one(text: str, meant: str) -> None:
    """Mazur's network has two outputs."""
    with pytest.raises(ValueError, match=re.escape(f"did you mean {meant}?")):
        place_of(at(shipped_lesson("mazur")), text)


def test_of_one_sample_there_is_only_sample_1() -> None:
    """Not "1 to 1"."""
    with pytest.raises(ValueError, match=r"^there is only sample 1$"):
        place_of(at(LECTURE), "dL/dw5(2)")


def test_a_sample_of_another_update_is_told_where_it_comes() -> None:
    """Updates of two samples each."""
    by_two = at(msgspec.structs.replace(XOR, training=msgspec.structs.replace(XOR.training, batch=2)), 4)
    assert place_of(by_two, "5.z1(2)") == (5, 37)
    with pytest.raises(ValueError, match=r"sample 2 comes in update 5, not 4"):
        place_of(by_two, "z1(2)")
    with pytest.raises(ValueError, match=r"sample 3 comes in update 2, not 1"):
        place_of(by_two, "1.z1(3)")


@given(places())
@examples(35)
def test_every_step_is_found_by_its_name(session: Session) -> None:
    """Its sample's, as JSON, the text of a trace, its ASCII, or Python spell it."""
    program = program_of(session)
    several = len(program.samples) > 1
    for number, step in enumerate(program.steps(), start=1):
        mark = sample_mark(step.sample) if step.sample else ""
        whole = program.number(step.name) or number
        spellings = {
            name_of_sample(step.name, step.sample),
            symbol(step.name) + mark,
            to_ascii(symbol(step.name)) + (f"({step.sample})" if step.sample else ""),
            identifier(step.name) + (f" {step.sample}" if step.sample else ""),
        }
        found = {place_of(session, spelling) for spelling in spellings}
        assert found == {(session.update, number)}, step
        if not several:
            assert place_of(session, step.name) == (session.update, whole)


@given(places(), st.text(max_size=12) | st.text("dL/w123(),. ∂₁⁽⁾zm_v", max_size=12))
@examples(35)
def test_anything_can_be_typed(session: Session, text: str) -> None:
    """It is a step that there is, or turned down in one line."""
    said = ""
    try:
        update, step = place_of(session, text)
        assert min(update, step + 1) >= 1
    except ValueError as refusal:
        said = str(refusal)
    assert said.isprintable()
    assert len(said) < 100
