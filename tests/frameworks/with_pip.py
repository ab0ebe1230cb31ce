"""A Python that has pip, as the commands on the pages have it, whichever one the tests run in."""

from __future__ import annotations

import pytest

from tinynet_tui.handouts import framework


@pytest.fixture
def with_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environments that uv makes have none: `uv run` finds the same tests right."""
    is_installed = framework._is_installed
    monkeypatch.setattr(framework, "_is_installed", lambda module: module == "pip" or is_installed(module))
