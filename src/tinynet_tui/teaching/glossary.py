"""The glossary: what a word or a sign means, in one sentence, with a number of the moment in it.

Every word of the app that school algebra does not have is here; a test keeps it so.
"""

from typing import NamedTuple

from tinynet_tui.engine.expression_reading import letters, terms_of
from tinynet_tui.engine.expressions import Apply, Expr, Name, names_in
from tinynet_tui.engine.model import Model
from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.operations import OPERATIONS
from tinynet_tui.networks.dense import Network, activation_name, dense_network, neuron_title, parameters_of
from tinynet_tui.rules.activations import Activated, activated_in
from tinynet_tui.rules.bent_activations import LINEAR, RELU
from tinynet_tui.rules.distance_losses import MEAN_SQUARED_ERROR
from tinynet_tui.rules.losses import compared_pairs, loss_of
from tinynet_tui.rules.optimisers import optimiser_of
from tinynet_tui.rules.smooth_activations import GELU, SIGMOID, TANH
from tinynet_tui.rules.softmax import SOFTMAX, softmaxes_in
from tinynet_tui.session.commands import key_of
from tinynet_tui.session.moment import Moment
from tinynet_tui.teaching.chain import chain, counted, path_count, products
from tinynet_tui.teaching.forward import is_weighted_sum
from tinynet_tui.teaching.nudge import seen_nudge
from tinynet_tui.teaching.numbers import MOST_IN_SENTENCES, difference, shown, sign_and_number


class GlossaryEntry(NamedTuple):
    """One entry, as it is shown and found."""

    signs: str
    """The signs of it, or what it is called elsewhere; both are found."""
    word: str
    meaning: str
    """What it is, and what it is here and now."""


class _Here(NamedTuple):
    """A moment as the entries see it: a parameter, what reads it, an activation."""

    moment: Moment
    parameter: str
    """The selected one, or else the first."""
    reader: str
    """The quantity that reads it, by name; the loss, where that alone does."""
    activated: Activated | None
    """The activation that the reader goes into, or else the first there is."""

    def is_(self, name: str) -> str:
        """A quantity with its value: w₁ = 1; or that it is not known yet."""
        return f"{symbol(name)} {self.equals(self.moment.value(name))}"

    def equals(self, number: float | None) -> str:
        """A number after its name: = 1, or that it is not known yet."""
        digits = min(self.moment.session.digits, MOST_IN_SENTENCES)
        return "is not known yet" if number is None else sign_and_number(number, digits)

    def number(self, number: float) -> str:
        """A number as it stands in a sentence."""
        return shown(number, min(self.moment.session.digits, MOST_IN_SENTENCES))

    def is_of(self, function: str, name: str) -> str:
        """What a function makes of a quantity, in a sentence: Of w₁ = −1 it is 0.3679."""
        known = self.moment.value(name)
        if known is None:
            return f"{self.is_(name)}."
        return f"Of {self.is_(name)} it is {self.number(OPERATIONS[function].value(known))}."

    def made(self, found: Activated) -> str:
        """What an activation function makes of its sum, in a sentence's end: of z₁ = 3 it makes h₁ = 3."""
        if self.moment.value(found.name) is None:
            return f"it makes {symbol(found.name)} of {symbol(found.z)}, but {self.is_(found.name)}."
        return f"of {self.is_(found.z)} it makes {self.is_(found.name)}."

    def both(self, found: Activated) -> str:
        """A sum and what an activation function makes of it: z₁ = 3 and h₁ = 3."""
        if self.moment.value(found.name) is not None:
            return f"{self.is_(found.z)} and {self.is_(found.name)}"
        is_open = self.moment.value(found.z) is None
        z, are = (symbol(found.z), "are") if is_open else (self.is_(found.z), "is")
        return f"{z} and {symbol(found.name)}, which {are} not known yet"

    @property
    def model(self) -> Model:
        """What is trained."""
        return self.moment.model

    @property
    def gradient(self) -> str:
        """The name of the parameter's gradient."""
        return f"dL/d{self.parameter}"

    @property
    def local(self) -> str:
        """The name of the derivative of what reads the parameter."""
        return f"d{self.reader}/d{self.parameter}" if self.reader != "L" else self.gradient

    @property
    def rate(self) -> str:
        """The learning rate."""
        return self.number(self.moment.setup.hyperparameters.learning_rate)

    @property
    def formulas(self) -> tuple[str, ...]:
        """All that is worked out forward, in letters."""
        forward = self.model.forward
        return tuple(map(letters, (*(each.expression for each in forward.assignments), forward.loss)))

    @property
    def weighted_sum(self) -> str:
        """What a neuron begins with."""
        return (
            "A sum of inputs times weights"
            if self.model.is_of_neurons
            else "A sum of numbers times parameters"
        )

    @property
    def before(self) -> str:
        """What goes into an activation function."""
        return "The weighted sum of a neuron" if self.model.is_of_neurons else "The number"

    def weighted(self, z: str) -> bool:
        """Whether a quantity is a sum of numbers times parameters."""
        expression = next(each.expression for each in self.model.forward.assignments if each.name == z)
        return is_weighted_sum(expression, self.model.parameter_names)


