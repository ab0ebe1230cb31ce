"""The steps of an update as lines of Python, group by group, each group with a print of its values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, groupby

from tinynet_tui.engine.expression_reading import substituted
from tinynet_tui.engine.expressions import Expr, Name, apply
from tinynet_tui.engine.forward import Subject
from tinynet_tui.engine.model import Model
from tinynet_tui.engine.names import identifier
from tinynet_tui.engine.python_code import own_name, python_line
from tinynet_tui.engine.stable_forms import OWN, Choices
from tinynet_tui.engine.steps import Step, batch_loss, closing_steps, sample_steps
from tinynet_tui.handouts.script_parts import WIDTH

_VALUES = 4
"""The most values that are printed on one line."""
_SUM = "sum/"
"""Begins the name of a sum over the batch: an own name of the script's, as no quantity has a stroke."""
_NEW_LOSS = "new/L"
"""What the check assigns."""
_NAMES_IN_A_CHAIN = 5
_PLURALS = {"weight": "weights", "bias": "biases", "parameter": "parameters"}
"""What parameters of a kind are called."""


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """A line of a script."""

    text: str
    step: tuple[bool, int] | None = None
    """What it assigns: whether one of `Program.sample_steps`, and the position there or, else, among
    `closing_steps`; None where it assigns no step."""


_Numbered = tuple[tuple[bool, int], Step]
"""A step, and what `Line.step` says of it."""


@lru_cache(maxsize=32)
def one_sample_lines(model: Model, before: Choices, after: Choices) -> tuple[ScriptLine, ...]:
    """An update on the one sample that the names of inputs and targets stand for.

    before, after: which expressions steps take before the parameters change, and in the check.
    """
    *closing, check = _numbered(closing_steps(model, (1,)), of_sample=False)
    return (
        *_sample_groups(model, before),
        *_closing_groups(closing, joined="with L2 regularisation"),
        *_check(plain(_forward_lines(model)), check, after),
    )


@lru_cache(maxsize=32)
def batch_lines(model: Model, before: Choices, after: Choices) -> tuple[ScriptLine, ...]:
    """An update on the samples in the list `batch`: a loop over them adds up their gradients."""
    gradients = [f"dL/d{name}" for name in model.parameter_names]
    row = row_names(model)
    alone = {step.name: step.expression for step in closing_steps(model, (1,)) if step.role == "gradient"}
    steps = [step._replace(expression=_of_sums(model, step, alone)) for step in closing_steps(model, (1, 2))]
    *closing, check = _numbered(steps, of_sample=False)
    is_mean = model.reduction == "mean"
    return (
        *plain(("", "# Sums begin at -0.0, the one number that changes nothing it is added to.")),
        *plain(_zeroed(gradients)),
        ScriptLine(f"for {row} in batch:"),
        *indented(plain(prints(row.split(", ")))),
        *indented(_sample_groups(model, before)),
        *indented(plain(("", "# Add this sample's gradients"))),
        *indented(plain(f"{_sum(name)} += {identifier(name)}" for name in gradients)),
        *plain(("", f"{own_name(model, 'n')} = len(batch)") if is_mean else ()),
        *_closing_groups(closing, joined="the mean over the batch" if is_mean else "the sum"),
        *_check(_losses_added(model, after), check, after),
    )


def row_names(model: Model) -> str:
    """The names of a sample's inputs and targets: x1, x2, y."""
    return ", ".join(map(identifier, (*model.inputs, *model.targets)))


def _numbered(steps: Iterable[Step], of_sample: bool) -> list[_Numbered]:
    return [((of_sample, position), step) for position, step in enumerate(steps)]


def _sample_groups(model: Model, choices: Choices) -> Iterator[ScriptLine]:
    """Forward, loss and backward: a group for each block."""
    numbered = _numbered(sample_steps(model), of_sample=True)
    for (phase, block), group in groupby(numbered, key=lambda item: (item[1].phase, item[1].block)):
        title = "" if block is None else model.forward.blocks[block].title
        yield from _group(f"{phase.capitalize()}{': ' * bool(title)}{title}", list(group), choices)


def _closing_groups(closing: list[_Numbered], joined: str) -> Iterator[ScriptLine]:
    """Joined gradients and updates: a group for the weights of each layer, and one for its biases."""
    changing = False
    for (phase, kind, layer), group in groupby(closing, key=_kind_of):
        if phase == "update" and not changing:
            changing = True
            yield from plain(("", "# Parameters change only now that every gradient is known."))
        of = f"the {_PLURALS[kind]}{f' of layer {layer}' if layer else ''}"
        yield from _group(
            f"{phase.capitalize()}: {of if phase == 'update' else f'{joined}, {of}'}", list(group), OWN
        )


def _kind_of(numbered: _Numbered) -> tuple[str, str, int | None]:
    step = numbered[1]
    return step.phase, step.of.kind, step.of.layer


