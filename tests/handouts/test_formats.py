"""The formats of a trace: what all of them do."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.setups import LECTURE, setups
from tinynet_tui.engine.network import Setup
from tinynet_tui.handouts.formats import FORMATS
from tinynet_tui.tui.signs import to_ascii


@given(setups(), st.sampled_from(sorted(FORMATS)), st.booleans())
@settings(deadline=None)
def test_any_network_can_be_written(setup: Setup, name: str, ascii: bool) -> None:
    """Lines without line ends, in ASCII where that is asked for."""
    lines = list(FORMATS[name].lines(setup, 2, to_ascii if ascii else None))
    assert lines
    assert all(line.splitlines() == ([line] if line else []) for line in lines)
    assert not ascii or all(line.isascii() for line in lines)


@pytest.mark.parametrize("name", FORMATS)
def test_lines_come_when_they_are_asked_for(name: str) -> None:
    """The first lines of a million updates are there at once."""
    assert len(list(islice(FORMATS[name].lines(LECTURE, 1_000_000, None), 3))) == 3
