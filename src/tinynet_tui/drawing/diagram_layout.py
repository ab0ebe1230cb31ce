"""Where the parts of the diagram stand: columns of neurons, as much detail in each as there is room for."""

from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple

from msgspec import Struct

from tinynet_tui.drawing.look import Look
from tinynet_tui.networks.dense import (
    DenseParameter,
    Network,
    activation_name,
    parameters_into,
    parameters_of,
    pre_activation_name,
    target_name,
)
from tinynet_tui.rules.softmax import exponential
from tinynet_tui.teaching.numbers import CELL

Detail = Literal["full", "compact", "stack", "brief", "pair", "line"]
"""full: bias, sum and activation, each with its gradient; compact: sum, activation and ∂z₁, the gradient at
the sum. Unframed: stack: activation above ∂z₁, brief: above it as ∂z; pair: both in one line; line: the
activation alone."""
_FRAMED = ("full", "compact")

MOST_GAP = 30
"""Cells: wider gaps between columns would show nothing more."""
_LEAST_GAP = 3
_MOST_ROWS_BETWEEN = 6
_MOST_LABELLED = 2
"""Columns of more neurons have no room for the numbers of their edges."""


class BoxLine(NamedTuple):
    """One line of a box: a quantity and its gradient."""

    label: str
    value: str
    """The name of the quantity."""
    gradient: str | None = None
    """The name of the gradient beside it."""
    gradient_label: str = ""
    """What that gradient is of, where it is not that of the quantity before it."""


class NeuronBox(NamedTuple):
    """A neuron, an input, or an output with its target."""

    layer: int
    """0: the inputs."""
    neuron: int
    x: int
    y: int
    width: int
    height: int
    lines: tuple[BoxLine, ...]
    labels: int
    """Cells that the labels of its lines take."""
    gradient_labels: int
    """Cells that the labels of their gradients take."""
    framed: bool

    @property
    def place(self) -> tuple[int, int]:
        """(layer, number)."""
        return self.layer, self.neuron

    @property
    def middle(self) -> int:
        """The row that edges lead to."""
        return self.y + _middle(self.height)


def _middle(height: int) -> int:
    # An output's fourth line, its target, does not count: it would put the output off the middle.
    return (min(height, 5) - 1) // 2


class EdgeLabel(NamedTuple):
    """The number of an edge, written beside it."""

    parameter: DenseParameter
    x: int
    y: int
    width: int
    rows: int
    """2: the gradient has a row of its own."""
    has_gradient: bool


class FreeCells(NamedTuple):
    """Cells of one row that nothing of the network takes, for a few words."""

    x: int
    y: int
    width: int


class Layout(Struct, frozen=True, dict=True):
    """The whole diagram; its neurons may be more than the room for them."""

    boxes: tuple[NeuronBox, ...]
    edge_labels: tuple[EdgeLabel, ...]
    width: int
    """Cells in all."""
    height: int
    """Rows in all."""
    number: int
    """Cells that a number takes."""
    detail: Detail
    spots: tuple[FreeCells, ...] = ()
    """Where words about the numbers stand, the best place first."""
    row_below: bool = False
    """Whether the first of them is a row of its own, below the network."""
    is_cut: bool = False
    """Whether it needs more room than there is."""

    @property
    def rows(self) -> int:
        """Rows in all, with the one for words."""
        return self.height + self.row_below

    @cached_property
    def named(self) -> frozenset[str]:
        """The quantities that have a name and a number of their own in it, gradients aside."""
        values = (line.value for box in self.boxes for line in box.lines)
        return frozenset((*values, *(label.parameter.name for label in self.edge_labels)))

    def box(self, layer: int, neuron: int) -> NeuronBox:
        """The box of a neuron, or of an input (layer 0)."""
        return self._boxes_by_place[layer, neuron]

    @cached_property
    def _boxes_by_place(self) -> dict[tuple[int, int], NeuronBox]:
        return {box.place: box for box in self.boxes}


class _Room(NamedTuple):
    """What a layout has to fit."""

    network: Network
    width: int
    height: int
    look: Look
    number: int


