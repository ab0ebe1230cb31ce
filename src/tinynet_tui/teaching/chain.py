"""The chain rule for one parameter: the paths that lead to it from the loss, and what their products become.

The product of a path belongs to a sample; then come the sum of the paths, the mean or sum of the samples, and
what L2 adds, each an equation of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from math import floor, inf, isfinite, isnan, log10
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from tinynet_tui.engine.expression_reading import terms_of, value, written
from tinynet_tui.engine.expressions import ZERO, Apply, Expr, Name, apply, multiply, names_in
from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.operations import OPERATIONS
from tinynet_tui.engine.program import Program
from tinynet_tui.session.moment import Moment
from tinynet_tui.teaching.equation import Equation, equation, sign_before
from tinynet_tui.teaching.numbers import OPEN, equals, shown
from tinynet_tui.teaching.sample_or_batch import marked

MOST_PATHS = 32
"""Paths that are looked at one by one; a wide network has thousands."""
_MOST_FACTORS = 2_000
"""Of all of these together: that many fill any screen, however long the paths are."""


class Path(Struct, frozen=True):
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


class Join(Struct, frozen=True):
    """What several numbers become: an equation in numbers, with the words for it."""

    words: str
    """Such as: mean of 4 samples."""
    name: str
    """What they become, such as ∂L/∂w₁; empty where that has no name."""
    came: Equation | None = None
    """What that comes to; None while it is not known."""
    numbers: str = ""
    """Such as: (0.5 + 1.5) / 2; empty while they are not known."""


class Chain(Struct, frozen=True):
    """All that leads to a parameter's gradient."""

    paths: tuple[Path, ...]
    """All, or of too many those with the largest products, once these are known."""
    count: int
    """How many there are."""
    joins: tuple[Join, ...]
    """The sum of the paths, the mean or sum of the samples, L2: those that there are."""


def chain(moment: Moment, name: str) -> Chain:
    """The chain of a parameter's gradient, by its name, for the sample on screen."""
    program = moment.program
    count = path_count(program, name)
    ways = _ways(program, name, None)
    if len(ways) < count:
        ways = _ways(program, name, _sizes(moment, name))
    is_shared = len(_links(program, name)) > 1
    digits = moment.session.digits
    # What is asked for is not to be read off a product of factors that are known.
    is_open = moment.session.stage == "asking" and moment.value(name) is None
    paths = tuple(
        _path(program, way, tuple(map(moment.value, way)), digits, is_shared, is_open) for way in ways
    )
    if len({path.through for path in paths}) < len(paths):
        # Paths that go through the same blocks differ within one: by e₁ alone, or by e₁ and S.
        paths = tuple(replace(path, through=path.quantities[-2::-1]) for path in paths)
    return Chain(paths, count, tuple(_joins(moment, name, paths, count)))


@lru_cache(maxsize=4 * MOST_PATHS)
def _path(
    program: Program,
    factors: tuple[str, ...],
    values: tuple[float | None, ...],
    digits: int,
    is_shared: bool,
    is_open: bool,
) -> Path:
    product, came = None, None
    known = [value for value in values if value is not None]
    if len(known) == len(factors) and not is_open:
        names = tuple(map(Name, factors))
        product = OPERATIONS["multiply"].value(*known)
        by_name = dict(zip(names, known, strict=True))
        expression = multiply(*names)
        came = equation(expression, by_name.__getitem__, product, digits)
        digits = came.digits
    numbers = tuple(_factor_text(value, digits, is_first=index == 0) for index, value in enumerate(values))
    through = _through(program, factors, is_shared)
    return Path(factors, values, through, product, numbers, sign_before(values, digits), came)


def _factor_text(value: float | None, digits: int, is_first: bool) -> str:
    """A factor within a product; a negative one that is not the first is in brackets."""
    text = OPEN if value is None else shown(value, digits)
    return text if is_first or not text.startswith("−") else f"({text})"


