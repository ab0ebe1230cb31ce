"""Edits: numbers that a learner changed, and what they make of a training run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite

from tinynet_tui.engine.model import Model, Rows, Setup
from tinynet_tui.engine.training import Point
from tinynet_tui.rules.losses import loss_of

LEARNING_RATE = "eta"
"""The name that an edit of the learning rate bears."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One number changed at the start of an update; training goes on from there with it."""

    update: int
    """The first update that it holds for, from 1."""
    name: str
    """A parameter, an input, a target, or `eta`."""
    value: float
    sample: int | None = None
    """From 1; inputs and targets alone have it."""


def editable_names(model: Model) -> tuple[str, ...]:
    """What can be selected and edited, in order: parameters, inputs, targets."""
    return (*model.parameter_names, *model.inputs, *model.targets)


def edit_fault(model: Model, name: str, value: float) -> str | None:
    """Why a number cannot take the place of another, or None."""
    if not isfinite(value):
        return "it has to be a finite number"
    if name == LEARNING_RATE and value <= 0:
        return "it has to be greater than 0"
    loss = loss_of(model)
    if loss is not None and loss.needs and name in model.targets and not loss.needs.allows(value):
        return f"for {loss.needs.noun} a target has to be {loss.needs.targets}"
    return None


def with_edit(setup: Setup, point: Point, edit: Edit) -> tuple[Setup, Point]:
    """A setup and a point of its training with one number changed."""
    model = setup.model
    if edit.name == LEARNING_RATE:
        hyperparameters = replace(setup.hyperparameters, learning_rate=edit.value)
        return replace(setup, hyperparameters=hyperparameters), point
    if edit.name in model.inputs:
        return replace(setup, inputs=_with_cell(setup.inputs, edit, model.inputs)), point
    if edit.name in model.targets:
        return replace(setup, targets=_with_cell(setup.targets, edit, model.targets)), point
    index = model.parameter_names.index(edit.name)
    return setup, replace(point, parameters=_with_value(point.parameters, index, edit.value))


def _with_cell(rows: Rows, edit: Edit, names: tuple[str, ...]) -> Rows:
    assert edit.sample is not None, "an edit of an input or a target names its sample"
    index = edit.sample - 1
    row = _with_value(rows[index], names.index(edit.name), edit.value)
    return (*rows[:index], row, *rows[index + 1 :])


def _with_value(values: tuple[float, ...], index: int, value: float) -> tuple[float, ...]:
    return (*values[:index], value, *values[index + 1 :])
