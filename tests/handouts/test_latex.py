"""LaTeX: its structure in any case, and that it compiles where there is a pdflatex."""

from __future__ import annotations

import random
import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.setups import setup_of
from tests.examples import examples
from tests.handouts.latex_words import failures, words
from tests.handouts.test_printed import printed
from tests.lessons.made import lessons
from tests.programs import program
from tests.session.random_lessons import lesson_of
from tinynet_tui.engine.model import Hyperparameters
from tinynet_tui.handouts.latex_text import latex_name, latex_text
from tinynet_tui.handouts.request import Request
from tinynet_tui.lessons.schema import Lesson, Note
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lesson
from tinynet_tui.networks.dense import Network, parameters_of
from tinynet_tui.safety.foreign_text import one_line

NASTY = (
    r"""\ { } $ & # % _ ^ ~ < > | " ' ` -- --- ?` !` ,, [x] “q” ‘q’ """
    r"""„q“ «q» … — – § © £ ß æ ø ł å ı ñ ö ü ş ő ẹ 王 🎉 Ω"""
)


def _assert_sound(source: str) -> None:
    """Printable ASCII; braces, mathematics and environments are closed in the order they were opened."""
    assert source.isascii()
    assert all(line.isprintable() for line in source.splitlines())
    bare = re.sub(r"\\[\\{}$&#%_]", "", source)
    depth = 0
    for sign in bare:
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    assert depth == 0
    for maths in bare.split("$")[1::2]:
        assert maths.count("{") == maths.count("}")
    assert bare.count("$") % 2 == 0
    opened = list[str]()
    for kind, name in re.findall(r"\\(begin|end)\{(\w+)\}", source.replace(r"\newenvironment{steps}", "")):
        if name != "list":
            assert kind == "begin" or opened.pop() == name
            opened += [name] * (kind == "begin")
    assert not opened
    assert source.count(r"\left(") == source.count(r"\right)")


@given(lessons(), st.none() | st.integers(1, 5), st.text(max_size=20))
@examples(8)
def test_any_lesson_is_sound(lesson: Lesson, blank_every: int | None, name: str) -> None:
    """Whatever its title, its notes, its numbers and the student's name are."""
    _assert_sound(printed("latex", Request(lesson, 1, blank_every, one_line(name))))


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("∂L/∂w₅ = −0.5", r"$\partial L/\partial w_{5} = -0.5$"),
        ("It is w₅: the edge.", r"It is $w_{5}$: the edge."),
        ("1 / (1 + e^−z) is σ(z)", r"$1 / (1 + e^{-z})$ is $\sigma(z)$"),
        ("(not: nothing) −η‖∇L‖²", r"(not: nothing) $-\eta\|\nabla L\|^{2}$"),
        ("falls ↓ by 1.2e-5", r"falls $\downarrow$ by 1.2e-5"),
        ("1.2e-5 → 2", r"$1.2\mathrm{e}{-5} \rightarrow 2$"),
        ("ŷ⁽²⁾ and w₁₂", r"$\hat{y}^{(2)}$ and $w_{12}$"),
        ('Mazur\'s "Example" (2015), 100 %', r"Mazur's ``Example'' (2015), 100 \%"),
        ("PyTorch's a/b, and/or I/O", r"PyTorch's a/b, and/or I/O"),
        ("Señor Łukasz & Åsa", r"Se\~{n}or \L{}ukasz \& \AA{}sa"),
        ("a_b {c} \\d", r"a\_$b$ \{$c$\} \textbackslash{}$d$"),
        ("王", r"\fbox{\scriptsize 738B}"),
        ("y²′ and x²^3 and ∂^", r"$y^{2}{}'$ and $x^{2}{}^{3}$ and $\partial\text{\^{}}$"),
        ("f′′(x), x₁₂³ and w₁²₃", r"$f''(x)$, $x_{12}^{3}$ and $w_{1}^{2}{}_{3}$"),
        ("σ′²°", r"$\sigma'{}^{2}{}^{\circ}$"),
        ("e^x² at 20°", r"$e^{x^{2}}$ at $20^{\circ}$"),
        ("the mean x̄ and β̂", r"the mean \={x} and $\beta$\fbox{\scriptsize 302}"),
        ("[2pt] of ٣", r"{[}2pt] of \fbox{\scriptsize 663}"),
    ],
)
def test_words(text: str, latex: str) -> None:
    """Mathematics in a sentence is typeset, and nothing else is."""
    assert latex_text(text) == latex


def test_a_name_is_no_mathematics() -> None:
    """Its single letters are initials."""
    assert latex_name("J. O'Neill-Ř") == r"J. O'Neill-\v{R}"


def test_a_long_formula_can_break() -> None:
    """No long fraction and no growing brackets, which would hold it together; a short one keeps both."""
    source = printed("latex", Request(_wide()))
    sums = [line for line in source.splitlines() if line.count(r" \cdot ") > 16]
    assert sums
    assert not any(r"\left" in line for line in sums)
    assert r"\frac{1}{8} \cdot (" in source
    assert r"\left(\hat{y} - y\right)^{2}" in printed("latex", Request(shipped_lesson("lecture")))


def _wide(notes: tuple[Note, ...] = ()) -> Lesson:
    """8-8-8, with everything on that makes formulas long."""
    network = Network(
        (8, 8, 8), ("tanh", "sigmoid"), "binary_cross_entropy", optimizer="adam", regularized=True
    )
    values = [0.123456 * (-1) ** n * (1 + n % 7) for n in range(len(parameters_of(network)))]
    return lesson_of(setup_of(network, values, 2), "A wide network", notes)


WILD = setup_of(
    Network((2, 2, 1), ("relu", "leaky_relu"), optimizer="momentum"),
    (1.0, 0.5, 1.0, -0.5, 1.0, 1.0, 0.5, 0.0, 0.5),
    hyperparameters=Hyperparameters(learning_rate=1e200),
)
"""Its numbers become very large, then infinite, then none."""

_PAPERS = [
    *(
        (f"{name}{'-blank' * bool(every)}", Request(shipped_lesson(name), 1, every))
        for name in SHIPPED_NAMES
        for every in (None, 1)
    ),
    ("every-3", Request(shipped_lesson("xor"), 2, 3, NASTY)),
    ("wide", Request(_wide((Note("L", NASTY), Note("backward", NASTY))))),
    ("diverging", Request(lesson_of(WILD), 4)),
    ("wide-blank", Request(_wide(), 1, 1)),
]


@pytest.mark.parametrize(("name", "sheet"), _PAPERS)
def test_it_compiles(name: str, sheet: Request, tmp_path: Path) -> None:
    """As it is, with no box that sticks out and no character missing."""
    pdflatex = program("pdflatex")
    (tmp_path / "sheet.tex").write_text(printed("latex", sheet), encoding="ascii")
    done = subprocess.run(
        (pdflatex, "-interaction=nonstopmode", "-halt-on-error", "sheet.tex"),
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    log = (tmp_path / "sheet.log").read_text(encoding="latin-1")
    assert done.returncode == 0, log[-2000:]
    assert "Overfull" not in log
    assert "Missing character" not in log
    assert "LaTeX Warning" not in log


def test_whatever_the_words_are(tmp_path: Path) -> None:
    """It compiles: some hundreds of handouts with signs in any order in all that a person writes on one."""
    pdflatex = program("pdflatex")
    chance = random.Random(1)
    texts = ["y²′ and x²^3 and ∂^", NASTY, *(words(chance) for _ in range(400))]
    assert list(failures(texts, pdflatex, tmp_path)) == []