def _through(program: Program, factors: tuple[str, ...], is_shared: bool) -> tuple[str, ...]:
    """The first quantity of each block that a path reaches; for a parameter of one block, without that."""
    blocks: dict[int | None, str] = {}
    for factor in factors[:-1]:
        blocks.setdefault(program.sample_step_of(factor).block, factor.rpartition("/d")[2])
    forward = tuple(reversed(blocks.values()))
    return forward if is_shared else forward[1:]


@lru_cache(maxsize=256)
def _gradients_before(program: Program, name: str) -> tuple[str, ...]:
    """The gradients on the ways to one, and that one: each after those that it is made of."""
    found, coming = {name}, [name]
    while coming:
        new = {gradient for gradient, _ in _links(program, coming.pop())} - found
        found |= new
        coming += new
    return tuple(sorted(found, key=lambda gradient: program.sample_position(gradient) or 0))


@lru_cache(maxsize=256)
def path_count(program: Program, name: str) -> int:
    """How many paths lead from the loss to a gradient. They are not gone through: there may be 2¹⁰⁰."""
    counts: dict[str, int] = {}
    for gradient in _gradients_before(program, name):
        counts[gradient] = sum(counts[before] for before, _ in _links(program, gradient)) or 1
    return counts[name]


def counted(count: int) -> str:
    """A number of paths as it is told."""
    return f"{count:,}" if count < _MOST_TOLD else f"about 10^{floor(log10(count))}"


_MOST_TOLD = 10**15


def _sizes(moment: Moment, name: str) -> tuple[tuple[float, ...], ...] | None:
    """How large each factor is by which `_gradients_before` are made; None while one is not known."""
    program = moment.program
    if moment.value(name) is None:
        return None
    sizes = []
    for gradient in _gradients_before(program, name):
        factors = [local for _, local in _links(program, gradient)] or [gradient]
        values = [moment.value(factor) for factor in factors]
        sizes.append(tuple(abs(value) for value in values if value is not None))
        if len(sizes[-1]) < len(factors):
            return None
    return tuple(sizes)


class _Way(NamedTuple):
    """The last factor of a way, and the way before it."""

    size: float
    """Of the product of all of them."""
    length: int
    factor: str
    before: _Way | None = None

    @property
    def factors(self) -> tuple[str, ...]:
        """All of them, from the loss on."""
        found, way = [self.factor], self.before
        while way is not None:
            found.append(way.factor)
            way = way.before
        return tuple(reversed(found))


@lru_cache(maxsize=64)
def _ways(
    program: Program, name: str, sizes: tuple[tuple[float, ...], ...] | None
) -> tuple[tuple[str, ...], ...]:
    """The factors along some paths to a gradient, from the loss on: those of the largest products first.

    The largest products that a gradient takes part in begin with the largest that lead to it, so no others
    are kept. Where no sizes are given, or where they are equal, paths keep the order of the formulas.
    """
    best: dict[str, list[_Way]] = {}
    for index, gradient in enumerate(_gradients_before(program, name)):
        factors = _links(program, gradient)
        own = sizes[index] if sizes else (1.0,) * max(len(factors), 1)
        if not factors:
            best[gradient] = [_Way(own[0], 1, gradient)]
            continue
        ways = [
            _Way(way.size * size, way.length + 1, local, way)
            for (before, local), size in zip(factors, own, strict=True)
            for way in best[before]
        ]
        # A nan is shown first: it makes the sum nan.
        best[gradient] = sorted(ways, key=lambda way: inf if isnan(way.size) else way.size, reverse=True)[
            :MOST_PATHS
        ]
    found = best[name]
    lengths = accumulate(way.length for way in found)
    return tuple(
        way.factors for way, all_of_them in zip(found, lengths, strict=True) if all_of_them <= _MOST_FACTORS
    ) or (found[0].factors,)


@lru_cache(maxsize=2048)
def products(program: Program, name: str) -> tuple[tuple[str, str], ...]:
    """The (gradient, local derivative) whose products add up to a gradient; none where the loss gives it."""
    terms = terms_of(program.sample_step_of(name).expression)
    products = tuple(product for term in terms for product in _product(program, term))
    return products if len(products) == len(terms) else ()


