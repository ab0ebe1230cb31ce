"""The optimisers that divide a step by the size of the gradients so far: Adam, AdamW, RMSprop, AdaGrad."""

from __future__ import annotations

from collections.abc import Callable

from tinynet_tui.engine.expressions import ONE, Expr, Name, add, apply, divide, multiply, subtract
from tinynet_tui.rules.hyperparameters import Hyperparameter
from tinynet_tui.rules.optimiser_rows import Call, Optimiser, State, Variation, WrittenOut

_EPSILON = Hyperparameter("epsilon", "epsilon", 1e-8, "above 0", "so that nothing is divided by 0", "")


def _running_mean(beta: str, new: Callable[[Expr], Expr]) -> Callable[[Expr, Expr], Expr]:
    """An exponential mean: β · mean + (1 − β) · new (Kingma and Ba 2015, algorithm 1)."""
    share = Name(beta)
    return lambda mean, gradient: add(multiply(share, mean), multiply(subtract(ONE, share), new(gradient)))


def _square(gradient: Expr) -> Expr:
    return apply("square", gradient)


def _scale(mean_square: Expr, variation: Variation) -> Expr:
    """What a step is divided by: √s + ε, or with ε inside √(s + ε)."""
    epsilon = Name("epsilon")
    if variation.epsilon_inside:
        return apply("root", add(mean_square, epsilon))
    return add(apply("root", mean_square), epsilon)


def _inside(variation: Variation) -> str:
    return ", ε inside the root" if variation.epsilon_inside else ""


def _outside_only(name: str) -> WrittenOut:
    """Why PyTorch's own cannot have ε inside the root."""
    return WrittenOut(
        f"as its {name} has ε outside the root", f"torch.optim.{name} has eps outside the root."
    )


def _corrected(mean: Expr, beta: str, variation: Variation) -> Expr:
    """A mean that started at 0, corrected for that: mean / (1 − βᵗ)."""
    count: Expr = add(Name("t"), Name("t0")) if variation.counts_on else Name("t")
    return divide(mean, subtract(ONE, apply("power", Name(beta), count)))


def _adam_direction(states: tuple[Expr, ...], variation: Variation) -> Expr:
    """The corrected means: m / (√v + ε)."""
    first, second = states
    scale = _scale(_corrected(second, "beta2", variation), variation)
    return divide(_corrected(first, "beta1", variation), scale)


_BETAS = (
    Hyperparameter("beta1", "beta1", 0.9, "from 0 to below 1", "Adam's, for the mean of the gradients", ""),
    Hyperparameter("beta2", "beta2", 0.999, "from 0 to below 1", "Adam's, for the mean of their squares", ""),
)
_MEANS = (
    State(
        letter="m",
        formula=_running_mean("beta1", lambda gradient: gradient),
        title="the mean gradient of {parameter} so far",
        sentence="Adam keeps a running mean of the gradients: the direction.",
        is_of_squares=False,
        pytorch="exp_avg",
        is_velocity=False,
    ),
    State(
        letter="v",
        formula=_running_mean("beta2", _square),
        title="the mean squared gradient of {parameter}",
        sentence="Adam keeps a running mean of the squared gradients: the scale of the step.",
        is_of_squares=True,
        pytorch="exp_avg_sq",
        is_velocity=False,
    ),
)
_KERAS_ADAM = "keras.optimizers.{} adds epsilon before it corrects the mean of squares."


def adam(variation: Variation) -> Optimiser:
    """Adam (Kingma and Ba 2015)."""
    return Optimiser(
        name="adam",
        noun="Adam",
        title=f"Adam{_inside(variation)}",
        hyperparameters=(*_BETAS, _EPSILON),
        varies_by=("epsilon_inside",),
        states=_MEANS,
        direction_formula=lambda _gradient, states, _parameter: _adam_direction(states, variation),
        subtracted="scaled mean gradient",
        goes_on_alone=True,
        pytorch=_outside_only("Adam")
        if variation.epsilon_inside
        else Call("Adam({parameters}, lr={eta}, betas=({beta1}, {beta2}), eps={epsilon})", ()),
        keras=WrittenOut("as its Adam has ε in another place", _KERAS_ADAM.format("Adam")),
    )


