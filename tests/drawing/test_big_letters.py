"""The line that is read from the back of a room."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinynet_tui.classroom.joining import joining_by_ssh
from tinynet_tui.drawing.big_letters import _LETTERS, BigLine, big_lines
from tinynet_tui.drawing.look import Look

OF_ROOMS = string.ascii_lowercase + string.digits + "-_."


@given(st.text(OF_ROOMS, min_size=24, max_size=24), st.booleans())
def test_any_room_is_large_on_the_smallest_screen(room: str, ascii: bool) -> None:
    """In letters, and as it is typed below them."""
    line = f"tinynet-tui follow {room}"
    rows = BigLine("How to join", line).picture(60, 20, Look(ascii)).text().splitlines()
    assert f"  {line}" in rows
    assert sum(any(sign in row for sign in ('o8"' if ascii else "▀▄█")) for row in rows) >= 9


def test_every_sign_of_a_line_has_a_letter() -> None:
    """Of rooms, users and addresses; each looks like no other, and all have the same height."""
    assert set(OF_ROOMS + "@:/") <= set(_LETTERS)
    assert len(set(_LETTERS.values())) == len(_LETTERS)
    for letter in _LETTERS.values():
        rows = letter.split("/")
        assert len(rows) == 6
        assert len({len(row) for row in rows}) == 1


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (200, 60)])
def test_the_line_of_a_class_over_ssh_is_large(size: tuple[int, int]) -> None:
    """With the capitals of what stands for a name, and all that has to be known below it."""
    line, *notes = joining_by_ssh("127.0.0.1", 2222, "kiwi-42-blue", "SHA256:" + "x" * 43)
    text = BigLine("How to join", line, tuple(notes)).picture(*size, Look()).text()
    assert sum("█" in row for row in text.splitlines()) >= 3
    assert "kiwi-42-blue" in text
    code = BigLine("How to join", line, tuple(notes), "kiwi-42-blue").picture(*size, Look()).text()
    letters = (row.strip() for row in big_lines("kiwi-42-blue", size[0] - 4, size[1], ascii=False) or [])
    assert size[0] == 60 or all(row in code for row in letters)
    assert all(row.strip() in code for row in text.splitlines()[-4:])


def test_a_sign_without_a_letter_leaves_the_line_as_it_is_typed() -> None:
    """Nothing else would be what is to be typed."""
    assert big_lines("follow Größe", 80, 20, ascii=False) is None
    assert "follow Größe" in BigLine("How to join", "follow Größe").picture(80, 24, Look()).text()


@pytest.mark.parametrize(("height", "times"), [(3, 1), (5, 1), (6, 2), (9, 3), (12, 4), (60, 4)])
def test_letters_are_as_large_as_they_fit(height: int, times: int) -> None:
    """An l is a stroke of five dots on a foot of two: two cells wide and three high where it is smallest."""
    rows = big_lines("l", 60, height, ascii=False)
    assert rows is not None
    assert (len(rows), max(map(len, rows))) == (3 * times, 2 * times)


def test_a_word_is_whole_where_it_can_be() -> None:
    """Smaller letters are better than two words that would be typed."""
    rows = big_lines("tinynet-tui", 60, 30, ascii=False)
    assert rows is not None
    assert len(rows) == 3
