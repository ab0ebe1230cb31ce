"""Updates as one would write them in PyTorch, on the lesson's numbers: the same gradients, from autograd."""

from __future__ import annotations

from collections.abc import Iterator

from tinynet_tui.engine.model import Model, Setup, hyperparameters_of
from tinynet_tui.handouts.formula_scripts import pytorch_attribute, pytorch_lines
from tinynet_tui.handouts.framework import Calls, Framework, Script
from tinynet_tui.handouts.script_parts import (
    GRADIENT,
    batches_of,
    indented,
    index_of,
    literal,
    literals,
    parameter_of,
    repeated,
    row_literal,
    rows_in,
    title,
)
from tinynet_tui.handouts.written_update import (
    Spelling,
    kept_parameters,
    penalties,
    state_lines,
    state_lists,
    tensors,
    trained_tensors,
    update_lines,
    written_out_lines,
)
from tinynet_tui.networks.dense import Network, dense_network
from tinynet_tui.networks.layers import nested_parameters
from tinynet_tui.rules.activations import ACTIVATIONS
from tinynet_tui.rules.losses import LOSSES
from tinynet_tui.rules.optimiser_rows import Call
from tinynet_tui.rules.optimisers import optimiser_of


def layered_lines(setup: Setup, updates: int) -> Iterator[str]:
    """The lines of a script that does the first updates of a dense network."""
    body = [
        *_gradient_lines(setup.model),
        'print("loss =", loss.item())',
        "for name, parameter in model.named_parameters():",
        '    print(f"{name}.grad = {parameter.grad.tolist()}")',
        "",
        *_step_lines(setup),
        "for name, parameter in model.named_parameters():",
        '    print(f"{name} = {parameter.tolist()}")',
        'print("loss after =", loss_of(x, y).item())',
    ]
    yield from _beginning(setup, updates)
    yield from repeated(body, updates, batches_of(setup, updates).chosen)


def _beginning(setup: Setup, updates: int) -> Iterator[str]:
    """What stands before the first update: model, loss, the lesson's numbers, optimizer."""
    network, batches = dense_network(setup.model), batches_of(setup, updates)
    yield f'"""{title(setup.model, 1, updates)}, in PyTorch."""'
    yield from ("", "import torch", "from torch import nn", "")
    yield from ("torch.set_default_dtype(torch.float64)", "", "")
    yield from _model_class(network, setup)
    yield from ("", "")
    yield from _loss_function(network, setup)
    yield from ("", "", "model = Network()")
    yield from (f"layer{layer} = model.layer{layer}" for layer in network.layer_numbers)
    yield from (
        "",
        "# The lesson's numbers: weight[neuron][input] and bias[neuron].",
        "with torch.no_grad():",
    )
    yield from indented(_parameters(setup))
    yield ""
    yield from batches.lines("torch.tensor(", ")")
    yield ""
    yield from _optimizer(network, setup, counted=updates > 1)
    yield ""


def zeroing(model: Model) -> str:
    """The call that forgets every gradient; an optimizer knows nothing of what it was not given."""
    network = dense_network(model)
    knows_all = isinstance(network.rule.pytorch, Call) and trained_tensors(network) == tensors(network)
    return f"{'optimizer' if knows_all else 'model'}.zero_grad()"


def changing(model: Model) -> str:
    """The call that changes the parameters."""
    return "optimizer.step()" if isinstance(optimiser_of(model).pytorch, Call) else "p -= …"


def weight_decay_words(model: Model) -> str:
    """What the optimizer's own L2 would do in place of that in the loss: it decays all that it is given."""
    network = dense_network(model)
    has_biases = any(not is_weight for _, is_weight in trained_tensors(network))
    done = "this to the biases too" if has_biases and not network.decays_biases else "the same"
    return f"weight_decay would do {done}, unseen in .grad."


def _gradient_lines(model: Model) -> Iterator[str]:
    """The lines that give every parameter its gradient."""
    yield f"{zeroing(model)}  # else the new gradients would be added to the old ones"
    yield from ("loss = loss_of(x, y)", "loss.backward()")


def _model_class(network: Network, setup: Setup) -> Iterator[str]:
    yield from ("class Network(nn.Module):", "    def __init__(self):", "        super().__init__()")
    for layer in network.layer_numbers:
        bias = "" if network.has_bias(layer) else ", bias=False"
        sizes = f"{network.layers[layer - 1]}, {network.layers[layer]}"
        yield f"        self.layer{layer} = nn.Linear({sizes}{bias})"
    yield from ("", "    def forward(self, x):")
    for layer in network.layer_numbers:
        activation = ACTIVATIONS[network.activations[layer - 1]].pytorch
        written = activation.format(z=f"self.layer{layer}(x)", **literals(setup))
        yield f"        {'return' if layer == network.depth else 'x ='} {written}"


def _loss_function(network: Network, setup: Setup) -> Iterator[str]:
    rule = LOSSES[network.loss]
    if rule.functions.pytorch:
        yield from (*rule.functions.pytorch, "", "")
    yield from ("def loss_of(x, y):", "    prediction = model(x)")
    *before, loss = rule.pytorch(network.layers[-1], network.reduction == "mean")
    numbers = literals(setup)
    yield from indented(line.format(**numbers) for line in before)
    if network.regularized and isinstance(network.rule.pytorch, Call) and not network.rule.reads_parameter:
        yield f"    # The optimizer's {weight_decay_words(setup.model)}"
    lines, added = penalties(setup, _tensor, "({}**2).sum()", "{}.abs().sum()")
    yield from indented((*lines, f"return {loss.format(**numbers)}{added}"))


