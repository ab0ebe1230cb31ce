"""What the README and the pages under docs say: tables, commands, pictures. As a script: the tables alone."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import re
import shlex
import subprocess
import sys
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from math import inf
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

from tinynet_tui.cli import VERBS, stepper
from tinynet_tui.engine.model import batch_setup
from tinynet_tui.experiments.long_work import unwatched
from tinynet_tui.experiments.page_keys import keys
from tinynet_tui.experiments.table import EXPERIMENTS
from tinynet_tui.frameworks.check_report import text_lines
from tinynet_tui.frameworks.gradient_check import (
    CheckResult,
    Difference,
    framework_check,
    numeric_check,
)
from tinynet_tui.frameworks.installed import FRAMEWORKS
from tinynet_tui.lessons.key_faults import wanted
from tinynet_tui.lessons.parsing import parse_lesson
from tinynet_tui.lessons.schema import (
    OF_NETWORKS,
    TABLES,
    Expectation,
    Lesson,
    Note,
    RecipeTable,
    StateTable,
    keys_of,
    kinds_of,
    needed,
)
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.lessons.shipped import shipped_lesson, shipped_lessons
from tinynet_tui.rules.activations import ACTIVATIONS
from tinynet_tui.session.commands import COMMANDS, Entry, key_sign

ROOT = Path(__file__).parents[1]
PAGES = {
    path.name: path.read_text(encoding="utf-8")
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
}
"""The README and what it leads to, by name."""
LINKS = sorted(
    {
        (name, link)
        for name, text in PAGES.items()
        for link in re.findall(r"\]\(([^)]+)\)", text)
        if "://" not in link
    }
)


KEYED: Mapping[str, type[msgspec.Struct]] = {
    **TABLES,
    "program.init.NAME": RecipeTable,
    "training.state": StateTable,
    "notes": Note,
    "expect": Expectation,
}
"""The tables of a lesson file that have keys, by name."""


def keys_table(entries: Sequence[Entry[Any]]) -> str:
    """The keys as Markdown, from a table of them."""
    rows = [
        f"| {' '.join(f'`{key_sign(key)}`' for key in entry.keys)} | {entry.about} |"
        for entry in entries
        if entry.keys
    ]
    return "\n".join(("| keys | |", "|---|---|", *rows))


def lessons_table() -> str:
    """The shipped lessons as Markdown: name, and the first sentence about each."""
    rows = [f"| `{item.name}` | {_first_sentence(item.lesson.about)} |" for item in shipped_lessons()]
    return "\n".join(("| name | |", "|---|---|", *rows))


def lesson_keys_table() -> str:
    """Every key of a lesson file as Markdown, from the table of keys."""
    rows = []
    for table, kind in KEYED.items():
        for field in msgspec.structs.fields(kind):
            if field.name not in keys_of(kind):
                continue  # a table itself
            key = keys_of(kind)[field.name]
            name = f"{table}.{field.name}" if table else field.name
            default = _default(name, field.default)
            needs = f"; only with {needed(key.needs)}" if key.needs else ""
            choices = wanted(kinds_of(kind)[field.name]).startswith("one of")
            comment = "" if choices and key.comment.startswith('"') else key.comment
            cells = (
                f"`{name}`",
                wanted(kinds_of(kind)[field.name]),
                default,
                f"{comment}{needs}".removeprefix("; "),
            )
            rows.append(f"| {' | '.join(cell.replace('|', 'or') for cell in cells)} |")
    return "\n".join(("| key | must be | default | what it says |", "|---|---|---|---|", *rows))


def _default(name: str, default: object) -> str:
    """A default as a file would have it."""
    match default:
        case _ if name == "title":
            return "the name of the file"
        case _ if name in OF_NETWORKS:
            return "required without [program]"
        case msgspec.NODEFAULT:
            return "required"
        case "" | () | None | StateTable():
            return "none"
        case bool():
            return f"`{str(default).lower()}`"
        case str():
            return f'`"{default}"`'
        case _:
            return f"`{default}`"


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[.:]) ", " ".join(text.split()), maxsplit=1)[0].rstrip(":")


def _screenshots() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make", ROOT / "screenshots" / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_keys_are_those_of_the_app() -> None:
    """The tables are the ones that the commands and the keys of the experiments give."""
    assert keys_table(COMMANDS) in PAGES["stepper.md"]
    assert keys_table(keys()) in PAGES["experiments.md"]


def test_the_lessons_are_those_shipped() -> None:
    """The table is the one that the lessons give."""
    assert lessons_table() in PAGES["lessons.md"]


def test_the_keys_of_lesson_files_are_those_that_are_read() -> None:
    """The table is the one that the schema gives, and names every key."""
    assert lesson_keys_table() in PAGES["lessons.md"]
    keys = {key for kind in KEYED.values() for key in kinds_of(kind)}
    named = {
        key.rpartition(".")[2] for key in re.findall(r"^\| `([\w.]+)` ", lesson_keys_table(), re.MULTILINE)
    }
    assert keys - named == {"network", "data", "training", "program", "notes", "expect"}


def test_every_activation_is_told() -> None:
    """By its name in a lesson's file, which the table of keys does not give."""
    assert [name for name in ACTIVATIONS if f"`{name}`" not in PAGES["lessons.md"]] == []


