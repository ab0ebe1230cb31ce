"""Keys that a user has chosen: every table, sentence and hint has them, and nobody else's does."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from threading import Thread

import pytest

import tinynet_tui
from tinynet_tui.drawing.listing import key_choices
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.screen import screen
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import (
    BY_NAME,
    COMMANDS,
    EVERY_NAME,
    LEADER_COMMANDS,
    Command,
    after,
    command_called,
    command_of_key,
    in_force,
    key_of,
    start,
)
from tinynet_tui.session.keys_chosen import choose_keys, keys_chosen, keys_of_another
from tinynet_tui.session.moment import moment

OWN = (("next", ("x", "right")), ("help", ("F",)), ("ask", ("Q", "a")))


def test_a_key_is_taken_from_the_command_that_has_it() -> None:
    """A command without a key is found by its title."""
    with keys_of_another(OWN):
        assert command_called("next").keys == ("x", "right")
        assert command_called("experiments").keys == command_called("autoplay").keys == ()
        assert command_called("follow").keys == ()
        assert command_called("quit").keys == BY_NAME["quit"].keys
        found = {key: command_of_key(key, None) for key in ("x", "right", "l", "F", "Q", "left")}
        assert {key: entry and entry.name for key, entry in found.items()} == {
            "x": "next", "right": "next", "l": None, "F": "help", "Q": None, "left": "back",
        }  # fmt: skip
        assert (key_of("next"), key_of("experiments")) == ("x", "Ctrl+P experiments")
        assert in_force(LEADER_COMMANDS[2]).about.startswith("Ask a question: the coming step; Q again")
    assert command_called("next").keys == BY_NAME["next"].keys


@pytest.mark.parametrize("name", sorted(EVERY_NAME))
def test_a_command_without_a_key_is_named_by_its_title(name: str) -> None:
    """In its own sentence and in those of others."""
    with keys_of_another(((name, ()),)):
        told = in_force(EVERY_NAME[name]).about
        assert "{" not in told
        assert all("{" not in in_force(entry).about for entry in EVERY_NAME.values())
        if name == "hand":
            assert told == "Raise your hand; Ctrl+P ask for help again takes it down."


def test_ctrl_c_always_quits() -> None:
    """Whatever else does."""
    with keys_of_another((("quit", ("Q",)), ("leave", ("b",)))):
        assert command_called("quit").keys == ("Q", "ctrl+c")
        assert command_called("leave").keys == ("b", "escape")


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36)])
def test_the_screen_names_them(size: tuple[int, int]) -> None:
    """Hints, help and what is said."""
    there = moment(start(shipped_lesson("lecture")))
    plain = screen(there, *size, Look(ascii=False))
    with keys_of_another(OWN):
        shown = screen(there, *size, Look(ascii=False))
        assert "x next" in _last_row(shown)
        assert "F help" in _last_row(shown)
        keys = {row.value: row.key for row in key_choices(COMMANDS, ascii=False)}
        assert keys["next"] == "x →"
        assert "experiments" not in keys
        assert "predict" in keys
        assert after(there.session, Command("view")).notice.endswith("V changes it.")
    assert "→ next" in _last_row(plain)
    assert screen(there, *size, Look(ascii=False)) == plain


def test_every_thread_of_the_program_has_them() -> None:
    """Pictures are drawn in threads, too; those for another user are theirs there."""
    found = []
    choose_keys(OWN)
    try:
        thread = Thread(target=lambda: found.append(key_of("next")))
        thread.start()
        thread.join()
        with keys_of_another(()):
            found.append(key_of("next"))
    finally:
        choose_keys(())
    assert found == ["x", "→"]
    assert keys_chosen() == ()


def _last_row(picture: Picture) -> str:
    return picture.text().rstrip("\n").split("\n")[-1]


_KEY_IN_A_SENTENCE = re.compile(
    r"(?:^|[\s(])(?:[A-KM-Z!?.$+]|→|←) (?:again|asks|brings|changes|clears|closes|comes|ends|follows|gathers|"
    r"gives|goes|leaves|lends|lists|opens|quits|shows|steps|takes)\b"
)
"""A key and what it does; not L, which is the loss more often than its key."""


@pytest.mark.parametrize(
    "room", ["classroom", "drawing", "experiments", "practice", "session", "teaching", "tui"]
)
def test_no_sentence_has_a_key_written_into_it(room: str) -> None:
    """Else it would be a wrong one for whoever has chosen another; `--help` alone has those of the table."""
    for path in sorted((Path(tinynet_tui.__file__).parent / room).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                assert not _KEY_IN_A_SENTENCE.search(node.value), f"{path.name}:{node.lineno}: {node.value}"
