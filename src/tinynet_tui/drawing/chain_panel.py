"""The chain panel: the selected parameter's whole product of factors, filled in as far as they are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from tinynet_tui.drawing.formula import Column, Row, draw_rows, formula_rows
from tinynet_tui.drawing.lit import Lit, lit
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture, shorten, wrap
from tinynet_tui.drawing.step_panel import draw_lines
from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.walks import letters
from tinynet_tui.session.commands import BY_NAME, key_sign
from tinynet_tui.session.moment import Moment
from tinynet_tui.teaching.chain import Chain, Join, Path, chain
from tinynet_tui.teaching.equation import equation, sign_before
from tinynet_tui.teaching.numbers import OPEN, shown
from tinynet_tui.teaching.of_samples import marked


def chain_panel(moment: Moment, width: int, height: int, look: Look) -> Picture:
    """The product of each path to the selected parameter, then their sum, the mean of the samples, and L2."""
    canvas = look.canvas(width, height)
    name = _name(moment)
    if moment.program.sample_position(name) is None:
        for row, line in enumerate(wrap(look.say(not_learned(moment, look.ascii)), width - 2)):
            canvas.text(1, row, line)
        return canvas.picture()
    found = chain(moment, name)
    row = draw_rows(canvas, 1, 0, _rows(moment, found, width - 2, height, look))
    # Where room is scarce, what the product is of comes before what its factors are.
    remarks = (*_remarks(moment, name, found), _flowed(map(look.say, _meanings(moment, found)), width - 2))
    lines = [(line, "dim") for text in remarks for line in wrap(look.say(text), width - 2)]
    if row < height:
        draw_lines(canvas, row, lines, look)
    return canvas.picture()


def chain_words(moment: Moment) -> tuple[str, ...]:
    """All that the panel says below the product of the selected parameter, in paragraphs."""
    name = _name(moment)
    if moment.program.sample_position(name) is None:
        return ()
    found = chain(moment, name)
    meanings = ", ".join(_meanings(moment, found))
    said = (*((f"{meanings}.",) if meanings else ()), *_remarks(moment, name, found))
    return (f"The chain to {marked(symbol(name), moment)}:", *said) if said else ()


def rows_of_chain(moment: Moment, width: int, look: Look) -> int:
    """The rows that the panel would fill: every path in letters and in numbers, and one row of remarks."""
    name = _name(moment)
    if moment.program.sample_position(name) is None:
        return 1
    return 1 + len(_rows(moment, chain(moment, name), width - 2, 1_000, look))


def _name(moment: Moment) -> str:
    return f"dL/d{moment.session.selected}"


def not_learned(moment: Moment, ascii: bool) -> str:
    """What there is to say where an input or a target is selected."""
    up, down = (key_sign(BY_NAME[name].keys[0], ascii) for name in ("select-previous", "select-next"))
    return (
        f"{symbol(moment.session.selected)} is given, not learned. Select a parameter with {up} and {down}."
    )


def _rows(moment: Moment, found: Chain, room: int, most: int, look: Look) -> list[Row]:
    """The paths, as many and as fully as there are rows, and below them what their products become."""
    joins = [_join_row(join, room, look) for join in found.joins]
    left = max(2, most - len(joins))
    lights = lit(moment)
    columns = _aligned([_columns(moment, look, lights, path, found) for path in found.paths])
    blocks = [formula_rows(path, room) for path in columns]
    if found.count > 1 and (sum(map(len, blocks)) > left or len(blocks) < found.count):
        short = [[_numbers_row(moment, look, path, room)] for path in found.paths]
        if len(short) == found.count <= left:
            blocks = short
        else:
            # The first is written out, if it can be: the others go the same way through other neurons.
            first = blocks if len(blocks[0]) < left else short
            blocks = _as_many(first[:1] + short[1:], found.count, left, look)
    elif len(blocks) == 1 and len(blocks[0]) > left:
        blocks = [formula_rows(columns[0], room, left)]
    return [*(row for block in blocks for row in block), *joins]


def _aligned(paths: list[list[Column]]) -> list[list[Column]]:
    """The columns of several paths, each as wide as those above and below it."""
    widths = [max(column.width for column in columns) for columns in zip(*paths, strict=False)]
    return [
        [replace(column, least=width) for column, width in zip(path, widths, strict=False)]
        if len(path) == len(widths)
        else path
        for path in paths
    ]


def _as_many(blocks: list[list[Row]], count: int, rows: int, look: Look) -> list[list[Row]]:
    """Blocks that fit, with a row that says how many paths there are besides."""
    kept: list[list[Row]] = []
    for block in blocks:
        if sum(map(len, kept)) + len(block) > rows - 1 and kept:
            break
        kept.append(block)
    more = count - len(kept)
    words = f"… and {more:,} more path{'s' * (more > 1)}" if more else ""
    return [*kept, *([[_text_row(look.say(words), "dim")]] if words else [])]


def _text_row(text: str, role: str = "") -> Row:
    return ((text, role, len(text)),)


def _label(path: Path, look: Look) -> str:
    """Which way a path goes: via h₃, ŷ₁."""
    return look.say(f"via {', '.join(map(symbol, path.through))}: ")


def _columns(moment: Moment, look: Look, lights: Lit, path: Path, found: Chain) -> list[Column]:
    """A path in letters above its numbers, with its product."""
    name = marked(symbol(_name(moment)), moment)
    value, digits = path.value, moment.session.digits
    sign, product = "=", ""
    if value is not None:
        values = dict(zip(path.factors, (v for v in path.values if v is not None), strict=True))
        came = equation(path.expression, lambda read: values[read.name], value, digits)
        sign, product, digits = came.sign, look.say(came.value), came.digits
    reads = sign_before(path.values, digits)
    label = _label(path, look)
    columns = [Column(label, look.say(f"{reads} ").rjust(len(label)), "dim")]
    if found.count == 1:
        columns = [Column(look.say(name), "", "strong"), Column(look.say(" = "), look.say(f" {reads} "))]
    for index, (factor, known) in enumerate(zip(path.factors, path.values, strict=True)):
        if index:
            columns.append(Column(look.say(" · "), look.say(" · ")))
        text = OPEN if known is None else look.say(shown(known, digits))
        text = f"({text})" if index and known is not None and text[0] in "−-" else text
        role = lights.role(factor, "dim" if known is None else "")
        columns.append(
            Column(look.say(marked(symbol(factor), moment)), text, role and role.replace("dim", ""), role)
        )
    if value is None:
        return [*columns, Column(""), Column("")]
    result_role = lights.role(_name(moment), "strong") if found.count == 1 else "strong"
    return [*columns, Column("", look.say(f" {sign} ")), Column("", product, "", result_role)]


def _numbers_row(moment: Moment, look: Look, path: Path, room: int) -> Row:
    """A path in one row: its numbers and its product, or where these are too long, its product alone."""
    label, digits = _label(path, look), moment.session.digits
    if path.value is None:
        return _fitted(label, "not known yet", "", room, look)
    values = dict(zip(path.factors, (v for v in path.values if v is not None), strict=True))
    came = equation(path.expression, lambda read: values[read.name], path.value, digits)
    numbers = list(map(came.number, values.values()))
    bracketed = [f"({text})" if index and text[0] == "−" else text for index, text in enumerate(numbers)]
    result = f" {came.sign} {came.value}"
    if len(label) + len(" · ".join(bracketed) + result) > room:
        return _fitted(label, "", f"{came.whole} {came.value}", room, look)
    return _fitted(label, look.say(" · ".join(bracketed)), look.say(result), room, look)


def _fitted(label: str, formula: str, result: str, room: int, look: Look) -> Row:
    left = shorten(formula, max(0, room - len(label) - len(result)), look.ascii) if formula else ""
    parts = ((label, "dim"), (left, ""), (look.say(result), "strong"))
    return tuple((text, role, len(text)) for text, role in parts)


def _join_row(join: Join, room: int, look: Look) -> Row:
    """What several numbers become, in one row; without the numbers where they are too long."""
    words = look.say(f"{join.words}: ")
    if not join.value:
        return _text_row(look.say(f"{join.words}: {join.name and f'{join.name} = '}{OPEN}"), "dim")
    result = look.say(f" {join.sign} {join.value}")
    numbers = look.say(f"{join.name and f'{join.name} {join.reads} '}{join.numbers}")
    if not join.numbers or len(words + numbers + result) > room:
        numbers, result = look.say(join.name and f"{join.name} "), look.say(join.alone)
    return tuple(
        (text, role, len(text)) for text, role in ((words, "dim"), (numbers, ""), (result, "strong"))
    )


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
    for factor in found.paths[0].factors if found.count == 1 else ():
        position = moment.program.sample_position(factor)
        # While steps are predicted, the meaning of a factor that is constant would give its value away.
        if position is not None and (moment.session.stage == "off" or moment.value(factor) is not None):
            yield f"{symbol(factor)} = {letters(moment.program.sample_steps[position].expression)}"


def _remarks(moment: Moment, name: str, found: Chain) -> list[str]:
    """What the product leaves open."""
    remarks, factors = [], found.paths[0].factors
    known = [moment.value(factor) for factor in factors]
    if found.count == 1:
        if None in known:
            missing = known.count(None)
            them = "it" if missing == 1 else "them"
            remarks.append(
                f"Still unknown: {missing} of {len(factors)} factors; the backward pass computes {them}."
            )
        elif moment.value(name) == 0.0 and 0.0 in known:
            zero = symbol(factors[known.index(0.0)])
            remarks.append(f"One factor is 0 ({zero}), so the whole product is 0.")
    elif any(path.value is None for path in found.paths):
        remarks.append("A ? is a factor that is still unknown; the backward pass computes it.")
    # What the diagram shows at the check is new already.
    old = "from before the update" if moment.phase == "check" else ""
    if len(moment.program.samples) > 1:
        remarks.append(f"The product is that of sample {moment.sample}{old and f', {old}'}.")
    elif old:
        remarks.append(f"All of it is {old}.")
    return remarks
