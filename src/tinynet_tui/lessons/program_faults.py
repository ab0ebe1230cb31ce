"""Faults of a lesson of formulas: what does not go with them, and what is wrong in them, with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tinynet_tui.lessons.documents import Document, table_in
from tinynet_tui.lessons.schema import Needs, RecipeTable, is_idle, keys_of, needed
from tinynet_tui.lessons.training_faults import chosen_faults
from tinynet_tui.rules.hyperparameters import hyperparameters
from tinynet_tui.rules.losses import LOSSES
from tinynet_tui.rules.optimisers import GRADIENT_DESCENT
from tinynet_tui.safety.foreign_text import shortened

if TYPE_CHECKING:
    from tinynet_tui.networks.formulas import Formulas

IDLE = {
    ("training", "loss"): "loss in [program]",
    **{("training", own.key): "loss in [program]" for own in hyperparameters(LOSSES.values())},
    ("training", "l2_biases"): "l2, which counts all parameters",
    **{("data", key): "columns and rows" for key in ("inputs", "targets", "classes")},
}
"""(table, key) of what does nothing beside [program], and what there is instead."""


def program_faults(document: Document, sound: Mapping[str, Any]) -> Iterator[str]:
    """The faults between the keys of a lesson of formulas, and those of its formulas."""
    if "program" not in document:
        for key in ("columns", "rows"):
            if key in table_in(document, "data"):
                yield f"data.{key}: does nothing without [program]; use inputs and targets"
        return
    if "network" in document:
        yield "program: must not be given with [network]; keep one or the other"
        return
    for (table, key), instead in IDLE.items():
        if key in table_in(document, table):
            yield f"{table}.{key}: does nothing in a lesson of formulas; use {instead}"
    if any(f"program.{key}" not in sound for key in ("loss", "forward", *table_in(document, "program"))):
        return
    faults = [*_data_faults(document, sound), *_start_faults(sound), *_idle_recipe_faults(document, sound)]
    yield from faults or _formula_faults(table_in(document, "program"), sound)


def _data_faults(document: Document, sound: Mapping[str, Any]) -> Iterator[str]:
    """Faults of rows that are not as long as the columns, or of one without the other."""
    data = table_in(document, "data")
    for key, other in (("columns", "rows"), ("rows", "columns")):
        if key in data and other not in data:
            yield f"data.{other}: missing; must be given with {key}"
    columns, rows = sound.get("data.columns", ()), sound.get("data.rows", ())
    for index, row in enumerate(rows if "columns" in data else ()):
        if len(row) != len(columns):
            noun = "entry" if len(columns) == 1 else "entries"
            yield f"data.rows[{index}]: must have {len(columns)} {noun}, one for each column, not {len(row)}"
    for index, name in enumerate(columns):
        if fault := _column_fault(name):
            yield f"data.columns[{index}]: {fault}"
        elif name in columns[:index]:
            yield f"data.columns[{index}]: {shortened(name)} is a column already"


def _column_fault(name: str) -> str | None:
    from tinynet_tui.networks.formula_expressions import given_name_fault

    return given_name_fault(name)


def _start_faults(sound: Mapping[str, Any]) -> Iterator[str]:
    """Faults in what training starts from: names, and recipes that draw nothing."""
    from tinynet_tui.networks.formula_expressions import name_fault
    from tinynet_tui.networks.formula_start import Recipe, names_drawn

    parameters, init = dict(sound.get("program.parameters", ())), sound.get("program.init", ())
    columns = sound.get("data.columns", ())
    bases = {name.partition("[")[0] for name in columns}
    for name in parameters:
        place = f"program.parameters.{shortened(name)}"
        if fault := name_fault(name):
            yield f"{place}: {shortened(fault) if len(name) > 40 else fault}"
        elif name in bases:
            yield f"{place}: is a column as well; choose another name"
    recipes = tuple(Recipe(name, r.init, r.shape, r.value, r.seed) for name, r in init)
    known = frozenset({*parameters, *bases})
    drawn = names_drawn(sound["program.forward"], sound["program.loss"], known, recipes)
    for recipe in recipes:
        place = f"program.init.{shortened(recipe.names)}"
        fault = name_fault(recipe.names.replace("*", "a"))
        if fault:
            yield f"{place}: must be a name or a pattern such as w*"
        elif recipe.names in parameters:
            yield f"{place}: must not be given with a number in parameters; keep one or the other"
        elif not any(found.names == recipe.names for _, found, _ in drawn):
            yield f"{place}: draws nothing; the formulas read no such name that is not given"
    if not parameters and not drawn:
        yield "program.parameters: missing; there must be a number that training can change"


def idle_in_recipes(document: Document, sound: Mapping[str, Any]) -> Iterator[tuple[str, str, Needs]]:
    """(names, key, what it needs) of each key of a recipe that does nothing beside its init."""
    given = table_in(document, "program").get("init", {})
    for names, recipe in sound.get("program.init", ()):
        for key, row in keys_of(RecipeTable).items():
            if row.needs and key in given[names] and is_idle(row.needs, recipe.init):
                yield names, key, row.needs


def _idle_recipe_faults(document: Document, sound: Mapping[str, Any]) -> Iterator[str]:
    for names, key, needs in idle_in_recipes(document, sound):
        words = f"does nothing without {needed(needs)}; add that, or leave this out"
        yield f"program.init.{shortened(names)}.{key}: {words}"


def _formula_faults(program: Document, sound: Mapping[str, Any]) -> Iterator[str]:
    from msgspec import convert

    from tinynet_tui.lessons.schema import DataTable, Lesson, NetworkTable, ProgramTable, TrainingTable
    from tinynet_tui.lessons.setup import formulas_of, program_parameters
    from tinynet_tui.networks.formulas import formula_faults

    optimizer, l1 = sound.get("training.optimizer", GRADIENT_DESCENT.name), sound.get("training.l1", 0.0)
    lesson = Lesson(
        "-",
        NetworkTable(),
        DataTable(columns=sound.get("data.columns", ())),
        convert({"learning_rate": 1.0, "loss": None, "optimizer": optimizer, "l1": l1}, TrainingTable),
        program=ProgramTable(
            sound["program.loss"],
            sound["program.forward"],
            sound.get("program.parameters", ()),
            sound.get("program.init", ()),
        ),
    )
    formulas = formulas_of(lesson, tuple(dict(program_parameters(lesson))))
    faults = list(formula_faults(formulas))
    for fault in faults:
        yield f"program.{fault.text}, line {fault.place.line}, column {fault.place.column}: {fault.words}"
    if not faults:
        yield from _unread_faults(formulas, sound)
        yield from chosen_faults("program", program, sound, dict.fromkeys(formulas.parameters, True))


def _unread_faults(formulas: Formulas, sound: Mapping[str, Any]) -> Iterator[str]:
    """A fault for each parameter that no formula reads; of a list one number is enough."""
    from tinynet_tui.networks.formula_reading import names_read

    read = {name.partition("[")[0] for name in names_read(formulas.forward, formulas.loss)}
    for name in dict.fromkeys(name.partition("[")[0] for name in formulas.parameters):
        if name not in read:
            table = "parameters" if name in dict(sound["program.parameters"]) else "init"
            yield f"program.{table}.{shortened(name)}: no formula reads it; use it, or leave it out"
