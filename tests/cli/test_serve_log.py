"""The log of a server: harmless, one's own, and bounded."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pseudo_terminal import SAFETY
from tinynet_tui.cli.serve_log import start_log


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A log that has begun."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    (tmp_path / "tinynet-tui").mkdir()
    root, asyncios = logging.getLogger(), logging.getLogger("asyncio")
    before, filters, level, raises = (
        root.handlers[:],
        asyncios.filters[:],
        root.level,
        logging.raiseExceptions,
    )
    root.handlers.clear()
    start_log(to_file=True)
    yield tmp_path / "tinynet-tui" / "serve.log"
    for handler in root.handlers:
        handler.close()
    root.handlers[:], asyncios.filters[:], logging.raiseExceptions = before, filters, raises
    root.setLevel(level)


UNREAD = """
import logging
from tinynet_tui.cli.serve_log import start_log
start_log(to_file=False)
for number in range(5_000):
    logging.getLogger("of ours").info("%s %d", "has come" * 10, number)
print("goes on")
"""


def test_a_pipe_that_nobody_reads_holds_nothing_up() -> None:
    """As of a pager that waits: the class goes on, and ends."""
    unread, end = os.pipe()
    said = subprocess.check_output([sys.executable, "-c", UNREAD], stderr=end, timeout=SAFETY)
    assert said == b"goes on\n"
    os.close(unread)
    os.close(end)


def test_all_is_read_at_standard_error() -> None:
    """Up to the last line."""
    program = UNREAD.replace("5_000", "500")
    said = subprocess.run([sys.executable, "-c", program], stderr=subprocess.PIPE, check=True)
    assert said.stderr.count(b"\n") == 500
    assert said.stderr.endswith(b" 499\n")


def test_nobody_else_reads_it_and_nothing_in_it_steers(log: Path) -> None:
    """Names are of others."""
    logging.getLogger("of ours").info("%s has come", "Ada\x1b[2J")
    assert log.read_text().endswith(" Ada[2J has come\n")
    assert log.stat().st_mode & 0o777 == 0o600


def test_it_fills_no_disk(log: Path) -> None:
    """However often somebody knocks."""
    for number in range(30_000):
        logging.getLogger("of ours").info("%d %s", number, "x" * 100)
    assert log.read_text().splitlines()[-1].split()[2] == "29999"
    assert sum(os.path.getsize(log.parent / name) for name in os.listdir(log.parent)) < 2 << 20


def test_what_asyncio_repeats_is_there_once(log: Path) -> None:
    """As where there are no more descriptors."""
    for _ in range(1_000):
        logging.getLogger("asyncio").error("socket.accept() out of system resource")
    assert len(log.read_text().splitlines()) == 1
