"""The loss along one parameter: what the gradient promises, and what comes of a step and of a nudge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import isfinite, isnan

from tinynet_tui.engine.expression_reading import ALL_DIGITS, DIGITS, number_text
from tinynet_tui.engine.model import Rows, Setup
from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.training import evaluation
from tinynet_tui.experiments.experiment_rows import (
    LESS,
    MORE,
    NOTHING_SPECIAL,
    At,
    Choice,
    Count,
    Cursor,
    Experiment,
    Flag,
    Idle,
    Inputs,
    Option,
    Page,
    Printed,
    Prompt,
    Scale,
    Topic,
    Words,
    cursor_rule,
    fields_of,
    selected_or_first,
)
from tinynet_tui.experiments.gradients import (
    loss_gradients,
    loss_of,
    numerical_gradient,
    position_of,
    prediction_slopes,
    with_parameter,
)
from tinynet_tui.experiments.long_work import Watch
from tinynet_tui.rules.optimisers import optimiser_of
from tinynet_tui.session.commands import key_sign
from tinynet_tui.teaching.charts import Axis, Chart, ChartLine, ChartSign
from tinynet_tui.teaching.numbers import equals, positive_number, shown, sign_and_number, signed
from tinynet_tui.teaching.typed_values import finite_number, parameter_name

SLICE_POINTS = 121
DEFAULT_NUDGE = 0.1
_NEAR = 0.02
"""Of the width of a chart: a step that is shorter may end in the cell where it began."""
_FARTHEST = 1e300
"""No slice goes around a value, or as far as a step, beyond this: the width of the chart would overflow."""


@dataclass(frozen=True, slots=True)
class ParameterChange:
    """One parameter changed, all others held: the loss over all samples and the outputs, before and after.

    What a change does to each quantity on the way, for one sample or batch, is a `Nudge` of `teaching`.
    """

    by: float
    outputs: tuple[str, ...]
    """Their names; none where the loss reads parameters alone."""
    outputs_before: Rows
    """Shape: samples × outputs."""
    outputs_after: Rows
    promised_outputs: Rows
    """The change of each output that its derivative foretells: ∂ŷ/∂p · by."""
    loss_before: float
    loss_after: float
    promised_loss: float
    """The change of the loss that the gradient foretells: ∂L/∂p · by."""

    @property
    def most_moved(self) -> tuple[int, int] | None:
        """(sample, output), from 0: of the prediction that changes most; the first of those alike."""
        changes = {
            (sample, output): after - before
            for sample, rows in enumerate(zip(self.outputs_before, self.outputs_after, strict=True))
            for output, (before, after) in enumerate(zip(*rows, strict=True))
        }
        return max(changes, key=lambda place: size(changes[place]), default=None)


@dataclass(frozen=True, slots=True)
class Slice:
    """The loss along one parameter, all others held."""

    parameter: str
    """"w5"."""
    value: float
    """Its present value."""
    loss: float
    """The present loss, over all samples."""
    gradient: float
    """∂L/∂p over all samples: the slope of the tangent."""
    numeric: float
    """The same from differences of the loss."""
    uncertainty: float
    """How far off the numeric one may be, by its own estimate; large where a ReLU opens or shuts nearby."""
    step: float
    """−η·g: what plain descent adds to it."""
    lands: float
    """The value after that step, the others held."""
    loss_there: float
    promised: float
    """The change of the loss that the gradient foretells for it: g · step."""
    nudge: ParameterChange
    points: tuple[tuple[float, float], ...]
    """(value, loss), ascending; the middle one is the present."""
    words: tuple[str, ...] = ()
    """What the gradient's sign means, and what the step brings beside what was promised."""


