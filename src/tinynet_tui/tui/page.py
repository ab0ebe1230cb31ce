"""A page: a screen that is one picture, with a table of commands for its keys, and a row to ask on."""

from __future__ import annotations

import unicodedata
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from textual import events
from textual.binding import Binding, BindingType

from tinynet_tui.drawing.cover import Cover
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.theme import Theme
from tinynet_tui.session.commands import EVERYWHERE, EVERYWHERE_KEYS, Entry, is_chosen_by_users
from tinynet_tui.session.keys import Keys
from tinynet_tui.tui.board import BoardScreen
from tinynet_tui.tui.prompt import REFUSALS, Prompt, with_prompt, with_row_end
from tinynet_tui.tui.terminal_app import TerminalApp

if TYPE_CHECKING:
    from tinynet_tui.drawing.listing import Choice, FoundRows

Left = TypeVar("Left")
Chosen = TypeVar("Chosen")


def bindings(entries: Iterable[Entry[Any]]) -> list[BindingType]:
    """The keys of a table for Textual, which finds the command of a key.

    Those that users can choose others for have the names of their commands, for the key map.
    """
    return [
        Binding(
            ",".join(entry.keys),
            f"do({entry.name!r})",
            show=False,
            priority=True,
            id=entry.name if is_chosen_by_users(entry) else None,
        )
        for entry in entries
        if entry.keys
    ]


class Page(BoardScreen[Left]):
    """A screen that is one picture. It ends with a value, or with None."""

    TABLE: ClassVar[Sequence[Entry[Any]]] = ()
    """The commands that have keys here."""
    HELP: ClassVar[str] = ""
    """The title of the list of them."""

    def __init__(self, theme: Theme, look: Look, aside: str = "") -> None:
        """Make the page.

        aside: what a class is told that its user does here, after their name, where the class does not see
        the page; "" where it is told nothing.
        """
        super().__init__(theme)
        self.look = look
        self.cover: Cover | None = None
        """What covers the step, where others may see it; None: nothing, or what is the user's own."""
        self._aside = aside
        self.colours = theme
        self.prompt: Prompt | None = None
        """What is asked on the bottom row, if anything is."""
        self.drawn = Picture(0, 0, ())
        """The page as it was drawn last, without a prompt."""
        self._draws = False
        self._left = False
        self.own: dict[str, Callable[[], None]] = {
            "help": self._choose_command,
            "screenshot": self._save_screenshot,
            "mouse": lambda: self.say(self.terminal.switch_mouse()),
            "redraw": lambda: self.terminal.draw_anew(),
            "quit": lambda: self.terminal.quit(),
            "suspend": lambda: self.say(self.terminal.suspended()),
        }
        """The commands that the page does itself, by name; the others change its state."""

    # What a kind of page says of itself

    def picture(self, width: int, height: int) -> Picture:
        """What there is to show now."""
        raise NotImplementedError

    def change(self, name: str, argument: Any = None) -> None:
        """Change the state of the page by a command."""
        raise NotImplementedError

    def say(self, words: str) -> None:
        """Show a line in place of the hints: by default on the page below, which has room for it."""
        below = self.app.screen_stack[self.app.screen_stack.index(self) - 1]
        assert isinstance(below, Page), "every screen is one"
        below.say(words)

    def answered(self, command: str, value: Any) -> None:
        """Do what was asked for."""
        self.change(command, value)

    def clicked(self, name: str) -> None:
        """Choose the marked region that was clicked, which is no hint."""

    def scrolled(self, rows: int) -> None:
        """Follow the wheel."""

    @property
    def stem(self) -> str:
        """How the name of a screenshot begins."""
        return "tinynet"

    @property
    def aside(self) -> str:
        """What the user does that others do not see, in words after their name; "" where that is nothing."""
        return self._aside or ("is typing" if self.is_typing else "")

    @property
    def is_typing(self) -> bool:
        """Whether keys with signs are text here, whatever commands they are elsewhere."""
        return self.prompt is not None and self.prompt.commands is None

    # Drawing

    @property
    def terminal(self) -> TerminalApp:
        """The app, which has a terminal of its own."""
        assert isinstance(self.app, TerminalApp)
        return self.app

    def draw(self) -> None:
        """Draw once for all keys that wait: a burst of them must not wait for pictures that nobody sees."""
        if not self._draws:
            self._draws = True
            # As call_later does it, which would look at draw_now's parameters anew each time.
            self.app.post_message(events.Callback(callback=self.draw_now))

    def draw_now(self) -> None:
        """Draw the page, unless it has been left meanwhile."""
        self._draws = False
        if self.board.is_attached:
            self.drawn = self.picture(*self.app.size)
            self._draw_prompt()

    def _draw_prompt(self) -> None:
        # Before the board is there nothing can be shown; it is drawn as soon as its size is known.
        if self.board.is_attached:
            end = self.terminal.row_end(self)
            asked = with_prompt(self.drawn, self.prompt, self.look.ascii, len(end))
            self.board.show(with_row_end(asked, end, self.look))
            self.terminal.has_drawn()

    def on_resize(self) -> None:
        """Draw for the new size."""
        self.draw()

    def on_screen_resume(self) -> None:
        """Be on top again; what covered it is gone."""
        self.terminal.has_drawn()

    # Keys, clicks and pastes

    def takes(self, event: events.Key) -> bool:
        """Whether an open prompt has taken a key: then it is done, and no command gets it."""
        prompt = self.prompt
        if prompt is None or event.key in EVERYWHERE_KEYS:
            return False
        if not prompt.owns(event.key, event.character, self.look.keys):
            return False
        if event.key == "escape":
            self.prompt = None
        elif event.key == "enter":
            self._answer(prompt)
        else:
            self.prompt = prompt.after_key(event.key, event.character)
        self._draw_prompt()
        return True

    def _answer(self, prompt: Prompt) -> None:
        try:
            value = prompt.read(prompt.field.text)
        except REFUSALS as fault:
            self.prompt = prompt.refused(str(fault))
        else:
            self.prompt = None
            self.answered(prompt.command, value)

    def paste(self, text: str) -> None:
        """Give pasted text to the prompt, if there is one."""
        if self.prompt is not None:
            self.prompt = self.prompt.pasted(text)
            self._draw_prompt()

    def on_key(self, event: events.Key) -> None:
        """Say that a key does nothing: those that do something have been taken before.

        It comes here by a queue of its own: the key after it may have been done by now.
        """
        event.stop()
        if self.TABLE and event is self.terminal.newest_key:
            rows = map(self.look.keys.row_of, self.TABLE)
            signs = (sign for row in rows if row.name == "help" for sign in self.look.keys.signs(row))
            self.say(_nothing_for(event, next(signs, "")))

    def action_do(self, name: str) -> None:
        """Do a command, by its name."""
        if refusal := self.terminal.permissions.refusal(name):
            self.say(refusal)
        elif name in self.own:
            self.own[name]()
        else:
            self.change(name)

    def on_click(self, event: events.Click) -> None:
        """Do the command of a hint or a tab, or choose what was clicked."""
        name = self.board.picture.at(event.x, event.y)
        if name is None or event.button != 1 or self.is_typing:
            return
        kind, _, command = name.partition(":")
        if kind == "command":
            self.action_do(command)
        else:
            self.clicked(name)

    def on_mouse_scroll_up(self) -> None:
        """Follow the wheel, unless something is asked."""
        if self.prompt is None:
            self.scrolled(-1)

    def on_mouse_scroll_down(self) -> None:
        """Follow the wheel, unless something is asked."""
        if self.prompt is None:
            self.scrolled(+1)

    # Asking, choosing, leaving

    def ask(self, prompt: Prompt | None) -> None:
        """Ask for a line of text, or for nothing more, in place of what was asked before."""
        self.prompt = prompt
        self._draw_prompt()

    def choose(
        self,
        title: str,
        choices: Sequence[Choice[Chosen]],
        chosen: Callable[[Chosen], None],
        more: AsyncIterator[FoundRows[Chosen]] | None = None,
        aside: str = "is choosing",
        opened_by: Collection[str] = (),
        at: int | None = None,
    ) -> None:
        """Have one row of a list chosen; `more` finds further rows for it; aside: what others are told.

        opened_by: keys that are not searched for first, as they open the list.
        at: the row that is highlighted first, if not the first that can be chosen.
        """
        from tinynet_tui.tui.lists import ListPage

        def left(value: Chosen | None) -> None:
            if value is not None:
                chosen(value)

        page = ListPage(title, choices, self.colours, self.look, more, aside, opened_by, at)
        self.app.push_screen(page, left)

    def leave(self, value: Left | None = None) -> None:
        """End with a value. A second key or click of the same moment comes too late, and is dropped."""
        if self.is_on_top and not self._left:
            self._left = True
            self.dismiss(value)

    def _choose_command(self) -> None:
        from tinynet_tui.drawing.listing import key_choices

        choices = key_choices(self.TABLE, self.look.keys)
        self.choose(self.HELP, choices, self.action_do, aside="is reading the help")

    def screenshot(self) -> str:
        """The page as an SVG picture."""
        from tinynet_tui.drawing.svg import picture_svg

        shown = self.board.picture  # for a key that was typed ahead there is none yet
        return picture_svg(shown if shown.rows else self.picture(*self.app.size), self.colours)

    def _save_screenshot(self) -> None:
        from tinynet_tui.tui.files import written

        self.say(written("as a picture", self.stem, ".svg", self.screenshot()))


