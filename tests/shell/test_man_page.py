"""The man page, as `man` shows it."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from shell.command_line import verbs
from shell.man_page import man_page
from tests.programs import program
from tinynet_tui.cli import VERBS


def _shown(page: str, folder: Path) -> str:
    """A page as a reader sees it in 80 columns; what roff warns of is no part of a page that is right."""
    path = folder / "tinynet-tui.1"
    path.write_text(page, encoding="utf-8")
    done = subprocess.run(
        (program("man"), "--warnings=w", "--local-file", str(path)),
        env={"PATH": os.environ["PATH"], "MANWIDTH": "80", "LANG": "C.UTF-8", "MAN_KEEP_FORMATTING": ""},
        capture_output=True,
        check=True,
        text=True,
    )
    assert done.stderr == ""
    return done.stdout


def test_the_page_has_every_verb_with_its_options_and_examples(tmp_path: Path) -> None:
    """As they are typed, whatever roff makes of dashes and quotes; each example is on a line of its own."""
    shown = _shown(man_page("1.2.3"), tmp_path)
    assert "tinynet-tui 1.2.3" in shown
    for name, about in VERBS.items():
        assert f"\n   tinynet-tui {name}\n" in shown, about
    lines = {line.strip() for line in shown.splitlines()}
    for verb in verbs():
        assert set(verb.examples) <= lines
        for flag in (flag for option in verb.options for flag in option.flags):
            assert re.search(rf"(^|\s){re.escape(flag)}(,|\s)", shown), flag


def test_what_a_shell_finds_first(tmp_path: Path) -> None:
    """`apropos` and `man -k` go by the line under NAME."""
    shown = _shown(man_page("1.2.3"), tmp_path)
    assert re.search(r"^NAME\n +tinynet-tui - \w[^\n]*\n\n", shown, re.MULTILINE)
