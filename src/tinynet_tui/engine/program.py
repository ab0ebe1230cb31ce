"""The program of one update: a straight line of assignments, one for each step a learner is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from tinynet_tui.engine.expressions import Name
from tinynet_tui.engine.model import Model
from tinynet_tui.engine.steps import Step, closing_step, closing_steps, sample_positions, sample_steps


@dataclass(frozen=True, slots=True)
class Program:
    """All steps of one update: the same for one sample after another, then those that close the batch."""

    model: Model
    samples: tuple[int, ...]
    """The samples of the batch, numbered from 1."""

    sample_steps: tuple[Step, ...] = field(init=False, compare=False, repr=False)
    """Forward, loss and backward, for any one sample."""
    closing_outline: tuple[Step, ...] = field(init=False, compare=False, repr=False)
    """Gradients joined over the samples, optimiser state, updates and the check, for one sample or for two.
    Those of larger batches have other expressions, and are the same in all else."""
    _sample_positions: Mapping[str, int] = field(init=False, compare=False, repr=False)
    _closing_positions: Mapping[str, int] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        # All follow from the fields above; they are kept because every look at a program needs them.
        several = len(self.samples) > 1
        object.__setattr__(self, "sample_steps", sample_steps(self.model))
        object.__setattr__(self, "closing_outline", _closing_outline(self.model, several))
        object.__setattr__(self, "_sample_positions", sample_positions(self.model))
        object.__setattr__(self, "_closing_positions", _closing_positions(self.model, several))

    def __len__(self) -> int:
        return len(self.samples) * len(self.sample_steps) + len(self.closing_outline)

    @property
    def closing_steps(self) -> tuple[Step, ...]:
        """Those that close the batch, as they are for its samples."""
        return closing_steps(self.model, self.samples)

    def place(self, number: int) -> tuple[int | None, int]:
        """Where a step (from 1) stands: the position of its sample in the batch and its own among that
        sample's steps; None and its position among the closing steps. Positions count from 0.

        Raises: IndexError when there is no such step.
        """
        if not 1 <= number <= len(self):
            raise IndexError(f"steps are numbered 1 to {len(self)}, not {number}")
        position, offset = divmod(number - 1, len(self.sample_steps))
        if position < len(self.samples):
            return position, offset
        return None, number - 1 - len(self.samples) * len(self.sample_steps)

    def number_at(self, position: int | None, offset: int) -> int:
        """The number of the step at a place: the reverse of `place`."""
        before = len(self.samples) if position is None else position
        return before * len(self.sample_steps) + offset + 1

    def step(self, number: int) -> Step:
        """The step of a number, from 1.

        Raises: IndexError when there is no such step.
        """
        position, offset = self.place(number)
        if position is None:
            return closing_step(self.model, self.samples, offset)
        return self.sample_steps[offset]._replace(sample=self.samples[position])

    def steps(self) -> Iterator[Step]:
        """All steps in order."""
        return (self.step(number) for number in range(1, len(self) + 1))

    def number(self, name: str, sample: int | None = None) -> int | None:
        """The number of the step that assigns a name for a sample; without a sample, for the whole batch.

        None where no step does. In a batch of one, what belongs to its sample belongs to the batch, unless
        closing steps complete it.
        """
        if sample is None:
            closing = self.closing_position(name)
            if closing is not None:
                return self.number_at(None, closing)
            if len(self.samples) > 1:
                return None
        position = 0 if sample is None else self.samples.index(sample)
        offset = self.sample_position(name)
        return None if offset is None else self.number_at(position, offset)

    def number_of(self, name: str, sample: int | None = None) -> int:
        """The number of a step that there is: every sample has a loss, and every parameter a gradient."""
        number = self.number(name, sample)
        assert number is not None, f"no step assigns {name}"
        return number

    def assigned_at(self, name: Name, reader: int) -> int | None:
        """The number of the step whose value another one (its number from 1) reads under a name.

        None where the value is given, or is computed anew for the check, which no step shows.
        """
        position, offset = self.place(reader)
        if position is not None:
            return self.number(name.name, self.samples[position])
        own = self.closing_position(name.name)
        if own is not None and own < offset and name.sample is None:
            return self.number(name.name)
        anew = offset == len(self.closing_outline) - 1
        return None if anew else self.number(name.name, name.sample or self.samples[0])

    def sample_position(self, name: str) -> int | None:
        """The position (from 0) among `sample_steps` of the step that assigns a name, or None."""
        return self._sample_positions.get(name)

    def sample_step(self, name: str) -> Step | None:
        """The one among `sample_steps` that assigns a name, or None."""
        position = self.sample_position(name)
        return None if position is None else self.sample_steps[position]

    def sample_step_of(self, name: str) -> Step:
        """The same of a name that every sample has a step for."""
        step = self.sample_step(name)
        assert step is not None, f"{name} is a step of every sample"
        return step

    def closing_position(self, name: str) -> int | None:
        """The position (from 0) among the closing steps of the step that assigns a name, or None."""
        return self._closing_positions.get(name)


@lru_cache(maxsize=32)
def _closing_outline(model: Model, several: bool) -> tuple[Step, ...]:
    return closing_steps(model, (1, 2) if several else (1,))


@lru_cache(maxsize=32)
def _closing_positions(model: Model, several: bool) -> Mapping[str, int]:
    steps = _closing_outline(model, several)
    return MappingProxyType({step.name: position for position, step in enumerate(steps)})
