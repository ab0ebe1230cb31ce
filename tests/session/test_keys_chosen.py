"""Keys that a user has chosen: every table, sentence and hint has them, and nobody else's does."""

from __future__ import annotations

import ast
import re
import sys
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

import tinynet_tui
from tinynet_tui.classroom.last_row import fitting
from tinynet_tui.drawing.listing import key_choices
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.drawing.screen import screen
from tinynet_tui.drawing.text_page import text_of_step
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import (
    BY_NAME,
    COMMANDS,
    EVERY_NAME,
    LEADER_COMMANDS,
    STEPS_ALONE,
    Command,
    after,
    place_of_key,
    start,
)
from tinynet_tui.session.keys import OF_TABLE, Keys
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Session
from tinynet_tui.tui.stepper_lists import key_and_word_choices

OWN = (("next", ("x", "right")), ("help", ("F",)), ("ask", ("Q", "a")))


def test_a_key_is_taken_from_the_command_that_has_it() -> None:
    """A command without a key is found by its title."""
    keys = Keys(OWN)
    assert keys.row("next").keys == ("x", "right")
    assert keys.row("experiments").keys == keys.row("autoplay").keys == ()
    assert keys.row("follow").keys == ()
    assert keys.row("quit").keys == BY_NAME["quit"].keys
    found = {key: keys.command(key, None) for key in ("x", "right", "l", "F", "Q", "left")}
    assert {key: entry and entry.name for key, entry in found.items()} == {
        "x": "next", "right": "next", "l": None, "F": "help", "Q": None, "left": "back",
    }  # fmt: skip
    assert (keys.of("next"), keys.of("experiments")) == ("x", "Ctrl+P experiments")
    assert keys.row_of(LEADER_COMMANDS[2]).about.startswith("Ask a question: the coming step; Q again")
    assert OF_TABLE.row("next").keys == BY_NAME["next"].keys


@pytest.mark.parametrize("name", sorted(EVERY_NAME))
def test_a_command_without_a_key_is_named_by_its_title(name: str) -> None:
    """In its own sentence and in those of others."""
    keys = Keys(((name, ()),))
    told = keys.row(name).about
    assert "{" not in told
    assert all("{" not in keys.row_of(entry).about for entry in EVERY_NAME.values())
    if name == "hand":
        assert told == "Raise your hand; Ctrl+P ask for help again takes it down."


def test_a_key_is_shown_as_it_is_or_not_at_all() -> None:
    """In ASCII é would be e, ¿ would be ?, each another key; elsewhere a letter of two cells has no sign."""
    own = (("next", ("é", "right", "x")), ("back", ("¿",)), ("mouse", ("表",)), ("help", ("f2", "f12")))
    keys, plain = Keys(own), Keys(own, ascii=True)
    assert (keys.of("next"), keys.of("back")) == ("é", "¿")
    assert (plain.of("next"), plain.of("back")) == ("Right", "Ctrl+P back")
    assert plain.first("back") == keys.first("mouse") == ""
    assert "Ctrl+P mouse again" in keys.row("mouse").about
    assert "Ctrl+P ask for help again" in Keys((("hand", ("é",)),), ascii=True).row("hand").about
    assert Keys((("palette", ("ü",)), *own), ascii=True).of("back") == "back"
    assert plain.filled(f"{place_of_key('next')}, {place_of_key('back')}") == "Right, Ctrl+P back"
    assert plain.command("é", "é") == keys.row("next")
    rows = {row.value: row.key for row in key_choices(COMMANDS, plain)}
    assert (rows["next"], rows["back"], rows["help"]) == ("Right x", "", "F2 F12")
    row = _last_row(screen(moment(start(shipped_lesson("lecture"))), 120, 36, Look(ascii=True, own_keys=own)))
    assert row.startswith(" Right next  ")
    assert "F2 help" in row
    assert " back" not in row


def test_keys_of_nobody_are_not_told_as_those_of_the_table() -> None:
    """In a sentence they have a place; beside a title they have none."""
    nobodys = Look(own_keys=None).keys
    assert nobodys.of("next") == place_of_key("next")
    with pytest.raises(AssertionError):
        nobodys.first("next")


def test_ctrl_c_always_quits() -> None:
    """Whatever else does."""
    keys = Keys((("quit", ("Q",)), ("leave", ("b",))))
    assert keys.row("quit").keys == ("Q", "ctrl+c")
    assert keys.row("leave").keys == ("b", "escape")


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36)])
def test_the_screen_names_them(size: tuple[int, int]) -> None:
    """Hints, tabs and help."""
    there, look = moment(start(shipped_lesson("lecture"))), Look(own_keys=OWN)
    row = _last_row(screen(there, *size, look))
    assert "x next" in row
    assert "F help" in row
    keys = {row.value: row.key for row in key_choices(COMMANDS, look.keys)}
    assert keys["next"] == "x →"
    assert "experiments" not in keys
    assert "predict" in keys
    assert "→ next" in _last_row(screen(there, *size, Look()))


_ADAS = (
    *(("view", ("2",)), ("next", ("x",)), ("undo", ("Z",)), ("variants", ("F",)), ("tour", ("B",))),
    *(("faster", ("m",)), ("measure", ("D",)), ("leave", ("b", "f4"))),
)
_ALANS = (("view", ()), ("next", ("é",)))


