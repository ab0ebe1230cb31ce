"""E: the update on screen as a handout, in a file of the format that its name asks for."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.app.running import bottom, press, run_app, shown
from tinynet_tui.session.session import Edit
from tinynet_tui.tui.app import Stepper
from tinynet_tui.tui.permissions import KIOSK

_CLEAR = "ctrl+u"


def test_it_has_the_update_on_screen_with_its_edits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Update 2 alone, by hand: w₅ is made 3, h₁ = 1.48 comes of update 1; the diagram has both, too."""
    monkeypatch.chdir(tmp_path)

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "u", "]")
        app.command("edit", Edit(2, "w5", 3.0, None))
        await press(app, "E")
        assert bottom(app).startswith(" handout as: handout.html")
        await press(app, _CLEAR, *"two.md", "enter")
        assert "Update 2 is in two.md." in shown(app)
        await press(app, "E", "enter", "E", _CLEAR, *"two.md", "enter")
        assert "two.md is there already" in shown(app)

    run_app(check)
    text = (tmp_path / "two.md").read_text(encoding="utf-8")
    assert "## Update 2" in text
    assert "## Update 1" not in text
    assert "`w₅ = 3`" in text
    assert "w₅+3.0000" in text
    assert "`h₁ = ReLU(z₁) = ReLU(1.48) = 1.48`" in text
    assert "<svg " in (tmp_path / "handout.html").read_text(encoding="utf-8")


def test_it_gives_nothing_away_and_writes_nothing_where_it_may_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While steps are predicted, and in a kiosk."""
    monkeypatch.chdir(tmp_path)

    async def predicting(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "p")
        app.page.action_do("handout")
        assert bottom(app).startswith(" sign of z₁:")

    async def in_kiosk(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "E")
        assert "No handout is written here" in shown(app)

    run_app(predicting)
    run_app(in_kiosk, permissions=KIOSK)
    assert list(tmp_path.iterdir()) == []