def loss_slice(setup: Setup, name: str, by: float = DEFAULT_NUDGE) -> Slice:
    """The loss along a parameter, around its present value, or around 0 where that is out of all bounds.

    by: how far it is nudged.
    Raises: ValueError with a sentence, where there is no parameter of that name.
    """
    position = position_of(setup, name)
    value, loss, gradient = setup.parameters[position], loss_of(setup), loss_gradients(setup)[name]
    step = -setup.hyperparameters.learning_rate * gradient
    numeric, uncertainty = numerical_gradient(setup, name)
    reach = max(size for size in (1.0, abs(value), 1.5 * abs(step)) if size <= _FARTHEST)
    center, middle = value if abs(value) <= _FARTHEST else 0.0, SLICE_POINTS // 2
    values = [center + reach * (place - middle) / middle for place in range(SLICE_POINTS)]
    along = Slice(
        parameter=name,
        value=value,
        loss=loss,
        gradient=gradient,
        numeric=numeric,
        uncertainty=uncertainty,
        step=step,
        lands=value + step,
        loss_there=loss_of(with_parameter(setup, position, value + step)),
        promised=gradient * step,
        nudge=parameter_change(setup, name, by),
        points=tuple((at, loss_of(with_parameter(setup, position, at))) for at in values),
    )
    return replace(along, words=tuple(_words(setup, along)))


def _words(setup: Setup, along: Slice) -> Iterator[str]:
    sign, gradient = symbol(along.parameter), along.gradient
    if not isfinite(gradient):
        yield f"∂L/∂{sign} is {shown(gradient)}: there is no step to take."
        return
    if gradient == 0:
        yield f"∂L/∂{sign} = 0: here the loss is flat along {sign}, and the step is 0."
        return
    way = "raises" if gradient > 0 else "lowers"
    yield f"∂L/∂{sign} {equals(gradient)} {shown(gradient)}: a larger {sign} {way} the loss."
    yield (
        f"The step of {shown(along.step)}, changing {sign} alone, leads to {shown(along.lands)} and promises "
        f"a change of {shown(along.promised)}; the loss {_change(along.loss, along.loss_there)}."
    )
    if along.parameter not in (parameter.name for parameter in setup.model.trained_parameters):
        yield f"Training does not take this step: {sign} is frozen."
    elif not (optimiser := optimiser_of(setup.model)).is_plain:
        yield f"That is plain descent; {optimiser.noun} takes its own step."


def _change(before: float, after: float) -> str:
    change = after - before
    if not isfinite(change):
        return f"becomes {shown(after)}"
    if change == 0:
        return "stays as it is"
    way = f"{'rises' if change > 0 else 'falls'} by {shown(abs(change))}"
    if shown(before) != shown(after):
        return f"{way}, to {shown(after)}"
    digits = next(n for n in range(DIGITS, ALL_DIGITS + 1) if shown(before, n) != shown(after, n))
    return f"{way}, from {shown(before, digits)} to {shown(after, digits)}"


def parameter_change(setup: Setup, name: str, by: float) -> ParameterChange:
    """What a parameter changed by a number does to the loss over all samples, and to each output.

    Raises: ValueError with a sentence, where there is no parameter of that name.
    """
    position = position_of(setup, name)
    changed = with_parameter(setup, position, setup.parameters[position] + by)
    before, after = evaluation(setup, setup.parameters), evaluation(changed, changed.parameters)
    return ParameterChange(
        by,
        setup.model.predictions,
        before.predictions,
        after.predictions,
        tuple(tuple(slopes[name] * by for slopes in sample) for sample in prediction_slopes(setup)),
        before.loss,
        after.loss,
        loss_gradients(setup)[name] * by,
    )


def size(value: float) -> float:
    """How large a number is, whatever its sign; nan is smaller than any."""
    return -1.0 if isnan(value) else abs(value)


@dataclass(frozen=True, slots=True)
class Nudging:
    """How far one press of + or − nudges, and the presses so far: those of + less those of −."""

    by: float
    times: int

    @property
    def in_all(self) -> float:
        """How far the parameter is nudged."""
        # 0.3, not 0.30000000000000004.
        return self.by if self.times == 1 else float(f"{self.times * self.by:.12g}")

    @property
    def next(self) -> float:
        """The same, or how far the key + would nudge one that is not nudged."""
        return self.in_all if self.times else self.by


