"""The glossary: what a word or a sign means, in one sentence, with a number from the screen.

Every word of the app that school algebra does not have is here; a test keeps it so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from tinynet_tui.engine.names import symbol
from tinynet_tui.rules.activations import activated_in
from tinynet_tui.rules.losses import loss_of
from tinynet_tui.rules.optimisers import optimiser_of
from tinynet_tui.session.moment import Moment
from tinynet_tui.teaching import meanings
from tinynet_tui.teaching import meanings_of_models as of_models
from tinynet_tui.teaching.meanings import Here, here_at


class GlossaryEntry(NamedTuple):
    """One entry, as it is shown and found."""

    signs: str
    """The signs of it, or what it is called elsewhere; both are found."""
    word: str
    meaning: str
    """What it is, and what it is here and now."""


def glossary(moment: Moment) -> tuple[GlossaryEntry, ...]:
    """Every entry that a moment's model has a use for: those of all, then those of its own rules."""
    here = here_at(moment)
    found = (GlossaryEntry(signs, word, meaning(here)) for signs, word, meaning in _ENTRIES)
    return (*(entry for entry in found if entry.meaning), *_of_rules(here))


def _of_rules(here: Here) -> Iterator[GlossaryEntry]:
    """What its rows say of its loss, of its activation functions, and of what its optimizer keeps."""
    model, told = here.moment.model, {"ReLU", "sigmoid"}
    loss = loss_of(model)
    if loss is not None:
        convention = loss.convention(len(model.predictions))
        plain = loss.name.replace("_", " ")
        other = ", MSE" if "squared" in plain else ", cross-entropy" if "entropy" in plain else ""
        word = f"{plain}{other}"
        yield GlossaryEntry(loss.shortest_title, word, f"{convention} {here.is_('L')}.")
    for at in activated_in(model):
        if at.function.title not in told:
            told.add(at.function.title)
            example = f"of {here.is_(at.z)} it makes {here.is_(at.name)}"
            yield GlossaryEntry("", at.function.title, f"An activation function: {example}.")
    optimiser = optimiser_of(model)
    for state in optimiser.states:
        name = f"{state.letter}_{here.parameter}"
        title = state.title.format(parameter="a parameter")
        yield GlossaryEntry(symbol(name), f"{optimiser.noun}: {title}", f"{state.sentence} {here.is_(name)}.")


_ENTRIES: tuple[tuple[str, str, Callable[[Here], str]], ...] = (
    ("∂ d", "derivative", meanings.derivative_means),
    ("∂L/∂w", "gradient", meanings.gradient_means),
    ("", "numerical gradient", meanings.numerical_means),
    ("·", "chain rule", meanings.chain_rule_means),
    ("", "factor", meanings.factor_means),
    ("", "path", meanings.path_means),
    ("", "local derivative", meanings.local_means),
    ("", "slope", meanings.slope_means),
    ("", "nudge", meanings.nudge_means),
    ("η eta", "learning rate", meanings.rate_means),
    ("ŷ − y", "error", meanings.error_means),
    ("δ delta", "delta", meanings.delta_means),
    ("L", "loss", meanings.loss_means),
    ("ŷ yhat", "prediction, output", meanings.prediction_means),
    ("y", "target", meanings.target_means),
    ("x", "input", meanings.input_means),
    ("w", "weight", meanings.weight_means),
    ("b", "bias", meanings.bias_means),
    ("w b", "parameter", meanings.parameter_means),
    ("node", "neuron", meanings.neuron_means),
    ("z", "sum, pre-activation", meanings.sum_means),
    ("h a", "activation", meanings.activation_means),
    ("", "activation function", meanings.function_means),
    ("", "ReLU", meanings.relu_means),
    ("σ", "sigmoid", meanings.sigmoid_means),
    ("", "gate", meanings.gate_means),
    ("", "dead", meanings.dead_means),
    ("", "layer", meanings.layer_means),
    ("", "forward", meanings.forward_means),
    ("", "backward, backpropagation", meanings.backward_means),
    ("←", "update, training", meanings.update_means),
    ("", "descent", meanings.descent_means),
    ("‖∇L‖²", "promise of the gradients", meanings.norm_means),
    ("inf nan", "diverged, bits", meanings.diverged_means),
    ("", "sample", meanings.sample_means),
    ("mean L", "batch", meanings.batch_means),
    ("", "epoch", meanings.epoch_means),
    ("", "frozen", meanings.frozen_means),
    ("λ L2", "L2", meanings.penalty_means),
    ("e / S", "softmax", of_models.softmax_means),
    ("multi-layer perceptron", "MLP", of_models.mlp_means),
    ("query, key, value, score", "head, attention", of_models.head_means),
    ("", "token", of_models.token_means),
    ("", "causal", of_models.causal_means),
    ("norm", "normed", of_models.normed_means),
    ("−ln", "cross-entropy", of_models.cross_entropy_means),
    ("(ŷ − y)²", "MSE, mean squared error", of_models.mean_squared_error_means),
    ("→4 ←4 ↑7 ↓7 v7", "graph, diagram", of_models.graph_means),
)