def glossary(moment: Moment) -> tuple[GlossaryEntry, ...]:
    """Every entry that a moment's model has a use for: those of all, then those of its own rules."""
    names, selected = moment.model.parameter_names, moment.session.selected
    parameter = selected if selected in names else names[0]
    found = products(moment.program, f"dL/d{parameter}")
    reader = found[0][0].removeprefix("dL/d") if found else "L"
    activations = activated_in(moment.model)
    activated = next((each for each in activations if each.z == reader), next(iter(activations), None))
    here = _Here(moment, parameter, reader, activated)
    said = _Meanings()
    for subject in _SUBJECTS:
        subject(here, said)
    return tuple(GlossaryEntry(signs, word, meaning) for (word, signs), meaning in said.items())


_Meanings = dict[tuple[str, str], str]
"""What each (word, signs) means."""


# Derivatives and paths


def _derivatives(here: _Here, said: _Meanings) -> None:
    said["derivative", "∂ d"] = (
        "∂u/∂v, read d u by d v: how many times as much u changes as v, for a tiny change of v alone. "
        f"{here.is_(here.local)}."
    )
    said["gradient", "∂L/∂w"] = (
        "How many times as much the loss changes as one number does, for a tiny change: "
        f"{here.is_(here.gradient)}. Above 0: a larger number means a larger loss."
    )
    said["numerical gradient", ""] = (
        "A gradient without the chain rule: L with a number a little larger, minus L with it a little "
        "smaller, divided by the difference of the two numbers. It shows whether the chain rule was done "
        f"right. By the chain rule {here.is_(here.gradient)}."
    )


def _products(here: _Here, said: _Meanings) -> None:
    found = chain(here.moment, here.gradient)
    path = found.paths[0]
    if path.came is None or found.count > 1 or len(path.factors) == 1:
        rule = (
            "Changes along a path multiply: if h moves 3 times as much as w, and L 2 times as much as h, "
            "L moves 3 · 2 = 6 times as much as w."
        )
    else:
        rule = (
            f"Changes along a path multiply, so a gradient is a product: {symbol(here.gradient)} "
            f"{path.reads} {' · '.join(path.numbers)} {path.came.sign} {path.came.value}."
        )
    said["chain rule", "·"] = rule
    said["factor", ""] = (
        f"A number that is multiplied in a product: that of {symbol(here.parameter)} has "
        f"{len(path.factors)}, the first {here.is_(path.factors[0])}."
    )


def _paths(here: _Here, said: _Meanings) -> None:
    count = path_count(here.moment.program, here.gradient)
    ways = (
        "1 leads, so the gradient is 1 product"
        if count == 1
        else f"{counted(count)} lead, so the gradient is a sum of as many products"
    )
    said["path", ""] = (
        "One way from a number to the loss, step by step; what each step passes on is multiplied. "
        f"Where several paths lead, their products are added: from {symbol(here.parameter)} {ways}."
    )


def _slopes(here: _Here, said: _Meanings) -> None:
    said["local derivative", ""] = (
        f"The derivative of one step by what it reads, nothing in between: {here.is_(here.local)}."
    )
    steep, at = "How steep a curve is at a point: the derivative there", here.activated
    if at is None:
        now = f"{here.is_(here.local)}."
    else:
        where = "" if here.moment.value(at.z) is None else f"At {here.is_(at.z)}, "
        stroke = f"{at.function.title}′ means the slope of {at.function.noun}."
        now = f"{where}{here.is_(f'd{at.name}/d{at.z}')}. {stroke}"
    said["slope", "′ prime"] = f"{steep}. {now}"


