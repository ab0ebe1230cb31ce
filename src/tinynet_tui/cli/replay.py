"""The verb replay: walk through a class that was recorded."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from tinynet_tui.classroom.recording import LONGEST_LINE, RecordingFault, recorded
from tinynet_tui.cli.parser import Parser
from tinynet_tui.cli.stepper import add_screen, open_stepper
from tinynet_tui.safety.refusal import Refusal

_EXAMPLES = ("tinynet-tui lead class --record monday.class", "tinynet-tui replay monday.class")
_ABOUT = """Walk through a recorded class, place by place or as fast as it was, and step by
yourself from any place of it."""


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser("replay", _ABOUT, _EXAMPLES)
    parser.add_argument("file", metavar="FILE", help="what `lead ROOM --record FILE` has written")
    add_screen(parser)
    return parser


def run(words: Sequence[str]) -> int:
    """Open a recorded class."""
    own = parser()
    arguments = own.read(words)
    try:
        with open(arguments.file, "rb") as file:
            places = list(recorded(iter(partial(file.readline, LONGEST_LINE + 1), b"")))
    except OSError as error:
        raise Refusal(f"{arguments.file}: {error.strerror}") from None
    except RecordingFault as fault:
        raise Refusal(f"{arguments.file}: {fault}") from None
    if not places:
        raise Refusal(f"{arguments.file}: no place was recorded in it")
    from tinynet_tui.tui.replaying import Replayer

    first = places[0].session
    return open_stepper(own, first.lesson, arguments, partial(Replayer, places=places), first)
