"""What holds for every test: whose state there is, what random tests draw, which signals are heard."""

from __future__ import annotations

import os
import re
import shutil
import signal
import tempfile
from unittest.mock import patch

from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

from tests.examples import CAMPAIGN, PROFILE, SUITE
from tinynet_tui.drawing.picture import Canvas
from tinynet_tui.session.commands import place_of_key

# Nobody's own settings, and nothing of what somebody practised or where they were.
os.environ["XDG_CONFIG_HOME"] = os.devnull
_STATE = os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(prefix="tinynet-tui-state-")
pytest_plugins = ["tests.frameworks.with_pip", "tests.session.opened_programs"]

# The suite draws the same examples every time and is given the time it takes, so that a test that passes on
# one machine passes on every other, however busy. `TINYNET_TUI_EXAMPLES=campaign` draws new ones, many more.
_AS_LONG_AS_IT_TAKES = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(SUITE, _AS_LONG_AS_IT_TAKES, max_examples=50, derandomize=True)
settings.register_profile(CAMPAIGN, _AS_LONG_AS_IT_TAKES, max_examples=2500, print_blob=True)
settings.load_profile(PROFILE)
if PROFILE == SUITE:
    # Hypothesis also draws the constants of all modules that are loaded, if no part of their path is `tests`:
    # examples would depend on which tests are run, in which folder, and on any change of the program.
    patch.object(providers, "is_local_module_file", lambda _path: False).start()

# The place of a key in a sentence is filled before it is drawn: on a screen it would be read as a word.
_written, _PLACE_OF_KEY = Canvas.text, re.compile(place_of_key("[a-z-]+"))


def _text_without_places(canvas: Canvas, x: int, y: int, text: str, style: str = "") -> int:
    assert not _PLACE_OF_KEY.search(text), f"drawn with the place of a key: {text!r}"
    return _written(canvas, x, y, text, style)


patch.object(Canvas, "text", _text_without_places).start()

# A script that starts the tests with & has them ignore Ctrl+C, and nohup the end of the terminal. Programs
# that are started from here would inherit that and never end; of a signal that is handled they hear again.
for _signal in (signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM):
    if signal.getsignal(_signal) is signal.SIG_IGN:
        signal.signal(_signal, lambda *_: None)
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_unconfigure() -> None:
    """Take away the state that the tests have left."""
    shutil.rmtree(_STATE, ignore_errors=True)
