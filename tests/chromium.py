"""A headless Chromium, driven over its DevTools protocol: what a page gets over its websocket, drawn."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import aiohttp
import pyte

from tests.pseudo_terminal import LOOK_AGAIN, Emulator

PATIENCE = 240
"""Seconds after which what does not come fails the test; a browser takes long to start on a busy machine."""
_OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic",
    "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--remote-debugging-port=0", "--window-size=1000,700",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # a page must not need any other host
)  # fmt: skip
_BINARY = 2
"""The opcode of a websocket's frame of bytes."""


class Page:
    """A page that shows an app of textual-serve."""

    def __init__(self, devtools: aiohttp.ClientWebSocketResponse) -> None:
        self.screen = Emulator(80, 24)
        self._stream = pyte.ByteStream(self.screen)
        self._devtools = devtools
        self._commands = 0

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows, as many as its window has room for."""
        return self.screen.columns, self.screen.lines

    async def open(self, url: str) -> None:
        """Load an address."""
        for domain in ("Network", "Page"):
            await self._command(f"{domain}.enable")
        await self._command("Page.navigate", url=url)

    async def click(self, x: int, y: int) -> None:
        """Click with the left button; places are in dots from the upper left corner."""
        for kind in ("mousePressed", "mouseReleased"):
            await self._command("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    async def press(self, key: str, code: int) -> None:
        """Press a key that types nothing, by its name and its number among Windows' virtual keys."""
        for kind in ("rawKeyDown", "keyUp"):
            await self._command(
                "Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code
            )

    async def wait_until(self, condition: Callable[[], bool]) -> None:
        """Draw what the page gets until a condition holds."""
        while not condition():
            self._take(json.loads(await self._devtools.receive_str()))

    async def _command(self, method: str, **parameters: Any) -> None:
        self._commands += 1
        await self._devtools.send_json({"id": self._commands, "method": method, "params": parameters})

    def _take(self, message: dict[str, Any]) -> None:
        """Take what the browser tells: the size that the page asks for, and what it is sent."""
        assert "error" not in message, message
        match message:
            case {"method": "Network.webSocketCreated", "params": {"url": url}}:
                size = parse_qs(urlparse(url).query)
                self.screen.resize(int(size["height"][0]), int(size["width"][0]))
            case {"method": "Network.webSocketFrameSent", "params": {"response": frame}}:
                kind, *content = json.loads(frame["payloadData"])
                if kind == "resize":
                    self.screen.resize(content[0]["height"], content[0]["width"])
            case {"method": "Network.webSocketFrameReceived", "params": {"response": frame}}:
                if frame["opcode"] == _BINARY:
                    self._stream.feed(base64.b64decode(frame["payloadData"]))
            case _:
                pass


@contextlib.asynccontextmanager
async def chromium_page(program: str, profile: Path) -> AsyncIterator[Page]:
    """An empty page of a new browser that keeps what it keeps in a new directory."""
    with (profile.parent / f"{profile.name}.log").open("wb") as log:
        browser = subprocess.Popen(
            (program, *_OPTIONS, f"--user-data-dir={profile}", "about:blank"),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        async with aiohttp.ClientSession() as http:
            port = await _devtools_port(browser, profile / "DevToolsActivePort")
            url = await _url_of_page(http, port)
            async with http.ws_connect(url, max_msg_size=0) as devtools:
                yield Page(devtools)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(browser.pid, signal.SIGKILL)
        browser.wait()


async def _devtools_port(browser: subprocess.Popen[bytes], file: Path) -> str:
    """The port that the browser has chosen, once it is listening."""
    while not (file.exists() and (lines := file.read_text().splitlines())):
        assert browser.poll() is None, "the browser has ended"
        await asyncio.sleep(LOOK_AGAIN)
    return lines[0]


async def _url_of_page(http: aiohttp.ClientSession, port: str) -> str:
    """Where the browser's page is driven from, once there is one."""
    while True:
        async with http.get(f"http://127.0.0.1:{port}/json/list") as answer:
            for target in await answer.json():
                if target["type"] == "page":
                    return str(target["webSocketDebuggerUrl"])
        await asyncio.sleep(LOOK_AGAIN)


async def wait_for_server(server: subprocess.Popen[bytes], url: str) -> None:
    """Wait until a server answers."""
    async with aiohttp.ClientSession() as http:
        while True:
            assert server.poll() is None, "the server has ended"
            with contextlib.suppress(aiohttp.ClientConnectionError):
                async with http.get(url) as answer:
                    assert answer.status == 200
                    return
            await asyncio.sleep(LOOK_AGAIN)
