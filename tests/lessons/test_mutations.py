"""Lesson files broken at random: a short slice of the campaign of bad lessons."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.campaigns.bad_lessons import check_mutant, check_oddity, check_vanishing_file, oddities
from tests.campaigns.mutations import KINDS, mutant

_SEED = 20
_IN_SHELL = {"huge", "many notes", "nested deep", "not broken"}
"""Kinds of which one goes through a shell: that limits time and memory."""


@pytest.mark.parametrize("kind", KINDS)
def test_a_broken_lesson(kind: str, tmp_path: Path) -> None:
    """It is told in clear lines, which name what was broken, or it is a lesson still."""
    first = list(KINDS).index(kind)
    for number in range(first, 10 * len(KINDS), len(KINDS)):
        check_mutant(mutant(_SEED, number), tmp_path, in_shell=number == first and kind in _IN_SHELL)


def test_what_is_no_file(tmp_path: Path) -> None:
    """Told in one line, in little time and memory, however much there is and whatever it is."""
    for oddity in oddities(tmp_path):
        check_oddity(oddity, tmp_path)


def test_a_file_that_vanishes(tmp_path: Path) -> None:
    """It is there when it is looked at, and gone when it is opened."""
    check_vanishing_file(tmp_path)