@lru_cache(maxsize=32)
def layout(network: Network, width: int, height: int, look: Look, number: int) -> Layout:
    """The most telling layout for a size, with numbers as wide as wished, or as wide as can be."""
    rooms = [_Room(network, width, height, look, cells) for cells in range(number, CELL - 1, -1)]
    small = all(neurons <= _MOST_LABELLED for neurons in network.layers)
    tries: tuple[tuple[Detail, bool], ...] = (
        *((("full", True), ("compact", True)) if small else ()),
        ("full", False),
        ("compact", False),
        ("stack", False),
        ("brief", False),
        ("pair", False),
        ("line", False),
    )
    for detail, labelled in tries:
        for room in rooms:
            found = _fitted(room, detail, labelled)
            if found is not None:
                return found
    return _placed(rooms[-1], "line", labelled=False, pitch=1)


def _fitted(room: _Room, detail: Detail, labelled: bool) -> Layout | None:
    """A layout that fits its room, or None."""
    columns = _columns(room, detail)
    gaps = len(columns) - 1
    least = _label_width(room) + 1 if labelled else _LEAST_GAP
    if sum(column.width for column in columns) + gaps * least > room.width:
        return None
    pitch = _pitch(room, columns)
    return None if pitch is None else _placed(room, detail, labelled, pitch)


class _Column(NamedTuple):
    """A layer: the lines of each of its boxes."""

    boxes: tuple[tuple[BoxLine, ...], ...]
    framed: bool
    number: int

    @property
    def labels(self) -> int:
        """Cells that the labels of lines take."""
        return max(len(line.label) for box in self.boxes for line in box)

    @property
    def gradient_labels(self) -> int:
        """Cells that the labels of gradients take; 0: there are none."""
        return max(len(line.gradient_label) for box in self.boxes for line in box)

    @property
    def width(self) -> int:
        """Cells of a box."""
        gradient = 1 + self.gradient_labels + self.number if self.gradient_labels else 0
        return self.labels + self.number + gradient + 2 * self.framed

    @property
    def height(self) -> int:
        """Rows of a box."""
        return len(self.boxes[0]) + 2 * self.framed


def _columns(room: _Room, detail: Detail) -> list[_Column]:
    network = room.network
    return [
        _Column(
            tuple(_lines(room, layer, neuron, detail) for neuron in range(1, network.layers[layer] + 1)),
            detail in _FRAMED,
            room.number,
        )
        for layer in range(network.depth + 1)
    ]


def _lines(room: _Room, layer: int, neuron: int, detail: Detail) -> tuple[BoxLine, ...]:
    network, symbol = room.network, room.look.symbol
    a = activation_name(network, layer, neuron)
    if layer == 0:
        return (BoxLine("" if detail in _FRAMED else symbol(a), a),)
    z = pre_activation_name(network, layer, neuron)
    biases = [
        parameter.name for parameter in parameters_into(network, layer, neuron) if not parameter.is_weight
    ]
    powers = [exponential(neuron, z)[0]] if layer == network.depth and network.has_softmax else []
    target = target_name(network, neuron)
    goal = (BoxLine(symbol(target), target),) if layer == network.depth else ()
    gradient, at_sum = room.look.say("∂"), room.look.say(f"∂{symbol(z)}")
    match detail:
        case "full":
            names = (*biases, z, *powers, a)
            own = (BoxLine(symbol(name), name, f"dL/d{name}", gradient) for name in names)
            return (*own, *goal)
        case "compact":
            return (BoxLine(symbol(z), z), BoxLine(symbol(a), a), BoxLine(at_sum, f"dL/d{z}"), *goal)
        case "stack":
            return (BoxLine(symbol(a), a), BoxLine(at_sum, f"dL/d{z}"))
        case "brief":
            return (BoxLine(symbol(a), a), BoxLine(room.look.say("∂z"), f"dL/d{z}"))
        case "pair":
            return (BoxLine(symbol(a), a, f"dL/d{z}", at_sum),)
        case "line":
            return (BoxLine(symbol(a), a),)


def _label_width(room: _Room) -> int:
    """Cells of an edge's number without its gradient."""
    longest = max(len(room.look.symbol(p.name)) for p in parameters_of(room.network) if p.is_weight)
    return longest + room.number


