"""A list to choose one row of, by moving or by typing words of it: what is known of it, and its picture."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Canvas, Picture, shorten, to_ascii, wrap
from tinynet_tui.drawing.signs import narrow
from tinynet_tui.drawing.text_field import Field
from tinynet_tui.session.commands import Entry
from tinynet_tui.session.keys import Keys

Value = TypeVar("Value")

WIDEST = 100
"""Cells: on a wider screen the list stands in the middle."""
_ABOVE_LIST = 4
"""Rows for the title and the field, each with an empty row below."""
_WIDEST_DESCRIPTION = 80
"""Cells: longer lines would be hard to read."""
_AROUND_DESCRIPTION = 3
"""Rows for the keys, and an empty one above and below the description."""
_LEAST_ROWS = 4
"""Rows that no description takes from the list."""
_MAY_BE_LONGEST = 8
"""Descriptions: as many are looked at for the one that takes most lines."""
_NOTHING_TYPED = Field()
_OPERATOR = re.compile(r" [−/=] ")
"""What stands between the signs of a formula."""
_NUMBER_OF = re.compile(r"(?<=[^\W\d_])[₀-₉\d]+|[₀-₉]+")
"""The number of a quantity, after its letter."""


class Choice(NamedTuple, Generic[Value]):
    """One row of the list."""

    key: str
    """The keys that do the same without the list; may be empty."""
    title: str
    description: str
    """One sentence or more, shown in full for the highlighted row."""
    value: Value
    """What choosing the row gives."""
    is_heading: bool = False
    """Whether it is there to be read, and cannot be chosen."""
    is_word: bool = False
    """Whether it is a word with its meaning: a search finds it before what can be done."""
    is_held: bool = False
    """Whether Enter does it only where it was moved to, or is called by its title: it ends the program, or
    shows what is asked for."""


FoundRows = tuple[Sequence[Choice[Value]], bool]
"""Rows that were found, and whether there may be more."""


def key_choices(entries: Iterable[Entry[Any]], keys: Keys, held: Collection[str] = ()) -> list[Choice[str]]:
    """The rows of a table of commands that have keys; each gives the name of its command.

    held: the names of those that Enter is not to do by chance, beside those that end the program.
    """
    return [
        Choice(
            " ".join(keys.signs(entry)),
            entry.title,
            entry.about,
            entry.name,
            is_held=entry.name in ("quit", "suspend", *held),
        )
        for entry in map(keys.row_of, entries)
        if entry.keys
    ]


@dataclass(frozen=True, slots=True)
class Listing(Generic[Value]):
    """What the page shows: a list, what was typed to search it, and where in it the person is."""

    doing: ClassVar[str] = "is choosing"

    title: str
    choices: tuple[Choice[Value], ...]
    query: Field = _NOTHING_TYPED
    highlighted: int = 0
    """Index among the rows that match."""
    top: int = 0
    """Index of the first row in view."""
    has_more: bool = False
    """Whether rows are still to be found."""
    has_moved: bool = False
    """Whether the highlighted row was moved to, since the words were typed."""

    @property
    def matches(self) -> tuple[Choice[Value], ...]:
        """The rows that have every word typed, those whose title they begin first: see `_Sought`.

        Where none of all has z₃, those that have z.
        """
        typed = self.query.text
        return self._found(typed) or (() if self.has_more else self._found(_NUMBER_OF.sub("", typed)))

    def _found(self, typed: str) -> tuple[Choice[Value], ...]:
        sought = _Sought(typed)
        return tuple(sorted(filter(sought.is_in, self.choices), key=sought.rank))

    @property
    def chosen(self) -> Choice[Value] | None:
        """The highlighted row, if any row matches."""
        matches = self.matches
        return matches[self.highlighted] if matches else None

    @property
    def can_be_done(self) -> bool:
        """Whether Enter does the highlighted row."""
        chosen = self.chosen
        if chosen is None or chosen.is_heading:
            return False
        return not chosen.is_held or self.has_moved or self.query.text.strip().casefold() == chosen.title

    def searched(self, query: Field) -> Listing[Value]:
        """The list for another query, from its first row if the words have changed."""
        if query.text == self.query.text:
            return replace(self, query=query)
        return replace(self, query=query, highlighted=0, top=0, has_moved=False)

    def moved(self, rows: int, in_view: int) -> Listing[Value]:
        """The list with another row highlighted, scrolled no further than needed to have it in view."""
        highlighted = max(0, min(self.highlighted + rows, len(self.matches) - 1))
        top = max(min(self.top, highlighted), highlighted - max(in_view, 1) + 1)
        return replace(self, highlighted=highlighted, top=top, has_moved=self.has_moved or rows != 0)

    def picture(self, width: int, height: int, look: Look) -> Picture:
        """The whole screen, scrolled as far as the highlighted row needs."""
        shown = self.moved(0, self.rows_in_view(width, height))
        return shown._picture(look.canvas(width, height))

    def _picture(self, canvas: Canvas) -> Picture:
        """The whole screen; each row of the list is marked with its index, for the mouse."""
        matches = self.matches
        count = f"{self.highlighted + 1} of {len(matches)}" if matches else "none"
        left, inner = draw_title(canvas, self.title, count + ("…" if self.has_more else ""))
        x = canvas.text(left + 1, 2, "search ", "dim")
        self.query.draw(canvas, x, 2, min(40, inner - 9))
        if matches:
            rows = self.rows_in_view(canvas.width, canvas.height)
            canvas.blit(_rows(self, Canvas(inner, rows, canvas.ascii, canvas.letters)), left, _ABOVE_LIST)
            _draw_description(canvas, _ABOVE_LIST + rows, matches[self.highlighted].description, left, inner)
        else:
            words = "Still looking" if self.has_more else "Nothing here has these words"
            canvas.text(left + 1, _ABOVE_LIST, f"{words}. Esc leaves.", "dim")
        choose = (("Enter", "choose"),) if self.can_be_done else ()
        draw_keys(canvas, left, (("↑↓", "move"), *choose, ("Esc", "leave"), ("", "type to search")))
        return canvas.picture()

    def rows_in_view(self, width: int, height: int) -> int:
        """How many rows of the list a screen has room for, with the longest description whole below it."""
        longest = nlargest(_MAY_BE_LONGEST, (choice.description for choice in self.choices), key=len)
        room = min(width, WIDEST, _WIDEST_DESCRIPTION) - 4
        lines = max((len(wrap(to_ascii(text), room)) for text in longest), default=0)
        both = height - _ABOVE_LIST - _AROUND_DESCRIPTION
        return max(1, both - max(1, min(max(lines, 3 if height >= 20 else 1), both - _LEAST_ROWS)))

    def after_key(self, key: str, character: str | None, in_view: int) -> Listing[Value] | None:
        """The list after a key that moves in it or searches it; None for any other key."""
        last = len(self.matches) - 1
        # From either end to the other.
        up, down = -1 if self.highlighted else last, 1 if self.highlighted < last else -last
        rows = {"up": up, "down": down, "pageup": -in_view, "pagedown": in_view, "shift+tab": up, "tab": down}
        if key in rows:
            return self.moved(rows[key], in_view)
        query = self.query.after_key(key, character)
        return None if query is None else self.searched(query)

    def with_rows(self, choices: Sequence[Choice[Value]], has_more: bool) -> Listing[Value]:
        """The list with rows that were found; the same row stays highlighted."""
        chosen = self.chosen
        longer = replace(self, choices=(*self.choices, *choices), has_more=has_more)
        return replace(longer, highlighted=longer.matches.index(chosen)) if chosen else longer

    def lacks_rows(self, in_view: int) -> bool:
        """Whether more rows are wanted: for what is in view, and for the next page."""
        return self.has_more and len(self.matches) < self.top + 2 * in_view


class _Sought:
    """What was typed, and how well a row answers it."""

    def __init__(self, typed: str) -> None:
        self._text = " ".join(typed.casefold().split())
        self._words = _searchable(typed).split()
        self._beginnings = [re.compile(rf"(?<!\w){re.escape(word)}") for word in self._words]

    def is_in(self, choice: Choice[Value]) -> bool:
        """Whether every word occurs somewhere in a row."""
        return self._has(choice.key, choice.title, choice.description)

    def rank(self, choice: Choice[Value]) -> tuple[bool, ...]:
        """What rows that have the words are sorted by, the best first.

        A name or sign that is just what was typed; words that begin so, in the title and then anywhere;
        words that have it in their middle. Meanings of words come before what can be done where the title
        says so, else after it; what is only there to be read and what ends the program come last.
        """
        if not self._words:
            return ()
        # The signs of a formula are no names of it: ŷ is not what ŷ − y is called.
        signs = [choice.key] if _OPERATOR.search(choice.key) else choice.key.split()
        is_name = self._text in map(str.casefold, (*choice.title.split(", "), *signs))
        begins = self._begins(choice.key, choice.title)
        return (
            choice.is_held and self._text != choice.title,
            choice.is_heading and not choice.is_word,
            not is_name,
            not begins,
            choice.is_word != begins,
            not choice.title.casefold().startswith(self._text),
            not self._begins(choice.key, choice.title, choice.description),
            not self._has(choice.key, choice.title),
        )

    def _has(self, *texts: str) -> bool:
        searched = " ".join(map(_searchable, texts))
        return all(word in searched for word in self._words)

    def _begins(self, *texts: str) -> bool:
        searched = " ".join(map(_searchable, texts))
        return all(beginning.search(searched) for beginning in self._beginnings)


def _searchable(text: str) -> str:
    """The text in lower case, and with its signs by name too: a search for "eta" finds η."""
    return text.casefold() if text.isascii() else f"{narrow(text)} {to_ascii(text)}".casefold()


# The picture


def draw_title(canvas: Canvas, title: str, part: str) -> tuple[int, int]:
    """Draw the title, and how much of all is in view; returns (first column, cells) of what stands below."""
    inner = min(canvas.width, WIDEST)
    left = (canvas.width - inner) // 2
    canvas.fill(0, 0, canvas.width, 1, style="title")
    canvas.text(left + 1, 0, shorten(title, inner - len(part) - 4, canvas.ascii), "title")
    canvas.text(left + inner - len(part) - 1, 0, part, "title")
    return left, inner


def draw_keys(canvas: Canvas, left: int, keys: Iterable[tuple[str, str]]) -> None:
    """Draw what keys do, on the bottom row."""
    x, y = left + 1, canvas.height - 1
    for key, does in keys:
        x = canvas.text(x, y, key, "key")
        x = canvas.text(x + (1 if key else 0), y, does, "dim") + 2


def _rows(listing: Listing[Value], canvas: Canvas) -> Picture:
    """The rows in view, in columns: key, title, description."""
    width, height, ascii = canvas.width, canvas.height, canvas.ascii
    key_width = min(max(_cells(choice.key, ascii) for choice in listing.choices), 18)
    title_x = 3 + key_width + (2 if key_width else 0)
    title_width = min(max(_cells(choice.title, ascii) for choice in listing.choices), width - title_x - 1)
    description_x = title_x + title_width + 3
    for y, choice in enumerate(listing.matches[listing.top : listing.top + height]):
        index = listing.top + y
        canvas.text(3, y, shorten(choice.key, key_width, ascii), "key")
        canvas.text(title_x, y, shorten(choice.title, title_width, ascii))
        if width - description_x >= 16:
            first_line = shorten(choice.description, width - description_x - 1, ascii)
            canvas.text(description_x, y, first_line, "dim")
        if index == listing.highlighted:
            _highlight(canvas, y)
        canvas.mark(str(index), 0, y, width)
    return canvas.picture()


def _highlight(canvas: Canvas, y: int) -> None:
    """Let a row stand out, with an arrow too, for terminals that turn nothing over."""
    row = canvas.picture().rows[y]
    canvas.text(0, y, "".join(run.text for run in row), "highlight")
    canvas.text(1, y, "▸", "highlight")


def _draw_description(canvas: Canvas, y: int, description: str, left: int, width: int) -> None:
    """Draw the description of the highlighted row, below the list that ends at y; where it is longer than
    the screen has room for, it says so."""
    y, room = y + 1, min(width, _WIDEST_DESCRIPTION) - 4
    lines = wrap(to_ascii(description, canvas.letters) if canvas.ascii else description, room)
    rows = canvas.height - 2 - y
    for row, line in enumerate(lines[:rows], start=1):
        is_cut = row == rows < len(lines)
        canvas.text(left + 3, y + row - 1, shorten(line + " " * room, room, canvas.ascii) if is_cut else line)


def _cells(text: str, ascii: bool) -> int:
    """How many cells a text takes."""
    return len(to_ascii(text, letters=True) if ascii else text)
