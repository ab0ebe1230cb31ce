"""What is asked for: a lesson's first updates, whole or with results left out, all of their steps or some."""

from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from tinynet_tui.engine.expression_reading import DIGITS
from tinynet_tui.engine.expressions import names_in
from tinynet_tui.engine.forward import Subject
from tinynet_tui.engine.model import Setup, batch_samples
from tinynet_tui.engine.program import Program
from tinynet_tui.engine.steps import Phase, Step
from tinynet_tui.experiments.long_work import Watch, unwatched
from tinynet_tui.lessons.schema import Lesson

if TYPE_CHECKING:
    from tinynet_tui.session.moment import Moment


class StepFilter(Struct, frozen=True):
    """What a step has to be of to be shown; an empty field lets every step through."""

    phases: tuple[Phase, ...] = ()
    parameters: tuple[str, ...] = ()
    """By name: the whole chain of each, from the loss to its gradient, and its update."""
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
        subjects = frozenset(p.of for p in program.model.parameters if p.name in self.parameters)
        chains = _chains(program, self.parameters)
        return tuple(number for number in every if self._takes(program.step(number), subjects, chains))

    def is_empty(self, setup: Setup, updates: int) -> bool:
        """Whether nothing is shown of the first updates."""
        samples = len(setup.inputs)
        batches = (
            batch_samples(samples, setup.batch, update)
            for update in range(1, min(updates, setup.batches) + 1)
        )
        return not any(self.numbers(Program(setup.model, tuple(n + 1 for n in batch))) for batch in batches)

    def _takes(self, step: Step, subjects: frozenset[Subject], chains: frozenset[str]) -> bool:
        return (
            (not self.phases or step.phase in self.phases)
            and (not self.parameters or step.of in subjects or step.name in chains)
            and (not self.samples or step.sample in self.samples)
        )


def _chains(program: Program, parameters: tuple[str, ...]) -> frozenset[str]:
    """The derivatives that the gradients of parameters are made of, on all paths; and these."""
    coming = [f"dL/d{name}" for name in parameters]
    found: set[str] = set()
    while coming:
        name = coming.pop()
        step = program.sample_step(name)
        if name not in found and step is not None and step.phase == "backward":
            found.add(name)
            coming += (read.name for read in names_in(step.expression))
    return frozenset(found)


EVERY_STEP = StepFilter()


class Diagram(NamedTuple):
    """A lesson's diagram, drawn for each kind of handout: lines of each."""

    text: tuple[str, ...]
    svg: tuple[str, ...]
    latex: tuple[str, ...]
    """Commands of a picture environment."""


class Request(Struct, frozen=True):
    """A lesson's first updates, and how they are wanted."""

    lesson: Lesson
    updates: int = 1
    blank_every: int | None = None
    """The result of every n-th step is left out: 1 leaves out all, None none."""
    student: str = ""
    """Whose handout it is."""
    shown: StepFilter = EVERY_STEP
    """The steps that are on it; their numbers, and what is left out, are those of the whole."""
    digits: int = DIGITS
    """Significant digits of its numbers."""
    diagram: Diagram | None = None
    """What stands in its head, where there is one."""
    here: "Moment | None" = None
    """In place of the first updates: the one that a session is in, with its edits."""
    watch: Watch = unwatched
    """Who is told how much of it is written."""

    @property
    def is_worksheet(self) -> bool:
        """Whether results are left out of it."""
        return self.blank_every is not None
