"""The nudge: what a small change of one quantity does to each one after it and to the loss, worked out by
running the program again, beside what the gradient says.
"""

from collections.abc import Callable
from functools import lru_cache
from math import floor, isclose, isfinite, isnan, log10, ulp
from typing import NamedTuple

from tinynet_tui.engine.expression_reading import derivative, letter, value, written
from tinynet_tui.engine.expressions import ZERO, Expr, Name, apply, names_in
from tinynet_tui.engine.model import Model, batch_setup
from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.steps import sample_steps
from tinynet_tui.engine.training import forward, joined_loss
from tinynet_tui.session.moment import Moment
from tinynet_tui.session.session import FIRST_NUDGE
from tinynet_tui.teaching.edges import crossed, edges
from tinynet_tui.teaching.equation import equation
from tinynet_tui.teaching.numbers import MOST_IN_SENTENCES, OPEN, as_read, difference, ends, shown, signed
from tinynet_tui.teaching.sample_or_batch import joined, letter_in, marked

APART = "   "
"""Between two parts of the line; where it is broken, it is broken here."""
SAYS = "gradient says"
"""Before the last number of the line."""
_LARGE = 1e3
"""From this size on a quantity is nudged by more than the usual 0.01, or the change would not show."""
_WHERE = ", where "
_MOST_EDGES = 3
"""Edges that are named of those that a nudge crosses."""
_MOST = 12
"""Quantities that the line names; of more, the first and the last."""
MOST_NAMED = 2 * _MOST // 3
"""Quantities that it names where there are more."""
_NOISE_OF_RATIO = 1e-9
"""Of a ratio of two small changes: what rounding adds to it."""
_MORE_DIGITS = 2
"""Beyond those that are chosen: farther off a small nudge has the noise of rounding."""
MOST_IN_PRINT = 40
"""Those that it names on paper and in plain lines, which have room."""


