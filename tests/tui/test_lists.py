"""The list to choose from, as a value and as a picture."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.session.random_lessons import LECTURE
from tinynet_tui.drawing.listing import Choice, Listing, key_choices
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.text_field import Field
from tinynet_tui.session.commands import BY_NAME, start
from tinynet_tui.session.keys import OF_TABLE
from tinynet_tui.session.moment import moment
from tinynet_tui.teaching.glossary import glossary

CHOICES = (
    Choice("→ l", "next step", "Goes on by one step.", 1),
    Choice("← h", "previous step", "Goes back by one step; the next is then this one.", 2),
    Choice("L", "learning rate", "Sets η.", 3),
)
LIST = Listing("Help", CHOICES)
HELP = Listing(
    "Help",
    (
        *key_choices(BY_NAME.values(), OF_TABLE),
        *(
            Choice(entry.signs, entry.word, entry.meaning, "", is_heading=True, is_word=True)
            for entry in glossary(moment(start(LECTURE)))
        ),
    ),
)
LONG = Listing("Lessons", tuple(Choice("", f"lesson {number}", "", number) for number in range(100)))


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("", [1, 2, 3]),
        ("STEP", [1, 2]),
        ("step prev", [2]),
        ("next", [1, 2]),
        ("then", [2]),
        ("eta", [3]),
        ("η", [3]),
        ("nothing", []),
    ],
)
def test_words_find_rows(query: str, values: list[int]) -> None:
    """Every word has to occur, in any case and order; a sign is found by its name."""
    assert [choice.value for choice in LIST.searched(Field.holding(query)).matches] == values


def test_rows_with_the_words_in_the_title_come_first() -> None:
    """Whatever their order in the list."""
    turned = Listing("Help", CHOICES[::-1]).searched(Field.holding("next"))
    assert [choice.value for choice in turned.matches] == [1, 2]


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("sum", "sum, pre-activation"),
        ("target", "target"),
        ("gradient", "gradient"),
        ("relu", "ReLU"),
        ("loss", "loss"),
        ("nudge", "nudge"),
        ("backw", "backward, backpropagation"),
        ("pre-act", "sum, pre-activation"),
        ("up", "update, training"),
        ("handout", "handout, worksheet"),
        ("wrong", "wrong ways"),
        ("quit", "quit"),
        ("ŷ", "prediction, output"),
        ("hat", "prediction, output"),
        ("ŷ − y", "error"),
        ("eta", "learning rate"),
        ("»", "note"),
        ("⁽¹⁾", "sample"),
    ],
)
def test_the_help_finds_a_word_before_what_has_it_in_its_middle(typed: str, title: str) -> None:
    """A meaning before a key, and the beginning of a word before its middle."""
    chosen = HELP.searched(Field.holding(typed)).chosen
    assert chosen is not None
    assert chosen.title == title


def test_the_beginning_of_a_title_comes_before_the_middle_of_words() -> None:
    """As in a list of stops and courses: "up" is in the middle of a word, "one" in a sentence."""
    rows = (Choice("10", "The coupling of one", "", 1), Choice("", "One update by hand", "", 2))
    assert [c.value for c in Listing("", rows).searched(Field.holding("One up")).matches] == [2, 1]


@pytest.mark.parametrize("typed", ["resume", "place is kept", "qui", "q", "shell"])
def test_a_search_for_words_ends_nothing(typed: str) -> None:
    """Though the row that quits is the first found; one may move to it, or type its title."""
    listing = HELP.searched(Field.holding(typed))
    assert listing.chosen is not None
    assert not listing.chosen.is_held or not listing.can_be_done
    at = next(index for index, choice in enumerate(listing.matches) if choice.is_held)
    moved = listing.moved(at or 1, 10)
    assert moved.chosen is not None
    assert moved.chosen.is_held
    assert moved.can_be_done
    assert HELP.searched(Field.holding("Quit")).can_be_done


@given(st.lists(st.integers(-200, 200)), st.integers(1, 50))
def test_the_highlighted_row_is_in_view(moves: list[int], in_view: int) -> None:
    """However one moves, and never beyond an end."""
    listing = LONG
    for move in moves:
        before, listing = listing, listing.moved(move, in_view)
        assert listing.highlighted == min(max(before.highlighted + move, 0), 99)
        assert listing.top <= listing.highlighted < listing.top + in_view


def test_a_new_query_starts_at_the_first_row() -> None:
    """Moving the cursor in the query does not."""
    moved = LONG.moved(30, 10)
    assert moved.searched(Field.holding("9")).highlighted == 0
    assert moved.searched(Field("", 0)).highlighted == 30
    nothing = LONG.searched(Field.holding("nothing"))
    assert nothing.chosen is None
    assert nothing.moved(1, 10).chosen is None


def test_the_picture_at_60_columns_in_ascii() -> None:
    """Title, field, rows, the description of the highlighted row, and keys."""
    listing = LIST.searched(Field.holding("step")).moved(1, 5)
    assert listing.picture(60, 14, Look(True)).text().splitlines() == [
        " Help                                                2 of 2",
        "",
        " search step",
        "",
        "   -> l  next step       Goes on by one step.",
        " > <- h  previous step   Goes back by one step; the next...",
        "",
        "",
        "",
        "",
        "",
        "   Goes back by one step; the next is then this one.",
        "",
        " ^v move  Enter choose  Esc leave  type to search",
    ]


def test_a_click_tells_the_row() -> None:
    """Marks bear the index of the row among those that match, scrolled or not."""
    picture = LONG.moved(60, LONG.rows_in_view(80, 24)).picture(80, 24, Look())
    rows = {y: picture.at(20, y) for y in range(24)}
    assert [name for name in rows.values() if name] == [
        str(number) for number in range(61 - LONG.rows_in_view(80, 24), 61)
    ]
    assert all(name is None or f"lesson {name}" in picture.text().splitlines()[y] for y, name in rows.items())


@given(st.integers(0, 200), st.integers(0, 70), st.booleans(), st.text(max_size=9))
def test_the_picture_fits_any_screen(width: int, height: int, ascii: bool, query: str) -> None:
    """Nothing raises, and the picture is as large as the screen."""
    picture = LIST.searched(Field.holding(query)).picture(width, height, Look(ascii))
    assert (picture.width, picture.height) == (width, height)
