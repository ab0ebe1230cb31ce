"""The only place with colours: what each role of the drawings looks like, on dark and on light terminals.

The base is the terminal's own foreground and background: plain text and numbers without a direction have no
colour of ours. On the usual dark and light backgrounds coloured text has a contrast of at least 4.5 : 1,
numbers and notes 7 : 1 (WCAG 2.2). Positive is blue, negative orange, on light backgrounds brown. No orange
or brown of 256 colours has that contrast: there negative is what comes nearest to them and has it, a cream
(223) on dark and a dark red (88) on light. Of 16 colours negative edges have the terminal's yellow, on
light its red, and numbers none: a scheme may show any of them without contrast. + and − say the same
everywhere, and nowhere does red stand against green.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from tinynet_tui.safety.foreign_text import shortened

Colours = Literal["none", "16", "256", "truecolor"]
"""How many colours a terminal shows."""
Palette = Literal["dark", "light"]
"""Colours for a dark or for a light background."""

GROUNDS: dict[Palette, tuple[str, str]] = {"dark": ("#d8dce2", "#1b1e24"), "light": ("#24292f", "#ffffff")}
"""The foreground and the background where there is no terminal that has its own: in pictures and browsers."""


BOLD, DIM, UNDERLINE, REVERSE = "1", "2", "4", "7"
"""SGR: the attributes that styles have."""


class Style(NamedTuple):
    """How a cell looks, in parameters of SGR (ECMA-48), in one spelling for each meaning."""

    foreground: str = ""
    """Such as "31", "38;5;117" or "38;2;255;128;0"; empty for the terminal's own."""
    background: str = ""
    """Such as "41", "48;5;117" or "48;2;255;128;0"."""
    attributes: frozenset[str] = frozenset()


PLAIN = Style()
"""The terminal's own look."""


class Paint(NamedTuple):
    """A colour in each depth that a terminal may have."""

    truecolor: str
    """#rrggbb."""
    of_256: int
    """One of the cube or the greys (16 to 255): terminals agree on those."""
    of_16: str
    """An ANSI name; empty for the terminal's own. Numbers have none: a scheme may show it as it likes."""


class Role(NamedTuple):
    """What a role is for, and what it looks like, on every terminal."""

    about: str
    attributes: str
    """Those that it has beside colour."""
    dark: Paint | None
    """The foreground on a dark background; None: the terminal's own."""
    light: Paint | None
    """The same on a light one."""
    ground: Paint | None
    """The background that it brings along, whatever the terminal's is."""
    with_16: str | None
    """The attributes where no grey can be trusted: the bright black of a 16-colour scheme may be its
    background. None: the same."""
    without_colour: str | None
    """The attributes that tell it apart where there is no colour at all. None: the same."""


def _uncoloured(about: str, attributes: str) -> Role:
    """A role that is told by attributes alone, the same everywhere."""
    return Role(about, attributes, None, None, ground=None, with_16=None, without_colour=None)


def _coloured(about: str, dark: Paint, light: Paint, attributes: str) -> Role:
    """A role that has a colour, and the same attributes everywhere."""
    return Role(about, attributes, dark, light, ground=None, with_16=None, without_colour=None)


def _grey(about: str) -> Role:
    """A role that stands back."""
    dark, light = Paint("#a8a8a8", 248, ""), Paint("#666666", 241, "")
    return Role(about, "", dark, light, ground=None, with_16="dim", without_colour="dim")


_BLUE, _BLUE_ON_LIGHT = Paint("#87d7ff", 117, ""), Paint("#0047b0", 20, "")
_ORANGE, _BROWN = Paint("#ffb27a", 223, ""), Paint("#8a3b00", 88, "")
_BLACK, _WHITE = Paint("#000000", 16, "black"), Paint("#ffffff", 231, "")

