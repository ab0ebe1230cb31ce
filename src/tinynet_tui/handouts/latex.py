r"""A trace in LaTeX: article and amsmath alone, in ASCII, so that any pdflatex makes a PDF of it as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import assert_never

from tinynet_tui.engine.expression_reading import written
from tinynet_tui.engine.expressions import ONE, Apply, Expr, Name, apply
from tinynet_tui.engine.names import latex
from tinynet_tui.handouts.conventions import Fact
from tinynet_tui.handouts.document import Head, Item, Part, Section, Summary, Update, parts
from tinynet_tui.handouts.formats import Writer
from tinynet_tui.handouts.latex_text import latex_name, latex_number, latex_text
from tinynet_tui.handouts.request import Request
from tinynet_tui.safety.foreign_text import one_line
from tinynet_tui.teaching.notation import FROZEN, Notation

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


_NOTATION = Notation(
    _expression,
    lambda name: latex(name.name, name.sample),
    latex_number,
    gap=r"\gap",
    blank=r"\blank",
    frozen=rf"\text{{{FROZEN}}}",
    sign=_SIGNS.__getitem__,
)
"""Formulas for maths mode."""


def lines(request: Request, to_ascii: Writer | None) -> Iterator[str]:
    """The handout in LaTeX, line by line; it is ASCII in any case."""
    yield from _OPENING
    for part in parts(request, _NOTATION):
        yield from _part(part)
    yield r"\end{document}"


def _part(part: Part) -> Iterator[str]:
    match part:
        case Head():
            yield from _head(part)
        case Update():
            yield rf"\section{{Update {part.number}}}"
            yield _words(part.sentences)
            yield from (rf"\par {_note(note)}" for note in part.notes)
        case Section():
            yield rf"\subsection{{{latex_text(part.title)}}}"
            yield r"\begin{steps}"
            for item in part.items:
                yield from _item(item)
            yield r"\end{steps}"
        case Summary():
            yield from _summary(part)
        case _:
            assert_never(part)


def _text(text: str) -> str:
    return latex_text(one_line(text))


def _words(sentences: tuple[str, ...]) -> str:
    return " ".join(map(_text, sentences))


def _note(note: str) -> str:
    return rf"\emph{{Note: {_text(note)}}}"


def _head(head: Head) -> Iterator[str]:
    yield rf"{{\LARGE\bfseries\raggedright {_text(head.title)}\par}}"
    if head.student or head.is_worksheet:
        yield rf"\textbf{{Name:}} {latex_name(one_line(head.student)) or _LONG_BLANK}\par"
    if head.about:
        yield rf"{_text(head.about)}\par"
    yield from map(_fact, head.facts)
    if head.diagram is not None:
        yield from head.diagram.latex


def _fact(fact: Fact) -> str:
    formulas = ", ".join(f"${formula}$" for formula in fact.formulas)
    words = " ".join(filter(None, (_text(fact.words), formulas)))
    return rf"{{\raggedright\textbf{{{fact.label}:}} {words}\par}}"


def _sides(item: Item) -> str:
    """The line of a step, which breaks before a sign of equality rather than after it."""
    left, *right = item.sides
    return " ".join((f"${left}$", *(f"${{}} {side}$" for side in right)))


def _item(item: Item) -> Iterator[str]:
    """Place and title, the formula, the sentences and the teacher's notes, which stay on one page."""
    own = [rf"\item[\textbf{{{item.place}}}\hfill] {_text(item.title)}", _sides(item)]
    own += [rf"{{\small {_words(item.sentences)}}}"] if item.sentences else []
    own += map(_note, item.notes)
    yield from (rf"{line}\\*" for line in own[:-1])
    yield own[-1]


def _summary(summary: Summary) -> Iterator[str]:
    yield r"\subsection{Summary}"
    for first in range(0, len(summary.rows), _ROWS_OF_A_TABLE):
        yield rf"\begin{{tabular}}{{l{'r' * len(summary.columns)}}}"
        yield " & ".join(("", *map(latex_text, summary.columns))) + r"\\ \hline"
        for row in summary.rows[first : first + _ROWS_OF_A_TABLE]:
            yield " & ".join(f"${text}$" for text in row) + r"\\"
        yield r"\end{tabular}\par"
    for words, result in summary.totals:
        yield rf"{_text(words)} ${result}$\par"
