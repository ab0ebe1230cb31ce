"""Faults of what training changes: frozen and trained parameters, the optimiser's state, L2 on biases."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from tinynet_tui.engine.names import STATE_LETTERS
from tinynet_tui.lessons.documents import Document, table_in
from tinynet_tui.lessons.faults import nearest
from tinynet_tui.lessons.schema import StateTable
from tinynet_tui.networks.dense import Network, parameters_of
from tinynet_tui.rules.optimisers import OPTIMISERS
from tinynet_tui.rules.piecewise_activations import LINEAR
from tinynet_tui.safety.foreign_text import shortened


def training_faults(document: Document, sound: Mapping[str, Any]) -> Iterator[str]:
    """The faults, each as "place: words"; sound: the values without a fault of their own, by place."""
    network, training = table_in(document, "network"), table_in(document, "training")
    if "program" in document:
        return  # once its formulas are known, `chosen_faults` says what is wrong
    if "l2_biases" in training and not sound.get("training.l2"):
        yield "training.l2_biases: does nothing without l2 above 0; add that, or leave this out"
    elif "l2_biases" in training and not has_bias(network):
        yield "training.l2_biases: does nothing with bias = false; leave this out"
    if "biases" in network and not has_bias(network):
        yield "network.biases: does nothing with bias = false; leave this out"
    yield from chosen_faults("network", network, sound, _parameters(sound))


def chosen_faults(
    table: str, given: Document, sound: Mapping[str, Any], parameters: Mapping[str, bool] | None
) -> Iterator[str]:
    """The faults of parameters that are named: in a table as frozen or trained, and in a state."""
    yield from _frozen_faults(table, given, sound, parameters)
    yield from _state_faults(
        sound, parameters, set(parameters or ()) - _trained(table, sound, parameters or {})
    )


def has_bias(network: Document) -> bool:
    """Whether a table [network] has a layer with biases."""
    bias = network.get("bias", True)
    return any(bias) if isinstance(bias, list) else bias is not False


def _parameters(sound: Mapping[str, Any]) -> dict[str, bool] | None:
    """The names of a network's parameters, and whether each is a weight; None where its shape has a fault."""
    layers, bias = sound.get("network.layers"), sound.get("network.bias", True)
    if not layers or (isinstance(bias, tuple) and len(bias) != len(layers) - 1):
        return None
    kinds = bias if isinstance(bias, tuple) else (bias,) * (len(layers) - 1)
    network = Network(layers, (LINEAR.name,) * (len(layers) - 1), bias=kinds)
    return {parameter.name: parameter.is_weight for parameter in parameters_of(network)}


def _frozen_faults(
    table: str, given: Document, sound: Mapping[str, Any], parameters: Mapping[str, bool] | None
) -> Iterator[str]:
    if "frozen" in given and "trained" in given:
        yield f"{table}.frozen: must not be given with trained; keep one or the other"
        return
    if parameters is None:
        return
    biases_are_trained = sound.get("network.train_biases", True)
    of_list = {name: name.partition("[")[0] for name in parameters}
    for key in ("frozen", "trained"):
        names = sound.get(f"{table}.{key}") or ()
        yield from _name_faults(f"{table}.{key}", names, dict.fromkeys((*of_list.values(), *parameters)))
        for index, name in enumerate(names):
            if name in names[:index]:
                yield f"{table}.{key}[{index}]: {shortened(name)} is there twice; must be there once"
            if not biases_are_trained and parameters.get(name) is False:
                words = {
                    "frozen": "does nothing with train_biases = false, which freezes all biases",
                    "trained": "must not be with train_biases = false, which freezes all biases",
                }
                yield f"{table}.{key}[{index}]: {shortened(name)} {words[key]}"
    named = (*(sound.get(f"{table}.frozen") or ()), *(sound.get(f"{table}.trained") or ()))
    is_known = {*parameters, *of_list.values()}.issuperset(named)
    if is_known and not _trained(table, sound, parameters):
        key = "trained" if "trained" in given else "frozen"
        yield f"{table}.{key}: must leave a parameter to train"


def _trained(table: str, sound: Mapping[str, Any], parameters: Mapping[str, bool]) -> set[str]:
    """The parameters that training changes, as far as their names are those of parameters or of lists."""
    frozen, trained = (sound.get(f"{table}.{key}") for key in ("frozen", "trained"))
    biases_are_trained = sound.get("network.train_biases", True)
    return {
        name
        for name, is_weight in parameters.items()
        if (is_weight or biases_are_trained)
        and (trained is None or not {name, name.partition("[")[0]}.isdisjoint(trained))
        and {name, name.partition("[")[0]}.isdisjoint(frozen or ())
    }


def _state_faults(
    sound: Mapping[str, Any], parameters: Mapping[str, bool] | None, frozen: Collection[str]
) -> Iterator[str]:
    state, rule = sound.get("training.state"), OPTIMISERS.get(sound.get("training.optimizer", ""))
    if not isinstance(state, StateTable) or rule is None or not rule.states:
        return
    states = {own.letter: own for own in rule.states}
    for letter in STATE_LETTERS:
        numbers = dict(getattr(state, letter))
        if numbers and letter not in states:
            keeps = " and ".join(states)
            yield f"training.state.{letter}: does nothing with {rule.name}, which remembers {keeps}"
        elif parameters is not None:
            yield from _name_faults("training.state." + letter, numbers, parameters, is_table=True)
            yield from (
                f"training.state.{letter}.{name}: does nothing, as {name} is frozen; leave this out"
                for name in numbers
                if name in frozen
            )
        if letter in states and states[letter].is_of_squares:
            yield from (
                f"training.state.{letter}.{name}: must be 0 or above: it is made of squares"
                for name, value in numbers.items()
                if value < 0
            )
    if state.t and not rule.counts_updates:
        yield f"training.state.t: does nothing with {rule.name}, which counts no updates"


def _name_faults(
    place: str, names: Iterable[str], known: Collection[str], is_table: bool = False
) -> Iterator[str]:
    """A fault for each name that no parameter has."""
    for index, name in enumerate(names):
        if name not in known:
            close = nearest(name, known)
            advice = f"; did you mean {close}?" if close else f"; there are {', '.join([*known][:3])} …"
            where = f"{place}.{shortened(name)}" if is_table else f"{place}[{index}]"
            yield f'{where}: no parameter is called "{shortened(name)}"{advice}'
