"""Handouts and worksheets from the shell."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.cli.command import ASCII_ONLY, run
from tests.handouts.test_printed import PAPER, printed
from tinynet_tui.drawing.handout_diagram import diagram_of
from tinynet_tui.handouts.formats import FORMATS
from tinynet_tui.handouts.request import Request
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import start
from tinynet_tui.session.moment import moment


def with_diagram(format: str, sheet: Request, ascii: bool = False) -> str:
    """A handout with what the command alone can draw in its head."""
    if not FORMATS[format].has_diagram:
        return printed(format, sheet, ascii)
    return printed(format, replace(sheet, diagram=diagram_of(moment(start(sheet.lesson)), ascii)), ascii)


@pytest.mark.parametrize("format", PAPER)
@pytest.mark.parametrize(
    ("words", "sheet"),
    [
        ((), Request(shipped_lesson("mazur"))),
        (("--blank", "--name", " Åsa\n<b>"), Request(shipped_lesson("mazur"), 1, 1, "Åsa <b>")),
        (("--updates", "2", "--blank-every", "5"), Request(shipped_lesson("mazur"), 2, 5)),
    ],
)
def test_what_is_asked_for_is_printed(format: str, words: tuple[str, ...], sheet: Request) -> None:
    """Whole, without results, or with some of them; with a name or without."""
    done = run("trace", "mazur", "--format", format, *words)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == with_diagram(format, sheet)


@pytest.mark.parametrize("format", PAPER)
def test_in_ascii(format: str) -> None:
    """Where the locale or an option asks for it."""
    asked = run("trace", "--format", format, "--blank-every", "4", "--ascii")
    local = run("trace", "--format", format, "--blank-every", "4", environ=ASCII_ONLY)
    assert asked.stdout.isascii()
    assert asked.stdout == local.stdout
    assert asked.stdout.decode() == with_diagram(format, Request(shipped_lesson("lecture"), 1, 4), ascii=True)


@pytest.mark.parametrize("name", ["", " ", "\x1b\x07", "\udcff"])
def test_a_name_that_cannot_be_seen_is_none(name: str) -> None:
    """It is said in one line what a name is."""
    done = run("trace", "--name", name)
    assert (done.returncode, done.stdout) == (2, b"")
    first, _ = done.stderr.decode().splitlines()
    assert "is not a name of 1 to 100 characters" in first
