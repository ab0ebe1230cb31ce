"""What cannot be done, told in words to whoever has asked for it."""

from __future__ import annotations


class Refusal(Exception):
    """Something that cannot be done; says why, in words that follow what was asked for."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines
        """What is said: the first after the name of a command, as in "tinynet-tui serve: …"."""