def _group(title: str, group: list[_Numbered], choices: Choices) -> Iterator[ScriptLine]:
    """A comment, a line for each step, and prints of their values."""
    yield from plain(("", f"# {title}"))
    yield from (ScriptLine(python_line(step, choices), place) for place, step in group)
    yield from plain(chain.from_iterable(prints(map(identifier, row)) for row in _rows(group)))


def _rows(group: list[_Numbered]) -> list[list[str]]:
    """The names printed together: those about one parameter, and what is about none."""
    by_parameter = groupby((step for _, step in group), key=_parameter_of)
    rows = [[step.name for step in together] for _, together in by_parameter]
    return rows if any(len(row) > 1 for row in rows) else [[name for row in rows for name in row]]


def _parameter_of(step: Step) -> Subject | None:
    return step.of if step.of.kind in _PLURALS else None


def _forward_lines(model: Model) -> list[str]:
    return [python_line(step) for step in sample_steps(model) if step.phase == "forward"]


def _losses_added(model: Model, choices: Choices) -> list[ScriptLine]:
    (loss,) = (step for step in sample_steps(model) if step.phase == "loss")
    texts = (*_forward_lines(model), python_line(loss, choices), f"{_sum('L')} += L")
    return [
        ScriptLine(f"{_sum('L')} = -0.0"),
        ScriptLine(f"for {row_names(model)} in batch:"),
        *indented(plain(texts)),
    ]


def _check(forward: list[ScriptLine], check: _Numbered, choices: Choices) -> Iterator[ScriptLine]:
    place, step = check[0], check[1]._replace(name=_NEW_LOSS)
    yield from plain(("", "# Check: the loss once more, with the new parameters"))
    yield from forward
    yield ScriptLine(python_line(step, choices), place)
    yield from plain(prints([identifier(step.name)]))


def _zeroed(names: list[str]) -> Iterator[str]:
    for start in range(0, len(names), _NAMES_IN_A_CHAIN):
        yield " = ".join((*map(_sum, names[start : start + _NAMES_IN_A_CHAIN]), "-0.0"))


def _sum(name: str) -> str:
    return identifier(_SUM + name)


def _of_sums(model: Model, step: Step, alone: dict[str, Expr]) -> Expr:
    """A closing step's expression, its terms of one sample after another replaced by their sum.

    alone: what is done to the gradients of a sample that is alone in its batch.
    """
    if step.role not in ("gradient", "check"):
        return step.expression
    name = step.quantity
    term = Name(name, 1)
    joined = batch_loss(model, (1,)) if step.role == "check" else alone.get(step.name, term)
    total = Name(_SUM + name)
    whole = apply("share", total, Name(own_name(model, "n"))) if model.reduction == "mean" else total
    return substituted(joined, {term: whole})


def plain(texts: Iterable[str]) -> list[ScriptLine]:
    """Lines that assign no step."""
    return [ScriptLine(text) for text in texts]


def indented(lines: Iterable[ScriptLine]) -> Iterator[ScriptLine]:
    """Lines moved to the right by one level; empty ones stay empty."""
    return (replace(line, text=f"    {line.text}" if line.text else "") for line in lines)


def folded(lines: Iterable[ScriptLine]) -> Iterator[ScriptLine]:
    """Lines, those too long taken apart: a sum before its plus signs, a row of numbers after its commas."""
    for line in lines:
        if len(line.text) <= WIDTH:
            yield line
        else:
            yield from (replace(line, text=text) for text in _folded(line.text))


def _folded(text: str) -> Iterator[str]:
    margin = " " * (len(text) - len(text.lstrip()))
    name, assigned, value = text.strip().partition(" = ")
    if name.startswith("("):
        yield from _filled(name.split(", "), margin, ", ", hanging=" ")
    elif assigned and name.isidentifier() and " + " in value:
        yield f"{margin}{name} = ("
        yield from _filled(value.split(" + "), f"{margin}    ", " + ")
        yield f"{margin})"
    else:
        yield text


def _filled(parts: list[str], margin: str, apart: str, hanging: str = "") -> Iterator[str]:
    """Lines of parts, as many on each as there is room for; a comma ends a line, another sign begins one."""
    ends, begins = (apart.rstrip(), "") if apart.startswith(",") else ("", apart.lstrip())
    line = margin + parts[0]
    for part in parts[1:]:
        if len(line + apart + part) < WIDTH:
            line += apart + part
        else:
            yield line + ends
            line = margin + hanging + begins + part
    yield line


def prints(names: Iterable[str]) -> Iterator[str]:
    """Lines that print values with their names, a few on each: print(f"{z1 = }   {h1 = }")."""
    fields = [f"{{{name} = }}" for name in names]
    for start in range(0, len(fields), _VALUES):
        yield f'print(f"{"   ".join(fields[start : start + _VALUES])}")'
