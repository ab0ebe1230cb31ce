"""Pictures as bytes, with an emulator as the judge: it must show what the picture is, whatever was before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random
from statistics import median
from typing import Any

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from tests.drawing.cells import cell_of
from tests.examples import examples
from tests.terminal.spelled import Spelled
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Canvas, Picture
from tinynet_tui.drawing.screen import screen
from tinynet_tui.drawing.signs import wide
from tinynet_tui.drawing.theme import ROLES, Theme, theme_of
from tinynet_tui.lessons.shipped import shipped_lesson, shipped_lessons
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import PANELS
from tinynet_tui.terminal import pen
from tinynet_tui.terminal.painter import Painter
from tinynet_tui.terminal.pen import way

ENTER = "\x1b[?25l\x1b[?7l\x1b[m\x1b[2J"
THEME = theme_of("truecolor")


class Emulator(pyte.Screen):
    """A terminal: pyte, with dim (2), which it ignores, shown as blinking."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__(width, height)
        self._stream = pyte.ByteStream(self)
        self.feed(ENTER.encode())

    def feed(self, data: bytes) -> None:
        """Draw what is sent."""
        self._stream.feed(data)

    def select_graphic_rendition(self, *attrs: int, **_private: Any) -> None:
        """Set attributes, dim among them."""
        rest, shown = iter(attrs), []
        for code in rest:
            if code in (38, 48):
                kind = next(rest, 0)
                shown += [code, kind, *(next(rest, 0) for _ in range(3 if kind == 2 else 1))]
            else:
                shown += {2: [5], 22: [22, 25]}.get(code, [code])
        super().select_graphic_rendition(*shown)

    @property
    def cells(self) -> list[list[pyte.screens.Char]]:
        """Every cell, row by row: character, colours and attributes."""
        return [[self.buffer[y][x] for x in range(self.columns)] for y in range(self.lines)]


def drawn_plainly(picture: Picture, width: int, height: int, theme: Theme) -> Emulator:
    """A terminal of some size that was sent every run of a picture, each with a move and its whole style."""
    terminal = Emulator(width, height)
    for y, row in enumerate(picture.rows[:height]):
        x = 0
        for text, role in row:
            style = theme.style(role)
            codes = ["0", *style.attributes, *filter(None, (style.foreground, style.background))]
            terminal.feed(f"\x1b[{y + 1};{x + 1}H\x1b[{';'.join(codes)}m{text[: width - x]}".encode())
            x += len(text)
            if x >= width:
                break
    return terminal


class Watched:
    """A painter with a terminal behind it that was cleared for it."""

    def __init__(self, width: int, height: int, theme: Theme = THEME, whole_rows: bool = False) -> None:
        self.theme = theme
        self.painter = Painter(width, height, theme, whole_rows)
        self.painter.cleared()
        self.terminal = Emulator(width, height)

    def show(self, picture: Picture, most: int | None = None) -> int:
        """Paint a picture, in parts where it may be no more at once; check it; returns the bytes it took."""
        count = 0
        while sent := self.painter.paint(picture, most):
            self.terminal.feed(sent)
            count += len(sent)
        plain = drawn_plainly(picture, self.terminal.columns, self.terminal.lines, self.theme)
        assert self.terminal.cells == plain.cells
        return count

    def resize(self, width: int, height: int) -> None:
        """Resize both."""
        self.terminal.resize(height, width)
        self.painter.resized(width, height)


roles = st.lists(st.sampled_from([*ROLES, ""]), max_size=2).map(" ".join)
texts = st.tuples(st.integers(-3, 33), st.integers(-1, 11), st.text("ab− ŷ₁⠑  ", max_size=40), roles)
sizes = st.tuples(st.integers(1, 33), st.integers(1, 11))


def painted(size: tuple[int, int], pieces: Iterable[tuple[int, int, str, str]]) -> Picture:
    """A picture of some texts."""
    canvas = Canvas(*size)
    for x, y, text, role in pieces:
        canvas.text(x, y, text, role)
    return canvas.picture()


pictures = st.builds(painted, sizes, st.lists(texts, max_size=6))
steps = st.one_of(pictures, pictures, pictures, sizes, st.sampled_from(["another program", "cleared"]))


@examples(60)
@given(sizes, st.lists(steps, max_size=8), st.sampled_from([None, 1, 40]), st.booleans())
def test_any_pictures_are_shown(
    size: tuple[int, int],
    session: list[Picture | tuple[int, int] | str],
    most: int | None,
    whole_rows: bool,
) -> None:
    """After each other, larger and smaller than the terminal, at other sizes, over what others have left."""
    watched = Watched(*size, whole_rows=whole_rows)
    for one in session:
        if isinstance(one, Picture):
            watched.show(one, most)
        elif isinstance(one, tuple):
            watched.resize(*one)
        elif one == "cleared":
            watched.terminal.feed(b"\x1b[m\x1b[2J")
            watched.painter.cleared()
        else:
            watched.terminal.feed(b"\x1b[7;31m\r\n$ ls\x1b[1;1Hlost")
            watched.painter.forget()


