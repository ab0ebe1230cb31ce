"""The cell-difference filter, with an emulator as the judge: it must show the same with and without it."""

from __future__ import annotations

import asyncio
import re
from random import Random
from statistics import median
from typing import Any

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.app import App
from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot

from tests.examples import examples
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.theme import theme_of
from tinynet_tui.lessons.shipped import shipped_lessons
from tinynet_tui.session.commands import start
from tinynet_tui.terminal.difference import Difference
from tinynet_tui.tui.app import Stepper

ENTER = "\x1b[?1049h\x1b[m\x1b[2J\x1b[?25l\x1b[?7l"
KEYS = (
    "right", "right", "right", "right", "right", "left", "n", "N", "]", "[", "f", "0", "$", "u", "U", "t",
    "1", "2", "3", "4", "5", ".", "down", "up", "tab", "i", "z", "Z", "R", "?", "o", "escape", "escape",
    "enter", "e", "7", "L", "backspace",
)  # fmt: skip


UNSHOWN = re.compile("([\xad\u1160-\u11ff\u200d\ufe0f])")
"""Characters of the tests that pyte does not show."""


class Emulator(pyte.Screen):
    """A terminal: pyte, with dim (2), which it ignores, shown as blinking; hidden (8) is not looked at.

    pyte drops what follows a character that it cannot show, up to a sequence: here that alone.
    """

    def __init__(self, width: int, height: int) -> None:
        super().__init__(width, height)
        self._stream = pyte.Stream(self)

    def feed(self, data: str) -> None:
        """Draw what is sent."""
        self._stream.feed(data)

    def draw(self, data: str) -> None:
        """Draw characters."""
        for piece in UNSHOWN.split(data):
            super().draw(piece)

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

    def erase_in_display(self, how: int = 0, *parameters: Any, **private: Any) -> None:
        """Erase in the present colours; pyte leaves out the cells that were never written to."""
        for y in range(self.lines):
            self.buffer[y].update(enumerate(self.row(y)))
        super().erase_in_display(how, *parameters, **private)

    def row(self, y: int) -> list[pyte.screens.Char]:
        """The cells of a row: character, colours and attributes."""
        return [self.buffer[y][x] for x in range(self.columns)]


class Pair:
    """A filter with a terminal behind it, and a terminal without one."""

    def __init__(self, width: int, height: int, enter: str = ENTER) -> None:
        self.plain, self.filtered = Emulator(width, height), Emulator(width, height)
        self.difference = Difference(width, height)
        self.write(enter)

    def write(self, data: str) -> int:
        """Send data to both, and compare; returns how many bytes the filter has let through."""
        sent = self.difference.encode(data)
        self.plain.feed(data)
        self.filtered.feed(sent)
        self.compare(data, sent)
        return len(sent.encode())

    def resize(self, width: int, height: int) -> None:
        """Resize both."""
        self.plain.resize(height, width)
        self.filtered.resize(height, width)
        self.difference.resized(width, height)

    def compare(self, data: str, sent: str) -> None:
        """The same cells, and the same cursor where it can be seen."""
        for y in sorted(self.plain.dirty | self.filtered.dirty):
            assert self.plain.row(y) == self.filtered.row(y), (y, data, sent)
        self.plain.dirty.clear()
        self.filtered.dirty.clear()
        assert self.plain.cursor.hidden == self.filtered.cursor.hidden
        if not self.plain.cursor.hidden:
            at = [(min(one.cursor.x, one.columns - 1), one.cursor.y) for one in (self.plain, self.filtered)]
            assert at[0] == at[1], (data, sent)


