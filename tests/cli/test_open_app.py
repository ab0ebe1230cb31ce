"""The app that is open before anybody asks: a session has been gone through, and the process is as it was."""

from __future__ import annotations

import subprocess
import sys
from asyncio.selector_events import BaseSelectorEventLoop

_REHEARSED = """
import gc, os, signal, sys, threading
from tinynet_tui.cli import open_app
from tinynet_tui.lessons.shipped import shipped_lesson

def state():
    heard = [signal.getsignal(number) for number in signal.valid_signals()]
    streams = sys.stdin, sys.stdout, sys.stderr
    descriptors = sorted(os.listdir("/proc/self/fd"))
    return dict(os.environ), heard, streams, descriptors, os.fstat(1), threading.enumerate()

def note(frame, event, _):
    if event == "call":
        run.add(frame.f_code.co_qualname)

open_app._FIRST, open_app._AT_MOST = 5, 300  # however slow this machine is just now
lesson, run = shipped_lesson("lecture"), set()
open_app.load_app(lesson)
before = state()
threading.setprofile(note), sys.setprofile(note)
open_app._rehearse(lesson)
sys.setprofile(None), threading.setprofile(None)
gc.unfreeze(), gc.collect()  # which the app itself is
opened = open_app.OpenApp(lesson)
for was, now in zip(before, state()):
    assert was == now, (was, now)
used = {"AloneOverSsh.sit_down", "Painter.paint", "StepperPage._help", "ExperimentsPage.picture"}
assert used <= run, sorted(run)
os._exit(0)  # with an app that is open
"""


_ENDED = """
import os
from tinynet_tui.cli.open_app import OpenApp
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.tui.alone_over_ssh import AloneOverSsh

def fail(app):
    raise LookupError("no such row")

AloneOverSsh.begin = fail
try:
    OpenApp(shipped_lesson("lecture"))
except RuntimeError as fault:
    print(fault, flush=True)
    os._exit(0)
"""


def test_it_runs_what_a_student_does_and_leaves_all_as_it_was() -> None:
    """Where it fails, apps only need more memory: nobody would be told. A fork closes all descriptors."""
    rehearsed = subprocess.run([sys.executable, "-c", _REHEARSED], capture_output=True, text=True)
    assert (rehearsed.returncode, rehearsed.stderr) == (0, "")


def test_an_app_that_ends_while_it_opens_says_why() -> None:
    """Else all that is said is that it is not open yet."""
    ended = subprocess.run([sys.executable, "-c", _ENDED], capture_output=True, text=True)
    assert ended.stdout == "the app ended while it opened: LookupError('no such row')\n"


def test_private_names_of_asyncio_are_where_they_were() -> None:
    """The two by which a loop lets go of what a fork would share with others."""
    assert {"_close_self_pipe", "_make_self_pipe"} <= vars(BaseSelectorEventLoop).keys()
