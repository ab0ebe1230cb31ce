"""Runs the command as if on Windows: without the modules and names that Python has on POSIX systems alone."""

from __future__ import annotations

import os
import signal
import subprocess  # noqa: F401  this and those that follow are loaded while the platform is still the real one
import sys
import tempfile  # noqa: F401

import platformdirs  # noqa: F401

_POSIX_MODULES = ("fcntl", "grp", "posix", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty")
_POSIX_NAMES = {
    os: "fork forkpty getegid geteuid getgid getpgid getpgrp getsid getuid killpg mkfifo openpty setsid "
    "tcgetpgrp tcsetpgrp ttyname uname",
    signal: "SIGALRM SIGCONT SIGHUP SIGKILL SIGQUIT SIGTSTP SIGTTIN SIGTTOU SIGUSR1 SIGWINCH setitimer",
}


def pretend() -> None:
    """Take away what Windows does not have, and say that this is Windows."""
    for name in _POSIX_MODULES:
        sys.modules[name] = None  # type: ignore[assignment]
    for module, names in _POSIX_NAMES.items():
        for name in names.split():
            delattr(module, name)
    sys.platform = "win32"


if __name__ == "__main__":
    pretend()
    from tinynet_tui.cli import main

    sys.exit(main())
