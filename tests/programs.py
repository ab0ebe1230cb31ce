"""The programs that some tests run beside Python: where they are, and which Debian packages have them.

`python -m tests.programs` prints the packages of those that are not installed.
"""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

PACKAGES = {
    "bash": "bash",
    "chromium": "chromium",
    "fish": "fish",
    "man": "man-db",
    "mosquitto": "mosquitto",
    "mosquitto_passwd": "mosquitto",
    "openssl": "openssl",
    "pdflatex": "texlive-latex-base",
    "scp": "openssh-client",
    "screen": "screen",
    "sftp": "openssh-client",
    "ssh": "openssh-client",
    "ssh-keygen": "openssh-client",
    "sshd": "openssh-server",
    "systemd-analyze": "systemd",
    "tmux": "tmux",
    "zsh": "zsh",
}
"""Every program that a test may ask for, and the Debian package that has it."""
REQUIRED = "TINYNET_TUI_REQUIRE_PROGRAMS"
"""An environment variable: where it is set, a test whose program is missing fails; else it is skipped."""


def _path(name: str) -> str | None:
    """Where a program is: servers are in a folder that users do not look in."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin")


def missing(why: str) -> NoReturn:
    """End a test that cannot be done here: it fails where everything is required, else it is skipped."""
    import pytest  # not needed to print packages, which are installed before it

    if os.environ.get(REQUIRED):
        pytest.fail(why)
    pytest.skip(why)


def program(name: str) -> str:
    """The path of a program; a test that asks for one that is not installed ends here."""
    path = _path(name)
    if path is None:
        missing(f"{name} is not installed: Debian has it in {PACKAGES[name]}")
    return path


def root() -> None:
    """Be root, which alone can be other users; a test of them ends here where it is not."""
    if os.getuid() != 0:
        missing("only root can be other users: run the tests as root, in a container")


if __name__ == "__main__":
    print(*sorted({package for name, package in PACKAGES.items() if _path(name) is None}))
