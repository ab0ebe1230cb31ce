"""Text from lessons steers nothing: not the terminal, not a reader's direction, not a paste."""

from __future__ import annotations

import ast
import base64
import json
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

import tinynet_tui
from tests.app.running import run_app
from tests.pseudo_terminal import ENVIRON, stepper
from tinynet_tui.cli import VERBS, main
from tinynet_tui.cli.output import say, write_lines, write_prompt
from tinynet_tui.handouts.formats import FORMATS
from tinynet_tui.handouts.records import json_line
from tinynet_tui.lessons.parsing import parse_lesson
from tinynet_tui.lessons.schema import Lesson, Note
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.lessons.writing import lesson_text
from tinynet_tui.safety.foreign_text import harmless, harmless_line, one_line, steers
from tinynet_tui.safety.whole_files import create_file
from tinynet_tui.tui.app import Stepper

_DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_CONTROLS = "".join(map(chr, (*range(0x20), *range(0x7F, 0xA0)))) + "\u2028\u2029" + _DIRECTIONS
"""C0, DEL, C1, line and paragraph separators, and all that turns the direction of text."""
_ATTACK = "Ada\x1b]0;owned\x07\x1b[31m\x9b2J\x1b[201~;id\n"
NASTY = f"{_ATTACK}{_CONTROLS}Lovelace \u05d0\u05d1 ∂ŷ"
"""What a terminal would obey, among words that it should show, Hebrew ones too."""

_PLACES = ("given", "forward", "loss", "backward", "update", "check", "dL/dw1")


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    """A lesson in which every text that can be free is nasty."""
    notes = tuple(Note(place, NASTY) for place in _PLACES)
    return replace(shipped_lesson("lecture"), title=NASTY, about=NASTY, notes=notes)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lesson: Lesson) -> Path:
    """Its file, in a working directory of its own, whose other lesson has a nasty name."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "nasty.toml"
    path.write_text(lesson_text(lesson))
    path.with_name("B\x1b[31m\x9b\u202e.toml").write_text("[network]\nlayers = 2\n")
    return path


def assert_harmless(text: str) -> None:
    """Fail for every character but line ends that steers."""
    left = sorted({f"U+{ord(sign):04X}" for sign in text if steers(sign) and sign != "\n"})
    assert left == []


def test_what_steers() -> None:
    """Everything that is named as such, whatever the categories say; no letters of other scripts."""
    assert all(map(steers, _CONTROLS))
    assert all(map(steers, ("\ud800", "\ufeff", "\u200b", "\U000e0041")))
    assert not any(map(steers, "aÅ表אب ∂ŷ□\u200c\u200d\u0301"))


@cache
def plane(number: int) -> tuple[str, set[str]]:
    """(every character of a plane of Unicode, those of them that stay)."""
    every = "".join(map(chr, range(number << 16, (number + 1) << 16)))
    return every, {c for c in every if not steers(c) and unicodedata.category(c) not in ("Cn", "Co", "Zs")}


@pytest.mark.parametrize("cleaned", [harmless, harmless_line, one_line])
def test_nothing_that_steers_is_left(cleaned: type[str]) -> None:
    """Over all of Unicode; what does not steer and has a shape stays."""
    for number in range(0x11):
        every, kept = plane(number)
        left = cleaned(every)
        assert_harmless(left)
        assert kept <= set(left)


def test_no_text_poses_as_another_line() -> None:
    """Line ends in a text that stands in a line are spaces."""
    assert harmless_line("a\nPyTorch\r\nb\u2028c") == "a PyTorch  b c"
    assert harmless("a\r\nb\rc\n") == "a\nb c\n"


def test_each_door_for_itself(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Whatever comes to it raw: a file, both ends of the command, JSON that loses nothing, a clipboard."""
    create_file(tmp_path / "new", NASTY)
    write_lines((NASTY,))
    write_prompt(NASTY)
    say(NASTY)
    out, err = capfd.readouterr()
    encoded = json_line({NASTY: NASTY}, ascii=False)
    for text in ((tmp_path / "new").read_text(), out, err, encoded):
        assert_harmless(text)
        assert "Lovelace" in text
    assert json.loads(encoded) == {NASTY: NASTY}

    async def copy(app: Stepper, pilot: Pilot[None]) -> None:
        app.copy_to_clipboard(NASTY)
        assert app.clipboard == harmless(NASTY)

    run_app(copy)


