"""Words in the free cells of the diagram: what is selected, and what its numbers are of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from msgspec.structs import replace

from tinynet_tui.drawing.diagram_layout import FreeCells, Layout, layout
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Canvas, Line, cells_of
from tinynet_tui.drawing.scene import Scene, what_is_new
from tinynet_tui.engine.model import Model
from tinynet_tui.engine.names import symbol
from tinynet_tui.networks.dense import (
    DenseParameter,
    activation_name,
    dense_network,
    neuron_title,
    parameters_of,
)
from tinynet_tui.session.history import editable_names
from tinynet_tui.session.moment import Moment
from tinynet_tui.teaching.sample_or_batch import joined, marked, of_batch

_APART = 3
"""Cells between two captions that share a row."""


@lru_cache(maxsize=32)
def layout_with_captions(model: Model, width: int, height: int, look: Look, number: int) -> Layout:
    """The most telling layout that has a place for captions: free cells, or else a row below the network."""
    network = dense_network(model)
    found = layout(network, width, height, look, number)
    names_all = found.named >= set(editable_names(model))
    needed = _FEW_WORDS if names_all or found.edge_labels else _MANY_WORDS
    if found.height <= height and found.width <= width:
        spots = [spot for spot in _spots(found, width) if spot.width >= _FEW_WORDS]
        wide = [spot for spot in spots if spot.width >= needed]
        if wide:
            return replace(found, spots=(wide[0], *(spot for spot in spots if spot != wide[0])))
    if found.height >= height:
        lower = layout(network, width, height - 1, look, number)
        if names_all and not lower.named >= found.named:
            return found
        found = lower
    left = max(1, min(box.x for box in found.boxes)) if found.width <= width else 1
    is_cut = found.width > width or found.height >= height
    below = FreeCells(left, min(found.height, height - 1), width - left)
    return replace(found, spots=(below,), row_below=True, is_cut=is_cut)


_FEW_WORDS, _MANY_WORDS = 20, 44
"""Cells that words about what is selected need where its number stands beside its edge, and where not."""


def _spots(plan: Layout, width: int) -> Iterator[FreeCells]:
    """The free cells at the lower left, the upper left and the upper right, a blank cell around them."""
    left = min(box.x for box in plan.boxes)
    for row in (plan.height - 1, 0):
        taken = sorted(_taken(plan, row))
        end = min((start for start, _ in taken), default=width)
        yield FreeCells(left, row, end - 1 - left)
    after = max((end for _, end in taken), default=width)
    yield FreeCells(after + 1, 0, width - after - 2)


def _taken(plan: Layout, row: int) -> Iterator[tuple[int, int]]:
    """The (first, after the last) columns of what stands or passes in a row."""
    boxes = ((box.x, box.y, box.width, box.height) for box in plan.boxes)
    labels = ((label.x, label.y, label.width, label.rows) for label in plan.edge_labels)
    yield from ((x, x + width) for x, y, width, rows in (*boxes, *labels) if y <= row < y + rows)
    by_layer = [
        [box for box in plan.boxes if box.layer == layer] for layer in range(plan.boxes[-1].layer + 1)
    ]
    for sources, targets in pairwise(by_layer):
        # Of the edges between two columns that reach a row, the outermost ones reach it.
        middles = [box.middle for box in (*sources, *targets)]
        if min(middles) <= row <= max(middles):
            yield sources[0].x + sources[0].width, targets[0].x


def draw_captions(canvas: Canvas, scene: Scene, plan: Layout) -> None:
    """What is selected and what the gradients are of, each in the longest form that its place has room for.

    Where both share a row, what is selected comes first, short enough for the other if that costs little.
    """
    if not plan.spots:
        return
    look = scene.look
    selected, bare = list(_selected(scene, plan)), list(_bare(scene, plan))
    about = _about_gradients(scene.moment, plan) if scene.path is None else scene.legend
    gradients: list[Line] = [((words, "dim" if scene.path is None else "edge.lit"),) for words in about]
    first, *others = plan.spots
    if others:
        _draw(canvas, first, [*selected, *bare], look)
        _draw(canvas, others[0], gradients, look)
        return
    least = min((_cells(form, look) for form in gradients), default=-_APART) + _APART
    beside = [form for form in selected if _cells(form, look) <= first.width - least]
    after = _draw(canvas, first, beside or [*selected, *bare], look) + _APART
    _draw(canvas, FreeCells(after, first.y, first.x + first.width - after), gradients, look)


def _draw(canvas: Canvas, spot: FreeCells, forms: Sequence[Line], look: Look) -> int:
    """Write the first of the forms that has room; the column after it."""
    said = (tuple((look.say(text), role) for text, role in form) for form in forms)
    return canvas.line_of_text(spot.x, spot.y, next((f for f in said if cells_of(f) <= spot.width), ()))


def _cells(form: Line, look: Look) -> int:
    return sum(len(look.say(text)) for text, _ in form)


def _selected(scene: Scene, plan: Layout) -> Iterator[Line]:
    """What is selected and where it sits, in ever shorter forms; its numbers too where no label has them."""
    moment = scene.moment
    name, numbering = moment.session.selected, dense_network(moment.model).numbering
    parameter = next((p for p in parameters_of(dense_network(moment.model)) if p.name == name), None)
    touring = moment.session.tour
    # How weights are numbered is of no use to whoever meets the first ones.
    tells_numbering = parameter is not None and parameter.is_weight and not (touring and touring.is_open)
    sign, place = symbol(name), _place(moment, name, parameter)
    if name in plan.named and not plan.is_cut:
        if scene.path is not None and moment.displayed(f"dL/d{name}") is not None:
            # Its own gradient has given way to a factor: another one in the row would be taken for it.
            yield _with_numbers(sign, f": {place}", _numbers(scene, plan)[-1:])
        if tells_numbering:
            yield ((f"{sign} ({place}), numbered by {numbering}", "dim"),)
            yield ((f"{sign}: {place}, by {numbering}", "dim"),)
            yield ((f"{sign} {place}, by {numbering}", "dim"),)
        yield ((f"{sign}: {place}", "dim"),)
        return
    numbered = (f"{place}, numbered by {numbering}", f"{place}, by {numbering}") if tells_numbering else ()
    value, *gradient = _numbers(scene, plan)
    for words in (*numbered, place):
        yield _with_numbers(sign, f" ({words})", [value, *gradient])
    yield _with_numbers(sign, f" ({place})", [value])


def _bare(scene: Scene, plan: Layout) -> Iterator[Line]:
    """What is selected and its numbers, where there is least room."""
    sign, numbers = symbol(scene.moment.session.selected), _numbers(scene, plan)
    yield _with_numbers(sign, "", numbers)
    yield _with_numbers(sign, "", numbers[:1])


def _numbers(scene: Scene, plan: Layout) -> list[tuple[str, str]]:
    """(the sign before it, the number): the value of what is selected, and if it is learned, its gradient."""
    moment = scene.moment
    name, digits = moment.session.selected, moment.session.digits
    signs = {"": name}
    if moment.program.sample_position(f"dL/d{name}") is not None:
        signs[_gradient_sign(moment)] = f"dL/d{name}"
    return [
        (sign, scene.look.number(moment.displayed(of), plan.number, digits).strip())
        for sign, of in signs.items()
    ]


def _with_numbers(sign: str, place: str, numbers: Sequence[tuple[str, str]]) -> Line:
    parts = ((f"  {before} " if before else " ", number) for before, number in numbers)
    return (
        (sign, "selected"),
        (place, "dim"),
        *(part for before, number in parts for part in ((before, "dim"), (number, ""))),
    )


def _place(moment: Moment, name: str, parameter: DenseParameter | None) -> str:
    """Where something that can be selected sits: x₂ → node 3."""
    network = dense_network(moment.model)
    if parameter is None:
        return "an input" if name in moment.model.inputs else "a target"
    target = neuron_title(network, parameter.layer, parameter.neuron)
    if parameter.input is None:
        return f"bias of {target}"
    if parameter.layer == 1:
        return f"{symbol(activation_name(network, 0, parameter.input))} → {target}"
    return f"{neuron_title(network, parameter.layer - 1, parameter.input)} → {target}"


def _gradient_sign(moment: Moment) -> str:
    """The sign before a parameter's gradient that stands alone: ∂ of the sample, or of the batch."""
    if moment.is_of_batch:
        return joined("∂", moment.model, len(moment.program.samples))
    return marked("∂", moment)


