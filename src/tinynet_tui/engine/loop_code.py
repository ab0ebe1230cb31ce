"""The training loop, printed as Python from the steps and compiled once for each model.

What is read once is put in where it is read, terms that occur twice are computed once, and what nobody reads
is left out. None of it changes a result: every operation is done on the same numbers as in the steps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from tinynet_tui.engine.expression_reading import in_python, names_as_printed, nested, substituted
from tinynet_tui.engine.expressions import ONE, Apply, Expr, Name, add, names_in
from tinynet_tui.engine.model import Model, Named, Rows, Values
from tinynet_tui.engine.names import identifier
from tinynet_tui.engine.operations import OPERATIONS
from tinynet_tui.engine.python_code import (
    assignment,
    compiled,
    computed_lines,
    indented,
    own_name,
    sample_row,
    tuple_of,
    unpacking,
)
from tinynet_tui.engine.steps import closing_steps, sample_steps, state_names, weight_penalty

_MOST_NESTED = 32
"""Operations in each other that are put in where they are read: Python takes no more than 200 brackets in
each other, and what is read off an expression goes down as deep as it is."""

Loop = Callable[
    [Values, Values, Values, Rows, Rows, int, int, int, Callable[[Any], object]],
    tuple[Values, Values],
]
"""(parameters, state, constants, inputs, targets, batch, first update, updates, record) -> (parameters,
state); `record` is called before each update with the loss over all samples, or with a whole row."""


@lru_cache(maxsize=64)
def training_loop(model: Model, samples: int, batch: int, rows: bool = False) -> Loop:
    """The loop over updates for data with one sample, or with several.

    rows: what is recorded before an update is the loss, the outputs for each sample, and the parameters, in
    one tuple; else the loss alone.
    """
    loop: Loop = compiled(loop_source(model, samples, batch, rows), "loop")
    return loop


def loop_source(model: Model, samples: int, batch: int, rows: bool = False) -> str:
    """The same as text, which another process can compile."""
    if samples == 1:
        return one_sample_source(model, rows)
    return batches_source(model, batch >= samples, rows)


def one_sample_source(model: Model, rows: bool = False) -> str:
    """The loop for data of one sample: no batch, nothing to join."""
    outputs = model.predictions if rows else ()
    loss = _loss(model)
    recorded = ("_recorded", add(Name("L"), weight_penalty(model)))
    lines = with_terms_shared([*_per_sample(model), *loss, recorded, *_closing(model)], model)
    lines = with_single_uses_put_in(lines, model, kept={"_recorded", *outputs})
    known = 1 + [name for name, _ in lines].index("_recorded")
    row = ("_recorded", *outputs, *model.parameter_names) if rows else ("_recorded",)
    return "\n".join(
        (
            *_head(model),
            f"    (({sample_row(model)}),) = zip(inputs, targets)",
            f"    for {own_name(model, 't')} in range(first_update, first_update + updates):",
            *indented((_line(*line) for line in lines[:known]), 2),
            f"        record({tuple_of(row) if rows else '_recorded'})",
            *indented((_line(*line) for line in lines[known:]), 2),
            *_end(model),
        )
    )


def batches_source(model: Model, full_batch: bool, rows: bool = False) -> str:
    """The loop for several samples: an inner loop adds up the gradients of a batch, then joins them."""
    gradients = [identifier(name) for name in _wanted_gradients(model)]
    outputs = model.predictions if rows else ()
    loss = _loss(model)
    forward = [(s.name, s.expression) for s in sample_steps(model) if s.phase == "forward"]
    per_sample = with_terms_shared([*_per_sample(model), *(loss if full_batch else [])], model)
    per_sample = with_single_uses_put_in(per_sample, model, kept={"L", *outputs, *_wanted_gradients(model)})
    # A sum starts at -0.0, the one number that changes nothing it is added to.
    lines = [
        *_head(model),
        "    data = list(zip(inputs, targets))",
        "    batches = [data[start : start + batch] for start in range(0, len(data), batch)]",
        f"    for {own_name(model, 't')} in range(first_update, first_update + updates):",
        f"        samples = batches[({own_name(model, 't')} - 1) % len(batches)]",
        f"        sum_L = {' = '.join(f'sum_{g}' for g in gradients)} = -0.0",
        *(["        outputs = []"] if rows else []),
        f"        for {sample_row(model)} in samples:",
        *indented((_line(*line) for line in per_sample), 3),
        *indented((f"sum_{g} += {g}" for g in gradients), 3),
    ]
    if not full_batch:
        lines += [
            f"        for {sample_row(model)} in data:",
            *indented((assignment(*line) for line in (*forward, *loss)), 3),
        ]
    joined = "{} / len({})" if model.reduction == "mean" else "{}"
    recorded = _with_penalty(joined.format("sum_L", "data"), weight_penalty(model))
    collected = [f"            outputs += {tuple_of(outputs)}"] if rows else []
    row = f"({recorded}, *outputs, *{tuple_of(model.parameter_names)})" if rows else recorded
    return "\n".join(
        (
            *lines,
            "            sum_L += L",
            *collected,
            f"        record({row})",
            *indented((f"{g} = {joined.format(f'sum_{g}', 'samples')}" for g in gradients), 2),
            *indented((assignment(*line) for line in with_terms_shared(_closing(model), model)), 2),
            *_end(model),
        )
    )


def array_source(model: Model, batch: int) -> str:
    """The loop for many starts at once: every number is an array of all starts, by sample where it has one.

    It takes (parameters, state, constants, batches, first update, updates), a batch being (inputs, targets,
    samples), and needs the operations for arrays and `summed` in its reach; it records nothing. Of one sample
    in a batch there is nothing to sum up.
    """
    gradients = _wanted_gradients(model)
    joined = "summed({}, samples) / samples" if model.reduction == "mean" else "summed({}, samples)"
    kept = set(gradients) if batch > 1 else set()
    lines = [*_per_sample(model), *([] if batch > 1 else _closing(model))]
    lines = with_single_uses_put_in(with_terms_shared(lines, model), model, kept=kept)
    closing = with_terms_shared(_closing(model), model) if batch > 1 else []
    return "\n".join(
        (
            "def loop(parameters, state, constants, batches, first_update, updates):",
            *indented(unpacking(model), 1),
            f"    {tuple_of(state_names(model))} = state",
            f"    for {own_name(model, 't')} in range(first_update, first_update + updates):",
            f"        {sample_row(model)}, samples = batches[({own_name(model, 't')} - 1) % len(batches)]",
            *indented((_of_arrays(*line) for line in lines), 2),
            *indented((f"{g} = {joined.format(g)}" for g in map(identifier, gradients) if batch > 1), 2),
            *indented((_of_arrays(*line) for line in closing), 2),
            *_end(model),
        )
    )


def _of_arrays(name: str, expression: Expr) -> str:
    """An assignment whose operations are calls, where Python has a choice that no array can make."""
    return f"{identifier(name)} = {in_python(expression)}"


def _head(model: Model) -> list[str]:
    return [
        "def loop(parameters, state, constants, inputs, targets, batch, first_update, updates, record):",
        *indented(unpacking(model), 1),
        f"    {tuple_of(state_names(model))} = state",
    ]


def _end(model: Model) -> list[str]:
    return [f"    return {tuple_of(model.parameter_names)}, {tuple_of(state_names(model))}"]


def _with_penalty(loss: str, penalty: Expr) -> str:
    return f"{loss} + {in_python(penalty, 'inline')}" if names_in(penalty) else loss


def _wanted_gradients(model: Model) -> list[str]:
    return [f"dL/d{p.name}" for p in model.trained_parameters]


def _per_sample(model: Model) -> list[Named]:
    """What a sample's forward and backward phases assign that an update or the loss reads."""
    steps = [s for s in sample_steps(model) if s.role != "loss"]
    local: dict[Expr, Expr] = {Name(s.name): s.expression for s in steps if s.role == "local"}
    wanted = {n.name for _, expression in _loss(model) for n in names_in(expression)}
    wanted |= set(_wanted_gradients(model))
    kept: list[Named] = []
    for step in reversed(steps):
        if step.name in wanted and step.role != "local":
            lines = computed_lines(step, _without_ones(substituted(step.expression, local)))
            wanted |= {n.name for _, expression in lines for n in names_in(expression)}
            kept += reversed(lines)
    return kept[::-1]