@lru_cache(maxsize=2048)
def _links(program: Program, name: str) -> tuple[tuple[str, str], ...]:
    """Those of the products of a gradient to which a path from the loss leads."""
    dead = unread(program)
    return tuple(product for product in products(program, name) if product[0] not in dead)


@lru_cache(maxsize=16)
def unread(program: Program) -> frozenset[str]:
    """The gradients to which no path leads: by what the loss does not depend on, as by ŷ₁ of −ln(ŷ₂)."""
    found = set[str]()
    for step in program.sample_steps:
        if step.role == "gradient":
            before = products(program, step.name)
            if step.expression == ZERO or (before and all(gradient in found for gradient, _ in before)):
                found.add(step.name)
    return frozenset(found)


def _product(program: Program, term: Expr) -> Iterator[tuple[str, str]]:
    """A gradient and what it is multiplied by; nothing where a term is no such product."""
    match term:
        case Apply("multiply", (Name(gradient), Name(local))):
            step = program.sample_step(gradient)
            if step is not None and step.role == "gradient":
                yield gradient, local


def _joins(moment: Moment, name: str, paths: tuple[Path, ...], count: int) -> Iterator[Join]:
    program, samples = moment.program, moment.program.samples
    if count > 1:
        yield _sum_of_paths(moment, name, paths, count)
    if program.closing_position(name) is None:
        return
    whole = program.number_of(name)
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


def direct_and_through(moment: Moment, name: str) -> tuple[Join, ...]:
    """The terms of a known gradient to which the loss itself adds one: each term, and the sum; else nothing.

    name: the gradient of a parameter, for the sample on screen.
    """
    number = moment.program.number_of(name, moment.sample)
    terms = terms_of(moment.program.sample_step_of(name).expression)
    if number > moment.session.step or len(terms) == 1:
        return ()

    def value_of(read: Name) -> float:
        return moment.trace.value_of(number, read)

    locals_ = [next((local for _, local in _product(moment.program, t)), "") for t in terms]
    if not any(locals_):
        return ()
    came = {str(index): value(term, value_of) for index, term in enumerate(terms)}
    joins = [
        _join(moment, _way_of(local), "", term, value_of, part)
        for term, local, part in zip(terms, locals_, came.values(), strict=True)
    ]
    total, called = apply("add", *map(Name, came)), marked(symbol(name), moment)
    whole = moment.trace.value(number)
    words = f"sum of {len(came)} terms"
    return (*joins, _join(moment, words, called, total, lambda read: came[read.name], whole))


def _way_of(local: str) -> str:
    """By what a term of a gradient comes, from the local derivative in it, if there is one."""
    return f"via {symbol(local.partition('/d')[0].removeprefix('d'))}" if local else "by L itself"


def _sum_of_paths(moment: Moment, name: str, paths: tuple[Path, ...], count: int) -> Join:
    number = moment.program.number_of(name, moment.sample)
    words, called = f"sum of {counted(count)} paths", marked(symbol(name), moment)
    if number > moment.session.step:
        return Join(words, called)
    result, digits = moment.trace.value(number), moment.session.digits
    known = {str(index): path.value for index, path in enumerate(paths) if path.value is not None}
    if len(known) < count or (isfinite(result) and not all(map(isfinite, known.values()))):
        sign = equals(result, digits)
        return Join(words, called, Equation(digits, "", sign, shown(result, digits), sign))
    total = apply("add", *map(Name, known))
    return _join(moment, words, called, total, lambda read: known[read.name], result)


def _join(
    moment: Moment,
    words: str,
    name: str,
    expression: Expr,
    value_of: Callable[[Name], float],
    result: float | None,
) -> Join:
    if result is None:
        return Join(words, name)
    digits = moment.session.digits
    came = equation(expression, value_of, result, digits)
    numbers = written(expression, "plain", lambda name: came.number(value_of(name)))
    return Join(words, name, came, numbers)
