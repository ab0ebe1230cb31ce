"""Where frameworks keep a quantity of the trace: `layer1.weight.grad[0, 1]`, `gradients[0][1, 0]`.

The names are those of the scripts that `--format pytorch` and `--format keras` print, and of the one in JAX
that `check` runs. PyTorch and Keras count layers from 1 as here, JAX from 0; neurons and inputs count from 0.
PyTorch and JAX have a weight at [neuron, input], Keras at [input, neuron].
"""

from __future__ import annotations

from functools import lru_cache

from tinynet_tui.networks.dense import Network, Parameter, parameters_of
from tinynet_tui.rules.optimisers import OPTIMISERS, WrittenOut

_GRADIENT = "dL/d"


def pytorch_attribute(network: Network, name: str) -> str | None:
    """Where PyTorch keeps a parameter, its gradient or its optimizer state; None for any other quantity.

    Example:
        >>> lecture = Network((2, 2, 1), ("relu", "relu"), numbering="source")
        >>> pytorch_attribute(lecture, "w3"), pytorch_attribute(lecture, "dL/db1")
        ('layer1.weight[0, 1]', 'layer1.bias.grad[0]')
    """
    parameter = _parameter(network, name)
    if parameter is None:
        return None
    tensor = f"layer{parameter.layer}.{'weight' if parameter.is_weight else 'bias'}"
    place = _place(parameter.neuron, parameter.input)
    if name == parameter.name:
        return f"{tensor}{place}"
    if name.startswith(_GRADIENT):
        return f"{tensor}.grad{place}"
    state = OPTIMISERS[network.optimizer].state(name)
    return f'optimizer.state[{tensor}]["{state.pytorch}"]{place}' if state else None


def keras_attribute(network: Network, name: str) -> str | None:
    """Where Keras's script keeps a parameter, its gradient or optimizer state; None for any other quantity.

    Example:
        >>> lecture = Network((2, 2, 1), ("relu", "relu"), numbering="source")
        >>> keras_attribute(lecture, "w3"), keras_attribute(lecture, "dL/db1")
        ('layer1.kernel[1, 0]', 'gradients[1][0]')
    """
    parameter = _parameter(network, name)
    if parameter is None:
        return None
    place = _place(parameter.input, parameter.neuron) if parameter.input else _place(parameter.neuron)
    if name == parameter.name:
        return f"layer{parameter.layer}.{'kernel' if parameter.is_weight else 'bias'}{place}"
    # The variables of a model are the kernel and the bias of one layer after another.
    variable = 2 * (parameter.layer - 1) + (not parameter.is_weight)
    if name.startswith(_GRADIENT):
        return f"gradients[{variable}]{place}"
    optimiser = OPTIMISERS[network.optimizer]
    state = optimiser.state(name) if isinstance(optimiser.keras, WrittenOut) else None
    return f"{state.letter}[{variable}]{place}" if state else None


def jax_attribute(network: Network, name: str) -> str | None:
    """Where JAX's script keeps a parameter, and `jax.grad` its gradient; None for any other quantity.

    Example:
        >>> lecture = Network((2, 2, 1), ("relu", "relu"), numbering="source")
        >>> jax_attribute(lecture, "w3"), jax_attribute(lecture, "dL/db1")
        ('weights[0][0, 1]', 'gradients[1][0][0]')
    """
    parameter = _parameter(network, name)
    if parameter is None:
        return None
    place = f"[{parameter.layer - 1}]{_place(parameter.neuron, parameter.input)}"
    if name == parameter.name:
        return f"{'weights' if parameter.is_weight else 'biases'}{place}"
    # The gradient is a pair: of the weights of all layers, and of their biases.
    return f"gradients[{0 if parameter.is_weight else 1}]{place}" if name.startswith(_GRADIENT) else None


def _parameter(network: Network, name: str) -> Parameter | None:
    """The parameter that a name is, or is the gradient or the optimizer state of."""
    own = name.removeprefix(_GRADIENT) if name.startswith(_GRADIENT) else name.rpartition("_")[2]
    return _by_name(network).get(own)


@lru_cache(maxsize=32)
def _by_name(network: Network) -> dict[str, Parameter]:
    return {parameter.name: parameter for parameter in parameters_of(network)}


def _place(*numbers: int | None) -> str:
    """An index from 0, of numbers from 1; None is left out."""
    return f"[{', '.join(str(number - 1) for number in numbers if number is not None)}]"
