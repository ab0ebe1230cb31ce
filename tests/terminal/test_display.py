"""The screen of a terminal without Textual: as a client that only draws and reads keys would have it."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator
from queue import SimpleQueue

import pyte
import pytest

from tests.pseudo_terminal import SAFETY, Emulator, until
from tinynet_tui.drawing.picture import Canvas, Picture
from tinynet_tui.drawing.theme import theme_of
from tinynet_tui.terminal.display import Display
from tinynet_tui.terminal.input_events import Event, Key
from tinynet_tui.terminal.reader import Reader


class Client:
    """A display and a reader on a pseudo-terminal of 40 columns and 5 rows, and what the other end shows."""

    def __init__(self) -> None:
        self.outside, self.inside = pty.openpty()
        termios.tcsetwinsize(self.inside, (5, 40))
        self.calls: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self.display = Display(self.inside, self.inside, theme_of("256"), True, self.calls.put, lambda: None)
        self.screen = Emulator(40, 5)
        self.sent = b""

    def go_on(self) -> None:
        """Do what is to be done in the thread of the display, once there is something."""
        self.calls.get(timeout=SAFETY)()

    def draw_until(self, second_row: str) -> None:
        """Draw what is sent until the second row has some words; what it took is in `sent`.

        A picture may have to wait until the one before it is taken: then it is shown by a call.
        """
        stream, self.sent = pyte.ByteStream(self.screen), b""

        def is_drawn() -> bool:
            while not self.calls.empty():
                self.calls.get()()
            if select.select([self.outside], [], [], 0)[0]:
                sent = os.read(self.outside, 1 << 16)
                stream.feed(sent)
                self.sent += sent
            return self.screen.text.split("\n")[1] == second_row

        until(is_drawn)


@pytest.fixture
def client() -> Iterator[Client]:
    """One that has not taken its terminal over."""
    client = Client()
    yield client
    client.display.close()
    os.close(client.outside)
    os.close(client.inside)


def words(text: str) -> Picture:
    """A picture of some words."""
    canvas = Canvas(40, 5)
    canvas.text(1, 1, text, "positive")
    return canvas.picture()


def test_a_terminal_is_taken_over_shown_a_picture_and_given_back(client: Client) -> None:
    """With what was on it, and with the modes of its line, as they were."""
    client.screen.draw("$ tinynet-tui")
    modes, state = termios.tcgetattr(client.inside), client.screen.state
    client.display.show(words("step 1 of 46"))
    assert client.display.take_over()
    assert termios.tcgetattr(client.inside) != modes
    client.go_on()
    client.draw_until(" step 1 of 46")
    client.display.give_screen_back()
    client.display.give_line_back()
    client.display.close()
    client.draw_until("")
    assert client.screen.state == state
    assert termios.tcgetattr(client.inside) == modes


def test_the_newest_picture_is_shown(client: Client) -> None:
    """The one that is there already when the terminal has been taken over, and only what the next changes."""
    client.display.show(words("step 1 of 46"))
    client.display.take_over()
    client.go_on()
    client.draw_until(" step 1 of 46")
    client.display.show(words("step 2 of 46"))
    client.draw_until(" step 2 of 46")
    assert len(client.sent) < 40


def test_keys_are_read_beside_it(client: Client) -> None:
    """As plain values."""
    done: list[Event] = []
    client.display.take_over()
    os.write(client.outside, b"\x1b[Cq")

    def take(events: list[Event]) -> None:
        done.extend(events)
        reader.stop()

    reader = Reader(client.inside, take, lambda: None)
    assert not reader.run()
    reader.close()
    assert done == [Key("right"), Key("q", "q")]


def test_neither_textual_nor_rich_is_loaded() -> None:
    """To draw the screen, to send it, and to read keys."""
    code = (
        "import sys, tinynet_tui.drawing.screen, tinynet_tui.drawing.svg, tinynet_tui.terminal.display, "
        "tinynet_tui.terminal.reader; print({'textual', 'rich'} & {*sys.modules})"
    )
    done = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_what_is_known_of_a_line_is_handed_on(client: Client) -> None:
    """With the terminal."""
    client.display.show(words("step 1 of 46"))
    client.display.take_over()
    client.go_on()
    client.draw_until(" step 1 of 46")
    until(lambda: client.display.as_it_is() is not None)
    handed = client.display.as_it_is()
    other = Display(client.inside, client.inside, theme_of("256"), True, client.calls.put, lambda: None)
    other.hand(theme_of("256"), True, handed)
    assert other.take_over()
    again = other.as_it_is()
    other.close()
    assert handed is not None
    assert again == handed
    assert again.line is not None
