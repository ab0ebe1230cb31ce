"""What all tests of a class share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest


@pytest.fixture(scope="module")
def short_folder() -> Iterator[Path]:
    """A folder with a short name: the path of a socket has room for 107 bytes."""
    with TemporaryDirectory(prefix="t", dir="/tmp", ignore_cleanup_errors=True) as name:
        yield Path(name)
