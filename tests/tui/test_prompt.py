"""The prompt on the bottom row, as a value and as a picture."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Canvas, cells_of
from tinynet_tui.drawing.text_field import Field
from tinynet_tui.session.keys import OF_TABLE
from tinynet_tui.tui.prompt import Prompt, with_prompt, with_row_end

PLAIN = Prompt("goto", "go to:", str, Field.holding("20"))
BESIDE_COMMANDS = Prompt("answer", "h₁ =", str, untouched=False, commands=frozenset("p?"))


def typed(prompt: Prompt, keys: str) -> Prompt:
    """The prompt after signs were typed."""
    for sign in keys:
        prompt = prompt.after_key(sign, sign)
    return prompt


def test_what_is_typed_takes_the_place_of_what_is_offered() -> None:
    """A key that moves in it keeps it; what was turned down is offered again."""
    assert typed(PLAIN, "7").field.text == "7"
    assert typed(PLAIN.after_key("left", None), "7").field.text == "270"
    assert PLAIN.pasted("3.1\n4").field.text == "3.1"
    turned_down = typed(PLAIN, "7x").refused("no")
    assert (turned_down.field.text, turned_down.complaint) == ("7x", "no")
    assert typed(turned_down, "8").field.text == "8"
    assert typed(turned_down, "8").complaint == ""


@pytest.mark.parametrize(
    ("key", "character", "text", "owned"),
    [
        ("5", "5", "", True),
        ("minus", "-", "", True),
        ("enter", "\r", "", True),
        ("backspace", "\x7f", "", True),
        ("ctrl+u", None, "", True),
        ("c", "c", "", True),
        ("p", "p", "", False),
        ("question_mark", "?", "", False),
        ("right", None, "", False),
        ("left", None, "1", True),
        ("right", None, "1", False),  # at the end of what was typed it goes on
        ("pagedown", None, "1", False),
        ("escape", "\x1b", "1", False),
        ("f5", None, "1", True),
    ],
)
def test_a_prompt_beside_commands_leaves_them_their_keys(
    key: str, character: str | None, text: str, owned: bool
) -> None:
    """All that type no number and move in none; any other prompt has every key."""
    assert typed(BESIDE_COMMANDS, text).owns(key, character, OF_TABLE) == owned
    assert PLAIN.owns(key, character, OF_TABLE)


def test_what_is_wrong_has_rows_of_its_own_where_it_is_long() -> None:
    """Beside the field where there is room, above it in full where there is not."""
    short = PLAIN.refused("updates go from 1 to 1,000,000").picture(80, ascii=False)
    assert short.text() == " go to: 20                updates go from 1 to 1,000,000"
    long = PLAIN.refused("write an update or a step in it: 20, 2.18 or dL/dw5").picture(60, ascii=False)
    assert long.text().splitlines() == [
        " write an update or a step in it: 20, 2.18 or dL/dw5",
        " go to: 20                Enter takes it, Esc leaves",
    ]


def test_what_the_keys_do_changes_once_something_is_typed() -> None:
    """Where that is not the same; a prompt without other words keeps its own."""
    asks = Prompt("answer", "h₁ =", str, keys="Enter gives a hint", keys_typed="Enter takes it")
    assert asks.picture(60, ascii=False).text().endswith("Enter gives a hint")
    assert typed(asks, "1").picture(60, ascii=False).text().endswith("Enter takes it")
    assert typed(PLAIN, "1").picture(60, ascii=False).text().endswith("Enter takes it, Esc leaves")


@pytest.mark.parametrize("width", [200, 80, 30])
def test_what_is_wrong_has_room_in_ascii_too(width: int) -> None:
    """Where it has more signs than it was said with."""
    shown = PLAIN.refused("ŷ " * 14 + "≠ y").picture(width, ascii=True).text()
    assert shown.isascii()
    assert shown.count("yhat") == 14
    assert "!= y" in shown


@pytest.mark.parametrize(("width", "cells"), [(60, 16), (40, 12), (12, 7)])
def test_a_field_is_as_wide_as_a_number_unless_the_row_is_narrower(width: int, cells: int) -> None:
    """What the keys do is cut short first."""
    prompt = Prompt("goto", "to:", str, Field.holding("20"), keys="x" * 25)
    [row] = prompt.picture(width, ascii=False).rows
    assert sum(len(run.text) for run in row if "field" in run.style or "cursor" in run.style) == cells


def test_the_field_is_on_the_last_row_however_few_there_are() -> None:
    """What is wrong stands above it, as far as there are rows."""
    long = PLAIN.refused("write an update or a step in it: 20, 2.18 or dL/dw5, and nothing else at all")
    for height in (1, 2, 3):
        covered = with_prompt(Canvas(40, height).picture(), long, ascii=False)
        assert covered.text().splitlines()[-1].startswith(" go to: 20")


@given(st.integers(0, 120), st.integers(0, 8), st.text(max_size=90), st.text(max_size=30), st.booleans())
def test_a_picture_keeps_its_size(width: int, height: int, complaint: str, text: str, ascii: bool) -> None:
    """Whatever is asked, typed or wrong; and nothing that is covered can be clicked."""
    canvas = Canvas(width, height)
    for y in range(height):
        canvas.mark(f"row {y}", 0, y, width)
    prompt = PLAIN.pasted(text).refused(complaint)
    covered = with_prompt(canvas.picture(), prompt, ascii)
    assert (covered.width, covered.height, len(covered.rows)) == (width, height, height)
    assert all(cells_of(row) == width for row in covered.rows)
    rows = min(len(prompt.picture(width, ascii).rows), height)
    for y in range(height):
        marks = {covered.at(x, y) for x in range(width)}
        assert marks <= {None if y >= height - rows else f"row {y}"}


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        (" Correct now: 7.  → next", " Correct now: 7.  → next     by yourself"),
        (" ↑↓ move  Enter choose  Esc leave", " ↑↓ move  Enter choose       by yourself"),
        (" when it is right the first time. → next", " when it is right the first time. → next"),
        ("", "                             by yourself"),
    ],
)
def test_what_stands_at_the_end_of_a_row_leaves_whole_parts(row: str, shown: str) -> None:
    """Of what was there; a sentence that has no room beside it stays whole."""
    canvas = Canvas(40, 2)
    canvas.text(0, 1, row)
    assert with_row_end(canvas.picture(), "by yourself", Look()).text().splitlines()[-1] == shown
