"""What is read off an expression: its value, its derivative, and its text in letters and in numbers."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from itertools import count
from string import Formatter
from typing import Literal, NamedTuple, assert_never

from tinynet_tui.engine.arithmetic import fraction, is_long
from tinynet_tui.engine.expressions import ONE, ZERO, Apply, Expr, Name, Number, add, names_in
from tinynet_tui.engine.names import identifier, sample_mark, symbol
from tinynet_tui.engine.operation_rows import LISTED, POWER, PRODUCT, SUM, Form, InFrameworks
from tinynet_tui.engine.operations import OPERATIONS

Style = Literal["plain", "latex", "python", "inline"]
DIGITS = 4
"""Significant digits that a number is shown with, where nobody has chosen another number of them."""
ALL_DIGITS = 17
"""This number of significant digits means: all that a number has."""


def value(expr: Expr, value_of: Callable[[Name], float]) -> float:
    """The value of an expression, in double precision, each operation rounded as it comes."""
    match expr:
        case Number(constant):
            return constant
        case Name():
            return value_of(expr)
        case Apply(operation, arguments):
            return OPERATIONS[operation].value(*(value(argument, value_of) for argument in arguments))


def exactly(expr: Expr, value_of: Callable[[Name], Fraction | None]) -> Fraction | None:
    """The value of an expression, nothing rounded; None where it is no fraction, none that is known, or one
    of very many digits, as a power of a power is."""
    match expr:
        case Number(constant):
            return fraction(repr(constant))
        case Name():
            return value_of(expr)
        case Apply(operation, arguments):
            worked_out = [exactly(argument, value_of) for argument in arguments]
            known = [argument for argument in worked_out if argument is not None]
            came = OPERATIONS[operation].exact(*known) if len(known) == len(worked_out) else None
            return None if came is None or is_long(came) else came


def limits(expr: Expr, value_of: Callable[[Name], float]) -> tuple[str, ...]:
    """The operations of an expression that have a limit for their value, each once."""
    return tuple(dict.fromkeys(_limits(expr, value_of)))


def _limits(expr: Expr, value_of: Callable[[Name], float]) -> Iterator[str]:
    if isinstance(expr, Apply):
        is_limit = OPERATIONS[expr.operation].special.is_limit
        if is_limit(*(value(argument, value_of) for argument in expr.arguments)):
            yield expr.operation
        for argument in expr.arguments:
            yield from _limits(argument, value_of)


def derivative(expr: Expr, variable: str, result: Name | None = None) -> Expr:
    """The derivative of an expression by a name, as an expression.

    result: the name under which the expression's own value is known, for a derivative that reuses it:
    σ′ = h · (1 − h).
    """
    match expr:
        case Number():
            return ZERO
        case Name(name):
            return ONE if name == variable else ZERO
        case Apply(operation, arguments):
            rule = OPERATIONS[operation].derivative
            inner = [derivative(argument, variable) for argument in arguments]
            found = [(i, d) for i, d in enumerate(inner) if d is not ZERO and d != ZERO]
            return add(*(rule(i, arguments, result or expr, d) for i, d in found))


def substituted(expr: Expr, values: Mapping[Expr, Expr]) -> Expr:
    """An expression with some of its parts replaced. An outer part goes before those inside it."""
    if expr in values:
        return values[expr]
    if isinstance(expr, Apply):
        arguments = tuple([substituted(argument, values) for argument in expr.arguments])
        return expr if arguments == expr.arguments else Apply(expr.operation, arguments)
    return expr


def terms_of(expr: Expr) -> tuple[Expr, ...]:
    """What an expression adds up: itself, if it is no sum."""
    match expr:
        case Apply("add", terms):
            return terms
    return (expr,)


def applied_in(expr: Expr) -> Iterator[Apply]:
    """The operations of an expression with their arguments, each as often as it stands there."""
    if isinstance(expr, Apply):
        yield expr
        for argument in expr.arguments:
            yield from applied_in(argument)


def operations_in(expr: Expr) -> Iterator[str]:
    """The names of the operations of an expression."""
    return (part.operation for part in applied_in(expr))


def functions_in(expressions: Iterable[Expr]) -> list[str]:
    """The operations that expressions in Python call by their names, in the order of the table."""
    read = {name for expr in expressions for name in operations_in(expr)}
    return [
        name
        for name, row in OPERATIONS.items()
        if name in read and row.forms.python.template.startswith(f"{name}(")
    ]


def called_in_frameworks(expressions: Iterable[Expr]) -> dict[str, InFrameworks]:
    """What these are in the scripts of frameworks.

    Raises: ValueError where one is nothing there.
    """
    found: dict[str, InFrameworks] = {}
    for name in functions_in(expressions):
        row = OPERATIONS[name].in_frameworks
        if row is None:
            raise ValueError(f"frameworks have nothing for {name}")
        found[name] = row
    return found


def nested(expr: Expr) -> int:
    """How many operations of an expression stand in each other, at most."""
    return 1 + max(map(nested, expr.arguments), default=0) if isinstance(expr, Apply) else 0


def letters(expr: Expr) -> str:
    """An expression in letters: w₁ · x₁ + b₁."""
    return written(expr, "plain", letter)


def letter(name: Name) -> str:
    """A name in letters, with the mark of its sample where it has one: ∂L/∂w₁⁽²⁾."""
    return symbol(name.name) + (sample_mark(name.sample) if name.sample else "")


def numbers(expr: Expr, value_of: Callable[[Name], float]) -> str:
    """An expression with the values of its names, in full precision: 1 · 1 + 0.5."""
    return written(expr, "plain", lambda name: number_text(value_of(name)))


def in_python(expr: Expr, style: Literal["python", "inline"] = "python") -> str:
    """An expression in Python, its names as identifiers; those of several samples bear their numbers."""
    several = style == "python" and len({name.sample for name in names_in(expr) if name.sample}) > 1

    def text_of(name: Name) -> str:
        return identifier(name.name) + (f"_{name.sample}" if several and name.sample else "")

    return written(expr, style, text_of)


def names_as_printed(expr: Expr) -> Iterator[str]:
    """The names that an expression's inline Python reads, each as often as it stands there."""
    match expr:
        case Name(name):
            yield name
        case Apply(_, arguments):
            for _, position in _parts(_form(expr, "inline"), len(arguments)):
                if position is not None:
                    yield from names_as_printed(arguments[position])


