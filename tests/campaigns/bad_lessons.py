"""Bad lessons: `python -m tests.campaigns.bad_lessons --count 1000`.

Good lessons are broken in every way, and each has to be told in clear lines with exit status 2, or be a
lesson still. Most go through the command in this process; every twentieth, and all that is no file or no end
of one, through the command as a shell runs it, with its time and its memory limited.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import resource
import signal
import socket
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from unittest import mock

from tests.campaigns.mutations import Mutant, mutant
from tests.cli.command import run_process
from tinynet_tui.cli import main as command
from tinynet_tui.lessons.faults import LONGEST_NAME
from tinynet_tui.lessons.schema import LIMITS
from tinynet_tui.lessons.shipped import shipped_text

_SECONDS = 20
"""Of the processor, for one lesson."""
_MEMORY = 1_000_000_000
"""Bytes of address space."""
_LONGEST = 300
"""Characters of a line about a lesson, without its name."""
_EVERY = 20
"""One mutant in so many goes through the command as a shell runs it."""
_FIFTY_MB = 50_000_000
_NO_TERMINAL = "The screen cannot open"
_PLACE = re.compile(r"line \d+|[^:]{1,120}: ")
_NO_PLACE = ("too large", "holds no lesson")
"""How lines begin that are about a file as a whole."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How the command has answered to a lesson."""

    status: int
    output: str
    errors: str


def assert_clear(name: str, answer: Answer, named: str | None, has_place: bool = True) -> None:
    """An answer is a success without a word, or a few clear lines; `named` has to be in one of them."""
    assert "Traceback" not in answer.errors, "a traceback"
    if answer.status == 0:
        assert named is None, f"it is taken for a lesson; {named!r} has to be refused"
        assert answer.errors == "", "a word about a good lesson"
        return
    assert answer.status == 2, f"exit status {answer.status}"
    assert answer.output == "", "output beside faults"
    lines = answer.errors.removesuffix("\n").split("\n")
    if len(lines) > LIMITS.faults:
        assert re.fullmatch(r"… and \d+ more", lines.pop()), "the last line does not say how many more"
    assert 1 <= len(lines) <= LIMITS.faults, f"{len(lines)} lines"
    for line in lines:
        said = line.removeprefix(f"{name}: ")
        assert said != line, "a line without the name of the file"
        assert line.isprintable(), "a line that cannot be printed"
        assert len(said) <= _LONGEST, "a long line"
        assert not has_place or _PLACE.match(said) or said.startswith(_NO_PLACE), "a line without a place"
    assert named is None or any(named in line for line in lines), f"no line names {named!r}"


class Overdue(Exception):
    """A lesson that took too long."""


def _answer_here(*words: str) -> Answer:
    """The answer of the command in this process, which may take so much of the processor's time."""

    def stop(_signal: int, _frame: object) -> None:
        raise Overdue(f"over {_SECONDS} s of the processor")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, _SECONDS)
    output, errors = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    try:
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
            status = command(words)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    return Answer(status, *(_text_of(written) for written in (output, errors)))


def _text_of(written: io.TextIOWrapper) -> str:
    written.seek(0)
    return written.read()


def _answer_of_shell(*words: str, stdin: bytes = b"", cwd: Path) -> Answer:
    done = run_process(*words, stdin=stdin, cwd=cwd, limit=_limit)
    return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def check_mutant(broken: Mutant, directory: Path, in_shell: bool) -> Answer:
    """The answer to a mutant, which is clear.

    Raises: AssertionError where it is not.
    """
    (directory / "x.toml").write_bytes(broken.text)
    with contextlib.chdir(directory):
        answer = _answer_here("trace", "x.toml")
    assert_clear("x.toml", answer, broken.named)
    if in_shell:
        traced = _answer_of_shell("trace", "x.toml", cwd=directory)
        assert (traced.status, traced.errors) == (answer.status, answer.errors), "another answer in a shell"
        assert_opening_says(answer, _answer_of_shell("x.toml", cwd=directory))
    return answer


def assert_opening_says(traced: Answer, opened: Answer) -> None:
    """Opening the screen says the same of a bad lesson; it has no terminal here for a good one."""
    assert (opened.status, opened.output) == (2, "")
    good = traced.status == 0
    assert opened.errors.startswith(_NO_TERMINAL) if good else opened.errors == traced.errors, opened.errors


# What is no file, or no end of one


@dataclass(frozen=True, slots=True)
class Oddity:
    """A name that leads to no ordinary file."""

    name: str
    said: str
    """What has to be said of it."""
    stdin: bytes = b""


