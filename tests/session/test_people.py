"""The people of a shared account: which names they may have, and which file is whose."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.command import run
from tinynet_tui.session.people import person_called, state_file_name

NAMES = (
    "Ada",
    "Ada Lovelace",
    "ada.l-3",
    "O'Neill",
    "Åsa",
    "王",
    "अदिति",
    "עדה",
    "con",
    ".hidden",
    "a" * 64,
    "王" * 64,
)
NONE = (
    "", " ", "..", ".", "-", "../ada", "/etc/passwd", "a/b", "a\\b", "a:b", "a%2fb", "a\0b", "a\nb",
    "a\x1b[31m", "a\x9b", "\u202eada", "a\u2028b", "ada\u200b", "~root", "*", "$(id)", "a" * 65, "Ⅷ½", "🙂",
)  # fmt: skip


@pytest.mark.parametrize("text", NAMES)
def test_names(text: str) -> None:
    """As they are, without blanks around them; a composed letter is its parts."""
    assert person_called(f"  {text} ") == text
    assert person_called(unicodedata.normalize("NFD", text)) == text


@pytest.mark.parametrize("text", NONE)
def test_no_names(text: str) -> None:
    """Paths, patterns, what steers a terminal, and what is too long."""
    with pytest.raises(ValueError, match="must be a name of 1 to 64 letters, digits, spaces and"):
        person_called(text)


def test_one_line_says_what_a_name_must_be() -> None:
    """With exit status 2, and nothing of what was typed obeyed."""
    done = run("--as", "../\x1b[31m")
    assert done.returncode == 2
    first, second = done.stderr.decode().splitlines()
    assert first.startswith('tinynet-tui: --as: "../□[31m" must be a name of 1 to 64 letters, digits, ')
    assert second == "`tinynet-tui --help` shows how it is used."


SAME = (
    ("Ada", "ADA"),
    ("ada lovelace", "Ada Lovelace"),
    ("Åsa", "åsa"),
    ("A\u030asa", "Åsa"),
    ("Weiß", "WEIẞ"),
    ("Ǆana", "ǆana"),
    ("ДАША", "Даша"),
    ("O'Neill", "o'neill"),
)
"""One person, typed in two ways."""
APART = (
    ("Weiß", "Weiss"),
    ("Weiß", "WEISS"),
    ("ﬁ", "fi"),
    ("ŉ", "ʼn"),
    ("ǰ", "j"),
    ("Jose", "José"),
    ("İlker", "Ilker"),
    ("Ada L", "Ada-L"),
    ("Ada L", "AdaL"),
    ("ada.l", "ada_l"),
    ("O'Neill", "ONeill"),
    ("А", "A"),
    ("ª", "a"),
    ("王", "李"),
)
"""Two people; the A of some is Cyrillic."""


@pytest.mark.parametrize(("one", "other"), SAME)
def test_a_name_in_capitals_is_the_same_name(one: str, other: str) -> None:
    """And so it is however its accents are composed."""
    assert state_file_name(person_called(one)) == state_file_name(person_called(other))


@pytest.mark.parametrize(("one", "other"), APART)
def test_people_of_other_names_have_other_files(one: str, other: str) -> None:
    """On a disk that does not heed capitals, too."""
    files = [state_file_name(person_called(name)).lower() for name in (one, other)]
    assert files[0] != files[1]


@given(st.text(st.sampled_from("aAbB1 .'_-åÅßẞ王ςσ\u0301é"), min_size=1, max_size=64))
def test_names_of_files_are_short_and_plain(text: str) -> None:
    """ASCII that any disk takes, in no directory but its own."""
    try:
        file = state_file_name(person_called(text))
    except ValueError:
        return
    assert re.fullmatch(r"session-[\w.%~-]{1,160}\.json", file, re.ASCII)


def test_files_of_long_names() -> None:
    """Of 64 signs that each take nine: the beginning, and what tells them apart."""
    files = {state_file_name("王" * 63 + last) for last in "王李"} | {state_file_name("王" * 63)}
    assert len(files) == 3
    assert max(map(len, files)) < 200


def test_the_user_of_an_account_that_is_not_shared() -> None:
    """Has the file that there has always been, which is nobody's else."""
    assert state_file_name("") == "session.json"
    assert state_file_name("Ada") == "session-ada.json"
