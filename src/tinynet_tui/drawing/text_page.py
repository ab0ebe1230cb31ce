"""A text that fills the screen, where it is longer than the room that it has elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from tinynet_tui.drawing.listing import WIDEST, draw_keys, draw_title
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture, wrap
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.session.commands import key_sign

_AROUND = 4
"""Rows for the title and the keys, with an empty one beside each."""
_LEAVES = ("escape", "enter")
"""Keys that lead back to the step, beside those of the commands that do so."""
_DOES_NOTHING = "That key does nothing here."


def rows_of_text(height: int) -> int:
    """How many lines of a text a screen of some height has room for."""
    return max(1, height - _AROUND)


@dataclass(frozen=True, slots=True)
class Reading:
    """A text and the place in it that is at the top: where its lines break depends on the screen."""

    doing: ClassVar[str] = "is reading about the step"

    title: str
    paragraphs: tuple[str, ...]
    """With the places of keys: see `Keys.filled`."""
    first: int = 0
    """The index of the paragraph at the top."""
    passed: int = 0
    """How many lines of it are above the top."""
    has_wrong_key: bool = False
    """Whether the last key was one that does nothing here."""

    def picture(self, width: int, height: int, look: Look) -> Picture:
        """The whole screen, with no more room below the text than it takes."""
        lines = self.lines(width, look)
        canvas = look.canvas(width, height)
        top, rows = self._top(lines, height), rows_of_text(height)
        last = min(top + rows, len(lines))
        part = "" if len(lines) <= rows else look.say(f"lines {top + 1} to {last} of {len(lines)}")
        left, _ = draw_title(canvas, look.say(self.title), part)
        for row, (_, line) in enumerate(lines[top:last]):
            canvas.text(left + 2, 2 + row, line)
        arrows, pages = (
            " ".join(key_sign(key, look.ascii) for key in keys)
            for keys in (("up", "down"), ("pageup", "pagedown"))
        )
        scroll = ((arrows, "line"), (pages, "page")) if part else ()
        if self.has_wrong_key:
            canvas.text(left + 2, height - 2, _DOES_NOTHING, "note")
        draw_keys(canvas, left, (*scroll, (f"Esc {look.keys.of('read')}", "back to the step")))
        return canvas.picture()

    def scrolled(self, rows: int, width: int, height: int, look: Look) -> Reading:
        """The text some lines further on, or back, on a screen of some size."""
        lines = self.lines(width, look)
        top = max(0, min(self._top(lines, height) + rows, len(lines) - rows_of_text(height)))
        first, _ = lines[top]
        return replace(self, first=first, passed=top - _start(lines, first), has_wrong_key=False)

    def after_key(self, key: str, width: int, height: int, look: Look) -> Reading | None:
        """The text after a key that moves in it; None for one that leaves it."""
        if key in (*_LEAVES, *look.keys.row("read").keys, *look.keys.row("quit").keys):
            return None
        page = rows_of_text(height)
        rows = {"up": -1, "down": 1, "pageup": -page, "pagedown": page, "space": page}
        if key not in rows:
            return replace(self, has_wrong_key=True)
        return self.scrolled(rows[key], width, height, look)

    def lines(self, width: int, look: Look) -> list[tuple[int, str]]:
        """(the index of its paragraph, the text) of each line; an empty one ends all but the last."""
        room = min(width, WIDEST) - 4
        texts = map(look.keys.filled, self.paragraphs)
        wrapped = ((*wrap(look.say(text), room), "") for text in texts)
        return [(index, line) for index, lines in enumerate(wrapped) for line in lines][:-1]

    def _top(self, lines: Sequence[tuple[int, str]], height: int) -> int:
        """The line at the top."""
        return max(0, min(_start(lines, self.first) + self.passed, len(lines) - rows_of_text(height)))


def _start(lines: Sequence[tuple[int, str]], paragraph: int) -> int:
    """The line that a paragraph begins with."""
    return [index for index, _ in lines].index(paragraph)


def text_of_step(scene: Scene, width: int) -> Reading:
    """All that is said on a screen of some width: of a step, and in the other panels of words.

    A class reads what its leader opens: whose keys are to stand there is left open.
    """
    from tinynet_tui.drawing.screen import TWO_COLUMNS
    from tinynet_tui.drawing.step_panel import CHANGES, ENDS_NUDGE, all_words
    from tinynet_tui.teaching.sentences import explanation

    scene = Scene(scene.moment, scene.look._replace(own_keys=None), scene.costs)
    session = scene.moment.session
    is_chosen = session.shown_panel == "chain"
    # The chain tells it as far as the knob is turned.
    words = all_words(scene, is_nudged=is_chosen and scene.is_of_selected)
    if scene.asked is None and (is_chosen or width >= TWO_COLUMNS):
        from tinynet_tui.drawing.chain_panel import chain_words

        words = (*chain_words(scene), *words) if is_chosen else (*words, *chain_words(scene))
    if session.shown_panel == "variants":
        from tinynet_tui.drawing.variants_panel import variant_words

        words += variant_words(scene)
    if session.shown_panel == "framework":
        from tinynet_tui.drawing.framework_panel import framework_words

        words += framework_words(scene)
    words = tuple(f"{text}{CHANGES}" if ENDS_NUDGE.search(text) else text for text in words)
    title = scene.asked.title if scene.asked else explanation(scene.moment).title
    return Reading(f"{session.lesson.title}: {title}", words)
