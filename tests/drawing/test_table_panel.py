"""The table of parameters: numbers in a row are written alike; what is out of sight is told in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.drawing.table_panel import table_panel
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Session

MAZUR = start(shipped_lesson("mazur"))


def table(session: Session, width: int, height: int, ascii: bool = False) -> list[str]:
    """The rows of the panel."""
    return table_panel(Scene(moment(session), Look(ascii)), width, height).text().splitlines()


def test_numbers_in_a_row_are_written_alike() -> None:
    """Mazur's gradients, 0.00043857 to 0.08266763 as published: each has an exponent, no value has."""
    checked = replace(MAZUR, step=len(program_of(MAZUR)))
    _, values, gradients, changes, new = table(checked, 80, 6)
    assert gradients.split()[1:9] == [
        *("+4.4e-4", "+8.8e-4", "+5.0e-4", "+1.0e-3", "+8.2e-2", "+8.3e-2", "−2.3e-2", "−2.3e-2"),
    ]
    assert all("e-" in number for number in changes.split()[1:9])
    assert "e" not in "".join(values.split()[1:] + new.split()[1:9])


def test_numbers_that_are_all_large_enough_have_no_exponents() -> None:
    """While the first gradients alone are known, none of them is small."""
    gradients = table(replace(MAZUR, step=20), 80, 6)[2]
    assert gradients.split()[5:7] == ["+0.0822", "+0.0827"]


@pytest.mark.parametrize(
    ("selected", "ascii", "words"),
    [
        ("w1", False, "6 more →"), ("b4", False, "← 6 more"), ("w5", False, "←6 more→"),
        ("w1", True, "6 more >"), ("b4", True, "< 6 more"), ("w5", True, "<6 more>"),
    ],
)  # fmt: skip
def test_parameters_out_of_sight_are_counted_in_words(selected: str, ascii: bool, words: str) -> None:
    """Twelve parameters, of which sixty cells show six beside each other."""
    first = table(replace(MAZUR, selected=selected), 60, 5, ascii)[0]
    assert first.strip().startswith(words)
    assert len(first.replace(words, "").split()) == 6


def test_parameters_out_of_sight_below_are_counted_in_words() -> None:
    """Nine rows of the twelve are in sight; the words are clear of the headings."""
    for selected, words in (("w1", "3 more ↓"), ("b4", "↑ 3 more"), ("w6", "↑3 more↓")):
        first = table(replace(MAZUR, selected=selected), 52, 10)[0]
        assert first.split() == [*words.split(), "value", "∂L/∂p", "change", "new"]
