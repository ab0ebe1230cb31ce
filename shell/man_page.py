"""The man page tinynet-tui(1), in the macros that every `man` knows."""

from __future__ import annotations

from collections.abc import Iterator

from shell.command_line import Argument, Verb, verbs

_STATUS = (
    ("0", "Done."),
    ("1", "A check failed, an answer was wrong, or nothing could be written."),
    ("2", "Bad use or bad input, said in one line with its remedy."),
)


def man_page(version: str) -> str:
    """The page as roff, for a version of the program."""
    return "\n".join((*_page(version, *verbs()), ""))


def _page(version: str, screen: Verb, *others: Verb) -> Iterator[str]:
    yield f'.TH TINYNET\\-TUI 1 "" "tinynet\\-tui {_plain(version)}" "User commands"'
    yield from (".SH NAME", f"tinynet\\-tui \\- {_plain(screen.about)}")
    yield from (".SH SYNOPSIS", *_synopsis(screen), ".br", r".B tinynet\-tui", r".I VERB \fR...")
    yield from (".SH DESCRIPTION", _text(screen.description))
    yield from ("Without a verb it opens the screen; there", _keys("?"), "lists every key.")
    yield from (".SH OPTIONS", *_arguments(screen), ".SH VERBS")
    for verb in others:
        yield from (
            f".SS tinynet\\-tui {_plain(verb.name)}",
            *_synopsis(verb),
            ".PP",
            _text(verb.description),
        )
        yield from (*_arguments(verb), *_examples(verb))
    yield ".SH EXIT STATUS"
    for status, about in _STATUS:
        yield from (".TP", f".B {status}", about)
    yield from (".SH EXAMPLES", *_examples(screen))


def _keys(text: str) -> str:
    return f"\\fB{_plain(text)}\\fR"


def _synopsis(verb: Verb) -> Iterator[str]:
    """How it is called: the command in bold, what stands for a value in italics."""
    yield f".B tinynet\\-tui {_plain(verb.name)}".rstrip()
    yield f"[{_italic('options')}]"
    for place in verb.places:
        yield _italic(place.metavar) if place.is_needed else f"[{_italic(place.metavar)}]"


def _arguments(verb: Verb) -> Iterator[str]:
    for argument in (*verb.places, *verb.options):
        yield from (".TP", _head(argument), _text(argument.about))


def _head(argument: Argument) -> str:
    flags = ", ".join(f"\\fB{_plain(flag)}\\fR" for flag in argument.flags)
    value = argument.metavar and _italic(argument.metavar)
    return f"{flags} {value}{' ...' if argument.may_repeat else ''}".strip()


def _examples(verb: Verb) -> Iterator[str]:
    if verb.examples:
        yield from (".PP", ".nf", ".RS", *map(_text, verb.examples), ".RE", ".fi")


def _italic(text: str) -> str:
    return f"\\fI{_plain(text)}\\fR"


def _text(text: str) -> str:
    """A line of text: a dot or an apostrophe at its start would make it a request."""
    plain = _plain(text)
    return f"\\&{plain}" if plain[:1] in ".'" else plain


def _plain(text: str) -> str:
    """Text with the characters that mean something to roff escaped."""
    return text.replace("\\", r"\e").replace("-", r"\-").replace("'", r"\(aq").replace("`", r"\(ga")
