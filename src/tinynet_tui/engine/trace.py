"""A trace: the program of one update, run on given numbers."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from operator import add, itemgetter
from types import MappingProxyType

from tinynet_tui.engine.expression_reading import letters, numbers, value
from tinynet_tui.engine.expressions import Name, names_in
from tinynet_tui.engine.model import Setup, Values, batch_samples, hyperparameters_of
from tinynet_tui.engine.program import Program
from tinynet_tui.engine.python_code import Block, constants, forward_block, sample_block
from tinynet_tui.engine.steps import Step, joined_parameters, state_names, with_own_penalty
from tinynet_tui.engine.training import Point, joined_loss


@dataclass(frozen=True, slots=True)
class Trace:
    """Every value of one update. Frozen all through: it can be hashed, kept and sent."""

    setup: Setup
    start: Point
    """The parameters and optimiser state before the update."""
    program: Program
    sample_values: tuple[Values, ...]
    """For each sample of the batch, the values of `program.sample_steps`."""
    closing_values: Values
    """The values of `program.closing_steps`."""
    check_values: tuple[Values, ...]
    """For each sample of the batch, forward and loss once more with the new parameters."""
    loss_before: float
    """The batch's loss with the parameters before the update."""
    shared: Mapping[str, float] = field(compare=False, repr=False)
    """What is given to all samples, by name: parameters, state, hyperparameters and the update's number t."""

    def value(self, number: int) -> float:
        """The value that a step (from 1) assigns."""
        position, offset = self.program.place(number)
        if position is None:
            return self.closing_values[offset]
        return self.sample_values[position][offset]

    def step(self, number: int) -> Step:
        """The step of a number (from 1), with the expression that gives its value here."""
        step = self.program.step(number)
        if step.stable_form is None or not step.stable_form.is_needed(partial(self.value_of, number)):
            return step
        return step._replace(expression=step.stable_form.expression)

    def value_of(self, number: int, name: Name) -> float:
        """The value that a step reads under a name: the latest one assigned before it."""
        position, offset = self.program.place(number)
        if position is not None:
            return self._in_sample(self.sample_values, position, name.name)
        own = self.program.closing_position(name.name)
        if own is not None and own < offset and name.sample is None:
            return self.closing_values[own]
        anew = offset == len(self.closing_values) - 1
        position = self.program.samples.index(name.sample) if name.sample else 0
        return self._in_sample(self.check_values if anew else self.sample_values, position, name.name)

    def _in_sample(self, rows: tuple[Values, ...], position: int, name: str) -> float:
        """A name's value for the sample at a position of the batch (from 0)."""
        offset = self.program.sample_position(name)
        if offset is not None:
            return rows[position][offset]
        if name in self.shared:
            return self.shared[name]
        return self._data(self.program.samples[position])[name]

    def checked(self, name: str, sample: int) -> float | None:
        """A forward quantity or the loss of a sample (from 1) after the update; None for other names."""
        offset = self.program.sample_position(name)
        row = self.check_values[self.program.samples.index(sample)]
        return None if offset is None or offset >= len(row) else row[offset]

    def given(self, sample: int) -> Mapping[str, float]:
        """What is known before the first step, by name: inputs and targets of a sample (from 1), parameters,
        optimiser state, hyperparameters and the number t of the update."""
        return MappingProxyType(ChainMap(self._data(sample), self.shared))  # type: ignore[arg-type]

    def _data(self, sample: int) -> dict[str, float]:
        """The inputs and targets of a sample (from 1), by name."""
        setup = self.setup
        values = (*setup.inputs[sample - 1], *setup.targets[sample - 1])
        return dict(zip((*setup.model.inputs, *setup.model.targets), values, strict=True))

    @property
    def loss_after(self) -> float:
        """The batch's loss with the parameters after the update."""
        return self.closing_values[-1]

    @property
    def parameters_after(self) -> Values:
        """The parameters after the update, in the order of the model's; a frozen one keeps its value."""
        return _updated(self.program, self.start.parameters, self.closing_values)

    @property
    def promised(self) -> float:
        """The change of the loss that the gradient foretells: Σ ∂L/∂p · Δp, for plain descent −η‖∇L‖²."""
        changes = zip(
            self.setup.model.parameter_names, self.start.parameters, self.parameters_after, strict=True
        )
        total = 0.0
        for name, before, after in changes:
            total += self.gradient(name) * (after - before)
        return total

    def gradient(self, name: str) -> float:
        """A parameter's whole gradient, ∂L/∂p of the batch."""
        return self.value(self.program.number_of(f"dL/d{name}"))

    def formula(self, number: int) -> str:
        """A step's expression in letters."""
        return letters(self.step(number).expression)

    def numbers(self, number: int) -> str:
        """A step's expression with the values that it reads, in full precision."""
        return numbers(self.step(number).expression, lambda name: self.value_of(number, name))

    def reads(self, number: int) -> tuple[str, ...]:
        """The names that a step reads, each once."""
        return tuple(dict.fromkeys(name.name for name in names_in(self.step(number).expression)))


