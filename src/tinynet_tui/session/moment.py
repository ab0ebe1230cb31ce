"""The moment a session is in: what is known after its step, what the step reads, and who is dead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from msgspec.structs import replace

from tinynet_tui.engine.model import Model, Setup, Values
from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.program import Program
from tinynet_tui.engine.steps import Phase, Step, state_names
from tinynet_tui.engine.trace import Trace
from tinynet_tui.engine.training import forward
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.setup import state_table, with_numbers
from tinynet_tui.rules.activations import gated_in, shut_in_all
from tinynet_tui.session.history import trace_of
from tinynet_tui.session.session import Session

Dead = Literal["for this sample", "for all samples"]


@dataclass(frozen=True, slots=True)
class Moment:
    """A session with the numbers of its update: all that a drawing or a sentence asks for."""

    session: Session
    trace: Trace
    step: Step | None
    """The step last done; None at the start of the update."""
    sample: int
    """The sample on screen: that of the step, or of the coming one while it is asked for; where it has none,
    the last one of the batch."""
    given: Mapping[str, float] = field(compare=False, repr=False)
    """What is known of that sample before the first step, by name."""

    @property
    def setup(self) -> Setup:
        """The numbers that training stands on at this update."""
        return self.trace.setup

    @property
    def model(self) -> Model:
        """What is trained."""
        return self.trace.setup.model

    @property
    def program(self) -> Program:
        """The steps of this update."""
        return self.trace.program

    @property
    def phase(self) -> Phase:
        """The phase of the step last done."""
        return self.step.phase if self.step else "given"

    @property
    def reads(self) -> frozenset[str]:
        """The names that the step reads."""
        return frozenset(self.trace.reads(self.session.step)) if self.session.step else frozenset()

    def value(self, name: str) -> float | None:
        """The value of a quantity as far as this step has it; None: not computed yet."""
        if self.phase == "check" and self.program.sample_position(name) is not None:
            checked = self.trace.checked(name, self.sample)
            if checked is not None:
                return checked
        trace, program, done = self.trace, self.program, self.session.step
        closing, offset = program.closing_position(name), program.sample_position(name)
        if closing is not None and program.number_at(None, closing) <= done:
            return trace.closing_values[closing]
        if offset is None:
            # Most are shared by all samples, and are found faster there.
            return trace.shared[name] if name in trace.shared else self.given.get(name)
        position = program.samples.index(self.sample)
        return trace.sample_values[position][offset] if program.number_at(position, offset) <= done else None

    @property
    def is_of_batch(self) -> bool:
        """Whether the step belongs to the whole batch: a gradient joined over it, an update, the check."""
        return self.step is not None and self.step.sample is None

    def gradient(self, name: str) -> float | None:
        """The gradient of the loss by a quantity, as far as this step has it.

        It is that of the sample on screen, or where the step belongs to the batch, that of the batch.
        """
        derivative = f"dL/d{name}"
        if self.is_of_batch and self.program.closing_position(derivative) is not None:
            number = self.program.number(derivative)
            return self.trace.value(number) if number and number <= self.session.step else None
        return self.value(derivative)

    def displayed(self, name: str) -> float | None:
        """The value of a quantity that may stand beside all others: none is then of another point or batch.

        At the check all is computed anew but the gradients; these are not known yet.
        """
        if not name.startswith("dL/d"):
            return self.value(name)
        return None if self.phase == "check" else self.gradient(name.removeprefix("dL/d"))

    def dead(self, z: str) -> Dead | None:
        """Whether the gate on a sum is shut; None while it is open, or while the sum is not computed yet."""
        value = self.value(z)
        if z not in gated_in(self.model) or value is None or not value <= 0.0:
            return None
        parameters = self.trace.parameters_after if self.phase == "check" else self.trace.start.parameters
        return "for all samples" if z in shut_for_all(self.setup, parameters) else "for this sample"

    def block_title(self, block: int) -> str:
        """What a block is called: node 1, or by the last quantity that it computes."""
        found = self.model.forward.blocks[block]
        return found.title or symbol(found.assignments[-1].name)


@lru_cache(maxsize=64)
def shut_for_all(setup: Setup, parameters: Values) -> frozenset[str]:
    """The sums that shut their gate for every sample."""
    return shut_in_all(setup.model, forward(setup)(parameters))


def moment(session: Session) -> Moment:
    """The moment of a session; trains up to its update where that has not been done."""
    return moment_in(session, trace_of(session))


def moment_in(session: Session, trace: Trace) -> Moment:
    """The moment of a session whose present update is traced already."""
    samples = trace.program.samples
    step = trace.step(session.step) if session.step else None
    number = session.step + (session.stage == "asking")
    sample = trace.program.step(number).sample or samples[-1] if number else samples[0]
    return Moment(session, trace, step, sample, trace.given(sample))


def lesson_now(moment: Moment) -> Lesson:
    """The session's lesson with the parameters, optimiser state, data and learning rate of this moment.

    A person's own keeps its words; of another it is said where it comes from.
    """
    lesson, setup, training = moment.session.lesson, moment.setup, moment.session.lesson.training
    values = {name: moment.value(name) or 0.0 for name in setup.model.parameter_names}
    state = {name: moment.value(name) or 0.0 for name in state_names(setup.model)}
    updates = moment.session.update - (moment.phase != "check")
    now = replace(
        with_numbers(lesson, values, setup.inputs, setup.targets),
        training=replace(
            training,
            learning_rate=setup.hyperparameters.learning_rate,
            state=state_table(training, state, updates),
        ),
    )
    if lesson.own.text is not None:
        return now if now == lesson else replace(now, expect=())
    place = f"update {moment.session.update}, step {moment.session.step}"
    return replace(now, about=f"Saved from “{lesson.title}” at {place}.", notes=(), expect=())
