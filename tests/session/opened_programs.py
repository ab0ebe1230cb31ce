"""Sessions of setups that no lesson file says: the setup is put where that of the lesson would come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.session.random_lessons import LECTURE
from tinynet_tui.drawing import loss_panel
from tinynet_tui.engine.model import Setup
from tinynet_tui.session import history
from tinynet_tui.session.commands import start
from tinynet_tui.session.session import Session

Opened = Callable[[Setup], Session]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """Opens the session of a setup; what the histories of sessions keep is forgotten before and after."""

    def open_setup(setup: Setup) -> Session:
        monkeypatch.setattr(history, "setup_of", lambda _lesson: setup)
        _forget()
        return start(LECTURE)

    yield open_setup
    _forget()


def _forget() -> None:
    for kept in (history._initial_setup, history._runs, history._comparison, loss_panel._part):
        kept.cache_clear()
