"""The verb schema: the JSON Schema of a file that people write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from json import dumps

from msgspec import Struct

from tinynet_tui.cli.faults import PROGRAM
from tinynet_tui.cli.output import write_lines
from tinynet_tui.cli.parser import Parser, one_of
from tinynet_tui.lessons.json_schema import json_schema
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.tour_file import TourFile
from tinynet_tui.practice.course import CourseFile
from tinynet_tui.terminal.settings import Settings

_EXAMPLES = (
    "tinynet-tui schema lesson > lesson.schema.json",
    "tinynet-tui schema settings > settings.schema.json",
)
_ABOUT = """Print the JSON Schema of a kind of file, by which editors complete and check
keys. In editors that know Taplo (VS Code with Even Better TOML is one), the
first line of the file names it: #:schema ./lesson.schema.json"""


FILES: Mapping[str, type[Struct]] = {
    "settings": Settings,
    "lesson": Lesson,
    "course": CourseFile,
    "tour": TourFile,
}
"""What each kind of file holds."""


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser("schema", _ABOUT, _EXAMPLES)
    parser.add_argument("file", type=one_of(tuple(FILES)), metavar="NAME", help=", ".join(FILES))
    return parser


def run(words: Sequence[str]) -> int:
    """Print the schema that a command line asks for."""
    name = parser().read(words).file
    schema = json_schema(FILES[name]) | {"title": f"{PROGRAM}: {name} file"}
    write_lines(dumps(schema, indent=2, ensure_ascii=False).splitlines())
    return 0