def _nudges(here: _Here, said: _Meanings) -> None:
    small = "A small change of one number, to see what comes of it"
    if here.moment.value("L") is None or here.moment.value(here.gradient) is None:
        said["nudge", ""] = f"{small}: by 0.01, say."
        return
    nudged = seen_nudge(here.moment, here.parameter, of_batch=False)
    by, change = here.number(nudged.by), here.number(nudged.change)
    said["nudge", ""] = (
        f"{small}: {nudged.name} changed by {by} changes L by {change}. “Gradient says” is the "
        "gradient times that change."
    )


def _slopes_of_softmax(here: _Here, said: _Meanings) -> None:
    for softmax in softmaxes_in(here.model)[:1]:
        share = " / ".join(map(symbol, (softmax.exponentials[0], softmax.total)))
        said["quotient rule", "u / v"] = (
            "How u / v changes: 1 / v times as much as u, and −u / v² times as much as v, as a larger v "
            f"makes it smaller. At u = 6 and v = 2: 0.5 and −1.5. Such as {share} here: "
            f"{here.is_(softmax.total)}."
        )
        said["off-diagonal", ""] = (
            "How the z of one share changes the other shares, which is often forgotten: a larger z makes "
            f"all of these smaller. Now {here.is_(softmax.outputs[0])}."
        )


def _learning_rate(here: _Here, said: _Meanings) -> None:
    said["learning rate", "η eta"] = (
        f"How long a step is: a parameter moves by this times its gradient. Now η = {here.rate}."
    )


# Losses


def _errors(here: _Here, said: _Meanings) -> None:
    for output, target in compared_pairs(here.model)[:1]:
        prediction, goal = here.moment.value(output), here.moment.value(target)
        said["error", "ŷ − y"] = _error(here, prediction, goal)
    if here.activated is not None:
        at = (
            "the gradient at the sum of a neuron"
            if here.model.is_of_neurons
            else "the gradient before a function"
        )
        said["delta", "δ delta"] = f"What many books call ∂L/∂z, {at}: {here.is_(f'dL/d{here.activated.z}')}."


def _error(here: _Here, prediction: float | None, target: float | None) -> str:
    if prediction is None or target is None:
        return "ŷ − y, and nothing else: it is not known yet."
    sign = "=" if here.number(prediction - target) == here.number(difference(prediction, target)) else "≈"
    subtracted = here.number(target)
    if subtracted.startswith("−"):
        subtracted = f"({subtracted})"
    return (
        f"ŷ − y, prediction minus target, and nothing else: "
        f"{here.number(prediction)} − {subtracted} {sign} {here.number(difference(prediction, target))}."
    )


def _loss(here: _Here, said: _Meanings) -> None:
    model, pairs = here.model, compared_pairs(here.model)
    off = ": how far the prediction is from the target" if pairs else ""
    said["loss", "L"] = f"The number that training makes smaller{off}. {here.is_('L')}."
    for name in [name for name in model.predictions if name.startswith("yhat")][:1]:
        who = "the network says" if here.model.is_of_neurons else "the formulas come to"
        said["prediction, output", "ŷ yhat hat"] = f"What {who}, the output, said y hat: {here.is_(name)}."
    for name in model.targets[:1]:
        what = "What the prediction should be" if pairs else "What is given to the loss alone"
        said["target", "y"] = f"{what}: {here.is_(name)}."


# Networks


def _numbers(here: _Here, said: _Meanings) -> None:
    model, of_neurons = here.model, here.model.is_of_neurons
    for name in model.inputs[:1]:
        to = " to the network" * of_neurons
        said["input", "x"] = f"What is given{to} and not learned: {here.is_(name)}."
    multiplied, added = _multiplied_and_added(model)
    for name in multiplied[:1]:
        source = "an input" if of_neurons else "another"
        said["weight", "w"] = f"The number that {source} is multiplied by on its way: {here.is_(name)}."
    added_to = f"The number that is added to a sum, whatever the {'inputs' if of_neurons else 'others'} are"
    if added:
        said["bias", "b"] = f"{added_to}: {here.is_(added[0])}."
    elif of_neurons:
        said["bias", "b"] = f"{added_to}; none here, so 0 is added."
    said["parameter", "w b ∂L/∂p"] = (
        f"A number that training changes; p is any of them. Here are {len(model.parameter_names):,}, "
        f"and {here.is_(here.parameter)}."
    )


