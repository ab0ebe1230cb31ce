"""Bad lesson files: each fixture has the exact lines that are said about it.

`REGENERATE=1 pytest tests/lessons/test_faults.py` writes the lines anew; read each before keeping it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tinynet_tui.lessons.reading import LessonFault, open_lesson, parse_lesson
from tinynet_tui.lessons.schema import LIMITS
from tinynet_tui.lessons.shipped import shipped_text

_FAULTS = sorted((Path(__file__).parent / "faults").glob("*.toml"))


@pytest.mark.parametrize("path", _FAULTS, ids=lambda path: path.stem)
def test_a_bad_file_is_told_in_these_lines(path: Path) -> None:
    """Each fault is one printable line with file, place and remedy."""
    with pytest.raises(LessonFault) as raised:
        parse_lesson(path.read_bytes(), path.name)
    golden = path.with_suffix(".txt")
    said = "\n".join(raised.value.lines) + "\n"
    if os.environ.get("REGENERATE"):
        golden.write_text(said, encoding="utf-8")
    assert all(line.isprintable() for line in raised.value.lines)
    assert said == golden.read_text(encoding="utf-8")


def test_there_is_a_fixture_for_every_golden_file() -> None:
    """No golden file is left over, and none is missing."""
    assert {p.stem for p in _FAULTS} == {p.stem for p in (Path(__file__).parent / "faults").glob("*.txt")}
    assert len(_FAULTS) > 50


def _lines(name: str) -> tuple[str, ...]:
    with pytest.raises(LessonFault) as raised:
        open_lesson(name)
    return raised.value.lines


def test_a_misspelt_name_is_told_the_nearest() -> None:
    """A name that is nearly that of a shipped lesson."""
    assert _lines("lectur") == (
        "lectur: there is no such lesson or file; did you mean lecture? "
        "`tinynet-tui lessons` lists the shipped ones",
    )


def test_what_is_no_regular_file_is_not_opened(tmp_path: Path) -> None:
    """A FIFO without a writer would block for ever if it were opened."""
    fifo = tmp_path / "fifo.toml"
    os.mkfifo(fifo)
    assert _lines(str(fifo)) == (f"{fifo}: is not a regular file; use - to read from standard input",)
    assert _lines("/dev/zero") == ("/dev/zero: is not a regular file; use - to read from standard input",)
    assert _lines(str(tmp_path)) == (f"{tmp_path}: is a directory; must be a file",)


def test_names_that_no_file_can_have(tmp_path: Path) -> None:
    """An empty name, a NUL, a loop, a name too long, a terminal escape."""
    loop = tmp_path / "loop.toml"
    loop.symlink_to(loop)
    for name in ("", "a\0b", str(loop), "x" * 5000, "\x1b[31m.toml", "./lecture"):
        lines = _lines(name)
        assert len(lines) == 1
        assert lines[0].isprintable()
        assert len(lines[0]) < 400


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    """By its size on disk, and by what is read of standard input."""
    large = tmp_path / "large.toml"
    with large.open("wb") as file:
        file.truncate(50_000_000)
    assert _lines(str(large)) == (f"{large}: too large; must be at most {LIMITS.file_bytes:,} bytes",)

    class Endless:
        taken = 0

        def read(self, size: int) -> bytes:
            self.taken += size
            return b"#" * size

    stdin = Endless()
    with pytest.raises(LessonFault, match="too large"):
        open_lesson("-", stdin)  # type: ignore[arg-type]
    assert stdin.taken == LIMITS.file_bytes + 1


def test_bom_and_crlf_are_tolerated() -> None:
    """A file saved by an editor on Windows is the same lesson."""
    text = shipped_text("lecture")
    windows = b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()
    assert parse_lesson(windows, "x") == parse_lesson(text, "x")


def test_a_shipped_name_wins_over_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`./lecture` is the file."""
    monkeypatch.chdir(tmp_path)
    Path("lecture").write_text(shipped_text("mazur"), encoding="utf-8")
    assert open_lesson("lecture") != open_lesson("./lecture")
    assert open_lesson("./lecture") == open_lesson("mazur")


def test_a_note_stands_at_a_step_of_the_network() -> None:
    """A name that some network has, and this one lacks."""
    text = shipped_text("lecture").replace('at = "dyhat/dz3"', 'at = "dyhat/dz9"')
    with pytest.raises(
        LessonFault, match=r'notes\[1\].at: this network has no step "dyhat/dz9"; did you mean'
    ):
        parse_lesson(text, "x")


def test_a_number_is_named_as_it_stands_in_the_file() -> None:
    """2.0 is no whole number in a lesson, and is not said to be 2."""
    with pytest.raises(LessonFault) as raised:
        parse_lesson(shipped_text("lecture").replace("layers = [2,", "layers = [2.0,"), "x.toml")
    assert "x.toml: network.layers[0]: must be a whole number from 1 to 16, not 2.0" in raised.value.lines
