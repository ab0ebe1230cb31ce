"""The chain panel: the selected parameter's whole product of factors, filled in as far as they are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from math import inf, isnan

from tinynet_tui.drawing.formula import Column, column, draw_rows, formula_rows
from tinynet_tui.drawing.lit_path import path_letter
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Line, Picture, cells_of, shorten, wrap
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.drawing.step_panel import (
    CHANGES,
    ENDS_NUDGE,
    Paragraph,
    draw_key_to_the_rest,
    draw_lines,
    lines_of,
    of_key,
    with_fitting_nudge,
)
from tinynet_tui.engine.expression_reading import letters
from tinynet_tui.engine.names import symbol
from tinynet_tui.session.commands import BY_NAME
from tinynet_tui.session.moment import Moment
from tinynet_tui.session.session import FIRST_NUDGE
from tinynet_tui.teaching.chain import Chain, Join, Path, counted, direct_and_through
from tinynet_tui.teaching.nudge import APART, MOST_NAMED, given_line, in_fewer, knob, parts_of_change
from tinynet_tui.teaching.sample_or_batch import joined, marked
from tinynet_tui.teaching.step_line import line_of

_UNLIMITED = 1_000_000
"""Cells: no row is longer."""
_FEW = 2
"""Paths that leave room for a whole nudge."""


def chain_panel(scene: Scene, width: int, height: int) -> Picture:
    """The product of each path to the selected parameter, then their sum, the mean of the samples, and L2."""
    canvas, look, moment, found = scene.look.canvas(width, height), scene.look, scene.moment, scene.chain
    said = list(_said(scene))
    if found is None:
        draw_lines(canvas, 0, lines_of(said, width, look), look)
        return canvas.picture()
    has_ratio = found.count > 1 and moment.session.knob != FIRST_NUDGE  # a turned nudge says one thing more
    reserved = _rows_of_nudge(scene, said, width) + has_ratio
    # Where room is scarce, what the product is of comes before what its factors are.
    if meanings := _flowed(map(look.say, _meanings(moment, found)), width - 2):
        said.append((meanings, "dim"))
    # A nudge that was asked for is seen whole, before the letters above the numbers of a path alone.
    least = 1 if found.count == 1 and moment.session.knob != FIRST_NUDGE and not found.joins else 2
    rows = _rows(scene, width - 2, max(height - reserved, least))
    if said and len(rows) == height and not any(map(_has_key, rows)):
        rows = _rows(scene, width - 2, max(height - 1, 2))  # a row for the key to what is said
    row = draw_rows(canvas, rows)
    for y in (y for y, line in enumerate(rows) if _has_key(line)):
        canvas.mark("command:read", 1, y, width - 1)
    whole = said[:1]
    if row < height and said:
        said = with_fitting_nudge(said, width, height - row, look)
    is_cut = row < height and said[:1] != whole
    lines = _with_changes_named(lines_of(said, width, look), width) if row < height else ()
    draw_lines(canvas, row, lines, look, is_cut)
    if said and row == height and cells_of(rows[-1]) < width - of_key(look) and not any(map(_has_key, rows)):
        draw_key_to_the_rest(canvas, height - 1, look)  # it has room beside the last row
    return canvas.picture()


def _with_changes_named(lines: Sequence[Line], width: int) -> list[Line]:
    """Lines of which the end of a nudge says what its numbers are, where it has room for that."""
    room = width - len(CHANGES) - 2
    return [
        (*line, (CHANGES, "dim")) if ENDS_NUDGE.search(line[-1][0]) and cells_of(line) <= room else line
        for line in lines
    ]


def _rows_of_nudge(scene: Scene, said: Sequence[Paragraph], width: int) -> int:
    """The rows that are kept for what is said first, a nudge with as many changes as other places name; or
    beside many paths, where it was not asked for, with that of the loss alone and the key to the rest."""
    is_asked = _has_nudge(scene)
    is_whole = is_asked or (scene.chain is not None and scene.chain.count <= _FEW)
    kept = MOST_NAMED if is_whole else 1
    found = [(in_fewer(text, kept), role) for text, role in said[:1] if is_asked or APART in text]
    rows = lines_of(found, width, scene.look)
    return len(rows) + (bool(rows) and not is_whole and cells_of(rows[-1]) >= width - of_key(scene.look))


def _has_key(row: Line) -> bool:
    """Whether a row says how to read the rest."""
    return any(role == "key" for _, role in row)


def _said(scene: Scene) -> Iterator[Paragraph]:
    """What the panel says in sentences, the most needed first."""
    moment, found, nudged = scene.moment, scene.chain, list(_nudged(scene))
    # Whoever turned the knob wants to know what came of it; else what the factors are is more to the point.
    first = 1 if moment.session.knob == FIRST_NUDGE else 2
    yield from nudged[:first]
    if found is None:
        name = moment.session.selected
        yield given_line(moment, name), "strong"
        nudged.append((f"{symbol(name)} is given, not learned: no step has this gradient.", "dim"))
    yield from ((text, "dim") for text in (_remarks(moment, found) if found else ()))
    yield from nudged[first:]


def rows_of_chain(scene: Scene, width: int, most: int) -> int:
    """How many rows the panel can fill, at most as many as it may have: the paths, the nudge or a remark."""
    said = list(_nudged(scene))
    # Beside several paths a nudge that is turned takes no row from the picture, which would be another then.
    is_alone = scene.chain is None or scene.chain.count == 1
    more = len(lines_of(said[1:], width, scene.look)) if is_alone else 0
    nudged = _rows_of_nudge(scene, said, width) + more
    if scene.chain is None:
        return min(len(lines_of(_said(scene), width, scene.look)), most)
    return max(nudged, 1) + len(_rows(scene, width - 2, most - 1))


def chain_words(scene: Scene) -> tuple[str, ...]:
    """All that the panel says of what is selected, in paragraphs: of several paths, each of them."""
    moment, found, said = scene.moment, scene.chain, tuple(text for text, _ in _said(scene))
    if found is None:
        return said
    meanings = ", ".join(_meanings(moment, found))
    said = (*_paths_in_words(moment, found), *said, *((f"{meanings}.",) if meanings else ()))
    return (f"The chain to {marked(symbol(_gradient(moment)), moment)}:", *said) if said else ()


def _paths_in_words(moment: Moment, found: Chain) -> Iterator[str]:
    """The paths in letters and numbers, and what they become."""
    name = _gradient(moment)
    for path in found.paths if found.count > 1 or found.paths[0].factors != (name,) else ():
        came = f" {path.came.sign} {path.came.value}" if path.came else ""
        in_letters = " · ".join(marked(symbol(factor), moment) for factor in path.factors)
        label = _label(found, path) if found.count > 1 else f"{marked(symbol(name), moment)} = "
        yield f"{label}{in_letters} {path.reads} {' · '.join(path.numbers)}{came}"
    if found.count > len(found.paths):
        yield _more_paths(found, found.count - len(found.paths))[0]
    for join in found.joins:
        yield "".join(text for text, _ in _join_row(join, _UNLIMITED, Look()))


def _has_nudge(scene: Scene) -> bool:
    """Whether the nudge takes rows from what else there is: beside several paths, where it was asked for."""
    session = scene.moment.session
    is_asked = session.knob != FIRST_NUDGE or (session.tour is not None and session.tour.is_open)
    return scene.chain is None or scene.chain.count == 1 or is_asked


def _nudged(scene: Scene) -> Iterator[Paragraph]:
    """What the knob does to what is selected; before its gradient is known, where that was asked for."""
    moment, session = scene.moment, scene.moment.session
    if moment.value("L") is None:
        if session.knob != FIRST_NUDGE:
            yield f"{knob(moment).turned(session.digits)}: what that does is seen once L is known.", ""
        return
    found = knob(moment)
    is_free = session.stage == "off" or (session.stage == "telling" and session.back_to is not None)
    is_wanted = is_free and (session.knob != FIRST_NUDGE or session.shown_panel == "chain")
    if found.gradient is None and not is_wanted:
        return
    digits = moment.session.digits
    # What stands in the diagram may be new already.
    begins = "Before the update: " if _diagram_is_newer(moment) else ""
    yield f"{begins}{found.line(digits, len(found.changes))}", "strong"
    if found.gradient is None and session.knob == FIRST_NUDGE:
        return
    parts = parts_of_change(moment)
    yield found.bend or f"{f'L gets {parts}. ' if parts else ''}{found.ratio(digits)}", ""
    if session.stage == "off" and session.shown_panel == "chain":
        more, less = map(scene.look.keys.of, ("faster", "slower"))
        yield f"{more} nudges {found.name} by more, {less} by less, then down.", "dim"


def _gradient(moment: Moment) -> str:
    return f"dL/d{moment.session.selected}"


@lru_cache(maxsize=2)  # asked for the room of the panels, and again for the panel
def _rows(scene: Scene, room: int, most: int) -> list[Line]:
    """The paths, as many and as fully as there are rows, and below them what their products become."""
    found = _chain(scene)
    joins = [_join_row(join, room, scene.look) for join in found.joins]
    left = max(min(most, 2), most - len(joins))
    # Of more paths than are looked at, not all could be written out.
    blocks = _blocks(scene, room) if len(found.paths) == found.count else []
    if found.count > 1 and (not blocks or sum(map(len, blocks)) > left):
        short = _short(scene, room)
        if len(short) == found.count <= left:
            blocks = short
        else:
            largest, *others = _largest_first(found)
            # The first is written out, if it can be: the others go the same way through other neurons.
            in_full = formula_rows(_columns(scene, found, found.paths[largest]), room, scene.look)
            first = in_full if len(in_full) < left else short[largest]
            blocks = _as_many([first, *(short[index] for index in others)], found, room, left, scene.look)
    elif len(blocks) == 1 and len(blocks[0]) > left and found.paths[0].factors == (_gradient(scene.moment),):
        # In letters and numbers on a line or two, without a row for each term.
        blocks = [[_row(scene.look, (line, "")) for line in _in_full(scene, room, in_letters=False)[:left]]]
    elif left <= 2 and len(blocks[0]) > left:
        blocks = _short(scene, room)
    elif len(blocks) == 1 and len(blocks[0]) > left:
        blocks = [formula_rows(_columns(scene, found, found.paths[0]), room, scene.look, left)]
    return [*(row for block in blocks for row in block), *joins]


def _chain(scene: Scene) -> Chain:
    assert scene.chain is not None, "a parameter is selected"
    return scene.chain


@lru_cache(maxsize=1)
def _short(scene: Scene, room: int) -> list[list[Line]]:
    """Each path in one row."""
    found, moment = _chain(scene), scene.moment
    if found.count > 1:
        return [[_numbers_row(_label(found, path), path, room, scene.look)] for path in found.paths]
    name = marked(symbol(_gradient(moment)), moment)
    return [[_numbers_row(f"{name} {path.reads} ", path, room, scene.look)] for path in found.paths]


@lru_cache(maxsize=1)  # asked for the diagram's sake, and again for the panel
def _blocks(scene: Scene, room: int) -> list[list[Line]]:
    """The rows of each path in full."""
    found, name = _chain(scene), _gradient(scene.moment)
    paths = found.paths
    if [path.factors for path in paths] == [(name,)]:
        # The loss itself gives it, or a part of it: there is no product alone.
        if paths[0].came is not None:
            parts = [_join_row(join, room, scene.look) for join in direct_and_through(scene.moment, name)]
            in_full = _in_full(scene, room, in_letters=bool(parts))
            return [[*(_row(scene.look, (line, "")) for line in in_full), *parts]]
        before = f"{marked(symbol(name), scene.moment)} {paths[0].reads} "
        role = scene.highlights.role(name, "strong")
        return [[_row(scene.look, (before, "strong"), (paths[0].numbers[0], role))]]
    columns = [_columns(scene, found, path) for path in paths]
    return [
        formula_rows(path, room, scene.look) for path in (_aligned(columns) if len(columns) > 1 else columns)
    ]


def _in_full(scene: Scene, room: int, in_letters: bool) -> list[str]:
    """The selected parameter's gradient as its own step has it, in letters and in numbers, on one line if
    that has room; or in letters alone."""
    moment = scene.moment
    number = moment.program.number_of(_gradient(moment), moment.sample)
    mark = moment.sample if len(moment.program.samples) > 1 else None
    line = line_of(moment.trace, number, moment.session.digits, mark)
    sides = (line.text,) if len(scene.look.say(line.text)) <= room else line.sides
    if in_letters:
        sides = line.sides[:1]
    return [row for side in sides for row in wrap(scene.look.say(side), room)]


def _aligned(paths: list[list[Column]]) -> Iterator[list[Column]]:
    """The columns of several paths, each as wide as in the others of as many factors; labels begin alike."""
    alike = {len(path): [other for other in paths if len(other) == len(path)] for path in paths}
    widths = {
        length: [max(column.width for column in columns) for columns in zip(*same, strict=True)]
        for length, same in alike.items()
    }
    for label, *others, result in paths:
        first, *rest, _ = widths[len(others) + 2]
        yield [
            column(label.above[0][0].ljust(first), label.below[0][0].rjust(first), "dim"),
            *(column._replace(least=cells) for column, cells in zip(others, rest, strict=True)),
            result,
        ]


def _largest_first(found: Chain) -> list[int]:
    """The places of the paths, by how large their products are; in their own order until these are known."""
    sizes = [abs(path.value) for path in found.paths if path.value is not None]
    order = range(len(found.paths))
    if len(sizes) < len(order):
        return list(order)
    return sorted(order, key=lambda index: inf if isnan(sizes[index]) else sizes[index], reverse=True)


def _as_many(blocks: list[list[Line]], found: Chain, room: int, rows: int, look: Look) -> list[list[Line]]:
    """Blocks that fit, with a row that says how many paths there are besides, and the key that shows them."""
    kept: list[list[Line]] = []
    for block in blocks:
        if sum(map(len, kept)) + len(block) > rows - 1 and kept:
            break
        kept.append(block)
    more = found.count - len(kept)
    if not more:
        return kept
    read = (f"  {look.keys.first('read')}", "key"), (f" {BY_NAME['read'].title}", "dim")
    forms = [_row(look, (words, "dim"), *read) for words in _more_paths(found, more)]
    return [*kept, [next((form for form in forms if cells_of(form) <= room), forms[-1])]]


def _more_paths(found: Chain, more: int) -> tuple[str, ...]:
    """How many paths there are besides, and how large they are; and in fewer words."""
    words = f"… and {counted(more)} more {'path' if more == 1 else 'paths'}"
    if any(path.value is None for path in found.paths):
        return (words,)
    long = f"{words}, with {'products' if more > 1 else 'a product'} no larger in size"
    return long, f"{words}, no larger in size", words


def _row(look: Look, *parts: tuple[str, str]) -> Line:
    """A row of (text, role) as it will stand on screen."""
    return tuple((look.say(text), role) for text, role in parts)


def _columns(scene: Scene, found: Chain, path: Path) -> list[Column]:
    """A path in letters above its numbers, with its product."""
    moment, say, role_of = scene.moment, scene.look.say, scene.highlights.role
    name = _gradient(moment)
    if len(found.paths) == 1:
        columns = [
            column(say(marked(symbol(name), moment)), "", "strong"),
            column(say(" = "), say(f" {path.reads} ")),
        ]
    else:
        label = say(_label(found, path))
        columns = [column(label, say(f"{path.reads} ").rjust(len(label)), "dim")]
    for index, factor in enumerate(path.factors):
        if index:
            columns.append(column(say(" · "), say(" · ")))
        role = role_of(factor, "dim" if path.values[index] is None else "")
        letter = say(marked(symbol(factor), moment))
        columns.append(column(letter, say(path.numbers[index]), role.replace("dim", ""), role))
    if path.came is None:
        return [*columns, column(""), column("")]
    result_role = role_of(name, "strong") if len(found.paths) == 1 else "strong"
    result = column("", say(path.came.value), "", result_role)
    return [*columns, column("", say(f" {path.came.sign} ")), result]


def _label(found: Chain, path: Path) -> str:
    """The mark that a path has in the diagram, and which way it goes: a via h₃, ŷ₁."""
    letter = path_letter(found.paths.index(path), len(found.paths))
    return f"{letter} via {', '.join(map(symbol, path.through))}: ".lstrip()


def _numbers_row(label: str, path: Path, room: int, look: Look) -> Line:
    """A path in one row: its numbers and its product, or where these are too long, its product alone."""
    label = look.say(label)
    numbers, result = " · ".join(path.numbers), ""
    if path.came is None and (
        len(label + numbers) > room or not any(value is not None for value in path.values)
    ):
        numbers = "not known yet"
    elif path.came is not None:
        result = f" {path.came.sign} {path.came.value}"
        if len(label + numbers + result) > room:
            # The product has a sign of its own, which tells nothing of the neuron that a way ends at.
            label, noun = f"{label.rstrip(' =≈~')} ", "product " if label.endswith(": ") else ""
            numbers, result = "", f"{noun}{path.came.whole} {path.came.value}"
    if len(label + result) > room:
        label = f"{shorten(label, max(room - len(result) - 2, 0), look.ascii)}: "
    left = room - len(label + result)
    shown = shorten(look.say(numbers), max(0, left), look.ascii) if numbers else ""
    return _row(look, (label, "dim"), (shown, ""), (result, "strong"))


def _join_row(join: Join, room: int, look: Look) -> Line:
    """What several numbers become, in one row; without the numbers where they are too long."""
    if (came := join.came) is None:
        return _row(look, (f"{join.words}: {join.name and f'{join.name} = '}?", "dim"))
    words, result = (f"{join.words}: ", "dim"), f" {came.sign} {came.value}"
    whole = _row(
        look, words, (f"{join.name and f'{join.name} {came.reads} '}{join.numbers}", ""), (result, "strong")
    )
    if join.numbers and cells_of(whole) <= room:
        return whole
    return _row(look, words, (join.name and f"{join.name} ", ""), (f"{came.whole} {came.value}", "strong"))


def _flowed(pieces: Iterable[str], room: int) -> str:
    """Pieces with commas between them, as many on a line as fit whole."""
    lines: list[str] = []
    for piece in pieces:
        if lines and len(f"{lines[-1]}, {piece},") <= room:
            lines[-1] += f", {piece}"
        else:
            lines.append(piece)
    return ",\n".join(lines)


def _meanings(moment: Moment, found: Chain) -> Iterator[str]:
    """What each factor of a single path is."""
    is_in_full = found.paths[0].factors == (_gradient(moment),) and found.paths[0].came is not None
    for factor in found.paths[0].factors if found.count == 1 and not is_in_full else ():
        step = moment.program.sample_step(factor)
        # While steps are predicted, the meaning of a factor that is constant would give its value away.
        if step is not None and (moment.session.stage == "off" or moment.value(factor) is not None):
            yield f"{symbol(factor)} = {letters(step.expression)}"


def _remarks(moment: Moment, found: Chain) -> list[str]:
    """What the product leaves open."""
    remarks, path = [], found.paths[0]
    if found.count == 1:
        missing = path.values.count(None)
        if missing and path.factors == (_gradient(moment),):
            # Of a sum of paths and what the loss itself adds, no one product is to be filled in.
            name = marked(symbol(_gradient(moment)), moment)
            remarks.append(f"{name} is still unknown; the backward pass computes it.")
        elif missing:
            them = "it" if missing == 1 else "them"
            of = f"{missing} of {len(path.factors)} factors"
            remarks.append(f"Still unknown: {of}; the backward pass computes {them}.")
        elif len(path.values) > 1 and 0.0 in path.values and moment.value(_gradient(moment)) == 0.0:
            zero = symbol(path.factors[path.values.index(0.0)])
            remarks.append(f"One factor is 0 ({zero}), so the whole product is 0.")
    elif any(None in path.values for path in found.paths):
        remarks.append("A ? is a factor that is still unknown; the backward pass computes it.")
    old = _OLD if _diagram_is_newer(moment) else ""
    if len(moment.program.samples) > 1:
        count, loss = len(moment.program.samples), joined("L", moment.model, 2)
        of_all = f"; {loss} is of all {count} samples" if moment.is_of_batch and not old else ""
        remarks.append(f"The product is that of sample {moment.sample}{old and f', {old}'}{of_all}.")
    elif old:
        remarks.append(f"All of it is {old}.")
    return remarks


_OLD = "from before the update"


def _diagram_is_newer(moment: Moment) -> bool:
    """Whether the diagram shows the selected value after the update; this panel has those before it."""
    name = moment.session.selected
    return moment.phase == "check" or (
        moment.phase == "update" and moment.value(name) != moment.given.get(name)
    )
