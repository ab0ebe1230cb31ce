"""The only place with colours: what each role of the drawings looks like, for each number of colours.

The base is the terminal's own foreground and background. Accents are of middle lightness, so that they can be
read on black and on white. Positive is blue and negative orange; red and green say nothing.
"""

from __future__ import annotations

from functools import cache

from rich.color import Color
from rich.style import Style

from tinynet_tui.tui.terminal import Colours

PHASES = ("given", "forward", "loss", "backward", "update", "check")

ATTRIBUTES: dict[str, str] = {
    "text": "",
    "label": "",
    "strong": "bold",
    "key": "bold",
    **{f"phase.{phase}": "" for phase in PHASES},
    "positive": "",
    "negative": "",
    "edge.lit": "bold",
    "note": "",
    "dim": "",
    "error": "bold",
    "dead": "",
    "title": "bold",
    "badge": "bold reverse",
    "field": "underline",
    "read": "bold underline",
    "selected": "reverse",
    "highlight": "reverse",
    "current": "bold",
    "written": "bold",
    "cursor": "reverse",
}
"""Every role, and its attributes beside colour. Where roles are combined, the later row here wins."""

_Paint = tuple[str, str]
"""Foreground and background: "#rrggbb", "144" (of the 256), or an ANSI name; empty for the terminal's own."""

_TRUECOLOR: dict[str, _Paint] = {
    "dim": ("#808080", ""),
    "phase.given": ("#808080", ""),
    "phase.forward": ("#009157", ""),
    "phase.loss": ("#bf4f9b", ""),
    "phase.backward": ("#9157f7", ""),
    "phase.update": ("#a18100", ""),
    "phase.check": ("#22758a", ""),
    "positive": ("#2b7fd6", ""),
    "negative": ("#c96412", ""),
    "edge.lit": ("#ab7c00", ""),
    "note": ("#22758a", ""),
    "error": ("#c96412", ""),
    "dead": ("#808080", ""),
    "title": ("#ffffff", "#5f6b7a"),
    "current": ("#000000", "#f2c14e"),
    "written": ("#000000", "#f2c14e"),
}

_PALETTE: dict[str, _Paint] = {
    "dim": ("244", ""),
    "phase.given": ("244", ""),
    "phase.forward": ("29", ""),
    "phase.loss": ("133", ""),
    "phase.backward": ("99", ""),
    "phase.update": ("100", ""),
    "phase.check": ("30", ""),
    "positive": ("32", ""),
    "negative": ("166", ""),
    "edge.lit": ("100", ""),
    "note": ("30", ""),
    "error": ("166", ""),
    "dead": ("244", ""),
    "title": ("231", "60"),
    "current": ("16", "221"),
    "written": ("16", "221"),
}

_ANSI: dict[str, _Paint] = {
    "phase.forward": ("cyan", ""),
    "phase.loss": ("bright_magenta", ""),
    "phase.backward": ("magenta", ""),
    "phase.update": ("yellow", ""),
    "phase.check": ("bright_cyan", ""),
    "positive": ("bright_blue", ""),
    "negative": ("yellow", ""),
    "note": ("cyan", ""),
    "error": ("yellow", ""),
    "current": ("black", "bright_yellow"),
    "written": ("black", "bright_yellow"),
}

_PAINTS: dict[Colours, dict[str, _Paint]] = {
    "truecolor": _TRUECOLOR,
    "256": _PALETTE,
    "16": _ANSI,
    "none": {},
}

_WITH_FEW_COLOURS = {"dim": "dim", "phase.given": "dim", "dead": "dim", "title": "bold reverse"}
"""Attributes where no grey can be trusted: the bright black of a 16-colour scheme may be its background."""

_WITHOUT_COLOUR = {
    **_WITH_FEW_COLOURS,
    "selected": "bold underline",
    "read": "underline",
    "current": "bold reverse",
    "written": "bold reverse underline",
}
"""Attributes that tell the roles apart where there is no colour at all."""


class Theme:
    """Styles for the names that drawings use, for one number of colours.

    Each colour is written in the terminal's own depth: nothing is left for a library to convert.
    """

    def __init__(self, colours: Colours) -> None:
        self.colours = colours
        self._paints = _PAINTS[colours]
        self._styles: dict[str, Style] = {"": Style.null()}

    def style(self, name: str) -> Style:
        """The style for a name: one role, or several separated by spaces, in any order.

        Raises:
            KeyError: A role is not in the table.
        """
        found = self._styles.get(name)
        if found is None:
            roles = sorted(set(name.split()), key=_rank)
            found = self._styles[name] = Style.combine([self._role(role) for role in roles])
        return found

    def _role(self, role: str) -> Style:
        """The style of one role."""
        attributes = ATTRIBUTES[role]
        if self.colours == "16":
            attributes = _WITH_FEW_COLOURS.get(role, attributes)
        elif self.colours == "none":
            attributes = _WITHOUT_COLOUR.get(role, attributes)
        foreground, background = self._paints.get(role, ("", ""))
        marks: dict[str, bool] = dict.fromkeys(attributes.split(), True)
        return Style(
            color=_colour(foreground),
            bgcolor=_colour(background),
            bold=marks.get("bold"),
            dim=marks.get("dim"),
            underline=marks.get("underline"),
            # A strong role is never turned over by another that it is combined with.
            reverse=marks.get("reverse", False if background else None),
        )


@cache
def theme_of(colours: Colours) -> Theme:
    """The theme for a number of colours; there is one of each."""
    return Theme(colours)


_RANKS = {role: rank for rank, role in enumerate(ATTRIBUTES)}


def _rank(role: str) -> int:
    """Where a role stands in the table."""
    return _RANKS[role]


def _colour(paint: str) -> Color | None:
    """One side of a paint as a colour, if it is not the terminal's own."""
    if not paint:
        return None
    return Color.from_ansi(int(paint)) if paint.isdigit() else Color.parse(paint)