def _multiplied_and_added(model: Model) -> tuple[list[str], list[str]]:
    """The parameters that something else is multiplied by, and those that are added as they are."""
    multiplied, added, trained = list[str](), list[str](), frozenset(model.parameter_names)
    for term in (term for each in model.forward.assignments for term in terms_of(each.expression)):
        parameters = [name.name for name in names_in(term) if name.name in trained]
        if isinstance(term, Name):
            added += parameters
        elif isinstance(term, Apply) and term.operation == "multiply" and len(parameters) == 1:
            multiplied += parameters
    return multiplied, added


def _neurons(here: _Here, said: _Meanings) -> None:
    if here.activated is not None:
        _activations(here, here.activated, said)
        return
    for softmax in (found := softmaxes_in(here.model))[:1]:
        if summed := next((each for each in found if here.weighted(each.sums[0])), None):
            both = f"{here.is_(summed.sums[0])}, {here.is_(summed.outputs[0])}"
            said["neuron", "node"] = f"{here.weighted_sum}, and what is made of it: {both}."
        said["sum, pre-activation", "z"] = f"{here.before}, before softmax: {here.is_(softmax.sums[0])}."


def _activations(here: _Here, at: Activated, said: _Meanings) -> None:
    if here.weighted(at.z):
        title = here.moment.block_title(at.block)
        said["neuron", "node"] = (
            f"{here.weighted_sum}, and a function of that sum: {title} has {here.both(at)}."
        )
    said["sum, pre-activation", "z"] = f"{here.before}, before the activation function: {here.is_(at.z)}."
    hands_on = " the sum z, and the neuron hands on" if here.model.is_of_neurons else f" {symbol(at.z)}"
    said["activation", "h a"] = f"What the activation function makes of{hands_on}: {here.is_(at.name)}."
    said["activation function", ""] = f"What bends the sum, here {at.function.noun}: {here.made(at)}"


def _functions(here: _Here, said: _Meanings) -> None:
    first = {each.function.title: each for each in reversed(activated_in(here.model))}
    for gate in [each for each in activated_in(here.model) if each.function.is_gate][:1]:
        said[RELU.title, ""] = (
            f"A function: a sum above 0 stays as it is, any other becomes 0. See {here.both(gate)}."
        )
    if sigmoid := first.get(SIGMOID.title):
        said[SIGMOID.title, "σ"] = f"1 / (1 + e⁻ᶻ), always between 0 and 1: {here.made(sigmoid)}"
    # GELU is written with it.
    if GELU.title in first or any(f"{TANH.title}(" in formula for formula in here.formulas):
        tanh = first.get(TANH.title)
        now = here.made(tanh) if tanh else here.is_of(TANH.name, here.parameter)
        said[TANH.title, ""] = f"(eᶻ − e⁻ᶻ) / (eᶻ + e⁻ᶻ), always between −1 and 1: {now}"


def _gates(here: _Here, said: _Meanings) -> None:
    gates = [each for each in activated_in(here.model) if each.function.is_gate]
    for gate in gates[:1]:
        said["gate", ""] = (
            "A ReLU as the way back meets it: open, with slope 1, for a sum above 0; else shut, with slope "
            f"0. Here {here.is_(f'd{gate.name}/d{gate.z}')}."
        )
        dead = sum(here.moment.dead(each.z) is not None for each in gates)
        known = all(here.moment.value(each.z) is not None for each in gates)
        now = f"{dead} of {len(gates)} here" if known else "which are, is not known yet"
        said["dead", ""] = (
            f"A ReLU whose sum is not above 0: nothing gets through it, forward or back; {now}."
        )


def _layers(here: _Here, said: _Meanings) -> None:
    model = here.model
    if not model.is_of_neurons:
        said["network, neural network", ""] = (
            "Sums, and functions of them, that read each other, with numbers that training changes: "
            f"{here.is_(here.parameter)}."
        )
        return
    network, linear = dense_network(model), [each for each in activated_in(model) if each.function is LINEAR]
    sizes = " → ".join(map(str, network.layers))
    said["network, neural network", ""] = (
        f"Layers of neurons, each of which reads the one before: here {sizes}, the inputs first."
    )
    if len(network.layers) > 2:
        said["hidden", ""] = (
            "A hidden neuron stands between the inputs and the output: what it hands on is neither given "
            f"nor predicted. {here.is_(activation_name(network, 1, 1))}."
        )
    said[LINEAR.title, ""] = (
        "A linear neuron hands on its sum z as it is, so its slope is 1, whatever z is; "
        f"{len(linear)} of {sum(network.layers[1:])} here."
    )
    said["by source, by target", "w₁ w₂"] = _numbering(here, network)
    said["framework", "PyTorch Keras JAX"] = (
        "What others have written, such as PyTorch, to do all of this by the same chain rule, with "
        f"the same numbers: {here.is_(here.gradient)}. {key_of('framework')} shows this step there."
    )
    beside = "Neurons side by side, which do not read each other"
    said["layer", ""] = f"{beside}: {len(model.forward.levels)} here, after the inputs."


