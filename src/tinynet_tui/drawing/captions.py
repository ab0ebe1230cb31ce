"""Words in the free cells of the diagram: what is selected, and what its numbers are of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tinynet_tui.drawing.layout import Layout
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Canvas
from tinynet_tui.engine.names import symbol
from tinynet_tui.networks.dense import Network, activation_name, dense_model, neuron_title, parameters_of
from tinynet_tui.session.moment import Moment
from tinynet_tui.teaching.of_samples import joined, marked, of_batch

_Form = tuple[tuple[str, str], ...]
"""(text, role) parts of one line."""
_APART = 3
"""Cells between two captions that share a row."""


def draw_captions(canvas: Canvas, moment: Moment, plan: Layout, look: Look) -> None:
    """What is selected and what the gradients are of, each in the longest form that its place has room for.

    Where both share a row, what is selected comes first, short enough for the other if that costs little.
    """
    if not plan.spots:
        return
    selected, gradients = list(_selected(moment, plan, look)), list(_gradients(moment, plan, look))
    bare = list(_bare(moment, plan, look))
    first, second = plan.spots[0], plan.spots[1:2]
    if second:
        _draw(canvas, first.x, first.y, first.width, [*selected, *bare], look)
        _draw(canvas, second[0].x, second[0].y, second[0].width, gradients, look)
        return
    least = min((_cells(form, look) for form in gradients), default=-_APART) + _APART
    beside = [form for form in selected if _cells(form, look) <= first.width - least]
    after = _draw(canvas, first.x, first.y, first.width, beside or [*selected, *bare], look) + _APART
    _draw(canvas, after, first.y, first.x + first.width - after, gradients, look)


def _draw(canvas: Canvas, x: int, y: int, room: int, forms: Sequence[_Form], look: Look) -> int:
    """Write the first of the forms that has room; the column after it."""
    for text, role in next((form for form in forms if _cells(form, look) <= room), ()):
        x = canvas.text(x, y, look.say(text), role)
    return x


def _cells(form: _Form, look: Look) -> int:
    return sum(len(look.say(text)) for text, _ in form)


def _selected(moment: Moment, plan: Layout, look: Look) -> Iterator[_Form]:
    """What is selected and where it sits, in ever shorter forms; its numbers too where no label has them."""
    name, network = moment.session.selected, moment.network
    sign, place = look.symbol(name), _place(network, name)
    if name in plan.named and not plan.is_cut:
        if name.startswith("w"):
            yield ((f"{sign} ({place}), numbered by {network.numbering}", "dim"),)
            yield ((f"{sign}: {place}, by {network.numbering}", "dim"),)
            yield ((f"{sign} {place}, by {network.numbering}", "dim"),)
        yield ((f"{sign}: {place}", "dim"),)
        return
    places = [place]
    if name.startswith("w"):
        places = [f"{place}, numbered by {network.numbering}", f"{place}, by {network.numbering}", place]
    value, *gradient = _numbers(moment, plan, look)
    yield from (_with_numbers(sign, f" ({place})", [value, *gradient]) for place in places)
    yield _with_numbers(sign, f" ({place})", [value])


def _bare(moment: Moment, plan: Layout, look: Look) -> Iterator[_Form]:
    """What is selected and its numbers, where there is least room."""
    sign, numbers = look.symbol(moment.session.selected), _numbers(moment, plan, look)
    yield _with_numbers(sign, "", numbers)
    yield _with_numbers(sign, "", numbers[:1])


def _numbers(moment: Moment, plan: Layout, look: Look) -> list[tuple[str, str]]:
    """(the sign before it, the number): the value of what is selected, and if it is learned, its gradient."""
    name = moment.session.selected
    signs = {"": name, _gradient_sign(moment): f"dL/d{name}"}
    if moment.program.sample_position(f"dL/d{name}") is None:
        signs = {"": name}
    digits = moment.session.digits
    return [
        (sign, look.number(moment.displayed(of), plan.number, digits).strip()) for sign, of in signs.items()
    ]


def _with_numbers(symbol: str, place: str, numbers: Sequence[tuple[str, str]]) -> _Form:
    parts = ((f"  {sign} " if sign else " ", number) for sign, number in numbers)
    return (
        (symbol, "selected"),
        (place, "dim"),
        *(part for sign, number in parts for part in ((sign, "dim"), (number, ""))),
    )


def _place(network: Network, name: str) -> str:
    """Where something that can be selected sits: x₂ → node 3."""
    parameter = next((p for p in parameters_of(network) if p.name == name), None)
    if parameter is None:
        return "an input" if name in dense_model(network).inputs else "a target"
    target = neuron_title(network, parameter.layer, parameter.neuron)
    if parameter.input is None:
        return f"bias of {target}"
    if parameter.layer == 1:
        return f"{symbol(activation_name(network, 0, parameter.input))} → {target}"
    return f"{neuron_title(network, parameter.layer - 1, parameter.input)} → {target}"


def _gradient_sign(moment: Moment) -> str:
    """The sign before a parameter's gradient that stands alone: ∂ of the sample, or of the batch."""
    return (
        joined("∂", moment.network, len(moment.program.samples))
        if moment.is_of_batch
        else marked("∂", moment)
    )


