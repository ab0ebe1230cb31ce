r"""Words in LaTeX: its own signs are escaped, letters with accents are built, mathematics is typeset.

The source is ASCII alone, so that any pdflatex reads it without a package for fonts or encodings.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from tinynet_tui.engine.operations import OPERATIONS

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"$\$$", "&": r"\&", "#": r"\#", "%": r"\%",
    "_": r"\_", "^": r"\^{}", "~": r"\textasciitilde{}", "[": "{[}",
    "<": "$<$", ">": "$>$", "|": "$|$", '"': "''",
    "…": r"\ldots{}", "—": "---", "–": "--", "‐": "-", "‑": "-", "“": "``", "”": "''",
    "„": ",,", "‘": "`", "’": "'", "‚": ",", "«": r"$\ll$", "»": r"$\gg$", "•": r"$\bullet$",
    "§": r"$\S$", "©": r"\textcircled{c}", "\u00a0": "~", "¡": "!`", "¿": "?`", "£": r"$\pounds$",
    "ß": r"\ss{}", "æ": r"\ae{}", "Æ": r"\AE{}", "œ": r"\oe{}", "Œ": r"\OE{}", "ø": r"\o{}", "Ø": r"\O{}",
    "ł": r"\l{}", "Ł": r"\L{}", "å": r"\aa{}", "Å": r"\AA{}", "ı": r"\i{}",
}  # fmt: skip
"""Characters of running text; those set as mathematics are in fonts that every LaTeX has."""
_JOINING = "-–—'`,\"“”„‘’‚"
"""Of two of these LaTeX could make one other sign: a dash of --."""

_ACCENTS = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u", "\u0307": ".",
    "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0323": "d", "\u0327": "c", "\u0331": "b",
}  # fmt: skip
"""Marks on letters, and the commands that set them."""

_SIGNS = {
    "−": "-", "·": r"\cdot", "×": r"\times", "÷": r"\div", "±": r"\pm", "≈": r"\approx", "≠": r"\neq",
    "≤": r"\leq", "≥": r"\geq", "→": r"\rightarrow", "←": r"\leftarrow", "↔": r"\leftrightarrow",
    "⇒": r"\Rightarrow", "↑": r"\uparrow", "↓": r"\downarrow", "∝": r"\propto", "∈": r"\in",
}  # fmt: skip
"""Signs that stand between quantities."""

_LETTERS = {
    "∂": r"\partial", "ŷ": r"\hat{y}", "∇": r"\nabla", "√": r"\surd", "Σ": r"{\textstyle\sum}",
    "∞": r"\infty", "‖": r"\|", "½": r"\tfrac{1}{2}", "¼": r"\tfrac{1}{4}", "¾": r"\tfrac{3}{4}",
    "Δ": r"\Delta", "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\epsilon",
    "η": r"\eta", "θ": r"\theta", "λ": r"\lambda", "μ": r"\mu", "µ": r"\mu", "π": r"\pi", "ρ": r"\rho",
    "σ": r"\sigma", "φ": r"\varphi", "ℓ": r"\ell",
}  # fmt: skip
"""Letters and marks that belong to mathematics."""

_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉₊₋₍₎ᵢⱼₖₙ", "0123456789+-()ijkn")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱᵏᵗᵀ", "0123456789+-()niktT")
_PRIME, _DEGREE = "′", "°"
_SHIFTED = frozenset((_PRIME, _DEGREE, *map(chr, _LOWERED), *map(chr, _RAISED)))
"""Signs that stand above or below the line: exponents, indices and marks."""

_CALLED = (row.forms.plain.template.partition("(")[0] for row in OPERATIONS.values())
_FUNCTIONS = tuple(dict.fromkeys(name for name in _CALLED if name.isascii() and name.isalpha()))
"""Functions by their names of Latin letters; none begins another."""
_MARKS = re.escape("".join([*_LETTERS, *_SHIFTED]))
_NUMBER = r"[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?"
_ACCENT = r"[\u0300-\u036f]"
"""A mark on the letter before it."""
_ALONE = rf"(?<!['’])(?<![^\W\d_{_MARKS}])[A-Za-z](?![^\W\d_{_MARKS}]|['’]|{_ACCENT})"
"""A letter beside which no other letter stands."""
_LONE = re.compile("[b-zB-HJ-Z]")
"""Such a letter in running text is a quantity, if it is no word."""
_WORD = rf"(?:{'|'.join(_FUNCTIONS)}|{_ALONE}|[∂√Δ∇][A-Za-z]|Σ |[{_MARKS}]|{_NUMBER})"
_OPERATOR = rf"[{re.escape(''.join(_SIGNS))}=+/^<>*]"
_ATOM = rf"(?:{_WORD}|[(‖]|{_OPERATOR})(?:{_WORD}|[()‖]|[−+^/])*"
_MATHS = re.compile(rf"{_ATOM}(?: {_OPERATOR} {_ATOM})*")
"""What may be mathematics: quantities and numbers, also several with signs between them."""
_TELLING = re.compile(rf"[{re.escape(''.join([*_SIGNS, *_LETTERS, *_SHIFTED]))}]")
"""What it must have in it to be mathematics and not words or numbers."""
_TOKEN = re.compile(
    rf"(?P<function>{'|'.join(_FUNCTIONS)})|(?P<number>{_NUMBER})|(?P<raised>[{''.join(map(chr, _RAISED))}]+)"
    rf"|(?P<lowered>[{''.join(map(chr, _LOWERED))}]+)|(?P<prime>{_PRIME}+)|(?P<degree>{_DEGREE})"
    r"|\^(?P<power>−?\w+)|(?P<caret>\^)|(?P<one>.)"
)
_ABOVE, _BELOW = ("raised", "prime", "degree", "power"), ("lowered",)
"""The tokens that take the place above or below what stands before them, which has one of each."""


def latex_text(text: str) -> str:
    r"""Words in LaTeX, for running text.

    Example:
        >>> latex_text("Señor & Söhne: ∂L/∂w₁ is −2.")
        "Se\\~{n}or \\& S\\\"{o}hne: $\\partial L/\\partial w_{1}$ is $-2$."
    """
    text = _quoted(text)
    written, end = [], 0
    for found in _MATHS.finditer(text):
        maths = _without_loose_brackets(found[0])
        if maths and (_TELLING.search(maths) or _LONE.fullmatch(maths)):
            start = found.start() + found[0].index(maths)
            written += [_words(text[end:start]), f"${latex_maths(maths)}$"]
            end = start + len(maths)
    return "".join([*written, _words(text[end:])])


def latex_name(text: str) -> str:
    r"""A person's name in LaTeX: there is no mathematics in it.

    Example:
        >>> latex_name("J. Åström")
        'J. \\AA{}str\\"{o}m'
    """
    return _words(_quoted(text))


def latex_maths(text: str) -> str:
    r"""Mathematics as the app writes it, in LaTeX.

    Example:
        >>> latex_maths("−η‖∇L‖²")
        '-\\eta \\|\\nabla L\\|^{2}'
    """
    parts, taken = list[str](), set[str]()
    for token in _TOKEN.finditer(text):
        place = "above" if token.lastgroup in _ABOVE else "below" if token.lastgroup in _BELOW else None
        if place is None:
            taken.clear()
        elif place in taken:
            # TeX takes no second one: nothing at all is there to carry it.
            parts.append("{}")
            taken.clear()
        if place:
            taken.add(place)
        parts.append(_maths_token(token))
    return _joined(parts)


def latex_number(text: str) -> str:
    r"""A number as the app writes it, in LaTeX.

    Example:
        >>> latex_number("−1.2e-5"), latex_number("−inf"), latex_number("nan")
        ('-1.2\\mathrm{e}{-5}', '-\\infty', '\\mathrm{nan}')
    """
    mantissa, e, exponent = (
        text.replace("−", "-").replace("inf", r"\infty").replace("nan", r"\mathrm{nan}").partition("e")
    )
    return rf"{mantissa}\mathrm{{e}}{{{exponent}}}" if e else mantissa


def _maths_token(token: re.Match[str]) -> str:
    match token.lastgroup:
        case "function":
            return rf"\mathrm{{{token[0]}}}"
        case "number":
            return latex_number(token[0])
        case "raised":
            return f"^{{{token[0].translate(_RAISED)}}}"
        case "lowered":
            return f"_{{{token[0].translate(_LOWERED)}}}"
        case "prime":
            return "'" * len(token[0])
        case "degree":
            return r"^{\circ}"
        case "power":
            return f"^{{{latex_maths(token['power'])}}}"
        case "caret":
            return r"\text{\^{}}"
        case _:
            return _SIGNS.get(token[0]) or _LETTERS.get(token[0]) or token[0]


def _joined(parts: list[str]) -> str:
    """Parts in a row; a command is kept apart from a letter after it."""
    return "".join(
        part + " " * bool(re.search(r"\\[a-z]+$", part, re.IGNORECASE) and after[:1].isalpha())
        for part, after in pairwise([*parts, ""])
    )


def _without_loose_brackets(maths: str) -> str:
    """Mathematics without the brackets at its ends that have no partner in it."""
    while maths.count("(") != maths.count(")"):
        if maths.endswith(")") and maths.count(")") > maths.count("("):
            maths = maths[:-1]
        elif maths.startswith("(") and maths.count("(") > maths.count(")"):
            maths = maths[1:]
        else:
            return ""
    return maths.strip()


def _quoted(text: str) -> str:
    """The text with its accents joined to their letters, and with quotes that open where a word begins."""
    return re.sub(r'(?<![^\s(])"', "“", unicodedata.normalize("NFC", text))


def _words(text: str) -> str:
    return "".join(
        _character(character) + "{}" * _joins(character, after)
        for character, after in pairwise((*re.findall(rf"[A-Za-z]{_ACCENT}+|.", text, re.DOTALL), " "))
    )


def _joins(character: str, after: str) -> bool:
    """Whether LaTeX could make one sign of two: ?` is an inverted question mark."""
    return (character in _JOINING and after in _JOINING) or (character in "?!" and after in "`‘“")


def _character(character: str) -> str:
    """One character of running text, or a letter with its accents.

    What has no other way to be set is named by its code, in a frame.
    """
    if character in _SPECIAL:
        return _SPECIAL[character]
    if character.isascii():
        return character
    maths = _LETTERS.get(character) or _SIGNS.get(character)
    if maths or character in _SHIFTED:
        return f"${maths or latex_maths(character)}$"
    base, *marks = list(unicodedata.normalize("NFD", character))
    if base.isascii() and base.isalpha():
        return _accented(base, marks)
    return rf"\fbox{{\scriptsize {ord(character):X}}}"


def _accented(base: str, marks: list[str]) -> str:
    r"""A letter with its accents; one that no command sets is left out. i and j lose their dots."""
    accents = [_ACCENTS[mark] for mark in marks if mark in _ACCENTS]
    text = rf"\{base}" if base in "ij" and accents and accents[0] not in "cdb" else base
    for accent in accents:
        text = rf"\{accent}{{{text}}}"
    return text
