"""The widget that shows a picture, and repaints no more of it than has changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tinynet_tui.drawing.picture import Picture, Row, Run
from tinynet_tui.drawing.theme import Theme

_EMPTY = Picture(0, 0, ())


class Board(Widget):
    """Shows one picture, cell for cell, in the styles of a theme.

    A cell without a style is sent without any code, so it has the terminal's own colours.
    """

    DEFAULT_CSS = """
    Board {
        width: 100%;
        height: 100%;
        background: ansi_default;
        color: ansi_default;
    }
    """
    ALLOW_SELECT = False

    class Clicked(Message):
        """A marked region of the picture was clicked."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name
            """The name of the mark."""

    class Scrolled(Message):
        """The wheel was turned over the board."""

        def __init__(self, rows: int, name: str | None) -> None:
            super().__init__()
            self.rows = rows
            """−1 for one notch up, +1 for one notch down."""
            self.name = name
            """The name of the marked region under the pointer, if any."""

    def __init__(self, theme: Theme, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._theme = theme
        self._picture = _EMPTY

    @property
    def picture(self) -> Picture:
        """The picture that is shown."""
        return self._picture

    def show(self, picture: Picture) -> None:
        """Show another picture: only the spans of rows that differ from the present one are repainted."""
        before, self._picture = self._picture, picture
        if (before.width, before.height) != (picture.width, picture.height):
            self.refresh()
            return
        if regions := changed_regions(before, picture):
            self.refresh(*regions)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows of the picture, without the styling and filtering that a widget's lines usually pass."""
        start, end = crop.column_span
        return [self._strip(y, start, end) for y in crop.line_range]

    def _strip(self, y: int, start: int, end: int) -> Strip:
        """Some columns of a row in the form that the compositor takes; blank outside the picture."""
        style = self._theme.style
        row = self._picture.rows[y] if 0 <= y < self._picture.height else ()
        runs = list(_cropped(row, start, end))
        blank = end - start - sum(len(run.text) for run in runs)
        segments = [Segment(run.text, style(run.style) if run.style else None) for run in runs]
        return _Uncut([*segments, Segment(" " * blank)] if blank else segments, end - start)

    def on_click(self, event: events.Click) -> None:
        """Say which marked region was clicked."""
        name = self._picture.at(event.x, event.y)
        if name is not None and event.button == 1:
            self.post_message(self.Clicked(name))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Say that the wheel was turned up."""
        self._scroll(event, -1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Say that the wheel was turned down."""
        self._scroll(event, 1)

    def _scroll(self, event: events.MouseEvent, rows: int) -> None:
        event.stop()
        self.post_message(self.Scrolled(rows, self._picture.at(event.x, event.y)))


class _Uncut(Strip):
    """A strip that does not remember itself as its only part: a circle that the garbage collector alone could
    break, for every row that is drawn."""

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """The parts between cuts."""
        cuts = list(cuts)
        return [self] if cuts == [self.cell_length] else super().divide(cuts)


def _cropped(row: Row, start: int, end: int) -> Iterator[Run]:
    """The part of a row between two columns."""
    x = 0
    for text, style in row:
        part = text[max(start - x, 0) : max(end - x, 0)]
        x += len(text)
        if part:
            yield Run(part, style)


def changed_regions(before: Picture, after: Picture) -> list[Region]:
    """The smallest span of each row that covers every cell in which two pictures of one size differ."""
    return [
        Region(start, y, end - start, 1)
        for y, (old, new) in enumerate(zip(before.rows, after.rows, strict=True))
        if old != new
        for start, end in [_changed_span(old, new)]
    ]


def _changed_span(old: Row, new: Row) -> tuple[int, int]:
    """The first column in which two rows differ, and the column after the last one."""
    width = sum(len(run.text) for run in new)
    backwards = (tuple(Run(run.text[::-1], run.style) for run in reversed(row)) for row in (old, new))
    return _common_cells(old, new), width - _common_cells(*backwards)


def _common_cells(old: Row, new: Row) -> int:
    """How many cells at the start of two rows that differ are the same."""
    cells = 0
    for before, after in zip(old, new, strict=False):
        if before == after:
            cells += len(before.text)
            continue
        if before.style == after.style:
            pairs = zip(before.text, after.text, strict=False)
            cells += sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        break
    return cells
