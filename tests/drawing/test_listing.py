"""A list's descriptions: whole below it at every size, and where no screen has room, marked as cut."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tinynet_tui.drawing.listing import Choice, Listing, key_choices
from tinynet_tui.drawing.look import Look
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lesson
from tinynet_tui.session.commands import COMMANDS, start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import moment
from tinynet_tui.teaching.glossary import glossary


def shown(listing: Listing[str], index: int, size: tuple[int, int], look: Look) -> str:
    """The screen with a row highlighted, as one line."""
    return " ".join(replace(listing, highlighted=index).picture(*size, look).text().split())


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (200, 60)])
@pytest.mark.parametrize("ascii", [False, True])
def test_every_description_is_whole(size: tuple[int, int], ascii: bool) -> None:
    """Of the lessons, of every key, and of every word, with the longest numbers there are."""
    look, sessions = Look(ascii), [start(shipped_lesson(name)) for name in SHIPPED_NAMES]
    ends = [replace(session, step=len(program_of(session)), digits=17) for session in sessions[:12:3]]
    words = {entry for session in ends for entry in glossary(moment(session))}
    for choices in (
        [Choice("", session.lesson.title, session.lesson.about, "") for session in sessions],
        key_choices(COMMANDS, look.keys),
        [Choice(entry.signs, entry.word, entry.meaning, "") for entry in sorted(words)],
    ):
        listing = Listing("list", tuple(choices))
        longest = sorted(listing.choices, key=lambda choice: len(choice.description))[-6:]
        for choice in longest:
            words_of_it = " ".join(look.say(choice.description).split())
            assert words_of_it in shown(listing, listing.choices.index(choice), size, look)


def test_a_description_that_no_screen_has_room_for_is_marked() -> None:
    """A stranger's lesson may have any: the list keeps four rows, and an ellipsis stands at the end."""
    listing = Listing("list", tuple(Choice("", f"row {n}", "Many words. " * 300, "") for n in range(9)))
    for size in ((60, 20), (80, 24), (80, 12)):
        text = replace(listing, highlighted=3).picture(*size, Look()).text()
        assert all(f"row {n}" in text for n in range(4))
        assert text.rpartition(" ↑↓ move")[0].rstrip().endswith("…")