class Nudge(NamedTuple):
    """One quantity changed by a little, and what came of it."""

    name: str
    """As it is called on screen: w₁, x₂⁽³⁾."""
    before: float
    by: float
    changes: tuple[tuple[str, float], ...]
    """(symbol, change) of each quantity that the change may reach, in the order of forward, the loss last;
    where that is the loss of a batch, the others are those of the sample on screen."""
    gradient: float | None
    """∂ of that loss by this quantity; None while the backward pass has not come to it."""
    bend: str
    """Where a slope is another one on the way, or L has no value at an end, in a sentence; else empty."""

    @property
    def change(self) -> float:
        """That of the loss."""
        return self.changes[-1][1]

    @property
    def promised(self) -> float | None:
        """The change of the loss that the gradient foretells."""
        return None if self.gradient is None else self.gradient * self.by

    def line(self, digits: int, most: int = _MOST) -> str:
        """The whole in one line: w₁ −1 → −0.99   z₁ +0.03   L +0.0609   gradient says +0.06.

        Changes that are nan are left out; if that of L is one, `bend` says why.
        """
        digits = min(digits, MOST_IN_SENTENCES)
        promised = OPEN if self.promised is None else signed(self.promised, digits)
        *others, (loss, change) = self.changes
        told = [*((*other, digits) for other in others), (loss, change, _digits_in_full(change, digits))]
        changes = [f"{name} {signed(by, enough)}" for name, by, enough in told if not isnan(by)]
        whole = APART.join((self.turned(digits), *changes, f"{SAYS} {promised}"))
        return whole if len(changes) <= most else in_fewer(whole, 2 * most // 3)

    def turned(self, digits: int) -> str:
        """The quantity itself, before and after: w₁ −1 → −0.99."""
        both = ends(self.before, self.before + self.by, min(digits, MOST_IN_SENTENCES))
        return f"{self.name} {' → '.join(both)}"

    def times(self, digits: int) -> str:
        """The change of the loss over that of what is nudged: in full where a few more digits are all of it,
        and in digits that tell it from the gradient."""
        ratio, digits = self.change / self.by, min(digits, MOST_IN_SENTENCES)
        other, all_digits = ratio if self.gradient is None else self.gradient, _digits_in_full(ratio, digits)
        for enough in (all_digits, *_up_to_a_few_more(digits)):
            if as_read(shown(ratio, enough)) != as_read(shown(other, enough)):
                return shown(ratio, enough)
        return shown(ratio, all_digits)

    def ratio(self, digits: int) -> str:
        """How many times as much the loss changes, beside the gradient that it comes near to."""
        digits, came = min(digits, MOST_IN_SENTENCES), self.times(digits)
        times = "" if came == "1" else f"{came} times "
        words = f"{self.changes[-1][0]} changes {times}as much as {self.name}"
        if self.gradient is None:
            return f"{words}."
        says = shown(self.gradient, digits)
        return (
            f"{words}{', as the gradient says' if came == says else f'; a tiny nudge gives nearly {says}'}."
        )


def _up_to_a_few_more(digits: int) -> range:
    """Some digits, and a few more."""
    return range(digits, min(digits + _MORE_DIGITS, MOST_IN_SENTENCES) + 1)


def _digits_in_full(number: float, digits: int) -> int:
    """A few more digits, where they are all that a number has; else as many as there are to be."""
    for enough in _up_to_a_few_more(digits):
        if isclose(as_read(shown(number, enough)), number, rel_tol=_NOISE_OF_RATIO):
            return enough
    return digits


def in_fewer(line: str, kept: int) -> str:
    """A nudge's line without the changes in its middle; that of the loss is the last of those kept."""
    begins, *changes = line.split(APART)
    if len(changes) - 1 <= kept:
        return line
    *changes, says = changes
    first, last = changes[: kept // 2], changes[kept // 2 - kept :]
    return APART.join((begins, *first, f"… {len(changes) - kept:,} more …", *last, says))


MOST_FOLLOWING = 500
"""Quantities that follow from what is nudged: of more, no step works out what a nudge does, as it would
have to wait for that; where the knob is turned it is."""


def nudge_lines(moment: Moment, most: int = _MOST) -> tuple[str, ...]:
    """The line of a moment's step where that gives a gradient, and what to know of it; else nothing.

    most: quantities that it names.
    """
    step = moment.step
    if step is None or step.role != "gradient":
        return ()
    name, of_batch = step.name.removeprefix("dL/d"), step.sample is None
    count = len(following(moment.model, name)) - 1
    if not (of_batch and len(moment.program.samples) > 1) and count > MOST_FOLLOWING:
        more = f"more than the {MOST_FOLLOWING} that are worked out at every step"
        return (f"No nudge here: {count:,} quantities follow from {symbol(name)}, {more}.",)
    found = seen_nudge(moment, name, of_batch)
    told = (found.line(moment.session.digits, most), found.bend, _others(moment, found) if of_batch else "")
    return tuple(filter(None, told))


def _others(moment: Moment, found: Nudge) -> str:
    """Whose numbers a batch's nudge tells on its way, and where those of the other samples are."""
    count = len(moment.program.samples)
    if count == 1 or len(found.changes) == 1:
        return ""
    others = "other sample is" if count == 2 else f"other {count - 1} samples are"
    loss = found.changes[-1][0]
    return f"On the way are sample {moment.sample}'s numbers; the {others} in {loss} alone."


def seen_nudge(moment: Moment, name: str, of_batch: bool) -> Nudge:
    """The usual nudge up; or down where the loss has a finite value there alone, as of ln(1 − ŷ) near 1."""
    up = nudge(moment, name, of_batch)
    down = up if isfinite(up.change) else nudge(moment, name, of_batch, -FIRST_NUDGE)
    if down is up or not isfinite(down.change):
        return up
    return down._replace(bend=f"{up.bend[:-1]}, so it is nudged the other way.")


def leaves_loss(moment: Moment, name: str) -> bool:
    """Whether the loss of the sample on screen stays as it is where a quantity is nudged up or down."""
    is_short = len(following(moment.model, name)) <= MOST_FOLLOWING
    return is_short and not any(nudge(moment, name, False, by).change for by in (FIRST_NUDGE, -FIRST_NUDGE))


def knob(moment: Moment) -> Nudge:
    """What the session's knob does to what is selected."""
    name = moment.session.selected
    is_parameter = name in moment.model.parameter_names
    return nudge(moment, name, moment.is_of_batch and is_parameter, moment.session.knob)


def parts_of_change(moment: Moment) -> str:
    """What the session's knob does to the loss by each of several outputs alone, where the loss adds that up:
    +0.1236 via ŷ₁ and +0.4944 via ŷ₂; else empty."""
    found, before = knob(moment), _values(moment, moment.sample)
    after = _after(moment.model, before, moment.session.selected, found.before + found.by)
    _, loss, _ = _lines(moment.model)[-1]
    parts = {
        name: difference(value(loss, _reader({**before, name: after[name]})), before["L"])
        for name in moment.model.predictions
        if name in after
    }
    if len(parts) < 2 or not isclose(sum(parts.values()), found.change, rel_tol=_OF_SUM):
        return ""
    digits = min(moment.session.digits, MOST_IN_SENTENCES)
    return " and ".join(f"{signed(change, digits)} via {symbol(name)}" for name, change in parts.items())


_OF_SUM = 1e-9
"""Of a change, by which its parts may miss it: they are rounded."""


def nudge(moment: Moment, name: str, of_batch: bool, by: float = FIRST_NUDGE) -> Nudge:
    """A quantity, parameter, input or target of the sample on screen changed by about `by`.

    of_batch: whether the loss is that of the whole batch, as a parameter's whole gradient is of it.
    """
    value_of = _values(moment, moment.sample)
    before = value_of[name]
    by *= _scale(before)
    own = _known(moment, f"dL/d{name}") if of_batch else _gradient(moment, name, value_of)
    if of_batch and (len(moment.program.samples) > 1 or moment.model.penalties):
        rows, change = _of_batch(moment, name, by)
        # On the way it moves numbers of every sample: those of the one on screen are told.
        is_short = len(following(moment.model, name)) <= MOST_FOLLOWING
        of_sample = _changes(moment, value_of, name, before + by)[1] if is_short else ()
        bend = _bend(moment, name, before, by, rows)
        return _with_its_ends(
            Nudge(symbol(name), before, by, (*of_sample, change), own, bend), moment.trace.loss_before
        )
    after, changes = _changes(moment, value_of, name, before + by)
    shared = name in moment.model.parameter_names
    called = symbol(name) if shared else marked(symbol(name), moment)
    rows = {moment.sample: {**value_of, **after}}
    found = Nudge(called, before, by, changes, own, _bend(moment, name, before, by, rows))
    return _with_its_ends(found, value_of["L"])


def _changes(
    moment: Moment, value_of: dict[str, float], name: str, changed: float
) -> tuple[dict[str, float], tuple[tuple[str, float], ...]]:
    """The new values of what depends on a quantity of the sample on screen, and (symbol, change) of each."""
    after = _after(moment.model, value_of, name, changed)
    return after, tuple((marked(symbol(at), moment), _change(value_of[at], new)) for at, new in after.items())


def _with_its_ends(found: Nudge, loss: float) -> Nudge:
    """A nudge that says so where the loss has no finite value before or after it."""
    if isfinite(found.change):
        return found
    called = found.changes[-1][0]
    if not isfinite(loss):
        return found._replace(
            bend=f"{called} is {shown(loss)} before the nudge: no change of it can be told."
        )
    _, end = ends(found.before, found.before + found.by)
    return found._replace(bend=f"{called} has no finite value at {found.name} = {end}.")


_NOISE = 8
"""Units in the last of its 64 bits by which a number may seem to change: both ends of a nudge are rounded."""


def _change(before: float, after: float) -> float:
    """What became of a number; 0 where that is no more than rounding."""
    change = difference(after, before)
    largest = max(abs(before), abs(after))
    return 0.0 if isfinite(change) and abs(change) <= _NOISE * ulp(largest) else change


def _scale(number: float) -> float:
    """How many times the usual step a number of its size is nudged by: a power of 10."""
    if not isfinite(number) or abs(number) < _LARGE:
        return 1.0
    return float(f"1e{floor(log10(abs(number) / _LARGE))}")


def _values(moment: Moment, sample: int) -> dict[str, float]:
    """Every value of a sample from before the update, by name; no derivatives."""
    trace, program = moment.trace, moment.program
    row = trace.sample_values[program.samples.index(sample)]
    names = (name for name, _, _ in _lines(moment.model))
    return {**trace.given(sample), **dict(zip(names, row, strict=False))}  # the forward pass comes first


@lru_cache(maxsize=32)
def _lines(model: Model) -> tuple[tuple[str, Expr, frozenset[str]], ...]:
    """(name, expression, what moves it) of each step of the forward pass, and of the loss."""
    lines = [(line.name, line.expression, line.is_constant) for line in model.forward.assignments]
    lines += [("L", step.computed, False) for step in sample_steps(model) if step.role == "loss"]
    return tuple(
        # What counts as a constant for the gradient is held for the nudge, too.
        (name, found, frozenset(read.name for read in names_in(found) if not is_constant))
        for name, found, is_constant in lines
    )


def reads_of(model: Model, name: str) -> tuple[str, ...]:
    """What moves a quantity, in the order of its formula; nothing for a parameter or an input."""
    for line, found, reads in _lines(model):
        if line == name:
            return tuple(dict.fromkeys(read.name for read in names_in(found) if read.name in reads))
    return ()


@lru_cache(maxsize=32)
def following(model: Model, name: str) -> frozenset[str]:
    """The quantities that depend on one, it and the loss among them."""
    found = {name}
    for line, _, reads in _lines(model):
        if not reads.isdisjoint(found):
            found.add(line)
    return frozenset(found)


def _after(model: Model, before: dict[str, float], name: str, changed: float) -> dict[str, float]:
    """The new values of all that depends on a quantity, in the order of forward; the loss is always there."""
    new = {name: changed}

    def read(at: Name) -> float:
        return new[at.name] if at.name in new else before[at.name]

    for line, expression, reads in _lines(model):
        if line != name and not reads.isdisjoint(new):
            new[line] = value(expression, read)
    del new[name]
    return new if "L" in new else {**new, "L": before["L"]}


def _gradient(moment: Moment, name: str, value_of: dict[str, float]) -> float | None:
    """The gradient of the sample's loss by a quantity, once it is known.

    No step gives that by an input or a target: it follows from those of what reads it.
    """
    if moment.program.sample_position(f"dL/d{name}") is not None:
        return _known(moment, f"dL/d{name}", moment.sample)
    known = _read_by(moment, name, value_of)
    return None if known is None else value(gradient_of_given(moment.model, name), known)


@lru_cache(maxsize=32)
def gradient_of_given(model: Model, name: str) -> Expr:
    """The gradient by an input or a target: the sum over all that reads it, ∂L/∂z₁ · w₁ + ∂L/∂z₂ · w₃."""
    terms = list[Expr]()
    for line, expression, reads in _lines(model):
        if name in reads:
            local = derivative(expression, name)
            terms.append(local if line == "L" else apply("multiply", Name(f"dL/d{line}"), local))
    return apply("add", *terms) if len(terms) > 1 else terms[0] if terms else ZERO


def _read_by(moment: Moment, name: str, value_of: dict[str, float]) -> Callable[[Name], float] | None:
    """What `gradient_of_given` reads; None while something of it is not known."""
    if moment.phase in ("given", "forward"):
        return None
    reads = {at.name for at in names_in(gradient_of_given(moment.model, name))} - set(value_of)
    gradients = {read: _known(moment, read, moment.sample) for read in reads}
    known = {read: number for read, number in gradients.items() if number is not None}
    return _reader({**value_of, **known}) if len(known) == len(gradients) else None


def given_line(moment: Moment, name: str) -> str:
    """The gradient by an input or a target as a line: letters, and once they are known numbers and value."""
    expression, value_of = gradient_of_given(moment.model, name), _values(moment, moment.sample)
    in_letters = written(expression, "plain", letter_in(moment.program, moment.sample))
    head, known = f"{marked(symbol(f'dL/d{name}'), moment)} = {in_letters}", _read_by(moment, name, value_of)
    if known is None:
        return f"{head} = {OPEN}"
    came = equation(expression, known, value(expression, known), moment.session.digits)
    numbers = written(expression, "plain", lambda at: came.number(known(at)))
    return f"{head} {came.reads} {numbers} {came.sign} {came.value}"


def _known(moment: Moment, gradient: str, sample: int | None = None) -> float | None:
    """A gradient of a sample, or of the batch, once it is known."""
    number = moment.program.number(gradient, sample)
    return moment.trace.value(number) if number and number <= moment.session.step else None


def _of_batch(moment: Moment, name: str, by: float) -> tuple[dict[int, dict[str, float]], tuple[str, float]]:
    """The new values of each sample; what the batch makes of its samples' losses, and the change of it."""
    trace, samples = moment.trace, moment.program.samples
    setup = batch_setup(trace.setup, trace.start.update)
    place = moment.model.parameter_names.index(name)
    parameters = trace.start.parameters
    changed = (*parameters[:place], parameters[place] + by, *parameters[place + 1 :])
    rows = tuple(forward(setup)(changed))
    change = _change(trace.loss_before, joined_loss(setup, changed, [row[-1] for row in rows]))
    after = dict[int, dict[str, float]]()
    if _with_edges(moment.model):
        names = [line for line, _, _ in _lines(moment.model)]
        for sample, row in zip(samples, rows, strict=True):
            after[sample] = {**trace.given(sample), **dict(zip(names, row, strict=True))}
    return after, (joined("L", moment.model, len(samples), moment.model.parameters[place].penalties), change)


@lru_cache(maxsize=32)
def _with_edges(model: Model) -> tuple[Expr, ...]:
    """The formulas of the forward pass and the loss that have an edge."""
    return tuple(expression for _, expression, _ in _lines(model) if edges(expression))


def _bend(moment: Moment, name: str, before: float, by: float, rows: dict[int, dict[str, float]]) -> str:
    """Why the gradient may promise too much: the edges that a nudge crosses or leaves, or
    the first ones of them.

    rows: the new values of each sample that counts; of a batch, where some formula has an edge.
    """
    for sample, new in rows.items():
        values = _values(moment, sample), {**new, name: before + by}
        old_of, new_of = map(_reader, values)
        letters = letter_in(moment.program, sample)
        found = (crossed(each, old_of, new_of, letters) for each in _with_edges(moment.model))
        if told := list(dict.fromkeys(filter(None, found))):
            _, where, why = told[0].partition(_WHERE)
            # What is true of several is said once: z₂ and z₃ may both get below 0.
            alike = [each.removesuffix(where + why) for each in told if each.endswith(where + why)]
            return " and ".join(alike[:_MOST_EDGES]) + where + why
    parameters = (parameter for parameter in moment.model.parameters if parameter.name == name)
    if moment.is_of_batch and any("L1" in parameter.penalties for parameter in parameters):
        size = apply("absolute", Name(name))  # what L1 adds to the loss
        return crossed(size, lambda _: before, lambda _: before + by, letter)
    return ""


def _reader(values: dict[str, float]) -> Callable[[Name], float]:
    return lambda name: values[name.name]
