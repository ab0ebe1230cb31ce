"""Lesson files broken in every way that a person, an editor or a bad disk breaks them."""

from __future__ import annotations

import copy
import json
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Any

from tests.campaigns.random_lesson import random_lesson
from tests.session.random_lessons import NETWORKS
from tinynet_tui.lessons.schema import LIMITS, DataTable, Lesson, NetworkTable, TrainingTable
from tinynet_tui.lessons.shipped import shipped_text
from tinynet_tui.lessons.writing import lesson_text
from tinynet_tui.rules.optimisers import OPTIMISERS

Document = dict[str, Any]

_TABLES = {"network": NetworkTable, "data": DataTable, "training": TrainingTable}
_KNOWN = {name for table in (Lesson, *_TABLES.values()) for name in table.__struct_fields__} | {"at", "text"}
_WRONG = ("1979-05-27", "07:32:00", "{a = 1}", "[[[[1]]]]", "nan", "-inf", "[true]", '["\\u001b[2J"]')
"""Values that no key takes, as TOML has them."""
_OUT_OF_RANGE = {
    "layers": ("[2]", "[2, 17, 1]", "[0, 1]", "[1, 1, 1, 1, 1, 1, 1]", "[2.5, 1]", "[1e9, 1]", "[]"),
    "leaky_slope": ("1e400", "9" * 400),
    "init": ('"random"', '""', '"HE"'),
    "seed": ("-1", "9223372036854775808", "1.5"),
    "value": ("1e301", "-1e301"),
    "numbering": ('"sideways"', '"Source"'),
    "train_biases": ("1", '"true"'),
    "inputs": ("[]", "[1, 2]", "[[" + "],[".join("1" * 257) + "]]"),
    "targets": ("[]", "3", "[[1e999]]"),
    "learning_rate": ("0", "-1", "-5e-324", "1e400"),
    "loss": ('"mse"', "0", '"squared error"'),
    "batch": ("0", "-1", '"all"', "1.5", "257", "true"),
    "reduction": ('"max"',),
    "optimizer": ('"sgd"', '"Adam"', "[]"),
    "momentum": ("1", "-0.1", "1e300"),
    "beta1": ("1", "2"),
    "beta2": ("1.0000001",),
    "epsilon": ("0", "-1e-8"),
    "l2": ("-1e-300", "1e999"),
}
"""Values that are wrong for one key alone."""
_SYNTAX = ("=", "[", "]", '"', "'", "{", "}", ",", ".", "\\", "#", "\n", "\r", "\t", "-", "e", "\x1b", "\x7f")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A broken lesson file."""

    kind: str
    """The name of what was done to it."""
    text: bytes
    named: str | None = None
    """What a line about it has to name; None: it may even be a lesson still."""


def mutant(seed: int, number: int) -> Mutant:
    """The mutant of a number; the kinds take turns."""
    chance = Random(f"{seed}/{number}")
    kind = list(KINDS)[number % len(KINDS)]
    text, named = KINDS[kind](_good(chance), chance)
    return Mutant(kind, text if isinstance(text, bytes) else text.encode(), named)


def _good(chance: Random) -> str:
    if chance.random() < 0.5:
        return shipped_text(chance.choice([name for name in NETWORKS if name != "points"]))  # that has a file
    return lesson_text(random_lesson(chance))


_Mutated = tuple[str | bytes, str | None]

# Keys and values: what has to be said is known.


def _written(document: Document) -> str:
    """A document as TOML; a value in `_Raw` stands as it is."""
    lines = [f"{key} = {_value(value)}" for key, value in document.items() if not _is_table(value)]
    for name, table in document.items():
        if isinstance(table, dict):
            lines += [f"[{name}]", *(f"{key} = {_value(value)}" for key, value in table.items())]
        elif _is_table(table):
            lines += [line for note in table for line in (f"[[{name}]]", *_written(note).splitlines())]
    return "\n".join(lines) + "\n"


class _Raw(str):
    __slots__ = ()


def _is_table(value: object) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and bool(value) and isinstance(value[0], dict))


def _value(value: object) -> str:
    if isinstance(value, _Raw):
        return value
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return f"[{', '.join(map(_value, value))}]" if isinstance(value, list) else str(value).lower()


def _any_key(document: Document, chance: Random) -> tuple[Document, str, str]:
    """(a table, the name of it with a point behind, one of its keys)."""
    table = chance.choice([name for name in _TABLES if name in document])
    return document[table], f"{table}.", chance.choice(list(document[table]))


def _misspelt(text: str, chance: Random) -> _Mutated:
    document = tomllib.loads(text)
    table, place, key = _any_key(document, chance)
    at = chance.randrange(len(key))
    before, behind = key[:at], key[at + 1 :]
    wrong = before + chance.choice(("", 2 * key[at], "q", f"q{key[at]}")) + behind
    if wrong in _KNOWN or not wrong:
        wrong = key.upper()
    table[wrong] = table.pop(key)
    return _written(document), f"{place}{wrong}: unknown key"


def _of_wrong_type(text: str, chance: Random) -> _Mutated:
    document = tomllib.loads(text)
    table, place, key = _any_key(document, chance)
    table[key] = _Raw(chance.choice(_WRONG))
    return _written(document), f"{place}{key}"


def _out_of_range(text: str, chance: Random) -> _Mutated:
    document = tomllib.loads(text)
    key, values = chance.choice(list(_OUT_OF_RANGE.items()))
    table = next(name for name, kind in _TABLES.items() if key in kind.__struct_fields__)
    document[table][key] = _Raw(chance.choice(values))
    return _written(document), f"{table}.{key}"


def _dropped(text: str, chance: Random) -> _Mutated:
    document = tomllib.loads(text)
    table, key = chance.choice(
        [("network", "layers"), ("network", "activations"), ("data", "inputs"), ("data", "targets")]
        + [("training", "learning_rate"), ("training", "loss")]
        + [("", name) for name in _TABLES]
    )
    del (document[table] if table else document)[key]
    return _written(document), f"{table}.{key}: missing" if table else f"{key}: missing"


def _of_wrong_shape(text: str, chance: Random) -> _Mutated:
    document = tomllib.loads(text)
    table, key = chance.choice([("network", "layers"), ("network", "activations"), ("data", "inputs")])
    entries = document[table][key]
    if key == "inputs" and chance.random() < 0.5:
        entries = chance.choice(entries)
    if len(entries) > 1 and chance.random() < 0.5:
        entries.pop(chance.randrange(len(entries)))
    else:
        entries.append(copy.deepcopy(entries[-1]))
    return _written(document), f"{'data' if table == 'data' else 'network'}."


def _moved(text: str, chance: Random) -> _Mutated:
    """A key in another table than its own."""
    document = tomllib.loads(text)
    table, place, key = _any_key(document, chance)
    other = chance.choice([name for name in _TABLES if f"{name}." != place])
    document[other][key] = table.pop(key)
    return _written(document), f"{other}.{key}: unknown key; it belongs in [{place[:-1]}]"


def _doubled(text: str, chance: Random) -> _Mutated:
    lines = _written(tomllib.loads(text)).splitlines()
    at = chance.choice([number for number, line in enumerate(lines) if " = " in line])
    return "\n".join((*lines[: at + 1], *lines[at:])) + "\n", f"line {at + 2}"


def _idle(text: str, chance: Random) -> _Mutated:
    """A key that belongs to something else than what the lesson has chosen."""
    document = tomllib.loads(text)
    optimizer = document["training"].get("optimizer", "gradient_descent")
    own = {name: {number.key for number in row.hyperparameters} for name, row in OPTIMISERS.items()}
    idle = [("training", key) for key in sorted(set().union(*own.values()) - own[optimizer])]
    if "leaky_relu" not in document["network"]["activations"]:
        idle.append(("network", "leaky_slope"))
    if "init" not in document["network"]:
        idle += [("network", "seed"), ("network", "value")]
    table, key = chance.choice(idle)
    document[table][key] = 1 if key == "seed" else 0.5
    return _written(document), f"{table}.{key}: does nothing without "


def _turned(text: str, chance: Random) -> _Mutated:
    """Matrices of inputs × neurons where neurons × inputs are said, or the other way round."""
    document = tomllib.loads(text)
    network = document["network"]
    layers = [chance.randint(1, 5) for _ in network["layers"]]
    layers[0] = layers[1] + 1  # square matrices may be anything
    for key in ("init", "seed", "value", "weights_layout"):
        network.pop(key, None)
    network.update(layers=layers, biases=[[0] * width for width in layers[1:]])
    shapes = [(outs, ins) for ins, outs in pairwise(layers)]
    if chance.random() < 0.5:
        network["weights"] = [[[1] * outs] * ins for outs, ins in shapes]
    else:
        network.update(
            weights=[[[1] * ins] * outs for outs, ins in shapes], weights_layout="inputs_by_neurons"
        )
    return _written(document), "network.weights: this looks like "


def _no_fraction(text: str, chance: Random) -> _Mutated:
    """A text in quotes where a number stands: no fraction, or one that cannot be."""
    document = tomllib.loads(text)
    row = chance.choice(document["data"]["inputs"])
    row[0] = chance.choice(
        ("1/0", "-3/00", "0.01", "1", "½", "1/-2", "1/2/3", "1 // 2", "0x1/2", "1e2/3", "/")
    )
    return _written(document), "data.inputs["


# Very much of something.


_SIGNS = (
    '"',
    "'",
    '\\"',
    '"""',
    "'''",
    "#",
    ".",
    ",",
    "=",
    "[",
    "]",
    "{",
    "}",
    "\n",
    "\r\n",
    " ",
    "\t",
    "\\",
)
_WORDS = (
    "a",
    "1",
    "_",
    "-",
    "1.5",
    "a.",
    "key = 1\n",
    "[a]\n",
    "[[a]]\n",
    "\\u0041",
    "0x",
    "1979-05-27",
    "é",
)
_OPENINGS = (
    "",
    "# ",
    "a = ",
    'a = "',
    'a = """',
    "a = '",
    "a = '''",
    "a = [",
    "a = [[",
    "a = {",
    "[",
    "[[",
    '"',
)
_CLOSINGS = ("", "\n", '"\n', '"""\n', "'\n", "]\n", "}\n")


