"""The steps of one update, written for any model in the order in which a learner is shown them."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, NamedTuple

from tinynet_tui.engine.chain_rule import backward, parameters_shown
from tinynet_tui.engine.expression_reading import derivative
from tinynet_tui.engine.expressions import Expr, Name, Number, add, apply, divide, multiply, subtract
from tinynet_tui.engine.forward import Parameter, Subject
from tinynet_tui.engine.model import Model
from tinynet_tui.engine.stable_forms import StableForm

Phase = Literal["given", "forward", "loss", "backward", "update", "check"]
PHASES: tuple[Phase, ...] = ("given", "forward", "loss", "backward", "update", "check")

Role = Literal["value", "loss", "local", "gradient", "state", "update", "check"]

LOSS = Subject("loss")


class Step(NamedTuple):
    """One assignment: a quantity and the expression that gives it."""

    name: str
    phase: Phase
    role: Role
    of: Subject
    expression: Expr
    block: int | None = None
    """The position of the block that shows what the step is about; None for what belongs to none."""
    sample: int | None = None
    """From 1, in the data; None where the step belongs to the whole batch, or to any sample."""
    stable_form: StableForm | None = None
    """What gives its value where its expression loses digits."""

    @property
    def assigns(self) -> str:
        """The sign between its quantity and its formula: ← where it replaces what it reads, else =."""
        return "←" if self.role in ("update", "state") else "="

    @property
    def computed(self) -> Expr:
        """What gives its value in any case."""
        if self.stable_form is None:
            return self.expression
        return apply("precise_or", self.expression, self.stable_form.ratio, self.stable_form.expression)

    @property
    def takes_stable_form(self) -> bool:
        """Whether it has taken its stable form, as its own expression would lose digits."""
        return self.stable_form is not None and self.expression is self.stable_form.expression

    @property
    def is_given(self) -> bool:
        """Whether it is a constant of its lesson, h[0] = 0: there is nothing to work out."""
        return self.role == "value" and isinstance(self.expression, Number)

    @property
    def quantity(self) -> str:
        """The name of what it assigns, as it is called on screen: the check's is the loss."""
        return "L" if self.role == "check" else self.name


@lru_cache(maxsize=32)
def sample_steps(model: Model) -> tuple[Step, ...]:
    """Forward, loss and backward for one sample."""
    forward = model.forward
    stable_forms = dict(forward.stable_forms)
    return (
        *(
            Step(line.name, "forward", "value", line.of, line.expression, block)
            for block, found in enumerate(forward.blocks)
            for line in found.assignments
        ),
        Step("L", "loss", "loss", LOSS, forward.loss, stable_form=stable_forms.get("L")),
        *(
            Step(
                d.name, "backward", d.role, d.of, d.expression, d.block, stable_form=stable_forms.get(d.name)
            )
            for d in backward(forward)
        ),
    )


@lru_cache(maxsize=32)
def sample_positions(model: Model) -> Mapping[str, int]:
    """Where (from 0) each name is assigned among `sample_steps`."""
    return MappingProxyType({step.name: position for position, step in enumerate(sample_steps(model))})


def closing_steps(model: Model, samples: tuple[int, ...]) -> tuple[Step, ...]:
    """Gradients joined over the samples of a batch, optimiser state, updates and the check."""
    joined = (_joined_gradient(model, p, samples) for p in joined_parameters(model, len(samples)))
    return (*joined, *_updates(model), _check(model, samples))


@lru_cache(maxsize=256)
def closing_step(model: Model, samples: tuple[int, ...], position: int) -> Step:
    """One of `closing_steps`, by its position from 0: in a large batch it takes long to write them all."""
    joined, updates = joined_parameters(model, len(samples)), _updates(model)
    if position < len(joined):
        return _joined_gradient(model, joined[position], samples)
    position -= len(joined)
    return updates[position] if position < len(updates) else _check(model, samples)


def joined_parameters(model: Model, samples: int) -> tuple[Parameter, ...]:
    """The parameters whose gradients are completed once a number of samples is done: for one sample alone,
    those that L1 or L2 adds to."""
    return tuple(p for p in model.parameters if samples > 1 or p.penalties)


def _joined_gradient(model: Model, parameter: Parameter, samples: tuple[int, ...]) -> Step:
    name = f"dL/d{parameter.name}"
    expression = with_own_penalty(over_samples(model, name, samples), parameter)
    block = _blocks_of_parameters(model)[parameter.name]
    return Step(name, "backward", "gradient", parameter.of, expression, block)


def with_own_penalty(gradient: Expr, parameter: Parameter) -> Expr:
    """A parameter's gradient and what is added to it: by L2 λ times itself, by L1 λ₁ times its sign."""
    if not parameter.penalties:
        return gradient
    return add(gradient, derivative(_penalty([parameter]), parameter.name))


@lru_cache(maxsize=32)
def _updates(model: Model) -> tuple[Step, ...]:
    return tuple(step for parameter in model.trained_parameters for step in _update(model, parameter))


def _update(model: Model, parameter: Parameter) -> Iterator[Step]:
    """The new state of the optimiser for a parameter, and the step against its direction."""
    block = _blocks_of_parameters(model)[parameter.name]
    states, direction = model.optimiser.direction(parameter.name)
    for name, expression in states:
        yield Step(name, "update", "state", parameter.of, expression, block)
    update = subtract(Name(parameter.name), multiply(Name("eta"), direction))
    yield Step(parameter.name, "update", "update", parameter.of, update, block)


def _check(model: Model, samples: tuple[int, ...]) -> Step:
    """The loss of the batch once more: its names mean their values after the update."""
    if len(samples) > 1:
        return Step("check", "check", "check", LOSS, batch_loss(model, samples))
    penalty = weight_penalty(model)
    stable_form = dict(model.forward.stable_forms).get("L")
    if stable_form is not None:
        stable_form = stable_form._replace(expression=add(stable_form.expression, penalty))
    return Step("check", "check", "check", LOSS, add(model.forward.loss, penalty), stable_form=stable_form)


@lru_cache(maxsize=32)
def _blocks_of_parameters(model: Model) -> dict[str, int | None]:
    shown = parameters_shown(model.forward)
    return {parameter.name: block for block, parameters in shown.items() for parameter in parameters}


@lru_cache(maxsize=32)
def state_names(model: Model) -> tuple[str, ...]:
    """The optimiser's own quantities."""
    return tuple(step.name for step in _updates(model) if step.role == "state")


def over_samples(model: Model, name: str, samples: tuple[int, ...]) -> Expr:
    """What a batch makes of one quantity of each of its samples: their mean or their sum."""
    total = add(*(Name(name, sample) for sample in samples))
    return divide(total, Number(float(len(samples)))) if model.reduction == "mean" else total


def batch_loss(model: Model, samples: tuple[int, ...]) -> Expr:
    """The loss of a batch from those of its samples, L1 and L2 included."""
    return add(over_samples(model, "L", samples), weight_penalty(model))


@lru_cache(maxsize=32)
def weight_penalty(model: Model) -> Expr:
    """What regularisation adds to a batch's loss: L2 ½ · λ · Σ w², L1 λ₁ · Σ |w|; 0 without it."""
    return _penalty(model.parameters)


def _penalty(parameters: Sequence[Parameter]) -> Expr:
    squares = add(*(apply("square", Name(p.name)) for p in parameters if "L2" in p.penalties))
    sizes = add(*(apply("absolute", Name(p.name)) for p in parameters if "L1" in p.penalties))
    return add(multiply(Number(0.5), Name("lambda"), squares), multiply(Name("lambda1"), sizes))