def _computed(inputs: Inputs, _watch: Watch) -> Slice:
    return loss_slice(inputs.setup, inputs.chosen, inputs[NUDGING].next)


def _moved(nudged: ParameterChange) -> tuple[str, float, float, float] | None:
    """(name, before, after, promised change) of the prediction that a nudge moves most; None without one.

    It is called ŷ, or where there are several ŷ₂ of sample 3.
    """
    if nudged.most_moved is None:
        return None
    sample, output = nudged.most_moved
    of = f" of sample {sample + 1}" if len(nudged.outputs_before) > 1 else ""
    before, after = nudged.outputs_before[sample][output], nudged.outputs_after[sample][output]
    return symbol(nudged.outputs[output]) + of, before, after, nudged.promised_outputs[sample][output]


def slice_chart(along: Slice, is_nudged: bool, cursor: float | None) -> Chart:
    """The loss along a parameter, its tangent, the step, and the nudge if there is one."""
    first, last = along.points[0][0], along.points[-1][0]
    losses = [loss for _, loss in along.points if isfinite(loss)]
    name, nudged = symbol(along.parameter), along.nudge
    tangent = [(x, along.loss + along.gradient * (x - along.value)) for x, _ in along.points]
    is_near = abs(along.step) < _NEAR * (last - first)
    where = "" if is_near else ", all else held"
    hidden = " (hidden under ● if close)" if is_near else ""
    spots = [
        ChartSign(along.lands, along.loss_there, "○", "strong phase.update"),
        ChartSign(along.value, along.loss, "●", "strong"),
    ]
    if is_nudged and nudged.by != 0:
        sign = "+" if nudged.by > 0 else "−"
        spots.append(ChartSign(along.value + nudged.by, nudged.loss_after, sign, "strong"))
    return Chart(
        f"Loss along {name}{where}; ● now, ○ after one step{hidden}; t the tangent"
        if losses
        else f"No loss along {name} is finite: there is no curve",
        Axis(first, last),
        Axis(min(losses, default=0.0), max(losses, default=0.0)),
        [ChartLine(tangent, "phase.backward", "t"), ChartLine(along.points, "phase.loss")],
        cursor_rule(cursor),
        spots=spots,
    )


def _page(along: Slice, at: At) -> Page:
    name, nudging = symbol(along.parameter), at.inputs[NUDGING]
    value, loss = along.points[at.cursor]
    tangent = along.loss + along.gradient * (value - along.value)
    present = f"{name} is {shown(along.value)}, the loss {shown(along.loss)}."
    keys = f"{key_sign(MORE)} and {key_sign(LESS)}"
    first = _nudged(along) if nudging.times else f"{present} {keys} nudge it by {shown(nudging.by)}."
    return Page(
        [slice_chart(along, nudging.times != 0, value)],
        [
            Words(first, "strong"),
            *along.words,
            f"At the cursor: {name} {sign_and_number(value)}: "
            f"loss {shown(loss)}, on the tangent {shown(tangent)}.",
            f"∂L/∂{name} {equals(along.gradient)} {shown(along.gradient)} by the chain rule, "
            f"{shown(along.numeric)} ± {shown(along.uncertainty)} from differences of the loss.",
        ],
    )


def _nudged(along: Slice) -> str:
    """What a nudge brings, beside what the gradient promised."""
    nudged, changes = along.nudge, []
    if moved := _moved(nudged):
        name, before, after, promised = moved
        changes.append((name, after - before, promised))
    changes.append(("the loss", nudged.loss_after - nudged.loss_before, nudged.promised_loss))
    (first, came, promised), *others = changes
    return (
        f"{symbol(along.parameter)} nudged by {signed(nudged.by)}: {first} changes by "
        f"{signed(came)} (promised by the gradient: {signed(promised)})"
        + "".join(f", {name} by {signed(came)} (promised: {signed(what)})" for name, came, what in others)
        + "."
    )