def _tensor(layer: int, is_weight: bool) -> str:
    return f"layer{layer}.{'weight' if is_weight else 'bias'}"


def _parameters(setup: Setup) -> Iterator[str]:
    weights, biases = nested_parameters(setup.model, setup.parameters)
    for layer, (rows, row) in enumerate(zip(weights, biases, strict=True), start=1):
        yield from rows_in(f"layer{layer}.weight.copy_(torch.tensor(", rows, "))")
        if row:
            yield f"layer{layer}.bias.copy_(torch.tensor({row_literal(row)}))"


def _optimizer(network: Network, setup: Setup, counted: bool) -> Iterator[str]:
    rule, trained = network.rule, trained_tensors(network)
    parameters = f"[{', '.join(_tensor(*place) for place in trained)}]"
    if trained == tensors(network):
        parameters = "model.parameters()"
    elif not network.train_biases and not network.frozen:
        yield "# The biases stay as they are: the optimizer does not get them."
    else:
        yield "# The optimizer gets what has something to learn in it."
    if isinstance(rule.pytorch, Call):
        yield from rule.pytorch.comment
        yield f"optimizer = torch.optim.{rule.pytorch.call.format(parameters=parameters, **literals(setup))}"
        if setup.state:
            yield from _given_state(setup)
        return
    states = state_lines(
        setup,
        "torch.zeros_like(p) for p in parameters",
        "torch.tensor({})",
        lambda letter: state_lists(setup, letter, trained),
    )
    listed = f"parameters = list({parameters})"
    yield from written_out_lines(
        setup, lambda row: row.pytorch, rule.pytorch.comment, counted, (listed, *states)
    )


def _given_state(setup: Setup) -> Iterator[str]:
    """The lines that give PyTorch's optimizer what it remembers."""
    network, numbers = dense_network(setup.model), hyperparameters_of(setup)
    states, trained = network.rule.states, trained_tensors(network)
    keys = [state.pytorch for state in states]
    yield "# What the optimizer remembers of earlier updates."
    rows = zip(*(state_lists(setup, state.letter, trained) for state in states), strict=True)
    for place, lists in zip(trained, rows, strict=True):
        items = [f'"{key}": torch.tensor({row})' for key, row in zip(keys, lists, strict=True)]
        if not any(state.is_velocity for state in states):  # the others count their updates
            items.insert(0, f'"step": torch.tensor({literal(numbers.get("t0", 0.0))})')
        yield f"optimizer.state[{_tensor(*place)}] = {{{', '.join(items)}}}"


def _step_lines(setup: Setup) -> Iterator[str]:
    """The lines that change the parameters; frozen ones among them get their values back."""
    rule, kept = dense_network(setup.model).rule, list(kept_parameters(setup))
    if isinstance(rule.pytorch, Call):
        yield "optimizer.step()"
    else:
        *states, change = update_lines(rule, Spelling("p", "p.grad", "{}[i]".format))
        yield from ("with torch.no_grad():", "    for i, p in enumerate(parameters):")
        yield from (f"        {line}" for line in (*states, f"p -= {change}"))
    if kept:
        yield from ("with torch.no_grad():", "    # Frozen: these keep their values.")
    for parameter, value in kept:
        place = index_of(parameter.neuron, parameter.input)
        yield f"    {_tensor(parameter.layer, parameter.is_weight)}{place} = {literal(value)}"


def attribute(model: Model, name: str) -> str | None:
    """Where PyTorch keeps a parameter, its gradient or its optimizer state; None for any other quantity.

    Example:
        >>> from tinynet_tui.networks.dense import dense_model
        >>> lecture = dense_model(Network((2, 2, 1), ("relu", "relu"), numbering="source"))
        >>> attribute(lecture, "w3"), attribute(lecture, "dL/db1")
        ('layer1.weight[0, 1]', 'layer1.bias.grad[0]')
    """
    network = dense_network(model)
    parameter = parameter_of(network, name)
    if parameter is None:
        return None
    tensor = _tensor(parameter.layer, parameter.is_weight)
    place = index_of(parameter.neuron, parameter.input)
    if name == parameter.name:
        return f"{tensor}{place}"
    if name.startswith(GRADIENT):
        return f"{tensor}.grad{place}"
    state = network.rule.state(name)
    if state is None:
        return None
    if isinstance(network.rule.pytorch, Call):
        return f'optimizer.state[{tensor}]["{state.pytorch}"]{place}'
    position = trained_tensors(network).index((parameter.layer, parameter.is_weight))
    return f"{state.letter}[{position}]{place}"


PYTORCH = Framework(
    name="PyTorch",
    modules=("torch",),
    packages="torch",
    version="torch.__version__",
    of_layers=Script(layered_lines, attribute),
    of_formulas=Script(pytorch_lines, pytorch_attribute),
)
lines = PYTORCH.lines
CALLS = Calls(
    framework=PYTORCH,
    of={
        "given": zeroing,
        "forward": lambda _model: "model(x)",
        "loss": lambda _model: "loss_of(x, y)",
        "backward": lambda _model: "loss.backward()",
        "update": changing,
        "check": lambda _model: "loss_of(x, y)",
    },
    loss="loss.item()",
)