def _gradients(moment: Moment, plan: Layout, look: Look) -> Iterator[_Form]:
    """What the gradients are of, and in an update which numbers are new, from the longest form on."""
    return (((words, "dim"),) for words in _about_gradients(moment, plan, look))


def _about_gradients(moment: Moment, plan: Layout, look: Look) -> Iterator[str]:
    batch = of_batch(moment)
    if moment.phase == "check":
        yield "new values; ∂ not computed yet"
        yield "new values, no ∂ yet"
    elif moment.phase == "update":
        yield from _about_updates(moment, batch)
    elif moment.is_of_batch:
        yield f"∂ of w and b: {batch}"
        yield f"∂: {batch}"
    elif plan.detail == "full" or plan.edge_labels:
        yield f"∂ beside w₁: {marked('∂L/∂w₁', moment)}"
    elif plan.detail == "brief":
        yield f"∂z: {marked('∂L/∂z', moment)} of its neuron"
        yield f"∂z: {marked('∂L/∂z', moment)}"
    elif plan.detail != "line":
        yield f"∂z₁: {marked('∂L/∂z₁', moment)}"


def _in_ranges(names: Sequence[str]) -> str:
    """Names of parameters, those that follow each other as a range: w₁ to w₆ and b₁."""
    ranges: list[list[str]] = []
    for name in sorted(names, key=lambda name: (name[0] == "b", int(name[1:]))):
        if ranges and (ranges[-1][-1][0], int(ranges[-1][-1][1:]) + 1) == (name[0], int(name[1:])):
            ranges[-1].append(name)
        else:
            ranges.append([name])
    words = []
    for first, *others in ranges:
        between = " to " if len(others) > 1 else ", "
        words.append(between.join(map(symbol, (first, *others[-1:]))))
    return ", ".join(words).replace(", ", " and ") if len(names) == 2 else ", ".join(words)


def _about_updates(moment: Moment, batch: str) -> Iterator[str]:
    """Which parameters have their new values, which they take in their order, and what the rest is."""
    names = [p.name for p in moment.model.trained_parameters]
    numbers = [moment.program.number(name) for name in names]
    new = [
        name for name, number in zip(names, numbers, strict=True) if number and number <= moment.session.step
    ]
    names_of_new = _in_ranges(new) or "no parameter"
    are = "are" if len(new) > 1 else "is"
    yet = "" if new else " yet"
    if batch:
        yield f"{names_of_new} {are} new{yet}; ∂: {batch}"
        yield f"{names_of_new} new{yet}; ∂: {batch}"
    elif new:
        yield f"{names_of_new} {are} new, the rest old"
        yield f"{names_of_new} new, rest old"
    yield f"{names_of_new} {are} new{yet}"
