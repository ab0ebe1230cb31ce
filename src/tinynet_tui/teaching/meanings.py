"""What each entry of the glossary means here and now: a sentence with a number of the moment in it.

One that does not fit the moment's model is empty.
"""

from __future__ import annotations

from typing import NamedTuple

from tinynet_tui.engine.names import symbol
from tinynet_tui.networks.dense import Network
from tinynet_tui.rules.activations import Activated, activated_in
from tinynet_tui.rules.losses import compared_pairs
from tinynet_tui.rules.optimisers import optimiser_of
from tinynet_tui.rules.softmax import softmaxes_in
from tinynet_tui.session.moment import Moment
from tinynet_tui.teaching.chain import chain, counted, path_count, products
from tinynet_tui.teaching.forward import is_weighted_sum
from tinynet_tui.teaching.nudge import nudge
from tinynet_tui.teaching.numbers import difference, shown, sign_and_number

_MOST_DIGITS = 8


class Here(NamedTuple):
    """A moment as the entries see it: a parameter, what reads it, an activation, a prediction."""

    moment: Moment
    parameter: str
    """The selected one, or else the first."""
    reader: str
    """The quantity that reads it, by name; the loss, where that alone does."""
    activated: Activated | None
    """The activation that the reader goes into, or else the first there is."""

    def is_(self, name: str) -> str:
        """A quantity with its value: w₁ = 1; or that it is not known yet."""
        number = self.moment.value(name)
        return f"{symbol(name)} {self.equals(number)}"

    def equals(self, number: float | None) -> str:
        """A number after its name: = 1, or that it is not known yet."""
        digits = min(self.moment.session.digits, _MOST_DIGITS)
        return "is not known yet" if number is None else sign_and_number(number, digits)

    def made(self, found: Activated) -> str:
        """What an activation function makes of its sum, in a sentence's end: of z₁ = 3 it makes h₁ = 3."""
        z, output = symbol(found.z), symbol(found.name)
        if self.moment.value(found.name) is None:
            return f"it makes {output} of {z}, but {self.is_(found.name)}."
        return f"of {self.is_(found.z)} it makes {self.is_(found.name)}."

    def both(self, found: Activated) -> str:
        """A sum and what an activation function makes of it: z₁ = 3 and h₁ = 3."""
        if self.moment.value(found.name) is not None:
            return f"{self.is_(found.z)} and {self.is_(found.name)}"
        is_open = self.moment.value(found.z) is None
        z, are = (symbol(found.z), "are") if is_open else (self.is_(found.z), "is")
        return f"{z} and {symbol(found.name)}, which {are} not known yet"

    def number(self, number: float) -> str:
        """A number as it stands in a sentence."""
        return shown(number, min(self.moment.session.digits, _MOST_DIGITS))

    @property
    def is_of_neurons(self) -> bool:
        """Whether the model is a network of layers, and not of formulas of any kind."""
        return isinstance(self.moment.model.source, Network)

    @property
    def has_data(self) -> bool:
        """Whether there are inputs or targets; a loss may be a function of its parameters alone."""
        return bool(self.moment.model.inputs or self.moment.model.targets)

    def weighted(self, z: str) -> bool:
        """Whether a quantity is a sum of numbers times parameters."""
        model = self.moment.model
        expression = next(each.expression for each in model.forward.assignments if each.name == z)
        return is_weighted_sum(expression, model.parameter_names)

    @property
    def first_gate(self) -> Activated | None:
        """The first ReLU there is."""
        return next((each for each in activated_in(self.moment.model) if each.function.is_gate), None)

    @property
    def gradient(self) -> str:
        """The name of the parameter's gradient."""
        return f"dL/d{self.parameter}"

    @property
    def local(self) -> str:
        """The name of the local derivative of what reads the parameter."""
        return f"d{self.reader}/d{self.parameter}" if self.reader != "L" else self.gradient


def here_at(moment: Moment) -> Here:
    """A moment as the entries see it."""
    names, selected = moment.model.parameter_names, moment.session.selected
    parameter = selected if selected in names else names[0]
    found = products(moment.program, f"dL/d{parameter}")
    reader = found[0][0].removeprefix("dL/d") if found else "L"
    activations = activated_in(moment.model)
    activated = next((each for each in activations if each.z == reader), next(iter(activations), None))
    return Here(moment, parameter, reader, activated)


