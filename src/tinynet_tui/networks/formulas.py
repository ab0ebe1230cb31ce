"""Programs of formulas: what a lesson's own text computes, and the models made of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from tinynet_tui.engine.expressions import names_in
from tinynet_tui.engine.forward import Assignment, Block, Forward, Parameter, Subject
from tinynet_tui.engine.model import Model, Reduction
from tinynet_tui.networks.formula_expressions import Indices, Read, base_and_indices, indexed
from tinynet_tui.networks.formula_reading import Fault, FormulaLine, Text, read_text
from tinynet_tui.rules.hyperparameters import defaults
from tinynet_tui.rules.optimiser_rows import USUAL, Optimiser, Variation
from tinynet_tui.rules.optimisers import GRADIENT_DESCENT, optimiser
from tinynet_tui.safety.foreign_text import one_line

MOST_NAMES = 5000
"""Parameters, columns and quantities."""
_LONGEST_TITLE = 24


@dataclass(frozen=True, slots=True)
class Formulas:
    """A program's text and names and the rules it is trained by: no number that training could change."""

    forward: str
    """Assignments, a line each; a comment opens a level and names it."""
    loss: str
    parameters: tuple[str, ...]
    """Each with its indices: wq[1], wq[2]."""
    columns: tuple[str, ...]
    """The names of a sample's numbers."""
    reduction: Reduction = "mean"
    optimizer: str = GRADIENT_DESCENT.name
    regularized: bool = False
    """Whether ½·l2·Σp² over all parameters is part of the loss."""
    shrinks: bool = False
    """Whether l1·Σ|p| is part of the loss."""
    variation: Variation = USUAL
    """Which form of its optimiser it is trained by."""
    frozen: tuple[str, ...] = ()
    """Parameters that stay as they are, each with its indices."""

    @property
    def rule(self) -> Optimiser:
        """The row of its optimiser, in the form that it is trained by."""
        return optimiser(self.optimizer, self.variation)


def formula_faults(formulas: Formulas) -> Iterator[Fault]:
    """What is wrong with a program's formulas, in the order of its text."""
    text = read_text(formulas.forward, formulas.loss)
    if text.faults:
        yield from text.faults
        return
    yield from _assignment_faults(formulas, text)
    total = len(formulas.parameters) + len(formulas.columns) + len(text.lines)
    if total > MOST_NAMES:
        yield Fault("forward", text.loss.place, f"{total:,} names; must be {MOST_NAMES:,} at most")


def _assignment_faults(formulas: Formulas, text: Text) -> Iterator[Fault]:
    given = dict.fromkeys(formulas.parameters, "a parameter") | dict.fromkeys(formulas.columns, "a column")
    scope = _Scope(text, given)
    taken = _names_of_rules(formulas)
    for name in given:
        if name in taken:
            yield Fault("forward", text.loss.place, f"{taken[name]}; choose another name for {given[name]}")
    said = set[tuple[int, str]]()
    for line in text.lines:
        for fault in (*scope.read_faults(line), *scope.name_faults(line, taken)):
            if (line.statement, fault.words) not in said:
                said.add((line.statement, fault.words))
                yield fault
        scope.known.setdefault(line.name, line)
    for read in text.loss.reads:
        if read.name not in scope.given and read.name not in scope.known:
            yield Fault("loss", read.place, scope.why_unknown(read))


def _names_of_rules(formulas: Formulas) -> dict[str, str]:
    """Names that the rules of training have, and what they are."""
    rule = formulas.rule
    own = {number.name: f"{number.name} is a number of {rule.noun}'s" for number in rule.hyperparameters}
    if rule.counts_updates:
        own["t"] = f"t is the number of the update for {rule.noun}"
        own["t0"] = f"t0 is the number of updates that {rule.noun} has done before"
    if formulas.shrinks:
        own["lambda1"] = "lambda1 is the strength of L1"
    return {"eta": "eta is the learning rate", **own}


