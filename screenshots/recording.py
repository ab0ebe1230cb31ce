"""Makes recording.svg, which moves, from the running app: `python screenshots/recording.py`.

Each frame draws only the cells that differ over what was there before, and is shown from its moment on. On
paper, and for who wants no motion, it is a still picture: the frames up to STILL.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from tinynet_tui.classroom.last_row import following, leading, with_last_row
from tinynet_tui.classroom.room import Joined, Room, after
from tinynet_tui.classroom.shared_screens import Kind, Shown
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture, Row, StyledRun
from tinynet_tui.drawing.svg import blank_svg, cells_svg, frame_svg
from tinynet_tui.drawing.theme import theme_of
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.session import Session
from tinynet_tui.tui.app import Stepper
from tinynet_tui.tui.page import Page

FILE = Path(__file__).with_name("recording.svg")
TITLE = "tinynet-tui, recorded"
ABOUT = """The app in a terminal of 80 columns and 24 rows. First the right arrow key goes through one update
of a network of two inputs, two hidden neurons and an output: sums and activations fill in from left to right,
then the loss, then the gradients from right to left, then each new weight, and the loss falls from 0.25 to
0.1810. Then a prediction: 0.5 is typed for the gradient of the loss at the output, the app says that the
factor 2 is missing, and 1 is right. Last a class: the leader's screen and a smaller one of a follower take
the same steps side by side."""
SIZE = WIDTH, _ = (80, 24)
FOLLOWER = (60, 20)
HEIGHT = SIZE[1] + 2
"""Rows: the screen, and a line that says what is to be seen."""
_SCALE = 0.5555555555555556
"""Of a screen in a class: a cell is then 5 by 10 pixels, and no seam shows between two."""
_TOP, _GAP, _WIDTH_IN_PIXELS = 90, 8, 738
_IN_ONE_UPDATE = "→  one update, step by step"
_PREDICTED = "p  a value is asked for before it is shown"
_IN_CLASS = "a class: everyone at their own screen size"
STILL = 18
"""The frame of the still picture: a gradient on its way back to node 1."""
THEME = theme_of("truecolor")
_LOOK = Look()
_NEAR = 5
"""Cells that are the same between two that differ, and are drawn anew with them."""


class Frame(NamedTuple):
    """What is drawn over the frame before, and for how many seconds it stays."""

    elements: tuple[str, ...]
    seconds: float


async def recording() -> str:
    """The moving picture, as SVG."""
    return "\n".join(_svg([frame async for frame in _frames()]))


async def _frames() -> AsyncIterator[Frame]:
    before: Picture | None = None
    async for picture, seconds in _alone():
        yield Frame(tuple(_difference(before, picture)), seconds)
        before = picture
    shown: tuple[Picture, ...] = ()
    async for pictures, seconds in _class():
        elements: list[str] = []
        if not shown:
            elements += [
                blank_svg(0, 0, WIDTH, HEIGHT, THEME),
                *cells_svg(0, HEIGHT - 1, _caption(_IN_CLASS), THEME),
            ]
        left = (_WIDTH_IN_PIXELS - _GAP - sum(_pixels(picture.width) for picture in pictures)) // 2
        for number, picture in enumerate(pictures):
            drawn = _difference(shown[number] if shown else None, picture)
            place = f"translate({left},{_TOP}) scale({_SCALE})"
            elements += [f'<g transform="{place}">', *([] if shown else _labelled(picture)), *drawn, "</g>"]
            left += _pixels(picture.width) + _GAP
        yield Frame(tuple(elements), seconds)
        shown = pictures


def _pixels(columns: int) -> int:
    """How wide a screen is in a class, with the margin around it."""
    return round((columns + 2) * 9 * _SCALE)


def _labelled(picture: Picture) -> Iterator[str]:
    """The edge of one of several screens, and whose it is."""
    width, height = (picture.width + 2) * 9, (picture.height + 1) * 18
    yield f'<rect width="{width}" height="{height}" rx="6" fill="none" stroke="#5a6472" stroke-width="2"/>'
    whose = "who leads" if picture.width == WIDTH else "who follows"
    yield f'<text x="9" y="-12" fill="#aab4c0">{whose}: {picture.width}×{picture.height}</text>'


def _caption(text: str) -> Row:
    """A row below the screen."""
    canvas = _LOOK.canvas(WIDTH, 1)
    canvas.text(0, 0, text, "note")
    return canvas.picture().rows[0]


def _captioned(picture: Picture, text: str) -> Picture:
    blank = (StyledRun(" " * WIDTH, ""),)
    return picture._replace(height=HEIGHT, rows=(*picture.rows, blank, _caption(text)))


async def _alone() -> AsyncIterator[tuple[Picture, float]]:
    """One update, step by step; then a prediction that is wrong, and one that is right."""
    async for picture in _pressed(("right",) * 46):
        yield _captioned(picture, _IN_ONE_UPDATE), 0.45
    yield _captioned(picture, _IN_ONE_UPDATE), 2.5
    keys = (*("right_square_bracket",) * 2, "p", "P", "0", "full_stop", "5", "enter", "1", "enter")
    times = (0.5, 0.5, 1.0, 1.5, 0.4, 0.4, 1.2, 4.0, 1.0, 3.5)
    pictures = [picture async for picture in _pressed(keys)]
    for picture, seconds in zip(pictures[1:], times, strict=True):
        yield _captioned(picture, _PREDICTED), seconds


async def _class() -> AsyncIterator[tuple[tuple[Picture, Picture], float]]:
    """The screen of who leads, and a smaller one of who follows, as both get it."""
    room = after(Room("class", "Grace"), Joined("Ada"))
    keys = (*("right_square_bracket",) * 2, *("right",) * 9)
    async for session in _sessions(keys):
        large, small = (
            Kind(*size, False, "truecolor", "dark").picture(Shown(session.seen)) for size in (SIZE, FOLLOWER)
        )
        yield (
            (
                with_last_row(large, leading(room, 0.0), _LOOK),
                with_last_row(small, following(room, "Ada", 0.0, ""), _LOOK),
            ),
            1.1,
        )


async def _pressed(keys: Sequence[str]) -> AsyncIterator[Picture]:
    """The screen of the app before any key and after each."""
    async for app in _running(keys):
        assert isinstance(app.screen, Page)
        yield app.screen.board.picture


async def _sessions(keys: Sequence[str]) -> AsyncIterator[Session]:
    async for app in _running(keys):
        yield app.session


async def _running(keys: Sequence[str]) -> AsyncIterator[Stepper]:
    app = Stepper(Session(shipped_lesson("lecture")), _LOOK, THEME, state=None)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        yield app
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
            yield app


def _difference(before: Picture | None, picture: Picture) -> Iterator[str]:
    """The cells that are to be drawn over an earlier picture of the same size."""
    for y, row in enumerate(picture.rows):
        cells = [StyledRun(sign, style) for text, style in row for sign in text]
        old = [StyledRun(sign, style) for text, style in before.rows[y] for sign in text] if before else None
        for first, end in _spans(cells, old or [StyledRun(" ", "")] * picture.width):
            if before:
                yield blank_svg(first, y, end - first, 1, THEME)
            yield from _fewer(cells_svg(first, y, _joined(cells[first:end]), THEME))


_PART = re.compile(
    r'<(?P<kind>text|rect) x="(?P<x>\d+)" (?P<y>y="[\d.]+") (?:width|textLength)="(?P<width>\d+)"'
    r"(?P<rest>[^>]*)>(?P<text>[^<]*)"
)


def _fewer(elements: Iterable[str]) -> Iterator[str]:
    """The grounds of a row, its texts, then its dots; neighbours of one look, and words, as one."""
    by_kind: dict[str, list[tuple[str, str, int, int, str, str]]] = {"rect": [], "text": []}
    others = []
    for element in elements:
        part = _PART.match(element)
        if part is None:
            others.append(element)
            continue
        kind, y, rest, text = part["kind"], part["y"], part["rest"], part["text"]
        x, width = int(part["x"]), int(part["width"])
        parts, gap = by_kind[kind], 9 if kind == "text" else 0
        if parts and parts[-1][1:2] + parts[-1][4:5] == (y, rest) and x - sum(parts[-1][2:4]) == gap:
            _, _, x, before, _, words = parts.pop()
            width, text = before + gap + width, f"{words} {text}" if gap else ""
        parts.append((kind, y, x, width, rest, text))
    for _, y, x, width, rest, _ in by_kind["rect"]:
        yield f'<rect x="{x}" {y} width="{width}"{rest}>'
    for _, y, x, width, rest, text in by_kind["text"]:
        yield f'<text x="{x}" {y} textLength="{width}"{rest}>{text}</text>'
    yield from others


def _spans(cells: Sequence[StyledRun], old: Sequence[StyledRun]) -> Iterator[tuple[int, int]]:
    """Where cells differ, those that are near each other together."""
    differing = [x for x, (cell, other) in enumerate(zip(cells, old, strict=True)) if cell != other]
    if not differing:
        return
    first = last = differing[0]
    for x in differing[1:]:
        if x - last > _NEAR:
            yield first, last + 1
            first = x
        last = x
    yield first, last + 1


def _joined(cells: Sequence[StyledRun]) -> Iterator[StyledRun]:
    """Cells of one style as one run."""
    text, style = cells[0]
    for cell in cells[1:]:
        if cell.style == style:
            text += cell.text
        else:
            yield StyledRun(text, style)
            text, style = cell
    yield StyledRun(text, style)


class Shared:
    """What elements have in common: their looks as classes; those that come again are drawn once and used."""

    _LOOK = re.compile(
        r'((?: (?:fill|stroke|opacity|font-weight|stroke-width|stroke-linecap)="[^"]*")+)(?=/?>)'
    )
    _SHORT = 60
    """Characters of an element that is no longer than what would stand for it."""

    def __init__(self, frames: Sequence[Frame]) -> None:
        self.looks: dict[str, str] = {}
        times = Counter(element for frame in frames for element in frame.elements)
        self._names = {
            element: f"e{number}"
            for number, (element, count) in enumerate(times.items())
            if count > 1 and len(element) > self._SHORT
        }

    def written(self, element: str) -> str:
        """An element where it stands."""
        name = self._names.get(element)
        return f'<use href="#{name}"/>' if name else self._with_class(element)

    def definitions(self) -> Iterator[str]:
        """The elements that are used."""
        for element, name in self._names.items():
            yield re.sub(r"^<(\w+)", rf'<\1 id="{name}"', self._with_class(element))

    def _with_class(self, element: str) -> str:
        return self._LOOK.sub(self._class_of, element, count=1)

    def _class_of(self, look: re.Match[str]) -> str:
        css = ";".join(f"{name}:{value}" for name, value in re.findall(r'([\w-]+)="([^"]*)"', look[1]))
        return f' class="{self.looks.setdefault(css, f"c{len(self.looks)}")}"'


def _svg(frames: Sequence[Frame]) -> Iterator[str]:
    times = [0.0, *accumulate(frame.seconds for frame in frames)]
    total = times.pop()
    shared = Shared(frames)
    definitions = "".join(shared.definitions())
    drawn = ["".join(map(shared.written, frame.elements)) for frame in frames]
    root, ground = frame_svg(WIDTH, HEIGHT, THEME)
    yield root.replace("<svg ", '<svg role="img" aria-labelledby="title about" ', 1)
    yield f'<title id="title">{TITLE}</title><desc id="about">{" ".join(ABOUT.split())}</desc>'
    yield f"<style>.f{{animation:{total:.2f}s step-end infinite}}.later .f{{visibility:hidden}}"
    yield from (f".{name}{{{css}}}" for css, name in shared.looks.items())
    for number, time in enumerate(times[1:], 1):
        share = f"{100 * time / total:.3f}%"
        yield f"@keyframes k{number}{{0%{{visibility:hidden}}{share},100%{{visibility:visible}}}}"
        yield f"#f{number}{{animation-name:k{number}}}"
    yield "@media print,(prefers-reduced-motion:reduce){.f{animation:none!important}}"
    yield f"</style><defs>{definitions}</defs>"
    yield ground
    for number, elements in enumerate(drawn):
        if number == STILL + 1:
            yield '<g class="later">'
        moving = ' class="f"' if number else ""
        yield f'<g id="f{number}"{moving}>{elements}</g>'
    yield "</g>\n</svg>\n"


if __name__ == "__main__":
    FILE.write_text(asyncio.run(recording()), encoding="utf-8")
