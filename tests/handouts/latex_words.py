"""Words that LaTeX could stumble over: any signs of the app, of TeX and of many languages in any order."""

from __future__ import annotations

import random
import re
import string
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec.structs import replace

from tests.engine.setups import LECTURE
from tests.session.random_lessons import lesson_of
from tinynet_tui.handouts.latex import lines
from tinynet_tui.handouts.request import Request, StepFilter
from tinynet_tui.lessons.schema import Note
from tinynet_tui.safety.foreign_text import one_line

_RAISED_AND_LOWERED = [*"⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱᵏᵗᵀ₀₁₂₃₄₅₆₇₈₉₊₋₍₎ᵢⱼₖₙ′°", "^", "^2", "^−z", "^−", "_", "_1"]
_MATHEMATICS = [*"∂ŷ∇√Σ∞‖½¼¾Δαβγδεηθλμµπρσφℓ−·×÷±≈≠≤≥→←↔⇒↑↓∝∈", "ReLU", "LReLU", "tanh", "ln", "exp", "max"]
_ODD = [
    *"…—–‐‑“”„‘’‚«»•§©¡¿£ßæÆœŒøØłŁåÅıñÖş王🎉ЖΩ٣",
    "\u00a0",
    "x\u0302",
    "1\u0302",
    "\u0302",
    "e\u0301\u0323",
]
_NUMBERS = ["1.2e-5", "−0.5", "1e5", "inf", "nan", "−inf", "2", "12"]
_PAIRS = ["?`", "!`", "--", "''", ",,", "$$", "\\\\", "\\*", "{}", "[x]", "[2pt]", "{[", "//", "%", "&", "##"]
_ALL = (_RAISED_AND_LOWERED, _MATHEMATICS, list(string.punctuation), list("abcxyzwhLID0123456789"), [" "])
_RARE = (_ODD, _NUMBERS, _PAIRS)


def words(chance: random.Random) -> str:
    """A few signs in any order, with something to be seen among them; scripts are more often side by side."""
    while True:
        kinds = [
            chance.choice(_ALL if chance.random() < 0.85 else _RARE) for _ in range(chance.randint(1, 9))
        ]
        text = "".join(chance.choice(kind) for kind in kinds)
        if one_line(text):
            return text


def failures(texts: Iterable[str], pdflatex: str, directory: Path) -> Iterator[tuple[str, str]]:
    """The texts over which pdflatex stumbles, each with what it says.

    Each is title, description, note and student's name of a handout; all handouts are one document.
    """
    asked = list(texts)
    (directory / "words.tex").write_text("\n".join(_document(asked)), encoding="ascii")
    command = (pdflatex, "-interaction=nonstopmode", "words.tex")
    subprocess.run(command, cwd=directory, capture_output=True, check=False)
    log = (directory / "words.log").read_text(encoding="latin-1")
    assert f"@@{len(asked)}@@" in log, "pdflatex did not come to the end"
    before, *parts = re.split(r"@@\d+@@", log)
    for text, part in zip(asked, [before, *parts], strict=False):
        complaint = re.search(r"^(?:!|Missing character).*", part, re.MULTILINE)
        if complaint:
            yield text, complaint[0]


def _document(texts: list[str]) -> Iterator[str]:
    """The handouts of all texts, with a mark in the log after each."""
    for number, text in enumerate(texts, start=1):
        lesson = replace(lesson_of(LECTURE, text, (Note("L", text), Note("loss", text))), about=text)
        request = Request(lesson, 1, None, one_line(text), StepFilter(("loss",)))
        whole = list(lines(request, None))
        assert all(line.isascii() for line in whole), text
        begin, end = whole.index(r"\begin{document}") + 1, whole.index(r"\end{document}")
        yield from whole[0 if number == 1 else begin : end]
        yield rf"\typeout{{@@{number}@@}}"
    yield r"\end{document}"