class _Scope:
    """What can be read at a line."""

    def __init__(self, text: Text, given: dict[str, str]) -> None:
        self.given = given
        self.known: dict[str, FormulaLine] = {}
        self._lines = {line.name: line for line in reversed(text.lines)}
        """The first line that assigns each name."""
        self._indices: dict[str, dict[Indices, None]] = {}
        for name in (*given, *self._lines):
            base, indices = base_and_indices(name)
            self._indices.setdefault(base, {})[indices] = None
        self._lengths = {base: {len(indices) for indices in found} for base, found in self._indices.items()}

    def name_faults(self, line: FormulaLine, taken: Mapping[str, str]) -> Iterator[Fault]:
        """Why a line cannot assign its name."""
        base, indices = base_and_indices(line.name)
        if line.name in self.known:
            before = self.known[line.name].place.line
            words = f"{line.name} is assigned a second time, after line {before} of forward"
            yield Fault("forward", line.place, words)
        elif line.name in self.given:
            words = f"{line.name} is {self.given[line.name]}; choose another name"
            yield Fault("forward", line.place, words)
        elif base in taken and not indices:
            yield Fault("forward", line.place, f"{taken[base]}; choose another name")
        elif any(number < 0 for number in indices):
            yield Fault("forward", line.place, f"{line.name}: an index must not be below 0")
        elif len(self._lengths[base]) > 1:
            other = next(found for found in self._indices[base] if len(found) != len(indices))
            words = f"{line.name} and {indexed(base, other)} differ in their indices; choose another name"
            yield Fault("forward", line.place, words)

    def read_faults(self, line: FormulaLine) -> Iterator[Fault]:
        """What a line reads that is not there yet, or never."""
        for read in line.reads:
            if read.name not in self.given and read.name not in self.known:
                yield Fault("forward", read.place, self.why_unknown(read))

    def why_unknown(self, read: Read) -> str:
        """Why a name cannot be read."""
        base, indices = base_and_indices(read.name)
        if read.name in self._lines:
            return f"{read.name} is read before it is assigned; put its line above this one"
        if base not in self._indices:
            if base == "e":
                return "e is not known; write exp(x) for e^x, or exp(1)"
            from difflib import get_close_matches  # only faults need it

            close = get_close_matches(base, list(self._indices), n=1)
            advice = (
                f"; did you mean {close[0]}?" if close else "; it must be a parameter, a column or assigned"
            )
            return f"{read.name} is not known{advice}"
        found = self._indices[base]
        if () in found:
            return f"{read.name}: {base} has no index"
        if len(indices) not in self._lengths[base]:
            example = indexed(base, next(iter(found)))
            return (
                f"{read.name}: must have an index, such as {example}"
                if not indices
                else (f"{read.name}: must have as many indices as {example}")
            )
        return f"{read.name}: {self._why_outside(base, indices)}"

    def _why_outside(self, base: str, indices: Indices) -> str:
        """Which of a name's indices is out of its range."""
        found = [other for other in self._indices[base] if len(other) == len(indices)]
        line = self._lines.get(indexed(base, found[-1]))
        for position, number in enumerate(indices):
            numbers = [other[position] for other in found]
            variable = (line.variables[position] if line else None) or "the index"
            if number > max(numbers):
                return f"{variable} goes to {max(numbers)}"
            if number < min(numbers):
                advice = f"; give it a number, such as {indexed(base, indices)} = 0" if line else ""
                return f"{variable} begins at {min(numbers)}{advice}"
        return f"there is {', '.join(indexed(base, other) for other in found[:3])}"


