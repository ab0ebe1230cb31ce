"""Lesson files broken at random: either a lesson or clean lines, never anything else."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tinynet_tui.lessons.reading import LessonFault, parse_lesson
from tinynet_tui.lessons.schema import LIMITS, setup_of
from tinynet_tui.lessons.shipped import shipped_lessons, shipped_text

_LINES = [line for item in shipped_lessons() for line in shipped_text(item.name).split("\n")]
_VALUES = (
    *("1", "-1", "0", "nan", "-inf", "1e400", "true", '"x"', '"full"', '"\\u001b[2J"', "2024-01-01"),
    *("[]", "[[]]", "[[[]]]", "[[1, 2], 3]", "{}", "{a = 1}"),
    *("9" * 400, "9" * 5000, "0x" + "f" * 400),
)


def _is_lesson_or_clean_fault(text: str | bytes) -> None:
    lines: tuple[str, ...] = ("a lesson",)
    try:
        setup_of(parse_lesson(text, "x.toml"))
    except LessonFault as fault:
        lines = fault.lines
    assert 1 <= len(lines) <= LIMITS.faults + 1
    assert all(line.isprintable() and len(line) < 300 for line in lines)


@st.composite
def _broken(draw: st.DrawFn) -> str:
    name = draw(st.sampled_from([item.name for item in shipped_lessons()]))
    lines = shipped_text(name).split("\n")
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        line = lines[at]
        match draw(st.sampled_from(("drop", "double", "value", "key", "line", "cut"))):
            case "drop":
                lines[at] = ""
            case "double":
                lines.insert(at, line)
            case "value":
                lines[at] = line.split("=")[0] + "= " + draw(st.sampled_from(_VALUES))
            case "key":
                cut = draw(st.integers(0, len(line)))
                lines[at] = line[:cut] + draw(st.characters()) + line[cut + 1 :]
            case "line":
                lines[at] = draw(st.sampled_from(_LINES))
            case "cut":
                lines[at] = line[: draw(st.integers(0, len(line)))]
    return "\n".join(lines)


@given(_broken())
@settings(deadline=None, max_examples=400)
def test_a_broken_lesson(text: str) -> None:
    """Keys dropped, doubled and misspelt, values of every kind, lines of other lessons."""
    _is_lesson_or_clean_fault(text)


@given(st.binary(max_size=200), st.integers(0, 900))
@settings(deadline=None)
def test_random_bytes_inside_a_lesson(noise: bytes, at: int) -> None:
    """And in place of one."""
    whole = shipped_text("lecture").encode()
    _is_lesson_or_clean_fault(whole[:at] + noise + whole[at:])
    _is_lesson_or_clean_fault(noise)