def _command_lines() -> Iterator[tuple[str, ...]]:
    for name in FORMATS:
        paper = ("--name", NASTY) if FORMATS[name].is_for_paper else ()
        yield from (("trace", "FILE", "--format", name, *paper, *ascii) for ascii in ((), ("--ascii",)))
    yield from (("check", "FILE", "--format", name) for name in ("text", "json"))
    yield from (("train", "FILE", "--updates", "3", "--format", name) for name in ("text", "csv", "json"))
    yield ("walk", "FILE", "--no-ascii")
    yield ("walk", "FILE", "--predict", "--no-ascii")
    for experiment in ("rates", "init", "dead", "sensitivity", "batch", "optimizers"):
        yield from (("experiment", experiment, "FILE", "--format", name) for name in ("text", "csv", "json"))
    yield ("lessons",)
    yield ("lessons", "--show", "lecture")
    for verb in VERBS:
        yield (verb, NASTY)
        yield (verb, "--format", NASTY)
    yield (NASTY,)
    yield ("--at", NASTY)


@pytest.mark.parametrize(
    "words", list(_command_lines()), ids=lambda words: " ".join(words)[:50].translate({0: "0"})
)
def test_every_verb_and_format(
    file: Path, words: tuple[str, ...], capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """Neither end of a command says anything that steers, and what is data is as it was."""
    status = main([file.name if word == "FILE" else word.replace("\0", "") for word in words])
    out, err = capfdbinary.readouterr()
    assert_harmless(out.decode())
    assert_harmless(err.decode())
    assert (status == 0) == ("FILE" in words or (words[0] == "lessons" and NASTY not in words))
    if words[:1] == ("trace",) and "json" in words:
        first, *_ = [json.loads(line) for line in out.decode().splitlines()]
        assert first["lesson"] == NASTY
    if words[:1] == ("trace",) and "python" in words:
        compile(out, "a script", "exec")


_DRAWN = re.compile(
    r"[^\x00-\x1f\x7f-\x9f]+|\n|\r|\x08"
    r"|\x1b\[[0-9;]*[ABCDGHJKXdfm]"  # moves, erasing, styles
    r"|\x1b\[\?[0-9;]+[hl]"  # modes
    r"|\x1b\[[0-9]*[bPL@MSTr]|\x1b\[5n"  # the last one asks how the terminal is
    r"|\x1b[=>78M]|\x1b\(B"
    r"|\x1b\]52;c;([A-Za-z0-9+/=]*)\x07"  # the clipboard
)
"""All that the app itself has reason to send."""


def _clipboards(sent: str) -> list[str]:
    """What a terminal was told to copy; fails for any other sequence than the app's own."""
    copied, end = [], 0
    for token in _DRAWN.finditer(sent):
        assert token.start() == end, repr(sent[end : token.end()])
        end = token.end()
        if token[1]:
            copied.append(base64.b64decode(token[1]).decode())
    assert end == len(sent), repr(sent[end : end + 40])
    return copied


def test_every_screen_and_file_of_the_app(file: Path) -> None:
    """Panels, lists, experiments, the clipboard, and what y, s and w write; w keeps what the author wrote."""
    opened = stepper({**ENVIRON, "XDG_STATE_HOME": str(file.parent / "state")}, file.name)
    opened.wait_for("step  0 of 46")
    for keys, shows in (
        ("2", "value"), ("3", "∂L/∂w₁ ="), ("4", "x1"), ("6", "PyTorch"), ("1", "Ada]0;owned"),
        ("]]]", "backward"),
        ("y", "Sent to the clipboard"), ("s", "Written as a picture"), ("wkept.toml\r", "Saved"),
        ("o", "Open a lesson"), ("B[31m", "must be"), ("\x1b", "step  8 of"),
        ("x", "Experiments"), ("x", "step  8 of"),
        ("g", "go to"), ("\x9b\u202e\x85é", "é"), ("\x1b", "q quit"), ("q", ""),
    ):  # fmt: skip
        opened.press(keys)
        opened.wait_for(shows)
    assert opened.ended() == 0
    sent = opened.sent.decode()
    assert_harmless(re.sub(r"[\x00-\x1f]", "", sent))
    step = file.with_name("tinynet-1.8.txt").read_text()
    assert _clipboards(sent) == [step]
    assert "Lovelace" in step
    for written in ("tinynet-1.8.txt", "tinynet-1.8.svg", "kept.toml", "state/tinynet-tui/session.json"):
        assert_harmless((file.parent / written).read_text())
    kept = parse_lesson(file.with_name("kept.toml").read_bytes(), "kept.toml")
    assert NASTY in kept.about
    state = json.loads((file.parent / "state/tinynet-tui/session.json").read_text())
    assert tomllib.loads(state["lesson"])["title"] == NASTY


_DOORS = {
    "cli/output.py": "lines and words of the command, made harmless there",
    "cli/progress.py": "a share of the work, in digits",
    "cli/broker.py": "what gives a terminal back whose program was killed",
    "cli/follow.py": "JSON, to the process that has lent the terminal; what leaves the screen",
    "cli/serve_log.py": "a log, made harmless there",
    "cli/lead.py": "a new file, for the recording of a class",
    "classroom/handing_over.py": "JSON, to the next process of a follower",
    "classroom/connection_to_leader.py": "JSON, to the leader",
    "classroom/confined.py": "a digit, to the system: how far an app stands back",
    "classroom/preloaded.py": "what to be, to the process that forks it, and how it ended, to whoever asked",
    "classroom/kept_room.py": "a room as JSON, in a file of the leader's own",
    "classroom/recording.py": "places of a class: JSON, escaped",
    "classroom/direct_terminal.py": "frames of cleaned cells",
    "classroom/local_line.py": "frames of cleaned cells, and last words that are harmless",
    "classroom/ssh_line.py": "the same, to whoever comes by SSH; what their own app draws",
    "classroom/ssh_terminal.py": "the same, on the channel itself",
    "classroom/ssh_app.py": "the place as JSON, to the app of whoever steps alone",
    "classroom/pty_end.py": "what is typed, to the app of whoever types it",
    "cli/open_app.py": "keys and a place of this program's own, to an app that nobody sees",
    "classroom/leader_terminal.py": "the app, to whoever leads by SSH; the address of that, here",
    "classroom/thin_client.py": "what a leader's seat sends, to the terminal",
    "practice/record.py": "answers as JSON, escaped",
    "tui/alone.py": "frames of cleaned cells",
    "terminal/display.py": "what a driver sends, to the output",
    "terminal/output.py": "the same: frames of cleaned cells, and the clipboard",
    "terminal/reader.py": "one byte that wakes its own thread",
    "terminal/job.py": "the same",
    "tui/clipboard.py": "a copied text, made harmless there, to tmux",
    "tui/terminal_app.py": "the same, to the driver",
    "tui/app.py": "two colours, for a page in a browser",
    "safety/whole_files.py": "files, made harmless there; the state file is JSON, escaped by its encoder",
    "tui/measuring.py": "a lesson, to the process that measures",
    "frameworks/own_process.py": "JSON, to the process that asked",
    "frameworks/costs.py": "JSON, to the process that asked",
}
"""Where something is written to a file descriptor, a stream or a file."""
_CALLS = {
    "print",
    "write",
    "writelines",
    "write_text",
    "write_bytes",
    "pwrite",
    "sendfile",
    "sendall",
    "print_exc",
}
_OPENING = {"open", "fdopen"}
_OWN = {
    "self.write": "a driver's own, which is a door",
    "self.print": "a pen's: cells of a frame",
    "self._pen.print": "the same",
    "write": "a handout's way to write in ASCII: a text of a text",
}
"""Calls of these names that write nothing themselves."""


def _writes(tree: ast.Module) -> Iterator[int]:
    """The lines of all calls that write, or open something to be written."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or ast.unparse(node.func) in _OWN:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
        modes = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        given = any(keyword.arg == "input" for keyword in node.keywords)  # to another process
        if (
            given
            or name in _CALLS
            or (name in _OPENING and any(set("wax+") & set(str(mode)) for mode in modes))
        ):
            yield node.lineno


def test_there_is_no_other_door() -> None:
    """In the whole source nothing is written elsewhere than in the places that are known for it."""
    package = Path(tinynet_tui.__file__).parent
    found = {
        str(path.relative_to(package)): list(_writes(ast.parse(path.read_text(encoding="utf-8"))))
        for path in package.rglob("*.py")
    }
    assert {name for name, lines in found.items() if lines} == set(_DOORS)
