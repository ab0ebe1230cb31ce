"""The way of the selected parameter to the loss, as the diagram lights it: mark and factor for each place.

What the way is, with its factors in their order, is said in `teaching/chain.py`; here is where each stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from string import ascii_lowercase
from typing import TYPE_CHECKING, NamedTuple

from tinynet_tui.drawing.diagram_layout import BoxLine, EdgeLabel, Layout, NeuronBox
from tinynet_tui.drawing.picture import Canvas
from tinynet_tui.engine.expressions import Name
from tinynet_tui.engine.model import Model
from tinynet_tui.engine.steps import sample_positions, sample_steps
from tinynet_tui.networks.dense import DenseParameter, dense_network, parameters_of
from tinynet_tui.session.keys import Keys
from tinynet_tui.teaching.chain import Path
from tinynet_tui.teaching.numbers import OPEN, shown

if TYPE_CHECKING:
    from tinynet_tui.drawing.scene import Scene


_ROUNDED = (3, 2)
"""Significant digits of a rounded factor; with one the product could not be guessed."""


class Factor(NamedTuple):
    """One factor of the product."""

    order: int
    """Its place in the product, from 1."""
    letters: str
    """Of several paths those of the ones that it is in."""
    number: str
    """As it stands in the product."""
    value: float | None
    name: str

    @property
    def mark(self) -> str:
        """Its place and its paths: 3, 3a. No quantity begins with a digit: b1 would be a bias."""
        return f"{self.order}{self.letters}"

    @property
    def forms(self) -> tuple[str, ...]:
        """Mark and number as in the panel, or said to be rounded, from the longest on."""
        if self.value is None:
            return (f"{self.mark}:{OPEN}",)
        rounded = sorted(
            (f"{self.mark}≈{shown(self.value, digits)}" for digits in _ROUNDED), key=len, reverse=True
        )
        return f"{self.mark}:{self.number}", *(
            form for form in rounded if len(form) <= len(self.mark) + len(self.number)
        )

    def text(self, room: int) -> str:
        """The longest form that fits; nothing where none does."""
        return next((form for form in self.forms if len(form) <= room), "")


class LitPath(NamedTuple):
    """All paths of a parameter on the diagram."""

    on_edges: dict[str, tuple[Factor, ...]]
    """By the weight of the edge."""
    at: dict[str, tuple[Factor, ...]]
    """By the quantity or the bias that it is a derivative by."""
    length: int
    """Factors of a path: of the longest."""
    letters: str
    """Of the paths; empty where there is one alone."""

    def goes_through(self, box: NeuronBox) -> bool:
        """Whether a neuron is on the way, or the way begins at its bias."""
        return any(line.value in self.at or _at_sum(line) in self.at for line in box.lines)

    def legend(self, new: str, keys: Keys) -> tuple[str, ...]:
        """What the marks are, from the longest form on; new: what is new beside old factors, or ""."""
        last, old = f"1 to {self.length}", "old " if new else ""
        forms: tuple[str, ...]
        if len(self.letters) > 2:
            # In a crowd of edges, or where several stand at one place, not each has room for its number,
            # and the panel seldom has room for every path.
            paths, all_of_them = f"{self.letters[0]} to {self.letters[-1]}", f"{keys.of('read')} shows all"
            forms = (
                f"{paths}: the paths, {last}: their {old}factors; {all_of_them}",
                f"paths {paths}, {old}factors {last}; {all_of_them}",
                f"old factors {last}; {all_of_them}" if new else f"{paths}, {last}; {all_of_them}",
                f"{'old factors' if new else paths}: {all_of_them}",
            )
        elif self.letters:
            of = ", ".join(self.letters)
            forms = f"{of}: the paths, {last}: their {old}factors", f"{of}: paths, {last}: {old}factors"
        elif self.length == 1:
            forms = f"1: the only {old}factor", f"1: the {old}factor"
        else:
            forms = f"{last}: the {old}factors, in their order", f"{last}: the {old}factors"
        with_new = (*(f"{new}; {form}" for form in forms), f"{new}; old factors")
        return (*with_new, *forms, "old factors") if new else forms


def path_letter(index: int, count: int) -> str:
    """The letter of one of several paths; of one alone, or of one too many, none."""
    return ascii_lowercase[index] if count > 1 and index < len(ascii_lowercase) else ""


def lit_path(model: Model, paths: Sequence[Path], has_edges: bool = True) -> LitPath:
    """Where the factors of some paths stand; has_edges: whether those of weights stand on edges."""
    weights = frozenset(p.name for p in model.parameters if has_edges and p.of.kind == "weight")
    found: dict[tuple[bool, str], dict[tuple[int, str], list[int]]] = {}
    shown_as: dict[tuple[int, str], tuple[str, float | None]] = {}
    for number, path in enumerate(paths):
        for order, factor in enumerate(path.factors, start=1):
            place, of = _place(model, factor, weights), (order, factor)
            found.setdefault(place, {}).setdefault(of, []).append(number)
            shown_as[of] = path.numbers[order - 1].strip("()"), path.values[order - 1]
    letters = "".join(path_letter(index, len(paths)) for index in range(len(paths)))

    def factors(at: dict[tuple[int, str], list[int]]) -> Iterator[Factor]:
        for (order, name), numbers in sorted(at.items()):
            yield Factor(order, _letters(numbers, letters), *shown_as[order, name], name)

    placed = {place: tuple(factors(at)) for place, at in found.items()}
    return LitPath(
        {name: at for (is_edge, name), at in placed.items() if is_edge},
        {name: at for (is_edge, name), at in placed.items() if not is_edge},
        max((len(path.factors) for path in paths), default=0),
        letters,
    )


def _letters(numbers: Sequence[int], letters: str) -> str:
    """The letters of one or two of the paths; none where a factor is in all of them, or in many."""
    if len(numbers) == max(len(letters), 1) or len(numbers) > 2:
        return ""
    return "".join(letters[number : number + 1] for number in numbers)


def write_factors(
    canvas: Canvas, scene: Scene, x: int, y: int, room: int, factors: Sequence[Factor], end: int = 0
) -> None:
    """Write the factors that stand at one place, as many as have room.

    end: the column up to which numbers that do not fit the place may stand behind it, over lines, but over no
    text; 0: none may.
    """
    canvas.fill(x, y, room, 1)
    texts, inside = _with_numbers(factors, room), len(factors)
    behind, cells = _room_behind(canvas, x + room, y, end)
    if not texts and behind == x + room:
        texts = _with_numbers(factors, room + cells)
        canvas.fill(behind, y, len(" ".join(texts)) - room + 1, 1)
    while not texts and inside and cells > 0:
        inside -= 1
        first, others = _with_numbers(factors[:inside], room), _with_numbers(factors[inside:], cells)
        texts = [*first, *others] if len(first) + len(others) == len(factors) else []
    for index, text in enumerate(texts or _marks(factors, room, scene.look.say("…"))):
        role = scene.highlights.role(factors[index].name, "edge.lit")
        x = canvas.text(behind if texts and index == inside else x, y, scene.look.say(text), role) + 1


def _room_behind(canvas: Canvas, x: int, y: int, end: int) -> tuple[int, int]:
    """(column, cells) for numbers that stand behind a place: after its frame, if it has one."""
    start = x if canvas.is_free(x, y, 1, may_cross=True) else x + 2
    after = start
    while after < end and canvas.is_free(after, y, 1, may_cross=True):
        after += 1
    return start, after - start - 2


def _with_numbers(factors: Sequence[Factor], room: int) -> list[str]:
    """Each of some factors with its number; nothing where these have no room."""
    texts, left = list[str](), room
    for index, factor in enumerate(factors):
        others = sum(len(other.forms[-1]) + 1 for other in factors[index + 1 :])
        texts.append(factor.text(left - others))
        left -= len(texts[-1]) + 1
    return texts if all(texts) else []


def _marks(factors: Sequence[Factor], room: int, more: str) -> list[str]:
    """The marks alone of some factors, if need be of the first ones.

    more: what says that there are more of them.
    """
    marks = [factor.mark for factor in factors]
    if len(" ".join(marks)) <= room:
        return marks
    while marks and len(" ".join(marks) + more) > room:
        marks.pop()
    return [*marks[:-1], f"{marks[-1]}{more}"] if marks else [more[:room]]


PlaceOnEdge = Callable[[DenseParameter, Sequence[EdgeLabel], int], EdgeLabel | None]
"""(weight, the labels that there are, cells) -> a place on the course of its edge."""


def draw_factors(
    canvas: Canvas, scene: Scene, plan: Layout, path: LitPath, labels: Sequence[EdgeLabel], place: PlaceOnEdge
) -> None:
    """Write each factor at its place: instead of the gradient there, or where there is none on the edge."""
    taken = list(labels)
    for weight in parameters_of(dense_network(scene.moment.model)):
        factors = path.on_edges.get(weight.name)
        if factors is None:
            continue
        label = next((found for found in labels if found.parameter.name == weight.name), None)
        if label is not None and label.has_gradient:
            beside = label.rows == 1
            x = label.x + label.width - plan.number - beside * (plan.number + 2)
            at = (x + plan.number + 1, label.y) if beside else (x - 1, label.y + 1)
            write_factors(canvas, scene, *at, plan.number + 1, factors)
            continue
        whole = _with_numbers(factors, (plan.number + 2) * len(factors))
        rooms = (len(" ".join(whole)), max(len(factor.text(plan.number + 1)) for factor in factors))
        found = next(filter(None, (place(weight, taken, room) for room in rooms)), None)
        if found is not None:
            taken.append(found)
            canvas.fill(found.x - 1, found.y, found.width + 2, 1)  # blanks keep the signs of lines from it
            write_factors(canvas, scene, found.x, found.y, found.width, factors)
    # What has no room in a box stands behind it, where no edge has a label.
    write = partial(write_factors, canvas, scene, end=canvas.width)
    for box in plan.boxes:
        _in_box(box, plan, path, write)


def _in_box(
    box: NeuronBox, plan: Layout, path: LitPath, write: Callable[[int, int, int, Sequence[Factor]], None]
) -> None:
    """The factors at a neuron: each instead of the gradient beside it, or all instead of that at the sum."""
    rows = list(enumerate(box.lines, start=box.y + box.framed))
    beside = [(row, line) for row, line in rows if line.gradient == f"dL/d{line.value}"]
    if beside:
        x, room = box.x + box.framed + box.labels + plan.number + 1, box.gradient_labels + plan.number
        for row, line in beside:
            if line.value in path.at:
                write(x, row, room, path.at[line.value])
        return
    for row, line in rows:
        # Beside the value there is the gradient at the sum, in the same row.
        aside = box.labels + plan.number + 1 if line.gradient else 0
        room = box.gradient_labels if line.gradient else box.labels
        names = (name for name in path.at if name in {_at_sum(line), *(other.value for other in box.lines)})
        factors = sorted(factor for name in names for factor in path.at[name])
        if _at_sum(line) and factors:
            write(box.x + box.framed + aside, row, room + plan.number, factors)


def _at_sum(line: BoxLine) -> str:
    """The sum that a line, or what stands beside it, is the gradient at; "" for another line."""
    return (line.gradient or line.value).partition("dL/d")[2]


def _place(model: Model, factor: str, weights: frozenset[str]) -> tuple[bool, str]:
    """(whether a factor belongs to an edge, the name of its weight, or of what it is a derivative by)."""
    by = factor.split("/d", 1)[1]
    if by in weights:
        return True, by
    match sample_steps(model)[sample_positions(model)[factor]].expression:
        case Name(weight) if weight in weights:
            return True, weight
    return False, by
