"""A bare Textual app: one label, which counts → keys, and a footer."""

from __future__ import annotations

from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.widgets import Footer, Label


class Bare(App[None]):
    """The floor: what starting Textual, and drawing one key, cost at the least."""

    BINDINGS: ClassVar[list[BindingType]] = [("right", "count", "Count"), ("q", "quit", "Quit")]
    count = 0

    def compose(self) -> ComposeResult:
        """The label, and the footer."""
        yield Label("0")
        yield Footer()

    def action_count(self) -> None:
        """Count one key."""
        self.count += 1
        self.query_one(Label).update(str(self.count))


if __name__ == "__main__":
    Bare().run()
