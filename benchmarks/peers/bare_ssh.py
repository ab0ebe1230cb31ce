"""A server of AsyncSSH's with nothing of ours: it lets everybody in and sends them a screen of blanks."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncssh


class Bare(asyncssh.SSHServer):
    """Takes any password."""

    def password_auth_supported(self) -> bool:
        """It does."""
        return True

    def validate_password(self, username: str, password: str) -> bool:
        """Whatever it is."""
        return True

    def session_requested(self) -> Any:
        """A screen."""
        return Screen()


class Screen(asyncssh.SSHServerSession[bytes]):
    """As many bytes as the first picture of a class has."""

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        """Know the channel."""
        self._channel = chan

    def pty_requested(self, term_type: str, term_size: Any, term_modes: Any) -> bool:
        """Any terminal."""
        return True

    def shell_requested(self) -> bool:
        """As the class is asked for."""
        return True

    def session_started(self) -> None:
        """Show it."""
        self._channel.write(b" " * 2_000)


async def main() -> None:
    """Serve until it is killed; says where as the class does."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    acceptor = await asyncssh.create_server(
        Bare, "127.0.0.1", 0, backlog=512, server_host_keys=[key], encoding=None, line_editor=False
    )
    print(f"ssh -p {acceptor.get_port()} NAME, leading class", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
