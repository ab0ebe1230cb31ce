"""What all tests of a class share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from tests.classroom.brokers import Mosquitto
from tests.classroom.people import People

if TYPE_CHECKING:
    from tests.classroom.ssh_class import SshClass


@pytest.fixture(scope="module")
def short_folder() -> Iterator[Path]:
    """A folder with a short name: the path of a socket has room for 107 bytes."""
    with TemporaryDirectory(prefix="t", dir="/tmp", ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.fixture
def people(tmp_path: Path) -> Iterator[People]:
    """Nobody yet."""
    people = People(tmp_path)
    yield people
    for terminal in people.terminals:
        terminal.close()


@pytest.fixture(scope="module")
def broker() -> Iterator[Mosquitto]:
    """A broker, as the docs have it."""
    with TemporaryDirectory(prefix="t", dir="/tmp", ignore_cleanup_errors=True) as name:
        begun = Mosquitto(Path(name))
        yield begun
        begun.close()


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshClass]:
    """A class over SSH that has begun."""
    from tests.classroom.ssh_class import SshClass

    with SshClass(tmp_path_factory.mktemp("ssh")) as begun:
        yield begun
