"""The verb receipt: whether a receipt of practice is genuine, and what it says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tinynet_tui.cli.faults import FAILED, Fault
from tinynet_tui.cli.mark import bytes_of
from tinynet_tui.cli.output import say, write_lines
from tinynet_tui.cli.parser import Parser
from tinynet_tui.cli.practise import CLASS_CODE, class_code
from tinynet_tui.lessons.faults import printable
from tinynet_tui.practice.report import ReceiptFault, is_genuine, receipt_in
from tinynet_tui.prediction.tally import RESULT_WORDS

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
    source = "standard input" if arguments.file == "-" else arguments.file
    try:
        found = receipt_in(bytes_of(arguments.file, source))
    except ReceiptFault as fault:
        raise Fault(f"{printable(source)}: {fault}") from None
    if not is_genuine(found, code):
        say(f"{printable(source)}: is not genuine: it was changed, or made with another code.")
        return FAILED
    counts = Counter(answer.result for answer in found.answers)
    told = [f"{counts[result]} {words}" for result, words in RESULT_WORDS.items() if counts[result]]
    who, how = found.name or "without a name", ", ".join(told) or "nothing answered"
    write_lines([f"{who}, course {found.course}: {how}. Genuine."])
    return 0