def _grown(text: str, chance: Random) -> _Mutated:
    """A few signs again and again, up to the size of the largest file."""
    unit = "".join(chance.choices((*_SIGNS, *_WORDS), k=chance.randint(1, 6)))
    size = chance.choice((10_000, 100_000, LIMITS.file_bytes - len(text.encode()) - 100))
    many = unit * (size // len(unit.encode()))
    grown = f"{chance.choice(_OPENINGS)}{many}{chance.choice(_CLOSINGS)}"
    return (grown + text if chance.random() < 0.5 else f"{text}\n{grown}"), None


def _deep(text: str, chance: Random) -> _Mutated:
    depth = chance.choice((5, 500, 100_000))
    begin, end = chance.choice((("[", "]"), ("{a=", "}")))
    closed = end * depth if chance.random() < 0.7 else ""
    return f"{text}\n[deep]\nlists = {begin * depth}1{closed}\n", ": "


def _huge(text: str, chance: Random) -> _Mutated:
    much = chance.choice(
        (
            "\n".join(f"key{number} = {number}" for number in range(30_000)),
            "a" * 900_000 + " = 1",
            f'text = "{"b" * 900_000}"',
            f"number = {'9' * chance.choice((400, 4300, 4301, 500_000))}",
            f"list = [{'1,' * 300_000}]",
            f"{'a.' * chance.choice((30, 33, 5000))}b = 1",
            f"[{'a.' * 5000}b]",
            "#" + "c" * 1_000_000,
        )
    )
    return f"{much}\n{text}", ": "


def _many_notes(text: str, chance: Random) -> _Mutated:
    notes = ('at = "dw{n}"\ntext = "t"', 'when = "z{n}"\ntext = 1', 'at = "nowhere {n}"\ntext = "t"')
    note = chance.choice(notes)
    many = "".join(f"\n[[notes]]\n{note.format(n=n)}" for n in range(chance.choice((7, 500, 4_000))))
    return f"{text}\n{many}\n", "notes["


# Bytes: it may be a lesson still.


def _with_noise(text: str, chance: Random) -> _Mutated:
    at = chance.randint(0, len(text))
    return text[:at].encode() + chance.randbytes(chance.randint(1, 40)) + text[at:].encode(), None


def _not_utf8(text: str, chance: Random) -> _Mutated:
    if chance.random() < 0.2:
        return text.encode(chance.choice(("utf-16", "utf-16-le", "utf-32"))), "line 1, byte "
    at = chance.randint(0, len(text))
    wrong = chance.choice((b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xe2\x82", b"\xf5", b"\0"))
    line = text[:at].count("\n") + 1
    return text[:at].encode() + wrong + b"\n" + text[at:].encode(), f"line {line}, byte "


def _cut(text: str, chance: Random) -> _Mutated:
    return text[: chance.randint(0, len(text))], None


def _with_signs(text: str, chance: Random) -> _Mutated:
    for _ in range(chance.randint(1, 3)):
        at = chance.randint(0, len(text))
        text = text[:at] + chance.choice(_SYNTAX) + text[at + chance.randint(0, 1) :]
    return text, None


def _shuffled(text: str, chance: Random) -> _Mutated:
    lines = text.splitlines()
    for _ in range(chance.randint(1, 3)):
        lines.insert(chance.randint(0, len(lines)), lines.pop(chance.randrange(len(lines))))
    return "\n".join(lines), None


def _of_random_bytes(_text: str, chance: Random) -> _Mutated:
    return chance.randbytes(chance.choice((0, 1, 3, 100, 5000))), None


def _unbroken(text: str, _chance: Random) -> _Mutated:
    return _written(tomllib.loads(text)), None


KINDS: dict[str, Callable[[str, Random], _Mutated]] = {
    "a key misspelt": _misspelt,
    "a value of the wrong type": _of_wrong_type,
    "a value out of range": _out_of_range,
    "a key dropped": _dropped,
    "a list of the wrong length": _of_wrong_shape,
    "a key in another table": _moved,
    "a key twice": _doubled,
    "a key that does nothing": _idle,
    "matrices turned": _turned,
    "a text for a number": _no_fraction,
    "nested deep": _deep,
    "grown": _grown,
    "huge": _huge,
    "many notes": _many_notes,
    "noise": _with_noise,
    "not UTF-8": _not_utf8,
    "cut": _cut,
    "signs": _with_signs,
    "lines moved": _shuffled,
    "random bytes": _of_random_bytes,
    "not broken": _unbroken,
}
"""By its name, how a lesson is broken."""