@given(pictures, st.data())
def test_what_is_shown_already_is_not_sent(picture: Picture, data: st.DataObject) -> None:
    """A picture that was just painted costs nothing, nor does one that is the same by other means."""
    watched = Watched(picture.width, picture.height)
    watched.show(picture)
    canvas = Canvas(picture.width, picture.height)
    for y in data.draw(st.permutations(range(picture.height))):
        for x in range(picture.width):
            canvas.text(x, y, *cell_of(picture, x, y))
    assert watched.painter.paint(canvas.picture()) == b""


@pytest.mark.parametrize("lose", [Painter.forget, lambda painter: painter.resized(10, 4)])
def test_everything_is_sent_again_when_nothing_is_known(lose: Any) -> None:
    """After `forget` and after another size; but only once."""
    watched = Watched(10, 4)
    picture = painted((10, 4), [(0, 0, "ab", ""), (0, 1, "cd", "")])
    watched.show(picture)
    lose(watched.painter)
    assert b"ab" in (again := watched.painter.paint(picture))
    assert b"cd" in again
    assert watched.painter.paint(picture) == b""


RED, BOLD_RED, BLUE = "31", "1 31", "38;2;1;2;3"


@pytest.mark.parametrize(
    ("texts", "sent"),
    [
        ([(0, 0, "X1Y", "")], "\rX1Y"),  # one cell again: 1 character; over it: 3
        ([(0, 0, "X12345678Y", "")], "\rX\x1b[8CY"),  # eight cells again: 8 characters; over them: 4
        ([(0, 0, "X123Y", "")], "\rX123Y"),  # three cells again: 3 characters; over them: 4
        ([(9, 0, "X", "")], "\bX"),
        ([(10, 1, "X", "")], "\x1b[BX"),
        ([(10, 3, "X", "")], "\x1b[3BX"),
        ([(0, 0, "     ", "")], "\r     "),
        ([(2, 0, "        ", "")], "\x1b[3G\x1b[K"),  # blank up to the edge: erased
        ([(0, 0, "X", BOLD_RED), (2, 0, "Y", BOLD_RED)], "\r\x1b[1;31mX\x1b[CY"),
        ([(0, 1, "X", BOLD_RED), (1, 1, "Y", "")], "\x1b[2;2HY\r\x1b[1;31mX"),  # first what the style is for
        ([(0, 1, "X", BOLD_RED), (1, 1, "Y", RED)], "\x1b[2H\x1b[1;31mX\x1b[22mY"),
        ([(0, 1, "X", "1 2"), (1, 1, "Y", "2")], "\x1b[2H\x1b[1;2mX\x1b[0;2mY"),
        (
            [(0, 1, "A", BLUE), (1, 1, "B", ""), (0, 2, "C", BLUE), (1, 2, "D", "")],  # style by style
            "\x1b[2;2HB\x1b[B\bD\x1b[2H\x1b[38;2;1;2;3mA\x1b[3HC",
        ),
    ],
)
def test_little_is_sent(texts: Sequence[tuple[int, int, str, str]], sent: str) -> None:
    """Moves, styles and cells between, counted by hand; the cursor is behind the tenth column at first."""
    start_text = (0, 0, "0123456789", "")
    watched = Watched(20, 4, Spelled())
    watched.show(painted((20, 4), [start_text]))
    assert watched.painter.paint(painted((20, 4), [start_text, *texts])) == sent.encode()


@pytest.mark.parametrize(
    ("row", "sent"),
    [
        (f"a{' ' * 18}b", "\ra\x1b[18X\x1b[18Cb"),
        (f"a{' ' * 10}{'x' * 9}", "\ra\x1b[10X"),
        (f"a{' ' * 10}b{'x' * 8}", f"\ra{' ' * 10}b"),  # ten bytes, as it would take to erase and pass them
        (f"{' ' * 6}{'x' * 14}", "\r\x1b[6X"),
        (f"a{' ' * 5}{'x' * 14}", f"\ra{' ' * 5}"),
        (f"{' ' * 19}b", "\r\x1b[19X\x1b[19Cb"),
    ],
)
def test_long_blanks_are_erased(row: str, sent: str) -> None:
    """Where that is shorter than to print them, counted by hand; the cursor is behind the last column."""
    watched = Watched(20, 1, Spelled())
    watched.show(painted((20, 1), [(0, 0, "x" * 20, "")]))
    picture = painted((20, 1), [(0, 0, row, "")])
    assert watched.painter.copy().paint(picture) == sent.encode()
    watched.show(picture)


