"""A moment as it is drawn: what several parts of a picture ask for, each worked out once."""

from __future__ import annotations

from collections.abc import Set
from functools import cached_property, lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from tinynet_tui.drawing.formula import Column, step_columns
from tinynet_tui.drawing.look import Look, sign_role
from tinynet_tui.drawing.picture import Canvas
from tinynet_tui.engine.model import Model
from tinynet_tui.engine.names import symbol
from tinynet_tui.rules.activations import activated_in
from tinynet_tui.session.moment import Moment
from tinynet_tui.teaching.nudge import nudge_lines
from tinynet_tui.teaching.numbers import cell_width
from tinynet_tui.teaching.sentences import explanation
from tinynet_tui.teaching.step_in_moment import Explanation
from tinynet_tui.teaching.step_line import aligned_pieces, step_line

if TYPE_CHECKING:
    from tinynet_tui.drawing.lit_path import LitPath
    from tinynet_tui.frameworks.costs import Costs
    from tinynet_tui.prediction.question import Question
    from tinynet_tui.teaching.chain import Chain


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


class Scene(Struct, frozen=True, eq=False, dict=True):
    """A moment and the look that it is drawn in; one for each picture, and equal to no other."""

    moment: Moment
    look: Look
    costs: Costs | None = None
    """What an update costs, where that has been measured."""

    @cached_property
    def asked(self) -> Question | None:
        """The question that is asked now."""
        if self.moment.session.stage == "off":
            return None
        from tinynet_tui.prediction.question import question

        return question(self.moment.session)

    @cached_property
    def feedback(self) -> tuple[str, ...]:
        """What is said to the last answer."""
        if self.moment.session.stage == "off":
            return ()
        from tinynet_tui.prediction.question import feedback

        return feedback(self.moment)

    @cached_property
    def words(self) -> Explanation:
        """What there is to say about the step."""
        return explanation(self.moment)

    @cached_property
    def nudge(self) -> tuple[str, ...]:
        """What a nudge of what the step is about does, where the step gives a gradient."""
        return nudge_lines(self.moment)

    @property
    def is_of_selected(self) -> bool:
        """Whether the step gives the gradient of what is selected."""
        step = self.moment.step
        return step is not None and step.name == f"dL/d{self.moment.session.selected}"

    @cached_property
    def formula(self) -> list[Column]:
        """The step's formula."""
        line = step_line(self.moment)
        return step_columns(line, aligned_pieces(self.moment, line), self.highlights.role, self.look)

    @cached_property
    def chain(self) -> Chain | None:
        """The chain to the selected parameter; None where an input or a target is selected."""
        from tinynet_tui.teaching.chain import chain

        gradient = f"dL/d{self.moment.session.selected}"
        is_learned = self.moment.program.sample_position(gradient) is not None
        return chain(self.moment, gradient) if is_learned else None

    @cached_property
    def path(self) -> LitPath | None:
        """The way of the selected parameter to the loss, while its chain is what the learner looks at."""
        session = self.moment.session
        if session.shown_panel != "chain" or session.stage == "asking" or self.chain is None:
            return None
        from tinynet_tui.drawing.lit_path import lit_path

        return lit_path(self.moment.model, self.chain.paths)

    @cached_property
    def legend(self) -> tuple[str, ...]:
        """What the marks of the path's factors are, from the longest form on; also that they are old."""
        return self.path.legend(what_is_new(self.moment), self.look.keys) if self.path else ()

    @cached_property
    def path_on_lines(self) -> LitPath | None:
        """The same, with each factor at the line of what it is a derivative by."""
        if self.path is None or self.chain is None:
            return None
        from tinynet_tui.drawing.lit_path import lit_path

        return lit_path(self.moment.model, self.chain.paths, has_edges=False)

    @cached_property
    def highlights(self) -> Highlights:
        """What stands out."""
        asked = self.asked
        if asked is None:
            return highlights(self.moment)
        found = highlights(asked.answer)
        # With the diagram alone, what to read is for the learner to find.
        return Highlights(found.written, neuron=found.neuron) if asked.level == "diagram" else found

    def is_dead(self, name: str) -> bool:
        """Whether a quantity comes out of a gate that is shut; in predictions, not before that is known."""
        z, moment = _gated(self.moment.model).get(name), self.moment
        if z is None or (moment.session.stage != "off" and moment.value(f"d{name}/d{z}") is None):
            return False
        value = moment.value(z)
        return value is not None and value <= 0.0

    @cached_property
    def number_width(self) -> int:
        """The cells that a number would like to have in a fixed place."""
        return cell_width(self.moment.session.digits)


def what_is_new(moment: Moment) -> str:
    """What has its new value by now, in an update: w₁ to w₃ new; all of it at its end; "" before."""
    if moment.phase == "check":
        return "new values"
    numbers = {p.name: moment.program.number(p.name) for p in moment.model.trained_parameters}
    new = {name for name, number in numbers.items() if number and number <= moment.session.step}
    return f"{_in_ranges(new, moment.model)} new" if new else ""


def _in_ranges(names: Set[str], model: Model) -> str:
    """Names of parameters, those of a kind that follow each other as a range: w₁ to w₆ and b₁."""
    places = [(place, p) for place, p in enumerate(model.parameters) if p.name in names]
    # Of neighbours, the place and the count so far grow alike.
    ranges = groupby(enumerate(places), lambda item: (item[1][1].of.kind, item[1][0] - item[0]))
    words = []
    for _, together in ranges:
        first, *others = [symbol(parameter.name) for _, (_, parameter) in together]
        words.append((" to " if len(others) > 1 else ", ").join((first, *others[-1:])))
    return ", ".join(words).replace(", ", " and ") if len(names) == 2 else ", ".join(words)


def draw_number(
    canvas: Canvas, x: int, y: int, scene: Scene, name: str, width: int, is_signed: bool, role: str = ""
) -> None:
    """A value as it is displayed; is_signed: whether it has a direction, and so the colour of its sign."""
    value = scene.moment.displayed(name)
    own = sign_role(value) if value is None or is_signed else role
    canvas.text(x, y, number_cell(scene, name, value, width), scene.highlights.role(name, own))


def number_cell(scene: Scene, name: str, value: float | None, width: int) -> str:
    """A quantity's value, as it is displayed, in a fixed width; what is asked for has a question mark."""
    if value is None and name == scene.highlights.written:
        return "?".center(width)
    return scene.look.number(value, width, scene.moment.session.digits)


@lru_cache(maxsize=32)
def _gated(model: Model) -> dict[str, str]:
    """What comes out of a gate, by name, and what goes in."""
    return {found.name: found.z for found in activated_in(model) if found.function.is_gate}


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
        read = program.sample_step(name)
        if read is not None and read.role == "local":
            number = program.number(name, moment.sample)
            touched.update(moment.trace.reads(number) if number else ())
    return frozenset(weight.name for weight in weights if weight.name in touched)
