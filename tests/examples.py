"""How many examples random tests draw."""

from __future__ import annotations

import os

from hypothesis import settings

CAMPAIGN = "campaign"
SUITE = "suite"
PROFILE = os.environ.get("TINYNET_TUI_EXAMPLES", SUITE)
"""Which of both this is: the tests as they are run every day, or a campaign, which takes hours."""
_MORE = 50


def many(number: int) -> range:
    """As many numbers, for tests that draw by them, and in a campaign fifty times as many."""
    return range(number * _MORE if PROFILE == CAMPAIGN else number)


def examples(number: int) -> settings:
    """The settings of a test that draws so many examples, and in a campaign fifty times as many."""
    return settings(max_examples=len(many(number)))
