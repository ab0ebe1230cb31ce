"""The verb receipt: whether a receipt of practice is genuine, and what it says."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence

from tinynet_tui.cli.faults import FAILED, Fault
from tinynet_tui.cli.file_or_input import bytes_of, source_of
from tinynet_tui.cli.output import say, write_lines
from tinynet_tui.cli.parser import Parser
from tinynet_tui.practice.course import how_far
from tinynet_tui.practice.report import ReceiptFault, is_genuine, receipt_in
from tinynet_tui.prediction.tally import RESULT_WORDS
from tinynet_tui.safety.foreign_text import printable

CLASS_CODE = "TINYNET_CLASS_CODE"
"""The variable of the environment that has the code of a class."""
_EXAMPLES = ("tinynet-tui receipt ada.receipt --code SPRING",)


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser("receipt", "Verify a receipt of practice, offline.", _EXAMPLES)
    parser.add_argument("file", metavar="FILE", help="the receipt; - for standard input")
    parser.add_argument("--code", metavar="CODE", help=f"the code of the class ({CLASS_CODE})")
    return parser


def run(words: Sequence[str]) -> int:
    """Verify the receipt that a command line names: status 1 where it is not genuine."""
    own = parser()
    arguments = own.read(words)
    code = class_code(own, arguments.code)
    source = source_of(arguments.file)
    try:
        found = receipt_in(bytes_of(arguments.file))
    except ReceiptFault as fault:
        raise Fault(f"{printable(source)}: {fault}") from None
    if not is_genuine(found, code):
        say(f"{printable(source)}: is not genuine: it was changed, or made with another code.")
        return FAILED
    counts = Counter(answer.result for answer in found.answers)
    told = [f"{counts[result]} {words}" for result, words in RESULT_WORDS.items() if counts[result]]
    who, how = found.name or "without a name", ", ".join(told) or "nothing answered"
    far = f"{how_far(found.parts)}; in all " if found.parts else ""
    write_lines([f"{who}, course {found.course}: {far}{how}. Genuine."])
    return 0


def class_code(own: Parser, code: str | None) -> str:
    """The code of a class, from a command line or from the environment."""
    found = code or os.environ.get(CLASS_CODE, "")
    if not found:
        own.error(f"a receipt needs the code of the class: --code CODE, or {CLASS_CODE} in the environment")
    return found