class PagedApp(TerminalApp, inherit_bindings=False):
    """An app whose screens are pages."""

    BINDINGS = bindings(EVERYWHERE)

    def use_keys(self, keys: Keys) -> None:
        """Have a user's own keys do their commands."""
        self.set_keymap({name: ",".join(keys.row(name).keys) for name, _ in keys.own or ()})

    async def on_event(self, event: events.Event) -> None:
        """Hand keys and pastes to the page in the order in which they came.

        What is focused would get them from a queue of its own, and too late where several arrive together.
        """
        if isinstance(event, events.Key):
            self.newest_key = event
        if isinstance(event, events.Paste):
            self._page.paste(event.text)
        elif not (isinstance(event, events.Key) and self._page.takes(event)):
            await super().on_event(event)

    def action_do(self, name: str) -> None:
        """Do a command that every page has."""
        self._page.action_do(name)

    @property
    def _page(self) -> Page[Any]:
        """The page on top."""
        assert isinstance(self.screen, Page), "every screen is one"
        return self.screen


def _nothing_for(event: events.Key, all_keys: str) -> str:
    """What is said of a key that does nothing; all_keys: the sign of the one that lists all others, or ""."""
    character = event.character or ""
    key = character if event.is_printable else event.key
    if character.isalpha() and not unicodedata.name(character, "").startswith("LATIN"):
        return f"{key} does nothing here: switch the keyboard to Latin letters."
    if not all_keys:
        return f"{key} does nothing here."
    return f"{key} does nothing here: {all_keys} lists all keys."