def _numbering(here: _Here, network: Network) -> str:
    """How its weights are numbered, told of one that enters the first layer."""
    weight = [each for each in parameters_of(network) if each.is_weight and each.layer == 1][:2][-1]
    assert weight.input is not None, "a weight leads from somewhere"
    source, target = activation_name(network, 0, weight.input), neuron_title(network, 1, weight.neuron)
    return (
        "How the weights are numbered. By source: first those from the first input. By target: first those "
        f"into the first neuron. Here it is by {network.numbering}: {here.is_(weight.name)}, from "
        f"{symbol(source)} to {target}."
    )


# Training


def _passes(here: _Here, said: _Meanings) -> None:
    model, steps = here.model, len(here.model.forward.assignments)
    start, each = ("the inputs", ", for each sample") if model.inputs else ("what is given", "")
    said["forward", ""] = f"From {start} to the loss, step by step: {steps} steps, and the loss{each}."
    said["backward, backpropagation", ""] = (
        "Backpropagation: from the loss back, each derivative is worked out once, "
        f"and all {len(model.parameter_names):,} gradients come of it. Nothing changes yet."
    )
    said["update, training", "←"] = (
        "Forward, loss, backward, and then new values for all parameters, all from the old ones: what stands "
        "before ← becomes what stands after it. "
        f"This is update {here.moment.session.update:,}."
    )


def _descent(here: _Here, said: _Meanings) -> None:
    moment = here.moment
    said["descent", ""] = (
        "Gradient descent: every parameter takes a step against its gradient, so that the loss falls; "
        f"before this update {symbol(here.parameter)} {here.equals(moment.given[here.parameter])}."
    )
    if optimiser_of(here.model).is_plain:
        promise = (
            f"If no slope changed on the way, L would change by −η‖∇L‖² {here.equals(moment.trace.promised)}."
            if moment.phase == "check"
            else f"{here.is_(here.gradient)}. −η‖∇L‖² would be the change of L if no slope changed."
        )
        said["promise of the gradients, nabla", "‖∇L‖²"] = (
            f"‖∇L‖² is the sum of all squared gradients. {promise}"
        )


def _powers_of_e(here: _Here, said: _Meanings) -> None:
    has_chances = softmaxes_in(here.model) or _is_cross_entropy(here.model)
    number = here.model.predictions[-1] if has_chances else "eta"
    said["ln", "log"] = (
        "The power that e takes to come to u: ln(e^u) = u, so ln(1) = 0. Of a number between 0 "
        f"and 1 it is below 0, and its slope at u is 1 / u. {here.is_of('ln', number)}"
    )
    said["e, exp", "e^u"] = (
        "e ≈ 2.718. e^u, or exp(u), is above 0 for every u, and is its own slope: where it is 2, it changes "
        f"2 times as much as u. {here.is_of('exp', here.parameter)}"
    )


def _larger(here: _Here, said: _Meanings) -> None:
    if any(f"{name}(" in formula for formula in here.formulas for name in ("max", "min")):
        said["max, min", ""] = (
            f"max(u, v) is the larger of two numbers, min(u, v) the smaller: max(1, 2) = 2. {here.is_('L')}."
        )


def _ends_of_numbers(here: _Here, said: _Meanings) -> None:
    said["overflow", "inf"] = (
        "When a number is too large for its 64 bits, which end near 1.8 · 10³⁰⁸: it becomes inf. "
        f"Here {here.is_('L')}."
    )
    said["diverged, bits", "inf nan"] = (
        "Numbers that grow without end: inf is too large for the 64 bits of a number, nan is no number. "
        f"A smaller η helps; here it is {here.rate}."
    )


