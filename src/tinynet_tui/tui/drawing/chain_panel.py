"""The chain panel: the selected parameter's whole product of factors, filled in as far as they are known."""

from __future__ import annotations

from tinynet_tui.engine.expressions import Apply, Name
from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.walks import letters
from tinynet_tui.session.commands import BY_NAME, key_sign
from tinynet_tui.session.moment import Moment
from tinynet_tui.teaching.numbers import equals, shown
from tinynet_tui.tui.drawing.formula import Column, draw_columns
from tinynet_tui.tui.drawing.lit import lit
from tinynet_tui.tui.drawing.look import Look
from tinynet_tui.tui.picture import Picture, wrap


def chain_panel(moment: Moment, width: int, height: int, look: Look) -> Picture:
    """∂L/∂w = factor · factor · …, with what each factor is, and its value."""
    canvas = look.canvas(width, height)
    name = f"dL/d{moment.session.selected}"
    if moment.program.sample_position(name) is None:
        for row, line in enumerate(wrap(look.say(not_learned(moment, look.ascii)), width - 2)):
            canvas.text(1, row, line)
        return canvas.picture()
    factors = chain(moment, name)
    row = draw_columns(canvas, 1, 0, _columns(moment, look, name, factors), max(2, height - 2))
    for text in _remarks(moment, name, factors):
        for line in wrap(look.say(text), width - 2):
            canvas.text(1, row, line, "dim")
            row += 1
    return canvas.picture()


def not_learned(moment: Moment, ascii: bool) -> str:
    """What there is to say where an input or a target is selected."""
    up, down = (key_sign(BY_NAME[name].keys[0], ascii) for name in ("select-previous", "select-next"))
    return (
        f"{symbol(moment.session.selected)} is given, not learned. Select a parameter with {up} and {down}."
    )


def chain(moment: Moment, name: str) -> tuple[str, ...]:
    """The factors of a gradient, from the loss to the parameter, as far as a single path leads."""
    position = moment.program.sample_position(name)
    assert position is not None, f"{name} is a gradient"
    match moment.program.sample_steps[position].expression:
        case Apply("multiply", (Name(first), Name(second))) if first.startswith("dL/d"):
            return (*chain(moment, first), second)
    return (name,)


def _columns(moment: Moment, look: Look, name: str, factors: tuple[str, ...]) -> list[Column]:
    lights, digits = lit(moment), moment.session.digits
    columns = [Column(look.symbol(name), "", "strong"), Column(look.say(" = "), look.say(" = "))]
    for index, factor in enumerate(factors):
        if index:
            columns.append(Column(look.say(" · "), look.say(" · ")))
        value = moment.value(factor)
        text = look.shown(value, digits)
        role = lights.role(factor, "dim" if value is None else "")
        columns.append(Column(look.symbol(factor), text, role and role.replace("dim", ""), role))
    value = moment.value(name)
    sign = "=" if value is None else equals(value, digits)
    columns.append(Column("", look.say(f" {sign} ")))
    columns.append(Column("", look.shown(value, digits), "", lights.role(name, "strong")))
    return columns


def _remarks(moment: Moment, name: str, factors: tuple[str, ...]) -> list[str]:
    """What each factor is, and what the product leaves open."""
    position = moment.program.sample_position
    steps = moment.program.sample_steps
    where = [(f, position(f)) for f in factors]
    # While steps are predicted, the meaning of a factor that is constant would give its value away.
    told = [(f, p) for f, p in where if moment.session.stage == "off" or moment.value(f) is not None]
    meanings = [f"{symbol(f)} = {letters(steps[p].expression)}" for f, p in told if p is not None]
    remarks = [", ".join(meanings)]
    known = [moment.value(factor) for factor in factors]
    if None in known:
        missing = known.count(None)
        remarks.append(f"Not known yet: {missing} of {len(factors)} factors. Backward computes them.")
    elif moment.value(name) == 0.0 and 0.0 in known:
        zero = symbol(factors[known.index(0.0)])
        remarks.append(f"One factor is 0 ({zero}), so the whole product is 0.")
    if len(moment.program.samples) > 1:
        whole = moment.program.number(name)
        joined = whole is not None and whole <= moment.session.step
        rest = (
            f"joined over the batch: {shown(moment.trace.value(whole))}"
            if joined and whole
            else "joined later"
        )
        remarks.append(f"This is sample {moment.sample}; {rest}.")
    return remarks
