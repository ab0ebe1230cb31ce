"""The optimisers: a row for each, with its formulas, its words and how frameworks spell it.

To add one, write its row here and put it into `OPTIMISERS`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tinynet_tui.engine.expressions import ONE, Expr, Name, add, apply, divide, multiply, names_in, subtract
from tinynet_tui.engine.model import Model
from tinynet_tui.rules.hyperparameters import Hyperparameter


class State(NamedTuple):
    """A number that an optimiser keeps for each parameter, 0 at the start of training."""

    letter: str
    """"m": it is called m_w1 for w1."""
    formula: Callable[[Expr, Expr], Expr]
    """Its new value, from (its old one, the gradient)."""
    title: str
    """What it is, with {parameter}."""
    sentence: str
    """What it is kept for."""
    pytorch: str
    """Its key in PyTorch's optimizer.state."""


class WrittenOut(NamedTuple):
    """An update written out in a script, where a framework has none of its own that is the same."""

    why: str
    """Why it is, in a sentence that begins with "Keras: written out,"."""
    comment: str
    """The same as a comment in a script."""
    lines: tuple[str, ...]
    """What is done to variables[i] with gradients[i]; states are lists by their letters."""


class KerasOptimiser(NamedTuple):
    """One of Keras's own optimisers."""

    comment: tuple[str, ...]
    call: str
    """With {eta} and its hyperparameters by their names in formulas."""

    @property
    def needs_numpy(self) -> bool:
        """Whether the call has a number of numpy in it."""
        return "np." in self.call


class Optimiser(NamedTuple):
    """A rule by which parameters follow their gradients: p ← p − η · direction."""

    name: str
    """In a lesson's file: "adam"."""
    noun: str
    """At the head of a sentence: "Adam"."""
    title: str
    """What it is called in full: "gradient descent with momentum"."""
    hyperparameters: tuple[Hyperparameter, ...]
    states: tuple[State, ...]
    direction_formula: Callable[[Expr, tuple[Expr, ...]], Expr]
    """What it steps against, from (the gradient, its new states)."""
    subtracted: str
    """What that is, in words: "velocity"."""
    goes_on_alone: bool
    """Whether a parameter may go on moving while its gradient is 0."""
    pytorch: str
    """The call in torch.optim, with {parameters}, {eta} and its own numbers by their names in formulas."""
    keras: KerasOptimiser | WrittenOut
    jax: str
    """The direction of the first update in JAX, of the gradient g."""

    def direction(self, parameter: str) -> tuple[tuple[tuple[str, Expr], ...], Expr]:
        """(its new states for a parameter, by name; what it steps against)."""
        gradient = Name(f"dL/d{parameter}")
        names = [Name(f"{state.letter}_{parameter}") for state in self.states]
        states = tuple(
            (name.name, state.formula(name, gradient)) for name, state in zip(names, self.states, strict=True)
        )
        return states, self.direction_formula(gradient, tuple(names))

    def state(self, name: str) -> State | None:
        """The state that a name such as m_w1 is; None for any other name."""
        return next((state for state in self.states if name.startswith(f"{state.letter}_")), None)

    @property
    def counts_updates(self) -> bool:
        """Whether its formulas read t, the number of the update."""
        states, direction = self.direction("w")
        return any(name.name == "t" for _, made in (*states, ("", direction)) for name in names_in(made))

    @property
    def is_plain(self) -> bool:
        """Whether it steps against the gradient itself."""
        return self.direction("w")[1] == Name("dL/dw")


def _running_mean(beta: str, new: Callable[[Expr], Expr]) -> Callable[[Expr, Expr], Expr]:
    """An exponential mean: β · mean + (1 − β) · new (Kingma and Ba 2015, algorithm 1)."""
    share = Name(beta)
    return lambda mean, gradient: add(multiply(share, mean), multiply(subtract(ONE, share), new(gradient)))


GRADIENT_DESCENT = Optimiser(
    name="gradient_descent",
    noun="Gradient descent",
    title="gradient descent",
    hyperparameters=(),
    states=(),
    direction_formula=lambda gradient, _states: gradient,
    subtracted="gradient",
    goes_on_alone=False,
    pytorch="SGD({parameters}, lr={eta})",
    keras=KerasOptimiser(comment=(), call="keras.optimizers.SGD(learning_rate={eta})"),
    jax="g",
)


MOMENTUM = Optimiser(
    name="momentum",
    noun="Momentum",
    title="gradient descent with momentum",
    hyperparameters=(Hyperparameter("momentum", "mu", 0.9, "from 0 to below 1", "momentum", ""),),
    states=(
        State(
            letter="v",
            formula=lambda velocity, gradient: add(multiply(Name("mu"), velocity), gradient),
            title="the velocity of {parameter}",
            sentence="Momentum: a part μ of the velocity stays, and the new gradient is added.",
            pytorch="momentum_buffer",
        ),
    ),
    direction_formula=lambda _gradient, states: states[0],
    subtracted="velocity",
    goes_on_alone=True,
    pytorch="SGD({parameters}, lr={eta}, momentum={mu})",
    keras=KerasOptimiser(
        comment=("# As a float of Python alone, momentum would be rounded to 32 bits.",),
        call="keras.optimizers.SGD(learning_rate={eta}, momentum=np.float64({mu}))",
    ),
    jax="g",
)