SGR = (
    "1", "2", "3", "4", "7", "9", "22", "23", "24", "27", "29", "31", "94", "39", "43", "103", "49", "38;5;9",
    "38;5;200", "48;5;21", "38;2;1;2;3", "38;2;1;2;4", "48;2;9;8;7", "", "0", "0", "0",
)  # fmt: skip
ODD_SGR = ("21", "53", "38;5", "38;2;1;2", "38;5;300", "1;73")
HARMLESS = (
    "\x1b[?25l", "\x1b[?25h", "\x1b[?7l", "\x1b[?7h", "\x1b[?1000h", "\x1b[?2026h", "\x1b[?2026l", "\a",
    "\x1b]52;c;YWJj\a", "\x1b]2;title\x1b\\", "\x1b[2 q",
)  # fmt: skip
UNKNOWN = (
    "\x1b[6n", "\x1b[?2048$p", "\x1b[c", "\x1b]4;1;red\a", "\x1b[>1u", "\x1b[?1049h", "\x1b[2J", "\x1b[J",
    "\x1b[1K", "\x1b[K", "\x1b[3X", "\x1b[2P", "\x1b[2@", "\x1b[L", "\x1b[M", "\x1bM", "\x1bD", "\x1b7",
    "\x1b8", "\t", "\b", "\n", "\n\n", "\r", "\r\n", "\v", "\x1b[2d", "\x1b[2E", "\x1b[2F", "\x1b[C",
    "\x1b[2B", "\x1b[m\x1b[2J", "\x1b[m\x1b[2J", "\x1b[99G", "\x1b[3G", "\x1b[5;7H\x1b[4D\x1b[2A",
)  # fmt: skip
LASTING = ("\x1b[4h", "\x1b[2;4r", "\x1b[r", "\x1b[?5h", "\x1bc", "\x1b[20h", "\x9b1m", "\x1b#8")

styles = st.lists(st.sampled_from(SGR), min_size=1, max_size=4).map(lambda codes: f"\x1b[{';'.join(codes)}m")
places = st.tuples(st.integers(0, 12), st.integers(0, 34)).map(lambda at: f"\x1b[{at[0]};{at[1]}H")
texts = st.text("ab− ŷ₁  ", min_size=1, max_size=40)
odd_texts = st.text("a 漢字e\u0301\u0308\u200d\ufe0f가ᅡ🙂\xad", min_size=1, max_size=12)
rows = st.tuples(places, st.lists(st.tuples(styles, texts).map("".join), min_size=1, max_size=3).map("".join))
frames = st.lists(rows.map("".join), min_size=1, max_size=6).map("".join)
frames_in_lines = st.lists(rows.map("".join), min_size=1, max_size=6).map("\n".join)
odd_sequences = st.sampled_from([*HARMLESS, *UNKNOWN, *(f"\x1b[{code}m" for code in ODD_SGR)])
odd_frames = st.lists(rows.map("".join) | texts | odd_texts | odd_sequences | styles, max_size=8).map("".join)
lasting_frames = st.tuples(st.sampled_from(LASTING), odd_frames).map("".join)
sizes = st.tuples(st.integers(1, 33), st.integers(1, 11))
steps = st.one_of(frames, frames_in_lines, odd_frames, odd_frames, sizes, st.none())
sessions = st.lists(steps, max_size=8) | st.lists(steps | lasting_frames, max_size=8)


@examples(75)
@given(sizes, st.sampled_from([ENTER, "", "\x1b[0m"]), sessions)
def test_any_session_shows_the_same(
    size: tuple[int, int], enter: str, session: list[str | tuple[int, int] | None]
) -> None:
    """Styles, moves, wide and joining characters, sequences of every kind, other sizes, forgetting."""
    pair = Pair(*size, enter)
    for one in session:
        if isinstance(one, str):
            pair.write(one)
        elif one is None:
            pair.difference.forget()
            pair.write("\x1b[1;1H")
        else:
            pair.resize(*one)
            pair.write("\x1b[1;1H")


def test_a_style_that_was_not_sent_yet_outlasts_forgetting() -> None:
    """What frames believe the style to be is theirs, whatever else has written to the terminal."""
    pair = Pair(1, 1, ENTER)
    pair.write("\x1b[1m")
    pair.difference.forget()
    pair.write("\x1b[1;1H")
    pair.write("a")


@examples(30)
@given(st.lists(frames, min_size=1, max_size=4), st.data())
def test_frames_in_pieces_show_the_same(session: list[str], data: st.DataObject) -> None:
    """Cut anywhere, also within a control sequence: each piece is sent at once."""
    pair = Pair(20, 6)
    for whole in session:
        cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=3)))
        for begin, end in zip([0, *cuts], [*cuts, len(whole)], strict=True):
            pair.write(whole[begin:end])


@pytest.mark.parametrize(
    "sequence", ["\x1b[1;31m", "\x1b[?25h", "\x1b[3;3H", "\x1b]52;c;YWJj\a", "\x1b]2;a\x1b\\"]
)
def test_a_sequence_in_pieces_is_followed(sequence: str) -> None:
    """Wherever it is cut; and then only what differs is sent again."""
    whole = "\x1b[m\x1b[1;1Hab\x1b[2;2H"
    for cut in range(1, len(sequence)):
        pair = Pair(8, 4)
        for data in (whole, sequence[:cut], sequence[cut:], whole):
            pair.write(data)
        assert pair.write(whole) == 0


