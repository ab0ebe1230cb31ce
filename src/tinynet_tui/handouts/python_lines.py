"""Lines of a Python script that know which step they are, indented and folded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tinynet_tui.handouts.script_parts import WIDTH

_VALUES = 4
"""The most values that are printed on one line."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a script."""

    text: str
    step: tuple[bool, int] | None = None
    """What it assigns: whether one of `Program.sample_steps`, and the position there or, else, among
    `closing_steps`; None where it assigns no step."""


def plain(texts: Iterable[str]) -> list[Line]:
    """Lines that assign no step."""
    return [Line(text) for text in texts]


def indented(lines: Iterable[Line]) -> Iterator[Line]:
    """Lines moved to the right by one level; empty ones stay empty."""
    return (replace(line, text=f"    {line.text}" if line.text else "") for line in lines)


def folded(lines: Iterable[Line]) -> Iterator[Line]:
    """Lines, those too long taken apart: a sum before its plus signs, a row of numbers after its commas."""
    for line in lines:
        if len(line.text) <= WIDTH:
            yield line
        else:
            yield from (replace(line, text=text) for text in _folded(line.text))


def _folded(text: str) -> Iterator[str]:
    margin = " " * (len(text) - len(text.lstrip()))
    name, assigned, value = text.strip().partition(" = ")
    if name.startswith("("):
        yield from _filled(name.split(", "), margin, ", ", hanging=" ")
    elif assigned and name.isidentifier() and " + " in value:
        yield f"{margin}{name} = ("
        yield from _filled(value.split(" + "), f"{margin}    ", " + ")
        yield f"{margin})"
    else:
        yield text


def _filled(parts: list[str], margin: str, apart: str, hanging: str = "") -> Iterator[str]:
    """Lines of parts, as many on each as there is room for; a comma ends a line, another sign begins one."""
    ends, begins = (apart.rstrip(), "") if apart.startswith(",") else ("", apart.lstrip())
    line = margin + parts[0]
    for part in parts[1:]:
        if len(line + apart + part) < WIDTH:
            line += apart + part
        else:
            yield line + ends
            line = margin + hanging + begins + part
    yield line


def prints(names: Iterable[str]) -> Iterator[str]:
    """Lines that print values with their names, a few on each: print(f"{z1 = }   {h1 = }")."""
    fields = [f"{{{name} = }}" for name in names]
    for start in range(0, len(fields), _VALUES):
        yield f'print(f"{"   ".join(fields[start : start + _VALUES])}")'
