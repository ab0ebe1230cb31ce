r"""A trace in LaTeX: article and amsmath alone, in ASCII, so that any pdflatex makes a PDF of it as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import assert_never

from tinynet_tui.engine.expressions import ONE, Apply, Expr, Name, apply
from tinynet_tui.engine.names import latex
from tinynet_tui.engine.walks import written
from tinynet_tui.handouts.formats import Writer
from tinynet_tui.handouts.heading import Fact, Heading
from tinynet_tui.handouts.latex_text import latex_name, latex_number, latex_text
from tinynet_tui.handouts.rows import Pen, Row
from tinynet_tui.handouts.sheet import Sheet
from tinynet_tui.handouts.summary import COLUMNS, cells, totals
from tinynet_tui.handouts.worked import Item, Part, Section, Summary, Update, parts
from tinynet_tui.lessons.foreign_text import one_line

_OPENING = r"""
\documentclass[11pt,a4paper]{article}
\usepackage{amsmath}
\addtolength{\textwidth}{32mm}\addtolength{\oddsidemargin}{-16mm}
\addtolength{\textheight}{32mm}\addtolength{\topmargin}{-16mm}
\setlength{\parindent}{0pt}\setlength{\parskip}{4pt plus 1pt}\setlength{\lineskip}{3pt}
\setcounter{secnumdepth}{0}\everymath{\displaystyle}\relpenalty=10000 \binoppenalty=100
\newcommand{\gap}{\underline{\hspace{3em}}}
\newcommand{\blank}{\underline{\rule{0pt}{3ex}\hspace{8em}}}
\newenvironment{steps}
  {\begin{list}{}{\leftmargin=3.4em \labelwidth=2.8em \labelsep=0.6em \itemsep=3pt \parsep=0pt \topsep=0pt
    \raggedright}}
  {\end{list}}
\begin{document}
""".strip().splitlines()
_ROWS_OF_A_TABLE = 30
"""A table that is longer would not fit on a page."""
_ONE_LINE = 60
"""Characters of a formula (as plain text) that surely fit on one line; a longer one must be able to break."""
_LONG_BLANK = r"\underline{\hspace{20em}}"
_SIGNS = {"=": "=", "≈": r"\approx", "←": r"\leftarrow"}


def lines(sheet: Sheet, to_ascii: Writer | None) -> Iterator[str]:
    """The handout in LaTeX, line by line; it is ASCII in any case."""
    pen = PEN.with_digits(sheet.digits)
    yield from _OPENING
    for part in parts(sheet):
        yield from _part(part, pen)
    yield r"\end{document}"


def _part(part: Part, pen: Pen) -> Iterator[str]:
    match part:
        case Heading():
            yield from _heading(part, pen)
        case Update():
            yield rf"\section{{Update {part.number}}}"
            yield _words(part.sentences)
            yield from (rf"\par {_note(note)}" for note in part.notes)
        case Section():
            yield rf"\subsection{{{latex_text(part.title)}}}"
            yield r"\begin{steps}"
            for item in part.items:
                yield from _item(item, pen)
            yield r"\end{steps}"
        case Summary():
            yield from _summary(part, pen)
        case _:
            assert_never(part)


def _text(text: str) -> str:
    return latex_text(one_line(text))


def _words(sentences: tuple[str, ...]) -> str:
    return " ".join(map(_text, sentences))


def _expression(expression: Expr, text_of: Callable[[Name], str]) -> str:
    """An expression; where it is long, in a form that can be broken between lines.

    A fraction cannot, and neither can what stands between brackets that grow.
    """
    if len(written(expression, "plain", lambda _: "0.12345678")) <= _ONE_LINE:
        return written(expression, "latex", text_of)
    return (
        written(_without_long_fractions(expression), "latex", text_of)
        .replace(r"\left", "")
        .replace(r"\right", "")
    )


def _without_long_fractions(expression: Expr) -> Expr:
    """The same with the quotient by a count as a factor 1/n in front."""
    match expression:
        case Apply("share", (top, count)) if top != ONE:
            return apply("multiply", apply("share", ONE, count), _without_long_fractions(top))
        case Apply(operation, arguments):
            return apply(operation, *map(_without_long_fractions, arguments))
    return expression


PEN = Pen(
    _expression,
    lambda name: latex(name.name, name.sample),
    latex_number,
    gap=r"\gap",
    blank=r"\blank",
    frozen=r"\text{frozen}",
    signs=_SIGNS.__getitem__,
)
"""Formulas for maths mode."""


def _heading(heading: Heading, pen: Pen) -> Iterator[str]:
    yield rf"{{\LARGE\bfseries\raggedright {_text(heading.title)}\par}}"
    if heading.student or heading.is_worksheet:
        yield rf"\textbf{{Name:}} {latex_name(one_line(heading.student)) or _LONG_BLANK}\par"
    if heading.about:
        yield rf"{_text(heading.about)}\par"
    yield from (_fact(fact, pen) for fact in heading.facts)


def _fact(fact: Fact, pen: Pen) -> str:
    formulas = ", ".join(f"${formula}$" for formula in fact.formulas(pen))
    words = " ".join(filter(None, (_text(fact.words), formulas)))
    return rf"{{\raggedright\textbf{{{fact.label}:}} {words}\par}}"


def _sides(row: Row, pen: Pen) -> str:
    """The line of a step, which breaks before a sign of equality rather than after it."""
    left, *right = row.sides(pen)
    return " ".join((f"${left}$", *(f"${{}} {side}$" for side in right)))


def _note(note: str) -> str:
    """The teacher's words."""
    return rf"\emph{{Note: {_text(note)}}}"


def _item(item: Item, pen: Pen) -> Iterator[str]:
    """Place and title, the formula, the sentences and the teacher's words, which stay on one page."""
    own = [rf"\item[\textbf{{{item.row.place}}}\hfill] {_text(item.title)}", _sides(item.row, pen)]
    if item.sentences:
        own.append(rf"{{\small {_words(item.sentences)}}}")
    own += map(_note, item.notes)
    yield from (rf"{line}\\*" for line in own[:-1])
    yield own[-1]


def _summary(summary: Summary, pen: Pen) -> Iterator[str]:
    yield r"\subsection{Summary}"
    for first in range(0, len(summary.changes), _ROWS_OF_A_TABLE):
        yield rf"\begin{{tabular}}{{l{'r' * len(COLUMNS)}}}"
        yield " & ".join(("", *map(latex_text, COLUMNS))) + r"\\ \hline"
        for change in summary.changes[first : first + _ROWS_OF_A_TABLE]:
            yield " & ".join(f"${text}$" for text in cells(change, pen)) + r"\\"
        yield r"\end{tabular}\par"
    for label, result in totals(summary, pen):
        yield rf"{_text(label)} ${result}$\par"
