"""The verb desk: the teacher's private view of a class, on a terminal that nobody else sees."""

from __future__ import annotations

from collections.abc import Sequence

from tinynet_tui.classroom.directory import own_user
from tinynet_tui.cli.follow import awaited, watch
from tinynet_tui.cli.parser import Parser

_EXAMPLES = ("tinynet-tui desk class",)
_ABOUT = """See who is in your class and where, whose hand is up, and what was answered:
names and answers, so not for the screen that the class sees."""


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser("desk", _ABOUT, _EXAMPLES)
    parser.add_argument("room", metavar="ROOM", help="the room that you lead")
    parser.set_defaults(decimals=None, kiosk=False)
    parser.add_ascii()
    parser.add_palette()
    return parser


def run(words: Sequence[str]) -> int:
    """Open the desk of a room."""
    arguments = parser().read(words)
    watch(awaited(f"{arguments.room}@{own_user()}"), arguments, name="", is_desk=True)