def _corrected(mean: Expr, beta: str) -> Expr:
    """A mean that started at 0, corrected for that: mean / (1 − βᵗ)."""
    return divide(mean, subtract(ONE, apply("power", Name(beta), Name("t"))))


def _adam_direction(_gradient: Expr, states: tuple[Expr, ...]) -> Expr:
    """The corrected means, ε outside the root: m / (√v + ε)."""
    first, second = states
    root = apply("root", _corrected(second, "beta2"))
    return divide(_corrected(first, "beta1"), add(root, Name("epsilon")))


ADAM = Optimiser(
    name="adam",
    noun="Adam",
    title="Adam",
    hyperparameters=(
        Hyperparameter(
            "beta1", "beta1", 0.9, "from 0 to below 1", "Adam's, for the mean of the gradients", ""
        ),
        Hyperparameter(
            "beta2", "beta2", 0.999, "from 0 to below 1", "Adam's, for the mean of their squares", ""
        ),
        Hyperparameter("epsilon", "epsilon", 1e-8, "above 0", "Adam's, so that it never divides by 0", ""),
    ),
    states=(
        State(
            letter="m",
            formula=_running_mean("beta1", lambda gradient: gradient),
            title="the mean gradient of {parameter} so far",
            sentence="Adam keeps a running mean of the gradients: the direction.",
            pytorch="exp_avg",
        ),
        State(
            letter="v",
            formula=_running_mean("beta2", lambda gradient: apply("square", gradient)),
            title="the mean squared gradient of {parameter}",
            sentence="Adam keeps a running mean of the squared gradients: the scale of the step.",
            pytorch="exp_avg_sq",
        ),
    ),
    direction_formula=_adam_direction,
    subtracted="scaled mean gradient",
    goes_on_alone=True,
    pytorch="Adam({parameters}, lr={eta}, betas=({beta1}, {beta2}), eps={epsilon})",
    keras=WrittenOut(
        why="as its Adam has ε in another place",
        comment="keras.optimizers.Adam adds epsilon before it corrects the mean of squares.",
        lines=(
            "m[i] = beta1 * m[i] + (1 - beta1) * gradients[i]",
            "v[i] = beta2 * v[i] + (1 - beta2) * gradients[i] ** 2",
            "m_hat = m[i] / (1 - beta1**t)",
            "v_hat = v[i] / (1 - beta2**t)",
            "variables[i].assign_sub(eta * m_hat / (tf.sqrt(v_hat) + epsilon))",
        ),
    ),
    jax=(
        "((1 - {beta1}) * g / (1 - {beta1})) / (jnp.sqrt(((1 - {beta2}) * g**2 / (1 - {beta2}))) + {epsilon})"
    ),
)


RMSPROP = Optimiser(
    name="rmsprop",
    noun="RMSprop",
    title="RMSprop",
    hyperparameters=(
        Hyperparameter(
            "rho", "rho", 0.9, "from 0 to below 1", "RMSprop's, for the mean of the squared gradients", ""
        ),
        Hyperparameter("epsilon", "epsilon", 1e-8, "above 0", "RMSprop's, so that it never divides by 0", ""),
    ),
    states=(
        State(
            letter="s",
            formula=_running_mean("rho", lambda gradient: apply("square", gradient)),
            title="the mean squared gradient of {parameter}",
            sentence="RMSprop keeps a running mean of the squared gradients: the scale of the step.",
            pytorch="square_avg",
        ),
    ),
    direction_formula=lambda gradient, states: divide(
        gradient, add(apply("root", states[0]), Name("epsilon"))
    ),
    subtracted="scaled gradient",
    goes_on_alone=False,
    pytorch="RMSprop({parameters}, lr={eta}, alpha={rho}, eps={epsilon})",
    keras=WrittenOut(
        why="as its RMSprop has ε inside the root",
        comment="keras.optimizers.RMSprop has epsilon inside the root.",
        lines=(
            "s[i] = rho * s[i] + (1 - rho) * gradients[i] ** 2",
            "variables[i].assign_sub(eta * gradients[i] / (tf.sqrt(s[i]) + epsilon))",
        ),
    ),
    jax="g / (jnp.sqrt((1 - {rho}) * g**2) + {epsilon})",
)


OPTIMISERS = {row.name: row for row in (GRADIENT_DESCENT, MOMENTUM, ADAM, RMSPROP)}
"""Every optimiser, by its name in a lesson's file."""


def optimiser_of(model: Model) -> Optimiser:
    """The optimiser that a model is trained by.

    Raises: TypeError where it is none of these rows.
    """
    if not isinstance(model.optimizer, Optimiser):
        raise TypeError("the model's optimiser is no row of the optimisers")
    return model.optimizer
