"""Letters of several rows, for a line that is read from the back of a room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from tinynet_tui.drawing.listing import draw_keys, draw_title
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture, wrap

_LETTERS = {
    "a": "..../.###/#..#/#..#/.###/....", "b": "#.../###./#..#/#..#/###./....",
    "c": ".../.##/#../#../.##/...", "d": "...#/.###/#..#/#..#/.###/....",
    "e": "..../.##./####/#.../.##./....", "f": ".##/#../###/#../#../...",
    "g": "..../.###/#..#/.###/...#/###.", "h": "#.../###./#..#/#..#/#..#/....", "i": "#/./#/#/#/.",
    "j": ".#/../.#/.#/.#/#.", "k": "#.../#.#./##../#.#./#..#/....", "l": "#./#./#./#./##/..",
    "m": "...../####./#.#.#/#.#.#/#.#.#/.....", "n": "..../###./#..#/#..#/#..#/....",
    "o": "..../.##./#..#/#..#/.##./....", "p": "..../###./#..#/#..#/###./#...",
    "q": "..../.###/#..#/#..#/.###/...#", "r": ".../#.#/##./#../#../...",
    "s": "..../.###/##../..##/###./....", "t": "#../###/#../#../.##/...",
    "u": "..../#..#/#..#/#..#/.###/....", "v": "...../#...#/#...#/.#.#./..#../.....",
    "w": "...../#.#.#/#.#.#/#.#.#/.#.#./.....", "x": "..../#..#/.##./.##./#..#/....",
    "y": "..../#..#/#..#/.###/...#/###.", "z": "..../####/..#./.#../####/....",
    "0": ".##./#.##/##.#/#..#/.##./....", "1": ".#./##./.#./.#./###/...",
    "2": "###./...#/.##./#.../####/....", "3": "###./...#/.##./...#/###./....",
    "4": "#..#/#..#/####/...#/...#/....", "5": "####/#.../###./...#/###./....",
    "6": ".##./#.../###./#..#/.##./....", "7": "####/...#/..#./.#../.#../....",
    "8": ".##./#..#/.##./#..#/.##./....", "9": ".##./#..#/.###/...#/.##./....",
    "-": ".../.../###/.../.../...", "_": "..../..../..../..../..../####", ".": "././././#/.",
    ":": "././#/./#/.", "/": "..#/..#/.#./#../#../...", "@": ".###./#...#/#.###/#.#.#/#.###/.##..",
    "A": ".##./#..#/####/#..#/#..#/....", "B": "###./#..#/###./#..#/###./....",
    "C": ".###/#.../#.../#.../.###/....", "D": "###./#..#/#..#/#..#/###./....",
    "E": "####/#.../###./#.../####/....", "F": "####/#.../###./#.../#.../....",
    "G": ".###/#.../#.##/#..#/.###/....", "H": "#..#/#..#/####/#..#/#..#/....",
    "I": "###/.#./.#./.#./###/...", "J": "..##/...#/...#/#..#/.##./....",
    "K": "#..#/#.#./##../#.#./#..#/....", "L": "#.../#.../#.../#.../####/....",
    "M": "#...#/##.##/#.#.#/#...#/#...#/.....", "N": "#..#/##.#/#.##/#..#/#..#/....",
    "O": ".##./#..#/#..#/#..#/.##./....", "P": "###./#..#/###./#.../#.../....",
    "Q": ".##./#..#/#..#/#.#./.#.#/....", "R": "###./#..#/###./#.#./#..#/....",
    "S": ".###/#.../.##./...#/###./....", "T": "#####/..#../..#../..#../..#../.....",
    "U": "#..#/#..#/#..#/#..#/.##./....", "V": "#...#/#...#/#...#/.#.#./..#../.....",
    "W": "#...#/#...#/#.#.#/##.##/#...#/.....", "X": "#...#/.#.#./..#../.#.#./#...#/.....",
    "Y": "#...#/.#.#./..#../..#../..#../.....", "Z": "#####/...#./..#../.#.../#####/.....",
    "+": ".../.#./###/.#./.../...", "=": ".../###/.../###/.../...", "?": "###/..#/.#./.../.#./...",
    "'": "#/#/./././.",
}  # fmt: skip
"""Each sign that commands, rooms, users, addresses and most codes have: six rows of dots from the top, the
last below the line."""
_ROWS = 6
_SPACE = 2
"""Dots between two words, beside what is between two letters."""
_HALVES = {False: " ▀▄█", True: ' "o8'}
"""Two dots above each other: none, the upper, the lower, both. In ASCII, signs that look like them."""
_LARGEST = 4
"""Times as large as drawn here: more would not be read any better."""


def _width(text: str) -> int:
    """Dots of a text from left to right."""
    return sum(_SPACE if sign == " " else len(_LETTERS[sign].split("/")[0]) for sign in text) + len(text) - 1


def _lines(text: str, width: int) -> Iterator[str]:
    """The text in lines of some dots; a word that is longer goes on in the next line."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if _width(longer) <= width:
            line = longer
            continue
        if line:
            yield line
        line = word
        while _width(line) > width:
            most = max(end for end in range(1, len(line)) if _width(line[:end]) <= width)
            yield line[:most]
            line = line[most:]
    yield line


