"""What a step lights up: the quantity it writes, those it reads, and the edges that these travel along."""

from __future__ import annotations

from dataclasses import dataclass

from tinynet_tui.networks.dense import parameters_of
from tinynet_tui.prediction.question import question
from tinynet_tui.session.moment import Moment


@dataclass(frozen=True, slots=True)
class Lit:
    """The names that a step touches; the same ones light up in diagram, formula, table and code."""

    written: str | None = None
    read: frozenset[str] = frozenset()
    edges: frozenset[str] = frozenset()
    """Weights, by name, whose edges take part."""
    neuron: tuple[int, int] | None = None
    """(layer, number) of the neuron at work."""

    def role(self, name: str | None, otherwise: str = "") -> str:
        """The role of a quantity's value: written and read ones stand out."""
        if name is None:
            return otherwise
        if name == self.written:
            return "written"
        return f"{otherwise} read".strip() if name in self.read else otherwise


def lit(moment: Moment) -> Lit:
    """What the present step lights up, or the one that is asked for; nothing before the first one."""
    asked = question(moment.session)
    if asked is not None:
        lights = lit(asked.answer)
        # With the diagram alone, what to read is for the learner to find.
        return Lit(lights.written, neuron=lights.neuron) if asked.level == "diagram" else lights
    step = moment.step
    if step is None:
        return Lit()
    weights = {p.name for p in parameters_of(moment.network) if p.is_weight}
    touched = set(moment.reads) | {step.name}
    if step.of.kind in ("weight", "bias"):
        touched |= {_parameter_of(step.name)}
    for local in touched & _locals(moment):
        touched |= _read_by(moment, local)
    place = (step.of.layer, step.of.neuron)
    neuron = (place[0], place[1]) if place[0] is not None and place[1] is not None else None
    # The check reads every weight, to see how large they are; lighting all of them would show nothing.
    edges = frozenset() if step.role == "check" else frozenset(touched & weights)
    return Lit(step.name, moment.reads, edges, neuron)


def _parameter_of(name: str) -> str:
    """w5 of dL/dw5, dz3/dw5, v_w5 and w5."""
    return name.rsplit("/d", 1)[-1].rsplit("_", 1)[-1]


def _locals(moment: Moment) -> set[str]:
    return {step.name for step in moment.program.sample_steps if step.role == "local"}


def _read_by(moment: Moment, local: str) -> set[str]:
    number = moment.program.number(local, moment.sample)
    return set() if number is None else set(moment.trace.reads(number))
