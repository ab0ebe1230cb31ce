"""Frameworks that give no answer: each is one line, and none holds the others up."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.engine.setups import LECTURE
from tests.frameworks.grandchild import Grandchild
from tests.pseudo_terminal import SAFETY
from tinynet_tui.experiments.long_work import Stopped, unwatched
from tinynet_tui.frameworks.installed import NoAnswer, first_update
from tinynet_tui.handouts import framework as framework_module
from tinynet_tui.handouts.framework import Framework, Script, pip_install


def framework(*script: str, modules: tuple[str, ...] = (), version: str = "'1.0'") -> Framework:
    """A framework with a script of its own, in which every number is 0."""
    return Framework(
        name="Fake",
        modules=modules,
        packages="fake",
        version=version,
        of_layers=Script(lambda _, __: script, lambda _, __: "0"),
        of_formulas=None,
    )


def test_an_answer() -> None:
    """Version, gradients and parameters, whatever the script prints itself."""
    answer = first_update(
        framework("print('noise')", "import os", "os.write(1, b'more')"), LECTURE, SAFETY, unwatched
    )
    assert answer.version == "1.0"
    assert set(answer.gradients.values()) == set(answer.parameters.values()) == {0.0}


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (("import os", "os.abort()"), "it was ended by SIGABRT"),
        (("import os", "os._exit(3)"), "it ended without an answer, with exit status 3"),
        (("raise ImportError('no\\nlibrary')",), "it stopped: ImportError: no library"),
        (("raise SystemExit(5)",), "it stopped: SystemExit: 5"),
        (("import no_such_module",), "it stopped: ModuleNotFoundError: No module named 'no_such_module'"),
        (("print(",), "it stopped: SyntaxError: '(' was never closed (<script>, line 1)"),
    ],
)
def test_why_there_is_no_answer(script: tuple[str, ...], words: str) -> None:
    """Crashed, ended, failed: in one line, and no traceback."""
    with pytest.raises(NoAnswer) as none:
        first_update(framework(*script), LECTURE, SAFETY, unwatched)
    assert str(none.value) == words


def test_one_that_is_wedged_is_not_waited_for() -> None:
    """Nor is a process that it has started, though it holds the way of the answer open."""
    with pytest.raises(NoAnswer, match="no answer within 2 s"):
        first_update(
            framework("import os, threading", "os.fork()", "threading.Event().wait()"), LECTURE, 2, unwatched
        )


def test_who_waits_is_told_and_can_stop_it(tmp_path: Path) -> None:
    """However long nothing comes; the process is ended with what it has started."""
    started, shares = Grandchild(tmp_path), list[float]()

    def watch(share: float) -> None:
        shares.append(share)
        if len(shares) > 2:
            started.wait_for_it()
            raise Stopped

    with pytest.raises(Stopped):
        first_update(
            framework(*started.start, "import threading", "threading.Event().wait()"), LECTURE, SAFETY, watch
        )
    assert set(shares) == {0.0}
    assert started.is_gone()


def test_a_process_that_it_started_ends_with_it(tmp_path: Path) -> None:
    """It is not left behind, even where the framework itself ends before it."""
    started = Grandchild(tmp_path)
    with pytest.raises(NoAnswer, match="exit status 3"):
        first_update(framework(*started.start, "import os", "os._exit(3)"), LECTURE, SAFETY, unwatched)
    assert started.is_gone()


def test_on_windows_it_is_ended_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are no groups of processes, and no signals but those of the C language."""
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delattr(os, "killpg")
    assert first_update(framework("pass"), LECTURE, SAFETY, unwatched).version == "1.0"
    with pytest.raises(NoAnswer, match="no answer within 1 s"):
        first_update(framework("import threading", "threading.Event().wait()"), LECTURE, 1, unwatched)


def test_no_file_of_the_working_directory_is_taken_for_a_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lesson may lie beside a json.py."""
    (tmp_path / "json.py").write_text("raise SystemExit('this is not the library')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert first_update(framework(), LECTURE, SAFETY, unwatched).version == "1.0"


@pytest.mark.parametrize(
    ("modules", "is_installed"), [((), True), (("json",), True), (("json", "no_such_module"), False)]
)
def test_installed_is_what_has_all_its_modules(modules: tuple[str, ...], is_installed: bool) -> None:
    """Keras without TensorFlow is not."""
    assert framework(modules=modules).is_installed is is_installed


def test_a_directory_of_its_name_is_no_framework(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python would import it as an empty package."""
    (tmp_path / "flameworks").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    assert not framework(modules=("flameworks",)).is_installed


@pytest.mark.usefixtures("with_pip")
@pytest.mark.parametrize(
    ("executable", "command"),
    [
        ("/home/ada/.venv/bin/python", ".venv/bin/python -m pip"),
        ("/opt/tinynet/bin/python", "/opt/tinynet/bin/python -m pip"),
        ("/home/ada/my env/bin/python", "'my env/bin/python' -m pip"),
        ("", "python3 -m pip"),
    ],
)
def test_pip_is_that_of_the_python_that_runs(
    monkeypatch: pytest.MonkeyPatch, executable: str, command: str
) -> None:
    """A bare pip may be another's; a path below the working directory is as people type it."""
    monkeypatch.setattr(sys, "executable", executable)
    monkeypatch.setattr(Path, "cwd", lambda: Path("/home/ada"))
    assert pip_install() == f"{command} install"


def test_without_pip_uv_installs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its environments have no pip of their own."""
    monkeypatch.setattr(sys, "executable", "/opt/python")
    monkeypatch.setattr(framework_module, "find_spec", lambda _name: None)
    assert framework().install == "uv pip install --python /opt/python fake"