ROLES: dict[str, Role] = {
    "label": _uncoloured("names beside numbers, and the frames of neurons", ""),
    "strong": _uncoloured("what is at work now: names, frames and lines that stand out", "bold"),
    "key": _uncoloured("a key, beside what it does", "bold"),
    "phase.given": _grey("before the first step; what a tour has had answered"),
    "phase.forward": _coloured(
        "this phase; in charts a curve",
        Paint("#5fd787", 78, "bright_green"), Paint("#006b3f", 23, "blue"), "",
    ),
    "phase.loss": _coloured(
        "this phase; in charts losses",
        Paint("#ff87d7", 212, "bright_magenta"), Paint("#b0007a", 126, "magenta"), "",
    ),
    "phase.backward": _coloured(
        "this phase; in charts gradients",
        Paint("#b48cff", 141, "bright_blue"), Paint("#5f00d7", 56, "red"), "",
    ),
    "phase.update": _coloured(
        "this phase; in charts what is after training",
        Paint("#e0c000", 184, "bright_yellow"), Paint("#7a5c00", 94, "blue"), "",
    ),
    "phase.check": _coloured(
        "this phase; in charts a curve",
        Paint("#5fe0ff", 123, "bright_cyan"), Paint("#005fb0", 26, "magenta"), "",
    ),
    "positive": _coloured("numbers above 0", _BLUE, _BLUE_ON_LIGHT, ""),
    "negative": _coloured("numbers below 0", _ORANGE, _BROWN, ""),
    "edge.positive": _coloured(
        "edges of weights above 0; in charts a curve, and high ground",
        _BLUE._replace(of_16="bright_blue"), _BLUE_ON_LIGHT._replace(of_16="blue"), "",
    ),
    "edge.negative": _coloured(
        "edges of weights below 0; in charts a curve, and low ground",
        _ORANGE._replace(of_16="yellow"), _BROWN._replace(of_16="red"), "",
    ),
    "edge.lit": _coloured(
        "the paths along which the gradient of the selected parameter comes",
        Paint("#ffff5f", 227, "bright_white"), _BLACK, "bold",
    ),
    "note": _coloured(
        "notes of the lesson, messages, and where somebody in a class is",
        Paint("#87d7d7", 116, ""), Paint("#00505f", 18, ""), "",
    ),
    "dim": _grey("headings, hints, and all else that stands back"),
    "fault": _coloured("what is wrong: an answer that is refused, a wrong way", _ORANGE, _BROWN, "bold"),
    "dead": _grey("dead neurons"),
    "title": Role(
        "the first row of the screen, and of a list",
        "bold", _WHITE, _WHITE, Paint("#3b4654", 238, ""), "bold reverse", "bold reverse",
    ),
    "badge": _uncoloured("the name of the phase", "bold reverse")._replace(with_16="reverse"),
    "field": _uncoloured("where text is typed", "underline"),
    "read": _uncoloured("what the step reads", "bold underline")._replace(without_colour="underline"),
    "selected": _uncoloured(
        "the selected parameter, what is open of several, counts beyond an edge",
        "reverse",
    )._replace(without_colour="bold underline"),
    "highlight": _uncoloured("the row of a list that is chosen", "reverse"),
    "written": Role(
        "what the step gives",
        # Bold would turn black into grey where bold is drawn bright: on yellow that cannot be read.
        "bold", _BLACK, _BLACK, Paint("#f2c14e", 221, "bright_yellow"), "", "bold reverse underline",
    ),
    "cursor": _uncoloured("where the next sign that is typed goes", "reverse"),
}  # fmt: skip
"""Every role of the drawings. Where roles are combined, the later row here wins."""


OwnPaints = tuple[tuple[str, str], ...]
"""Roles with the colours that a user has chosen: "#ff8700", "bright_blue", or "black on bright_yellow"."""


@lru_cache(maxsize=64)
def own_paints(text: str) -> tuple[Paint, Paint | None]:
    """The foreground, and the background if there is one, that a user has written.

    Raises: ValueError where they are no colours.
    """
    ink, is_grounded, ground = text.partition(" on ")
    return _own_paint(ink), _own_paint(ground) if is_grounded else None


def _own_paint(text: str) -> Paint:
    if text in _NAMED_16:
        number = _NAMED_16[text]
        return Paint(text, number - 52 if number >= 60 else number, text)
    if not re.fullmatch(_HEX, text):
        raise ValueError("must be #rrggbb or a name such as bright_blue, or two of them as black on white")
    wanted = bytes.fromhex(text[1:])

    def distance(number: int) -> int:
        return sum((a - b) ** 2 for a, b in zip(wanted, rgb_of_256(number), strict=True))

    return Paint(text.lower(), min(range(16, 256), key=distance), "")


def paint_faults(own: OwnPaints) -> Iterator[str]:
    """What is wrong with a user's own colours, each "role: words"."""
    for role, text in own:
        if role not in ROLES:
            yield f"{shortened(role)}: there is no such role; the roles are {', '.join(ROLES)}"
            continue
        try:
            own_paints(text)
        except ValueError as fault:
            yield f"{role}: {fault}, not {shortened(text)}"


