"""What can fill a screen, as a value that is drawn for any size."""

from __future__ import annotations

from typing import ClassVar, Protocol

from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture


class Cover(Protocol):
    """Equal ones look the same on equal screens."""

    doing: ClassVar[str]
    """What its user does, in words after their name, for those to whom it cannot be shown."""

    def picture(self, width: int, height: int, look: Look) -> Picture:
        """The whole screen."""
