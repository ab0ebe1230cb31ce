"""The app on its terminal: by a driver of its own, or by the one that TEXTUAL_DRIVER names."""

from __future__ import annotations

import contextlib
import gc
import os
import select
from collections.abc import Callable, Mapping, Sequence
from threading import Thread
from typing import TYPE_CHECKING, Any

from rich.console import Console
from textual import events
from textual.constants import DRIVER
from textual.filter import LineFilter
from textual.geometry import Size

from tinynet_tui.drawing.picture import within_reach
from tinynet_tui.drawing.theme import Theme
from tinynet_tui.session.commands import place_of_key
from tinynet_tui.terminal.abilities import mouse_wanted
from tinynet_tui.terminal.background import in_background
from tinynet_tui.tui.clipboard import copy_of, sendable
from tinynet_tui.tui.permissions import OPEN, Permissions
from tinynet_tui.tui.textual_private import OrderlyApp

if TYPE_CHECKING:
    from tinynet_tui.terminal.display import TakenOver
    from tinynet_tui.tui.driver import TerminalDriver
    from tinynet_tui.tui.page import Page


def _own_driver() -> type[TerminalDriver]:
    from tinynet_tui.tui.driver import TerminalDriver

    return TerminalDriver


class TerminalApp(OrderlyApp, inherit_bindings=False, inherit_css=False):
    """An app whose styles are sent as they are given, on a terminal that it has for itself."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, theme: Theme, differences: bool = True, permissions: Permissions = OPEN) -> None:
        # Textual itself looks up the one that is named.
        super().__init__(driver_class=None if DRIVER else _own_driver(), ansi_color=True)
        self.differences = differences
        """Whether only the cells that differ are sent to the terminal, and not whole rows."""
        self.cell_theme = theme
        """What the roles of pictures look like on the terminal."""
        self.own_driver: TerminalDriver | None = None
        """The driver, if it is this program's own: another one can do less, and one of tests nothing."""
        self.handed: TakenOver | None = None
        """The terminal, where a program before hands it on."""
        self.permissions = permissions
        """What may be touched beside the screen."""
        self.newest_key: events.Key | None = None
        """The key that has come last."""
        self.terminal_environ: Mapping[str, str] = os.environ
        """What tells of the terminal that the app is seen on."""
        self.console = Console(
            color_system="truecolor",
            file=self.console.file,
            force_terminal=True,
            highlight=False,
            emoji=False,
            legacy_windows=False,
            safe_box=False,
            no_color=False,
        )

    def on_ready(self) -> None:
        """Spare the garbage collector what start has made, which lives as long as the app."""
        # To look at it all would hold up a key for the time of several frames.
        if not self.is_headless:
            gc.freeze()
            gc.enable()
            if self.own_driver is None:
                Thread(target=self._end_with_input, name="end-of-input", daemon=True).start()

    def _end_with_input(self) -> None:
        """End the app when nobody is left who could send a key: other drivers go on for ever."""
        waiting = select.poll()
        waiting.register(0, 0)  # for nothing but the end, which is told without being asked for
        if not any(event & (select.POLLHUP | select.POLLERR) for _, event in waiting.poll()):
            return  # not every system can tell it of a terminal
        with contextlib.suppress(RuntimeError):  # the app has ended by itself
            self.call_from_thread(self.exit)

    @property
    def size(self) -> Size:
        """The cells that there are to draw on: those of the terminal, but no more than a picture can have."""
        return Size(*within_reach(*super().size))

    async def on_event(self, event: events.Event) -> None:
        """Take a size of the terminal, whichever driver tells of it, for no more than a picture can have."""
        if isinstance(event, events.Resize):
            event.size = event.virtual_size = Size(*within_reach(*event.size))
        await super().on_event(event)

    @property
    def escape_leaves(self) -> bool:
        """Whether something is open that Escape leaves."""
        return True

    def row_end(self, page: Page[Any]) -> str:
        """What stands at the end of a page's last row, in cells, whatever else is there; "" for nothing."""
        return ""

    def has_drawn(self) -> None:
        """Take note that what is on screen may have changed."""

    def say(self, notice: str) -> None:
        """Show a line, if there is a place for one."""

    def quit(self) -> None:
        """End, as its user has asked for, whatever page they are on."""
        self.exit()

    def draw_anew(self) -> None:
        """Draw everything again, over whatever else has been written to the terminal."""
        if (driver := self.own_driver) is not None:
            driver.display.repair()
        else:
            self.refresh(layout=True)

    def copy_to_clipboard(self, text: str) -> None:
        """Send a text to the terminal's clipboard, with nothing in it that would end a paste, or steer."""
        super().copy_to_clipboard(sendable(text))

    def copy(self, text: str, say: Callable[[str], None]) -> None:
        """Send a text to the clipboard by the way that leads there; the notice comes when it has arrived."""
        driver = self.own_driver
        if driver is None:
            self.copy_to_clipboard(text)
            say("Sent to the clipboard, if there is one.")
        else:
            self.run_worker(self._copied(driver, text, say))

    async def _copied(self, driver: TerminalDriver, text: str, say: Callable[[str], None]) -> None:
        # tmux may take its time.
        copy = await in_background(lambda: copy_of(text, self.terminal_environ, self.permissions.is_open))
        if copy.sequence:
            driver.write(copy.sequence)
        say(copy.words)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """None: no colour is converted and none taken out, whatever the environment says."""
        return ()

    def switch_mouse(self) -> str:
        """Leave the mouse to the terminal, or take it back; returns the notice."""
        driver = self.own_driver
        if driver is None:
            return "The mouse stays with the app here: Shift and dragging select text in most terminals."
        display = driver.display
        if not display.mouse and not mouse_wanted(self.terminal_environ):
            return "GNU screen has the mouse: it would hold Esc back if the app took it."
        display.take_mouse(not display.mouse)
        key = place_of_key("mouse")
        if display.mouse:
            return f"The mouse is the app's: click a parameter to select it. {key} leaves it to the terminal."
        return f"The mouse is the terminal's: drag to select text. {key} gives it back to the app."

    def stopping(self) -> None:
        """Do what is still to be done before a shell has the terminal, and this program is stopped."""

    def suspended(self) -> str:
        """Give the terminal to the shell until its fg command; returns the notice."""
        if self.driver is None or not self.driver.can_suspend:
            return "There is no shell to go back to here."
        self.action_suspend_process()
        return ""
