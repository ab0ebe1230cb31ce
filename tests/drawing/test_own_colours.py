"""Colours that a user has set: in each depth that a terminal has, by xterm's own table of 256."""

from __future__ import annotations

import pytest

from tinynet_tui.drawing.theme import ROLES, Colours, Theme, paint_faults


@pytest.mark.parametrize(
    ("role", "text", "colours", "foreground", "background"),
    [
        ("positive", "#123456", "truecolor", "38;2;18;52;86", ""),
        ("positive", "#123456", "256", "38;5;23", ""),  # #005f5f is the nearest
        ("positive", "#FF0000", "truecolor", "38;5;196", ""),
        ("positive", "#123456", "none", "", ""),
        ("edge.positive", "#123456", "16", "94", ""),  # bright blue, as the palette has it there
        ("note", "bright_green", "truecolor", "92", ""),
        ("note", "bright_green", "16", "92", ""),
        ("note", "green", "256", "32", ""),
        ("note", "green", "none", "", ""),
        ("title", "black on bright_yellow", "256", "30", "103"),
        ("strong", "#ffffff on blue", "truecolor", "38;5;231", "44"),
    ],
)
def test_a_colour_in_each_depth(
    role: str, text: str, colours: Colours, foreground: str, background: str
) -> None:
    """In the terminal's own numbers."""
    style = Theme(colours, "dark", ((role, text),)).style(role)
    assert (style.foreground, style.background) == (foreground, background)


def test_all_other_roles_stay() -> None:
    """As the palette has them."""
    plain, own = Theme("256", "light"), Theme("256", "light", (("note", "red"),))
    assert {role for role in ROLES if plain.style(role) != own.style(role)} == {"note"}


@pytest.mark.parametrize(
    "text", ["", "blu", "#12345", "#1234567", "on", "red on", " red", "bright_red on mud"]
)
def test_what_is_no_colour(text: str) -> None:
    """One line, with its role."""
    (fault,) = paint_faults((("note", text),))
    assert fault.startswith("note: must be #rrggbb or a name such as bright_blue")
