"""The system's own sshd on the loopback, which runs an app for each who comes: no class, no server of ours.

Its argument: a folder for its keys; `student` there lets in the user that this runs as.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

PATH = f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin"


def main(folder: Path) -> None:
    """Serve until it is killed; says where as the class does."""
    for name in ("host", "student"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
    app = folder / "app"
    app.write_text(
        f'#!/bin/sh\nexport XDG_STATE_HOME="{folder}/$$" COLORTERM=truecolor LC_ALL=C.UTF-8\n'
        f"exec {sys.executable} -m tinynet_tui\n"
    )
    app.chmod(0o755)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    (folder / "config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nPidFile none\nStrictModes no\n"
        f"AuthorizedKeysFile {folder}/student.pub\nUsePAM no\nPermitRootLogin yes\nMaxStartups 200\n"
        f"ForceCommand {app}\n"
    )
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # which the system makes when it starts its own
    sshd = shutil.which("sshd", path=PATH)
    assert sshd is not None
    with subprocess.Popen(
        [sshd, "-D", "-e", "-f", str(folder / "config")], stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stderr is not None
        for line in server.stderr:
            if "Server listening" in line:
                print(f"ssh -p {port} NAME, leading class", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
