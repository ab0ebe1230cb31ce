"""Does what docs/install.md says in folders of its own: `python -m tests.install_lines SOURCES`.

What each way to install leaves behind is looked at. pip, uv and pipx have to be on PATH.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from shell.completion import completions

SHARED = (*completions(), "man/man1/tinynet-tui.1")


class Account:
    """Somebody who has the sources and nothing else, and whose machine is a folder."""

    def __init__(self, folder: Path, sources: Path) -> None:
        self.home = folder / "home"
        self.machine = folder / "machine"
        self.sources = folder / "sources"
        (self.machine / "usr/local/bin").mkdir(parents=True)
        self.home.mkdir()
        subprocess.run(("git", "clone", "--quiet", str(sources), str(self.sources)), check=True)

    def does(self, line: str) -> str:
        """What a line prints; the folders of the machine are those of this one."""
        for place in ("/opt/", "/usr/local/"):
            line = re.sub(rf"(?<=\s){place}", f"{self.machine}{place}", line)
        line = line.replace("sudo ", "")
        path = f"{self.home}/.local/bin:{os.environ['PATH']}"
        # Programs of these accounts find nothing of who runs this.
        environ = {**os.environ, "HOME": str(self.home), "PATH": path, "XDG_DATA_HOME": ""}
        print("$", line, flush=True)
        done = subprocess.run(
            ("bash", "-euo", "pipefail", "-c", line),
            cwd=self.sources,
            env=environ,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise SystemExit(f"{done.stdout}{done.stderr}\nexit status {done.returncode}")
        return done.stdout

    def has_shared(self, folder: Path) -> None:
        """Make sure that completion and the man page are in a folder."""
        missing = [name for name in SHARED if not (folder / name).is_file()]
        if missing:
            raise SystemExit(f"not in {folder}: {', '.join(missing)}")


def main(sources: Path, folder: Path) -> None:
    """Go through the page."""
    page = (sources / "docs" / "install.md").read_text(encoding="utf-8")
    account = Account(folder, sources)
    share = account.home / ".local/share"
    blocks = re.findall(r"^```sh\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    lines = [re.split(r"\s+#", line)[0] for block in blocks for line in block.splitlines()]
    for_pip, for_uv = (
        next(line for line in lines if line.startswith(start)) for start in ("cp -R .", 'cp -R "')
    )
    for name, install, run, remove in re.findall(
        r"^\| \[?(\w+)\S* \| `(.*)` \| `(.*)` \| `(.*)` \|$", page, re.M
    ):
        account.does(install)
        print(account.does(f"{run} --version"), end="")
        if name in ("pip", "uv"):
            account.does(f"mkdir -p ~/.local/share && {for_pip if name == 'pip' else for_uv}")
        account.has_shared(share)
        account.does(f"{remove} && rm -rf ~/.local/share")
    account.does("python3 -m venv .venv")
    for line in lines:
        if line not in (for_pip, for_uv):
            account.does(line)
    account.has_shared(account.machine / "usr/local/share")
    print(account.does(f"{account.machine}/usr/local/bin/tinynet-tui --version"), end="")
    print(account.does(".venv/bin/tinynet-tui trace | tail -n 1"), end="")


if __name__ == "__main__":
    with TemporaryDirectory() as scratch:
        main(Path(sys.argv[1]).resolve(), Path(scratch))