@lru_cache(maxsize=32)
def formula_model(formulas: Formulas) -> Model:
    """The model of a program that has no faults."""
    text = read_text(formulas.forward, formulas.loss)
    levels = [(title, blocks) for title, blocks in _levels(text) if blocks]
    in_forward = {read.name for line in text.lines for read in line.reads}
    in_loss = [name.name for name in names_in(text.loss.expression)]
    targets = tuple(name for name in formulas.columns if name in in_loss and name not in in_forward)
    assigned = {line.name for line in text.lines}
    counts = {"L2": formulas.regularized, "L1": formulas.shrinks}
    penalties = tuple(name for name, is_counted in counts.items() if is_counted)
    parameters = (
        Parameter(name, Subject("parameter", name=name), name not in formulas.frozen, penalties)
        for name in formulas.parameters
    )
    count = len(text.lines) + 1
    title = f"{count} {'formula' if count == 1 else 'formulas'}"
    return Model(
        source=formulas,
        title=title,
        facts=(("Program", title),),
        with_optimiser=lambda name: formula_model(replace(formulas, optimizer=name, variation=USUAL)),
        forward=Forward(
            tuple(blocks for _, blocks in levels),
            text.loss.expression,
            tuple(parameters),
            tuple(title for title, _ in levels),
        ),
        loss=None,
        inputs=tuple(name for name in formulas.columns if name not in targets),
        targets=targets,
        predictions=tuple(name for name in in_loss if name in assigned),
        reduction=formulas.reduction,
        optimiser=formulas.rule,
        hyperparameters=defaults(
            [formulas.rule], formulas.regularized, formulas.shrinks, formulas.variation.counts_on
        ),
    )


def _levels(text: Text) -> Iterator[tuple[str, tuple[Block, ...]]]:
    """The levels, each with its title: those that comments open, or else by what reads what."""
    if text.sections == (None,):
        depths: dict[str, int] = {}
        for line in text.lines:
            depths[line.name] = 1 + max((depths.get(read.name, 0) for read in line.reads), default=0)
        for _, lines in groupby(sorted(text.lines, key=lambda line: depths[line.name]),
                                key=lambda line: depths[line.name]):  # fmt: skip
            yield "", tuple(_block([line]) for line in lines)
        return
    for section, lines in groupby(text.lines, key=lambda line: line.section):
        yield from _levels_of(_title(text.sections[section] or ""), list(lines))


def _title(comment: str) -> str:
    """What a comment calls its level: its words up to a gap."""
    words = one_line(comment.partition("  ")[0])
    return words if len(words) <= _LONGEST_TITLE else f"{words[: _LONGEST_TITLE - 1]}…"


def _levels_of(title: str, lines: list[FormulaLine]) -> Iterator[tuple[str, tuple[Block, ...]]]:
    """The level that a comment opens, with a block for each number of its loop where all formulas have the
    same loop, else with one block; or, where one number reads another's, a level for each: a step in time."""
    by_loop: dict[Indices | None, list[FormulaLine]] = {}
    for line in lines:
        by_loop.setdefault(line.loop, []).append(line)
    statements = {tuple(line.statement for line in together) for together in by_loop.values()}
    if None in by_loop or len(by_loop) == 1 or len(statements) > 1:
        yield title, (_block(lines, title),)
        return
    blocks = [
        (name, _block(together, name))
        for numbers, together in by_loop.items()
        for name in [f"{title} {','.join(map(str, numbers or ()))}" if title else ""]
    ]
    order = {numbers: place for place, numbers in enumerate(by_loop)}
    home = {line.name: order[line.loop] for line in lines}
    reads = [(home.get(read.name), order[line.loop]) for line in lines for read in line.reads]
    if all(there in (None, here) for there, here in reads):
        yield title, tuple(block for _, block in blocks)
    elif all(there is None or there <= here for there, here in reads):
        yield from ((name, (block,)) for name, block in blocks)
    else:
        yield title, (_block(lines, title),)


def _block(lines: list[FormulaLine], title: str = "") -> Block:
    return Block(
        tuple(Assignment(line.name, line.expression, Subject("quantity", name=line.name)) for line in lines),
        title,
    )
