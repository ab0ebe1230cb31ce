"""The running app with a user's own settings, and with a file of them that cannot be used."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from textual.pilot import Pilot

from tests.app.running import bottom, press, run_app
from tests.pseudo_terminal import ENVIRON, stepper
from tinynet_tui.tui.app import Stepper


def test_own_keys_do_their_commands() -> None:
    """And those that were theirs before do nothing, or what they are given to."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        for key, step in (("x", 1), ("right", 2), ("l", 2), ("]", 2), ("B", 7), (",", 8), ("é", 37)):
            await press(app, key)
            assert app.session.step == step, key
        assert len(app.screen_stack) == 1  # x opens no experiments
        await press(app, "]")
        assert "] does nothing here: ? lists all keys." in bottom(app)
        await press(app, "q")

    run_app(check, own_keys=(("next", ("x", "right")), ("next-phase", ("B", "comma", "é"))))


def test_a_file_of_settings(tmp_path: Path) -> None:
    """Panel, digits and keys; where it is broken, the defaults and one line."""
    (tmp_path / "tinynet-tui").mkdir()
    file = tmp_path / "tinynet-tui" / "settings.toml"
    file.write_text('panel = "table"\ndecimals = 3\n[keys]\nnext = ["x"]\n')
    environ = {**ENVIRON, "XDG_CONFIG_HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path)}
    with closing(stepper(environ)) as terminal:
        terminal.wait_for("x next")
        terminal.wait_for("2 table")
        terminal.press("x")
        terminal.wait_for("step  1 of 46")
        terminal.press("q")
        assert terminal.ended() == 0
    with closing(stepper(environ, "--kiosk")) as terminal:
        terminal.wait_for("→ next")
    file.write_text("panel = 2\n")
    with closing(stepper(environ)) as terminal:
        terminal.wait_for("The settings file cannot be used: `tinynet-tui settings` says why.")
        terminal.press("l")
        terminal.wait_for("→ next")
    with closing(stepper(environ, "doctor")) as terminal:
        terminal.wait_for("can open here")
        assert terminal.ended() == 0
