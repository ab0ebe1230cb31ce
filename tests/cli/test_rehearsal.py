"""The session that nobody sees: it runs what a student's does, and leaves the process as it was."""

from __future__ import annotations

import subprocess
import sys

_REHEARSED = """
import gc, os, signal, threading
from tinynet_tui.cli import rehearsal
from tinynet_tui.lessons.shipped import shipped_lesson

def state():
    heard = [signal.getsignal(number) for number in signal.valid_signals()]
    return dict(os.environ), heard, sorted(os.listdir("/proc/self/fd")), os.fstat(1), threading.enumerate()

lesson = shipped_lesson("lecture")
rehearsal.load_app(lesson)
before = state()
run = {code.co_qualname for code in rehearsal._rehearsed(lesson)}
gc.unfreeze(), gc.collect()  # which the app itself is
for was, now in zip(before, state()):
    assert was == now, (was, now)
assert {"Alone.on_mount", "Painter.paint", "StepperPage._help", "ExperimentsPage.picture"} <= run, sorted(run)
"""


def test_it_runs_what_a_student_does_and_leaves_all_as_it_was() -> None:
    """Where it fails, apps only need more memory: nobody would be told."""
    rehearsed = subprocess.run([sys.executable, "-c", _REHEARSED], capture_output=True, text=True)
    assert (rehearsed.returncode, rehearsed.stderr) == (0, "")
