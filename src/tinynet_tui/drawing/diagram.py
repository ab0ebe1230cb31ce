"""The diagram: neurons, edges, and every number on them, as far as it is known."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from itertools import pairwise, product

from tinynet_tui.drawing.diagram_captions import draw_captions, layout_with_captions
from tinynet_tui.drawing.diagram_layout import BoxLine, EdgeLabel, Layout, NeuronBox
from tinynet_tui.drawing.look import Look, sign_role
from tinynet_tui.drawing.picture import Canvas, Picture
from tinynet_tui.drawing.scene import Highlights, Scene, draw_number, number_cell
from tinynet_tui.networks.dense import (
    DenseParameter,
    Network,
    activation_name,
    dense_network,
    neuron_title,
    parameters_of,
    pre_activation_name,
)
from tinynet_tui.rules.activations import ACTIVATIONS
from tinynet_tui.rules.losses import LOSSES
from tinynet_tui.session.moment import Dead, Moment
from tinynet_tui.teaching.sample_or_batch import marked
from tinynet_tui.teaching.step_line import parts_of_loss

_LARGE, _SMALL = 2 / 3, 1 / 8
"""Of the largest weight: edges above the one are bright, edges below the other dotted."""

_AROUND_TITLE = 6
"""Cells of a frame's upper edge that its title leaves free."""

_ROOM_FOR_MORE = 3
"""Cells before the last column, where the neurons out of sight are counted."""

_ALONG_EDGE = (0.25, 0.1, 0.4, 0.0, 0.55, 0.7, 0.85, 1.0)
"""How far along its edge a label may stand, the best place first: before the middle, where edges cross."""

_DEAD: dict[Dead, tuple[str, ...]] = {
    "for all samples": ("dead for all samples", "dead for all", "dead"),
    "for this sample": ("dead for this sample", "dead for this", "dead"),
}
"""What stands in the frame of a dead neuron, in forms from long to short."""

_LEAST_APART = 2
"""Rows between neurons from which the lines of all edges can be told apart."""
_MOST_EDGES = 16
"""In a gap with more of them only the edges that the step is about are drawn."""


def diagram(scene: Scene, width: int, height: int, names_edges: bool = False) -> Picture:
    """The network at a moment; where it is taller than `height`, the part around the step.

    names_edges: whether each edge is labelled for which there is room, and not those of the step alone.
    In the free cells, or in the last row, are words about what is selected and what the gradients are of.
    """
    plan = plan_of(scene, width, height)
    rows = height - plan.row_below
    canvas, look = scene.look.canvas(width, height), scene.look
    if plan.width <= width and plan.height <= rows:
        _draw_network(canvas, scene, plan, rows, names_edges)
    else:
        network = look.canvas(max(plan.width, width), max(plan.height, rows))
        _draw_network(network, scene, plan, network.height, names_edges)
        canvas.blit(_window(network.picture(), plan, scene.highlights, width, rows, look), 0, 0)
    draw_captions(canvas, scene, plan)
    return canvas.picture()


def plan_of(scene: Scene, width: int, height: int) -> Layout:
    """Where the parts of the diagram stand in a room."""
    return layout_with_captions(scene.moment.model, width, height, scene.look, scene.number_width)


def _draw_network(canvas: Canvas, scene: Scene, plan: Layout, rows: int, names_edges: bool) -> None:
    """Draw edges, neurons, numbers and the loss, in the first rows of a canvas."""
    pen = _DiagramPen(canvas, scene, plan)
    for weight in sorted(pen.weights, key=pen.importance):
        pen.edge(weight)
    for box in plan.boxes:
        pen.box(box)
    labels = [*plan.edge_labels, *pen.labels_on_edges(names_edges)]
    for label in labels:
        pen.edge_label(label)
    if scene.path is not None:
        from tinynet_tui.drawing.lit_path import draw_factors

        draw_factors(canvas, scene, plan, scene.path, labels, pen.label_on_edge)
    pen.loss(rows)


