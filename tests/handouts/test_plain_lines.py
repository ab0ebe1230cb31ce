"""A moment as plain lines."""

from __future__ import annotations

from tinynet_tui.handouts.plain_lines import told_lines
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import start
from tinynet_tui.session.moment import moment


def test_where_there_is_no_data_no_sample_is_told() -> None:
    """The loss of `valley` is a function of its two parameters alone."""
    told = [" ".join(told_lines(moment(start(shipped_lesson(name))))) for name in ("valley", "lecture")]
    assert ["Sample" in text for text in told] == [False, True]
