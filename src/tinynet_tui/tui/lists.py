"""A page to choose one row of a list from."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from typing import Generic

from textual import events

from tinynet_tui.drawing.listing import Choice, FoundRows, Listing, Value
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.theme import Theme
from tinynet_tui.session.commands import EVERYWHERE_KEYS
from tinynet_tui.tui.page import Page


class ListPage(Page[Value], Generic[Value]):
    """Covers the screen with a list; ends with the value of the row that was chosen, or None."""

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice[Value]],
        theme: Theme,
        look: Look,
        more: AsyncIterator[FoundRows[Value]] | None = None,
        aside: str = "is choosing",
        opened_by: Collection[str] = (),
        at: int | None = None,
    ) -> None:
        """Have a list; `more` finds further rows for it; aside: what others are told in its place.

        What there is to choose from, and what is searched, is the user's own.
        opened_by: keys that do not begin a search, as they open the list and may be pressed once more.
        at: the row that is highlighted first, if not the first that can be chosen.
        """
        super().__init__(theme, look, aside)
        self._opened_by = opened_by
        first = next((index for index, choice in enumerate(choices) if not choice.is_heading), 0)
        self._listing = Listing(
            title, tuple(choices), highlighted=first if at is None else at, has_more=more is not None
        )
        self._more = more
        self.finds_rows = False
        """Whether rows are being looked for."""

    def picture(self, width: int, height: int) -> Picture:
        """The list, scrolled as far as the highlighted row needs."""
        self._listing = self._listing.moved(0, self._listing.rows_in_view(width, height))
        return self._listing.picture(width, height, self.look)

    @property
    def is_typing(self) -> bool:
        """It is: whatever is typed is searched for."""
        return True

    @property
    def _in_view(self) -> int:
        return self._listing.rows_in_view(*self.app.size)

    def _set(self, listing: Listing[Value]) -> None:
        self._listing = listing
        self.draw()
        if self._more is not None and not self.finds_rows and listing.lacks_rows(self._in_view):
            self.finds_rows = True
            self.run_worker(self._find_rows(self._more))

    async def _find_rows(self, more: AsyncIterator[FoundRows[Value]]) -> None:
        """Find as many rows as there is room for, or as have the words that were typed."""
        async for rows, has_more in more:
            self._set(self._listing.with_rows(rows, has_more))
            if not self._listing.lacks_rows(self._in_view):
                break
        else:
            self._set(self._listing.with_rows((), has_more=False))
        self.finds_rows = False

    def _choose(self, choice: Choice[Value] | None) -> None:
        if choice is not None and not choice.is_heading:
            self.leave(choice.value)

    def on_resize(self) -> None:
        """Draw for the new size."""
        self._set(self._listing)

    def takes(self, event: events.Key) -> bool:
        """Move, choose, leave, or search."""
        if event.key in EVERYWHERE_KEYS:
            return False
        if event.key == "escape":
            self.leave()
        elif event.key == "enter":
            self._choose(self._listing.chosen if self._listing.can_be_done else None)
        elif event.key in self._opened_by and not self._listing.query.text:
            pass
        elif (listing := self._listing.after_key(event.key, event.character, self._in_view)) is not None:
            self._set(listing)
        return True

    def paste(self, text: str) -> None:
        """Search for what is pasted."""
        self._set(self._listing.searched(self._listing.query.typed(text)))

    def clicked(self, name: str) -> None:
        """Choose the row that was clicked."""
        self._choose(self._listing.matches[int(name)])

    def scrolled(self, rows: int) -> None:
        """Move by some rows."""
        self._set(self._listing.moved(rows, self._in_view))
