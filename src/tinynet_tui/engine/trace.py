"""A trace: the program of one update, run on given numbers."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from types import MappingProxyType

from tinynet_tui.engine.expressions import Name, names_in
from tinynet_tui.engine.network import Network, Setup, batch_samples, parameters_of
from tinynet_tui.engine.program import Program
from tinynet_tui.engine.python_code import (
    CONSTANTS,
    Block,
    Values,
    constants,
    forward_block,
    sample_block,
)
from tinynet_tui.engine.steps import activation_name, state_names, target_name
from tinynet_tui.engine.training import Point, joined_loss
from tinynet_tui.engine.walks import letters, numbers, value


@dataclass(frozen=True, slots=True)
class Trace:
    """Every value of one update. Frozen all through: it can be hashed, kept and sent."""

    setup: Setup
    start: Point
    """The parameters and optimizer state before the update."""
    program: Program
    sample_values: tuple[Values, ...]
    """For each sample of the batch, the values of `program.sample_steps`."""
    closing_values: Values
    """The values of `program.closing_steps`."""
    check_values: tuple[Values, ...]
    """For each sample of the batch, forward and loss once more with the new parameters."""
    loss_before: float
    """The batch's loss with the parameters before the update."""

    def value(self, number: int) -> float:
        """The value that a step (from 1) assigns."""
        position, offset = self.program.place(number)
        if position is None:
            return self.closing_values[offset]
        return self.sample_values[position][offset]

    def value_of(self, number: int, name: Name) -> float:
        """The value that a step reads under a name: the latest one assigned before it."""
        position, offset = self.program.place(number)
        if position is not None:
            return self._batch().in_sample(self.sample_values, position, name.name)
        if offset == len(self.program.closing_steps) - 1:
            return self._batch().in_closing(self.check_values, self.closing_values, offset, name)
        return self._batch().in_closing(self.sample_values, self.closing_values, offset, name)

    def _batch(self) -> _Batch:
        return _Batch(self.setup, self.start, self.program)

    def checked(self, name: str, sample: int) -> float | None:
        """A forward quantity or the loss of a sample (from 1) after the update; None for other names."""
        offset = self.program.sample_position(name)
        row = self.check_values[self.program.samples.index(sample)]
        return None if offset is None or offset >= len(row) else row[offset]

    def given(self, sample: int) -> Mapping[str, float]:
        """What is known before the first step, by name: inputs and targets of a sample (from 1), parameters,
        optimizer state, hyperparameters and the number t of the update."""
        return MappingProxyType(ChainMap(_row(self.setup, sample), _shared(self.setup, self.start)))  # type: ignore[arg-type]

    @property
    def loss_after(self) -> float:
        """The batch's loss with the parameters after the update."""
        return self.closing_values[-1]

    @property
    def parameters_after(self) -> Values:
        """The parameters after the update, in the order of `parameters_of`."""
        return _updated(self._batch(), self.closing_values)

    @property
    def promised(self) -> float:
        """The change of the loss that the gradient foretells: Σ ∂L/∂p · Δp, for plain descent −η‖∇L‖²."""
        names = [p.name for p in parameters_of(self.setup.network)]
        changes = zip(names, self.start.parameters, self.parameters_after, strict=True)
        total = 0.0
        for name, before, after in changes:
            total += self.gradient(name) * (after - before)
        return total

    def gradient(self, name: str) -> float:
        """A parameter's whole gradient, ∂L/∂p of the batch."""
        number = self.program.number(f"dL/d{name}")
        assert number is not None, "every parameter has a gradient"
        return self.value(number)

    def formula(self, number: int) -> str:
        """A step's expression in letters."""
        return letters(self.program.step(number).expression)

    def numbers(self, number: int) -> str:
        """A step's expression with the values that it reads, in full precision."""
        return numbers(self.program.step(number).expression, lambda name: self.value_of(number, name))

    def reads(self, number: int) -> tuple[str, ...]:
        """The names that a step reads, each once."""
        return tuple(dict.fromkeys(name.name for name in names_in(self.program.step(number).expression)))


