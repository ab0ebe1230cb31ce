"""A forward pass as data, for any program: levels of blocks, each a few assignments, and the loss."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from tinynet_tui.engine.expressions import Expr
from tinynet_tui.engine.stable_forms import StableForm

Kind = Literal["pre_activation", "activation", "weight", "bias", "loss", "quantity", "parameter", "input"]


class Subject(NamedTuple):
    """What a step is about; for a derivative, its denominator. It has a place in layers, or else a name."""

    kind: Kind
    layer: int | None = None
    """The layer of a neuron, from 1: the first after the inputs."""
    neuron: int | None = None
    """From 1, in its layer."""
    input: int | None = None
    """From 1, in the layer before; weights alone have it."""
    name: str | None = None


class Assignment(NamedTuple):
    """A quantity of the forward pass and the expression that gives it."""

    name: str
    expression: Expr
    of: Subject
    is_constant: bool = False
    """Whether it counts as a constant on the way back, as the shift of a softmax does."""


class Parameter(NamedTuple):
    """A number that training starts from, and changes unless it is frozen."""

    name: str
    of: Subject
    is_trained: bool = True
    """Whether updates change it; a frozen one has its gradient all the same."""
    penalties: tuple[str, ...] = ()
    """The regularisation that counts it: L2 adds ½ · λ times its square to the loss, L1 λ₁ times its size."""


class Block(NamedTuple):
    """Assignments that belong together, such as a neuron's sum and its activation: "node 1" by its title."""

    assignments: tuple[Assignment, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Forward:
    """The forward pass of one sample, up to its loss."""

    levels: tuple[tuple[Block, ...], ...]
    """Blocks of one level read none of each other's quantities."""
    loss: Expr
    parameters: tuple[Parameter, ...]
    level_titles: tuple[str, ...] = ()
    """What each level is called, "" where it has no name; empty where none has one."""
    stable_forms: tuple[tuple[str, StableForm], ...] = ()
    """For L and for gradients, by name: the form to use where a prediction near 0 has lost its digits."""
    blocks: tuple[Block, ...] = field(init=False, compare=False, repr=False)
    """All blocks, in the order in which they are computed; kept, as every step asks for them."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "blocks", tuple(block for level in self.levels for block in level))

    @property
    def level_of_block(self) -> tuple[int, ...]:
        """For the position of each block, that of its level."""
        return tuple(number for number, level in enumerate(self.levels) for _ in level)

    @property
    def assignments(self) -> tuple[Assignment, ...]:
        """All assignments, in the order in which they are computed."""
        return tuple(line for block in self.blocks for line in block.assignments)
