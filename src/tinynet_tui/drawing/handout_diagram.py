"""The diagram of a lesson for a handout: as lines of text, as SVG, and in picture commands of LaTeX."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from tinynet_tui.drawing.above_panels import MOST_BOXED
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture, StyledRun
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.drawing.svg import dots_of, picture_svg
from tinynet_tui.drawing.theme import theme_of
from tinynet_tui.handouts.latex_text import latex_text
from tinynet_tui.handouts.request import Diagram
from tinynet_tui.networks.dense import is_dense
from tinynet_tui.session.moment import Moment

_SIZES = {76: (r"\footnotesize", 4.725), 100: (r"\scriptsize", 4.25), 130: (r"\tiny", 3.19)}
"""How many cells a page takes in letters of some sizes, and how wide such a letter is in points."""
_MOST_ROWS = 60
_PAPER = theme_of("truecolor", "light")
_ARMS = {
    "─": "lr", "│": "ud", "╭": "rd", "╮": "ld", "╰": "ru", "╯": "lu", "├": "rud", "┤": "lud",
    "┬": "lrd", "┴": "lru", "┼": "lrud", "╌": "l",
}  # fmt: skip
"""Which sides of its cell a sign of a frame reaches: left, right, up, down."""
_STROKES = {
    "l": (0, 1, r"\line(1,0){0.5}"),
    "r": (0.5, 1, r"\line(1,0){0.5}"),
    "u": (0.5, 2, r"\line(0,-1){1}"),
    "d": (0.5, 1, r"\line(0,-1){1}"),
}
"""Where the stroke to a side begins in a cell of 1 by 2, and the command for it."""
_MARKUP = str.maketrans({sign: rf"\char{ord(sign)}{{}}" for sign in r"\{}$&#^_%~"})


def diagram_of(here: Moment, ascii: bool) -> Diagram | None:
    """The diagram of a moment, or else its sheet, for a handout; None where no page holds it whole.

    ascii: whether its text is to have no other signs.
    """
    picture = _picture(here, ascii)
    if picture is None:
        return None
    text = tuple("".join(run.text for run in row).rstrip() for row in picture.rows)
    drawn = _picture(here, False) if ascii else picture
    assert drawn is not None, "it fits in either set of signs"
    return Diagram(text, tuple(picture_svg(drawn, _PAPER).splitlines()), tuple(_latex(drawn)))


def _picture(here: Moment, ascii: bool) -> Picture | None:
    scene = Scene(here, Look(ascii))
    if is_dense(here.model):
        from tinynet_tui.drawing.diagram import diagram, rows_of_diagram

        width = min(_SIZES)
        height = rows_of_diagram(scene, width, _MOST_ROWS)
        return _unselected(diagram(scene, width, height, names_edges=True))
    if len(here.model.forward.assignments) > MOST_BOXED:
        return None
    from tinynet_tui.drawing import graph, sheet

    for fits, rows, draw in (
        (graph.fits_whole, graph.graph_rows, graph.graph),
        (sheet.fits_whole, sheet.sheet_rows, sheet.sheet),
    ):
        for width in _SIZES:
            if fits(scene, width, _MOST_ROWS):
                return _unselected(draw(scene, width, rows(scene, width, _MOST_ROWS)))
    return None


def _unselected(picture: Picture) -> Picture:
    """A picture in which nothing is selected: on paper nobody chooses."""
    return picture._replace(
        rows=tuple(
            tuple(
                StyledRun(run.text.replace("▏", " "), run.style.replace("selected", "label")) for run in row
            )
            for row in picture.rows
        )
    )


def _latex(picture: Picture) -> Iterator[str]:
    """A picture environment: each cell is one unit wide and two high, a letter of \\texttt."""
    size, unit = _SIZES[picture.width]
    height = 2 * picture.height
    yield rf"{{{size}\setlength{{\unitlength}}{{{unit}pt}}\par\noindent"
    yield rf"\begin{{picture}}({picture.width},{height})"
    for row, runs in enumerate(picture.rows):
        column, bottom = 0, height - 2 * (row + 1)
        for kind, signs in groupby("".join(run.text for run in runs), key=_kind):
            text = "".join(signs)
            yield from _commands(kind, text, column, bottom)
            column += len(text)
    yield r"\end{picture}\par}"


def _kind(sign: str) -> str:
    if sign == " ":
        return "blank"
    if "⠀" <= sign <= "⣿":
        return "dots"
    return "frame" if sign in _ARMS else "letters" if sign.isascii() else f"sign {sign}"


def _commands(kind: str, text: str, column: int, bottom: int) -> Iterator[str]:
    match kind:
        case "blank":
            return
        case "dots":
            for x, y in dots_of(text):
                yield rf"\put({column + x:g},{bottom + 2 - 2 * y:g}){{\circle*{{0.25}}}}"
        case "frame":
            for index, sign in enumerate(text):
                for x, y, line in (_STROKES[arm] for arm in _ARMS[sign]):
                    yield rf"\put({column + index + x:g},{bottom + y:g}){{{line}}}"
        case "letters":
            yield _put(column, bottom, text.translate(_MARKUP))
        case _:
            for index, sign in enumerate(text):
                yield _put(column + index, bottom, latex_text(sign))


def _put(column: int, bottom: int, markup: str) -> str:
    return rf"\put({column},{bottom + 0.6:g}){{\texttt{{{markup}}}}}"
