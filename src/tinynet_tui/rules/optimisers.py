"""The optimisers: a row for each, with its formulas, its words and how frameworks spell it.

To add one, write a function that makes its row, here or in `adaptive_optimisers`, and put it into `_MAKERS`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from tinynet_tui.engine.expressions import ONE, Expr, Name, add, multiply, subtract
from tinynet_tui.engine.model import Model
from tinynet_tui.rules.adaptive_optimisers import adagrad, adam, adamw, rmsprop
from tinynet_tui.rules.hyperparameters import Hyperparameter
from tinynet_tui.rules.optimiser_rows import USUAL, Call, Optimiser, State, Variation, WrittenOut

GRADIENT_DESCENT = Optimiser(
    name="gradient_descent",
    noun="Gradient descent",
    title="gradient descent",
    hyperparameters=(),
    varies_by=(),
    states=(),
    direction_formula=lambda gradient, _states, _parameter: gradient,
    subtracted="gradient",
    goes_on_alone=False,
    pytorch=Call("SGD({parameters}, lr={eta})", ()),
    keras=Call("keras.optimizers.SGD(learning_rate={eta})", ()),
)

_MU = Hyperparameter("momentum", "mu", 0.9, "from 0 to below 1", "momentum", "")
_ROUNDED = ("# As a float of Python alone, momentum would be rounded to 32 bits.",)


def _velocity(variation: Variation) -> State:
    """What remembers the gradients: their sum, each older one worth less, or their average."""
    is_average = variation.momentum_form == "average"
    return State(
        letter="v",
        formula=lambda velocity, gradient: add(
            multiply(Name("mu"), velocity),
            multiply(subtract(ONE, Name("mu")), gradient) if is_average else gradient,
        ),
        title="the velocity of {parameter}",
        sentence=(
            "Momentum as an average: a part μ of the velocity stays, and 1 − μ of the new gradient is added."
            if is_average
            else "Momentum: a part μ of the velocity stays, and the new gradient is added."
        ),
        is_of_squares=False,
        pytorch="momentum_buffer",
        is_velocity=True,
    )


def _momentum(variation: Variation) -> Optimiser:
    is_average = variation.momentum_form == "average"
    return Optimiser(
        name="momentum",
        noun="Momentum",
        title=f"gradient descent with momentum{' as an average' if is_average else ''}",
        hyperparameters=(_MU,),
        varies_by=("momentum_form",),
        states=(_velocity(variation),),
        direction_formula=lambda _gradient, states, _parameter: states[0],
        subtracted="velocity",
        goes_on_alone=True,
        pytorch=WrittenOut(
            "as dampening leaves its first gradient whole",
            "SGD's dampening would leave the first gradient whole, and the average would not start at 0.",
        )
        if is_average
        else Call("SGD({parameters}, lr={eta}, momentum={mu})", ()),
        keras=WrittenOut("as it has no average", "keras.optimizers.SGD has no momentum as an average.")
        if is_average
        else Call("keras.optimizers.SGD(learning_rate={eta}, momentum=np.float64({mu}))", _ROUNDED),
    )


def _nesterov(variation: Variation) -> Optimiser:
    """Nesterov's momentum as PyTorch has it: the step looks ahead along the new velocity."""
    is_average = variation.momentum_form == "average"

    def ahead(gradient: Expr, states: tuple[Expr, ...], _parameter: Expr) -> Expr:
        own = multiply(subtract(ONE, Name("mu")), gradient) if is_average else gradient
        return add(own, multiply(Name("mu"), states[0]))

    return Optimiser(
        name="nesterov",
        noun="Nesterov's momentum",
        title=f"gradient descent with Nesterov's momentum{' as an average' if is_average else ''}",
        hyperparameters=(_MU,),
        varies_by=("momentum_form",),
        states=(_velocity(variation),),
        direction_formula=ahead,
        subtracted="velocity, seen one step ahead,",
        goes_on_alone=True,
        pytorch=WrittenOut("as it has no average", "SGD's nesterov allows no dampening: it has no average.")
        if is_average
        else Call("SGD({parameters}, lr={eta}, momentum={mu}, nesterov=True)", ()),
        keras=WrittenOut("as it has no average", "keras.optimizers.SGD has no momentum as an average.")
        if is_average
        else Call(
            "keras.optimizers.SGD(learning_rate={eta}, momentum=np.float64({mu}), nesterov=True)", _ROUNDED
        ),
    )


_MAKERS: tuple[Callable[[Variation], Optimiser], ...] = (
    lambda _variation: GRADIENT_DESCENT,
    *(_momentum, adam, rmsprop, _nesterov, adagrad, adamw),
)
_ROWS = {make(USUAL).name: make for make in _MAKERS}


@lru_cache(maxsize=64)
def optimiser(name: str, variation: Variation = USUAL) -> Optimiser:
    """The optimiser of a name, in one of its forms.

    Raises: KeyError where there is none.
    """
    return _ROWS[name](variation)


OPTIMISERS = {name: optimiser(name) for name in _ROWS}
"""Every optimiser in its usual form, by its name in a lesson's file."""


def optimiser_of(model: Model) -> Optimiser:
    """The optimiser that a model is trained by.

    Raises: TypeError where it is none of these rows.
    """
    if not isinstance(model.optimiser, Optimiser):
        raise TypeError("the model's optimiser is no row of the optimisers")
    return model.optimiser
