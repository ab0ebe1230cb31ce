"""A process that can do nothing but compute and draw: what an app for somebody over SSH is confined to."""

from __future__ import annotations

import ctypes
import fcntl
import os
import resource
import signal
import sys
import termios
from contextlib import suppress
from time import sleep

CONFINED = "confined"
"""The first word of what a preloaded process is asked for, where the app is to be that."""
SUCCEEDS = "succeeds"
"""The same for one that goes on in place of another, which has the terminal until it does."""
_MEGABYTE = 1 << 20
_DATA = 256 * _MEGABYTE
"""Bytes of memory."""
_SECONDS, _LAST_SECONDS = 600, 5
"""Of the processor, for each process that an app has one after the other: a key takes a hundredth of one; and
to say so when they are over."""
OUT_OF_MEMORY, OUT_OF_TIME = 4, 5
"""The exit statuses of an app that has used all of its memory, or of its time."""
_FILES = 32
"""Descriptors."""
_THREADS = 4_096
"""Of all such processes together, where they have a user of their own."""
_POLITENESS = 5
"""How far it stands back behind the leader's process. Ten who train hold a step of the leader's up for 30 ms
then, and not for 70. With 19 a key in one of 30 apps takes 0.4 s while the machine is busy with other things.
"""
_SHARE = "/proc/self/autogroup"
"""Linux: how far the session of a process stands back, where each session has a share of its own."""
_TRIES, _BETWEEN_TRIES = 4, 0.05
"""Linux takes one such change in a tenth of a second."""
_NOBODY = 65_534
_NO_DUMP, _NO_NEW_RIGHTS = 4, 38
"""Linux: what `prctl` is told by."""


def be_private() -> None:
    """Have no other process of this user read the memory of this one, where the system can do that."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_NO_DUMP, 0, 0, 0, 0)


def take_terminal() -> None:
    """Have the terminal at standard input for the controlling one: it tells of its size, and of its end.

    Raises: OSError where another has it.
    """
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def let_go_of_terminal() -> None:
    """Have it no more, so that the end of this process is no end of the terminal."""
    heard = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGHUP, signal.SIGCONT)}
    with suppress(OSError):  # it has gone away
        fcntl.ioctl(0, termios.TIOCNOTTY)  # which the process is told by both
    for number, handler in heard.items():
        signal.signal(number, handler)


def _stand_back() -> None:
    os.nice(_POLITENESS)
    for _ in range(_TRIES):
        try:
            with open(_SHARE, "w") as share:
                share.write(str(_POLITENESS))
        except BlockingIOError:
            sleep(_BETWEEN_TRIES)
        except OSError:  # sessions have no shares
            return
        else:
            return


def confine() -> None:
    """Give up, for good, all that drawing on a terminal at standard input and output does not need.

    Raises: OSError where that cannot be done: nothing is to be run then.
    """
    os.chdir("/")
    os.umask(0o077)
    _stand_back()
    for what, most in (
        (resource.RLIMIT_DATA, _DATA),
        (resource.RLIMIT_NOFILE, _FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS + _LAST_SECONDS))
    if os.getuid() == 0:
        resource.setrlimit(resource.RLIMIT_NPROC, (_THREADS, _THREADS))
        os.setgroups([])
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    be_private()
    if sys.platform == "linux" and ctypes.CDLL(None).prctl(_NO_NEW_RIGHTS, 1, 0, 0, 0) != 0:
        raise OSError("no new rights: prctl has failed")
