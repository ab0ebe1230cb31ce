"""What a class through an MQTT broker costs: a leader's step until the last of 1,000 has the place."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import socket
import struct
import subprocess
import termios
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from shutil import which
from statistics import median
from tempfile import TemporaryDirectory
from threading import Thread
from time import monotonic, sleep

from benchmarks.figures import PYTHON, Figure, at_most, environment
from benchmarks.terminal import Silent

_SUBSCRIBERS, _STEPS = 1_000, 40
_ALONE = b"x" * 300
"""What is published for comparison."""
_SETTLED = 0.2
"""Seconds between two messages."""
_PATIENCE = 60.0
_PLACE, _OTHER = "tinynet/class/place", "alone"


def broker_figures() -> Iterator[Figure]:
    """The figure of a class at a broker, beside the broker alone in the same run."""
    mosquitto = which("mosquitto") or which("mosquitto", path="/usr/sbin")
    what = f"a step until the last of {_SUBSCRIBERS:,} at a broker has the place, median"
    if mosquitto is None:
        yield Figure(what, "not installed", "≤ 1.20 ×", "mosquitto alone")
        return
    with ExitStack() as open_until_then:
        ours, alone, size = _measured(mosquitto, open_until_then)
    here, there = median(ours), median(alone)
    beside = f"mosquitto alone, 300 bytes: {here * 1e3:.0f} ms to its {there * 1e3:.0f} ms"
    yield at_most(what, here / there, 1.2, "×", beside)
    yield at_most("bytes of a place at a broker", size, 600, "bytes")


def _measured(mosquitto: str, until_then: ExitStack) -> tuple[list[float], list[float], int]:
    """(seconds of a step to the last, of a message of the broker's alone, bytes of a place)."""
    import paho.mqtt.client as mqtt
    from paho.mqtt.enums import CallbackAPIVersion

    folder = Path(until_then.enter_context(TemporaryDirectory(dir="/tmp", ignore_cleanup_errors=True)))
    folder.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "conf").write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen([mosquitto, "-c", str(folder / "conf")], **quiet)  # type: ignore[call-overload]
    until_then.callback(server.wait)
    until_then.callback(server.kill)
    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    until_then.callback(client.loop_stop)
    last = monotonic() + _PATIENCE
    while True:
        try:
            client.connect("127.0.0.1", port)
            break
        except OSError:
            if monotonic() > last:
                raise
            sleep(0.05)
    sizes: list[int] = []
    client.on_message = lambda _client, _data, one: sizes.append(len(one.payload))
    client.loop_start()
    client.subscribe(_PLACE, 1)
    leader = _leader(folder, f"mqtt://127.0.0.1:{port}", until_then)
    subscribers = subprocess.Popen(
        [PYTHON, "-m", "benchmarks.broker_subscribers", str(port), str(_SUBSCRIBERS), _PLACE, _OTHER],
        stdout=subprocess.PIPE,
        bufsize=0,  # nothing is read ahead of what is waited for
    )
    until_then.callback(subscribers.wait)
    until_then.callback(subscribers.kill)
    _time_of(subscribers)  # all have subscribed
    _time_of(subscribers)  # the place that they came to
    ours, alone = [], []
    for _ in range(_STEPS):
        sleep(_SETTLED)
        begun = monotonic()
        os.write(leader, b"l")
        ours.append(_time_of(subscribers) - begun)
        sleep(_SETTLED)
        begun = monotonic()
        client.publish(_OTHER, _ALONE, 1)
        alone.append(_time_of(subscribers) - begun)
    return ours, alone, max(sizes)


def _time_of(subscribers: subprocess.Popen[bytes]) -> float:
    """When the last subscriber had what is published next."""
    assert subscribers.stdout is not None
    if not select.select([subscribers.stdout], [], [], _PATIENCE)[0]:
        raise Silent("not every subscriber has had the message")
    return float(subscribers.stdout.readline())


def _leader(folder: Path, url: str, until_then: ExitStack) -> int:
    """The terminal of a leader, whose output is read and forgotten."""
    end, other = pty.openpty()
    fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    looks = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
    own = {"TINYNET_TUI_ROOMS": str(folder), "XDG_STATE_HOME": str(folder)}
    process = subprocess.Popen(
        [PYTHON, "-m", "tinynet_tui", "lead", "class", "--via", url],
        stdin=other,
        stdout=other,
        stderr=other,
        env={**environment(), **looks, **own},
        start_new_session=True,
    )
    os.close(other)
    until_then.callback(process.wait)
    until_then.callback(process.kill)
    seen = b""
    while b"update 1" not in seen:
        if not select.select([end], [], [], _PATIENCE)[0]:
            raise Silent("the leader shows nothing")
        seen += os.read(end, 65_536)
    Thread(target=_forget, args=[end], daemon=True).start()
    return end


def _forget(end: int) -> None:
    try:
        while os.read(end, 65_536):
            pass
    except OSError:
        pass  # the leader is gone