def big_lines(text: str, width: int, height: int, ascii: bool) -> list[str] | None:
    """A text in the largest letters that fit some cells, row by row; None where no letters do.

    A word is broken where it has no room whole in the smallest letters.
    """
    if any(sign != " " and sign not in _LETTERS for sign in text):
        return None
    longest = max(map(_width, text.split()), default=0)
    for times in range(_LARGEST, 0, -1):
        dots, rows = width // times, _ROWS * times // 2
        if dots < (longest if times > 1 else _width("m")):
            continue
        lines = list(_lines(text, dots))
        gaps = [""] if len(lines) * (rows + 1) - 1 <= height else []
        if len(lines) * rows <= height:
            found = [row for line in lines for row in (*gaps, *_drawn(line, times, ascii))]
            return found[len(gaps) :]
    return None


def _drawn(line: str, times: int, ascii: bool) -> Iterator[str]:
    """A line of large letters, row by row."""
    letters = [[" " * _SPACE] * _ROWS if sign == " " else _LETTERS[sign].split("/") for sign in line]
    dots = [".".join(letter[row] for letter in letters) for row in range(_ROWS) for _ in range(times)]
    for upper, lower in zip(dots[::2], dots[1::2], strict=True):
        halves = (_HALVES[ascii][(a == "#") + 2 * (b == "#")] for a, b in zip(upper, lower, strict=True))
        yield "".join(half * times for half in halves).rstrip()


@dataclass(frozen=True, slots=True)
class BigLine:
    """A line that is to be typed, as large as it fits, with notes on it."""

    doing: ClassVar[str] = "is showing a line"

    title: str
    line: str
    notes: tuple[str, ...] = ()
    code: str = ""
    """What else is to be typed: in large letters below the line, where both have room."""

    def picture(self, width: int, height: int, look: Look) -> Picture:
        """The whole screen; the line itself stands below its letters, as it is typed."""
        canvas = look.canvas(width, height)
        left, inner = draw_title(canvas, look.say(self.title), "")
        typed = [self.line[start : start + width - 4] for start in range(0, len(self.line), width - 4)]
        notes = [line for note in self.notes for line in wrap(look.say(note), inner - 4)]
        around = 2 + len(typed)
        # What is to be typed goes before what is said of it; what is said first, before the rest of that.
        for kept in (notes, notes[:1], []):
            space = 2 if len(kept) == len(notes) else 0
            big = big_lines(self.line, width - 4, height - around - len(kept) - space, look.ascii)
            if big is not None:
                notes = kept
                break
        big = big or []
        whole = height - around - len(notes) - 2
        upper = big_lines(self.line, width - 4, (whole - 1) // 2, look.ascii) if self.code else None
        lower = upper and big_lines(self.code, width - 4, whole - len(upper) - 1, look.ascii)
        if upper and lower:
            big = [*upper, "", *lower]
        room = height - around - len(notes)
        top = 1 + (room - len(big)) // 2
        x = max((width - max(map(len, big), default=0)) // 2, 2)
        for row, dots in enumerate(big, start=top):
            canvas.text(x, row, dots, "strong")
        for row, line in enumerate((*typed, *notes), start=1 + room):
            canvas.text(left + 2, row, line, "strong" if row <= room + len(typed) else "")
        draw_keys(canvas, left, (("Esc", "goes back"),))
        return canvas.picture()
