"""How drawings write, and for whom: in Unicode or in ASCII, with which keys."""

from typing import NamedTuple

from tinynet_tui.drawing.picture import Canvas
from tinynet_tui.drawing.signs import to_ascii, wide
from tinynet_tui.engine.names import symbol
from tinynet_tui.session.keys import Keys, OwnKeys
from tinynet_tui.teaching.numbers import UNKNOWN, cell


class Look(NamedTuple):
    """What the terminal can show, beside its colours, and whose keys it is told."""

    ascii: bool = False
    letters: bool = False
    """Whether letters of any script are shown also in ASCII: it is signs alone that may be too wide."""
    watched: bool = False
    """Whether whoever sees it follows somebody, whose keys are not theirs."""
    own_keys: OwnKeys | None = ()
    """The keys that whoever sees it has chosen; None where nobody knows yet who that is."""

    @property
    def keys(self) -> Keys:
        """The keys of whoever sees it."""
        return Keys(self.own_keys, self.ascii)

    def named(self, text: str) -> str:
        """Text with names of people, whose letters are shown as they are where the terminal can."""
        return wide(text) if self.letters or not self.ascii else text

    def say(self, text: str) -> str:
        """Text as it will stand on screen, so that its cells can be counted."""
        return to_ascii(text, self.letters) if self.ascii else text

    @property
    def unknown(self) -> str:
        """What stands for a value that is not computed yet; in ASCII the dot of a product is written *."""
        return "." if self.ascii else UNKNOWN

    def number(
        self, value: float | None, width: int, digits: int | None = None, has_exponent: bool = False
    ) -> str:
        """A number in a fixed width."""
        known = None if value is None else cell(value, width, digits, has_exponent)
        return self.unknown.center(width) if known is None else self.say(known)

    @property
    def apart(self) -> str:
        """What stands between the parts of a line."""
        return " | " if self.ascii else " · "

    def symbol(self, name: str) -> str:
        """A quantity's name as it will stand on screen."""
        return self.say(symbol(name))

    def canvas(self, width: int, height: int) -> Canvas:
        """An empty canvas."""
        return Canvas(width, height, self.ascii, self.letters)


def sign_role(value: float | None) -> str:
    """The role of a number that has a direction: a parameter or a gradient."""
    if value is None:
        return "dim"
    if value == 0 or value != value:
        return ""
    return "positive" if value > 0 else "negative"