def test_every_experiment_is_told() -> None:
    """By its verb, and by its flag where it has one."""
    lines = [line for page in PAGES.values() for line in page.splitlines()]
    for row in EXPERIMENTS:
        words = (f"tinynet-tui experiment {row.topic.verb}", row.asked_by.name if row.asked_by else "")
        assert any(all(word in line for word in words) for line in lines), words


def test_the_lesson_file_is_one() -> None:
    """It is read as a lesson."""
    text = PAGES["lessons.md"].split("```toml\n")[1].split("```")[0]
    assert parse_lesson(text, "lessons.md") == msgspec.convert(tomllib.loads(text), Lesson)


@pytest.mark.usefixtures("with_pip")
def test_the_table_of_check_is_as_it_prints_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """But for versions and figures of those that agree: they are another machine's, and taken from it."""
    monkeypatch.setattr(sys, "executable", str(Path.cwd() / ".venv" / "bin" / "python"))
    table = PAGES["handouts.md"].split("$ tinynet-tui check mazur\n")[1].split("```")[0]
    setup = setup_of(shipped_lesson("mazur"))
    numeric = numeric_check(batch_setup(setup, 1), inf, unwatched)
    assert (numeric.status, numeric.checked) == ("agrees", len(setup.parameters))
    pytorch, keras, jax = FRAMEWORKS
    without_jax = framework_check(replace(jax, modules=("no_such_module",)), setup, 0, unwatched)
    found = (
        _agreeing(numeric.judge, table),
        _agreeing(pytorch.name, table),
        _agreeing(keras.name, table),
        without_jax,
    )
    lines = text_lines(shipped_lesson("mazur").title, len(setup.parameters), found)
    assert "".join(f"{line}\n" for line in lines) == table


def _agreeing(judge: str, table: str) -> CheckResult:
    """A verdict with what the row of a judge has for its version and for its greatest differences."""
    row = re.search(rf"^{judge} (?P<version>[\d.+\w]*)(?P<cells>.*) agrees$", table, re.MULTILINE)
    assert row is not None, judge
    # A name with a subscript, as ∂L/∂w₄, is that of a parameter.
    cells = re.findall(r"(\S+) at ∂L/∂([wb])([₀-₉]+)|\b(0)\b", row["cells"])
    differences = [
        Difference(f"dL/d{letter}{unicodedata.normalize('NFKC', number)}", float(size or 0), 0.0, inf)
        for size, letter, number, _ in cells
    ]
    gradients, parameters = (*differences, None)[:2]
    return CheckResult(judge, "agrees", "", row["version"], 12, gradients, parameters)


@pytest.mark.parametrize(("name", "link"), LINKS)
def test_every_link_leads_somewhere(name: str, link: str) -> None:
    """To a file, a folder or a picture, from where the page stands."""
    home = ROOT if name == "README.md" else ROOT / "docs"
    assert (home / link).exists()


def test_every_page_is_reached_from_the_readme() -> None:
    """One click leads to each of them."""
    assert {f"docs/{name}" for name in PAGES} - {"docs/README.md"} <= {
        link for name, link in LINKS if name == "README.md"
    }


def test_the_readme_is_short() -> None:
    """A screenful and a half; everything else is on the pages."""
    assert len(PAGES["README.md"].splitlines()) <= 80


def test_pictures_are_those_that_the_program_makes() -> None:
    """And no other picture lies beside them."""
    named = {link.removeprefix("../") for _, link in LINKS if link.endswith(".svg")}
    assert named
    made = {f"screenshots/{name}.svg" for name in _screenshots().SCREENSHOTS}
    assert named - {"screenshots/recording.svg"} <= made
    moving = "screenshots/recording.svg"  # tests/test_recording.py
    assert {f"screenshots/{path.name}" for path in (ROOT / "screenshots").glob("*.svg")} == {*made, moving}


