"""The results of checks as text and as JSON Lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tinynet_tui.engine.expression_reading import number_text
from tinynet_tui.engine.names import symbol
from tinynet_tui.frameworks.gradient_check import CheckResult, Difference
from tinynet_tui.handouts.records import json_line

_JUDGE, _COLUMN = 24, 24
"""Cells of the columns; a text that is as long or longer has a space behind it."""
_LARGE = 1e-6
"""A larger difference that is rounding of large numbers is called so: its number would look like a fault."""
_NAMED = 4
"""The most parameters that are named in a sentence."""


def text_lines(title: str, parameters: int, found: Iterable[CheckResult]) -> Iterator[str]:
    """A table with a line for each judge and notes below; then the verdict."""
    yield f"{title}: update 1, {parameters:,} parameters, beside what others make of it"
    yield ""
    yield f"{'':{_JUDGE}}{'gradients differ by':{_COLUMN}}{'new parameters by':{_COLUMN}}".rstrip()
    seen = list[CheckResult]()
    for result in found:
        yield _row(result)
        yield from (f"    {sentence}" for sentence in _sentences(result, parameters))
        seen.append(result)
    yield ""
    yield _conclusion(seen)


def _row(result: CheckResult) -> str:
    judge = f"{result.judge} {result.version}"
    if result.status in ("not installed", "no answer", "not asked"):
        words = "not installed: " if result.status == "not installed" else ""
        return f"{judge:{_JUDGE - 1}} {words}{result.words}"
    columns = (_cell(difference) for difference in (result.gradients, result.parameters))
    return f"{judge:{_JUDGE - 1}} {''.join(f'{text:{_COLUMN - 1}} ' for text in columns)}{_word(result)}"


def _word(result: CheckResult) -> str:
    """The status; where not one number was judged there is nothing to agree with."""
    return "not judged" if result.status == "agrees" and result.gradients is None else result.status


def _cell(difference: Difference | None) -> str:
    """0, or 2.2e-16 at ∂L/∂w₅; nothing where nothing was compared."""
    if difference is None:
        return ""
    if not difference.size:
        return "0"
    is_much = difference.size > _LARGE and not difference.is_real
    return f"{'rounding' if is_much else f'{difference.size:.1e}'} at {symbol(difference.name)}"


def _sentences(result: CheckResult, parameters: int) -> Iterator[str]:
    for difference in (result.gradients, result.parameters):
        if difference is not None and difference.is_real:
            ours, theirs = number_text(difference.ours), number_text(difference.theirs)
            yield f"{symbol(difference.name)} is {ours} here and {theirs} there: that is not rounding."
    if result.bends:
        yield f"Not judged: {_names(result.bends)}. A ReLU opens or closes right here:"
        yield "the loss has a bend, and there a difference quotient is no derivative."
    if result.overflowing:
        yield f"Not judged: {_names(result.overflowing)}. There is inf, nan or a number beyond 1e100."
    if result.coarse:
        yield f"Not judged: {_names(result.coarse)}. A prediction is so close to 0 or 1, or so large,"
        yield "that its last digits decide on the loss: differences of the loss are no derivative."
    unjudged = len(result.bends) + len(result.overflowing) + len(result.coarse)
    missing = parameters - result.checked - unjudged
    if result.checked and missing > 0:
        done = f"{parameters - missing:,} of {parameters:,} parameters"
        yield f"Time was up after {done}; --time-limit gives more."


def _names(names: tuple[str, ...]) -> str:
    """w₁, w₂ and 3 more."""
    if len(names) <= _NAMED:
        return ", ".join(map(symbol, names))
    return f"{', '.join(map(symbol, names[: _NAMED - 1]))} and {len(names) - _NAMED + 1:,} more"


def _conclusion(seen: list[CheckResult]) -> str:
    differ = [result.judge for result in seen if result.status == "differs"]
    silent = [result.judge for result in seen if result.status == "no answer"]
    words = "Nothing differs by more than rounding."
    if differ:
        words = f"A real difference: {', '.join(differ)}."
    elif all(result.gradients is None for result in seen):
        words = "Nothing was judged."
    return f"{words} No answer: {', '.join(silent)}." if silent else words


def json_lines(found: Iterable[CheckResult], ascii: bool) -> Iterator[str]:
    """One object for each judge. The keys and their order are a contract."""
    for result in found:
        yield json_line(
            {
                "judge": result.judge,
                "version": result.version or None,
                "status": _word(result),
                "words": result.words,
                "checked": result.checked,
                "gradients": _difference_object(result.gradients),
                "parameters": _difference_object(result.parameters),
                "bends": result.bends,
                "overflowing": result.overflowing,
                "coarse": result.coarse,
            },
            ascii,
        )


def _difference_object(difference: Difference | None) -> dict[str, object] | None:
    if difference is None:
        return None
    return {
        "difference": difference.size,
        "at": difference.name,
        "ours": difference.ours,
        "theirs": difference.theirs,
        "allowed": difference.allowed,
    }
