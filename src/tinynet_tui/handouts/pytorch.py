"""Updates as one would write them in PyTorch, on the lesson's numbers: the same gradients, from autograd."""

from __future__ import annotations

from collections.abc import Iterator

from tinynet_tui.engine.model import Hyperparameters, Setup
from tinynet_tui.handouts.formats import Writer
from tinynet_tui.handouts.script_parts import (
    batches_of,
    indented,
    literal,
    repeated,
    row_literal,
    rows_in,
    title,
)
from tinynet_tui.networks.dense import Network, nested_parameters

_ACTIVATIONS = {
    "relu": "torch.relu({})",
    "leaky_relu": "nn.functional.leaky_relu({}, {slope})",
    "sigmoid": "torch.sigmoid({})",
    "tanh": "torch.tanh({})",
    "linear": "{}",
}


def lines(setup: Setup, updates: int, to_ascii: Writer | None) -> Iterator[str]:
    """The lines of a script that does the first updates; it is always ASCII."""
    body = [
        *_gradient_lines(setup.network),
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
    network, batches = setup.network, batches_of(setup, updates)
    yield f'"""{title(network, 1, updates)}, in PyTorch."""'
    yield from ("", "import torch", "from torch import nn", "")
    yield from ("torch.set_default_dtype(torch.float64)", "", "")
    yield from _model_class(network, setup.hyperparameters)
    yield from ("", "")
    yield from _loss_function(network, setup.hyperparameters)
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
    yield from _optimizer(network, setup.hyperparameters)
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


def _model_class(network: Network, numbers: Hyperparameters) -> Iterator[str]:
    yield from ("class Network(nn.Module):", "    def __init__(self):", "        super().__init__()")
    for layer in _layers(network):
        yield f"        self.layer{layer} = nn.Linear({network.layers[layer - 1]}, {network.layers[layer]})"
    yield from ("", "    def forward(self, x):")
    for layer in _layers(network):
        activation = _ACTIVATIONS[network.activations[layer - 1]]
        written = activation.format(f"self.layer{layer}(x)", slope=literal(numbers.leaky_slope))
        yield f"        {'return' if layer == network.depth else 'x ='} {written}"


def _loss_function(network: Network, numbers: Hyperparameters) -> Iterator[str]:
    if network.loss == "binary_cross_entropy":
        yield from _XLOGY
    yield from ("def loss_of(x, y):", "    prediction = model(x)")
    *before, loss = _data_loss(network)
    yield from indented(before)
    if network.regularized:
        yield f"    # The optimizer's {weight_decay_words(network)}"
        weights = " + ".join(f"(layer{layer}.weight**2).sum()" for layer in _layers(network))
        yield f"    penalty = 0.5 * {literal(numbers.l2)} * ({weights})"
    yield f"    return {loss}{' + penalty' if network.regularized else ''}"


_XLOGY = (
    "def xlogy(x, y):",
    "    # 0 * ln(0) and its gradient are 0; torch.xlogy has nan for that gradient.",
    "    return x * torch.log(y.masked_fill(x == 0, 1.0))",
    "",
    "",
)


def _data_loss(network: Network) -> Iterator[str]:
    """Lines for the loss of a batch, from `prediction` and without L2; the last one is an expression."""
    outputs, is_mean = network.layers[-1], network.reduction == "mean"
    if network.loss == "binary_cross_entropy":
        yield "# nn.functional.binary_cross_entropy is this, but limited where the prediction is near 0 or 1."
        yield "terms = -(xlogy(y, prediction) + xlogy(1 - y, 1 - prediction))"
        yield "terms.mean()" if is_mean else f"terms.sum() / {outputs}"
        return
    half = "0.5 * " if network.loss == "half_squared_error" else ""
    averages_outputs = network.loss == "mean_squared_error" or outputs == 1
    if is_mean and averages_outputs:
        yield f"{half}nn.functional.mse_loss(prediction, y)"
        return
    if is_mean:
        yield "# The sum over the outputs, the mean over the samples: mse_loss alone would average both."
    shared = " / len(x)" if is_mean else f" / {outputs}" if averages_outputs and outputs > 1 else ""
    yield f'{half}nn.functional.mse_loss(prediction, y, reduction="sum"){shared}'


def _parameters(setup: Setup) -> Iterator[str]:
    weights, biases = nested_parameters(setup.network, setup.parameters)
    for layer, rows, row in zip(_layers(setup.network), weights, biases, strict=True):
        yield from rows_in(f"layer{layer}.weight.copy_(torch.tensor(", rows, "))")
        yield f"layer{layer}.bias.copy_(torch.tensor({row_literal(row)}))"


def _optimizer(network: Network, numbers: Hyperparameters) -> Iterator[str]:
    parameters = "model.parameters()"
    if not network.train_biases:
        yield "# The biases stay as they are: the optimizer does not get them."
        parameters = f"[{', '.join(f'layer{layer}.weight' for layer in _layers(network))}]"
    rate = literal(numbers.learning_rate)
    match network.optimizer:
        case "momentum":
            call = f"SGD({parameters}, lr={rate}, momentum={literal(numbers.momentum)})"
        case "adam":
            betas = f"({literal(numbers.beta1)}, {literal(numbers.beta2)})"
            call = f"Adam({parameters}, lr={rate}, betas={betas}, eps={literal(numbers.epsilon)})"
        case _:
            call = f"SGD({parameters}, lr={rate})"
    yield f"optimizer = torch.optim.{call}"
