"""What has to be sent so that a terminal shows a frame: only the cells that differ from what it shows now.

A frame is the text that would draw it: cursor moves, styles and characters. What is no part of a plain frame
is passed as it is, where the frame would have sent it, and what it may have changed is no longer relied on.
"""

from __future__ import annotations

import re
from itertools import repeat

from tinynet_tui.drawing.signs import clean
from tinynet_tui.terminal.pen import BLANK, PLAIN, Cell, Grid, Pen, Style, styled

_TOKEN = re.compile(
    r"(?P<text>[^\x00-\x1f\x7f-\x9f]+)"
    r"|\x1b\[(?P<parameters>[0-?]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    r"|(?P<string>\x1b\](?P<kind>[0-9]*)[^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[PX^_][^\x1b]*\x1b\\)"
    r"|(?P<unfinished>\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*\x1b?|[PX^_][^\x1b]*\x1b?|[ -/]*)\Z)"
    r"|(?P<other>\x1b[ -/]*[0-~]|[\s\S])"
)
"""One piece of what a terminal is sent, after ECMA-48: text, CSI, OSC and other strings, the rest."""
_NUMBERS = re.compile(r"(?:[0-9]{0,4};)*[0-9]{0,4}")
_PLACE = re.compile(r"\x1b\[[0-9;]*[Hf]")

_WRAPPING, _CURSOR = "?7", "?25"
_HARMLESS_MODES = (_WRAPPING, _CURSOR, "?12", "?1000", "?1002", "?1003", "?1004", "?1005", "?1006", "?1015",
                   "?1016", "?2004", "?2026", "?2048")  # fmt: skip
"""Modes that change no cell: the cursor's look, mouse, focus, pastes, synchronized output, reports."""
_SCREEN_MODES = ("?47", "?1047", "?1048", "?1049")
"""Modes that show the other screen: every cell may change, but what follows means the same as before."""
_HARMLESS_STRINGS = ("0", "1", "2", "22", "52")
"""OSC: the titles of the window, the pointer's shape, and the clipboard."""
_HARMLESS = ("\a", "\0", "\x1b=", "\x1b>")
_PASSING = ("\b", "\t", "\n", "\r", "\v", "\f", "\x1b7", "\x1b8", "\x1bD", "\x1bE", "\x1bM", "\x1bH")
"""Controls that may move the cursor or the cells, and are then over."""