def oddities(directory: Path) -> Iterator[Oddity]:
    """Everything that a name can stand for other than a small file that can be read, made in a directory."""
    (directory / "good.toml").write_text(shipped_text("lecture"), encoding="utf-8")
    os.mkfifo(directory / "fifo.toml")
    (directory / "loop.toml").symlink_to("loop.toml")
    (directory / "nowhere.toml").symlink_to("missing.toml")
    (directory / "directory.toml").mkdir()
    with (directory / "sparse.toml").open("wb") as file:
        file.truncate(_FIFTY_MB)
    (directory / "large.toml").write_bytes(b"# much\n" * (_FIFTY_MB // 7))
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as listening, contextlib.chdir(directory):
        listening.bind("socket.toml")
    yield Oddity("fifo.toml", "is not a regular file; use - to read from standard input")
    yield Oddity("socket.toml", "is not a regular file")
    yield Oddity("/dev/zero", "is not a regular file")
    yield Oddity("/dev/null", "is not a regular file")
    yield Oddity("directory.toml", "is a directory; must be a file")
    yield Oddity("loop.toml", "cannot be read")
    yield Oddity("nowhere.toml", "there is no such file")
    yield Oddity("good.toml/lesson.toml", "cannot be read")
    yield Oddity("n" * 5000, "cannot be read")
    yield Oddity("sparse.toml", "too large; must be at most 1,000,000 bytes")
    yield Oddity("large.toml", "too large")
    yield Oddity("-", "too large", stdin=b"# much\n" * (_FIFTY_MB // 7))
    yield Oddity("-", "a NUL byte", stdin=bytes(500_000))
    yield Oddity("-", "holds no lesson")
    if os.path.exists("/proc/self/mem"):  # a regular file to look at, which fails when it is read
        yield Oddity("/proc/self/mem", "cannot be read")
    if os.geteuid() != 0:
        (directory / "unreadable.toml").touch(mode=0)
        yield Oddity("unreadable.toml", "cannot be read: Permission denied")


def check_oddity(oddity: Oddity, directory: Path) -> Answer:
    """The answer to an oddity, which is clear, and the same whatever is done with the lesson.

    Raises: AssertionError where it is not.
    """
    answer = _answer_of_shell("trace", oddity.name, stdin=oddity.stdin, cwd=directory)
    name = "standard input" if oddity.name == "-" else oddity.name
    name = name if len(name) <= LONGEST_NAME else f"…{name[-LONGEST_NAME:]}"
    assert_clear(name, answer, oddity.said, has_place=False)
    assert_opening_says(answer, _answer_of_shell(oddity.name, stdin=oddity.stdin, cwd=directory))
    return answer


def check_vanishing_file(directory: Path) -> Answer:
    """The answer to a file that is gone once it has been looked at.

    Raises: AssertionError where it is not clear.
    """
    path = directory / "vanishing.toml"
    path.write_text(shipped_text("lecture"), encoding="utf-8")
    look = os.stat

    def look_and_remove(name: str, *arguments: object, **keywords: bool) -> os.stat_result:
        status = look(name, **keywords)
        if name == str(path):
            path.unlink(missing_ok=True)
        return status

    with mock.patch("os.stat", look_and_remove):
        answer = _answer_here("trace", str(path))
    assert_clear(str(path), answer, "there is no such file", has_place=False)
    return answer


# The campaign


@dataclass
class Tally:
    """What has come of a campaign so far."""

    refused: Counter[str]
    good: Counter[str]
    said: list[str]
    """Every line about a mutant."""
    failures: int = 0

    def count(self, kind: str, repeat: str, check: Callable[[], Answer]) -> None:
        """Count what a check gives, or print why it fails and how to repeat it."""
        try:
            answer = check()
        except Exception:
            self.failures += 1
            traceback.print_exc(limit=-3)
            print(f"of the kind “{kind}”; again: {repeat}", flush=True)
        else:
            (self.refused if answer.status else self.good)[kind] += 1
            self.said += answer.errors.splitlines()


def main() -> int:
    """Run as the command line asks; returns the exit status."""
    parser = argparse.ArgumentParser(description="Break lessons in every way, and judge what is said.")
    parser.add_argument("--count", type=int, default=1000, help="mutants")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", type=int, metavar="NUMBER", help="the mutant of this number alone")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N lines to judge by eye")
    arguments = parser.parse_args()
    started, tally = time.monotonic(), Tally(Counter(), Counter(), [])
    repeat = f"python -m tests.campaigns.bad_lessons --seed {arguments.seed}"
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        for number in range(arguments.count) if arguments.only is None else (arguments.only,):
            in_shell = arguments.only is not None or number % _EVERY == 0
            broken = mutant(arguments.seed, number)
            check = partial(check_mutant, broken, directory, in_shell)
            tally.count(broken.kind, f"{repeat} --only {number}", check)
        if arguments.only is None:
            for oddity in oddities(directory):
                tally.count("no file", repeat, partial(check_oddity, oddity, directory))
            tally.count("no file", repeat, partial(check_vanishing_file, directory))
    _print_summary(tally, time.monotonic() - started)
    shown = sorted(set(tally.said))
    for line in Random(arguments.seed).sample(shown, min(arguments.show, len(shown))):
        print(line)
    return 1 if tally.failures else 0


def _print_summary(tally: Tally, seconds: float) -> None:
    for kind in sorted(tally.refused | tally.good):
        print(f"{kind:28} {tally.refused[kind]:6} refused {tally.good[kind]:6} good")
    here, children = (
        resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(
        f"{tally.refused.total() + tally.good.total() + tally.failures:,} checked in {seconds:,.0f} s, "
        f"{tally.failures} failures; peak memory {here} MB, of the command {children} MB"
    )


if __name__ == "__main__":
    raise SystemExit(main())
