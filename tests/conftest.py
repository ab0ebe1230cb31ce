"""What holds for every test: how random tests draw their examples."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# The suite draws the same examples every time and is given the time it takes, so that a test that passes on
# one machine passes on every other, however busy. `TINYNET_TUI_EXAMPLES=campaign` draws new ones, many more.
_AS_LONG_AS_IT_TAKES = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("suite", _AS_LONG_AS_IT_TAKES, derandomize=True)
settings.register_profile("campaign", _AS_LONG_AS_IT_TAKES, max_examples=2000, print_blob=True)
settings.load_profile(os.environ.get("TINYNET_TUI_EXAMPLES", "suite"))
