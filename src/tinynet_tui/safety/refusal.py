"""What cannot be done, told in words to whoever has asked for it."""

from __future__ import annotations


class Refusal(Exception):
    """Something that cannot be done; says why, in words that follow what was asked for."""

    is_whole = False
    """Whether the first line says itself what it is about, so that no name of a command goes before it."""
    status = 2
    """The exit status of a command that ends with it."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines
        """What is said: the first after the name of a command, as in "tinynet-tui serve: …"."""
