"""What roles look like: contrast by WCAG 2.2, colour vision by Machado, Oliveira and Fernandes (2009)."""

from __future__ import annotations

import ast
import itertools
import math
from pathlib import Path
from typing import get_args

import pytest
from rich.color import Color

import tinynet_tui
from tinynet_tui.drawing.theme import (
    BOLD,
    PLAIN,
    REVERSE,
    ROLES,
    UNDERLINE,
    Colours,
    Palette,
    Theme,
    rgb,
    rgb_of_256,
    theme_of,
)
from tinynet_tui.engine.steps import PHASES

Triple = tuple[float, float, float]
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
EVERY_PALETTE: tuple[Palette, ...] = get_args(Palette)
RGB_THEMES = [theme_of(colours, palette) for colours in ("truecolor", "256") for palette in EVERY_PALETTE]
# Of terminals: black, VS Code's, Solarized dark (base03), Nord (nord0); white, Solarized light (base3).
BACKGROUNDS: dict[Palette, tuple[str, ...]] = {
    "dark": ("#000000", "#1e1e1e", "#002b36", "#2e3440"),
    "light": ("#ffffff", "#fdf6e3"),
}


def theme_id(theme: Theme) -> str:
    """What a theme is called in the list of tests."""
    return f"{theme.colours}-{theme.palette}"


def of_hex(colour: str) -> Triple:
    """Linear RGB of #rrggbb."""
    red, green, blue = bytes.fromhex(colour[1:])
    return linear((red, green, blue))


def linear(colour: tuple[int, int, int]) -> Triple:
    """Linear RGB from 0 to 1 (sRGB's transfer function)."""

    def channel(value: int) -> float:
        part = value / 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = colour
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
    return linear(rgb(style.foreground)) if style.foreground and not style.background else None


@pytest.mark.parametrize("theme", RGB_THEMES, ids=theme_id)
@pytest.mark.parametrize("role", [role for role in ROLES if not role.startswith("edge")])
def test_every_text_can_be_read(theme: Theme, role: str) -> None:
    """4.5 : 1, the ratio that WCAG asks for text; 7 : 1, its stricter one, for numbers and notes."""
    colour = foreground(theme, role)
    least = 7 if role in ("positive", "negative", "fault", "note") else 4.5
    for background in BACKGROUNDS[theme.palette]:
        assert colour is None or contrast(colour, of_hex(background)) >= least, background


@pytest.mark.parametrize("theme", RGB_THEMES, ids=theme_id)
@pytest.mark.parametrize("role", ["edge.positive", "edge.negative", "edge.lit"])
def test_every_edge_can_be_seen(theme: Theme, role: str) -> None:
    """3 : 1, the ratio that WCAG asks for graphics."""
    colour = foreground(theme, role)
    assert colour is not None
    assert all(contrast(colour, of_hex(background)) >= 3 for background in BACKGROUNDS[theme.palette])


@pytest.mark.parametrize("theme", RGB_THEMES, ids=theme_id)
def test_text_on_a_background_of_ours_can_be_read(theme: Theme) -> None:
    """7 : 1: the loss, the learning rate and the result of a step stand there."""
    painted = [theme.style(role) for role in ROLES]
    pairs = [style[:2] for style in painted if style.foreground and style.background]
    assert len(pairs) == 2
    for ink, paper in pairs:
        assert contrast(linear(rgb(ink)), linear(rgb(paper))) >= 7


@pytest.mark.parametrize("theme", RGB_THEMES, ids=theme_id)
@pytest.mark.parametrize("vision", [NORMAL, DEUTERANOPIA, PROTANOPIA])
@pytest.mark.parametrize(
    ("one", "other", "least"),
    [
        ("positive", "negative", 40),
        ("edge.positive", "edge.negative", 40),
        ("edge.lit", "edge.negative", 20),
        ("edge.lit", "edge.positive", 20),
    ],
)
def test_edges_and_signs_stay_apart(
    theme: Theme, vision: tuple[Triple, Triple, Triple], one: str, other: str, least: float
) -> None:
    """In every colour vision: a difference of 2.3 is the least that one can see."""
    first, second = foreground(theme, one), foreground(theme, other)
    assert first is not None
    assert second is not None
    assert math.dist(seen(first, vision), seen(second, vision)) > least


