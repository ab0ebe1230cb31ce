"""A question in lines of text: its prompt, and what is typed there."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple

from tinynet_tui.cli.keyboard import Keyboard
from tinynet_tui.cli.output import write_prompt, write_wrapped
from tinynet_tui.prediction.judgement import result
from tinynet_tui.prediction.question import Question
from tinynet_tui.session.commands import Command


class Asker(NamedTuple):
    """Asks a question until what is typed can be read."""

    keyboard: Keyboard
    written: Callable[[str], str]
    """How a line is written where only ASCII can be shown."""

    def typed(self, asked: Question, words: Collection[str]) -> Command | str | None:
        """An answer as a command of the session, or one of the words that mean something else.

        None once nobody types any more.
        """
        while True:
            write_prompt(f"{self.written(asked.full_label)} ")
            typed = self.keyboard.line()
            if typed is None or not self.keyboard.is_terminal:
                self._write(typed or "")
            if typed is None or typed.lower() in words:
                return typed and typed.lower()
            try:
                return Command("answer", (typed, result(asked.answer, asked.level, typed)))
            except ValueError as fault:
                self._write(f"{fault}.")

    def write_help(self, asked: Question, still: Question) -> None:
        """Write what helps now with a question that is still open, and did not help before."""
        self._write(*(words for words in still.help if words not in asked.help))

    def _write(self, *lines: str) -> None:
        write_wrapped(lines, self.written)