def parameter_means(here: Here) -> str:
    """A number that training changes."""
    count = len(here.moment.model.parameter_names)
    return f"A number that training changes: here are {count:,}, and {here.is_(here.parameter)}."


def weight_means(here: Here) -> str:
    """What an input is multiplied by."""
    names = [p.name for p in here.moment.model.parameters if p.of.kind == "weight"]
    return f"The number that an input is multiplied by on its way: {here.is_(names[0])}." if names else ""


def bias_means(here: Here) -> str:
    """What is added to a sum."""
    names = [p.name for p in here.moment.model.parameters if p.of.kind == "bias"]
    return (
        f"The number that is added to a sum, whatever the inputs are: {here.is_(names[0])}." if names else ""
    )


def input_means(here: Here) -> str:
    """What is given."""
    names = here.moment.model.inputs
    to = " to the network" * here.is_of_neurons
    return f"What is given{to} and not learned: {here.is_(names[0])}." if names else ""


def target_means(here: Here) -> str:
    """What the prediction should be."""
    names = here.moment.model.targets
    is_goal = bool(compared_pairs(here.moment.model))
    what = "What the prediction should be" if is_goal else "What is given to the loss alone"
    return f"{what}: {here.is_(names[0])}." if names else ""


def prediction_means(here: Here) -> str:
    """What the network says."""
    name = next((name for name in here.moment.model.predictions if name.startswith("yhat")), None)
    who = "the network says" if here.is_of_neurons else "the formulas come to"
    return f"What {who}, the output, said y hat: {here.is_(name)}." if name else ""


def neuron_means(here: Here) -> str:
    """A sum and a function of it."""
    weighted = "A sum of inputs times weights" if here.is_of_neurons else "A sum of numbers times parameters"
    if here.activated is None:
        found = next((at for at in softmaxes_in(here.moment.model) if here.weighted(at.sums[0])), None)
        sums = f"{weighted}, and what is made of it"
        return f"{sums}: {here.is_(found.sums[0])}, {here.is_(found.outputs[0])}." if found else ""
    if not here.weighted(here.activated.z):
        return ""
    title = here.moment.block_title(here.activated.block)
    return f"{weighted}, and a function of that sum: {title} has {here.both(here.activated)}."


def sum_means(here: Here) -> str:
    """What goes into the activation function."""
    sum_, found = "The weighted sum of a neuron" if here.is_of_neurons else "The number", here.activated
    if found is not None:
        return f"{sum_}, before the activation function: {here.is_(found.z)}."
    softmax = next(iter(softmaxes_in(here.moment.model)), None)
    return f"{sum_}, before softmax: {here.is_(softmax.sums[0])}." if softmax else ""


def activation_means(here: Here) -> str:
    """What comes out of it."""
    found = here.activated
    if found is None:
        return ""
    hands_on = " the sum z, and the neuron hands on" if here.is_of_neurons else f" {symbol(found.z)}"
    return f"What the activation function makes of{hands_on}: {here.is_(found.name)}."


def function_means(here: Here) -> str:
    """What bends the sum."""
    found = here.activated
    if found is None:
        return ""
    function = found.function.noun
    return f"What bends the sum, here {function}: {here.made(found)}"


def relu_means(here: Here) -> str:
    """The function that shuts."""
    found = here.first_gate
    if found is None:
        return ""
    return f"A function: a sum above 0 stays as it is, any other becomes 0. See {here.both(found)}."


def sigmoid_means(here: Here) -> str:
    """The function between 0 and 1."""
    activations = activated_in(here.moment.model)
    found = next((each for each in activations if each.function.name == "sigmoid"), None)
    if found is None:
        return ""
    return f"1 / (1 + e⁻ᶻ), always between 0 and 1: {here.made(found)}"


def gate_means(here: Here) -> str:
    """A ReLU on the way back."""
    found = here.first_gate
    if found is None:
        return ""
    return (
        "A ReLU as the way back meets it: open, with slope 1, for a sum above 0; else shut, with slope 0. "
        f"Here {here.is_(f'd{found.name}/d{found.z}')}."
    )


