"""Which steps of an update are shown, where only some of them are asked for."""

from __future__ import annotations

from dataclasses import dataclass

from tinynet_tui.engine.forward import Subject
from tinynet_tui.engine.model import batch_samples
from tinynet_tui.engine.program import Program
from tinynet_tui.engine.steps import Phase, Step
from tinynet_tui.networks.dense import Network, dense_model, dense_network, parameters_of


@dataclass(frozen=True, slots=True)
class StepFilter:
    """What a step has to be of to be shown; an empty field lets every step through."""

    phases: tuple[Phase, ...] = ()
    parameters: tuple[str, ...] = ()
    """By name: the steps about one of these, from its local derivatives to its update."""
    samples: tuple[int, ...] = ()
    """From 1: the steps of one of these; not those that belong to a whole batch."""

    @property
    def is_open(self) -> bool:
        """Whether it lets every step through."""
        return not (self.phases or self.parameters or self.samples)

    def numbers(self, program: Program) -> range | tuple[int, ...]:
        """The numbers (from 1) of the steps of an update that are shown, in their order."""
        every = range(1, len(program) + 1)
        if self.is_open:
            return every
        subjects = self._subjects(dense_network(program.model))
        return tuple(number for number in every if self._takes(program.step(number), subjects))

    def is_empty(self, network: Network, samples: int, batch: int, updates: int) -> bool:
        """Whether nothing is shown of the first updates; `samples` are all, `batch` those of one update."""
        return not any(
            self.numbers(
                Program(dense_model(network), tuple(n + 1 for n in batch_samples(samples, batch, update)))
            )
            for update in range(1, min(updates, -(-samples // batch)) + 1)
        )

    def _subjects(self, network: Network) -> frozenset[Subject]:
        return frozenset(p.subject for p in parameters_of(network) if p.name in self.parameters)

    def _takes(self, step: Step, subjects: frozenset[Subject]) -> bool:
        return (
            (not self.phases or step.phase in self.phases)
            and (not self.parameters or step.of in subjects)
            and (not self.samples or step.sample in self.samples)
        )


EVERY_STEP = StepFilter()
