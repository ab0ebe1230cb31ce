"""A picture of the screen as an SVG file, exact to the cell with any font, and with nothing to load."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby

from tinynet_tui.drawing.picture import Picture, StyledRun
from tinynet_tui.drawing.signs import narrow
from tinynet_tui.drawing.theme import BOLD, DIM, GROUNDS, REVERSE, UNDERLINE, Style, Theme, rgb

_CELL_WIDTH, _CELL_HEIGHT = 9, 18
_MARGIN = 9
_BASELINE = 13.5
_FONT = "'DejaVu Sans Mono', 'Fira Code', 'Cascadia Mono', Menlo, Consolas, monospace"
_BRAILLE = range(0x2800, 0x2900)
_DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))
"""(column, row) of each bit of a braille sign."""


def picture_svg(picture: Picture, theme: Theme) -> str:
    """A picture as SVG, on its palette's ground; braille is drawn dot by dot, because few fonts have it."""
    body = (element for y, row in enumerate(picture.rows) for element in cells_svg(0, y, row, theme))
    return "\n".join((*frame_svg(picture.width, picture.height, theme), *body, "</svg>\n"))


def frame_svg(columns: int, rows: int, theme: Theme) -> tuple[str, str]:
    """The beginning of a picture of that many cells: the root, and the ground that all is drawn on."""
    width, height = columns * _CELL_WIDTH + 2 * _MARGIN, rows * _CELL_HEIGHT + 2 * _MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" font-family="{_FONT}" font-size="15" xml:space="preserve">',
        f'<rect width="{width}" height="{height}" rx="6" fill="{GROUNDS[theme.palette][1]}"/>',
    )


def cells_svg(x: int, y: int, runs: Iterable[StyledRun], theme: Theme) -> Iterator[str]:
    """The cells of a row from a column on, on the ground of a picture."""
    for left, run in _placed(x, runs):
        yield from _run(left, y, run, theme.style(run.style), *GROUNDS[theme.palette])


def blank_svg(x: int, y: int, columns: int, rows: int, theme: Theme) -> str:
    """The ground over cells that were drawn before."""
    return (
        f'<rect x="{_MARGIN + x * _CELL_WIDTH}" y="{_MARGIN + y * _CELL_HEIGHT}" '
        f'width="{columns * _CELL_WIDTH}" height="{rows * _CELL_HEIGHT}" fill="{GROUNDS[theme.palette][1]}"/>'
    )


def _placed(x: int, row: Iterable[StyledRun]) -> Iterator[tuple[int, StyledRun]]:
    """The runs of a row with their columns, braille apart from text and blanks left out."""
    for text, style in row:
        for kind, characters in groupby(text, key=_kind):
            part = "".join(characters)
            if kind != "blank" or style:
                yield x, StyledRun(part, style)
            x += len(part)


def _kind(character: str) -> str:
    if character == " ":
        return "blank"
    return "braille" if ord(character) in _BRAILLE else "text"


def _run(x: int, y: int, run: StyledRun, style: Style, foreground: str, background: str) -> Iterator[str]:
    left, top = _MARGIN + x * _CELL_WIDTH, _MARGIN + y * _CELL_HEIGHT
    ink, ground = _hex(style.foreground, foreground), _hex(style.background, background)
    if REVERSE in style.attributes:
        ink, ground = ground, ink
    cells = len(run.text) * _CELL_WIDTH
    if ground != background:
        yield f'<rect x="{left}" y="{top}" width="{cells}" height="{_CELL_HEIGHT}" fill="{ground}"/>'
    look = ' opacity="0.6"' if DIM in style.attributes else ""
    if UNDERLINE in style.attributes:
        yield f'<path d="M{left} {top + 16}h{cells}" stroke="{ink}"{look}/>'
    if _kind(run.text[0]) == "braille":
        dots = "".join(
            f"M{left + dot_x * _CELL_WIDTH} {top + dot_y * _CELL_HEIGHT}h0"
            for dot_x, dot_y in dots_of(run.text)
        )
        yield f'<path d="{dots}" stroke="{ink}" stroke-width="2.4" stroke-linecap="round"{look}/>'
    elif run.text.strip():
        look += ' font-weight="bold"' if BOLD in style.attributes else ""
        yield (
            f'<text x="{left}" y="{top + _BASELINE}" textLength="{cells}" fill="{ink}"{look}>'
            f"{escape(narrow(run.text), quote=False)}</text>"
        )


def dots_of(text: str) -> Iterator[tuple[float, float]]:
    """The dots of braille signs in a row, from its left end down: in cells."""
    for index, character in enumerate(text):
        for bit, (column, row) in enumerate(_DOTS):
            if (ord(character) - _BRAILLE.start) >> bit & 1:
                yield index + 0.25 + column / 2, (row + 0.5) / 4


def _hex(colour: str, otherwise: str) -> str:
    return f"#{bytes(rgb(colour)).hex()}" if colour else otherwise
