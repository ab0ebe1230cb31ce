"""The key of a server in its file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tinynet_tui.classroom.host_key import HostKeyFault, host_key


def made() -> bytes:
    """A key."""
    return b"a key"


def not_made() -> bytes:
    """No key is made where there is one."""
    raise AssertionError


def test_it_is_made_once(tmp_path: Path) -> None:
    """In a folder and a file that nobody else can look into."""
    path = tmp_path / "new" / "key"
    assert host_key(path, made) == b"a key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0
    assert host_key(path, not_made) == b"a key"
    assert os.listdir(path.parent) == ["key"]


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o601])
def test_others_may_not_read_it(tmp_path: Path, mode: int) -> None:
    """What helps is said."""
    path = tmp_path / "key"
    path.write_bytes(b"a key")
    path.chmod(mode)
    with pytest.raises(HostKeyFault, match="others can read the host key; chmod 600"):
        host_key(path, not_made)


def test_it_is_a_file_of_ones_own(tmp_path: Path) -> None:
    """No link to another, no folder, and nothing that would be waited for."""
    real, path = tmp_path / "real", tmp_path / "key"
    real.write_bytes(b"a key")
    real.chmod(0o600)
    for to in (real, tmp_path / "nothing"):
        path.symlink_to(to)
        with pytest.raises(HostKeyFault, match="must be a file of your own, and no link"):
            host_key(path, not_made)
        path.unlink()
    os.mkfifo(path, 0o600)
    with pytest.raises(HostKeyFault, match="must be a file of your own"):
        host_key(path, not_made)
    path.unlink()
    path.mkdir()
    with pytest.raises(HostKeyFault):
        host_key(path, not_made)


def test_where_it_cannot_be_kept(tmp_path: Path) -> None:
    """Which a file in the place of its folder has come to; nothing is left behind."""
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(HostKeyFault, match="cannot be kept there"):
        host_key(tmp_path / "file" / "key", made)
