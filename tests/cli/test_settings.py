"""The verbs settings and doctor, and the folders of lessons, as a shell has them."""

from __future__ import annotations

import os
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from tests.cli.command import C_LOCALE, UTF8, run
from tinynet_tui.cli.stepper import own_settings
from tinynet_tui.drawing.theme import ROLES
from tinynet_tui.lessons.shipped import shipped_text
from tinynet_tui.terminal.settings import NO_SETTINGS
from tinynet_tui.tui.permissions import BROWSER, KIOSK, OPEN, OVER_SSH


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the settings are read from."""
    (tmp_path / "tinynet-tui").mkdir()
    return tmp_path / "tinynet-tui" / "settings.toml"


def environ(file: Path, **more: str) -> dict[str, str]:
    """An environment with that file."""
    return {**UTF8, "XDG_CONFIG_HOME": str(file.parent.parent), **more}


def test_each_value_with_where_it_comes_from(file: Path) -> None:
    """What is printed is a settings file itself, which gives the same again."""
    file.write_text('decimals = 6\npalette = "light"\n[keys]\nnext = ["x"]\n')
    done = run("settings", "--ascii", environ=environ(file, TINYNET_TUI_PALETTE="dark"))
    lines = done.stdout.decode().splitlines()
    assert (done.returncode, done.stderr, lines[0]) == (0, b"", f"# {file}")
    assert {line.partition(" = ")[0]: line.split("  # ")[1] for line in lines[1:8]} == {
        "palette": "environment", "ascii": "option", "decimals": "file", "mouse": "default",
        "panel": "default", "autoplay": "default", "lessons": "default",
    }  # fmt: skip
    read = tomllib.loads(done.stdout.decode())
    assert (read["palette"], read["ascii"], read["decimals"]) == ("dark", True, 6)
    assert read["keys"]["next"] == ["x"]
    assert "experiments" not in read["keys"]
    file.write_text(done.stdout.decode().replace("\n[keys]", "\n[keys]\n# as printed"))
    again = run("settings", environ=environ(file))
    assert tomllib.loads(again.stdout.decode()) == read


def test_each_role_is_told_with_what_it_is_for(file: Path) -> None:
    """On a line of its own, above the colour that was chosen for it."""
    file.write_text('[colours]\n"edge.lit" = "red"\nnote = "blue"')
    lines = run("settings", environ=environ(file)).stdout.decode().splitlines()
    colours = lines[lines.index("[colours]") + 1 : lines.index("[keys]") - 1]
    assert [line.split(":")[0] for line in colours if line[0] == "#"] == [f"# {role}" for role in ROLES]
    after = {line.split(" = ")[0]: above for above, line in pairwise(colours) if line[0] != "#"}
    assert {chosen: above.split(":")[0] for chosen, above in after.items()} == {
        '"edge.lit"': "# edge.lit", "note": "# note",
    }  # fmt: skip


def test_a_broken_file_is_told_line_by_line(file: Path) -> None:
    """With exit status 2; without one its place is told, and that there is none."""
    assert (
        run("settings", environ=environ(file)).stdout.decode().splitlines()[0]
        == f"# {file} (there is none yet)"
    )
    file.write_text('palete = "light"\ndecimals = 99\n[keys]\nnxt = ["\x01"]\n'.replace("\x01", "\\u001b"))
    done = run("settings", environ=environ(file))
    assert (done.returncode, done.stdout) == (2, b"")
    lines = done.stderr.decode().splitlines()
    places = [line.partition(f"{file}: ")[2].partition(":")[0] for line in lines]
    assert places == ["palete", "decimals", "keys.nxt"]
    assert all(line.isprintable() for line in lines)


def test_settings_are_of_who_has_the_account_alone(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is lent, in a kiosk, a browser or over SSH, the file is not looked at."""
    file.write_text("decimals = 6")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(file.parent.parent))
    assert own_settings(OPEN)[0].decimals == 6
    for permissions in (KIOSK, BROWSER, OVER_SSH):
        assert own_settings(permissions) == (NO_SETTINGS, "")
    file.write_text("decimals =")
    assert own_settings(OPEN) == (
        NO_SETTINGS, "The settings file cannot be used: `tinynet-tui settings` says why."
    )  # fmt: skip


def test_a_folder_that_is_not_there_is_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With exit status 2, and by the app in one line; all other settings are in force."""
    file.write_text("lessons = ['/nonexist']\ndecimals = 6")
    done = run("settings", environ=environ(file))
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().endswith(f"{file}: lessons[0]: there is no folder /nonexist\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(file.parent.parent))
    settings, words = own_settings(OPEN)
    assert settings.decimals == 6
    assert words == (
        "A folder of lessons in the settings file is not there: `tinynet-tui settings` says which."
    )


def test_lessons_of_ones_own_folders_open_by_name(file: Path, tmp_path: Path) -> None:
    """With and without the ending; what is shipped, and what is here, come first."""
    folder = tmp_path / "lessons"
    folder.mkdir()
    text = shipped_text("mazur").replace("title = ", "title = 'Mine' # ", 1)
    for name in ("mine", "lecture", "here"):
        (folder / f"{name}.toml").write_text(text)
    (tmp_path / "here").write_text(shipped_text("xor"))
    file.write_text(f"lessons = ['{folder}']")
    for name, title in (("mine", b"Mine"), ("mine.toml", b"Mine"), ("lecture", b"lecture"), ("here", b"XOR")):
        done = run("walk", name, environ=environ(file), cwd=tmp_path)
        assert title.lower() in done.stdout.splitlines()[0].lower(), name
    assert run("walk", "none", environ=environ(file), cwd=tmp_path).returncode == 2


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("transe", "transo"),
        ("transo.tml", "transo"),
        ("trac", "the verb: `tinynet-tui trace`"),
        ("mazzur", "mazur"),
    ],
)
def test_a_misspelt_name_is_told_the_nearest_of_ones_own(
    name: str, meant: str, file: Path, tmp_path: Path
) -> None:
    """Verbs, shipped lessons and those of one's own folders; and what lists the shipped ones."""
    folder = tmp_path / "lessons"
    folder.mkdir()
    (folder / "transo.toml").write_text(shipped_text("mazur"))
    file.write_text(f"lessons = ['{folder}']")
    (line,) = run(name, environ=environ(file), cwd=tmp_path).stderr.decode().splitlines()
    assert f"; did you mean {meant}? `tinynet-tui lessons` lists the shipped " in line


def test_doctor_without_a_terminal(file: Path) -> None:
    """It says so, and that is exit status 1; no folder of the user's is named."""
    done = run("doctor", environ=environ(file))
    lines = done.stdout.decode().splitlines()
    assert (done.returncode, done.stderr) == (1, b"")
    assert 10 <= len(lines) <= 14
    assert lines[1].startswith("screen      The screen cannot open: ")
    assert os.path.expanduser("~") not in done.stdout.decode()
    assert str(file.parent) not in done.stdout.decode()
    assert "colours     none" in run("doctor", environ=environ(file, NO_COLOR="1")).stdout.decode()
    assert "ASCII (default)" in run("doctor", environ={**environ(file), **C_LOCALE}).stdout.decode()
    file.write_text("decimals = 0")
    assert (
        "(cannot be used: `tinynet-tui settings` says why)"
        in run("doctor", environ=environ(file)).stdout.decode()
    )
