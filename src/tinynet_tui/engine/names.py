"""How a quantity's plain ASCII name is written for readers: with signs, in LaTeX, as a Python identifier.

The names are those of the JSON trace: x1, y, w5, b3, z1, h1, yhat, L, dL/dw5, dz3/dh1, m_w5, x[2,1].
"""

from __future__ import annotations

import builtins
import keyword
import re
from functools import lru_cache
from typing import Literal, get_args

from tinynet_tui.engine.operations import OPERATIONS

_GREEK = {
    **{"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "eta": "η", "theta": "θ"},
    **{"lambda": "λ", "mu": "μ", "rho": "ρ", "sigma": "σ", "phi": "φ", "omega": "ω"},
}
_LETTERS = {
    # name: (sign on screen, LaTeX)
    "yhat": ("ŷ", r"\hat{y}"),
    **{name: (letter, f"\\{name}") for name, letter in _GREEK.items()},
}
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPTS = str.maketrans("0123456789()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾")
_INDEX = str.maketrans({"[": "_", ",": "_", "]": None})
_TAKEN = frozenset(
    {
        *(*keyword.kwlist, *dir(builtins), *OPERATIONS, "math", "summed"),
        *("parameters", "state", "constants", "inputs", "targets", "batch", "updates", "record"),
        *("data", "batches", "samples", "outputs", "sample", "losses", "optimizer", "torch", "jax", "jnp"),
    }
)
"""What printed Python has a meaning of its own for: a quantity that is called so gets an underscore."""
_DERIVATIVE = re.compile(r"d(?P<top>[^/]+)/d(?P<bottom>.+)")
_NUMBERED = re.compile(r"(?P<letter>[A-Za-z]\w*?)(?P<number>(?<!_)\d*|\[\d+(,\d+)*\])", re.ASCII)


StateLetter = Literal["m", "v", "s"]
STATE_LETTERS: tuple[StateLetter, ...] = get_args(StateLetter)
"""What begins the name of an optimiser's state for a parameter: m_w1. No quantity's name may begin so.

Each row of the optimisers chooses among them, and three are enough even for AMSGrad. They stand here, and are
not read off the rows, so that a name is written the same whatever is loaded. They are not all letters, as a
learner may well call something w_q or h_t in formulas.
"""


def of_state(name: str) -> tuple[str, str] | None:
    """The (letter, parameter) of an optimiser's state: ("m", "w1") of m_w1; None for another name."""
    return (name[0], name[2:]) if name[1:2] == "_" and name[0] in STATE_LETTERS else None


@lru_cache(maxsize=4096)
def symbol(name: str) -> str:
    """A name as it is read on screen.

    Example:
        >>> symbol("dL/dw5"), symbol("yhat"), symbol("m_w12"), symbol("x[2,1]")
        ('∂L/∂w₅', 'ŷ', 'm(w₁₂)', 'x₂,₁')
    """
    if match := _DERIVATIVE.fullmatch(name):
        return f"∂{symbol(match['top'])}/∂{symbol(match['bottom'])}"
    if state := of_state(name):
        return f"{state[0]}({symbol(state[1])})"
    letter, number = _letter_and_number(name)
    return _LETTERS.get(letter, (letter,))[0] + number.translate(_SUBSCRIPTS)


def of_derivative(name: str) -> tuple[str, str] | None:
    """The (top, bottom) of a derivative: ("L", "w5") of dL/dw5; None for another name."""
    match = _DERIVATIVE.fullmatch(name)
    return (match["top"], match["bottom"]) if match else None


def sample_mark(sample: int) -> str:
    """The mark of a quantity of one sample among several: ⁽²⁾, as textbooks write it."""
    return f"({sample})".translate(_SUPERSCRIPTS)


def name_of_sample(name: str, sample: int | None = None) -> str:
    """A name with the number of its sample among several, in plain ASCII.

    Example:
        >>> name_of_sample("dL/dw5", 2)
        'dL/dw5(2)'
    """
    return f"{name}({sample})" if sample else name


def latex(name: str, sample: int | None = None) -> str:
    r"""A name in LaTeX.

    Example:
        >>> latex("dL/dw5", 2)
        '\\frac{\\partial L^{(2)}}{\\partial w_{5}}'
    """
    if match := _DERIVATIVE.fullmatch(name):
        return rf"\frac{{\partial {latex(match['top'], sample)}}}{{\partial {latex(match['bottom'])}}}"
    if state := of_state(name):
        return f"{state[0]}_{{{latex(state[1])}}}"
    letter, number = _letter_and_number(name)
    lower = f"_{{{number}}}" if number else ""
    upper = f"^{{({sample})}}" if sample else ""
    escaped = letter.replace("_", r"\_")
    plain = letter if len(letter) == 1 else rf"\mathrm{{{escaped}}}"
    return _LETTERS.get(letter, ("", plain))[1] + lower + upper


@lru_cache(maxsize=32768)
def identifier(name: str) -> str:
    """A name as a Python identifier: dL/dw5 becomes dL_dw5, and x[2,1] x_2_1.

    No two names become the same: an underscore of a name's own is doubled. A name that begins with one is no
    quantity's: it is the printed code's own, and stays as it is.
    """
    if name.startswith("_"):
        return name
    if state := of_state(name):
        return f"{state[0]}_{identifier(state[1])}"
    if "/" in name:
        return "_".join(_escaped(part) for part in name.split("/"))
    return f"{name}_" if name in _TAKEN else _escaped(name)


def _escaped(name: str) -> str:
    return name.replace("_", "__").translate(_INDEX)


def _letter_and_number(name: str) -> tuple[str, str]:
    match = _NUMBERED.fullmatch(name)
    if match is None:
        raise ValueError(f"{name!r} is not the name of a quantity")
    return match["letter"], match["number"].strip("[]")