def _pitch(room: _Room, columns: list[_Column]) -> int | None:
    """Rows from one neuron of a column to the next, or None where they do not fit."""
    if any(column.height > room.height for column in columns):
        return None
    several = [column for column in columns if len(column.boxes) > 1]
    if not several:
        return 0
    tallest = max(column.height for column in several)
    room_for = min((room.height - column.height) // (len(column.boxes) - 1) for column in several)
    return min(room_for, tallest + _MOST_ROWS_BETWEEN) if room_for >= tallest else None


def _placed(room: _Room, detail: Detail, labelled: bool, pitch: int) -> Layout:
    columns = _columns(room, detail)
    widths = [column.width for column in columns]
    gaps = _gaps(room, widths, labelled)
    x = max(0, (room.width - sum(widths) - sum(gaps)) // 2)
    tops = [_tops(column, pitch) for column in columns]
    highest = min(top for column in tops for top in column)
    boxes = []
    for layer, (column, width) in enumerate(zip(columns, widths, strict=True)):
        for neuron, (lines, top) in enumerate(zip(column.boxes, tops[layer], strict=True), start=1):
            place = (x, top - highest, width, column.height)
            cells = (column.labels, column.gradient_labels)
            boxes.append(NeuronBox(layer, neuron, *place, lines, *cells, column.framed))
        x += width + (gaps[layer] if layer < len(gaps) else 0)
    bottom = max(box.y + box.height for box in boxes)
    labels = _edge_labels(room, tuple(boxes), gaps, bottom) if labelled else ()
    return Layout(tuple(boxes), labels, max(box.x + box.width for box in boxes), bottom, room.number, detail)


def _tops(column: _Column, pitch: int) -> list[int]:
    """The top rows of a column's boxes, around row 0."""
    first = -(len(column.boxes) - 1) * pitch // 2
    return [first + index * pitch - _middle(column.height) for index in range(len(column.boxes))]


def _gaps(room: _Room, widths: list[int], labelled: bool) -> list[int]:
    """The cells between columns: first enough for the numbers of the edges, busiest gap first, then alike."""
    layers = room.network.layers
    gaps = [_label_width(room) + 1 if labelled else _LEAST_GAP for _ in widths[1:]]
    left = room.width - sum(widths) - sum(gaps)
    wanted = _label_width(room) + room.number + 3
    crossing = [gap for gap in range(len(gaps)) if min(layers[gap : gap + 2]) > 1]
    # Where not all crossings have room for long labels, none gets them: they would hide the others' edges.
    short = len(crossing) > 1 and left < sum(wanted - gaps[gap] for gap in crossing)
    if labelled and not short:
        for gap in sorted(range(len(gaps)), key=lambda gap: -layers[gap] * layers[gap + 1]):
            more = min(max(left, 0), wanted - gaps[gap])
            gaps[gap] += more
            left -= more
    while left > 0 and min(gaps) < MOST_GAP:
        narrowest = gaps.index(min(gaps))
        gaps[narrowest] += 1
        left -= 1
    return gaps


def _edge_labels(
    room: _Room, boxes: tuple[NeuronBox, ...], gaps: list[int], bottom: int
) -> tuple[EdgeLabel, ...]:
    """The numbers of the edges in each gap, as fully as they fit without touching each other."""
    short = _label_width(room)
    labels: list[EdgeLabel] = []
    for layer, gap in enumerate(gaps, start=1):
        full = short + room.number + 2
        forms = (*(((full, 1, True),) if gap > full - 1 else ()), (short, 2, True), (short, 1, False))
        for width, rows, has_gradient in forms:
            placed = [
                EdgeLabel(parameter, x + (gap > width + 1), y, width, rows, has_gradient)
                for parameter, x, y in _label_places(room.network, boxes, layer, rows)
            ]
            taken = [label.y + row for label in placed for row in range(rows)]
            if len(set(taken)) == len(taken) and min(taken) >= 0 and max(taken) < bottom:
                labels += placed
                break
    return tuple(labels)


def _label_places(
    network: Network, boxes: tuple[NeuronBox, ...], layer: int, rows: int
) -> Iterator[tuple[DenseParameter, int, int]]:
    """(weight, x, y) of each label in the gap before a layer: above or below where its edge sets out."""
    by_place = {(box.layer, box.neuron): box for box in boxes}
    weights = [p for p in parameters_of(network) if p.is_weight and p.layer == layer]
    for weight in weights:
        assert weight.input is not None
        source, target = by_place[layer - 1, weight.input], by_place[layer, weight.neuron]
        slope = target.middle - source.middle
        alone = network.layers[layer] == 1
        # The edges of a source fan out: the first is labelled above, the second below. A lone one is labelled
        # on the side it turns away from.
        above = slope >= 0 if alone else weight.neuron == 1
        if alone and network.layers[layer - 1] == 2 and slope == 0:
            above = weight.input == 1
        away = 2 if (slope < 0 and above) or (slope > 0 and not above) else 1
        y = source.middle - away - rows + 1 if above else source.middle + away
        yield weight, source.x + source.width, y
