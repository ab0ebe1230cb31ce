"""A text of formulas, read: every assignment, its loops written out, its expression and what it reads."""

import ast
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, groupby
from typing import NamedTuple

from tinynet_tui.engine.expressions import ZERO, Expr
from tinynet_tui.networks.formula_expressions import (
    Formula,
    Indices,
    Read,
    Turns,
    index,
    indexed,
    name_fault,
)
from tinynet_tui.networks.formula_words import (
    FormulaFault,
    Parsed,
    Place,
    Sentence,
    Word,
    parsed,
    sentences,
    too_many,
)

MOST_ASSIGNMENTS = 2000
"""Loops written out."""


class FormulaLine(NamedTuple):
    """One assignment."""

    name: str
    expression: Expr
    reads: tuple[Read, ...]
    place: Place
    section: int
    """The position of its section."""
    loop: Indices | None
    """The numbers of its loops; None for an assignment without a loop."""
    statement: int
    """Which formula of the text it is."""
    variables: tuple[str | None, ...] = ()
    """For each index of its name, the variable of a loop that it is, if it is one and nothing else."""


class Fault(NamedTuple):
    """What is wrong, in which text of formulas."""

    text: str
    """"forward" or "loss"."""
    place: Place
    words: str


class Text(NamedTuple):
    """A program's formulas, read: what they say, not yet whether what they read is there."""

    lines: tuple[FormulaLine, ...]
    sections: tuple[str | None, ...]
    """The comment that each section is opened by; None: it stands before the first comment."""
    loss: FormulaLine
    faults: tuple[Fault, ...]


@lru_cache(maxsize=16)
def read_text(forward: str, loss: str) -> Text:
    """The formulas of a forward pass and of a loss."""
    faults: list[Fault] = []
    sections: list[str | None] = [None]
    lines: list[FormulaLine] = []
    turns = Turns()
    for statement, sentence in enumerate(sentences(forward)):
        if isinstance(sentence, FormulaFault):
            faults.append(Fault("forward", sentence.place, sentence.words))
            continue
        if sentence.comment is not None:
            _open_section(sections, lines, sentence.comment)
            continue
        try:
            for line in _assignments(sentence, len(sections) - 1, statement, turns):
                if len(lines) == MOST_ASSIGNMENTS:
                    raise FormulaFault(line.place, too_many(MOST_ASSIGNMENTS, "assignments"))
                lines.append(line)
        except FormulaFault as fault:
            faults.append(Fault("forward", fault.place, fault.words))
            if len(lines) == MOST_ASSIGNMENTS or turns.are_over:
                break
    return Text(_in_order(lines), tuple(sections), _loss(loss, faults, turns), tuple(faults))


def names_read(forward: str, loss: str) -> frozenset[str]:
    """All that the formulas read, with its indices."""
    text = read_text(forward, loss)
    return frozenset(read.name for line in (*text.lines, text.loss) for read in line.reads)


def _in_order(lines: list[FormulaLine]) -> tuple[FormulaLine, ...]:
    """Assignments in the order in which they are done: that of the text, formula by formula.

    Where formulas with the same loop stand in a row and one reads what a later one assigns, as z[t] reads
    h[t-1], they are done together for each number of the loop.
    """
    done: list[FormulaLine] = []
    statements = [list(group) for _, group in groupby(lines, key=lambda line: line.statement)]
    for _, row in groupby(statements, key=lambda group: (group[0].section, [line.loop for line in group])):
        together = list(chain.from_iterable(row))
        position = {line.name: place for place, line in enumerate(together)}
        ahead = any(
            position.get(read.name, -1) > place for place, line in enumerate(together) for read in line.reads
        )
        # Sorting keeps the order of the formulas for each number.
        done += sorted(together, key=lambda line: line.loop or ()) if ahead else together
    return tuple(done)


def _open_section(sections: list[str | None], lines: list[FormulaLine], title: str) -> None:
    """A comment opens a section; one right behind another says more of the same."""
    has_lines = bool(lines) and lines[-1].section == len(sections) - 1
    if has_lines or sections == [None]:
        sections.append(title)


def _loss(text: str, faults: list[Fault], turns: Turns) -> FormulaLine:
    nothing = FormulaLine("L", ZERO, (), Place(1, 1), 0, None, 0)
    if turns.are_over:
        return nothing
    formulas = [found for found in sentences(text) if isinstance(found, FormulaFault) or found.words]
    try:
        match formulas:
            case []:
                raise FormulaFault(Place(1, 1), "must be a formula, such as (yhat - y)^2")
            case [FormulaFault() as fault, *_]:
                raise fault
            case [_, FormulaFault() as fault, *_]:
                raise fault
            case [Sentence(), Sentence(words), *_]:
                raise FormulaFault(words[0].place, "the loss is one formula; this is a second")
            case [Sentence(words)]:
                if sign := next((word for word in words if word.text == "="), None):
                    raise FormulaFault(sign.place, "the loss is a formula alone, without =")
                formula = Formula(parsed(words), turns)
                expression = formula.whole(formula.parsed.node, {})
                return nothing._replace(expression=expression, reads=formula.reads, place=words[0].place)
    except FormulaFault as fault:
        faults.append(Fault("loss", fault.place, fault.words))
    return nothing


def _assignments(sentence: Sentence, section: int, statement: int, turns: Turns) -> Iterator[FormulaLine]:
    """The assignments of a formula, one for each number of its loops."""
    words = sentence.words
    equals = [position for position, word in enumerate(words) if word.text == "="]
    if not equals:
        raise FormulaFault(words[0].place, "this assigns nothing; must be name = formula")
    if len(equals) > 1:
        raise FormulaFault(words[equals[1]].place, "a second =; must be name = formula")
    left, right = words[: equals[0]], words[equals[0] + 1 :]
    if not left or not right:
        side = "in front of" if not left else "behind"
        raise FormulaFault(words[equals[0]].place, f"there is nothing {side} this =")
    base, indices = _target(left)
    formula = Formula(parsed(right), turns)
    body, loops = _without_loops(formula.parsed.node)
    for variables in formula.loop(loops, {}):
        numbers = (
            tuple(index(node, variables, indices.parsed) for node in indices.node.elts) if indices else ()
        )
        yield FormulaLine(
            indexed(base.text, numbers),
            formula.whole(body, variables),
            formula.reads,
            base.place,
            section,
            tuple(variables.values()) if loops else None,
            statement,
            tuple(node.id if isinstance(node, ast.Name) else None for node in indices.node.elts)
            if indices
            else (),
        )


def _without_loops(node: ast.expr) -> tuple[ast.expr, list[ast.comprehension]]:
    """(what a formula assigns, the loops behind it)."""
    return (node.elt, node.generators) if isinstance(node, ast.GeneratorExp) else (node, [])


class _Indices(NamedTuple):
    """The indices of a name that is assigned."""

    node: ast.Tuple
    parsed: Parsed


def _target(words: tuple[Word, ...]) -> tuple[Word, _Indices | None]:
    """The name that a formula assigns, and its indices."""
    base = words[0]
    if base.kind != "name":
        raise FormulaFault(base.place, f"{base.text} is no name; must be name = formula")
    if fault := name_fault(base.text):
        raise FormulaFault(base.place, fault)
    if len(words) == 1:
        return base, None
    made = parsed(words)
    match made.node:
        case ast.Subscript(ast.Name(), ast.Tuple() as several):
            return base, _Indices(several, made)
        case ast.Subscript(ast.Name(), one):
            return base, _Indices(ast.Tuple([one]), made)
    raise FormulaFault(words[1].place, "only a name can be assigned, such as h or h[t]")