@pytest.mark.parametrize("theme", RGB_THEMES, ids=theme_id)
@pytest.mark.parametrize("vision", [NORMAL, DEUTERANOPIA, PROTANOPIA])
def test_phases_stay_apart(theme: Theme, vision: tuple[Triple, Triple, Triple]) -> None:
    """Any two phases differ by 10 or more, about four times the least difference that one can see."""
    for one, other in itertools.combinations(PHASES[1:], 2):
        first, second = (foreground(theme, f"phase.{phase}") for phase in (one, other))
        assert first is not None
        assert second is not None
        assert math.dist(seen(first, vision), seen(second, vision)) > 10, (one, other)


def test_without_colour_there_is_no_colour() -> None:
    """No role has a colour, and roles that must be told apart have different attributes."""
    theme = theme_of("none")
    assert {theme.style(role)[:2] for role in ROLES} == {("", "")}
    told_apart = ["", "dim", "read", "written", "selected"]
    assert len({theme.style(role) for role in told_apart}) == len(told_apart)


@pytest.mark.parametrize("palette", EVERY_PALETTE)
def test_with_16_colours_only_the_terminals_palette_is_used(palette: Palette) -> None:
    """Each colour is one of the 16; kinds of edges differ, and so do a phase and the next."""
    theme = theme_of("16", palette)
    colours = {colour for role in ROLES for colour in theme.style(role)[:2] if colour}
    assert colours <= {str(base + number) for base in (30, 40, 90, 100) for number in range(8)}
    for together in (["edge.positive", "edge.negative", "edge.lit", "dim"], ["written", "selected", ""]):
        assert len({theme.style(role) for role in together}) == len(together)
    phases = [theme.style(f"phase.{phase}") for phase in PHASES]
    assert all(phase != following for phase, following in itertools.pairwise(phases))


@pytest.mark.parametrize("palette", EVERY_PALETTE)
def test_with_16_colours_numbers_have_the_terminals_own_foreground(palette: Palette) -> None:
    """What a scheme makes of blue and yellow is not known; the sign of a number is written."""
    theme = theme_of("16", palette)
    for role in ("positive", "negative", "note", "fault", "dim", "read", "positive read", "", "strong"):
        assert theme.style(role).foreground == ""


@pytest.mark.parametrize("palette", EVERY_PALETTE)
def test_with_16_colours_nothing_on_yellow_is_bold(palette: Palette) -> None:
    """Where bold is drawn bright, bold black is grey: no role, alone or with another, gives that."""
    theme = theme_of("16", palette)
    for roles in itertools.product(ROLES, ROLES):
        style = theme.style(" ".join(roles))
        ground = style.foreground if REVERSE in style.attributes else style.background
        if ground.endswith("3") and (style.background or "badge" in roles):
            assert BOLD not in style.attributes, roles


@pytest.mark.parametrize("colours", EVERY_DEPTH)
def test_roles_combine_in_any_order(colours: Colours) -> None:
    """The stronger role wins, whichever is named first, and attributes add up."""
    theme = theme_of(colours)
    assert theme.style("written positive") == theme.style("positive written")
    assert theme.style("positive written").background == theme.style("written").background
    assert UNDERLINE in theme.style("positive read").attributes
    assert theme.style("positive read").foreground == theme.style("positive").foreground


def test_every_role_is_drawn_somewhere() -> None:
    """A colour that is chosen for it is then seen."""
    package = Path(tinynet_tui.__file__).parent
    drawn = {f"phase.{phase}" for phase in PHASES}
    for file in package.rglob("*.py"):
        if file.name != "theme.py":
            tree = ast.parse(file.read_text(encoding="utf-8"))
            texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
            drawn.update(word for text in texts if isinstance(text, str) for word in text.split())
    assert set(ROLES) <= drawn


def test_no_role_is_no_style() -> None:
    """Cells without a role are sent without any code; a name that no role has is an error."""
    assert theme_of("truecolor").style("") == PLAIN
    with pytest.raises(KeyError):
        theme_of("truecolor").style("postive")


@pytest.mark.parametrize("number", range(256))
def test_the_colours_of_numbers_are_xterms(number: int) -> None:
    """As Rich has them; and by each way in which a style may name one."""
    known = tuple(Color.from_ansi(number).get_truecolor())
    assert rgb_of_256(number) == known
    assert rgb(f"38;5;{number}") == rgb(f"48;5;{number}") == known
    if number < 16:
        base = 30 + number if number < 8 else 82 + number
        assert rgb(str(base)) == rgb(str(base + 10)) == known