@pytest.mark.parametrize("name", list(_screenshots().SCREENSHOTS))
def test_pictures_are_of_the_app_as_it_is(name: str) -> None:
    """`python screenshots/make.py` would change nothing."""
    kept = (ROOT / "screenshots" / f"{name}.svg").read_text(encoding="utf-8")
    assert kept == asyncio.run(_screenshots().screenshot(name))


COMMAND_LINES = sorted(
    {
        re.split(r"\s+#", line)[0]
        for text in PAGES.values()
        for block in re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        for line in block.splitlines()
        if line.startswith("tinynet-tui ")
    }
)


@pytest.mark.parametrize("line", COMMAND_LINES)
def test_commands_are_known(line: str) -> None:
    """Every `tinynet-tui` command that a page has is taken by the parser of its verb."""
    words = shlex.split(re.split(r"[|<>&]", line)[0])[1:]
    assert words[0] in VERBS
    module: Any = import_module(f"tinynet_tui.cli.{words[0]}")
    if words[0] == "experiment":
        module.topic_parser(module.topics()[words[1]]).read(words[2:])
    else:
        module.parser().read(words[1:])


# A class on one account

_STUDENTS = (
    ("Ada ssh-ed25519 AAAA1", "Ada"),
    ("", None),
    ("   ", None),
    ("Jürgen\tssh-rsa AAAA2 jürgen@home\r", "Jürgen"),
    ("ada.l-3 sk-ssh-ed25519@openssh.com AAAA3", "ada.l-3"),
    ("-kiosk ecdsa-sha2-nistp256 AAAA4", "-kiosk"),
    ("O'Neill ssh-ed25519 AAAA", None),
    ("x;sh ssh-ed25519 AAAA", None),
    ("$(sh) ssh-ed25519 AAAA", None),
    ("`sh` ssh-ed25519 AAAA", None),
    ("x'$IFS'y ssh-ed25519 AAAA", None),
    ('x",command="sh ssh-ed25519 AAAA', None),
    ("Ada Lovelace ssh-ed25519 AAAA", None),
    ("Eve", None),
    ('Eve command="sh" ssh-ed25519 AAAA', None),
    ("../Eve ssh-ed25519 AAAA", None),
    (r"Bob ssh-ed25519 AAAA5 a\nssh-ed25519 AAAA6 \c%s", "Bob"),
    ("Zoë ssh-ed25519 AAAA7", "Zoë"),
)
"""Lines of a list that everybody may sign, the last without an end, and whom each is to let in."""


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_a_class_on_one_account_gets_nothing_but_the_app(shell: str, tmp_path: Path) -> None:
    """A line for each student with a name; its command is one call of the app, under that name."""
    recipe = next(
        block for block in PAGES["classes.md"].split("```sh\n") if "authorized_keys" in block
    ).split("```")[0]
    programs = tmp_path / "programs"
    programs.mkdir()
    _make_program(programs / "sudo", '[ "$1" = tee ] || exit 0; exec cat > authorized_keys')
    _make_program(programs / "tinynet-tui", """printf '%s\\0' "$@" >> called; printf '\\n' >> called""")
    (tmp_path / "students.txt").write_text("\n".join(line for line, _ in _STUDENTS), encoding="utf-8")
    environ = {"PATH": f"{programs}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}

    def run(shell: str, script: str) -> None:
        subprocess.run((shell, "-c", script), cwd=tmp_path, env=environ, check=True)

    run(shell, recipe)
    let_in = [(name, line.split(maxsplit=1)[1].strip()) for line, name in _STUDENTS if name is not None]
    lines = (tmp_path / "authorized_keys").read_text(encoding="utf-8").split("\n")
    assert lines.pop() == ""
    assert len(lines) == len(let_in)
    for line, (name, key) in zip(lines, let_in, strict=True):
        found = re.fullmatch(r'restrict,pty,command="/opt/tinynet/bin/([^"\\]*)" (.*)', line)
        assert found is not None, line
        assert found[2] == key
        (tmp_path / "called").unlink(missing_ok=True)
        run("sh", found[1])
        (called, rest) = (tmp_path / "called").read_text(encoding="utf-8").split("\0\n")
        arguments = called.split("\0")
        assert (arguments, rest) == (["--kiosk", "--resume", f"--as={name}"], "")
        assert stepper.parser().read(arguments).person == name


def _make_program(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


if __name__ == "__main__":
    print(keys_table(COMMANDS), keys_table(keys()), lessons_table(), lesson_keys_table(), sep="\n\n")
