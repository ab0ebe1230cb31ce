"""The judges of an update: differences of the loss, and every framework that is installed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from math import inf, isfinite, isnan
from time import monotonic
from typing import Literal

from tinynet_tui.engine.model import Setup, batch_setup
from tinynet_tui.engine.trace import trace
from tinynet_tui.engine.training import first_point
from tinynet_tui.experiments.gradients import bends_along, gradient_from_differences, loss_gradients
from tinynet_tui.experiments.long_work import Watch, part
from tinynet_tui.frameworks.installed import FRAMEWORKS, NoAnswer, first_update
from tinynet_tui.handouts.framework import WHY_NO_FORMULAS, Framework

NUMERIC = "numeric gradient"
"""The name of the judge that needs the loss alone."""

_RELATIVE = 1e-9
"""Of a number: two that were rounded on different ways may be so far apart."""
_ABSOLUTE = 1e-12
"""Of the largest of the numbers compared, or of 1: the same for what is left where large ones cancel."""
_UNCERTAINTIES = 10.0
"""A numeric gradient may be off by this many times its own estimate where the loss is smooth."""

_COARSE = 1e-3
"""Of the largest gradient, or of 1: a numeric gradient that rounding may put so far off is no judge."""
_LARGEST = 1e100
"""Beyond, squares and products overflow on one way and not on another."""

Status = Literal["agrees", "differs", "not installed", "no answer", "not asked"]


@dataclass(frozen=True, slots=True)
class Difference:
    """A number of ours beside a judge's."""

    name: str
    """Of the quantity: dL/dw5, or w5 after the update."""
    ours: float
    theirs: float
    allowed: float
    """So large may the difference be."""

    @property
    def size(self) -> float:
        """How far apart the two are; what is not finite is equal to itself alone."""
        if self.ours == self.theirs or (isnan(self.ours) and isnan(self.theirs)):
            return 0.0
        size = abs(self.ours - self.theirs)
        return inf if isnan(size) else size

    @property
    def is_real(self) -> bool:
        """Whether rounding does not explain it."""
        return self.size > self.allowed


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a judge says of an update."""

    judge: str
    status: Status
    words: str = ""
    """How to install what is not there, or why there is no answer."""
    version: str = ""
    checked: int = 0
    """How many parameters were compared."""
    gradients: Difference | None = None
    """The worst: the greatest of the real ones if there is one, else the greatest of all."""
    parameters: Difference | None = None
    """The same for the parameters after the update; None where the judge says nothing of them."""
    bends: tuple[str, ...] = ()
    """Parameters that are not judged: along them the loss has a bend, where a difference quotient is no
    derivative."""
    overflowing: tuple[str, ...] = ()
    """Parameters that are not judged: they or their gradients are beyond 1e100, inf or nan."""
    coarse: tuple[str, ...] = ()
    """Parameters that are not judged: predictions are rounded too coarsely for differences of the loss."""


def checks(
    setup: Setup, time_limit: float, told: Callable[[], AbstractContextManager[Watch]]
) -> Iterator[CheckResult]:
    """What each says who judges the first update, within a time limit in seconds, when it is asked for.

    told: makes the watch of each; it is told how much of all this work is done.
    """
    batch = batch_setup(setup, 1)
    judges: list[Callable[[Setup, float, Watch], CheckResult]] = [numeric_check]
    judges += [partial(framework_check, framework) for framework in FRAMEWORKS]
    for index, judge in enumerate(judges):
        with told() as watch:
            result = judge(batch, time_limit, part(watch, index, len(judges)))
        yield result


def numeric_check(setup: Setup, time_limit: float, watch: Watch) -> CheckResult:
    """Differences of the loss against the gradient by every parameter.

    Where time ends before all are compared, those that are come from the whole network.
    """
    gradients = loss_gradients(setup)
    scale = _scale(gradients.values())
    names, until = _spread(list(gradients)), monotonic() + time_limit
    found, bends, overflowing, coarse = list[Difference](), list[str](), list[str](), list[str]()
    for done, name in enumerate(names):
        if done and monotonic() > until:
            break
        watch(done / len(names))
        numeric = gradient_from_differences(setup, name)
        allowed = _allowed(gradients[name], numeric.value, scale) + _UNCERTAINTIES * numeric.uncertainty
        difference = Difference(f"dL/d{name}", gradients[name], numeric.value, allowed)
        if not (isfinite(difference.size + allowed) and _is_ordinary(gradients[name])):
            overflowing.append(name)
        elif _UNCERTAINTIES * numeric.coarseness > _COARSE * scale:
            coarse.append(name)
        elif difference.is_real and bends_along(setup, name):
            bends.append(name)
        else:
            found.append(difference)
    worst = _worst(found)
    return CheckResult(
        NUMERIC,
        _status(worst),
        checked=len(found),
        gradients=worst,
        bends=tuple(name for name in gradients if name in bends),
        overflowing=tuple(name for name in gradients if name in overflowing),
        coarse=tuple(name for name in gradients if name in coarse),
    )


def framework_check(framework: Framework, setup: Setup, time_limit: float, watch: Watch) -> CheckResult:
    """A framework's gradients and new parameters against ours."""
    if not framework.says(setup.model):
        return CheckResult(framework.name, "not asked", f"not asked: it {WHY_NO_FORMULAS}")
    if not framework.is_installed:
        return CheckResult(framework.name, "not installed", framework.install)
    try:
        answer = first_update(framework, setup, time_limit, watch)
    except NoAnswer as none:
        return CheckResult(framework.name, "no answer", str(none))
    ours = loss_gradients(setup)
    after = dict(zip(ours, trace(setup, first_point(setup)).parameters_after, strict=True))
    excused = {name for name in ours if not (_is_ordinary(ours[name]) and _is_ordinary(after[name]))}
    gradients = _differences(ours, answer.gradients, "dL/d")
    parameters = _differences(after, answer.parameters, "")
    real = {name for name in ours if gradients[name].is_real or parameters[name].is_real}
    overflowing = [name for name in ours if name in real & excused]
    judged = [name for name in ours if name not in overflowing]
    worst = tuple(_worst([found[name] for name in judged]) for found in (gradients, parameters))
    return CheckResult(
        framework.name,
        _status(*worst),
        version=answer.version,
        checked=len(judged),
        gradients=worst[0],
        parameters=worst[1],
        overflowing=tuple(overflowing),
    )


