"""Events from the bytes of terminals: every key, no reply, and nothing that a key could be lost to."""

from __future__ import annotations

import doctest
import json
import subprocess
import sys
from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual._xterm_parser import XTermParser
from textual.events import Key as TextualKey

from tests.terminal_input import ANSWERS, KEYS, REPLIES, in_pieces, random_input
from tinynet_tui.session.commands import COMMANDS
from tinynet_tui.terminal import input as input_module
from tinynet_tui.terminal.input import ESCAPE_SILENCE, PASTE_LIMIT, Input
from tinynet_tui.terminal.input_events import (
    Click,
    Heard,
    Key,
    Paste,
    TerminalAnswered,
    Wheel,
    by_hand,
    two_keys,
)

Q = Key("q", "q")


def names(events: Sequence[Heard]) -> list[str]:
    """The names of keys, and other events as they are."""
    return [event.name if isinstance(event, Key) else str(event) for event in events]


@pytest.mark.parametrize(("sent", "name"), KEYS.items(), ids=repr)
def test_a_key(sent: bytes, name: str) -> None:
    """By itself, twice, before another one, and broken in two anywhere."""
    assert names(Input().feed(sent)) == [name]
    assert names(Input().feed(sent + sent + b"q")) == [name, name, "q"]
    for cut in range(1, len(sent)):
        terminal = Input()
        assert terminal.feed(sent[:cut]) == []
        assert names(terminal.feed(sent[cut:])) == [name]
        assert terminal.patience is None


@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES)
def test_what_nobody_has_pressed(reply: bytes) -> None:
    """It is passed over whole, broken in two anywhere, and the key after it is there at once."""
    for cut in range(len(reply)):
        terminal = Input()
        assert terminal.feed(reply[:cut]) == []
        assert terminal.feed(reply[cut:] + b"q") == [Q]
        assert terminal.patience is None


@pytest.mark.parametrize("answer", ANSWERS)
def test_the_answer_to_the_question_that_is_asked(answer: bytes) -> None:
    """It is told, broken in two anywhere, twice, between keys and within a paste; nobody has done it."""
    for cut in range(len(answer)):
        terminal = Input()
        assert terminal.feed(b"q" + answer[:cut]) == [Q]
        assert terminal.feed(answer[cut:] + answer + b"q") == [TerminalAnswered(), TerminalAnswered(), Q]
        assert terminal.patience is None
        assert terminal.feed(b"\x1b[200~ab" + answer[:cut]) == []
        assert terminal.feed(answer[cut:] + b"c\x1b[201~") == [TerminalAnswered(), Paste("abc")]
    assert by_hand([TerminalAnswered(), Q, TerminalAnswered()]) == [Q]


@pytest.mark.parametrize("sent", [b"\x1b[n", b"\x1b[1n", b"\x1b[0;0n", b"\x1b[?0n", b"\x1b[0:0n"])
def test_what_is_no_such_answer(sent: bytes) -> None:
    """It is passed over."""
    assert Input().feed(sent + b"q") == [Q]


_ASK = """
import curses, json, sys
curses.setupterm(sys.argv[1])
print(json.dumps({name: sent.decode("latin-1") for name in sys.argv[2:] if (sent := curses.tigetstr(name))}))
"""
_CAPABILITIES = {
    "kcuu1": "up", "kcud1": "down", "kcuf1": "right", "kcub1": "left", "kpp": "pageup", "knp": "pagedown",
    "khome": "home", "kend": "end", "kf1": "f1", "kf12": "f12", "kcbt": "shift+tab", "kbs": "backspace",
    "kdch1": "delete", "kent": "enter",
}  # fmt: skip
"""Names of terminfo."""


@pytest.mark.parametrize(
    "term", ["xterm-256color", "linux", "screen-256color", "tmux-256color", "vt100", "vt220", "rxvt"]
)
def test_keys_as_terminfo_has_them(term: str) -> None:
    """The system's own table of what the keys of a terminal send."""
    command = [sys.executable, "-c", _ASK, term, *_CAPABILITIES]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    sent = json.loads(done.stdout)
    assert {"kcuu1", "kcuf1"} <= sent.keys()
    read = {name: names(Input().feed(keys.encode("latin-1"))) for name, keys in sent.items()}
    assert read == {name: [_CAPABILITIES[name]] for name in sent}


def test_every_sign_has_the_name_that_textual_gives_it() -> None:
    """All of ASCII, and what else may be on a keyboard; Textual itself is asked."""
    signs = [chr(code) for code in (*range(27), *range(28, 127))] + list("äß€§µ\u0442\u042a\u314c表−·½")
    for sign in signs:
        [key] = Input().feed(sign.encode())
        [theirs] = XTermParser().feed(sign)
        assert isinstance(theirs, TextualKey)
        assert key == Key(theirs.key, theirs.character)