def dead_means(here: Here) -> str:
    """A ReLU that is shut."""
    sums = [each.z for each in activated_in(here.moment.model) if each.function.is_gate]
    if not sums:
        return ""
    known = None not in map(here.moment.value, sums)
    dead = sum(here.moment.dead(z) is not None for z in sums)
    now = f"{dead} of {len(sums)} here" if known else "which are, is not known yet"
    return f"A ReLU whose sum is not above 0: nothing gets through it, forward or back; {now}."


def loss_means(here: Here) -> str:
    """What training makes smaller."""
    off = ": how far the prediction is from the target" if compared_pairs(here.moment.model) else ""
    return f"The number that training makes smaller{off}. {here.is_('L')}."


def error_means(here: Here) -> str:
    """ŷ − y alone."""
    if not compared_pairs(here.moment.model):
        return ""
    prediction, target = map(here.moment.value, compared_pairs(here.moment.model)[0])
    if prediction is None or target is None:
        return "ŷ − y, and nothing else: it is not known yet."
    sign = "=" if here.number(prediction - target) == here.number(difference(prediction, target)) else "≈"
    text = here.number(difference(prediction, target))
    return (
        f"ŷ − y, prediction minus target, and nothing else: "
        f"{here.number(prediction)} − {_bracketed(here.number(target))} {sign} {text}."
    )


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith("−") else text


def nudge_means(here: Here) -> str:
    """A small change."""
    if here.moment.value("L") is None or here.moment.value(here.gradient) is None:
        return "A small change of one number, to see what comes of it: by 0.01, say."
    found = nudge(here.moment, here.parameter, of_batch=False)
    return (
        f"A small change of one number, to see what comes of it: {found.name} changed by "
        f"{here.number(found.by)} changes L by {here.number(found.change)}."
    )


def derivative_means(here: Here) -> str:
    """How many times as much."""
    return (
        "∂u/∂v, read d u by d v: how many times as much u changes as v, for a tiny change of v alone. "
        f"{here.is_(here.local)}."
    )


def slope_means(here: Here) -> str:
    """How steep."""
    meaning, found = "How steep a curve is at a point: the derivative there", here.activated
    if found is None or here.moment.value(found.z) is None:
        return f"{meaning}; that of 2 · x is 2 everywhere."
    return f"{meaning}. At {here.is_(found.z)}, {here.is_(f'd{found.name}/d{found.z}')}."


def gradient_means(here: Here) -> str:
    """The derivative of the loss."""
    return (
        "How many times as much the loss changes as one number does, for a tiny change: "
        f"{here.is_(here.gradient)}. Above 0: a larger number means a larger loss."
    )


def numerical_means(here: Here) -> str:
    """A gradient that is found by trying."""
    return (
        "A gradient without the chain rule: L with a number a little larger, minus L with it a little "
        "smaller, divided by the difference of the two numbers. It shows whether the chain rule was done "
        f"right. By the chain rule {here.is_(here.gradient)}."
    )


def local_means(here: Here) -> str:
    """The derivative of one step."""
    return f"The derivative of one step by what it reads, nothing in between: {here.is_(here.local)}."


def chain_rule_means(here: Here) -> str:
    """Changes multiply."""
    found = chain(here.moment, here.gradient)
    path = found.paths[0]
    if path.came is None or found.count > 1 or len(path.factors) == 1:
        return (
            "Changes along a way multiply: if h moves 3 times as much as w, and L 2 times as much as h, "
            "L moves 3 · 2 = 6 times as much as w."
        )
    return (
        f"Changes along a way multiply, so a gradient is a product: "
        f"{symbol(here.gradient)} {path.reads} {' · '.join(path.numbers)} {path.came.sign} {path.came.value}."
    )


def factor_means(here: Here) -> str:
    """A part of a product."""
    factors = chain(here.moment, here.gradient).paths[0].factors
    example = f"that of {symbol(here.parameter)} has {len(factors)}, the first {here.is_(factors[0])}"
    return f"A number that is multiplied in a product: {example}."


def path_means(here: Here) -> str:
    """One way to the loss."""
    count = path_count(here.moment.program, here.gradient)
    paths = (
        "1 leads, so the gradient is 1 product"
        if count == 1
        else f"{counted(count)} lead, so the gradient is a sum of as many products"
    )
    return (
        "One way from a number to the loss, step by step; what each step passes on is multiplied. "
        f"Where several paths lead, their products are added: from {symbol(here.parameter)} {paths}."
    )


