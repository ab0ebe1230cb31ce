"""Programs of formulas in PyTorch and in JAX: the forward pass as it is written, gradients from autograd."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from tinynet_tui.engine.expression_reading import called_in_frameworks, in_python, value
from tinynet_tui.engine.expressions import Apply, Expr, Number, names_in
from tinynet_tui.engine.model import Model, Setup
from tinynet_tui.engine.names import identifier
from tinynet_tui.engine.operation_rows import InFrameworks
from tinynet_tui.engine.python_code import own_name
from tinynet_tui.handouts.script_parts import (
    GRADIENT,
    batches_of,
    indented,
    literal,
    literals,
    repeated,
    row_literal,
    rows_in,
    title,
)
from tinynet_tui.handouts.written_update import (
    Spelling,
    jax_function,
    jax_line,
    update_lines,
    written_out_lines,
)
from tinynet_tui.rules.optimiser_rows import Call, WrittenOut
from tinynet_tui.rules.optimisers import optimiser_of


class _Dialect(NamedTuple):
    """How a framework spells what formulas are made of."""

    array: str
    """What makes a number of its own."""
    function: Callable[[InFrameworks], str]
    """What does an operation."""


_TORCH = _Dialect("torch.tensor", lambda row: row.pytorch)
_JAX = _Dialect("jnp.array", lambda row: row.jax)
_SIGNS = {"divide": "share", "to_power": "power"}
"""Operations that Python's own signs do here, where no number has to be saved from an error of Python's."""


def pytorch_lines(setup: Setup, updates: int) -> Iterator[str]:
    """The lines of a PyTorch script that does the first updates."""
    model, names = setup.model, _parameters(setup.model)
    yield f'"""{title(model, 1, updates)}, in PyTorch."""'
    yield from ("", "import torch", "", "torch.set_default_dtype(torch.float64)", "")
    yield from _functions(model, _TORCH)
    for name, number in zip(names, setup.parameters, strict=True):
        yield f"{name} = torch.tensor({literal(number)}, requires_grad=True)"
    yield ""
    yield from _sample_lines(setup, _TORCH, updates)
    yield from ("", "", f"def loss_of_sample({', '.join(_sample(model))}):")
    yield from (*indented(_formula_lines(model, _TORCH)), "", "")
    yield "def loss_of(samples):"
    every = f"({', '.join(names)},)"
    yield from (*indented(_joined_lines(setup, "loss_of_sample(*sample)", every)), "", "")
    call, rule = _call(setup), optimiser_of(model)
    yield f"parameters = [{', '.join(_trained(model))}]"
    if call is not None:
        yield f"optimizer = torch.optim.{call.format(parameters='parameters', **literals(setup))}"
    else:
        comment = rule.pytorch.comment if isinstance(rule.pytorch, WrittenOut) else ""
        trained = [parameter.name for parameter in model.trained_parameters]
        states = (f"{own_name(model, letter)} = {rows}" for letter, rows in _states(setup, _TORCH, trained))
        yield from written_out_lines(setup, _TORCH.function, comment, updates > 1, states)
    yield ""
    # Parameters are names of the script itself here, and none of its own may be one of them.
    p, loss, t = (own_name(model, name) for name in ("p", "loss", "t"))
    zeroing = "optimizer.zero_grad()" if call is not None else f"for {p} in parameters: {p}.grad = None"
    body = [
        f"{zeroing}  # else the new gradients would be added to the old ones",
        f"{loss} = loss_of(samples)",
        f"{loss}.backward()",
        f'print("loss =", {loss}.item())',
        *(f'print("{name}.grad =", {name}.grad)' for name in names),
        "",
        *(["optimizer.step()"] if call is not None else _written_step(setup)),
        *(f'print("{name} =", {name}.item())' for name in names),
        'print("loss after =", loss_of(samples).item())',
    ]
    yield from repeated(body, updates, _chosen(setup, updates, t), t)


def _chosen(setup: Setup, updates: int, t: str) -> list[str]:
    """The line that finds the batch of an update."""
    has_several = batches_of(setup, updates).size is not None
    return [f"samples = batches[({t} - 1) % len(batches)]"] if has_several else []


def _sample_lines(setup: Setup, dialect: _Dialect, updates: int) -> Iterator[str]:
    """The samples, each a row of its numbers, and the batches that they are cut into."""
    batches, names = batches_of(setup, updates), _sample(setup.model)
    yield f"# Each sample: {', '.join(names) or 'none, the loss is a function of the parameters'}"
    rows = tuple((*x, *y) for x, y in zip(batches.inputs, batches.targets, strict=True))
    yield from rows_in(f"samples = {dialect.array}(", rows, ")")
    if batches.size is not None:
        size = batches.size
        yield f"batches = [samples[i : i + {size}] for i in range(0, len(samples), {size})]"


def _call(setup: Setup) -> str | None:
    """The call of an optimiser of PyTorch's own; None where the update is written out."""
    rule = optimiser_of(setup.model)
    has_state = bool(setup.state) or "t0" in setup.model.hyperparameter_names
    return rule.pytorch.call if isinstance(rule.pytorch, Call) and not has_state else None


