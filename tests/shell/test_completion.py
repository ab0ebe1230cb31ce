"""Completion, as somebody types in a real bash, zsh and fish."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pexpect  # type: ignore[import-untyped]
import pytest

from shell.command_line import verbs
from shell.completion import completions
from tests.programs import program
from tests.pseudo_terminal import SAFETY
from tinynet_tui.classroom.directory import APPS, BEGINNING, ROOT

OPTIONS = {"bash": ("--norc", "--noprofile"), "zsh": ("-f",), "fish": ("--no-config",)}
"""What keeps each from files of whoever runs the tests."""
BEGIN = {
    "bash": "bind 'set enable-bracketed-paste off'; source share/bash-completion/completions/tinynet-tui; "
    'tinynet-tui() { echo "got:$*:"; }',
    "zsh": "unsetopt zle_bracketed_paste prompt_sp; fpath=($PWD/share/zsh/site-functions $fpath); "
    "autoload -Uz compinit; compinit -D -u; "
    'tinynet-tui() { print -r "got:$*:" }',
    "fish": "source share/fish/vendor_completions.d/tinynet-tui.fish; "
    'function tinynet-tui; echo "got:$argv:"; end',
}
"""What makes each ready, as the files of somebody who uses it would; the command says how it was called."""
TYPED = (
    ("maz", "mazur"),
    ("rece", "receipt"),
    ("trace maz", "trace mazur"),
    ("trace xor --blank-e", "trace xor --blank-every"),
    ("trace --format js", "trace --format json"),
    ("lessons --show gpt", "lessons --show gpt-block"),
    ("experiment sens", "experiment sensitivity"),
    ("experiment init xor --rec", "experiment init xor --recipe"),
    ("experiment init --recipe xav", "experiment init --recipe xavier"),
    ("lead class atten", "lead class attention"),
    ("lead class --who every", "lead class --who everyone"),
    ("practise recurrence --pro", "practise recurrence --progress"),
    ("my-own", "my-own-lesson"),
    ("trace xor-a", "trace xor-again"),
    ("trace from-last", "trace from-last"),
    ("mark my-w", "mark my-worksheet.md"),
    ("train --learning-rate 0.1 -1 --upd", "train --learning-rate 0.1 -1 --updates"),
    ("xor --at 3 --resu", "xor --at 3 --resume"),
    ("follow mo", "follow monday-2"),
    ("desk tu", "desk tuesday"),
    ("replay --li", "replay --light"),
)
"""What is typed before Tab, and what stands there then; each has one way to go on."""


@pytest.mark.parametrize("shell", list(BEGIN))
def test_what_tab_completes(shell: str, tmp_path: Path) -> None:
    """Verbs, experiments, lessons, options and their values, files, and the rooms that are led now."""
    (tmp_path / "my-worksheet.md").touch()
    _write_own_lessons(tmp_path)
    with _rooms(tmp_path, "monday-2", "tuesday"), _opened(shell, tmp_path) as terminal:
        for typed, completed in TYPED:
            terminal.send(f"tinynet-tui {typed}\t\r")
            terminal.expect("got:(.*?):")
            assert terminal.match[1].split() == completed.split()
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("place", list(completions()))
def test_every_verb_and_option_is_there(place: str) -> None:
    """Whatever a parser takes is offered, in each shell."""
    offered = set(re.findall(r"[\w-]+", completions()[place]))
    for verb in verbs():
        assert set(verb.name.split()) <= offered
        assert {flag for option in verb.options for flag in option.flags} <= offered


def _write_own_lessons(home: Path) -> None:
    """Settings with folders of lessons, as somebody may write them."""
    for folder in ("lessons", "more of them", "old"):
        (home / folder).mkdir()
    (home / "lessons" / "my-own-lesson.toml").touch()
    (home / "more of them" / "xor-again.toml").touch()
    (home / "more of them" / "$(touch ran).toml").touch()
    (home / "old" / "from-last-year.toml").touch()
    (home / ".config" / "tinynet-tui").mkdir(parents=True)
    (home / ".config" / "tinynet-tui" / "settings.toml").write_text(
        f"palette = 'light'\nlessons = [ # mine\n  \"~/lessons\", '{home}/more of them',\n"
        '  # "~/old",\n]\npanel = "chain"\n[keys]\nlessons = ["~/old"]\n'
    )


@contextmanager
def _rooms(folder: Path, *names: str) -> Iterator[None]:
    """Rooms of this user, as they lie in the folder of a leader."""
    own = folder / f"{BEGINNING}{os.getuid()}"
    own.mkdir(mode=0o700)
    with ExitStack() as opened:
        for name in (*names, f"monday{APPS}", "tu\x1besday"):  # the last is nobody's, and never shown
            opened.enter_context(socket.socket(socket.AF_UNIX)).bind(str(own / name))
        (own / "monday.kept").touch()
        yield


def _opened(shell: str, folder: Path) -> Any:
    """A shell of somebody who has the program, in a folder."""
    for place, text in completions().items():
        (folder / "share" / place).parent.mkdir(parents=True)
        (folder / "share" / place).write_text(text, encoding="utf-8")
    terminal = pexpect.spawn(
        program(shell),
        [*OPTIONS[shell], "-i"],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "TERM": "dumb",
            "LANG": "C.UTF-8",
            ROOT: str(folder),
        },
        encoding="utf-8",
        dimensions=(24, 200),
        timeout=SAFETY,
    )
    terminal.sendline(f"{BEGIN[shell]}; echo is''-ready")
    terminal.expect("is-ready")
    return terminal