def _marked_dead(moment: Moment, network: Network, box: NeuronBox) -> Dead | None:
    """Whether a neuron is marked as dead: while steps are predicted, not before its gate is known.

    Then nothing is told of other samples either.
    """
    a, z = activation_name(network, *box.place), pre_activation_name(network, *box.place)
    dead = moment.dead(z)
    if moment.session.stage == "off" or dead is None:
        return dead
    return None if moment.value(f"d{a}/d{z}") is None else "for this sample"


def rows_of_diagram(scene: Scene, width: int, height: int) -> int:
    """The rows that the diagram can use of some."""
    return plan_of(scene, width, height).rows


def names_on_diagram(scene: Scene, width: int, height: int) -> frozenset[str]:
    """The quantities whose values a diagram has a place for; none is sure to be in sight of a cut one."""
    plan = plan_of(scene, width, height)
    if plan.is_cut:
        return frozenset()
    lines = [line for box in plan.boxes for line in box.lines]
    weights = [label.parameter.name for label in plan.edge_labels]
    gradients = [f"dL/d{label.parameter.name}" for label in plan.edge_labels if label.has_gradient]
    beside = [line.gradient for line in lines if line.gradient is not None]
    return frozenset((*(line.value for line in lines), *beside, *weights, *gradients))


def _is_fan(weights: Sequence[DenseParameter]) -> bool:
    """Whether some edges, one at least, begin at one neuron or end at one."""
    return 1 in (len({weight.input for weight in weights}), len({weight.neuron for weight in weights}))