def test_every_key_of_the_app_can_be_sent() -> None:
    """By a sign, a control character, or a sequence above."""
    sent = [*KEYS, *(bytes([code]) for code in range(127))]
    terminal = Input()
    keys = [event for piece in sent for event in (*terminal.feed(piece), *terminal.silence())]
    found = {name for key in keys if isinstance(key, Key) for name in (key.name, key.character)}
    missing = {key for row in COMMANDS for key in row.keys} - found
    assert missing == {"left"}  # the arrow beside the right one
    assert names(terminal.feed(b"\x1b[D\x1bOD")) == ["left", "left"]


# Escape


def test_a_lone_escape_waits_for_silence_and_no_longer() -> None:
    """The start of a sequence is held back until it goes on, or until nothing follows.

    The silence is over within the tenth of a second that a person takes for at once.
    """
    terminal = Input()
    assert terminal.patience is None
    assert names(terminal.feed(b"a\x1b")) == ["a"]
    assert terminal.patience == ESCAPE_SILENCE <= 0.1
    assert names(terminal.silence()) == ["escape"]
    assert terminal.patience is None
    assert terminal.feed(b"\x1b") == []
    assert names(terminal.feed(b"[A")) == ["up"]
    assert terminal.patience is None


def test_escape_before_another_key() -> None:
    """Two keys where the second is no character; with one it may be Alt: both are told from one name."""
    assert names(Input().feed(b"\x1b\x1b[C")) == ["escape", "right"]
    assert names(Input().feed(b"\x1b\x03")) == ["escape", "ctrl+c"]
    assert names(Input().feed(b"\x1b\x1bn")) == ["escape", "alt+n"]
    for sent, second in (
        (b"\x1bn", "n"),
        (b"\x1b?", "question_mark"),
        (b"\x1b ", "space"),
        (b"\x1b\r", "enter"),
    ):
        [key] = Input().feed(sent)
        assert isinstance(key, Key)
        keys = two_keys(key)
        assert keys is not None
        assert names(list(keys)) == ["escape", second]


@pytest.mark.parametrize("character", "[O]PX^_")
def test_alt_with_a_character_that_begins_sequences(character: str) -> None:
    """It is that if nothing follows."""
    terminal = Input()
    assert terminal.feed(f"\x1b{character}".encode()) == []
    [key] = terminal.silence()
    assert key == Key(f"alt+{character}")
    assert two_keys(key) == (Key("escape", "\x1b"), *Input().feed(character.encode()))


def test_other_keys_with_alt_are_one_key() -> None:
    """No terminal sends them as Escape and the key, but for Backspace, which takes a word away."""
    for key in ("alt+right", "alt+backspace", "ctrl+c", "n", "alt+f1"):
        assert two_keys(Key(key)) is None


# Mouse and pastes


def test_clicks_and_the_wheel() -> None:
    """Places count from 0; the keys that are held are told."""
    sent = b"\x1b[<0;41;4M\x1b[<0;41;4m\x1b[<18;1;1M\x1b[<64;5;6M\x1b[<65;300;200M"
    assert Input().feed(sent) == [
        Click(True, 1, 40, 3),
        Click(False, 1, 40, 3),
        Click(True, 3, 0, 0, ctrl=True),
        Wheel(-1, 4, 5),
        Wheel(1, 299, 199),
    ]
    assert Input().feed(b"\x1b[<0;0;4M\x1b[<0;-1;4M\x1b[<0;99999999;4M\x1b[<128;1;1M\x1b[<32;1;1Mq") == [Q]


@pytest.mark.parametrize("cut", range(1, 14))
def test_a_paste_may_arrive_in_pieces(cut: int) -> None:
    """Brackets and all."""
    terminal = Input()
    sent = b"\x1b[200~a\x1b[201~b"
    assert [*terminal.feed(sent[:cut]), *terminal.feed(sent[cut:])] == [Paste("a"), Key("b", "b")]


def test_a_paste_is_cut() -> None:
    """Whether it ends or not; what follows its end counts."""
    longest = Paste("x" * PASTE_LIMIT)
    terminal = Input()
    assert [*terminal.feed(b"\x1b[200~" + b"x" * 1_000_000), *terminal.silence()] == [longest]
    assert terminal.feed(b"\x1b[200~" + b"x" * 1_000_000 + b"\x1b[201~y") == [longest, Key("y", "y")]


def test_what_is_pasted_is_text() -> None:
    """Keys within it are none, and what is no character is a sign for that."""
    assert Input().feed(b"\x1b[200~\x1b[A\0\xff\xc3\x1b[201~") == [Paste("\x1b[A\ufffd\ufffd")]


def test_a_paste_waits_longer_than_a_key_but_not_for_ever() -> None:
    """A slow line may pause within it; one that has lost its end holds keys up for two seconds at most."""
    terminal = Input()
    assert terminal.feed(b"\x1b[200~a") == []
    assert terminal.patience is not None
    assert 0.5 <= terminal.patience <= 2
    assert terminal.silence() == [Paste("a")]
    assert terminal.patience is None


