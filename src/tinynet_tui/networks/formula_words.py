"""The words of a text of formulas, line by line, and what Python's parser makes of them: never evaluated."""

import ast
import keyword
import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

MOST_BRACKETS = 64
"""Brackets in each other."""
MOST_TERMS = 1000
"""Names and numbers in a formula as it is written."""
MOST_DIGITS = 1000
"""Of a number: no finite one needs as many, and Python's parser takes no more than 4300."""
_WORD = re.compile(
    r"(?P<number>\d+(?=\.\.)|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<sign>\.\.|\*\*|[-+*/^()\[\],=])|(?P<blank>[ \t]+)|(?P<other>.)",
    re.ASCII | re.DOTALL,
)
_IN_PYTHON = {"^": "**", "..": "|"}
"""What Python has another sign for; a range is looser than all that stands at its ends."""
_WRITE = {
    **{"−": "-", "·": "*", "×": "*", "÷": "/", "²": "^2", "³": "^3", "√": "sqrt", "Σ": "sum", "ŷ": "yhat"},
    **{"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "θ": "theta", "μ": "mu"},
    **{"ρ": "rho", "σ": "sigma", "φ": "phi", "{": "(", "}": ")", ";": "a new line"},
}
"""What is written instead of a character that has no meaning in formulas."""
LOOP_WORDS = ("for", "in")


class Place(NamedTuple):
    """Where something stands in a text of formulas, both from 1."""

    line: int
    column: int


class FormulaFault(Exception):
    """What is wrong at a place, in words."""

    def __init__(self, place: Place, words: str) -> None:
        """Keep both."""
        super().__init__(words)
        self.place = place
        self.words = words


class Word(NamedTuple):
    """A number, a name or a sign, where it stands."""

    kind: str
    text: str
    place: Place


class Sentence(NamedTuple):
    """A formula's words, which go over several lines while a bracket is open; or a comment."""

    words: tuple[Word, ...]
    comment: str | None = None
    """What a line says that is a comment and nothing else."""


def sentences(text: str) -> Iterator[Sentence | FormulaFault]:
    """The formulas and comments of a text, in their order; in place of one that has no meaning, its fault."""
    words: list[Word] = []
    opened: list[Word] = []
    broken: FormulaFault | None = None
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        code, mark, comment = line.partition("#")
        if mark and not code.strip() and not words:
            yield Sentence((), comment.strip())
            continue
        try:
            for word in _words(code, number):
                _follow(opened, word)
                words.append(word)
        except FormulaFault as fault:
            broken = broken or fault
            opened.clear()
        if opened and number < len(lines):
            continue
        if opened and broken is None:
            broken = FormulaFault(opened[-1].place, f"this {opened[-1].text} is not closed")
        if broken or words:
            yield broken or Sentence(tuple(words))
        words, broken = [], None
        opened.clear()


def _words(line: str, number: int) -> Iterator[Word]:
    for found in _WORD.finditer(line):
        kind, text, place = found.lastgroup or "", found[0], Place(number, found.start() + 1)
        if kind == "other":
            written = _WRITE.get(text)
            advice = f"; write {written}" if written else ""
            raise FormulaFault(place, f"{_named(text)} has no meaning in a formula{advice}")
        if kind == "number" and len(text) > MOST_DIGITS:
            raise FormulaFault(place, f"a number of over {MOST_DIGITS:,} digits; must be shorter")
        if kind == "name" and keyword.iskeyword(text) and text not in LOOP_WORDS:
            raise FormulaFault(place, f"{text} is a word of Python's and can be no name here; choose another")
        if kind != "blank":
            yield Word(kind, text, place)


def _named(character: str) -> str:
    return (
        character if character.isprintable() and not character.isspace() else f"the character {character!a}"
    )


def too_many(most: int, things: str) -> str:
    """What is said where there are more things than may be."""
    return f"more than {most:,} {things}; at most {most:,} are taken"


def _follow(opened: list[Word], word: Word) -> None:
    """Keep which brackets are open."""
    if word.text in ("(", "["):
        opened.append(word)
        if len(opened) > MOST_BRACKETS:
            raise FormulaFault(word.place, too_many(MOST_BRACKETS, "brackets in each other"))
    elif word.text in (")", "]"):
        if not opened:
            raise FormulaFault(word.place, f"this {word.text} closes nothing")
        begun = opened.pop()
        if begun.text + word.text not in ("()", "[]"):
            raise FormulaFault(word.place, f"this {word.text} closes a {begun.text}")


class Parsed(NamedTuple):
    """A formula as Python's parser has it, and where its parts stand."""

    node: ast.expr
    offsets: tuple[int, ...]
    """Where each word begins in what was parsed."""
    words: tuple[Word, ...]

    def place(self, node: ast.expr) -> Place:
        """Where a part begins."""
        return self.words[max(bisect_right(self.offsets, node.col_offset) - 1, 0)].place


def parsed(words: tuple[Word, ...]) -> Parsed:
    """What Python's parser makes of a formula's words.

    Raises: FormulaFault where it is no expression.
    """
    terms = [word for word in words if word.kind != "sign"]
    if len(terms) > MOST_TERMS:
        what = f"over {MOST_TERMS:,} names and numbers in one formula; must be split into several"
        raise FormulaFault(terms[MOST_TERMS].place, what)
    for before, word in pairwise(words):
        _assert_apart(before, word)
    source, offsets = "(", list[int]()
    for word in words:
        offsets.append(len(source))
        source += f"{_IN_PYTHON.get(word.text, word.text)} "
    try:
        node = ast.parse(f"{source})", mode="eval").body
    except SyntaxError as fault:
        at = bisect_right(offsets, (fault.offset or 1) - 1) - 1
        word = words[max(at, 0)]
        ends = at >= len(words) - 1 and word.kind == "sign" and word.text not in (")", "]")
        advice = "the formula ends too early" if ends else f"{word.text} cannot stand here"
        raise FormulaFault(word.place, advice) from None
    except (RecursionError, MemoryError, ValueError):
        raise FormulaFault(words[0].place, "the formula is too long; must be split into several") from None
    return Parsed(node, tuple(offsets), words)


def _assert_apart(before: Word, word: Word) -> None:
    """Raise FormulaFault where no sign stands between two numbers, names or brackets."""
    ends = before.kind != "sign" or before.text in (")", "]")
    begins = word.kind != "sign" or (word.text == "(" and before.kind != "name")
    begins = begins or (word.text == "[" and before.text == ")")
    if ends and begins and before.text not in LOOP_WORDS and word.text not in LOOP_WORDS:
        raise FormulaFault(word.place, f"a sign is missing between {before.text} and {word.text}, such as *")