class Theme:
    """Styles for the names that drawings use, for one number of colours and one palette.

    Each colour is written in the terminal's own depth: nothing is left for a library to convert.
    """

    def __init__(self, colours: Colours, palette: Palette, own: OwnPaints = ()) -> None:
        self.colours = colours
        self.palette = palette
        self._own = {role: own_paints(text) for role, text in own}
        self._styles: dict[str, Style] = {"": PLAIN}

    def style(self, name: str) -> Style:
        """The style for a name: one role, or several separated by spaces, in any order.

        Raises:
            KeyError: A role is not in the table.
        """
        found = self._styles.get(name)
        if found is None:
            found = self._styles[name] = self._combined(sorted(set(name.split()), key=_RANKS.__getitem__))
        return found

    def _combined(self, roles: list[str]) -> Style:
        """The style of some roles together, the strongest last."""
        foreground = background = ""
        attributes: frozenset[str] = frozenset()
        for role in roles:
            row = ROLES[role]
            shipped = row.dark if self.palette == "dark" else row.light
            ink, ground = self._own.get(role, (shipped, row.ground))
            if shipped is not None and ink is not None and not ink.of_16:
                ink = ink._replace(of_16=shipped.of_16)
            foreground = self._colour(ink, _INK) or foreground
            if own_ground := self._colour(ground, _GROUND):
                # A role with a ground of its own is never made bold or turned over by another one.
                background, attributes = own_ground, attributes - {BOLD, REVERSE}
            fewer = {"16": row.with_16, "none": row.without_colour}.get(self.colours)
            names = row.attributes if fewer is None else fewer
            attributes |= {_ATTRIBUTE_CODES[attribute] for attribute in names.split()}
        return Style(foreground, background, attributes)

    def _colour(self, paint: Paint | None, layer: int) -> str:
        """A paint in the terminal's depth, as SGR; empty if it is the terminal's own colour."""
        if paint is None:
            return ""
        match self.colours:
            case "truecolor" | "256" if paint.truecolor in _NAMED_16:
                return str(layer + _NAMED_16[paint.truecolor])
            case "truecolor" if paint.truecolor != f"#{bytes(rgb_of_256(paint.of_256)).hex()}":
                return ";".join(map(str, (layer + 8, 2, *bytes.fromhex(paint.truecolor[1:]))))
            # The same colour by its number in the cube is half as long to send.
            case "truecolor" | "256":
                return f"{layer + 8};5;{paint.of_256}"
            case "16":
                return str(layer + _NAMED_16[paint.of_16]) if paint.of_16 else ""
            case "none":
                return ""


_HEX = r"#[0-9a-fA-F]{6}"
_INK, _GROUND = 30, 40
"""SGR: the first of the eight foregrounds, and of the eight backgrounds."""
_ATTRIBUTE_CODES = {"bold": BOLD, "dim": DIM, "underline": UNDERLINE, "reverse": REVERSE}
_NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
_NAMED_16 = {
    **{name: number for number, name in enumerate(_NAMES)},
    **{f"bright_{name}": 60 + number for number, name in enumerate(_NAMES)},
}
"""ANSI names, and how far each is from the first of its layer."""
_RANKS = {role: rank for rank, role in enumerate(ROLES)}
"""Where each role stands in the table."""


def rgb_of_256(number: int) -> tuple[int, int, int]:
    """Red, green and blue of one of the 256 colours, as xterm has them."""
    if number < 16:
        bright = 255 if number > 8 else 128
        red, green, blue = (bright * (number >> bit & 1) for bit in range(3))
        return {7: (192, 192, 192), 8: (128, 128, 128)}.get(number, (red, green, blue))
    if number >= 232:
        return (8 + 10 * (number - 232),) * 3
    red, green, blue = (level and 55 + 40 * level for level in _cube_levels(number - 16))
    return red, green, blue


def _cube_levels(number: int) -> tuple[int, int, int]:
    """The levels of red, green and blue, 0 to 5, of a place in the cube of 216 colours."""
    return number // 36, number // 6 % 6, number % 6


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of a style's foreground or background, which is not the terminal's own."""
    code, *values = map(int, colour.split(";"))
    if not values:
        base = code - (60 if code >= 90 else 0)
        return rgb_of_256((base - _GROUND if base >= _GROUND else base - _INK) + (8 if code >= 90 else 0))
    if values[0] == 5:
        return rgb_of_256(values[1])
    red, green, blue = values[1:]
    return red, green, blue


@lru_cache(maxsize=64)
def theme_of(colours: Colours, palette: Palette = "dark", own: OwnPaints = ()) -> Theme:
    """The theme for a number of colours, a palette and a user's own colours; there is one of each."""
    return Theme(colours, palette, own)