# Whatever comes


def _assert_it_hears(terminal: Input) -> None:
    """After a silence, or two where there was a paste in it, every key counts."""
    for _ in range(2):
        if terminal.patience is not None:
            terminal.silence()
    assert terminal.patience is None
    assert terminal.feed(b"q") == [Q]
    assert terminal.feed(b"\x03") == [Key("ctrl+c", "\x03")]


@given(st.randoms(use_true_random=False))
def test_nothing_makes_it_deaf(chance: Random) -> None:
    """Whatever was sent, nothing raises, little is kept, and after a silence keys are what they are."""
    terminal = Input()
    for piece in in_pieces(random_input(chance), chance):
        terminal.feed(piece)
        assert len(terminal._held) <= 300
        assert len(terminal._pasted or "") <= PASTE_LIMIT
        if chance.random() < 0.2:
            terminal.silence()
    _assert_it_hears(terminal)


@given(st.randoms(use_true_random=False))
def test_a_line_may_break_it_anywhere(chance: Random) -> None:
    """The same events come of the same bytes."""
    sent = random_input(chance)
    whole, broken = Input(), Input()
    expected = [*whole.feed(sent), *whole.silence()]
    assert [e for piece in in_pieces(sent, chance) for e in broken.feed(piece)] + broken.silence() == expected


@given(st.lists(st.sampled_from(sorted(REPLIES.values())), max_size=5), st.randoms(use_true_random=False))
def test_no_reply_is_a_key(replies: list[bytes], chance: Random) -> None:
    """In any order, broken anywhere, with keys between them."""
    terminal = Input()
    sent = b"".join(b"q" + reply for reply in replies)
    assert [e for piece in in_pieces(sent, chance) for e in terminal.feed(piece)] == [Q] * len(replies)


@pytest.mark.parametrize(
    "start", [b"\x1b[", b"\x1b[<", b"\x1b]0;", b"\x1bP", b"\x1b_", b"\x1bO", b"\x9b", b"\x1b[200~"]
)
def test_what_never_ends_is_not_kept(start: bytes) -> None:
    """A megabyte of it: little is held back, and what follows a silence is a key."""
    terminal = Input()
    terminal.feed(start)
    for _ in range(1_000):
        assert terminal.feed(b"1" * 1_000) in ([], [Key("1", "1")] * 999)  # SS3 1 is over with its 1
        assert len(terminal._held) <= 300
    _assert_it_hears(terminal)


@pytest.mark.parametrize("letter", "[]OPX^_")
def test_escape_and_a_letter_right_before_a_reply_are_keys(letter: str) -> None:
    """Nothing begins with them then; wherever the line breaks, and though an Escape is all that follows."""
    pressed, reply = f"\x1b{letter}".encode(), b"\x1b[?1;2c"
    alt = f"alt+{letter}"
    assert names(Input().feed(pressed + reply + b"q")) == [alt, "q"]
    for place in range(1, 6):
        terminal, sent = Input(), pressed + reply
        assert names([*terminal.feed(sent[:place]), *terminal.feed(sent[place:] + b"q")]) == [alt, "q"]
    terminal = Input()
    assert names([*terminal.feed(pressed + b"\x1b"), *terminal.silence()]) == [alt, "escape"]


def test_a_control_character_ends_what_it_stands_in() -> None:
    """Ctrl+C counts in the middle of a string whose end was lost."""
    for start in (b"\x1b[1;", b"\x1b]0;title", b"\x1bPq", b"\x1bO", b"\x1b[M ", b"\xe2\x88"):
        assert names(Input().feed(start + b"\x03"))[-1] == "ctrl+c"


def test_the_example_in_the_documentation() -> None:
    """It gives what it says."""
    result = doctest.testmod(input_module)
    assert (result.failed, result.attempted > 0) == (0, True)


def test_it_needs_the_standard_library_alone() -> None:
    """So that it can read the keys of whoever has no screen of Textual's."""
    code = "import sys, tinynet_tui.terminal.input; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"textual", "rich", "msgspec"} & set(done.stdout.split()) == set()


def test_a_paste_without_an_end_does_not_swallow_what_is_typed() -> None:
    """Keys come slower than anything that is pasted; a large paste on a slow line may take its time."""
    clock = [0.0]
    terminal = Input(lambda: clock[0])
    terminal.feed(b"\x1b[200~never ended")
    found: list[Heard] = []
    for _ in range(100):  # so quick that no silence is long enough to end it
        clock[0] += 0.1
        found += terminal.feed(b"l")
    assert Key("l", "l") in found
    terminal = Input(lambda: clock[0])
    terminal.feed(b"\x1b[200~")
    for _ in range(200):  # 960 characters a second, as a line of 9,600 baud has it
        clock[0] += 0.1
        assert terminal.feed(b"x" * 96) == []
    assert [type(event) for event in terminal.feed(b"\x1b[201~")] == [Paste]
