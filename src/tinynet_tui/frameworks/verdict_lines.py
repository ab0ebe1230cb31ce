"""Verdicts as text and as JSON Lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.walks import number_text
from tinynet_tui.frameworks.verdicts import Difference, Verdict
from tinynet_tui.handouts.records import json_line

_JUDGE, _COLUMN = 20, 26
"""Cells of the columns."""
_LARGE = 1e-6
"""A larger difference that is rounding of large numbers is called so: its number would look like a fault."""
_NAMED = 4
"""The most parameters that are named in a sentence."""


def text_lines(title: str, parameters: int, found: Iterable[Verdict]) -> Iterator[str]:
    """A table, a line for each judge, each with what there is to say of it; then the result."""
    yield f"{title}: update 1, {parameters:,} parameters, beside what others make of it"
    yield ""
    yield f"{'':{_JUDGE}}{'gradients differ by':{_COLUMN}}{'new parameters by':{_COLUMN}}".rstrip()
    seen = list[Verdict]()
    for verdict in found:
        yield _row(verdict)
        yield from (f"    {sentence}" for sentence in _sentences(verdict, parameters))
        seen.append(verdict)
    yield ""
    yield _result(seen)


def _row(verdict: Verdict) -> str:
    judge = f"{verdict.judge} {verdict.version}"
    if verdict.status in ("not installed", "no answer"):
        words = "not installed: " if verdict.status == "not installed" else ""
        return f"{judge:{_JUDGE}}{words}{verdict.words}"
    columns = (_cell(difference) for difference in (verdict.gradients, verdict.parameters))
    return f"{judge:{_JUDGE}}{''.join(f'{text:{_COLUMN}}' for text in columns)}{_word(verdict)}"


def _word(verdict: Verdict) -> str:
    """The status; where not one number was judged there is nothing to agree with."""
    return "not judged" if verdict.status == "agrees" and verdict.gradients is None else verdict.status


def _cell(difference: Difference | None) -> str:
    """0, or 2.2e-16 at ∂L/∂w₅; nothing where nothing was compared."""
    if difference is None:
        return ""
    if not difference.size:
        return "0"
    is_much = difference.size > _LARGE and not difference.is_real
    return f"{'rounding' if is_much else f'{difference.size:.1e}'} at {symbol(difference.name)}"


def _sentences(verdict: Verdict, parameters: int) -> Iterator[str]:
    for difference in (verdict.gradients, verdict.parameters):
        if difference is not None and difference.is_real:
            ours, theirs = number_text(difference.ours), number_text(difference.theirs)
            yield f"{symbol(difference.name)} is {ours} here and {theirs} there: that is not rounding."
    if verdict.bends:
        yield f"Not judged: {_names(verdict.bends)}. A ReLU opens or closes right here:"
        yield "the loss has a bend, and there a difference quotient is no derivative."
    if verdict.overflowing:
        yield f"Not judged: {_names(verdict.overflowing)}. There is inf, nan or a number beyond 1e100."
    if verdict.coarse:
        yield f"Not judged: {_names(verdict.coarse)}. A prediction is so close to 0 or 1, or so large,"
        yield "that its last digits decide on the loss: differences of the loss are no derivative."
    unjudged = len(verdict.bends) + len(verdict.overflowing) + len(verdict.coarse)
    missing = parameters - verdict.checked - unjudged
    if verdict.checked and missing > 0:
        done = f"{parameters - missing:,} of {parameters:,} parameters"
        yield f"Time was up after {done}; --time-limit gives more."


def _names(names: tuple[str, ...]) -> str:
    """w₁, w₂ and 3 more."""
    if len(names) <= _NAMED:
        return ", ".join(map(symbol, names))
    return f"{', '.join(map(symbol, names[: _NAMED - 1]))} and {len(names) - _NAMED + 1:,} more"


def _result(seen: list[Verdict]) -> str:
    differ = [verdict.judge for verdict in seen if verdict.status == "differs"]
    silent = [verdict.judge for verdict in seen if verdict.status == "no answer"]
    result = "Nothing differs by more than rounding."
    if differ:
        result = f"A real difference: {', '.join(differ)}."
    elif all(verdict.gradients is None for verdict in seen):
        result = "Nothing was judged."
    return f"{result} No answer: {', '.join(silent)}." if silent else result


def json_lines(found: Iterable[Verdict], ascii: bool) -> Iterator[str]:
    """One object for each judge. The keys and their order are a contract."""
    for verdict in found:
        yield json_line(
            {
                "judge": verdict.judge,
                "version": verdict.version or None,
                "status": _word(verdict),
                "words": verdict.words,
                "checked": verdict.checked,
                "gradients": _difference_object(verdict.gradients),
                "parameters": _difference_object(verdict.parameters),
                "bends": verdict.bends,
                "overflowing": verdict.overflowing,
                "coarse": verdict.coarse,
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