def number_text(number: float) -> str:
    """A number in full precision, whole ones without a point: 0.1, 2, −0.5, 1e-8, inf."""
    text = repr(float(number) or 0.0).removesuffix(".0").replace("e-0", "e-")  # −0 is written 0
    return text.replace("-", "−", 1) if text.startswith("-") else text


class Piece(NamedTuple):
    """A part of a written expression."""

    text: str
    name: Name | None = None
    """The name that it stands for; None: signs, brackets and constants."""


def written(expr: Expr, style: Style, text_of: Callable[[Name], str]) -> str:
    """An expression as text, with the brackets it needs and no others; `text_of` writes its names."""
    return "".join(piece.text for piece in pieces(expr, style, text_of))


def pieces(expr: Expr, style: Style, text_of: Callable[[Name], str]) -> tuple[Piece, ...]:
    """The same, in parts: each name is a part of its own, in letters and in numbers at the same place."""
    parts: list[Piece] = []
    _write(expr, style, text_of, SUM, True, parts)
    return tuple(parts)


def _write(
    expr: Expr,
    style: Style,
    text_of: Callable[[Name], str],
    least: int,
    leading: bool,
    parts: list[Piece],
) -> None:
    """Append parts that hold together as tightly as their place wants; leading: nothing is before them."""
    match expr:
        case Number(constant):
            parts.append(Piece(_leaf(_constant(constant, style), style, least, leading)))
        case Name():
            parts.append(Piece(_leaf(text_of(expr), style, least, leading), expr))
        case Apply(operation, arguments):
            form = _form(expr, style)
            bracketed = form.precedence < least or (operation == "negative" and not leading)
            opening, closing = _brackets(style)
            if bracketed:
                parts.append(Piece(opening))
            for sign, position in _parts(form, len(arguments)):
                if sign:
                    parts.append(Piece(sign))
                if position is not None:
                    place = _place(form, position, leading or bracketed)
                    _write(arguments[position], style, text_of, *place, parts)
            if bracketed:
                parts.append(Piece(closing))


def _form(expr: Apply, style: Style) -> Form:
    forms = OPERATIONS[expr.operation].forms
    form: Form = getattr(forms, style) or forms.python
    if style == "inline" and form.template.count("{0}") > 1 and isinstance(expr.arguments[0], Apply):
        return forms.python  # an inline form writes its argument twice, and what stands in that four times
    return form


@lru_cache(maxsize=1024)
def _parts(form: Form, arguments: int) -> tuple[tuple[str, int | None], ...]:
    """A form taken apart: each sign with the position of the argument after it, if one follows."""
    if form.is_infix:
        return tuple((form.template if position else "", position) for position in range(arguments))
    if LISTED in form.template:
        before, after = form.template.split(LISTED)
        return (*((", " if position else before, position) for position in range(arguments)), (after, None))
    automatic = count()
    return tuple(
        (sign, None if field is None else int(field or next(automatic)))
        for sign, field, _, _ in Formatter().parse(form.template)
    )


def _constant(number: float, style: Style) -> str:
    match style:
        case "plain":
            return number_text(number)
        case "inline":
            return repr(number)  # a float times a float is faster than an int times a float
        case "latex" | "python":
            return number_text(number).replace("−", "-")
        case _:
            assert_never(style)


def _leaf(text: str, style: Style, least: int, leading: bool) -> str:
    """A number or letter; a sign in mid-formula or under a power is bracketed, and so is a fraction there."""
    signed = text.startswith(("−", "-")) and (not leading or least > PRODUCT)
    fraction = text.startswith(("∂", "\\frac")) and least > POWER
    opening, closing = _brackets(style)
    raised = least > POWER and text.endswith(("⁾", ")}"))  # the mark of a sample has the place of a power
    return opening + text + closing if signed or fraction or raised else text


def _brackets(style: Style) -> tuple[str, str]:
    """LaTeX lets brackets grow with what is in them."""
    return (r"\left(", r"\right)") if style == "latex" else ("(", ")")


def _place(form: Form, position: int, leading: bool) -> tuple[int, bool]:
    """(least, leading) for the argument at a position (from 0) of a form."""
    holds = form.holds(position)
    if holds is None:
        return SUM, True
    if form.is_infix:
        return holds + (position > 0), leading and position == 0
    return holds, leading and form.template.startswith("{")