class Difference:
    r"""Knows what one terminal shows, and turns frames into what has to be sent to it.

    After `forget` and `resized` the next frame has to start by placing the cursor, as Textual's do.

    Example:
        >>> difference = Difference(80, 24)
        >>> start = difference.encode("\x1b[?25l\x1b[m\x1b[2J\x1b[2;1Hw₁ = 0.5")
        >>> difference.encode("\x1b[2;1Hw₁ = 0.6")
        '\x086'
        >>> difference.encode("\x1b[2;1Hw₁ = 0.6")
        ''
    """

    def __init__(self, width: int, height: int) -> None:
        # Where frames believe the cursor to be, and in which style; None where that is not known. A column
        # equal to the width: the last one has just been printed.
        self._row: int | None = None
        self._column: int | None = None
        self._style: Style | None = None
        self._unfinished = ""
        """The start of a control sequence, passed already."""
        self._lost = False
        """Whether a sequence was passed that may change what all later ones do: all is passed then."""
        self._pen = Pen(width)
        self._width, self._height = width, height
        self._wraps = self._shows_cursor = True
        self._shown: Grid = []
        """What the terminal shows."""
        self._wanted: Grid = []
        """What it is to show, at the end of the frame."""
        self._touched: set[int] = set()
        """The rows in which the two may differ."""
        self.forget()

    def resized(self, width: int, height: int) -> None:
        """Take another size; nothing is known of any cell."""
        self._width, self._height = max(width, 1), max(height, 1)
        self._fill(None)
        self._pen.width, self._pen.place = self._width, None
        if self._row is not None and self._column is not None:
            self._row, self._column = self._inside(self._row, self._column)

    def forget(self) -> None:
        """Rely on nothing: something else may have written to the terminal."""
        self._row = self._column = None
        self.resized(self._width, self._height)
        self._pen.style = None
        self._wraps = self._shows_cursor = True

    def encode(self, data: str) -> str:
        """What to send so that the terminal shows what it would show after `data`."""
        return self.take(data) + self.rest()

    def take(self, data: str) -> str:
        """What to send of `data` before anything else, as far as it is no plain frame; `rest` sends that."""
        passed, data = len(self._unfinished), self._unfinished + data
        for token in _TOKEN.finditer(data):
            if self._lost:
                self._pen.send(data[max(token.start(), passed) :])
                break
            if token.start() < passed:
                self._pen.send(data[passed : token.end()])
                self._expect_anything(token)
            elif token["text"]:
                self._write(token["text"])
            elif token["final"]:
                self._control(token)
            else:
                self._other(token)
        return self._pen.take_sent()

    def rest(self, most: int | None = None) -> str:
        """What is still to be sent so that the terminal shows the newest frame, or a part of that.

        most: characters after which no other row is begun; then more may be left.
        """
        self._update(most)
        if self._shows_cursor:
            self._place_cursor()
        return self._pen.take_sent()

    # What frames are made of

    def _write(self, text: str) -> None:
        """Take text where the cursor is."""
        row, column, style = self._row, self._column, self._style
        wraps = self._wraps and column is not None and column + len(text) > self._width
        # Text that `clean` would change has characters of two cells, of none, or of nobody knows how many.
        if row is None or column is None or style is None or wraps or clean(text) != text:
            self._pass_text(text)
            return
        start = min(column, self._width - 1)
        if len(text) > self._width - start:  # each character too many replaces the one in the last column
            text = text[: self._width - start - 1] + text[-1]
        self._column = start + len(text)
        self._wanted[row][start : self._column] = zip(text, repeat(style))
        self._touched.add(row)

    def _control(self, token: re.Match[str]) -> None:
        """Take a CSI sequence."""
        sequence, parameters, kind = token[0], token["parameters"], token["between"] + token["final"]
        numeric = _NUMBERS.fullmatch(parameters)
        if kind == "m" and numeric:
            style = styled(self._style, parameters)
            if style is None:
                self._pass(sequence)
                self._pen.style = None
            self._style = style
        elif kind in ("H", "f") and numeric:
            row, column, *_ = [*(int(part or 1) for part in parameters.split(";")), 1]
            self._row, self._column = self._inside(row - 1, column - 1)
        elif kind in ("A", "B", "C", "D", "G") and numeric and ";" not in parameters:
            self._move(sequence, kind, int(parameters or 1) or 1)
        elif kind == " q" or (kind in ("h", "l") and parameters in _HARMLESS_MODES):  # q: the cursor's shape
            self._pass(sequence)
            self._wraps = kind == "h" if parameters == _WRAPPING else self._wraps
            self._shows_cursor = kind == "h" if parameters == _CURSOR else self._shows_cursor
        elif sequence == "\x1b[2J" and self._style == PLAIN:
            self._pass(sequence)
            self._fill(BLANK)
        else:
            self._pass(sequence)
            self._expect_anything(token)

    def _move(self, sequence: str, kind: str, count: int) -> None:
        """Take a move of the cursor within its row or column."""
        row, column = self._row, self._column
        if kind == "G" and row is not None:
            self._column = self._inside(row, count - 1)[1]
        elif row is None or column is None or column == self._width:
            # Terminals differ in what a move from beyond the last column starts from.
            self._pass(sequence)
            self._row = self._column = self._pen.place = None
        else:
            down = {"A": -count, "B": count}.get(kind, 0)
            right = {"D": -count, "C": count}.get(kind, 0)
            self._row, self._column = self._inside(row + down, column + right)

    def _other(self, token: re.Match[str]) -> None:
        """Take a control character, an escape sequence or a string."""
        if token[0] == "\r" and self._row is not None:
            self._column = 0
        elif token[0] == "\n" and self._row is not None and self._row < self._height - 1:
            # Of no effect where the cursor is placed next; elsewhere the column after it depends on the tty.
            if not _PLACE.match(token.string, token.end()):
                self._pass(token[0])
                self._row, self._column, self._pen.place = self._row + 1, None, None
        else:
            self._pass(token[0])
            if token[0] not in _HARMLESS and token["kind"] not in _HARMLESS_STRINGS:
                self._expect_anything(token)

    # What is passed as it is

    def _pass(self, sequence: str) -> None:
        """Send a sequence as it is, in the place and the style that it would have been sent in."""
        self._update()
        self._place_cursor()
        if self._style is not None:
            self._pen.take_style(self._style)
        self._pen.send(sequence)

    def _pass_text(self, text: str) -> None:
        """Send text as it is, and forget the rows that it may touch: how far it reaches is not known."""
        self._pass(text)
        self._column = self._pen.place = None
        if self._row is None or self._wraps:
            self._row = None
            self._fill(None)
            return
        for row in range(max(self._row - 1, 0), self._row + 1):  # a mark may join the end of the row above
            self._shown[row], self._wanted[row] = [None] * self._width, [None] * self._width

    def _expect_anything(self, token: re.Match[str]) -> None:
        """Rely on nothing that a sequence which has been passed may change, once it is complete."""
        self._unfinished = token["unfinished"] or ""
        if self._unfinished:
            return
        self._lost = _is_lasting(token)
        self._fill(None)
        self._row = self._column = self._pen.place = None
        self._style = self._pen.style = None
        self._wraps = True
        self._shows_cursor |= token["parameters"] == _CURSOR  # of two pieces

    # The grid

    def _inside(self, row: int, column: int) -> tuple[int, int]:
        """The place on the screen that is nearest to a row and a column."""
        return max(0, min(row, self._height - 1)), max(0, min(column, self._width - 1))

    def _fill(self, cell: Cell | None) -> None:
        """Take every cell to show the same."""
        self._shown = [[cell] * self._width for _ in range(self._height)]
        self._wanted = [[cell] * self._width for _ in range(self._height)]
        self._touched = set()

    def _update(self, most: int | None = None) -> None:
        """Send every cell that is not shown as it is wanted: row by row, until `most` characters are sent."""
        if most is None:
            self._draw(sorted(self._touched))
            return
        for row in sorted(self._touched):
            if self._pen.sent >= most:
                return
            self._draw([row])

    def _draw(self, rows: list[int]) -> None:
        changed = []
        for row in rows:
            shown, wanted = self._shown[row], self._wanted[row]
            changed.append(
                (row, [column for column in range(self._width) if shown[column] != wanted[column]])
            )
            shown[:] = wanted
        self._touched.difference_update(rows)
        self._pen.draw(changed, self._wanted)

    def _place_cursor(self) -> None:
        """Have the terminal's cursor where the frame believes it, if that is known."""
        if self._row is None or self._column is None:
            return
        last = self._shown[self._row][-1]
        if self._column < self._width or last is None:
            self._pen.go(self._row, min(self._column, self._width - 1))
        elif self._pen.place != (self._row, self._width):
            # Beyond the last column is only where printing leads.
            self._pen.go(self._row, self._width - 1)
            self._pen.print(last)


def _is_lasting(token: re.Match[str]) -> bool:
    """Whether a sequence may make later ones do something else: margins, insertion, other character sets."""
    if token["final"]:
        kind = token["between"] + token["final"]
        known = token["parameters"] in (*_SCREEN_MODES, *_HARMLESS_MODES)
        return not known and (kind in "hlrs" or kind not in (token["final"], "$p"))
    return token["string"] is None and token[0] not in (*_PASSING, *_HARMLESS)
