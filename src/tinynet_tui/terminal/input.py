"""What a person does at a terminal, read from the bytes that it sends: keys, clicks, the wheel, pastes.

A terminal also sends what nobody pressed: answers to questions, reports of focus and of released keys. Those,
and all that is not understood, are passed over whole, so that no part of them is taken for a key; only the
answer to the one question that this program asks is told. Nothing is kept of what is passed over, and nothing
that has begun is waited for after a silence.
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Callable, Sequence
from time import monotonic

from tinynet_tui.terminal.input_events import Heard, Key, Paste, TerminalAnswered, typed
from tinynet_tui.terminal.key_sequences import (
    BY_LINUX,
    escaped,
    keypad,
    keys_typing,
    mouse,
    rxvt_key,
    sequence,
)

ESCAPE_SILENCE = 0.05
"""Seconds without a byte after which an Escape was the key, and whatever else has begun is over."""
PASTE_LIMIT = 10_000
"""Characters that are kept of one paste; nothing that can be pasted into is longer."""
PASTE_SILENCE = 1.0
"""Seconds without a byte after which a paste without an end is over."""
_PASTE_PATIENCE, _PASTE_RATE = 5.0, 500
"""Seconds that any paste may take, and characters a second of a longer one: what comes slower is typed."""
_LONGEST = 256
"""Characters of a control sequence; a longer one is passed over."""

_CSI, _SS3 = "(?:\x1b\\[|[\x9b\udc9b])", "(?:\x1bO|[\x8f\udc8f])"
# Bytes that are not UTF-8 stand as U+DC80 to U+DCFF: so do the controls of eight bits.
_STRING = "(?:\x1b[P\\]X^_]|[\x90\x98\x9d-\x9f\udc90\udc98\udc9d-\udc9f])"
_PRINTABLE = "[^\x00-\x1f\x7f-\x9f\udc80-\udcff]"
_INTRODUCER = "\x1b[\\[OP\\]X^_]"
_PIECE = re.compile(
    f"(?P<text>{_PRINTABLE}+)"
    f"|(?P<introducer>{_INTRODUCER})(?=\x1b[^\\\\])"
    f"|{_CSI}\\[(?P<linux>[A-E])"
    f"|{_CSI}(?P<rxvt>[0-9]{{1,2}})\\$"
    f"|(?P<mouse>{_CSI}M)"
    f"|(?P<unfinished>(?:{_CSI}(?:[ -?]*|\\[)|{_SS3}[0-9;]*|{_STRING}|\x1b|{_INTRODUCER}\x1b)\\Z)"
    f"|{_CSI}(?P<parameters>[0-?]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    f"|{_SS3}(?P<modifiers>(?:1;)?[0-9]{{0,3}})(?P<keypad>[ @-~])"
    f"|(?P<broken>{_CSI}[ -?]*[@-~]?|{_SS3}[0-9;]*)"
    f"|(?P<string>{_STRING})"
    f"|\x1b(?P<escaped>{_PRINTABLE}|[\b\t\r\x7f])"
    "|(?P<control>[\x00-\x1f\x7f])"
    "|(?P<no_character>[\udca0-\udcff][\udc80-\udcff]*|[\\s\\S])"
)
_REST_OF_SEQUENCE = re.compile("[ -?]*(?P<end>[@-~])?")
_REST_OF_STRING = re.compile("[^\x00-\x1f\x7f\x9c\udc9c]*(?P<end>\x1b\\\\|[\x07\x9c\udc9c])?")
_PASTE_END = re.compile(f"{_CSI}201~")
_START_OF_PASTE_END = re.compile(f"(?:\x1b|{_CSI}(?:2(?:01?)?)?)\\Z")
_ANSWER = f"{_CSI}[03]n"
_FIELDS = "(?:[0-9]{0,7}[:;])*[0-9]{0,7}"


class Input:
    r"""Events from the bytes of one terminal, in whatever pieces they come.

    Example:
        >>> terminal = Input()
        >>> terminal.feed(b"l\x1b[")
        [Key(name='l', character='l')]
        >>> terminal.feed(b"C\x1b[?1;2c\x1b")
        [Key(name='right', character=None)]
        >>> terminal.silence()
        [Key(name='escape', character='\x1b')]
    """

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._decoder = getincrementaldecoder("utf-8")("surrogateescape")
        self._held = ""
        """The start of what may go on."""
        self._pasted: str | None = None
        """What has come of a paste so far, while in one."""
        self._paste_ends = 0.0
        """When it is over if no more of it has come; put off by all that comes."""
        self._passing: re.Pattern[str] | None = None
        """What the rest of a string or of a long sequence looks like, while one is being passed over."""

    @property
    def patience(self) -> float | None:
        """Seconds of silence after which `silence` is to be called; None for ever."""
        if self._pasted is not None:
            return PASTE_SILENCE
        begun = self._held or self._passing or self._decoder.getstate()[0]
        return ESCAPE_SILENCE if begun else None

    def feed(self, data: bytes) -> list[Heard]:
        """The events that are complete with these bytes."""
        text, self._held = self._held + self._decoder.decode(data), ""
        found: list[Heard] = []
        place = 0
        if self._pasted is not None and self._now() > self._paste_ends:
            found += self._end_paste()
        while place < len(text):
            if self._pasted is not None:
                place = self._paste_on(text, place, found)
            elif self._passing is not None:
                place = self._pass_over(self._passing, text, place)
            else:
                place = self._take(text, place, found)
        return found

    def silence(self) -> list[Heard]:
        """The events that are complete because nothing followed: a lone Escape, a paste without an end."""
        held, self._held, self._passing = self._held, "", None
        self._decoder.reset()
        if self._pasted is not None:
            return self._end_paste()
        keys = re.fullmatch(f"(?P<introducer>{_INTRODUCER})?(?P<escape>\x1b)?", held)
        if keys is None:
            return []
        return [*(_alt(keys) if keys["introducer"] else ()), *([typed("\x1b")] if keys["escape"] else ())]

    def _take(self, text: str, place: int, found: list[Heard]) -> int:
        """Take one piece of input; returns where the next one begins."""
        piece = _PIECE.match(text, place)
        assert piece is not None  # the last alternative is any character
        if piece["mouse"]:
            return self._pass_mouse(text, place, piece.end())
        if piece["unfinished"]:
            self._hold(piece["unfinished"])
        elif piece["string"]:
            self._passing = _REST_OF_STRING
        elif piece["final"] == "~" and piece["parameters"] == "200":
            self._pasted, self._paste_ends = "", self._now() + _PASTE_PATIENCE
        else:
            found += _events(piece)
        return piece.end()

    def _hold(self, start: str) -> None:
        """Keep the start of a sequence, if it is no longer than any that is understood."""
        if len(start) <= _LONGEST:
            self._held = start
        else:
            self._passing = _REST_OF_SEQUENCE

    def _pass_over(self, pattern: re.Pattern[str], text: str, place: int) -> int:
        """Pass over more of a string or a sequence; returns where what follows begins."""
        rest = pattern.match(text, place)
        assert rest is not None  # it may be empty
        if rest["end"] or rest.end() < len(text):
            self._passing = None
        if text[rest.end() :] == "\x1b" and pattern is _REST_OF_STRING:  # perhaps the first half of its end
            self._passing, self._held = pattern, "\x1b"
            return len(text)
        return rest.end()

    def _pass_mouse(self, text: str, place: int, end: int) -> int:
        """Pass over a click as the oldest terminals report it: three bytes of whatever value."""
        taken = 0
        while taken < 3 and end < len(text) and (text[end] >= " " or text[end] == "\0"):
            taken += len(text[end].encode("utf-8", "surrogateescape"))
            end += 1
        if taken < 3 and end == len(text):
            self._held = text[place:]
        return end

    def _paste_on(self, text: str, place: int, found: list[Heard]) -> int:
        """Take more of a paste; returns where what follows it begins."""
        end = _PASTE_END.search(text, place) or _START_OF_PASTE_END.search(text, place)
        more = text[place : end.start() if end else len(text)]
        self._pasted = ((self._pasted or "") + more)[:PASTE_LIMIT]
        self._paste_ends += len(more) / _PASTE_RATE
        if end is None:
            return len(text)
        if end[0].endswith("~"):
            found += self._end_paste()
        else:
            self._held = end[0]
        return end.end()

    def _end_paste(self) -> list[Heard]:
        pasted, self._pasted = self._pasted or "", None
        text, answers = re.subn(_ANSWER, "", pasted)  # it comes when it comes, and nobody can paste an Escape
        text = text.replace("\0", "").encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        return [*[TerminalAnswered()] * answers, Paste(text)]


def _alt(keys: re.Match[str]) -> Sequence[Heard]:
    """Escape and a letter that could have begun a sequence."""
    return [Key(f"alt+{keys['introducer'][1]}")]


def _events(piece: re.Match[str]) -> Sequence[Heard]:
    """What a piece of input stands for: nothing, if it is not understood or not a person's."""
    if piece.lastgroup == "final" and len(piece[0]) > _LONGEST:
        return []  # as if its pieces had come one by one
    match piece.lastgroup:
        case "text":
            return [key for character in piece["text"] for key in keys_typing(character)]
        case "control":
            return [typed(piece["control"])]
        case "introducer":  # of nothing, as another sequence begins: Escape and a letter, typed
            return _alt(piece)
        case "escaped":
            return escaped(piece["escaped"])
        case "linux":
            return [Key(BY_LINUX[piece["linux"]])]
        case "rxvt":
            return rxvt_key(int(piece["rxvt"]), "$")
        case "keypad":
            return keypad(piece["keypad"], piece["modifiers"].removeprefix("1;"))
        case "final" if not piece["between"] and re.fullmatch(_FIELDS, piece["parameters"]):
            fields = [
                [int(part or 0) for part in field.split(":")] for field in piece["parameters"].split(";")
            ]
            return sequence(fields, piece["final"], bare=not piece["parameters"])
        case "final" if not piece["between"] and piece["final"] in ("M", "m"):
            return mouse(piece["parameters"], piece["final"] == "M")
    return []