def _loss(model: Model) -> tuple[Named, ...]:
    """What gives the loss of a sample."""
    return next(computed_lines(step) for step in sample_steps(model) if step.role == "loss")


def _closing(model: Model) -> list[Named]:
    """L1 and L2, optimiser state and updates, once the gradients of a batch are joined."""
    trained = set(_wanted_gradients(model))
    steps = (s for s in closing_steps(model, (1,)) if s.role != "check")
    return [(s.name, s.expression) for s in steps if s.role != "gradient" or s.name in trained]


def _without_ones(expr: Expr) -> Expr:
    """An expression without the factors of 1 in its products."""
    match expr:
        case Apply("multiply", arguments):
            match [_without_ones(argument) for argument in arguments if argument != ONE]:
                case []:
                    return ONE
                case [factor]:
                    return factor
                case factors:
                    return Apply("multiply", tuple(factors))
        case Apply(operation, arguments):
            return Apply(operation, tuple(map(_without_ones, arguments)))
    return expr


def with_terms_shared(assignments: list[Named], model: Model) -> list[Named]:
    """The same assignments, with each term that occurs more than once computed before its first use."""
    changing = _changing(model)
    uses = Counter(term for _, expression in assignments for term in _terms(expression))
    names: dict[Expr, Expr] = {}
    result: list[Named] = []
    for name, expression in assignments:
        for term in _terms(expression):
            if uses[term] == 1 or term in names or any(n.name in changing for n in names_in(term)):
                continue
            shared = f"_shared{len(names) + 1}"
            result.append((shared, substituted(term, names)))
            names[term] = Name(shared)
        result.append((name, substituted(expression, names)))
    return result


