"""What a row of the table of operations holds: its value, its derivatives and the ways it is written."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

from tinynet_tui.engine.expressions import ZERO, Expr, apply, multiply

SUM, PRODUCT, POWER, ATOM = range(4)
"""How tightly a written operation holds together, from loose to tight: it decides the brackets."""


DerivativeRule = Callable[[int, tuple[Expr, ...], Expr, Expr], Expr]
"""(which argument, all arguments, the result, the derivative of the argument) -> their product."""

LISTED = "{*}"
"""In a form, the place of all arguments, with commas between them."""


class Form(NamedTuple):
    """How an operation is written in one style."""

    template: str
    """What stands between the arguments, or the whole with their places {}, or with {*} for all of them."""
    precedence: int
    """How tightly the result holds together."""
    argument: int | tuple[int | None, ...] | None
    """How tightly an argument must hold together to go without brackets, or each of them if they differ;
    None: the template encloses it."""

    @property
    def is_infix(self) -> bool:
        """Whether the template is what stands between the arguments."""
        return "{" not in self.template

    def holds(self, position: int) -> int | None:
        """How tightly the argument at a position (from 0) must hold together to go without brackets."""
        return self.argument[position] if isinstance(self.argument, tuple) else self.argument


class Edge(NamedTuple):
    """Where the slope of an operation changes at once, or its value jumps."""

    side: Callable[..., float]
    """On which side of it the arguments are; for some operations it is a side of its own."""
    what: str
    """What is so there, in words."""
    is_of_two: bool
    """Whether it is where the first two arguments are equal; else where the first one is 0."""


class Forms(NamedTuple):
    """How an operation is written in every style."""

    plain: Form
    latex: Form
    python: Form
    inline: Form | None
    """Python for the training loop, where calling a function would cost more than its work; else None."""


class Special(NamedTuple):
    """What is special about an operation at some arguments."""

    edge: Edge | None
    """None where it has none."""
    is_limit: Callable[..., bool]
    """Whether its value at such arguments is a limit, because the rule of the row gives none there."""
    is_1_above_0: bool
    """Whether it is exactly 1 wherever its first argument is above 0: the slope of an open ReLU."""
    rarely_read: int | None
    """The argument (from 0) that is hardly ever asked for, so not worked out beforehand; None: all are."""


NOTHING_SPECIAL = Special(edge=None, is_limit=lambda *_arguments: False, is_1_above_0=False, rarely_read=None)


class Called(NamedTuple):
    """How formulas call an operation."""

    name: str
    arguments: tuple[int, ...]
    """How many it may have."""


class InFrameworks(NamedTuple):
    """What does an operation in the scripts of frameworks."""

    pytorch: str
    tensorflow: str
    jax: str


def in_all(name: str) -> InFrameworks:
    """What every framework has by one name."""
    return InFrameworks(f"torch.{name}", f"tf.{name}", f"jnp.{name}")


class Operation(NamedTuple):
    """One row of the table."""

    value: Callable[..., float]
    derivative: DerivativeRule
    reason: str
    """Why that is so, in the words of school algebra, where u or v changes by d; "" where it is 1 or −1, or
    where nothing derives by it."""
    exact: Callable[..., Fraction | None]
    """Its value on fractions; None where that is no fraction."""
    arrays: Callable[[Any], Callable[..., Any]] | None
    """What does it to arrays, by the module numpy, which is given because it is loaded late; None where
    Python's own signs do."""
    forms: Forms
    special: Special
    called: Called | None
    """None where formulas do not call it by a name: they have signs for it, or nothing."""
    in_frameworks: InFrameworks | None
    """None where Python's own signs do, or where neither formulas nor optimisers may call it."""


STAYS = "It stays as it is for a small change, but for the places where it jumps."
"""The reason of what is flat."""


def with_edge(side: Callable[..., float], what: str, is_of_two: bool = False) -> Special:
    """What is special where the slope of an operation changes at once, or its value jumps."""
    return NOTHING_SPECIAL._replace(edge=Edge(side, what, is_of_two))


def flat(_index: int, _parts: tuple[Expr, ...], _result: Expr, _inner: Expr) -> Expr:
    """The derivative of what is flat wherever it has one."""
    return ZERO


def by_slope(slope: str) -> DerivativeRule:
    """The derivative of a function of its first argument, by the operation that is its slope: the others are
    constants of a lesson."""

    def derivative(index: int, parts: tuple[Expr, ...], _result: Expr, inner: Expr) -> Expr:
        if index:
            raise ValueError("only the first argument is no constant here")
        return multiply(apply(slope, *parts), inner)

    return derivative


def enclosing(template: str) -> Form:
    """A template that encloses its arguments, so that no brackets are needed in it or around it."""
    return Form(template, ATOM, None)


def infix(sign: str, precedence: int) -> Form:
    """A sign between the arguments."""
    return Form(f" {sign} ", precedence, precedence)


def infixes(plain: str, latex: str, python: str, precedence: int) -> Forms:
    """A sign between the arguments in every style."""
    return Forms(infix(plain, precedence), infix(latex, precedence), infix(python, precedence), None)


def fraction_forms(python: Form) -> Forms:
    """A quotient: a fraction in LaTeX."""
    return Forms(infix("/", PRODUCT), enclosing(r"\frac{{{}}}{{{}}}"), python, None)


def call(name: str, places: str = "{}") -> Form:
    """A function of one argument, or of those at some places."""
    return enclosing(f"{name}({places})")


def function(
    plain: str, python: str, latex: str = "", places: str = "{}", inline: Form | None = None
) -> Forms:
    """A function by its names; in LaTeX it is called as in plain text, in upright letters, or as is given."""
    name = plain.removesuffix("′")
    prime = "" if name == plain else "'"
    upright = rf"\mathrm{{{{{name}}}}}{prime}"
    in_latex = enclosing(rf"{latex or upright}\left({places}\right)")
    return Forms(call(plain, places), in_latex, call(python, places), inline)