def _states(setup: Setup, dialect: _Dialect, of: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(letter, a list with its number for each of some parameters) of what the optimiser remembers."""
    given = dict(setup.state)
    for state in optimiser_of(setup.model).states:
        numbers = (given.get(f"{state.letter}_{name}", 0.0) for name in of)
        yield state.letter, f"[{', '.join(f'{dialect.array}({literal(number)})' for number in numbers)}]"


def _written_step(setup: Setup) -> Iterator[str]:
    model, rule = setup.model, optimiser_of(setup.model)
    i, p, g = (own_name(model, name) for name in "ipg")
    spelling = Spelling(p, g, lambda letter: f"{own_name(model, letter)}[{i}]")
    *states, change = update_lines(rule, spelling)
    yield from ("with torch.no_grad():", f"    for {i}, {p} in enumerate(parameters):")
    yield f"        {g} = torch.zeros_like({p}) if {p}.grad is None else {p}.grad"
    yield from (f"        {line}" for line in (*states, f"{p} -= {change}"))


def pytorch_attribute(model: Model, name: str) -> str | None:
    """Where the PyTorch script keeps a parameter, its gradient or its state; None for any other quantity."""
    if name in model.parameter_names:
        return identifier(name)
    own = name.removeprefix(GRADIENT)
    if name.startswith(GRADIENT) and own in model.parameter_names:
        # What nothing reads has no gradient there.
        return f"(0.0 if {identifier(own)}.grad is None else {identifier(own)}.grad)"
    return None


def jax_lines(setup: Setup, updates: int) -> Iterator[str]:
    """The lines of a JAX script that does the first updates."""
    model, names = setup.model, _parameters(setup.model)
    yield f'"""{title(model, 1, updates)}, in JAX."""'
    yield from ("", "import jax", "", 'jax.config.update("jax_enable_x64", True)', "")
    yield from ("import jax.numpy as jnp", "")
    yield from _functions(model, _JAX)
    yield f"names = {names}".replace("'", '"')
    yield f"parameters = {row_literal(setup.parameters)}"
    yield ""
    yield from _sample_lines(setup, _JAX, updates)
    # The formulas' names are known in this function alone: any name may be one of them.
    sample = own_name(model, "sample")
    yield from ("", "", f"def loss_of_sample(parameters, {sample}):")
    yield f"    [{', '.join(names)}] = parameters"
    yield f"    [{', '.join(_sample(model))}] = {sample}"
    yield from indented(_formula_lines(model, _JAX))
    yield from ("", "", "def loss_of(parameters, samples):")
    yield from indented(_joined_lines(setup, "loss_of_sample(parameters, sample)", "parameters"))
    yield from ("", "", *jax_function(setup, counted=updates > 1), "", "")
    states = dict(_states(setup, _JAX, model.parameter_names))
    yield from (f"{letter} = {rows}" for letter, rows in states.items())
    body = [
        "loss, gradients = jax.value_and_grad(loss_of)(parameters, samples)",
        'print("loss =", loss.item())',
        "for name, gradient in zip(names, gradients):",
        '    print(f"gradient of {name} = {gradient.item()}")',
        "",
        jax_line("parameters", "gradients", list(states)),
        *(
            f"parameters[{index}] = {literal(number)}  # frozen"
            for index, (parameter, number) in enumerate(zip(model.parameters, setup.parameters, strict=True))
            if not parameter.is_trained
        ),
        "for name, parameter in zip(names, parameters):",
        '    print(f"{name} = {float(parameter)}")',
        'print("loss after =", loss_of(parameters, samples).item())',
    ]
    yield from repeated(body, updates, _chosen(setup, updates, "t"))


def jax_attribute(model: Model, name: str) -> str | None:
    """Where the JAX script keeps a parameter or its gradient; None for any other quantity."""
    own = name.removeprefix(GRADIENT)
    if own not in model.parameter_names:
        return None
    kept = "gradients" if name.startswith(GRADIENT) else "parameters"
    return f"{kept}[{model.parameter_names.index(own)}]"


def _parameters(model: Model) -> list[str]:
    return list(map(identifier, model.parameter_names))


def _trained(model: Model) -> list[str]:
    return [identifier(parameter.name) for parameter in model.trained_parameters]


def _sample(model: Model) -> list[str]:
    return list(map(identifier, (*model.inputs, *model.targets)))


def _functions(model: Model, dialect: _Dialect) -> Iterator[str]:
    """The functions that the formulas call, each by its name in printed Python."""
    called = called_in_frameworks(map(_as_called, (*model.formulas.values(), model.forward.loss)))
    yield from (f"{name} = {dialect.function(row)}" for name, row in called.items())
    yield from [""] if called else []


def _formula_lines(model: Model, dialect: _Dialect) -> Iterator[str]:
    """The forward pass of one sample, and its loss returned."""
    titles = model.forward.level_titles or ("",) * len(model.forward.levels)
    for heading, level in zip(titles, model.forward.levels, strict=True):
        if heading:
            yield f"# {heading}"
        for block in level:
            for line in block.assignments:
                yield f"{identifier(line.name)} = {_written(line.expression, dialect)}"
    yield f"return {_written(model.forward.loss, dialect)}"


def _joined_lines(setup: Setup, of_sample: str, parameters: str) -> Iterator[str]:
    """The loss of a batch, of those of its samples and of the parameters, both as they are called there."""
    model = setup.model
    yield f"losses = [{of_sample} for sample in samples]"
    joined = "sum(losses) / len(losses)" if model.reduction == "mean" else "sum(losses)"
    if "L2" in model.penalties:
        joined += f" + 0.5 * {literal(setup.hyperparameters.l2)} * sum(p**2 for p in {parameters})"
    if "L1" in model.penalties:
        joined += f" + {literals(setup)['lambda1']} * sum(abs(p) for p in {parameters})"
    yield f"return {joined}"


def _written(expr: Expr, dialect: _Dialect) -> str:
    """A formula in Python; one without names is a number."""
    called = _as_called(expr)
    if isinstance(called, Number):
        return f"{dialect.array}({literal(called.value)})"
    return in_python(called)


def _as_called(expr: Expr) -> Expr:
    """A formula for numbers of a framework's own: with Python's signs, and constants worked out."""
    if not isinstance(expr, Apply):
        return expr
    if not names_in(expr):
        return Number(value(expr, _no_name))
    arguments = tuple(map(_as_called, expr.arguments))
    if expr.operation == "square":
        return Apply("power", (arguments[0], Number(2.0)))
    return Apply(_SIGNS.get(expr.operation, expr.operation), arguments)


def _no_name(_name: object) -> float:
    raise KeyError("a constant reads no name")
