"""The chain rule for one parameter: the paths that lead to it from the loss, and what their products become.

The product of a path belongs to a sample; then come the sum of the paths, the mean or sum of the samples, and
what L2 adds, each an equation of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from tinynet_tui.engine.expressions import Apply, Expr, Name, apply, names_in
from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.operations import OPERATIONS
from tinynet_tui.engine.program import Program
from tinynet_tui.engine.steps import Step
from tinynet_tui.engine.walks import value, written
from tinynet_tui.networks.dense import Network, activation_name, dense_model
from tinynet_tui.session.moment import Moment
from tinynet_tui.teaching.equation import equation
from tinynet_tui.teaching.numbers import equals, shown
from tinynet_tui.teaching.of_samples import marked

MOST_PATHS = 32
"""Paths that are looked at one by one; a wide network has thousands."""


@dataclass(frozen=True, slots=True)
class Path:
    """One way from the loss to a parameter: the factors of its product, as far as they are known."""

    factors: tuple[str, ...]
    values: tuple[float | None, ...]
    through: tuple[str, ...]
    """The activations that it goes through after the parameter's own neuron, in the order of forward."""

    @property
    def value(self) -> float | None:
        """The product; None while a factor is not known."""
        known = [value for value in self.values if value is not None]
        return OPERATIONS["multiply"].value(*known) if len(known) == len(self.values) else None

    @property
    def expression(self) -> Expr:
        """The product of the names."""
        names = tuple(map(Name, self.factors))
        return apply("multiply", *names) if len(names) > 1 else names[0]


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
    network = moment.network
    ways = islice(_ways(network, name), MOST_PATHS)
    found = tuple(_path(moment, factors) for factors in ways)
    count = _count(network, name)
    return Chain(found, count, tuple(_joins(moment, name, found, count)))


def _path(moment: Moment, factors: tuple[str, ...]) -> Path:
    subjects = [_steps(moment.network)[factor].of for factor in factors]
    own = subjects[-1].layer, subjects[-1].neuron
    slopes = [
        of for of in subjects if of.kind == "pre_activation" and of.layer and (of.layer, of.neuron) != own
    ]
    through = [
        activation_name(moment.network, of.layer, of.neuron) for of in slopes if of.layer and of.neuron
    ]
    return Path(factors, tuple(map(moment.value, factors)), tuple(reversed(through)))


def _gradient(network: Network, name: str) -> tuple[tuple[str, str], ...]:
    """The pairs of factors whose products add up to a gradient; none where the loss gives it directly."""
    step = _steps(network)[name]
    match step.expression:
        case Apply("add", terms) if step.of.kind == "activation" and len(terms) > 1:
            pairs = tuple(pair for term in terms for pair in _pair(network, term))
            return pairs if len(pairs) == len(terms) else ()
    return tuple(_pair(network, step.expression))


def _pair(network: Network, term: Expr) -> Iterator[tuple[str, str]]:
    """A gradient and what it is multiplied by; nothing where a term is no such product."""
    match term:
        case Apply("multiply", (Name(first), Name(second))):
            if first in _steps(network) and _steps(network)[first].role == "gradient":
                yield first, second


@lru_cache(maxsize=32)
def _steps(network: Network) -> dict[str, Step]:
    return {step.name: step for step in Program(dense_model(network), (1,)).sample_steps}


def _ways(network: Network, name: str) -> Iterator[tuple[str, ...]]:
    """The factors along each path, from the loss on."""
    pairs = _gradient(network, name)
    if not pairs:
        yield (name,)
    for first, second in pairs:
        yield from ((*way, second) for way in _ways(network, first))


@lru_cache(maxsize=1024)
def _count(network: Network, name: str) -> int:
    return sum(_count(network, first) for first, _ in _gradient(network, name)) or 1


def _joins(moment: Moment, name: str, paths: tuple[Path, ...], count: int) -> Iterator[Join]:
    program, network, samples = moment.program, moment.network, moment.program.samples
    if count > 1:
        yield _sum_of_paths(moment, name, paths, count)
    whole = program.number(name) if program.closing_position(name) is not None else None
    if whole is None:
        return
    expression, penalty = program.step(whole).expression, None
    if network.regularized:
        match expression:
            case Apply("add", (joined, added)) if Name("lambda") in names_in(added):
                expression, penalty = joined, added
    is_known = whole <= moment.session.step

    def value_of(read: Name) -> float:
        return joined_value if read.name == _JOINED else moment.trace.value_of(whole, read)

    joined_value = value(expression, lambda read: moment.trace.value_of(whole, read)) if is_known else 0.0
    if len(samples) > 1:
        words = f"{network.reduction} of {len(samples)} samples"
        joined_name = "" if penalty else symbol(name)
        yield _join(moment, words, joined_name, expression, value_of, joined_value if is_known else None)
    if penalty is not None:
        total = apply("add", Name(_JOINED), penalty)
        yield _join(
            moment, "with L2", symbol(name), total, value_of, moment.trace.value(whole) if is_known else None
        )


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
        alone = "" if result is None else f"{equals(result, moment.session.digits)} "
        text = "" if result is None else shown(result, moment.session.digits)
        return Join(words, sign, "", "", alone.strip() or "=", text, alone + text)
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
