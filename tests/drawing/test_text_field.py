"""A line of text that is being typed."""

from __future__ import annotations

import pytest

from tests.drawing.cells import cell_of
from tinynet_tui.drawing.picture import Canvas, StyledRun
from tinynet_tui.drawing.text_field import Field


@pytest.mark.parametrize(
    ("keys", "text", "cursor"),
    [
        ("1 2 left 5", "152", 2),
        ("a b c home x end y", "xabcy", 5),
        ("a b c backspace", "ab", 2),
        ("a b c left left delete", "ac", 1),
        ("home backspace left delete", "", 0),
        ("a space b c space space ctrl+w d", "a d", 3),
        ("a b ctrl+w", "", 0),
        ("a b c left ctrl+u", "c", 0),
        ("a b c left ctrl+k", "ab", 2),
        ("+ 1 − 2", "+1−2", 4),
    ],
)
def test_keys_edit_the_text(keys: str, text: str, cursor: int) -> None:
    """Typing, moving and deleting, at the ends too."""
    field = Field()
    for key in keys.split():
        character = " " if key == "space" else key if len(key) == 1 else None
        after = field.after_key(key, character)
        assert after is not None
        field = after
    assert field == Field(text, cursor)


@pytest.mark.parametrize(("key", "character"), [("up", None), ("f1", None), ("enter", "\r"), ("tab", "\t")])
def test_other_keys_are_none_of_a_fields(key: str, character: str | None) -> None:
    """They are left to whoever owns the field."""
    assert Field().after_key(key, character) is None


def test_a_wide_character_is_meant_though_it_is_not_shown() -> None:
    """The name of a file is the one that was typed; what has no cell is dropped."""
    assert Field().typed("授").typed("業\u200b.to").typed("ml") == Field("授業.toml", 7)
    assert Field.holding("授業") == Field("授業", 2)


def test_of_a_paste_the_first_line_is_typed() -> None:
    """Without its escapes, and no longer than a field can be."""
    assert Field("ab", 1).typed("1\x1b2\nrm -rf") == Field("a12b", 3)
    assert len(Field().typed("x" * 5000).text) == 1000


@pytest.mark.parametrize(
    ("field", "ascii", "shown", "cursor"),
    [
        (Field("abc", 3), False, "abc  ", 3),
        (Field("abcdefgh", 8), False, "efgh ", 4),
        (Field("abcdefgh", 0), False, "abcde", 0),
        (Field("−1ü", 3), True, "?1?  ", 3),
        (Field("授業.t", 4), False, "□□.t ", 4),
    ],
)
def test_the_cursor_is_always_in_view(field: Field, ascii: bool, shown: str, cursor: int) -> None:
    """A text longer than the field is cut on the side away from the cursor."""
    canvas = Canvas(5, 1, ascii)
    field.draw(canvas, 0, 0, 5)
    picture = canvas.picture()
    cells = [cell_of(picture, x, 0) for x in range(5)]
    assert "".join(cell.text for cell in cells) == shown
    assert cells[cursor] == StyledRun(shown[cursor], "field cursor")
    assert sum("cursor" in cell.style for cell in cells) == 1
