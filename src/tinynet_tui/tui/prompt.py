"""One question on the bottom line of the screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from textual import events

from tinynet_tui.drawing.field import Field
from tinynet_tui.drawing.picture import Canvas, Picture, shorten
from tinynet_tui.drawing.theme import Theme
from tinynet_tui.tui.board import Board

Check = Callable[[str], str | None]
"""A complaint about what was typed, or None if it can be taken."""

LEFT_TO_THE_APP = ("ctrl+c", "ctrl+l", "ctrl+z")
"""Keys that do the same whatever is open."""


TAKE_OR_LEAVE = "Enter takes it, Esc leaves"
"""What the keys of most questions do."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and what has been typed so far."""

    name: str
    """Tells the answer of one question from that of another."""
    label: str
    check: Check
    field: Field
    complaint: str = ""
    """What is wrong with the text, once Enter has been pressed."""
    keys: str = TAKE_OR_LEAVE
    """What the keys do."""
    keys_typed: str = ""
    """What they do once something is typed, where that is not the same."""
    untouched: bool = True
    """Whether the text is the one offered or one that was turned down: what is typed next takes its place."""

    @property
    def beside(self) -> str:
        """What stands beside the field: what is wrong, or else what the keys do now."""
        return self.complaint or (self.field.text and self.keys_typed) or self.keys

    def typed_on(self, event: events.Key) -> Field:
        """The field that a key works on."""
        return Field() if self.untouched and event.is_printable else self.field


class Answer(NamedTuple):
    """What was typed, with which the check is content."""

    name: str
    """Which question it answers."""
    text: str


class Prompt(Board):
    """A line at the bottom of the screen that asks one thing, and has all keys while it does.

    It is not there until `ask` is called, and covers the bottom row of whatever is above it. The screen hands
    keys and pastes to it: focus would come too late for keys that arrive together.
    """

    DEFAULT_CSS = """
    Prompt {
        dock: bottom;
        height: 1;
        display: none;
    }
    """

    def __init__(self, theme: Theme, ascii: bool, *, id: str | None = None) -> None:
        super().__init__(theme, id=id)
        self._ascii = ascii
        self._question: Question | None = None

    @property
    def is_open(self) -> bool:
        """Whether a question is being asked."""
        return self._question is not None

    @property
    def question(self) -> Question | None:
        """The question that is being asked."""
        return self._question

    def ask(
        self, label: str, initial: str, check: Check, *, name: str = "", keys: str = TAKE_OR_LEAVE
    ) -> None:
        """Ask for a line of text."""
        self.open(Question(name or label, label, check, Field.holding(initial), keys=keys))

    def open(self, question: Question) -> None:
        """Ask a question, in place of the one that is open."""
        self.display = True
        self._set(question)

    def withdraw(self) -> None:
        """Ask no more."""
        self._question = None
        self.hide()

    def takes(self, event: events.Key, answered: Callable[[Answer], None]) -> bool:
        """Work on a key if a question is open, and hand on the answer that it gives; whether it was."""
        question = self._question
        if question is None or event.key in LEFT_TO_THE_APP:
            return False
        if event.key == "escape":
            self.withdraw()
        elif event.key == "enter":
            complaint = question.check(question.field.text)
            if complaint is None:
                self.withdraw()
                answered(Answer(question.name, question.field.text))
            else:
                self._set(replace(question, complaint=complaint, untouched=True))
        elif (field := question.typed_on(event).after_key(event.key, event.character)) is not None:
            self._set(replace(question, field=field, complaint="", untouched=False))
        return True

    def paste(self, text: str) -> None:
        """Take pasted text as if it had been typed."""
        if self._question is not None:
            base = Field() if self._question.untouched else self._question.field
            self._set(replace(self._question, field=base.typed(text), complaint="", untouched=False))

    def on_resize(self, event: events.Resize) -> None:
        """Draw the line as long as the screen is wide."""
        if self._question is not None:
            self._set(self._question)

    def _set(self, question: Question) -> None:
        self._question = question
        self.show(prompt_picture(question, self.app.size.width, self._ascii))


def prompt_picture(question: Question, width: int, ascii: bool) -> Picture:
    """The line of a question: its label, what is typed, and a complaint or what the keys do."""
    canvas = Canvas(width, 1, ascii)
    x = canvas.text(1, 0, shorten(question.label, width // 3, ascii), "strong") + 1
    beside = question.beside
    room = width - x
    # The field is never narrower than a number; what stands beside it is cut short first.
    field_width = min(max(room - len(beside) - 3, 12), max(len(question.field.text) + 1, 16), room)
    question.field.draw(canvas, x, 0, field_width)
    x += field_width + 2
    style = "fault" if question.complaint else "dim"
    canvas.text(x, 0, shorten(beside, width - x - 1, ascii), style)
    return canvas.picture()
