"""The ends of the command: lines go to standard output, words to standard error."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterable
from io import TextIOWrapper

from tinynet_tui.cli.faults import FAILED, PROGRAM, Fault, OutputClosed
from tinynet_tui.drawing.signs import UNSHOWABLE, to_ascii, wrap
from tinynet_tui.safety.foreign_text import harmless_line
from tinynet_tui.terminal.abilities import ascii_wanted


def output_encoding() -> str | None:
    """The encoding of standard output; None where it is closed."""
    return sys.stdout.encoding if sys.stdout is not None else None


def write_lines(lines: Iterable[str]) -> None:
    """Write lines to standard output in UTF-8, as soon as they are there, without what steers a terminal.

    Raises: OutputClosed when nobody reads on; Fault when they cannot be written.
    """
    if isinstance(sys.stdout, TextIOWrapper) and sys.stdout.encoding != "utf-8":
        sys.stdout.reconfigure(encoding="utf-8")  # which sends off what was written before
    for line in lines:
        _written(f"{harmless_line(line)}\n")


WIDTH = 72
"""Characters of a line of prose, so that it is not broken by a terminal, and soon sent over a slow one."""


def write_wrapped(lines: Iterable[str], written: Callable[[str], str]) -> None:
    """Write lines of prose, each broken between words; `written` is how a line is written in ASCII.

    Raises: as `write_lines`.
    """
    write_lines(short for line in lines for short in wrap(written(line), WIDTH) or ("",))


def write_prompt(text: str) -> None:
    """Write a text without an end of line, and send it off.

    Raises: as `write_lines`.
    """
    _written(harmless_line(text))
    finish_output()


def finish_output() -> None:
    """Send off what has been written so far.

    Raises: as `write_lines`.
    """
    _written("")


def _written(text: str) -> None:
    if sys.stdout is None or sys.stdout.closed:
        raise Fault(f"{PROGRAM}: standard output is closed: there is nowhere to write to", status=FAILED)
    try:
        if text:
            sys.stdout.write(text)
        else:
            sys.stdout.flush()
    except BrokenPipeError as error:
        _abandon_output()
        raise OutputClosed from error
    except OSError as error:
        _abandon_output()
        raise Fault(
            f"{PROGRAM}: standard output cannot be written: {error.strerror}", status=FAILED
        ) from error


def _abandon_output() -> None:
    """Let what is still unwritten go nowhere, so that Python does not try again and complain at its end."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def say(*lines: str) -> None:
    """Write words to standard error, one line each, with nothing in them that a terminal would obey."""
    if sys.stderr is None or sys.stderr.closed:
        return
    written = to_ascii if _locale_wants_ascii(sys.stderr.encoding) else _printable
    with contextlib.suppress(OSError):
        for line in lines:
            sys.stderr.write(f"{written(line)}\n")
        sys.stderr.flush()


def _printable(line: str) -> str:
    return "".join(character if character.isprintable() else UNSHOWABLE for character in line)


def text_writer(ascii: bool | None) -> Callable[[str], str]:
    """How a line for readers is written; ascii: whether in ASCII only, None: as `text_in_ascii` says."""
    return to_ascii if text_in_ascii(ascii) else str


def text_in_ascii(ascii: bool | None) -> bool:
    """Whether text for readers is to be ASCII, where a command line may leave that open (None)."""
    if ascii is None:
        return _locale_wants_ascii(output_encoding())
    return ascii


def data_in_ascii(ascii: bool | None) -> bool:
    """The same for data that a program reads: there the encoding alone counts, not what can be shown."""
    if ascii is None:
        encoding = output_encoding() or ""
        return encoding.lower().replace("-", "").replace("_", "") != "utf8"
    return ascii


def _locale_wants_ascii(encoding: str | None) -> bool:
    """Whether text is to be ASCII; the kind of terminal says nothing about a file or a pipe."""
    terminal = sys.stdout is not None and not sys.stdout.closed and sys.stdout.isatty()
    environ = {name: value for name, value in os.environ.items() if terminal or name != "TERM"}
    return ascii_wanted(environ, encoding)
