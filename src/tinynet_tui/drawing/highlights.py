"""What stands out at a step: the quantity it writes, those it reads, and the edges they travel along."""

from __future__ import annotations

from typing import NamedTuple

from tinynet_tui.session.moment import Moment


class Highlights(NamedTuple):
    """The names that a step touches; the same ones stand out in diagram, formula, table and code."""

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


def highlights(moment: Moment) -> Highlights:
    """What a moment's step writes and reads, and the edges that these travel along; nothing before a step."""
    step = moment.step
    if step is None:
        return Highlights()
    of = step.of
    neuron = None if of.layer is None or of.neuron is None else (of.layer, of.neuron)
    # The check reads every weight, to see how large they are; if all stood out, none would.
    edges = frozenset() if step.role == "check" else _weights_touched(moment)
    return Highlights(step.name, moment.reads, edges, neuron)


def _weights_touched(moment: Moment) -> frozenset[str]:
    """The weights that a step is about or reads, also through the local derivatives that it reads."""
    step, program = moment.step, moment.program
    assert step is not None, "before the first step nothing is touched"
    weights = [parameter for parameter in moment.model.parameters if parameter.of.kind == "weight"]
    touched = {*moment.reads, *(weight.name for weight in weights if weight.of == step.of)}
    for name in {step.name, *moment.reads}:
        position = program.sample_position(name)
        if position is not None and program.sample_steps[position].role == "local":
            number = program.number(name, moment.sample)
            touched.update(moment.trace.reads(number) if number else ())
    return frozenset(weight.name for weight in weights if weight.name in touched)
