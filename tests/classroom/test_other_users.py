"""A class of several users of one machine, as they are told apart by the system: true users, made for it."""

from __future__ import annotations

import os
import pwd
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests import programs
from tests.classroom.people import People, at_step, is_alone
from tests.pseudo_terminal import COMMAND, Terminal
from tinynet_tui.classroom.directory import ROOT, rooms

ADA, MALLORY = "daemon", "games"
"""Users that every Debian has, each with a group of the same name; what they do here is ours."""
NAMELESS = "54321"
"""The number of a user whom this machine has no name for, as in a container."""
FOLDER = "tinynet-tui-rooms-"

LEAD = """
import sys
from tinynet_tui.classroom.directory import audience, claim
claimed = claim("class", audience("everyone"))
print("open", flush=True)
sys.stdin.read()
"""


def runnable_by(user: str) -> tuple[str, str]:
    """(a Python of this version that a user can run, the folders of its modules).

    The one of these tests may lie in a folder that is closed to others; the system's own does not.
    """
    folders = os.pathsep.join(
        folder for folder in sys.path if folder and not folder.startswith(sys.base_prefix)
    )
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, f"/usr/bin/python{version}"):
        with suppress(OSError, subprocess.CalledProcessError):
            asked = [python, "-c", "import tinynet_tui.classroom"]
            subprocess.run(asked, env={"PYTHONPATH": folders}, preexec_fn=becoming(user), check=True, cwd="/")
            return python, folders
    programs.missing(f"no Python {version} that {user} can run")


def ids(user: str) -> tuple[int, int]:
    """The numbers of a user and of their group."""
    return (int(user), int(user)) if user == NAMELESS else pwd.getpwnam(user)[2:4]


def becoming(user: str, *groups: str) -> Callable[[], None]:
    """What a process does to be a user, in some groups beside their own."""
    number, group = ids(user)
    more = [pwd.getpwnam(group).pw_gid for group in groups]

    def become() -> None:
        os.setgroups(more)
        os.setgid(group)
        os.setuid(number)

    return become


class Users(People):
    """Terminals of several users; this one is root, and the teacher."""

    def run_as(self, user: str, *words: str, groups: tuple[str, ...] = (), has_home: bool = True) -> Terminal:
        """A command of another user on a terminal of their own; has_home: whether a variable says where."""
        home = self.folder / user
        if not home.exists():
            home.mkdir()
            os.chown(home, ids(user)[0], -1)
        python, folders = runnable_by(user)
        own = {"XDG_STATE_HOME": str(home), "PYTHONPATH": folders} | ({"HOME": str(home)} if has_home else {})
        environ = {**self.environ, **own}
        become = becoming(user, *groups)
        terminal = Terminal(python, [*COMMAND, *words], environ, cwd=self.folder, preexec_fn=become)
        self.terminals.append(terminal)
        return terminal


