"""The chain and the wrong variants of what is no parameter."""

from __future__ import annotations

from dataclasses import replace

from tests.prediction.asked import lesson
from tinynet_tui.drawing.chain_panel import chain_panel, chain_words
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.drawing.variants_panel import variants_panel
from tinynet_tui.session.moment import moment
from tinynet_tui.session.places import place_of


def test_the_keys_that_select_a_parameter_are_named_in_ascii() -> None:
    """As everywhere where an arrow cannot be shown."""
    at_input = moment(replace(lesson("lecture"), selected="x1"))
    for panel in (chain_panel, variants_panel):
        assert "Select a parameter with ↑ and ↓." in panel(Scene(at_input, Look()), 80, 6).text()
        assert (
            "Select a parameter with Up and Down." in panel(Scene(at_input, Look(ascii=True)), 80, 6).text()
        )


def test_what_has_no_room_below_the_product_is_told_to_be_there() -> None:
    """At 80 × 24 with 8 digits the last of what is said of xor's chain has no row; d shows it."""
    session = replace(lesson("xor"), digits=8)
    update, step = place_of(session, "1.145")
    at_mean = moment(replace(session, update=update, step=step, selected="w1"))
    rest = "∂z₁/∂w₁ = x₁"
    words = chain_words(at_mean)
    assert any(rest in said for said in words)
    assert rest in chain_panel(Scene(at_mean, Look()), 80, 12).text()
    short = chain_panel(Scene(at_mean, Look()), 80, 6).text()
    assert rest not in short
    assert short.rstrip().endswith("d read on")
