"""What is built for those who install it: the wheel, made from the source archive, and what it needs."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

from shell.completion import completions

ROOT = Path(__file__).parents[1]
SHARED = {*completions(), "man/man1/tinynet-tui.1"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built as pip does it from what the source archive holds."""
    folder = tmp_path_factory.mktemp("built")
    _build("sdist", ROOT, folder)
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    _build("wheel", next(path for path in folder.iterdir() if path.is_dir()), folder)
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def _build(target: str, source: Path, folder: Path) -> None:
    subprocess.run(
        (sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(folder)),
        cwd=source,
        check=True,
        capture_output=True,
    )


def _metadata(wheel: zipfile.ZipFile) -> Message:
    name = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    return Parser().parsestr(wheel.read(name).decode())


def test_the_wheel_holds_the_program_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    """Every file of the package, what shells and `man` look for, the licence; no tests, no benchmarks."""
    stem = f"tinynet_tui-{_metadata(wheel)['Version']}"
    package = {
        str(path.relative_to(ROOT / "src"))
        for path in (ROOT / "src" / "tinynet_tui").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    shared = {f"{stem}.data/data/share/{place}" for place in SHARED}
    about = {"METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE"}
    assert set(wheel.namelist()) == package | shared | {f"{stem}.dist-info/{name}" for name in about}


def test_completion_and_man_page_are_of_this_version(wheel: zipfile.ZipFile) -> None:
    """As the parsers of these sources are, not those of what is installed."""
    version = _metadata(wheel)["Version"]
    built = {
        name.partition("/data/share/")[2]: wheel.read(name).decode()
        for name in wheel.namelist()
        if "/data/share/" in name
    }
    assert f"tinynet\\-tui {version}" in built.pop("man/man1/tinynet-tui.1")
    assert built == completions()


def test_what_it_pulls_in(wheel: zipfile.ZipFile) -> None:
    """Six libraries; all else is asked for by name."""
    needed = [line for line in _metadata(wheel).get_all("Requires-Dist", []) if "extra ==" not in line]
    names = {re.split(r"[<>=!~ ]", line)[0] for line in needed}
    assert names == {"textual", "rich", "msgspec", "platformdirs", "tomlkit", "wcwidth"}


def test_the_build_needs_what_it_says() -> None:
    """Where pip builds it, nothing is there but what `build-system` asks for."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = {re.split(r"[<>=]", line)[0] for line in settings["build-system"]["requires"]} - {"hatchling"}
    code = """
import sys
from shell import completion, man_page
completion.completions(), man_page.man_page("1")
for name, module in list(sys.modules.items()):
    if "site-packages" in (getattr(module, "__file__", None) or ""):
        print(name.partition(".")[0])
"""
    environ = {"PYTHONPATH": f"{ROOT}:{ROOT / 'src'}", "PATH": ""}
    done = subprocess.run(
        (sys.executable, "-c", code), cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    )
    of_python = {"_distutils_hack", "_virtualenv"}  # what an environment may load before all else
    # msgspec looks for typing_extensions, and does without.
    assert set(done.stdout.split()) - of_python - {"typing_extensions"} <= asked
