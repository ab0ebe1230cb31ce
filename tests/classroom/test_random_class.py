"""A class in which anything happens; the campaign has longer ones with more followers."""

from __future__ import annotations

from tests.campaigns.random_classes import check_class


def test_everyone_sees_what_an_app_of_theirs_would_draw() -> None:
    """After each of 200 things that happen, on six screens of random sizes."""
    check_class(followers=6, steps=200, seed=1)