def with_single_uses_put_in(assignments: list[Named], model: Model, kept: set[str]) -> list[Named]:
    """The same assignments, with what is read once put in where it is read, and another name for a thing
    replaced by the thing itself; but nothing that is deep already, as a long chain of quantities is."""
    changing = _changing(model)
    readers: dict[str, list[int]] = {}
    for position, (_, expression) in enumerate(assignments):
        for name in names_as_printed(expression):
            readers.setdefault(name, []).append(position)
    until = next((i for i, (name, _) in enumerate(assignments) if name in changing), len(assignments))
    stays = kept | changing
    values: dict[Expr, Expr] = {}
    result: list[Named] = []
    for name, expression in assignments:
        expression = _without_ones(substituted(expression, values))
        read_at = readers.get(name, [])
        # Read where nothing has been assigned anew yet, it may hold what an update changes. This is asked of
        # each reader in its turn, of what was put into it as well, before that is put in further down.
        fixed = not any(n.name in changing for n in names_in(expression)) or max(read_at, default=0) < until
        is_put_in = isinstance(expression, Name) or (len(read_at) == 1 and nested(expression) <= _MOST_NESTED)
        if fixed and name not in stays and is_put_in:
            values[Name(name)] = expression
        else:
            result.append((name, expression))
    return result


def _line(name: str, expression: Expr) -> str:
    """An assignment; where a ReLU is open its slope is 1, and the product is taken without it."""
    match expression:
        case Apply("multiply", (*factors, Apply(slope, (z, *_)))) if OPERATIONS[slope].special.is_1_above_0:
            product = factors[0] if len(factors) == 1 else Apply("multiply", tuple(factors))
            open_gate = f"{in_python(product, 'inline')} if {in_python(z, 'inline')} > 0.0"
            return f"{identifier(name)} = {open_gate} else {in_python(expression, 'inline')}"
    return assignment(name, expression)


def _changing(model: Model) -> set[str]:
    """What an update assigns anew: parameters and optimiser state."""
    return {*model.parameter_names, *state_names(model)}


def _terms(expr: Expr) -> Iterator[Expr]:
    """The operations within an expression, each as often as its Python has it, the inner ones first."""
    if isinstance(expr, Apply):
        rarely_read = OPERATIONS[expr.operation].special.rarely_read
        for position, argument in enumerate(expr.arguments):
            if position == rarely_read:
                continue
            yield from _terms(argument)
            if expr.operation == "square":
                yield from _terms(argument)
        yield expr