@lru_cache(maxsize=4)  # those of large batches are large
def trace(setup: Setup, start: Point) -> Trace:
    """One update, run from a point of training."""
    model = setup.model
    samples = batch_samples(len(setup.inputs), setup.batch, start.update)
    program = Program(model, tuple(sample + 1 for sample in samples))
    shared = {
        **dict(zip(model.parameter_names, start.parameters, strict=True)),
        **dict(zip(state_names(model), start.state, strict=True)),
        **hyperparameters_of(setup),
    }
    if "t" not in (*model.inputs, *model.targets, *shared):
        shared["t"] = float(start.update)
    before = _rows(setup, program, sample_block(model), start.parameters)
    closing = _closing_values(program, shared | _joined_gradients(program, before))
    updated = _updated(program, start.parameters, closing)
    after = _rows(setup, program, forward_block(model), updated)
    loss = program.sample_position("L")
    assert loss is not None, "every program has a loss"
    loss_before = joined_loss(setup, start.parameters, [row[loss] for row in before])
    loss_after = joined_loss(setup, updated, [row[loss] for row in after])
    values = (before, (*closing, loss_after), after)
    return Trace(setup, start, program, *values, loss_before, MappingProxyType(shared))


def _rows(setup: Setup, program: Program, block: Block, parameters: Values) -> tuple[Values, ...]:
    """For each sample of a batch, the values of a block's steps."""
    fixed = constants(setup)
    return tuple(
        block(parameters, fixed, setup.inputs[sample - 1], setup.targets[sample - 1])
        for sample in program.samples
    )


def _joined_gradients(program: Program, rows: tuple[Values, ...]) -> dict[str, float]:
    """The gradients of all parameters by their names, over the samples of a batch; without L2.

    What `steps.over_samples` says, to the last bit; with many samples and parameters much faster than its
    expressions are.
    """
    names = [f"dL/d{name}" for name in program.model.parameter_names]
    offsets = [offset for offset in map(program.sample_position, names) if offset is not None]
    gradients = itemgetter(*offsets, 0)  # with one parameter alone, still a tuple
    totals = list(gradients(rows[0]))
    for row in rows[1:]:
        totals = list(map(add, totals, gradients(row)))
    if program.model.reduction == "mean":
        totals = [total / float(len(rows)) for total in totals]
    return dict(zip(names, totals[:-1], strict=True))


def _closing_values(program: Program, known: dict[str, float]) -> Values:
    """The values of the closing steps but the check, from all that they read, by name."""

    def read(name: Name) -> float:
        return known[name.name]

    for parameter in joined_parameters(program.model, len(program.samples)):
        gradient = f"dL/d{parameter.name}"
        known[gradient] = value(with_own_penalty(Name(gradient), parameter), read)
    *closing, _check = program.closing_outline
    for step in closing:
        if step.phase == "update":
            known[step.name] = value(step.expression, read)
    return tuple(known[step.name] for step in closing)


def _updated(program: Program, before: Values, closing: Values) -> Values:
    """The parameters after the update; a frozen one keeps its value."""
    positions = map(program.closing_position, program.model.parameter_names)
    return tuple(
        old if position is None else closing[position]
        for old, position in zip(before, positions, strict=True)
    )
