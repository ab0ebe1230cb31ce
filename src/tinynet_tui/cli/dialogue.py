"""A dialogue in lines of text: what is told, what is asked, and what is typed there."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from tinynet_tui.cli.keyboard import Keyboard
from tinynet_tui.cli.output import write_prompt, write_wrapped
from tinynet_tui.prediction.judgement import result
from tinynet_tui.prediction.question import Question
from tinynet_tui.session.commands import Command


@dataclass
class Dialogue:
    """Tells and asks somebody at a keyboard, or a program in their place."""

    keyboard: Keyboard
    written: Callable[[str], str]
    """How a line is written where only ASCII can be shown."""

    def write(self, *lines: str) -> None:
        """Write lines of prose."""
        write_wrapped(lines, self.written)

    def typed(self, asked: Question, words: Collection[str], first: str = "") -> Command | str | None:
        """What is typed at a question: an answer as a command, or one of the words that mean something else.

        It is asked until that can be read; None once nobody types any more. first: what was typed already.
        """
        while True:
            write_prompt(f"{self.written(asked.full_label)} ")
            typed, is_seen = (first, False) if first else (self.keyboard.line(), self.keyboard.is_terminal)
            first = ""
            if typed is None or not is_seen:
                self.write(typed or "")
            if typed is None or typed.lower() in words:
                return typed and typed.lower()
            try:
                return Command("answer", (typed, result(asked.answer, asked.level, typed)))
            except ValueError as fault:
                self.write(f"{fault}.")

    def write_help(self, asked: Question, still: Question) -> None:
        """Write what helps now with a question that is still open, and did not help before."""
        self.write(*(words for words in still.help if words not in asked.help))