@pytest.mark.parametrize(
    ("commands", "step", "said", "adas", "alans"),
    [
        ((), 0, "Press → to take the first step", "Press x to", "Press é to"),
        ((("view", None),), 0, "V changes it.", "2 changes it.", "Ctrl+P view changes it."),
        ((), 46, "→ on, v a wrong way", "x on, F a wrong way", "é on, v a wrong way"),
        ((("predict", None),), 0, "→ shows it", "Ctrl+P next shows it", "Ctrl+P next shows it"),
        ((("predict", None), ("variants", None)), 0, "Esc ends predicting", "F4 ends pre", "Esc ends pre"),
        ((("try-rate", (0.5, 1)),), 0, "z takes it back", "Z takes it back", "z takes it back"),
        ((("tour", None), ("leave", None)), 0, "c takes it up", "B takes it up", "c takes it up"),
        ((("chain", None),), 30, "+ nudges", "m nudges", "+ nudges"),
        ((("framework", None),), 0, "m measures", "D measures", "m measures"),
        ((("variants", None),), 0, "v next Esc closes", "F next b closes", "v next Esc closes"),
    ],
)
def test_one_session_drawn_for_several_in_turns_has_the_keys_of_each(
    commands: tuple[tuple[str, object], ...], step: int, said: str, adas: str, alans: str
) -> None:
    """In its sentences, too: those of the step and those that the session keeps."""
    session = replace(start(shipped_lesson("lecture")), step=step)
    for name, argument in commands:
        session = after(session, Command(name, argument))
    there = moment(session)
    for _ in range(2):
        for words, own in ((said, ()), (adas, _ADAS), (alans, _ALANS)):
            text = " ".join(screen(there, 200, 60, Look(own_keys=own)).text().split())
            assert words in text


def test_a_text_that_a_leader_opens_has_the_keys_of_whoever_reads_it() -> None:
    """In its sentences, and beside the way back."""
    there = moment(replace(start(shipped_lesson("lecture")), step=46))
    text = text_of_step(Scene(there, Look(own_keys=_ADAS)), 80)
    for own, ascii, words, back in (
        (_ADAS, False, "Next: x on, F a wrong way", "Esc d back"),
        ((), False, "Next: → on, v a wrong way", "Esc d back"),
        ((("read", ("K",)),), True, "Next: Right on, v a wrong way", "Esc K back"),
    ):
        shown = text.picture(80, 60, Look(ascii, own_keys=own)).text()
        assert words in shown
        assert back in shown


def test_a_session_knows_nobodys_keys() -> None:
    """It keeps the name of the command, whoever reads it; braces and names of others are left alone."""
    notice = after(start(shipped_lesson("lecture")), Command("view")).notice
    assert notice == f"You see the sheet: the program as lines; {place_of_key('view')} changes it."
    assert Keys(_ADAS).filled(notice) == "You see the sheet: the program as lines; 2 changes it."
    foreign = f"{{view}}, {{}}, view, {place_of_key('nothing')}, \x1a{place_of_key('view')}"
    assert OF_TABLE.filled(foreign) == f"{{view}}, {{}}, view, {place_of_key('nothing')}, \x1aV"


def test_nothing_is_kept_for_whoever_is_drawn_for() -> None:
    """A drawing is told all that it needs: many can be drawn for in one process, in any order and thread.

    No variable of a module, and nothing in one, is another after a drawing for somebody else.
    """
    session = after(replace(start(shipped_lesson("lecture")), step=46), Command("view"))
    looks = Look(own_keys=_ADAS), Look(ascii=True, own_keys=_ALANS)
    left = list[dict[tuple[str, str], str]]()
    for look in (*looks, *looks):  # in the second round all is loaded that is loaded at the first use
        _draw(session, look)
        left.append(_kept_in_modules())
    assert left[2] == left[3]
    assert ("tinynet_tui.session.keys", "OF_TABLE") in left[3]


def _draw(session: Session, look: Look) -> None:
    """Draw all that names keys, as it is drawn for one user."""
    there = moment(session)
    screen(there, 80, 24, look)
    text_of_step(Scene(there, look), 80).picture(80, 24, look)
    fitting((STEPS_ALONE,), 80, look)
    key_and_word_choices(COMMANDS, False, there, look)


def _kept_in_modules() -> dict[tuple[str, str], str]:
    """What the variables of the program's modules hold, by module and name."""
    kept = dict[tuple[str, str], str]()
    for module in [name for name in sys.modules if name.startswith("tinynet_tui.")]:
        for name, value in vars(sys.modules[module]).items():
            if not (name.startswith("__") or callable(value) or isinstance(value, ModuleType)):
                now = value.get(None) if isinstance(value, ContextVar) else value
                kept[module, name] = repr(now)
    return kept


def test_words_in_the_help_name_them() -> None:
    """As the glossary does."""
    look, there = Look(own_keys=(("framework", ("K",)),)), moment(start(shipped_lesson("lecture")))
    said = [row.description for row in key_and_word_choices(COMMANDS, False, there, look)]
    assert [words for words in said if words.endswith(" K shows this step there.")]


def _last_row(picture: Picture) -> str:
    return picture.text().rstrip("\n").split("\n")[-1]


_KEY_IN_A_SENTENCE = re.compile(
    r"(?:^|[\s(])(?:[A-KM-Z!?.$+]|→|←) (?:again|asks|brings|changes|clears|closes|comes|ends|follows|"
    r"gathers|gives|goes|leaves|lends|lists|opens|quits|shows|steps|takes)\b"
)
"""A key and what it does; not L, which is the loss more often than its key, nor small letters, which are
quantities here and there: those `test_keys_in_sentences` finds."""


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