def test_another_program_leaves_nothing_behind() -> None:
    """The style, the cursor and the text of a shell that had the terminal for a while."""
    pair = Pair(8, 4)
    pair.write("\x1b[1;1Hab")
    pair.filtered.feed("\x1b[?7h\x1b[?25h\x1b[7;31m\r\n$ ls")
    pair.difference.forget()
    again = ENTER.removeprefix("\x1b[?1049h")
    pair.plain.feed(again)
    pair.filtered.feed(pair.difference.encode(again))
    pair.write("\x1b[1;1Hab\x1b[3;1Hcd")


@examples(30)
@given(st.lists(frames, min_size=1, max_size=3))
def test_what_is_shown_already_is_not_sent(session: list[str]) -> None:
    """A frame that was just drawn costs nothing, nor does it with its styles spelled differently."""
    difference = Difference(30, 10)
    difference.encode(ENTER)
    for whole in session:
        difference.encode("\x1b[m" + whole)
        assert difference.encode("\x1b[0m" + whole.replace(";31", ";031").replace(";38;", ";038;")) == ""
        assert difference.encode("") == ""


def test_everything_is_sent_again_when_nothing_is_known() -> None:
    """After `forget`, a resize, or a sequence that may have changed every cell; but only once."""
    whole = "\x1b[0m\x1b[1;1Hab\x1b[2;1Hcd\x1b[1;1H"
    difference = Difference(10, 4)
    difference.encode(ENTER)
    first = difference.encode(whole)
    assert difference.encode(whole) == ""
    for lose in (
        difference.forget,
        lambda: difference.resized(10, 4),
        lambda: difference.encode("\x1b[3;3H\x1b[6n"),
        lambda: difference.encode("\x1b[?1049h"),
    ):
        lose()
        again = difference.encode(whole)
        assert [part in again for part in ("ab", "cd")] == [True, True], first
        assert difference.encode(whole) == ""


@pytest.mark.parametrize(
    ("frame", "sent"),
    [
        ("\x1b[1;1HX1Y", "\rX1Y"),  # one cell again: 1 character; over it: 3
        ("\x1b[1;1HX12345678Y", "\rX\x1b[8CY"),  # eight cells again: 8 characters; over them: 4
        ("\x1b[1;1HX123Y", "\rX123Y"),  # three cells again: 3 characters; over them: 4
        ("\x1b[1;10HX", "\bX"),
        ("\x1b[2;11HX", "\x1b[BX"),
        ("\x1b[4;11HX", "\x1b[3BX"),
        ("\x1b[1;1H     ", "\r     "),
        ("\x1b[1;3H        ", "\x1b[3G\x1b[K"),  # blank up to the edge: erased
        ("\x1b[1;1H\x1b[1;31mX\x1b[0m1\x1b[1;31mY", "\r\x1b[1;31mX\x1b[CY"),
        ("\x1b[2;1H\x1b[1;31mX\x1b[0mY", "\x1b[2H\x1b[1;31mX\x1b[mY"),
        ("\x1b[2;1H\x1b[1;31mX\x1b[22mY", "\x1b[2H\x1b[1;31mX\x1b[22mY"),
        ("\x1b[2;1H\x1b[1;2mX\x1b[0;2mY", "\x1b[2H\x1b[1;2mX\x1b[0;2mY"),
        (
            "\x1b[2;1H\x1b[38;2;1;2;3mA\x1b[0mB\x1b[3;1H\x1b[38;2;1;2;3mC\x1b[0mD",  # style by style
            "\x1b[2;2HB\x1b[3;2HD\x1b[2H\x1b[38;2;1;2;3mA\x1b[3HC",
        ),
    ],
)
def test_the_shortest_is_sent(frame: str, sent: str) -> None:
    """Moves, styles and cells between, counted by hand; the cursor is behind the tenth column at first."""
    difference = Difference(20, 4)
    difference.encode(ENTER + "\x1b[1;1H0123456789")
    assert difference.encode(frame) == sent


def test_what_is_cleared_in_a_colour_is_not_taken_for_blank() -> None:
    """Many terminals clear in the colour that is set, so that spaces without one still have to be sent."""
    pair = Pair(8, 4)
    pair.write("\x1b[44m\x1b[2J")
    pair.write("\x1b[m\x1b[1;1H        \x1b[2;1Hab")


