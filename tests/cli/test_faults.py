"""What is said of bad use and of bad input: on standard error, in few lines, with exit status 2."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import ASCII_ONLY, run
from tests.goldens import assert_golden

FAULTS = (
    "trace --updates -1",
    "trace --updates 0",
    "trace --updates 1000001",
    "trace --updates 1e99",
    "trace --updates 2.5",
    "trace --updates",
    f"trace --updates {'9' * 5000}",
    "trace --format xml",
    "trace --format json --blank",
    "trace --format json --name Ada",
    "trace --blank-every 0",
    "trace --blank-every 2.5",
    "trace --blank --blank-every 2",
    "trace --name",
    f"trace --name {'A' * 101}",
    "trace --phase given",
    "trace --parameter dL/dw1",
    "trace --parameter w7",
    "trace --sample 0",
    "trace --sample 2",
    "trace xor --sample 5",
    "trace xor --phase update --sample 2",
    "trace --format keras --phase update",
    "trace --learning-rate 0.1",
    "trace lecture mazur",
    "train --updates -1",
    "train --learning-rate nan",
    "train --learning-rate inf",
    "train --learning-rate -inf",
    "train --learning-rate 0",
    "train --learning-rate -1",
    "train --learning-rate -1e-5",
    "train --learning-rate abc",
    "train --learning-rate 1e999",
    "train --learning-rate 0.1,0.2",
    "train --learning-rate 0.1 lecture",
    "train --learning-rate",
    "train --every 0",
    "train --format yaml",
    "train --ascii --no-ascii",
    "lessons --show nope",
    "lessons extra",
    "trace nope",
    "trace no/such/file.toml",
    "train .",
    "--at 0.1",
    "--at here",
    "--at dL/dw99",
    "--at x1",
    "xor --at dL/dw5(7)",
    "--at 1000001",
    "--at 2.18 trace",
    "--ascii train",
    "--foo",
    "tarce",
    "walk nope",
    "walk --updates 0",
    "walk --at 0.1",
    "walk --predict --level hard",
    "walk lecture mazur",
    "check --time-limit 0",
    "check nope",
    "check lecture mazur",
    "serve",
    "experiment",
    "experiment rate",
    "experiment lecture rates",
    "experiment rates --learning-rate",
    "experiment rates --learning-rate 0.1 0",
    "experiment rates --learning-rate -0.1",
    "experiment rates --learning-rate nan",
    f"experiment rates --learning-rate {' '.join(f'{n + 1}e-9' for n in range(25))}",
    "experiment rates --updates 0",
    "experiment rates --updates 1000000000",
    "experiment rates --linear --logarithmic",
    "experiment rates --parameter w5",
    "experiment rates nope",
    "experiment init --seed -1",
    "experiment init --seed 9223372036854775808",
    "experiment init --recipe best",
    "experiment init --starts 0",
    "experiment init --starts 10001",
    "experiment init --threshold 0",
    "experiment dead --parameter w5",
    "experiment dead --parameter b4",
    "experiment dead deep-sigmoid",
    "experiment dead --updates 0",
    "experiment sensitivity --parameter w7",
    "experiment sensitivity --parameter x1",
    f"experiment sensitivity --parameter {'w' * 5000}",
    "experiment sensitivity --by much",
    "experiment sensitivity --format xml",
    "lecture",
    "-",
    "",
)


def test_every_fault_as_it_is_said() -> None:
    """Nothing on standard output, no traceback, exit status 2."""
    said = []
    for line in FAULTS:
        done = run(*line.split())
        assert (done.returncode, done.stdout) == (2, b""), line
        said.append(f"$ tinynet-tui {line[:70]}\n{done.stderr.decode()}")
    assert_golden("cli-faults.txt", "\n".join(said))


def test_a_verb_wins_over_a_lesson_of_its_name(tmp_path: Path) -> None:
    """A file named trace is opened as ./trace."""
    (tmp_path / "trace").write_text("no lesson", "utf-8")
    assert run("trace", "--format", "json", cwd=tmp_path).stdout.count(b"\n") == 1 + 46
    fault = run("trace", "./trace", cwd=tmp_path)
    assert fault.returncode == 2
    assert fault.stderr.startswith(b"./trace: ")
    opened = run("./trace", cwd=tmp_path)
    assert (opened.returncode, opened.stderr) == (2, fault.stderr)


def test_a_bad_lesson_is_told_in_its_own_lines() -> None:
    """With one line for each fault, the place named."""
    done = run("train", "-", stdin=b"title = 1\n")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.splitlines()
    assert all(line.startswith(b"standard input: ") for line in done.stderr.splitlines())


@pytest.mark.parametrize("name", ["\x1b[31mred\x1b[0m", "a\nb", "\udcff", "表.toml"])
def test_nothing_that_was_typed_is_obeyed_by_the_terminal(name: str) -> None:
    """Controls are shown as signs, one fault stays one line, and odd bytes are no fault of ours."""
    for words in (
        ("trace", name),
        (name,),
        ("trace", "--format", name),
        ("trace", "--blank-every", name),
        ("trace", "--name", name, "--format", "json"),
        ("train", "--learning-rate", name),
        ("experiment", name),
        ("experiment", "dead", "--parameter", name),
    ):
        done = run(*words)
        assert done.returncode == 2
        assert done.stdout == b""
        assert b"Traceback" not in done.stderr
        assert not set(done.stderr.replace(b"\n", b"")) & set(range(32))
        assert done.stderr.count(b"\n") <= 2


def test_in_a_c_locale_words_are_ascii() -> None:
    """Even about a name that is not."""
    done = run("trace", "ŷ.toml", environ=ASCII_ONLY)
    assert done.returncode == 2
    assert done.stderr.isascii()
    assert b"Traceback" not in done.stderr
