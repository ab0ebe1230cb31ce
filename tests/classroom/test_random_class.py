"""A class in which anything happens; the campaign has longer ones with more followers."""

from __future__ import annotations

import pytest

from tests.campaigns import random_classes


def test_everyone_sees_what_an_app_of_theirs_would_draw(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """After each of 200 things that happen, on six screens; now and then it says how far it is."""
    monkeypatch.setattr(random_classes, "_TOLD_EVERY", 80)
    random_classes.check_class(followers=6, steps=200, seed=1)
    assert capsys.readouterr().out == "80 of 200 steps done\n160 of 200 steps done\n"
