"""What roles look like: contrast by WCAG 2.2, colour vision by Machado, Oliveira and Fernandes (2009)."""

from __future__ import annotations

import itertools
import math
from typing import get_args

import pytest
from rich.color import Color
from rich.style import Style

from tinynet_tui.tui.terminal import Colours
from tinynet_tui.tui.theme import ATTRIBUTES, PHASES, Theme, theme_of

Triple = tuple[float, float, float]
BLACK, WHITE = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)
NORMAL = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
# Table 1 of the paper, severity 1.0, for linear RGB.
DEUTERANOPIA = (
    (0.367322, 0.860646, -0.227968),
    (0.280085, 0.672501, 0.047413),
    (-0.011820, 0.042940, 0.968881),
)
PROTANOPIA = (
    (0.152286, 1.052583, -0.204868),
    (0.114503, 0.786281, 0.099216),
    (-0.003882, -0.048116, 1.051998),
)
EVERY_DEPTH: tuple[Colours, ...] = get_args(Colours)
RGB_DEPTHS: tuple[Colours, ...] = ("truecolor", "256")


def linear(colour: Color) -> Triple:
    """Linear RGB from 0 to 1 (sRGB's transfer function)."""

    def channel(value: int) -> float:
        part = value / 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = colour.get_truecolor()
    return channel(red), channel(green), channel(blue)


def contrast(one: Triple, other: Triple) -> float:
    """The contrast ratio of WCAG 2.2."""
    lighter, darker = sorted(
        (0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2] for c in (one, other)), reverse=True
    )
    return (lighter + 0.05) / (darker + 0.05)


def lab(colour: Triple) -> Triple:
    """CIE L*a*b* under D65."""
    r, g, b = colour
    x = (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047
    y = 0.2126729 * r + 0.7151522 * g + 0.0721750 * b
    z = (0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883
    fx, fy, fz = (t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def seen(colour: Triple, vision: tuple[Triple, Triple, Triple]) -> Triple:
    """The colour as seen with a colour vision, in L*a*b*."""
    r, g, b = (min(max(sum(m * c for m, c in zip(row, colour, strict=True)), 0.0), 1.0) for row in vision)
    return lab((r, g, b))


def foreground(theme: Theme, role: str) -> Triple | None:
    """The colour of a role's text, if it is not the terminal's own."""
    style = theme.style(role)
    return None if style.color is None or style.bgcolor is not None else linear(style.color)


@pytest.mark.parametrize("colours", RGB_DEPTHS)
@pytest.mark.parametrize("role", ATTRIBUTES)
def test_every_accent_can_be_read_on_black_and_on_white(colours: Colours, role: str) -> None:
    """At least 3.5 : 1 on either, since the app does not know which it has."""
    colour = foreground(theme_of(colours), role)
    if colour is not None:
        assert contrast(colour, BLACK) >= 3.5
        assert contrast(colour, WHITE) >= 3.5


@pytest.mark.parametrize("colours", RGB_DEPTHS)
def test_text_on_a_background_of_ours_can_be_read(colours: Colours) -> None:
    """At least 4.5 : 1, the ratio that WCAG asks for text."""
    painted = [theme_of(colours).style(role) for role in ATTRIBUTES]
    pairs = [(style.color, style.bgcolor) for style in painted if style.color and style.bgcolor]
    assert len(pairs) >= 3
    for ink, paper in pairs:
        assert contrast(linear(ink), linear(paper)) >= 4.5


@pytest.mark.parametrize("colours", RGB_DEPTHS)
@pytest.mark.parametrize("vision", [NORMAL, DEUTERANOPIA, PROTANOPIA])
def test_positive_and_negative_stay_apart(colours: Colours, vision: tuple[Triple, Triple, Triple]) -> None:
    """Blue and orange are far apart in every colour vision: 40 is many times the least step one can see."""
    positive, negative = (foreground(theme_of(colours), role) for role in ("positive", "negative"))
    assert positive is not None
    assert negative is not None
    assert math.dist(seen(positive, vision), seen(negative, vision)) > 40


@pytest.mark.parametrize("colours", RGB_DEPTHS)
@pytest.mark.parametrize("vision", [NORMAL, DEUTERANOPIA, PROTANOPIA])
def test_phases_stay_apart(colours: Colours, vision: tuple[Triple, Triple, Triple]) -> None:
    """Any two phases differ by 10 or more, about four times the least difference that one can see."""
    for one, other in itertools.combinations(PHASES[1:], 2):
        first, second = (foreground(theme_of(colours), f"phase.{phase}") for phase in (one, other))
        assert first is not None
        assert second is not None
        assert math.dist(seen(first, vision), seen(second, vision)) > 10, (one, other)


def test_without_colour_there_is_no_colour() -> None:
    """No role has a colour, and roles that must be told apart have different attributes."""
    theme = theme_of("none")
    assert all(theme.style(role).color is theme.style(role).bgcolor is None for role in ATTRIBUTES)
    told_apart = ["text", "dim", "read", "current", "written", "selected"]
    assert len({theme.style(role) for role in told_apart}) == len(told_apart)


def test_with_16_colours_only_the_terminals_palette_is_used() -> None:
    """Each colour is one of the 16, and roles that carry meaning have colours of their own."""
    theme = theme_of("16")
    paints = [paint for role in ATTRIBUTES for paint in (theme.style(role).color, theme.style(role).bgcolor)]
    assert {paint.number for paint in paints if paint is not None} <= set(range(16))
    meaning = ["positive", "negative", "current", "phase.forward", "phase.loss", "phase.backward"]
    assert len({theme.style(role) for role in meaning}) == len(meaning)


@pytest.mark.parametrize("colours", EVERY_DEPTH)
def test_roles_combine_in_any_order(colours: Colours) -> None:
    """The stronger role wins, whichever is named first, and attributes add up."""
    theme = theme_of(colours)
    assert theme.style("current positive") == theme.style("positive current")
    assert theme.style("positive current").bgcolor == theme.style("current").bgcolor
    assert theme.style("positive read").underline
    assert theme.style("positive read").color == theme.style("positive").color


def test_no_role_is_no_style() -> None:
    """Cells without a role are sent without any code; a name that no role has is an error."""
    assert theme_of("truecolor").style("") == Style.null()
    with pytest.raises(KeyError):
        theme_of("truecolor").style("postive")
