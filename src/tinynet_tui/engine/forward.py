"""A forward pass as data, for any program: levels of blocks, each a few assignments, and the loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tinynet_tui.engine.expressions import Expr, names_in

Kind = Literal["pre_activation", "activation", "weight", "bias", "loss", "quantity", "parameter"]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a step is about; for a derivative, its denominator."""

    kind: Kind
    layer: int | None = None
    """Of a neuron, from 1, the first layer after the inputs."""
    neuron: int | None = None
    """From 1, in its layer."""
    input: int | None = None
    """From 1, in the layer before; weights alone have it."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """A quantity of the forward pass and the expression that gives it."""

    name: str
    expression: Expr
    of: Subject = Subject("quantity")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that training changes."""

    name: str
    of: Subject = Subject("parameter")


@dataclass(frozen=True, slots=True)
class Block:
    """Assignments that belong together, such as a neuron's sum and its activation."""

    assignments: tuple[Assignment, ...]

    @property
    def names_read(self) -> tuple[str, ...]:
        """The names that its assignments read, each once, in the order of reading."""
        read = (name.name for line in self.assignments for name in names_in(line.expression))
        return tuple(dict.fromkeys(read))


@dataclass(frozen=True, slots=True)
class Forward:
    """The forward pass of one sample, up to its loss."""

    levels: tuple[tuple[Block, ...], ...]
    """Blocks of one level read none of each other's quantities."""
    loss: Expr
    parameters: tuple[Parameter, ...]

    @property
    def assignments(self) -> tuple[Assignment, ...]:
        """All assignments, in the order in which they are computed."""
        return tuple(line for level in self.levels for block in level for line in block.assignments)
