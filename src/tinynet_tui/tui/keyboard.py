"""Textual's messages for what a person does at a terminal."""

from __future__ import annotations

from textual import events
from textual.message import Message

from tinynet_tui.terminal.input_events import Click, Event, Key, Paste, Wheel


def message_of(event: Event) -> Message:
    """The message that tells the app of a key, a click, a notch of the wheel or a paste."""
    match event:
        case Key(name, character):
            return events.Key(name, character)
        case Click(pressed, button):
            return _mouse(events.MouseDown if pressed else events.MouseUp, button, event)
        case Wheel(rows):
            return _mouse(events.MouseScrollUp if rows < 0 else events.MouseScrollDown, 0, event)
        case Paste(text):
            return events.Paste(text)


def _mouse(kind: type[events.MouseEvent], button: int, event: Click | Wheel) -> Message:
    """A message of the mouse; None and 0: its widget and its way, which are not known here."""
    held = event.shift, event.alt, event.ctrl
    return kind(None, event.x, event.y, 0, 0, button, *held, screen_x=event.x, screen_y=event.y)
