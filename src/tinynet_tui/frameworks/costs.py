"""What an update costs in one place and another."""

from __future__ import annotations

from dataclasses import dataclass

from tinynet_tui.engine.model import Setup
from tinynet_tui.networks.dense import Network


@dataclass(frozen=True, slots=True)
class Cost:
    """What an update costs somewhere."""

    place: str
    """"plain Python step by step", "PyTorch"."""
    seconds: float | None
    """None where it could not be measured."""
    fault: str = ""
    """Why it could not, such as how to install what is missing."""


@dataclass(frozen=True, slots=True)
class Costs:
    """The costs of an update, as far as they are measured."""

    network: Network
    samples: int
    """In the data."""
    batch: int
    """How many of them at a time."""
    found: tuple[Cost, ...] = ()
    is_complete: bool = False

    def fits(self, setup: Setup) -> bool:
        """Whether these are the costs of a setup's updates: they depend on its size, not on its numbers."""
        sizes = setup.network, len(setup.inputs), setup.batch
        return (self.network, self.samples, self.batch) == sizes