def _samples(here: _Here, said: _Meanings) -> None:
    setup, model = here.moment.setup, here.model
    if not (model.inputs or model.targets):
        return
    count, batch = len(setup.inputs), len(here.moment.program.samples)
    targets = " with its targets" * bool(model.targets)
    of_one = " L⁽¹⁾ and ∂L/∂w⁽¹⁾ are those of sample 1, whose weights are those of all." * (count > 1)
    said["sample", "⁽¹⁾"] = (
        f"One row of inputs{targets}; here {'is 1' if count == 1 else f'are {count:,}'}.{of_one}"
    )
    said["batch", "mean L"] = f"The samples that share one update: {batch:,} in this one."
    said["epoch", ""] = f"As many updates as it takes to use every sample once: here {setup.batches:,}."


def _handouts(here: _Here, said: _Meanings) -> None:
    said["handout, worksheet", ""] = (
        f"An update on paper, here of {len(here.moment.program):,} steps; {key_of('handout')} writes it. A "
        "worksheet has blanks to fill in: `tinynet-tui trace LESSON --format markdown --blank` prints it, "
        "`tinynet-tui mark` marks it."
    )


def _of_the_lesson(here: _Here, said: _Meanings) -> None:
    model = here.model
    if notes := [note for note in here.moment.session.lesson.notes if note.kind != "private"]:
        said["note", "» >"] = (
            f"What the lesson says of a step stands after this sign; notes here: {len(notes):,}."
        )
    if frozen := len(model.parameters) - len(model.trained_parameters):
        said["frozen", ""] = (
            f"A parameter that no update changes: {frozen:,} of {len(model.parameters):,} here."
        )
    if "L2" in model.penalties:
        said["L2", "λ L2"] = (
            "Half of λ times each squared weight, added to the loss, so that weights stay small: "
            f"λ = {here.number(here.moment.setup.hyperparameters.l2)}."
        )


# Larger models


def _softmax(here: _Here, said: _Meanings) -> None:
    for softmax in softmaxes_in(here.model)[:1]:
        powers = "Powers of e, each divided by the sum of all: they add up to 1"
        said[SOFTMAX.title, "e / S logit"] = f"{powers}, and {here.is_(softmax.outputs[0])}."


_OF_OTHER_LESSONS = (
    (SOFTMAX.title, "e / S logit", "softmax-3",
     "Powers of e of numbers, the logits, each divided by the sum of all: they add up to 1"),
    ("recurrent, recurrence", "unrolled", "recurrent",
     "What reads its own last result again, by the same formula each of 2 or more times; unrolled, "
     "each time has formulas of its own"),
    ("convolution", "kernel", "convolution",
     "2 or more numbers, the kernel, go along all places: the same numbers at each"),
    ("GPT, block", "language model", "gpt-block",
     "1 part of what goes on with a text: each word takes up some of the words before it, then goes on "
     "alone"),
    ("RMS", "", "rms-norm", "The root of the mean of the squares: of 1 and 7 it is 5"),
)  # fmt: skip
"""(word, signs, the shipped lesson that shows it, meaning), of what titles name: found whatever is open."""


def _of_other_lessons(_here: _Here, said: _Meanings) -> None:
    for word, signs, lesson, meaning in _OF_OTHER_LESSONS:
        if not any(word == known for known, _ in said):
            said[word, signs] = f"{meaning}. `tinynet-tui {lesson}` shows it."


def _attention(here: _Here, said: _Meanings) -> None:
    model = here.model
    # A softmax whose shares are no predictions: it mixes something.
    heads = [at for at in softmaxes_in(model) if not {*at.outputs} & {*model.predictions}]
    bent = [at for at in activated_in(model) if at.function is not LINEAR]
    if bent and (here.model.is_of_neurons or heads):
        layers = "Layers of neurons, each of which reads all of the layer before"
        said["MLP", "multi-layer perceptron"] = f"{layers}: here {here.is_(bent[0].name)}."
    for head in heads[:1]:
        said["head, attention", "query, key, value, score"] = (
            "One attention: a query times each key is a score, softmax makes shares of the scores, and they "
            f"mix the values. {here.is_(head.outputs[0])}."
        )
        piece = "A piece of text, such as a word, given as a row of numbers"
        said["token", ""] = f"{piece}: {here.is_(model.inputs[0])}."
        said["causal", "mask masking"] = (
            "Each token reads itself and those before it, never one that comes later. Of the last share: "
            f"{here.is_(head.outputs[-1])}."
        )
    for name in _normed(model)[:1]:
        size = "Divided by its own size: the mean of the squares is 1 then"
        said["normed", "norm"] = f"{size}. {here.is_(name)}."


