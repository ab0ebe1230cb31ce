"""The prompt on the bottom row of a page: what is asked, what has been typed, and the row that shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Canvas, Picture, shorten, to_ascii, wrap
from tinynet_tui.drawing.text_field import Field
from tinynet_tui.session.keys import Keys

TAKE_OR_LEAVE = "Enter takes it, Esc leaves"
"""What the keys of most prompts do."""
REFUSALS = (ValueError, OSError, RuntimeError)
"""What reading a text may end in: paths of homes that nobody has are errors of the last two kinds."""
_NOTHING_TYPED = Field()


class Prompt(Struct, frozen=True):
    """What is asked, and what has been typed so far."""

    command: str
    """The name of the command that the answer is the argument of."""
    label: str
    read: Callable[[str], Any]
    """What a text means.

    Raises: one of `REFUSALS` with a sentence that says what is wrong with it.
    """
    field: Field = _NOTHING_TYPED
    keys: str = TAKE_OR_LEAVE
    """What the keys do."""
    keys_typed: str = ""
    """What they do once something is typed, where that is not the same."""
    complaint: str = ""
    """What is wrong with the text, once Enter was pressed."""
    untouched: bool = True
    """Whether the text is the one offered or one that was turned down: what is typed next takes its place."""
    commands: frozenset[str] | None = None
    """Signs that are not typed but stay the keys of commands, as do all other keys that work on no field.

    None: the prompt has all keys until it is answered or left.
    """

    def owns(self, key: str, character: str | None, keys: Keys) -> bool:
        """Whether a key works on the prompt, and is no command; keys: those of who types."""
        if self.commands is None or key == "enter":
            return True
        if key in ("left", "right"):  # at an end of what was typed they go back and on
            return self.field.cursor != (0 if key == "left" else len(self.field.text))
        if character is not None and character.isprintable():
            return character not in self.commands
        return self.field.after_key(key, None) is not None or keys.command(key, None) is None

    def after_key(self, key: str, character: str | None) -> Prompt:
        """The prompt after a key of its field."""
        is_typed = character is not None and character.isprintable()
        field = self._begun(is_typed).after_key(key, character)
        return self if field is None else self._with(field)

    def pasted(self, text: str) -> Prompt:
        """The prompt after text was pasted, as if it had been typed."""
        return self._with(self._begun(True).typed(text))

    def refused(self, complaint: str) -> Prompt:
        """The prompt with what is wrong with its text."""
        return replace(self, complaint=complaint, untouched=True)

    def _begun(self, is_typed: bool) -> Field:
        """The field that a key works on."""
        return Field() if self.untouched and is_typed else self.field

    def _with(self, field: Field) -> Prompt:
        return replace(self, field=field, complaint="", untouched=False)

    def picture(self, width: int, ascii: bool, taken: int = 0) -> Picture:
        """Label, what is typed, and what is wrong with it or else what the keys do now: in one row.

        What is wrong stands in rows of its own above them where there is no room for all of it.
        taken: cells at the end of the row that are for something else.
        """
        whole, width = width, width - taken
        label = shorten(self.label, width // 3, ascii)
        hint = (self.field.text and self.keys_typed) or self.keys
        complaint = to_ascii(self.complaint) if ascii else self.complaint
        x = len(label) + 2
        fits = len(complaint) <= width - x - self._field_width(complaint, width - x) - 3
        above = () if fits else wrap(complaint, width - 2)
        canvas, y = Canvas(whole, len(above) + 1, ascii), len(above)
        for row, line in enumerate(above):
            canvas.text(1, row, line, "fault")
        words, style = (complaint, "fault") if complaint and not above else (hint, "dim")
        field_width = self._field_width(words, width - x)
        canvas.text(1, y, label, "strong")
        self.field.draw(canvas, x, y, field_width)
        canvas.text(x + field_width + 2, y, shorten(words, width - x - field_width - 3, ascii), style)
        return canvas.picture()

    def _field_width(self, words: str, room: int) -> int:
        """Cells of the field: never fewer than a number takes; words beside it are cut short first."""
        return min(max(room - len(words) - 3, 12), max(len(self.field.text) + 1, 16), room)


def with_row_end(picture: Picture, end: str, look: Look) -> Picture:
    """A picture with words, if any, at the end of its last row; what was there goes in whole parts.

    The end of a sentence that has no room beside them stays, and they give way: it is said for a moment.
    """
    if not end or not picture.height:
        return picture
    canvas, bottom = look.canvas(picture.width, 1), picture.height - 1
    canvas.blit(Picture(picture.width, 1, picture.rows[-1:]), 0, 0)
    row, start = "".join(run.text for run in picture.rows[-1]), picture.width - len(end)
    if row[start - 1 :].strip():
        start = row.rfind("  ", 0, start)
        if not row[: max(start, 0)].strip():
            return picture
    canvas.fill(start, 0, picture.width - start, 1)
    canvas.text(picture.width - len(end), 0, end, "note")
    left = (mark for mark in picture.marks if mark.covers(mark.x, bottom) and mark.x + mark.width <= start)
    covered = canvas.picture().over(picture)
    return covered._replace(marks=(*covered.marks, *left))


def with_prompt(picture: Picture, prompt: Prompt | None, ascii: bool, taken: int = 0) -> Picture:
    """A picture with a prompt over its bottom row, if there is one; taken: cells at the row's end that are
    for something else.
    """
    if prompt is None or not picture.height:
        return picture
    rows = prompt.picture(picture.width, ascii, taken).rows[-picture.height :]
    return Picture(picture.width, len(rows), rows).over(picture)