def _printed(along: Slice, title: str, _logarithmic: bool | None) -> Printed:
    name, nudged = symbol(along.parameter), along.nudge
    lines: tuple[tuple[str, tuple[float, ...]], ...] = (
        ("now", (along.value, along.loss)),
        ("after the step", (along.lands, along.loss_there, along.loss_there - along.loss, along.promised)),
        (
            f"nudged by {shown(nudged.by)}",
            (
                along.value + nudged.by,
                nudged.loss_after,
                nudged.loss_after - nudged.loss_before,
                nudged.promised_loss,
            ),
        ),
    )
    cells = [(what, *map(_six, numbers), *[""] * (4 - len(numbers))) for what, numbers in lines]
    return Printed(
        f"{title}: the loss along {name}",
        [("", name, "loss", "change", "promised"), *cells],
        [
            f"∂L/∂{name}: {shown(along.gradient, 8)}; "
            f"from differences of the loss: {shown(along.numeric, 8)} ± {shown(along.uncertainty, 1)}",
        ],
        (*_told(_moved(nudged)), *along.words),
        [slice_chart(along, True, None)],
    )


def _told(moved: tuple[str, float, float, float] | None) -> Iterator[str]:
    if moved is not None:
        output, before, after, promised = moved
        yield (
            f"Nudged, {output} goes {_six(before)} → {_six(after)}, a change of {_six(after - before)}; "
            f"the gradient promised {_six(promised)}."
        )


def _six(number: float) -> str:
    return shown(number, 6)


NUDGING: Option[Nudging] = Option(
    "nudge",
    lambda _setup: Nudging(DEFAULT_NUDGE, 0),
    Flag(
        "--by",
        "NUMBER",
        f"how far to nudge it (default: {DEFAULT_NUDGE})",
        lambda text: Nudging(finite_number(text), 1),
        several=False,
    ),
    Prompt(
        name="nudge",
        key="n",
        title="nudge by",
        about="Type by how much {more} and {less} nudge the selected parameter.",
        label="nudge by:",
        written=lambda nudging: number_text(nudging.by),
        read=lambda text: Nudging(positive_number(text), 1),
        notice=lambda _nudging: "",
        notice_elsewhere=None,
    ),
    Count(lambda _setup, nudging, by: (replace(nudging, times=nudging.times + by), ""), is_seed=False),
    lambda nudging: replace(nudging, times=0),
)

TOPIC = Topic(
    verb="sensitivity",
    about="what each parameter does to the loss and to the output",
    description="Show what each parameter does to loss and output, or the loss along one.",
    examples=(
        "tinynet-tui experiment sensitivity",
        "tinynet-tui experiment sensitivity --parameter w5 --by 0.1",
        "tinynet-tui experiment sensitivity mazur --format csv",
    ),
    tab="sensitivity",
    tab_about="The loss along one parameter, and its gradient.",
    choice=Choice(
        names=lambda inputs: inputs.setup.model.parameter_names,
        first=selected_or_first,
        flag=Flag("--parameter", "NAME", "the loss along this one, such as w5", parameter_name, False),
        nothing=(),
        no_chart="",
    ),
)

LOSS_SLICE: Experiment[Slice] = Experiment(
    name="slice",
    title="Sensitivity",
    short_title="one parameter",
    topic=TOPIC,
    asked_by=TOPIC.choice.flag,
    options=(NUDGING,),
    computes_choice=True,
    compute=_computed,
    settings=lambda _inputs: [],
    has_own_rate=False,
    cursor=Cursor(
        places=lambda found: len(found.points), first=lambda found: (len(found.points) - 1) // 2, over=None
    ),
    scale=Scale(False, "This chart has a linear scale only: the tangent is straight there."),
    hints="right down more nudge other-chart back help quit",
    page=_page,
    printed=_printed,
    columns=lambda found: [("value", "loss"), *found.points],
    objects=lambda found: [fields_of(found, words=" ".join(found.words))],
    special=replace(
        NOTHING_SPECIAL,
        hint_titles=(("more", "nudge"), ("nudge", "size")),
        idle=(
            Idle(
                "--by",
                ("csv",),
                "has no effect with --format csv, which has only the loss along the parameter.",
            ),
        ),
    ),
)