def _other_losses(here: _Here, said: _Meanings) -> None:
    """The two best known; the model's own loss has its words among those of its rules."""
    if not _is_cross_entropy(here.model):
        said["cross-entropy", "−ln"] = (
            "A loss for probabilities: −ln of the probability given to what is true, so 0 where that is 1."
        )
    if _is_cross_entropy(here.model) or any(
        each.outputs == here.model.predictions for each in softmaxes_in(here.model)
    ):
        first = here.is_(here.model.predictions[0])
        said["class, classifier", ""] = (
            "One of the kinds that a sample may be of. A classifier has a probability for each, or, of "
            f"two, for one of them: {first}."
        )
    if not _is_mean_square(here.model):
        pairs = (map(here.moment.value, pair) for pair in compared_pairs(here.model))
        errors = [difference(one, two) for one, two in pairs if one is not None and two is not None]
        squares = sum(error * error for error in errors)
        now = f" Of the errors here it is {here.number(squares / len(errors))}." if errors else ""
        said["MSE, mean squared error", "mean (ŷ − y)²"] = (
            f"A loss for numbers: the mean of all squared errors; of the errors 1 and 3 it is 5.{now}"
        )


def _diagrams(here: _Here, said: _Meanings) -> None:
    said["graph, diagram", "→4 ←4 ↑7 ↓7 v7"] = (
        f"A drawing of what reads what, with {len(here.model.forward.assignments):,} formulas here. At its "
        "sides →4 or ↓7 says how many columns or rows are out of sight."
    )


def _normed(model: Model) -> tuple[str, ...]:
    """The quantities of a model that are others divided by the root of a quantity, in order."""
    formulas = model.formulas

    def is_root(divisor: Expr) -> bool:
        found = formulas.get(divisor.name) if isinstance(divisor, Name) else divisor
        # √2 is no size of anything.
        return isinstance(found, Apply) and found.operation == "root" and bool(names_in(found))

    return tuple(
        name
        for name, found in formulas.items()
        if isinstance(found, Apply) and found.operation == "divide" and is_root(found.arguments[1])
    )


def _is_mean_square(model: Model) -> bool:
    """Whether its loss is the mean squared error: that of one output alone is the square, without a ½."""
    predictions, targets = (tuple(map(Name, names)) for names in (model.predictions, model.targets))
    mean = MEAN_SQUARED_ERROR.formula(predictions, targets) if model.loss else None
    return model.forward.loss == mean


def _is_cross_entropy(model: Model) -> bool:
    loss = loss_of(model)
    return loss is not None and loss.logarithm is not None


# What the rows of the rules say


def _own_loss(here: _Here, said: _Meanings) -> None:
    model, loss = here.model, loss_of(here.model)
    if loss is None:
        return
    other = ", MSE" if _is_mean_square(model) else ", cross-entropy" if _is_cross_entropy(model) else ""
    outputs = len(model.predictions)
    word = f"{loss.name.replace('_', ' ')}{other}"
    said[word, loss.titles(outputs)[-1]] = f"{loss.convention(outputs)} {here.is_('L')}."


def _own_functions(here: _Here, said: _Meanings) -> None:
    told = {RELU.title, SIGMOID.title, TANH.title, LINEAR.title}
    for at in activated_in(here.model):
        if at.function.title not in told:
            told.add(at.function.title)
            said[at.function.title, ""] = f"An activation function: {here.made(at)}"


def _kept_by_the_optimiser(here: _Here, said: _Meanings) -> None:
    optimiser = optimiser_of(here.model)
    for state in optimiser.states:
        name, title = f"{state.letter}_{here.parameter}", state.title.format(parameter="a parameter")
        said[f"{optimiser.noun}: {title}", symbol(name)] = f"{state.sentence} {here.is_(name)}."


_SUBJECTS = (
    *(_derivatives, _products, _paths, _slopes, _nudges, _slopes_of_softmax, _learning_rate),
    *(_errors, _loss, _numbers, _neurons, _functions, _gates, _layers),
    *(_passes, _descent, _powers_of_e, _larger, _ends_of_numbers, _samples, _handouts, _of_the_lesson),
    *(_softmax, _attention, _other_losses, _diagrams),
    *(_own_loss, _own_functions, _kept_by_the_optimiser, _of_other_lessons),
)
"""In the order of the list; each says the entries that a model has a use for."""
