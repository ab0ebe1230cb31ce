"""Updates as one would write them in PyTorch, on the lesson's numbers: the same gradients, from autograd."""

from __future__ import annotations

from collections.abc import Iterator

from tinynet_tui.engine.model import Setup
from tinynet_tui.handouts import formula_scripts
from tinynet_tui.handouts.framework import Calls, FormulaScript, Framework
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
from tinynet_tui.networks.dense import Network, dense_network, nested_parameters
from tinynet_tui.rules.activations import ACTIVATIONS
from tinynet_tui.rules.losses import LOSSES
from tinynet_tui.rules.optimisers import OPTIMISERS


def lines(setup: Setup, updates: int) -> Iterator[str]:
    """The lines of a script that does the first updates; it is always ASCII."""
    if not isinstance(setup.model.source, Network):
        yield from formula_scripts.pytorch_lines(setup, updates)
        return
    body = [
        *_gradient_lines(dense_network(setup.model)),
        'print("loss =", loss.item())',
        "for name, parameter in model.named_parameters():",
        '    print(f"{name}.grad = {parameter.grad.tolist()}")',
        "",
        "optimizer.step()",
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
    yield from (f"layer{layer} = model.layer{layer}" for layer in _layers(network))
    yield from (
        "",
        "# The lesson's numbers: weight[neuron][input] and bias[neuron].",
        "with torch.no_grad():",
    )
    yield from indented(_parameters(setup))
    yield ""
    yield from rows_in("x = torch.tensor(", batches.inputs, ")")
    yield from rows_in("y = torch.tensor(", batches.targets, ")")
    yield from batches.cut
    yield ""
    yield from _optimizer(network, setup)
    yield ""


def zeroing(network: Network) -> str:
    """The call that forgets every gradient; an optimizer knows nothing of frozen biases."""
    return f"{'optimizer' if network.train_biases else 'model'}.zero_grad()"


def weight_decay_words(network: Network) -> str:
    """What the optimizer's own L2 would do in place of that in the loss: it decays all that it is given."""
    done = "this to the biases too" if network.train_biases else "the same"
    return f"weight_decay would do {done}, unseen in .grad."


def _gradient_lines(network: Network) -> Iterator[str]:
    """The lines that give every parameter its gradient."""
    yield f"{zeroing(network)}  # else the new gradients would be added to the old ones"
    yield from ("loss = loss_of(x, y)", "loss.backward()")


def _layers(network: Network) -> range:
    return range(1, network.depth + 1)


def _model_class(network: Network, setup: Setup) -> Iterator[str]:
    yield from ("class Network(nn.Module):", "    def __init__(self):", "        super().__init__()")
    for layer in _layers(network):
        yield f"        self.layer{layer} = nn.Linear({network.layers[layer - 1]}, {network.layers[layer]})"
    yield from ("", "    def forward(self, x):")
    for layer in _layers(network):
        activation = ACTIVATIONS[network.activations[layer - 1]].pytorch
        written = activation.format(z=f"self.layer{layer}(x)", **literals(setup))
        yield f"        {'return' if layer == network.depth else 'x ='} {written}"


def _loss_function(network: Network, setup: Setup) -> Iterator[str]:
    rule = LOSSES[network.loss]
    if rule.pytorch_function:
        yield from (*rule.pytorch_function, "", "")
    yield from ("def loss_of(x, y):", "    prediction = model(x)")
    *before, loss = rule.pytorch(network.layers[-1], network.reduction == "mean")
    yield from indented(before)
    if network.regularized:
        yield f"    # The optimizer's {weight_decay_words(network)}"
        weights = " + ".join(f"(layer{layer}.weight**2).sum()" for layer in _layers(network))
        yield f"    penalty = 0.5 * {literal(setup.hyperparameters.l2)} * ({weights})"
    yield f"    return {loss}{' + penalty' if network.regularized else ''}"


def _parameters(setup: Setup) -> Iterator[str]:
    weights, biases = nested_parameters(dense_network(setup.model), setup.parameters)
    for layer, rows, row in zip(_layers(dense_network(setup.model)), weights, biases, strict=True):
        yield from rows_in(f"layer{layer}.weight.copy_(torch.tensor(", rows, "))")
        yield f"layer{layer}.bias.copy_(torch.tensor({row_literal(row)}))"


def _optimizer(network: Network, setup: Setup) -> Iterator[str]:
    parameters = "model.parameters()"
    if not network.train_biases:
        yield "# The biases stay as they are: the optimizer does not get them."
        parameters = f"[{', '.join(f'layer{layer}.weight' for layer in _layers(network))}]"
    call = OPTIMISERS[network.optimizer].pytorch
    yield f"optimizer = torch.optim.{call.format(parameters=parameters, **literals(setup))}"


def attribute(network: Network, name: str) -> str | None:
    """Where PyTorch keeps a parameter, its gradient or its optimizer state; None for any other quantity.

    Example:
        >>> lecture = Network((2, 2, 1), ("relu", "relu"), numbering="source")
        >>> attribute(lecture, "w3"), attribute(lecture, "dL/db1")
        ('layer1.weight[0, 1]', 'layer1.bias.grad[0]')
    """
    parameter = parameter_of(network, name)
    if parameter is None:
        return None
    tensor = f"layer{parameter.layer}.{'weight' if parameter.is_weight else 'bias'}"
    place = index_of(parameter.neuron, parameter.input)
    if name == parameter.name:
        return f"{tensor}{place}"
    if name.startswith(GRADIENT):
        return f"{tensor}.grad{place}"
    state = OPTIMISERS[network.optimizer].state(name)
    return f'optimizer.state[{tensor}]["{state.pytorch}"]{place}' if state else None


PYTORCH = Framework(
    name="PyTorch",
    modules=("torch",),
    packages="torch",
    version="torch.__version__",
    script=lambda setup: lines(setup, 1),
    attribute=attribute,
    formulas=FormulaScript(
        lambda setup: formula_scripts.pytorch_lines(setup, 1), formula_scripts.pytorch_attribute
    ),
)
CALLS = Calls(
    framework=PYTORCH,
    begins=zeroing,
    changes=lambda _network: "optimizer.step()",
    others={
        "forward": "model(x)",
        "loss": "loss_of(x, y)",
        "backward": "loss.backward()",
        "check": "loss_of(x, y)",
    },
    loss="loss.item()",
)