def _about_gradients(moment: Moment, plan: Layout) -> Iterator[str]:
    """What the gradients are of, and in an update which numbers are new, from the longest form on."""
    if moment.phase == "check":
        yield "new values; ∂ not computed yet"
        yield "new values, no ∂ yet"
        return
    of, new = tuple(_of_gradients(moment, plan)), what_is_new(moment)
    if moment.phase != "update":
        yield from of
        return
    who, is_batch = new.removesuffix(" new") or "no parameter", bool(of_batch(moment))
    yet, are = "" if new else " yet", "are" if " " in who and new else "is"
    if is_batch:
        yield from (f"{who} {verb}new{yet}; {form}" for form in of for verb in (f"{are} ", ""))
    elif new:
        yield f"{who} {are} new, the rest old"
        yield f"{who} new, rest old"
    yield f"{who} {are} new{yet}"


def _of_gradients(moment: Moment, plan: Layout) -> Iterator[str]:
    """What the gradients in the diagram are of: those at the parameters, or else those at the sums."""
    if plan.detail == "full" or plan.edge_labels:
        if moment.is_of_batch:
            yield f"∂ of w and b: {of_batch(moment)}"
            yield f"∂ w, b: {of_batch(moment)}"
            yield f"∂w: {of_batch(moment)}"
        else:
            yield f"∂ beside w₁: {marked('∂L/∂w₁', moment)}"
    elif plan.detail == "brief":
        yield f"∂z: {marked('∂L/∂z', moment)} of its neuron"
        yield f"∂z: {marked('∂L/∂z', moment)}"
    elif plan.detail != "line":
        yield f"∂z₁: {marked('∂L/∂z₁', moment)}"