def delta_means(here: Here) -> str:
    """The name of other books."""
    found = here.activated
    if found is None:
        return ""
    at = "the gradient at the sum of a neuron" if here.is_of_neurons else "the gradient before a function"
    return f"What many books call ∂L/∂z, {at}: {here.is_(f'dL/d{found.z}')}."


def layer_means(here: Here) -> str:
    """Neurons side by side."""
    if not here.is_of_neurons:
        return ""
    levels = len(here.moment.model.forward.levels)
    return f"Neurons side by side, which do not read each other: {levels} here, after the inputs."


def diverged_means(here: Here) -> str:
    """Numbers without bounds."""
    rate = here.number(here.moment.setup.hyperparameters.learning_rate)
    return (
        "Numbers that grow without end: inf is too large for the 64 bits of a number, nan is no number. "
        f"A smaller η helps; here it is {rate}."
    )


def forward_means(here: Here) -> str:
    """From the inputs on."""
    steps = len(here.moment.model.forward.assignments)
    start, each = ("the inputs", ", for each sample") if here.moment.model.inputs else ("what is given", "")
    return f"From {start} to the loss, step by step: {steps} steps, and the loss{each}."


def backward_means(here: Here) -> str:
    """From the loss back."""
    count = len(here.moment.model.parameter_names)
    return (
        "Backpropagation: from the loss back, each derivative is worked out once, "
        f"and all {count:,} gradients come of it. Nothing changes yet."
    )


def rate_means(here: Here) -> str:
    """How long a step is."""
    rate = here.moment.setup.hyperparameters.learning_rate
    return f"How long a step is: a parameter moves by this times its gradient. Now η = {here.number(rate)}."


def descent_means(here: Here) -> str:
    """Steps against the gradient."""
    old = here.moment.given[here.parameter]
    return (
        "Gradient descent: every parameter takes a step against its gradient, so that the loss falls; "
        f"before this update {symbol(here.parameter)} {here.equals(old)}."
    )


def update_means(here: Here) -> str:
    """One round of training."""
    return (
        "Forward, loss, backward, and then new values for all parameters, all from the old ones. "
        f"This is update {here.moment.session.update:,}."
    )


def sample_means(here: Here) -> str:
    """One row of data."""
    if not here.has_data:
        return ""
    count = len(here.moment.setup.inputs)
    targets = " with its targets" * bool(here.moment.model.targets)
    return f"One row of inputs{targets}; here {'is 1' if count == 1 else f'are {count:,}'}."


def batch_means(here: Here) -> str:
    """What shares an update."""
    if not here.has_data:
        return ""
    count = len(here.moment.program.samples)
    return f"The samples that share one update: {count:,} in this one."


def epoch_means(here: Here) -> str:
    """All samples once."""
    if not here.has_data:
        return ""
    setup = here.moment.setup
    count = -(-len(setup.inputs) // setup.batch)
    return f"As many updates as it takes to use every sample once: here {count:,}."


def norm_means(here: Here) -> str:
    """What the gradients say of the whole update."""
    if not optimiser_of(here.moment.model).is_plain:
        return ""
    trace = here.moment.trace
    if here.moment.phase != "check":
        return (
            "‖∇L‖² is the sum of all squared gradients. −η‖∇L‖² would be the change of L if no slope changed."
        )
    return (
        "‖∇L‖² is the sum of all squared gradients. If no slope changed on the way, L would change by "
        f"−η‖∇L‖² {here.equals(trace.promised)}."
    )


def frozen_means(here: Here) -> str:
    """What no update changes."""
    model = here.moment.model
    count = len(model.parameters) - len(model.trained_parameters)
    return (
        f"A parameter that no update changes: {count:,} of {len(model.parameters):,} here." if count else ""
    )


def penalty_means(here: Here) -> str:
    """What keeps weights small."""
    if "L2" not in here.moment.model.penalties:
        return ""
    rate = here.number(here.moment.setup.hyperparameters.l2)
    return f"Half of λ times each squared weight, added to the loss, so that weights stay small: λ = {rate}."
