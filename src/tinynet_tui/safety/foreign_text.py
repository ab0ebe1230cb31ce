"""Text that others wrote, in lessons, names and answers, on its way to a terminal, a file or a clipboard.

Nobody has to remember to make it harmless: the few places where text leaves the program do it for all of it.
"""

from __future__ import annotations

import re
import unicodedata

_JOINERS = "\u200c\u200d"
"""Without a width of their own, but part of how Persian, Hindi and emoji are written."""
_BLANKS = "\t\n\v\f\r\x85\u2028\u2029"
"""What ends a line or moves to a column: a space stands in its place."""
_STEERING = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Categories of Unicode: controls, what turns the direction of text or is not seen, halves, line ends."""
_SHAPELESS = ("Cn", "Co")
"""Categories of Unicode: characters that no font is bound to have."""
LONGEST_QUOTE = 40
"""Characters of a text of others that stand in a line of ours."""


def harmless(text: str) -> str:
    """The text without characters that steer a terminal or turn the direction of reading; its lines stay.

    Example:
        >>> harmless("one\\x1b[201~;id\\r\\ntwo")
        'one[201~;id\\ntwo'
    """
    return "\n".join(map(harmless_line, text.replace("\r\n", "\n").split("\n")))


def harmless_line(text: str) -> str:
    """The same as one line: a line end in it is a space, so that no text can pose as a line of its own.

    Example:
        >>> harmless_line("A\\x1b]0;B\\x07C\\nD")
        'A]0;BC D'
    """
    if text.isprintable():
        return text
    return "".join(
        " " if character in _BLANKS else character for character in text if not _is_dropped(character)
    )


def one_line(text: str) -> str:
    """A harmless line with single spaces, without characters that have no known shape: for paper, and names.

    Example:
        >>> one_line("Ada\\n\\x1b[31m  Lovelace ")
        'Ada [31m Lovelace'
    """
    line = harmless_line(" ".join(text.split()))
    return "".join(character for character in line if unicodedata.category(character) not in _SHAPELESS)


def printable(text: str) -> str:
    r"""A text on one line without control characters: these and others that cannot be seen are escaped.

    Example:
        >>> print(printable("red \x1b[31m"))
        red \x1b[31m
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def shortened(text: str) -> str:
    """A text from a file, fit to stand in a line: printable, and cut where it is long."""
    return printable(text[:LONGEST_QUOTE]) + ("…" if len(text) > LONGEST_QUOTE else "")


def escaped_in_json(text: str) -> str:
    """JSON whose strings are the same to a program, and harmless to a terminal that shows them.

    Example:
        >>> escaped_in_json('{"title": "\\u202eA\\x9b"}')
        '{"title": "\\\\u202eA\\\\u009b"}'
    """
    return "\n".join(
        line if line.isprintable() else "".join(_json_escape(sign) if steers(sign) else sign for sign in line)
        for line in text.split("\n")
    )


def _json_escape(character: str) -> str:
    """One or two escapes: JSON counts in halves of 16 bits."""
    return re.sub("....", r"\\u\g<0>", character.encode("utf-16-be", "surrogatepass").hex())


def steers(character: str) -> bool:
    """Whether a character is more than something to be seen: line ends and tabs steer, too."""
    return unicodedata.category(character) in _STEERING and character not in _JOINERS


def _is_dropped(character: str) -> bool:
    return steers(character) and character not in _BLANKS
