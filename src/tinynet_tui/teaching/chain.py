"""The chain rule for one parameter: the paths that lead to it from the loss, and what their products become.

The product of a path belongs to a sample; then come the sum of the paths, the mean or sum of the samples, and
what L2 adds, each an equation of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from tinynet_tui.engine.expressions import Apply, Expr, Name, apply, names_in
from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.operations import OPERATIONS
from tinynet_tui.engine.program import Program
from tinynet_tui.engine.steps import Step
from tinynet_tui.engine.walks import value, written
from tinynet_tui.session.moment import Moment
from tinynet_tui.teaching.equation import Equation, equation, sign_before
from tinynet_tui.teaching.numbers import OPEN, equals, shown
from tinynet_tui.teaching.of_samples import marked

MOST_PATHS = 32
"""Paths that are looked at one by one; a wide network has thousands."""


@dataclass(frozen=True, slots=True)
class Path:
    """One way from the loss to a parameter: the factors of its product, as far as they are known.

    It is this for any program; panel, diagram and sheet tell its numbers in the order of `factors`.
    """

    factors: tuple[str, ...]
    values: tuple[float | None, ...]
    through: tuple[str, ...]
    """What it goes through, in the order of forward; a parameter's only own block is left out: h₃, ŷ₁."""
    value: float | None
    """The product; None while a factor is not known."""
    numbers: tuple[str, ...]
    """The factors as they are shown in it."""
    reads: str
    """Before the numbers: = where they are all there, ≈ where one is rounded."""
    came: Equation | None
    """What the numbers come to."""

    @property
    def quantities(self) -> tuple[str, ...]:
        """What it goes by, from the loss on, a quantity for each factor: for ∂L/∂ŷ · ∂ŷ/∂z₃ ŷ and z₃."""
        return tuple(factor.split("/d", 1)[1] for factor in self.factors)


@dataclass(frozen=True, slots=True)
class Join:
    """What several numbers become: an equation in numbers, with the words for it."""

    words: str
    """Such as: mean of 4 samples."""
    name: str
    """What they become, such as ∂L/∂w₁; empty where that has no name."""
    reads: str
    """Between name and numbers."""
    numbers: str
    """Such as: (0.5 + 1.5) / 2; empty while they are not known."""
    sign: str
    value: str
    """Empty while it is not known."""
    alone: str
    """Sign and value where the numbers are left out."""


@dataclass(frozen=True, slots=True)
class Chain:
    """All that leads to a parameter's gradient."""

    paths: tuple[Path, ...]
    """At most `MOST_PATHS`."""
    count: int
    """How many there are."""
    joins: tuple[Join, ...]
    """The sum of the paths, the mean or sum of the samples, L2: those that there are."""


def chain(moment: Moment, name: str) -> Chain:
    """The chain of a parameter's gradient, by its name, for the sample on screen."""
    ways, count = _ways_and_count(moment.program, name)
    is_shared = len(products(moment.program, name)) > 1
    paths = tuple(_path(moment, factors, is_shared) for factors in ways)
    return Chain(paths, count, tuple(_joins(moment, name, paths, count)))


def _path(moment: Moment, factors: tuple[str, ...], is_shared: bool) -> Path:
    values, digits = tuple(map(moment.value, factors)), moment.session.digits
    product, came = None, None
    known = [value for value in values if value is not None]
    if len(known) == len(factors):
        names = tuple(map(Name, factors))
        product = OPERATIONS["multiply"].value(*known)
        by_name = dict(zip(names, known, strict=True))
        expression = apply("multiply", *names) if len(names) > 1 else names[0]
        came = equation(expression, by_name.__getitem__, product, digits)
        digits = came.digits
    numbers = tuple(_factor_text(value, digits, is_first=index == 0) for index, value in enumerate(values))
    through = _through(moment.program, factors, is_shared)
    return Path(factors, values, through, product, numbers, sign_before(values, digits), came)


def _factor_text(value: float | None, digits: int, is_first: bool) -> str:
    """A factor within a product; a negative one that is not the first is in brackets."""
    text = OPEN if value is None else shown(value, digits)
    return text if is_first or not text.startswith("−") else f"({text})"


def _through(program: Program, factors: tuple[str, ...], is_shared: bool) -> tuple[str, ...]:
    """The first quantity of each block that a path reaches; for a parameter of one block, without that."""
    blocks: dict[int | None, str] = {}
    for factor in factors[:-1]:
        blocks.setdefault(_step(program, factor).block, factor.rpartition("/d")[2])
    forward = tuple(reversed(blocks.values()))
    return forward if is_shared else forward[1:]


def _step(program: Program, name: str) -> Step:
    position = program.sample_position(name)
    assert position is not None, f"{name} is a step of every sample"
    return program.sample_steps[position]


