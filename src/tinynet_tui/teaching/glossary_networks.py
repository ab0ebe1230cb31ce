"""What the glossary says of networks: error and loss, parameters, neurons and their functions, layers."""

from tinynet_tui.engine.expression_reading import letters, terms_of
from tinynet_tui.engine.expressions import Apply, Name, names_in
from tinynet_tui.engine.model import Model
from tinynet_tui.engine.names import symbol
from tinynet_tui.networks.dense import Network, dense_network, is_dense, neuron_title, parameters_of
from tinynet_tui.networks.layers import layer_sizes
from tinynet_tui.rules.activations import Activated, activated_in
from tinynet_tui.rules.losses import compared_pairs
from tinynet_tui.rules.piecewise_activations import LINEAR
from tinynet_tui.rules.smooth_activations import TANH
from tinynet_tui.rules.softmax import softmaxes_in
from tinynet_tui.teaching.glossary_here import Here, Meanings, Subject
from tinynet_tui.teaching.numbers import difference


def _errors(here: Here, said: Meanings) -> None:
    for output, target in compared_pairs(here.model)[:1]:
        prediction, goal = here.moment.value(output), here.moment.value(target)
        said["error", "ŷ − y"] = _error(here, prediction, goal)
    if here.activated is not None:
        where = "at the sum of a neuron" if here.activated.is_neuron else "before a function"
        gradient = here.is_(f"dL/d{here.activated.z}")
        said["delta", "δ delta"] = f"What many books call ∂L/∂z, the gradient {where}: {gradient}."


def _error(here: Here, prediction: float | None, target: float | None) -> str:
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


def _loss(here: Here, said: Meanings) -> None:
    model, pairs = here.model, compared_pairs(here.model)
    off = ": how far the prediction is from the target" if pairs else ""
    said["loss", "L"] = f"The number that training makes smaller{off}. {here.is_('L')}."
    for name in [name for name in model.predictions if name.startswith("yhat")][:1]:
        who = "the network says" if here.is_of_a_neuron(name) else "the formulas come to"
        said["prediction, output", "ŷ yhat hat"] = f"What {who}, the output, said y hat: {here.is_(name)}."
    for name in model.targets[:1]:
        what = "What the prediction should be" if pairs else "What is given to the loss alone"
        said["target", "y"] = f"{what}: {here.is_(name)}."


def _numbers(here: Here, said: Meanings) -> None:
    model, of_neurons = here.model, here.is_of_a_neuron(here.reader)
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


def _neurons(here: Here, said: Meanings) -> None:
    if here.activated is not None:
        _activations(here, here.activated, said)
        return
    for softmax in (found := softmaxes_in(here.model))[:1]:
        if summed := next((each for each in found if here.weighted(each.sums[0])), None):
            both = f"{here.is_(summed.sums[0])}, {here.is_(summed.outputs[0])}"
            said["neuron", "node"] = f"{here.weighted_sum(summed.sums[0])}, and what is made of it: {both}."
        said["sum, pre-activation", "z"] = here.sum_that_is("before softmax", softmax.sums[0])


def _activations(here: Here, at: Activated, said: Meanings) -> None:
    if here.weighted(at.z):
        title = here.moment.block_title(at.block)
        said["neuron", "node"] = (
            f"{here.weighted_sum(at.z)}, and a function of that sum: {title} has {here.both(at)}."
        )
    said["sum, pre-activation", "z"] = here.sum_that_is("before the activation function", at.z)
    hands_on = " the sum z, and the neuron hands on" if at.is_neuron else f" {symbol(at.z)}"
    said["activation", "h a"] = f"What the activation function makes of{hands_on}: {here.is_(at.name)}."
    said["activation function", ""] = f"What bends the sum, here {at.function.noun}: {here.made(at)}"


def _functions(here: Here, said: Meanings) -> None:
    first = {each.function.title: each for each in reversed(activated_in(here.model))}
    for title, found in first.items():
        if meaning := found.function.meaning:
            sign = letters(found.function.formula(Name("z"))).partition("(")[0]
            said[title, sign if sign != title else ""] = f"{meaning}: {here.made(found)}"
    # What GELU is made of has it, too.
    texts = (*here.formulas, *(found.function.meaning for found in first.values()))
    if TANH.title not in first and any(f"{TANH.title}(" in text for text in texts):
        said[TANH.title, ""] = f"{TANH.meaning}: {here.is_of(TANH.name, here.parameter)}"


def _gates(here: Here, said: Meanings) -> None:
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


def _layers(here: Here, said: Meanings) -> None:
    model = here.model
    if not (layers := layer_sizes(model)):
        said["network, neural network", ""] = (
            "Sums, and functions of them, that read each other, with numbers that training changes: "
            f"{here.is_(here.parameter)}."
        )
        return
    linear = [each for each in activated_in(model) if each.function is LINEAR]
    sizes = " → ".join(map(str, layers))
    said["network, neural network", ""] = (
        f"Layers of neurons, each of which reads the one before: here {sizes}, the inputs first."
    )
    if len(layers) > 2:
        said["hidden", ""] = (
            "A hidden neuron stands between the inputs and the output: what it hands on is neither given "
            f"nor predicted. {here.is_(model.forward.blocks[0].assignments[-1].name)}."
        )
    said[LINEAR.title, ""] = (
        "A linear neuron hands on its sum z as it is, so its slope is 1, whatever z is; "
        f"{len(linear)} of {sum(layers[1:])} here."
    )
    if is_dense(model):
        said["by source, by target", "w₁ w₂"] = _numbering(here, dense_network(model))
        said["framework", "PyTorch Keras JAX"] = (
            "What others have written, such as PyTorch, to do all of this by the same chain rule, with "
            f"the same numbers: {here.is_(here.gradient)}. {here.keys.of('framework')} shows this step there."
        )
    beside = "Neurons side by side, which do not read each other"
    said["layer", ""] = f"{beside}: {len(model.forward.levels)} here, after the inputs."


def _numbering(here: Here, network: Network) -> str:
    """How its weights are numbered, told of one that enters the first layer."""
    weight = [each for each in parameters_of(network) if each.is_weight and each.layer == 1][:2][-1]
    assert weight.input is not None, "a weight leads from somewhere"
    source, target = here.model.inputs[weight.input - 1], neuron_title(network, 1, weight.neuron)
    return (
        "How the weights are numbered. By source: first those from the first input. By target: first those "
        f"into the first neuron. Here it is by {network.numbering}: {here.is_(weight.name)}, from "
        f"{symbol(source)} to {target}."
    )


NETWORKS: tuple[Subject, ...] = (_errors, _loss, _numbers, _neurons, _functions, _gates, _layers)
