"""The class as a follower's own machine shows it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.classroom.paper_broker import PaperBroker
from tinynet_tui.classroom.directory import ROOT, audience, claim
from tinynet_tui.classroom.mirror import Mirror
from tinynet_tui.classroom.room_events import Joined


def test_a_mirrored_room_is_kept_nowhere(short_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The leader keeps it: here it would be written again for each who comes."""
    monkeypatch.setenv(ROOT, str(short_folder))

    async def follow() -> None:
        claimed = claim("class", audience("me"))
        mirror = Mirror(PaperBroker(), "class", "ada", "Ada")
        await mirror.open(claimed)
        mirror.happen(Joined("Ada"))
        while mirror._keeping is not None and mirror._keeping.when() > asyncio.get_running_loop().time():
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not claimed.kept.exists()
        mirror.close("")

    asyncio.run(follow())
