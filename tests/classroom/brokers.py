"""Debian's mosquitto on this machine, as `docs/classes.md` has it set up."""

from __future__ import annotations

import os
import re
import signal
import socket
import ssl
import subprocess
from pathlib import Path
from secrets import token_hex

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from tests.held_port import held_port
from tests.programs import program
from tests.pseudo_terminal import SAFETY, until

CLASS_CODE, TEACHER_CODE = "blue-kite-7", "of the teacher alone"
_DOCS = Path(__file__).parents[2] / "docs" / "classes.md"


def block(name: str) -> str:
    """A block of the docs, by the comment before it."""
    found = re.search(rf"<!-- {re.escape(name)} -->\n```\w*\n(.*?)```\n", _DOCS.read_text(), re.DOTALL)
    assert found is not None, name
    return found[1]


class Mosquitto:
    """A broker that can be ended and started again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.chmod(0o755)  # mosquitto is another user when root has started it
        (folder / "acl").write_text(block("acl"))
        (first, mqtts), (second, wss) = held_port(), held_port()
        self._held = first, second
        self.ports = mqtts, wss
        # But for the ports, which others may use, it is as it stands.
        ours = dict(zip(("8883", "443"), map(str, self.ports), strict=True))
        words = re.sub(r"(?<=listener )\d+", lambda found: ours[found[0]], block("mosquitto.conf"))
        (folder / "mosquitto.conf").write_text(words)
        self._run_block(block("commands"))
        self.begin()

    @property
    def mqtts(self) -> str:
        """How it is reached."""
        return f"mqtts://localhost:{self.ports[0]}"

    @property
    def wss(self) -> str:
        """How it is reached from behind a firewall."""
        return f"wss://localhost:{self.ports[1]}"

    @property
    def environ(self) -> dict[str, str]:
        """What clients need to trust it."""
        return {"SSL_CERT_FILE": str(self._folder / "class.crt")}

    def _run_block(self, commands: str) -> None:
        """Do what the docs have one type, with the codes and the host of these tests."""
        commands, _, last = commands.rstrip().rpartition("\n")
        assert last == "mosquitto -c mosquitto.conf"
        for account, code in (("tinynet-class", CLASS_CODE), ("tinynet-teacher", TEACHER_CODE)):
            commands = commands.replace(
                f"passwd passwords {account}", f"passwd -b passwords {account} '{code}'"
            )
        commands = commands.replace("DNS:class.example", "DNS:localhost")
        commands = re.sub(r"(?m)^sysctl .*$", "", commands)  # the ports of these tests are anyone's
        if os.geteuid():  # who is not root is the user that mosquitto stays
            commands = re.sub(r"(?m)^chown .*$", "", commands)
        for name in ("openssl", "mosquitto_passwd"):
            commands = commands.replace(name, program(name))
        subprocess.run(["sh", "-ec", commands], cwd=self._folder, check=True, capture_output=True)

    def begin(self) -> None:
        """Start it, and wait until it lets clients in."""
        self._process = subprocess.Popen(
            [program("mosquitto"), "-c", "mosquitto.conf"],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(lambda: all(map(_is_open, self.ports)))

    def end(self) -> None:
        """End it."""
        self._process.send_signal(signal.SIGTERM)
        self._process.wait()

    def close(self) -> None:
        """End it for good."""
        self.end()
        for held in self._held:
            held.close()


class Client:
    """Somebody at a broker who says and hears what they like."""

    def __init__(self, broker: Mosquitto, account: str, code: str, name: str = "") -> None:
        self.heard: list[tuple[str, bytes]] = []
        self._is_in, self._is_subscribed = False, False
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, name or token_hex(8))
        self._client.username_pw_set(account, code)
        self._client.tls_set_context(ssl.create_default_context(cafile=broker.environ["SSL_CERT_FILE"]))
        self._client.on_connect = lambda *_: setattr(self, "_is_in", True)
        self._client.on_subscribe = lambda *_: setattr(self, "_is_subscribed", True)
        self._client.on_message = lambda _client, _data, one: self.heard.append(
            (one.topic, bytes(one.payload))
        )
        self._client.connect("localhost", broker.ports[0])
        self._client.loop_start()
        until(lambda: self._is_in)

    def hear(self, topic: str) -> None:
        """Hear what is published under a topic, from now on."""
        self._is_subscribed = False
        self._client.subscribe(topic, 1)
        until(lambda: self._is_subscribed)

    def say(self, topic: str, content: bytes, retain: bool = False) -> None:
        """Publish something, and wait until the broker has it."""
        self._client.publish(topic, content, 1, retain).wait_for_publish(SAFETY)

    def last(self, topic: str) -> bytes:
        """What was heard last under a topic; nothing yet is empty."""
        return next((content for name, content in reversed(self.heard) if name == topic), b"")

    def leave(self) -> None:
        """Say goodbye."""
        self._client.disconnect()
        self._client.loop_stop()
        self._client.on_connect = self._client.on_subscribe = self._client.on_message = None


def _is_open(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def teachers_code(folder: Path) -> str:
    """A file with the teacher's code."""
    path = folder / "teacher.code"
    path.write_text(f"{TEACHER_CODE}\n")
    os.chmod(path, 0o600)
    return str(path)
