"""Where rooms are on a machine, and who is kept out."""

from __future__ import annotations

import os
import pwd
import socket
import subprocess
import sys
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.pseudo_terminal import stop
from tinynet_tui.classroom.directory import (
    ROOT,
    NobodyLeads,
    RoomFault,
    address_of,
    audience,
    claim,
    connected,
    give_up,
    kept_path,
    peer_of,
    rooms,
)

HOLD = """
import sys
from tinynet_tui.classroom.directory import audience, claim
claimed = claim(sys.argv[1], audience("me"))
print("open", flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def root(short_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for the rooms of this test alone."""
    own = Path(mkdtemp(dir=short_folder))
    monkeypatch.setenv(ROOT, str(own))
    return own


def folder(root: Path) -> Path:
    """This user's own."""
    return root / f"tinynet-tui-rooms-{os.getuid()}"


def test_a_room_is_found_and_led_by_its_owner(root: Path) -> None:
    """Whoever connects reaches a process of the user whose folder it is."""
    assert list(rooms()) == []
    claimed = claim("class", audience("me"))
    (address,) = rooms()
    assert (address.room, address.path) == ("class", folder(root) / "class")
    connection = connected(address)
    assert peer_of(connection) == os.getuid()
    connection.close()
    give_up(claimed)
    assert list(rooms()) == []
    with pytest.raises(RoomFault, match="nobody leads class now"):
        connected(address)


def test_a_living_room_has_one_leader(root: Path) -> None:
    """A second one is refused with the line to follow; after a kill the room can be led again."""
    first = subprocess.Popen(
        [sys.executable, "-c", HOLD, "class"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert first.stdout is not None
    assert first.stdin is not None
    assert first.stdout.readline() == "open\n"
    with pytest.raises(RoomFault, match="somebody leads class already; to follow: tinynet-tui follow class"):
        claim("class", audience("me"))
    (address,) = rooms()
    connected(address).close()
    stop(first.pid)  # as with Ctrl+Z: it would hear nobody, and stays the leader
    with pytest.raises(NobodyLeads, match="nobody leads class now"):
        connected(address)
    with pytest.raises(RoomFault, match=rf"somebody leads class already(?s:.*)`kill -9 {first.pid}`"):
        claim("class", audience("me"))
    first.kill()
    first.wait()
    first.stdin.close()
    first.stdout.close()
    give_up(claim("class", audience("me")))


@pytest.mark.parametrize(("who", "modes"), [("me", (0o700, 0o600)), ("everyone", (0o755, 0o666))])
def test_who_may_join_is_in_the_modes(root: Path, who: str, modes: tuple[int, int]) -> None:
    """The folder lets in whom the socket does, and nobody else writes to it."""
    claimed = claim("class", audience(who))
    found = (folder(root).stat().st_mode & 0o777, claimed.path.stat().st_mode & 0o777)
    assert found == modes
    give_up(claimed)


def test_a_user_without_a_name_is_known_by_their_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container: their room is found by that, and reached by what one types."""

    def nobody(_user: object) -> None:
        raise KeyError

    monkeypatch.setattr(pwd, "getpwuid", nobody)
    monkeypatch.setattr(pwd, "getpwnam", nobody)
    claimed = claim("class", audience("me"))
    (address,) = rooms()
    assert address.written == claimed.written == f"class@{os.getuid()}"
    assert address_of(address.written) == address
    give_up(claimed)


@pytest.mark.parametrize("who", ["all", "group:", "group:nobody-has-this-one", ""])
def test_an_unknown_audience_is_refused(who: str) -> None:
    """With what would be right, or that there is no such group."""
    with pytest.raises(RoomFault, match=r"must be me, group:NAME or everyone|there is no group"):
        audience(who)


def test_a_folder_that_others_may_write_to_is_passed_over(root: Path) -> None:
    """They could put a socket of their own into it: nobody is led there, and rooms are elsewhere."""
    folder(root).mkdir()
    folder(root).chmod(0o777)
    with socket.socket(socket.AF_UNIX) as trap:
        trap.bind(str(folder(root) / "trap"))
        claimed = claim("class", audience("me"))
        assert [one.path for one in rooms()] == [claimed.path]
    assert claimed.path.parent != folder(root)
    assert kept_path("class").parent == claimed.path.parent
    give_up(claimed)


def test_a_link_to_a_folder_is_passed_over(root: Path) -> None:
    """Whoever made it chooses where it leads."""
    (root / "elsewhere").mkdir(mode=0o700)
    folder(root).symlink_to(Path("elsewhere"))
    give_up(claim("class", audience("me")))
    assert list((root / "elsewhere").iterdir()) == []


def test_one_user_has_one_folder(root: Path) -> None:
    """Also where its name is not the usual one: a room is claimed once."""
    folder(root).write_text("")
    first = claim("class", audience("me"))
    with pytest.raises(RoomFault, match="somebody leads class already"):
        claim("class", audience("me"))
    give_up(first)


def test_who_lets_nobody_in_does_not_lead(root: Path) -> None:
    """So many wait there already that one more would wait for ever."""
    claimed = claim("class", audience("me"))
    claimed.listening.listen(0)
    (address,) = rooms()
    waiting = [connected(address)]
    with pytest.raises(RoomFault, match="nobody leads class now"):
        waiting.extend(connected(address) for _ in range(10))
    for connection in waiting:
        connection.close()
    give_up(claimed)


def test_a_folder_for_all_rooms_that_is_missing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it was given: no folder in it is what is missing."""
    monkeypatch.setenv(ROOT, str(tmp_path / "rooms"))
    with pytest.raises(RoomFault, match=rf"^{ROOT}={tmp_path}/rooms: No such file"):
        claim("class", audience("me"))