def test_a_mark_that_joins_the_row_above_is_undone() -> None:
    """At the left edge it joins the last cell of the row above, which then has to be sent again."""
    pair = Pair(4, 3)
    for data in ("\x1b[1;1Habce", "\x1b[2;1H\u0301", "\x1b[1;1Habce"):
        pair.write(data)
    assert pair.filtered.display[0] == "abce"


@pytest.mark.parametrize("sequence", LASTING)
def test_nothing_is_left_out_where_text_means_something_else(sequence: str) -> None:
    """Where text is inserted, scrolled within margins or turned over, the same text twice may change more."""
    pair = Pair(8, 4)
    for data in ("\x1b[1;1Hab\x1b[4;2Hcd", sequence, *["\x1b[1;1Hab\x1b[4;2Hcd\n\x1b[1;1H"] * 3):
        pair.write(data)


def test_sequences_arrive_as_they_are() -> None:
    """Untouched, and in the order in which they came."""
    for sequence in (
        *HARMLESS,
        *(one for one in UNKNOWN if one.startswith("\x1b]") or one.endswith(("n", "p", "c"))),
    ):
        difference = Difference(10, 4)
        difference.encode(ENTER)
        assert difference.encode(f"\x1b[2;2Ha{sequence}\x1b[4;4Hb").split("a", 1)[1].startswith(sequence)


class Recorder(HeadlessDriver):
    """Draws nowhere, and keeps what would be drawn."""

    written: list[str]

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        self.written = []

    @property
    def is_headless(self) -> bool:
        """No: a headless app would draw nothing."""
        return False

    def write(self, data: str) -> None:
        """Keep it."""
        self.written.append(data)

    def take(self) -> list[str]:
        """All that was written since this was last asked."""
        written, self.written = self.written, []
        return written


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Apps that are run without a terminal are recorded."""
    monkeypatch.setattr("textual.drivers.headless_driver.HeadlessDriver", Recorder)


def take(app: Stepper) -> list[str]:
    """What the app has written since this was last asked."""
    assert isinstance(app._driver, Recorder)
    return app._driver.take()


def press(app: Stepper, key: str) -> None:
    """Press a key, by Textual's name or by its sign."""
    sign = key if len(key) == 1 else None
    app.post_message(events.Key("question_mark" if key == "?" else key, sign))


async def settle(app: Stepper, pilot: Pilot[None], rounds: int = 3) -> None:
    """Have all that is under way done and drawn, without the pilot's wait for an idle machine."""
    for _ in range(rounds):
        await pilot._wait_for_screen()
        app.screen._on_timer_update()


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize("seed", range(9))
def test_the_app_shows_the_same(seed: int, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Random keys on every shipped lesson, at many sizes: the screen is the same after each frame."""
    monkeypatch.chdir(tmp_path)
    random, lessons = Random(seed), shipped_lessons()
    app = Stepper(start(lessons[seed % len(lessons)].lesson), Look(seed == 8), theme_of("truecolor"), None)

    async def run() -> None:
        size = random.randint(60, 120), random.randint(20, 36)
        pair = Pair(*size)
        async with app.run_test(size=size) as pilot:
            for _ in range(120):
                await settle(app, pilot, 1)
                for data in take(app):
                    pair.write(data)
                if random.random() < 0.03:
                    size = random.randint(60, 120), random.randint(20, 36)
                    pair.resize(*size)
                    pair.write("\x1b[H\x1b[2J")
                    await pilot.resize_terminal(*size)
                else:
                    press(app, random.choice(KEYS))

    asyncio.run(run())


@pytest.mark.usefixtures("recorded")
def test_what_a_key_costs() -> None:
    """Bytes at 80×24: the first screen, and each → of one whole update of the lecture."""
    lecture = next(item.lesson for item in shipped_lessons() if item.name == "lecture")
    app = Stepper(start(lecture), Look(), theme_of("truecolor"), None)
    pair, costs = Pair(80, 24), []

    async def run() -> None:
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            assert sum(pair.write(data) for data in take(app)) <= 16_384
            while app.session.update == 1:
                press(app, "right")
                await settle(app, pilot)
                costs.append(sum(pair.write(data) for data in take(app)))
            await pilot.pause()
            assert take(app) == []

    asyncio.run(run())
    assert len(costs) > 40
    assert median(costs) <= 600
    assert max(costs) <= 2_500
