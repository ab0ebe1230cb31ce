"""Sentences name keys by the tables of commands, so that they follow whoever has chosen others."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tinynet_tui.experiments.page_keys import keys as page_keys
from tinynet_tui.session.commands import EVERY_NAME, KEY_SIGNS, Entry, key_sign
from tinynet_tui.tui.replaying import ReplayPage

SOURCE = Path(__file__).parents[2] / "src" / "tinynet_tui"
ROOMS = ("classroom", "cli", "drawing", "experiments", "practice", "session", "tui")
"""Where sentences name keys: elsewhere a letter in one is a quantity."""
NO_COMMAND = ("Enter", "Esc", "Ctrl+C")
"""Keys that a prompt or a list has of its own, or that nobody can choose for anything else."""
OF_THEIR_OWN = {
    "cli/walk.py": "lines are typed there, no keys",
    "cli/practise.py": "lines are typed there, no keys",
    "cli/tour.py": "lines are typed there, no keys",
}


def _either(signs: set[str]) -> str:
    return f"(?:{'|'.join(sorted(map(re.escape, signs), key=len, reverse=True))})"


_ROWS: list[Entry[Any]] = [*EVERY_NAME.values(), *page_keys(), *ReplayPage.TABLE]
_SIGNS = ({key_sign(key) for row in _ROWS for key in row.keys} | set(KEY_SIGNS.values())) - set(NO_COMMAND)
_KEY = _either(_SIGNS)
_ALONE = _either({sign for sign in _SIGNS if sign not in ("a", "L") and (sign.isalpha() or sign in "←→↑↓")})
"""Those that are no word, no quantity and no sign of arithmetic where a word follows."""
CALLS_IT_KEY = re.compile(rf"\b(?:key|[Pp]ress) {_KEY}(?!\w)")
NAMES_A_KEY = re.compile(
    rf"(?<!\S){_ALONE}(?: {_ALONE})* (?!loss|bias|falls)(?:[a-z]+s|again|in the)\b"  # F brings, ← → places
    rf"|(?<!\S){_KEY} and {_KEY} [a-z]+|\({_KEY} (?:in|on) |{CALLS_IT_KEY.pattern}"
)


def _texts(source: Path) -> Iterator[str]:
    """The texts of a module that are not its documentation."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        for field in ast.iter_child_nodes(node):
            is_documentation = isinstance(node, ast.Expr)
            if isinstance(field, ast.Constant) and isinstance(field.value, str) and not is_documentation:
                yield field.value


@pytest.mark.parametrize("room", ROOMS)
def test_no_sentence_of_the_program_spells_a_key(room: str) -> None:
    """But for dialogues, which have no table."""
    named = {
        f"{name}: {found[0]}"
        for source in sorted((SOURCE / room).glob("*.py"))
        if (name := str(source.relative_to(SOURCE))) not in OF_THEIR_OWN
        for text in _texts(source)
        if (found := NAMES_A_KEY.search(text))
    }
    assert not named


def test_no_shipped_lesson_or_tour_spells_a_key() -> None:
    """A tour has names in braces for them; a lesson's text is the same for everybody."""
    for source in sorted((SOURCE / "lessons").rglob("*.toml")):
        assert not (found := CALLS_IT_KEY.search(source.read_text(encoding="utf-8"))), (
            f"{source.name}: {found[0]}"
        )


@pytest.mark.parametrize(
    "text",
    [
        "Try the learning rate 0.1 (key L): one update",
        "have ReLUs: o in the stepper opens them.",
        "Space plays",
        "→ ← places",
        "there; F brings you back.",
        "the leader's; J shows what students type.",
        "to select text (M in the app)",
        "+ and - change nothing here",
    ],
)
def test_a_key_that_is_spelled_is_found(text: str) -> None:
    """Each of these once stood in the program."""
    assert NAMES_A_KEY.search(text)
