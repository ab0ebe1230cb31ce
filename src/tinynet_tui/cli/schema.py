"""The verb schema: the JSON Schema of a file that people write."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from json import dumps
from typing import cast

from msgspec import Struct

from tinynet_tui.cli.faults import PROGRAM
from tinynet_tui.cli.output import write_lines
from tinynet_tui.cli.parser import Parser, one_of
from tinynet_tui.lessons.json_schema import json_schema

_EXAMPLES = (
    "tinynet-tui schema lesson > lesson.schema.json",
    "tinynet-tui schema settings > settings.schema.json",
)
_ABOUT = """Print the JSON Schema of a kind of file, by which editors complete and check
keys. In editors that know Taplo (VS Code with Even Better TOML is one), the
first line of the file names it: #:schema ./lesson.schema.json"""


FILES = {
    "settings": "terminal.settings.Settings",
    "lesson": "lessons.schema.Lesson",
    "course": "practice.course.CourseFile",
    "tour": "lessons.tour_file.TourFile",
}
"""Where the struct of each kind of file is; loaded when it is asked for."""


def held_in(name: str) -> type[Struct]:
    """What a kind of file holds."""
    module, _, struct = FILES[name].rpartition(".")
    return cast(type[Struct], getattr(import_module(f"tinynet_tui.{module}"), struct))


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser("schema", _ABOUT, _EXAMPLES)
    parser.add_argument("file", type=one_of(tuple(FILES)), metavar="NAME", help=", ".join(FILES))
    return parser


def run(words: Sequence[str]) -> int:
    """Print the schema that a command line asks for."""
    name = parser().read(words).file
    schema = json_schema(held_in(name)) | {"title": f"{PROGRAM}: {name} file"}
    write_lines(dumps(schema, indent=2, ensure_ascii=False).splitlines())
    return 0