def _differences(
    ours: Mapping[str, float], theirs: Mapping[str, float], before: str
) -> dict[str, Difference]:
    """The differences by the name of the parameter; `before` makes it the name of the quantity."""
    scale = _scale(ours.values())
    return {
        name: Difference(before + name, value, theirs[name], _allowed(value, theirs[name], scale))
        for name, value in ours.items()
    }


def _is_ordinary(number: float) -> bool:
    """Whether a number is finite, and so small that its square is too."""
    return abs(number) <= _LARGEST


def _scale(numbers: Iterable[float]) -> float:
    return max([1.0, *(abs(number) for number in numbers if isfinite(number))])


def _allowed(ours: float, theirs: float, scale: float) -> float:
    """How far apart rounding may put two numbers; none at all where one is not finite."""
    largest = max(abs(ours), abs(theirs))
    return _RELATIVE * largest + _ABSOLUTE * scale if isfinite(largest) else 0.0


def _worst(differences: Sequence[Difference]) -> Difference | None:
    return max(differences, key=lambda d: (d.is_real, d.size), default=None)


def _status(*worst: Difference | None) -> Status:
    return "differs" if any(difference and difference.is_real for difference in worst) else "agrees"


_STRIDE = 97
"""A prime: the parameters of a layer, or of a neuron, are not taken one after another."""


def _spread(names: list[str]) -> list[str]:
    """The same names in an order that goes over the whole network again and again."""
    return [name for first in range(_STRIDE) for name in names[first::_STRIDE]]
