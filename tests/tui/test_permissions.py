"""What the app may touch: what it is told by the environment counts where nothing is closed."""

from __future__ import annotations

import pytest

from tinynet_tui.tui.permissions import BROWSER, ELSEWHERE, KIOSK, OPEN, Permissions

ENVIRON = {
    "HOME": "/home/class",
    "TEXTUAL": "debug,devtools",
    "TEXTUAL_COLOR_SYSTEM": "truecolor",
    "TEXTUAL_DEBUG": "1",
    "TEXTUAL_DEVTOOLS_HOST": "192.0.2.1",
    "TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver",
    "TEXTUAL_FPS": "60",
    "TEXTUAL_LOG": "log.txt",
    "TEXTUAL_OF_A_LATER_VERSION": "1",
    "TEXTUAL_PRESS": "q",
    "TEXTUAL_SCREENSHOT": "0",
}


@pytest.mark.parametrize("permissions", [KIOSK, BROWSER, ELSEWHERE])
def test_what_would_reach_further_is_taken_out_of_the_environment(permissions: Permissions) -> None:
    """All that Textual has or will have, but the driver and what textual-serve sets with it."""
    environ = dict(ENVIRON)
    permissions.close_environment(environ)
    assert sorted(environ) == ["HOME", "TEXTUAL_COLOR_SYSTEM", "TEXTUAL_DRIVER", "TEXTUAL_FPS"]


def test_nothing_is_taken_out_for_people_at_their_own_terminal() -> None:
    """It is their own environment."""
    environ = dict(ENVIRON)
    OPEN.close_environment(environ)
    assert environ == ENVIRON