@pytest.mark.parametrize(
    ("name", "size", "told", "whole"),
    [
        ("gpt-block", (60, 20), 1, 3),
        ("gpt-block", (80, 24), 1, 3),
        ("lecture", (80, 24), 1, 3),
        ("gpt-block", (200, 60), 2, 8),
        ("recurrent", (200, 60), 2, 8),
    ],
)
def test_what_tells_the_step_comes_first_where_little_can_be_sent(
    name: str, size: tuple[int, int], told: int, whole: int
) -> None:
    """Seconds on a line of 9600 baud, as docs/terminals.md promises them, after a key that was held over 88
    steps: the step, then all of it. Eight bits and two more around them make 960 bytes a second."""
    second = 9600 // 10
    session = start(shipped_lesson(name))
    watched = Watched(*size)
    watched.show(screen(moment(session), *size, Look()))
    for _ in range(88):
        session = after(session, Command("next"))
    picture = screen(moment(session), *size, Look())
    count, cells = 0, drawn_plainly(picture, *size, THEME).cells
    phase = next(y for y, row in enumerate(picture.rows) if any("badge" in role for _, role in row))
    rows = range(phase, phase + 3)  # the phase, the formula in letters and in numbers
    while sent := watched.painter.paint(picture, 144):
        watched.terminal.feed(sent)
        count += len(sent)
        if count >= told * second:
            assert [watched.terminal.cells[y] for y in (0, *rows)] == [cells[y] for y in (0, *rows)]
    assert watched.terminal.cells == cells
    assert count <= whole * second


def test_a_part_is_found_without_looking_at_all_that_is_left_for_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A first screen has hundreds of parts: the move to each of them is looked at once, not from each of the
    others, before a terminal that has just been asked how it is has anything to show."""
    looked_at = list[object]()

    def counted(place: tuple[int, int] | None, row: int, column: int, width: int) -> str:
        looked_at.append((row, column))
        return way(place, row, column, width)

    monkeypatch.setattr(pen, "way", counted)
    watched = Watched(200, 60)
    in_parts = watched.show(screen(moment(start(shipped_lesson("gpt-block"))), 200, 60, Look()), 1_024)
    assert len(looked_at) == len(set(looked_at))
    at_once = Watched(200, 60).show(screen(moment(start(shipped_lesson("gpt-block"))), 200, 60, Look()))
    # Where something else is sent first, one more way to a place and to a colour, at each break.
    assert in_parts <= at_once + at_once // 1_024 * len("\x1b[60;200H\x1b[0;38;2;255;255;255m")


KEYS = (
    *("next",) * 9, "back", "next-group", "previous-group", "next-phase", "finish", "first-step", "last-step",
    "next-update", "previous-update", "run-to", "select-next", "inspect", *PANELS, "precision", "variants",
    "predict", "random", "undo", "redo",
)  # fmt: skip


def pictures_of(seed: int, number: int, size: tuple[int, int]) -> Iterable[Picture]:
    """What a person sees who presses random keys."""
    random, lessons = Random(seed), shipped_lessons()
    session, look = start(lessons[seed % len(lessons)].lesson), Look(seed == 4)
    for _ in range(number):
        session = after(session, Command(random.choice(KEYS)))
        yield screen(moment(session), *size, look)


@pytest.mark.parametrize("seed", range(5))
def test_two_painters_of_one_look_send_the_same(seed: int) -> None:
    """What one is sent is good for whoever watches at the same size; and a terminal shows the picture."""
    random = Random(seed)
    size = random.randint(60, 120), random.randint(20, 36)
    watched, other = Watched(*size), Painter(*size, THEME)
    other.cleared()
    for picture in pictures_of(seed, 20, size):
        sent = watched.painter.paint(picture)
        assert sent == other.paint(picture)
        watched.terminal.feed(sent)
        assert watched.terminal.cells == drawn_plainly(picture, *size, THEME).cells


@pytest.mark.parametrize("seed", range(20))
def test_letters_of_two_cells_are_shown_whole(seed: int) -> None:
    """Whatever was there before, and wherever other names begin: an emulator is asked."""
    chance, width = Random(seed), 24
    painter, screen = Painter(width, 3, theme_of("none")), pyte.Screen(width, 3)
    painter.cleared()
    stream = pyte.ByteStream(screen)
    for _ in range(40):
        canvas = Canvas(width, 3)
        for y in range(3):
            name = "".join(chance.choices("表示山田花子 abcd", k=chance.randint(0, 14)))
            canvas.text(chance.randint(0, 3), y, wide(name), chance.choice(("", "strong", "dim")))
        picture = canvas.picture()
        stream.feed(painter.paint(picture))
        assert [row.rstrip() for row in screen.display] == picture.text().split("\n")
        assert all(wcswidth(row) <= width for row in picture.text().split("\n"))


def test_what_a_key_costs() -> None:
    """Bytes at 80×24: the first screen, and each → of one whole update of the lecture."""
    session, watched = start(shipped_lesson("lecture")), Watched(80, 24)
    assert watched.show(screen(moment(session), 80, 24, Look())) <= 4_096
    costs = []
    while session.update == 1:
        session = after(session, Command("next"))
        costs.append(watched.show(screen(moment(session), 80, 24, Look())))
    assert len(costs) > 40
    assert median(costs) <= 566
    assert max(costs) <= 1_340