@dataclass(frozen=True, slots=True)
class _Batch:
    """Where names are looked up: what is given, the values of each sample, and those that close the batch."""

    setup: Setup
    start: Point
    program: Program

    def in_sample(self, rows: tuple[Values, ...], position: int, name: str) -> float:
        """A name's value for the sample at a position of the batch (from 0)."""
        offset = self.program.sample_position(name)
        if offset is not None:
            return rows[position][offset]
        shared = _shared_value(self.setup, self.start, name)
        return shared if shared is not None else _row(self.setup, self.program.samples[position])[name]

    def in_closing(
        self, rows: tuple[Values, ...], assigned: Sequence[float], offset: int, name: Name
    ) -> float:
        """A name's value for the closing step at an offset, where those before it have been assigned."""
        if name.sample is not None:
            return self.in_sample(rows, self.program.samples.index(name.sample), name.name)
        own = self.program.closing_position(name.name)
        if own is not None and own < offset:
            return assigned[own]
        return self.in_sample(rows, 0, name.name)


def _row(setup: Setup, sample: int) -> dict[str, float]:
    """The inputs and targets of a sample (from 1), by name."""
    inputs, targets = setup.inputs[sample - 1], setup.targets[sample - 1]
    return {
        **{activation_name(setup.network, 0, i): x for i, x in enumerate(inputs, start=1)},
        **{target_name(setup.network, i): y for i, y in enumerate(targets, start=1)},
    }


@lru_cache(maxsize=16)
def _shared(setup: Setup, start: Point) -> Mapping[str, float]:
    """Parameters, optimizer state, hyperparameters and the number t of the update, by name."""
    values = {name: _shared_value(setup, start, name) for name in _shared_places(setup.network)}
    return MappingProxyType({name: value for name, value in values.items() if value is not None})


def _shared_value(setup: Setup, start: Point, name: str) -> float | None:
    """The value of one of them; None for a name that is none of them."""
    # Not looked up in `_shared`: hashing a large setup for every name would take the most time of all.
    match _shared_places(setup.network).get(name):
        case "parameter", position:
            return start.parameters[position]
        case "state", position:
            return start.state[position]
        case "constant", position:
            return constants(setup.hyperparameters)[position]
        case "update", _:
            return float(start.update)
    return None


@lru_cache(maxsize=32)
def _shared_places(network: Network) -> Mapping[str, tuple[str, int]]:
    """Where each of them stands: what it is, and its position among its like."""
    return MappingProxyType(
        {
            **{p.name: ("parameter", i) for i, p in enumerate(parameters_of(network))},
            **{name: ("state", i) for i, name in enumerate(state_names(network))},
            **{name: ("constant", i) for i, name in enumerate(CONSTANTS)},
            "t": ("update", 0),
        }
    )


@lru_cache(maxsize=16)
def trace(setup: Setup, start: Point) -> Trace:
    """One update, run from a point of training."""
    network = setup.network
    samples = batch_samples(len(setup.inputs), setup.batch, start.update)
    program = Program(network, tuple(sample + 1 for sample in samples))
    batch = _Batch(setup, start, program)
    before = _rows(batch, sample_block(network), start.parameters)
    closing: list[float] = []
    *updates, check = program.closing_steps
    for offset, step in enumerate(updates):
        read = partial(batch.in_closing, before, closing, offset)
        closing.append(value(step.expression, read))
    after = _rows(batch, forward_block(network), _updated(batch, closing))
    closing.append(value(check.expression, partial(batch.in_closing, after, closing, len(updates))))
    loss = program.sample_position("L")
    assert loss is not None, "every program has a loss"
    loss_before = joined_loss(setup, start.parameters, [row[loss] for row in before])
    return Trace(setup, start, program, before, tuple(closing), after, loss_before)


def _rows(batch: _Batch, block: Block, parameters: Values) -> tuple[Values, ...]:
    """For each sample of a batch, the values of a block's steps."""
    setup, fixed = batch.setup, constants(batch.setup.hyperparameters)
    return tuple(
        block(parameters, fixed, setup.inputs[sample - 1], setup.targets[sample - 1])
        for sample in batch.program.samples
    )


def _updated(batch: _Batch, closing: Sequence[float]) -> Values:
    """The parameters after the update; a frozen one keeps its value."""
    positions = (batch.program.closing_position(p.name) for p in parameters_of(batch.setup.network))
    return tuple(
        old if position is None else closing[position]
        for old, position in zip(batch.start.parameters, positions, strict=True)
    )
