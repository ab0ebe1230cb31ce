"""Experiments as data: CSV tables and JSON Lines, in full precision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import TypeVar

from tinynet_tui.experiments.experiment import Experiment
from tinynet_tui.handouts.csv_text import csv_line
from tinynet_tui.handouts.json_text import json_encoder, json_number

R = TypeVar("R")


def csv_lines(experiment: Experiment[R], result: R) -> Iterator[str]:
    """A heading, then its rows."""
    return map(csv_line, experiment.columns(result))


def json_lines(experiment: Experiment[R], result: R) -> Iterator[str]:
    """An object on each line."""
    encoder = json_encoder(ascii=True)
    return (encoder.encode(_plain(item)) for item in experiment.objects(result))


def _plain(value: object) -> object:
    """A value as JSON knows it: a dataclass by its fields, a number that is not finite by its name."""
    if isinstance(value, float):
        return json_number(value)
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return [_plain(item) for item in value] if isinstance(value, Sequence) else value
