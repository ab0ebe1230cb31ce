"""Names of rooms and of people."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinynet_tui.classroom.names import free_name, room_fault, shown_name


@pytest.mark.parametrize("name", ["class", "room-7", "a.b_c", "x" * 24])
def test_names_of_rooms(name: str) -> None:
    """Small letters, digits and - _ ."""
    assert room_fault(name) is None


@pytest.mark.parametrize(
    "name",
    ["", "Class", "a b", "../etc", "..", ".", "x" * 25, "ä", "a\n", "a/b", "-x", "class.lock", "class.kept"],
)
def test_what_is_no_name_of_a_room(name: str) -> None:
    """It could leave the folder, or not be typed."""
    assert room_fault(name) is not None


@given(st.text(max_size=60))
def test_a_shown_name_is_harmless(name: str) -> None:
    """Short, on one line, without a sign that steers a terminal, and never empty or a word of our own."""
    shown = shown_name(name)
    assert 0 < len(shown) <= 26
    assert shown.isprintable()
    assert not set(shown) & set("\x1b<>&;$`|/\\@#*")
    assert shown.lower() not in {"lead", "desk"}
    assert shown_name(shown) == shown


@pytest.mark.parametrize(
    "unseen", ["\u115f", "\u1160", "\u3164", "\uffa0", "\u200b", "\u00ad", "\u2060", "\ufe0f"]
)
def test_a_name_is_all_that_is_seen_of_it(unseen: str) -> None:
    """What Unicode has ignored when it is drawn (Default_Ignorable_Code_Point) makes no other name of one."""
    assert shown_name(f"Ada{unseen}") == "Ada"
    assert shown_name(f"{unseen}lead") == "lead 1"
    assert shown_name(unseen) == "guest"


@given(st.lists(st.sampled_from(["Ada", "Ada 2", "x" * 24]), max_size=6))
def test_everyone_has_a_name_of_their_own(wished: list[str]) -> None:
    """A name in use gets a number."""
    taken: list[str] = []
    for name in wished:
        taken.append(free_name(name, taken.__contains__))
    assert len(set(taken)) == len(taken)
    assert all(len(name) <= 24 for name in taken)


def test_the_second_of_a_name_is_counted() -> None:
    """As people do it."""
    assert free_name("Ada", ["Ada"].__contains__) == "Ada 2"
    assert free_name("Ada", ["Ada", "Ada 2"].__contains__) == "Ada 3"