@pytest.fixture
def users() -> Iterator[Users]:
    """A machine with a folder that everybody can write to and nobody can take from others."""
    programs.root()
    with TemporaryDirectory(prefix="t", dir="/tmp", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        users = Users(folder)
        (folder / "rooms").chmod(0o1777)
        yield users
        for terminal in users.terminals:
            terminal.close()


@pytest.fixture
def others_room(users: Users, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A room `class` that Mallory leads, open to everyone."""
    root = users.folder / "rooms"
    monkeypatch.setenv(ROOT, str(root))
    python, folders = runnable_by(MALLORY)
    leading = subprocess.Popen(
        [python, "-c", LEAD],
        env={ROOT: str(root), "PYTHONPATH": folders},
        cwd="/",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        preexec_fn=becoming(MALLORY),
        text=True,
    )
    assert leading.stdout is not None
    assert leading.stdout.readline() == "open\n"
    yield root / f"{FOLDER}{pwd.getpwnam(MALLORY).pw_uid}"
    leading.communicate()


def test_everyone_may_follow_and_step_alone(users: Users) -> None:
    """Another user sees the class, steps in an app that is theirs, and comes back."""
    leader = users.lead("--who", "everyone")
    ada = users.run_as(ADA, "follow", "class", "--as", "Ada")
    ada.wait_for("following Grace")
    leader.press("ll")
    at_step(ada, 2)
    ada.press("l")
    is_alone(ada)
    at_step(ada, 3)
    listed = subprocess.run(["ps", "-U", ADA, "-o", "args="], capture_output=True, text=True, check=True)
    assert "follow" in listed.stdout
    ada.press("F")
    ada.wait_for("following Grace")
    at_step(ada, 2)


def test_a_user_without_a_name_leads_and_follows(users: Users) -> None:
    """They are called by their number, and have no home: others find their class, and they find it."""
    leader = users.run_as(NAMELESS, "lead", "class", "--who", "everyone", has_home=False)
    leader.wait_for("leading class")
    again = users.run_as(NAMELESS, "follow", "class", has_home=False)
    again.wait_for(f"following {NAMELESS}")
    desk = users.run_as(NAMELESS, "desk", "class", has_home=False)
    desk.wait_for(f"class · {NAMELESS} leads · 1 here")
    ada = users.run_as(ADA, "follow", f"class@{NAMELESS}", "--as", "Ada")
    ada.wait_for(f"following {NAMELESS}")
    ada.press("l")
    is_alone(ada)


def test_a_user_without_a_name_serves(users: Users) -> None:
    """Without a home, too, where there is a folder for the host key."""
    served = users.run_as(NAMELESS, "serve", "--port", "0", has_home=False)
    served.wait_for("leading class")


def test_only_a_group_may_follow(users: Users) -> None:
    """Its members; everybody else is told that the room is not open to them."""
    users.lead("--who", f"group:{MALLORY}")
    refused = users.run_as(ADA, "follow", "class")
    assert refused.ended() == 2
    words = refused.screen.text.replace("\n", "")
    assert "class@root is not open to you: its teacher chooses who may join" in words
    member = users.run_as(ADA, "follow", "class", groups=(MALLORY,))
    member.wait_for("following Grace")


def test_nobody_else_may_follow_by_default(users: Users) -> None:
    """They are not even told that there is a room."""
    users.lead()
    ada = users.run_as(ADA, "follow", "class")
    ada.wait_for("Nobody leads class yet: waiting.")
    listed = users.run_as(ADA, "follow")
    assert listed.ended() == 0
    assert "No room is open to you" in listed.screen.text


def test_a_teacher_outside_the_group_is_told(users: Users) -> None:
    """A user may give a room to a group of their own alone."""
    refused = users.run_as(ADA, "lead", "class", "--who", f"group:{MALLORY}")
    assert refused.ended() == 2
    assert f"you are not in the group {MALLORY} yourself" in refused.screen.text


def test_another_room_of_the_same_name_keeps_nobody_out(users: Users, others_room: Path) -> None:
    """The line names the teacher; whoever types the shorter one is asked whose room they want."""
    leader = users.run("lead", "class", "--who", "everyone", "--as", "Grace")
    leader.wait_for("leading class")
    leader.press("J")
    leader.wait_for("tinynet-tui follow class@root")
    leader.wait_for(f"{MALLORY} has a room of that name too")
    several = users.run_as(ADA, "follow", "class")
    assert several.ended() == 2
    assert "several lead a room class. Whose do you want?" in several.screen.text
    for teacher in ("root", MALLORY):
        assert f"  tinynet-tui follow class@{teacher}" in several.screen.text
    ada = users.run_as(ADA, "follow", "class@root", "--as", "Ada")
    ada.wait_for("following Grace")
    desk = users.run("desk", "class")
    desk.wait_for("class · Grace leads · 1 here")


def test_a_room_that_nobody_leads_any_more_is_none(users: Users, others_room: Path) -> None:
    """Its socket stays behind after a kill, and does not count."""
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(others_room / "left"))
    (others_room / "left").chmod(0o666)
    leader = users.run("lead", "left", "--who", "everyone", "--as", "Grace")
    leader.wait_for("leading left")
    ada = users.run_as(ADA, "follow", "left", "--as", "Ada")
    ada.wait_for("following Grace")


@pytest.mark.parametrize("trap", ["folder", "writable", "link", "file"])
def test_a_folder_that_somebody_else_has_taken(
    users: Users, monkeypatch: pytest.MonkeyPatch, trap: str
) -> None:
    """Keeps nobody out: the rooms are elsewhere, and the trap is passed over."""
    root = users.folder / "rooms"
    monkeypatch.setenv(ROOT, str(root))
    taken = root / f"{FOLDER}{os.getuid()}"
    if trap == "link":
        (root / "elsewhere").mkdir(mode=0o777)
        taken.symlink_to(root / "elsewhere")
    elif trap == "file":
        taken.write_text("")
    else:
        taken.mkdir()
        taken.chmod(0o777)
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(taken / "class"))
    if trap != "writable":
        os.lchown(taken, pwd.getpwnam(MALLORY).pw_uid, -1)
    leader = users.lead("--who", "everyone")
    (address,) = rooms()
    assert address.path.parent != taken
    assert address.path.parent.lstat().st_mode & 0o777 == 0o755
    ada = users.run_as(ADA, "follow", "class", "--as", "Ada")
    ada.wait_for("following Grace")
    leader.press("q")
    leader.wait_for("leave it waiting")
    leader.press("waiting\r")
    assert leader.ended() == 0
    again = users.run("lead", "class", "--as", "Grace")
    again.wait_for("leading class · 1 here")


def test_a_socket_in_a_folder_of_somebody_else_is_passed_over(
    users: Users, monkeypatch: pytest.MonkeyPatch, others_room: Path
) -> None:
    """Mallory cannot pretend that a room is root's: neither by a name nor by a link."""
    (others_room / "linked").symlink_to(others_room / "class")
    pretended = users.folder / "rooms" / f"{FOLDER}{pwd.getpwnam(ADA).pw_uid}"
    pretended.mkdir(mode=0o755)
    os.chown(pretended, pwd.getpwnam(MALLORY).pw_uid, -1)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(pretended / "class"))
        assert [one.written for one in rooms()] == [f"class@{MALLORY}"]
