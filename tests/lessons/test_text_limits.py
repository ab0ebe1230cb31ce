"""However a file is filled, it is read or refused, with calls in proportion to its size.

What goes on within one call, of a regular expression or of a text, is not seen here: `text_limits` says why
its expressions are linear, and files of the greatest size are read whole.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.campaigns.bad_lessons import check_mutant
from tests.campaigns.mutations import Mutant
from tinynet_tui.lessons.reading import LessonFault, parse_lesson
from tinynet_tui.lessons.schema import LIMITS
from tinynet_tui.lessons.shipped import shipped_lesson, shipped_text
from tinynet_tui.lessons.text_limits import limit_faults

GOOD = shipped_text("lecture")
SPACE = LIMITS.file_bytes - len(GOOD.encode()) - 100


def _full(unit: str, opening: str = "", closing: str = "\n", size: int = SPACE) -> str:
    return opening + unit * (size // len(unit.encode())) + closing


HARMLESS = {
    "comment of escaped quotes": _full('\\"', "# "),
    "comment of quotes": _full('"', "# "),
    "comment of keys": _full('"a".', "# "),
    "comment of brackets": _full("[", "# "),
    "comment of digits": _full("9", "# "),
    "empty lines": _full("\n"),
    "lines of Windows": _full("\r\n"),
    "blanks": _full(" "),
}
"""By what they are, starts of a file that is a lesson still."""
REFUSED = {
    "text of escaped quotes": (_full('\\"', 'a = "', '"\n'), "a: unknown key"),
    "long text of quotes": (_full('\\"', 'a = """', '"""\n'), "a: unknown key"),
    "long text of folds": (_full("\\\n", 'a = """', '"""\n'), "a: unknown key"),
    "text that is not closed": (_full('\\"', 'a = "'), "not TOML"),
    "keys of 8 parts": ("".join(f"k{n}.a.b.c.d.e.f.g = 1\n" for n in range(3000)), "k0: unknown key"),
    "dotted keys": ("".join(f"a.b.c{n} = 1\n" for n in range(12_000)), "keys and values; at most"),
    "keys of 32 parts": (
        "".join(f"k{n}.{'a.' * 30}b = 1\n" for n in range(12_000)),
        "line 1: a key of too many parts; must have at most 8",
    ),
    "one key of many parts": (_full("a.", "", "b = 1\n"), "a key of too many parts"),
    "one key of many quoted parts": (_full('"a" . ', "", "b = 1\n"), "texts and comments; at most"),
    "table of many parts": (_full("a.", "[", "b]\n"), "a key of too many parts"),
    "lists in lists": (_full("[", "a = "), "line 1: lists nested too deep"),
    "tables in tables": (_full("{a=", "a = "), "line 1: lists nested too deep"),
    "whole number": (_full("9", "a = "), "line 1: a number of over 4300 digits"),
    "digits and lines between": (_full("_9", "a = 9"), "line 1: a number of over 4300 digits"),
    "number to the base of 16": (_full("f", "a = 0x"), "a: unknown key"),
    "name of a key": (_full("a", "", " = 1\n"), f"{'a' * 40}…: unknown key"),
    "keys": ("".join(f"k{n} = 1\n" for n in range(60_000)), "line 30001: more than 30,000 keys and values"),
    "tables": ("".join(f"[k{n}]\n" for n in range(60_000)), "line 30001: more than 30,000 keys and values"),
    "numbers": (_full("1,", "a = [", "]\n"), "line 1: more than 30,000 keys and values"),
    "texts": (_full('"",', "a = [", "]\n"), "line 1: more than 30,000 texts and comments"),
    "comments": (_full("#\n"), "line 30001: more than 30,000 texts and comments"),
    "notes": (_full('[[notes]]\nat = "w99"\ntext = "t"\n', size=100_000), "notes["),
}
"""By what they are, starts of a file, and what is said of it."""


@pytest.mark.parametrize("start", HARMLESS.values(), ids=list(HARMLESS))
def test_a_file_may_be_full_of_what_says_nothing(start: str) -> None:
    """It is the same lesson."""
    assert parse_lesson(start + GOOD, "x") == shipped_lesson("lecture")
    assert list(limit_faults(start.replace("\r\n", "\n") + GOOD)) == []


@pytest.mark.parametrize(("start", "said"), REFUSED.values(), ids=list(REFUSED))
def test_a_file_full_of_anything_else_is_told_in_clear_lines(start: str, said: str, tmp_path: Path) -> None:
    """Long before the guard against endless work ends it."""
    check_mutant(Mutant("full", (start + GOOD).encode()[: LIMITS.file_bytes], said), tmp_path, in_shell=False)


def _calls(text: str) -> int:
    """How many functions are called to read a text, those of C too."""
    count = 0

    def counted(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        parse_lesson(text, "x")
    except LessonFault:
        pass
    finally:
        sys.setprofile(before)
    return count


def of_formulas(text: str) -> str:
    """A lesson of one parameter and of these formulas."""
    return (
        f'[program]\nforward = """\n{text}"""\nloss = "w"\n[program.parameters]\nw = 1\n'
        "[training]\nlearning_rate = 0.1\n"
    )


GROWING: dict[str, Callable[[int], str]] = {
    "escapes": lambda n: f'a = "{chr(92)}"{chr(92) * 2 * n}"',
    "numbers": lambda n: f"a = [{'1,' * n}]",
    "keys": lambda n: "".join(f"k{i} = 1\n" for i in range(n)),
    "dotted keys": lambda n: "".join(f"a.b.c.k{i} = 1\n" for i in range(n)),
    "tables": lambda n: "".join(f"[a.b.c.k{i}]\n" for i in range(n)),
    "keys of a table": lambda n: "[network]\n" + "".join(f"k{i} = 1\n" for i in range(n)),
    "tables in { }": lambda n: f"a = {{{','.join(f'k{i} = 1' for i in range(n))}}}",
    "lists of tables": lambda n: "[[a.b]]\nc = 1\n" * n,
    "notes": lambda n: GOOD + '[[notes]]\nat = "w99"\ntext = "t"\n' * n,
    "rows": lambda n: f"[data]\ninputs = [{'[true],' * n}]\ntargets = []\n[network]\nlayers = [1, 1]\n",
    "formulas": lambda n: of_formulas("".join(f"k{i} = w\n" for i in range(n))),
    "comments on formulas": lambda n: of_formulas("".join(f"k{i} = w\n" for i in range(n)) + "#\n" * n),
    "matrices": lambda n: f"[network]\nlayers = [1, 1]\nweights = [{'[[1], [2]],' * n}]\nbiases = [[1]]\n",
}


@pytest.mark.parametrize("grown", GROWING.values(), ids=list(GROWING))
def test_twice_as_much_takes_twice_the_calls(grown: Callable[[int], str]) -> None:
    """At two sizes that are far from small."""
    assert _calls(grown(2000)) < 2.2 * _calls(grown(1000))


def test_the_largest_lesson_is_within_the_limits() -> None:
    """As many numbers as a lesson can have, each as long as a double is, and a thousand notes."""
    number, width, samples = "-2.2250738585072014e-308", LIMITS.width, LIMITS.samples
    row = f"[{', '.join([number] * width)}]"
    matrix = f"[{', '.join([row] * width)}]"
    text = (
        f"""
[network]
layers = {[width] * LIMITS.most_layers}
activations = {["tanh"] * (LIMITS.most_layers - 1)}
weights = [{", ".join([matrix] * (LIMITS.most_layers - 1))}]
biases = [{", ".join([row] * (LIMITS.most_layers - 1))}]
[data]
inputs = [{", ".join([row] * samples)}]
targets = [{", ".join([row] * samples)}]
[training]
learning_rate = 0.1
loss = "squared_error"
"""
        + '[[notes]]\nat = "z1"\ntext = "x"\n' * 1000
    )
    assert len(parse_lesson(text, "x").notes) == 1000


def test_what_is_in_quotes_or_behind_a_hash_does_not_count() -> None:
    """Only the bare text has keys, lists and numbers."""
    much = "[" * 100 + "a." * 100 + "9" * 5000
    for said in (f'"{much}"', f"'{much}'", f'"""\n{much}"""""', f"'''\n{much}'''''", f"1 # {much}"):
        assert list(limit_faults(f"a = {said}\nb = 1\n")) == []
        assert len(list(limit_faults(f"a = {said}\nb = {much}\n"))) == 3