class _DiagramPen:
    """Draws the parts of one diagram on its canvas."""

    def __init__(self, canvas: Canvas, scene: Scene, plan: Layout) -> None:
        self.canvas, self.scene, self.plan = canvas, scene, plan
        self.moment, self.look, self.highlights = scene.moment, scene.look, scene.highlights
        self.path = scene.path
        """The way of the selected parameter, where it is lit."""
        self.network = dense_network(scene.moment.model)
        self.weights = [p for p in parameters_of(self.network) if p.is_weight]
        sizes = (abs(self.moment.value(weight.name) or 0.0) for weight in self.weights)
        self.largest_weight = max(sizes) or 1.0
        self.dead = {
            box.place: _marked_dead(self.moment, self.network, box) for box in plan.boxes if box.layer
        }
        """For each neuron, by layer and number, whether it is marked as dead."""

    def importance(self, weight: DenseParameter) -> int:
        """What is drawn over what: the edges that take part over others, the selected one over all."""
        return 2 * self._is_picked_out(weight) + (weight.name in self._lit_edges)

    @property
    def _lit_edges(self) -> Collection[str]:
        """The weights whose edges stand out: those of the way of the selected one, or else of the step."""
        return self.highlights.edges if self.path is None else self.path.on_edges

    def _is_picked_out(self, weight: DenseParameter) -> bool:
        """Whether a weight is selected and has no label that shows it."""
        return weight.name == self.moment.session.selected and weight.name not in self.plan.named

    def edge(self, parameter: DenseParameter) -> None:
        """The line of a weight: its sign by colour, its size by weight, brighter where it takes part."""
        if self.is_drawn(parameter):
            source, target = self._ends(parameter)
            ends = source.x + source.width, source.middle, target.x - 1, target.middle
            self.canvas.line(*ends, *self._stroke(parameter))

    def _ends(self, weight: DenseParameter) -> tuple[NeuronBox, NeuronBox]:
        """The boxes that the edge of a weight joins."""
        assert weight.input is not None
        return self.plan.box(weight.layer - 1, weight.input), self.plan.box(weight.layer, weight.neuron)

    def is_drawn(self, weight: DenseParameter) -> bool:
        """Whether an edge is drawn: of many, or of those in a narrow place, only what takes part."""
        return weight.name in self._drawn

    @cached_property
    def _drawn(self) -> frozenset[str]:
        """The weights whose edges are drawn."""
        drawn, layers = set[str](), self.network.layers
        for layer in range(1, len(layers)):
            weights = [weight for weight in self.weights if weight.layer == layer]
            selected = [weight for weight in weights if weight.name == self.moment.session.selected]
            lit = [weight for weight in weights if weight.name in self._lit_edges]
            if not self._is_narrow(layer):
                few = layers[layer - 1] * layers[layer] <= _MOST_EDGES
                drawn.update(weight.name for weight in (weights if few else lit + selected))
                continue
            # Lines that neither begin nor end together could not be told apart there.
            choices = (lit + selected, lit, selected)
            drawn.update(weight.name for weight in next(filter(_is_fan, choices), ()))
        return frozenset(drawn)

    def _is_narrow(self, layer: int) -> bool:
        """Whether neurons stand in rows next to each other, at one of the ends of the edges into a layer."""
        rows = ([box.middle for box in self.plan.boxes if box.layer == at] for at in (layer - 1, layer))
        return any(after - before < _LEAST_APART for at in rows for before, after in pairwise(at))

    def _stroke(self, parameter: DenseParameter) -> tuple[str, int]:
        """(role, weight) of an edge's line."""
        value = self.moment.value(parameter.name)
        if parameter.name in self._lit_edges:
            return "edge.lit", 2
        if self._is_picked_out(parameter):
            return f"{sign_role(value).replace('dim', '')} strong".strip(), 2
        if any(self.dead.get(box.place) for box in self._ends(parameter)) or not value:
            return "dim", 0
        size = abs(value) / self.largest_weight
        role = "edge.positive" if value > 0 else "edge.negative"
        return f"{role} strong" if size > _LARGE else role, int(size > _SMALL)

    def box(self, box: NeuronBox) -> None:
        """A neuron with its numbers."""
        if box.framed:
            self._frame(box)
        else:
            self.canvas.fill(box.x, box.y, box.width, box.height)
        for row, line in enumerate(box.lines, start=box.y + box.framed):
            self._line(box, line, row)

    def _frame(self, box: NeuronBox) -> None:
        heavy = self.highlights.neuron == box.place if self.path is None else self.path.goes_through(box)
        dead = self.dead.get(box.place)
        role = "dead" if dead else "strong" if heavy else "label"
        title_role = self._label_role(box.lines[0].value) if box.layer == 0 else role
        self.canvas.box(box.x, box.y, box.width, box.height, self._title(box), role, title_role, heavy)
        if dead:
            room, forms = box.width - 2, _DEAD[dead]
            words = next((words for words in forms if len(words) + 2 <= room), forms[-1])
            x = box.x + 1 + (room - len(words) - 2) // 2
            self.canvas.text(x, box.y + box.height - 1, f" {words} ", role)

    def labels_on_edges(self, names_all: bool) -> list[EdgeLabel]:
        """Labels for edges that have no place for one: the selected one, and those of the neuron at work.

        These are labelled if all have room. names_all: all others, too, as far as there is room.
        """
        labels: list[EdgeLabel] = []
        named = self.plan.named
        unnamed = [weight for weight in self.weights if weight.name not in named]
        for weight in filter(self._is_picked_out, unnamed):
            labels += filter(None, [self.label_on_edge(weight, labels)])
        picked_out = len(labels)
        for weight in unnamed:
            is_into = (weight.layer, weight.neuron) == self.highlights.neuron
            at_work = is_into or weight.name in self.highlights.edges
            if (at_work or names_all) and not self._is_picked_out(weight):
                label = self.label_on_edge(weight, labels)
                if label is None and not names_all:
                    return labels[:picked_out]
                labels += filter(None, [label])
        return labels

    def label_on_edge(
        self, weight: DenseParameter, others: Sequence[EdgeLabel], cells: int | None = None
    ) -> EdgeLabel | None:
        """A label on the course of an edge that touches no other, if there is room for one.

        cells: as wide as it is; by default as the name and the value of the weight are.
        """
        if not self.is_drawn(weight):
            return None
        source, target = self._ends(weight)
        width = cells or len(self.look.symbol(weight.name)) + self.plan.number
        start = source.x + source.width
        gap = target.x - start
        # Where there is no place on an edge, a factor stands in the row below or above.
        for away, part in product((0,) if cells is None else (0, 1, -1), _ALONG_EDGE):
            x = start + 1 + round(part * (gap - width - 2))
            on_edge = source.middle + (x + width / 2 - start) / gap * (target.middle - source.middle)
            y = max(round(on_edge) + away, 0)
            if gap >= width + 2 and not any(
                label.y <= y < label.y + label.rows and x <= label.x + label.width and label.x <= x + width
                for label in others
            ):
                found = EdgeLabel(weight, x, y, width, 1, has_gradient=False)
                if not self._leads_astray(found, source, target):
                    return found
        return None

    def _leads_astray(self, label: EdgeLabel, source: NeuronBox, target: NeuronBox) -> bool:
        """Whether the lines in a label's row go on to a neuron that its edge has nothing to do with."""
        row = range(source.x + source.width, target.x)

        def goes_on(cells: Sequence[int], box: NeuronBox) -> bool:
            is_there = box.y <= label.y < box.y + box.height
            return not is_there and not any(self.canvas.is_free(x, label.y, 1) for x in cells)

        before, after = (range(row.start, label.x), range(label.x + label.width + 1, row.stop))
        return goes_on(before, source) or goes_on(after, target)

    def _title(self, box: NeuronBox) -> str:
        if box.layer == 0:
            return self.look.symbol(box.lines[0].value)
        title = neuron_title(self.network, box.layer, box.neuron)
        if self.dead[box.place]:
            crossed = self.look.say(f"✗ {title}")
            return crossed if len(crossed) <= box.width - _AROUND_TITLE else title
        activation = ACTIVATIONS[self.network.activations[box.layer - 1]]
        long = f"{title}{self.look.apart}{activation.title}"
        return long if len(long) <= box.width - _AROUND_TITLE else title

    def _line(self, box: NeuronBox, line: BoxLine, row: int) -> None:
        x = box.x + box.framed
        self.canvas.mark(line.value, x, row, box.width - 2 * box.framed)
        self.canvas.text(x, row, line.label.ljust(box.labels), self._label_role(line.value))
        x += box.labels
        self._value(x, row, line.value)
        if line.gradient is not None:
            label = line.gradient_label.ljust(box.gradient_labels)
            self._gradient(x + self.plan.number + 1, row, line.gradient, label)

    def _label_role(self, name: str) -> str:
        return "selected" if name == self.moment.session.selected else "label"

    def _value(self, x: int, y: int, name: str, is_weight: bool = False) -> None:
        """A quantity's value in a fixed width; weights and derivatives have the colour of their sign."""
        draw_number(self.canvas, x, y, self.scene, name, self.plan.number, is_weight or "/" in name)

    def _gradient(self, x: int, y: int, name: str, label: str) -> None:
        # d-10.000 would be read as a name and its value: a blank has the place of a last 0.
        apart = label == "d" and self._can_be_shorter(name)
        after = self.canvas.text(x, y, label, "dim") + apart
        draw_number(self.canvas, after, y, self.scene, name, self.plan.number - apart, is_signed=True)

    def _can_be_shorter(self, name: str) -> bool:
        """Whether a cell less takes no digit of a number."""
        value, width = self.moment.displayed(name), self.plan.number
        full, shorter = (number_cell(self.scene, name, value, width - by).rstrip("0") for by in (0, 1))
        return full == shorter and len(full) < width

    def edge_label(self, label: EdgeLabel) -> None:
        """A weight's value and gradient beside its edge."""
        name = label.parameter.name
        beside = label.has_gradient and label.rows == 1
        numbers = self.plan.number + beside * (self.plan.number + 2)
        symbol = self.look.symbol(name).ljust(label.width - numbers)
        target = self.plan.box(label.parameter.layer, label.parameter.neuron)
        # A blank keeps the dots of lines from the digits.
        apart = label.x + label.width < target.x
        self.canvas.fill(label.x, label.y, label.width + apart, label.rows)
        self.canvas.mark(name, label.x, label.y, label.width, label.rows)
        x = self.canvas.text(label.x, label.y, symbol, self._label_role(name))
        self._value(x, label.y, name, is_weight=True)
        if label.has_gradient:
            below = (x - 1, label.y + 1)
            place = (x + self.plan.number + 1, label.y) if beside else below
            self._gradient(*place, f"dL/d{name}", self.look.say("∂"))

    def loss(self, rows: int) -> None:
        """The loss, its parts if it adds up several, and its convention: below the only output, between the
        first two, or beside these, where there is room."""
        outputs = [box for box in self.plan.boxes if box.layer == self.network.depth]
        top = outputs[0].y + outputs[0].height
        bottom = outputs[1].y if len(outputs) > 1 else rows
        if not outputs[0].framed:
            return
        named = LOSSES[self.network.loss].titles(len(outputs))
        parts, *titles = map(self.look.say, (parts_of_loss(self.moment), *named))
        name = self.look.say(marked("L", self.moment))
        if bottom - top < 2:
            if len(outputs) > 1:
                # Below the edges to the outputs, if that is free: between them it would seem to come first.
                below = outputs[-1].y + outputs[-1].height - 2
                words = outputs[0].x - 1, f"{name} ", parts or titles[0]
                if not self._loss_beside(below, *words):
                    self._loss_beside(bottom, *words)
            return
        x = outputs[0].x + 1
        after = self._loss_alone(x, top, name.ljust(outputs[0].labels))
        if after + 1 + len(parts) <= self.canvas.width:
            self.canvas.text(after + 1, top, parts, "dim")
        elif bottom - top > 2:
            self.canvas.text(min(x, self.canvas.width - len(parts)), top + 2, parts, "dim")
        # One cell to the left there is still nothing; before that, a weight's gradient.
        room = self.canvas.width - outputs[0].x
        title = next((title for title in titles if len(title) <= room), "")
        self.canvas.text(min(x, self.canvas.width - len(title)), top + 1, title, "dim")

    def _loss_alone(self, x: int, y: int, name: str) -> int:
        """The name and the number of the loss; the column after them."""
        after = self.canvas.text(min(x, self.canvas.width - len(name) - self.plan.number), y, name, "label")
        number = number_cell(self.scene, "L", self.moment.displayed("L"), self.plan.number)
        return self.canvas.text(after, y, number, self.highlights.role("L", "strong"))

    def _loss_beside(self, y: int, end: int, name: str, below: str) -> bool:
        """The loss and a row below it, before a column, if nothing is there; whether it has that place."""
        lengths = (len(name) + self.plan.number, len(below))
        starts = [end - length for length in lengths]
        places = (start - 1 for start in starts), (y - 1, y), (length + 1 for length in lengths)
        if not all(map(self.canvas.is_free, *places)):
            return False
        self._loss_alone(starts[0], y - 1, name)
        self.canvas.text(starts[1], y, below, "dim")
        return True