def adamw(variation: Variation) -> Optimiser:
    """Adam with the decay of the parameters apart from the gradient (Loshchilov and Hutter 2019)."""
    decay = Name("omega")
    return Optimiser(
        name="adamw",
        noun="AdamW",
        title=f"AdamW{_inside(variation)}",
        hyperparameters=(
            *_BETAS,
            _EPSILON,
            Hyperparameter(
                "weight_decay",
                "omega",
                0.01,
                "0 or above",
                "AdamW's, how fast parameters decay",
                "how fast parameters decay",
            ),
        ),
        varies_by=("epsilon_inside",),
        states=_MEANS,
        direction_formula=lambda _gradient, states, parameter: add(
            _adam_direction(states, variation), multiply(decay, parameter)
        ),
        subtracted="sum of the scaled mean gradient and a part ω of the parameter",
        goes_on_alone=True,
        pytorch=_outside_only("AdamW")
        if variation.epsilon_inside
        else Call(
            "AdamW({parameters}, lr={eta}, betas=({beta1}, {beta2}), eps={epsilon}, weight_decay={omega})", ()
        ),
        keras=WrittenOut("as its AdamW has ε in another place", _KERAS_ADAM.format("AdamW")),
    )


def rmsprop(variation: Variation) -> Optimiser:
    """RMSprop (Hinton 2012)."""
    return Optimiser(
        name="rmsprop",
        noun="RMSprop",
        title=f"RMSprop{_inside(variation)}",
        hyperparameters=(
            Hyperparameter(
                "rho", "rho", 0.9, "from 0 to below 1", "RMSprop's, for the mean of the squared gradients", ""
            ),
            _EPSILON,
        ),
        varies_by=("epsilon_inside",),
        states=(
            State(
                letter="s",
                formula=_running_mean("rho", _square),
                title="the mean squared gradient of {parameter}",
                sentence="RMSprop keeps a running mean of the squared gradients: the scale of the step.",
                is_of_squares=True,
                pytorch="square_avg",
                is_velocity=False,
            ),
        ),
        direction_formula=lambda gradient, states, _parameter: divide(gradient, _scale(states[0], variation)),
        subtracted="scaled gradient",
        goes_on_alone=False,
        pytorch=_outside_only("RMSprop")
        if variation.epsilon_inside
        else Call("RMSprop({parameters}, lr={eta}, alpha={rho}, eps={epsilon})", ()),
        keras=Call(
            "keras.optimizers.RMSprop("
            "learning_rate={eta}, rho=np.float64({rho}), epsilon=np.float64({epsilon}))",
            (),
        )
        if variation.epsilon_inside
        else WrittenOut(
            "as its RMSprop has ε inside the root", "keras.optimizers.RMSprop has epsilon inside the root."
        ),
    )


def adagrad(variation: Variation) -> Optimiser:
    """AdaGrad (Duchi, Hazan and Singer 2011)."""
    return Optimiser(
        name="adagrad",
        noun="AdaGrad",
        title=f"AdaGrad{_inside(variation)}",
        hyperparameters=(_EPSILON,),
        varies_by=("epsilon_inside",),
        states=(
            State(
                letter="s",
                formula=lambda total, gradient: add(total, _square(gradient)),
                title="the squared gradients of {parameter} so far",
                sentence="AdaGrad adds up all squared gradients: the more there was, the shorter the step.",
                is_of_squares=True,
                pytorch="sum",
                is_velocity=False,
            ),
        ),
        direction_formula=lambda gradient, states, _parameter: divide(gradient, _scale(states[0], variation)),
        subtracted="scaled gradient",
        goes_on_alone=False,
        pytorch=_outside_only("Adagrad")
        if variation.epsilon_inside
        else Call("Adagrad({parameters}, lr={eta}, eps={epsilon})", ()),
        keras=Call(
            "keras.optimizers.Adagrad("
            "learning_rate={eta}, initial_accumulator_value=0.0, epsilon=np.float64({epsilon}))",
            (),
        )
        if variation.epsilon_inside
        else WrittenOut(
            "as its Adagrad has ε inside the root", "keras.optimizers.Adagrad has epsilon inside the root."
        ),
    )
