"""Keys in any order, over any lesson and size: a short slice of the campaign of random use."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.pilot import Pilot

from tests.app.running import press, run_app
from tests.campaigns.random_use import Use, check_session
from tests.examples import many
from tests.session.random_lessons import LECTURE
from tinynet_tui.session.commands import start
from tinynet_tui.tui.app import Stepper


@pytest.mark.parametrize("number", many(3))
def test_random_keys(number: int) -> None:
    """Nothing breaks, undo is exact; the screen, the state file and a second app have the same session."""
    Use(seed=20, number=number, keys=80).run()


def test_the_campaign_sees_an_undo_that_leads_elsewhere() -> None:
    """To another session than there was before the change."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        before = app.session
        await press(app, "R")
        assert app.session.past
        check_session(app, False, before, app.session)
        with pytest.raises(AssertionError, match="undo comes to another session"):
            check_session(app, False, replace(before, step=3), app.session)

    run_app(check, start(LECTURE))