def _window(
    picture: Picture, plan: Layout, highlights: Highlights, width: int, height: int, look: Look
) -> Picture:
    """The part of a larger picture around the neuron at work, and how much there is beside it."""
    focus = plan.box(*highlights.neuron) if highlights.neuron else plan.boxes[0]
    columns = sorted({box.x: box.x + box.width for box in plan.boxes}.items())
    # From the start of a column on, the first that leaves the neuron in sight.
    first = next(i for i, (start, _) in enumerate(columns) if focus.x + focus.width <= start + width)
    left = columns[first][0] if first else 0
    top = max(0, min(focus.middle - height // 2, picture.height - height))
    shown = [(start - left, end - left) for start, end in columns[first:] if end <= left + width]
    canvas = look.canvas(width, height)
    after = shown[-1][1] + left
    bottom = top + height
    in_sight = (m for m in picture.marks if left <= m.x < after and top <= m.y <= bottom - m.height)
    canvas.blit(picture._replace(marks=tuple(in_sight)), -left, -top)
    beyond = len(columns) - first - len(shown)
    if beyond:
        canvas.fill(shown[-1][1], 0, width - shown[-1][1], height)
    above_last = max(shown[-1][0] - _ROOM_FOR_MORE, 0)
    for x, y, sign, count in (
        (above_last, 0, "↑", top),
        (above_last, height - 1, "↓", picture.height - height - top),
        (shown[0][1], height // 2, "←", first),
        (shown[-1][1] + 1, height // 2, "→", beyond),
    ):
        if count:
            canvas.text(x, y, look.say(f"{sign}{count}"), "selected")
    return canvas.picture()