@lru_cache(maxsize=256)
def _ways_and_count(program: Program, name: str) -> tuple[tuple[tuple[str, ...], ...], int]:
    """(the factors along each path to a gradient, from the loss on, at most `MOST_PATHS`; how many paths)."""
    counts: dict[str, int] = {}

    def count(gradient: str) -> int:
        if gradient not in counts:
            counts[gradient] = sum(count(before) for before, _ in products(program, gradient)) or 1
        return counts[gradient]

    return tuple(islice(_ways(program, name), MOST_PATHS)), count(name)


def _ways(program: Program, name: str) -> Iterator[tuple[str, ...]]:
    found = products(program, name)
    if not found:
        yield (name,)
    for gradient, local in found:
        yield from ((*way, local) for way in _ways(program, gradient))


@lru_cache(maxsize=2048)
def products(program: Program, name: str) -> tuple[tuple[str, str], ...]:
    """The (gradient, local derivative) whose products add up to a gradient; none where the loss gives it."""
    expression = _step(program, name).expression
    terms = expression.arguments if isinstance(expression, Apply) and expression.operation == "add" else ()
    products = tuple(product for term in terms or (expression,) for product in _product(program, term))
    return products if len(products) == max(len(terms), 1) else ()


def _product(program: Program, term: Expr) -> Iterator[tuple[str, str]]:
    """A gradient and what it is multiplied by; nothing where a term is no such product."""
    match term:
        case Apply("multiply", (Name(gradient), Name(local))):
            position = program.sample_position(gradient)
            if position is not None and program.sample_steps[position].role == "gradient":
                yield gradient, local


def _joins(moment: Moment, name: str, paths: tuple[Path, ...], count: int) -> Iterator[Join]:
    program, samples = moment.program, moment.program.samples
    if count > 1:
        yield _sum_of_paths(moment, name, paths, count)
    if program.closing_position(name) is None:
        return
    whole = program.number(name)
    assert whole is not None, "a closing step has a number"
    expression, penalty = program.step(whole).expression, None
    match expression:
        case Apply("add", (joined, *added)) if _is_penalty(added):
            expression, penalty = joined, added
    is_known = whole <= moment.session.step

    def value_of(read: Name) -> float:
        return joined_value if read.name == _JOINED else moment.trace.value_of(whole, read)

    joined_value = value(expression, lambda read: moment.trace.value_of(whole, read)) if is_known else 0.0
    if len(samples) > 1:
        words = f"{moment.model.reduction} of {len(samples)} samples"
        joined_name = "" if penalty else symbol(name)
        yield _join(moment, words, joined_name, expression, value_of, joined_value if is_known else None)
    if penalty is not None:
        total = apply("add", Name(_JOINED), *penalty)
        came = moment.trace.value(whole) if is_known else None
        words = f"with {' and '.join(moment.model.penalties)}"
        yield _join(moment, words, symbol(name), total, value_of, came)


def _is_penalty(terms: Sequence[Expr]) -> bool:
    """Whether terms of a gradient are what regularisation adds."""
    strengths = {Name("lambda"), Name("lambda1")}
    return all(strengths.intersection(names_in(term)) for term in terms)


_JOINED = "joined"
"""The name of the mean or sum of the samples, which has none of its own."""


def _sum_of_paths(moment: Moment, name: str, paths: tuple[Path, ...], count: int) -> Join:
    number = moment.program.number(name, moment.sample)
    assert number is not None, "every parameter has a gradient for each sample"
    result = moment.trace.value(number) if number <= moment.session.step else None
    words, sign = f"sum of {count:,} paths", marked(symbol(name), moment)
    products = {str(index): path.value for index, path in enumerate(paths)}
    known = {index: product for index, product in products.items() if product is not None}
    if result is None or len(known) < count:
        if result is None:
            return Join(words, sign, "", "", "=", "", "")
        is_rounded, text = equals(result, moment.session.digits), shown(result, moment.session.digits)
        return Join(words, sign, "", "", is_rounded, text, f"{is_rounded} {text}")
    total = apply("add", *map(Name, known))
    return _join(moment, words, sign, total, lambda read: known[read.name], result)


def _join(
    moment: Moment,
    words: str,
    name: str,
    expression: Expr,
    value_of: Callable[[Name], float],
    result: float | None,
) -> Join:
    if result is None:
        return Join(words, name, "", "", "=", "", "")
    digits = moment.session.digits
    came = equation(expression, value_of, result, digits)
    numbers = written(expression, "plain", lambda name: came.number(value_of(name)))
    return Join(words, name, came.reads, numbers, came.sign, came.value, f"{came.whole} {came.value}")
